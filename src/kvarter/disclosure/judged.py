"""What stands beside the results, without the figures that rest on a hidden one."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from kvarter.disclosure.fates import Fates, told_missing
from kvarter.disclosure.rows import UNPLACED
from kvarter.judgement import GAP, TREND, Judgement, Observation
from kvarter.policy.model import (
    AREAS,
    CITY,
    REST,
    CaseCount,
    Edition,
    Indicator,
    Policy,
    data_year,
)

VERDICT_FIGURES = [
    *("change", "change_low", "change_high", "change_p", "rounded_low", "rounded_high"),
    *("bridged_change", "bridged_low", "bridged_high", "unlocated_cases", "tipping_point"),
    *("city_change", "gap_baseline", "gap", "ratio_baseline", "ratio"),
]

_NOT_FIGURES = {
    *("goal", "indicator", "versus", "baseline_period", "period"),
    *("of", "group", "case_system", "first_period", "last_period", "periods"),
}
_COUNTS = ["in_both", "only_from", "only_to"]


def protect_judgement(
    judgement: Judgement,
    results: pl.DataFrame,
    policy: Policy,
    edition: Edition,
    fates: dict[str, Fates],
) -> Judgement:
    """`judgement` for all to see: `results` say, in `shown`, which figures it may rest on.

    `fates`: what may be told of cases that were not located, by kind.
    """
    hidden = (
        results.filter(~pl.col("shown") & pl.col("group").is_in([AREAS, REST, CITY]))
        .select("indicator", "period")
        .unique()
    )
    verdicts = protect_verdicts(judgement.verdicts, results, policy)
    return replace(
        judgement,
        verdicts=verdicts,
        gaps=_blank(judgement.gaps, list(GAP), hidden, "baseline_period", "period", between=False),
        trends=_blank(
            judgement.trends, list(TREND), hidden, "first_period", "last_period", between=True
        ),
        bridges=_without_few(judgement.bridges, policy.disclosure.threshold),
        totals=judgement.totals.join(hidden, on=["indicator", "period"], how="anti"),
        missing=told_missing(judgement.missing, fates, policy, edition),
        ladder=_ladder(judgement.ladder, judgement.verdicts, verdicts, results, policy),
        observations=[
            _without_few_cases(each, policy, edition, fates)
            for each in judgement.observations
            if _may_be_said(each, verdicts, hidden, policy)
        ],
    )


def _blank(
    table: pl.DataFrame,
    columns: list[str],
    hidden: pl.DataFrame,
    first: str,
    last: str,
    *,
    between: bool,
) -> pl.DataFrame:
    """`table` with the figures of those rows null that rest on a hidden year."""
    gone = set(hidden.iter_rows())
    rests = [
        any(
            (indicator, year) in gone
            for year in (range(start, end + 1) if between else (start, end))
        )
        for indicator, start, end in table.select("indicator", first, last).iter_rows()
    ]
    kept = ~pl.Series("rests", rests, dtype=pl.Boolean)
    figures = [name for name in columns if name not in _NOT_FIGURES]
    return table.with_columns(pl.when(kept).then(pl.col(name)).alias(name) for name in figures)


def _without_few(bridges: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """`bridges` without the counts and factors of a change in which any count is small."""
    few = pl.any_horizontal(pl.col(name).is_between(1, threshold - 1) for name in _COUNTS)
    kept = ~few.any().over("cases", "from_system", "to_system")
    figures = [*_COUNTS, "factor", "factor_low", "factor_high"]
    return bridges.with_columns(pl.when(kept).then(pl.col(name)).alias(name) for name in figures)


def _ladder(
    ladder: pl.DataFrame,
    judged: pl.DataFrame,
    shown: pl.DataFrame,
    results: pl.DataFrame,
    policy: Policy,
) -> pl.DataFrame:
    """`ladder` without figures where the verdict's are hidden, or few cases are missing.

    The number that could lie in the areas can be read from the bounds, so that one must not be
    small either: `results` have no bounds then.
    """
    told = results.filter((pl.col("group") == AREAS) & pl.col("bound_low").is_not_null())
    known = set(told.select("indicator", "period").iter_rows())
    both = {
        (goal, target)
        for goal, target, indicator, before, after in judged.select(
            "goal", "target", "indicator", "baseline_period", "period"
        ).iter_rows()
        if {(indicator, before), (indicator, after)} <= known
    } & set(shown.filter(pl.col("change").is_not_null()).select("goal", "target").iter_rows())
    few = pl.any_horizontal(
        pl.col(name).is_between(1, policy.disclosure.threshold - 1)
        for name in ("unlocated_baseline", "unlocated")
    )
    may = pl.Series(
        [pair in both for pair in ladder.select("goal", "target").rows()], dtype=pl.Boolean
    )
    figures = ["unlocated_baseline", "unlocated", "change_low", "change", "change_high"]
    figures.append("turning_odds_ratio")
    return ladder.with_columns(
        pl.when(may & ~few).then(pl.col(name)).alias(name) for name in figures
    )


def _may_be_said(
    observation: Observation, verdicts: pl.DataFrame, hidden: pl.DataFrame, policy: Policy
) -> bool:
    """An observation with figures rests on those of its target; without any it tells none.

    One that quotes another year rests on that year too.
    """
    if not observation.values or observation.target is None:
        return True
    indicator = _indicator_of(observation, policy)
    if (indicator.id, observation.values.get("period")) in set(hidden.iter_rows()):
        return False
    own = verdicts.filter(
        (pl.col("goal") == observation.goal) & (pl.col("target") == observation.target)
    )
    return bool(own["change"].is_not_null().any())


def _without_few_cases(
    observation: Observation, policy: Policy, edition: Edition, fates: dict[str, Fates]
) -> Observation:
    """The observation without its numbers of unlocated cases, where those are small.

    `cases` of the `missing` can lie in the areas; the number of others must not be small either.
    All that are missing is the number of the note on the year, and goes with it.
    """
    cases, missing = (observation.values.get(name) for name in ("cases", "missing"))
    threshold, gone = policy.disclosure.threshold, set()
    if isinstance(cases, int) and cases < threshold:
        gone = {"cases", "missing"}
    elif isinstance(missing, int):
        indicator = _indicator_of(observation, policy)
        counted, year = indicator.numerator, str(data_year(indicator, edition))
        noted = isinstance(counted, CaseCount) and fates[counted.cases].told((UNPLACED, year))
        few = isinstance(cases, int) and 0 < missing - cases < threshold
        gone = {"missing"} if few or noted != missing else set()
    values = {name: value for name, value in observation.values.items() if name not in gone}
    return replace(observation, values=values)


def _indicator_of(observation: Observation, policy: Policy) -> Indicator:
    """The indicator of an observation's target."""
    wanted = next(
        target.indicator
        for goal in policy.goals
        for target in goal.targets
        if (goal.number, target.id) == (observation.goal, observation.target)
    )
    return next(indicator for _, indicator in policy.indicators() if indicator.id == wanted)


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
