"""The tables as one Excel workbook: a guide, a sheet for each table, and what each column means."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path
from textwrap import wrap
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kvarter.documents.words import published_notes
from kvarter.editions.edition import Edition
from kvarter.files.outputs import IN_MEMORY
from kvarter.i18n import _, locale
from kvarter.tables import Table, table

NAME = "tables.xlsx"
"""Else the library puts the cells into temporary files, where a killed run leaves them."""
_NUMBERS = {"fraction": "0.0%", "percent": "0.0", "points": "0.00", "year": "0", None: "#,##0.####"}
_WIDEST = 32
_WIDE = 100
"""Characters of a line of running text."""
_LINE = 15
"""Points from line to line."""


def write_workbook(status: Edition, folder: Path) -> None:
    """Write `tables.xlsx`: the same figures as the other files, made to be read by people."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, IN_MEMORY) as book:
        title = f"{locale.say(status.policy.title)}: {locale.say(status.definition.title)}"
        book.set_properties(
            {
                "title": title,
                "company": status.policy.municipality.name,
                # The same status gives the same bytes: no time of day is in it.
                "created": dt.datetime(status.definition.data_year, 12, 31),
            }
        )
        _guide(book, status)
        for name, frame in status.tables.items():
            _sheet(book, frame, table(name))
        _columns(book, status)
    (folder / NAME).write_bytes(content.getvalue())


def _guide(book: Workbook, status: Edition) -> None:
    sheet = book.add_worksheet(_("Contents"))
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, _WIDE)
    title = book.add_format({"bold": True, "font_size": 14})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, locale.say(status.policy.title), title)
    numbers = {**status.policy.documents, **status.definition.documents}
    said = [
        locale.say(status.definition.title),
        _("Figures of {year}", year=status.definition.data_year),
        *(f"{document} {number}" for document, number in numbers.items()),
        _("Empty numbers in a row whose `shown` is FALSE are hidden, because they are small."),
        *published_notes(status),
    ]
    for row, text in enumerate(said, start=1):
        sheet.write_string(row, 0, text)
    link = book.add_format({"hyperlink": True, "valign": "top"})
    first = len(said) + 2
    for row, name in enumerate(status.tables, start=first):
        about = table(name)
        sheet.write_url(row, 0, f"internal:'{name}'!A1", link, string=name)
        meaning = f"{locale.say(about.title)}. {locale.say(about.rows)}"
        _write_wrapped(sheet, row, 1, meaning, wrapped)
    _made_for_print(sheet)


def _sheet(book: Workbook, frame: pl.DataFrame, about: Table) -> None:
    sheet = book.add_worksheet(about.name)
    head = book.add_format({"bold": True, "bottom": 2})
    sheet.write_row(0, 0, frame.columns, head)
    formats = {unit: book.add_format({"num_format": form}) for unit, form in _NUMBERS.items()}
    for at, column in enumerate(frame.columns):
        values = frame[column].to_list()
        _write(sheet, at, values, formats[about.columns[column].unit])
        longest = max((len(str(value)) for value in values if isinstance(value, str)), default=0)
        sheet.set_column(at, at, min(max(len(column) + 2, longest), _WIDEST))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(frame.height, 1), frame.width - 1)
    _made_for_print(sheet)
    sheet.repeat_rows(0)


def _write_wrapped(sheet: Worksheet, row: int, at: int, text: str, wrapped: Format) -> None:
    """Write running text, and make its row as high as it is: not every program does so itself."""
    sheet.set_row(row, _LINE * max(1, len(wrap(text, _WIDE))))
    sheet.write_string(row, at, text, wrapped)


def _made_for_print(sheet: Worksheet) -> None:
    """All columns on one page across, however many pages down."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _write(sheet: Worksheet, at: int, values: list[Any], form: Format) -> None:
    for row, value in enumerate(values, start=1):
        if isinstance(value, bool):
            sheet.write_boolean(row, at, value)
        elif isinstance(value, (int, float)):
            sheet.write_number(row, at, value, form)
        elif value is not None:
            sheet.write_string(row, at, str(value))


def _columns(book: Workbook, status: Edition) -> None:
    """The last sheet: what each column of each table means."""
    sheet = book.add_worksheet(_("Columns"))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_row(0, 0, [_("Table"), _("Column"), _("Meaning")], book.add_format({"bold": True}))
    for at, width in enumerate((20, 32, _WIDE)):
        sheet.set_column(at, at, width)
    means = [
        (name, column.name, locale.say(column.text))
        for name in status.tables
        for column in table(name).columns.values()
    ]
    for row, (name, column, meaning) in enumerate(means, start=1):
        sheet.write_string(row, 0, name, wrapped)
        sheet.write_string(row, 1, column, wrapped)
        _write_wrapped(sheet, row, 2, meaning, wrapped)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(means), 2)
    _made_for_print(sheet)
    sheet.repeat_rows(0)
