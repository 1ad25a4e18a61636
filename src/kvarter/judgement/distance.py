"""Stage judge, the distance: criteria by cell -> the distance of each, and of all together.

Every choice that the words of an ambition leave open is worked out: the reference (whole city or
rest), the areas (fixed at the baseline, or as designated at the time) and the overall figure
(criteria that reach the ambition, or the mean distance covered).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import polars as pl

from kvarter.areas.groups import Group, shared
from kvarter.indicators import Cells
from kvarter.indicators.criteria import Floats
from kvarter.indicators.distance import closed, pace, projected_year, split
from kvarter.judgement.lags import Lags, Spot, interval
from kvarter.judgement.overall import MeasuredLag, overall
from kvarter.policy.designation import distance_year, fixed_set, set_in_force
from kvarter.policy.model import AREAS, CITY, REST, Ambition, EditionDefinition, Policy
from kvarter.tables import table

FIXED, DESIGNATED = "fixed", "designated"


def judge_distance(
    criteria: list[Cells], policy: Policy, edition: EditionDefinition
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The tables `distance` and `distance_overall` but for `shown`, up to the year of the edition.

    Empty without an ambition.
    """
    ambition, baseline = policy.ambition, policy.baseline()
    rows: list[dict[str, Any]] = []
    together: list[dict[str, Any]] = []
    if ambition is not None and baseline is not None:
        base, last = distance_year(policy, baseline), distance_year(policy, edition)
        by_choice: dict[tuple[Any, ...], list[MeasuredLag]] = {}
        for cells in criteria:
            for measured in _criterion(cells, policy, ambition, base, last):
                row = measured.row
                rows.append({"edition": edition.id, "criterion": cells.criterion.id} | row)
                key = tuple(row[n] for n in ("areas", "area_set", "reference", "group", "period"))
                by_choice.setdefault(key, []).append(measured)
        for key, each in by_choice.items():
            names = ("areas", "area_set", "reference", "group", "period")
            where = {"edition": edition.id, "baseline_period": base} | dict(
                zip(names, key, strict=True)
            )
            figures = overall(each, ambition, base, len(policy.criteria), policy.confidence)
            together += [where | of for of in figures]
    overall_rows = pl.DataFrame(
        together, schema=table("distance_overall").schema_without("shown")
    ).sort("period", maintain_order=True)
    return pl.DataFrame(rows, schema=table("distance").schema_without("shown")), overall_rows


def _criterion(
    cells: Cells, policy: Policy, ambition: Ambition, base: int, last: int
) -> Iterator[MeasuredLag]:
    """A criterion by choice of areas, reference, group and year, from its baseline to `last`."""
    start = max(base, cells.criterion.first_year or base)
    if start not in cells.periods:
        return
    fixed = fixed_set(policy).id
    later = [year for year in cells.periods if start <= year <= last]
    choices = [FIXED]
    if any(set_in_force(policy, year).id != fixed for year in later):
        choices.append(DESIGNATED)
    lags = Lags(cells)
    for year, choice, reference in product(later, choices, (CITY, REST)):
        now = fixed if choice == FIXED else set_in_force(policy, year).id
        before, after = _areas(policy, fixed), _areas(policy, now)
        for group in [AREAS, *dict.fromkeys([*before, *after])]:
            where = {
                "areas": choice,
                "area_set": now,
                "reference": reference,
                "group": group,
                "baseline_period": start,
                "period": year,
            }
            if group != AREAS and not (group in before and group in after):
                reason = "dropped_area" if group in before else "new_area"
                yield MeasuredLag(where | {"reason": reason}, None)
                continue
            spots = Spot(Group(fixed, group), start), Spot(Group(now, group), year)
            figures, draws = _distance(lags, spots, reference, ambition, policy.confidence)
            if choice == DESIGNATED and figures["lag_baseline"] is not None:
                figures |= _boundaries(lags, spots, reference)
            yield MeasuredLag(where | figures, draws)


def _areas(policy: Policy, area_set: str) -> list[str]:
    return [area.id for area in policy.area_set(area_set).areas]


def _distance(
    lags: Lags, spots: tuple[Spot, Spot], reference: str, ambition: Ambition, confidence: float
) -> tuple[dict[str, Any], Floats | None]:
    """The figures of a row, and `closed` in every draw where it can be measured and is drawn."""
    before, after = spots
    found: dict[str, Any] = {"reason": ""}
    for name, spot in (("_baseline", before), ("", after)):
        found["numerator" + name], found["denominator" + name] = lags.amounts(spot)
        found["reference_denominator" + name] = lags.amounts(spot.reference(reference))[1]
        found["level" + name] = lags.level(spot)
        found["reference_level" + name] = lags.level(spot, reference)
        found["lag" + name] = lags.lag(spot, reference)
        if lags.drawn and found["lag" + name] is not None:
            ends = lags.interval(spot, reference, confidence)
            found[f"lag{name}_low"], found[f"lag{name}_high"] = ends
    start, now = found["lag_baseline"], found["lag"]
    if start is None or now is None:
        return found | {"reason": "no_data"}, None
    least = ambition.least_lag * abs(found["reference_level_baseline"])
    if start <= 0 or start < least or found.get("lag_baseline_low", start) <= 0:
        return found | {"reason": "small_lag"}, None
    share, years = closed(now, start), after.year - before.year
    if years == 0:
        return found | {"closed": 0.0, "distance_covered": 0.0}, None
    a_year = pace(share, years)
    found |= {
        "closed": share,
        "distance_covered": share / ambition.closed,
        "pace": a_year,
        "projected_year": projected_year(before.year, ambition.closed, a_year),
    }
    found |= _rounding(lags.cells, start, now)
    if not lags.drawn:
        return found, None
    draws = closed(lags.lags(after, reference), lags.lags(before, reference))
    low, high = interval(draws, confidence)
    first, last = (
        projected_year(before.year, ambition.closed, pace(end, years)) for end in (high, low)
    )
    found |= {"closed_low": low, "closed_high": high}
    return found | {"projected_first": first, "projected_last": last}, draws


def _rounding(cells: Cells, start: float, now: float) -> dict[str, float]:
    """The ends of `closed` if every percentage were rounded the worst way; {} where not told.

    Areas and reference can each be off by half of the last decimal, in opposite directions.
    """
    decimals = cells.criterion.percent_decimals
    if decimals is None:
        return {}
    off = 10**-decimals / 100
    if start <= off:
        return {}
    ends = [closed(now + a, start + b) for a, b in product((-off, off), (-off, off))]
    return {"rounding_low": min(ends), "rounding_high": max(ends)}


def _boundaries(lags: Lags, spots: tuple[Spot, Spot], reference: str) -> dict[str, float | None]:
    """The change of the lag, parted into that of the areas and that of their boundaries."""
    before, after = spots
    fixed = lags.lag(Spot(before.group, after.year), reference)
    start, now = lags.lag(before, reference), lags.lag(after, reference)
    if fixed is None or start is None or now is None:
        return {}
    kept = shared(before.group, after.group)
    parts = split(start, fixed, lags.lag(Spot(kept, after.year), reference), now)
    return {f"change_{name}": value for name, value in parts._asdict().items()}
