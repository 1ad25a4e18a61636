"""A file of rows -> text columns: CSV, Excel or Parquet; a whole country's CSV in seconds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import polars as pl

from kvarter.files import read_parquet, read_table
from kvarter.files.excel import EXCEL_SUFFIXES
from kvarter.inputs import see_readable

MOST_BYTES = 16 * 1024**3
"""The addresses of the whole country are three gigabytes as CSV."""


def read_rows(path: Path, wanted: Mapping[str, str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of `path` as text, and `row, reason` of the lines that are no rows of data.

    `wanted` maps what is sought to the column that should hold it, under whose name it comes.
    Raises InputError where the file or a column is missing.
    """
    see_readable(path, MOST_BYTES)
    nothing = pl.DataFrame(schema={"row": pl.Int64, "reason": pl.String})
    if path.suffix.lower() == ".parquet":
        frame, found = read_parquet(path, wanted)
        return _under_wanted_names(frame, wanted, found), nothing
    well_formed = _read_well_formed(path, list(wanted.values()))
    if well_formed is not None:
        return well_formed, nothing
    table = read_table(path, wanted)
    found = {use: table.column(name).name for use, name in wanted.items()}
    return _under_wanted_names(table.rows.drop("row"), wanted, found), table.set_aside


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
        frame = pl.read_csv(
            path.absolute(),
            glob=False,
            separator=_delimiter(line.decode("utf-8-sig")),
            infer_schema=False,
        )
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        return None
    if not set(wanted) <= set(frame.columns):  # blanks around a name
        return None
    return frame.filter(~pl.all_horizontal(pl.all().is_null()))
