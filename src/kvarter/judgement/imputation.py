"""Multiple imputation: filling in what is missing many times, and what that says of a change.

Rubin (1987), Multiple Imputation for Nonresponse in Surveys, ch. 3.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kvarter.judgement.figures import Figure, Span
from kvarter.judgement.quantiles import reach
from kvarter.policy.model import Reading

IMPUTATIONS = 200


class Placed(NamedTuple):
    """How many unlocated cases lie in the areas, and how many in the rest of the city.

    The others lie in other municipalities.
    """

    inside: float
    beside: float


@dataclass(frozen=True)
class Unlocated:
    """The unlocated cases of a year, one in each array.

    `source`: a number for its source; `inside` of the `located` cases of that source lie in the
    areas and `beside` in the rest of the city; `chance` that it does by its address, and
    `chance_if_unknown` (see `chance_by_address`); `could` it lie there at all.
    """

    source: np.ndarray
    inside: np.ndarray
    beside: np.ndarray
    located: np.ndarray
    chance: np.ndarray
    chance_if_unknown: np.ndarray
    could: np.ndarray

    def __len__(self) -> int:
        return len(self.source)

    def chances(self, share: np.ndarray | None = None) -> np.ndarray:
        """The chance of each to lie in the areas; `share`: of its source, as located unless given.

        A half is added to both counts, so that few located cases never make a thing certain.
        """
        if share is None:
            share = (self.inside + 0.5) / (self.located + 1)
        found = chance_by_address(share, self.chance, self.chance_if_unknown)
        return np.where(self.could, found, 0.0)

    def in_city(self) -> np.ndarray:
        """The chance of each to lie in the city, if not in the areas; as located ones do."""
        chance: np.ndarray = (self.beside + 0.5) / (self.located - self.inside + 1)
        return chance

    def draws(self, seed: int) -> Iterator[Placed]:
        """Where they lie, drawn `IMPUTATIONS` times.

        Each time the shares of every source are drawn anew from what its located cases leave open
        (beta distributions), and then each case.
        """
        random = np.random.default_rng(seed)
        # A stream of its own, so that the rest of the city moves no draw of the areas.
        random_beside = np.random.default_rng([seed, 1])
        for _ in range(IMPUTATIONS):
            share, share_beside = np.zeros((2, int(self.source.max(initial=0)) + 1))
            for at in np.unique(self.source):
                first = int(np.argmax(self.source == at))
                inside, beside = self.inside[first], self.beside[first]
                outside = self.located[first] - inside - beside
                share[at] = random.beta(inside + 0.5, beside + outside + 0.5)
                share_beside[at] = random_beside.beta(beside + 0.5, outside + 0.5)
            is_inside = random.random(len(self)) < self.chances(share[self.source])
            is_beside = random_beside.random(len(self)) < share_beside[self.source]
            yield Placed(int(is_inside.sum()), int((~is_inside & is_beside).sum()))


def chance_by_address(
    share: np.ndarray, chance: np.ndarray, chance_if_unknown: np.ndarray
) -> np.ndarray:
    """The chance that a case lies in the areas, by Bayes' rule.

    `share` of located cases there is what is expected of a case of which nothing is known; what is
    known of the address changes the odds as it changes those of a dwelling: from
    `chance_if_unknown`, the areas' part of all dwellings, to `chance`, their part of those that the
    address can mean.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = share * chance / chance_if_unknown
        outside = (1 - share) * (1 - chance) / (1 - chance_if_unknown)
        found = inside / (inside + outside)
    certain: np.ndarray = np.nan_to_num(found, nan=0.0)
    return certain


@dataclass(frozen=True)
class Moved:
    """A change once nothing is missing, on the scale where chance is symmetric, with its variance.

    `is_log`: the scale is the logarithm of a ratio; else it is that of the reading.
    """

    value: float
    variance: float
    is_log: bool

    @classmethod
    def of(cls, reading: Reading, now: Figure, base: Figure, *, of_share: bool) -> Moved:
        """The change of `reading` between two figures with counts."""
        is_share = of_share and reading.of == "value"
        # A half is added to none, and left out of all, so that neither is taken for certain.
        (x, n), (x0, n0) = (
            (min(count or 0.5, total - 0.5 if is_share else count or 0.5), total)
            for count, total in (now.counts(), base.counts())
        )
        if reading.of == "numerator":
            n = n0 = 1.0
        if reading.kind == "relative_change":
            part, part0 = (x / n, x0 / n0) if is_share else (0.0, 0.0)
            variance = (1 - part) / x + (1 - part0) / x0
            return cls(math.log(x / n) - math.log(x0 / n0), variance, True)
        scale = 1.0 if reading.of == "numerator" else 100.0
        spread, spread0 = (
            scale**2 * (p * (1 - p) / m if is_share else c / m**2)
            for p, c, m in ((x / n, x, n), (x0 / n0, x0, n0))
        )
        if reading.kind == "level":
            return cls(scale * x / n, spread, False)
        return cls(scale * (x / n - x0 / n0), spread + spread0, False)


def combine(
    filled: Sequence[Moved], confidence: float, inflation: float = 1.0
) -> tuple[float, Span]:
    """Estimate and interval over the imputations, in the unit of the reading (Rubin's rules).

    Total variance = mean within + (1 + 1/m) x between; t with (m - 1)(1 + within / ((1 + 1/m)
    between))^2 degrees of freedom. `inflation`: of the variance within, where counts scatter more
    than chance gives.
    """
    m = len(filled)
    values = np.array([each.value for each in filled])
    within = inflation * float(np.mean([each.variance for each in filled]))
    between = (1 + 1 / m) * float(values.var(ddof=1))
    free = (m - 1) * (1 + within / between) ** 2 if between else None
    middle, spread = float(values.mean()), reach(confidence, free) * math.sqrt(within + between)
    ends = [middle, middle - spread, middle + spread]
    if filled[0].is_log:
        ends = [100 * math.expm1(end) for end in ends]
    return ends[0], (ends[1], ends[2])
