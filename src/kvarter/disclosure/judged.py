"""What is published with the results, without the figures that rest on a hidden one."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import polars as pl

from kvarter.disclosure.row_counts import RowCounts, published_missing
from kvarter.disclosure.rows import UNPLACED
from kvarter.judgement import Judgement, Observation
from kvarter.judgement.comparisons import reconcile
from kvarter.policy.model import (
    AREAS,
    CITY,
    REST,
    CaseCount,
    EditionDefinition,
    Indicator,
    Policy,
    data_year,
)
from kvarter.tables import table

_COUNTS = ["in_both", "only_from", "only_to"]


def protect_judgement(
    judgement: Judgement,
    results: pl.DataFrame,
    policy: Policy,
    edition: EditionDefinition,
    row_counts: dict[str, RowCounts],
) -> Judgement:
    """`judgement` for all to see: `results` say, in `shown`, which figures it may rest on.

    `row_counts`: what may be published of cases that were not located, by kind.
    """
    hidden = hidden_years(results)
    verdicts = protect_verdicts(judgement.verdicts, results)
    gone = pl.DataFrame(
        sorted(hidden), schema={"indicator": pl.String, "period": pl.Int64}, orient="row"
    )
    totals = judgement.totals.join(gone, on=["indicator", "period"], how="anti")
    return replace(
        judgement,
        verdicts=reconcile(verdicts, totals),
        gaps=_blank(judgement.gaps, "gaps", results),
        trends=_blank(judgement.trends, "trends", results),
        bridges=_without_few(judgement.bridges, policy),
        totals=totals,
        missing=published_missing(judgement.missing, row_counts, policy, edition),
        sensitivity=_sensitivity(
            judgement.sensitivity, judgement.verdicts, verdicts, results, policy
        ),
        observations=[
            _without_few_cases(each, verdicts, policy, edition, row_counts)
            for each in judgement.observations
            if _may_be_said(each, verdicts, hidden, policy)
        ],
    )


def hidden_years(results: pl.DataFrame) -> set[tuple[str, int]]:
    """The indicators and years of which the figure of a judged group is hidden."""
    judged = ~pl.col("shown") & pl.col("group").is_in([AREAS, REST, CITY])
    return set(results.filter(judged).select("indicator", "period").iter_rows())


class Rest(NamedTuple):
    """A row of what is judged that rests on a hidden number, of an indicator and year.

    `figures`: whether it shows any.
    """

    row: int
    indicator: str
    period: int
    figures: bool


def rests_on(frame: pl.DataFrame, name: str, results: pl.DataFrame) -> list[Rest]:
    """The rows of the table `name`, whose rows rest on years, that rest on a hidden number."""
    hidden = hidden_years(results)
    if not hidden or frame.is_empty():
        return []
    specified = table(name)
    figures = list(specified.figures)
    some = frame.select(pl.any_horizontal(pl.col(figures).is_not_null()))[figures[0]].to_list()
    found = []
    for at, row in enumerate(frame.iter_rows(named=True)):
        years = specified.years_of(row)
        gone = [year for year in years if (row["indicator"], year) in hidden]
        if gone:
            found.append(Rest(at, row["indicator"], gone[0], bool(some[at])))
    return found


def _blank(frame: pl.DataFrame, name: str, results: pl.DataFrame) -> pl.DataFrame:
    """The table `name` with every figure null that rests on a hidden number."""
    gone = {each.row for each in rests_on(frame, name, results)}
    if not gone:
        return frame
    kept = pl.Series([at not in gone for at in range(frame.height)], dtype=pl.Boolean)
    return frame.with_columns(
        pl.when(kept).then(pl.col(column)).alias(column) for column in table(name).figures
    )


def _without_few(bridges: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`bridges` without the counts and factors of a change in which any count is small."""
    thresholds = {
        kind.id: policy.disclosure_of_quantity(CaseCount(cases=kind.id)).threshold
        for kind in policy.case_kinds
    }
    most = pl.col("cases").replace_strict(thresholds, return_dtype=pl.Int64) - 1
    few = pl.any_horizontal(pl.col(name).is_between(1, most) for name in _COUNTS)
    kept = ~few.any().over("cases", "from_system", "to_system")
    return bridges.with_columns(
        pl.when(kept).then(pl.col(name)).alias(name) for name in table("bridges").figures
    )


