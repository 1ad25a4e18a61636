"""Records -> a table: find the header, and set aside what is not a row of data."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from kvarter.errors import InputError, Problem
from kvarter.files.column import (
    Column,
    Places,
    column_of_cells,
    column_of_values,
    joined,
)
from kvarter.files.delimited import (
    NO_DELIMITER,
    Parted,
    frame_of,
    likely_delimiters,
    name_of,
    part,
    said_delimiter,
    unusual_delimiters,
)
from kvarter.files.encoding import read_text
from kvarter.files.excel import EXCEL_SUFFIXES, Sheet, read_workbook
from kvarter.files.header import HEADER_WITHIN, Laid, find_header, hits, lay_out, looks_like_data
from kvarter.files.html import html_tables
from kvarter.files.inputs import see_readable
from kvarter.files.kinds import Kind, kind_of
from kvarter.files.lines import first_lines
from kvarter.files.names import find_columns, fold_name, named_alike
from kvarter.files.parquet import converted, read_parquet
from kvarter.files.sheets import (
    cell_notes,
    choose,
    chosen_notes,
    filled_down,
    refuse_uncached,
    unknown_notes,
)
from kvarter.notes import Note
from kvarter.privacy import without_person_numbers


@dataclass(frozen=True)
class Profile:
    """What was found out about a file while reading it: shown in the report and in `check`.

    `layout`: the name of the delimiter, or of the sheet where `encoding` is Excel; blank, as is
    `header_line`, where it is Parquet.
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
    """Read a CSV, Excel or Parquet file, told by what stands in it, as cells.

    `wanted` maps what is sought (a field of the policy) to the column that should hold it; the
    header is the first row that has them all, also when it is split over two merged rows. Of a
    workbook all sheets with such a header are read, or those called `sheet`. Raises InputError,
    listing the columns found and the likeliest match, where one is missing.
    """
    see_readable(path)
    kind = kind_of(path)
    if kind == Kind.PARQUET:
        return _of_parquet(path, wanted)
    if kind == Kind.WORKBOOK:
        sheets = [sheet] if isinstance(sheet, str) else sheet or []
        return _of_workbook(path, wanted, sheets).with_notes(_kind_notes(path, kind))
    source = read_text(path, encoding, as_it_is=kind == Kind.HTML)
    if kind == Kind.HTML:
        table = _of_page(path, source.text, wanted, source.encoding)
    else:
        other = _better_delimiter(source.text, delimiter) if delimiter else None
        parted = part(source.text, delimiter or _delimiter_of(source.text, wanted), path.name)
        if parted.records.is_empty():
            raise InputError(_no_rows(path, parted.layout))
        table = _table(path, parted, _laid(path, parted, wanted, other), source.encoding, {})
    table = replace(table, notes=source.notes + table.notes)
    return table.with_notes(_kind_notes(path, kind))


def _of_parquet(path: Path, wanted: Mapping[str, str]) -> Table:
    """The rows of a Parquet file, which has its header apart and its columns typed."""
    frame, found = read_parquet(path, wanted)
    if frame.is_empty():
        raise InputError(_no_rows(path, "Parquet"))
    columns = converted(frame, lambda values: column_of_values(values, path), found.values(), path)
    # `row` is the number of the row; a column that is called so is told from it by its place.
    names = {
        name: f"{name} (column {at})" if name == "row" else name
        for at, name in enumerate(frame.columns, start=1)
    }
    typed = {names[name]: column for name, column in columns.items()}
    places = Places(str(path), pl.Series("row", range(1, frame.height + 1), dtype=pl.Int64))
    rows = pl.DataFrame([places.rows, *(column.text.alias(name) for name, column in typed.items())])
    profile = Profile(without_person_numbers(path.name), "Parquet", "", 0, frame.height)
    nothing = pl.DataFrame(schema={"row": pl.Int64, "reason": pl.String})
    return Table([*typed], rows, nothing, profile, (), typed, places)


def _no_rows(path: Path, layout: str) -> Problem:
    return Problem(
        "there are no rows in it",
        "Make it again: export or draw it once more from where it comes.",
        str(path),
        field=layout,
    )


