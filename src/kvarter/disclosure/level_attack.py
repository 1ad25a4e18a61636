"""Those who attack the levels of criteria.

Given every level that the tables show, those released before, and the ground that two area sets
share wherever a change of boundaries is published of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from kvarter.areas.groups import Group, shared
from kvarter.disclosure.attack import Attacker, Fact
from kvarter.disclosure.distance import ground_of
from kvarter.disclosure.figures import released_groups
from kvarter.disclosure.levels import published_levels
from kvarter.disclosure.partition import Partition
from kvarter.disclosure.protocol import Sensitive, Whom
from kvarter.indicators import Cells
from kvarter.policy.designation import fixed_set
from kvarter.policy.model import Policy

_SLACK = 1e-6


@dataclass(frozen=True)
class LevelAttackers:
    """One for each criterion, year and group.

    distance: as it is published. criteria: only their ground is taken, and what is known of it.
    released: table `levels`.
    """

    distance: pl.DataFrame
    criteria: list[Cells]
    policy: Policy
    released: pl.DataFrame

    def of(self, cell: Sensitive) -> Attacker:
        """One who has read every level of a cell's criteria and year.

        Where earlier levels contradict those of now, he believes those of now.
        """
        ground, whom = self._ground(cell.whom), cell.whom
        now = [
            *self._levels(published_levels(self.distance), whom, "distance"),
            *self._boundaries(whom, ground),
        ]
        before = [
            _as_now(fact, ground, corrected=cell.corrected)
            for fact in self._levels(self.released, whom, "an earlier release")
        ]
        both = Attacker(ground.table, [*now, *before], whole=False)
        if both.ask(cell.cell) is not None:
            return both
        return Attacker(ground.table, now, whole=False)

    def _ground(self, whom: Whom) -> Partition:
        cells = next(each for each in self.criteria if each.criterion.id == whom.names[0])
        amounts = cells.numerator if whom.column == "numerator" else cells.denominator
        at = [period == whom.period for period in cells.periods].index(True)
        return ground_of(cells, amounts[:, at], self.policy)

    def _levels(self, levels: pl.DataFrame, whom: Whom, where: str) -> Iterator[Fact]:
        own = levels.filter(_of(whom))
        for group, row in zip(released_groups(own), own.iter_rows(named=True), strict=True):
            if (number := row[whom.column]) is not None:
                yield Fact(group, number - _SLACK, number + _SLACK, where)
            elif whom.column == "numerator" and row["value"] == 0:
                yield Fact(group, 0, 0, where)

    def _boundaries(self, whom: Whom, ground: Partition) -> Iterator[Fact]:
        """Of ground that two sets share he is given all: its level could be worked out."""
        own = self.distance.filter(_of(whom) & pl.col("change_dropped").is_not_null())
        fixed = fixed_set(self.policy).id
        for area_set, group, reference in own.select("area_set", "group", "reference").iter_rows():
            for each in (group, reference):
                kept = shared(Group.of(fixed, each), Group.of(area_set, each))
                if kept in ground.counts:
                    number = ground.counts[kept]
                    yield Fact(kept, number - _SLACK, number + _SLACK, "a change of boundaries")


def _of(whom: Whom) -> pl.Expr:
    return pl.col("criterion").is_in(whom.names) & (pl.col("period") == whom.period)


def _as_now(fact: Fact, ground: Partition, *, corrected: bool) -> Fact:
    """An earlier level as it would be now: who sees one corrected guesses that others are not.

    Of a group that was `corrected` itself nothing is guessed from others that were.
    """
    now = ground.counts.get(fact.cell)
    if now is None or fact.low <= now <= fact.high:
        return fact
    if corrected:
        return Fact(fact.cell, 0, math.inf, fact.where)
    return Fact(fact.cell, now - _SLACK, now + _SLACK, fact.where)
