"""From a published table alone: all that must be said of it, in Danish and in English."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import hamlet
from kvarter.documents.figures import cell
from kvarter.documents.observations import in_words
from kvarter.documents.verdicts import target_sentence
from kvarter.documents.words import decimals_apart
from kvarter.editions import InternalEdition
from kvarter.errors import PolicyError
from kvarter.i18n import Locale, in_language
from kvarter.judgement.figures import exact
from kvarter.judgement.versus import Against, Estimate

NOTICES = [
    *((2016, "areas", 1.4), (2020, "areas", 0.8), (2023, "areas", 0.6)),
    *((2016, "city", 0.6), (2020, "city", 0.3), (2023, "city", 0.2)),
]
MINORS = {2016: (56, 28, 50), 2020: (59, 20, 34), 2023: (42, 11, 26)}


def _minors() -> list[dict[str, Any]]:
    names = ("percent", "numerator", "denominator")
    rows: list[dict[str, Any]] = []
    for year, figure in MINORS.items():
        rows.append({"year": year, "group": "areas", **dict(zip(names, figure, strict=True))})
        whole = (100, figure[2], figure[2])
        rows.append({"year": year, "group": "city", **dict(zip(names, whole, strict=True))})
    return rows


def _goals(**more: Any) -> list[dict[str, Any]]:
    """Copenhagen's two goals as published in 2024."""
    reading = {"kind": "relative_change", "title": "r"}
    return [
        {
            "number": 2,
            "numbered_elsewhere": {"F2 6655654": 1},
            "title": "Fewer evictions",
            "indicators": [
                {
                    "id": "notices",
                    "title": "Notices per dwelling",
                    "measured": "m",
                    "kind": "rate",
                    "numerator": {"cases": "notice"},
                    "denominator": {"cases": "notice"},
                    "per": {"da": "boliger", "en": "dwellings"},
                    "published": [
                        {"year": year, "group": group, "percent": percent}
                        for year, group, percent in NOTICES
                    ],
                    **more,
                }
            ],
            "targets": [
                {
                    "id": "fewer",
                    "text": "down 25 %",
                    "indicator": "notices",
                    "wording": {
                        "speaks_of": "number",
                        "compared_with": {"text": "rest", "table": "city"},
                    },
                    "readings": [
                        {"id": "rate", **reading, "change": -25, "decides": True},
                        {"id": "number", **reading, "of": "numerator", "change": -25},
                    ],
                }
            ],
        },
        {
            "number": 5,
            "numbered_elsewhere": {"F2 6655654": 2},
            "title": "Fewer young offenders",
            "indicators": [
                {
                    "id": "minors",
                    "title": "Minors",
                    "measured": "m",
                    "kind": "share",
                    "numerator": {"cases": "notice"},
                    "decimals": 0,
                    "offences": True,
                    "published": _minors(),
                }
            ],
            "targets": [
                {
                    "id": "offenders",
                    "text": "down 6 %",
                    "indicator": "minors",
                    "readings": [
                        {"id": "share", **reading, "change": -6, "decides": True},
                        {"id": "number", **reading, "of": "numerator", "change": -6},
                        {"id": "points", "kind": "point_change", "title": "p", "change": -6},
                    ],
                }
            ],
        },
    ]


def _status(folder: Path, **more: Any) -> InternalEdition:
    editions = [
        {"id": i, "title": i, "data_year": year, "area_set": "a", "baseline": i == "2017"}
        for i, year in (("2017", 2016), ("2021", 2020), ("2024", 2023))
    ]
    changed = {"sources": [], "statistics": [], "editions": editions, "goals": _goals(**more)}
    return hamlet.run_in(hamlet.build(folder, changed=changed), edition="2024")


@pytest.fixture(scope="module")
def status(tmp_path_factory: pytest.TempPathFactory) -> InternalEdition:
    declared = [{"year": 2023, "count": 110}]
    return _status(tmp_path_factory.mktemp("published"), published_unlocated=declared)


