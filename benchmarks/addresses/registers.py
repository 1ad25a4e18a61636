"""The registers to match against: the example's city, with real street names, and a whole country.

All are in the register's format (`kvarter.register.COLUMNS`), without a name or number copied from
anywhere but the files that `real_names` is pointed to.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "examples" / "copenhagen"))

from make.geography import make_geography  # noqa: E402
from make.register import make_register  # noqa: E402
from make.streets import make_entrances, make_streets  # noqa: E402

CITIES = [
    "Aarhus", "Odense", "Aalborg", "Esbjerg", "Randers", "Horsens", "Kolding", "Vejle",
    "Roskilde", "Herning", "Silkeborg", "Næstved",
]  # fmt: skip
"""Names for the districts of the country's cities; the streets in them are made up."""


def city_register(seed: int = 2017) -> pl.DataFrame:
    """The example's city: some 330,000 unit addresses. The example's own seed is 2017."""

    def chance(part: int) -> np.random.Generator:
        return np.random.default_rng([seed, part])

    geography = make_geography(chance(1))
    streets = make_streets(geography, chance(2))
    register = make_register(streets, make_entrances(geography, streets, chance(3)), chance(4))
    blank = [pl.lit("").alias(name) for name in ("bulk_postcode", "bulk_district")]
    return register.drop("built").with_columns(blank)


def real_names(shared: Path) -> pl.DataFrame:
    """`street_name, postal_street_name` of real Danish streets in the open files under `shared`."""
    sample = pl.read_csv(
        shared / "dar" / "street_names_sample.csv", separator=";", infer_schema=False
    )
    city = pl.read_csv(shared / "copenhagen" / "streets.csv", infer_schema=False)
    name = pl.col("street_name")
    return (
        pl.concat(
            [
                sample.select(street_name="navn", postal_street_name="adresseringsnavn"),
                city.select(street_name="vejnavn", postal_street_name=pl.lit("")),
            ]
        )
        .filter(name.str.contains(r"^[\p{L}][\p{L} .'-]+$"))
        .with_columns(postal_street_name=_postal())
        .unique("street_name", keep="first", maintain_order=True)
        .sort("street_name")
    )


def _postal() -> pl.Expr:
    """The name on letters, where the file says it; else the name itself where that is short."""
    said, name = pl.col("postal_street_name").fill_null(""), pl.col("street_name")
    return pl.when(said != "").then(said).otherwise(name.str.slice(0, 20))


def renamed(register: pl.DataFrame, names: pl.DataFrame, seed: int) -> pl.DataFrame:
    """`register` with its street names changed one for one to those of `names`."""
    old = register["street_name"].unique().sort()
    if names.height < len(old):
        raise ValueError(f"{len(old)} streets need as many names, not {names.height}")
    new = names.sample(len(old), seed=seed, shuffle=True)
    change = new.select(pl.Series("old", old), new="street_name", new_postal="postal_street_name")
    return (
        register.join(change, left_on="street_name", right_on="old", maintain_order="left")
        .with_columns(street_name="new", postal_street_name="new_postal")
        .select(register.columns)
    )


def country_register() -> pl.DataFrame:
    """As many unit addresses as Denmark has, in twelve cities that share many street names."""
    parts = []
    for number, city in enumerate(CITIES):
        made = city_register(seed=3000 + number)
        codes = made["postcode"].unique().sort()
        own = pl.DataFrame(
            {
                "postcode": codes,
                "new": [f"{1000 + 700 * number + 9 * i:04d}" for i in range(len(codes))],
            }
        )
        tag = pl.lit(f"{number:02d}-")
        parts.append(
            made.join(own, on="postcode", maintain_order="left")
            .with_columns(
                postcode="new",
                post_district=pl.col("post_district").str.replace("København", city),
                municipality_code=pl.lit(f"{700 + number:04d}"),
                address_id=tag + pl.col("address_id"),
                access_address_id=tag + pl.col("access_address_id"),
                replaced_by=pl.when(pl.col("replaced_by") == "")
                .then(pl.lit(""))
                .otherwise(tag + pl.col("replaced_by")),
                x=pl.col("x") - 20_000.0 * number,
            )
            .drop("new")
        )
    return pl.concat(parts)
