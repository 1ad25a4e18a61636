"""The seven checks of a verdict: would it still hold, were this otherwise?

Each says `holds`, `turns`, or `na` where it does not apply. Two of them look beyond one reading (a
change of case system, the other readings) and are made in `verdict`.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import product

from kvarter.judgement.dispersion import BY_CHANCE, Dispersion
from kvarter.judgement.figures import (
    ExactSpan,
    FiguresByGroup,
    Span,
    change,
    change_span,
    is_met,
    needed,
    required,
    wants_a_fall,
)
from kvarter.judgement.intervals import (
    Counted,
    difference,
    difference_between,
    no_change,
    ratio_between,
)
from kvarter.judgement.versus import Against, Estimate, Level, Versus
from kvarter.policy.model import AREAS, CITY, REST, CaseCount, Indicator, Reading

HOLDS, TURNS, NOT_APPLICABLE = "holds", "turns", "na"
CHECKS = [
    "rounding",
    "chance",
    "unlocated",
    "case_system",
    "other_reading",
    "other_comparison",
    "beyond_city",
]
"""The seven, in the order of a report."""

_MANY_FREE = 1e9
Found = dict[str, object]
"""Columns of `verdicts` and their values."""


@dataclass(frozen=True)
class Assessment:
    """A reading, the figures of its two years, and whether it is met by them."""

    reading: Reading
    indicator: Indicator
    base: FiguresByGroup
    now: FiguresByGroup
    met: bool
    confidence: float
    dispersion: Dispersion = BY_CHANCE

    def is_counted(self) -> bool:
        """Whether the counts behind all of its figures are known; a level is of one year."""
        years = [self.now] if self.reading.kind == "level" else [self.base, self.now]
        groups = needed(self.reading)
        return all(g in year and year[g].is_counted for year in years for g in groups)


def holds(same: bool) -> str:
    """`holds` if the verdict stays the same, else `turns`."""
    return HOLDS if same else TURNS


def outcome_within(reading: Reading, span: Span | ExactSpan) -> bool | None:
    """Whether the target is met at both ends of `span`; None where the ends differ."""
    ends = {is_met(reading, end) for end in span}
    return ends.pop() if len(ends) == 1 else None


def rounding(case: Assessment) -> Found:
    """Would it hold for every pair of figures that round to the published percentages?"""
    if case.reading.of == "numerator":
        return {}
    values = [{g: f.rounded() for g, f in year.items()} for year in (case.base, case.now)]
    span = change_span(case.reading, case.base, case.now, *values)
    if span is None:
        return {}
    finite = span[1] != math.inf
    return {
        "rounding": holds(outcome_within(case.reading, span) is case.met),
        "rounded_low": float(span[0]) if finite else None,
        "rounded_high": float(span[1]) if finite else None,
    }


def chance(case: Assessment) -> Found:
    """Would it hold at both ends of the change's interval, and could no change be within it?"""
    if not case.is_counted() or not isinstance(case.indicator.numerator, CaseCount):
        return {}
    if case.reading.kind.startswith("gap"):
        return _chance_of_gap(case)
    reading = case.reading
    ends = _ends(case, case.dispersion)
    found: Found = {
        "change_low": ends[0],
        "change_high": ends[1],
        "chance": holds(_holds(case, case.dispersion)),
        "dispersion": case.dispersion.factor if case.dispersion.free is not None else None,
        "dispersion_free": case.dispersion.free,
        "turning_dispersion": _turning_dispersion(case),
    }
    if reading.kind == "level":
        return found
    now, base = (counted(case, year, case.dispersion) for year in (case.now, case.base))
    return found | {
        "change_is_chance": ends[0] <= 0 <= ends[1],
        "change_p": no_change(now, base),
    }


def counted(case: Assessment, year: FiguresByGroup, dispersion: Dispersion) -> Counted:
    """What a reading is of in a year; a number of cases is of the same exposure every year."""
    count, total = year[case.reading.group].counts()
    if case.reading.of == "numerator":
        return Counted(count, 1.0, dispersion=dispersion)
    return Counted(count, total, case.indicator.kind == "share", dispersion)


def _ends(case: Assessment, dispersion: Dispersion) -> Span:
    """The interval of the change (or level), in the unit of the reading."""
    reading, now = case.reading, counted(case, case.now, dispersion)
    if reading.kind == "level":
        return _in_unit(reading, now.span(case.confidence))
    base = counted(case, case.base, dispersion)
    if reading.kind == "relative_change":
        low, high = ratio_between(now, base, case.confidence)
        return 100 * (low - 1), 100 * (high - 1)
    return _in_unit(reading, difference_between(now, base, case.confidence))


