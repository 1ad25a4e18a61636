"""What a reader sees first: the first page, the public summary, the memo, and how they look."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np
import pytest

from conftest import status_of
from hamlet import STATEMENT, build, policy
from kvarter.documents.assemble import documents
from kvarter.documents.charts import area_map
from kvarter.documents.contents import Words, by_area, value_of
from kvarter.documents.contents.sure import SIGNS
from kvarter.documents.document import (
    Bullets,
    Cell,
    Document,
    Paragraph,
    Section,
    Table,
    pictures,
    texts,
    walk,
)
from kvarter.documents.docx import write_docx
from kvarter.documents.funnel_chart import funnel_chart
from kvarter.documents.html import page_of, style_hash, style_sheet
from kvarter.documents.map_names import Name, placed
from kvarter.documents.pdf import write_pdf
from kvarter.i18n import Locale
from kvarter.policy.model import Language
from middle import WithMiddle
from page import read_page
from paper import page_texts, pages
from test_docx import as_pdf


@pytest.fixture(scope="module", params=["da", "en"])
def locale(request: pytest.FixtureRequest) -> Locale:
    return Locale(request.param)


@pytest.fixture(scope="module")
def written(city_status: WithMiddle, locale: Locale) -> dict[str, Document]:
    """Every document of the example, by its name."""
    return {each.name: each for each in documents(city_status.public, locale.language)}


def said_in(section: Section) -> Iterator[str]:
    """Every text of a section that is not a heading of a table."""
    for block in walk(section):
        match block:
            case Paragraph():
                yield block.text
            case Bullets():
                for item in block.items:
                    yield from (item.lead, item.text, *item.more)
            case Table():
                for row in block.rows:
                    for cell in row:
                        yield from (cell.text, *cell.small)


# Every number is a cell.


@pytest.mark.parametrize("name", ["report", "summary"])
def test_every_number_on_the_first_page_and_in_the_summary_is_a_cell_of_a_table(
    city_status: WithMiddle, written: dict[str, Document], name: str, locale: Locale
) -> None:
    """Or it stands so in the policy or in what people write."""
    edition = city_status.public
    given = edition.policy.model_dump_json() + edition.statement.model_dump_json()
    sections = written[name].sections[:1] if name == "report" else written[name].sections
    traced = 0
    for section in sections:
        for text in said_in(section):
            rest, at = "", 0
            for start, end, figure in text.spans if isinstance(text, Words) else ():
                assert value_of(edition, figure) == figure.value, text
                rest, at = rest + text[at:start], end
                traced += 1
            for number in re.findall(r"\d[\d.,]*", rest + text[at:]):
                own = edition.statement.published and locale.date(edition.statement.published)
                known = number.strip(".,") in given or (own and number.strip(".,") in own)
                assert known or text.startswith(number), f"{number} in {text!r}"
    assert traced > 20


def test_each_figure_in_the_page_names_its_cells(
    city_status: WithMiddle, written: dict[str, Document]
) -> None:
    page = read_page(page_of(written["summary"]))
    named = [each for each in page.iter("span") if "data-cell" in each.attrib]
    assert len(named) > 40
    for each in named:
        assert re.fullmatch(r"(\w+(\[[^\] ]*\])?\.[\w.-]+ ?)+", each.attrib["data-cell"])


# Two pages.


def page_counts(summary: Document, folder: Path) -> list[int]:
    """Pages of a summary as PDF and as Word."""
    write_pdf(summary, folder / "summary.pdf")
    write_docx(summary, folder / "word.docx")
    (word,) = as_pdf(folder / "word.docx")
    return [len(page_texts(path)) for path in (folder / "summary.pdf", word)]


@pytest.mark.slow
def test_the_summary_has_two_pages(written: dict[str, Document], tmp_path: Path) -> None:
    assert page_counts(written["summary"], tmp_path) == [2, 2]


def many_goals(count: int) -> dict[str, Any]:
    """The hamlet's goal, so many times, with titles and targets as long as they come."""
    goals = []
    for number in range(1, count + 1):
        goal = deepcopy(policy()["goals"][0])
        goal |= {"number": number, "title": f"Færre varslinger om fogedudsættelse {number}"}
        goal["indicators"][0]["id"] = f"notices-{number}"
        goal["targets"][0] |= {
            "id": f"fewer-{number}",
            "indicator": f"notices-{number}",
            "text": "Antallet af varslinger i de udsatte byområder er faldet 25 % i perioden",
        }
        goals.append(goal)
    return {"goals": goals, "disclosure": {"threshold": 1}}


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 6, 18])
def test_the_summary_has_two_pages_at_most_however_many_goals_have_data(
    tmp_path: Path, count: int
) -> None:
    status = status_of(build(tmp_path, changed=many_goals(count)))
    (summary,) = (each for each in documents(status.public, "da") if each.name == "summary")
    assert all(pages <= 2 for pages in page_counts(summary, tmp_path))


