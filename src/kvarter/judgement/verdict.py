"""Stage judge: measures -> a verdict on every reading of every target, and what would turn it.

A verdict is `met`, `not_met` or `cannot_tell` (a figure is missing, or the baseline is zero). Each
check then says whether it would still hold: `holds`, `turns`, or `na` where the check does not
apply.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import polars as pl

from kvarter.judgement.figures import (
    Count,
    Figures,
    change,
    figures_of,
    is_met,
    required,
    wants_a_fall,
)
from kvarter.judgement.intervals import (
    difference_of_shares,
    poisson_interval,
    ratio_of_counts,
    ratio_of_shares,
    wilson,
)
from kvarter.policy.model import (
    AREAS,
    CITY,
    REST,
    CaseCount,
    Edition,
    Goal,
    Indicator,
    Policy,
    Reading,
    Target,
    data_year,
)

HOLDS, TURNS, NOT_APPLICABLE = "holds", "turns", "na"

VERDICT = {
    "edition": pl.String,
    "goal": pl.Int64,
    "target": pl.String,
    "reading": pl.String,
    "decides": pl.Boolean,
    "indicator": pl.String,
    "kind": pl.String,
    "of": pl.String,
    "group": pl.String,
    "baseline_period": pl.Int64,
    "period": pl.Int64,
    "required": pl.Float64,
    "change": pl.Float64,
    "change_low": pl.Float64,
    "change_high": pl.Float64,
    "verdict": pl.String,
    "rounding": pl.String,
    "chance": pl.String,
    "unlocated": pl.String,
    "case_system": pl.String,
    "other_reading": pl.String,
    "other_comparison": pl.String,
    "change_is_chance": pl.Boolean,
    "unlocated_cases": pl.Int64,
    "tipping_point": pl.Int64,
    "city_change": pl.Float64,
    "fell_more_than_city": pl.Boolean,
    "gap_baseline": pl.Float64,
    "gap": pl.Float64,
    "ratio_baseline": pl.Float64,
    "ratio": pl.Float64,
}
"""The columns of `verdicts.parquet`; docs/formats.md explains each."""


def judge(
    measures: pl.DataFrame,
    policy: Policy,
    edition: Edition,
    systems: Mapping[tuple[str, int], frozenset[str]],
) -> pl.DataFrame:
    """One row per goal, target and reading, in the columns of VERDICT.

    `measures` as `kvarter.indicators.measure` gives them; `systems`: the case systems that the
    cases of an indicator's year come from.
    """
    rows = []
    baseline = policy.baseline()
    for goal in policy.goals:
        indicators = {indicator.id: indicator for indicator in goal.indicators}
        for target in goal.targets:
            indicator = indicators[target.indicator]
            if baseline is None or edition.id == baseline.id:
                continue
            years = data_year(indicator, baseline), data_year(indicator, edition)
            judged = [
                _judge_reading(measures, policy, goal, target, reading, indicator, years)
                for reading in target.readings
            ]
            verdicts = {row["verdict"] for row in judged}
            changed = _system_changed(systems, indicator, years)
            for row in judged:
                row["edition"] = edition.id
                row["case_system"] = TURNS if changed else HOLDS if systems else NOT_APPLICABLE
                if len(judged) > 1:
                    row["other_reading"] = HOLDS if len(verdicts) == 1 else TURNS
            rows += judged
    return pl.DataFrame(rows, schema=VERDICT, orient="row")


def case_systems(policy: Policy, cases: pl.DataFrame) -> dict[tuple[str, int], frozenset[str]]:
    """The case systems that the cases of each indicator and year come from."""
    by_kind: dict[tuple[str, int], set[str]] = {}
    for kind, year, system in cases.select("cases", "year", "case_system").unique().iter_rows():
        by_kind.setdefault((kind, year), set()).add(system)
    return {
        (indicator.id, year): frozenset(systems)
        for _, indicator in policy.indicators()
        for (kind, year), systems in by_kind.items()
        if isinstance(indicator.numerator, CaseCount) and indicator.numerator.cases == kind
    }


def _system_changed(
    systems: Mapping[tuple[str, int], frozenset[str]], indicator: Indicator, years: tuple[int, int]
) -> bool:
    before, after = (systems.get((indicator.id, year), frozenset()) for year in years)
    return bool(before and after) and before != after


def _judge_reading(
    measures: pl.DataFrame,
    policy: Policy,
    goal: Goal,
    target: Target,
    reading: Reading,
    indicator: Indicator,
    years: tuple[int, int],
) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(VERDICT)
    row |= dict.fromkeys(("rounding", "chance", "unlocated", "other_reading"), NOT_APPLICABLE)
    row |= {
        "goal": goal.number,
        "target": target.id,
        "reading": reading.id,
        "decides": reading.decides or len(target.readings) == 1,
        "indicator": indicator.id,
        "kind": reading.kind,
        "of": reading.of,
        "group": reading.group,
        "baseline_period": years[0],
        "period": years[1],
        "required": required(reading),
        "other_comparison": NOT_APPLICABLE,
        "verdict": "cannot_tell",
    }
    base, now = (figures_of(measures, indicator, year) for year in years)
    if base is None or now is None:
        return row
    found = change(reading, base, now)
    if found is None:
        return row
    met = is_met(reading, found, wants_a_fall(reading))
    row |= {"change": found, "verdict": "met" if met else "not_met"}
    row |= _rounding(reading, indicator, base, now, met)
    row |= _chance(reading, indicator, base, now, met, policy.confidence)
    row |= _unlocated(reading, indicator, base, now, met)
    row |= _other_comparison(reading, base, now, met)
    return row | _against_city(base, now)


def _holds(same: bool) -> str:
    return HOLDS if same else TURNS


def _rounding(
    reading: Reading, indicator: Indicator, base: Figures, now: Figures, met: bool
) -> dict[str, object]:
    """Would it hold for every pair of figures that round to the published percentages?"""
    if reading.of == "numerator" or reading.kind.startswith("gap"):
        return {}
    half = 0.5 * 10**-indicator.decimals
    falling = wants_a_fall(reading)

    def rounded(count: Count, shift: float) -> Count:
        percent = max(round(count.value * 100, indicator.decimals) + shift, 0.0)
        return Count(percent, 100)

    outcomes = []
    for first, second in product((-half, half), repeat=2):
        before = Figures(base.groups | {reading.group: rounded(base[reading.group], first)})
        after = Figures(now.groups | {reading.group: rounded(now[reading.group], second)})
        found = change(reading, before, after)
        outcomes.append(found is not None and is_met(reading, found, falling))
    return {"rounding": _holds(all(outcome == met for outcome in outcomes))}


def _chance(
    reading: Reading,
    indicator: Indicator,
    base: Figures,
    now: Figures,
    met: bool,
    confidence: float,
) -> dict[str, object]:
    """Would it hold at both ends of the change's interval, and could no change be within it?"""
    if reading.kind.startswith("gap"):
        return {}
    before, after = base[reading.group], now[reading.group]
    is_count = reading.of == "numerator"
    is_share = indicator.kind == "share" and not is_count
    pair = (after.count, after.total), (before.count, before.total)
    no_change: float | None = 0.0
    if reading.kind == "level":
        no_change = None
        if is_share:
            ends = [100 * end for end in wilson(*pair[0], confidence)]
        else:
            scale = 1 if is_count else 100 / after.total
            ends = [scale * end for end in poisson_interval(after.count, confidence)]
    elif reading.kind == "point_change" and is_share:
        ends = [100 * end for end in difference_of_shares(*pair, confidence)]
    elif reading.kind == "point_change":
        # A rate's difference: the ends of its ratio, applied to the baseline as it was counted.
        ratio = ratio_of_counts(after.count, before.count, after.total, before.total, confidence)
        ends = [100 * before.value * (end - 1) for end in ratio]
    elif is_share:
        ends = [100 * (end - 1) for end in ratio_of_shares(*pair, confidence)]
    else:
        exposures = (1.0, 1.0) if is_count else (after.total, before.total)
        ratio = ratio_of_counts(after.count, before.count, *exposures, confidence)
        ends = [100 * (end - 1) for end in ratio]
    falling = wants_a_fall(reading)
    return {
        "change_low": ends[0],
        "change_high": ends[1],
        "chance": _holds(all(is_met(reading, end, falling) == met for end in ends)),
        "change_is_chance": None if no_change is None else ends[0] <= no_change <= ends[1],
    }


