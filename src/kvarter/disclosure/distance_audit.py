"""The last look at the distance: what could be worked out of few residents from all its levels?

The attacker of `audit`, given every level that the tables tell, those released before, and the
ground that two area sets share wherever a change of boundaries is told of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import polars as pl

from kvarter.areas.groups import Group, shared
from kvarter.disclosure.attack import Attacker, Bounds, Fact
from kvarter.disclosure.audit import given_away
from kvarter.disclosure.distance import ProtectedDistance, ground_of, people_of
from kvarter.disclosure.levels import published_levels
from kvarter.disclosure.protect import Sensitive, released_groups
from kvarter.errors import DisclosureError
from kvarter.indicators import Cells
from kvarter.policy.designation import fixed_set
from kvarter.policy.model import CaseCount, Policy
from kvarter.tables import table

_SLACK = 1e-6


def audit_distance(
    protected: ProtectedDistance, criteria: list[Cells], policy: Policy, released: pl.DataFrame
) -> pl.DataFrame:
    """Attack every sensitive group; the bounds found, in columns AUDIT.

    `protected`: the distance as it is told; `released` as table `levels`. Raises
    DisclosureError where a group can be told closer than its width.
    """
    told = published_levels(protected.distance)
    rows: list[tuple[object, ...]] = []
    problems = []
    for cell in protected.sensitive + protected.alike:
        attack = _Attack(cell, protected, criteria, policy, told)
        found = attack.ask(released) or attack.ask(released.clear())
        if found is None or found.width < cell.width:
            problems.append(given_away(cell))
        else:
            head = "+".join(cell.indicators), cell.period, cell.name, cell.width
            rows.append((*head, found.low, found.high))
    if problems:
        raise DisclosureError(problems)
    return table("audit").frame(rows)


class _Attack:
    """On one group: on the people it is of, or, where they are all alike, on the numerator."""

    def __init__(
        self,
        cell: Sensitive,
        protected: ProtectedDistance,
        criteria: list[Cells],
        policy: Policy,
        told: pl.DataFrame,
    ) -> None:
        self.cell, self.told, self.fixed = cell, told, fixed_set(policy).id
        self.cells = next(each for each in criteria if each.criterion.id == cell.indicators[0])
        of_cases = isinstance(self.cells.criterion.numerator, CaseCount)
        self.column = "numerator" if of_cases or cell in protected.alike else "denominator"
        amounts = self.cells.numerator if self.column == "numerator" else people_of(self.cells)
        self.ground = ground_of(
            self.cells, amounts[:, self.cells.periods.index(cell.period)], policy
        )
        self.shared = protected.distance.filter(pl.col("change_dropped").is_not_null())

    def ask(self, released: pl.DataFrame) -> Bounds | None:
        """What can be said of it, by one who has also read what was `released`.

        Where a level was corrected since, he guesses that all others are as they were.
        """
        facts = [
            *self._levels(self.told, "distance"),
            *map(self._as_now, self._levels(released, "an earlier release")),
            *self._boundaries(),
        ]
        return Attacker(self.ground.table, facts, whole=False).ask(self.cell.cell)

    def _levels(self, levels: pl.DataFrame, where: str) -> Iterator[Fact]:
        here = pl.col("criterion").is_in(self.cell.indicators)
        own = levels.filter(here & (pl.col("period") == self.cell.period))
        for name, row in zip(released_groups(own), own.iter_rows(named=True), strict=True):
            if row[self.column] is not None:
                number = row[self.column]
                yield Fact(name, number - _SLACK, number + _SLACK, where)
            elif self.column == "numerator" and row["value"] == 0:
                yield Fact(name, 0, 0, where)

    def _as_now(self, fact: Fact) -> Fact:
        """An earlier level as it would be now; of a group that was corrected itself, nothing."""
        now = self.ground.counts.get(fact.cell)
        if now is None or fact.low <= now <= fact.high:
            return fact
        if self.cell.corrected:
            return Fact(fact.cell, 0, math.inf, fact.where)
        return Fact(fact.cell, now - _SLACK, now + _SLACK, fact.where)

    def _boundaries(self) -> Iterator[Fact]:
        """Of ground that two sets share he is given all: its level could be worked out."""
        here = pl.col("criterion").is_in(self.cell.indicators)
        own = self.shared.filter(here & (pl.col("period") == self.cell.period))
        for area_set, group, reference in own.select("area_set", "group", "reference").iter_rows():
            for each in (group, reference):
                name = shared(Group.of(self.fixed, each), Group.of(area_set, each))
                if name in self.ground.counts:
                    number = self.ground.counts[name]
                    yield Fact(name, number - _SLACK, number + _SLACK, "a change of boundaries")
