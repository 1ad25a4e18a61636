"""Counts that scatter more than chance gives: the factor, and how seldom chance is told as more."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from kvarter.judgement import Judge, dispersions
from kvarter.judgement.dispersion import BY_CHANCE, FEWEST_FREE, Dispersion, of_table
from kvarter.judgement.intervals import Counted, difference_between, no_change, ratio_between
from kvarter.judgement.trend import Point, trend
from kvarter.policy.model import Policy
from test_judgement import policy_with

DRAWS = 300


def drawn(random: np.random.Generator, means: np.ndarray, years: int, factor: float) -> np.ndarray:
    """Counts of areas by years whose variance is `factor` times the mean (negative binomial)."""
    rates = np.repeat(means[:, None], years, axis=1)
    if factor > 1:
        rates = random.gamma(rates / (factor - 1), factor - 1)
    counts: np.ndarray = random.poisson(rates).astype(float)
    return counts


def told_as_more(areas: int, years: int, factor: float, mean: float) -> tuple[float, float]:
    """The part of the draws without any change that are told as one: with the factor, without."""
    random = np.random.default_rng(areas * years)
    means = mean * random.uniform(0.3, 1.7, areas)
    clear = np.zeros(2)
    for _ in range(DRAWS):
        table = drawn(random, means, years, factor)
        for at, dispersion in enumerate((of_table(table, np.ones_like(table)), BY_CHANCE)):
            now, base = (
                Counted(table[:, year].sum(), float(areas), dispersion=dispersion)
                for year in (-1, 0)
            )
            low, high = difference_between(now, base, 0.95)
            clear[at] += not low <= 0 <= high
    allowed, by_chance = clear / DRAWS
    return float(allowed), float(by_chance)


@pytest.mark.parametrize(
    ("areas", "years", "factor", "mean"),
    [(16, 8, 2, 40), (16, 8, 4, 40), (16, 2, 2, 40), (16, 2, 4, 8), (6, 4, 4, 15), (16, 8, 1, 40)],
)
def test_what_is_chance_is_seldom_told_as_more(
    areas: int, years: int, factor: float, mean: float
) -> None:
    """In at most 6 of 100, whatever the factor; as if they scattered by chance, 15 to 32 of 100."""
    allowed, by_chance = told_as_more(areas, years, factor, mean)
    assert allowed <= 0.06 + 2 * math.sqrt(0.06 * 0.94 / DRAWS)
    if factor > 1:
        assert by_chance > 0.1


def test_the_factor_is_found() -> None:
    random = np.random.default_rng(3)
    means = 40 * random.uniform(0.3, 1.7, 16)
    for factor in (1.0, 2.0, 4.0):
        tables = [drawn(random, means, 8, factor) for _ in range(60)]
        found = [of_table(table, np.ones_like(table)).factor for table in tables]
        assert np.mean(found) == pytest.approx(factor, rel=0.12)


def test_a_level_of_each_area_and_a_change_of_each_year_are_no_scatter() -> None:
    exposed = np.outer(np.arange(1, 17), np.ones(8)) * 100
    counts = exposed * np.outer(np.linspace(0.01, 0.05, 16), np.linspace(1, 0.4, 8))
    assert of_table(counts, exposed).factor == 1


def test_too_few_figures_find_none() -> None:
    """Two areas in two years leave one degree of freedom; one that is missing takes one away."""
    assert of_table(np.full((2, 2), 9.0), np.ones((2, 2))) == BY_CHANCE
    full = np.arange(32.0).reshape(16, 2) + 5
    assert of_table(full, np.ones_like(full)).free is not None
    full[0, 0] = np.nan
    assert FEWEST_FREE == 15
    assert of_table(full, np.ones_like(full)) == BY_CHANCE


def test_zeros_everywhere_find_none() -> None:
    assert of_table(np.zeros((16, 8)), np.ones((16, 8))) == BY_CHANCE


def test_all_intervals_are_widened_alike() -> None:
    """Interval and test agree with a factor too, and each holds its own estimate."""
    scattered = Dispersion(3.0, 20.0)
    for x, y, is_share in ((12, 30, False), (12, 30, True), (0, 9, False), (40, 40, True)):
        pair = [Counted(n, 40, is_share, scattered) for n in (x, y)]
        plain = [Counted(n, 40, is_share) for n in (x, y)]
        low, high = difference_between(pair[0], pair[1], 0.95)
        narrow = difference_between(plain[0], plain[1], 0.95)
        assert low <= narrow[0] <= narrow[1] <= high
        assert low <= pair[0].value - pair[1].value <= high
        assert (low <= 0 <= high) is (no_change(pair[0], pair[1]) > 1 - 0.95)
        times = ratio_between(pair[0], pair[1], 0.95)
        assert (times[0] <= 1 <= times[1]) is (low <= 0 <= high)


def test_a_trend_allows_for_it() -> None:
    points = [Point(2016 + at, n, 500) for at, n in enumerate((60, 52, 47, 44, 39, 36))]
    plain = trend(points, 0.95, of_share=False)
    wide = trend(points, 0.95, Dispersion(4.0, 30.0), of_share=False)
    assert plain.p_value is not None and wide.p_value is not None
    assert plain.p_value < 0.05 < wide.p_value


def _by_area(factor: float) -> tuple[Policy, pl.DataFrame]:
    random = np.random.default_rng(8)
    table = drawn(random, np.full(16, 30.0), 2, factor)
    rows: list[tuple[object, ...]] = []
    for at, year in enumerate((2016, 2023)):
        groups = {f"a{n}": table[n, at] for n in range(16)}
        groups |= {"areas": table[:, at].sum(), "rest": 900.0, "city": table[:, at].sum() + 900.0}
        sizes = {"areas": 16e3, "rest": 9e4, "city": 106e3}
        for group, count in groups.items():
            size = sizes.get(group, 1e3)
            rows.append(("i", year, group, float(count), size, count / size, 0))
    names = ["indicator", "period", "group", "numerator", "denominator", "value", "unlocated"]
    policy = policy_with({"kind": "relative_change", "change": -25})
    return policy, pl.DataFrame(rows, schema=names, orient="row")


def test_a_verdict_tells_the_factor() -> None:
    policy, measures = _by_area(6.0)
    assert dispersions(measures, policy)["i"].factor > 2
    [row] = Judge(policy.edition("s"), {})(measures, policy).to_dicts()
    assert row["dispersion"] > 2
    hidden = measures.with_columns(
        pl.when(~pl.col("group").str.starts_with("a1")).then(pl.col("numerator"))
    )
    assert dispersions(hidden, policy)["i"] != dispersions(measures, policy)["i"]


def test_where_it_cannot_be_found_the_verdict_says_what_would_turn_it() -> None:
    policy = policy_with({"kind": "relative_change", "change": -25})
    _, measures = _by_area(1.0)
    totals = measures.filter(pl.col("group").is_in(["areas", "rest", "city"])).with_columns(
        numerator=pl.when((pl.col("group") == "areas") & (pl.col("period") == 2023))
        .then(200.0)
        .otherwise("numerator")
    )
    totals = totals.with_columns(value=pl.col("numerator") / pl.col("denominator"))
    [row] = Judge(policy.edition("s"), {})(totals, policy).to_dicts()
    assert (row["verdict"], row["chance"], row["dispersion"]) == ("met", "holds", None)
    assert row["turning_dispersion"] > 1