def said(status: InternalEdition, language: Any) -> str:
    with in_language(Locale(language)):
        told = [in_words(each, status.public) for each in status.public.observations]
    return " ".join(told).replace("\N{MINUS SIGN}", "-").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        # met under every rounding, and wherever the 110 lie but for a very small ground
        ("en", "The target is met under every rounding."),
        ("da", "Målet er nået ved enhver afrunding."),
        ("en", "110 cases of 2023 could not be located. Placed wholly in the areas they turn the "),
        ("en", "under about 24,400 dwellings"),
        ("en", "with the figures rounded the worst way, under about 30,300."),
        ("da", "hvis områderne har færre end ca. 24.400 boliger"),
        ("en", "How many cases of 2016 could not be located is not known"),
        ("da", "Hvor mange sager fra 2016 der ikke kunne stedfæstes, vides ikke"),
        # the city fell more as published, the relative gap grew, the absolute halved
        ("en", "The areas changed by -57% and the city by -67%. Relatively: from 2.3 to 3.0 times"),
        ("en", "rounding leaves open which way. In points: a gap from 0.8 to 0.4; the areas came"),
        ("da", "fra 2,3 til 3,0 gange byens niveau; afrundingen gør, at"),
        ("da", "en afstand fra 0,8 til 0,4; områderne kom nærmere"),
        # the number fell clearly, the share within chance
        ("en", "the number from 28 to 11, -60.7% (interval -82.0% to -19.6%; p = 0.009)"),
        ("en", "Chance alone can give this change: the share from 56% to 42%, -13.7 points "),
        ("en", "(interval -34.8 points to +9.5 points; p = 0.335)"),
        ("da", "antallet fra 28 til 11, -60,7 % (interval -82,0 % til -19,6 %; p = 0,009)"),
        ("da", "Tilfældige udsving alene kan give denne ændring: andelen fra 56 % til 42 %"),
        ("da", "(interval -34,8 procentpoint til +9,5 procentpoint; p = 0,335)"),
        # percent or points, and opposite verdicts in 2021
        ("en", '"6 %" can be read as percent and as percentage points.'),
        ("da", "6 %"),
        ("en", "(data of 2020) the readings gave opposite verdicts"),
        ("en", "(the number from 28 to 20)"),
        ("en", "(the share from 56% to 59%)"),
        ("da", "(antallet fra 28 til 20)"),
        # a number judged as a rate, text against table, baseline, numbers elsewhere
        ("en", "The target speaks of a number; the status is of a rate."),
        ("da", "Måltallet gælder et antal; vurderingen gælder raten"),
        ("en", "The text compares with the rest of the city, the table with the whole."),
        ("da", "Teksten sammenligner med resten af byen, tabellen med hele byen."),
        ("en", "The baseline is called 2017, and is of the year 2016."),
        ("da", "2017"),
        ("en", "The goal has the number 1 in F2 6655654."),
        ("en", "The goal has the number 2 in F2 6655654."),
        ("da", "nummer 2 i F2 6655654"),
    ],
)
def test_it_is_said(status: InternalEdition, language: str, words: str) -> None:
    assert words in said(status, language)


@pytest.mark.usefixtures("in_english")
def test_unknown_is_not_none(tmp_path: Path) -> None:
    """Nobody said how many could not be located: no word says that the verdict holds for them."""
    status = _status(tmp_path)
    assert set(status.public.verdicts["unlocated"]) == {"na"}
    assert set(status.public.verdicts["unlocated_cases"]) == {None}
    assert status.public.sensitivity.is_empty()
    assert "How many cases of 2016 and 2023 could not be located is not known" in said(status, "en")
    for goal in status.policy.goals:
        words = target_sentence(status.public, goal, goal.targets[0])
        assert "unlocated" not in words
    share = status.public.verdicts.filter(reading="share").row(0, named=True)
    assert share["tipping_point"] == 6  # 17 of 32 is 53 %, a fall of 5 %


@pytest.mark.usefixtures("in_english")
def test_the_areas_are_said_to_go_beyond_the_city_only_by_an_interval(
    status: InternalEdition,
) -> None:
    """28 of 50 to 11 of 26: 61 against 48 percent, as much apart as chance gives."""
    rows = status.public.verdicts.filter(goal=5)
    assert set(rows["beyond_city"]) == {"turns"}
    assert set(rows["city_left_open"]) == {"chance"}
    goal = status.policy.goals[1]
    words = target_sentence(status.public, goal, goal.targets[0])
    assert "Whether the areas moved further than the city is within chance." in words


@pytest.mark.parametrize(
    ("gaps", "decimals"),
    [
        ((0.8, 0.4), 1),
        ((0.012, -0.014), 2),
        ((0.04, 0.01), 2),
        ((0.00001, 0.0), 1),
        ((2.0, 2.0), 1),
    ],
)
def test_a_gap_is_told_with_enough_decimals(gaps: tuple[float, float], decimals: int) -> None:
    """0.0 to 0.0 tells nothing."""
    assert decimals_apart(*gaps) == decimals


