"""A file of rows -> text columns: CSV, Excel or Parquet; a whole country's CSV in seconds.

A CSV file in which every line is one well-formed row is read by Polars; any other by the reader of
extracts, which is slower and loses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kvarter.files import read_parquet, read_table
from kvarter.files.excel import EXCEL_SUFFIXES
from kvarter.inputs import see_readable
from kvarter.notes import Note

MOST_BYTES = 16 * 1024**3
"""The addresses of the whole country are three gigabytes as CSV."""


@dataclass(frozen=True)
class Rows:
    """`frame`: the columns as text, null or "" where blank. `columns`: their names in the file.

    `not_rows`: `row, reason` of lines that are no rows of data. `notes`: on how it was read.
    """

    frame: pl.DataFrame
    columns: list[str]
    not_rows: pl.DataFrame
    notes: tuple[Note, ...] = ()


def read_rows(path: Path, wanted: Mapping[str, str]) -> Rows:
    """The rows of `path` as text.

    `wanted` maps what is sought to the column that should hold it, under whose name it comes.
    Raises InputError where the file or a column is missing.
    """
    see_readable(path, MOST_BYTES)
    nothing = pl.DataFrame(schema={"row": pl.Int64, "reason": pl.String})
    if path.suffix.lower() == ".parquet":
        frame, found = read_parquet(path, wanted)
        texts = frame.select(as_text(column) for column in frame)
        return Rows(_under_wanted_names(texts, wanted, found), frame.columns, nothing)
    well_formed = _read_well_formed(path, list(wanted.values()))
    if well_formed is not None:
        return Rows(well_formed, well_formed.columns, nothing)
    table = read_table(path, wanted)
    found = {use: table.column(name).name for use, name in wanted.items()}
    frame = _under_wanted_names(table.rows.drop("row"), wanted, found)
    return Rows(frame, table.columns, table.set_aside, table.notes)


def as_text(values: pl.Series) -> pl.Series:
    """A typed column as text, null where it is null.

    A whole number has no `.0`, a time is the day it is of in Denmark, and 16 bytes are a UUID.
    """
    kind = values.dtype
    if kind.is_float() or kind.is_decimal():
        return values.cast(pl.String).str.replace(r"\.0+$", "").replace("NaN", None)
    if isinstance(kind, pl.Datetime):
        there = values.dt.convert_time_zone("Europe/Copenhagen") if kind.time_zone else values
        return there.dt.strftime("%Y-%m-%d")
    if kind == pl.Binary:
        is_uuid = values.bin.size().drop_nulls().eq(16).all()
        return values.bin.encode("hex") if is_uuid else values.cast(pl.String, strict=False)
    if kind.is_nested():
        texts = [None if value is None else str(value) for value in values.to_list()]
        return pl.Series(values.name, texts, dtype=pl.String)
    return values.cast(pl.String)


def _under_wanted_names(
    frame: pl.DataFrame, wanted: Mapping[str, str], found: Mapping[str, str]
) -> pl.DataFrame:
    """`frame` with the columns that were found under the names they are wanted by."""
    names = {column: wanted[use] for use, column in found.items()}
    taken = [name for name in names.values() if name in frame.columns and name not in names]
    return frame.drop(taken).rename(names)


def header_of(path: Path) -> list[str]:
    """The names on the first line of a CSV file, or of a Parquet file; none for other files."""
    if not path.is_file() or path.suffix.lower() in EXCEL_SUFFIXES:
        return []
    if path.suffix.lower() == ".parquet":
        try:
            with path.open("rb") as file:
                return list(pl.read_parquet_schema(file))
        except (OSError, pl.exceptions.PolarsError):
            return []
    with path.open("rb") as file:
        first = file.readline(100_000)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            line = first.decode(encoding).rstrip("\r\n")
        except UnicodeDecodeError:
            continue
        return [name.strip().strip('"') for name in line.split(_delimiter(line))]
    return []


def _delimiter(line: str) -> str:
    return max(",;\t|", key=line.count)


def _read_well_formed(path: Path, wanted: Collection[str]) -> pl.DataFrame | None:
    """A UTF-8 CSV file with its header first and rows as long as that; None for any other."""
    header = header_of(path)
    twice = len(set(header)) < len(header)
    if path.suffix.lower() in EXCEL_SUFFIXES or twice or not set(wanted) <= set(header):
        return None
    with path.open("rb") as file:
        line = file.readline(100_000)
    try:
        delimiter = _delimiter(line.decode("utf-8-sig"))
        lines, quoted = _lines(path, delimiter)
        frame = pl.read_csv(
            path.absolute(),
            glob=False,
            separator=delimiter,
            infer_schema=False,
            quote_char='"' if quoted else None,
        )
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        return None
    if frame.height != lines - 1 or not set(wanted) <= set(frame.columns):  # blanks around a name
        return None
    if not quoted:
        frame = frame.select(pl.all().str.strip_chars('" '))
    return frame.filter(~pl.all_horizontal(pl.all().is_null()))


_LINE_ENDS = "[\r\x00\x0b\x0c\x1c-\x1e\x85\u2028\u2029]"
"""What else can end a line, or is no text."""


def _lines(path: Path, delimiter: str) -> tuple[int, bool]:
    """How many lines the file has, each a row; and whether their quotation marks can be trusted.

    Where a mark is astray, a line is a row if it has as many fields as the header without regard
    to marks. The number is 0 where some line is no row by itself.
    """
    mark = re.escape(delimiter)
    field = rf'(?:"(?:[^"]|"")*"|[^"{mark}]*)'
    line = pl.col("line")
    stray = line.str.contains('"', literal=True) & ~line.str.contains(
        f"^{field}(?:{mark}{field})*$"
    )
    marks = line.str.count_matches(delimiter, literal=True)
    counted = (
        pl.scan_lines(path.absolute(), glob=False)
        .select(
            lines=pl.len(),
            odd=line.str.contains(_LINE_ENDS).any(),
            stray=stray.any(),
            full=(marks == marks.first()).all(),
        )
        .collect(engine="streaming")
    )
    lines, odd, astray, full = counted.row(0)
    return (0 if odd or (astray and not full) else int(lines)), not astray
