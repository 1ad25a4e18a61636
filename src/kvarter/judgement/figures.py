"""The figures a target is judged on: two years of one indicator, and what if some differed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from kvarter.policy.model import AREAS, CITY, REST, Indicator, Reading

Span = tuple[float, float]
"""The lowest and the highest that a figure can be."""


@dataclass(frozen=True)
class Figure:
    """One group's figure of a year, as a fraction, and the counts behind it where known.

    `unlocated`: how many unlocated cases could belong to the group as well. `decimals`: of the
    percentage as it is published.
    """

    value: float
    count: float | None
    total: float | None
    unlocated: int = 0
    decimals: int = 1

    @property
    def is_counted(self) -> bool:
        return self.count is not None and bool(self.total)

    def counts(self) -> tuple[float, float]:
        """Count and total of a figure that `is_counted`."""
        assert self.count is not None and self.total is not None
        return self.count, self.total

    def rounded(self) -> Span:
        """Every fraction that rounds to the percentage as published: 1.4 % is 1.35 to 1.45 %."""
        half = 0.5 * 10**-self.decimals
        percent = round(self.value * 100, self.decimals)
        return max(percent - half, 0.0) / 100, (percent + half) / 100

    def known(self) -> Span:
        """What the figure can be by what is known of it: itself, or all that rounds to it."""
        return (self.value, self.value) if self.is_counted else self.rounded()

    def with_located(self, more: int, *, joins_total: bool) -> Figure:
        """As it would be, were `more` of the unlocated cases found in this group."""
        count, total = self.counts()
        total += more if joins_total else 0
        return replace(self, count=count + more, total=total, value=(count + more) / total)


Figures = dict[str, Figure]
"""The figures of one indicator and year, by group."""


def figures_of(measures: pl.DataFrame, indicator: Indicator, year: int) -> Figures:
    """The figures of a year; groups without one are left out."""
    rows = measures.filter(
        (pl.col("indicator") == indicator.id)
        & (pl.col("period") == year)
        & pl.col("group").is_in([AREAS, REST, CITY])
        & pl.col("value").is_not_null()
    )
    finest = {(each.year, each.group): _decimals(each.percent) for each in indicator.published}
    return {
        row["group"]: Figure(
            row["value"],
            row["numerator"],
            row["denominator"],
            row["unlocated"] or 0,
            max(indicator.decimals, finest.get((year, row["group"]), 0)),
        )
        for row in rows.iter_rows(named=True)
    }


def _decimals(percent: float) -> int:
    return len(f"{percent:.10f}".rstrip("0").partition(".")[2])


def needed(reading: Reading) -> list[str]:
    """The groups whose figures a reading is about."""
    return [reading.group, reading.versus] if reading.kind.startswith("gap") else [reading.group]


def change(reading: Reading, base: Figures, now: Figures) -> float | None:
    """How far the reading's quantity has moved, in its own unit; a level is not a change.

    Relative changes and gaps are in percent, point changes in percentage points, a level in
    percent (or as a count). None where a figure is missing, or the baseline is zero and nothing
    can be relative to it.
    """
    exact = (
        {g: (f.value, f.value) for g, f in base.items()},
        {g: (f.value, f.value) for g, f in now.items()},
    )
    span = change_span(reading, base, now, *exact)
    return None if span is None or span[1] == float("inf") else span[0]


def change_span(
    reading: Reading,
    base: Figures,
    now: Figures,
    base_values: dict[str, Span],
    now_values: dict[str, Span],
) -> Span | None:
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
    low = after[0] / before[1] if before[1] else float("inf")
    high = after[1] / before[0] if before[0] else float("inf")
    return 100 * (low - 1), 100 * (high - 1)


def _quantity(reading: Reading, figures: Figures, values: dict[str, Span]) -> Span | None:
    """The count, the percentage, or the gap in percentage points or in times the other group."""
    if not set(needed(reading)) <= set(figures):
        return None
    if reading.of == "numerator":
        count = figures[reading.group].count
        return None if count is None else (count, count)
    own = values[reading.group]
    if not reading.kind.startswith("gap"):
        return 100 * own[0], 100 * own[1]
    other = values[reading.versus]
    if reading.kind == "gap_absolute":
        return _size((100 * (own[0] - other[1]), 100 * (own[1] - other[0])))
    if not other[0]:
        return (0.0, 0.0) if not other[1] else None
    return _size((100 * (own[0] / other[1] - 1), 100 * (own[1] / other[0] - 1)))


def _size(span: Span) -> Span:
    """How large a signed number in `span` can be, without its sign."""
    low, high = sorted(abs(end) for end in span)
    return (0.0 if span[0] < 0 < span[1] else low), high


def required(reading: Reading) -> float:
    """What the change (or level) must reach, in the unit of `change`."""
    asked = reading.level if reading.kind == "level" else reading.change
    assert asked is not None  # held by kvarter.policy.agree
    return asked


def wants_a_fall(reading: Reading) -> bool:
    """A change below zero asks for a fall; a level is a ceiling, unless higher is better."""
    return reading.better == "lower" if reading.kind == "level" else required(reading) < 0


def is_met(reading: Reading, found: float) -> bool:
    """Whether `found` reaches what is required."""
    asked = required(reading)
    return found <= asked if wants_a_fall(reading) else found >= asked
