"""Names of places: what may stand where a post district stands, in a register or not.

`places.tsv` has the post districts (DAWA, `postnumre`), the villages with a cadastral district of
their own (Matriklen, `ejerlav`: names that end in `By`), quarters of the larger cities, and
countries and towns abroad, with the names that are used of them in Danish and at home.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import polars as pl

from kvarter.addresses.fold import exact_key, fold_all

_LONGEST_QUARTER = 3
"""Letters of the quarter in a district's name: `C`, `SV`, and `Ø` as `oe`, `SØ` as `soe`."""


class Place(NamedTuple):
    """`kind`: `district`, `village`, `quarter` or `abroad`. `city`: the key of a quarter's city."""

    kind: str
    city: str = ""


@cache
def places() -> dict[str, Place]:
    """Each place by the exact key of its name."""
    text = (files("kvarter.addresses") / "places.tsv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    names, cities = (fold_all(pl.Series([row[of] for row in rows])) for of in ("name", "city"))
    found: dict[str, Place] = {}
    for row, name, in_city in zip(rows, names, cities, strict=True):
        found[exact_key(name)] = Place(row["kind"], exact_key(in_city))
        city, _, quarter = name.rpartition(" ")
        if city and len(quarter) <= _LONGEST_QUARTER:  # `Odense` of `Odense C`
            found.setdefault(exact_key(city), Place("district"))
    return found


@cache
def names_abroad() -> frozenset[str]:
    """The folded names of places in other countries, a word each."""
    return frozenset(name for name, found in places().items() if found.kind == "abroad")


def place(folded: str) -> Place | None:
    """The place of a folded name."""
    return places().get(exact_key(folded).removesuffix("kommune"))
