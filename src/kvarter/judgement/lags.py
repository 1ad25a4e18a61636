"""Levels and lags of a criterion, as counted and drawn anew.

Chance is estimated by a parametric bootstrap (Efron and Tibshirani 1993, *An Introduction to the
Bootstrap*, ch. 6): residents are drawn anew in every group and year, shares from a binomial
distribution, averages from a normal one. Every year is drawn for itself, though most residents are
the same people from year to year; so intervals of a change are rather too wide than too narrow.

Draws rest on the levels of a group and its reference alone, which are published with them: the
seed is public, and from draws within smaller cells their digits would reveal the residents of each.
"""

from __future__ import annotations

import zlib
from typing import NamedTuple

import numpy as np

from kvarter.areas.groups import Group, Shared
from kvarter.indicators import Cells
from kvarter.indicators.criteria import Floats, Mask
from kvarter.indicators.distance import lag
from kvarter.policy.model import AREAS, REST

SEED, DRAWS = 2017, 1000


class Spot(NamedTuple):
    """A group in a year."""

    group: Group
    year: int

    def reference(self, group: str) -> Spot:
        """The group of that id in its area set."""
        return Spot(Group.of(self.group.area_set, group), self.year)


class Lags:
    """Levels and lags of a criterion as counted, and in every draw."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        criterion = cells.criterion
        self.drawn = criterion.unit == "percent" or criterion.spread is not None
        # Each choice of areas, reference and year asks for much the same again.
        self._masks: dict[Group, Mask] = {}
        self._amounts: dict[Spot, tuple[float, float]] = {}
        self._drawn: dict[str, Floats] = {}
        self._intervals: dict[tuple[Spot, str, float], tuple[float, float]] = {}

    def amounts(self, spot: Spot) -> tuple[float, float]:
        """Numerator and denominator of a group."""
        if spot not in self._amounts:
            mask, at = self._mask(spot.group), self.cells.periods.index(spot.year)
            self._amounts[spot] = (
                float(self.cells.numerator[mask, at].sum()),
                float(self.cells.denominator[mask, at].sum()),
            )
        return self._amounts[spot]

    def level(self, spot: Spot, reference: str | None = None) -> float | None:
        """The level of the group, or of its reference; None where there is no denominator."""
        above, below = self.amounts(spot.reference(reference) if reference else spot)
        return above / below if below else None

    def levels(self, spot: Spot, reference: str | None = None) -> Floats:
        """The same in every draw."""
        own, group = self.amounts(spot), spot.group.id
        if reference is None:
            return self._draw(spot, group, own) / own[1]
        whole = self.amounts(spot.reference(reference))
        if reference == REST:
            return self._draw(spot, REST, whole) / whole[1]
        beside = whole[0] - own[0], whole[1] - own[1]
        others = self._draw(spot, f"{reference} but {group}", beside)
        return (self._draw(spot, group, own) + others) / whole[1]

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

    def _draw(self, spot: Spot, whom: str, amounts: tuple[float, float]) -> Floats:
        """A numerator drawn anew, DRAWS times; of an average with its spread.

        `whom` it is of, in the area set and year of a spot: each has a stream of its own, so that
        one more changes no other.
        """
        criterion, (above, below) = self.cells.criterion, amounts
        name = f"{criterion.id} {spot.group.area_set} {whom} {spot.year}"
        if name not in self._drawn:
            rng = np.random.default_rng([SEED, zlib.crc32(name.encode())])
            residents = round(below)
            if criterion.unit == "percent":
                share = min(max(above / below if below else 0.0, 0.0), 1.0)
                drawn = rng.binomial(residents, share, DRAWS) / max(residents, 1) * below
            else:
                noise = (criterion.spread or 0.0) * np.sqrt(below)
                drawn = above + noise * rng.standard_normal(DRAWS)
            self._drawn[name] = np.asarray(drawn, dtype=float)
        return self._drawn[name]

    def _mask(self, group: Group) -> Mask:
        if group not in self._masks:
            self._masks[group] = self._find(group)
        return self._masks[group]

    def _find(self, group: Group) -> Mask:
        if group.id == REST:
            return ~self._mask(Group(group.area_set, AREAS))
        if isinstance(group.area_set, Shared):
            one, other = (Group(each, group.id) for each in group.area_set)
            return self._mask(one) & self._mask(other)
        return self.cells.inside(group)


def interval(draws: Floats, confidence: float) -> tuple[float, float]:
    """The middle part of the draws that `confidence` asks for (percentile interval)."""
    low, high = np.quantile(draws, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
