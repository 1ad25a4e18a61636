"""Stage judge: measures -> a verdict on every reading of every target, and what would turn it.

A verdict is `met`, `not_met` or `cannot_tell`: a figure is missing, the baseline is zero, too many
rows of a year were lost, or a figure is known only as rounded and its rounding decides. `checks`
says what would turn it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from kvarter.indicators import Lost
from kvarter.judgement import checks
from kvarter.judgement.breaks import Systems, bridged, system_changed
from kvarter.judgement.checks import HOLDS, NOT_APPLICABLE, TURNS, Assessment
from kvarter.judgement.dispersion import BY_CHANCE, Dispersion, Dispersions, dispersions
from kvarter.judgement.figures import (
    FiguresByGroup,
    are_known,
    change,
    change_span,
    figures_of,
    is_met,
    required,
)
from kvarter.policy.model import (
    CaseCount,
    EditionDefinition,
    Indicator,
    Policy,
    Reading,
    Target,
    data_year,
)
from kvarter.tables import table

_IF_CHANGED = {True: TURNS, False: HOLDS, None: NOT_APPLICABLE}
"""The check of the case system, by whether it was changed."""


@dataclass(frozen=True)
class Judge:
    """Measures to the verdicts on an edition, with all else as it is.

    systems: the case systems that the cases of an indicator's year come from.
    overlaps: of case systems, as `breaks.bridges` gives them.
    lost: kinds of case and years of which too many rows were lost.
    spread: how counts scatter; found from the measures where it is not given.
    """

    edition: EditionDefinition
    systems: Systems
    overlaps: pl.DataFrame | None = None
    lost: Lost = frozenset()
    spread: Dispersions | None = None

    def __call__(self, measures: pl.DataFrame, policy: Policy) -> pl.DataFrame:
        """One row per goal, target and reading of `policy`, as table `verdicts`.

        `measures` as `kvarter.indicators.measure_all` gives them. Empty for the baseline itself.
        """
        baseline = policy.baseline()
        if baseline is None or self.edition.id == baseline.id:
            return table("verdicts").empty()
        spread = dispersions(measures, policy) if self.spread is None else self.spread
        rows = []
        for goal in policy.goals:
            for target in goal.targets:
                indicator = policy.indicator(target.indicator)
                years = data_year(indicator, baseline), data_year(indicator, self.edition)
                base, now = (figures_of(measures, indicator, year) for year in years)
                compared = _Compared(
                    *(indicator, years, base, now, policy.confidence),
                    *(spread.get(indicator.id, BY_CHANCE), self._lost_rows(indicator, years)),
                )
                judged = [_judge_reading(compared, target, each) for each in target.readings]
                # A reading that cannot be judged is no other verdict, and no second opinion.
                verdicts = [row["verdict"] for row in judged if row["verdict"] != "cannot_tell"]
                changed = system_changed(self.systems, indicator, years)
                for row in judged:
                    row |= {"edition": self.edition.id, "goal": goal.number}
                    if changed and self.overlaps is not None:
                        row |= _bridged(row, indicator, self.overlaps)
                    row["case_system"] = _IF_CHANGED[changed]
                    if len(verdicts) > 1 and row["verdict"] != "cannot_tell":
                        row["other_reading"] = HOLDS if len(set(verdicts)) == 1 else TURNS
                rows += judged
        return table("verdicts").frame(rows)

    def _lost_rows(self, indicator: Indicator, years: tuple[int, int]) -> bool:
        counted = indicator.numerator
        return isinstance(counted, CaseCount) and any(
            (counted.cases, year) in self.lost for year in years
        )


@dataclass(frozen=True)
class _Compared:
    """An indicator in the two years that its targets compare."""

    indicator: Indicator
    years: tuple[int, int]
    base: FiguresByGroup
    now: FiguresByGroup
    confidence: float
    dispersion: Dispersion
    rows_lost: bool


def _judge_reading(compared: _Compared, target: Target, reading: Reading) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(table("verdicts").columns)
    row |= dict.fromkeys(checks.CHECKS, NOT_APPLICABLE)
    row |= {
        "target": target.id,
        "reading": reading.id,
        "decides": reading.decides or len(target.readings) == 1,
        "indicator": compared.indicator.id,
        "kind": reading.kind,
        "of": reading.of,
        "group": reading.group,
        "baseline_period": compared.years[0],
        "period": compared.years[1],
        "required": float(required(reading)),
        "rows_lost": compared.rows_lost,
        "relative_to_zero": False,
        "verdict": "cannot_tell",
    }
    if compared.rows_lost:
        return row
    base, now = compared.base, compared.now
    found = change(reading, base, now)
    if found is None:
        return row | {"relative_to_zero": are_known(reading, base) and are_known(reading, now)}
    row["change"] = float(found)
    known = [{g: f.known() for g, f in year.items()} for year in (base, now)]
    span = change_span(reading, base, now, *known)
    met = None if span is None else checks.outcome_within(reading, span)
    case = Assessment(
        *(reading, compared.indicator, base, now, is_met(reading, found)),
        *(compared.confidence, compared.dispersion),
    )
    if met is None:  # a rounded figure decides: only the rounding itself can be judged
        return row | checks.rounding(case) | {"rounding": TURNS}
    row["verdict"] = "met" if met else "not_met"
    for check in (checks.rounding, checks.chance, checks.unlocated, checks.comparisons):
        row |= check(case)
    return row


def _bridged(
    row: dict[str, Any], indicator: Indicator, overlaps: pl.DataFrame
) -> dict[str, float | None]:
    """The change across one break, had the baseline been counted in the new system."""
    if not isinstance(indicator.numerator, CaseCount) or indicator.kind == "share":
        return {}
    own = overlaps.filter(
        (pl.col("cases") == indicator.numerator.cases)
        & (pl.col("group") == row["group"])
        & pl.col("last_day").dt.year().is_between(row["baseline_period"], row["period"])
    )
    if row["kind"] != "relative_change" or row["change"] is None or own.height != 1:
        return {}
    bridge = own.row(0, named=True)
    if bridge["factor"] is None:
        return {}
    span = None if row["change_low"] is None else (row["change_low"], row["change_high"])
    found, ends = bridged(row["change"], span, bridge)
    low, high = ends or (None, None)
    return {"bridged_change": found, "bridged_low": low, "bridged_high": high}
