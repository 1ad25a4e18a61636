"""What a policy counts -> amounts by year and place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import polars as pl

from kvarter.areas import AreaPolygons, Outline, place_points, place_units
from kvarter.indicators.cube import LIES_IN, Amounts
from kvarter.notes import Note
from kvarter.policy.model import (
    AtEntrance,
    CaseCount,
    Criterion,
    Indicator,
    InUnit,
    Policy,
    Quantity,
    Source,
    Statistic,
    StatisticSum,
)
from kvarter.register import read_statistic

_MOST_NAMED = 3
"""Examples of places that are not known."""


@dataclass(frozen=True)
class Places:
    """Where things can lie, and in which areas.

    entrances: those of the municipality, with `place`.
    units: the polygons of each layer that statistics are located by.
    entrances_lie_in, units_lie_in (by layer): columns `LIES_IN`, of the area sets of the edition,
        of the distance measure and of earlier releases, and of areas published together.
    elsewhere: the entrances of other municipalities that the register has.
    """

    entrances: pl.DataFrame
    units: dict[str, dict[str, Outline]]
    entrances_lie_in: pl.DataFrame
    units_lie_in: dict[str, pl.DataFrame]
    elsewhere: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.String))

    @classmethod
    def of(
        cls,
        entrances: pl.DataFrame,
        policy: Policy,
        layers: dict[str, dict[str, Outline]],
        area_sets: dict[str, AreaPolygons],
    ) -> Places:
        """From the outlines of all area sets; `entrances`: `place, x, y, municipality_code`."""
        own = entrances.filter(pl.col("municipality_code") == policy.municipality.code)
        units = {
            statistic.located_by.layer: layers[statistic.located_by.layer]
            for statistic in policy.statistics
            if isinstance(statistic.located_by, InUnit)
        }

        def of_all_sets(place: Callable[[AreaPolygons], pl.DataFrame]) -> pl.DataFrame:
            tables = [
                place(areas).select("place", pl.lit(name).alias("area_set"), "area")
                for name, areas in area_sets.items()
            ]
            return with_areas_together(pl.concat([pl.DataFrame(schema=LIES_IN), *tables]), policy)

        return cls(
            own,
            units,
            of_all_sets(partial(place_points, own)),
            {name: of_all_sets(partial(place_units, unit)) for name, unit in units.items()},
            entrances.join(own, on="place", how="anti")["place"],
        )

    def lie_in(self, quantity: Quantity, policy: Policy) -> pl.DataFrame:
        """Columns `LIES_IN`, for the places that a quantity is located by."""
        if isinstance(quantity, CaseCount):
            return self.entrances_lie_in
        by = policy.statistic(quantity.statistic).located_by
        return self.entrances_lie_in if isinstance(by, AtEntrance) else self.units_lie_in[by.layer]


def with_areas_together(lies_in: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`lies_in`, and in the areas that are published under one name (`coarser`).

    Those of any indicator, since another may count the same people.
    """
    together = [
        lies_in.filter(pl.col("area").is_in(within)).with_columns(area=pl.lit(name))
        for _, indicator in policy.indicators()
        for name, within in policy.disclosure_of(indicator).coarser.items()
    ]
    return pl.concat([lies_in, *together]).unique().sort("place", "area_set", "area")


class Quantities:
    """What a policy counts, by year and place: cases, and statistics, which are read when asked.

    statistics: the rows of each that was read, and lie in the municipality.
    notes: what could not be counted.
    """

    def __init__(self, policy: Policy, folder: Path, cases: pl.DataFrame, places: Places) -> None:
        """`cases`: united; files are relative to `folder`."""
        self.policy, self.cases = policy, cases
        self.statistics: dict[str, pl.DataFrame] = {}
        self.notes: list[Note] = []
        self._folder, self._places = folder, places

    def of(self, counted: Indicator | Criterion) -> tuple[Amounts, Amounts | None]:
        """The numerator and the denominator, of what is known in both."""
        numerator = self._amounts(counted.numerator)
        if counted.denominator is None:
            return numerator, None
        denominator = self._amounts(counted.denominator)
        return known_in_both(counted, numerator, denominator, self.notes)

    def _amounts(self, quantity: Quantity) -> Amounts:
        """A quantity by year and place; the amount is null where the statistic is blank."""
        lies_in = self._places.lie_in(quantity, self.policy)
        if isinstance(quantity, StatisticSum):
            amount = pl.col(quantity.column)
            if quantity.percent_of:
                amount = amount / 100 * pl.col(quantity.percent_of)
            rows = self._statistic(quantity.statistic)
            return Amounts(rows.select("year", "place", amount=amount), lies_in)
        counted = self.cases.filter(
            (pl.col("cases") == quantity.cases) & (pl.col("outcome") == "counted")
        )
        rows = counted.select("year", place="access_address_id", amount=pl.lit(1.0))
        # A year without a countable case, in an extract with usable rows, has zero cases.
        usable = self.cases.filter(~pl.col("bridging"))
        unused = {source.id for source in silent(self.policy, usable)}
        for source in self.policy.sources:
            if source.cases == quantity.cases and source.id not in unused:
                years = range(source.first_day.year, source.last_day.year + 1)
                rows = pl.concat([rows, _empty_years(years)])
        return Amounts(rows, lies_in)

    def _statistic(self, name: str) -> pl.DataFrame:
        if name not in self.statistics:
            statistic = self.policy.statistic(name)
            read = read_statistic(statistic, columns_wanted(self.policy, name), self._folder)
            self.notes.extend(read.notes)
            self.statistics[name] = of_the_city(read.rows, statistic, self._places, self.notes)
        return self.statistics[name]