def _holds(case: Assessment, dispersion: Dispersion) -> bool:
    return outcome_within(case.reading, _ends(case, dispersion)) is case.met


def _turning_dispersion(case: Assessment) -> float | None:
    """The least factor at which the verdict would depend on chance, to a tenth; None beyond 50.

    None too where it depends on chance as it is.
    """
    if not _holds(case, case.dispersion):
        return None
    tenths = range(11, 501)
    at = bisect_left(
        tenths, True, key=lambda tenth: not _holds(case, Dispersion(tenth / 10, _MANY_FREE))
    )
    return tenths[at] / 10 if at < len(tenths) else None


def _in_unit(reading: Reading, span: Span) -> Span:
    scale = 1 if reading.of == "numerator" else 100
    return scale * span[0], scale * span[1]


def _chance_of_gap(case: Assessment) -> Found:
    """A gap is within what is asked where it lies between plus and minus that part of the gap then.

    Both are differences of rates (or, for a relative gap, of ratios), with intervals by
    `difference`. It turns where either of them can be zero.
    """
    level = case.confidence, case.dispersion
    found = against_city(case.indicator, case.base, case.now, case.reading.versus, level)
    if found is None:
        return {}
    relative = case.reading.kind == "gap_relative"
    pair = (found.ratio_then, found.ratio_now) if relative else (found.gap_then, found.gap_now)
    (then, then_span), (now, now_span) = (_signed(each, 1.0 if relative else 0.0) for each in pair)
    if then is None or now is None or then_span is None or now_span is None:
        return {}
    asked = 1 + float(required(case.reading)) / 100
    limit, span = abs(asked * then), sorted(asked * end for end in then_span)
    if then < 0:
        span = [-span[1], -span[0]]
    above = difference(now, now_span, limit, (span[0], span[1]))
    below = difference(now, now_span, -limit, (-span[1], -span[0]))
    inside = above[1] <= 0 and below[0] >= 0
    outside = above[0] > 0 or below[1] < 0
    return {"chance": holds(inside if wants_a_fall(case.reading) == case.met else outside)}


def _signed(estimate: Estimate | None, zero: float) -> tuple[float | None, Span | None]:
    """How far an estimate and its interval lie from `zero`."""
    if estimate is None:
        return None, None
    span = estimate.span and (estimate.span[0] - zero, estimate.span[1] - zero)
    return float(estimate.value) - zero, span


def unlocated(case: Assessment) -> Found:
    """Would it hold wherever the unlocated cases lay, in both years? And if not, how few turn it?

    The tipping point is the smallest number of further cases in the group that turns the verdict,
    with the baseline as it was located. It may be more than there are unlocated cases; it is null
    where no number of further cases turns it, and for gaps. Where nobody said how many there are,
    they are unknown and not none: the check does not apply.
    """
    reading = case.reading
    if not isinstance(case.indicator.numerator, CaseCount):
        return {}
    if not case.is_counted():
        return _tipping_denominator(case)

    def outcome(base: FiguresByGroup, now: FiguresByGroup) -> bool | None:
        found = change(reading, base, now)
        return None if found is None else is_met(reading, found)

    joins_total = case.indicator.kind == "share"
    years = [case.now] if reading.kind == "level" else [case.base, case.now]
    found: Found = {"unlocated_cases": case.now[reading.group].unlocated}
    places = [_placements(year, reading, joins_total=joins_total) for year in years]
    if all(places):
        ways = list(product(*places)) if len(places) > 1 else [(case.base, n) for n in places[0]]
        found["unlocated"] = holds({outcome(base, now) for base, now in ways} == {case.met})
        if not reading.kind.startswith("gap"):
            both = (replace(case, base=base, now=now) for base, now in ways)
            found["together"] = holds(all(_holds(each, case.dispersion) for each in both))
    if reading.kind.startswith("gap"):
        return found
    own = case.now[reading.group]
    then = 0.0 if reading.kind == "level" else case.base[reading.group].counts()[0]
    furthest = int(10 * max(own.counts()[0], then)) + 1000

    def turned(more: int) -> bool:
        placed = own.with_located(more, joins_total=joins_total)
        return outcome(case.base, case.now | {reading.group: placed}) is not case.met

    # Each further case raises the figure, so that a verdict once turned stays so.
    tipping = bisect_left(range(furthest), True, lo=1, key=turned)
    return found | {"tipping_point": tipping if tipping < furthest else None}


