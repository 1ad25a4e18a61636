"""Parquet files, with the same errors wherever one is read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from kvarter.errors import InputError, Problem
from kvarter.files.encoding import missing_file


def read_parquet(path: Path, wanted: Mapping[str, str]) -> pl.DataFrame:
    """All columns of the file at `path`.

    `wanted`: what each column that must be there is for (a field or an option), and its name.
    Raises InputError where the file is missing or no Parquet file, or lacks one of them.
    """
    if not path.exists():
        raise InputError(missing_file(path))
    try:
        frame = pl.read_parquet(path)
    except pl.exceptions.PolarsError:
        raise InputError(
            Problem("this is not a Parquet file", "Give CSV, Excel or Parquet.", str(path))
        ) from None
    problems = [
        Problem(
            f"there is no column called {name!r}",
            f"The columns are: {', '.join(frame.columns)}. Say which with {use}.",
            str(path),
            field=use,
        )
        for use, name in wanted.items()
        if name not in frame.columns
    ]
    if problems:
        raise InputError(problems)
    return frame
