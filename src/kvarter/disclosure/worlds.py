"""Would everything that was judged look the same, were a hidden count another one?

Changes, intervals, gaps, ratios, trends, p-values, tipping points, ladders and the words of a
verdict are functions of counts, and anyone may work them out again: the program is open. So for a
hidden count other worlds are sought, tables of counts that agree with all that is told, in which
the very same code publishes the very same figures and words. Where the count of two such worlds
differs by the width that is asked for, nothing that was judged tells it closer (cf. Goguen and
Meseguer 1982, IEEE Security and Privacy: non-interference). Nothing has to be turned around, so no
formula can be forgotten.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from kvarter.disclosure.audit import Attackers, given_away
from kvarter.disclosure.primary import protected_count
from kvarter.disclosure.protect import Sensitive
from kvarter.errors import DisclosureError
from kvarter.judgement import Judgement, with_intervals
from kvarter.judgement.checks import CHECKS
from kvarter.policy.model import AREAS, CITY, REST, Policy

KEYS = {
    "verdicts": ["goal", "target", "reading"],
    "gaps": ["goal", "indicator", "versus"],
    "trends": ["goal", "indicator", "of", "group", "first_period"],
    "totals": ["goal", "indicator", "period", "group", "title_da"],
    "ladder": ["goal", "target", "reading", "step"],
}
"""The tables that rest on counts, and what tells their rows apart."""

Judge = Callable[[pl.DataFrame, Policy], Judgement]
"""Measures with their intervals -> all that is judged of them, for the goals of a policy."""

_ENDS = ["low", "high", "bound_low", "bound_high"]
_OPEN: dict[str, str | None] = {
    **{"verdict": "cannot_tell", "change_is_chance": None, "fell_more_than_city": None},
    **dict.fromkeys(CHECKS, "na"),
}
"""The words of a verdict that tell nothing."""

_DIGITS = 1e-9
_NO_FIGURES = {
    *("edition", "reading", "decides", "indicator", "kind", "of", "group", "case_system"),
    *("baseline_period", "period", "required", "last_period", "title_en", "total"),
    *("total_counts", "counts", "at_least", "at_most", "unlocated_baseline", "unlocated"),
    *("unlocated_cases", "periods"),
}
"""Columns that rest on no count of an indicator."""


def words_held_back(
    measures: pl.DataFrame,
    judgement: Judgement,
    sensitive: Sequence[Sensitive],
    attackers: Attackers,
    judge: Judge,
) -> Judgement:
    """`judgement` as told, without the words that would tell a hidden count closer than its width.

    `measures` are the true ones: worlds are sought around them. Raises DisclosureError where a
    figure of the results or of `judgement` tells it still.
    """
    found = Search(measures, judgement, sensitive, attackers, judge).given_away(sensitive)
    if not found:
        return judgement
    indicators = {name for cell in found for name in cell.indicators}
    silent = with_words(judgement, indicators, dict.fromkeys(_OPEN))
    if found := Search(measures, silent, sensitive, attackers, judge).given_away(found):
        raise DisclosureError([given_away(cell) for cell in found])
    return with_words(judgement, indicators, _OPEN)


def with_words(
    judgement: Judgement, indicators: Collection[str], words: Mapping[str, str | None]
) -> Judgement:
    """`judgement` with these `words` in every verdict on hidden figures of the `indicators`."""
    verdicts, ladder = judgement.verdicts, judgement.ladder
    hidden = pl.col("indicator").is_in(indicators) & pl.col("change").is_null()
    gone = set(verdicts.filter(hidden).select("goal", "target").iter_rows())
    of_hidden = [pair in gone for pair in ladder.select("goal", "target").iter_rows()]
    return replace(
        judgement,
        verdicts=verdicts.with_columns(
            pl.when(hidden).then(pl.lit(word)).otherwise(pl.col(name)).alias(name)
            for name, word in words.items()
        ),
        ladder=ladder.filter(~pl.Series(of_hidden, dtype=pl.Boolean)),
        observations=[
            each for each in judgement.observations if (each.goal, each.target) not in gone
        ],
    )


@dataclass(frozen=True)
class Search:
    """For worlds that publish the same. Fields as in `words_held_back`."""

    measures: pl.DataFrame
    judgement: Judgement
    sensitive: Sequence[Sensitive]
    attackers: Attackers
    judge: Judge
    tried: dict[Hashable, bool] = field(default_factory=dict)

    def given_away(self, cells: Sequence[Sensitive]) -> list[Sensitive]:
        """Of each set of indicators the first of the `cells` that is told closer than its width."""
        found: dict[tuple[str, ...], Sensitive] = {}
        for cell in cells:
            if cell.indicators not in found and not self._is_open(cell):
                found[cell.indicators] = cell
        return list(found.values())

    def _is_open(self, cell: Sensitive) -> bool:
        """Whether two worlds, in which the count is as far apart as is asked, publish the same."""
        true, width = cell.count, cell.width
        low = next((n for n in _steps(true - width, true - 1) if self._possible(cell, n)), true)
        high = low + width
        return high <= true or any(self._possible(cell, n) for n in _steps(high, true + width))

    def _possible(self, cell: Sensitive, count: float) -> bool:
        """Whether a world with this count publishes what is told."""
        changed = self._changed(self.measures, cell, count)
        if changed is None or not self._same_ends(changed, cell):
            return False
        other = next((o for o in self.sensitive if _other_year(o, cell)), None)
        choices: list[float | None] = [None]
        if other is not None:  # of two hidden years, both are another in other worlds
            choices += [max(0.0, other.count - other.width), other.count + other.width]
        for number in choices:
            world: pl.DataFrame | None = changed
            if other is not None and number is not None:
                world = self._changed(changed, other, number)
            if world is not None and self._same_judgement(world, cell):
                return True
        return False

    def _changed(
        self, measures: pl.DataFrame, cell: Sensitive, count: float
    ) -> pl.DataFrame | None:
        """The measures of a world in which `cell` has this count; None where there is none."""
        world = self.attackers.of(cell).world(cell.cell, count)
        if world is None:
            return None
        indicators = {each.id: each for _, each in self.attackers.policy.indicators()}
        first = indicators[cell.indicators[0]]
        column = protected_count(first, self.attackers.policy.disclosure_of(first))
        here = pl.col("indicator").is_in(cell.indicators) & (pl.col("period") == cell.period)
        in_world = pl.col("group").is_in([group for group in world if isinstance(group, str)])
        told = {group: n for group, n in world.items() if isinstance(group, str)}
        number = pl.col("group").replace_strict(told, default=None, return_dtype=pl.Float64)
        shares = [name for name in cell.indicators if indicators[name].kind == "share"]
        whole = here & pl.col("indicator").is_in(shares) & pl.lit(CITY in told)
        return (
            measures.with_columns(
                pl.when(here & in_world).then(number).otherwise(pl.col(column)).alias(column)
            )
            .with_columns(
                pl.when(whole)
                .then(pl.lit(told.get(CITY)))
                .otherwise(pl.col("denominator"))
                .alias("denominator")
            )
            .with_columns(
                pl.when(here & in_world & (pl.col("denominator") > 0))
                .then(pl.col("numerator") / pl.col("denominator"))
                .otherwise(pl.col("value"))
                .alias("value")
            )
        )

    def _same_ends(self, changed: pl.DataFrame, cell: Sensitive) -> bool:
        """Whether the intervals of the cell's indicators and year are what the results have."""
        own = pl.col("indicator").is_in(cell.indicators) & (pl.col("period") == cell.period)
        keys = ["indicator", "period", "group"]
        anew = with_intervals(changed.filter(own).drop(_ENDS), self.attackers.policy)
        told = self.attackers.told.filter(own)
        return agrees(told.select(*keys, *_ENDS), anew.select(*keys, *_ENDS), keys)

    def _same_judgement(self, world: pl.DataFrame, cell: Sensitive) -> bool:
        """Whether all that is told of the goals that a cell belongs to comes out of this world."""
        wide = world.filter(pl.col("group").is_in([AREAS, REST, CITY]))
        key = cell.indicators, tuple(wide.select("numerator", "denominator").iter_rows())
        if key not in self.tried:
            policy = self.attackers.policy
            goals = [
                goal
                for goal in policy.goals
                if any(each.id in cell.indicators for each in goal.indicators)
            ]
            numbers = [goal.number for goal in goals]
            told = {
                name: getattr(self.judgement, name).filter(pl.col("goal").is_in(numbers))
                for name in KEYS
            }
            self.tried[key] = True
            if any(_tells(table, KEYS[name]) for name, table in told.items()):
                ends = with_intervals(world.drop(_ENDS), policy)
                anew = self.judge(ends, policy.model_copy(update={"goals": goals}))
                self.tried[key] = all(
                    agrees(table, getattr(anew, name), KEYS[name]) for name, table in told.items()
                )
        return self.tried[key]


