"""Excel workbook -> records of cells. A cell shows 2023-12-31 for a date, and 12 for 12.0."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from kvarter.errors import InputError, Problem
from kvarter.files.column import Cell
from kvarter.files.delimited import Record
from kvarter.files.zips import see_workbook
from kvarter.inputs import see_readable

EXCEL_SUFFIXES = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


def read_sheets(path: Path, sheet: str | None = None) -> dict[str, list[Record]]:
    """The records of each sheet of the workbook, or of `sheet` alone, by the sheet's name.

    Raises InputError where there is no such file or sheet, or where it is no workbook.
    """
    see_readable(path)
    if zipfile.is_zipfile(path):  # all but .xls are
        see_workbook(path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError, ValueError):
        raise InputError(
            Problem(
                "this is not an Excel workbook that can be opened",
                "Open it in Excel and save it again as .xlsx, without a password.",
                str(path),
            )
        ) from None
    names = [each.name for each in workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    if sheet is not None and sheet not in names:
        raise InputError(
            Problem(
                f"there is no sheet called {sheet!r}",
                f"The workbook has: {', '.join(names)}.",
                str(path),
                field="sheet",
            )
        )
    return {name: _records(workbook, name) for name in ([sheet] if sheet is not None else names)}


def _records(workbook: CalamineWorkbook, name: str) -> list[Record]:
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    records: list[Record] = [
        (number, [_cell(cell) for cell in row]) for number, row in enumerate(rows, start=1)
    ]
    return [(number, cells) for number, cells in records if any(cells)]


def _cell(value: object) -> Cell:
    """A cell as text; a number is a number, whatever it looks like, and a day is that day."""
    if isinstance(value, bool):
        return Cell("ja" if value else "nej")
    if isinstance(value, int | float):
        whole = isinstance(value, int) or value.is_integer()
        return Cell(str(int(value)) if whole else repr(value), float(value))
    if isinstance(value, dt.datetime):
        return Cell(value.date().isoformat(), value)
    if isinstance(value, dt.date):
        return Cell(value.isoformat(), dt.datetime.combine(value, dt.time()))
    return Cell(str(value).strip())
