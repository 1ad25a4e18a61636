"""How much more than chance counts scatter: households that share a landlord come in clusters.

Independent cases scatter so that the variance of a count is its mean. Where one estate or landlord
sends many at once, the variance is larger by a factor, which is estimated from how single areas
scatter beside each other over the years (McCullagh and Nelder 1989, Generalized Linear Models, ch.
6): what areas and years do not explain, over what chance would leave. Every interval and test is
then made of effective counts, that is the counts over this factor (Kish 1965; Korn and Graubard
1998, Survey Methodology 24:193), which also allows for a factor found from few figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from kvarter.judgement.quantiles import quantile
from kvarter.policy.model import AREAS, CITY, REST, CaseCount, Policy

FEWEST_FREE = 15
"""Degrees of freedom that are enough: with them, at most 6 in 100 changes that are chance are told
as more, whatever the factor (`tests/test_dispersion.py`)."""
_ROUNDS = 200


@dataclass(frozen=True)
class Dispersion:
    """`factor`: variance over mean, never below one; `free`: degrees of freedom it was found from.

    `free` is None where there were too few figures to find one; then the counts are taken to
    scatter by chance alone.
    """

    factor: float = 1.0
    free: float | None = None

    def widens(self) -> bool:
        """Whether counts were found to scatter more than chance gives."""
        return self.factor > 1 and self.free is not None

    def inflation(self, confidence: float) -> float:
        """What counts are divided by at a confidence; larger where the factor is known badly."""
        if self.free is None or not self.widens():
            return 1.0
        tail = 1 - (1 - confidence) / 2
        return self.factor * (quantile(tail, self.free) / quantile(tail)) ** 2


BY_CHANCE = Dispersion()
Dispersions = Mapping[str, Dispersion]
"""By the id of an indicator; one that is left out scatters by chance."""


def dispersions(results: pl.DataFrame, policy: Policy) -> dict[str, Dispersion]:
    """The dispersion of each indicator of cases, from the figures of single areas in `results`.

    `results`: `indicator, period, group, numerator, denominator`, null where hidden: from what is
    shown alone, so that no interval reveals a hidden count.
    """
    return {
        indicator.id: _of_areas(results.filter(pl.col("indicator") == indicator.id))
        for _, indicator in policy.indicators()
        if isinstance(indicator.numerator, CaseCount) and indicator.kind == "rate"
    }


def _of_areas(rows: pl.DataFrame) -> Dispersion:
    own = rows.filter(
        ~pl.col("group").is_in([AREAS, REST, CITY])
        & pl.col("numerator").is_not_null()
        & (pl.col("denominator") > 0)
    )
    if own.is_empty():
        return BY_CHANCE
    counts, totals = (
        own.pivot("period", index="group", values=name, sort_columns=True)
        .sort("group")
        .drop("group")
        .to_numpy()
        .astype(float)
        for name in ("numerator", "denominator")
    )
    return of_table(counts, totals)


def of_table(counts: np.ndarray, totals: np.ndarray) -> Dispersion:
    """The dispersion of a table of areas by years, NaN where a figure is missing.

    A level of each area and a change of each year, common to all, are fitted (by iterative
    proportional fitting, Deming and Stephan 1940). The squares of what is left are over what they
    are expected to be: of area i and year j, the mean times (1 - the area's part of all cases) (1 -
    the year's part). Large areas weigh more, as they do in the sum of the areas. The degrees of
    freedom are fewer where few cells weigh most, and where counts are small (Satterthwaite 1946).
    """
    seen = np.isfinite(counts) & np.isfinite(totals)
    found, exposed = np.where(seen, counts, 0.0), np.where(seen, totals, 0.0)
    if not found.sum() or _free(seen) < FEWEST_FREE:
        return BY_CHANCE
    # One without a case is fitted by none, and is no evidence.
    areas, years = found.sum(axis=1) > 0, found.sum(axis=0) > 0
    seen, found, exposed = (each[areas][:, years] for each in (seen, found, exposed))
    free = _free(seen)
    if free < 1:
        return BY_CHANCE
    expected = exposed * found.sum() / exposed.sum()
    for _ in range(_ROUNDS):
        before = expected
        expected = expected * (found.sum(axis=1) / expected.sum(axis=1))[:, None]
        expected = expected * (found.sum(axis=0) / expected.sum(axis=0))[None, :]
        if np.allclose(before, expected, rtol=1e-9):
            break
    parts = [1 - found.sum(axis=axis) / found.sum() for axis in (1, 0)]
    by_chance = expected * np.outer(*parts)
    factor = float(((found - expected) ** 2).sum() / by_chance.sum())
    weighed = by_chance.sum() ** 2 / (by_chance**2 + by_chance / 2).sum()
    return Dispersion(max(factor, 1.0), max(1.0, float(weighed * free / seen.sum())))


def _free(seen: np.ndarray) -> int:
    """Degrees of freedom that a level of each area and a change of each year leave."""
    return int(seen.sum() - seen.shape[0] - seen.shape[1] + 1)
