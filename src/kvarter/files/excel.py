"""Excel workbook -> sheets of cells. A cell shows 2023-12-31 for a date, and 12 for 12.0."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from kvarter.errors import InputError, Problem
from kvarter.files.column import FIRST_DAY, Cell
from kvarter.files.delimited import Record
from kvarter.files.inputs import read_bytes, see_readable
from kvarter.files.names import clean_name
from kvarter.files.ooxml import Place, SheetFacts, WorkbookFacts, read_facts
from kvarter.files.zips import see_workbook

EXCEL_SUFFIXES = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
_FIRST_DAY_1904 = dt.date(1904, 1, 1)
_ENCRYPTED = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"


@dataclass(frozen=True)
class Sheet:
    """The rows of a sheet that hold something, by their row number.

    `merged`: the first and last cell of each range that is one cell. `facts`: what the workbook
    says of the cells besides, as far as its format tells.
    """

    name: str
    records: list[Record]
    hidden: bool = False
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    facts: SheetFacts = field(default_factory=SheetFacts)


@dataclass(frozen=True)
class Workbook:
    """The sheets; the day from which days are counted; and whether the facts of cells are known.

    They are for .xlsx and .xlsm, and are not for the other formats.
    """

    sheets: list[Sheet]
    first_day: dt.date
    facts_known: bool


def read_workbook(path: Path, sheets: Sequence[str] = ()) -> Workbook:
    """The sheets of the workbook, or of those called `sheets` alone.

    Raises InputError where there is no such file or sheet, where it is no workbook, has a
    password, or is larger than any table.
    """
    see_readable(path)
    if zipfile.is_zipfile(path):  # all but .xls are
        see_workbook(path)
    with path.open("rb") as file:
        is_archive = file.read(4) == b"PK\x03\x04"
    try:
        facts = read_facts(path) if is_archive else None
        return _read(path, CalamineWorkbook.from_path(str(path)), facts, sheets)
    except (CalamineError, OSError, ValueError, LookupError, SyntaxError) as error:
        raise InputError(_cannot_be_opened(path, error)) from None


def _read(
    path: Path, book: CalamineWorkbook, facts: WorkbookFacts | None, sheets: Sequence[str]
) -> Workbook:
    tables = [each for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    wanted = {clean_name(name) for name in sheets}
    for name in sheets:
        if clean_name(name) not in [clean_name(each.name) for each in tables]:
            raise InputError.of(
                f"there is no sheet called {name!r}",
                f"The workbook has: {', '.join(each.name for each in tables)}.",
                path,
                field="sheet",
            )
    known = facts.sheets if facts is not None else {}
    return Workbook(
        [
            _sheet(book, each, known.get(each.name, SheetFacts()))
            for each in tables
            if not sheets or clean_name(each.name) in wanted
        ],
        _FIRST_DAY_1904 if facts is not None and facts.from_1904 else FIRST_DAY,
        facts is not None,
    )


def _cannot_be_opened(path: Path, error: Exception) -> Problem:
    remedy = "Open it in Excel, and save it again as .xlsx."
    if isinstance(error, PasswordError) or _ENCRYPTED in read_bytes(path):
        return Problem(
            "the workbook has a password, so it cannot be read",
            "Open it in Excel, take the password off (File, Info), and save it.",
            str(path),
        )
    return Problem("this is not an Excel workbook that can be opened", remedy, str(path))


def _sheet(book: CalamineWorkbook, about: SheetMetadata, facts: SheetFacts) -> Sheet:
    sheet = book.get_sheet_by_name(about.name)
    records: list[Record] = []
    for number, row in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        cells: list[str] = [
            _cell(value, (number, column), facts) for column, value in enumerate(row, start=1)
        ]
        if any(cells):
            records.append((number, cells))
    merged = [
        ((first[0] + 1, first[1] + 1), (last[0] + 1, last[1] + 1))
        for first, last in sheet.merged_cell_ranges or []
    ]
    return Sheet(about.name, records, about.visible != SheetVisibleEnum.Visible, merged, facts)


def _cell(value: object, place: Place, facts: SheetFacts) -> str:
    """A cell as text; a number is a number, whatever it looks like, and a day is that day."""
    if isinstance(value, str):
        return value.strip() or facts.errors.get(place, "")
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, int | float):
        if place in facts.percent:
            return Cell(f"{_plain(round(value * 100, 10))} %", float(value), True)
        return Cell(_plain(value), float(value))
    if isinstance(value, dt.datetime):
        return Cell(value.date().isoformat(), value)
    if isinstance(value, dt.date):
        return Cell(value.isoformat(), dt.datetime.combine(value, dt.time()))
    return str(value)


def _plain(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(value)
