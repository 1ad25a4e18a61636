"""Stage protect, the distance: no figure of few residents, nor one they can be worked out from.

All groups of all area sets are sums over the same cells of the city, so what must be hidden beside
a small one is found as for results, over the sets together.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import polars as pl

from kvarter.disclosure.ground import WITHIN, Ground
from kvarter.disclosure.primary import all_or_none, too_few
from kvarter.disclosure.suppress import suppress
from kvarter.indicators import Cells
from kvarter.indicators.criteria import Mask
from kvarter.policy.designation import fixed_set
from kvarter.policy.model import AREAS, CITY, REST, CaseCount, Policy

_KEYS = ["criterion", "areas", "area_set", "reference", "group", "baseline_period", "period"]
_OVERALL_FIGURES = [
    *("criteria_measured", "criteria_reached", "distance_covered", "covered_low", "covered_high"),
    *("pace", "projected_year", "chance_reached", "verdict"),
]

Level = tuple[str, str, str, int]
"""Criterion, area set, group and year."""


def protect_distance(
    distance: pl.DataFrame, overall: pl.DataFrame, criteria: list[Cells], policy: Policy
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both tables with `shown`; where it is false every figure is null.

    A row is hidden where one of the four levels it is made of is: its own and its reference's, then
    and now. Levels are judged by the people they are of, counts of cases by their number.
    """
    hidden = {level for cells in criteria for level in _hidden(cells, policy)}
    fixed = fixed_set(policy).id if criteria else ""
    keys = distance.select(_KEYS).iter_rows(named=True)
    shown = [not _levels_of(row, fixed) & hidden for row in keys]
    figures = [name for name in distance.columns if name not in (*_KEYS, "edition", "reason")]
    told = distance.with_columns(pl.Series("shown", shown, dtype=pl.Boolean)).with_columns(
        pl.when("shown").then(pl.col(name)).alias(name) for name in figures
    )
    by = ["areas", "reference", "group", "period"]
    every = told.group_by(by).agg(pl.col("shown").all())
    together = overall.join(every, on=by, how="left", maintain_order="left").with_columns(
        pl.col("shown").fill_null(True)
    )
    return told, together.with_columns(
        pl.when("shown").then(pl.col(name)).alias(name) for name in _OVERALL_FIGURES
    )


def _levels_of(row: dict[str, Any], fixed: str) -> set[Level]:
    """The four levels that a row is made of."""
    return {
        (row["criterion"], area_set, group, period)
        for area_set, period in (
            (fixed, row["baseline_period"]),
            (row["area_set"], row["period"]),
        )
        for group in (row["group"], row["reference"])
    }


def _hidden(cells: Cells, policy: Policy) -> set[Level]:
    """Every level of a criterion that must not be shown, over all area sets together."""
    fixed, rules = fixed_set(policy).id, policy.disclosure
    sets = {one for cell in cells.cells for one, _ in cell} | {fixed}
    of_cases = isinstance(cells.criterion.numerator, CaseCount)
    people = cells.numerator if of_cases else cells.denominator
    areas = [
        sorted(area if one == fixed else one + WITHIN + area for one, area in cell)
        for cell in cells.cells
    ]
    groups = {CITY, REST, AREAS, *(area for of in areas for area in of)}
    groups |= {other + WITHIN + AREAS for other in sets - {fixed}}
    found: set[Level] = set()
    for at, period in enumerate(cells.periods):
        pieces = pl.DataFrame(
            {"areas": areas, "people": people[:, at]},
            schema={"areas": pl.List(pl.String), "people": pl.Float64},
        )
        ground = Ground.of(pieces, groups, "people")
        primary: dict[Hashable, float] = {
            cell: float(rules.threshold)
            for cell, count in ground.counts.items()
            if too_few(count, rules)
        }
        for group in groups - {CITY}:
            mask = _members(cells, group, fixed)
            below = float(cells.denominator[mask, at].sum())
            share = float(cells.numerator[mask, at].sum()) / below if below else None
            if cells.criterion.unit == "percent" and all_or_none(
                {"value": share, "denominator": below}, rules
            ):
                primary[group] = float(rules.threshold)
        if primary:
            costs = {cell: 1.0 + count for cell, count in ground.counts.items()}
            chosen = suppress(ground.table, ground.counts, primary, costs).hidden & groups
            for group in map(str, chosen):
                found |= _levels(cells.criterion.id, group, sets, fixed, period)
    return found


def _members(cells: Cells, group: str, fixed: str) -> Mask:
    """The cells of a group, written as in `Ground`."""
    area_set, _, name = group.rpartition(WITHIN)
    if name == REST:
        return ~cells.inside(fixed)
    return cells.inside(area_set or fixed, None if name == AREAS else name)


def _levels(criterion: str, group: str, sets: set[str], fixed: str, period: int) -> set[Level]:
    """A hidden group as levels: the whole city is every set's, and areas go with their rest."""
    area_set, _, name = group.rpartition(WITHIN)
    own = sets if name == CITY else {area_set or fixed}
    names = {AREAS, REST} if name in (AREAS, REST) else {name}
    return {(criterion, each, other, period) for each in own for other in names}
