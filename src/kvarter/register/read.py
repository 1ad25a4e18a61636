"""Read a register in Kvarter's plain format (docs/formats.md)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from kvarter.engine import Engine
from kvarter.errors import InputError
from kvarter.files import parquet_at
from kvarter.files.inputs import see_readable
from kvarter.files.once import once
from kvarter.notes import Note
from kvarter.policy.model import Register
from kvarter.register.columns import COLUMNS, OPTIONAL, notes_in
from kvarter.register.plain import overlooked
from kvarter.register.records import checked, normalise, settled
from kvarter.register.rows import MOST_BYTES, as_text

if TYPE_CHECKING:
    import ibis

_BUILD = "Make the file with `kvarter register build`, which sets bad records aside."


@dataclass(frozen=True)
class ReadRegister:
    """`table`: a register with all of COLUMNS, nothing in them null.

    `notes`: what a reader must know of how the register was made.
    """

    table: ibis.Table
    notes: tuple[Note, ...] = ()


@once
def read_register(engine: Engine, folder: Path, register: Register | None) -> ReadRegister:
    """The register, in a file relative to `folder`.

    A policy without one gets an empty table. Raises InputError where the file is missing, is no
    Parquet file, lacks a column, has no rows, holds an address id twice, or was made by others and
    has records that cannot be used.
    """
    if register is None:
        return ReadRegister(engine.table(pl.DataFrame(schema=COLUMNS)))
    return _open(engine, folder / register.file)


def open_register(engine: Engine, path: Path) -> ibis.Table:
    """The register file at `path`; raises as `read_register` does."""
    return _open(engine, path).table


def _open(engine: Engine, path: Path) -> ReadRegister:
    see_readable(path, MOST_BYTES)
    try:
        table = engine.parquet(path)
        notes = notes_in(path)
    except Exception:  # DuckDB has no common error class for "not Parquet" across versions
        raise InputError.of("this is not a Parquet file", _BUILD, path, field="register") from None
    absent = [name for name in COLUMNS if name not in table.columns]
    missing = [name for name in absent if name not in OPTIONAL]
    if missing:
        raise InputError.of(
            f"the register lacks the column(s) {', '.join(missing)}",
            f"It has: {', '.join(table.columns)}. {_BUILD}",
            path,
            field="register",
        )
    nulls = [table[name].isnull().sum().fill_null(0) for name in COLUMNS if name not in absent]
    rows, distinct, blank = engine.fetch(
        table.aggregate(
            rows=table.count(), ids=table.address_id.nunique(), blank=reduce(add, nulls)
        )
    ).row(0)
    if not rows:
        raise InputError.of("the register has no rows", _BUILD, path)
    if distinct != rows:
        raise InputError.of(
            f"{rows - distinct:,} address ids are there more than once, or blank",
            _BUILD,
            path,
            field="address_id",
        )
    if notes is not None and not blank and not absent:
        return ReadRegister(table.select(*COLUMNS), notes)
    return _made_by_others(engine, path)


def _made_by_others(engine: Engine, path: Path) -> ReadRegister:
    """A register that nobody has seen through yet: it gets the care that a build gives."""
    frame = parquet_at(path)
    texts = frame.select(map(as_text, frame))
    own = texts.select(name for name in COLUMNS if name in texts.columns)
    records, notes = normalise(own, path.name)
    notes += overlooked(path.name, own, texts.drop(own.columns))
    good, bad = checked(records)
    if bad.height:
        counts = (
            bad["reason"].value_counts(sort=True).sort("count", "reason", descending=[True, False])
        )
        why = ", ".join(f"{reason} ({number:,})" for reason, number in counts.head(5).iter_rows())
        raise InputError.of(
            f"{bad.height:,} of its {frame.height:,} records cannot be used: {why}",
            _BUILD,
            path,
            field="register",
        )
    good, more = settled(good, path.name)
    return ReadRegister(engine.table(good), (*notes, *more))