def _tipping_denominator(case: Assessment) -> Found:
    """Of a rate known as a percentage alone: how small the group must be for the verdict to turn.

    All unlocated cases of now, placed in a group of so many (dwellings, say) or fewer, raise its
    rate to where the verdict turns. By the figures as published, and by all that round to them.
    """
    reading, now = case.reading, case.now[case.reading.group]
    if reading.of == "numerator" or reading.kind.startswith("gap") or case.indicator.kind != "rate":
        return {}
    if not now.unlocated:
        return {"unlocated_cases": now.unlocated}
    found: Found = {"unlocated_cases": now.unlocated}
    asked = required(reading) / 100
    then = now if reading.kind == "level" else case.base[reading.group]
    for name, base, own in (
        ("tipping_denominator", then.exactly(), now.exactly()),
        ("tipping_denominator_rounded", then.rounded()[0], now.rounded()[1]),
    ):
        turns_at = {"level": asked, "point_change": base + asked}.get(
            reading.kind, base * (1 + asked)
        )
        if turns_at > own:
            found[name] = float(now.unlocated / (turns_at - own))
    return found


def _placements(
    year: FiguresByGroup, reading: Reading, *, joins_total: bool
) -> list[FiguresByGroup]:
    """The year with none and with all of its unlocated cases in the group, or in the other one.

    A case in the areas is in the city as well. In a share, all of the city's unlocated cases can
    join the whole with none of them in the group. None are given where their number is unknown.
    """
    group = reading.group
    own, more = year[group], year[group].unlocated
    in_city = year[CITY].unlocated if CITY in year else more
    if more is None or in_city is None:
        return []
    placed = [year | {group: own.with_located(more, joins_total=joins_total)}, year]
    if joins_total and group in (AREAS, REST):
        count, total = own.counts()
        total += in_city
        placed.append(year | {group: replace(own, value=count / total, total=total)})
    if not reading.kind.startswith("gap"):
        return placed
    other = reading.versus
    lost = year[other].unlocated
    if lost is None:
        return []
    if other == CITY:
        placed[0] |= {other: year[other].with_located(more, joins_total=joins_total)}
    placed.append(year | {other: year[other].with_located(lost, joins_total=joins_total)})
    return placed


def comparisons(case: Assessment) -> Found:
    """Did the areas do more than the city did, and is the answer the same against its rest?

    That they did is said only where it is more than chance and rounding give. A gap's own verdict
    is tried against the other comparison group. A share is of the city's cases, and is compared as
    numbers.
    """
    falling = wants_a_fall(case.reading)
    found: Found = {}
    answers: dict[Versus, bool | None] = {}
    both: tuple[Versus, Versus] = ("city", "rest")
    for versus in both:
        level = case.confidence, case.dispersion
        against = against_city(case.indicator, case.base, case.now, versus, level)
        if against and against.beyond_times is not None:
            answers[versus] = against.did_more(falling)
        if versus == CITY and against:
            found |= _columns(against, answers.get(versus))
    if "city" in answers and case.reading.kind != "level":
        found["beyond_city"] = holds(answers["city"] is True)
        if "rest" in answers:
            found["other_comparison"] = holds(answers["rest"] == answers["city"])
    if case.reading.kind.startswith("gap"):
        reverse = {CITY: REST, REST: CITY}[case.reading.versus]
        other = case.reading.model_copy(update={"versus": reverse})
        moved = change(other, case.base, case.now)
        found["other_comparison"] = holds(moved is not None and is_met(other, moved) == case.met)
    return found


def against_city(
    indicator: Indicator,
    base: FiguresByGroup,
    now: FiguresByGroup,
    versus: Versus,
    level: Level,
) -> Against | None:
    """The areas against the city or its rest, in what an indicator is compared by."""
    by_chance = isinstance(indicator.numerator, CaseCount)
    return Against.of(
        *(base, now, versus, level if by_chance else None), numbers=indicator.kind == "share"
    )


def _columns(against: Against, answer: bool | None) -> Found:
    """What is said of the city; `answer` None: chance or rounding decides who moved further."""
    columns: Found = {"city_change": against.other_change}
    if against.beyond_times is not None:
        low, high = against.beyond_times.left_open()
        if high < 1 or low >= 1:
            columns["fell_more_than_city"] = high < 1
        if answer is None:
            columns["city_left_open"] = "chance" if against.beyond_times.span else "rounding"
    for name, estimate in [
        ("gap_baseline", against.gap_then),
        ("gap", against.gap_now),
        ("ratio_baseline", against.ratio_then),
        ("ratio", against.ratio_now),
    ]:
        if estimate is not None and against.gap_then is not None:
            columns[name] = float(estimate.value)
    return columns
