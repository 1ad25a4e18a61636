"""Parquet files, with the same errors wherever one is read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from kvarter.errors import InputError, Problem
from kvarter.files.encoding import missing_file
from kvarter.files.meanings import likeliest


def parquet_at(path: Path) -> pl.DataFrame:
    """The Parquet file at `path` and no other: brackets, stars and `~` in its name are letters.

    Raises OSError where it is missing, and PolarsError where it is no Parquet file.
    """
    return pl.read_parquet(path.absolute(), glob=False, hive_partitioning=False)


def read_parquet(path: Path, wanted: Mapping[str, str]) -> pl.DataFrame:
    """All columns of the file at `path`.

    `wanted`: what each column that must be there is for (a field or an option), and its name.
    Raises InputError where the file is missing or no Parquet file, or lacks one of them.
    """
    if not path.exists():
        raise InputError(missing_file(path))
    try:
        frame = parquet_at(path)
    except (OSError, pl.exceptions.PolarsError):
        raise InputError(
            Problem("this is not a Parquet file", "Give CSV, Excel or Parquet.", str(path))
        ) from None
    problems = []
    for use, name in wanted.items():
        if name in frame.columns:
            continue
        near = likeliest(name, frame.columns, use)
        guess = f" The likeliest match is {near!r}." if near else ""
        remedy = f"The columns are: {', '.join(frame.columns)}.{guess} Say which with {use}."
        problems.append(
            Problem(f"there is no column called {name!r}", remedy, str(path), field=use)
        )
    if problems:
        raise InputError(problems)
    return frame
