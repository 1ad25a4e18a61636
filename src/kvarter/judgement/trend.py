"""Which way a figure goes over all its years, with tests that hold for few and small counts.

Test and interval are one method, exact and conditional. For rates, given all the events there were,
each falls in a year with the chance that the year's denominator gives it, times a factor that grows
with the years (Cox and Lewis 1966, The Statistical Analysis of Series of Events, ch. 3). For
shares, given each year's cases and how many of them all lay in the areas, they are drawn without
replacement (Armitage 1955, Biometrics 11:375), with odds that grow so (exact logistic regression:
Hirji, Mehta and Patel 1987, JASA 82:1110). A number is a rate of the same exposure every year. The
statistic is the sum of the years of the events. Of many events its mean and variance are enough
(the score test; of a share, a logistic regression). Nothing is tested across a break.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from kvarter.judgement.dispersion import BY_CHANCE, Dispersion
from kvarter.judgement.figures import Span
from kvarter.judgement.quantiles import reach, two_sided

FEWEST_YEARS = 4
_SMALLEST_TOLD = 1e-9
_LARGEST_EXACT = 150
"""More cases than this in the group, over all years, are tested by the normal approximation."""
_STEEPEST = 60.0
"""The logarithm of the largest factor a year that an end is sought to."""


@dataclass(frozen=True)
class Point:
    """A year's count and what it is of."""

    year: int
    count: float
    total: float


@dataclass(frozen=True)
class Trend:
    """`per_year`: change in percent a year, of the rate or of the odds of a share.

    It is None, as is an end, where it has no bound: all events lie in the last year. `falls`: the
    way it goes, if it goes any.
    """

    first: int
    last: int
    years: int
    p_value: float | None
    falls: bool | None = None
    per_year: float | None = None
    per_year_span: tuple[float | None, float | None] = (None, None)


def trend(
    points: Sequence[Point],
    confidence: float,
    dispersion: Dispersion = BY_CHANCE,
    *,
    of_share: bool,
) -> Trend:
    """The trend of `points`, which lie between two breaks, in order of year.

    Fewer than four years, or no event at all, show no direction: p_value and per_year are None.
    Counts that scatter by a `dispersion` above one are never few enough for the exact test.
    """
    first, last = points[0].year, points[-1].year
    events = sum(point.count for point in points)
    others = sum(point.total - point.count for point in points)
    if len(points) < FEWEST_YEARS or not events or (of_share and not others):
        return Trend(first, last, len(points), None)
    exact = None if dispersion.widens() else _exact(points, of_share)
    if exact is None:
        many = _regression if of_share else _by_score
        slope, ends, p_value = many(points, confidence, dispersion)
    else:
        slope, ends, p_value = exact.estimate(), exact.ends(confidence), exact.p_value()
    low, high = (_percent(end) for end in ends)
    return Trend(
        *(first, last, len(points), max(p_value, _SMALLEST_TOLD)),
        *(slope < 0, _percent(slope), (low, high)),
    )


def _percent(log_factor: float) -> float | None:
    """Of a factor by its logarithm; None for one without bound."""
    return None if log_factor > _STEEPEST else 100 * math.expm1(log_factor)


@dataclass(frozen=True)
class Conditional:
    """The statistic as found, and the chances of each of its values by the slope of the years."""

    found: int
    largest: int
    smallest: int
    chances: Callable[[float], np.ndarray]

    def p_value(self) -> float:
        """Twice the smaller tail where nothing changes, at most one."""
        chances = self.chances(0.0)
        return float(min(1.0, 2 * min(_at_most(chances, self), _at_least(chances, self))))

    def ends(self, confidence: float) -> Span:
        """The slopes at which either tail is half of what is left to chance."""
        tail = (1 - confidence) / 2
        low = _root(lambda slope: _at_least(self.chances(slope), self) - tail)
        high = _root(lambda slope: tail - _at_most(self.chances(slope), self))
        return (
            -math.inf if self.found == self.smallest else low,
            math.inf if self.found == self.largest else high,
        )

    def estimate(self) -> float:
        """The slope at which the statistic is expected as it was found (maximum likelihood)."""
        if self.found in (self.smallest, self.largest):
            return -math.inf if self.found == self.smallest else math.inf
        values = np.arange(self.chances(0.0).size)
        return _root(lambda slope: float(self.chances(slope) @ values) - self.found)


def _root(of_slope: Callable[[float], float]) -> float:
    """Where a rising function of the slope is zero, as far as slopes are told."""
    from scipy.optimize import brentq

    if of_slope(-_STEEPEST) >= 0:
        return -math.inf
    if of_slope(_STEEPEST) <= 0:
        return math.inf
    return float(brentq(of_slope, -_STEEPEST, _STEEPEST, xtol=1e-9))


def _at_most(chances: np.ndarray, of: Conditional) -> float:
    return float(chances[: of.found + 1].sum())


def _at_least(chances: np.ndarray, of: Conditional) -> float:
    return float(chances[of.found :].sum())


def _exact(points: Sequence[Point], of_share: bool) -> Conditional | None:
    """The conditional distribution; None of so many events that it takes long to work out."""
    from scipy.special import logsumexp

    events = round(sum(point.count for point in points))
    steps = [point.year - points[0].year for point in points]
    found = _statistic(points)
    if not of_share:
        if events > _LARGEST_EXACT:
            return None
        ends = events * max(steps), events * min(steps)
        return Conditional(found, *ends, lambda slope: _of_rates(points, steps, events, slope))
    if events > _LARGEST_EXACT:
        return None
    logs = _of_shares(points, steps, events)
    possible = np.flatnonzero(np.isfinite(logs))
    values = np.arange(logs.size)

    def chances(slope: float) -> np.ndarray:
        tilted = logs + slope * values
        shown: np.ndarray = np.exp(tilted - logsumexp(tilted))
        return shown

    return Conditional(found, int(possible[-1]), int(possible[0]), chances)


