"""Workbooks and other zips that would fill the memory or the disk are refused in words."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import xlsxwriter

from kvarter.errors import InputError
from kvarter.files import read_table
from kvarter.files.zips import see_workbook

ODS = (
    b'<office:spreadsheet><table:table table:name="A"><table:table-row><table:table-cell '
    b'office:value="1"/></table:table-row>%s</table:table></office:spreadsheet>'
)
ODS_EMPTY = (
    b'<table:table-row table:number-rows-repeated="1048575">'
    b'<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)
ODS_FULL = ODS_EMPTY.replace(b"/></", b' office:value="1"/></')


def packed(path: Path, **parts: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def sheet(path: Path, content: bytes) -> None:
    packed(path, **{"xl/worksheets/sheet1.xml": b"<sheetData>" + content + b"</sheetData>"})


def far_cell(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet().write(0, 0, "a")
        book.worksheets()[0].write(1_048_575, 16_383, "x")


def binary(path: Path) -> None:
    row = bytes([0, 4]) + (1_048_575).to_bytes(4, "little")
    cell = bytes([5, 12]) + (16_383).to_bytes(4, "little") + bytes(8)
    packed(path, **{"xl/worksheets/sheet1.bin": bytes([0x81, 1, 0]) + row + cell})


def false_size(path: Path) -> None:
    """The directory says that a part is short, and it is not."""
    packed(path, a=bytes(100_000_000))
    content = path.read_bytes()
    path.write_bytes(content.replace((100_000_000).to_bytes(4, "little"), b"\1\0\0\0"))


BAD: dict[str, tuple[Callable[[Path], None], str]] = {
    "far cell": (far_cell, "1,048,576 rows and 16,384 columns"),
    "rows alone": (lambda p: sheet(p, b'<row r="999999"><c r="AZZ3"/></row>'), "999,999 rows"),
    "cell alone": (lambda p: sheet(p, b"<c s='1' r = 'XFD1048576'/>"), "16,384 columns"),
    "ods": (lambda p: packed(p, **{"content.xml": ODS % ODS_FULL}), "1,048,576 rows"),
    "xlsb": (binary, "16,384 columns"),
    "bomb": (lambda p: packed(p, a=bytes(100_000_000)), "200 times its size"),
    "false size": (false_size, "200 times its size"),
    "damaged": (lambda p: p.write_bytes(b"PK\3\4" + bytes(100)), "damaged"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_would_fill_the_memory_is_refused(tmp_path: Path, name: str) -> None:
    make, what = BAD[name]
    path = tmp_path / "book.xlsx"
    make(path)
    with pytest.raises(InputError, match=what) as told:
        see_workbook(path)
    (problem,) = told.value.problems
    assert problem.file == str(path)
    assert problem.remedy


def test_a_workbook_with_a_far_cell_is_told_and_not_opened(tmp_path: Path) -> None:
    far_cell(tmp_path / "book.xlsx")
    with pytest.raises(InputError, match="1,048,576 rows"):
        read_table(tmp_path / "book.xlsx", {})


def test_a_part_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as archive, pytest.warns(UserWarning):
        for text in ("one", "other"):
            archive.writestr("xl/worksheets/sheet1.xml", text)
    with pytest.raises(InputError, match="2 parts"):
        see_workbook(tmp_path / "book.xlsx")


def test_large_and_empty_is_not_taken_for_harmful(tmp_path: Path) -> None:
    sheet(tmp_path / "long.xlsx", b'<row r="1048576"><c r="AT1048576"/></row>')
    see_workbook(tmp_path / "long.xlsx")
    # LibreOffice ends each sheet with all the rows that are not there.
    packed(tmp_path / "plain.ods", **{"content.xml": ODS % ODS_EMPTY})
    see_workbook(tmp_path / "plain.ods")


def test_a_workbook_with_any_part_damaged_is_read_or_told(tmp_path: Path) -> None:
    path, chance = tmp_path / "book.xlsx", random.Random(5)
    with xlsxwriter.Workbook(str(path)) as book:
        for row in range(20):
            book.add_worksheet() if row == 0 else None
            book.worksheets()[0].write_row(row, 0, ["a", row, f"b{row}", 1.5])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(150):
        name = chance.choice(list(parts))
        content = bytearray(parts[name])
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(len(content))] = chance.choice(b'0123456789<>/"=ABZ')
        packed(path, **{**parts, name: bytes(content)})
        with suppress(InputError):
            read_table(path, {"x": "a"})
