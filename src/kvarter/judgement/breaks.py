"""Breaks in a series: another case system, and the factor that bridges the two.

A change of system can change what is counted. Where both were in use for a while, the cases of
that while are counted in each: the factor is how many cases the new system has for one of the old.
It is offered with the verdict and never applied to a figure.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import polars as pl

from kvarter.cases import deduplicate
from kvarter.judgement.figures import Span
from kvarter.judgement.intervals import ratio
from kvarter.judgement.quantiles import reach
from kvarter.policy.model import (
    AREAS,
    CITY,
    REST,
    CaseCount,
    CaseKind,
    Indicator,
    Policy,
    SystemChange,
)
from kvarter.tables import table

Systems = Mapping[tuple[str, int], frozenset[str]]
"""The case systems that the cases of an indicator (by its id) and a year come from.

None of a year where a source does not say its system.
"""


def case_systems(policy: Policy, systems: pl.DataFrame) -> dict[tuple[str, int], frozenset[str]]:
    """The case systems that the cases of each indicator and year come from.

    `systems`: `cases, year, case_system`, as in a `Tally`.
    """
    by_kind: dict[tuple[str, int], set[str | None]] = {}
    for kind, year, system in systems.iter_rows():
        by_kind.setdefault((kind, year), set()).add(system)
    return {
        (indicator.id, year): frozenset(s for s in found if s and None not in found)
        for _, indicator in policy.indicators()
        for (kind, year), found in by_kind.items()
        if isinstance(indicator.numerator, CaseCount) and indicator.numerator.cases == kind
    }


NOT_STATED = "not_stated"


def systems_table(systems: Systems) -> pl.DataFrame:
    """`systems` as table `case_systems`."""
    rows = [
        (indicator, period, system)
        for (indicator, period), known in sorted(systems.items())
        for system in (sorted(known) or [NOT_STATED])
    ]
    return table("case_systems").frame(rows)


def system_changed(systems: Systems, indicator: Indicator, years: tuple[int, int]) -> bool | None:
    """Whether the two years are of different case systems; None where one of them is not known."""
    before, after = (systems.get((indicator.id, year)) for year in years)
    return before != after if before and after else None


def segments(systems: Systems, indicator: Indicator, years: list[int]) -> list[list[int]]:
    """`years` in order, split where the case system changes; a year without one joins the last.

    The first years join the next where an extract of theirs does not say its system.
    """
    found: list[list[int]] = []
    previous: frozenset[str] | None = None
    for year in sorted(years):
        known = systems.get((indicator.id, year))
        system = known if known or previous is None else previous
        if not found or (system != previous and previous != frozenset()):
            found.append([])
        found[-1].append(year)
        previous = system
    return found


@dataclass(frozen=True)
class Overlap:
    """Cases of a while in which two systems were in use, by which of them has the case."""

    in_both: int
    only_before: int
    only_after: int

    def factor(self, confidence: float) -> tuple[float, Span] | None:
        """Cases of the new system for one of the old, with its interval; None where one has none.

        The two counts share their cases, so the variance of the logarithm of their ratio is
        (b + c) / ((a + b)(a + c)): that of matched pairs (Lachin 2011, Biostatistical Methods,
        ch. 5).
        """
        before, after = self.in_both + self.only_before, self.in_both + self.only_after
        if not before or not after:
            return None
        spread = reach(confidence) * math.sqrt(
            (self.only_before + self.only_after) / (before * after)
        )
        found = after / before
        return found, (found * math.exp(-spread), found * math.exp(spread))


def bridges(policy: Policy, cases: pl.DataFrame, in_areas: pl.DataFrame) -> pl.DataFrame:
    """A row for each declared change of system with an overlap, and group, as table `bridges`.

    `cases`: placed rows, also those that only bridge; `in_areas`: `place, area`.
    """
    inside = pl.col("access_address_id").is_in(in_areas["place"].unique().implode())
    located = cases.filter(pl.col("in_municipality").fill_null(False)).with_columns(inside=inside)
    rows: list[tuple[object, ...]] = []
    for kind in policy.case_kinds:
        for change in kind.system_changes:
            days = _overlap_days(policy, kind, change)
            if days is None:
                continue
            both = located.filter(
                (pl.col("cases") == kind.id)
                & pl.col("case_system").is_in([change.before, change.after])
                & pl.col("event_date").is_between(*days)
            )
            for group, overlap in _overlaps(both, kind, change).items():
                factor = overlap.factor(policy.confidence)
                found = (None, None, None) if factor is None else (factor[0], *factor[1])
                counts = overlap.in_both, overlap.only_before, overlap.only_after
                what = kind.id, change.before, change.after
                rows.append((*what, *days, group, *counts, *found))
    return table("bridges").frame(rows)


def _overlap_days(
    policy: Policy, kind: CaseKind, change: SystemChange
) -> tuple[dt.date, dt.date] | None:
    """The first and the last day of which both systems gave an extract."""
    spans = [
        [(s.first_day, s.last_day) for s in policy.sources if (s.cases, s.case_system) == pair]
        for pair in ((kind.id, change.before), (kind.id, change.after))
    ]
    shared = [
        (max(a[0], b[0]), min(a[1], b[1]))
        for a, b in product(*spans)
        if max(a[0], b[0]) <= min(a[1], b[1])
    ]
    return (min(first for first, _ in shared), max(last for _, last in shared)) if shared else None


def _overlaps(rows: pl.DataFrame, kind: CaseKind, change: SystemChange) -> dict[str, Overlap]:
    """The cases of `rows` in each group, by which of the two systems has them."""
    by_case = (
        deduplicate(rows, kind)
        .group_by("case_id")
        .agg(
            before=(pl.col("case_system") == change.before).any(),
            after=(pl.col("case_system") == change.after).any(),
            inside=pl.col("inside").any(),
        )
    )
    groups = {CITY: pl.lit(True), AREAS: pl.col("inside"), REST: ~pl.col("inside")}
    found: dict[str, Overlap] = {}
    for group, chosen in groups.items():
        own = by_case.filter(chosen)
        counts = [
            own.filter(pl.col("before") & pl.col("after")).height,
            own.filter(pl.col("before") & ~pl.col("after")).height,
            own.filter(~pl.col("before") & pl.col("after")).height,
        ]
        found[group] = Overlap(*counts)
    return found


def bridged(
    change: float, span: Span | None, bridge: dict[str, float]
) -> tuple[float, Span | None]:
    """A relative change in percent, had the baseline been counted in the new system.

    `bridge`: a row of `bridges` with its `factor`. The interval holds the uncertainty of both.
    """
    factor, factor_span = bridge["factor"], (bridge["factor_low"], bridge["factor_high"])
    moved = 1 + change / 100
    ends = None
    if span is not None and min(span) > -100 and moved > 0:
        low, high = ratio(moved, (1 + span[0] / 100, 1 + span[1] / 100), factor, factor_span)
        ends = 100 * (low - 1), 100 * (high - 1)
    return 100 * (moved / factor - 1), ends
