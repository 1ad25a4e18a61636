"""Read a register in Kvarter's plain format (docs/formats.md)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import ibis
import polars as pl

from kvarter.engine import Engine
from kvarter.errors import InputError, Problem
from kvarter.inputs import see_readable
from kvarter.policy.model import Register

_TEXTS = [
    *("address_id", "access_address_id", "street_name", "postal_street_name", "house_number"),
    *("floor", "door", "supplementary_town", "postcode", "post_district"),
    *("municipality_code", "street_code"),
]
COLUMNS: Mapping[str, type[pl.DataType]] = (
    dict.fromkeys(_TEXTS, pl.String)
    | dict.fromkeys(("x", "y"), pl.Float64)
    | dict.fromkeys(("valid_from", "valid_to", "replaced_by"), pl.String)
    | dict.fromkeys(("bulk_postcode", "bulk_district"), pl.String)
)
"""The columns of a register. One row a unit address; `x`, `y` in EPSG:25832, in metres.

`valid_from`, `valid_to`: dates such as 2015-08-04. `replaced_by`: today's address of a former one.
`bulk_postcode`, `bulk_district`: the post office box or firm's own postcode (stormodtager) that is
an official spelling too; a register made before Kvarter knew of them lacks the two.
"""

OPTIONAL = ("bulk_postcode", "bulk_district")

_BUILD = "Make the file with `kvarter register build`, which sets bad records aside."


def read_register(engine: Engine, folder: Path, register: Register | None) -> ibis.Table:
    """The register, in a file relative to `folder`, as a table with all of COLUMNS.

    A policy without one gets an empty table. Raises InputError where the file is missing, is no
    Parquet file, lacks a column, has no rows, or holds an address id twice.
    """
    if register is None:
        return engine.table(pl.DataFrame(schema=COLUMNS))
    return open_register(engine, folder / register.file)


def open_register(engine: Engine, path: Path) -> ibis.Table:
    """The register file at `path`; raises as `read_register` does."""
    see_readable(path)
    try:
        table = engine.parquet(path)
    except Exception:  # DuckDB has no common error class for "not Parquet" across versions
        raise InputError(
            Problem("this is not a Parquet file", _BUILD, str(path), field="register")
        ) from None
    absent = [name for name in COLUMNS if name not in table.columns]
    missing = [name for name in absent if name not in OPTIONAL]
    if missing:
        raise InputError(
            Problem(
                f"the register lacks the column(s) {', '.join(missing)}",
                f"It has: {', '.join(table.columns)}. {_BUILD}",
                str(path),
                field="register",
            )
        )
    rows, distinct = engine.fetch(
        table.aggregate(rows=table.count(), ids=table.address_id.nunique())
    ).row(0)
    if not rows:
        raise InputError(Problem("the register has no rows", _BUILD, str(path)))
    if distinct != rows:
        raise InputError(
            Problem(
                f"{rows - distinct:,} address ids are there more than once, or blank",
                _BUILD,
                str(path),
                field="address_id",
            )
        )
    blank = ibis.literal("")
    bulk = {name: blank if name in absent else table[name].fill_null("") for name in OPTIONAL}
    return table.mutate(**bulk).select(*COLUMNS)
