"""Figures of indicators as cells of a page, each with the cell of the table it is from."""

from __future__ import annotations

from typing import Any

from kvarter.documents.figures import decimals_shown
from kvarter.i18n.locale import Locale
from kvarter.policy.model import Indicator
from kvarter.web.status.prepare.cells import figure, parts
from kvarter.web.status.prepare.content import Cell, Said

Row = dict[str, Any]


def result_cell(row: Row | None, indicator: Indicator, locale: Locale, *, page: str = "") -> Cell:
    """A percentage, the counts behind it, and its interval; in words where there is none."""
    _ = locale._
    if row is None or (row["shown"] and row["value"] is None):
        return Cell(Said(_("no data")), page=page, number=True)
    if not row["shown"]:
        return Cell(Said(_("not shown")), (Said(_("small numbers")),), page=page, number=True)
    small: list[Said] = []
    if row["numerator"] is not None and row["denominator"] is not None:
        part = figure(locale.number(row["numerator"]), "results", row, "numerator")
        whole = figure(locale.number(row["denominator"]), "results", row, "denominator")
        small += parts(_("({part} of {whole})"), part=part, whole=whole)
    if row["low"] is not None and row["value"] < 1:
        # One decimal more than the figure: an interval that rounds to a point says nothing.
        low, high = (
            figure(locale.number(100 * row[end], indicator.decimals + 1), "results", row, end)
            for end in ("low", "high")
        )
        small += parts(_("interval {low} to {high}"), low=low, high=high)
    value = locale.percent(100 * row["value"], decimals_shown(row, indicator))
    return Cell(figure(value, "results", row, "value"), tuple(small), page=page, number=True)


def header(text: str, small: str = "", *, page: str = "") -> Cell:
    """The heading of a row."""
    return Cell(Said(text), (Said(small),) if small else (), page=page)
