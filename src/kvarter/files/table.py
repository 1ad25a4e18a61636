"""Records -> a table: find the header, and set aside what is not a row of data."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from kvarter.errors import InputError, Problem, without_person_numbers
from kvarter.files.column import Column, Places, column_of_cells, joined
from kvarter.files.delimited import NO_DELIMITER, Record, likely_delimiters, name_of, split_records
from kvarter.files.encoding import read_text
from kvarter.files.excel import EXCEL_SUFFIXES, Sheet, read_workbook
from kvarter.files.html import html_records
from kvarter.files.kinds import Kind, kind_of
from kvarter.files.names import find_columns, fold_name, named_alike, numbered
from kvarter.files.sheets import (
    cell_notes,
    chosen_notes,
    filled_down,
    refuse_uncached,
    unknown_notes,
)
from kvarter.inputs import see_readable
from kvarter.notes import Note

_HEADER_WITHIN = 30
_SUM_ROW = re.compile(r"(i alt|ialt|sum|total|totalt|samlet|subtotal|antal( rækker)?)\b", re.I)


@dataclass(frozen=True)
class Profile:
    """What was found out about a file while reading it: shown in the report and in `check`.

    `layout`: the name of the delimiter, or of the sheet where `encoding` is Excel.
    """

    file: str
    encoding: str
    layout: str
    header_line: int
    rows: int


@dataclass(frozen=True)
class Table:
    """`rows`: `row` (line in the file, from 1) and a text column per header, as written there.

    `typed`: the columns of a workbook as they are stored, by header. `places`: where rows stand.
    `set_aside`: `row` and `reason` of lines that are there but are no rows of data.
    `notes`: what was decided about the file as a whole, and could have been otherwise.
    """

    columns: list[str]
    rows: pl.DataFrame
    set_aside: pl.DataFrame
    profile: Profile
    notes: tuple[Note, ...]
    typed: Mapping[str, Column]
    places: Places

    def column(self, name: str) -> pl.Series:
        """The text of the column called `name`, by the rule of `named_alike`."""
        return self.rows[self._called(name)]

    def stored(self, name: str) -> Column:
        """The column called `name` as it is stored: as text, and with the types a workbook has."""
        called = self._called(name)
        return self.typed.get(called) or Column(called, self.rows[called], self.places)

    def with_notes(self, notes: Iterable[Note]) -> Table:
        """The same table with further notes."""
        return replace(self, notes=(*self.notes, *notes))

    def _called(self, name: str) -> str:
        found = named_alike(name, self.columns)
        if not found:
            raise KeyError(name)
        return found[0]


def read_table(
    path: Path,
    wanted: Mapping[str, str],
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | list[str] | None = None,
) -> Table:
    """Read a CSV or Excel file, told by what stands in it, as cells.

    `wanted` maps what is sought (a field of the policy) to the column that should hold it; the
    header is the first row that has them all, also when it is split over two merged rows. Of a
    workbook all sheets with such a header are read, or those called `sheet`. Raises InputError,
    listing the columns found and the likeliest match, where one is missing.
    """
    see_readable(path)
    kind = kind_of(path)
    if kind == Kind.WORKBOOK:
        sheets = [sheet] if isinstance(sheet, str) else sheet or []
        return _of_workbook(path, wanted, sheets).with_notes(_kind_notes(path, kind))
    text, found = read_text(path, encoding)
    other = None
    if kind == Kind.HTML:
        records, layout = html_records(text), "HTML"
    else:
        other = _better_delimiter(text, delimiter) if delimiter else None
        delimiter = delimiter or _delimiter_of(text, wanted)
        records, layout = split_records(text, delimiter), name_of(delimiter)
    if not records:
        raise InputError(_no_rows(path, layout))
    at, names = _find_header(records, wanted)
    _require(path, wanted, names, layout, other)
    table = _table(path, records[at + 1 :], names, wanted, found, layout, records[at][0])
    return table.with_notes(_kind_notes(path, kind))


def _no_rows(path: Path, layout: str) -> Problem:
    return Problem(
        "there are no rows in it",
        "Make it again: export or draw it once more from where it comes.",
        str(path),
        field=layout,
    )


def _kind_notes(path: Path, kind: Kind) -> list[Note]:
    """What a file is, where its name says otherwise."""
    told: dict[str, str | int] = {"file": without_person_numbers(path.name)}
    is_named_excel = path.suffix.lower() in EXCEL_SUFFIXES
    if kind == Kind.HTML:
        return [
            Note("{file}: the file is a page of HTML, of which the longest table is read.", told)
        ]
    if kind == Kind.WORKBOOK and not is_named_excel:
        return [Note("{file}: the file is an Excel workbook, and is read as one.", told)]
    if kind == Kind.TEXT and is_named_excel:
        return [Note("{file}: the file is text and no workbook, and is read as CSV.", told)]
    return []


def _of_workbook(path: Path, wanted: Mapping[str, str], named: list[str]) -> Table:
    """The rows of all sheets that have what is wanted, or of those that are `named`."""
    book = read_workbook(path, named)
    headers = [_find_header(sheet.records, wanted) for sheet in book.sheets]
    hits = [
        _hits(names, wanted) if sheet.records else -1
        for sheet, (_, names) in zip(book.sheets, headers, strict=True)
    ]
    best = max(hits, default=-1)
    if best < 0:
        raise InputError(_no_rows(path, ", ".join(sheet.name for sheet in book.sheets)))
    have_all = [at for at, number in enumerate(hits) if named or number == len(wanted)]
    visible = [at for at in have_all if named or not book.sheets[at].hidden]
    chosen = visible or have_all or [hits.index(best)]
    tables: list[Table] = []
    copies: list[str] = []
    for at in chosen:
        sheet, (header, names) = book.sheets[at], headers[at]
        if not sheet.records:
            raise InputError(_no_rows(path, sheet.name))
        _require(path, wanted, names, sheet.name, None)
        if any(sheet.records == book.sheets[other].records for other in chosen if other < at):
            copies.append(sheet.name)
            continue
        tables.append(_of_sheet(path, wanted, sheet, header, names, book.first_day))
    shown = chosen_notes(
        path,
        read=[book.sheets[at] for at in chosen if book.sheets[at].name not in copies],
        copies=copies,
        hidden=[book.sheets[at].name for at in have_all if at not in chosen],
        lacking=[
            book.sheets[at].name
            for at, number in enumerate(hits)
            if at not in have_all and at not in chosen and 2 * number >= len(wanted)
        ],
    )
    if not book.facts_known:
        shown += unknown_notes(path)
    return _stacked(path, tables).with_notes(shown)


def _of_sheet(
    path: Path,
    wanted: Mapping[str, str],
    sheet: Sheet,
    header: int,
    names: list[str],
    first_day: dt.date,
) -> Table:
    """The rows of one sheet; a cell that reaches over several rows is in each of them."""
    line = sheet.records[header][0]
    below, filled = filled_down(sheet, sheet.records[header + 1 :])
    columns = [at for at, name in enumerate(names, start=1) if _is_wanted(name, wanted)]
    table = _table(path, below, names, wanted, "Excel", sheet.name, line, first_day)
    rows = set(table.rows["row"])
    refuse_uncached(path, sheet, columns, line, set(table.set_aside["row"]))
    return table.with_notes(cell_notes(path, sheet, columns, rows, filled))


def _stacked(path: Path, tables: list[Table]) -> Table:
    """The rows of several sheets, of which each counts on from the last line of the one before."""
    if len(tables) == 1:
        return tables[0]
    first, sheets, before = tables[0], [], 0
    rows: list[pl.DataFrame] = []
    aside: list[pl.DataFrame] = []
    for table in tables:
        sheets.append((table.profile.layout, before))
        rows.append(table.rows.with_columns(pl.col("row") + before))
        aside.append(table.set_aside.with_columns(pl.col("row") + before))
        lines = [table.profile.header_line, *table.rows["row"], *table.set_aside["row"]]
        before += max(lines)
    stacked = pl.concat(rows, how="diagonal").with_columns(pl.col(pl.String).fill_null(""))
    places = Places(str(path), stacked["row"], tuple(sheets))
    everywhere = [name for name in first.columns if all(name in each.typed for each in tables)]
    return Table(
        stacked.columns[1:],
        stacked,
        pl.concat(aside),
        replace(
            first.profile,
            layout=", ".join(name for name, _ in sheets),
            rows=sum(table.profile.rows for table in tables),
        ),
        tuple(note for table in tables for note in table.notes),
        {name: joined([each.typed[name] for each in tables], places) for name in everywhere},
        places,
    )


def _delimiter_of(text: str, wanted: Mapping[str, str]) -> str:
    """The delimiter whose header has the most of what is wanted; the steadiest of equals.

    A header of one column has none: commas below it are part of the values.
    """
    top = "\n".join(text.splitlines()[: 2 * _HEADER_WITHIN])

    def hits(delimiter: str) -> int:
        records = split_records(top, delimiter)
        return _hits(_find_header(records, wanted)[1], wanted) if records else 0

    best = max(likely_delimiters(text), key=hits)
    records = split_records(top, best)
    one_column = records and len(_find_header(records, wanted)[1]) == 1 and hits(best)
    return NO_DELIMITER if one_column else best


def _find_header(records: list[Record], wanted: Mapping[str, str]) -> tuple[int, list[str]]:
    """The place and names of the row with most of what is wanted, or else with most in it."""
    best = (-1, -1)
    at, names = 0, [""]
    for index, (_, fields) in enumerate(records[:_HEADER_WITHIN]):
        above = records[index - 1][1] if index else []
        filled = sum(bool(field.strip()) for field in fields)
        for candidate in (fields, _merged(above, fields)):
            score = (_hits(candidate, wanted), filled)
            if score > best:
                best, at, names = score, index, candidate
    return at, _distinct([name.strip() for name in names])


def _merged(above: list[str], below: list[str]) -> list[str]:
    """Two header rows as one: a merged cell's title stands over all columns until the next."""
    names, title = [], ""
    for at, name in enumerate(below):
        title = (above[at].strip() if at < len(above) else "") or title
        names.append(f"{title} {name}".strip())
    return names


