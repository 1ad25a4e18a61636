"""What an honest tool says by itself: where words, figures and verdicts do not go together.

Each observation is a code and the values its sentence needs. Nothing here knows of a goal: all
follow from the verdicts, from what is computed with them, and from what the policy file declares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from kvarter.cases.tally import without_place
from kvarter.judgement.checks import HOLDS, NOT_APPLICABLE, TURNS
from kvarter.judgement.dispersion import BY_CHANCE, Dispersion, Dispersions
from kvarter.judgement.figures import figures_of
from kvarter.judgement.regression import chosen_by, excess
from kvarter.policy.model import (
    AREAS,
    CaseCount,
    EditionDefinition,
    Goal,
    Indicator,
    Policy,
    Reading,
    Target,
    data_year,
)

Values = dict[str, str | int | float]


@dataclass(frozen=True)
class Observation:
    """`code` names the sentence, in `report/observations.py`; `target` is None for a whole goal."""

    code: str
    goal: int
    target: str | None = None
    values: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Evidence:
    """What observations rest on.

    measures: without the years of which too many rows were lost. verdicts: of the edition;
    earlier: those of the editions between the baseline and it. row_counts: as in a `Tally`.
    spread: how counts scatter.
    """

    measures: pl.DataFrame
    verdicts: pl.DataFrame
    earlier: pl.DataFrame
    gaps: pl.DataFrame
    totals: pl.DataFrame
    row_counts: pl.DataFrame
    spread: Dispersions


def observe(evidence: Evidence, policy: Policy, edition: EditionDefinition) -> list[Observation]:
    """All observations on an edition, in the order of the policy."""
    measures, spread = evidence.measures, evidence.spread
    found: list[Observation] = []
    for goal in policy.goals:
        for target in goal.targets:
            own = (pl.col("goal") == goal.number) & (pl.col("target") == target.id)
            rows = evidence.verdicts.filter(own).to_dicts()
            decided = next((row for row in rows if row["decides"]), None)
            if decided is None:
                continue
            indicator = policy.indicator(target.indicator)
            reading = {each.id: each for each in target.readings}[decided["reading"]]
            of_indicator = evidence.gaps.filter(pl.col("indicator") == indicator.id)
            years = decided["baseline_period"], decided["period"]
            stories = [
                _sure(decided, indicator, evidence.row_counts),
                _unlocated(decided, indicator, measures, years),
                _chance_of_each(rows),
                _percent_or_points(target),
                _earlier_disagreement(evidence.earlier.filter(own)),
                _against_city(of_indicator),
                _chosen_by_it(measures, policy, indicator, spread.get(indicator.id, BY_CHANCE)),
                _number_or_rate(target, reading, indicator),
                _percent_judged_as_points(target, reading),
                _text_and_table(target),
                _totals(evidence.totals, indicator, edition),
            ]
            for story in stories:
                found += [Observation(c, goal.number, target.id, v) for c, v in story]
        for code, values in _of_goal(goal, policy):
            found.append(Observation(code, goal.number, None, values))
    return found


Story = Iterator[tuple[str, Values]]


def _sure(row: dict[str, Any], indicator: Indicator, row_counts: pl.DataFrame) -> Story:
    """The verdict is the same under every reading, rounding and placement.

    `cases`: those that can lie in the group; `missing`: all without a place in the municipality.
    """
    asked = [row[check] for check in ("other_reading", "rounding", "unlocated")]
    if row["verdict"] != "cannot_tell" and TURNS not in asked and asked != [NOT_APPLICABLE] * 3:
        values: Values = {
            check: int(row[check] == HOLDS) for check in ("other_reading", "rounding", "unlocated")
        }
        if row["unlocated_cases"]:
            values["cases"] = row["unlocated_cases"]
            counted = indicator.numerator
            declared = indicator.unlocated_in(row["period"])
            if row["group"] == AREAS and isinstance(counted, CaseCount) and declared is None:
                values["missing"] = without_place(row_counts, counted.cases, row["period"])
        yield f"{row['verdict']}_whatever", values


def _unlocated(
    row: dict[str, Any], indicator: Indicator, measures: pl.DataFrame, years: tuple[int, int]
) -> Story:
    """Cases of published figures that were not located: unknown, or so many, and what they turn."""
    if not isinstance(indicator.numerator, CaseCount):
        return
    unknown = [
        year
        for year in years
        if (figure := figures_of(measures, indicator, year).get(row["group"]))
        and figure.unlocated is None
    ]
    if unknown:
        listed = " ".join(str(year) for year in unknown)
        yield "unlocated_unknown", {"years": listed}
    declared = indicator.unlocated_in(years[1])
    if declared and years[1] not in unknown:
        values: Values = {"declared": declared, "year": years[1]}
        if row["tipping_denominator"] is not None:
            values["denominator"] = row["tipping_denominator"]
            values["rounded"] = row["tipping_denominator_rounded"] or 0.0
            yield "unlocated_turn_below", values
        elif row["tipping_point"] is not None:
            yield "unlocated_turn_from", values | {"tipping": row["tipping_point"]}
        else:
            yield "unlocated_declared", values


def _chance_of_each(rows: list[dict[str, Any]]) -> Story:
    """Which quantities moved within chance, and which of them more than that.

    A share is given in points, where it is read so, else in percent.
    """
    known = [row for row in rows if row["change_is_chance"] is not None]
    in_percent = {row["of"]: row for row in known if row["kind"] == "relative_change"}
    in_points = {row["of"]: row for row in known if row["kind"] == "point_change"}
    moved = in_percent | in_points
    within = [row for row in moved.values() if row["change_is_chance"]]
    beyond = [row for row in moved.values() if within and not row["change_is_chance"]]
    for code, each in (("beyond_chance", beyond), ("within_chance", within)):
        for row in each:
            names = ("reading", "change", "change_low", "change_high", "change_p")
            yield code, {name.removeprefix("change_"): row[name] for name in names}


def _chosen_by_it(
    measures: pl.DataFrame, policy: Policy, indicator: Indicator, dispersion: Dispersion
) -> Story:
    """The areas were chosen by the figure that is followed, which falls back by itself.

    By so much only as they stood higher than in the years before, by more than chance gives.
    """
    baseline = policy.baseline()
    if baseline is None or not chosen_by(policy, indicator, baseline):
        return
    year = data_year(indicator, baseline)
    found = excess(measures, indicator, year, policy.confidence, dispersion)
    if found is None:
        yield "chosen_by_it", {"year": year}
        return
    low, high = found.span
    code = "chosen_above_before" if low > 1 else "chosen_as_before"
    yield (
        "chosen_below_before" if high < 1 else code,
        {
            **{"year": year, "first": found.first, "last": found.last, "times": found.times},
            **{"low": low, "high": high},
        },
    )


def _percent_or_points(target: Target) -> Story:
    """The same number is read as percent and as percentage points."""
    percent = {r.change for r in target.readings if r.kind == "relative_change"}
    points = {r.change for r in target.readings if r.kind == "point_change"}
    for amount in sorted(percent & points, key=str):
        if amount is not None and target.wording.unit is None:
            yield "percent_or_points", {"amount": abs(amount)}


def _earlier_disagreement(earlier: pl.DataFrame) -> Story:
    """In an earlier edition, the readings gave opposite verdicts."""
    for edition in earlier["edition"].unique(maintain_order=True):
        rows = earlier.filter(pl.col("edition") == edition)
        decided = rows.filter("decides").row(0, named=True)
        opposite = {"met": "not_met", "not_met": "met"}.get(decided["verdict"])
        if opposite in set(rows["verdict"]):
            other = rows.filter(pl.col("verdict") == opposite).row(0, named=True)
            yield (
                "readings_disagreed",
                {
                    "edition": edition,
                    "period": decided["period"],
                    "decided": decided["change"],
                    "other": other["change"],
                    "decided_verdict": decided["verdict"],
                    "decided_reading": decided["reading"],
                    "other_reading": other["reading"],
                },
            )


def _against_city(gaps: pl.DataFrame) -> Story:
    """The areas against the whole city, in times of its level and in points.

    Four sentences for what is more than chance and rounding give; one that says of each what it is.
    """
    for row in gaps.filter(pl.col("versus") == "city").iter_rows(named=True):
        if row["areas_change"] is None or row["relatively"] is None or row["in_points"] is None:
            continue
        values = {
            "areas": row["areas_change"],
            "city": row["other_change"],
            "ratio_before": row["ratio_baseline"],
            "ratio_after": row["ratio"],
            "gap_before": row["gap_baseline"],
            "gap_after": row["gap"],
        }
        ways = row["relatively"], row["in_points"]
        city_moved_more = abs(row["other_change"]) > abs(row["areas_change"])
        sure = {
            ("apart", "closer"): "apart_but_closer",
            ("closer", "apart"): "closer_but_apart",
            ("apart", "apart"): "gaps_wider",
            ("closer", "closer"): "gaps_narrower",
        }
        if ways in sure and (city_moved_more or ways != ("apart", "closer")):
            yield sure[ways], values
        else:
            yield "against_city", values | {"relatively": ways[0], "in_points": ways[1]}


def _number_or_rate(target: Target, reading: Reading, indicator: Indicator) -> Story:
    judged = "number" if reading.of == "numerator" else indicator.kind
    said = target.wording.speaks_of
    if said and said != judged:
        yield f"says_{said}_judged_{judged}", {}
    elif said is None and judged != indicator.kind:
        yield f"judged_{judged}_shown_{indicator.kind}", {}


def _percent_judged_as_points(target: Target, reading: Reading) -> Story:
    """The words say percent and the verdict takes points, or the other way."""
    judged = {"relative_change": "percent", "point_change": "points"}.get(reading.kind)
    if judged and target.wording.unit and target.wording.unit != judged:
        yield f"says_{target.wording.unit}_judged_{judged}", {}


def _text_and_table(target: Target) -> Story:
    compared = target.wording.compared_with
    if compared and compared.text != compared.table:
        yield f"text_{compared.text}_table_{compared.table}", {}


def _totals(totals: pl.DataFrame, indicator: Indicator, edition: EditionDefinition) -> Story:
    """Independent totals that do not agree with what was counted."""
    own = totals.filter(
        (pl.col("indicator") == indicator.id)
        & (pl.col("period") <= data_year(indicator, edition))
        & ~pl.col("within")
    )
    names = ["period", "counted", "total", "percent_of_total", "at_least", "at_most"]
    names += ["title_da", "title_en", "total_counts"]
    for row in own.iter_rows(named=True):
        other_unit = row["counts"] is not None and row["counts"] != row["total_counts"]
        yield (
            "total_differs_in_unit" if other_unit else "total_differs",
            {name: row[name] for name in names} | {"counts": row["counts"] or ""},
        )


def _of_goal(goal: Goal, policy: Policy) -> Story:
    baseline = policy.baseline()
    for indicator in goal.indicators:
        called = re.search(r"(?:19|20)\d\d", baseline.id) if baseline else None
        if baseline and called and int(called[0]) != (year := data_year(indicator, baseline)):
            yield "baseline_of_another_year", {"called": int(called[0]), "year": year}
    for document, number in goal.numbered_elsewhere.items():
        if number != goal.number:
            yield "numbered_elsewhere", {"document": document, "number": number}
