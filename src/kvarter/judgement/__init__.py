"""Measures -> intervals and bounds (`intervals`), and targets -> verdicts (`verdict`).

`judge_all` is the stage for targets: the verdicts and everything that goes with them;
`judge_distance` the one for the designation criteria.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from kvarter.cases.tally import Tally
from kvarter.indicators import without_lost
from kvarter.judgement.breaks import Systems, bridges, case_systems, systems_table
from kvarter.judgement.comparisons import gaps, reconcile, totals, trends
from kvarter.judgement.dispersion import dispersions
from kvarter.judgement.distance import judge_distance
from kvarter.judgement.intervals import widened, with_intervals
from kvarter.judgement.interventions import LOT_SEED, interventions
from kvarter.judgement.lags import SEED
from kvarter.judgement.missing import TABLE_SEED, who_is_missing
from kvarter.judgement.observations import Evidence, Observation, observe
from kvarter.judgement.overall import Choices, compare_choices
from kvarter.judgement.sensitivity import IMPUTATION_SEEDS, sensitivity
from kvarter.judgement.verdict import Judge
from kvarter.policy.model import Policy
from kvarter.tables import table

__all__ = [
    "SEEDS",
    "Choices",
    "Judge",
    "Judgement",
    "Observation",
    "bridges",
    "case_systems",
    "compare_choices",
    "dispersions",
    "interventions",
    "judge_all",
    "judge_distance",
    "systems_table",
    "widened",
    "with_intervals",
]


SEEDS = {
    "missing": TABLE_SEED,
    "sensitivity": list(IMPUTATION_SEEDS),
    "interventions": LOT_SEED,
    "distance": SEED,
}
"""Where chance is drawn from, by what it is drawn for; on record in `run.json`."""


@dataclass(frozen=True)
class Judgement:
    """The outcome of the stage, each table in the columns named after it; `systems` as in judge."""

    verdicts: pl.DataFrame
    gaps: pl.DataFrame
    trends: pl.DataFrame
    bridges: pl.DataFrame
    totals: pl.DataFrame
    missing: pl.DataFrame
    sensitivity: pl.DataFrame
    observations: list[Observation]
    systems: Systems


def judge_all(measures: pl.DataFrame, policy: Policy, tally: Tally, judge: Judge) -> Judgement:
    """Judge `measures` (as of `with_intervals`), and all that goes with the verdicts."""
    edition, lost = judge.edition, judge.lost
    spread = dispersions(measures, policy) if judge.spread is None else judge.spread
    judge = replace(judge, spread=spread)
    verdicts = judge(measures, policy)
    editions = policy.editions[: policy.editions.index(edition)]
    earlier = [replace(judge, edition=each, overlaps=None)(measures, policy) for each in editions]
    judged = without_lost(measures, policy, lost)
    independent = totals(measures, policy)
    verdicts = reconcile(verdicts, independent)
    # By no assumption on the unlocated is a count right that too many rows are missing from.
    silent = verdicts.filter("rows_lost").select("goal", "target", "reading")
    steps = sensitivity(measures, tally.cases, policy, edition, spread)
    found = Judgement(
        verdicts,
        gaps(judged, policy, edition, spread),
        trends(judged, policy, edition, judge.systems, spread),
        table("bridges").empty() if judge.overlaps is None else judge.overlaps,
        independent,
        who_is_missing(tally.cases, policy, edition, lost),
        steps.join(silent, on=silent.columns, how="anti", maintain_order="left"),
        [],
        judge.systems,
    )
    evidence = Evidence(
        *(judged, found.verdicts, pl.concat([verdicts.clear(), *earlier]), found.gaps),
        *(independent, tally.rows, spread),
    )
    return replace(found, observations=observe(evidence, policy, edition))
