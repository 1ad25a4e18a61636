"""What the ladder of assumptions promises: bounds that always hold, an interval that mostly does.

Simulated years: cases lie in the areas, in the rest or outside; some cannot be located, at random
or more often where they lie in the areas. So the truth is known.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hamlet
from conftest import status_of
from kvarter.documents.contents.quality import how_to_read
from kvarter.documents.document import Paragraph
from kvarter.documents.missing import located_section
from kvarter.editions import InternalEdition
from kvarter.i18n import Locale, in_language
from kvarter.judgement.figures import Figure
from kvarter.judgement.missing import same_share
from kvarter.judgement.sensitivity import STEPS, Year, steps, unlocated_of
from kvarter.policy.model import Disclosure, Reading

DWELLINGS = 60_000
READING = Reading.model_validate(
    {"id": "r", "title": "r", "kind": "relative_change", "change": -25}
)


def year(
    random: np.random.Generator, expected: float, odds_ratio: float, elsewhere: float | None = None
) -> tuple[Year, Figure]:
    """A year, and its true figure; `odds_ratio`: of being missing in the areas.

    About 15 of 100 are missing, and of a third of those nothing but a street is known. The figure
    is a rate; with `elsewhere` it is a share, and so large a part of the cases outside the areas
    lies in other municipalities.
    """
    inside, outside = int(random.poisson(expected)), int(random.poisson(expected))
    in_areas = np.repeat([True, False], [inside, outside])
    in_city = in_areas | (random.random(len(in_areas)) >= (elsewhere or 0.0))
    odds = 0.18 * np.where(in_areas, odds_ratio, 1.0)
    located = random.random(len(in_areas)) > odds / (1 + odds)
    # A street is half in the areas (as 50 of 100 dwellings) or not at all; else nothing is known.
    street = random.random(len(in_areas)) < 0.3
    half = np.where(in_areas, 1.0, random.random(len(in_areas)) < 0.25).astype(bool)
    chance = np.where(street, np.where(half, 0.5, 0.0), 0.2)
    cases = pl.DataFrame(
        {
            "source": "s",
            "year": 2023,
            "located": located,
            "in_areas": in_areas & located,
            "in_city": in_city & located,
            "could": chance > 0,
            "chance": chance,
            "chance_if_unknown": 0.2,
            "count": 1,
        }
    )
    found = (
        (in_areas & located).sum(),
        DWELLINGS if elsewhere is None else (in_city & located).sum(),
    )
    truly = inside, DWELLINGS if elsewhere is None else in_city.sum()
    figure, true_figure = (Figure(float(n / m), int(n), int(m)) for n, m in (found, truly))
    return Year(figure, unlocated_of(cases), elsewhere is not None), true_figure


def covered(odds_ratio: float, times: int = 300) -> dict[str, float]:
    """How often each step holds the truth: of the counts, or (last step) of the rates behind."""
    random = np.random.default_rng(77)
    held = dict.fromkeys(STEPS, 0)
    for _ in range(times):
        (base, truly_base), (now, truly_now) = (year(random, n, odds_ratio) for n in (400, 200))
        for step, low, _middle, high, *_rest in steps(base, now, READING, 0.95):
            moved = 100 * (truly_now.value / truly_base.value - 1)
            truth = -50.0 if step == "random" else moved
            assert isinstance(low, float)
            assert isinstance(high, float)
            held[str(step)] += low <= truth <= high
    return {step: count / times for step, count in held.items()}


@pytest.mark.slow
def test_missing_at_random() -> None:
    found = covered(1.0)
    assert found["none"] == found["known"] == 1.0
    assert 0.91 <= found["random"] <= 0.985


@pytest.mark.slow
def test_missing_more_often_in_the_areas() -> None:
    """Alike in both years it moves both counts alike, and little harm is done to the change."""
    found = covered(3.0)
    assert found["none"] == found["known"] == 1.0
    assert found["random"] >= 0.9


@pytest.mark.slow
def test_missing_more_often_in_the_areas_in_one_year_only() -> None:
    """Then the interval fails: no assumption of randomness helps, and the bounds still hold."""
    random = np.random.default_rng(78)
    held = {"known": 0, "random": 0}
    for _ in range(200):
        base, truly_base = year(random, 1_600, 1.0)
        now, truly_now = year(random, 800, 6.0)
        for step, low, _middle, high, *_rest in steps(base, now, READING, 0.95):
            moved = 100 * (truly_now.value / truly_base.value - 1)
            truth = -50.0 if step == "random" else moved
            if step in held:
                assert isinstance(low, float)
                assert isinstance(high, float)
                held[str(step)] += low <= truth <= high
    assert held["known"] == 200
    assert held["random"] < 120


@pytest.mark.slow
def test_a_share_whose_missing_cases_can_lie_in_other_municipalities() -> None:
    """Half of the city's cases lie in the areas, as many as in the rest and outside together.

    Of these 40 % lie outside, so the true share is 1/1.6 in both years. Were all missing cases
    taken to lie in the city, the estimate would be too low.
    """
    random = np.random.default_rng(79)
    reading = Reading.model_validate({"id": "r", "title": "r", "kind": "level", "level": 60})
    held, middles = 0, []
    for _ in range(300):
        (base, _truly), (now, _now) = (year(random, 400, 1.0, 0.4) for _ in range(2))
        *_firm, (_step, low, middle, high, *_rest) = steps(base, now, reading, 0.95)
        assert isinstance(low, float)
        assert isinstance(middle, float)
        assert isinstance(high, float)
        held += low <= 100 / 1.6 <= high
        middles.append(middle)
    assert 0.91 <= held / 300 <= 0.985
    assert np.mean(middles) == pytest.approx(100 / 1.6, abs=0.4)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.2, 5.0), st.sampled_from([None, 0.0, 0.5, 1.0]))
def test_bounds_always_hold_the_truth(
    seed: int, odds_ratio: float, elsewhere: float | None
) -> None:
    """Of a rate, and of a share some of whose cases lie in other municipalities."""
    found, truly = year(np.random.default_rng(seed), 40, odds_ratio, elsewhere)
    for step in ("none", "known"):
        low, high = (found.with_located(each).value for each in found.fewest_and_most(step))
        assert low <= truly.value <= high


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(1.0, 50.0))
def test_a_stronger_assumption_is_never_wider(seed: int, odds_ratio: float) -> None:
    found, _ = year(np.random.default_rng(seed), 30, 1.0)
    (none, none_most), (known, most) = (
        [placed.inside for placed in found.fewest_and_most(step)] for step in ("none", "known")
    )
    fewer, as_located, more = (found.expected(by).inside for by in (1 / odds_ratio, 1, odds_ratio))
    assert none <= known <= most <= none_most
    assert known <= fewer <= as_located + 1e-9
    assert as_located <= more + 1e-9 <= most + 1e-6


def test_nothing_missing_is_nothing_to_move() -> None:
    none = unlocated_of(
        pl.DataFrame(
            {
                "source": ["s", "s"],
                "located": [True, True],
                "in_areas": [True, False],
                "in_city": [True, True],
                "could": [None, None],
                "chance": [None, None],
                "chance_if_unknown": [None, None],
                "count": [1, 1],
            },
            schema_overrides={
                "could": pl.Boolean,
                "chance": pl.Float64,
                "chance_if_unknown": pl.Float64,
            },
        )
    )
    years = [Year(Figure(n / 1_000, n, 1_000), none, False) for n in (40, 20)]
    for _step, low, _middle, high, verdict, turning in list(steps(*years, READING, 0.95))[:3]:
        assert (low, high, verdict, turning) == (-50.0, -50.0, "met", None)


def test_one_level_tells_no_difference() -> None:
    assert same_share(np.array([[10, 2]])) is None
    assert same_share(np.array([[10, 0], [20, 0]])) is None


def test_few_cases_are_tested_without_the_large_sample() -> None:
    """3 of 4 against 1 of 4: Fisher's test gives 0.49, and so, nearly, do the random tables."""
    assert same_share(np.array([[3, 1], [1, 3]])) == pytest.approx(0.486, abs=0.02)


