"""Stage protect: hide small counts, and enough beside them that they cannot be worked out.

Primary rule: a count from 1 to threshold - 1 is hidden. Complementary rule: within a year,
`areas` + `rest` = `city`, so hiding one of the first two hides both; and the single areas add up to
`areas` (or nearly, where they overlap), so with any hidden area the smallest area at or above the
threshold is hidden too. That neighbour hides how the hidden total is shared: without it, two
hidden counts with a known sum of two could only be one each. Both rules are conservative; they
choose no least-loss pattern.
"""

from __future__ import annotations

import math

import polars as pl

from kvarter.policy.model import AREAS, CITY, REST, CaseCount, Policy

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

VERDICT_FIGURES = [
    *("change", "change_low", "change_high", "unlocated_cases", "tipping_point"),
    *("city_change", "gap_baseline", "gap", "ratio_baseline", "ratio"),
]


def protect(results: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`results` with `shown`; where it is false every figure is null.

    `results`: `indicator, period, group` and FIGURES. Counted cases are judged by their number;
    percentages of residents and published figures by the number they are a percentage of.
    """
    cases = {i.id for _, i in policy.indicators() if isinstance(i.numerator, CaseCount)}
    hidden: set[tuple[str, int, str]] = set()
    for (indicator, period), rows in results.group_by("indicator", "period", maintain_order=True):
        count = "numerator" if indicator in cases else "denominator"
        counts = dict(rows.select("group", count).iter_rows())
        groups = _hidden_groups(counts, policy.disclosure.threshold)
        hidden |= {(str(indicator), int(str(period)), group) for group in groups}
    results = _without_telling_bounds(results, policy.disclosure.threshold)
    keys = results.select("indicator", "period", "group").rows()
    shown = pl.Series("shown", [key not in hidden for key in keys], dtype=pl.Boolean)
    return results.with_columns(shown).with_columns(
        pl.when("shown").then(pl.col(name)).alias(name) for name in FIGURES
    )


def _without_telling_bounds(results: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """`results` without the bounds that a small number of unlocated people could be read from."""
    small = pl.col("unlocated").is_between(1, threshold - 1).fill_null(False)
    small = small.any().over("indicator", "period")
    names = ("bound_low", "bound_high", "unlocated")
    return results.with_columns(pl.when(~small).then(pl.col(name)).alias(name) for name in names)


def protect_verdicts(verdicts: pl.DataFrame, results: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`verdicts` without the figures of those that rest on a hidden one; the words stay.

    A small number of unlocated cases is hidden too.
    """
    few = pl.col("unlocated_cases").is_between(1, policy.disclosure.threshold - 1)
    verdicts = verdicts.with_columns(
        pl.when(~few).then(pl.col("unlocated_cases")).alias("unlocated_cases")
    )
    hidden = {
        (indicator, period)
        for indicator, period, group in results.filter(~pl.col("shown"))
        .select("indicator", "period", "group")
        .iter_rows()
        if group in (AREAS, REST, CITY)
    }
    rests_on_hidden = pl.Series(
        [
            (indicator, before) in hidden or (indicator, after) in hidden
            for indicator, before, after in verdicts.select(
                "indicator", "baseline_period", "period"
            ).iter_rows()
        ],
        dtype=pl.Boolean,
    )
    return verdicts.with_columns(
        pl.when(~rests_on_hidden).then(pl.col(name)).alias(name) for name in VERDICT_FIGURES
    )


def hide_small(table: dict[str, dict[str, int]], threshold: int) -> set[tuple[str, str]]:
    """The cells (`line, column`) of a table of counts with known totals that must not be told.

    Counts from 1 to threshold - 1; and then, in every line and column with just one hidden cell,
    the smallest other one (a zero only where there is nothing else), until no hidden cell is the
    difference between a total and the rest.
    """
    hidden = {
        (line, column)
        for line, counts in table.items()
        for column, count in counts.items()
        if 0 < count < threshold
    }
    columns = {column for counts in table.values() for column in counts}
    rows = [[(line, column) for column in counts] for line, counts in table.items()]
    rows += [[(line, column) for line in table if column in table[line]] for column in columns]
    while True:
        beside = {
            min(shown, key=lambda cell: (table[cell[0]][cell[1]] or math.inf, cell))
            for cells in rows
            if len(hidden.intersection(cells)) == 1
            and (shown := [cell for cell in cells if cell not in hidden])
        }
        if not beside:
            return hidden
        hidden |= beside


def _hidden_groups(counts: dict[str, float | None], threshold: int) -> set[str]:
    hidden = {group for group, count in counts.items() if count and 0 < count < threshold}
    wholes = {AREAS, REST, CITY}
    if hidden & {AREAS, REST}:
        hidden |= {AREAS, REST}
    if CITY in hidden:
        hidden |= wholes
    singles = {group for group in counts if group not in wholes}
    if hidden & singles:
        large = [
            (count, group)
            for group in sorted(singles - hidden)
            if (count := counts[group]) is not None and count >= threshold
        ]
        hidden |= {min(large)[1]} if large else {AREAS, REST}
    if AREAS in hidden:
        hidden |= singles
    return hidden
