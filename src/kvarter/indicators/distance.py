"""The distance measure: how far the areas lie behind on a criterion, and how much is closed.

The lag is the areas' level less the reference's, signed so that a lag above zero is a disadvantage.
The reference is the whole city or the rest of it; with w the areas' share of the denominator,
areas - city = (1 - w) (areas - rest), so the two lags differ by a factor only.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Amount = TypeVar("Amount", float, NDArray[np.float64])


def lag(level: Amount, reference: Amount, better: Literal["less", "more"]) -> Amount:
    """How far `level` lies behind `reference`, in the unit of both; below zero where it is ahead.

    `better`: whether less or more of it is an advantage.
    """
    return level - reference if better == "less" else reference - level


def closed(now: Amount, baseline: Amount) -> Amount:
    """The share of the lag at baseline that is closed: 0 none of it, 1 all, below 0 it grew."""
    return 1 - now / baseline


def pace(closed_share: float, years: int) -> float | None:
    """The share of the lag at baseline that is closed a year, on average; None in year 0."""
    return closed_share / years if years else None


def projected_year(baseline: int, ambition: float, a_year: float | None) -> int | None:
    """The year in which `ambition` of the lag is closed at that pace; None where it never is."""
    if a_year is None or a_year <= 0 or ambition / a_year > 1000:
        return None
    return baseline + math.ceil(round(ambition / a_year, 9))


class LagChange(NamedTuple):
    """The change of a lag, in parts that add up to it exactly.

    `within`: in the areas of the baseline; `dropped`: by leaving out ground that is no longer in
    the areas; `added`: by taking in new ground. The last two are None where the sets share none.
    """

    within: float
    boundaries: float
    dropped: float | None
    added: float | None


def split(baseline: float, fixed: float, kept: float | None, designated: float) -> LagChange:
    """A change of lag, from `baseline` to `designated`, by what it comes from.

    All but the first are lags of today: of the areas as at the baseline (`fixed`), of the ground
    that lies in both sets (`kept`; None where there is none), and of the areas as they are now
    designated.
    """
    return LagChange(
        fixed - baseline,
        designated - fixed,
        None if kept is None else kept - fixed,
        None if kept is None else designated - kept,
    )