def _sensitivity(
    sensitivity: pl.DataFrame,
    judged: pl.DataFrame,
    shown: pl.DataFrame,
    results: pl.DataFrame,
    policy: Policy,
) -> pl.DataFrame:
    """`sensitivity` without figures and words where the verdict's are hidden, or few are missing.

    The number that could lie in the areas can be read from the bounds, so that one must not be
    small either: `results` have no bounds then.
    """
    published = results.filter((pl.col("group") == AREAS) & pl.col("bound_low").is_not_null())
    known = set(published.select("indicator", "period").iter_rows())
    both = {
        (goal, target)
        for goal, target, indicator, before, after in judged.select(
            "goal", "target", "indicator", "baseline_period", "period"
        ).iter_rows()
        if {(indicator, before), (indicator, after)} <= known
    } & set(shown.filter(pl.col("change").is_not_null()).select("goal", "target").iter_rows())
    rules = {each.id: policy.disclosure_of(each) for _, each in policy.indicators()}
    of_target = {
        (goal.number, target.id): rules[target.indicator].threshold - 1
        for goal in policy.goals
        for target in goal.targets
    }
    pairs = sensitivity.select("goal", "target").iter_rows()
    most = pl.Series([of_target[pair] for pair in pairs], dtype=pl.Int64)
    few = pl.any_horizontal(
        pl.col(name).is_between(1, most) for name in ("unlocated_baseline", "unlocated")
    )
    may = pl.Series(
        [pair in both for pair in sensitivity.select("goal", "target").rows()], dtype=pl.Boolean
    )
    return sensitivity.with_columns(
        pl.when(may & ~few).then(pl.col(name)).alias(name) for name in table("sensitivity").figures
    )


def _may_be_said(
    observation: Observation, verdicts: pl.DataFrame, hidden: set[tuple[str, int]], policy: Policy
) -> bool:
    """An observation with figures rests on those of its target; without any it reveals none.

    One that quotes another year rests on that year too.
    """
    if observation.target is None:
        return True
    values = observation.values
    if not values:
        return True
    indicator = _indicator_of(observation, policy)
    quoted = [values.get("period")]
    if "first" in values:
        quoted += range(int(values["first"]), int(values["last"]) + 1)
    if any((indicator.id, year) in hidden for year in quoted):
        return False
    own = verdicts.filter(
        (pl.col("goal") == observation.goal) & (pl.col("target") == observation.target)
    )
    return bool(own["change"].is_not_null().any())


def _without_few_cases(
    observation: Observation,
    verdicts: pl.DataFrame,
    policy: Policy,
    edition: EditionDefinition,
    row_counts: dict[str, RowCounts],
) -> Observation:
    """The observation without its numbers of unlocated cases, where those are small.

    `cases` of the `missing` can lie in the areas; the number of others must not be small either.
    All that are missing is the number of the note on the year, and goes with it.
    """
    cases, missing = (observation.values.get(name) for name in ("cases", "missing"))
    gone: set[str] = set()
    if not isinstance(cases, int):
        return observation
    threshold = policy.disclosure_of(_indicator_of(observation, policy)).threshold
    if isinstance(cases, int) and (cases < threshold or not _tells_cases(observation, verdicts)):
        gone = {"cases", "missing"}
    elif isinstance(missing, int):
        indicator = _indicator_of(observation, policy)
        counted, year = indicator.numerator, str(data_year(indicator, edition))
        noted = isinstance(counted, CaseCount) and row_counts[counted.cases].published(
            (UNPLACED, year)
        )
        few = isinstance(cases, int) and 0 < missing - cases < threshold
        gone = {"missing"} if few or noted != missing else set()
    values = {name: value for name, value in observation.values.items() if name not in gone}
    return replace(observation, values=values)


def _tells_cases(observation: Observation, verdicts: pl.DataFrame) -> bool:
    """Whether a verdict on its target reveals the number of unlocated cases."""
    own = (pl.col("goal") == observation.goal) & (pl.col("target") == observation.target)
    return bool(verdicts.filter(own)["unlocated_cases"].is_not_null().any())


def _indicator_of(observation: Observation, policy: Policy) -> Indicator:
    """The indicator of an observation's target."""
    wanted = next(
        target.indicator
        for goal in policy.goals
        for target in goal.targets
        if (goal.number, target.id) == (observation.goal, observation.target)
    )
    return policy.indicator(wanted)


def protect_verdicts(verdicts: pl.DataFrame, results: pl.DataFrame) -> pl.DataFrame:
    """`verdicts` without the figures of those that rest on a hidden number; the words stay.

    A number of unlocated cases is published where the results have bounds it can be read from.
    """
    bounded = results.filter(pl.col("unlocated").is_not_null())
    published = set(bounded.select("indicator", "period", "group").iter_rows())
    known = pl.Series(
        [
            not lost or (indicator, period, group) in published
            for indicator, period, group, lost in verdicts.select(
                "indicator", "period", "group", "unlocated_cases"
            ).iter_rows()
        ],
        dtype=pl.Boolean,
    )
    verdicts = verdicts.with_columns(
        pl.when(known).then(pl.col("unlocated_cases")).alias("unlocated_cases")
    )
    return _blank(verdicts, "verdicts", results)
