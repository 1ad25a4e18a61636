"""The distance measure: what must always hold, and what it says of the example."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conftest import status_of
from hamlet import build, policy
from kvarter.areas.groups import Group
from kvarter.disclosure import LevelAttackers, ProtectedDistance, audit, protect_distance
from kvarter.disclosure.levels import published_levels
from kvarter.documents.distance_words import projected_range
from kvarter.editions import InternalEdition
from kvarter.errors import DisclosureError, PolicyError
from kvarter.indicators.criteria import Cells
from kvarter.indicators.distance import closed, lag, pace, projected_year, split
from kvarter.judgement import compare_choices, judge_distance
from kvarter.judgement.lags import Lags, Spot, interval
from kvarter.policy import load_policy
from kvarter.policy.model import AREAS, CITY, REST, Criterion, Policy
from kvarter.tables import table
from methods.distance_change import cells_of, criterion
from page import write_report

COUNTS = st.integers(50, 5000)
SHARES = st.floats(0.02, 0.9)


# The measure.


@given(SHARES, SHARES, COUNTS, COUNTS, st.sampled_from(["less", "more"]))
def test_the_lag_behind_the_city_is_that_behind_the_rest_less_the_areas_own_part(
    areas: float, rest: float, of_areas: int, of_rest: int, better: Any
) -> None:
    w = of_areas / (of_areas + of_rest)
    city = w * areas + (1 - w) * rest
    assert lag(areas, city, better) == pytest.approx((1 - w) * lag(areas, rest, better), abs=1e-12)


@given(st.lists(SHARES, min_size=4, max_size=4), st.floats(0.05, 0.6), st.integers(2, 9))
def test_both_references_agree_while_the_areas_part_is_the_same(
    levels: list[float], w: float, grows: int
) -> None:
    areas, rest, areas_now, rest_now = levels
    assume(abs(areas - rest) > 0.01)
    found = []
    for part in (0.0, w):  # of the areas in the reference: none is the rest, w the whole city
        before = lag(areas, part * areas + (1 - part) * rest, "less")
        now = lag(areas_now, part * areas_now + (1 - part) * rest_now, "less")
        found.append(closed(now, before))
    assert found[0] == pytest.approx(found[1], abs=1e-6)


@given(st.floats(0.001, 1), st.integers(1, 30), st.floats(0.05, 1))
def test_the_projected_year_is_the_first_in_which_the_ambition_is_met(
    share: float, years: int, ambition: float
) -> None:
    a_year = pace(share, years)
    year = projected_year(2017, ambition, a_year)
    assert a_year is not None
    if year is not None:
        assert (year - 2017) * a_year >= ambition - 1e-6
        assert (year - 1 - 2017) * a_year < ambition + 1e-6


def test_a_lag_that_does_not_shrink_is_never_closed() -> None:
    assert projected_year(2017, 0.5, 0.0) is None
    assert projected_year(2017, 0.5, -0.1) is None
    assert pace(0.3, 0) is None


LAGS = st.floats(-50, 50)


@given(LAGS, LAGS, LAGS, LAGS)
def test_the_parts_of_a_change_add_up(start: float, fixed: float, kept: float, now: float) -> None:
    parts = split(start, fixed, kept, now)
    assert parts.within + parts.boundaries == pytest.approx(now - start, abs=1e-9)
    assert parts.dropped is not None
    assert parts.added is not None
    assert parts.dropped + parts.added == pytest.approx(parts.boundaries, abs=1e-9)


# A city of a few cells, through the stage.


def small_policy(folder: Path, **ambition: Any) -> Policy:
    """The hamlet's policy with a criterion and a later area set, in which `vest` is dropped."""
    path = build(folder)
    chosen = load_policy(path)
    first = chosen.area_sets[0]
    later = first.model_copy(
        update={"id": "later", "decided": dt.date(2021, 1, 1), "areas": first.areas[:1]}
    )
    content = chosen.model_dump(by_alias=True)
    content["area_sets"].append(later.model_dump(by_alias=True))
    content["disclosure"] = {"threshold": 5}
    content["criteria"] = [criterion().model_dump(by_alias=True)]
    content["ambition"] = {
        "title": "Half",
        "year": 2030,
        "data_years": {"2017": 2017, "2024": 2024},
        "readings": [{"title": "so", "reference": "rest", "overall": "mean", "areas": "fixed"}],
    } | ambition
    return Policy.model_validate(content)