@pytest.fixture(scope="module")
def example(city_status: InternalEdition) -> InternalEdition:
    return city_status


def test_wherever_the_unlocated_notices_lay_the_target_is_met(example: InternalEdition) -> None:
    rate = example.public.sensitivity.filter(
        (pl.col("target") == "fewer-evictions") & (pl.col("reading") == "rate")
    )
    assert rate["step"].to_list() == STEPS
    assert set(rate["verdict"]) == {"met"}
    assert rate["unlocated"].unique().to_list() == [85]
    assert (rate["change_high"] < -25).all()


def test_wherever_the_unlocated_minors_lay_the_number_fell_enough(example: InternalEdition) -> None:
    """Few are missing, so neither how many nor a step is told; that the verdict holds is."""
    of_number = (pl.col("target") == "fewer-young-offenders") & (pl.col("reading") == "number")
    steps = example.public.sensitivity.filter(of_number)
    assert steps.height == len(STEPS)
    assert all(steps[name].null_count() == len(STEPS) for name in ("verdict", "change_low"))
    [verdict] = example.public.verdicts.filter(of_number).to_dicts()
    assert (verdict["verdict"], verdict["unlocated"]) == ("met", "holds")
    assert verdict["unlocated_cases"] is None


def test_notices_are_located_less_often_in_the_new_system(example: InternalEdition) -> None:
    """The example's addresses are typed more freely from 2021 on: it is seen, and tested."""
    by_year = example.public.missing.filter(
        (pl.col("indicator") == "eviction-notices-per-dwelling") & (pl.col("factor") == "year")
    )
    shares = dict(by_year.select("level", "share_located").iter_rows())
    assert shares["2016"] > 0.96 > 0.91 > shares["2021"]
    assert by_year["p_value"][0] < 0.001