def test_technical_tests_stand_in_the_appendix_of_the_summary_alone(
    written: dict[str, Document],
) -> None:
    *before, appendix = written["summary"].sections
    assert appendix.kind == "small"
    text = "\n".join(each for section in before for each in said_in(section))
    assert not re.search(r"\bp [=<]|Wilson|Byar|bootstrap|odds|interval", text)


def test_the_summary_says_when_it_is_published_whom_to_ask_and_of_which_years_it_is(
    city_status: WithMiddle, written: dict[str, Document], locale: Locale
) -> None:
    text = "\n".join(texts(written["summary"]))
    statement = city_status.public.statement
    assert statement.published is not None
    assert locale.date(statement.published) in text
    assert locale.say(statement.contact) in text
    assert {"da": "Tallene er fra 2023", "en": "The figures are of 2023"}[locale.language] in text
    assert written["summary"].date == statement.published


def test_the_cases_without_a_place_add_up_wherever_they_are_told(
    written: dict[str, Document],
) -> None:
    """110 = 85 without a place and 25 elsewhere."""
    for name in ("report", "summary", "annex/goal-02"):
        for text in texts(written[name]):
            if re.search(r"\b110\b", text):
                assert re.search(r"\b85\b", text) and re.search(r"\b25\b", text), (name, text)


# What is firm does not look as what is not.


def test_firm_and_uncertain_verdicts_can_be_told_apart_in_grey(tmp_path: Path) -> None:
    """Filled with white letters, or white with a broken frame: by dots, in a grey print."""
    looks = [look for look in SIGNS if look != "cannot_tell"]
    rows = tuple(
        (Cell(f"Row {number}"), Cell("Verdict", verdict=look)) for number, look in enumerate(looks)
    )
    table = Table("Looks", (Cell("Name"), Cell("Verdict")), rows, widths=(1, 1))
    one = Document(
        *("looks", "Looks", "Of verdicts", "The town", "en", date(2024, 1, 1), ()),
        sections=(Section("Section", (table,)),),
        footer="Foot",
    )
    write_pdf(one, tmp_path / "looks.pdf")
    (dots,) = pages(tmp_path / "looks.pdf")
    dark = (dots < 120).sum(axis=1)
    # The rows of the page with the most dark dots are the filled ones, as many as there are firm.
    filled = np.flatnonzero(dark > 0.5 * dark[dark > 40].max())
    runs = 1 + int((np.diff(filled) > 3).sum())
    assert runs >= 2


def test_each_look_has_a_style_of_its_own_in_the_page() -> None:
    sheet = style_sheet()
    for look in SIGNS:
        assert f".badge.{look}" in sheet
    firm = re.search(r"\.badge\.met-firm \{([^}]*)\}", sheet)
    loose = re.search(r"\.badge\.met-open, [^{]*\{([^}]*)\}", sheet)
    assert firm and "background: var(--met)" in firm[1] and "dashed" not in firm[1]
    assert loose and "background: #fff" in loose[1] and "dashed" in loose[1]


# The page under a strict policy.


def test_no_element_has_a_style_of_its_own(written: dict[str, Document]) -> None:
    for document in written.values():
        text = page_of(document)
        page = read_page(text)
        assert [each.tag for each in page.iter() if "style" in each.attrib] == []
        sheets = list(page.iter("style"))
        assert len(sheets) == 1
        assert not [each for svg in page.iter("svg") for each in svg.iter("style")]
        inside = text.partition("<style>")[2].partition("</style>")[0]
        digest = hashlib.sha256(inside.encode()).digest()
        assert style_hash() == f"sha256-{base64.b64encode(digest).decode()}"


