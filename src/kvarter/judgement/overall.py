"""All criteria together: the two overall figures of an ambition, and where choices disagree."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from kvarter.indicators.criteria import Floats
from kvarter.indicators.distance import projected_year
from kvarter.judgement.lags import interval
from kvarter.policy.model import Ambition


@dataclass(frozen=True)
class MeasuredLag:
    """A criterion in one group, year and choice: its row, and `closed` in every draw, if drawn."""

    row: dict[str, Any]
    draws: Floats | None


def overall(
    measured: list[MeasuredLag], ambition: Ambition, base: int, criteria: int, confidence: float
) -> Iterator[dict[str, Any]]:
    """The two overall figures of a group and year, as rows of `distance_overall`.

    `criteria`: how many the policy has. The mean is of those that can be measured; a criterion far
    beyond the ambition makes up for others in it. Of the number, a criterion that cannot be
    measured could still be one that reaches the ambition, so it can leave the verdict open.
    """
    known = [each for each in measured if each.row.get("pace") is not None]
    shares = [each.row["closed"] for each in known]
    needed = math.ceil(round(ambition.share_of_criteria * criteria, 9))
    reached = sum(_reaches(share, ambition.closed) for share in shares)
    drawn = [each.draws for each in known if each.draws is not None]
    all_drawn = np.array(drawn) if known and len(drawn) == len(known) else None
    common = {
        "criteria_measured": len(known),
        "criteria_reached": reached,
        "criteria_needed": needed,
    }
    verdict = "met" if reached >= needed else "not_met"
    if not known or reached < needed <= reached + criteria - len(known):
        verdict = "cannot_tell"
    chance = None
    if all_drawn is not None:
        chance = float(((all_drawn >= ambition.closed).sum(axis=0) >= needed).mean())
    yield common | {"overall": "criteria", "verdict": verdict, "chance_reached": chance}
    if not known:
        yield common | {"overall": "mean", "verdict": "cannot_tell"}
        return
    mean = float(np.mean(shares))
    found: dict[str, Any] = {"distance_covered": mean / ambition.closed}
    a_year = float(np.mean([each.row["pace"] for each in known]))
    found |= {"pace": a_year, "projected_year": projected_year(base, ambition.closed, a_year)}
    if all_drawn is not None:
        means = all_drawn.mean(axis=0)
        low, high = interval(means, confidence)
        years = [[each.row["period"] - each.row["baseline_period"]] for each in known]
        slow, fast = interval((all_drawn / np.array(years)).mean(axis=0), confidence)
        found |= {
            "projected_first": projected_year(base, ambition.closed, fast),
            "projected_last": projected_year(base, ambition.closed, slow),
            "covered_low": low / ambition.closed,
            "covered_high": high / ambition.closed,
            "chance_reached": float((means >= ambition.closed).mean()),
        }
    verdict = "met" if _reaches(mean, ambition.closed) else "not_met"
    yield common | found | {"overall": "mean", "verdict": verdict}


def _reaches(share: float, asked: float) -> bool:
    """To nine decimals, as levels are quotients: half of a lag is half of it, also in binary."""
    return round(share, 9) >= asked


@dataclass(frozen=True)
class Choices:
    """What the choices that the words leave open lead to, in one year.

    `verdicts`: each that some choice gives; `least` and `most`: the rows of the mean that cover
    the least and the most (None where nothing can be measured); `reached`: the smallest and the
    largest number of criteria that reach the ambition.
    """

    verdicts: list[str]
    least: dict[str, Any] | None
    most: dict[str, Any] | None
    reached: tuple[int, int] | None

    @property
    def same_verdict(self) -> bool:
        return len(self.verdicts) < 2

    @property
    def apart(self) -> float:
        """How far the mean distances covered are apart, as a share of the ambition."""
        if self.least is None or self.most is None:
            return 0.0
        return float(self.most["distance_covered"] - self.least["distance_covered"])


def compare_choices(overall: pl.DataFrame, period: int, group: str) -> Choices:
    """Every choice of `distance_overall`, for a year and group; hidden rows are left out."""
    rows = overall.filter((pl.col("period") == period) & (pl.col("group") == group))
    means = rows.drop_nulls("distance_covered").sort("distance_covered").to_dicts()
    counted = rows.filter(pl.col("overall") == "criteria")["criteria_reached"].drop_nulls()
    reached = [int(number) for number in counted.sort()]
    return Choices(
        sorted(rows["verdict"].drop_nulls().unique()),
        means[0] if means else None,
        means[-1] if means else None,
        (reached[0], reached[-1]) if reached else None,
    )
