"""What an edition says, before anybody draws it: every number is a cell, and every verdict is sure
or says what could turn it. No renderer is needed for any of this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from conftest import status_of
from hamlet import STATEMENT, build, policy
from kvarter.documents.contents import (
    CellRef,
    Figure,
    TargetContents,
    Words,
    about,
    ambition,
    area_contents,
    by_area,
    goals,
    quality,
    value_at,
    value_of,
)
from kvarter.documents.contents.cells import joined, listed, of_policy, phrase
from kvarter.documents.contents.goals import without_data
from kvarter.documents.contents.sure import SIGNS
from kvarter.editions.edition import Edition
from kvarter.i18n import Locale, in_language
from kvarter.judgement.checks import HOLDS, NOT_APPLICABLE, TURNS
from middle import WithMiddle

DA, EN = Locale("da"), Locale("en")
pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture(params=["da", "en"])
def locale(request: pytest.FixtureRequest) -> Iterator[Locale]:
    with in_language(Locale(request.param)) as locale:
        yield locale


@pytest.fixture(scope="module")
def edition(city_status: WithMiddle) -> Edition:
    return city_status.public


def everything(edition: Edition) -> list[Any]:
    return [
        about(edition),
        ambition(edition),
        goals(edition),
        without_data(edition),
        quality(edition),
        by_area(edition),
        area_contents(edition),
    ]


def figures(part: Any) -> Iterator[Figure]:
    """Every figure in contents, also those within words."""
    if isinstance(part, Figure):
        yield part
    elif isinstance(part, Words):
        yield from part.figures
    elif isinstance(part, dict):
        for each in part.values():
            yield from figures(each)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from figures(each)
    elif is_dataclass(part):
        for each in fields(part):
            yield from figures(getattr(part, each.name))


def as_read(text: str, locale: Locale) -> tuple[float, int]:
    """The first number of a text, and how many decimals it is told with."""
    thousands, point = (".", ",") if locale.language == "da" else (",", ".")
    found = re.search(r"[+−]?\d[\d.,]*\d|[+−]?\d", text)
    assert found is not None, text
    plain = found[0].replace(thousands, "").replace(point, ".").replace("−", "-")
    return float(plain), len(plain.partition(".")[2])


def test_every_figure_is_what_stands_in_its_cells(edition: Edition, locale: Locale) -> None:
    found = list(figures(everything(edition)))
    assert len(found) > 400
    for figure in found:
        assert figure.cells, figure
        assert value_of(edition, figure) == figure.value, figure
        if isinstance(figure.value, int | float):
            told, decimals = as_read(figure.text, locale)
            assert abs(told - figure.times * figure.value) <= 0.5 * 10**-decimals + 1e-9, figure
        else:
            assert figure.text == figure.value


def test_every_number_in_the_sentences_is_a_figure(edition: Edition, locale: Locale) -> None:
    """What is left between the figures has no number, but in the texts of the policy itself."""

    def sentences(part: Any) -> Iterator[Words]:
        if isinstance(part, Words):
            yield part
        elif isinstance(part, list | tuple):
            for each in part:
                yield from sentences(each)
        elif is_dataclass(part):
            for each in fields(part):
                yield from sentences(getattr(part, each.name))

    said = [words for words in sentences(everything(edition)) if words]
    assert len(said) > 40
    for words in said:
        at, between = 0, ""
        for start, end, figure in words.spans:
            assert words[start:end] == figure.text
            between, at = between + words[at:start], end
        assert not re.search(r"\d", between + words[at:]), words


def test_a_cell_is_named_and_found_by_its_name(edition: Edition, locale: Locale) -> None:
    for figure in figures(everything(edition)):
        for cell in figure.cells:
            assert CellRef.parse(str(cell)) == cell
    with pytest.raises(ValueError, match="names no cell"):
        CellRef.parse("somewhere")
    nowhere = CellRef("results", (("indicator", "none"), ("period", 2023)), "value")
    with pytest.raises(LookupError):
        value_at(edition, nowhere)


def test_words_keep_their_figures_whatever_they_are_put_into() -> None:
    one, other = (of_policy("title", text) for text in ("7", "12"))
    first = phrase("{covered} of the way", covered=one)
    second = phrase("{share} of {whole}", share=first, whole=other)
    assert second == "7 of the way of 12"
    assert [second[start:end] for start, end, _ in second.spans] == ["7", "12"]
    every = listed([first, other, "none"])
    assert every == "7 of the way, 12 and none"
    assert every.figures == (one, other)
    assert joined([first, "", other]).figures == (one, other)
    several = phrase(
        "{count} {count:goal has|goals have} no data yet: {goals}.", count=one, goals="x"
    )
    assert several == "7 goals have no data yet: x."


def test_signs_of_another_text_are_left_out_of_it() -> None:
    odd = "\ufdd0\ufdd3\ufdd2no figure\ufdd1"
    assert phrase("{covered} of the way", covered=odd) == "no figure of the way"


# The ambition.


def test_the_ambition_is_told_with_its_pace_and_its_year(edition: Edition) -> None:
    found = ambition(edition)
    assert found is not None
    assert (found.covered and found.covered.text, str(found.between)) == ("33%", "31 to 36%")
    assert (found.pace and found.pace.text, found.pace_needed and found.pace_needed.text) == (
        *("2.4%", "6.2%"),
    )
    assert found.reached_in is not None and found.reached_in.value == 2038
    assert found.verdict.look == "not_met-firm"
    assert found.verdict.word == "The ambition is not reached yet"
    assert found.pace_said == (
        "88% of the time to 2025 has gone; at the pace so far the ambition is reached in 2038 "
        "(between 2037 and 2040)."
    )
    assert [each.decides for each in found.readings] == [False, True]
    assert len(found.criteria) == 5


def test_an_ambition_that_its_readings_part_over_is_uncertain(edition: Edition) -> None:
    rows = edition.distance_overall.with_columns(
        verdict=pl.when(pl.col("reference") == "city", pl.col("overall") == "mean")
        .then(pl.lit("met"))
        .otherwise("verdict")
    )
    other = replace(edition, tables={**edition.tables, "distance_overall": rows})
    found = ambition(other)
    assert found is not None
    assert found.verdict.look == "not_met-open"
    assert found.verdict.word == "The ambition does not seem to be reached"


# The goals.


def target(edition: Edition, number: int) -> TargetContents:
    (goal,) = (each for each in goals(edition) if each.number == number)
    return goal.targets[0]


def test_a_goal_is_told_by_what_its_verdict_is_on(edition: Edition) -> None:
    evictions, offenders = target(edition, 2), target(edition, 5)
    assert evictions.then and evictions.now and offenders.then and offenders.now
    assert (evictions.then.word, evictions.now.word) == ("1.4%", "0.6%")
    assert evictions.now.behind == "396 of 65,972"
    assert (offenders.then.word, offenders.now.word) == ("28", "11")
    assert offenders.now.behind == "42% of 26"
    assert evictions.change and evictions.asked
    assert (evictions.change.text, evictions.asked.text) == ("−57.1%", "−25%")
    assert evictions.level_asked == pytest.approx(0.75 * 849 / 60665)
    assert offenders.level_asked == pytest.approx(0.94 * 28)
    assert [point.stretch for point in evictions.series] == [0, 0, 0, 0, 0, 1, 1, 1]


def test_a_verdict_that_something_turns_is_not_told_as_one_that_nothing_turns(
    edition: Edition,
) -> None:
    evictions, offenders = target(edition, 2).verdict, target(edition, 5).verdict
    assert (evictions.look, offenders.look) == ("met-open", "met-open")
    assert evictions.word == offenders.word == "The target seems to be met"
    assert [reason.code for reason in evictions.turned_by] == ["case_system", "total"]
    assert evictions.how_sure == (
        "Uncertain: the change of case system between 2016 and 2023 or an independent count that "
        "says otherwise can turn the answer."
    )
    assert offenders.how_sure == (
        "Uncertain: that several cases are of one event (how often, the figures cannot tell) can "
        "turn the answer."
    )
    firm = judged(edition).verdict
    assert (firm.look, firm.word) == ("met-firm", "The target is met")
    assert firm.how_sure.startswith("Certain: the answer does not depend on chance")


CHECKS = ["chance", "rounding", "unlocated", "case_system", "other_reading", "other_comparison"]


def judged(edition: Edition, **columns: Any) -> TargetContents:
    """Goal 5 as if nothing could turn it, with other values in its verdict."""
    columns = {"turning_dispersion": 8.0, **columns}
    own = (pl.col("goal") == 5) & pl.col("decides")
    rows = edition.verdicts.with_columns(
        pl.when(own).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
        for name, value in columns.items()
    )
    return target(replace(edition, tables={**edition.tables, "verdicts": rows}), 5)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("answer", ["met", "not_met"])
def test_each_check_that_turns_makes_a_verdict_uncertain(
    edition: Edition, check: str, answer: str
) -> None:
    verdict = judged(edition, verdict=answer, **{check: TURNS}).verdict
    assert verdict.look == f"{answer}-open"
    assert [reason.code for reason in verdict.turned_by] == [check]
    assert "seem" in verdict.word
    assert verdict.sign.endswith("?")
    assert str(verdict.turned_by[0].text) in verdict.how_sure


def test_chance_and_places_that_turn_it_only_at_once_make_it_uncertain(edition: Edition) -> None:
    verdict = judged(edition, together=TURNS, chance=HOLDS, unlocated=HOLDS).verdict
    assert [reason.code for reason in verdict.turned_by] == ["together"]


@pytest.mark.parametrize(
    ("turning", "factor", "chance", "look"),
    [
        (4.0, None, HOLDS, "open"),  # nobody knows how they scatter
        (4.1, None, HOLDS, "firm"),  # nor need to
        (1.5, 1.2, HOLDS, "firm"),  # found, and allowed for
        (None, None, TURNS, "open"),  # of which chance is the reason
    ],
)
def test_scatter_that_nobody_knows_makes_a_verdict_uncertain_where_little_would_turn_it(
    edition: Edition, turning: float | None, factor: float | None, chance: str, look: str
) -> None:
    verdict = judged(edition, turning_dispersion=turning, dispersion=factor, chance=chance).verdict
    assert verdict.look == f"met-{look}"
    codes = [reason.code for reason in verdict.turned_by]
    assert codes == ([] if look == "firm" else ["scatter" if chance == HOLDS else "chance"])


def test_that_the_areas_only_followed_the_city_turns_nothing(edition: Edition) -> None:
    assert judged(edition, beyond_city=TURNS).verdict.look == "met-firm"


def test_a_verdict_that_could_not_be_tried_is_not_told_as_firm(edition: Edition) -> None:
    verdict = judged(edition, chance=NOT_APPLICABLE, unlocated=NOT_APPLICABLE).verdict
    assert verdict.look == "met-untried"
    assert "Not tried" in verdict.how_sure


def test_every_look_has_a_sign_of_its_own_and_doubt_has_a_question_mark() -> None:
    firm = {look: sign for look, sign in SIGNS.items() if look.endswith("firm")}
    assert len(set(firm.values())) == len(firm) == 2
    for look, sign in SIGNS.items():
        assert ("?" in sign) == (look not in firm)


def test_goals_without_data_are_one_line(edition: Edition) -> None:
    with in_language(DA):
        assert without_data(edition) == "16 mål har endnu ingen data: mål 1, 3, 4 og 6–18."
    assert without_data(edition) == "16 goals have no data yet: 1, 3, 4 and 6–18."


def test_the_baseline_has_figures_and_no_verdict(tmp_path: Path) -> None:
    found = target(status_of(build(tmp_path), "2017").public, 1)
    assert found.verdict.look == "baseline"
    assert found.then is None and found.change is None


def test_small_numbers_are_not_told(tmp_path: Path) -> None:
    status = status_of(build(tmp_path, changed={"disclosure": {"threshold": 5}}))
    found = target(status.public, 1)
    assert found.now is not None and found.now.word == "not shown"
    assert found.verdict.look == "hidden"
    (areas,) = by_area(status.public)
    assert {area.word for area in areas.areas} == {"not shown", "0.0%"}
    assert {area.place for area in areas.areas if area.figure is None} == {None}


# The data.


def test_the_cases_without_a_place_are_parted_and_add_up(edition: Edition) -> None:
    evictions, hearings = quality(edition).without_place
    assert evictions.total and evictions.no_place and evictions.elsewhere and evictions.could_lie
    parts = (evictions.no_place, evictions.elsewhere, evictions.could_lie)
    assert [part.value for part in parts] == [85, 25, 74]
    assert evictions.total.value == 110
    assert evictions.said == (
        "110 cases of 2023 have no place in the municipality: 85 have no address that can be "
        "located, and 25 lie in other municipalities. Of the 85, 74 can lie in the areas by what "
        "their address says."
    )
    assert hearings.total is None
    assert "not shown" in hearings.said


def test_counts_by_others_and_changes_of_system_are_told(edition: Edition) -> None:
    found = quality(edition)
    assert [each.said.split(" has ")[1] for each in found.totals] == [
        f"{told} of it. That needs an explanation."
        for told in (
            "1,109 households in 2021; 868 households are counted here, 78%",
            "1,401 cases in 2022; 780 households are counted here, 56%",
        )
    ]
    assert "2016 (KSS) and 2023 (DOMUS)" in found.system_changes[0].said


# The areas.


def test_areas_have_names_intervals_and_a_place_beside_their_average(edition: Edition) -> None:
    evictions, *criteria = by_area(edition)
    assert (evictions.average and evictions.average.text) == "0.6%"
    assert [area.name for area in evictions.areas][:2] == ["Møllevangen", "Ved Bøgeparken"]
    assert {area.between for area in evictions.areas} and all(a.between for a in evictions.areas)
    # 0.45 to 0.85 percent of some thousand dwellings is what chance gives.
    assert {area.place for area in evictions.areas} == {"within"}
    assert evictions.funnel is not None
    for size, low, high, lowest, highest in evictions.funnel.limits:
        assert 0 <= lowest <= low < evictions.funnel.average < high < highest, size
    assert len(criteria) == 5
    assert all(each.beyond("above", "below") for each in criteria)


def test_an_area_beyond_the_limits_is_marked(edition: Edition) -> None:
    own = (pl.col("group") == "ravnsbro") & (pl.col("period") == 2023)
    rows = edition.results.with_columns(
        numerator=pl.when(own).then(60.0).otherwise("numerator"),
        value=pl.when(own).then(60 / pl.col("denominator")).otherwise("value"),
    )
    other = replace(edition, tables={**edition.tables, "results": rows})
    (area,) = by_area(other)[0].beyond("above")
    assert (area.name, area.mark) == ("Ravnsbro", "▲")


def test_each_area_has_its_indicators_and_its_criteria(edition: Edition) -> None:
    found = area_contents(edition)
    assert [area.name for area in found] == [
        area.name for area in edition.policy.area_set("2017").areas
    ]
    for area in found:
        assert len(area.indicators) == 1
        assert len(area.criteria) == 5


# What it is.


def test_the_period_of_the_data_is_told_apart_from_the_year_of_the_status(edition: Edition) -> None:
    found = about(edition)
    assert found.title == "Status 2024"
    assert found.data_period == (
        "The figures are of 2023, the baseline of 2016. Those of the residents are of 2024."
    )
    assert found.published is not None and found.published.isoformat() == "2024-11-12"
    assert "Office of Prevention" in found.contact


def test_contact_is_that_of_the_publication_where_the_statement_has_none(tmp_path: Path) -> None:
    publication = {
        "page": "https://example.org/status",
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "email": "status@example.org",
    }
    status = status_of(build(tmp_path / "a", changed={"publication": publication}))
    assert about(status.public).contact == "status@example.org"
    said = {STATEMENT: {"contact": "Kontor 7, 33 00 00 00"}, "publication": publication}
    status = status_of(build(tmp_path / "b", changed=said))
    assert about(status.public).contact == "Kontor 7, 33 00 00 00"


def test_a_municipality_that_is_no_city_is_called_so(tmp_path: Path) -> None:
    called = {"municipality": {**policy()["municipality"], "called": "municipality"}}
    status = status_of(build(tmp_path, changed=called))
    for locale in (DA, EN):
        of_place = locale.of(status.policy)
        assert (
            of_place._("Rest of the city")
            == {
                "da": "Resten af kommunen",
                "en": "Rest of the municipality",
            }[locale.language]
        )
        assert locale._("Rest of the city") in ("Resten af byen", "Rest of the city")
    # What a policy says itself is left as it is.
    said = EN.of(status.policy)._("The number in the whole city changed by {city}.", city="a city")
    assert said == "The number in the whole municipality changed by a city."
