"""Figures as they are read: which there are, and how one is written with what stands behind it."""

from __future__ import annotations

from typing import Any

import polars as pl

from kvarter.documents.document import Cell
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.policy.model import AREAS, CITY, REST, EditionDefinition, Indicator

Figures = dict[tuple[int, str], dict[str, Any]]
"""Rows of the results by period and group."""


def figures_of(status: Edition, indicator: Indicator) -> Figures:
    """Every row of an indicator's results."""
    rows = status.results.filter(pl.col("indicator") == indicator.id)
    return {(row["period"], row["group"]): row for row in rows.iter_rows(named=True)}


def editions(status: Edition) -> list[EditionDefinition]:
    """The editions up to and with this one, in the order of the policy."""
    every = status.policy.editions
    return every[: 1 + [edition.id for edition in every].index(status.definition.id)]


def groups_of(indicator: Indicator) -> list[str]:
    """The groups an indicator is shown for; a share of the city has no rest beside it."""
    return [AREAS, CITY] if indicator.kind == "share" else [AREAS, REST, CITY]


def confidence(status: Edition) -> str:
    """The confidence of all intervals, such as `95 %`."""
    return locale.percent(100 * status.policy.confidence)


def at_least(count: int | None, threshold: int) -> str:
    """A number of rows in words; blank for none, and `fewer than` where it is None."""
    if count == 0:
        return ""
    if count is None:
        return _("fewer than {threshold}", threshold=threshold)
    return locale.number(count)


def decimals_shown(row: dict[str, Any], indicator: Indicator) -> int:
    """Of a figure of the results: as it was published, where only the percentage was."""
    if row["origin"] == "published" and row["numerator"] is None:
        return indicator.decimals_in(row["period"], row["group"], counted=False)
    return indicator.decimals


def units() -> dict[str, str]:
    """What is counted, in the plural."""
    return {
        "household": _("households"),
        "person": _("persons"),
        "case": _("cases"),
        "": _("something else"),
    }


def quantity(of: str, indicator: Indicator) -> str:
    """What a verdict or a test is `of`, as it stands within a sentence."""
    if of == "numerator":
        return _("the number")
    return _("the share") if indicator.kind == "share" else _("the rate")


def cell(row: dict[str, Any] | None, indicator: Indicator, *, interval: bool = True) -> Cell:
    """A figure as it is read: the percentage, the counts behind it, and its interval."""
    if row is None or (row["shown"] and row["value"] is None):
        return Cell(_("no data"))
    if not row["shown"]:
        return Cell(_("not shown"), small=(_("small numbers"),))
    small = []
    if row["numerator"] is not None and row["denominator"] is not None:
        part, whole = locale.number(row["numerator"]), locale.number(row["denominator"])
        small.append(_("({part} of {whole})", part=part, whole=whole))
    if interval and row["low"] is not None and row["value"] < 1:
        # One decimal more than the figure: an interval that rounds to a point says nothing.
        ends = [locale.number(100 * row[end], indicator.decimals + 1) for end in ("low", "high")]
        small.append(_("{low} to {high}", low=ends[0], high=ends[1]))
    aside = {"published": _("published"), "rounded": _("rounded")}.get(row["origin"], "")
    value = locale.percent(100 * row["value"], decimals_shown(row, indicator))
    return Cell(value, tuple(small), aside, strong=True)
