"""What each document holds: the report, an annex for each goal, and the cover memo."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from conftest import status_of
from hamlet import STATEMENT, build, policy
from kvarter.documents.assemble import documents
from kvarter.documents.document import (
    Document,
    Illustration,
    Paragraph,
    Section,
    Table,
    texts,
    walk,
)
from kvarter.editions import InternalEdition
from kvarter.i18n import Locale
from kvarter.policy.model import Language

EDITION = "2024"


def said(status: InternalEdition, name: str, language: Language = "en") -> Document:
    return next(each for each in documents(status.public, language) if each.name == name)


def with_comment(folder: Path, comment: Any) -> InternalEdition:
    changed = policy()
    if comment is not None:
        changed[STATEMENT] = {"comments": {1: comment}}
    return status_of(build(folder, changed=changed), EDITION)


def drafts(document: Document) -> list[str]:
    blocks = [block for section in document.sections for block in walk(section)]
    return [each.text for each in blocks if isinstance(each, Paragraph) and each.kind == "draft"]


def test_there_is_a_report_a_memo_and_an_annex_for_each_goal_with_figures(
    city_status: InternalEdition,
) -> None:
    names = [each.name for each in documents(city_status.public, "da")]
    assert names == ["report", "summary", "memo", "annex/goal-02", "annex/goal-05"]


def test_an_annex_is_word_for_word_what_the_report_says_of_its_goal(
    city_status: InternalEdition,
) -> None:
    (goal,) = said(city_status, "annex/goal-02").sections
    assert goal in said(city_status, "report").sections


def test_an_annex_has_the_fields_that_a_council_knows(city_status: InternalEdition) -> None:
    text = "\n".join(texts(said(city_status, "annex/goal-05", "en")))
    for field in ("Goal", "Number", "Administration", "Status", "How it is measured"):
        assert f"\n{field}\n" in text
    assert "(11 of 26)" in text
    assert "Baseline 2017" in text
    assert "Notes on the data" in text


def test_the_notes_on_the_data_say_source_duplicates_unlocated_and_change_of_system(
    city_status: InternalEdition,
) -> None:
    text = "\n".join(texts(said(city_status, "annex/goal-02", "en")))
    assert "from KSS and DOMUS" in text
    assert "already counted in the year" in text
    assert "have no address that can be located" in text
    assert "changed between 2020 (KSS) and 2023 (DOMUS)" in text


def test_the_memo_tells_every_goal_and_who_signs(city_status: InternalEdition) -> None:
    memo = said(city_status, "memo")
    tables = [b for section in memo.sections for b in walk(section) if isinstance(b, Table)]
    goals = next(table for table in tables if table.caption == "The goals and their status")
    assert [row[0].text for row in goals.rows] == [
        "2.\u00a0Fewer evictions",
        "5.\u00a0Fewer young offenders",
    ]
    assert [row[0].text for row in tables[-1].rows] == city_status.public.statement.signed_by
    text = "\n".join(texts(memo))
    assert "16 goals have no data yet: 1, 3, 4 and 6–18." in text
    for step in city_status.public.statement.next_steps:
        assert Locale("en").say(step) in text


def test_a_computed_comment_is_a_draft_until_someone_accepts_it(tmp_path: Path) -> None:
    status = with_comment(tmp_path / "a", None)
    annex = said(status, "annex/goal-01")
    (draft,) = drafts(annex)
    code = next(t for t in texts(annex) if "by its code" in t).split("code, ")[1].strip(".")
    assert "a draft nobody has accepted" in "\n".join(texts(said(status, "memo")))

    accepted = {"accepted": code, "by": "Kontor 7", "on": "2024-05-02"}
    status = with_comment(tmp_path / "b", accepted)
    annex = said(status, "annex/goal-01")
    assert drafts(annex) == []
    assert draft in list(texts(annex))
    assert "accepted by Kontor 7, 2 May 2024" in "\n".join(texts(annex))
    assert "draft" not in "\n".join(texts(said(status, "memo")))


def test_what_was_accepted_lapses_when_the_draft_says_something_else(tmp_path: Path) -> None:
    other = {"accepted": "00000000", "by": "Kontor 7", "on": dt.date(2024, 5, 2).isoformat()}
    status = with_comment(tmp_path, other)
    annex = said(status, "annex/goal-01")
    assert len(drafts(annex)) == 1
    assert "what Kontor 7 accepted (2 May 2024) said something else" in "\n".join(texts(annex))


def test_a_draft_has_one_code_in_both_languages(tmp_path: Path) -> None:
    status = with_comment(tmp_path, None)
    codes = [
        next(t for t in texts(said(status, "annex/goal-01", language)) if word in t)[-9:]
        for language, word in (("en", "by its code"), ("da", "dets kode"))
    ]
    assert codes[0] == codes[1]


@pytest.mark.parametrize("comment", ["", "  ", "\n\n"])
def test_a_blank_comment_is_no_comment(tmp_path: Path, comment: str) -> None:
    annex = said(with_comment(tmp_path, comment), "annex/goal-01")
    assert "" not in [b.text for s in annex.sections for b in walk(s) if isinstance(b, Paragraph)]


def test_an_empty_line_in_a_comment_begins_a_paragraph(tmp_path: Path) -> None:
    annex = said(with_comment(tmp_path, "Et.\n\nTo."), "annex/goal-01")
    paragraphs = [b.text for s in annex.sections for b in walk(s) if isinstance(b, Paragraph)]
    assert {"Et.", "To."} <= set(paragraphs)


def test_every_picture_has_its_figures_in_a_table_of_its_section(
    city_status: InternalEdition,
) -> None:
    def sections(section: Section) -> list[Section]:
        inner = [s for block in section.blocks if isinstance(block, Section) for s in [block]]
        return [section, *(each for one in inner for each in sections(one))]

    for document in documents(city_status.public, "da"):
        for top in document.sections:
            for section in sections(top):
                for block in section.blocks:
                    if isinstance(block, Illustration):
                        tables = [b for b in section.blocks if isinstance(b, Table)]
                        told = " ".join(b.text for b in section.blocks if isinstance(b, Paragraph))
                        in_words = re.findall(r"\d+", block.picture.description)
                        said = bool(in_words) and all(number in told for number in in_words)
                        of_areas = section.id == "areas"
                        assert block.data or tables or of_areas or said, block.caption
