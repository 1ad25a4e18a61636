"""Levels and lags of a criterion, as counted and drawn anew.

Chance is told by a parametric bootstrap (Efron and Tibshirani 1993, *An Introduction to the
Bootstrap*, ch. 6): residents are drawn anew in every cell and year, shares from a binomial
distribution, averages from a normal one. Every year is drawn for itself, though most residents are
the same people from year to year; so intervals of a change are rather too wide than too narrow.
"""

from __future__ import annotations

import zlib

import numpy as np

from kvarter.indicators import Cells
from kvarter.indicators.criteria import Floats, Mask
from kvarter.indicators.distance import lag
from kvarter.policy.model import AREAS, CITY, REST

SEED, DRAWS = 2017, 1000

Spot = tuple[str, str, int]
"""An area set, a group in it, and a year."""


class Lags:
    """Levels and lags of a criterion as counted, and in every draw."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.drawn = _draws(cells)
        # Each choice of areas, reference and year asks for much the same again.
        self._masks: dict[tuple[str, str], Mask] = {}
        self._amounts: dict[Spot, tuple[float, float]] = {}
        self._levels: dict[Spot, Floats] = {}
        self._intervals: dict[tuple[Spot, str, float], tuple[float, float]] = {}

    def amounts(self, spot: Spot) -> tuple[float, float]:
        """Numerator and denominator of a group."""
        if spot not in self._amounts:
            mask, at = self._mask(spot[0], spot[1]), self.cells.periods.index(spot[2])
            self._amounts[spot] = (
                float(self.cells.numerator[mask, at].sum()),
                float(self.cells.denominator[mask, at].sum()),
            )
        return self._amounts[spot]

    def level(self, spot: Spot, reference: str | None = None) -> float | None:
        """The level of the group, or of its reference; None where there is no denominator."""
        area_set, group, year = spot
        above, below = self.amounts((area_set, reference or group, year))
        return above / below if below else None

    def levels(self, spot: Spot, reference: str | None = None) -> Floats:
        """The same in every draw."""
        assert self.drawn is not None
        area_set, group, year = spot
        of = area_set, reference or group, year
        if of not in self._levels:
            mask, at = self._mask(*of[:2]), self.cells.periods.index(year)
            below = self.cells.denominator[mask, at].sum()
            self._levels[of] = self.drawn[:, mask, at].sum(axis=1) / below
        return self._levels[of]

    def lag(self, spot: Spot, reference: str) -> float | None:
        own, other = self.level(spot), self.level(spot, reference)
        if own is None or other is None:
            return None
        return lag(own, other, self.cells.criterion.better)

    def lags(self, spot: Spot, reference: str) -> Floats:
        better = self.cells.criterion.better
        return lag(self.levels(spot), self.levels(spot, reference), better)

    def interval(self, spot: Spot, reference: str, confidence: float) -> tuple[float, float]:
        """The interval of the lag."""
        of = spot, reference, confidence
        if of not in self._intervals:
            self._intervals[of] = interval(self.lags(spot, reference), confidence)
        return self._intervals[of]

    def _mask(self, area_set: str, group: str) -> Mask:
        of = area_set, group
        if of not in self._masks:
            self._masks[of] = self._find(area_set, group)
        return self._masks[of]

    def _find(self, area_set: str, group: str) -> Mask:
        if group == CITY:
            return self.cells.everywhere()
        if group == REST:
            return ~self._mask(area_set, AREAS)
        if "&" in area_set:  # the ground that two sets share
            one, other = area_set.split("&")
            return self._mask(one, group) & self._mask(other, group)
        return self.cells.inside(area_set, None if group == AREAS else group)


def _draws(cells: Cells) -> Floats | None:
    """The numerators drawn anew, DRAWS by cells by periods; None for an average without a spread.

    Each criterion has a stream of its own, so that one more does not change the others.
    """
    rng = np.random.default_rng([SEED, zlib.crc32(cells.criterion.id.encode())])
    size = (DRAWS, *cells.numerator.shape)
    residents = np.round(cells.denominator)
    if cells.criterion.unit == "percent":
        share = cells.numerator / np.where(cells.denominator > 0, cells.denominator, 1.0)
        drawn = rng.binomial(residents.astype(np.int64), np.clip(share, 0, 1), size)
        of_them: Floats = drawn / np.maximum(residents, 1) * cells.denominator
        return of_them
    if cells.criterion.spread is None:
        return None
    noise = cells.criterion.spread * np.sqrt(cells.denominator)
    averages: Floats = cells.numerator + noise * rng.standard_normal(size)
    return averages


def interval(draws: Floats, confidence: float) -> tuple[float, float]:
    """The middle part of the draws that `confidence` asks for (percentile interval)."""
    low, high = np.quantile(draws, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
