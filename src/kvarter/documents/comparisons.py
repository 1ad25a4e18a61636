"""What goes with a verdict, in words: the gap to the city, and the direction over the years."""

from __future__ import annotations

from typing import Any

import polars as pl

from kvarter.documents.document import Cell, Table, plain
from kvarter.documents.figures import quantity
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.policy.model import Indicator


def gaps_table(status: Edition, indicator: Indicator) -> Table | None:
    """A line for the whole city and one for its rest: both gaps in both years, and their change."""
    names = {"city": _("Whole city"), "rest": _("Rest of the city")}
    rows = status.gaps.filter((pl.col("indicator") == indicator.id) & pl.col("gap").is_not_null())
    if rows.is_empty():
        return None
    headings = [
        _("Compared with"),
        _("Gap in points, baseline"),
        _("Gap in points, now"),
        _("Times its level, baseline"),
        _("Times its level, now"),
        _("Change of the gap, points"),
        _("Change of the ratio, times"),
    ]
    lines = [
        (
            Cell(names[row["versus"]]),
            *(_with_interval(row, name, 2) for name in ("gap_baseline", "gap")),
            *(_with_interval(row, name, 1) for name in ("ratio_baseline", "ratio")),
            _with_interval(row, "beyond_points", 2, sign=True),
            _with_interval(row, "beyond_times", 2),
        )
        for row in rows.iter_rows(named=True)
    ]
    return Table(_("The gap to the city"), plain(headings), tuple(lines))


def _with_interval(row: dict[str, Any], name: str, decimals: int, *, sign: bool = False) -> Cell:
    if row[name] is None:
        return Cell(_("no data"))
    shown = locale.number(row[name], decimals, sign=sign)
    if row[f"{name}_low"] is None:
        return Cell(shown, strong=True)
    ends = (locale.number(row[f"{name}_{end}"], decimals, sign=sign) for end in ("low", "high"))
    span = _("{low} to {high}", low=next(ends), high=next(ends))
    return Cell(shown, (span,), strong=True)


def trend_lines(status: Edition, indicator: Indicator) -> list[str]:
    """The direction of each quantity of the areas over each stretch of years without a break."""
    own = pl.col("indicator") == indicator.id
    rows = status.trends.filter(own & (pl.col("group") == "areas"))
    names = {of: quantity(of, indicator).capitalize() for of in ("value", "numerator")}
    if rows["of"].n_unique() > 1:
        for of in status.verdicts.filter(own & pl.col("decides"))["of"].unique():
            names[of] += " (" + _("decides") + ")"
    return [_direction(row, names[row["of"]]) for row in rows.iter_rows(named=True)]


def _without_bound(row: dict[str, Any], values: dict[str, Any]) -> str:
    """Events in the last year alone: no factor is too large to fit them."""
    if row["direction"] == "unclear":
        return _("{what}, {first} to {last} ({system}): no clear direction (p {p}).", **values)
    values["low"] = locale.percent(row["per_year_low"], 0, sign=True)
    return _(
        "{what}, {first} to {last} ({system}): rises from none, by {low} a year or more (p {p}).",
        **values,
    )


def _direction(row: dict[str, Any], what: str) -> str:
    years = {"first": row["first_period"], "last": row["last_period"]}
    system = row["case_system"]
    years["system"] = _("case system not told") if system is None else system
    years["system"] = years["system"] or _("published figures")
    years["what"] = what
    if row["direction"] == "too_few":
        return _(
            "{what}, {first} to {last} ({system}): too few years to tell a direction.", **years
        )
    if row["p_value"] is None:
        return _("{what}, {first} to {last} ({system}): not shown.", **years)
    years["p"] = locale.p_value(row["p_value"])
    if row["per_year"] is None or row["per_year_high"] is None:
        return _without_bound(row, years)
    for name, column in (("slope", ""), ("low", "_low"), ("high", "_high")):
        years[name] = locale.percent(row[f"per_year{column}"], 0, sign=True)
    if row["direction"] == "unclear":
        return _(
            "{what}, {first} to {last} ({system}): no clear direction ({slope} a year, {low} to "
            "{high}; p {p}).",
            **years,
        )
    return {
        "falls": _(
            "{what}, {first} to {last} ({system}): falls, {slope} a year ({low} to {high}; p {p}).",
            **years,
        ),
        "rises": _(
            "{what}, {first} to {last} ({system}): rises, {slope} a year ({low} to {high}; p {p}).",
            **years,
        ),
    }[row["direction"]]