def _other_year(other: Sensitive, cell: Sensitive) -> bool:
    """Whether `other` is a judged group of another year of the same indicators."""
    same = other.indicators == cell.indicators and other.period != cell.period
    return same and other.cell in (AREAS, REST, CITY)


def _tells(table: pl.DataFrame, keys: list[str]) -> bool:
    """Whether anything in it rests on counts."""
    figures = table.drop(
        [*keys, *(name for name in _NO_FIGURES if name in table.columns)], strict=False
    )
    return any(figures[name].null_count() < figures.height for name in figures.columns)


def agrees(told: pl.DataFrame, world: pl.DataFrame, keys: list[str]) -> bool:
    """Whether all that `told` tells is the same in `world`; rows are found by their `keys`."""
    rows = {tuple(row[key] for key in keys): row for row in world.iter_rows(named=True)}
    for row in told.iter_rows(named=True):
        figures = {n: v for n, v in row.items() if v is not None and n not in keys}
        other = rows.get(tuple(row[key] for key in keys), {})
        if not all(_same(value, other.get(name)) for name, value in figures.items()):
            return False
    return True


def _same(told: Any, found: Any) -> bool:
    if isinstance(told, float) and isinstance(found, int | float):
        return math.isclose(told, found, rel_tol=_DIGITS, abs_tol=_DIGITS)
    return bool(told == found)


def _steps(first: float, last: float) -> Iterator[float]:
    """Whole numbers from `first` to `last`, none below zero."""
    return (float(n) for n in range(max(0, math.ceil(first)), math.floor(last) + 1))
