"""A status: everything a report is written from, and nothing that may not be shown.

`rows` is the exception: it holds addresses and pseudonyms, is written to the internal folder for
`kvarter trace`, and is read by no renderer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from kvarter.areas import AreaPolygons, Outline
from kvarter.cases import FINAL
from kvarter.disclosure import Fates
from kvarter.files import Profile
from kvarter.judgement import Judgement
from kvarter.notes import Note
from kvarter.policy.model import Edition, Policy
from kvarter.review.uncertain import by_hand


@dataclass(frozen=True)
class Ground:
    """What the geography is like: shapes for the map, and facts that the report must say.

    `built_up`: the ground around the municipality's addresses, to see the areas' place by where the
    policy has no layer of districts.
    """

    areas: AreaPolygons
    layers: dict[str, dict[str, Outline]]
    overlap_m2: float
    outside_m2: float | None
    entrances_in_several: int
    entrances_of_others: int
    built_up: BaseGeometry | None = None

    @property
    def mended(self) -> int:
        """Polygons whose outline crossed itself, and was mended."""
        outlines = [*self.areas.outlines.values()]
        outlines += [each for layer in self.layers.values() for each in layer.values()]
        return sum(outline.repaired for outline in outlines)

    @classmethod
    def of(
        cls,
        areas: AreaPolygons,
        layers: dict[str, dict[str, Outline]],
        entrances: pl.DataFrame,
        in_areas: pl.DataFrame,
        municipality: str,
    ) -> Ground:
        """The facts of `areas`. `outside_m2` needs a layer `districts` that makes up the city."""
        own = entrances.filter(pl.col("municipality_code") == municipality)
        several = (
            in_areas.join(own, on="place", how="semi")
            .group_by("place")
            .len()
            .filter(pl.col("len") > 1)
        )
        others = in_areas.join(own, on="place", how="anti")["place"].n_unique()
        city = city_of(layers)
        return cls(
            areas,
            layers,
            areas.overlap_m2,
            areas.outside_m2(city) if city is not None else None,
            several.height,
            others,
            None if layers.get("districts") else built_up(own),
        )


_SQUARE = 200.0
"""Metres: addresses in one square or in neighbouring ones are of the same ground on the map."""


def built_up(entrances: pl.DataFrame) -> BaseGeometry | None:
    """The ground around the points `x, y`, with gaps up to two squares closed; None for none."""
    squares = entrances.select(
        west=(pl.col("x") / _SQUARE).floor() * _SQUARE,
        south=(pl.col("y") / _SQUARE).floor() * _SQUARE,
    ).drop_nulls()
    squares = squares.unique().sort(pl.all())
    if squares.is_empty():
        return None
    west, south = squares["west"].to_numpy(), squares["south"].to_numpy()
    ground = shapely.union_all(shapely.box(west, south, west + _SQUARE, south + _SQUARE))
    return ground.buffer(_SQUARE, join_style="mitre").buffer(-_SQUARE, join_style="mitre")


def city_of(layers: dict[str, dict[str, Outline]]) -> BaseGeometry | None:
    """The whole city: its districts together, where the policy has a layer of them."""
    districts = layers.get("districts")
    if not districts:
        return None
    return shapely.union_all([outline.geometry for outline in districts.values()])


@dataclass(frozen=True)
class Status:
    """The outcome of a run. Tables are as described in docs/formats.md; hidden figures are null.

    `judgement`: the verdicts and what stands beside them; `effects`: of interventions; `fates`: of
    the rows of each kind of case, and what may be told of them. What was decided by hand
    (`decisions`, one row for each text), `rows`, what was hidden (`choices`), how closely it can be
    told (`told`), and the results and verdicts before anything was hidden (`exact`) stay in the
    house.
    """

    policy: Policy
    edition: Edition
    results: pl.DataFrame
    judgement: Judgement
    ledger: pl.DataFrame
    settled: pl.DataFrame
    ground: Ground
    fates: dict[str, Fates] = field(default_factory=dict, repr=False)
    profiles: dict[str, Profile] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    effects: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)
    choices: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)
    alternatives: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)
    told: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)
    distance: pl.DataFrame = field(default_factory=pl.DataFrame)
    distance_overall: pl.DataFrame = field(default_factory=pl.DataFrame)
    rows: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)
    decisions: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)
    exact: dict[str, pl.DataFrame] = field(default_factory=dict, repr=False)

    @property
    def verdicts(self) -> pl.DataFrame:
        """One row per goal, target and reading."""
        return self.judgement.verdicts

    def rows_by_outcome(self) -> dict[str, dict[str, int]]:
        """Rows of each source by final outcome, all outcomes named, and `read`, their sum."""
        counts: dict[str, dict[str, int]] = {}
        for source in self.profiles:
            rows = self.settled.filter(pl.col("source") == source)
            found = dict(rows.group_by("outcome").agg(pl.col("rows").sum()).iter_rows())
            counts[source] = {"read": int(rows["rows"].sum())} | {
                outcome.value: found.get(outcome.value, 0) for outcome in FINAL
            }
        return counts

    def by_hand(self) -> dict[str, int]:
        """How many texts were decided, in how many rows, and how many do not occur."""
        return by_hand(self.rows, self.decisions)
