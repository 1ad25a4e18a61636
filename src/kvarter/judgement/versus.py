"""The areas against the rest of the city and the whole of it: gaps, and whose fall was larger.

Difference in differences: by how much the areas changed more than those they are compared with,
in percentage points (of the gap) and relatively (of the ratio). The two can point different ways:
when both fall, the gap can halve while the ratio grows. So both are always given.

The areas are part of the city, so their figures are not independent of it. Intervals are found
against the rest, which is, and carried over: with w the areas' part of the denominators,
areas - city = (1 - w)(areas - rest), and areas/city = r / (w r + 1 - w) where r = areas/rest.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from kvarter.judgement.dispersion import Dispersion
from kvarter.judgement.figures import Exact, ExactSpan, FiguresByGroup, Span
from kvarter.judgement.intervals import Counted, difference, quotient
from kvarter.policy.model import AREAS, CITY, REST

Versus = Literal["rest", "city"]
Way = Literal["closer", "apart", "passed", "open", "same", "chance", "rounding"]
"""Where the areas went from the others' level; by chance or by rounding, it may be nowhere.

`open`: towards it, by the figures past it, and whether that is closer cannot be told."""
Level = tuple[float, Dispersion]
"""The confidence of intervals, and how counts scatter."""


@dataclass(frozen=True)
class Estimate:
    """A figure, exactly; where the counts behind it are known, its interval for chance.

    `rounded`: all that it can be where a figure behind it is known only as published; else None.
    """

    value: Fraction
    span: Span | None = None
    rounded: ExactSpan | None = None

    def known(self) -> ExactSpan:
        """What it can be by what is known: itself, or all that its rounding leaves open."""
        return self.rounded or (self.value, self.value)

    def left_open(self) -> ExactSpan:
        """What it can be, chance and rounding taken together."""
        return self.span or self.known()


@dataclass(frozen=True)
class Against:
    """The areas against `versus` in two years.

    Changes in percent, gaps in percentage points, ratios in times. `beyond_points` is the gap now
    less the gap then; `beyond_times` the ratio now over the ratio then. None where a count is zero
    or a figure is missing; gaps are None too where the figures are numbers and not rates.
    """

    versus: Versus
    areas_change: float | None
    other_change: float | None
    gap_then: Estimate | None
    gap_now: Estimate | None
    ratio_then: Estimate | None
    ratio_now: Estimate | None
    beyond_points: Estimate | None
    beyond_times: Estimate | None

    @classmethod
    def of(
        cls,
        base: FiguresByGroup,
        now: FiguresByGroup,
        versus: Versus,
        level: Level | None,
        *,
        numbers: bool = False,
    ) -> Against | None:
        """The areas against `versus`; None where one of the four figures is missing.

        `level`: of counts of events, which scatter; None of residents, who are counted in full,
        without an interval. `numbers`: compare the counts themselves (of a share, whose rates would
        say nothing).
        """
        if numbers:
            base, now = _as_numbers(base), _as_numbers(now)
        if not all({AREAS, versus} <= set(figures) for figures in (base, now)):
            return None
        ratios = [_ratio(year, versus, level) for year in (base, now)]
        gaps = None if numbers else [_gap(year, versus, level) for year in (base, now)]
        return cls(
            versus,
            _percent(base[AREAS].exactly(), now[AREAS].exactly()),
            _percent(base[versus].exactly(), now[versus].exactly()),
            gaps[0] if gaps else None,
            gaps[1] if gaps else None,
            ratios[0],
            ratios[1],
            _less(gaps[1], gaps[0]) if gaps else None,
            _over(ratios[1], ratios[0]),
        )

    def did_more(self, falling: bool) -> bool | None:
        """Whether the areas moved further the wanted way than the others, on every measure.

        Yes only where that is more than chance and rounding can give, and no only where the
        contrary is; None between, and where a count is zero.
        """
        if self.beyond_times is None:
            return None
        low, high = self.beyond_times.left_open()
        spans = [(low - 1, high - 1)]
        if self.beyond_points is not None:
            spans.append(self.beyond_points.left_open())
        further = [high < 0 if falling else low > 0 for low, high in spans]
        back = [low > 0 if falling else high < 0 for low, high in spans]
        if self.are_alike():
            return False
        return True if all(further) else False if any(back) else None

    def are_alike(self) -> bool:
        """Whether both moved exactly alike by some measure, with nothing left open."""
        moved = [(self.beyond_times, 1), (self.beyond_points, 0)]
        return any(each is not None and each.left_open() == (n, n) for each, n in moved)

    def relatively(self) -> Way | None:
        """Where the areas went from the others' level, in times of it."""
        if self.beyond_times is None or self.ratio_then is None or self.ratio_now is None:
            return None
        return _way(self.beyond_times, self.ratio_then, self.ratio_now, 1, _times_from_one)

    def in_points(self) -> Way | None:
        """Where the areas went from the others' level, in percentage points."""
        if self.beyond_points is None or self.gap_then is None or self.gap_now is None:
            return None
        return _way(self.beyond_points, self.gap_then, self.gap_now, 0, _points_from_none)


