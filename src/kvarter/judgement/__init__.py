"""Measures -> intervals and bounds (`intervals`), and targets -> verdicts (`verdict`).

`judge_all` is the stage for targets: the verdicts and everything that stands beside them;
`judge_distance` the one for the designation criteria.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kvarter.cases.tally import Tally
from kvarter.indicators import Lost, without_lost
from kvarter.judgement.breaks import Systems, bridges, case_systems, systems_table
from kvarter.judgement.comparisons import gaps, reconcile, totals, trends
from kvarter.judgement.dispersion import Dispersions, dispersions
from kvarter.judgement.distance import judge_distance
from kvarter.judgement.intervals import widened, with_intervals
from kvarter.judgement.interventions import LOT_SEED, interventions
from kvarter.judgement.lags import SEED
from kvarter.judgement.missing import TABLE_SEED, who_is_missing
from kvarter.judgement.observations import Observation, observe
from kvarter.judgement.overall import Choices, compare_choices
from kvarter.judgement.sensitivity import IMPUTATION_SEEDS, sensitivity
from kvarter.judgement.verdict import judge
from kvarter.policy.model import EditionDefinition, Policy

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
    "judge",
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
class Judge:
    """Measures to verdicts on an edition, with all else as it is (see `judge`)."""

    edition: EditionDefinition
    systems: Systems
    overlaps: pl.DataFrame
    lost: Lost
    spread: Dispersions

    def __call__(self, measures: pl.DataFrame, policy: Policy) -> pl.DataFrame:
        """The verdicts on the goals and targets of `policy`, in columns VERDICT."""
        return judge(
            *(measures, policy, self.edition, self.systems, self.overlaps),
            *(self.lost, self.spread),
        )


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


def judge_all(
    measures: pl.DataFrame,
    policy: Policy,
    edition: EditionDefinition,
    tally: Tally,
    overlaps: pl.DataFrame,
    lost: Lost = frozenset(),
    spread: Dispersions | None = None,
) -> Judgement:
    """Judge `measures` (as of `with_intervals`); `overlaps` of case systems, in columns BRIDGE.

    `lost`: kinds of case and years of which too many rows were lost; `spread`: how counts scatter,
    as found from `measures` unless given.
    """
    spread = dispersions(measures, policy) if spread is None else spread
    systems = case_systems(policy, tally.systems)
    verdicts = judge(measures, policy, edition, systems, overlaps, lost, spread)
    editions = policy.editions[: policy.editions.index(edition)]
    earlier = [judge(measures, policy, each, systems, None, lost, spread) for each in editions]
    judged = without_lost(measures, policy, lost)
    beside = gaps(judged, policy, edition, spread)
    independent = totals(measures, policy)
    verdicts = reconcile(verdicts, independent)
    # By no assumption on the unlocated is a count right that too many rows are missing from.
    silent = verdicts.filter("rows_lost").select("goal", "target", "reading")
    steps = sensitivity(measures, tally.cases, policy, edition, spread)
    return Judgement(
        verdicts,
        beside,
        trends(judged, policy, edition, systems, spread),
        overlaps,
        independent,
        who_is_missing(tally.cases, policy, edition, lost),
        steps.join(silent, on=silent.columns, how="anti", maintain_order="left"),
        observe(
            judged,
            verdicts,
            pl.concat([verdicts.clear(), *earlier]),
            beside,
            independent,
            tally.rows,
            policy,
            edition,
            spread,
        ),
        systems,
    )
