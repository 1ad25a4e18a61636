"""What an uploaded file must be: CSV or a workbook without programs, by its content. No Django."""

from __future__ import annotations

import zipfile
from pathlib import Path

from kvarter.errors import InputError
from kvarter.files.kinds import Kind, kind_of
from kvarter.files.zips import see_workbook

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_PROGRAMS = ("vbaproject", "macrosheets/", "activex/", "embeddings/", "customui")
"""Parts of a workbook that hold programs, or other files."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_HEAD = 1 << 16
_CONTROL = frozenset(range(32)) - set(b"\t\n\r\f\x1a")


def look_over(path: Path) -> Kind:
    """What the file is. Raises InputError where it is nothing that a source can be.

    Zip archives are unpacked to the end within limits, and nothing of them is run.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise _refused(path, "the file is empty", "Export it again.")
    if head.startswith(_OLE):
        what = "this is a workbook in the old form of Excel, or one under a password"
        raise _refused(path, what, "Save it as .xlsx without a password, or as CSV.")
    kind = kind_of(path)
    if kind == Kind.WORKBOOK:
        see_workbook(path)
        _refuse_programs(path)
    elif kind != Kind.TEXT or _is_no_text(head):
        raise _refused(path, "this is neither CSV nor an Excel workbook", "Upload CSV or .xlsx.")
    return kind


def _refuse_programs(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        names = [name.lower().replace("\\", "/") for name in archive.namelist()]
    if "xl/workbook.xml" not in names:
        raise _refused(path, "this is no Excel workbook", "Upload CSV or .xlsx.")
    if any(part in name for name in names for part in _PROGRAMS):
        what = "this workbook holds macros or other files within it"
        raise _refused(path, what, "Save it as .xlsx (not .xlsm), with its cells alone.")


def _is_no_text(head: bytes) -> bool:
    """Pictures, programs and the like have control characters that no table of text has."""
    return not head.startswith(_UTF16) and any(each in _CONTROL for each in head)


def _refused(path: Path, what: str, remedy: str) -> InputError:
    return InputError.of(what, remedy, path.name)
