"""Excel workbook -> records of text. Dates become 2023-12-31, whole numbers lose their `.0`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from kvarter.errors import InputError, Problem
from kvarter.files.delimited import Record
from kvarter.inputs import see_readable

EXCEL_SUFFIXES = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


def read_sheets(path: Path, sheet: str | None = None) -> dict[str, list[Record]]:
    """The records of each sheet of the workbook, or of `sheet` alone, by the sheet's name.

    Raises InputError where there is no such file or sheet, or where it is no workbook.
    """
    see_readable(path)
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
    records = [(number, [_text(cell) for cell in row]) for number, row in enumerate(rows, start=1)]
    return [(number, cells) for number, cells in records if any(cells)]


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "ja" if cell else "nej"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell).strip()
