"""Records of addresses, whatever they came from -> the register, and those set aside.

A record has all of COLUMNS as text. `normalise` gives each value the one form the register has;
`checked` gives every record that cannot be used its reason. Nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from pyproj import Transformer

from kvarter.files.column import Column, Places
from kvarter.files.numbers import read_numbers
from kvarter.register.read import COLUMNS

_UTM32_DENMARK = {"x": (400_000, 900_000), "y": (6_000_000, 6_450_000)}
_DEGREES_DENMARK = {"x": (7, 16), "y": (54, 58.5)}

_KVHX = r"^([\d_ ]{4})([\d_ ]{4})([\w ]{4})(?:([\w ]{3})([\w /-]{4}))?$"
_IN_KVHX = {"municipality_code": 1, "street_code": 2, "house_number": 3, "floor": 4, "door": 5}


def normalise(records: pl.DataFrame) -> pl.DataFrame:
    """`records` in the register's forms: house number `12B`, floor `2`, door `tv`, codes of four.

    A column `kvhx` fills the parts of the address that are blank. Points in degrees (WGS84) are
    told by their values, and converted to EPSG:25832.
    """
    frame = _with_points(_from_kvhx(_trimmed(records)))
    code = [_code(name) for name in ("municipality_code", "street_code", "postcode")]
    house = pl.col("house_number").str.to_uppercase().str.replace_all(" ", "", literal=True)
    unit = [
        pl.col(name).str.to_lowercase().str.strip_chars(" .").str.strip_chars_start("0")
        for name in ("floor", "door")
    ]
    frame = frame.with_columns(*code, house.str.strip_chars_start("0"), *unit)
    bulk, postal = pl.col("bulk_postcode"), pl.col("postal_street_name")
    return frame.with_columns(
        bulk_postcode=pl.when(bulk == "").then(bulk).otherwise(_code("bulk_postcode")),
        postal_street_name=pl.when(postal == "").then("street_name").otherwise(postal),
    )


def _trimmed(records: pl.DataFrame) -> pl.DataFrame:
    """The columns a register has as text without blanks around it, and the others as they are."""
    have = [name for name in (*COLUMNS, "kvhx") if name in records.columns]
    texts = [pl.col(name).cast(pl.String).fill_null("").str.strip_chars() for name in have]
    blank = [pl.lit("", dtype=pl.String).alias(name) for name in COLUMNS if name not in have]
    return records.with_columns(*texts, *blank)


def _code(name: str) -> pl.Expr:
    return pl.col(name).str.zfill(4)


def _is_code(name: str) -> pl.Expr:
    return pl.col(name).str.contains(r"^\d{4}$") & (pl.col(name) != "0000")


def _from_kvhx(frame: pl.DataFrame) -> pl.DataFrame:
    """Parts of the address that are blank, from a KVHX of 19 characters or a KVH of 12."""
    if "kvhx" not in frame.columns:
        return frame
    key = pl.col("kvhx")
    parts = {
        name: key.str.extract(_KVHX, group).fill_null("").str.strip_chars("_ ")
        for name, group in _IN_KVHX.items()
    }
    return frame.with_columns(
        pl.when(pl.col(name) == "").then(part).otherwise(name).alias(name)
        for name, part in parts.items()
    ).drop("kvhx")


def _with_points(frame: pl.DataFrame) -> pl.DataFrame:
    """`x` and `y` as numbers in EPSG:25832."""
    frame = frame.with_columns(_coordinate(frame, axis) for axis in ("x", "y"))
    degrees = frame.select(_within(_DEGREES_DENMARK)).to_series()
    if not degrees.any():
        return frame
    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:25832", always_xy=True)
    there = frame.filter(degrees)
    x, y = to_metres.transform(there["x"].to_numpy(), there["y"].to_numpy())
    at = degrees.arg_true()
    return frame.with_columns(
        frame["x"].scatter(at, pl.Series(x).round(2)), frame["y"].scatter(at, pl.Series(y).round(2))
    )


def _coordinate(frame: pl.DataFrame, axis: str) -> pl.Series:
    """The numbers of an axis; a number that can be read in two ways is one that is in Denmark."""
    places = Places("", pl.Series(range(1, frame.height + 1), dtype=pl.Int64))
    metres, degrees = _UTM32_DENMARK[axis], _DEGREES_DENMARK[axis]
    read = read_numbers(
        Column(axis, frame[axis], places),
        possible=lambda at: at.is_between(*metres) | at.is_between(*degrees),
        field=axis,
    )
    return read.values


def _within(box: Mapping[str, tuple[float, float]]) -> pl.Expr:
    sides = [pl.col(axis).is_between(low, high) for axis, (low, high) in box.items()]
    return pl.all_horizontal(sides).fill_null(False)


def checked(records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The register in COLUMNS' form, sorted by id; and the bad records with `reason`.

    Of several records with the same id the first good one is kept. A former address whose
    `replaced_by` is none of today's good records leads nowhere, and is bad. A `reason` that a
    record already has stays.
    """
    given = pl.col("reason") if "reason" in records.columns else pl.lit(None, pl.String)
    frame = records.with_columns(reason=pl.coalesce(given, _reason()))
    again = ~pl.col("address_id").is_first_distinct()
    frame = _add_reason(frame, again, "address_id_seen_before")
    today = frame.filter(pl.col("reason").is_null() & (pl.col("replaced_by") == ""))["address_id"]
    leads_nowhere = (pl.col("replaced_by") != "") & ~pl.col("replaced_by").is_in(today.implode())
    frame = _add_reason(frame, leads_nowhere, "replaced_by_no_address_of_today")
    good = frame.filter(pl.col("reason").is_null()).select(*COLUMNS).sort("address_id")
    return good, frame.filter(pl.col("reason").is_not_null()).select(*COLUMNS, "reason")


def _add_reason(frame: pl.DataFrame, broken: pl.Expr, why: str) -> pl.DataFrame:
    """`frame` with `why` for those of its good records that are `broken` among the good."""
    bad = frame.with_row_index("at").filter(pl.col("reason").is_null()).filter(broken)["at"]
    if bad.is_empty():
        return frame
    return frame.with_columns(frame["reason"].scatter(bad, why))


def _reason() -> pl.Expr:
    """Why a record cannot be used; null where it can. The last that holds is the one given."""
    reason = pl.lit(None, dtype=pl.String)
    for broken, why in [
        (~_within(_UTM32_DENMARK), "point_outside_denmark_in_epsg_25832"),
        (pl.col("x").is_null() | pl.col("y").is_null(), "no_point"),
        (~_is_code("municipality_code"), "no_municipality"),
        (~_is_code("postcode"), "no_postcode"),
        (pl.col("house_number") == "", "no_house_number"),
        (pl.col("street_name") == "", "no_street_name"),
        (pl.col("access_address_id") == "", "no_access_address_id"),
        (pl.col("address_id") == "", "no_address_id"),
    ]:
        reason = pl.when(broken).then(pl.lit(why)).otherwise(reason)
    return reason
