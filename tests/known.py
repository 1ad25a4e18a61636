"""What a number in a document may be: every figure of a status, as far as it is told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import polars as pl
from statsmodels.stats.proportion import proportion_confint

from kvarter.disclosure.rows import UNPLACED
from kvarter.documents.document import Section
from kvarter.judgement.figures import change, figures_of
from kvarter.policy.designation import distance_year
from kvarter.policy.model import CaseCount, Criterion, data_year
from middle import WithMiddle

DECLARED = {95.0, 99.8, 10.0, 0.001, 2.0}
"""Of the method, and told as such: the confidence, the outer limits of a funnel plot, when an exact
interval is used, the least p-values that are told, and the years an estimate needs.
"""
Number = tuple[float, int, bool]
"""A number as it is read, how many decimals it was written with, and whether in percent."""


class Known:
    """What a number may be that is told of a goal, of the distance, or of the whole."""

    def __init__(self, status: WithMiddle, section: Section | None = None) -> None:
        self.plain = {abs(value) for value in _of_policy(status)} | DECLARED
        self.percent = set(self.plain)
        about = section.id if section else ""
        number = re.fullmatch(r"goal-(\d+)", about)
        goals = [int(number[1])] if number else [goal.number for goal in status.policy.goals]
        if about != "distance":
            self._add(_of_goals(status, goals))
        if not number:
            self._add(_of_distance(status))
        self.plain |= {abs(value) for value in _of_rows(status)}

    def _add(self, values: Iterator[tuple[float, bool]]) -> None:
        for value, percent in values:
            (self.percent if percent else self.plain).add(abs(value))

    def has(self, number: Number) -> bool:
        """Whether a figure of the results is this number, to its decimals.

        The ends of an interval are percent without its sign, so that only what is told in percent
        has to be found among the percentages.
        """
        said, decimals, percent = number
        half = 0.5 * 10**-decimals + 1e-9
        pool = self.percent if percent else self.percent | self.plain
        return any(abs(value - said) <= half for value in pool)


_FRACTIONS = {"value", "low", "high", "bound_low", "bound_high", "share_located"}
_COUNTS = {"numerator", "denominator", "unlocated", "unlocated_baseline", "located", "period"}
_COUNTS |= {"unlocated_cases", "tipping_point", "baseline_period", "first_period", "last_period"}
_COUNTS |= {"criteria_reached", "projected_year", "projected_first", "projected_last"}
_COUNTS |= {"turning_odds_ratio", "counted", "total"}


def _values(table: pl.DataFrame) -> Iterator[tuple[float, bool]]:
    """The figures of a table, and whether they are told in percent."""
    for name in table.columns:
        if table[name].dtype.is_numeric():
            scale = 100 if name in _FRACTIONS else 1
            for value in table[name].drop_nulls():
                yield scale * value, name not in _COUNTS
                if name == "p_value":  # of a test as it is, of draws by lot in percent
                    yield 100 * value, True


def _of_goals(status: WithMiddle, goals: list[int]) -> Iterator[tuple[float, bool]]:
    judged = status.judgement
    beside = [judged.verdicts, judged.gaps, judged.trends, judged.bridges, judged.totals]
    for table in (
        status.public.results,
        *beside,
        judged.missing,
        judged.sensitivity,
        status.public.interventions,
    ):
        own = pl.col("goal").is_in(goals) if "goal" in table.columns else pl.lit(value=True)
        yield from _values(table.filter(own))
    for each in judged.observations:
        if each.goal in goals:
            yield from ((float(v), True) for v in each.values.values() if _is_number(v))
    indicators = {each.id: (goal, each) for goal, each in status.policy.indicators()}
    for row in judged.verdicts.filter(pl.col("goal").is_in(goals)).iter_rows(named=True):
        goal, indicator = indicators[row["indicator"]]
        target = next(each for each in goal.targets if each.id == row["target"])
        reading = next(each for each in target.readings if each.id == row["reading"])
        base, now = (
            figures_of(status.public.results, indicator, row[name])
            for name in ("baseline_period", "period")
        )
        if reading.group not in base or reading.group not in now:
            continue  # hidden
        own = now[reading.group]
        for more in (row["tipping_point"], row["unlocated_cases"]):
            if more is not None:
                found = own.with_located(more, joins_total=indicator.kind == "share")
                yield change(reading, base, now | {reading.group: found}) or 0.0, True


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _of_distance(status: WithMiddle) -> Iterator[tuple[float, bool]]:
    if status.public.distance.is_empty():
        return
    criteria = {each.id: each for each in status.policy.criteria}
    last = status.public.distance.filter(pl.col("period") == pl.col("period").max())
    for row in last.iter_rows(named=True):
        if row["group"] != "areas":
            yield from _of_area(row, criteria[row["criterion"]], status)
            continue
        in_percent = criteria[row["criterion"]].unit == "percent"
        for name, value in row.items():
            if _is_number(value):
                share = name.startswith(("closed", "distance", "pace")) or in_percent
                yield (value if name in _COUNTS else 100 * value if share else value), share
    ambition, baseline = status.policy.ambition, last["baseline_period"].min()
    if ambition is not None and isinstance(baseline, int):
        gone = distance_year(status.policy, status.definition) - baseline
        yield 100 * gone / (ambition.year - baseline), True  # of the time
        yield 100 * ambition.closed / (ambition.year - baseline), True  # the pace that it takes
    for row in status.public.distance_overall.iter_rows(named=True):
        for name, value in row.items():
            if _is_number(value):
                yield (value if name in _COUNTS else 100 * value), name not in _COUNTS


def _of_area(
    row: dict[str, Any], criterion: Criterion, status: WithMiddle
) -> Iterator[tuple[float, bool]]:
    """The distance of one area, its level, and the intervals of both."""
    ambition = status.policy.ambition
    if row["distance_covered"] is not None:
        yield 100 * row["distance_covered"], True
    if ambition is not None and row["closed_low"] is not None:
        yield from ((100 * row[f"closed_{end}"] / ambition.closed, True) for end in ("low", "high"))
    if row["level"] is None:
        return
    if criterion.unit == "percent":
        yield 100 * row["level"], True
        yield 100 * row["numerator"] / row["denominator"], True
        ends = proportion_confint(row["numerator"], row["denominator"], 0.05, "wilson")
        yield from ((100 * end, True) for end in ends)
    else:
        yield row["level"], False
        if criterion.spread:
            half = 1.959964 * criterion.spread / row["denominator"] ** 0.5
            yield from ((row["level"] + sign * half, False) for sign in (-1, 1))


def _of_rows(status: WithMiddle) -> Iterator[float]:
    by_source = status.rows_by_outcome
    for kind in status.policy.case_kinds:
        of_kind = [by_source[each.id] for each in status.policy.sources if each.cases == kind.id]
        totals = {name: sum(rows[name] for rows in of_kind) for name in of_kind[0]}
        for rows in (*of_kind, totals):
            yield from rows.values()
        # The smallest outcomes are told as one.
        yield from accumulate(sorted(n for name, n in totals.items() if name != "read"))
    for _, indicator in status.policy.indicators():
        if isinstance(indicator.numerator, CaseCount):
            year = data_year(indicator, status.definition)
            own = status.row_counts[indicator.numerator.cases]
            unplaced = own.published((UNPLACED, str(year))) or 0
            yield unplaced
            lost = status.judgement.missing.filter(
                pl.col("indicator") == indicator.id,
                pl.col("factor") == "year",
                pl.col("level") == str(year),
            )["unlocated"].drop_nulls()
            yield from (unplaced - count for count in lost)  # in other municipalities
    yield from status.by_hand.values()


def _of_policy(status: WithMiddle) -> Iterator[float]:
    """What was decided, what the ground is like, and how many there are of things."""
    policy = status.policy
    parts = (policy, status.public.statement)
    said = json.dumps([part.model_dump(mode="json") for part in parts], ensure_ascii=False)
    yield from (float(found) for found in re.findall(r"\d+(?:\.\d+)?", said))
    yield policy.disclosure.threshold - 1  # the most that is not shown
    ground = status.public.geography
    yield from (ground.overlap_m2, ground.outside_m2 or 0, ground.mended)
    yield from (ground.entrances_in_several, ground.entrances_of_others)
    yield from range(1, len(ground.areas) + 1)
    yield from (profile.header_line for profile in status.profiles.values())
    for note in status.public.notes:
        yield from (float(value) for value in note.values.values() if _is_number(value))
