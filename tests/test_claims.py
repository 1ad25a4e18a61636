"""People's own comments, held against the figures of the example city."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvarter.documents.claims import Claim, claims, write_claims
from kvarter.documents.comments import draft_of
from kvarter.editions import InternalEdition
from kvarter.i18n import Locale, in_language
from kvarter.policy.model import Bilingual, Text
from kvarter.statement import Statement


def of(status: InternalEdition, text: Text, goal: int = 2) -> list[Claim]:
    """What is said of a comment on a goal of the example."""
    statement = Statement(edition="2024", comments={goal: text})
    with in_language(Locale("en")):
        return claims(dataclasses.replace(status.public, statement=statement))


@pytest.mark.parametrize(
    "text",
    [
        "849 af 60.665 boliger i 2016 blev til 396 af 65.972 i 2023.",
        "Fra 1,4 % (849 af 60.665) til 0,6 % (396 af 65.972).",
        "Varslerne er faldet 57,1 % pr. bolig, og antallet 53 %.",
        "Antallet er faldet med 453.",
        "Baseline bygger på data fra 2016.",
        "Mål 2 hænger sammen med mål 5.",
        "Aftalen er fra 22. juni 2017 og gælder de 16 områder.",
        "Ingen tal.",
    ],
)
def test_what_the_figures_bear_out_is_not_pointed_out(
    city_status: InternalEdition, text: str
) -> None:
    assert of(city_status, text) == []


@pytest.mark.parametrize(
    ("text", "goal", "kind", "remark"),
    [
        ("I 2023 var der 412 varsler.", 2, "number", "412 is not among the figures of the goal."),
        ("De faldt 61,3 %.", 2, "number", "61,3 % is not among the figures of the goal."),
        ("Det er 49 % (11 af 26).", 5, "percent", "11 af 26 is 42%."),
        ("Baseline er fra 2017.", 2, "baseline_year", "The data of the baseline are of 2016."),
        ("Mål 2 er nået.", 5, "goal_number", "The goal has the number 5 here. It is 2 in F2 665"),
        ("Mål 19 er nået.", 5, "goal_number", "The goal has the number 5 here."),
        (
            "Antallet af varsler er faldet 57,1 %.",
            *(2, "rate_as_count", "57,1 % is the change of the rate, not of the count."),
        ),
    ],
)
def test_what_they_do_not_bear_out_is_told_with_its_place(
    city_status: InternalEdition, text: str, goal: int, kind: str, remark: str
) -> None:
    found = {claim.kind: claim for claim in of(city_status, f"Godt gået. {text}", goal)}
    assert kind in found
    assert found[kind].place == f"comments[{goal}]"
    assert found[kind].words == text
    assert found[kind].remark.startswith(remark)


def test_each_language_is_read_with_its_own_numbers(city_status: InternalEdition) -> None:
    found = of(city_status, Bilingual(da="Faldet 57,1 %.", en="Down 57.1%, from 61,665."))
    assert [(claim.place, claim.remark[:6]) for claim in found] == [("comments[2].en", "61,665")]


@pytest.mark.usefixtures("in_danish")
def test_the_computed_drafts_say_nothing_that_is_pointed_out(city_status: InternalEdition) -> None:
    for goal in city_status.policy.goals:
        if goal.indicators:
            draft = draft_of(city_status.public, goal)
            assert of(city_status, draft, goal.number) == []


def test_the_claims_are_a_table(city_status: InternalEdition, tmp_path: Path) -> None:
    write_claims(city_status.public, tmp_path / "claims.csv", "da")
    assert pl.read_csv(tmp_path / "claims.csv").columns == ["place", "kind", "words", "remark"]


@settings(max_examples=60)
@given(text=st.text(max_size=200))
def test_any_comment_can_be_read(city_status: InternalEdition, text: str) -> None:
    json.dumps([dataclasses.astuple(claim) for claim in of(city_status, text)])
