"""Writes the hearings as a workbook that many hands have kept, one sheet a year."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import xlsxwriter

from .hearings import Hearing

HEADER = ("Løbenr", "Cpr-nr", "Navn", "Dato for forhør", "Bopæl", "Bemærkning")
READ_ME = (
    "Grundlovsforhør af mindreårige",
    "Ét ark pr. år. Bopæl er som oplyst ved forhøret.",
    "Spørgsmål: ring til sekretariatet.",
)
TITLED = (2017, 2019, 2021, 2022)
"""Sheets with a title in row 1 and the header in row 3."""

NUMBER_AS_NUMBER = (2018, 2020, 2023)
"""Sheets where the person number is a number, so that a leading zero is lost."""

NO_HYPHEN = (2017, 2022)
PLAIN_DATES = (2019,)
"""Sheets where the days are numbers without a date format."""

TOTALLED = (2021,)
EXCEL_DAY_ZERO = dt.date(1899, 12, 30)
CREATED = dt.datetime(2024, 1, 15, 9, 0)


def write_workbook(path: Path, by_year: dict[int, list[Hearing]]) -> dict[int, int]:
    """Write each year's hearings to a sheet. Returns the row of the first of them, from 1."""
    first_rows = {}
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        date = book.add_format({"num_format": "dd-mm-yyyy"})
        front = book.add_worksheet("Læs mig")
        for line, text in enumerate(READ_ME):
            front.write_string(line, 0, text)
        for year, rows in by_year.items():
            sheet = book.add_worksheet(str(year))
            top = 2 if year in TITLED else 0
            if top:
                sheet.write_string(0, 0, f"Grundlovsforhør {year}, mindreårige")
            for column, name in enumerate(HEADER):
                sheet.write_string(top, column, name)
            for number, row in enumerate(rows, start=1):
                line = top + number
                sheet.write_number(line, 0, number)
                if year in NUMBER_AS_NUMBER:
                    sheet.write_number(line, 1, int(row.number))
                else:
                    hyphen = "" if year in NO_HYPHEN else "-"
                    sheet.write_string(line, 1, f"{row.number[:6]}{hyphen}{row.number[6:]}")
                sheet.write_string(line, 2, row.name)
                days = (row.day - EXCEL_DAY_ZERO).days
                sheet.write_number(line, 3, days, None if year in PLAIN_DATES else date)
                sheet.write_string(line, 4, row.text)
                sheet.write_string(line, 5, row.remark)
            if year in TOTALLED:
                sheet.write_string(top + len(rows) + 1, 0, "I alt")
                sheet.write_number(top + len(rows) + 1, 1, len(rows))
            first_rows[year] = top + 2
    return first_rows
