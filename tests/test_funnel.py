"""The limits of a funnel plot: held against the tails of the distributions they are made of."""

from __future__ import annotations

import pytest
from scipy.stats import binom, norm, poisson

from kvarter.judgement.dispersion import Dispersion
from kvarter.judgement.funnel import INNER, OUTER, Average

SIZES = (1, 3, 50, 500, 3000, 20000)


@pytest.mark.parametrize("within", [INNER, OUTER])
@pytest.mark.parametrize("size", SIZES)
def test_a_rate_lies_beyond_them_where_chance_seldom_gives_its_count(
    size: int, within: float
) -> None:
    low, high = Average(0.006, "rate").limits(size, within)
    tail, expected = (1 - within) / 2, 0.006 * size
    for count in range(300):
        assert (count / size > high) == (poisson.sf(count - 1, expected) < tail), count
        assert (count / size < low) == (poisson.cdf(count, expected) < tail), count


@pytest.mark.parametrize("within", [INNER, OUTER])
@pytest.mark.parametrize("share", [0.01, 0.2, 0.95])
@pytest.mark.parametrize("size", SIZES[:4])
def test_a_share_lies_beyond_them_where_chance_seldom_gives_its_count(
    size: int, share: float, within: float
) -> None:
    low, high = Average(share, "share").limits(size, within)
    tail = (1 - within) / 2
    for count in range(size + 1):
        assert (count / size > high) == (binom.sf(count - 1, size, share) < tail), count
        assert (count / size < low) == (binom.cdf(count, size, share) < tail), count


def test_a_mean_lies_beyond_them_by_its_standard_errors() -> None:
    low, high = Average(40.0, "mean", spread=25).limits(2500, INNER)
    assert [low, high] == pytest.approx([40 + norm.ppf(p) * 0.5 for p in (0.025, 0.975)])
    with pytest.raises(ValueError, match="spread"):
        Average(40.0, "mean").limits(2500, INNER)


def test_they_are_narrower_for_larger_areas_and_wider_where_counts_scatter_more() -> None:
    average = Average(0.006, "rate")
    widths = [high - low for low, high in (average.limits(size, OUTER) for size in SIZES[2:])]
    assert widths == sorted(widths, reverse=True)
    scattered = Average(0.006, "rate", dispersion=Dispersion(4.0, 200.0))
    low, high = scattered.limits(20000, OUTER)
    assert low < average.limits(20000, OUTER)[0] < average.limits(20000, OUTER)[1] < high


def test_only_what_lies_beyond_the_outer_ones_is_a_difference() -> None:
    average = Average(0.006, "rate")
    counts = (5, 15, 30, 46, 60)
    assert [average.place(count / 5000, 5000) for count in counts] == [
        *("below", "perhaps_below", "within", "perhaps_above", "above")
    ]


@pytest.mark.parametrize(("value", "kind"), [(0.0, "rate"), (0.0, "share"), (1.0, "share")])
def test_of_none_or_all_there_is_no_chance(value: float, kind: str) -> None:
    assert Average(value, kind).limits(100, OUTER) == (value, value)  # type: ignore[arg-type]
    assert Average(value, kind).place(value, 100) == "within"  # type: ignore[arg-type]
