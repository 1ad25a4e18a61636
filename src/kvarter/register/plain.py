"""A plain file of addresses -> records: columns of any names, one row an address.

The names are those of COLUMNS, or as the caller maps them. `kvhx`, where it is mapped, is a key of
19 characters (municipality 4, street 4, house number 4, floor 3, door 4, filled up with `_`, `0`
or blanks) that gives those parts where the file has no column or value for them. `x` and `y` may
be longitude and latitude.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from kvarter.files.names import find_columns, named_alike
from kvarter.register.read import COLUMNS
from kvarter.register.rows import read_rows

REQUIRED = [
    *("address_id", "access_address_id", "street_name", "house_number"),
    *("postcode", "municipality_code", "x", "y"),
]
MAPPED = (*COLUMNS, "kvhx")
"""What a column of the file can be mapped to."""


def read_plain(path: Path, columns: Mapping[str, str]) -> pl.DataFrame:
    """The records in MAPPED's columns, with `reason` for lines that are no rows of data."""
    in_key = {"house_number", "municipality_code"} if "kvhx" in columns else set()
    required = [name for name in REQUIRED if name not in in_key] + list(columns)
    wanted = {f"--column {name}": columns.get(name, name) for name in dict.fromkeys(required)}
    rows, not_rows = read_rows(path, wanted)
    sought = {name: columns.get(name, name) for name in MAPPED}
    there = {name: column for name, column in sought.items() if named_alike(column, rows.columns)}
    found = find_columns(there, rows.columns, str(path))
    records = rows.select(
        pl.col(column).cast(pl.String).alias(name) for name, column in found.items()
    )
    aside = not_rows.select(pl.format("line {}", "row").alias("address_id"), "reason")
    return pl.concat([records, aside], how="diagonal")
