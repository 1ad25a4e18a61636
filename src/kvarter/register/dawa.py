"""The flat address CSV of DAWA (`/adresser?format=csv&struktur=flad`) -> records.

The web service closed on 1 October 2026 (HTTP 410); many municipalities have a file saved from it.
Columns used: `id, status, oprettet, ikrafttrædelse, vejkode, vejnavn, adresseringsvejnavn, husnr,
etage, dør, supplerendebynavn, postnr, postnrnavn, stormodtagerpostnr, stormodtagerpostnrnavn,
kommunekode, adgangsadresseid, etrs89koordinat_øst, etrs89koordinat_nord,
wgs84koordinat_længde, wgs84koordinat_bredde, kvhx`. Status: 1 in force, 2 closed,
3 preliminary, 4 given up.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import polars as pl

from kvarter.notes import Note
from kvarter.register.rows import read_rows

_NAMES = {
    "address_id": "id",
    "access_address_id": "adgangsadresseid",
    "street_name": "vejnavn",
    "postal_street_name": "adresseringsvejnavn",
    "house_number": "husnr",
    "floor": "etage",
    "door": "dør",
    "supplementary_town": "supplerendebynavn",
    "postcode": "postnr",
    "post_district": "postnrnavn",
    "municipality_code": "kommunekode",
    "street_code": "vejkode",
    "bulk_postcode": "stormodtagerpostnr",
    "bulk_district": "stormodtagerpostnrnavn",
    "kvhx": "kvhx",
}
_METRES = {"x": "etrs89koordinat_øst", "y": "etrs89koordinat_nord"}
_REQUIRED = ["id", "adgangsadresseid", "status", "vejnavn", "husnr", "postnr", "kommunekode"]
_DEGREES = {"x": "wgs84koordinat_længde", "y": "wgs84koordinat_bredde"}
_NOT_IN_FORCE = {"2": "closed", "3": "preliminary", "4": "given_up"}


def is_dawa(header: list[str]) -> bool:
    """Whether a file with these columns is a flat address file of DAWA."""
    return set(_REQUIRED) <= set(map(_plain, header))


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def read_dawa(path: Path) -> tuple[pl.DataFrame, dict[str, int], list[Note]]:
    """The records in force, with `reason` where a line is none; others by status; notes."""
    read = read_rows(path, {f"DAWA's {name}": name for name in _REQUIRED})
    rows = read.frame.rename(_plain)
    rows = rows.select(pl.all().cast(pl.String).fill_null("").str.strip_chars())
    state = pl.col("status").replace(_NOT_IN_FORCE)
    others = rows.select(state.alias("state")).filter(pl.col("state").is_in(_NOT_IN_FORCE.values()))
    left_out = dict(sorted(others["state"].value_counts().iter_rows()))
    rows = rows.filter(~pl.col("status").is_in(list(_NOT_IN_FORCE)))
    unknown = pl.when(pl.col("status") != "1").then(pl.lit("status_unknown"))
    records = rows.select(
        *(pl.col(old).alias(new) for new, old in _NAMES.items() if old in rows.columns),
        *(_first_of(rows, _METRES[axis], _DEGREES[axis]).alias(axis) for axis in _DEGREES),
        _first_of(rows, "ikrafttrædelse", "oprettet").alias("valid_from"),
        unknown.alias("reason"),
    )
    aside = read.not_rows.select(pl.format("line {}", "row").alias("address_id"), "reason")
    return pl.concat([records, aside], how="diagonal"), left_out, list(read.notes)


def _first_of(rows: pl.DataFrame, *names: str) -> pl.Expr:
    """The first of these columns that is there and is not blank, row by row."""
    have = [pl.col(name).replace("", None) for name in names if name in rows.columns]
    return pl.coalesce(*have, pl.lit("")) if have else pl.lit("")
