"""Every number in every document is one of the results: none is typed, and none is made by a form.

The texts of a document are held against the tables of the status, and what stands in HTML, Word
and PDF against the texts of the document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from known import Known, Number
from kvarter import __version__
from kvarter.documents.assemble import documents
from kvarter.documents.document import Document, Paragraph, pictures, texts, walk
from kvarter.documents.docx import write_docx
from kvarter.documents.html import write_html
from kvarter.documents.observations import SENTENCES
from kvarter.documents.pdf import write_pdf
from kvarter.policy.model import Language
from middle import WithMiddle
from page import read_page
from paper import page_texts
from test_report import OF_DOCUMENTS, catalogue, said_in_code, said_in_templates

_NUMBER = {
    "da": r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?",
    "en": r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?",
}
_FORMS: dict[str, Callable[[Document, Path], None]] = {
    "html": write_html,
    "docx": write_docx,
    "pdf": write_pdf,
}


def numbers(text: str, language: Language) -> Iterator[Number]:
    """The numbers in a text; not those of names, such as `UTF-16`, `F2` or `domus-2023`."""
    point = "," if language == "da" else "."
    text = text.replace(__version__, " ")
    for found in re.finditer(rf"(?<![\w.,])(?<!\w-)({_NUMBER[language]})(?!\w)(\s?%)?", text):
        plain = re.sub(rf"[^\d{point}]", "", found[1]).replace(point, ".")
        yield float(plain), len(plain.partition(".")[2]), bool(found[2])


def in_document(document: Document) -> Counter[Number]:
    """The numbers a document is made of; of a picture those in its words."""
    return Counter(each for text in texts(document) for each in numbers(text, document.language))


def drawn(document: Document) -> Counter[Number]:
    """The numbers that stand within pictures: on axes, at points, on the map."""
    found: Counter[Number] = Counter()
    for picture in pictures(document):
        for text in re.findall(r">([^<>]+)</(?:text|tspan)>", picture.svg):
            found.update(numbers(text, document.language))
    return found


def of_figures(document: Document) -> Counter[Number]:
    """The numbers in the titles and descriptions of pictures, which PDF and Word hold aside."""
    said = [text for each in pictures(document) for text in (each.title, each.description)]
    return Counter(each for text in said for each in numbers(text, document.language))


def in_form(form: str, path: Path, language: Language) -> Counter[Number]:
    """The numbers that stand in a file."""
    return Counter(each for piece in pieces(form, path) for each in numbers(piece, language))


def pieces(form: str, path: Path) -> list[str]:
    """The text of a file piece by piece; in HTML and Word without what is drawn in pictures."""
    if form == "pdf":
        return page_texts(path)
    if form == "docx":
        body = docx.Document(str(path)).element.body
        alternatives = [str(each.get("descr")) for each in body.iter(qn("wp:docPr"))]
        return [*(_line(each) for each in body.iter(qn("w:p"))), *alternatives]
    page = read_page(path.read_text(encoding="utf-8"))
    for picture in page.iter("svg"):
        for other in list(picture)[2:]:  # all but its title and its words
            picture.remove(other)
    return [text for body in page.iter("body") for text in body.itertext()]


def _line(paragraph: Any) -> str:
    """The text of a paragraph of Word, without the numbers its fields count up."""
    fields = {text for f in paragraph.iter(qn("w:fldSimple")) for text in f.iter(qn("w:t"))}
    parts = {qn("w:t"), qn("w:br"), qn("w:tab")}
    said = (each for each in paragraph.iter(*parts) if each not in fields)
    return "".join(each.text or "" if each.tag == qn("w:t") else "\n" for each in said)


@pytest.fixture(scope="module", params=["da", "en"])
def language(request: Any) -> Language:
    chosen: Language = request.param
    return chosen


@pytest.fixture(scope="module")
def told(city_status: WithMiddle, language: Language) -> list[Document]:
    return documents(city_status.public, language)


def unknown(status: WithMiddle, document: Document) -> list[tuple[str, Number]]:
    """The numbers of a document that no figure of the status is, with the texts they stand in."""
    found = []
    for section in document.sections:
        known = Known(status, section)
        only = replace(document, sections=(section,), facts=(), subtitle="", footer="")
        for text in texts(only):
            said = numbers(text, document.language)
            found += [(text, each) for each in said if not known.has(each)]
    return found


def test_every_number_of_every_document_is_one_of_the_results(
    told: list[Document], city_status: WithMiddle
) -> None:
    for document in told:
        assert in_document(document).total() > 50
        assert unknown(city_status, document) == [], document.name


def test_a_number_that_no_figure_is_is_found_out(
    told: list[Document], city_status: WithMiddle, language: Language
) -> None:
    typed = {"da": "4.711 sager, 61,83 %", "en": "4,711 cases, 61.83%"}[language]
    for document in told:
        said = unknown(city_status, with_words(document, typed))
        assert {number for _, number in said} == {(4711.0, 0, False), (61.83, 2, True)}


def with_words(document: Document, words: str) -> Document:
    """The document with a sentence more in its last section."""
    *others, last = document.sections
    last = replace(last, blocks=(*last.blocks, Paragraph(words)))
    return replace(document, sections=(*others, last))


@pytest.fixture(scope="module", params=list(_FORMS))
def form(request: Any) -> str:
    return str(request.param)


def written(form: str, document: Document, folder: Path) -> Path:
    path = folder / f"{document.name.replace('/', '-')}.{form}"
    _FORMS[form](document, path)
    return path


def added_and_lost(form: str, path: Path, document: Document) -> tuple[set[Number], set[Number]]:
    """The numbers that a file has and its document has not, and the other way round."""
    found, wanted = in_form(form, path, document.language), in_document(document)
    if form != "pdf":
        return set(found - wanted), set(wanted - found)
    # On paper there are also pages, numbered captions, a title on each page, and pictures.
    within = drawn(document)
    blocks = [block for section in document.sections for block in walk(section)]
    counted = {(float(n), 0, False) for n in range(max(len(blocks), len(page_texts(path))) + 1)}
    return set(found) - set(wanted) - set(within) - counted, set(
        wanted - of_figures(document) - found
    )


def test_a_form_adds_no_number_and_loses_none(
    told: list[Document], form: str, tmp_path: Path
) -> None:
    for document in told:
        path = written(form, document, tmp_path)
        assert added_and_lost(form, path, document) == (set(), set()), document.name


def test_a_number_that_only_one_form_has_is_found_out(
    told: list[Document], form: str, tmp_path: Path
) -> None:
    memo = told[1]
    path = written(form, with_words(memo, "4711"), tmp_path)
    assert added_and_lost(form, path, memo) == ({(4711.0, 0, False)}, set())


def beside_counts(form: str, path: Path, language: Language) -> list[tuple[Number, float, float]]:
    """Each percentage with counts beside it, as in `42 % (11 of 26)`, and the two counts."""
    number, of = _NUMBER[language], {"da": "af", "en": "of"}[language]
    text = " ".join(pieces(form, path))
    found = re.findall(rf"(?<![\w.,])({number}\s?%)\s+\(({number}) {of} ({number})\)", text)
    return [
        (next(numbers(share, language)), *(next(numbers(n, language))[0] for n in counts))
        for share, *counts in found
    ]


def wrong(told: list[tuple[Number, float, float]]) -> list[Number]:
    """The percentages that their counts do not give."""
    return [
        said
        for said, part, whole in told
        if not whole or abs(said[0] - 100 * part / whole) > 0.5 * 10 ** -said[1] + 1e-9
    ]


def test_a_percentage_beside_counts_agrees_with_them(
    told: list[Document], form: str, language: Language, tmp_path: Path
) -> None:
    beside = [
        each
        for document in told
        for each in beside_counts(form, written(form, document, tmp_path), language)
    ]
    assert len(beside) > 100
    assert wrong(beside) == []
    typed = {"da": "42 % (12 af 26)", "en": "42% (12 of 26)"}[language]
    path = written(form, with_words(told[1], typed), tmp_path)
    assert wrong(beside_counts(form, path, language)) == [(42.0, 0, True)]


def test_no_number_is_typed_into_a_message_in_danish() -> None:
    """As little as in English, which `test_report.py` looks at."""
    said = (
        said_in_code("documents", "comparison")[0]
        | said_in_templates(OF_DOCUMENTS)
        | {*SENTENCES.values()}
    )
    danish = [text for message, text in catalogue().items() if message in said]
    assert len(danish) > 150
    assert [text for text in danish if re.search(r"\d", re.sub(r"{\w+}", "", text))] == []
