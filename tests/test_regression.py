"""Areas chosen because they were worst, and areas that fell as the city did."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from kvarter.cases.tally import Tally
from kvarter.judgement import Judge, judge_all
from kvarter.judgement.dispersion import BY_CHANCE, Dispersion
from kvarter.judgement.figures import Figure
from kvarter.judgement.regression import excess, expected
from kvarter.judgement.versus import Against
from kvarter.policy.model import Policy
from test_judgement import policy_with

NAMES = ["indicator", "period", "group", "numerator", "denominator", "value", "unlocated"]


def _policy(**more: object) -> Policy:
    policy = policy_with({"kind": "relative_change", "change": -25})
    [goal] = policy.goals
    [indicator] = goal.indicators
    told = goal.model_copy(update={"indicators": [indicator.model_copy(update=more)]})
    return policy.model_copy(update={"goals": [told]})


def _said(policy: Policy, areas: dict[int, int], rest: int = 900) -> dict[str, dict[str, object]]:
    """What is observed of counts by year of the areas, in 10,000 dwellings, and a steady rest."""
    rows: list[tuple[object, ...]] = []
    for year, count in areas.items():
        groups = {"areas": (count, 1e4), "rest": (rest, 9e4), "city": (count + rest, 1e5)}
        for group, (number, of) in groups.items():
            rows.append(("i", year, group, float(number), of, number / of, 0))
    measures = pl.DataFrame(rows, schema=NAMES, orient="row")
    judged = judge_all(measures, policy, Tally.empty(), Judge(policy.edition("s"), {}))
    return {each.code: dict(each.values) for each in judged.observations}


def test_areas_chosen_by_the_figure_are_told_to_fall_back_by_themselves() -> None:
    said = _said(_policy(chosen_by=True), {2016: 200, 2023: 120})
    assert said["chosen_by_it"] == {"year": 2016}
    assert "chosen_by_it" not in _said(_policy(), {2016: 200, 2023: 120})
    assert "chosen_by_it" not in _said(_policy(chosen_by=False), {2016: 200, 2023: 120})


def test_the_years_before_tell_by_how_much() -> None:
    """200 when chosen, after 160 and 160: a quarter more than the areas stand by themselves."""
    said = _said(_policy(chosen_by=True), {2014: 160, 2015: 160, 2016: 200, 2023: 120})
    found = said["chosen_above_before"]
    assert (found["year"], found["first"], found["last"]) == (2016, 2014, 2015)
    assert found["times"] == pytest.approx(1.25)
    low, high = float(str(found["low"])), float(str(found["high"]))
    assert 1 < low < 1.25 < high < 1.6


@pytest.mark.parametrize(
    ("before", "chosen", "code"),
    [
        (160, 200, "chosen_above_before"),
        (160, 165, "chosen_as_before"),
        (160, 155, "chosen_as_before"),
        (200, 140, "chosen_below_before"),
    ],
)
def test_nothing_falls_back_that_stood_no_higher(before: int, chosen: int, code: str) -> None:
    said = _said(_policy(chosen_by=True), {2014: before, 2015: before, 2016: chosen, 2023: 120})
    assert {each for each in said if each.startswith("chosen")} == {code}
    low, high = float(str(said[code]["low"])), float(str(said[code]["high"]))
    assert (low > 1, high < 1) == (code == "chosen_above_before", code == "chosen_below_before")


def test_counts_that_scatter_more_than_chance_widen_the_interval() -> None:
    policy = _policy()
    [(_, indicator)] = policy.indicators()
    rows = [
        ("i", year, group, count, of, count / of, 0)
        for year, own in ((2015, 160.0), (2016, 200.0))
        for group, count, of in (("areas", own, 1e4), ("rest", 900.0, 9e4))
    ]
    measures = pl.DataFrame(rows, schema=NAMES, orient="row")
    by_chance = excess(measures, indicator, 2016, 0.95)
    scattered = excess(measures, indicator, 2016, 0.95, Dispersion(4.0, 1e9))
    assert by_chance is not None and scattered is not None
    assert scattered.times == by_chance.times == pytest.approx(1.25)
    width, wider = (math.log(each.span[1] / each.span[0]) for each in (by_chance, scattered))
    assert wider == pytest.approx(2 * width, rel=0.05)


def test_an_older_choice_has_regressed_before_the_baseline() -> None:
    policy = _policy(chosen_by=True)
    [area_set] = policy.area_sets
    for decided, is_said in (("2011-05-01", False), ("2017-06-22", True)):
        old = area_set.model_validate(area_set.model_dump(by_alias=True) | {"decided": decided})
        said = _said(policy.model_copy(update={"area_sets": [old]}), {2016: 200, 2023: 120})
        assert ("chosen_by_it" in said) is is_said


def test_the_formula_is_what_drawing_gives() -> None:
    """The worst sixth of normal figures that never truly change (Barnett et al. 2005)."""
    random = np.random.default_rng(1)
    levels = random.normal(50, 8, (2_000, 60))
    then, now = (levels + random.normal(0, 6, levels.shape) for _ in range(2))
    worst = np.argsort(-then, axis=1)[:, :10]
    before, after = (np.take_along_axis(each, worst, axis=1).mean() for each in (then, now))
    assert before - after == pytest.approx(expected(6, 8, 1 / 6), rel=0.05)


def test_areas_that_fall_as_the_city_does_are_seldom_said_to_fall_more() -> None:
    """Both fall by a third; the areas were once said to have moved further in half of all draws."""
    random = np.random.default_rng(2)
    further = 0
    for _ in range(400):
        years = []
        for part in (1.0, 2 / 3):
            counts = {"areas": random.poisson(120 * part), "rest": random.poisson(400 * part)}
            figures = {
                group: Figure(count / of, int(count), of)
                for (group, count), of in zip(counts.items(), (1e4, 9e4), strict=True)
            }
            whole = sum(counts.values())
            years.append(figures | {"city": Figure(whole / 1e5, int(whole), 1e5)})
        against = Against.of(years[0], years[1], "city", (0.95, BY_CHANCE))
        assert against is not None
        further += against.did_more(falling=True) is True
    assert further / 400 <= 0.04
