"""Where people live: the city's addresses, which of them lie in which area, and draws of homes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from .directory import Address, Directory, read_addresses
from .figures import AREA_NOTICES_PERCENT, CITY_NOTICES_PERCENT, LEAST_IN_AN_AREA
from .streets import CITY_CODE

Places = NDArray[np.int64]
"""Positions in `Homes.addresses`."""

DRAWN_MORE = 6.0
"""How much likelier a home on a renamed street is drawn: there are few, and they are hard."""


@dataclass(frozen=True)
class Homes:
    addresses: list[Address]
    city: NDArray[np.bool_]
    by_area: list[NDArray[np.bool_]]
    """For each area, whether an address lies in it and in the city."""
    built: NDArray[np.int64]
    stock: dict[int, tuple[int, int]]
    """The dwellings of a year, in the areas and in the whole city."""
    directory: Directory

    @cached_property
    def in_areas(self) -> NDArray[np.bool_]:
        marks: NDArray[np.bool_] = np.logical_or.reduce(self.by_area)
        return marks

    @cached_property
    def _weights(self) -> NDArray[np.float64]:
        return np.array([DRAWN_MORE if a.old_street else 1.0 for a in self.addresses])

    @cached_property
    def city_places(self) -> Places:
        return np.flatnonzero(self.city).astype(np.int64)

    def standing(self, year: int) -> NDArray[np.bool_]:
        """Marks the city's homes that were built by `year`."""
        marks: NDArray[np.bool_] = self.city & (self.built <= year)
        return marks

    def draw(self, among: NDArray[np.bool_], how_many: int, rng: Generator) -> list[int]:
        """`how_many` different homes among those marked, in random order."""
        homes = np.flatnonzero(among)
        # The smallest of exponential waiting times are a weighted draw without replacement.
        waiting = rng.exponential(1 / self._weights[homes])
        drawn: list[int] = homes[np.argsort(waiting, kind="stable")[:how_many]].tolist()
        return drawn

    def draw_year(self, year: int, rng: Generator) -> list[int]:
        """Homes with a notice in `year`: as many as the published rates say, in every area."""
        stands = self.standing(year)
        area_stock, city_stock = self.stock[year]
        in_areas = round(AREA_NOTICES_PERCENT[year] / 100 * area_stock)
        in_city = round(CITY_NOTICES_PERCENT[year] / 100 * city_stock)
        chosen: list[int] = []
        free = stands & self.in_areas
        for area in self.by_area:
            drawn = self.draw(free & area, LEAST_IN_AN_AREA, rng)
            free[drawn] = False
            chosen += drawn
        chosen += self.draw(free, in_areas - len(chosen), rng)
        return chosen + self.draw(stands & ~self.in_areas, in_city - in_areas, rng)


def make_homes(
    register: pl.DataFrame, dwellings: pl.DataFrame, areas: list[tuple[str, BaseGeometry]]
) -> Homes:
    """The current addresses of `register`, placed in the areas; `dwellings` gives the stock."""
    current = register.filter(pl.col("valid_to") == "")
    city = (current["municipality_code"] == CITY_CODE).to_numpy()
    x, y = current["x"].to_numpy(), current["y"].to_numpy()
    by_area = [shapely.contains_xy(shape, x, y) & city for _, shape in areas]
    in_areas = current.select("access_address_id", inside=np.logical_or.reduce(by_area)).unique(
        "access_address_id", maintain_order=True
    )
    stock = (
        dwellings.join(in_areas, on="access_address_id")
        .group_by("year")
        .agg(areas=pl.col("dwellings").filter("inside").sum(), city=pl.col("dwellings").sum())
    )
    return Homes(
        read_addresses(register),
        city,
        by_area,
        current["built"].to_numpy(),
        {year: (areas, city) for year, areas, city in stock.sort("year").rows()},
        Directory(register),
    )