def test_the_kind_of_case_is_a_factor_of_who_is_missing(example: InternalEdition) -> None:
    """The example knows the ground of a notice, and addresses are no worse for one than another."""
    own = example.public.missing.filter(
        (pl.col("indicator") == "eviction-notices-per-dwelling")
        & pl.col("factor").is_in(["source", "kind"])
    )
    by_kind = own.filter(pl.col("factor") == "kind")
    assert by_kind["level"].to_list() == ["Husorden", "Restance"]
    assert by_kind["unlocated"].sum() == own.filter(pl.col("factor") == "source")["unlocated"].sum()
    assert by_kind["p_value"][0] > 0.05


def test_where_who_is_missing_is_withheld_that_is_said(example: InternalEdition) -> None:
    indicators = {each.id: each for _, each in example.policy.indicators()}
    for language, said in (("da", "Vises ikke: tallene er små"), ("en", "Not shown: the numbers")):
        with in_language(Locale(language)):
            [section] = located_section(example.public, indicators["minors-in-hearings"])
        [paragraph] = section.blocks
        assert isinstance(paragraph, Paragraph)
        assert paragraph.text.startswith(said)
    with in_language(Locale("en")):
        [section] = located_section(example.public, indicators["eviction-notices-per-dwelling"])
    assert "Not shown" not in str(section)


def test_how_to_read_names_every_threshold(example: InternalEdition) -> None:
    """The policy's own, and that of each indicator that has a higher one."""
    policy = example.policy
    goals = [
        goal.model_copy(
            update={
                "indicators": [
                    each.model_copy(update={"disclosure": Disclosure(threshold=12)})
                    if each.id == "minors-in-hearings"
                    else each
                    for each in goal.indicators
                ]
            }
        )
        for goal in policy.goals
    ]
    other = replace(example.public, policy=policy.model_copy(update={"goals": goals}))
    with in_language(Locale("en")):
        assert not [each for each in how_to_read(example.public) if each.startswith("Of ")]
        (said,) = [each for each in how_to_read(other) if each.startswith("Of ")]
    assert said.endswith("no count from 1 to 11 is shown.")


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    lost = [
        f"{20 + n};1{n}-03-2023;;{name};Strandvejen, 2100 København Ø;Fogedretten"
        for n, name in enumerate(["Ada Bo", "Eli Fo", "Gry Ho", "Jo Ko"])
    ]
    rows = hamlet.ROWS + lost
    tables = []
    for number, each in enumerate((rows, rows[::-1])):
        # Five of eleven are not located: a policy must say that this may be.
        rules = {"largest_share_lost": 100}
        status = status_of(hamlet.build(tmp_path / str(number), each, rules))
        tables.append((status.public.sensitivity, status.public.missing))
    assert tables[0][0].equals(tables[1][0])
    assert tables[0][1].equals(tables[1][1])
    assert not tables[0][0].is_empty()
