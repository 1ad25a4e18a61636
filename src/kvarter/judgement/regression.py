"""Regression to the mean: areas that were chosen because they were worst improve by themselves.

A figure is high partly by the bad luck of a year; whoever chooses by it chooses that luck too, and
it does not come back (Galton 1886, Journal of the Anthropological Institute 15:246; Barnett, van
der Pols and Dobson 2005, International Journal of Epidemiology 34:215; Morton and Torgerson 2003,
BMJ 326:1083). A year that nobody chose by shows how much: before it, the areas stood as high as
they stand by themselves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from kvarter.judgement.dispersion import BY_CHANCE, Dispersion
from kvarter.judgement.figures import FiguresByGroup, Span, figures_of
from kvarter.judgement.intervals import Counted, quotient
from kvarter.judgement.quantiles import quantile
from kvarter.policy.model import (
    AREAS,
    REST,
    CaseCount,
    EditionDefinition,
    Indicator,
    Policy,
    data_year,
)


@dataclass(frozen=True)
class Excess:
    """How many times as high the areas stood, against the rest, when chosen as in the years before.

    `first`, `last`: those years; `span`: the interval of `times`.
    """

    first: int
    last: int
    times: float
    span: Span


def chosen_by(policy: Policy, indicator: Indicator, baseline: EditionDefinition) -> bool:
    """Whether the areas were chosen by the very figure that is followed, when the baseline was new.

    As the policy says, or because the indicator counts what a designation criterion does. A choice
    of long before the baseline has regressed by then.
    """
    counts = any(criterion.numerator == indicator.numerator for criterion in policy.criteria)
    chosen = counts if indicator.chosen_by is None else indicator.chosen_by
    decided = policy.area_set(baseline.area_set).decided
    return chosen and (decided is None or decided.year >= data_year(indicator, baseline))


def excess(
    measures: pl.DataFrame,
    indicator: Indicator,
    period: int,
    confidence: float,
    dispersion: Dispersion = BY_CHANCE,
) -> Excess | None:
    """What of the areas' level in `period` the years before it did not have; None without any.

    `dispersion`: how the counts scatter from year to year.
    """
    own = measures.filter((pl.col("indicator") == indicator.id) & (pl.col("period") < period))
    every = {year: figures_of(measures, indicator, year) for year in sorted(own["period"].unique())}
    earlier = {year: figures for year, figures in every.items() if _is_whole(figures)}
    before = list(earlier.values())
    chosen = figures_of(measures, indicator, period)
    if not before or not _is_whole(chosen) or not isinstance(indicator.numerator, CaseCount):
        return None
    parts = [
        _beside_rest(years, indicator.kind == "share", confidence, dispersion)
        for years in ([chosen], before)
    ]
    (now, now_span), (then, then_span) = parts
    if not then or not math.isfinite(then):
        return None
    low, high = quotient(now, now_span, then, then_span)
    return Excess(min(earlier), max(earlier), now / then, (low, high))


def _is_whole(year: FiguresByGroup) -> bool:
    return all(group in year and year[group].is_counted for group in (AREAS, REST))


def _beside_rest(
    years: list[FiguresByGroup], is_share: bool, confidence: float, dispersion: Dispersion
) -> tuple[float, Span]:
    """The areas' level in times that of the rest, or their share, of several years together."""
    own, rest = (
        Counted(
            sum(year[group].counts()[0] for year in years),
            sum(year[group].counts()[1] for year in years),
            is_share,
            dispersion,
        )
        for group in (AREAS, REST)
    )
    if is_share:
        return own.value, own.span(confidence)
    if not rest.count:
        return math.inf, (0.0, math.inf)
    span = quotient(own.value, own.span(confidence), rest.value, rest.span(confidence))
    return own.value / rest.value, span


def expected(within: float, between: float, part_chosen: float) -> float:
    """By how much the mean of the units chosen for being highest falls back by itself.

    `within`: the standard deviation of a unit's figure from year to year; `between`: that of the
    units' true levels; `part_chosen`: the highest part of them. Of normal figures (Barnett et al.
    2005): within^2 / sqrt(within^2 + between^2) x the mean of the highest part in deviations.
    """
    density = math.exp(-(quantile(part_chosen) ** 2) / 2) / math.sqrt(2 * math.pi)
    return within**2 / math.hypot(within, between) * density / part_chosen
