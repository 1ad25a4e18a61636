"""Verdicts against figures counted by hand; the methods themselves are in `methods/`."""

from __future__ import annotations

import polars as pl
import pytest

from kvarter.judgement import Judge
from kvarter.judgement.comparisons import gaps
from kvarter.judgement.intervals import bounds
from kvarter.policy.model import Policy
from kvarter.tables import table as specified


def policy_with(*readings: dict[str, object], kind: str = "rate", decimals: int = 1) -> Policy:
    """A policy of one indicator and one target with `readings`."""
    indicator: dict[str, object] = {
        "id": "i",
        "title": "i",
        "measured": "m",
        "kind": kind,
        "numerator": {"cases": "k"},
        "decimals": decimals,
    }
    if kind == "rate":
        indicator["denominator"] = {"statistic": "d", "column": "n"}
    years = [("b", 2016, True), ("s", 2023, False)]
    return Policy.model_validate(
        {
            "title": "t",
            "municipality": {"code": "0101", "name": "n"},
            "period": {"from": 2016, "to": 2025},
            "editions": [
                {"id": i, "title": i, "data_year": y, "area_set": "a", "baseline": b}
                for i, y, b in years
            ],
            "area_sets": [
                {
                    "id": "a",
                    "title": "a",
                    "file": "f",
                    "name_field": "n",
                    "areas": [{"id": "x", "name": "x"}],
                }
            ],
            "case_kinds": [
                {"id": "k", "title": "k", "unite_as": "household", "same_when": [["unit"]]}
            ],
            "goals": [
                {
                    "number": 1,
                    "title": "g",
                    "indicators": [indicator],
                    "targets": [
                        {
                            "id": "t",
                            "text": "t",
                            "indicator": "i",
                            "readings": [
                                {"id": f"r{n}", "title": "r", "decides": n == 0, **reading}
                                for n, reading in enumerate(readings)
                            ],
                        }
                    ],
                }
            ],
        }
    )


def measures(
    base: tuple[float, float, float, float],
    now: tuple[float, float, float, float],
    unlocated: tuple[int, int] = (0, 0),
) -> pl.DataFrame:
    """Counts in areas and city over their totals: (areas, total, city, total) for both years."""
    rows = []
    for year, (a, an, c, cn), lost in ((2016, base, unlocated[0]), (2023, now, unlocated[1])):
        for group, count, total in (
            ("areas", a, an),
            ("rest", c - a, cn - an or cn),
            ("city", c, cn),
        ):
            rows.append(("i", year, group, float(count), float(total), count / total, lost))
    names = ["indicator", "period", "group", "numerator", "denominator", "value", "unlocated"]
    return pl.DataFrame(rows, schema=names, orient="row")


def verdict(policy: Policy, table: pl.DataFrame, reading: str = "r0") -> dict[str, object]:
    judged = Judge(policy.edition("s"), {})(table, policy)
    specified("verdicts").conform(judged)
    (row,) = judged.filter(pl.col("reading") == reading).to_dicts()
    return row


FALL_25 = {"kind": "relative_change", "change": -25}


@pytest.mark.parametrize(
    ("reading", "change", "found"),
    [
        (FALL_25, -50.0, "met"),
        ({"kind": "relative_change", "change": -60}, -50.0, "not_met"),
        ({"kind": "relative_change", "change": 10}, -50.0, "not_met"),
        ({"kind": "relative_change", "of": "numerator", "change": -25}, -50.0, "met"),
        ({"kind": "point_change", "change": -1}, -1.0, "met"),
        ({"kind": "level", "level": 0.9}, 1.0, "not_met"),
        ({"kind": "level", "level": 100, "of": "numerator"}, 100.0, "met"),
        ({"kind": "gap_absolute", "change": -10}, -25.0, "met"),
        ({"kind": "gap_relative", "change": -25, "versus": "city"}, 50.0, "not_met"),
    ],
)
def test_every_kind_of_target(reading: dict[str, object], change: float, found: str) -> None:
    """Areas from 200 to 100 of 10,000, city from 1,200 to 400 of 100,000 (1.2 % to 0.4 %)."""
    table = measures((200, 10_000, 1_200, 100_000), (100, 10_000, 400, 100_000))
    row = verdict(policy_with(reading), table)
    assert row["verdict"] == found
    # The gap in points goes from 0.8 to 0.6, in times from 0.667 to 1.5 above the city.
    expected = {"gap_relative": 125.0}.get(str(reading["kind"]), change)
    assert row["change"] == pytest.approx(expected, abs=0.1)


def test_tipping_point_is_the_smallest_number_that_turns_it() -> None:
    """100 must fall to 75 or less: from 60, fifteen more still meet it and sixteen do not."""
    table = measures((100, 10_000, 500, 90_000), (60, 10_000, 400, 90_000), unlocated=(0, 20))
    row = verdict(policy_with(FALL_25), table)
    assert (row["verdict"], row["tipping_point"], row["unlocated"]) == ("met", 16, "turns")
    few = measures((100, 10_000, 500, 90_000), (60, 10_000, 400, 90_000), unlocated=(0, 15))
    assert verdict(policy_with(FALL_25), few)["unlocated"] == "holds"