def _unlocated(
    reading: Reading, indicator: Indicator, base: Figures, now: Figures, met: bool
) -> dict[str, object]:
    """Would it hold wherever the unlocated cases lay, in both years? And if not, how few turn it?

    The tipping point is the smallest number of further cases in the group that turns the verdict,
    with the baseline as it was located. It may be more than there are unlocated cases; it is null
    where no number of further cases turns it.
    """
    if reading.kind.startswith("gap"):
        return {}
    joins_total = indicator.kind == "share"
    group, falling = reading.group, wants_a_fall(reading)

    def outcome(more_before: int, more_now: int) -> bool:
        before = base[group].with_located(more_before, joins_total=joins_total)
        after = now[group].with_located(more_now, joins_total=joins_total)
        found = change(
            reading, Figures(base.groups | {group: before}), Figures(now.groups | {group: after})
        )
        return found is not None and is_met(reading, found, falling)

    most_before, most_now = base[group].unlocated, now[group].unlocated
    extremes = [outcome(*pair) for pair in product((0, most_before), (0, most_now))]
    furthest = int(10 * max(base[group].count, now[group].count)) + 1000
    turning = (more for more in range(1, furthest) if outcome(0, more) != met)
    return {
        "unlocated": _holds(all(found == met for found in extremes)),
        "unlocated_cases": most_now,
        "tipping_point": next(turning, None),
    }


def _other_comparison(
    reading: Reading, base: Figures, now: Figures, met: bool
) -> dict[str, object]:
    """Would a gap's verdict hold with the rest of the city for the whole, or the other way?"""
    if not reading.kind.startswith("gap"):
        return {}
    other = reading.model_copy(update={"versus": REST if reading.versus == CITY else CITY})
    found = change(other, base, now)
    same = found is not None and is_met(other, found, wants_a_fall(other)) == met
    return {"other_comparison": _holds(same)}


def _against_city(base: Figures, now: Figures) -> dict[str, object]:
    """Did the areas merely follow the city? Changes in percent, gaps in points and in times."""
    if base[CITY].value == base[AREAS].value or not base[CITY].count or not now[CITY].count:
        return {}
    own = now[AREAS].value / base[AREAS].value - 1 if base[AREAS].count else None
    city = now[CITY].value / base[CITY].value - 1
    if base[CITY].count == base[CITY].total:  # a share: the whole city is always 100 percent
        return {}
    return {
        "city_change": 100 * city,
        "fell_more_than_city": None if own is None else own < city,
        "gap_baseline": 100 * (base[AREAS].value - base[CITY].value),
        "gap": 100 * (now[AREAS].value - now[CITY].value),
        "ratio_baseline": base[AREAS].value / base[CITY].value,
        "ratio": now[AREAS].value / now[CITY].value,
    }
