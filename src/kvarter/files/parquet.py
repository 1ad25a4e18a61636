"""Parquet files, with the same errors wherever one is read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TypeVar

import polars as pl

from kvarter.errors import InputError, Problem
from kvarter.files.inputs import see_readable
from kvarter.files.names import find_columns

T = TypeVar("T")


def parquet_at(path: Path) -> pl.DataFrame:
    """The Parquet file at `path` and no other: brackets, stars and `~` in its name are letters.

    Raises OSError where it is missing, and PolarsError where it is no Parquet file.
    """
    return pl.read_parquet(path.absolute(), glob=False, hive_partitioning=False)


def read_parquet(path: Path, wanted: Mapping[str, str]) -> tuple[pl.DataFrame, dict[str, str]]:
    """All columns of the file at `path`; and what each of `wanted` is called there.

    `wanted`: what each column that must be there is for (a field or an option), and its name.
    Raises InputError where the file is missing or no Parquet file, or lacks one of them, or where
    one of them has several values in a row.
    """
    see_readable(path)
    try:
        frame = parquet_at(path)
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise InputError.of(
            "this is not a Parquet file", "Give CSV, Excel or Parquet.", path
        ) from None
    called = find_columns(wanted, frame.columns, str(path))
    problems = [
        Problem(
            f"the column {name} has lists or groups of values, not one value a row",
            "Write each of the values into a column of its own, and name those.",
            str(path),
            field=use,
        )
        for use, name in called.items()
        if frame[name].dtype.is_nested()
    ]
    if problems:
        raise InputError(problems)
    return frame, called


def converted(
    frame: pl.DataFrame, convert: Callable[[pl.Series], T], wanted: Collection[str], path: Path
) -> dict[str, T]:
    """Each column of a Parquet file by `convert`.

    One that is no text, number or date, such as a duration or a geometry in bytes, is left out.
    Raises InputError where it is `wanted`.
    """
    columns: dict[str, T] = {}
    for values in frame:
        try:
            columns[values.name] = convert(values)
        except pl.exceptions.PolarsError:
            if values.name not in wanted:
                continue
            raise InputError.of(
                f"the column {values.name!r} is of the type {values.dtype}, which is no text, "
                "number or date",
                "Write it as one of these, and export the file again.",
                path,
            ) from None
    return columns