def judged(
    folder: Path, amounts: list[tuple[float, float, float, float]], **ambition: Any
) -> tuple[Policy, list[Cells], pl.DataFrame, pl.DataFrame]:
    """Each of the amounts: numerator and denominator of 2017 and 2024, of a cell.

    The first cell is in the first area of both sets, the second in the second of the first set
    only; the others are in no area.
    """
    chosen = small_policy(folder, **ambition)
    fixed = chosen.area_sets[0]
    one, other = fixed.areas[0].id, fixed.areas[1].id
    cells = [
        frozenset({Group(fixed.id, one), Group("later", one)}),
        frozenset({Group(fixed.id, other)}),
    ]
    cells += [frozenset()] * (len(amounts) - 2)
    table = np.array(amounts, dtype=float)
    found = [Cells(criterion(), [2017, 2024], cells, table[:, [0, 2]], table[:, [1, 3]])]
    return chosen, found, *judge_distance(found, chosen, chosen.editions[-1])


USUAL = [(300.0, 1000.0, 250.0, 1000.0), (320.0, 1000.0, 220.0, 1100.0), (1500.0, 10_000.0) * 2]


def row(table: pl.DataFrame, **wanted: object) -> dict[str, Any]:
    (found,) = table.filter(**wanted).to_dicts()
    return found


def test_the_figures_of_a_criterion_are_those_worked_out_by_hand(tmp_path: Path) -> None:
    _, _, distance, _ = judged(tmp_path, USUAL)
    fixed = row(distance, areas="fixed", reference="rest", group=AREAS, period=2024)
    assert fixed["lag_baseline"] == pytest.approx(0.31 - 0.15)
    assert fixed["lag"] == pytest.approx(470 / 2100 - 0.15)
    assert fixed["closed"] == pytest.approx(1 - (470 / 2100 - 0.15) / 0.16)
    assert fixed["distance_covered"] == pytest.approx(2 * fixed["closed"])
    assert fixed["closed_low"] < fixed["closed"] < fixed["closed_high"]
    assert fixed["pace"] == pytest.approx(fixed["closed"] / 7)
    against_city = row(distance, areas="fixed", reference="city", group=AREAS, period=2024)
    assert against_city["lag"] == pytest.approx(470 / 2100 - 1970 / 12_100)


def test_a_projected_year_has_its_range_and_so_has_that_of_the_whole(tmp_path: Path) -> None:
    """Of a single criterion, the whole is that criterion."""
    _, _, distance, overall = judged(tmp_path, USUAL)
    own = row(distance, areas="fixed", reference="rest", group=AREAS, period=2024)
    whole = row(overall, areas="fixed", reference="rest", group=AREAS, period=2024, overall="mean")
    for name in ("projected_year", "projected_first", "projected_last"):
        assert whole[name] == own[name]
    assert whole["projected_first"] < whole["projected_year"] < whole["projected_last"]


@pytest.mark.usefixtures("in_danish")
@pytest.mark.parametrize(
    ("year", "first", "last", "said"),
    [
        (2038, 2036, 2041, "mellem 2036 og 2041"),
        (2190, 2074, None, "tidligst 2074, måske aldrig"),
        (None, 2150, None, "måske 2150 eller senere"),
        (None, None, None, ""),
        (2025, 2025, 2025, ""),
    ],
)
def test_what_chance_leaves_open_of_a_projected_year_is_said(
    year: int | None, first: int | None, last: int | None, said: str
) -> None:
    found = {"projected_year": year, "projected_first": first, "projected_last": last}
    assert projected_range(found) == said


