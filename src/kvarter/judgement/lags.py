"""Levels and lags of a criterion, as counted and drawn anew.

Chance is told by a parametric bootstrap (Efron and Tibshirani 1993, *An Introduction to the
Bootstrap*, ch. 6): residents are drawn anew in every group and year, shares from a binomial
distribution, averages from a normal one. Every year is drawn for itself, though most residents are
the same people from year to year; so intervals of a change are rather too wide than too narrow.

Draws rest on the levels of a group and its reference alone, which are told with them: the seed is
public, and from draws within smaller cells their digits would tell the residents of each.
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
        criterion = cells.criterion
        self.drawn = criterion.unit == "percent" or criterion.spread is not None
        # Each choice of areas, reference and year asks for much the same again.
        self._masks: dict[tuple[str, str], Mask] = {}
        self._amounts: dict[Spot, tuple[float, float]] = {}
        self._drawn: dict[Spot, Floats] = {}
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
        area_set, group, year = spot
        own = self.amounts(spot)
        if reference is None:
            return self._draw(spot, own) / own[1]
        whole = self.amounts((area_set, reference, year))
        if reference == REST:
            return self._draw((area_set, REST, year), whole) / whole[1]
        beside = whole[0] - own[0], whole[1] - own[1]
        others = self._draw((area_set, f"{reference} but {group}", year), beside)
        return (self._draw(spot, own) + others) / whole[1]

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

    def _draw(self, of: Spot, amounts: tuple[float, float]) -> Floats:
        """The numerator of a group drawn anew, DRAWS times; of an average with its spread.

        Each criterion and group has a stream of its own, so that one more changes no other.
        """
        if of not in self._drawn:
            criterion, (above, below) = self.cells.criterion, amounts
            name = " ".join(map(str, (criterion.id, *of)))
            rng = np.random.default_rng([SEED, zlib.crc32(name.encode())])
            residents = round(below)
            if criterion.unit == "percent":
                share = min(max(above / below if below else 0.0, 0.0), 1.0)
                drawn = rng.binomial(residents, share, DRAWS) / max(residents, 1) * below
            else:
                noise = (criterion.spread or 0.0) * np.sqrt(below)
                drawn = above + noise * rng.standard_normal(DRAWS)
            self._drawn[of] = np.asarray(drawn, dtype=float)
        return self._drawn[of]

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


def interval(draws: Floats, confidence: float) -> tuple[float, float]:
    """The middle part of the draws that `confidence` asks for (percentile interval)."""
    low, high = np.quantile(draws, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
