"""Amounts by year and place -> the measures of all indicators."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kvarter.engine import Engine
from kvarter.indicators.amounts import (
    Places,
    amounts_of,
    columns_wanted,
    known_in_both,
    of_the_city,
    silent,
)
from kvarter.indicators.count import (
    NO_UNLOCATED,
    PIECE,
    Amounts,
    Unlocated,
    largest_two,
    measure,
    pieces,
)
from kvarter.notes import Note
from kvarter.policy.model import (
    CaseCount,
    EditionDefinition,
    Indicator,
    Policy,
    Published,
    Quantity,
    Source,
    data_year,
)
from kvarter.register import read_statistic
from kvarter.tables import table


@dataclass
class Measured:
    """The measures of all indicators, and notes on what could not be counted.

    `pieces`: `indicator` and the columns of `count.pieces`, for the disclosure stage alone.
    `statistics`: the rows of each statistic that lie in the municipality.
    """

    measures: pl.DataFrame
    pieces: pl.DataFrame
    notes: list[Note] = field(default_factory=list)
    statistics: dict[str, pl.DataFrame] = field(default_factory=dict)


def measure_all(
    engine: Engine,
    policy: Policy,
    edition: EditionDefinition,
    folder: Path,
    cases: pl.DataFrame,
    places: Places,
    areas: list[str],
) -> Measured:
    """Every indicator of `policy` as measures (see `measure`), with `goal` and `origin` added.

    `cases`: the united cases. Measures are of the years up to that of the edition's data. A
    published figure stands in only for a year of which none was computed, with the origin
    `published`.
    """
    notes = [
        Note(
            "{source}: not one row of this extract can be used, so it tells nothing of its years. "
            "Is it the right file? If there were no cases at all, say so under `published`.",
            {"source": source.id},
            wrong=not _is_published(policy, source),
        )
        for source in silent(policy, cases)
    ]

    statistics: dict[str, pl.DataFrame] = {}

    def statistic_of(name: str) -> pl.DataFrame:
        if name not in statistics:
            statistic = {each.id: each for each in policy.statistics}[name]
            read = read_statistic(statistic, columns_wanted(policy, name), folder)
            notes.extend(read.notes)
            statistics[name] = of_the_city(read.rows, statistic, places, notes)
        return statistics[name]

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
        named_areas, numerator, denominator = told_together(
            policy, indicator, areas, numerator, denominator
        )
        unlocated = _unlocated(indicator.numerator, cases)
        then = pl.col("period") <= data_year(indicator, edition)
        computed = measure(
            engine, indicator, numerator, denominator, unlocated, named_areas
        ).filter(then)
        cut.append(ground.select(pl.lit(indicator.id).alias("indicator"), *PIECE))
        told = _with_published(computed, indicator).filter(then)
        told = _with_largest(told, policy, indicator, numerator, named_areas)
        tables.append(told.with_columns(pl.lit(goal.number, pl.Int64).alias("goal")))
        notes += _without_denominator(computed, indicator)
    nothing = pl.DataFrame(schema={"indicator": pl.String, **PIECE})
    return Measured(
        pl.concat([table("measures").empty(), *tables]),
        pl.concat([nothing, *cut]),
        notes,
        statistics,
    )


def _is_published(policy: Policy, source: Source) -> bool:
    """Whether a published figure stands in for a year of the source."""
    years = range(source.first_day.year, source.last_day.year + 1)
    return any(
        figure.year in years
        for _, indicator in policy.indicators()
        if indicator.numerator == CaseCount(cases=source.cases)
        for figure in indicator.published
    )


def _without_denominator(computed: pl.DataFrame, indicator: Indicator) -> list[Note]:
    """A note for each year without a figure; where others have one, it names those without."""
    notes = []
    published = {figure.year for figure in indicator.published}
    for (year,), rows in computed.sort("period").group_by("period", maintain_order=True):
        without = rows.filter(pl.col("value").is_null())["group"].to_list()
        if len(without) == rows.height:
            values: dict[str, str | int] = {"indicator": indicator.id, "year": str(year)}
            notes.append(
                Note(
                    "{indicator}: no denominator above zero for {year}; the published figures "
                    "stand in, and its cases are not told.",
                    values,
                )
                if year in published
                else Note(
                    "{indicator}: no denominator above zero for {year}, so no figure.", values
                )
            )
        elif without:
            notes.append(
                Note(
                    "{indicator}: no denominator above zero in {groups} for {year}, so no figure "
                    "there.",
                    {
                        "indicator": indicator.id,
                        "groups": ", ".join(sorted(without)),
                        "year": str(year),
                    },
                )
            )
    return notes


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
    """`computed`, with the published figures of the years in which no figure could be computed.

    What was counted of such a year is of no known whole, and makes way.
    """
    have = set(computed.filter(pl.col("value").is_not_null())["period"])
    stand_ins = [figure for figure in indicator.published if figure.year not in have]
    kept = computed.with_columns(pl.lit("computed").alias("origin"))
    if not stand_ins:
        return kept
    published = pl.DataFrame(
        [_published_row(indicator, figure) for figure in stand_ins],
        schema={name: table("measures").columns[name].dtype for name in kept.columns},
        orient="row",
    )
    replaced = published.select("period")
    return pl.concat([kept.join(replaced, on="period", how="anti"), published]).sort(
        "period", maintain_order=True
    )


def _published_row(indicator: Indicator, figure: Published) -> tuple[object, ...]:
    """As it was published; where its counts were too, its value is theirs and not the rounded."""
    value = figure.percent / 100
    if figure.numerator is not None and figure.denominator:
        value = figure.numerator / figure.denominator
    return (
        *(indicator.id, figure.year, figure.group, figure.numerator, figure.denominator),
        *(value, indicator.unlocated_in(figure.year), "published"),
    )
