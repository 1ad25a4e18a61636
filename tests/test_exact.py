"""A verdict at the very target: exact arithmetic on counts, and one figure for one change."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kvarter.documents.words import change_in_words
from kvarter.indicators.measures import _published_row
from kvarter.policy.indicators import Published
from test_judgement import measures, policy_with, verdict

HUNDREDTHS = st.integers(-9999, 9999).filter(bool)


def two_years(draw: st.DrawFn, *, smallest: int = 0) -> tuple[list[int], list[int]]:
    """Counts and totals of a group in two years, the totals above zero."""
    totals = [draw(st.integers(1, 60)) for _ in range(2)]
    counts = [draw(st.integers(min(smallest, total), total)) for total in totals]
    return counts, totals


def exact_change(kind: str, counts: list[int], totals: list[int]) -> Fraction:
    before, after = (Fraction(c, t) for c, t in zip(counts, totals, strict=True))
    return 100 * (after - before) if kind == "point_change" else 100 * (after / before - 1)


def reached(found: Fraction, asked: Fraction) -> str:
    return "met" if (found <= asked if asked < 0 else found >= asked) else "not_met"


@given(st.data(), st.sampled_from(["relative_change", "point_change"]), st.booleans())
def test_a_verdict_is_that_of_whole_numbers(data: st.DataObject, kind: str, at_it: bool) -> None:
    """Of any small counts, and of a target that is often the very change, to the hundredth."""
    counts, totals = data.draw(st.composite(two_years)(smallest=1))
    found = exact_change(kind, counts, totals)
    hundredths = round(100 * found) if at_it else data.draw(HUNDREDTHS)
    assume(hundredths)
    policy = policy_with({"kind": kind, "change": hundredths / 100}, kind="share")
    table = measures(
        (counts[0], totals[0], totals[0], totals[0]), (*_of(counts, totals), totals[1])
    )
    assert verdict(policy, table)["verdict"] == reached(found, Fraction(hundredths, 100))


def _of(counts: list[int], totals: list[int]) -> tuple[int, int, int]:
    return counts[1], totals[1], totals[1]


@given(st.integers(1, 400), st.integers(0, 400), HUNDREDTHS)
def test_a_verdict_on_numbers_is_exact(then: int, now: int, hundredths: int) -> None:
    reading = {"kind": "relative_change", "of": "numerator", "change": hundredths / 100}
    table = measures((then, 1_000, then, 2_000), (now, 1_000, now, 2_000))
    found = 100 * (Fraction(now, then) - 1)
    row = verdict(policy_with(reading), table)
    assert row["verdict"] == reached(found, Fraction(hundredths, 100))
    assert row["change"] == float(found)


@given(st.data(), st.sampled_from(["gap_absolute", "gap_relative"]))
def test_a_verdict_on_a_gap_is_exact(data: st.DataObject, kind: str) -> None:
    """The gap to the city, asked to change by what it changes, to the hundredth."""
    years = [
        (data.draw(st.integers(0, 20)), 20, data.draw(st.integers(20, 90)), 100) for _ in range(2)
    ]
    gaps = [
        abs(Fraction(a, an) - Fraction(c, cn))
        if kind == "gap_absolute"
        else abs(Fraction(a, an) / Fraction(c, cn) - 1)
        for a, an, c, cn in years
    ]
    assume(gaps[0])
    found = 100 * (gaps[1] / gaps[0] - 1)
    hundredths = round(100 * found)
    assume(hundredths)
    row = verdict(policy_with({"kind": kind, "change": hundredths / 100}), measures(*years))
    assert row["verdict"] == reached(found, Fraction(hundredths, 100))


@given(st.integers(0, 60), st.integers(1, 60), st.sampled_from(["lower", "higher"]))
def test_a_verdict_on_a_level_is_exact(count: int, total: int, better: str) -> None:
    assume(count <= total)
    hundredths = round(10_000 * Fraction(count, total))
    reading = {"kind": "level", "level": hundredths / 100, "better": better}
    table = measures((1, total, total, total), (count, total, total, total))
    level, asked = Fraction(100 * count, total), Fraction(hundredths, 100)
    met = level <= asked if better == "lower" else level >= asked
    row = verdict(policy_with(reading, kind="share"), table)
    assert row["verdict"] == ("met" if met else "not_met")


def test_the_tipping_point_is_exact() -> None:
    """20 of 100 must fall to 15: from 10, five more reach it still, and the sixth turns it."""
    table = measures((20, 100, 50, 1_000), (10, 100, 40, 1_000))
    assert verdict(policy_with({"kind": "point_change", "change": -5}), table)["tipping_point"] == 6


@pytest.mark.parametrize("percent", [42, 42.3, 42.31])
def test_a_percentage_agrees_as_far_as_it_is_rounded(percent: float) -> None:
    figure = Published(year=2023, group="areas", percent=percent, numerator=11, denominator=26)
    assert figure.agrees_with_counts()


@pytest.mark.parametrize("percent", [4.2, 43, 42.4, 41, 0, 100])
def test_a_percentage_that_is_not_of_its_counts_is_seen(percent: float) -> None:
    figure = Published(year=2023, group="areas", percent=percent, numerator=11, denominator=26)
    assert not figure.agrees_with_counts()


@given(st.integers(1, 3_000), st.data(), st.integers(0, 3))
def test_every_rounded_percentage_agrees_with_its_counts(
    total: int, data: st.DataObject, decimals: int
) -> None:
    count = data.draw(st.integers(0, total))
    scale = 10**decimals
    percent = math.floor(Fraction(100 * count * scale, total) + Fraction(1, 2)) / scale
    figure = Published(
        year=2023, group="areas", percent=percent, numerator=count, denominator=total
    )
    assert figure.agrees_with_counts()


def test_published_counts_are_what_is_judged() -> None:
    """28 of 50 is 56 %, 10 of 19 is 53 %: by the counts a fall of 6.02 %, by the rounded of 5.4."""
    policy = policy_with({"kind": "relative_change", "change": -6}, kind="share", decimals=0)
    indicator = policy.goals[0].indicators[0]
    figures = [
        Published(year=2016, group="areas", percent=56, numerator=28, denominator=50),
        Published(year=2023, group="areas", percent=53, numerator=10, denominator=19),
    ]
    names = ["indicator", "period", "group", "numerator", "denominator", "value", "unlocated"]
    rows = [_published_row(indicator, each)[:7] for each in figures]
    table = pl.DataFrame(rows, schema=names, orient="row")
    row = verdict(policy, table)
    assert (row["verdict"], round(float(str(row["change"])), 2)) == ("met", -6.02)
    assert table["value"].to_list() == [28 / 50, 10 / 19]


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize(
    ("change", "asked", "told"),
    [
        (-24.98, -25, "-24.98% (asked: -25%)"),
        (-25.0, -25, "-25.0% (asked: -25%)"),
        (-6.02, -5.5, "-6.0% (asked: -5.5%)"),
        (-5.4999, -5.5, "-5.4999% (asked: -5.5%)"),
    ],
)
def test_words_never_round_a_change_to_the_target(change: float, asked: float, told: str) -> None:
    reading = policy_with({"kind": "relative_change", "change": asked}).goals[0].targets[0]
    row: dict[str, Any] = {"change": change, "required": asked}
    said = change_in_words(row, reading.readings[0])
    assert said.replace("\N{MINUS SIGN}", "-") == told
