"""What a policy counts -> amounts by year and place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from kvarter.areas import Outline
from kvarter.indicators.count import Amounts
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

_MOST_NAMED = 3
"""Examples of places that are not known."""


@dataclass(frozen=True)
class Places:
    """Where things can lie, and in which areas.

    `entrances`: those of the municipality, and `entrances_in_areas`: `place, area`; `units`: the
    polygons of each layer that statistics are located by, and `units_in_areas`: `place, area`.
    `elsewhere`: the entrances of other municipalities that the register has.
    `in_other_sets` and `units_in_other_sets`: the same for areas of other sets, of which figures
    were published.
    """

    entrances: pl.DataFrame
    entrances_in_areas: pl.DataFrame
    units: dict[str, dict[str, Outline]]
    units_in_areas: dict[str, pl.DataFrame]
    in_other_sets: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema={"place": pl.String, "area": pl.String})
    )
    units_in_other_sets: dict[str, pl.DataFrame] = field(default_factory=dict)
    elsewhere: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.String))

    def other_sets(self, quantity: Quantity, policy: Policy) -> pl.DataFrame:
        """`place, area` of other sets, for the places that a quantity is located by."""
        located = {each.id: each.located_by for each in policy.statistics}
        by = None if isinstance(quantity, CaseCount) else located[quantity.statistic]
        if isinstance(by, InUnit):
            return self.units_in_other_sets.get(by.layer, self.in_other_sets.clear())
        return self.in_other_sets


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


def amounts_of(
    quantity: Quantity,
    policy: Policy,
    cases: pl.DataFrame,
    places: Places,
    statistic_of: Callable[[str], pl.DataFrame],
) -> Amounts:
    """A quantity by year and place; the amount is null where the statistic is blank."""
    if isinstance(quantity, CaseCount):
        counted = cases.filter(
            (pl.col("cases") == quantity.cases) & (pl.col("outcome") == "counted")
        )
        rows = counted.select("year", place="access_address_id", amount=pl.lit(1.0))
        # A year without a countable case, in an extract with usable rows, has zero cases.
        unused = {source.id for source in silent(policy, cases.filter(~pl.col("bridging")))}
        for source in policy.sources:
            if source.cases == quantity.cases and source.id not in unused:
                years = range(source.first_day.year, source.last_day.year + 1)
                rows = pl.concat([rows, _empty_years(years)])
        return Amounts(rows, places.entrances_in_areas)
    table = statistic_of(quantity.statistic)
    located = {each.id: each.located_by for each in policy.statistics}[quantity.statistic]
    membership = (
        places.entrances_in_areas
        if isinstance(located, AtEntrance)
        else places.units_in_areas[located.layer]
    )
    amount = pl.col(quantity.column)
    if quantity.percent_of:
        amount = amount / 100 * pl.col(quantity.percent_of)
    return Amounts(table.select("year", "place", amount=amount), membership)


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
        return numerator, Amounts(denominator.rows.drop_nulls("amount"), denominator.membership)
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
        Amounts(numerator.rows.filter(both), numerator.membership),
        Amounts(denominator.rows.filter(both), denominator.membership),
    )
