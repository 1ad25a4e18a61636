"""Stage protect: hide small counts, and enough beside them that they cannot be worked out.

Primary rule: a count from 1 to threshold - 1 is hidden. Complementary rule: within a year,
`areas` + `rest` = `city`, so hiding one of the first two hides both; and the single areas add up to
`areas`, or to a little more where they overlap. So with any hidden area, or with only a few in two
areas at once, the smallest area at or above the threshold is hidden too. That neighbour hides how
the hidden total is shared: without it, two hidden counts with a known sum of two could only be one
each. Both rules are conservative; they choose no least-loss pattern.
"""

from __future__ import annotations

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
    *("change", "change_low", "change_high", "change_p", "rounded_low", "rounded_high"),
    *("bridged_change", "bridged_low", "bridged_high", "unlocated_cases", "tipping_point"),
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
    """`results` without the bounds that a small number of unlocated people could be read from.

    Also where it is the difference between those that could lie in the city and in a part of it.
    """
    unlocated = pl.col("unlocated")
    in_city = unlocated.filter(pl.col("group") == CITY).max().over("indicator", "period")
    certain = pl.when(pl.col("group").is_in([AREAS, REST])).then(in_city - unlocated)
    few = [number.is_between(1, threshold - 1).fill_null(False) for number in (unlocated, certain)]
    small = pl.any_horizontal(few).any().over("indicator", "period")
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


def _hidden_groups(counts: dict[str, float | None], threshold: int) -> set[str]:
    hidden = {group for group, count in counts.items() if count and 0 < count < threshold}
    wholes = {AREAS, REST, CITY}
    if hidden & {AREAS, REST}:
        hidden |= {AREAS, REST}
    if CITY in hidden:
        hidden |= wholes
    singles = {group for group in counts if group not in wholes}
    twice = sum(counts[group] or 0 for group in singles) - (counts.get(AREAS) or 0)
    if hidden & singles or 0 < twice < threshold:
        large = [
            (count, group)
            for group in sorted(singles - hidden)
            if (count := counts[group]) is not None and count >= threshold
        ]
        hidden |= {min(large)[1]} if large else {AREAS, REST}
    if AREAS in hidden:
        hidden |= singles
    return hidden
