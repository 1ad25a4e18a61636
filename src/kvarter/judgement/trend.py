"""Which way a figure goes over all its years, with tests that hold for few and small counts.

Both tests are exact and conditional. For rates, given all the events there were, each falls in a
year with the chance that the year's denominator gives it (Cox and Lewis 1966, The Statistical
Analysis of Series of Events, ch. 3). For shares, given each year's cases and how many of them all
lay in the areas, they are drawn without replacement (Armitage 1955, Biometrics 11:375; its exact
form). A number is a rate of the same exposure every year. The statistic is the sum of the years of
the events. Nothing is tested across a break.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from scipy.special import gammaln
from scipy.stats import norm
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from kvarter.judgement.figures import Span

FEWEST_YEARS = 4
_SMALLEST_TOLD = 1e-9
_LARGEST_EXACT = 150
"""More cases than this in the group, over all years, are tested by the normal approximation."""


@dataclass(frozen=True)
class Point:
    """A year's count and what it is of."""

    year: int
    count: float
    total: float


@dataclass(frozen=True)
class Trend:
    """`per_year`: change in percent a year, of the rate or of the odds of a share."""

    first: int
    last: int
    years: int
    p_value: float | None
    per_year: float | None
    per_year_span: Span | None


def trend(points: Sequence[Point], confidence: float, *, of_share: bool) -> Trend:
    """The trend of `points`, which lie between two breaks, in order of year.

    Fewer than four years, or no event at all, tell no direction: p_value and per_year are None.
    """
    first, last = points[0].year, points[-1].year
    events = sum(point.count for point in points)
    others = sum(point.total - point.count for point in points)
    if len(points) < FEWEST_YEARS or not events or (of_share and not others):
        return Trend(first, last, len(points), None, None, None)
    p_value = share_trend(points) if of_share else rate_trend(points)
    slope, span = _slope(points, confidence, of_share)
    return Trend(first, last, len(points), p_value, slope, span)


def rate_trend(points: Sequence[Point]) -> float:
    """Two-sided exact p-value that the rate of events is the same in all years.

    One below 1e-9 is told as that: there, the transform has only its own rounding to tell.
    """
    totals = np.array([point.total for point in points], float)
    steps = np.array([point.year - points[0].year for point in points])
    events = round(sum(point.count for point in points))
    of_one = np.zeros(steps[-1] + 1)
    of_one[steps] = totals / totals.sum()
    # The sum of the years of `events` independent events: the polynomial of one, to that power.
    length = events * int(steps[-1]) + 1
    chances = np.fft.irfft(np.fft.rfft(of_one, 2 * length) ** events, 2 * length)[:length]
    return max(_two_sided(np.clip(chances, 0, None), _statistic(points)), _SMALLEST_TOLD)


def share_trend(points: Sequence[Point]) -> float:
    """Two-sided p-value that the share is the same in all years; exact up to 150 cases."""
    counts, totals = (
        [round(value) for value in values]
        for values in ([p.count for p in points], [p.total for p in points])
    )
    steps = [point.year - points[0].year for point in points]
    drawn = sum(counts)
    if drawn > _LARGEST_EXACT:
        return _normal_share_trend(counts, totals, steps)
    # ways[k, t]: log of the ways to draw k so far, the sum of whose years is t.
    ways = np.full((drawn + 1, drawn * steps[-1] + 1), -np.inf)
    ways[0, 0] = 0.0
    for step, total in zip(steps, totals, strict=True):
        longer = np.full_like(ways, -np.inf)
        for taken in range(min(total, drawn) + 1):
            shift = taken * step
            chance = gammaln(total + 1) - gammaln(taken + 1) - gammaln(total - taken + 1)
            kept = ways[: drawn + 1 - taken, : ways.shape[1] - shift] + chance
            target = longer[taken:, shift:]
            np.logaddexp(target, kept, out=target)
        ways = longer
    last = ways[drawn]
    chances = np.exp(last - last.max())
    return _two_sided(chances / chances.sum(), _statistic(points))


def _statistic(points: Sequence[Point]) -> int:
    return sum(round(point.count) * (point.year - points[0].year) for point in points)


def _two_sided(chances: np.ndarray, found: int) -> float:
    """Twice the smaller tail, at most one."""
    tails = chances[: found + 1].sum(), chances[found:].sum()
    return float(min(1.0, 2 * min(tails)))


def _normal_share_trend(counts: list[int], totals: list[int], steps: list[int]) -> float:
    """Armitage's test as published, by the normal approximation."""
    count, total, step = (np.array(values, float) for values in (counts, totals, steps))
    share = count.sum() / total.sum()
    found = (step * (count - total * share)).sum()
    spread = (
        share * (1 - share) * ((total * step**2).sum() - (total * step).sum() ** 2 / total.sum())
    )
    return float(2 * norm.sf(abs(found) / np.sqrt(spread)))


def _slope(points: Sequence[Point], confidence: float, of_share: bool) -> tuple[float, Span]:
    """Percent a year and its interval, from a log-linear (of a share, logistic) regression."""
    years = np.array([point.year for point in points], float)
    counts = np.array([point.count for point in points])
    totals = np.array([point.total for point in points])
    design = sm.add_constant(years - years.mean())
    if of_share:
        model = sm.GLM(np.column_stack([counts, totals - counts]), design, sm.families.Binomial())
    else:
        model = sm.GLM(counts, design, sm.families.Poisson(), offset=np.log(totals))
    with warnings.catch_warnings():
        # It warns where the same figure in all years is fitted without error, as it should be.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        fitted = model.fit()
    low, high = fitted.conf_int(alpha=1 - confidence)[1]
    slope, low, high = (100 * float(np.expm1(end)) for end in (fitted.params[1], low, high))
    return slope, (low, high)