def _kind_notes(path: Path, kind: Kind) -> list[Note]:
    """What a file is, where its name says otherwise."""
    where = {"file": path.name}
    is_named_excel = path.suffix.lower() in EXCEL_SUFFIXES
    if kind == Kind.HTML:
        return [Note("{file}: the file is a page of HTML, and is read as one.", where)]
    if kind == Kind.WORKBOOK and not is_named_excel:
        return [Note("{file}: the file is an Excel workbook, and is read as one.", where)]
    if kind == Kind.TEXT and is_named_excel:
        return [Note("{file}: the file is text and no workbook, and is read as CSV.", where)]
    return []


def _of_workbook(path: Path, wanted: Mapping[str, str], named: list[str]) -> Table:
    """The rows of all sheets that have what is wanted, or of those that are `named`."""
    book = read_workbook(path, named)
    chosen = choose(book.sheets, wanted, named=bool(named))
    empty = [sheet.name for sheet in chosen.read or book.sheets if not sheet.records]
    if empty:
        raise InputError(_no_rows(path, ", ".join(empty)))
    tables = [_of_sheet(path, wanted, sheet, book.first_day) for sheet in chosen.read]
    notes = chosen_notes(path, chosen)
    if not book.facts_known:
        notes += unknown_notes(path)
    return _stacked(path, tables, [sheet.name for sheet in chosen.read]).with_notes(notes)


def _of_page(path: Path, text: str, wanted: Mapping[str, str], encoding: str) -> Table:
    """The rows of all tables of a page that have what is wanted; of the longest for nothing."""
    tables = [Sheet(str(at), rows) for at, rows in enumerate(html_tables(text), start=1)]
    filled = sorted((table for table in tables if table.records), key=lambda t: -len(t.records))
    if not filled:
        raise InputError(_no_rows(path, "HTML"))
    chosen = choose(tables if wanted else filled[:1], wanted)
    parts = [Parted(frame_of(each.records), "HTML") for each in chosen.read]
    read = [_table(path, each, _laid(path, each, wanted), encoding, {}) for each in parts]
    stacked = _stacked(path, read, [table.name for table in chosen.read])
    return stacked.with_notes(chosen_notes(path, chosen, of_page=True))


def _of_sheet(
    path: Path,
    wanted: Mapping[str, str],
    sheet: Sheet,
    first_day: dt.date,
) -> Table:
    """The rows of one sheet; a cell that reaches over several rows is in each of them."""
    header = find_header(sheet.records, wanted)
    start = header.at + 1
    below, filled = filled_down(sheet, sheet.records[start:])
    cells = [*sheet.records[:start], *below]
    sought = {fold_name(name) for name in wanted.values()}
    columns = [at for at, name in enumerate(header.names, start=1) if fold_name(name) in sought]
    parted = Parted(frame_of(cells), sheet.name)
    laid = _laid(path, parted, wanted)
    typed = {
        name: column_of_cells(name, laid.under(name, cells), _places(path, laid), first_day)
        for name in laid.names
    }
    table = _table(path, parted, laid, "Excel", typed)
    line = table.profile.header_line
    rows = set(table.rows["row"])
    refuse_uncached(path, sheet, columns, line, set(table.set_aside["row"]))
    return table.with_notes(cell_notes(path, sheet, columns, rows, filled))


def _stacked(path: Path, tables: list[Table], names: list[str]) -> Table:
    """The rows of several sheets, of which each counts on from the last line of the one before."""
    if len(tables) == 1:
        return tables[0]
    first, sheets, before = tables[0], [], 0
    rows: list[pl.DataFrame] = []
    aside: list[pl.DataFrame] = []
    for name, table in zip(names, tables, strict=True):
        # The ledger has it, and people put person numbers in the names of sheets too.
        sheets.append((without_person_numbers(name), before))
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
            layout=", ".join(dict.fromkeys(table.profile.layout for table in tables)),
            rows=sum(table.profile.rows for table in tables),
        ),
        tuple(note for table in tables for note in table.notes),
        {name: joined([each.typed[name] for each in tables], places) for name in everywhere},
        places,
    )


