"""The figures a target is judged on: two years of one indicator, and what if some differed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from kvarter.policy.model import AREAS, CITY, REST, Indicator, Reading


@dataclass(frozen=True)
class Count:
    """A count over a total, and how many unlocated cases could belong to it as well."""

    count: float
    total: float
    unlocated: int = 0

    @property
    def value(self) -> float:
        return self.count / self.total

    def with_located(self, more: int, *, joins_total: bool) -> Count:
        """As it would be, were `more` of the unlocated cases found in this group."""
        total = self.total + more if joins_total else self.total
        return replace(self, count=self.count + more, total=total)


@dataclass(frozen=True)
class Figures:
    """One year of an indicator, by group."""

    groups: dict[str, Count]

    def __getitem__(self, group: str) -> Count:
        return self.groups[group]


def figures_of(measures: pl.DataFrame, indicator: Indicator, year: int) -> Figures | None:
    """The figures of a year, or None where one is missing or has no denominator."""
    groups = {}
    rows = measures.filter(
        (pl.col("indicator") == indicator.id) & (pl.col("period") == year)
    ).iter_rows(named=True)
    for row in rows:
        if row["group"] in (AREAS, REST, CITY) and row["value"] is not None:
            if row["numerator"] is None or not row["denominator"]:
                continue
            groups[row["group"]] = Count(
                row["numerator"], row["denominator"], row["unlocated"] or 0
            )
    return Figures(groups) if {AREAS, REST, CITY} <= set(groups) else None


def change(reading: Reading, base: Figures, now: Figures) -> float | None:
    """How far the reading's quantity has moved, in its own unit; a level is not a change.

    Relative changes and gaps are in percent, point changes in percentage points, a level in
    percent (or as a count). None where the baseline is zero and nothing can be relative to it.
    """
    before, after = _quantity(reading, base), _quantity(reading, now)
    if reading.kind == "level":
        return after
    if reading.kind == "point_change":
        return after - before
    return (after / before - 1) * 100 if before else None


def _quantity(reading: Reading, figures: Figures) -> float:
    """The count, the percentage, or the gap in percentage points or times the other group."""
    own, other = figures[reading.group], figures[reading.versus]
    if reading.kind == "gap_absolute":
        return abs(own.value - other.value) * 100
    if reading.kind == "gap_relative":
        return abs(own.value / other.value - 1) * 100 if other.count else 0.0
    return own.count if reading.of == "numerator" else own.value * 100


def required(reading: Reading) -> float:
    """What the change (or level) must reach, in the unit of `change`."""
    asked = reading.level if reading.kind == "level" else reading.change
    assert asked is not None  # held by kvarter.policy.agree
    return asked


def is_met(reading: Reading, found: float, falling: bool) -> bool:
    """Whether `found` reaches what is required; `falling`: lower is better."""
    return found <= required(reading) if falling else found >= required(reading)


def wants_a_fall(reading: Reading) -> bool:
    """A target below zero asks for a fall; a level is taken as a ceiling."""
    return reading.kind == "level" or required(reading) < 0
