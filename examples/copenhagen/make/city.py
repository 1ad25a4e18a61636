"""Makes the whole example: land, streets, register, people, and the extracts about them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from numpy.random import Generator

from kvarter.register import COLUMNS, write_register

from .figures import YEARS
from .files import extract_name, write_extract, write_layer
from .geography import make_geography
from .hearings import hearings
from .notices import NoticeYear
from .people import People
from .places import Homes, make_homes
from .register import make_dwellings, make_register
from .residents import write_residents
from .revision import revised
from .streets import make_entrances, make_streets
from .workbook import write_workbook

Truth = tuple[str, int, str, str, str, str]
TRUTH_COLUMNS = ("source", "row", "address_id", "access_address_id", "household", "note")


def make_city(
    folder: Path, seed: int = 2017, progress: Callable[[str], None] = lambda _: None
) -> None:
    """Write the synthetic city and its extracts into `folder`; README.md beside says what is what.

    The same `seed` gives the same bytes. `progress` is told what is being made.
    """

    def chance(part: int) -> Generator:
        # A stream for each part: a change in one does not reshuffle the others.
        return np.random.default_rng([seed, part])

    (folder / "extracts").mkdir(parents=True, exist_ok=True)
    progress("Land, districts and areas")
    geography = make_geography(chance(1))
    write_layer(folder / "areas.geojson", "delomraade", geography.areas)
    write_layer(folder / "areas_2021.geojson", "delomraade", revised(geography))
    write_layer(folder / "districts.geojson", "bydel", geography.districts)
    roder = [(f"{i:03d}", shape) for i, shape in enumerate(geography.roder, start=101)]
    write_layer(folder / "roder.geojson", "rode", roder)

    write_residents(folder / "residents.csv", geography, chance(9))

    progress("Streets, address register and dwelling stock")
    streets = make_streets(geography, chance(2))
    entrances = make_entrances(geography, streets, chance(3))
    register = make_register(streets, entrances, chance(4))
    dwellings = make_dwellings(register, chance(5))
    no_bulk = register.with_columns(bulk_postcode=pl.lit(""), bulk_district=pl.lit(""))
    write_register(no_bulk.select(*COLUMNS), (), folder / "register.parquet")
    dwellings.write_parquet(folder / "dwellings.parquet")

    homes = make_homes(register, dwellings, geography.areas)
    people = People(chance(6))
    progress("Eviction notices")
    truth = _write_notices(folder, homes, people, chance(7))
    progress("Hearings of minors")
    truth += _write_hearings(folder, homes, people, chance(8))
    pl.DataFrame(truth, schema=TRUTH_COLUMNS, orient="row").write_parquet(folder / "truth.parquet")


def _write_notices(folder: Path, homes: Homes, people: People, rng: Generator) -> list[Truth]:
    truth: list[Truth] = []
    for year in YEARS:
        rows = NoticeYear(year, homes, people, rng).rows()
        first_line = write_extract(folder / "extracts", year, rows)
        truth += [
            (extract_name(year), line, r.address_id, r.access_address_id, r.household, r.note)
            for line, r in enumerate(rows, start=first_line)
        ]
    return truth


def _write_hearings(folder: Path, homes: Homes, people: People, rng: Generator) -> list[Truth]:
    by_year = {year: hearings(year, homes, people, rng) for year in YEARS}
    path = folder / "extracts" / "grundlovsforhoer.xlsx"
    first_rows = write_workbook(path, by_year)
    return [
        (f"{path.stem}_{year}", line, r.address_id, r.access_address_id, r.person, r.note)
        for year, rows in by_year.items()
        for line, r in enumerate(rows, start=first_rows[year])
    ]