def _delimiter_of(text: str, wanted: Mapping[str, str]) -> str:
    """The delimiter whose header has the most of what is wanted; the steadiest of equals.

    An unusual one is taken only where no usual one has all. A header of one column has none:
    commas below it are part of the values.
    """
    if (said := said_delimiter(text)) is not None:
        return said
    top = "\n".join(first_lines(text, 2 * HEADER_WITHIN))
    headers: dict[str, list[str]] = {}

    def hits_with(delimiter: str) -> int:
        records = part(top, delimiter, "").records
        headers[delimiter] = find_header(records.head(HEADER_WITHIN).rows(), wanted).names
        return hits(headers[delimiter], wanted)

    best = max(likely_delimiters(text), key=hits_with)
    most = hits(headers[best], wanted)
    if most < len(wanted):
        unusual = max(unusual_delimiters(top), key=hits_with, default=best)
        best = unusual if hits(headers[unusual], wanted) > most else best
    one_column = len(headers[best]) == 1 and hits(headers[best], wanted)
    return NO_DELIMITER if one_column else best


def _require(
    path: Path, parted: Parted, wanted: Mapping[str, str], names: Sequence[str], other: str | None
) -> dict[str, str]:
    """Which of `names` each column in `wanted` is; `other`: what parts the header better.

    What looks like a row of data is not quoted: it holds names and addresses of people.
    """
    remedy, layout = "", parted.layout
    if looks_like_data(names):
        remedy = (
            f"What stands where the header should be ({layout}) looks like data, not like a "
            "header, so it is not shown. Put a line of column names at its top."
        )
    elif len(names) == 1:
        remedy = f"Only one column was found, {names[0][:60]!r}: is the delimiter right?"
    top = parted.records.head(HEADER_WITHIN)["fields"]
    if any(_of_fixed_width("".join(fields), wanted) for fields in top):
        remedy = "It looks like columns of fixed width: export it with semicolons between them."
    if other:
        remedy = (
            f"It was read with {layout} as the policy says, but looks parted by {other}. "
            "Mend `delimiter`, or leave it out to have it found."
        )
    return find_columns(wanted, names, str(path), remedy, layout)


def _of_fixed_width(line: str, wanted: Mapping[str, str]) -> bool:
    """Does a line have all that is wanted, with nothing but blanks between?"""
    apart = re.search(r"\S {2,}\S", line) is not None
    return apart and all(fold_name(name) in fold_name(line) for name in wanted.values())


def _better_delimiter(text: str, given: str) -> str | None:
    """The name of a delimiter that the lines are parted by more steadily than by `given`."""
    likeliest = likely_delimiters(text)[0]
    lines = [line for line in first_lines(text, HEADER_WITHIN) if line.strip()]
    steady = sum(line.count(likeliest) == lines[0].count(likeliest) > 0 for line in lines)
    differs = likeliest != given and given != NO_DELIMITER
    return name_of(likeliest) if differs and 2 * steady > len(lines) else None


def _laid(path: Path, parted: Parted, wanted: Mapping[str, str], other: str | None = None) -> Laid:
    """The records under their header; `other`: what parts the header better."""
    header = find_header(parted.records.head(HEADER_WITHIN).rows(), wanted)

    def require(names: Sequence[str]) -> dict[str, str]:
        return _require(path, parted, wanted, names, other)

    return lay_out(path, parted, wanted, header, require)


def _table(
    path: Path, parted: Parted, laid: Laid, encoding: str, typed: Mapping[str, Column]
) -> Table:
    """The table of what is laid out; `typed`: the columns that are stored as more than text."""
    # A profile is published, and people put person numbers in the names of files and sheets too.
    file, layout = without_person_numbers(path.name), without_person_numbers(parted.layout)
    count = laid.rows.height + laid.set_aside.height
    profile = Profile(file, encoding, layout, laid.header_line, count)
    rows, notes = laid.rows.drop("at"), parted.notes + laid.notes
    return Table(laid.names, rows, laid.set_aside, profile, notes, typed, _places(path, laid))


def _places(path: Path, laid: Laid) -> Places:
    return Places(str(path), laid.rows["row"])
