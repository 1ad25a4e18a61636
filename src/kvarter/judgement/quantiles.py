"""Quantiles and tails of the distributions that a figure is held against.

`free`: the degrees of freedom of Student's t; None for the normal distribution. The figures are
those of `scipy.stats` to the last bit. That takes a second to import, and what is used instead a
quarter of one: so it is imported by the first figure that is judged, and by nothing before.
"""

from __future__ import annotations


def quantile(chance: float, free: float | None = None) -> float:
    """The value that a draw lies below with this chance."""
    from scipy.special import ndtri, stdtrit

    return float(ndtri(chance) if free is None else stdtrit(free, chance))


def reach(confidence: float, free: float | None = None) -> float:
    """How many standard errors an interval of this confidence goes to either side."""
    return quantile(1 - (1 - confidence) / 2, free)


def two_sided(value: float, free: float | None = None) -> float:
    """The p-value of a draw at least as far from zero as `value`."""
    from scipy.special import ndtr, stdtr

    far = -abs(value)
    return float(2 * (ndtr(far) if free is None else stdtr(free, far)))


def gamma_quantile(shape: float, chance: float) -> float:
    """The value that a draw of the gamma distribution lies below with this chance."""
    from scipy.special import gammaincinv

    return float(gammaincinv(shape, chance))
