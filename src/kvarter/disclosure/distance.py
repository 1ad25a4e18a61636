"""Stage protect, the distance: no figure of few residents, nor one they can be worked out from.

All groups of all area sets are sums over the same cells of the city, so what must be hidden beside
a small one is found as for results, over the sets together, and over all criteria that are of the
same people. The ground that two sets share is a group too: a change of boundaries tells its level.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import polars as pl

from kvarter.areas.groups import WHOLE_CITY, Cell, Group, Shared, groups_of, shared
from kvarter.disclosure.levels import with_shared
from kvarter.disclosure.partition import Partition
from kvarter.disclosure.primary import all_or_none, too_few
from kvarter.disclosure.protect import Sensitive, released_groups
from kvarter.disclosure.suppress import suppress_after
from kvarter.indicators import Cells
from kvarter.indicators.criteria import Floats
from kvarter.policy.designation import fixed_set
from kvarter.policy.model import (
    AREAS,
    CITY,
    REST,
    CaseCount,
    Disclosure,
    EditionDefinition,
    Policy,
)
from kvarter.tables import table

_KEYS = ["criterion", "areas", "area_set", "reference", "group", "baseline_period", "period"]

Level = tuple[str, Group, int]
"""Criterion, group and year."""


@dataclass(frozen=True)
class ProtectedDistance:
    """Both tables with `shown`, whose hidden figures are null; and what was hidden, and for what.

    `alike`: groups of whom the number of those concerned is a secret: a small one, or none or all
    of a small group.
    """

    distance: pl.DataFrame
    overall: pl.DataFrame
    hidden: set[Level]
    sensitive: list[Sensitive]
    alike: list[Sensitive]


def protect_distance(
    distance: pl.DataFrame,
    overall: pl.DataFrame,
    criteria: list[Cells],
    policy: Policy,
    released: pl.DataFrame,
) -> ProtectedDistance:
    """Choose what to hide of the distance.

    A row is hidden where one of the four levels it is made of is: its own and its reference's, then
    and now. Levels are judged by the people they are of, counts of cases by their number.
    `released`: the levels published before, as table `levels`.
    """
    hidden: set[Level] = set()
    sensitive: list[Sensitive] = []
    alike: list[Sensitive] = []
    for together, period in same_people(criteria):
        chosen = _Choice(together, period, policy, released)
        hidden |= chosen.hidden
        sensitive += chosen.sensitive
        alike += chosen.alike
    fixed = fixed_set(policy).id if criteria else ""
    keys = list(distance.select(_KEYS).iter_rows(named=True))
    shown = [not _levels_of(row, fixed) & hidden for row in keys]
    split = [not _shared_of(row, fixed) & hidden for row in keys]
    told = distance.with_columns(
        pl.when(pl.Series(split, dtype=pl.Boolean)).then(pl.col(name)).alias(name)
        for name in table("distance").resting_on("shared_levels")
    )
    told = told.with_columns(pl.Series("shown", shown, dtype=pl.Boolean)).with_columns(
        pl.when("shown").then(pl.col(name)).alias(name) for name in table("distance").figures
    )
    by = ["areas", "reference", "group", "period"]
    every = told.group_by(by).agg(pl.col("shown").all())
    together_told = overall.join(every, on=by, how="left", maintain_order="left").with_columns(
        pl.col("shown").fill_null(True)
    )
    together_told = together_told.with_columns(
        pl.when("shown").then(pl.col(name)).alias(name)
        for name in table("distance_overall").figures
    )
    return ProtectedDistance(told, together_told, hidden, sensitive, alike)


def same_people(criteria: list[Cells]) -> list[tuple[list[Cells], int]]:
    """The criteria of each year, those together that are of the same people in every cell."""
    found: dict[tuple[Hashable, int], list[Cells]] = {}
    for cells in criteria:
        for at, period in enumerate(cells.periods):
            whom = tuple(cells.cells), people_of(cells)[:, at].tobytes()
            found.setdefault((whom, period), []).append(cells)
    return [(together, period) for (_, period), together in found.items()]


def people_of(cells: Cells) -> Floats:
    """Whose number may be too small to tell: the cases, or those a level is of."""
    of_cases = isinstance(cells.criterion.numerator, CaseCount)
    return cells.numerator if of_cases else cells.denominator


def ground_of(cells: Cells, amounts: Floats, policy: Policy) -> Partition:
    """The ground of a criterion and year: groups of all sets, and of what they share."""
    fixed = fixed_set(policy).id
    own: dict[Cell, float] = {}
    for cell, amount in zip(cells.cells, amounts.tolist(), strict=True):
        lies_in = with_shared(cell, fixed)
        own[lies_in] = own.get(lies_in, 0.0) + amount
    sets = {fixed, *(area.area_set for cell in own for area in cell)}
    groups = {group for cell in own for group in groups_of(cell, sets)}
    groups |= {Group(each, wide) for each in sets for wide in (AREAS, REST)}
    return Partition.of(own, groups, fixed)


class _Choice:
    """What must not be shown of criteria of the same people in a year."""

    def __init__(
        self, together: list[Cells], period: int, policy: Policy, released: pl.DataFrame
    ) -> None:
        first = together[0]
        rules = policy.disclosure_of_quantity(
            *(q for one in together for q in (one.criterion.numerator, one.criterion.denominator))
        )
        self.policy = policy
        fixed = fixed_set(policy).id
        self.of_cases = isinstance(first.criterion.numerator, CaseCount)
        at = first.periods.index(period)
        ground = ground_of(first, people_of(first)[:, at], policy)
        names = tuple(cells.criterion.id for cells in together)
        width = float(rules.threshold)
        primary: dict[Hashable, float] = {
            cell: width for cell, count in ground.counts.items() if too_few(count, rules)
        }
        alike = {
            (cells.criterion.id, group)
            for cells in together
            if cells.criterion.unit == "percent"
            for group in _none_or_all(cells, cells.periods.index(period), policy, rules)
        }
        primary |= {group: width for _, group in alike}
        known, corrected = self._before(released, names, period, ground)
        costs = {cell: _cost(cell) for cell in ground.counts}
        chosen = suppress_after(corrected, ground.table, ground.counts, primary, costs, known)
        lost = set(chosen.hidden) | (self._hidden_before - known)
        concerned: dict[tuple[str, Hashable], tuple[float, float]] = {}
        for cells in together:
            # Of those concerned a small number stays open; of none or all of a small group, which.
            name = cells.criterion.id
            if self.of_cases or cells.criterion.unit != "percent":
                continue
            above = ground_of(cells, cells.numerator[:, cells.periods.index(period)], policy).counts
            own: dict[Hashable, float] = {g: 1.0 for of, g in alike if of == name}
            own |= {cell: width for cell, count in above.items() if too_few(count, rules)}
            if own:
                free = {cell: 0.0 if cell in lost else cost for cell, cost in costs.items()}
                more = suppress_after(corrected, ground.table, above, own, free, known & self._told)
                lost |= more.hidden
                concerned |= {
                    (name, cell): (wide, above[cell])
                    for cell, wide in own.items()
                    if cell not in more.unprotected
                }
        self.hidden = (
            {level for name in names for cell in lost for level in self._levels(name, cell, period)}
            if primary or concerned or self._hidden_before
            else set()
        )
        self.sensitive = [
            Sensitive(names, period, cell, width, ground.counts[cell], fixed, cell in corrected)
            for cell in primary
            if cell not in chosen.unprotected and cell not in known
        ]
        self.alike = [
            Sensitive((name,), period, cell, wide, count, fixed, cell in corrected)
            for (name, cell), (wide, count) in concerned.items()
            if cell not in self._told
        ]

    def _before(
        self, released: pl.DataFrame, names: tuple[str, ...], period: int, ground: Partition
    ) -> tuple[frozenset[Hashable], frozenset[Hashable]]:
        """The groups of which exactly this number was published before, and those of another."""
        here = pl.col("criterion").is_in(names) & (pl.col("period") == period)
        column = "numerator" if self.of_cases else "denominator"
        both = released.filter(here).drop_nulls(["numerator", "denominator"])
        self._told = frozenset(released_groups(both))
        none_told = pl.all_horizontal(
            pl.col(n).is_null() for n in ("numerator", "denominator", "value")
        )
        self._hidden_before = set(released_groups(released.filter(here & none_told)))
        before = released.filter(here).select("area_set", "group", column).drop_nulls()
        told = list(zip(released_groups(before), before[column], strict=True))
        known = frozenset(name for name, number in told if ground.counts.get(name) == number)
        return known, frozenset(name for name, _ in told if name in ground.counts) - known

    def _levels(self, criterion: str, cell: Hashable, period: int) -> set[Level]:
        """A hidden cell as levels: areas go with their rest."""
        if not isinstance(cell, Group):
            return set()
        wide = cell.id in (AREAS, REST)
        both = {Group(cell.area_set, each) for each in (AREAS, REST)} if wide else {cell}
        return {(criterion, each, period) for each in both}


def _none_or_all(cells: Cells, at: int, policy: Policy, rules: Disclosure) -> list[Group]:
    """The groups, but the city, of which a small number is of one kind altogether."""
    below = ground_of(cells, cells.denominator[:, at], policy).counts
    above = ground_of(cells, cells.numerator[:, at], policy).counts
    return [
        group
        for group, people in below.items()
        if isinstance(group, Group)
        and group != WHOLE_CITY
        and people
        and all_or_none({"value": above[group] / people, "denominator": people}, rules)
    ]


def _cost(cell: Hashable) -> float:
    """What is lost by hiding a cell: of shared ground little, of the widest groups most.

    It rests on no count, as in `protect.costs_of`.
    """
    if not isinstance(cell, Group):
        return 0.0
    if isinstance(cell.area_set, Shared):
        return 0.1
    weights: dict[str, float] = {CITY: 400.0, AREAS: 100.0, REST: 100.0}
    return weights.get(cell.id, 1.0)


def published_by_results(
    results: pl.DataFrame, criteria: list[Cells], policy: Policy, edition: EditionDefinition
) -> pl.DataFrame:
    """What the results tell of the people of a criterion, as table `levels`.

    Where an indicator is of the same numerator and denominator: what one of the two hides, the
    other may not tell. Of what the results hide all figures are null.
    """
    tables = [table("levels").empty()]
    for cells in criteria:
        own = cells.criterion
        for _, indicator in policy.indicators():
            if (indicator.numerator, indicator.denominator) == (own.numerator, own.denominator):
                tables.append(
                    results.filter(
                        (pl.col("indicator") == indicator.id)
                        & (pl.col("origin") == "computed")
                        & pl.col("period").is_in(cells.periods)
                    ).select(
                        pl.lit(edition.area_set).alias("area_set"),
                        pl.lit(own.id).alias("criterion"),
                        *("period", "group", "numerator", "denominator", "value"),
                    )
                )
    return pl.concat(tables)


def _levels_of(row: dict[str, Any], fixed: str) -> set[Level]:
    """The four levels that a row is made of."""
    return {
        (row["criterion"], Group.of(area_set, group), period)
        for area_set, period in (
            (fixed, row["baseline_period"]),
            (row["area_set"], row["period"]),
        )
        for group in (row["group"], row["reference"])
    }


def _shared_of(row: dict[str, Any], fixed: str) -> set[Level]:
    """The levels that its split of a change by boundaries is made of besides."""
    own = [Group.of(fixed, group) for group in (row["group"], row["reference"])]
    both = {*own, *(shared(group, Group.of(row["area_set"], group.id)) for group in own)}
    return {(row["criterion"], group, row["period"]) for group in both}