def test_boundaries_are_told_apart_from_change(tmp_path: Path) -> None:
    chosen, _, distance, _ = judged(tmp_path, USUAL)
    for reference in ("city", "rest"):
        now = row(distance, areas="designated", reference=reference, group=AREAS, period=2024)
        fixed = row(distance, areas="fixed", reference=reference, group=AREAS, period=2024)
        assert now["area_set"] == "later"
        assert now["change_within"] == pytest.approx(fixed["lag"] - fixed["lag_baseline"])
        whole = now["change_within"] + now["change_dropped"] + now["change_added"]
        assert whole == pytest.approx(now["lag"] - now["lag_baseline"])
        assert now["change_added"] == pytest.approx(0)  # nothing was taken in
    names = distance.filter(areas="designated", period=2024, reason="dropped_area")["group"]
    assert set(names) == {area.id for area in chosen.area_sets[0].areas[1:]}


@pytest.mark.parametrize(
    ("first", "why"),
    [
        ((150.0, 1000.0), "no lag at all"),
        ((100.0, 1000.0), "ahead of the rest"),
        ((158.0, 1000.0), "within chance of none"),
    ],
)
def test_a_small_lag_cannot_be_measured(
    tmp_path: Path, first: tuple[float, float], why: str
) -> None:
    amounts = [(*first, 100.0, 1000.0), (*first, 100.0, 1000.0), USUAL[2]]
    _, _, distance, overall = judged(tmp_path, amounts)
    found = row(distance, areas="fixed", reference="rest", group=AREAS, period=2024)
    assert found["reason"] == "small_lag"
    assert found["closed"] is None
    assert found["distance_covered"] is None
    assert found["lag"] is not None
    verdicts = overall.filter(group=AREAS, period=2024, areas="fixed")["verdict"]
    assert set(verdicts) == {"cannot_tell"}


def test_a_clear_lag_below_the_stated_share_cannot_be_measured(tmp_path: Path) -> None:
    big = [(1000 * a, 1000 * b, 1000 * c, 1000 * d) for a, b, c, d in USUAL]
    big[:2] = [(153_000.0, 1_000_000.0, 100_000.0, 1_000_000.0)] * 2
    _, _, distance, _ = judged(tmp_path / "a", big)
    found = row(distance, areas="fixed", reference="rest", group=AREAS, period=2024)
    assert found["lag_baseline_low"] > 0
    assert found["reason"] == "small_lag"
    _, _, distance, _ = judged(tmp_path / "b", big, least_lag=0.0)
    found = row(distance, areas="fixed", reference="rest", group=AREAS, period=2024)
    assert found["reason"] == ""


def test_the_choices_can_disagree_on_the_verdict(tmp_path: Path) -> None:
    """Without the area that did badly, the others look as if they had arrived."""
    amounts = [(300.0, 1000.0, 190.0, 1000.0), (300.0, 1000.0, 400.0, 1000.0), USUAL[2]]
    _, _, _, overall = judged(tmp_path, amounts)
    choices = compare_choices(overall, 2024, AREAS)
    assert choices.verdicts == ["met", "not_met"]
    assert not choices.same_verdict
    assert choices.most is not None
    assert choices.most["areas"] == "designated"


def test_the_order_of_cells_and_criteria_decides_nothing_of_the_figures(tmp_path: Path) -> None:
    chosen, found, distance, _ = judged(tmp_path, USUAL)
    first = found[0]
    another = first.criterion.model_dump(by_alias=True) | {"id": "another"}
    other = replace(first, criterion=Criterion.model_validate(another))
    after, _ = judge_distance([other, first], chosen, chosen.editions[-1])
    assert after.filter(criterion="one").equals(distance)


