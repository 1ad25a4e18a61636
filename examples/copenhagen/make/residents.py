"""The residents by rode, 2017-2024: what the five designation criteria are counted from.

The city publishes no figure of the criteria by area. The levels here are ours; they are drawn so
that the mean distance covered comes to about a third, as the status of 2024 says in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from .geography import Geography
from .revision import DROPPED, GROWN, NEW, revised, roder_in

CRITERIA_YEARS = tuple(range(2017, 2025))
CITY_RESIDENTS = (602_000, 660_000)
AREA_SHARE = (0.17, 0.185)
"""The areas' part of the residents, in the first and the last year."""

PROGRESS = (0.0, 0.12, 0.25, 0.38, 0.33, 0.58, 0.82, 1.0)
"""How much of the development from the first year to the last has come about, year by year."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Level:
    """A criterion: its column, that of the people it is of, and what it comes to.

    `rest`: in the rest of the city, first and last year; `lag`: how much worse the areas are in
    the first year; `closed`: the share of that lag that is closed in the last.
    """

    column: str
    people: str
    rest: tuple[float, float]
    lag: float
    closed: float


LEVELS = (
    Level("uden_for_arbejdsmarkedet", "alder_16_66", (0.14, 0.12), 0.12, 0.495),
    Level("ingen_uddannelse", "alder_16_64", (0.17, 0.14), 0.13, 0.24),
    Level("lav_indkomst", "alder_18_plus", (0.19, 0.195), 0.11, 0.02),
    Level("ikke_vestlig", "beboere", (0.10, 0.115), 0.24, 0.14),
    Level("boligareal_m2", "beboere_i_bolig", (41.5, 42.0), -8.5, -0.06),
)
PEOPLE = {"alder_16_66": 0.70, "alder_16_64": 0.68, "alder_18_plus": 0.82, "beboere_i_bolig": 0.975}
"""Part of the residents in each group of ages, or in an occupied dwelling."""


def write_residents(path: Path, geography: Geography, rng: Generator) -> None:
    """Write the table: a row a rode and year, with whole numbers of people and square metres."""
    in_areas = geography.rode_in_area
    size = rng.lognormal(0, 0.35, len(geography.roder))
    behind = [_behind(geography, rng) for _ in LEVELS]
    rows = []
    for year, progress in zip(CRITERIA_YEARS, PROGRESS, strict=True):
        residents = _residents(size, in_areas, progress)
        columns = {"beboere": residents}
        columns |= {n: np.round(residents * part).astype(int) for n, part in PEOPLE.items()}
        for level, (first, last) in zip(LEVELS, behind, strict=True):
            people = columns[level.people]
            now = first + progress * (last - first)
            columns[level.column] = _counts(level, people, now, in_areas, progress)
        names = [f"{i:03d}" for i in range(101, 101 + len(size))]
        rows.append(pl.DataFrame({"rode": names, "aar": [year] * len(names), **columns}))
    pl.concat(rows).write_csv(path, separator=";")


def _behind(geography: Geography, rng: Generator) -> tuple[Floats, Floats]:
    """How far each rode lies behind, first and last: 0 as the rest of the city, 1 as the areas.

    Areas differ, and go different ways. The one that is later dropped has caught up; the ground
    that is later added has not.
    """
    first = np.where(geography.rode_in_area, 1.0, 0.0) + rng.normal(0, 0.15, len(geography.roder))
    last = first.copy()
    before, after = dict(geography.areas), dict(revised(geography))
    for shape in before.values():
        members = roder_in(geography, shape)
        start, drift = rng.normal(0, 0.3), rng.normal(0, 0.2)
        first[members] += start
        last[members] += start + drift
    last[roder_in(geography, before[DROPPED])] = 0.2
    grown = shapely.difference(after[GROWN], before[GROWN])
    added = np.concatenate([roder_in(geography, after[NEW]), roder_in(geography, grown)])
    first[added], last[added] = 0.9, 1.5
    return first, last


def _residents(size: Floats, in_areas: NDArray[np.bool_], progress: float) -> NDArray[np.int64]:
    whole = _between(CITY_RESIDENTS, progress)
    share = _between(AREA_SHARE, progress)
    counts = np.empty(len(size), dtype=np.int64)
    for marks, part in ((in_areas, share), (~in_areas, 1 - share)):
        counts[marks] = np.round(whole * part * size[marks] / size[marks].sum())
    return counts


def _counts(
    level: Level,
    people: NDArray[np.int64],
    behind: Floats,
    in_areas: NDArray[np.bool_],
    progress: float,
) -> NDArray[np.int64]:
    """The counts of each rode; areas and rest come to their levels, to the nearest whole number."""
    rest = _between(level.rest, progress)
    lag = level.lag * (1 - progress * level.closed)
    found = np.empty(len(people))
    for marks, wanted in ((in_areas, rest + lag), (~in_areas, rest)):
        of_rode = np.maximum(rest + lag * behind[marks], 0.02)
        off = wanted * people[marks].sum() / (of_rode * people[marks]).sum()
        found[marks] = of_rode * off * people[marks]
    counts: NDArray[np.int64] = np.round(found).astype(np.int64)
    return counts


def _between(ends: tuple[float, float], progress: float) -> float:
    return ends[0] + progress * (ends[1] - ends[0])