def columns_wanted(policy: Policy, statistic: str) -> dict[str, bool]:
    """The columns of a statistic that the policy uses, and whether each is a percentage."""
    counted: list[Indicator | Criterion] = [each for _, each in policy.indicators()]
    counted += policy.criteria
    quantities = [q for each in counted for q in (each.numerator, each.denominator)]
    wanted: dict[str, bool] = {}
    for quantity in quantities:
        if isinstance(quantity, StatisticSum) and quantity.statistic == statistic:
            is_percentage = quantity.percent_of is not None
            wanted[quantity.column] = wanted.get(quantity.column, False) or is_percentage
            if quantity.percent_of is not None:
                wanted.setdefault(quantity.percent_of, False)
    return wanted


def of_the_city(
    table: pl.DataFrame, statistic: Statistic, places: Places, notes: list[Note]
) -> pl.DataFrame:
    """The rows of a statistic whose place is known and lies in the municipality."""
    if isinstance(statistic.located_by, AtEntrance):
        known = places.entrances["place"]
    else:
        known = pl.Series(list(places.units[statistic.located_by.layer]), dtype=pl.String)
    is_known = pl.col("place").is_in(known.implode())
    kept = table.filter(is_known)
    elsewhere = pl.col("place").is_in(places.elsewhere.implode())
    outside = table.filter(~is_known & elsewhere).height
    values: dict[str, str | int] = {"statistic": statistic.id, "all": table.height}
    if outside:
        notes.append(
            Note(
                "{statistic}: {rows} of {all} rows {rows:lies|lie} in other municipalities, and "
                "{rows:is|are} left out.",
                values | {"rows": outside},
                wrong=kept.is_empty(),
            )
        )
    unknown = table.filter(~is_known & ~elsewhere)["place"].fill_null("")
    if unknown.len():
        examples = unknown.filter(unknown != "").unique(maintain_order=True).head(_MOST_NAMED)
        notes.append(
            Note(
                "{statistic}: {rows} of {all} rows {rows:is|are} at places that {where} does "
                "not have, and {rows:is|are} left out. Such places are: {examples}.",
                values
                | {
                    "rows": unknown.len(),
                    "where": _where(statistic),
                    "examples": ", ".join(examples) or "(blank)",
                },
                wrong=kept.is_empty(),
            )
        )
    twice = kept.height - kept.select("place", "year").n_unique()
    if twice:
        notes.append(
            Note(
                "{statistic}: {rows} {rows:row is|rows are} of a place and year that an earlier "
                "row is of too; they are added up.",
                {"statistic": statistic.id, "rows": twice},
            )
        )
    return kept


def _where(statistic: Statistic) -> str:
    """What has the places that a statistic is located by, as the policy calls it."""
    by = statistic.located_by
    return "`register`" if isinstance(by, AtEntrance) else f"`{by.layer}`"


def silent(policy: Policy, cases: pl.DataFrame) -> list[Source]:
    """The sources without a single usable row: no evidence that there were no cases."""
    usable = cases["source"].unique()
    return [source for source in policy.sources if source.id not in usable]


def _empty_years(years: range) -> pl.DataFrame:
    return pl.DataFrame(
        {"year": list(years), "place": "", "amount": 0.0},
        schema={"year": pl.Int64, "place": pl.String, "amount": pl.Float64},
    )


def known_in_both(
    indicator: Indicator | Criterion, numerator: Amounts, denominator: Amounts, notes: list[Note]
) -> tuple[Amounts, Amounts]:
    """Leave out of both what is blank in either, where both come from the same table."""
    above, below = indicator.numerator, indicator.denominator
    if not (
        isinstance(above, StatisticSum)
        and isinstance(below, StatisticSum)
        and above.statistic == below.statistic
    ):
        for amounts in (numerator, denominator):
            blank = amounts.rows["amount"].null_count()
            if blank:
                notes.append(
                    Note(
                        "{indicator}: {rows} {rows:row has|rows have} no number that can be "
                        "read, and {rows:is|are} left out.",
                        {"indicator": indicator.id, "rows": blank},
                    )
                )
        return numerator, Amounts(denominator.rows.drop_nulls("amount"), denominator.lies_in)
    both = numerator.rows["amount"].is_not_null() & denominator.rows["amount"].is_not_null()
    out = denominator.rows.filter(~both)
    if out.height:
        notes.append(
            Note(
                "{indicator}: {rows} of {all} rows {rows:has blanks and is|have blanks and are} "
                "left out of numerator and denominator ({amount} of {whole}).",
                {
                    "indicator": indicator.id,
                    "rows": out.height,
                    "all": both.len(),
                    "amount": round(out["amount"].sum()),
                    "whole": round(denominator.rows["amount"].sum()),
                },
            )
        )
    return (
        Amounts(numerator.rows.filter(both), numerator.lies_in),
        Amounts(denominator.rows.filter(both), denominator.lies_in),
    )