def _of_rates(
    points: Sequence[Point], steps: Sequence[int], events: int, slope: float
) -> np.ndarray:
    """The chances of the sum of the years of independent events, each with its year's exposure."""
    from scipy.special import logsumexp

    of_one = np.zeros(steps[-1] + 1)
    with np.errstate(divide="ignore"):
        logs = np.log([point.total for point in points]) + slope * np.array(steps)
    of_one[list(steps)] = np.exp(logs - logsumexp(logs))
    # The sum of the years of `events` independent events: the polynomial of one, to that power.
    length = events * int(steps[-1]) + 1
    chances = np.fft.irfft(np.fft.rfft(of_one, 2 * length) ** events, 2 * length)[:length]
    clipped: np.ndarray = np.clip(chances, 0, None)
    return clipped


def _of_shares(points: Sequence[Point], steps: Sequence[int], drawn: int) -> np.ndarray:
    """For each sum of years, the logarithm of the ways to draw so many cases with that sum."""
    from scipy.special import gammaln

    # ways[k, t]: log of the ways to draw k so far, the sum of whose years is t.
    ways = np.full((drawn + 1, drawn * steps[-1] + 1), -np.inf)
    ways[0, 0] = 0.0
    for step, point in zip(steps, points, strict=True):
        total = round(point.total)
        longer = np.full_like(ways, -np.inf)
        for taken in range(min(total, drawn) + 1):
            shift = taken * step
            chance = gammaln(total + 1) - gammaln(taken + 1) - gammaln(total - taken + 1)
            kept = ways[: drawn + 1 - taken, : ways.shape[1] - shift] + chance
            target = longer[taken:, shift:]
            np.logaddexp(target, kept, out=target)
        ways = longer
    last: np.ndarray = ways[drawn]
    return last


def rate_trend(points: Sequence[Point]) -> float:
    """Two-sided exact p-value that the rate of events is the same in all years.

    One below 1e-9 is given as that: there, the transform has only its own rounding to tell.
    """
    events = round(sum(point.count for point in points))
    steps = [point.year - points[0].year for point in points]
    exact = Conditional(
        *(_statistic(points), 0, 0), lambda slope: _of_rates(points, steps, events, slope)
    )
    return max(exact.p_value(), _SMALLEST_TOLD)


def share_trend(points: Sequence[Point]) -> float:
    """Two-sided p-value that the share is the same in all years; exact up to 150 cases."""
    exact = _exact(points, of_share=True)
    return _regression(points, 0.95, BY_CHANCE)[2] if exact is None else exact.p_value()


def _statistic(points: Sequence[Point]) -> int:
    return sum(round(point.count) * (point.year - points[0].year) for point in points)


def _by_score(
    points: Sequence[Point], confidence: float, dispersion: Dispersion
) -> tuple[float, Span, float]:
    """Slope, its interval and its p-value, of many events: the sum of their years is normal."""
    from scipy.special import logsumexp

    events = sum(point.count for point in points)
    steps = np.array([point.year - points[0].year for point in points], float)
    logs = np.log([point.total for point in points])
    mean_found = sum(point.count * step for point, step in zip(points, steps, strict=True)) / events

    def above(slope: float) -> tuple[float, float]:
        """How far the mean year lies above what the slope expects, and that in deviations."""
        chances = np.exp(logs + slope * steps - logsumexp(logs + slope * steps))
        mean = float(chances @ steps)
        variance = dispersion.factor * max(float(chances @ (steps - mean) ** 2), 1e-300)
        spread = math.sqrt(variance / events)
        return mean_found - mean, (mean_found - mean) / spread

    free = dispersion.free if dispersion.widens() else None
    end = reach(confidence, free)
    low, high = (_root(partial(_short_of, above, each)) for each in (end, -end))
    slope = _root(lambda slope: -above(slope)[0])
    return slope, (low, high), two_sided(above(0.0)[1], free)


def _short_of(above: Callable[[float], tuple[float, float]], end: float, slope: float) -> float:
    return end - above(slope)[1]


def _regression(
    points: Sequence[Point], confidence: float, dispersion: Dispersion
) -> tuple[float, Span, float]:
    """Slope, its interval and its p-value, of the odds of a share: a logistic regression."""
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    years = np.array([point.year for point in points], float)
    counts = np.array([point.count for point in points])
    others = np.array([point.total for point in points]) - counts
    # A half in each cell (Haldane 1956), so that a year of none or all has finite odds.
    if not (counts.all() and others.all()):
        counts, others = counts + 0.5, others + 0.5
    design = sm.add_constant(years - years.mean())
    model = sm.GLM(np.column_stack([counts, others]), design, sm.families.Binomial())
    with warnings.catch_warnings():
        # It warns where the same share in all years is fitted without error, as it should be.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        fitted = model.fit()
    slope, error = float(fitted.params[1]), float(fitted.bse[1]) * math.sqrt(dispersion.factor)
    free = dispersion.free if dispersion.widens() else None
    spread = reach(confidence, free) * error
    return slope, (slope - spread, slope + spread), two_sided(slope / error, free)