def test_rounded_percentages_are_told_as_an_interval(tmp_path: Path) -> None:
    chosen, found, _, _ = judged(tmp_path, USUAL)
    rounded = Criterion.model_validate(
        found[0].criterion.model_dump(by_alias=True) | {"percent_decimals": 0}
    )
    cells = replace(found[0], criterion=rounded)
    distance, _ = judge_distance([cells], chosen, chosen.editions[-1])
    one = row(distance, areas="fixed", reference="rest", group=AREAS, period=2024)
    # Each lag can be off by a whole point: half a point in each of its two percentages.
    worst = 1 - (one["lag"] + 0.01) / (one["lag_baseline"] - 0.01)
    assert one["rounding_low"] == pytest.approx(worst)
    assert one["rounding_low"] < one["closed"] < one["rounding_high"]


# What may be shown.

NOTHING = table("levels").empty()


def protected(
    chosen: Policy,
    cells: list[Cells],
    distance: pl.DataFrame,
    overall: pl.DataFrame,
    released: pl.DataFrame = NOTHING,
) -> ProtectedDistance:
    """The distance as told, after the attacker has tried it."""
    found = protect_distance(distance, overall, cells, chosen, released)
    attackers = LevelAttackers(found.distance, cells, chosen, released)
    tried = audit(found.sensitive(), attackers)
    assert (tried["high"] - tried["low"] >= tried["asked_width"]).all()
    assert tried.height == len(found.sensitive())
    return found


def test_few_residents_are_hidden_and_so_is_what_gives_them_away(tmp_path: Path) -> None:
    amounts = [(1.0, 3.0, 1.0, 3.0), *USUAL[1:], (900.0, 9000.0, 900.0, 9000.0)]
    chosen, cells, distance, overall = judged(tmp_path, amounts)
    found = protected(chosen, cells, distance, overall)
    told, together = found.distance, found.overall
    few = chosen.area_sets[0].areas[0].id
    hidden = told.filter(~pl.col("shown"))
    assert few in hidden["group"]
    assert (
        hidden.filter(group=few, areas="fixed").height
        == told.filter(group=few, areas="fixed").height
    )
    figures = [name for name in told.columns if told[name].dtype == pl.Float64]
    assert all(hidden[name].is_null().all() for name in figures)
    # The other area and all areas together would give the few away: not both are shown.
    shown = set(told.filter(pl.col("shown") & (pl.col("areas") == "fixed"))["group"])
    assert not {AREAS, chosen.area_sets[0].areas[1].id} <= shown
    for name in ("distance_covered", "projected_year", "projected_first", "projected_last"):
        assert together.filter(~pl.col("shown"))[name].is_null().all()


def test_nothing_is_hidden_where_nobody_is_few(tmp_path: Path) -> None:
    chosen, cells, distance, overall = judged(tmp_path, USUAL)
    found = protected(chosen, cells, distance, overall)
    told, together = found.distance, found.overall
    assert told["shown"].all()
    assert together["shown"].all()
    assert told.drop("shown").equals(distance)


def test_a_dropped_area_of_a_few_is_hidden_across_the_sets(tmp_path: Path) -> None:
    """The areas then and now differ by three people: one of the two is not shown."""
    amounts = [USUAL[0], (1.0, 3.0, 1.0, 3.0), USUAL[2]]
    chosen, cells, distance, overall = judged(tmp_path, amounts)
    told = protected(chosen, cells, distance, overall).distance
    both = told.filter(group=AREAS, period=2024, reference="city")
    assert not both["shown"].all()


FEW = [(1.0, 3.0, 1.0, 3.0), *USUAL[1:], (900.0, 9000.0, 900.0, 9000.0)]


