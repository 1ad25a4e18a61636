"""Stage measure: cases and statistics -> the cube -> the measures of all indicators."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from kvarter.areas.groups import Group
from kvarter.engine import Engine
from kvarter.indicators.amounts import Quantities, silent
from kvarter.indicators.cube import Cube
from kvarter.notes import Note
from kvarter.policy.model import (
    AREAS,
    CITY,
    REST,
    CaseCount,
    EditionDefinition,
    Indicator,
    Policy,
    Published,
    Quantity,
    Source,
    data_year,
)
from kvarter.tables import table

_WIDE = [AREAS, REST, CITY]


@dataclass
class Measured:
    """The measures of all indicators, and notes on what could not be counted.

    cube: what the measures are sums of.
    statistics: the rows of each statistic that lie in the municipality.
    """

    measures: pl.DataFrame
    cube: Cube
    notes: list[Note] = field(default_factory=list)
    statistics: dict[str, pl.DataFrame] = field(default_factory=dict)


def measure_all(
    engine: Engine, policy: Policy, edition: EditionDefinition, quantities: Quantities
) -> Measured:
    """Every indicator of `policy` as measures (see `measure`), with `goal` and `origin` added.

    Measures are of the years up to that of the edition's data. A published figure stands in only
    for a year of which none was computed, with the origin `published`.
    """
    quantities.notes += [
        Note(
            "{source}: not one row of this extract can be used, so it tells nothing of its years. "
            "Is it the right file? If there were no cases at all, say so under `published`.",
            {"source": source.id},
            wrong=not _is_published(policy, source),
        )
        for source in silent(policy, quantities.cases)
    ]
    empty = table("measures").empty()
    both = {each.id: quantities.of(each) for _, each in policy.indicators()}
    rules = [policy.disclosure_of(each) for _, each in policy.indicators()]
    cube = Cube.of(engine, both, largest=any(each.dominance is not None for each in rules))
    cube = cube.until({each.id: data_year(each, edition) for _, each in policy.indicators()})
    tables = [empty]
    for goal, indicator in policy.indicators():
        unlocated = _unlocated(indicator.numerator, quantities.cases)
        groups = groups_published(policy, indicator, edition)
        computed = measure(cube, indicator, unlocated, groups)
        of_years = pl.col("period") <= data_year(indicator, edition)
        published = _with_published(computed, indicator).filter(of_years)
        if policy.disclosure_of(indicator).dominance is None:
            nothing = pl.lit(None, dtype=pl.Float64)
            published = published.with_columns(largest=nothing, second=nothing)
        of_goal = published.with_columns(pl.lit(goal.number, pl.Int64).alias("goal"))
        tables.append(of_goal.select(empty.columns))
        quantities.notes += _without_denominator(computed, indicator)
    return Measured(pl.concat(tables), cube, quantities.notes, quantities.statistics)


def measure(
    cube: Cube, indicator: Indicator, unlocated: pl.DataFrame, groups: list[Group]
) -> pl.DataFrame:
    """The measures of an indicator: one row per year and group.

    `unlocated`: as `_unlocated` gives it. Columns: `indicator, period` (year), `group`, `numerator,
    denominator, value` (a fraction; null where the denominator is zero or unknown), `unlocated`
    (cases not counted here that could lie in the group; null for single areas), and the `largest`
    and `second` amount of a place. Of a share all denominators are the city's number, and single
    areas are left out; so they are where the indicator is not `by_area`.
    """
    names = [group.id for group in groups]
    sums = cube.sums(indicator.id, groups).with_columns(
        group=pl.col("group").replace_strict(range(len(names)), names, return_dtype=pl.String),
        order="group",
    )
    if indicator.denominator is None:
        of_city = pl.col("numerator").filter(pl.col("group") == CITY).first().over("period")
        sums = sums.with_columns(denominator=of_city)
    if indicator.denominator is None or not indicator.by_area:
        sums = sums.filter(pl.col("group").is_in(_WIDE))
    could = (
        pl.when(pl.col("group") == AREAS)
        .then("in_areas")
        .when(pl.col("group").is_in([REST, CITY]))
        .then("in_city")
    )
    is_wide = pl.col("group").is_in(_WIDE)
    return (
        sums.join(unlocated.rename({"year": "period"}), on="period", how="left")
        .sort("period", "order")
        .select(
            pl.lit(indicator.id).alias("indicator"),
            *("period", "group", "numerator", "denominator"),
            value=pl.when(pl.col("denominator") > 0).then(
                pl.col("numerator") / pl.col("denominator")
            ),
            unlocated=pl.when(is_wide).then(could.fill_null(0)),
            largest="largest",
            second="second",
        )
    )


def groups_published(
    policy: Policy, indicator: Indicator, edition: EditionDefinition
) -> list[Group]:
    """The groups that an indicator has figures of: areas, rest, city, and the single areas.

    Some areas are published together under one name, where the rules say so (`coarser`).
    """
    area_set = policy.area_set(edition.area_set)
    coarser = policy.disclosure_of(indicator).coarser
    name_of = {area: name for name, within in coarser.items() for area in within}
    areas = dict.fromkeys(name_of.get(area.id, area.id) for area in area_set.areas)
    return [Group.of(area_set.id, each) for each in (*_WIDE, *areas)]


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


def _unlocated(quantity: Quantity, cases: pl.DataFrame) -> pl.DataFrame:
    """`year, in_city, in_areas`: the cases (not rows) of each year without a located row.

    How many of them could lie in the city at all, and how many in the areas.
    """
    if not isinstance(quantity, CaseCount) or cases.is_empty():
        return pl.DataFrame(schema=dict.fromkeys(["year", "in_city", "in_areas"], pl.Int64))
    lost = cases.filter((pl.col("cases") == quantity.cases) & (pl.col("outcome") == "unlocated"))
    by_case = lost.group_by("year", "case_id").agg(pl.col("could_lie_in_areas").all())
    return (
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
        *(value, indicator.unlocated_in(figure.year), None, None, "published"),
    )