def test_unlocated_cases_of_the_baseline_can_turn_a_not_met() -> None:
    table = measures((100, 10_000, 500, 90_000), (80, 10_000, 400, 90_000), unlocated=(10, 0))
    row = verdict(policy_with(FALL_25), table)
    assert (row["verdict"], row["unlocated"], row["tipping_point"]) == ("not_met", "turns", None)


def test_rounding_can_turn_it() -> None:
    """0.4 % to 0.3 % is a fall of 25 %, or of anything from 0.35-0.35 to 0.45-0.25."""
    table = measures((40, 10_000, 500, 90_000), (30, 10_000, 400, 90_000))
    assert verdict(policy_with(FALL_25), table)["rounding"] == "turns"
    assert verdict(policy_with(FALL_25, decimals=3), table)["rounding"] == "turns"
    clear = measures((140, 10_000, 500, 90_000), (30, 10_000, 400, 90_000))
    assert verdict(policy_with(FALL_25), clear)["rounding"] == "holds"


def test_a_case_system_that_changed() -> None:
    policy = policy_with(FALL_25)
    table = measures((100, 10_000, 500, 90_000), (60, 10_000, 400, 90_000))
    old, new = frozenset({"KSS"}), frozenset({"DOMUS"})
    for after, found in ((new, "turns"), (old, "holds")):
        systems = {("i", 2016): old, ("i", 2023): after}
        row = Judge(policy.edition("s"), systems)(table, policy).row(0, named=True)
        assert row["case_system"] == found


@pytest.mark.parametrize("year", [2016, 2023])
def test_a_case_system_that_nobody_told_is_not_judged(year: int) -> None:
    table = measures((100, 10_000, 500, 90_000), (60, 10_000, 400, 90_000))
    policy = policy_with(FALL_25)
    for unknown in ({}, {("i", year): frozenset[str]()}):
        systems = {("i", 2016): frozenset({"KSS"}), ("i", 2023): frozenset({"KSS"})}
        systems = {key: value for key, value in systems.items() if key[1] != year} | unknown
        row = Judge(policy.edition("s"), systems)(table, policy).row(0, named=True)
        assert row["case_system"] == "na"


@pytest.mark.parametrize(
    "table",
    [
        measures((0, 10_000, 500, 90_000), (60, 10_000, 400, 90_000)),
        measures((100, 10_000, 500, 90_000), (60, 10_000, 400, 90_000)).filter(
            pl.col("period") == 2023
        ),
        measures((100, 10_000, 500, 90_000), (60, 10_000, 400, 90_000)).with_columns(
            pl.lit(None, pl.Float64).alias("value"), pl.lit(0.0).alias("denominator")
        ),
    ],
)
def test_what_cannot_be_told(table: pl.DataFrame) -> None:
    """A baseline of zero, a year without data, a denominator of zero: no percentage, no crash."""
    row = verdict(policy_with(FALL_25), table)
    assert (row["verdict"], row["change"]) == ("cannot_tell", None)


def test_the_baseline_itself_has_no_verdict() -> None:
    policy = policy_with(FALL_25)
    table = measures((100, 10_000, 500, 90_000), (60, 10_000, 400, 90_000))
    assert Judge(policy.edition("b"), {})(table, policy).is_empty()


def test_bounds_of_a_share_move_the_whole_as_well() -> None:
    """Of six that can lie in the city, four can lie in the areas: the others join the whole."""
    share = policy_with(FALL_25, kind="share").goals[0].indicators[0]
    assert bounds(share, "areas", (11, 26), 4, 6) == pytest.approx((11 / 32, 15 / 30))
    rate = policy_with(FALL_25).goals[0].indicators[0]
    assert bounds(rate, "areas", (11, 100), 4, 6) == pytest.approx((0.11, 0.15))
    assert bounds(rate, "x", (11, 100), None, 6) == (None, None)


def test_cases_that_cannot_lie_in_the_areas_can_still_lower_their_share() -> None:
    """50 of 100, then 40 of 100: a fall of 20 %, unless 30 more of the rest were there before."""
    policy = policy_with({"kind": "relative_change", "change": -10}, kind="share")

    def found(lost: int) -> dict[str, object]:
        none_in_areas = pl.when(group="areas").then(0).otherwise("unlocated")
        table = measures((50, 100, 100, 100), (40, 100, 100, 100), (lost, 0))
        return verdict(policy, table.with_columns(unlocated=none_in_areas))

    assert found(0)["verdict"] == "met"
    assert (found(5)["unlocated"], found(30)["unlocated"]) == ("holds", "turns")


def published(base: float, now: float, city: tuple[float, float] = (1.0, 1.0)) -> pl.DataFrame:
    """Percentages of the areas and the city, as published without counts: the city's are 1."""
    rows = [
        ("i", year, group, None, None, percent / 100, None)
        for year, areas, whole in ((2016, base, city[0]), (2023, now, city[1]))
        for group, percent in (("areas", areas), ("city", whole))
    ]
    names = {"indicator": pl.String, "period": pl.Int64, "group": pl.String}
    figures = dict.fromkeys(["numerator", "denominator", "value"], pl.Float64)
    return pl.DataFrame(rows, schema=names | figures | {"unlocated": pl.Int64}, orient="row")


