"""Intervals where none or all are counted, or none now: every small table, and many others."""

from __future__ import annotations

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvarter.judgement.intervals import (
    Counted,
    difference_between,
    no_change,
    ratio_between,
)

ALPHA = 1 - 0.95


def pair_is_sound(now: Counted, base: Counted) -> None:
    """Each interval holds its own estimate, and no change exactly where the test allows it."""
    may_be_chance = no_change(now, base) > ALPHA
    low, high = difference_between(now, base, 0.95)
    assert low <= now.value - base.value <= high
    assert (low <= 0 <= high) is may_be_chance
    low, high = ratio_between(now, base, 0.95)
    assert low >= 0
    assert (low <= 1 <= high) is may_be_chance
    if base.count:
        assert low <= now.value / base.value <= high
        assert math.isfinite(high)


def test_every_small_share() -> None:
    """All tables of up to six cases a year; equal and unequal totals."""
    for n, m in product(range(1, 7), repeat=2):
        for x, y in product(range(n + 1), range(m + 1)):
            pair_is_sound(Counted(x, n, is_share=True), Counted(y, m, is_share=True))


@pytest.mark.slow
def test_every_share_of_up_to_twelve() -> None:
    for n, m in product(range(1, 13), repeat=2):
        for x, y in product(range(n + 1), range(m + 1)):
            pair_is_sound(Counted(x, n, is_share=True), Counted(y, m, is_share=True))


def test_every_small_count() -> None:
    """All pairs of up to twelve events, of the same exposure and of another."""
    for x, y, exposure in product(range(13), range(13), (1.0, 0.4)):
        pair_is_sound(Counted(x, 1.0), Counted(y, exposure))


@given(st.data())
def test_shares_of_any_size(data: st.DataObject) -> None:
    totals = [data.draw(st.integers(1, 400)) for _ in range(2)]
    now, base = (Counted(data.draw(st.integers(0, n)), n, is_share=True) for n in totals)
    pair_is_sound(now, base)


@given(*[st.integers(0, 3_000)] * 2, *[st.integers(1, 90_000)] * 2)
def test_counts_of_any_size(x: int, y: int, n: int, m: int) -> None:
    pair_is_sound(Counted(x, n), Counted(y, m))


@given(st.integers(1, 500), st.data(), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_the_interval_of_a_figure_holds_the_figure(
    total: int, data: st.DataObject, confidence: float
) -> None:
    count = data.draw(st.integers(0, total))
    for each in (Counted(count, total, is_share=True), Counted(count, total)):
        low, high = each.span(confidence)
        assert 0 <= low <= each.value <= high
    assert Counted(count, total, is_share=True).span(confidence)[1] <= 1


def test_all_now_and_all_but_one_then() -> None:
    """24 of 25 to 22 of 22: a score interval by a library was +2 to +24 %, with p = 1.00."""
    now, base = Counted(22, 22, is_share=True), Counted(24, 25, is_share=True)
    low, high = ratio_between(now, base, 0.95)
    assert [round(100 * (end - 1)) for end in (low, high)] == [-12, 24]
    assert no_change(now, base) == pytest.approx(1)


def test_a_fall_from_all() -> None:
    """22 of 22 to 24 of 30 is -20 %; the library's interval, -11 to -5 %, left that out."""
    low, high = ratio_between(Counted(24, 30, is_share=True), Counted(22, 22, is_share=True), 0.95)
    assert low <= 0.8 <= high < 1


def test_none_is_left() -> None:
    """5 of 20 to none: a fall of 100 %, which the interval holds."""
    low, high = ratio_between(Counted(0, 20, is_share=True), Counted(5, 20, is_share=True), 0.95)
    assert low == 0 < high < 1
