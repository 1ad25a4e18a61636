"""What goes with the verdicts: areas against city, direction, and independent totals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import product

import polars as pl

from kvarter.judgement.breaks import Systems, segments
from kvarter.judgement.checks import against_city
from kvarter.judgement.dispersion import BY_CHANCE, Dispersions
from kvarter.judgement.figures import Figure, figures_of
from kvarter.judgement.trend import Point, trend
from kvarter.judgement.versus import Estimate, Versus
from kvarter.policy.model import (
    AREAS,
    CITY,
    REST,
    CaseCount,
    EditionDefinition,
    Goal,
    Indicator,
    Policy,
    data_year,
    say,
)
from kvarter.tables import table


def gaps(
    measures: pl.DataFrame,
    policy: Policy,
    edition: EditionDefinition,
    spread: Dispersions | None = None,
) -> pl.DataFrame:
    """A row for each indicator, against the whole city and against its rest, as table `gaps`."""
    spread = spread or {}
    baseline = policy.baseline()
    rows: list[tuple[object, ...]] = []
    if baseline is None or baseline.id == edition.id:
        return table("gaps").empty()
    versus_all: tuple[Versus, Versus] = ("city", "rest")
    for goal, indicator in policy.indicators():
        years = data_year(indicator, baseline), data_year(indicator, edition)
        base, now = (figures_of(measures, indicator, year) for year in years)
        numbers = indicator.kind == "share"
        for versus in versus_all:
            dispersion = spread.get(indicator.id, BY_CHANCE)
            found = against_city(indicator, base, now, versus, (policy.confidence, dispersion))
            if found is None:
                continue
            estimates = [
                found.gap_then,
                found.gap_now,
                None if numbers else found.ratio_then,
                None if numbers else found.ratio_now,
                found.beyond_points,
                found.beyond_times,
            ]
            changes = found.areas_change, found.other_change
            ways = found.relatively(), found.in_points()
            row: list[object] = [goal.number, indicator.id, versus, *years, *changes, *ways]
            for estimate in estimates:
                row += _three(estimate)
            rows.append(tuple(row))
    return table("gaps").frame(rows)


def _three(estimate: Estimate | None) -> list[float | None]:
    if estimate is None:
        return [None, None, None]
    ends = estimate.span or estimate.rounded or (None, None)
    interval = (None if end is None or math.isinf(end) else float(end) for end in ends)
    return [float(estimate.value), *interval]


def trends(
    measures: pl.DataFrame,
    policy: Policy,
    edition: EditionDefinition,
    systems: Systems,
    spread: Dispersions | None = None,
) -> pl.DataFrame:
    """A row for each indicator of cases, quantity, group, and stretch without a break (`trends`).

    The quantity is the indicator's own and, where a target is read of it, the number. Years up to
    that of the edition. `direction`: `falls` or `rises` where chance alone would seldom do so, else
    `unclear`; `too_few` with fewer than four years, or no event.
    """
    spread = spread or {}
    rows: list[tuple[object, ...]] = []
    for goal, indicator in policy.indicators():
        if not isinstance(indicator.numerator, CaseCount):
            continue
        dispersion = spread.get(indicator.id, BY_CHANCE)
        quantities = _quantities(goal, indicator)
        years = [
            year
            for year in measures.filter(pl.col("indicator") == indicator.id)["period"].unique()
            if year <= data_year(indicator, edition)
        ]
        by_year = {year: figures_of(measures, indicator, year) for year in years}
        for stretch in segments(systems, indicator, years):
            known = systems.get((indicator.id, stretch[0]))
            system = None if known == frozenset() else " + ".join(sorted(known or ()))
            for of, group in product(quantities, (AREAS, REST, CITY)):
                of_share = of == "value" and indicator.kind == "share"
                points = [
                    Point(year, count, 1.0 if of == "numerator" else total)
                    for year in stretch
                    if (figure := by_year[year].get(group)) and figure.is_counted
                    for count, total in [figure.counts()]
                ]
                if not points or (of_share and group != AREAS):
                    continue
                found = trend(points, policy.confidence, dispersion, of_share=of_share)
                direction = "too_few"
                if found.p_value is not None:
                    sure = found.p_value <= 1 - policy.confidence
                    direction = ("falls" if found.falls else "rises") if sure else "unclear"
                rows.append(
                    (
                        *(goal.number, indicator.id, of, group, system),
                        *(found.first, found.last, found.years, direction, found.p_value),
                        *(found.per_year, *found.per_year_span),
                    )
                )
    return table("trends").frame(rows)


def _quantities(goal: Goal, indicator: Indicator) -> list[str]:
    """What of it is tested, each as a reading's `of`; first what a verdict is decided on."""
    readings = [
        (reading.decides or len(target.readings) == 1, reading.of)
        for target in goal.targets
        if target.indicator == indicator.id
        for reading in target.readings
    ]
    decided = [of for decides, of in readings if decides]
    return list(dict.fromkeys([*decided, "value", *(of for _, of in readings)]))


def totals(measures: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """A row for each declared independent total of a year that was counted, as table `totals`.

    `within`: whether the indicator counts as many percent of it as the policy allows (86 to 114
    unless it says otherwise: the bounds Eviction Lab uses for its counts).
    """
    unit = {kind.id: kind.unite_as for kind in policy.case_kinds}
    rows: list[tuple[object, ...]] = []
    for goal, indicator in policy.indicators():
        for total in indicator.independent_totals:
            figure = figures_of(measures, indicator, total.year).get(total.group)
            counted = _count(figure)
            if counted is None:
                continue
            percent = 100 * counted / total.count
            titles = say(total.title, "da"), say(total.title, "en")
            rows.append(
                (
                    *(goal.number, indicator.id, total.year, total.group),
                    *titles,
                    *(total.count, total.counts, counted, _unit(indicator, unit), percent),
                    *(total.at_least, total.at_most),
                    total.at_least <= percent <= total.at_most,
                )
            )
    return table("totals").frame(rows)


def reconcile(verdicts: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """`verdicts` with `reconciled`: whether all independent totals up to its year agree.

    Null where none was declared.
    """
    agree = [
        totals.filter((pl.col("indicator") == indicator) & (pl.col("period") <= period))["within"]
        for indicator, period in verdicts.select("indicator", "period").iter_rows()
    ]
    found = [None if each.is_empty() else bool(each.all()) for each in agree]
    return verdicts.with_columns(pl.Series("reconciled", found, dtype=pl.Boolean))


def _count(figure: Figure | None) -> float | None:
    return figure.count if figure else None


def _unit(indicator: Indicator, units: Mapping[str, str]) -> str | None:
    return units[indicator.numerator.cases] if isinstance(indicator.numerator, CaseCount) else None
