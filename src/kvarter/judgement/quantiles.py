"""Quantiles and tails of the two distributions that an estimate is held against.

`free`: the degrees of freedom of Student's t; None for the normal distribution. The figures are
those of `scipy.stats`, which takes a second to import, to the last bit.
"""

from __future__ import annotations

from scipy.special import ndtr, ndtri, stdtr, stdtrit


def quantile(chance: float, free: float | None = None) -> float:
    """The value that lies above a draw with this chance."""
    return float(ndtri(chance) if free is None else stdtrit(free, chance))


def reach(confidence: float, free: float | None = None) -> float:
    """How many standard errors an interval of this confidence goes to either side."""
    return quantile(1 - (1 - confidence) / 2, free)


def two_sided(value: float, free: float | None = None) -> float:
    """The p-value of a draw at least as far from zero as `value`."""
    far = -abs(value)
    return float(2 * (ndtr(far) if free is None else stdtr(free, far)))