def _way(
    moved: Estimate, then: Estimate, now: Estimate, none: int, far: Callable[[Exact], Exact]
) -> Way:
    """In words. `none`: what each is where there is no difference; `far`: how far one is from it.

    Where the figures changed sides, they passed if both are surely on their side of `none`. If not,
    they came closer, or went apart, only if one is further off than the other wherever in its
    interval each may be.
    """
    low, high = moved.left_open()
    if low <= none <= high:
        return "chance" if moved.span else "rounding" if moved.rounded else "same"
    if (then.value - none) * (now.value - none) >= 0:
        return "apart" if far(now.value) > far(then.value) else "closer"
    (then_least, then_most), (least, most) = (_distances(each, none, far) for each in (then, now))
    if then_least > far(none) and least > far(none):
        return "passed"
    return "closer" if most < then_least else "apart" if least > then_most else "open"


def _distances(estimate: Estimate, none: int, far: Callable[[Exact], Exact]) -> tuple[Exact, Exact]:
    """The least and the most that an estimate can be from `none`."""
    low, high = estimate.left_open()
    ends = far(low), far(high)
    return (far(none) if low <= none <= high else min(ends)), max(ends)


def _points_from_none(gap: Exact) -> Exact:
    return gap if gap >= 0 else -gap


def _times_from_one(ratio: Exact) -> Exact:
    """1 where there is no difference, and as much for half as for twice."""
    return max(ratio, 1 / ratio) if ratio else math.inf


def _as_numbers(figures: FiguresByGroup) -> FiguresByGroup:
    """Each figure as a count over one, so that a rate of it is the count."""
    return {
        group: type(figure)(figure.count, figure.count, 1.0)
        for group, figure in figures.items()
        if figure.count is not None
    }


def _percent(before: Fraction, after: Fraction) -> float | None:
    return float(100 * (after / before - 1)) if before else None


def _gap(year: FiguresByGroup, versus: Versus, level: Level | None) -> Estimate:
    """The gap in percentage points."""
    gap = 100 * (year[AREAS].exactly() - year[versus].exactly())
    if not _has_counts(year):
        (low, high), (other_low, other_high) = year[AREAS].known(), year[versus].known()
        return Estimate(gap, rounded=(100 * (low - other_high), 100 * (high - other_low)))
    if level is None:
        return Estimate(gap)
    own, rest = _parts(year, level)
    ends = difference(own.value, own.span(level[0]), rest.value, rest.span(level[0]))
    part = 1.0 if versus == REST else 1 - year[AREAS].counts()[1] / year[CITY].counts()[1]
    return Estimate(gap, (100 * part * ends[0], 100 * part * ends[1]))


def _parts(year: FiguresByGroup, level: Level) -> tuple[Counted, Counted]:
    own, rest = (Counted(*year[g].counts(), dispersion=level[1]) for g in (AREAS, REST))
    return own, rest


def _ratio(year: FiguresByGroup, versus: Versus, level: Level | None) -> Estimate | None:
    if not year[versus].value:
        return None
    value = year[AREAS].exactly() / year[versus].exactly()
    if not _has_counts(year):
        return Estimate(value, rounded=_divided(year[AREAS].known(), year[versus].known()))
    if level is None:
        return Estimate(value)
    own, rest = _parts(year, level)
    low, high = quotient(own.value, own.span(level[0]), rest.value, rest.span(level[0]))
    if versus == CITY:
        whole = year[CITY].counts()[1]
        low, high = (_of_city(end, own.total / whole, rest.total / whole) for end in (low, high))
    return Estimate(value, (low, high))


def _of_city(times_rest: float, own_part: float, rest_part: float) -> float:
    """How many times the city's level, by how many times that of the rest of it."""
    if math.isinf(times_rest):
        return 1 / own_part
    return times_rest / (own_part * times_rest + rest_part)


def _has_counts(year: FiguresByGroup) -> bool:
    return {REST, CITY} <= set(year) and all(figure.is_counted for figure in year.values())


def _less(now: Estimate, then: Estimate) -> Estimate:
    span = None
    if now.span and then.span:
        span = difference(float(now.value), now.span, float(then.value), then.span)
    rounded = None
    if now.rounded or then.rounded:
        (low, high), (then_low, then_high) = now.known(), then.known()
        rounded = low - then_high, high - then_low
    return Estimate(now.value - then.value, span, rounded)


def _over(now: Estimate | None, then: Estimate | None) -> Estimate | None:
    if now is None or then is None or not then.value:
        return None
    span = None
    if now.span and then.span:
        span = quotient(float(now.value), now.span, float(then.value), then.span)
    rounded = _divided(now.known(), then.known()) if now.rounded or then.rounded else None
    return Estimate(now.value / then.value, span, rounded)


def _divided(above: ExactSpan, below: ExactSpan) -> ExactSpan:
    """All that the one over the other can be; neither is below zero."""
    return above[0] / below[1], above[1] / below[0] if below[0] else math.inf
