"""What is hidden of the levels of criteria: those of few residents, and what would reveal them.

All groups of all area sets are sums over the same cells of the city, so what must be hidden beside
a small one is found as for results, over the sets together, and over all criteria that are of the
same people. What two sets share is a group too: a change of boundaries reveals its level.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from kvarter.areas.groups import WHOLE_CITY, Cell, Group, Shared, groups_of, shared
from kvarter.disclosure.figures import released_groups
from kvarter.disclosure.levels import with_shared
from kvarter.disclosure.partition import Partition
from kvarter.disclosure.primary import all_or_none, too_few
from kvarter.disclosure.protocol import Choice, Sensitive, Whom, choose
from kvarter.disclosure.suppress import SuppressionProblem
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

_LEVEL = ["numerator", "denominator", "value"]

Level = tuple[str, Group, int]
"""Criterion, group and year."""


@dataclass(frozen=True)
class ProtectedDistance:
    """Both tables with `shown`, whose hidden figures are null; and how that was chosen.

    Of a percentage two are sensitive: the people that it is of, and those of them concerned.
    """

    distance: pl.DataFrame
    overall: pl.DataFrame
    choices: list[Choice]

    def sensitive(self) -> list[Sensitive]:
        """What the attackers have to try."""
        return [cell for choice in self.choices for cell in choice.sensitive()]

    def rows(self) -> pl.DataFrame:
        """What was hidden of each criterion and year, as table `disclosure`."""
        return table("disclosure").frame(
            choice.row(name, [cell for cell in choice.problem.counts if _is_published(cell)])
            for choice in self.choices
            for name in choice.whom.names
        )


def _is_published(cell: Hashable) -> bool:
    """Whether levels are published of a cell: of groups, but of no ground that sets share."""
    return isinstance(cell, Group) and not isinstance(cell.area_set, Shared)


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
    choices: list[Choice] = []
    for together, period in same_people(criteria):
        lost, chosen = _choose(together, period, policy, released)
        hidden |= lost
        choices += chosen
    fixed = fixed_set(policy).id if criteria else ""
    keys = list(distance.select(_KEYS).iter_rows(named=True))
    shown = [not _levels_of(row, fixed) & hidden for row in keys]
    split = [not _shared_of(row, fixed) & hidden for row in keys]
    published = distance.with_columns(
        pl.when(pl.Series(split, dtype=pl.Boolean)).then(pl.col(name)).alias(name)
        for name in table("distance").resting_on("shared_levels")
    )
    published = published.with_columns(pl.Series("shown", shown, dtype=pl.Boolean)).with_columns(
        pl.when("shown").then(pl.col(name)).alias(name) for name in table("distance").figures
    )
    by = ["areas", "reference", "group", "period"]
    every = published.group_by(by).agg(pl.col("shown").all())
    overall_published = overall.join(every, on=by, how="left", maintain_order="left").with_columns(
        pl.col("shown").fill_null(True)
    )
    overall_published = overall_published.with_columns(
        pl.when("shown").then(pl.col(name)).alias(name)
        for name in table("distance_overall").figures
    )
    return ProtectedDistance(published, overall_published, choices)


def same_people(criteria: list[Cells]) -> list[tuple[list[Cells], int]]:
    """The criteria of each year, those together that are of the same people in every cell."""
    found: dict[tuple[Hashable, int], list[Cells]] = {}
    for cells in criteria:
        for at, period in enumerate(cells.periods):
            whom = tuple(cells.cells), people_of(cells)[:, at].tobytes()
            found.setdefault((whom, period), []).append(cells)
    return [(together, period) for (_, period), together in found.items()]


def people_of(cells: Cells) -> Floats:
    """Whose number may be too small to publish: the cases, or those a level is of."""
    return cells.numerator if _of_cases(cells) else cells.denominator


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


def _choose(
    together: list[Cells], period: int, policy: Policy, released: pl.DataFrame
) -> tuple[set[Level], list[Choice]]:
    """The hidden levels of criteria of the same people in a year, and how they were chosen."""
    first, fixed = together[0], fixed_set(policy).id
    rules = policy.disclosure_of_quantity(
        *(q for one in together for q in (one.criterion.numerator, one.criterion.denominator))
    )
    at = {cells.criterion.id: cells.periods.index(period) for cells in together}
    names = tuple(at)
    whom = Whom(names, period, "numerator" if _of_cases(first) else "denominator", fixed)
    ground = ground_of(first, people_of(first)[:, at[names[0]]], policy)
    before = released.filter(pl.col("criterion").is_in(names) & (pl.col("period") == period))
    counted = before.drop_nulls(whom.column)
    published = list(zip(released_groups(counted), counted[whom.column], strict=True))
    known = frozenset(group for group, count in published if ground.counts.get(group) == count)
    corrected = frozenset(group for group, _ in published if group in ground.counts) - known
    alike = {
        name: _none_or_all(cells, at[name], policy, rules)
        for name, cells in zip(names, together, strict=True)
        if cells.criterion.unit == "percent"
    }
    costs = {cell: _cost(cell) for cell in ground.counts}
    primary = _few(ground, rules)
    primary |= {group: float(rules.threshold) for groups in alike.values() for group in groups}
    people = SuppressionProblem(ground.table, ground.counts, primary, costs, known, corrected)
    choices = [choose(whom, people)]
    nothing = pl.all_horizontal(pl.col(n).is_null() for n in _LEVEL)
    lost = choices[0].hidden | (set(released_groups(before.filter(nothing))) - known)
    both_published = frozenset(released_groups(before.drop_nulls(["numerator", "denominator"])))
    for name, cells in zip(names, together, strict=True):
        # Of those concerned a small number stays open; of none or all of a small group, which.
        if _of_cases(cells) or cells.criterion.unit != "percent":
            continue
        above = ground_of(cells, cells.numerator[:, at[name]], policy)
        few: dict[Hashable, float] = dict.fromkeys(alike[name], 1.0) | _few(above, rules)
        concerned = SuppressionProblem(
            *(ground.table, above.counts, few),
            {cell: 0.0 if cell in lost else cost for cell, cost in costs.items()},
            *(known & both_published, corrected),
        )
        chosen = choose(Whom((name,), period, "numerator", fixed), concerned)
        lost |= chosen.hidden
        # What was published of both before is known, though it may be corrected now.
        open_ = {cell: width for cell, width in few.items() if cell not in both_published}
        choices.append(replace(chosen, problem=replace(concerned, primary=open_)))
    hidden = {level for name in names for cell in lost for level in _levels(name, cell, period)}
    return hidden, choices


def _few(ground: Partition, rules: Disclosure) -> dict[Hashable, float]:
    """The cells of few people, with the width they must keep."""
    width = float(rules.threshold)
    return {cell: width for cell, count in ground.counts.items() if too_few(count, rules)}


def _of_cases(cells: Cells) -> bool:
    return isinstance(cells.criterion.numerator, CaseCount)


def _levels(criterion: str, cell: Hashable, period: int) -> set[Level]:
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
    """What the results reveal of the people of a criterion, as table `levels`.

    Where an indicator is of the same numerator and denominator: what one of the two hides, the
    other may not reveal. Of what the results hide all figures are null.
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
