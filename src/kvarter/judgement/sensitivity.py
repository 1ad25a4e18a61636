"""How sensitive a verdict is to the cases that could not be located: by steps of assumptions.

From no assumption to the strongest, how far a verdict can move:

- `none`: any of them may lie in the areas, or none does.
- `known`: only those may that can by what is known of their address.
- `odds`: against located cases of the same source and year, the odds that one lies in the areas
  are at most doubled or halved.
- `random`: within source and year they are missing at random, given what is known of the address.
  Spread by multiple imputation, with chance in the interval.

The first three hold for what was counted, without chance; the last is an interval for both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from kvarter.judgement.dispersion import BY_CHANCE, Dispersion, Dispersions
from kvarter.judgement.figures import ExactSpan, Figure, Span, change, figures_of, is_met
from kvarter.judgement.imputation import Moved, Placed, Unlocated, combine
from kvarter.policy.model import (
    AREAS,
    CaseCount,
    EditionDefinition,
    Indicator,
    Policy,
    Reading,
    data_year,
)
from kvarter.tables import table

ODDS_RATIO = 2.0
IMPUTATION_SEEDS = (1, 2)
"""Of the imputations of the baseline and of now."""
_FURTHEST_ODDS = 1_000.0
_ROUNDING = 1e-9
STEPS = ["none", "known", "odds", "random"]


@dataclass(frozen=True)
class Year:
    """The figure of the areas in a year, and its unlocated cases.

    `joins_total`: an unlocated case belongs to the denominator too, if it lies in the city (a
    share). In another municipality it belongs to neither.
    """

    figure: Figure
    lost: Unlocated
    joins_total: bool
    dispersion: Dispersion = BY_CHANCE

    def with_located(self, placed: Placed) -> Figure:
        """The figure, were the unlocated cases where `placed` has them."""
        count, total = self.figure.counts()
        count += placed.inside
        total += placed.inside + placed.beside if self.joins_total else 0
        return Figure(count / total, count, total)

    def fewest_and_most(self, step: str) -> tuple[Placed, Placed]:
        """Where the unlocated are for the lowest and the highest figure, under an assumption.

        The lowest has the others in the rest of the city, the highest in other municipalities.
        """
        if step == "odds":
            return self.expected(1 / ODDS_RATIO), self.expected(ODDS_RATIO)
        lost, must, could = self.lost, 0, len(self.lost)
        if step == "known":
            must = int((lost.could & (lost.chance >= 1 - _ROUNDING)).sum())
            could = int(lost.could.sum())
        return Placed(must, len(lost) - must), Placed(could, 0)

    def expected(self, odds_ratio: float = 1.0) -> Placed:
        """Where they lie on average, with the odds of each multiplied by `odds_ratio`."""
        p = self.lost.chances()
        p = odds_ratio * p / (1 + (odds_ratio - 1) * p)
        return Placed(float(p.sum()), float(((1 - p) * self.lost.in_city()).sum()))


def sensitivity(
    measures: pl.DataFrame,
    cases: pl.DataFrame,
    policy: Policy,
    edition: EditionDefinition,
    spread: Dispersions | None = None,
) -> pl.DataFrame:
    """A row for each reading of the areas that is no gap, and step, as table `sensitivity`.

    `cases`: as in a `Tally`.
    """
    baseline = policy.baseline()
    rows: list[tuple[object, ...]] = []
    if baseline is None or baseline.id == edition.id:
        return table("sensitivity").empty()
    for goal in policy.goals:
        indicators = {indicator.id: indicator for indicator in goal.indicators}
        for target in goal.targets:
            indicator = indicators[target.indicator]
            if not isinstance(indicator.numerator, CaseCount):
                continue
            own = cases.filter(pl.col("cases") == indicator.numerator.cases)
            periods = data_year(indicator, baseline), data_year(indicator, edition)
            dispersion = (spread or {}).get(indicator.id, BY_CHANCE)
            years = [_year(measures, own, indicator, period, dispersion) for period in periods]
            if years[0] is None or years[1] is None:
                continue
            base, now = years[0], years[1]
            counts = len(base.lost), len(now.lost)
            for reading in target.readings:
                if reading.group != AREAS or reading.kind.startswith("gap"):
                    continue
                for step in steps(base, now, reading, policy.confidence):
                    rows.append((goal.number, target.id, reading.id, step[0], *counts, *step[1:]))
    return table("sensitivity").frame(rows)


def _year(
    measures: pl.DataFrame,
    cases: pl.DataFrame,
    indicator: Indicator,
    period: int,
    dispersion: Dispersion,
) -> Year | None:
    figure = figures_of(measures, indicator, period).get(AREAS)
    if figure is None or not figure.is_counted:
        return None
    of_year = cases.filter(pl.col("year") == period)
    if of_year.is_empty() and figure.unlocated != 0:
        return None  # of a published figure it is not known where they may lie, or how many
    return Year(figure, unlocated_of(of_year), indicator.kind == "share", dispersion)


def unlocated_of(cases: pl.DataFrame) -> Unlocated:
    """The unlocated cases among `cases` (of one kind and year, as in a `Tally`).

    The areas' share is of all located ones, also in other municipalities: an unlocated case may
    lie there too.
    """
    by_source = cases.group_by("source").agg(
        inside=pl.col("count").filter("in_areas").sum(),
        beside=pl.col("count").filter(pl.col("in_city") & ~pl.col("in_areas")).sum(),
        all=pl.col("count").filter("located").sum(),
    )
    # In an order of content, so that the order of rows in a file decides no draw.
    lost = (
        cases.filter(~pl.col("located"))
        .select(pl.exclude("count").repeat_by("count").explode())
        .join(by_source, on="source", how="left")
        .with_columns(pl.col("source").rank("dense") - 1)
        .sort("source", "chance", "could")
    )
    return Unlocated(
        lost["source"].cast(pl.Int64).to_numpy(),
        lost["inside"].to_numpy(),
        lost["beside"].to_numpy(),
        lost["all"].to_numpy(),
        lost["chance"].to_numpy(),
        lost["chance_if_unknown"].to_numpy(),
        lost["could"].to_numpy(),
    )


def steps(
    base: Year, now: Year, reading: Reading, confidence: float
) -> Iterator[tuple[object, ...]]:
    """`step, change_low, change, change_high, verdict, turning_odds_ratio` of each step.

    `turning_odds_ratio`: of `odds`, the smallest at which the verdict is another than in its
    middle; None where none is.
    """

    def moved(placed_base: Placed, placed_now: Placed) -> Fraction | None:
        return change(
            reading,
            {AREAS: base.with_located(placed_base)},
            {AREAS: now.with_located(placed_now)},
        )

    for step in STEPS[:3]:
        (base_low, base_high), (now_low, now_high) = (
            base.fewest_and_most(step),
            now.fewest_and_most(step),
        )
        ends = moved(base_high, now_low), moved(base_low, now_high)
        middle = moved(base.expected(), now.expected()) if step == "odds" else None
        if ends[0] is None or ends[1] is None:
            continue
        turning = _turning(base, now, reading, moved) if step == "odds" else None
        interval = (None if end is None else float(end) for end in (ends[0], middle, ends[1]))
        yield step, *interval, _verdict(reading, (ends[0], ends[1])), turning
    estimate, span = _imputed(base, now, reading, confidence)
    yield "random", span[0], estimate, span[1], _verdict(reading, span), None


def _verdict(reading: Reading, span: Span | ExactSpan) -> str:
    found = {is_met(reading, end) for end in span}
    return "turns" if len(found) == 2 else "met" if found.pop() else "not_met"


def _turning(
    base: Year, now: Year, reading: Reading, moved: Callable[[Placed, Placed], Fraction | None]
) -> float | None:
    """The smallest odds ratio, by thousandths, at which the verdict turns; None where none does."""
    middle = moved(base.expected(), now.expected())
    if middle is None:
        return None
    met = is_met(reading, middle)

    def turns(odds_ratio: float) -> bool:
        for by in (odds_ratio, 1 / odds_ratio):
            found = moved(base.expected(1 / by), now.expected(by))
            if found is not None and is_met(reading, found) != met:
                return True
        return False

    if not turns(_FURTHEST_ODDS):
        return None
    low, high = 1.0, _FURTHEST_ODDS
    while high - low > 0.001:
        centre = math.sqrt(low * high)
        low, high = (low, centre) if turns(centre) else (centre, high)
    return round(high, 3)


def _imputed(base: Year, now: Year, reading: Reading, confidence: float) -> tuple[float, Span]:
    """Estimate and interval of the change, over many ways to fill in what is missing."""
    filled = [
        Moved.of(
            reading,
            now.with_located(placed_now),
            base.with_located(placed_base),
            of_share=base.joins_total,
        )
        for placed_base, placed_now in zip(
            base.lost.draws(IMPUTATION_SEEDS[0]), now.lost.draws(IMPUTATION_SEEDS[1]), strict=True
        )
    ]
    return combine(filled, confidence, now.dispersion.inflation(confidence))
