"""An extract of Denmark's address register with one row a state -> states.

Columns: `level` (adresse or adgangsadresse), `id, adgangsadresse_id, status, is_current, vejnavn,
adresseringsvejnavn, husnr, etage, doer, supplerende_bynavn, postnr, postnrnavn,
stormodtager_postnr, stormodtager_postnrnavn, kommunekode, vejkode, x, y, lon, lat, valid_from,
valid_to`. Status as in DAR: 2 preliminary, 3 in force, 4 closed, 5 given up.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from kvarter.notes import Note
from kvarter.register.rows import read_rows
from kvarter.register.states import DAR_STATUS, ENTRANCE, UNIT

_NAMES = {
    "address_id": "id",
    "access_address_id": "adgangsadresse_id",
    "street_name": "vejnavn",
    "postal_street_name": "adresseringsvejnavn",
    "house_number": "husnr",
    "floor": "etage",
    "door": "doer",
    "supplementary_town": "supplerende_bynavn",
    "postcode": "postnr",
    "post_district": "postnrnavn",
    "municipality_code": "kommunekode",
    "street_code": "vejkode",
}
_MAY_LACK = {"bulk_postcode": "stormodtager_postnr", "bulk_district": "stormodtager_postnrnavn"}
_LEVELS = {"adresse": UNIT, "adgangsadresse": ENTRANCE}
_REQUIRED = [*_NAMES.values(), "level", "status", "is_current", "x", "y", "valid_from", "valid_to"]


def is_extract(header: list[str]) -> bool:
    """Whether a file with these columns has a row a state."""
    return {"level", "is_current", "adgangsadresse_id"} <= set(header)


def read_extract(path: Path) -> tuple[pl.DataFrame, pl.DataFrame, list[Note]]:
    """The states (see `kvarter.register.states`), `row, reason` of lines that are none, notes."""
    read = read_rows(path, {f"the extract's {name}": name for name in _REQUIRED})
    rows = read.frame.select(pl.all().cast(pl.String).fill_null("").str.strip_chars())
    point = {axis: pl.col(axis).replace("", None) for axis in "xy"}
    if {"lon", "lat"} <= set(rows.columns):
        point = {"x": pl.coalesce(point["x"], "lon"), "y": pl.coalesce(point["y"], "lat")}
    unknown = ~pl.col("status").is_in(list(DAR_STATUS)) | ~pl.col("level").is_in(list(_LEVELS))
    states = rows.select(
        *(pl.col(old).alias(new) for new, old in _NAMES.items()),
        *(pl.col(old).alias(new) for new, old in _MAY_LACK.items() if old in rows.columns),
        *(value.alias(axis) for axis, value in point.items()),
        pl.col("level").replace(_LEVELS),
        pl.col("status").replace(DAR_STATUS).alias("state"),
        (pl.col("is_current").is_in(["1", "true", "True"]) & (pl.col("status") == "3")).alias(
            "current"
        ),
        _time("valid_from").alias("began"),
        _time("valid_to").alias("ended"),
        pl.when(unknown).then(pl.lit("status_or_level_unknown")).alias("reason"),
    )
    return states.with_row_index("row"), read.not_rows, list(read.notes)


def _time(name: str) -> pl.Expr:
    return pl.col(name).replace("", None).str.to_datetime(time_zone="UTC", strict=False)