@pytest.mark.parametrize("column", ["denominator", "denominator_baseline"])
def test_a_level_of_few_residents_told_by_mistake_is_found(tmp_path: Path, column: str) -> None:
    """The control: the attacker of the distance reads what he is told."""
    chosen, cells, distance, overall = judged(tmp_path, FEW)
    found = protected(chosen, cells, distance, overall)
    leak = replace(found, distance=found.distance.with_columns(distance[column]))
    with pytest.raises(DisclosureError, match="can be worked out"):
        audit(leak.sensitive(), LevelAttackers(leak.distance, cells, chosen, NOTHING))


def test_a_share_of_none_in_a_small_group_is_found_too(tmp_path: Path) -> None:
    """None of 12 residents: the number of residents stays open, and so does that it is none."""
    amounts = [(0.0, 12.0, 0.0, 12.0), *USUAL[1:], (900.0, 9000.0, 900.0, 9000.0)]
    chosen, cells, distance, overall = judged(tmp_path, amounts)
    found = protected(chosen, cells, distance, overall)
    assert {cell.whom.column for cell in found.sensitive()} == {"numerator", "denominator"}
    leak = replace(found, distance=found.distance.with_columns(distance["level"]))
    with pytest.raises(DisclosureError, match="can be worked out"):
        audit(leak.sensitive(), LevelAttackers(leak.distance, cells, chosen, NOTHING))


def test_a_criterion_does_not_give_away_what_another_hides(tmp_path: Path) -> None:
    """None of 12 residents lack education, and 6 of the same 12 have a low income."""
    amounts = [(0.0, 12.0, 0.0, 12.0), *USUAL[1:], (900.0, 9000.0, 900.0, 9000.0)]
    chosen, [one], *_ = judged(tmp_path, amounts)
    above = one.numerator.copy()
    above[0] = 6.0
    named = one.criterion.model_copy(update={"id": "other"})
    both = [one, replace(one, criterion=named, numerator=above)]
    told = protected(chosen, both, *judge_distance(both, chosen, chosen.editions[-1])).distance
    hidden = told.filter(~pl.col("shown")).group_by("criterion").len()
    assert hidden["len"].n_unique() == 1
    assert set(hidden["criterion"]) == {one.criterion.id, "other"}


def test_what_was_released_of_the_distance_is_known(tmp_path: Path) -> None:
    """All areas were published with all of their residents: now the dropped area is not shown."""
    amounts = [USUAL[0], (1.0, 3.0, 1.0, 3.0), USUAL[2]]
    chosen, cells, distance, overall = judged(tmp_path, amounts)
    fixed = chosen.area_sets[0].id
    before = published_levels(distance).filter(
        (pl.col("group") == AREAS) & (pl.col("area_set") == fixed)
    )
    told = protected(chosen, cells, distance, overall, before).distance
    now = told.filter(group=AREAS, period=2024, reference="city")
    assert dict(now.select("areas", "shown").iter_rows()) == {"fixed": True, "designated": False}


# Chance.