# Any published table.

Told = float | tuple[float, int, int]
"""A percentage, or one with the counts behind it."""


def table(
    folder: Path,
    figures: dict[int, dict[str, Told]],
    *readings: dict[str, Any],
    disclosure: dict[str, Any] | None = None,
    **indicator: Any,
) -> InternalEdition:
    """The status of an indicator of cases that is known from a table alone."""
    folder.mkdir(exist_ok=True)
    names = ("percent", "numerator", "denominator")
    published = [
        {"year": year, "group": group}
        | dict(zip(names, told if isinstance(told, tuple) else (told,), strict=False))
        for year, groups in figures.items()
        for group, told in groups.items()
    ]
    own = {
        **{"id": "cases", "title": "Cases", "measured": "m", "kind": "rate"},
        **{"numerator": {"cases": "notice"}, "published": published},
    }
    if indicator.get("kind") != "share":
        own["denominator"] = {"cases": "notice"}
    asked = readings or ({"kind": "relative_change", "change": -25},)
    target = {"id": "fewer", "text": "t", "indicator": "cases"}
    target["readings"] = [
        {"id": f"r{at}", "title": "r", "decides": at == 0, **each} for at, each in enumerate(asked)
    ]
    goal = {"number": 1, "title": "G", "indicators": [own | indicator], "targets": [target]}
    first, last = min(figures), max(figures)
    policy = hamlet.policy()
    policy |= {
        "goals": [goal],
        "sources": [],
        "period": {"from": first, "to": last},
        "disclosure": disclosure or {"threshold": 1},
        "editions": [
            {"id": "a", "title": "A", "data_year": first, "area_set": "a", "baseline": True},
            {"id": "b", "title": "B", "data_year": last, "area_set": "a"},
        ],
    }
    return hamlet.run_in(hamlet.build(folder, changed=policy))


FEW = {"threshold": 5}


@pytest.mark.parametrize(
    ("kind", "groups"),
    [("share", {"city"}), ("rate", {"city"}), ("rate", set()), ("rate", {"rest", "city"})],
)
def test_a_small_number_of_a_published_table_is_hidden(
    tmp_path: Path, kind: str, groups: set[str]
) -> None:
    """Also where the table has no rest, or nothing beside the areas: as Copenhagen publishes."""
    share = kind == "share"
    below = (25, 25) if share else (1000, 10000)
    then: dict[str, Told] = {"areas": (100 * 10 / below[0], 10, below[0])}
    now: dict[str, Told] = {"areas": (100 * 3 / below[0], 3, below[0])}
    beside: dict[str, Told] = {"rest": (1.0, 90, 9000), "city": (1.0, 100, 10000)}
    if share:
        beside = {"city": (100, 25, 25)}
    of_them = {group: beside[group] for group in groups}
    later = of_them | ({"rest": (1.1, 97, 9000)} if "rest" in groups else {})
    figures = {2016: then | of_them, 2023: now | later}
    status = table(tmp_path / "h", figures, disclosure=FEW, kind=kind)
    shown = status.public.results.filter(pl.col("period") == 2023).select("group", "shown").rows()
    expected = {"areas": False, "rest": False, "city": True}
    assert dict(shown) == {group: expected[group] for group in {"areas", *groups}}
    assert status.public.verdicts["verdict"].to_list() == ["cannot_tell"]
    assert status.public.verdicts["change"].to_list() == [None]


# Where the areas went from the city's level.


def estimate(value: float, more_or_less: float) -> Estimate:
    return Estimate(exact(value), (value - more_or_less, value + more_or_less))


