"""Whatever a policy or its data hold, each document is a sound page in every form."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from conftest import status_of
from hamlet import STATEMENT, build, policy
from kvarter.documents.assemble import documents
from kvarter.documents.document import Document, Illustration, Section, pictures, texts, walk
from kvarter.documents.docx import write_docx
from kvarter.documents.html import write_html
from kvarter.documents.pdf import write_pdf
from kvarter.policy.model import Language
from page import read_page, words
from paper import assert_sound, page_texts
from test_docx import as_pdf, words_of
from test_pdf import squeezed

LANGUAGES: list[Language] = ["da", "en"]
COMMENTS = {
    "html": "<script>alert('x')</script> & <b>fed</b> </section> {{ 7 * 7 }} #import",
    "emoji": "Godt gået 😀👍🏽 på Nørrebro",
    "long": "Et ord til. " * 1_700,
    "right": "تراجع عدد الإخطارات في المناطق",
}
Change = Callable[[dict[str, Any]], None]


def comment(text: str) -> Change:
    def change(policy: dict[str, Any]) -> None:
        policy[STATEMENT] = {"comments": {1: text}}

    return change


def five_statuses(policy: dict[str, Any]) -> None:
    """Editions of five years, each with a title as long as they come."""
    baseline, last = policy["editions"]
    between = [
        {**last, "id": f"m{year}", "title": f"Midtvejsstatus nummer {year}", "data_year": year}
        for year in (2020, 2021, 2022)
    ]
    policy["editions"] = [baseline | {"data_year": 2019}, *between, last]
    policy["sources"][0]["from"] = "2019-01-01"


def all_hidden(policy: dict[str, Any]) -> None:
    policy["disclosure"] = {"threshold": 50}


def no_data(policy: dict[str, Any]) -> None:
    """An indicator of years that neither the extract nor the statistic has."""
    for edition, year in zip(policy["editions"], (2017, 2018), strict=True):
        edition["data_year"] = year
    policy["sources"][0] |= {"from": "2017-01-01"}


CASES: dict[str, Change] = {
    **{name: comment(text) for name, text in COMMENTS.items()},
    "five statuses": five_statuses,
    "all hidden": all_hidden,
    "no data": no_data,
}


def told(folder: Path, name: str, language: Language) -> list[Document]:
    """The documents of the hamlet with something bad in its policy."""
    changed = policy()
    CASES[name](changed)
    path = build(folder, changed=changed)
    if name == "five statuses":
        with_years(folder)
    return documents(status_of(path, "2024").public, language)


def with_years(folder: Path) -> None:
    """Write what the hamlet has of its last year for the three before it as well."""
    for name, last in (("dwellings.csv", "2023;"), ("notices.csv", "-2023;")):
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        own = [line for line in lines if last in line]
        for year in ("2019", "2020", "2021"):
            lines += [line.replace("2023", year) for line in own]
        (folder / name).write_text("\n".join(lines), encoding="utf-8")


def headings(document: Document) -> set[str]:
    blocks = [block for section in document.sections for block in walk(section)]
    return {block.title for block in blocks if isinstance(block, Section)}


def own_words(document: Document) -> set[str]:
    """All texts but those in the footer and, for who cannot see it, of a picture."""
    aside = {text for each in pictures(document) for text in (each.title, each.description)}
    return set(texts(document)) - aside - {document.footer}


def file(folder: Path, document: Document, ending: str) -> Path:
    return folder / f"{document.name.replace('/', '-')}.{ending}"


@pytest.mark.parametrize(("name", "language"), list(zip(CASES, cycle(LANGUAGES), strict=False)))
def test_it_is_sound_on_a_screen_and_on_paper(
    tmp_path: Path, name: str, language: Language
) -> None:
    for document in told(tmp_path / "hamlet", name, language):
        page, paper = (file(tmp_path, document, ending) for ending in ("html", "pdf"))
        write_html(document, page)
        shown = squeezed(words(read_page(page.read_text(encoding="utf-8"))))
        assert all(squeezed(text) in shown for text in texts(document))
        write_pdf(document, paper)
        said = squeezed("".join(page_texts(paper)))
        if name not in ("emoji", "long", "right"):  # told by name, over pages, or turned round
            assert all(squeezed(text) in said for text in own_words(document) | {document.footer})
        assert_sound(paper, headings(document))


@pytest.mark.slow
def test_it_is_sound_in_word(tmp_path: Path) -> None:
    """Every page as LibreOffice prints it, in one go, for it takes long to begin."""
    made: dict[Path, Document] = {}
    for number, (name, language) in enumerate(zip(CASES, cycle(LANGUAGES), strict=False)):
        for document in told(tmp_path / f"hamlet-{number}", name, language)[2:]:
            path = tmp_path / f"{number}-{document.name.replace('/', '-')}.docx"
            write_docx(document, path)
            said = squeezed(words_of(path))
            assert all(squeezed(text) in said for text in own_words(document))
            made[path] = document
    for document, pdf in zip(made.values(), as_pdf(*made), strict=True):
        assert_sound(pdf, headings(document))


def test_what_is_not_there_has_no_heading_and_no_map(tmp_path: Path) -> None:
    for document in told(tmp_path, "no data", "en"):
        blocks = [block for section in document.sections for block in walk(section)]
        assert all(block.blocks for block in blocks if isinstance(block, Section))
        assert "no data" in list(texts(document)) or document.name == "report"
        drawn = [block for block in blocks if isinstance(block, Illustration)]
        # Of the areas, and in the report of the rows.
        assert len(drawn) == {"report": 2, "summary": 1}.get(document.name, 0)


def test_no_text_of_a_policy_is_markup_in_a_page(tmp_path: Path) -> None:
    """Titles, names of areas and what is drawn in pictures too."""
    bad = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"
    changed = policy()
    goal, area = changed["goals"][0], changed["area_sets"][0]["areas"][0]
    for part in (changed, goal, goal["indicators"][0], changed["area_sets"][0]):
        part["title"] = bad
    for part in (changed["municipality"], area):
        part["name"] = bad
    goal["targets"][0]["text"] = goal["targets"][0]["readings"][0]["title"] = bad
    path = build(tmp_path, changed=changed)
    layer = (tmp_path / "areas.geojson").read_text(encoding="utf-8")
    named = layer.replace('"Vest"', json.dumps(bad))
    (tmp_path / "areas.geojson").write_text(named, encoding="utf-8")
    for document in documents(status_of(path).public, "da"):
        page = file(tmp_path, document, "html")
        write_html(document, page)
        written = page.read_text(encoding="utf-8")
        assert "&lt;script" in written
        assert "<script" not in written
        assert "<img" not in written
