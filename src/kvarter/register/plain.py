"""A plain file of addresses -> records: columns of any names, one row an address.

The names are those of COLUMNS, or as the caller maps them. `kvhx`, where it is mapped, is a key of
19 characters (municipality 4, street 4, house number 4, floor 3, door 4, filled up with `_`, `0`
or blanks) that gives those parts where the file has no column or value for them. `x` and `y` may
be longitude and latitude.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kvarter.errors import InputError, KvarterError, Problem
from kvarter.files.meanings import assigned, meaning_of
from kvarter.files.names import find_columns, named_alike
from kvarter.notes import Note
from kvarter.register.columns import COLUMNS
from kvarter.register.rows import read_rows

REQUIRED = [
    *("address_id", "access_address_id", "street_name", "house_number"),
    *("postcode", "municipality_code", "x", "y"),
]
_SAMPLE = 200
MAPPED = (*COLUMNS, "kvhx")
"""What a column of the file can be mapped to."""


@dataclass(frozen=True)
class ReadPlain:
    """`records` in MAPPED's columns, with `reason` for lines that are no rows of data.

    `unused`: the other columns of the file. `notes`: on how it was read, and on those columns that
    look as if they should be used.
    """

    records: pl.DataFrame
    unused: list[str]
    notes: list[Note]


def read_plain(path: Path, columns: Mapping[str, str]) -> ReadPlain:
    """The records of a plain file; `columns` maps columns of a register to its own."""
    in_key = {"house_number", "municipality_code"} if "kvhx" in columns else set()
    required = [name for name in REQUIRED if name not in in_key] + list(columns)
    wanted = {f"--column {name}": columns.get(name, name) for name in dict.fromkeys(required)}
    try:
        rows = read_rows(path, wanted)
    except InputError as error:
        raise InputError([*error.problems, *_remedy(path, columns)]) from None
    frame = rows.frame
    sought = {name: columns.get(name, name) for name in MAPPED}
    there = {name: column for name, column in sought.items() if named_alike(column, frame.columns)}
    found = find_columns(there, frame.columns, str(path))
    records = frame.select(pl.col(column).alias(name) for name, column in found.items())
    aside = rows.not_rows.select(pl.format("line {}", "row").alias("address_id"), "reason")
    unused = [name for name in frame.columns if name not in found.values() and name.strip()]
    notes = [*rows.notes, *overlooked(path.name, records, frame.select(unused))]
    return ReadPlain(pl.concat([records, aside], how="diagonal"), unused, notes)


ADDRESS = ["address_id", "access_address_id", "street_name", "house_number", "floor", "door"]
ADDRESS += ["supplementary_town", "postcode", "post_district", "municipality_code", "street_code"]
ADDRESS += ["x", "y"]
"""What is looked for in a table whose columns have names of their own."""


def with_ids(columns: Mapping[str, str]) -> dict[str, str]:
    """The columns found, with one id for both where the table has either of entrances or units."""
    found = {name: column for name, column in columns.items() if name in MAPPED}
    for own, other in (("address_id", "access_address_id"), ("access_address_id", "address_id")):
        if other in found:
            found.setdefault(own, found[other])
    return found


def _remedy(path: Path, columns: Mapping[str, str]) -> list[Problem]:
    """The command that reads the columns by their own names, where all that is needed is there."""
    try:
        rows = read_rows(path, {}).frame
    except KvarterError:
        return []
    values = {name: rows[name].drop_nulls().head(_SAMPLE).to_list() for name in rows.columns}
    likely = with_ids(assigned(ADDRESS, rows.columns, values)) | dict(columns)
    if not set(REQUIRED) <= set(likely):
        return []
    pairs = [word for pair in likely.items() for word in ("--column", "=".join(pair))]
    command = shlex.join(["kvarter", "register", "build", str(path), *pairs])
    return [Problem("its columns look like these; see that each is right", command, str(path))]


def overlooked(register: str, records: pl.DataFrame, unused: pl.DataFrame) -> Iterator[Note]:
    """Notes on `unused` columns that look like a part of an address that no record has."""
    has = {name for name in records.columns if _filled(records[name])}
    for column in unused.columns:
        meaning = meaning_of(column)
        if meaning in MAPPED and meaning not in has and _filled(unused[column]):
            yield Note(
                "{register}: the column {column} is not used, though it looks like `{meaning}`. If "
                "it is, build the register with --column {meaning}={column}.",
                {"register": register, "column": repr(column), "meaning": meaning},
            )


def _filled(values: pl.Series) -> bool:
    return bool((values.cast(pl.String).fill_null("").str.strip_chars() != "").any())