@pytest.mark.parametrize(
    ("then", "now", "moved", "way"),
    [
        # on one side
        ((4, 1), (2, 1), (-2, 1), "closer"),
        ((2, 1), (4, 1), (2, 1), "apart"),
        ((-2, 1), (-4, 1), (-2, 1), "apart"),
        ((-4, 1), (-1, 2), (3, 2), "closer"),  # perhaps past it, and closer all the same
        ((4, 1), (3, 1), (-1, 1.5), "chance"),
        # from one side to the other
        ((-2, 1), (3, 1), (5, 2), "passed"),
        ((-3, 1), (2, 1), (5, 2), "passed"),
        ((-2.2, 1), (2.8, 3.2), (5, 3), "open"),  # now perhaps on this side still
        ((-2.2, 2.4), (2.8, 1), (5, 3), "open"),  # then perhaps on that side already
        ((-5, 1), (0.3, 1), (5.3, 2), "closer"),  # at most 1.3 from it, of 4 at least
        ((0.2, 0.5), (-5, 1), (-5.2, 2), "apart"),  # at least 4 from it, of 0.7 at most
        ((-1, 2), (1, 2), (2, 3), "chance"),
        # from or to the very level
        ((0, 1), (3, 1), (3, 2), "apart"),
        ((3, 1), (0, 1), (-3, 2), "closer"),
    ],
)
@pytest.mark.parametrize("mirrored", [False, True])
def test_where_the_areas_went(
    then: tuple[float, float],
    now: tuple[float, float],
    moved: tuple[float, float],
    way: str,
    mirrored: bool,
) -> None:
    """Of gaps, as a value and how far its interval reaches to either side."""
    sign = -1 if mirrored else 1
    found = [estimate(sign * value, reach) for value, reach in (then, now, moved)]
    changes = {"areas_change": 0.0, "other_change": 0.0}
    no_ratios = dict.fromkeys(("ratio_then", "ratio_now", "beyond_times"))
    gaps = dict(zip(("gap_then", "gap_now", "beyond_points"), found, strict=True))
    against = Against(versus="city", **changes, **gaps, **no_ratios)
    assert against.in_points() == way
    # The same in times of the city's level, by e to the power of the gap.
    ratios = [
        Estimate(exact(math.exp(each.value)), tuple(math.exp(end) for end in each.span or ()))  # type: ignore[arg-type]
        for each in found
    ]
    of_times = dict(zip(("ratio_then", "ratio_now", "beyond_times"), ratios, strict=True))
    no_gaps = dict.fromkeys(gaps)
    assert Against(versus="city", **changes, **of_times, **no_gaps).relatively() == way


def test_who_changed_sides_is_not_said_to_have_come_closer(tmp_path: Path) -> None:
    """From 2.2 points below the city to 2.8 above, where the 29 alone can be 20 or 41."""
    figures: dict[int, dict[str, Told]] = {
        2016: {"areas": (4.1, 13, 320), "rest": (6.3, 12500, 200000), "city": (6.2, 12513, 200320)},
        2023: {"areas": (9.1, 29, 320), "rest": (6.3, 12500, 200000), "city": (6.3, 12529, 200320)},
    }
    status = table(tmp_path / "h", figures, {"kind": "relative_change", "change": -5})
    [row] = status.public.gaps.filter(versus="city").to_dicts()
    assert (row["relatively"], row["in_points"]) == ("open", "open")
    assert "closer" not in said(status, "en").replace("came closer or passed", "")
    assert "whether the areas came closer or passed the city cannot be told" in said(status, "en")


# Figures that cannot all be right.

RATE: dict[str, Told] = {
    "areas": (1.0, 10, 1000),
    "rest": (1.0, 90, 9000),
    "city": (1.0, 100, 10000),
}
SHARE: dict[str, Told] = {"areas": (56, 28, 50), "city": (100, 50, 50)}


@pytest.mark.parametrize(
    ("kind", "wrong", "words"),
    [
        ("share", {"areas": 156}, "a share of 156 percent is more than all"),
        ("share", {"areas": (120, 30, 25)}, "a share of 30 of 25 is more than all"),
        ("share", {"areas": (56, 28, 50), "city": (100, 20, 20)}, "of 50 (areas) and of 20 (city)"),
        ("share", {"areas": 56, "city": 60}, "the city's share of itself in 2016 is 60 percent"),
        ("share", {"areas": 56, "rest": 46}, "together more than all"),
        ("share", {"areas": (56, 28, 50), "rest": (46, 23, 50), "city": (100, 50, 50)}, "28 + 23"),
        ("rate", {"areas": -1.5}, "-1.5 percent is less than none"),
        ("rate", {"areas": (1.0, 11, 1000)}, "1 percent stands beside 11 of 1000, which is 1.1"),
        ("rate", {"areas": (1.0, 0, 0)}, "0 of 0 has no percentage"),
        (
            "rate",
            RATE | {"rest": (2.0, 180, 9000)},
            "10 + 180, and that of the whole city only 100",
        ),
        ("rate", RATE | {"city": (1.1, 100, 9500)}, "1000 + 9000, and that of the whole city only"),
        ("rate", {"areas": (1.0, 10, 1000), "city": (1.0, 9, 900)}, "areas in 2016 is 10, and"),
        ("rate", {"areas": 1.4, "rest": 0.6, "city": 0.4}, "lower than both the areas and the"),
    ],
)
def test_figures_that_cannot_all_be_right_are_refused(
    tmp_path: Path, kind: str, wrong: dict[str, Told], words: str
) -> None:
    sound = RATE if kind == "rate" else SHARE
    with pytest.raises(PolicyError, match=re.escape(words)) as raised:
        table(tmp_path / "h", {2016: wrong, 2023: sound}, kind=kind)
    assert all(problem.line and problem.remedy for problem in raised.value.problems)


