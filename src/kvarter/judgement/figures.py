"""The figures a target is judged on: two years of one indicator, and what if some differed.

A verdict is found in exact arithmetic: from whole numbers and from decimals as they are written.
In binary fractions 12 of 20 to 11 of 20 is not -5 points, and a target of -5 would be missed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from kvarter.policy.model import AREAS, CITY, REST, Indicator, Reading

Span = tuple[float, float]
"""The lowest and the highest that a figure can be."""

Exact = Fraction | float
"""An exact number. Only an end that is infinite is a float."""

ExactSpan = tuple[Exact, Exact]


def exact(number: float | Fraction) -> Fraction:
    """A number as it is written in decimals: 0.1 is a tenth, and not the binary nearest to it."""
    return number if isinstance(number, Fraction) else Fraction(str(number))


@dataclass(frozen=True)
class Figure:
    """One group's figure of a year, as a fraction, and the counts behind it where known.

    `unlocated`: how many unlocated cases could belong to the group as well; None where nobody said.
    `decimals`: of the percentage as it is published.
    """

    value: float
    count: float | None
    total: float | None
    unlocated: int | None = 0
    decimals: int = 1

    @property
    def is_counted(self) -> bool:
        return self.count is not None and bool(self.total)

    def counts(self) -> tuple[float, float]:
        """Count and total of a figure that `is_counted`."""
        assert self.count is not None and self.total is not None
        return self.count, self.total

    def exactly(self) -> Fraction:
        """The value: of the counts where they are known, else the percentage as published."""
        if self.is_counted:
            count, total = self.counts()
            return exact(count) / exact(total)
        return exact(round(100 * self.value, self.decimals)) / 100

    def rounded(self) -> tuple[Fraction, Fraction]:
        """Every fraction that rounds to the percentage as published: 1.4 % is 1.35 to 1.45 %."""
        half = Fraction(1, 2 * 10**self.decimals)
        percent = exact(round(100 * self.value, self.decimals))
        return max(percent - half, Fraction(0)) / 100, (percent + half) / 100

    def known(self) -> tuple[Fraction, Fraction]:
        """What the figure can be by what is known of it: itself, or all that rounds to it."""
        return (self.exactly(), self.exactly()) if self.is_counted else self.rounded()

    def with_located(self, more: int, *, joins_total: bool) -> Figure:
        """As it would be, were `more` of the unlocated cases found in this group."""
        count, total = self.counts()
        total += more if joins_total else 0
        return replace(self, count=count + more, total=total, value=(count + more) / total)


FiguresByGroup = dict[str, Figure]
"""The figures of one indicator and year, by group."""


def figures_of(measures: pl.DataFrame, indicator: Indicator, year: int) -> FiguresByGroup:
    """The figures of a year; groups without one are left out.

    `measures`: also the `results` of an edition, which do not say how many are unlocated.

    The rest of the city is what the city has more than the areas, where it is not given.
    """
    rows = measures.filter(
        (pl.col("indicator") == indicator.id)
        & (pl.col("period") == year)
        & pl.col("group").is_in([AREAS, REST, CITY])
        & pl.col("value").is_not_null()
    )
    found = {
        row["group"]: Figure(
            row["value"],
            row["numerator"],
            row["denominator"],
            row.get("unlocated"),
            indicator.decimals_in(year, row["group"], counted=row["numerator"] is not None),
        )
        for row in rows.iter_rows(named=True)
    }
    if REST not in found and {AREAS, CITY} <= set(found):
        found |= _rest(found[AREAS], found[CITY], of_all=indicator.kind == "share")
    return found


def _rest(areas: Figure, city: Figure, *, of_all: bool) -> FiguresByGroup:
    """The rest of the city from the counts of both; `of_all`: as a share of the whole city."""
    if not (areas.is_counted and city.is_counted):
        return {}
    (inside, below), (whole, total) = areas.counts(), city.counts()
    count, total = whole - inside, total if of_all else total - below
    if count < 0 or total <= 0:
        return {}
    return {REST: Figure(count / total, count, total, city.unlocated, city.decimals)}


def needed(reading: Reading) -> list[str]:
    """The groups whose figures a reading is about."""
    return [reading.group, reading.versus] if reading.kind.startswith("gap") else [reading.group]


def are_known(reading: Reading, figures: FiguresByGroup) -> bool:
    """Whether a year has all that a reading is about."""
    found = [figures.get(group) for group in needed(reading)]
    if reading.of == "numerator":
        return all(figure is not None and figure.count is not None for figure in found)
    return None not in found


def change(reading: Reading, base: FiguresByGroup, now: FiguresByGroup) -> Fraction | None:
    """How far the reading's quantity has moved, in its own unit; a level is not a change.

    Relative changes and gaps are in percent, point changes in percentage points, a level in
    percent (or as a count). None where a figure is missing, or the baseline is zero and nothing
    can be relative to it.
    """
    values = [{g: (f.exactly(), f.exactly()) for g, f in year.items()} for year in (base, now)]
    span = change_span(reading, base, now, values[0], values[1])
    return None if span is None or span[1] == math.inf else Fraction(span[0])


def change_span(
    reading: Reading,
    base: FiguresByGroup,
    now: FiguresByGroup,
    base_values: Mapping[str, ExactSpan],
    now_values: Mapping[str, ExactSpan],
) -> ExactSpan | None:
    """`change`, where each figure can be anything in the span of `base_values` or `now_values`.

    By interval arithmetic, so that the span holds every combination. Its upper end is infinite
    where the baseline may be zero. None where a figure is missing.
    """
    before, after = _quantity(reading, base, base_values), _quantity(reading, now, now_values)
    if after is None or (before is None and reading.kind != "level"):
        return None
    if reading.kind == "level" or before is None:
        return after
    if reading.kind == "point_change":
        return after[0] - before[1], after[1] - before[0]
    low = after[0] / before[1] if before[1] else math.inf
    high = after[1] / before[0] if before[0] else math.inf
    return 100 * (low - 1), 100 * (high - 1)


def _quantity(
    reading: Reading, figures: FiguresByGroup, values: Mapping[str, ExactSpan]
) -> ExactSpan | None:
    """The count, the percentage, or the gap in percentage points or in times the other group."""
    if not set(needed(reading)) <= set(figures):
        return None
    if reading.of == "numerator":
        count = figures[reading.group].count
        return None if count is None else (exact(count), exact(count))
    own = values[reading.group]
    if not reading.kind.startswith("gap"):
        return 100 * own[0], 100 * own[1]
    other = values[reading.versus]
    if reading.kind == "gap_absolute":
        return _size((100 * (own[0] - other[1]), 100 * (own[1] - other[0])))
    if not other[0]:
        return (Fraction(0), Fraction(0)) if not other[1] else None
    return _size((100 * (own[0] / other[1] - 1), 100 * (own[1] / other[0] - 1)))


def _size(span: ExactSpan) -> ExactSpan:
    """How large a signed number in `span` can be, without its sign."""
    low, high = span
    if low >= 0:
        return low, high
    if high <= 0:
        return -high, -low
    return Fraction(0), high if high > -low else -low


def required(reading: Reading) -> Fraction:
    """What the change (or level) must reach, in the unit of `change`: as written in the policy."""
    asked = reading.level if reading.kind == "level" else reading.change
    assert asked is not None  # held by kvarter.policy.agree
    return exact(asked)


def wants_a_fall(reading: Reading) -> bool:
    """A change below zero asks for a fall; a level is a ceiling, unless higher is better."""
    return reading.better == "lower" if reading.kind == "level" else required(reading) < 0


def is_met(reading: Reading, found: Exact) -> bool:
    """Whether `found` reaches what is required."""
    asked = required(reading)
    return found <= asked if wants_a_fall(reading) else found >= asked
