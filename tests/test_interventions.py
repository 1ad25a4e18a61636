"""What an estimate of an intervention promises, and when there is none."""

from __future__ import annotations

import numpy as np
import pytest

from kvarter.documents.interventions import intervention_blocks
from kvarter.editions import InternalEdition
from kvarter.i18n import Locale, in_language
from kvarter.judgement.interventions import Panel, apart_before, by_lot, estimate
from kvarter.policy.model import Language


def panel(
    random: np.random.Generator, effect: float = 0.0, areas: int = 16, before: float = 0.0
) -> Panel:
    """Eight years of areas, four of them with an intervention from the fourth on.

    `effect` on the logarithm of the rate; `before`: by how much they go apart each year anyway.
    """
    treated, after = np.arange(areas) < 4, np.arange(8) >= 3
    rate = 0.01 * np.exp(random.normal(0, 0.2, (areas, 1)) - 0.1 * np.arange(8))
    drift = np.outer(treated, np.arange(8)) * before
    totals = np.full((areas, 8), 4_000.0)
    expected = rate * totals * np.exp(effect * np.outer(treated, after) + drift)
    return Panel(random.poisson(expected).astype(float), totals, treated, after)


@pytest.mark.slow
def test_without_an_effect_the_interval_holds_none_about_95_times_in_100() -> None:
    random = np.random.default_rng(9)
    spans = [estimate(panel(random), 0.95)[1] for _ in range(400)]
    held = sum(low <= 0 <= high for low, high in spans) / len(spans)
    assert 0.92 <= held <= 0.98


@pytest.mark.slow
def test_what_is_unusual_in_an_area_may_last_for_years() -> None:
    """Deviations of 20 percent that last (correlation 0.8) make the interval no surer."""
    random = np.random.default_rng(13)
    held = 0
    for _ in range(300):
        made = panel(random)
        lasting = np.zeros(made.counts.shape)
        lasting[:, 0] = random.normal(0, 0.2, len(lasting))
        for year in range(1, lasting.shape[1]):
            shock = random.normal(0, 0.2 * np.sqrt(1 - 0.8**2), len(lasting))
            lasting[:, year] = 0.8 * lasting[:, year - 1] + shock
        counts = random.poisson(np.maximum(made.counts, 1) * np.exp(lasting)).astype(float)
        low, high = estimate(Panel(counts, made.totals, made.treated, made.after), 0.95)[1]
        held += low <= 0 <= high
    assert held / 300 >= 0.92


@pytest.mark.slow
def test_without_an_effect_the_lot_rarely_speaks() -> None:
    random = np.random.default_rng(10)
    assert sum(by_lot(panel(random)) <= 0.05 for _ in range(60)) <= 9


def test_an_effect_that_is_there_is_found() -> None:
    found = panel(np.random.default_rng(11), effect=np.log(0.6))
    middle, (low, high) = estimate(found, 0.95)
    assert low < -40 < high < 0
    assert low < middle < high
    assert by_lot(found) < 0.01


def test_areas_that_went_apart_before_are_noticed() -> None:
    random = np.random.default_rng(12)
    apart = apart_before(panel(random, before=-0.4))
    alike = apart_before(panel(random))
    assert apart is not None
    assert alike is not None
    assert apart < 0.05 < alike


@pytest.mark.parametrize(
    ("treated", "after", "why"),
    [
        ([True] * 5, [False, False, True, True], "few_areas"),
        ([True] + [False] * 4, [False, False, True, True], "few_areas"),
        ([True] * 3 + [False] * 2, [False, False, True, True], "few_areas"),
        ([True] * 2 + [False] * 3, [False, True, True, True], "few_years_before"),
        ([True] * 2 + [False] * 3, [False, False, False, True], "few_years_after"),
        ([True] * 2 + [False] * 3, [False, False, True, True], None),
    ],
)
def test_when_an_estimate_is_refused(
    treated: list[bool], after: list[bool], why: str | None
) -> None:
    counts = np.full((5, 4), 10.0)
    made = Panel(counts, counts * 100, np.array(treated), np.array(after))
    assert made.refused() == why


def test_too_few_cases_are_refused() -> None:
    counts = np.full((5, 4), 4.0)
    rows, columns = np.arange(5) < 2, np.arange(4) > 1
    assert Panel(counts, counts * 100, rows, columns).refused() == "few_cases"


def test_the_example_offers_one_and_refuses_two(city_status: InternalEdition) -> None:
    found = city_status.public.interventions.filter(city_status.public.interventions["goal"] == 2)
    assert found["refused"].to_list() == ["all_areas", None, "few_years_after"]
    offered = found.row(1, named=True)
    # Nothing was planted there, and nothing is found.
    assert offered["effect_low"] < 0 < offered["effect_high"]
    assert offered["p_value"] > 0.05


def test_no_estimate_rests_on_a_hidden_area(city_status: InternalEdition) -> None:
    """One area of 2018 is hidden: its years are incomplete, and it is left out of the panel."""
    shown = city_status.public.interventions.filter(
        city_status.public.interventions["refused"].is_null()
    ).row(0, named=True)
    assert shown["areas"] + shown["other_areas"] == 15


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("da", "(2023–), Undervisning; 18 til 29 år; Ellekrat og Lærkebo."),
        ("en", "(2023–), Teaching; 18 to 29 years old; Ellekrat and Lærkebo."),
    ],
)
def test_whom_an_intervention_is_for_is_shown(
    city_status: InternalEdition, language: Language, said: str
) -> None:
    [goal] = [each for each in city_status.policy.goals if each.number == 2]
    with in_language(Locale(language)):
        [section] = intervention_blocks(city_status.public, goal)
    assert said in str(section).replace("\\u2013", "–").replace("\\xa0", " ")