@pytest.mark.parametrize(
    ("base", "now", "found"),
    [(1.4, 0.6, "met"), (1.4, 1.3, "not_met"), (0.4, 0.3, "cannot_tell")],
)
def test_a_rounded_figure_is_all_that_rounds_to_it(base: float, now: float, found: str) -> None:
    """0.4 to 0.3 percent is a fall of 0 to 44 percent: nobody can say whether it is 25."""
    row = verdict(policy_with(FALL_25), published(base, now))
    assert row["verdict"] == found
    assert row["rounding"] == ("turns" if found == "cannot_tell" else "holds")
    ends = ((now + 0.05 * sign) / (base - 0.05 * sign) for sign in (-1, 1))
    assert [row["rounded_low"], row["rounded_high"]] == pytest.approx([100 * (e - 1) for e in ends])


@pytest.mark.parametrize(
    ("city", "more"),
    [((0.6, 0.2), None), ((6.0, 2.0), False), ((6.0, 5.0), True)],
)
def test_rounding_can_leave_open_whose_fall_was_larger(
    city: tuple[float, float], more: bool | None
) -> None:
    """1.4 to 0.6 % is a fall of 52 to 62 %, and 0.6 to 0.2 % one of 55 to 77: who knows?"""
    policy, table = policy_with(FALL_25), published(1.4, 0.6, city)
    row = verdict(policy, table)
    assert row["fell_more_than_city"] is more
    (gap, *_rest) = gaps(table, policy, policy.edition("s")).to_dicts()
    ends = [gap["beyond_times_low"], gap["beyond_times_high"]]
    low, high = (0.6 + sign * 0.05 for sign in (-1, 1))
    then = [(1.4 + sign * 0.05) / (city[0] - sign * 0.05) for sign in (-1, 1)]
    least, most = low / (city[1] + 0.05) / then[1], high / (city[1] - 0.05) / then[0]
    assert ends == pytest.approx([least, most])


def test_a_published_figure_has_no_chance_and_no_unlocated() -> None:
    row = verdict(policy_with(FALL_25), published(1.4, 0.6))
    assert (row["chance"], row["unlocated"], row["tipping_point"]) == ("na", "na", None)


def test_a_finer_published_figure_is_rounded_less() -> None:
    policy = policy_with(FALL_25)
    indicator = policy.goals[0].indicators[0]
    finer = [{"year": y, "group": "areas", "percent": p} for y, p in ((2016, 0.412), (2023, 0.301))]
    told = indicator.model_validate(indicator.model_dump() | {"published": finer})
    goal = policy.goals[0].model_copy(update={"indicators": [told]})
    row = verdict(policy.model_copy(update={"goals": [goal]}), published(0.412, 0.301))
    assert row["verdict"] == "met"


def test_a_level_can_be_a_floor() -> None:
    table = measures((200, 10_000, 1_200, 100_000), (100, 10_000, 400, 100_000))
    floor = {"kind": "level", "level": 0.9, "better": "higher"}
    assert verdict(policy_with(floor), table)["verdict"] == "met"


def test_the_areas_can_merely_follow_the_city() -> None:
    """Areas 2 to 1 percent; the city to a third (further), to two thirds (less far)."""
    followed = measures((200, 10_000, 1_200, 100_000), (100, 10_000, 400, 100_000))
    row = verdict(policy_with(FALL_25), followed)
    assert (row["verdict"], row["beyond_city"], row["other_comparison"]) == (
        "met",
        "turns",
        "holds",
    )
    ahead = measures((200, 10_000, 1_200, 100_000), (100, 10_000, 1_000, 100_000))
    assert verdict(policy_with(FALL_25), ahead)["beyond_city"] == "holds"


@pytest.mark.parametrize(
    ("now", "chance"),
    [((150, 10_000, 1_150, 110_000), "turns"), ((115, 10_000, 1_115, 110_000), "holds")],
)
def test_a_gap_that_closed_by_chance(now: tuple[float, ...], chance: str) -> None:
    """The rest stays at 1 percent; the gap goes from 2 points to 0.5 or 0.15, asked are 0.6."""
    base = (300, 10_000, 1_300, 110_000)
    gap = {"kind": "gap_absolute", "change": -70, "versus": "rest"}
    row = verdict(policy_with(gap), measures(base, now))  # type: ignore[arg-type]
    assert (row["verdict"], row["chance"]) == ("met", chance)
    assert row["unlocated"] == "holds"


def test_unlocated_cases_can_turn_a_gap() -> None:
    base, now = (300, 10_000, 1_300, 110_000), (115, 10_000, 1_115, 110_000)
    gap = {"kind": "gap_absolute", "change": -70, "versus": "city"}
    assert verdict(policy_with(gap), measures(base, now))["unlocated"] == "holds"
    assert verdict(policy_with(gap), measures(base, now, (0, 60)))["unlocated"] == "turns"
