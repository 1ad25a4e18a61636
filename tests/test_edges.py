"""Intervals where none or all are counted, or none now: every small table, and many others."""

from __future__ import annotations

import math
from itertools import product
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import hamlet
from kvarter.judgement.intervals import (
    Counted,
    difference_between,
    no_change,
    ratio_between,
)
from kvarter.judgement.trend import Point, trend

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


def test_every_short_series() -> None:
    """Four years of none to two: test and interval agree, and hold what was found."""
    for counts in product(range(3), repeat=4):
        for of_share in (False, True):
            points = [Point(2020 + at, count, 2) for at, count in enumerate(counts)]
            found = trend(points, 0.95, of_share=of_share)
            if found.p_value is None:
                assert sum(counts) in (0, 8)
                continue
            low, high = found.per_year_span
            assert low is not None
            top = math.inf if high is None else high
            middle = math.inf if found.per_year is None else found.per_year
            assert low <= middle <= top
            assert (low <= 0 <= top) is (found.p_value > ALPHA), counts


def test_a_series_that_ends_in_none_or_begins_with_none() -> None:
    ends = trend(
        [Point(2020 + at, n, 10) for at, n in enumerate((9, 0, 0, 0))], 0.95, of_share=False
    )
    assert (ends.falls, ends.per_year) == (True, -100.0)
    assert ends.per_year_span[0] == -100.0
    begins = trend(
        [Point(2020 + at, n, 10) for at, n in enumerate((0, 0, 0, 9))], 0.95, of_share=False
    )
    assert (begins.falls, begins.per_year, begins.per_year_span[1]) == (False, None, None)


@given(st.lists(st.integers(0, 400), min_size=4, max_size=7), st.booleans())
def test_a_series_of_any_size(counts: list[int], of_share: bool) -> None:
    assume(sum(counts) and (not of_share or sum(counts) <= 60))
    points = [Point(2016 + at, count, 500) for at, count in enumerate(counts)]
    found = trend(points, 0.95, of_share=of_share)
    assert found.p_value is not None
    low, high = found.per_year_span
    assert low is not None
    top = math.inf if high is None else high
    assert low <= (math.inf if found.per_year is None else found.per_year) <= top
    assert (low <= 0 <= top) is (found.p_value > ALPHA)


def test_four_years_that_end_in_none_make_a_status(tmp_path: Path) -> None:
    """A series without bound once stopped the workbook; a figure of it is finite, or blank."""
    rows = [
        f"{at};0{at}-0{1 + at % 9}-2020;;Navn {at};Strandvejen {2 * at}, 2100 København Ø;F"
        for at in range(1, 6)
    ]
    rows.append("9;03-01-2023;;Anna Berg;Strandvejen 10, st. th, 9999 Naboby;F")
    policy = hamlet.policy()
    policy["sources"][0]["from"] = "2020-01-01"
    policy["editions"][0]["data_year"] = 2020
    file = hamlet.build(tmp_path, rows, {key: policy[key] for key in ("sources", "editions")})
    lines = ["aar;adgang;boliger"]
    lines += [f"{y};{e};6" for y in range(2020, 2024) for e, *_ in hamlet.entrances()]
    (tmp_path / "dwellings.csv").write_text("\n".join(lines), encoding="utf-8")
    status = hamlet.run_in(file)
    row = status.public.trends.filter(of="value", group="areas").row(0, named=True)
    assert (row["direction"], row["per_year"]) == ("falls", -100.0)
    [verdict] = status.public.verdicts.to_dicts()
    assert (verdict["change"], verdict["change_low"]) == (-100.0, -100.0)


def test_a_year_without_dwellings_has_its_published_figures(tmp_path: Path) -> None:
    """Counted cases of no known whole make way, and a note says so."""
    goals = hamlet.policy()["goals"]
    goals[0]["indicators"][0]["published"] = [
        {"year": 2022, "group": "areas", "percent": 2.0},
        {"year": 2022, "group": "city", "percent": 3.0},
    ]
    file = hamlet.build(tmp_path, changed={"goals": goals, "disclosure": {"threshold": 5}})
    kept = (tmp_path / "dwellings.csv").read_text(encoding="utf-8").splitlines()
    lines = [line for line in kept if not line.startswith("2022")]
    (tmp_path / "dwellings.csv").write_text("\n".join(lines), encoding="utf-8")
    status = hamlet.run_in(file)
    then = status.public.results.filter(period=2022)
    assert then["group"].to_list() == ["areas", "city"]
    assert set(then["origin"]) == {"published"}
    assert any("published figures stand in" in note.message for note in status.notes)
