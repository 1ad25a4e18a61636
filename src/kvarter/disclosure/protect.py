"""Stage protect: hide small counts, and the least beside them that keeps them from being told.

The primary rules say what may not be told for its own sake (`primary`). What else must be hidden
follows from how the cells hang together (`ground`): areas + rest = city, single areas and those in
two at once, areas of other editions; the cheapest choice is found by a solver (`suppress`), and an
attacker who knows all that is published tries it (`audit`).
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass

import polars as pl

from kvarter.disclosure.ground import WITHIN, Ground
from kvarter.disclosure.primary import (
    all_or_none,
    counts_people,
    dominated,
    protected_count,
    too_few,
)
from kvarter.disclosure.rounding import ROUNDED, rounded
from kvarter.disclosure.suppress import Suppression, suppress_after
from kvarter.policy.model import AREAS, CITY, REST, Disclosure, Indicator, Policy

FIGURES = [
    "numerator",
    "denominator",
    "value",
    "low",
    "high",
    "bound_low",
    "bound_high",
    "unlocated",
]

CHOICE = {
    "indicator": pl.String,
    "period": pl.Int64,
    "cells": pl.Int64,
    "primary": pl.Int64,
    "secondary": pl.Int64,
    "cases_hidden": pl.Float64,
    "gap": pl.Float64,
    "published_before": pl.Int64,
    "unprotected": pl.Int64,
}
"""What was hidden of an indicator and year; stays in the house."""


_SLACK = 1e-6


@dataclass(frozen=True)
class Sensitive:
    """A cell that may be told no closer than `width` (the most less the least it could be).

    `indicators`: all that count the people in it, so that any of them could tell. `count`: how many
    there truly are. `corrected`: whether another number of them was published before.
    """

    indicators: tuple[str, ...]
    period: int
    cell: Hashable
    width: float
    count: float
    corrected: bool = False


@dataclass(frozen=True)
class Protected:
    """`results` with `shown`, whose hidden figures are null; what was chosen, and for what.

    `released`: as given, the counts of figures that were `corrected` since as they are now.
    """

    results: pl.DataFrame
    choices: pl.DataFrame
    sensitive: list[Sensitive]
    released: pl.DataFrame


def protect(
    results: pl.DataFrame,
    policy: Policy,
    pieces: pl.DataFrame,
    released: pl.DataFrame,
) -> Protected:
    """Choose what to hide, for each year and all indicators that count the same people.

    `results`: `indicator, period, group` and FIGURES. Counted cases are judged by their number;
    percentages of residents and published figures by the number they are a percentage of.
    `pieces`: see `kvarter.indicators.count.pieces`; `released`: `indicator, period, group` of all
    that was published before, groups of another area set as `SET/GROUP`.
    """
    indicators = {indicator.id: indicator for _, indicator in policy.indicators()}
    hidden: set[tuple[str, int, str]] = set()
    choices: list[tuple[object, ...]] = []
    sensitive: list[Sensitive] = []
    as_now = [released.clear().with_columns(corrected=pl.lit(False))]
    counted = counted_together(results, policy)
    for names, period in counted:
        here = pl.col("indicator").is_in(names) & (pl.col("period") == period)
        of_all, before = results.filter(here), released.filter(here)
        rules = policy.disclosure_of(indicators[names[0]])
        rows = of_all
        if rules.rounding:  # single areas are rounded, so only their totals can be hidden
            rows = rows.filter(pl.col("group").is_in([AREAS, REST, CITY]))
        ground = _ground(indicators[names[0]], period, rows, pieces, set(before["group"]), rules)
        primary: dict[Hashable, float] = {}
        for name in names:
            own = rows.filter(pl.col("indicator") == name)
            primary |= _primary(indicators[name], own, ground, rules)
        count = protected_count(indicators[names[0]], rules)
        known = _known(before, ground, count)
        before = _as_now(before, ground, count)
        as_now.append(before)
        corrected = frozenset(before.filter("corrected")["group"]) - known
        costs = _costs(ground)
        chosen = suppress_after(corrected, ground.table, ground.counts, primary, costs, known)
        lost = chosen.hidden
        if CITY in lost and any(indicators[name].kind == "share" for name in names):
            lost = frozenset(rows["group"])  # the city is what the others are a share of
        for name in names:
            own = rows.filter(pl.col("indicator") == name)
            hidden |= {(name, period, group) for group in own["group"] if group in lost}
            choices.append(_choice(name, period, own, ground, primary, chosen, known))
        sensitive += [
            Sensitive(names, period, cell, width, ground.counts[cell], cell in corrected)
            for cell, width in primary.items()
            if cell not in chosen.unprotected and cell not in known
        ]
    smallest = min((policy.disclosure_of(i).threshold for _, i in policy.indicators()), default=1)
    results, widths = rounded(results, policy)
    together = {(name, period): names for names, period in counted for name in names}
    sensitive += [
        Sensitive(together[name, period], period, group, width, count)
        for name, period, group, width, count in widths
    ]
    results = _without_telling_bounds(results, max(policy.disclosure.threshold, smallest))
    keys = results.select("indicator", "period", "group").rows()
    shown = pl.Series("shown", [key not in hidden for key in keys], dtype=pl.Boolean)
    told = results.with_columns(shown).with_columns(
        pl.when("shown").then(pl.col(each)).alias(each) for each in FIGURES
    )
    table = pl.DataFrame(choices, schema=CHOICE, orient="row")
    return Protected(told, table, sensitive, pl.concat(as_now))


def counted_together(results: pl.DataFrame, policy: Policy) -> list[tuple[tuple[str, ...], int]]:
    """The indicators and years of `results`, those together that count the same people.

    They do where both name the same quantity and find as many in the city. A published figure has
    a count of its own.
    """
    people = {indicator.id: indicator.of_people() for _, indicator in policy.indicators()}
    columns = {
        indicator.id: protected_count(indicator, policy.disclosure_of(indicator))
        for _, indicator in policy.indicators()
    }
    found: dict[tuple[Hashable, int], list[str]] = {}
    for (name, year), rows in results.group_by("indicator", "period", maintain_order=True):
        indicator, period = str(name), int(str(year))
        city = rows.filter(pl.col("group") == CITY)[columns[indicator]].to_list()
        whom: Hashable = indicator
        if "published" not in rows["origin"].to_list():
            whom = people[indicator].model_dump_json(), columns[indicator], *city
        found.setdefault((whom, period), []).append(indicator)
    return [(tuple(names), period) for (_, period), names in found.items()]


def _known(before: pl.DataFrame, ground: Ground, count: str) -> frozenset[Hashable]:
    """The cells of which exactly this count was published before: hiding them protects nothing."""
    exact = before.filter(pl.col("origin") != ROUNDED).select("group", count)
    return frozenset(group for group, told in exact.iter_rows() if ground.counts.get(group) == told)


def _as_now(before: pl.DataFrame, ground: Ground, count: str) -> pl.DataFrame:
    """`before` with `corrected`, and the count of now where another was published.

    One that was rounded stays as it was told, and so does one of ground that is gone.
    """
    counts = ground.counts
    now = [counts.get(group, told) for group, told in before.select("group", count).iter_rows()]
    return (
        before.with_columns(pl.Series("now", now, dtype=pl.Float64))
        .with_columns(
            corrected=((pl.col("now") - pl.col(count)).abs() > _SLACK).fill_null(False)
            & (pl.col("origin") != ROUNDED)
        )
        .with_columns(pl.when("corrected").then("now").otherwise(count).alias(count))
        .drop("now")
    )


def _ground(
    indicator: Indicator,
    period: int,
    rows: pl.DataFrame,
    pieces: pl.DataFrame,
    others: set[str],
    rules: Disclosure,
) -> Ground:
    """The cells of an indicator and year. Published figures have no pieces but areas and rest."""
    count = protected_count(indicator, rules)
    own = pieces.filter((pl.col("indicator") == indicator.id) & (pl.col("period") == period))
    if own.is_empty() or "published" in rows["origin"].to_list():
        given = dict(rows.select("group", count).iter_rows())
        own = pl.DataFrame(
            [
                {"areas": ["*"], count: given.get(AREAS)},
                {"areas": [], count: given.get(REST)},
            ],
            schema={"areas": pl.List(pl.String), count: pl.Float64},
        )
    return Ground.of(own, {*rows["group"], *others}, count)


def _primary(
    indicator: Indicator, rows: pl.DataFrame, ground: Ground, rules: Disclosure
) -> dict[Hashable, float]:
    """The sensitive cells, each with the width it must keep."""
    if rules.dominance is not None:
        return {
            row["group"]: max(rules.dominance / 100 * row["largest"], 1e-3)
            for row in rows.iter_rows(named=True)
            if row["largest"]
            and dominated(row["numerator"], row["largest"], row["second"], rules.dominance)
        }
    width = float(rules.threshold)
    found: dict[Hashable, float] = {
        cell: width
        for cell, count in ground.counts.items()
        if too_few(count, rules) and not (isinstance(cell, str) and WITHIN in cell)
    }
    groups_of_people = counts_people(indicator)
    for row in rows.iter_rows(named=True):
        # A published figure is judged by its own counts, which need not add up.
        alike = groups_of_people and row["group"] != CITY and all_or_none(row, rules)
        if alike or too_few(row[protected_count(indicator, rules)], rules):
            found[row["group"]] = width
    return found


def _costs(ground: Ground) -> dict[Hashable, float]:
    """What is lost by hiding a cell: the totals are read most, then the areas with most cases."""
    whole = max(ground.counts.values(), default=0.0) + 1
    weights: dict[Hashable, float] = {CITY: 400.0, AREAS: 100.0, REST: 100.0}
    return {
        cell: 0.0
        if isinstance(cell, frozenset)  # a piece is never published by itself
        else weights.get(cell, 1.0) + math.sqrt(count / whole)
        for cell, count in ground.counts.items()
    }


def _choice(
    name: str,
    period: int,
    rows: pl.DataFrame,
    ground: Ground,
    primary: dict[Hashable, float],
    chosen: Suppression,
    known: frozenset[Hashable],
) -> tuple[object, ...]:
    groups = set(rows["group"])
    first = groups & set(primary) & chosen.hidden
    lost = groups & chosen.hidden
    return (
        *(name, period, len(groups), len(first), len(lost - first)),
        sum(ground.counts[group] for group in lost),
        chosen.gap,
        len(groups & set(primary) & known),
        len(chosen.unprotected),
    )


def _without_telling_bounds(results: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """`results` without the bounds that a small number of unlocated people could be read from.

    Also where it is the difference between those that could lie in the city and in a part of it.
    """
    unlocated = pl.col("unlocated")
    in_city = unlocated.filter(pl.col("group") == CITY).max().over("indicator", "period")
    certain = pl.when(pl.col("group").is_in([AREAS, REST])).then(in_city - unlocated)
    few = [number.is_between(1, threshold - 1).fill_null(False) for number in (unlocated, certain)]
    small = pl.any_horizontal(few).any().over("indicator", "period")
    names = ("bound_low", "bound_high", "unlocated")
    return results.with_columns(pl.when(~small).then(pl.col(name)).alias(name) for name in names)
