"""What a policy counts -> amounts by year and place -> the measures of all indicators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import polars as pl

from kvarter.areas import Outline
from kvarter.engine import Engine
from kvarter.indicators.count import (
    NO_UNLOCATED,
    PIECE,
    Amounts,
    Unlocated,
    largest_two,
    measure,
    pieces,
)
from kvarter.policy.model import (
    AtEntrance,
    CaseCount,
    Criterion,
    Edition,
    Indicator,
    InUnit,
    Policy,
    Published,
    Quantity,
    Source,
    Statistic,
    StatisticSum,
    data_year,
)
from kvarter.register import read_statistic


@dataclass(frozen=True)
class Places:
    """Where things can lie, and in which areas.

    `entrances`: those of the municipality, and `entrances_in_areas`: `place, area`; `units`: the
    polygons of each layer that statistics are located by, and `units_in_areas`: `place, area`.
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

    def other_sets(self, quantity: Quantity, policy: Policy) -> pl.DataFrame:
        """`place, area` of other sets, for the places that a quantity is located by."""
        located = {each.id: each.located_by for each in policy.statistics}
        by = None if isinstance(quantity, CaseCount) else located[quantity.statistic]
        if isinstance(by, InUnit):
            return self.units_in_other_sets.get(by.layer, self.in_other_sets.clear())
        return self.in_other_sets


@dataclass(frozen=True)
class Note:
    """Something a reader must know about the figures: an English message and its values."""

    message: str
    values: dict[str, str | int]


@dataclass
class Measured:
    """The measures of all indicators, and notes on what could not be counted.

    `pieces`: `indicator` and the columns of `count.pieces`, for the disclosure stage alone.
    """

    measures: pl.DataFrame
    pieces: pl.DataFrame
    notes: list[Note] = field(default_factory=list)


def measure_all(
    engine: Engine,
    policy: Policy,
    edition: Edition,
    folder: Path,
    cases: pl.DataFrame,
    places: Places,
    areas: list[str],
) -> Measured:
    """Every indicator of `policy` as measures (see `measure`), with `goal` and `origin` added.

    `cases`: the united cases. Measures are of the years up to that of the edition's data. A
    published figure stands in only for a year and group that was not computed, with the origin
    `published`.
    """
    notes = [
        Note(
            "{source}: not one row of this extract can be used, so it tells nothing of its years. "
            "Is it the right file? If there were no cases at all, say so under `published`.",
            {"source": source.id},
        )
        for source in _silent(policy, cases)
    ]

    @cache
    def statistic_of(name: str) -> pl.DataFrame:
        statistic = {each.id: each for each in policy.statistics}[name]
        wanted = columns_wanted(policy, name)
        return of_the_city(read_statistic(statistic, wanted, folder), statistic, places, notes)

    tables, cut = [], []
    for goal, indicator in policy.indicators():
        numerator = amounts_of(indicator.numerator, policy, cases, places, statistic_of)
        denominator = (
            amounts_of(indicator.denominator, policy, cases, places, statistic_of)
            if indicator.denominator
            else None
        )
        if denominator is not None:
            numerator, denominator = known_in_both(indicator, numerator, denominator, notes)
        ground = pieces(
            _cut(indicator.numerator, numerator, policy, places),
            _cut(indicator.denominator, denominator, policy, places)
            if indicator.denominator and denominator
            else None,
        ).filter(pl.col("period") <= data_year(indicator, edition))
        told_areas, numerator, denominator = told_together(
            policy, indicator, areas, numerator, denominator
        )
        unlocated = _unlocated(indicator.numerator, cases)
        then = pl.col("period") <= data_year(indicator, edition)
        computed = measure(engine, indicator, numerator, denominator, unlocated, told_areas).filter(
            then
        )
        cut.append(ground.select(pl.lit(indicator.id).alias("indicator"), *PIECE))
        told = _with_published(computed, indicator).filter(then)
        told = _with_largest(told, policy, indicator, numerator, told_areas)
        tables.append(told.with_columns(pl.lit(goal.number).alias("goal")))
        for period in computed.filter(pl.col("value").is_null())["period"].unique().sort():
            notes.append(
                Note(
                    "{indicator}: no denominator above zero for {year}, so no figure.",
                    {"indicator": indicator.id, "year": str(period)},
                )
            )
    nothing = pl.DataFrame(schema={"indicator": pl.String, **PIECE})
    return Measured(
        pl.concat(tables) if tables else pl.DataFrame(schema=MEASURE),
        pl.concat([nothing, *cut]),
        notes,
    )


MEASURE = {
    "indicator": pl.String,
    "period": pl.Int64,
    "group": pl.String,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "value": pl.Float64,
    "unlocated": pl.Int64,
    "origin": pl.String,
    "largest": pl.Float64,
    "second": pl.Float64,
    "goal": pl.Int64,
}


def told_together(
    policy: Policy,
    indicator: Indicator,
    areas: list[str],
    numerator: Amounts,
    denominator: Amounts | None,
) -> tuple[list[str], Amounts, Amounts | None]:
    """The areas as they are told: some together under one name, where the rules say so."""
    coarser = policy.disclosure_of(indicator).coarser
    name_of = {area: name for name, within in coarser.items() for area in within}
    if not name_of:
        return areas, numerator, denominator

    def named(amounts: Amounts) -> Amounts:
        mapped = amounts.membership.select("place", pl.col("area").replace(name_of)).unique()
        return Amounts(amounts.rows, mapped.sort("place", "area"))

    told = list(dict.fromkeys(name_of.get(area, area) for area in areas))
    return told, named(numerator), None if denominator is None else named(denominator)


