"""The address register and the dwelling stock, made of the streets and their entrances."""

from __future__ import annotations

import polars as pl
from numpy.random import Generator

from .figures import YEARS
from .names import fold, postal_name, street_names
from .people import words
from .streets import CITY_CODE, VILLA, Street

COLUMNS = words(
    """
    address_id access_address_id street_name postal_street_name house_number floor door
    supplementary_town postcode post_district municipality_code street_code x y valid_from
    valid_to replaced_by
    """
)

RENAMED = ("2015-06-01", "2018-05-01", "2020-10-01", "2022-04-01")
"""The last day of the old name of a street, one street for each."""

DOORS: tuple[tuple[str, ...], ...] = (
    ("tv", "th"),
    ("tv", "mf", "th"),
    ("1", "2", "3", "4"),
    ("1", "2", "3", "4", "5", "6"),
    ("",),
)
DOOR_SHARES = (0.54, 0.24, 0.10, 0.08, 0.04)
TOP_FLOORS = (2, 3, 4, 5, 6)
TOP_FLOOR_SHARES = (0.08, 0.17, 0.35, 0.28, 0.12)

NOT_DWELLINGS = 0.03
"""The part of the stairwells with a flat or two used for something else than living."""

TOWN_STREETS = 25
SUPPLEMENTARY_TOWN = "Strandlodden"


def make_register(streets: list[Street], entrances: pl.DataFrame, rng: Generator) -> pl.DataFrame:
    """The register in its plain format: current unit addresses, then former ones.

    A column `built` is left on it for the dwelling stock; the file does not have it.
    """
    current = _units(_named(streets, entrances), rng)
    former = _former(current, _renamable(streets), rng)
    renamed = former.select("replaced_by", began=pl.col("valid_to"))
    # A renamed street's present addresses begin on the day after the old name ended.
    current = (
        current.join(renamed, left_on="address_id", right_on="replaced_by", how="left")
        .with_columns(
            valid_from=pl.when(pl.col("began").is_null())
            .then("valid_from")
            .otherwise(pl.col("began").str.to_date().dt.offset_by("1d").dt.to_string())
        )
        .drop("began")
        .sort("order")
    )
    return pl.concat([current, former.select(current.columns)]).select(*COLUMNS, "built")


def _named(streets: list[Street], entrances: pl.DataFrame) -> pl.DataFrame:
    """Entrances with what they have from their street."""
    of_street = pl.DataFrame(
        {
            "street": range(len(streets)),
            "street_name": [street.name for street in streets],
            "postal_street_name": [postal_name(street.name) for street in streets],
            "municipality_code": [street.municipality for street in streets],
            "street_code": [street.code for street in streets],
            "kind": [street.kind for street in streets],
            "built": [street.built for street in streets],
            "supplementary_town": [
                SUPPLEMENTARY_TOWN if place < TOWN_STREETS else "" for place in range(len(streets))
            ],
        }
    )
    return (
        entrances.join(of_street, on="street")
        .sort("municipality_code", "street_code", "number", "letter")
        .with_row_index("entrance")
    )


def _units(entrances: pl.DataFrame, rng: Generator) -> pl.DataFrame:
    """Entrances with one row for each flat in them; a house has a single row, without a door."""
    how_many = len(entrances)
    layouts = _layouts()
    kinds = len(TOP_FLOORS) * len(DOORS)
    shares = [tall * wide for tall in TOP_FLOOR_SHARES for wide in DOOR_SHARES]
    # A stairwell has the layout of its street; every tenth has its own.
    streets = int(entrances["street"].max()) + 1  # type: ignore[arg-type]
    of_street = rng.choice(kinds, streets, p=shares)[entrances["street"].to_numpy()]
    own = pl.Series(rng.choice(kinds, how_many, p=shares))
    layout = pl.select(
        pl.when(pl.Series(rng.random(how_many) < 0.1)).then(own).otherwise(pl.Series(of_street))
    ).to_series()
    cellar = pl.Series(rng.random(how_many) < 0.03)
    villa = entrances["kind"] == VILLA
    ids = pl.Series("access_address_id", uuids(rng, how_many))
    since = pl.Series([f"{1990 + n}-0{1 + n % 9}-01" for n in rng.integers(0, 20, how_many)])
    units = (
        entrances.with_columns(
            ids,
            layout=pl.select(pl.when(villa).then(-1).otherwise(layout)).to_series().cast(pl.Int64),
            cellar=cellar & ~villa,
            since=since,
        )
        .join(layouts, on="layout", maintain_order="left")
        .filter((pl.col("floor") != "kl") | pl.col("cellar"))
        .sort("entrance", "rank", maintain_order=True)
        .with_row_index("order")
    )
    return units.with_columns(
        pl.Series("address_id", uuids(rng, len(units))),
        valid_from=pl.when(pl.col("built") > 0)
        .then(pl.format("{}-01-01", "built"))
        .otherwise("since"),
        valid_to=pl.lit(""),
        replaced_by=pl.lit(""),
    )


