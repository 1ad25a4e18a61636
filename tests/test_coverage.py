"""How often the intervals hold the truth, by drawing counts like Copenhagen's many times."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kvarter.judgement.dispersion import BY_CHANCE
from kvarter.judgement.figures import Figure
from kvarter.judgement.intervals import (
    Counted,
    Span,
    difference_between,
    no_change,
    poisson_interval,
    ratio_between,
    wilson,
)
from kvarter.judgement.trend import Point, rate_trend, share_trend
from kvarter.judgement.versus import Against

DRAWS = 2_000


def held(draw: Callable[[np.random.Generator], tuple[float, Span]]) -> float:
    """The part of the draws in which the interval holds the truth."""
    random = np.random.default_rng(20_26)
    found = [draw(random) for _ in range(DRAWS)]
    return sum(low <= truth <= high for truth, (low, high) in found) / DRAWS


def _wilson(random: np.random.Generator) -> tuple[float, Span]:
    return 0.56, wilson(random.binomial(50, 0.56), 50, 0.95)


def _poisson(random: np.random.Generator) -> tuple[float, Span]:
    return 12.0, poisson_interval(random.poisson(12), 0.95)


def _events(count: int, exposure: float = 1.0) -> Counted:
    return Counted(count, exposure)


def _share(count: int, total: int) -> Counted:
    return Counted(count, total, is_share=True)


def _ratio(random: np.random.Generator) -> tuple[float, Span]:
    now, base = random.poisson(15), random.poisson(30)
    return 0.5, ratio_between(_events(now), _events(base), 0.95)


def _share_ratio(random: np.random.Generator) -> tuple[float, Span]:
    now, base = random.binomial(26, 0.42), random.binomial(50, 0.56)
    return 0.42 / 0.56, ratio_between(_share(now, 26), _share(base, 50), 0.95)


def _share_difference(random: np.random.Generator) -> tuple[float, Span]:
    now, base = random.binomial(26, 0.42), random.binomial(50, 0.56)
    return 0.42 - 0.56, difference_between(_share(now, 26), _share(base, 50), 0.95)


TOTALS = {"areas": 65_000, "rest": 255_000}
RATES = [{"areas": 0.014, "rest": 0.004}, {"areas": 0.006, "rest": 0.001}]


def _city(year: dict[str, float]) -> float:
    return sum(year[group] * total for group, total in TOTALS.items()) / sum(TOTALS.values())


def _drawn(random: np.random.Generator, year: dict[str, float]) -> dict[str, Figure]:
    counts = {group: int(random.poisson(year[group] * total)) for group, total in TOTALS.items()}
    figures = {g: Figure(counts[g] / total, counts[g], total) for g, total in TOTALS.items()}
    count, total = sum(counts.values()), sum(TOTALS.values())
    return figures | {"city": Figure(count / total, count, total)}


def _beyond(random: np.random.Generator) -> Against:
    found = Against.of(*(_drawn(random, year) for year in RATES), "city", (0.95, BY_CHANCE))
    assert found is not None
    return found


def _points(random: np.random.Generator) -> tuple[float, Span]:
    truth = [100 * (year["areas"] - _city(year)) for year in RATES]
    found = _beyond(random).beyond_points
    assert found is not None
    assert found.span is not None
    return truth[1] - truth[0], found.span


def _times(random: np.random.Generator) -> tuple[float, Span]:
    truth = [year["areas"] / _city(year) for year in RATES]
    found = _beyond(random).beyond_times
    assert found is not None
    assert found.span is not None
    return truth[1] / truth[0], found.span


@pytest.mark.slow
@pytest.mark.parametrize(
    "draw",
    [_wilson, _poisson, _ratio, _share_ratio, _share_difference, _points, _times],
    ids=lambda draw: draw.__name__,
)
def test_a_95_percent_interval_holds_the_truth_about_95_times_in_100(
    draw: Callable[[np.random.Generator], tuple[float, Span]],
) -> None:
    """Counts are whole numbers, so it cannot be 95 exactly; the exact ones hold it more often."""
    assert 0.935 <= held(draw) <= 0.985


@pytest.mark.slow
@pytest.mark.parametrize("years", [4, 6])
def test_an_exact_test_rarely_sees_what_is_not_there(years: int) -> None:
    """Where nothing changes, at most 5 in 100 p-values are at or below 0.05."""
    random = np.random.default_rng(5)
    seen = np.zeros(4)
    for _ in range(1_000):
        counts = random.poisson(6, years)
        shares = random.binomial(20, 0.4, years)
        rates = [Point(2016 + at, int(count), 1_000) for at, count in enumerate(counts)]
        parts = [Point(2016 + at, int(count), 20) for at, count in enumerate(shares)]
        pair = _share(int(shares[0]), 20), _share(int(shares[1]), 20)
        if not counts.sum() or not shares.sum():
            continue
        seen += (
            np.array(
                [
                    rate_trend(rates),
                    share_trend(parts),
                    no_change(*pair),
                    no_change(_events(int(counts[0])), _events(int(counts[1]))),
                ]
            )
            <= 0.05
        )
    assert (seen / 1_000 <= 0.06).all(), seen
    assert (seen[:2] / 1_000 >= 0.02).all(), seen


def test_a_trend_that_is_there_is_seen() -> None:
    falling = [Point(2016 + at, count, 50) for at, count in enumerate((30, 26, 22, 17, 13, 9, 6))]
    assert share_trend(falling) < 0.001
    assert rate_trend(falling) < 0.001


def test_a_p_value_of_a_trend_is_never_the_noise_of_its_transform() -> None:
    """The example's notices: by the normal approximation it is 1e-29; the transform had 8e-13."""
    notices = [(849, 60_665), (770, 61_660), (685, 62_249), (599, 63_105), (512, 64_048)]
    points = [Point(2016 + n, count, total) for n, (count, total) in enumerate(notices)]
    assert rate_trend(points) == 1e-9