def test_a_page_can_link_its_sheet(written: dict[str, Document]) -> None:
    page = read_page(page_of(written["summary"], sheet="/static/document.css"))
    assert not list(page.iter("style"))
    (link,) = page.iter("link")
    assert link.attrib == {"rel": "stylesheet", "href": "/static/document.css"}


def test_a_page_asks_for_nothing(written: dict[str, Document]) -> None:
    def outside(element: Element) -> list[str]:
        return [value for name, value in element.attrib.items() if name in ("src", "href")]

    for document in written.values():
        for element in read_page(page_of(document)).iter():
            assert all(value.startswith("#") for value in outside(element))


# The memo.


def test_the_memo_can_be_signed_as_it_is(
    city_status: WithMiddle, written: dict[str, Document], locale: Locale
) -> None:
    memo = written["memo"]
    statement = city_status.public.statement
    assert statement.memo.date is not None
    text = "\n".join(texts(memo))
    for told in (
        locale.date(statement.memo.date),
        locale.say(statement.memo.recipient),
        locale.say(statement.memo.sender),
        "F2 6655654; eDoc 2024-0353188",
        *(locale.say(ask) for ask in statement.memo.asks),
    ):
        assert told in text, told
    kinds = {b.kind for section in memo.sections for b in walk(section) if isinstance(b, Paragraph)}
    assert "draft" not in kinds
    assert memo.date == statement.memo.date


def test_no_field_name_of_a_program_stands_in_the_memo(tmp_path: Path) -> None:
    status = status_of(build(tmp_path, changed={STATEMENT: {}}))
    for language in ("da", "en"):
        (memo,) = (each for each in documents(status.public, language) if each.name == "memo")
        text = "\n".join(texts(memo))
        assert not re.search(r"\w_\w|`|\.yaml", text)
        blocks = [b for section in memo.sections for b in walk(section)]
        assert [b for b in blocks if isinstance(b, Paragraph) and b.kind == "draft"]


# The city, or the municipality.


@pytest.mark.parametrize("language", ["da", "en"])
def test_no_text_of_a_municipality_calls_it_a_city(tmp_path: Path, language: Language) -> None:
    called = {"municipality": {**policy()["municipality"], "called": "municipality"}}
    status = status_of(build(tmp_path, changed={**called, "disclosure": {"threshold": 1}}))
    found = documents(status.public, language)
    text = "\n".join(each for document in found for each in texts(document))
    drawn = "\n".join(picture.svg for document in found for picture in pictures(document))
    city, place = {"da": (r"\bbyens?\b", "kommunen"), "en": (r"\bcit(y|ies)\b", "municipality")}[
        language
    ]
    for each in (text, drawn):
        assert re.findall(city, each, re.IGNORECASE) == []
    assert place in text and place in drawn


# Areas.


@pytest.mark.usefixtures("in_danish")
def test_every_area_is_named_on_the_maps_and_in_the_plot(city_status: WithMiddle) -> None:
    edition = city_status.public
    names = [area.name for area in edition.policy.area_set("2017").areas]
    indicator = edition.policy.goals[1].indicators[0]
    plot = funnel_chart(by_area(edition)[0])
    assert plot is not None
    for picture in (area_map(edition, None, 0), area_map(edition, indicator, 2023), plot):
        for name in names:
            assert f">{name}</text>" in picture.svg, name


def test_names_do_not_lie_over_each_other() -> None:
    names = [Name(f"Område {n}", 50 + 45 * (n % 5), 40 + 30 * (n // 5)) for n in range(15)]
    found = placed(names, (0, 0, 560, 300), on_points=False)
    boxes = [each.box for each in found]
    for number, one in enumerate(boxes):
        assert one[0] >= 0 and one[2] <= 560
        for other in boxes[number + 1 :]:
            wide = min(one[2], other[2]) - max(one[0], other[0])
            high = min(one[3], other[3]) - max(one[1], other[1])
            assert wide <= 0.5 or high <= 0.5


@pytest.mark.usefixtures("in_danish")
def test_the_scale_of_a_map_goes_from_zero_to_twice_the_average(city_status: WithMiddle) -> None:
    edition = city_status.public
    indicator = edition.policy.goals[1].indicators[0]
    svg = area_map(edition, indicator, 2023).svg
    assert ">0</text>" in svg
    assert ">1,2</text>" in svg  # the average is 0.6 percent, the largest area 0.85
