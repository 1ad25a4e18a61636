"""Which words may be published of what rests on a hidden number?

A verdict's words are functions of counts, and anyone may work them out again: the program is open.
It may come to be known which numbers are small, as that is why they are hidden, but never how small
(docs/disclosure.md). So a word is published where it is the same in every alternative table: in all
that agree with what is shown, where the small numbers are anything from 1 to threshold - 1. Such a
word reveals nothing more (cf. Goguen and Meseguer 1982, IEEE Security and Privacy:
non-interference). Figures that rest on a hidden number are not published at all.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from kvarter.areas.groups import Group
from kvarter.disclosure.figure_attack import FigureAttackers
from kvarter.disclosure.judged import rests_on
from kvarter.disclosure.protocol import Sensitive, Whom, given_away
from kvarter.errors import DisclosureError
from kvarter.judgement import Judgement, Observation
from kvarter.policy.model import AREAS, CITY, REST, CaseCount, Indicator, Policy, Target
from kvarter.tables import public_tables, table

Judge = Callable[[pl.DataFrame, Policy], pl.DataFrame]
"""Measures -> the verdicts on them, for the goals and targets of a policy."""

AlternativeTable = dict[str, dict[str, float]]
"""What is another number in an alternative: by group, the columns of the measures."""

_MOST_WORLDS = 150
"""More ways than this to fill in what is hidden, and the words are held back untried."""


def words_held_back(
    measures: pl.DataFrame,
    judgement: Judgement,
    sensitive: Sequence[Sensitive],
    attackers: FigureAttackers,
    judge: Judge,
) -> Judgement:
    """`judgement` as published, without the words that are not the same in every alternative.

    `measures` are the true ones. Raises DisclosureError where a figure of `judgement` rests on a
    hidden number.
    """
    _refuse_figures(judgement, sensitive, attackers)
    alternative_tables = AlternativeTables(measures, sensitive, attackers)
    silent: dict[tuple[int, str], set[tuple[str, str]]] = {}
    for goal in attackers.policy.goals:
        for target in goal.targets:
            own = pl.col("goal") == goal.number
            rows = judgement.verdicts.filter(own & (pl.col("target") == target.id))
            if not rows.is_empty():
                found = set(_held_back(rows, target, alternative_tables, judge))
                silent[goal.number, target.id] = found
    return _without_words(judgement, silent)


def _refuse_figures(
    judgement: Judgement, sensitive: Sequence[Sensitive], attackers: FigureAttackers
) -> None:
    """Raise DisclosureError where a figure that rests on a hidden number is published."""
    published = [
        where
        for name, each in public_tables().items()
        if each.years
        for where in rests_on(getattr(judgement, name), name, attackers.published)
        if where.figures
    ]
    if published:
        names = {(each.indicator, each.period) for each in published}
        cells = [s for s in sensitive if any((i, s.whom.period) in names for i in s.whom.names)]
        if not cells:
            own = attackers.area_set
            cells = [
                Sensitive(Whom((name,), period, "numerator", own), Group.of(own, AREAS), 0, 0)
                for name, period in sorted(names)
            ]
        raise DisclosureError([given_away(cell) for cell in cells[:1]])


def _held_back(
    rows: pl.DataFrame, target: Target, alternative_tables: AlternativeTables, judge: Judge
) -> list[tuple[str, str]]:
    """The readings of a target and the words of each that are not the same in every alternative."""
    [name] = rows["indicator"].unique()
    years = [int(rows[column][0]) for column in ("baseline_period", "period")]
    in_years = [alternative_tables.of(name, year) for year in years]
    published = {row["reading"]: row for row in rows.iter_rows(named=True)}
    number = 1
    for each in in_years:
        number *= _MOST_WORLDS + 1 if each is None else len(each)
    if number == 1:
        return []
    words = [word for word in table("verdicts").words if word in rows.columns]
    if number > _MOST_WORLDS:
        return [(reading, word) for reading in published for word in words]
    found = set()
    only = alternative_tables.only(target)
    for changes in itertools.product(*(each or [] for each in in_years)):
        alternative = alternative_tables.measures_of(name, dict(zip(years, changes, strict=True)))
        for row in judge(alternative, only).iter_rows(named=True):
            own = published[row["reading"]]
            found |= {(row["reading"], word) for word in words if row[word] != own[word]}
    return sorted(found)


@dataclass(frozen=True)
class AlternativeTables:
    """All that the hidden numbers of the judged groups can be, where it is known which are small.

    Fields as in `words_held_back`.
    """

    measures: pl.DataFrame
    sensitive: Sequence[Sensitive]
    attackers: FigureAttackers
    made: dict[tuple[str, int], list[AlternativeTable] | None] = field(default_factory=dict)

    def of(self, name: str, period: int) -> list[AlternativeTable] | None:
        """Those of an indicator and year; [{}] where nothing is hidden, None for too many."""
        if (name, period) not in self.made:
            self.made[name, period] = self._find(name, period)
        return self.made[name, period]

    def only(self, target: Target) -> Policy:
        """The policy with this target alone."""
        policy = self.attackers.policy
        goals = [
            goal.model_copy(update={"targets": [target]})
            for goal in policy.goals
            if target in goal.targets
        ]
        return policy.model_copy(update={"goals": goals[:1]})

    def measures_of(self, name: str, changes: dict[int, AlternativeTable]) -> pl.DataFrame:
        """The measures of the judged groups of an indicator, in an alternative of each year."""
        rows = []
        for (period, group), row in _judged_rows(self.measures, name).items():
            if period in changes:
                own = row | changes[period].get(group, {})
                if own["denominator"] and own["numerator"] is not None:
                    own["value"] = own["numerator"] / own["denominator"]
                rows.append(own)
        schema = {column: self.measures.schema[column] for column in self.measures.columns}
        return pl.DataFrame(rows, schema=schema)

    def _find(self, name: str, period: int) -> list[AlternativeTable] | None:
        true = {
            group: row
            for (year, group), row in _judged_rows(self.measures, name).items()
            if year == period
        }
        rows = _judged_rows(self.attackers.published, name)
        published = {group: row for (year, group), row in rows.items() if year == period}
        counts = self._counts(name, period, true, published)
        if counts is None:
            return None
        return [
            {group: count.get(group, {}) | lost.get(group, {}) for group in {*count, *lost}}
            for count, lost in itertools.product(counts, self._unlocated(name, true, published))
        ]

    def _counts(
        self, name: str, period: int, true: dict[str, Any], published: dict[str, Any]
    ) -> list[AlternativeTable] | None:
        """What the counts can be: with the city's number shown, the areas' reveals the rest's."""
        hidden = {group for group, row in published.items() if not row["shown"]}
        if not hidden:
            return [{}]
        indicator = self._indicator(name)
        computed = all(row["origin"] == "computed" for row in true.values())
        if (
            hidden != {AREAS, REST}
            or not isinstance(indicator.numerator, CaseCount)
            or not computed
        ):
            return None
        cells = [s for s in self.sensitive if name in s.whom.names and s.whom.period == period]
        if not cells:
            return None
        found = self.attackers.knowing(cells).ask(Group.of(self.attackers.area_set, AREAS))
        if found is None or found.high - found.low > 2 * cells[0].width:
            return None
        city = true[CITY]["numerator"]
        return [
            {AREAS: {"numerator": float(n)}, REST: {"numerator": city - float(n)}}
            for n in range(int(found.low), int(found.high) + 1)
        ]

    def _unlocated(
        self, name: str, true: dict[str, Any], published: dict[str, Any]
    ) -> list[AlternativeTable]:
        """The fewest and the most unlocated cases that a hidden number of them can be.

        What is asked of them gets no better by more, so that all others lie between.
        """
        numbers = {group: row["unlocated"] for group, row in true.items()}
        city, areas = numbers.get(CITY), numbers.get(AREAS)
        if city is None or areas is None or published[CITY].get("unlocated") is not None:
            return [{}]
        most = self.attackers.policy.disclosure_of(self._indicator(name)).threshold - 1
        inside = _as_small(areas, most)
        beside = _as_small(city - areas, most)
        return [
            {
                group: {"unlocated": number}
                for group, number in (
                    (AREAS, own),
                    (REST, own + other if city <= most else city),
                    (CITY, own + other if city <= most else city),
                )
                if group in true
            }
            for own, other in zip(inside, beside, strict=True)
        ]

    def _indicator(self, name: str) -> Indicator:
        return self.attackers.policy.indicator(name)