@pytest.mark.parametrize(
    ("kind", "sound"),
    [
        ("rate", {"areas": 140.0, "city": 20.0}),  # notices of dwellings, several of each
        ("rate", RATE | {"city": (1.2, 120, 10000)}),  # 20 without a place
        ("rate", {"areas": 1.4, "rest": 1.4, "city": 1.4}),
        ("share", {"areas": 56, "rest": 44, "city": 100}),
        ("share", {"areas": 33.4, "rest": 66.7}),  # 33.35 and 66.65 round so
    ],
)
def test_figures_that_can_be_right_are_not(
    tmp_path: Path, kind: str, sound: dict[str, Told]
) -> None:
    status = table(tmp_path / "h", {2016: sound, 2023: sound}, kind=kind)
    assert status.public.verdicts.height == 1


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize(
    ("figures", "asked", "verdict", "shown"),
    [
        ((56, 42), -25, "cannot_tell", "56% to 42%"),  # 55.5 to 56.5, and 41.5 to 42.5
        ((56.0, 41.9), -25, "met", "56.0% to 41.9%"),
        ((56, 40), -25, "met", "56% to 40%"),
        ((1.4, 0.7), -50, "cannot_tell", "1.4% to 0.7%"),  # also where two decimals are shown
    ],
)
def test_a_percentage_is_known_to_the_last_digit_that_is_written(
    tmp_path: Path, figures: tuple[float, float], asked: float, verdict: str, shown: str
) -> None:
    then, now = figures
    reading = {"kind": "relative_change", "change": asked}
    for decimals in (0, 1, 2):
        years: dict[int, dict[str, Told]] = {2016: {"areas": then}, 2023: {"areas": now}}
        status = table(tmp_path / str(decimals), years, reading, decimals=decimals)
        assert status.public.verdicts["verdict"].to_list() == [verdict]
        [indicator] = status.policy.goals[0].indicators
        rows = status.public.results.sort("period").iter_rows(named=True)
        assert " to ".join(cell(row, indicator).text for row in rows) == shown


def test_a_small_part_of_a_share_is_hidden_though_the_city_is_a_percentage_alone(
    tmp_path: Path,
) -> None:
    """The 17 that the shares are of is the city's number: 17 - 12 would tell the rest."""
    year: dict[str, Told] = {"areas": (70.6, 12, 17), "rest": (11.8, 2, 17), "city": 100}
    status = table(tmp_path / "h", {2016: year, 2023: year}, disclosure=FEW, kind="share")
    hidden = status.public.results.filter(~pl.col("shown"))["group"].to_list()
    assert {"areas", "rest"} <= set(hidden)


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize("kind", ["gap_absolute", "gap_relative", "relative_change"])
def test_what_is_relative_to_zero_is_said_to_be(tmp_path: Path, kind: str) -> None:
    """Areas and rest alike at the baseline, or the areas without a case."""
    base = {"areas": (0.0, 0, 1000)} if kind == "relative_change" else {"areas": (1.0, 10, 1000)}
    later: dict[str, Told] = {"areas": (3.0, 30, 1000), "city": (1.2, 120, 10000)}
    then: dict[str, Told] = {"rest": (1.0, 90, 9000), **base}
    rest: dict[str, Told] = {"rest": (1.0, 90, 9000)}
    versus = {} if kind == "relative_change" else {"versus": "rest"}
    reading = {"kind": kind, "change": -10, **versus}
    status = table(tmp_path / "h", {2016: then, 2023: later | rest}, reading)
    assert status.public.verdicts["relative_to_zero"].to_list() == [True]
    words = target_sentence(
        status.public, status.policy.goals[0], status.policy.goals[0].targets[0]
    )
    assert words.startswith("Cannot be told: the ") and "was zero" in words
    missing = table(tmp_path / "m", {2016: {"rest": (1.0, 90, 9000)}, 2023: later}, reading)
    assert missing.public.verdicts["relative_to_zero"].to_list() == [False]
