"""Which areas differ from their average beyond chance: the limits of a funnel plot.

The limits say between which values a figure lies by chance alone, were its area no other than the
average; the smaller the area, the wider they are (Spiegelhalter 2005, Statistics in Medicine
24:1185). Those of counts are exact tests turned round: a count that chance gives seldom enough lies
beyond them. Between whole numbers the distributions go on as the incomplete gamma and beta
functions, so that the lines are smooth. Of many areas some lie beyond the inner limits by chance;
only what lies beyond the outer ones is taken for a difference.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from kvarter.judgement.dispersion import BY_CHANCE, Dispersion
from kvarter.judgement.figures import Span
from kvarter.judgement.quantiles import reach

INNER, OUTER = 0.95, 0.998
"""What share of areas lies within the limits by chance: about two and three standard errors."""

_JUST_BELOW_ONE = 1 - 1e-9
"""So that a count at a limit lies beyond it, also where the quantile is not below none at all."""

Place = Literal["within", "perhaps_above", "perhaps_below", "above", "below"]
"""Beyond the outer limits, only beyond the inner ones (`perhaps`), or within both."""


@dataclass(frozen=True)
class Average:
    """What areas are held against.

    value: the average, as a fraction or in the unit of a mean.
    kind: `rate` for events of an exposure, `share` for a part of persons, `mean` for an average.
    spread: of a mean, the standard deviation between persons.
    dispersion: how much more than chance the counts of a rate scatter.
    """

    value: float
    kind: Literal["rate", "share", "mean"]
    spread: float | None = None
    dispersion: Dispersion = BY_CHANCE

    def limits(self, size: float, within: float) -> Span:
        """Between which values an area of this size lies by chance, with the share `within`.

        `size`: dwellings, persons or whatever the figure is a part of. Raises ValueError for a mean
        whose spread is not known.
        """
        if self.kind == "mean":
            if self.spread is None:
                raise ValueError("the spread of the mean is not known")
            half = reach(within) * self.spread / size**0.5
            return self.value - half, self.value + half
        over = self.dispersion.inflation(within)
        low, high = self._counts(size / over, (1 - within) / 2)
        return low * over / size, high * over / size

    def place(self, value: float, size: float) -> Place:
        """Where an area of this size and figure lies."""
        low, high = self.limits(size, OUTER)
        if not low <= value <= high:
            return "above" if value > high else "below"
        low, high = self.limits(size, INNER)
        if not low <= value <= high:
            return "perhaps_above" if value > high else "perhaps_below"
        return "within"

    def _counts(self, size: float, tail: float) -> Span:
        """The counts that no more than a part `tail` of draws reach on each side."""
        from scipy.special import bdtrik, pdtrik

        if self.kind == "share":
            persons = round(size)
            if not 0 < self.value < 1 or persons < 1:
                return self.value * size, self.value * size
            none, every = (1 - self.value) ** persons, self.value**persons
            low = 0.0 if none > tail else float(bdtrik(tail, persons, self.value))
            top = _JUST_BELOW_ONE + float(bdtrik(1 - tail, persons, self.value))
            return low, float(persons) if every > tail else min(top, persons - 1 + _JUST_BELOW_ONE)
        expected = size * self.value
        if expected <= 0:
            return 0.0, 0.0
        low = 0.0 if math.exp(-expected) > tail else float(pdtrik(tail, expected))
        return low, _JUST_BELOW_ONE + float(pdtrik(1 - tail, expected))