def _judged_rows(table: pl.DataFrame, name: str) -> dict[tuple[int, str], dict[str, Any]]:
    """The rows of an indicator's judged groups, by year and group."""
    own = table.filter((pl.col("indicator") == name) & pl.col("group").is_in([AREAS, REST, CITY]))
    return {(row["period"], row["group"]): row for row in own.iter_rows(named=True)}


def _as_small(number: int, most: int) -> tuple[int, int]:
    """The least and the most of a number of which only is known that it is small, if it is."""
    return (1, most) if 1 <= number <= most else (number, number)


def _without_words(
    judgement: Judgement, silent: dict[tuple[int, str], set[tuple[str, str]]]
) -> Judgement:
    """`judgement` without those words of a reading, and what is said of a target that has any."""
    verdicts = judgement.verdicts
    keys = list(verdicts.select("goal", "target", "reading").iter_rows())
    for word, withheld in table("verdicts").words.items():
        if word not in verdicts.columns:
            continue
        gone = pl.Series(
            [(reading, word) in silent.get((goal, target), ()) for goal, target, reading in keys],
            dtype=pl.Boolean,
        )
        verdicts = verdicts.with_columns(
            pl.when(gone).then(pl.lit(withheld)).otherwise(pl.col(word)).alias(word)
        )
    without = set(verdicts.filter(pl.col("change").is_null()).select("goal", "target").iter_rows())
    sensitivity = judgement.sensitivity
    kept = [pair not in without for pair in sensitivity.select("goal", "target").iter_rows()]
    return replace(
        judgement,
        verdicts=verdicts,
        sensitivity=sensitivity.filter(pl.Series(kept, dtype=pl.Boolean)),
        observations=[
            each for each in judgement.observations if not _rests_on(each, keys, verdicts, silent)
        ],
    )


def _rests_on(
    observation: Observation,
    keys: list[tuple[int, str, str]],
    verdicts: pl.DataFrame,
    silent: dict[tuple[int, str], set[tuple[str, str]]],
) -> bool:
    """Whether an observation rests on a word that is held back.

    On that of the unlocated cases rests only what is said of them, and of the reading that decides;
    on that of them and chance at once, nothing; on any other word all that is said of a target.
    """
    of = observation.goal, observation.target or ""
    decides = {
        key[2]
        for key, is_so in zip(keys, verdicts["decides"], strict=True)
        if is_so and key[:2] == of
    }
    of_unlocated = observation.code.endswith("_whatever") or "unlocated" in observation.code
    return any(
        of_unlocated and reading in decides if word == "unlocated" else word != "together"
        for reading, word in silent.get(of, ())
    )
