"""The table of criteria: levels, lags, what of them is closed, and when the ambition is met."""

from __future__ import annotations

from typing import Any

from kvarter.documents.distance_words import projected_range
from kvarter.documents.document import Cell, Table, plain
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.policy.model import Criterion

Row = dict[str, Any]


def criteria_table(status: Edition, latest: dict[str, Row], reference: str) -> Table:
    headings = [
        _("Criterion"),
        _("The areas"),
        reference[:1].upper() + reference[1:],
        _("Lag"),
        _("Lag closed"),
        _("Distance covered"),
        _("Closed a year"),
    ]
    return Table(
        _("Criterion by criterion, against: {reference}", reference=reference),
        plain(headings),
        tuple(_criterion(latest.get(each.id), each) for each in status.policy.criteria),
        widths=(3.3, 2.1, 2.1, 2.1, 1.9, 1.9, 2.6),
    )


def _criterion(row: Row | None, criterion: Criterion) -> tuple[Cell, ...]:
    """A line of the table of criteria."""
    title = locale.say(criterion.title)
    empty = Cell("")
    if row is None:
        return (Cell(title), empty, empty, empty, Cell(_("no data")), empty, empty)
    unit = "%" if criterion.unit == "percent" else locale.say(criterion.unit)
    head = Cell(title, small=(f"{unit}, {row['baseline_period']}\u2013{row['period']}",))
    if not row["shown"]:
        return (head, empty, empty, empty, Cell(_("not shown")), empty, empty)
    spans = [
        Cell(_from_to(row[f"{column}_baseline"], row[column], criterion))
        for column in ("level", "reference_level", "lag")
    ]
    if row["closed"] is None:
        return (head, *spans, Cell(why_not(row["reason"])), empty, empty)
    small: tuple[str, ...] = ()
    if row["closed_low"] is not None:
        low, high = (locale.number(100 * row[end], 1) for end in ("closed_low", "closed_high"))
        small = (_("{low} to {high}", low=low, high=high),)
    pace = empty
    if row["pace"] is not None:
        pace = Cell(locale.percent(100 * row["pace"], 1), _when(row))
    closed = Cell(locale.percent(100 * row["closed"], 1), small, strong=True)
    return (head, *spans, closed, Cell(locale.percent(100 * row["distance_covered"])), pace)


def _when(row: Row) -> tuple[str, ...]:
    """When the ambition is met at that pace, and what chance leaves open of it."""
    year, between = row["projected_year"], projected_range(row)
    if year is None:
        when = _("never reached")
    elif year <= row["period"]:
        when = _("reached in {year}", year=year)
    else:
        when = _("will be reached in {year}", year=year)
    return (when, between) if between else (when,)


def _from_to(before: float | None, after: float | None, of: Criterion) -> str:
    return "\u00a0→\u00a0".join(amount(value, of) for value in (before, after))


def amount(value: float | None, of: Criterion, *, sign: bool = False) -> str:
    if value is None:
        return "–"
    times = 100 if of.unit == "percent" else 1
    return locale.number(times * value, of.decimals, sign=sign)


def why_not(reason: str) -> str:
    return {
        "": _("baseline"),
        "no_data": _("no data"),
        "small_lag": _("cannot be measured"),
        "new_area": _("new area"),
        "dropped_area": _("dropped area"),
    }[reason]