@pytest.mark.slow
def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Years drawn independently, as the method assumes."""
    rng = np.random.default_rng(20)
    truth = closed(0.22 - 0.15, 0.30 - 0.15)
    held, tries = 0, 300
    for _ in range(tries):
        rows = [
            {"where": where, "year": year, "count": int(rng.binomial(of, share)), "of": of}
            for where, of in (("areas", 4000), ("rest", 40_000))
            for year, share in (
                (2017, 0.30 if where == "areas" else 0.15),
                (2024, 0.22 if where == "areas" else 0.15),
            )
        ]
        lags = Lags(cells_of(rows))
        before, now = (Spot(Group("2017", AREAS), year) for year in (2017, 2024))
        low, high = interval(closed(lags.lags(now, "rest"), lags.lags(before, "rest")), 0.95)
        held += low <= truth <= high
    assert 0.91 <= held / tries <= 0.985


def test_draws_tell_nothing_of_the_cells_within_a_group() -> None:
    """The seed is public: cities with the same levels have the same intervals, to every digit."""

    def ends(split: tuple[int, int]) -> list[tuple[float, float]]:
        inside = [
            frozenset({Group("2017", "a")}),
            frozenset({Group("2017", "a")}),
            frozenset[Group](),
        ]
        counts = np.array([[split[0], 30], [split[1], 20], [90, 80]], dtype=float)
        lags = Lags(Cells(criterion(), [2017, 2024], inside, counts, np.full((3, 2), 400.0)))
        spots = [Spot(Group("2017", AREAS), year) for year in (2017, 2024)]
        return [lags.interval(spot, of, 0.95) for spot in spots for of in (CITY, REST)]

    assert ends((1, 49)) == ends((2, 48)) == ends((25, 25))


# The policy.


def test_an_ambition_without_criteria_or_baseline_is_told(tmp_path: Path) -> None:
    reading = {"title": "so", "reference": "rest", "overall": "mean", "areas": "fixed"}
    editions = [each | {"baseline": False} for each in policy()["editions"]]
    ambition = {"title": "x", "year": 2025, "readings": [reading, reading]}
    path = build(tmp_path, changed={"ambition": ambition, "editions": editions})
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    text = str(caught.value)
    for part in ("no criteria", "the ambition is a change", "none (or more than one) decides"):
        assert part in text


# The example.


@pytest.fixture(scope="module")
def status(city_status: InternalEdition) -> InternalEdition:
    return city_status


def mean(status: InternalEdition, areas: str, reference: str) -> dict[str, Any]:
    return row(
        status.public.distance_overall,
        areas=areas,
        reference=reference,
        group=AREAS,
        period=2024,
        overall="mean",
    )


def test_the_example_is_a_third_of_the_way_by_computation(status: InternalEdition) -> None:
    found = mean(status, "fixed", "rest")
    assert found["distance_covered"] == pytest.approx(1 / 3, abs=0.01)
    assert found["covered_low"] < 1 / 3 < found["covered_high"]
    assert found["criteria_measured"] == 5
    assert found["verdict"] == "not_met"
    # From the tables, with nothing of Kvarter's: the mean of the criteria.
    shares = status.public.distance.filter(
        areas="fixed", reference="rest", group=AREAS, period=2024
    )["closed"]
    assert shares.mean() / 0.5 == pytest.approx(found["distance_covered"])


def test_the_example_says_where_its_choices_disagree(
    status: InternalEdition, tmp_path: Path
) -> None:
    assert mean(status, "designated", "rest")["distance_covered"] < 0.2
    counted = status.public.distance_overall.filter(group=AREAS, period=2024, overall="criteria")
    reached = {(r["areas"], r["reference"]): r["criteria_reached"] for r in counted.to_dicts()}
    assert reached["fixed", "city"] == 1
    assert reached["fixed", "rest"] == 0
    for language, said in (
        ("en", "disagree on how far the areas have come"),
        ("da", "men de giver forskelligt svar på, hvor langt områderne er nået"),
    ):
        write_report(status, tmp_path / language, language)
        assert said in (tmp_path / language).read_text(encoding="utf-8")


def test_in_the_example_boundaries_undo_a_part_of_every_change(status: InternalEdition) -> None:
    rows = status.public.distance.filter(
        areas="designated", group=AREAS, period=2024, reference="rest"
    ).to_dicts()
    assert len(rows) == 5
    for each in rows:
        assert each["change_boundaries"] > 0
        parts = each["change_within"] + each["change_dropped"] + each["change_added"]
        assert parts == pytest.approx(each["lag"] - each["lag_baseline"], abs=1e-12)
    new = status.public.distance.filter(group="ved-svanedammen")["reason"].unique().to_list()
    assert new == ["new_area"]


def test_an_edition_knows_no_later_year(city: Path) -> None:
    earlier = status_of(city / "policy.yaml", "2021")
    assert earlier.public.distance["period"].max() == 2021
