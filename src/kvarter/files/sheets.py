"""Which sheets of a workbook are read, and what is to be said of them and of the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kvarter.errors import InputError
from kvarter.files.delimited import Record
from kvarter.files.excel import Sheet
from kvarter.files.header import find_header, hits, looks_like_data
from kvarter.files.names import clean_name
from kvarter.files.ooxml import Place, reference
from kvarter.notes import Note


@dataclass(frozen=True)
class Chosen:
    """The sheets of a workbook, or the tables of a page, that are `read`, and why others are not.

    `copies` are of another that is read; `hidden` ones have the columns too; `lacking` ones are
    without some of them.
    """

    read: list[Sheet]
    copies: list[Sheet]
    hidden: list[Sheet]
    lacking: list[Sheet]


def choose(sheets: Sequence[Sheet], wanted: Mapping[str, str], *, named: bool = False) -> Chosen:
    """Of `sheets` those that have what is `wanted`, or all where they were `named`.

    Where none has it all, the one that has most of it, the longest of equals.
    """
    filled = [sheet for sheet in sheets if sheet.records]
    found = [hits(find_header(sheet.records, wanted).names, wanted) for sheet in filled]
    have = [sheet for sheet, number in zip(filled, found, strict=True) if number == len(wanted)]
    chosen = [*sheets] if named else [sheet for sheet in have if not sheet.hidden] or have
    if filled and not chosen:
        most = [sheet for sheet, number in zip(filled, found, strict=True) if number == max(found)]
        chosen = [max(most, key=lambda sheet: len(sheet.records))]
    firsts = [sheet for at, sheet in enumerate(chosen) if not _is_copy(sheet, chosen[:at])]
    others = [sheet for sheet in filled if not _among(sheet, chosen)]
    return Chosen(
        firsts,
        copies=[sheet for sheet in chosen if not _among(sheet, firsts)],
        hidden=[sheet for sheet in others if _among(sheet, have)],
        lacking=[sheet for sheet in others if not _among(sheet, have)],
    )


def _is_copy(sheet: Sheet, others: Iterable[Sheet]) -> bool:
    return any(sheet.records and sheet.records == other.records for other in others)


def _among(sheet: Sheet, sheets: Iterable[Sheet]) -> bool:
    return any(sheet is other for other in sheets)


_SHEETS = (
    Note(
        "{file}: {count} sheets have the columns, and all are read: {sheets}. If they hold the "
        "same rows twice, name those to be read with `sheet`.",
        {},
    ),
    Note("{file}: sheets that are copies of another are left out: {sheets}.", {}),
    Note(
        "{file}: sheets that lack columns are left out, with their rows in brackets: {sheets}. To "
        "read them, give their columns the same names as in the others.",
        {},
    ),
)
_TABLES = (
    Note(
        "{file}: {count} tables of the page have the columns, and all are read: {sheets}.",
        {},
    ),
    Note("{file}: tables of the page that are copies of another are left out: {sheets}.", {}),
    Note(
        "{file}: tables of the page that lack columns are left out, with their rows in brackets: "
        "{sheets}. To read them, give their columns the same names as in the others.",
        {},
    ),
)


def chosen_notes(path: Path, chosen: Chosen, *, of_page: bool = False) -> list[Note]:
    """What was read, and what that holds rows of data was not.

    `of_page`: these are the tables of a page, which are called by their numbers.
    """
    several, copies, lacking = _TABLES if of_page else _SHEETS
    said = [
        (several, _names(chosen.read) if len(chosen.read) > 1 else []),
        (
            Note("{file}: a hidden sheet is read: {sheets}.", {}),
            _names(sheet for sheet in chosen.read if sheet.hidden),
        ),
        (
            Note(
                "{file}: hidden sheets have the columns too, and are left out, with their rows in "
                "brackets: {sheets}. To read them, name them with `sheet`.",
                {},
            ),
            _with_rows(chosen.hidden, chosen.read),
        ),
        (copies, _names(chosen.copies)),
        (lacking, _with_rows(chosen.lacking, chosen.read)),
    ]
    where = {"file": path.name}
    return [
        replace(note, values={**where, "count": len(names), "sheets": ", ".join(names)})
        for note, names in said
        if names
    ]


def _names(sheets: Iterable[Sheet]) -> list[str]:
    return [sheet.name for sheet in sheets]


def _with_rows(sheets: Iterable[Sheet], read: Sequence[Sheet]) -> list[str]:
    """The names of those that hold rows of data, which fill two cells where those `read` do."""
    least = min(2, max(_filled(fields) for sheet in read for _, fields in sheet.records))
    rows = [(sheet.name, _rows_of_data(sheet, least)) for sheet in sheets]
    return [f"{name} ({number})" for name, number in rows if number]


def _rows_of_data(sheet: Sheet, least: int) -> int:
    """How many rows fill so many cells, below what may be a header."""
    rows = [fields for _, fields in sheet.records if _filled(fields) >= least]
    return len(rows) - (bool(rows) and not looks_like_data([*map(clean_name, rows[0])]))


def _filled(fields: Sequence[str]) -> int:
    return sum(bool(field.strip()) for field in fields)


def unknown_notes(path: Path) -> list[Note]:
    """What cannot be seen in a workbook that is no .xlsx."""
    return [
        Note(
            "{file}: percentages, cells in error and formulas without a result cannot be told in a "
            "workbook of this format. Save it as .xlsx to have them seen.",
            {"file": path.name},
        )
    ]


def cell_notes(
    path: Path, sheet: Sheet, columns: Collection[int], rows: Collection[int], filled: set[Place]
) -> list[Note]:
    """What was seen in the `columns` that are used, in the rows of data."""

    def used(places: Collection[Place]) -> list[Place]:
        return sorted(place for place in places if place[0] in rows and place[1] in columns)

    notes = []
    if merged := used(filled):
        notes.append(
            Note(
                "{file}: {cells} {cells:cell|cells} of the sheet {sheet} {cells:is|are} part of "
                "a merged cell, and {cells:has|have} its value; the first is {cell}.",
                {
                    "file": path.name,
                    "sheet": sheet.name,
                    "cells": len(merged),
                    "cell": reference(merged[0]),
                },
            )
        )
    if errors := used(sheet.facts.errors):
        notes.append(
            Note(
                "{file}: {cells} {cells:cell|cells} of the sheet {sheet} {cells:is|are} in "
                "error, such as #N/A or #REF!, and {cells:has|have} no value; the first is "
                "{cell}.",
                {
                    "file": path.name,
                    "sheet": sheet.name,
                    "cells": len(errors),
                    "cell": reference(errors[0]),
                },
            )
        )
    if unseen := [row for row in sheet.facts.hidden_rows if row in rows]:
        notes.append(
            Note(
                "{file}: {rows} {rows:row|rows} of the sheet {sheet} {rows:is|are} hidden, by a "
                "filter or by hand, and {rows:is|are} read as well.",
                {"file": path.name, "sheet": sheet.name, "rows": len(unseen)},
            )
        )
    return notes


def refuse_uncached(
    path: Path, sheet: Sheet, columns: Collection[int], header: int, aside: Collection[int]
) -> None:
    """Raise InputError where a column that is used has formulas whose results are not stored."""
    unknown = sorted(
        (row, column)
        for row, column in sheet.facts.uncached
        if row > header and column in columns and row not in aside
    )
    if unknown:
        raise InputError.of(
            f"{len(unknown)} cell(s) of the sheet {sheet.name!r} hold a formula whose result "
            f"is not stored; the first is {reference(unknown[0])}",
            "Open the workbook in Excel and save it, so that the results are in the file.",
            path,
            line=unknown[0][0],
        )


def filled_down(sheet: Sheet, records: list[Record]) -> tuple[list[Record], set[Place]]:
    """The records with the value of each merged cell in all its rows, and the cells so filled."""
    at = {line: index for index, (line, _) in enumerate(records)}
    filled: set[Place] = set()
    changed: dict[int, list[str]] = {}
    for (top, column), (bottom, _) in sheet.merged:
        if bottom == top or top not in at:
            continue
        value = records[at[top]][1][column - 1 : column]
        for line in range(top + 1, bottom + 1):
            if value and value[0] and line in at:
                fields = changed.setdefault(at[line], list(records[at[line]][1]))
                fields += [""] * (column - len(fields))
                fields[column - 1] = value[0]
                filled.add((line, column))
    if not filled:
        return records, filled
    return [
        (line, changed.get(index, fields)) for index, (line, fields) in enumerate(records)
    ], filled