def _hits(names: list[str], wanted: Mapping[str, str]) -> int:
    folded = {fold_name(name) for name in names}
    return sum(fold_name(column) in folded for column in wanted.values())


def _distinct(names: list[str]) -> list[str]:
    """Names made unique by the number of their column, and blank trailing columns dropped."""
    while names and not names[-1]:
        names = names[:-1]
    times = Counter([*names, "", "", "row"])
    return [
        numbered(name, at) if times[name] > 1 else name for at, name in enumerate(names, start=1)
    ]


def _require(
    path: Path, wanted: Mapping[str, str], names: list[str], layout: str, other: str | None
) -> None:
    """See that all that is `wanted` is there; `other` is a delimiter that parts the header better.

    What looks like a row of data is not quoted: it holds names and addresses of people.
    """
    remedy = ""
    if _looks_like_data(names):
        remedy = (
            f"What stands where the header should be ({layout}) looks like data, not like a "
            "header, so it is not shown. Put a line of column names at its top."
        )
    elif len(names) == 1:
        remedy = f"Only one column was found, {names[0][:60]!r}: is the delimiter right?"
    if other:
        remedy = (
            f"It was read with {layout} as the policy says, but looks parted by {other}. "
            "Mend `delimiter`, or leave it out to have it found."
        )
    find_columns(wanted, names, str(path), remedy, layout)