def _layouts() -> pl.DataFrame:
    """The floors and doors of each kind of stairwell, from the cellar up; -1 is a house."""
    rows = [(-1, "", "", 0)]
    for tall, top in enumerate(TOP_FLOORS):
        for wide, doors in enumerate(DOORS):
            floors = ["kl", "st", *map(str, range(1, top + 1))]
            flats = [(floor, door) for floor in floors for door in doors]
            rows += [
                (tall * len(DOORS) + wide, floor, door, rank)
                for rank, (floor, door) in enumerate(flats)
                # There is one flat in a cellar.
                if floor != "kl" or door == doors[0]
            ]
    return pl.DataFrame(rows, schema=["layout", "floor", "door", "rank"], orient="row")


def _renamable(streets: list[Street]) -> list[str]:
    """The codes of city streets of flats, neither very short nor very long, to get a new name."""
    fit = [
        street.code
        for street in streets
        if street.municipality == CITY_CODE and street.kind != VILLA and street.built == 0
        if 200 < street.line.length < 300
    ]
    return fit[:: max(1, len(fit) // len(RENAMED))][: len(RENAMED)]


def _former(current: pl.DataFrame, codes: list[str], rng: Generator) -> pl.DataFrame:
    """The addresses that the renamed streets had before, each replaced by a present one."""
    taken = {fold(name) for name in current["street_name"].unique(maintain_order=True)}
    names = [name for name in street_names(rng, 300) if fold(name) not in taken]
    parts = []
    for old, (code, until) in enumerate(zip(codes, RENAMED, strict=True)):
        on_street = (pl.col("street_code") == code) & (pl.col("municipality_code") == CITY_CODE)
        units = current.filter(on_street)
        entrances = units.select("access_address_id").unique(maintain_order=True)
        access = entrances.with_columns(pl.Series("old_access", uuids(rng, len(entrances))))
        parts.append(
            units.join(access, on="access_address_id", maintain_order="left").with_columns(
                pl.Series("replaced_by", units["address_id"]),
                pl.Series("address_id", uuids(rng, len(units))),
                access_address_id="old_access",
                street_name=pl.lit(names[old]),
                postal_street_name=pl.lit(postal_name(names[old])),
                street_code=pl.lit(f"{9000 + old:04d}"),
                valid_to=pl.lit(until),
            )
        )
    return pl.concat(parts)


def make_dwellings(register: pl.DataFrame, rng: Generator) -> pl.DataFrame:
    """The dwelling stock: year, access_address_id, dwellings, for the city's entrances."""
    flats = (
        register.filter((pl.col("municipality_code") == CITY_CODE) & (pl.col("valid_to") == ""))
        .group_by("access_address_id", maintain_order=True)
        .agg(pl.first("built"), units=pl.len())
    )
    shops = (rng.random(len(flats)) < NOT_DWELLINGS) * rng.integers(1, 3, len(flats))
    flats = flats.with_columns(shops=pl.Series(shops)).with_columns(
        dwellings=pl.when(pl.col("units") > 4)
        .then(pl.col("units") - pl.col("shops"))
        .otherwise("units")
        .cast(pl.Int64)
    )
    return pl.concat(
        flats.filter(pl.col("built") <= year).select(
            pl.lit(year).cast(pl.Int64).alias("year"), "access_address_id", "dwellings"
        )
        for year in YEARS
    )


def uuids(rng: Generator, how_many: int) -> list[str]:
    """Ids that look like those of the register."""
    digits = rng.bytes(how_many * 16).hex()
    return [
        f"{d[:8]}-{d[8:12]}-4{d[13:16]}-a{d[17:20]}-{d[20:]}"
        for d in (digits[i : i + 32] for i in range(0, len(digits), 32))
    ]
