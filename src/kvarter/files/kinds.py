"""What a file is, by what stands in it: the ending of its name is often another."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from kvarter.errors import InputError


class Kind(Enum):
    """How a table can be stored."""

    PARQUET = "parquet"
    TEXT = "text"
    WORKBOOK = "workbook"
    HTML = "html"


_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OLDEST_EXCEL = (b"\x09\x08", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00")
_IN_WORKBOOKS = (b"[Content_Types].xml", b"_rels/", b"xl/", b"opendocument.spreadsheet")
_HTML = ("<!doctype html", "<html", "<head", "<meta", "<body", "<table", "<style", "<div")


def kind_of(path: Path) -> Kind:
    """What the file at `path` is. Raises InputError for an XML file of Excel 2003.

    One that is called `.parquet` is said to be so, for its reader to tell that it is not.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PAR1") or path.suffix.lower() == ".parquet":
        return Kind.PARQUET
    named_excel = path.suffix.lower() in {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
    if head[:2] == b"PK" and (named_excel or any(part in head for part in _IN_WORKBOOKS)):
        return Kind.WORKBOOK
    if head.startswith(_OLE) or (named_excel and head.startswith(_OLDEST_EXCEL)):
        return Kind.WORKBOOK
    text = head.replace(b"\0", b"").decode("latin-1").lower().lstrip("\xef\xbb\xbf\xfe\xff \t\r\n")
    if text.startswith("<?xml"):
        if "office:spreadsheet" in text:
            raise InputError.of(
                "this is an XML spreadsheet of Excel 2003",
                "Open it in Excel, and save it as .xlsx.",
                path,
            )
        text = text.partition("?>")[2].lstrip()
    while text.startswith("<!--"):
        text = text.partition("-->")[2].lstrip()
    return Kind.HTML if text.startswith(_HTML) else Kind.TEXT
