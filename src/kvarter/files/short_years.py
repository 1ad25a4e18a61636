"""Dates whose year has two digits, as 22-03-23: of 2022 or of 2023, told by all values of a column.

Calendars tell little, since each of today's years is a day as well. The days that the dates are
expected between tell more: few dates lie within them if the wrong end is taken for the year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from kvarter.notes import Note

YEAR_FIRST, YEAR_LAST, OPEN = "year", "year last", "year open"
Parts = tuple[int, int, int]
"""The three numbers of a date as they stand."""
Span = tuple[dt.date, dt.date]

_CLEAR = 100
"""So many times more dates of one kind than of the other: the others are slips."""
_YEAR = dt.timedelta(days=366)
_LIKELY = 2
_BEFORE, _AFTER = 60 * _YEAR, 2 * _YEAR
"""How far from the days that are expected a date may lie at all."""


@dataclass(frozen=True)
class Evidence:
    """Rows that tell where the year stands.

    `surely`: they are no date of these times with it at the other end. `likely`: they lie within
    the days that are expected only so.
    """

    surely: int = 0
    likely: int = 0

    @property
    def rows(self) -> int:
        return self.surely + self.likely


@dataclass(frozen=True)
class Settled:
    """`order`: YEAR_FIRST, YEAR_LAST or OPEN; and what speaks for the one and for the other."""

    order: str
    first: Evidence
    last: Evidence

    def notes(self, field: str, known: bool) -> list[Note]:
        """What is to be told of the column; `known`: it was known which days are expected."""
        if self.order == YEAR_FIRST:
            chosen = Note(
                "{column}: dates are read with the year first, as 22-03-23 is 23 March 2022: "
                "{rows} of them are no dates otherwise, or lie within the expected days only so.",
                {"column": field, "rows": self.first.rows},
            )
            return [chosen, *self._against(field, self.last.rows)]
        if self.order == YEAR_LAST and not known and not self.last.rows:
            return [
                Note(
                    "{column}: dates are read with the day first, as 05-03-23 is 5 March 2023; "
                    "nothing in the column shows whether the year stands first.",
                    {"column": field},
                )
            ]
        return [] if self.order == OPEN else self._against(field, self.first.rows)

    def _against(self, field: str, rows: int) -> list[Note]:
        if not rows:
            return []
        return [
            Note(
                "{column}: {rows} {rows:date with a year|dates with years} of two digits would "
                "fit better with the year at the other end; {rows:it is|they are} read as the "
                "others are.",
                {"column": field, "rows": rows},
            )
        ]


def settle(dates: Mapping[Parts, int], in_full: int, likely: Span | None, marked: bool) -> Settled:
    """Where the year of `dates`, each in so many rows, stands.

    `in_full`: rows with the same marks and a year of four digits, which stands last. `likely`: days
    that most of the dates lie between. `marked`: marks part the three numbers; without any, and
    where nothing tells, the order is open.
    """
    surely, within = {YEAR_FIRST: 0, YEAR_LAST: in_full}, {YEAR_FIRST: 0, YEAR_LAST: 0}
    for parts, rows in dates.items():
        first, last = fit(parts, YEAR_FIRST, likely), fit(parts, YEAR_LAST, likely)
        if first != last:
            better = YEAR_FIRST if first > last else YEAR_LAST
            kind = within if first and last else surely
            kind[better] += rows
    first_evidence, last_evidence = (
        Evidence(surely[order], within[order]) for order in (YEAR_FIRST, YEAR_LAST)
    )
    danish = likely is None and marked and not first_evidence.rows
    if _beats(first_evidence, last_evidence):
        order = YEAR_FIRST
    elif danish or _beats(last_evidence, first_evidence):
        order = YEAR_LAST
    else:
        order = OPEN
    return Settled(order, first_evidence, last_evidence)


def _beats(one: Evidence, other: Evidence) -> bool:
    sure = not other.surely or one.surely >= _CLEAR * other.surely
    return sure and one.rows > other.rows


def settle_one(parts: Parts, likely: Span | None) -> str:
    """The same of one date in a column that is open: the end with which alone it fits.

    Where it is the same day with either, or lies outside the likely days so, nothing hangs on it.
    """
    first, last = fit(parts, YEAR_FIRST, likely), fit(parts, YEAR_LAST, likely)
    if first > last:
        return YEAR_FIRST
    harmless = parts[0] == parts[2] or last == 0 or (likely is not None and last < _LIKELY)
    return YEAR_LAST if last > first or harmless else OPEN


def fit(parts: Parts, order: str, likely: Span | None) -> int:
    """2 where the date lies within the likely days, 1 where it may be one, 0 where it is none."""
    days = _days(parts, order)
    if likely is None:
        return int(bool(days))
    if any(likely[0] <= day <= likely[1] for day in days):
        return _LIKELY
    return int(any(likely[0] - _BEFORE <= day <= likely[1] + _AFTER for day in days))


def _days(parts: Parts, order: str) -> list[dt.date]:
    """All days that it may be, with day and month in either order where the year is last."""
    first, second, third = parts
    year = first if order == YEAR_FIRST else third
    rest = [(second, third)] if order == YEAR_FIRST else [(second, first), (first, second)]
    days = []
    for month, day in rest:
        for century in (1900, 2000):
            try:
                days.append(dt.date(century + year, month, day))
            except ValueError:
                continue
    return days