_DATA = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|(?<!\d)\d{4} +[A-ZÆØÅ]|\d[\d., ]*$")


def _looks_like_data(names: list[str]) -> bool:
    """Does one of the names hold a date, a postcode or a person number, or nothing but a number?

    A year is a name: `Antal 2023`, `2023`.
    """
    return any(
        without_person_numbers(name) != name
        or (_DATA.match(name) is not None and not re.fullmatch(r"(?:19|20)\d\d", name))
        or re.search(r"\d, .*\d{4} +[A-ZÆØÅ]", name) is not None
        for name in names
    )


def _better_delimiter(text: str, given: str) -> str | None:
    """The name of a delimiter that the lines are parted by more steadily than by `given`."""
    steadiest = likely_delimiters(text)[0]
    lines = [line for line in text.splitlines()[:_HEADER_WITHIN] if line.strip()]
    steady = sum(line.count(steadiest) == lines[0].count(steadiest) > 0 for line in lines)
    differs = steadiest != given and given != NO_DELIMITER
    return name_of(steadiest) if differs and 2 * steady > len(lines) else None


def _table(
    path: Path,
    records: list[Record],
    names: list[str],
    wanted: Mapping[str, str],
    encoding: str,
    layout: str,
    header_line: int,
    first_day: dt.date | None = None,
) -> Table:
    width = len(names)
    positions = [at for at, name in enumerate(names) if _is_wanted(name, wanted)]
    kept: list[Record] = []
    aside: list[tuple[int, str]] = []
    for index, (line, fields) in enumerate(records):
        if len(fields) < width:
            fields = fields + [""] * (width - len(fields))
        if "".join(fields[width:]).strip():
            aside.append((line, "more_fields_than_columns"))
        elif index >= len(records) - 3 and _is_sum_row(fields, positions):
            aside.append((line, "sum_row"))
        else:
            kept.append((line, fields))
    columns = {
        name: pl.Series([fields[at].strip() for _, fields in kept], dtype=pl.String)
        for at, name in enumerate(names)
    }
    numbers = pl.Series("row", [line for line, _ in kept], dtype=pl.Int64)
    set_aside = pl.DataFrame(aside, schema={"row": pl.Int64, "reason": pl.String}, orient="row")
    # A profile is published, and people put person numbers in the names of files and sheets too.
    file, layout = without_person_numbers(path.name), without_person_numbers(layout)
    profile = Profile(file, encoding, layout, header_line, len(records))
    rows = pl.DataFrame({"row": numbers, **columns})
    places, typed = Places(str(path), numbers), {}
    if first_day is not None:  # a workbook
        for at, name in enumerate(names):
            cells = [fields[at] for _, fields in kept]
            typed[name] = column_of_cells(name, cells, places, first_day)
    return Table(names, rows, set_aside, profile, (), typed, places)


def _is_wanted(name: str, wanted: Mapping[str, str]) -> bool:
    return fold_name(name) in {fold_name(column) for column in wanted.values()}


def _is_sum_row(fields: list[str], positions: list[int]) -> bool:
    first = next((field for field in fields if field.strip()), "")
    blank = sum(not fields[at].strip() for at in positions)
    return _SUM_ROW.match(first.strip()) is not None and 2 * blank >= len(positions)
