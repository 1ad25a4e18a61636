"""What is to be said of the sheets of a workbook that were read, and of those that were not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from kvarter.errors import InputError, Problem
from kvarter.files.delimited import Record
from kvarter.files.excel import Sheet
from kvarter.files.ooxml import Place, reference
from kvarter.notes import Note


def chosen_notes(
    path: Path,
    *,
    read: Sequence[Sheet],
    copies: Sequence[str],
    hidden: Sequence[str],
    lacking: Sequence[str],
) -> list[Note]:
    """What was read of the sheets, and what of those that have the columns, or most, was not."""
    notes = []
    if len(read) > 1:
        notes.append(
            Note(
                "{file}: {count} sheets have the columns, and all are read: {sheets}. If they hold "
                "the same rows twice, name those to be read with `sheet`.",
                {
                    "file": path.name,
                    "count": len(read),
                    "sheets": _list(sheet.name for sheet in read),
                },
            )
        )
    if unseen := [sheet.name for sheet in read if sheet.hidden]:
        notes.append(
            Note(
                "{file}: a hidden sheet is read: {sheets}.",
                {"file": path.name, "sheets": _list(unseen)},
            )
        )
    if hidden:
        notes.append(
            Note(
                "{file}: hidden sheets have the columns too, and are left out: {sheets}. To read "
                "them, name them with `sheet`.",
                {"file": path.name, "sheets": _list(hidden)},
            )
        )
    if copies:
        notes.append(
            Note(
                "{file}: sheets that are copies of another are left out: {sheets}.",
                {"file": path.name, "sheets": _list(copies)},
            )
        )
    if lacking:
        notes.append(
            Note(
                "{file}: sheets that have some of the columns and lack others are left out: "
                "{sheets}. To read them, give their columns the same names.",
                {"file": path.name, "sheets": _list(lacking)},
            )
        )
    return notes


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
                "{file}: {cells} cells of the sheet {sheet} are part of a merged cell, and have "
                "its value; the first is {cell}.",
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
                "{file}: {cells} cells of the sheet {sheet} are in error, such as #N/A or #REF!, "
                "and have no value; the first is {cell}.",
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
                "{file}: {rows} rows of the sheet {sheet} are hidden, by a filter or by hand, and "
                "are read as well.",
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
        raise InputError(
            Problem(
                f"{len(unknown)} cell(s) of the sheet {sheet.name!r} hold a formula whose result "
                f"is not stored; the first is {reference(unknown[0])}",
                "Open the workbook in Excel and save it, so that the results are in the file.",
                str(path),
                line=unknown[0][0],
            )
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


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
