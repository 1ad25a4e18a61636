"""A file of rows -> text columns: CSV, Excel or Parquet; a whole country's CSV in seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from kvarter.errors import InputError
from kvarter.files import read_parquet, read_table
from kvarter.files.encoding import missing_file
from kvarter.files.excel import EXCEL_SUFFIXES


def read_rows(path: Path, wanted: Mapping[str, str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of `path` as text, and `row, reason` of the lines that are no rows of data.

    `wanted` maps what is sought to the column that should hold it, under whose name it comes.
    Raises InputError where the file or a column is missing.
    """
    if not path.exists():
        raise InputError(missing_file(path))
    nothing = pl.DataFrame(schema={"row": pl.Int64, "reason": pl.String})
    if path.suffix.lower() == ".parquet":
        return read_parquet(path, wanted), nothing
    frame = _read_well_formed(path, wanted.values())
    if frame is not None:
        return frame, nothing
    table = read_table(path, wanted)
    found = {table.column(name).name: name for name in wanted.values()}
    taken = [name for name in found.values() if name in table.columns and name not in found]
    return table.rows.drop("row", *taken).rename(found), table.set_aside


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


def _read_well_formed(path: Path, wanted: Iterable[str]) -> pl.DataFrame | None:
    """A UTF-8 CSV file with its header first and rows as long as that; None for any other."""
    header = header_of(path)
    if path.suffix.lower() in EXCEL_SUFFIXES or not set(wanted) <= set(header):
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
    return frame.filter(~pl.all_horizontal(pl.all().is_null()))