def _cut(quantity: Quantity, amounts: Amounts, policy: Policy, places: Places) -> Amounts:
    """The amounts, with all borders that cut their ground: areas, other sets, those told together.

    Those that any indicator tells together, since another may count the same people.
    """
    own = amounts.membership.select("place", "area")
    names = [policy.disclosure_of(indicator).coarser for _, indicator in policy.indicators()]
    together = [
        own.filter(pl.col("area").is_in(within)).with_columns(area=pl.lit(name))
        for coarser in names
        for name, within in coarser.items()
    ]
    others = places.other_sets(quantity, policy).select("place", "area")
    return Amounts(amounts.rows, pl.concat([own, others, *together]).unique())


def _with_largest(
    told: pl.DataFrame, policy: Policy, indicator: Indicator, numerator: Amounts, areas: list[str]
) -> pl.DataFrame:
    """`told` with the two `largest` contributions to an amount, where dominance is asked about."""
    if policy.disclosure_of(indicator).dominance is None:
        nothing = pl.lit(None, dtype=pl.Float64)
        return told.with_columns(largest=nothing, second=nothing)
    two = largest_two(numerator, areas)
    return told.join(two, on=["period", "group"], how="left", maintain_order="left")


def columns_wanted(policy: Policy, statistic: str) -> list[str]:
    """The columns of a statistic that the policy's indicators and criteria use."""
    counted: list[Indicator | Criterion] = [each for _, each in policy.indicators()]
    counted += policy.criteria
    quantities = [q for each in counted for q in (each.numerator, each.denominator)]
    wanted: dict[str, None] = {}
    for quantity in quantities:
        if isinstance(quantity, StatisticSum) and quantity.statistic == statistic:
            wanted |= dict.fromkeys([quantity.column, *filter(None, [quantity.percent_of])])
    return list(wanted)


def of_the_city(
    table: pl.DataFrame, statistic: Statistic, places: Places, notes: list[Note]
) -> pl.DataFrame:
    """The rows of a statistic whose place is known and lies in the municipality."""
    if isinstance(statistic.located_by, AtEntrance):
        known = places.entrances["place"]
    else:
        known = pl.Series(list(places.units[statistic.located_by.layer]), dtype=pl.String)
    kept = table.filter(pl.col("place").is_in(known.implode()))
    lost = table.height - kept.height
    if lost:
        notes.append(
            Note(
                "{statistic}: {rows} rows lie outside the municipality, or at a place that is not "
                "known, and are left out.",
                {"statistic": statistic.id, "rows": lost},
            )
        )
    twice = kept.height - kept.select("place", "year").n_unique()
    if twice:
        notes.append(
            Note(
                "{statistic}: {rows} rows are of a place and year that an earlier row is of too; "
                "they are added up.",
                {"statistic": statistic.id, "rows": twice},
            )
        )
    return kept


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
        silent = {source.id for source in _silent(policy, cases.filter(~pl.col("bridging")))}
        for source in policy.sources:
            if source.cases == quantity.cases and source.id not in silent:
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


def _silent(policy: Policy, cases: pl.DataFrame) -> list[Source]:
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
                        "{indicator}: {rows} rows have no number that can be read, and are left "
                        "out.",
                        {"indicator": indicator.id, "rows": blank},
                    )
                )
        return numerator, Amounts(denominator.rows.drop_nulls("amount"), denominator.membership)
    both = numerator.rows["amount"].is_not_null() & denominator.rows["amount"].is_not_null()
    out = denominator.rows.filter(~both)
    if out.height:
        notes.append(
            Note(
                "{indicator}: {out} of {rows} rows have blanks and are left out of numerator and "
                "denominator ({amount} of {whole}).",
                {
                    "indicator": indicator.id,
                    "out": out.height,
                    "rows": both.len(),
                    "amount": round(out["amount"].sum()),
                    "whole": round(denominator.rows["amount"].sum()),
                },
            )
        )
    return (
        Amounts(numerator.rows.filter(both), numerator.membership),
        Amounts(denominator.rows.filter(both), denominator.membership),
    )


def _unlocated(quantity: Quantity, cases: pl.DataFrame) -> Unlocated:
    """Cases (not rows) of each year without a located row, and how many could lie in the areas."""
    if not isinstance(quantity, CaseCount) or cases.is_empty():
        return NO_UNLOCATED
    lost = cases.filter((pl.col("cases") == quantity.cases) & (pl.col("outcome") == "unlocated"))
    by_case = lost.group_by("year", "case_id").agg(pl.col("could_lie_in_areas").all())
    return Unlocated(
        by_case.group_by("year")
        .agg(
            in_city=pl.len().cast(pl.Int64),
            in_areas=pl.col("could_lie_in_areas").sum().cast(pl.Int64),
        )
        .sort("year")
    )


def _with_published(computed: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    have = set(computed.filter(pl.col("value").is_not_null()).select("period", "group").iter_rows())
    stand_ins = [f for f in indicator.published if (f.year, f.group) not in have]
    kept = computed.with_columns(pl.lit("computed").alias("origin"))
    if not stand_ins:
        return kept
    published = pl.DataFrame(
        [_published_row(indicator, figure) for figure in stand_ins],
        schema={name: MEASURE[name] for name in kept.columns},
        orient="row",
    )
    replaced = published.select("period", "group")
    return pl.concat([kept.join(replaced, on=["period", "group"], how="anti"), published]).sort(
        "period", maintain_order=True
    )


def _published_row(indicator: Indicator, figure: Published) -> tuple[object, ...]:
    return (
        *(indicator.id, figure.year, figure.group, figure.numerator, figure.denominator),
        *(figure.percent / 100, None, "published"),
    )
