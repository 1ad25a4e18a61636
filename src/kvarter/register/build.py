"""`kvarter register build`: a plain CSV or Parquet file of addresses -> a register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kvarter.errors import InputError, Problem
from kvarter.files import read_table
from kvarter.files.encoding import missing_file
from kvarter.files.values import read_numbers
from kvarter.register.read import COLUMNS

REQUIRED = [
    *("address_id", "access_address_id", "street_name", "house_number"),
    *("postcode", "municipality_code", "x", "y"),
]
_UTM32_DENMARK = {"x": (400_000, 900_000), "y": (6_000_000, 6_450_000)}


@dataclass(frozen=True)
class BuiltRegister:
    """`register` in COLUMNS' form, sorted by id; `set_aside`: the bad records and `reason`."""

    register: pl.DataFrame
    set_aside: pl.DataFrame


def build_register(path: Path, columns: Mapping[str, str]) -> BuiltRegister:
    """Read addresses from `path`; `columns` maps a register column to its name in the file.

    Raises InputError where the file or a required column is missing. A record without an id,
    street, house number or postcode, with an id seen before, or with a point outside Denmark is
    set aside with its reason.
    """
    names = {name: columns.get(name, name) for name in COLUMNS}
    frame = _read(path, names)
    blank = pl.lit("", dtype=pl.String)
    chosen = [
        pl.col(names[name]).alias(name) if names[name] in frame.columns else blank.alias(name)
        for name in COLUMNS
    ]
    records = frame.select(chosen).with_columns(
        [pl.col(name).cast(pl.String).fill_null("").str.strip_chars() for name in COLUMNS]
    )
    records = records.with_columns(
        read_numbers(records["x"]).alias("x"),
        read_numbers(records["y"]).alias("y"),
        pl.col("postcode").str.zfill(4),
        pl.col("municipality_code").str.zfill(4),
        pl.col("house_number")
        .str.to_uppercase()
        .str.replace_all(" ", "")
        .str.strip_chars_start("0"),
        *(pl.col(name).str.to_lowercase().str.strip_chars(" .") for name in ("floor", "door")),
        pl.when(pl.col("postal_street_name") == "")
        .then("street_name")
        .otherwise("postal_street_name")
        .alias("postal_street_name"),
    ).with_columns(_reason().alias("reason"))
    good = records.filter(pl.col("reason").is_null()).drop("reason").sort("address_id")
    return BuiltRegister(good, records.filter(pl.col("reason").is_not_null()))


def _read(path: Path, names: Mapping[str, str]) -> pl.DataFrame:
    if not path.exists():
        raise InputError(missing_file(path))
    if path.suffix.lower() != ".parquet":
        wanted = {f"--column {name}": names[name] for name in REQUIRED}
        table = read_table(path, wanted)
        known = {column.casefold(): column for column in table.columns}
        return table.rows.rename(
            {known[n.casefold()]: n for n in names.values() if n.casefold() in known}
        )
    try:
        frame = pl.read_parquet(path)
    except pl.exceptions.PolarsError:
        raise InputError(
            Problem("this is not a Parquet file", "Give a CSV or Parquet file.", str(path))
        ) from None
    missing = [names[name] for name in REQUIRED if names[name] not in frame.columns]
    if missing:
        raise InputError(
            Problem(
                f"the column(s) {', '.join(missing)} are not there",
                f"It has: {', '.join(frame.columns)}. Say which is which with --column.",
                str(path),
            )
        )
    return frame


def _reason() -> pl.Expr:
    """Why a record cannot be used; null where it can."""
    within = [pl.col(axis).is_between(low, high) for axis, (low, high) in _UTM32_DENMARK.items()]
    reason = pl.lit(None, dtype=pl.String)
    for broken, why in [
        (~pl.col("address_id").is_first_distinct(), "address_id_seen_before"),
        (~pl.all_horizontal(within).fill_null(False), "point_outside_denmark_in_epsg_25832"),
        (pl.col("postcode") == "0000", "no_postcode"),
        (pl.col("house_number") == "", "no_house_number"),
        (pl.col("street_name") == "", "no_street_name"),
        (pl.col("access_address_id") == "", "no_access_address_id"),
        (pl.col("address_id") == "", "no_address_id"),
    ]:
        reason = pl.when(broken).then(pl.lit(why)).otherwise(reason)
    return reason
