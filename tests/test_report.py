"""The report: it stands alone, says what the results say, and says it in either language."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from string import Formatter
from typing import Any
from xml.etree.ElementTree import Element

import polars as pl
import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from conftest import ROOT, status_of
from hamlet import STATEMENT, areas, build, policy
from kvarter.addresses.reasons import MEANING
from kvarter.documents.observations import SENTENCES
from kvarter.documents.verdicts import row_verdict
from kvarter.documents.words import group_names
from kvarter.editions import InternalEdition
from kvarter.files.delimited import _NAMES as DELIMITERS
from kvarter.i18n import Locale, in_language
from kvarter.i18n.sort import in_order
from kvarter.policy.model import data_year
from page import read_page, words, write_report


@pytest.fixture(scope="module")
def status(city_status: InternalEdition) -> InternalEdition:
    return city_status


@pytest.fixture(scope="module")
def texts(status: InternalEdition, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The city's report in each language."""
    folder = tmp_path_factory.mktemp("reports")
    for language in ("da", "en"):
        write_report(status, folder / language, language)
    return {name: (folder / name).read_text(encoding="utf-8") for name in ("da", "en")}


@pytest.fixture(scope="module")
def pages(texts: dict[str, str]) -> dict[str, Element]:
    return {name: read_page(text) for name, text in texts.items()}


@pytest.fixture(params=["da", "en"])
def locale(request: pytest.FixtureRequest) -> Iterator[Locale]:
    with in_language(Locale(request.param)) as locale:
        yield locale


@pytest.fixture
def page(locale: Locale, pages: dict[str, Element]) -> Element:
    return pages[locale.language]


def report_of(policy_file: Path) -> str:
    """The Danish report of a policy, as text."""
    path = policy_file.parent / "report.html"
    write_report(status_of(policy_file), path, "da")
    return path.read_text(encoding="utf-8")


# It stands alone.


def test_nothing_is_fetched_from_outside_and_nothing_runs(page: Element) -> None:
    points_out = {"src", "srcset", "href", "xlink:href", "action", "data", "poster", "background"}
    for element in page.iter():
        assert element.tag not in {"script", "link", "iframe", "object", "embed", "img", "base"}
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (element.tag, name)
            assert name not in points_out or value.startswith("#"), (element.tag, name, value)
            assert all(url.startswith("#") for url in re.findall(r"url\(\s*['\"]?(.)", value))
        if element.tag == "style":
            assert "url(" not in words(element)
            assert "@import" not in words(element)
            assert "@font-face" not in words(element)


def test_the_only_addresses_in_it_are_names_of_svg(texts: dict[str, str]) -> None:
    for text in texts.values():
        assert set(re.findall(r"https?://[^\"'\s<]+", text)) == {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        }


def test_each_id_is_there_once_and_what_points_to_it_finds_it(page: Element) -> None:
    ids = [element.attrib["id"] for element in page.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    for element in page.iter():
        for name in ("href", "aria-labelledby", "aria-describedby", "for"):
            assert name not in element.attrib or element.attrib[name].removeprefix("#") in ids
        for value in element.attrib.values():
            assert set(re.findall(r"url\(#([^)]+)\)", value)) <= set(ids)


def test_headings_go_down_one_step_at_a_time(page: Element) -> None:
    steps = [int(e.tag[1]) for e in page.iter() if re.fullmatch("h[1-6]", e.tag)]
    assert steps[0] == 1
    assert steps.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(steps))


def test_every_picture_has_words_for_those_who_cannot_see_it(page: Element) -> None:
    pictures = list(page.iter("svg"))
    assert len(pictures) >= 6  # a chart for each of two indicators, maps, and flows
    for picture in pictures:
        assert picture.attrib["role"] == "img"
        assert words(picture[0]) and picture[0].tag == "title"
        assert words(picture[1]) and picture[1].tag == "desc"
    for figure in page.iter("figure"):
        assert len(list(figure.iter("svg"))) == len(list(figure.iter("figcaption"))) == 1


def test_the_charts_words_tell_the_points(pages: dict[str, Element]) -> None:
    told = [words(picture[1]) for picture in pages["en"].iter("svg")]
    assert any("The areas 2016: 1.4%" in text and "Whole city 2023: 0.2%" in text for text in told)


def test_tables_say_what_their_rows_and_columns_are(page: Element) -> None:
    for table in page.iter("table"):
        (head,) = table.iter("thead")
        columns = list(head.iter("th"))
        assert columns and all(th.attrib["scope"] == "col" for th in columns)
        spans: dict[int, int] = {}
        for row in next(table.iter("tbody")).iter("tr"):
            width = len(list(row)) + sum(left > 0 for left in spans.values())
            assert width == len(columns), words(row)
            spans = {at: left - 1 for at, left in spans.items()}
            for at, cell in enumerate(row):
                if "rowspan" in cell.attrib:
                    spans[at] = int(cell.attrib["rowspan"]) - 1


# It says what the results say.


def number(text: str, locale: Locale) -> float:
    """The number a figure shows, read as a person of that language reads it."""
    thousands, decimal = (".", ",") if locale.language == "da" else (",", ".")
    return float(
        re.sub(r"[^\d,.−-]", "", text)
        .replace(thousands, "")
        .replace(decimal, ".")
        .replace("−", "-")
    )


def figures(page: Element, status: InternalEdition, locale: Locale) -> Iterator[tuple[Any, ...]]:
    """Each figure of the goals' tables: the indicator, the row of results, and the cell."""
    names = {name: group for group, name in group_names().items()}
    names |= {each.name: area for area, each in status.public.geography.areas.items()}
    results = {
        (row["indicator"], row["period"], row["group"]): row
        for row in status.public.results.iter_rows(named=True)
    }
    editions = status.policy.editions
    for _, indicator in status.policy.indicators():
        title = locale.say(indicator.title)
        by_area = locale._("{title}, area by area", title=title)
        found = 0
        for table in page.iter("table"):
            caption = words(next(table.iter("caption")))
            if caption not in (title, by_area) and not caption.startswith(f"{title}. "):
                continue
            found += 1
            years = [data_year(indicator, edition) for edition in editions]
            for row in next(table.iter("tbody")).iter("tr"):
                group = names[words(row[0])]
                for year, cell in zip(years, list(row)[1 : 1 + len(years)], strict=True):
                    yield indicator, results[indicator.id, year, group], cell
        assert found == 1 + indicator.by_area


def test_each_figure_shown_is_the_one_in_the_results(
    page: Element, status: InternalEdition, locale: Locale
) -> None:
    seen = 0
    for indicator, row, cell in figures(page, status, locale):
        assert row["shown"]
        value = words(next(cell.iter("strong")))
        assert number(value, locale) == round(100 * row["value"], indicator.decimals)
        counts, *interval = [words(each) for each in cell.iter("small")]
        between = locale._("({part} of {whole})").split("}")[1].split("{")[0]
        parts = [number(each, locale) for each in counts.split(between)]
        assert parts == [round(row["numerator"]), round(row["denominator"])]
        for each in interval:
            to = locale._("{low} to {high}").split("}")[1].split("{")[0]
            shown = [number(end, locale) for end in each.split(to)]
            assert shown == [round(100 * row[e], indicator.decimals + 1) for e in ("low", "high")]
        seen += 1
    assert seen > 50


def test_the_verdicts_shown_are_those_that_decide(
    page: Element, status: InternalEdition, locale: Locale
) -> None:
    overview = next(page.iter("tbody"))
    told = {int(words(row[0]).partition(".")[0]): row[4] for row in overview.iter("tr")}
    decided = status.public.verdicts.filter("decides")
    assert decided["goal"].to_list() == [*told]
    for row in decided.iter_rows(named=True):
        verdict = row_verdict(status.public, row)
        (badge,) = (
            each for each in told[row["goal"]].iter("span") if "badge" in each.get("class", "")
        )
        assert words(badge) == f"{verdict.sign} {verdict.word}"
        assert badge.attrib["class"] == f"badge {verdict.look}"
        assert verdict.briefly() in words(told[row["goal"]])
    assert decided.height >= 2


def test_the_rows_of_each_source_are_told_but_for_small_numbers_and_what_gives_them_away(
    page: Element, status: InternalEdition, locale: Locale
) -> None:
    caption = locale._("Rows of each source, by what became of them")
    (table,) = [t for t in page.iter("table") if words(next(t.iter("caption"))) == caption]
    threshold = status.policy.disclosure.threshold
    for row in next(table.iter("tbody")).iter("tr"):
        cells = [words(cell) for cell in row]
        counts = dict(status.rows_by_outcome[str(row[0].text)])
        assert number(cells[1], locale) == counts.pop("read")
        hidden = [
            count
            for count, cell in zip(counts.values(), cells[2:], strict=True)
            if not cell[0].isdigit()
        ]
        shown = [number(cell, locale) for cell in cells[2:] if cell[0].isdigit()]
        assert sorted([*shown, *hidden]) == sorted(counts.values())
        assert not [count for count in shown if 0 < count < threshold]
        assert len(hidden) != 1


def test_mended_outlines_are_told(tmp_path: Path) -> None:
    path = build(tmp_path)
    assert "krydsede sig selv" not in report_of(path)
    layer = areas()
    (ring,) = layer["features"][1]["geometry"]["coordinates"]
    (west, south), (east, _) = ring[:2]
    assert east > west + 10
    ring[1:1] = [[west + x, south + y] for x, y in [(5, 0), (4, 1), (4.5, -1), (4.5, 0)]]
    (tmp_path / "areas.geojson").write_text(json.dumps(layer), encoding="utf-8")
    assert "krydsede sig selv og er rettet: 1." in report_of(path)


def test_what_the_ground_is_like_is_told(
    status: InternalEdition, pages: dict[str, Element]
) -> None:
    told = words(pages["en"])
    assert f"overlap by {status.public.geography.overlap_m2:,.0f} m²" in told
    assert f"stick out of the city by {status.public.geography.outside_m2:,.0f} m²" in told
    assert (
        f"{status.public.geography.entrances_of_others:,} entrances there belong to other" in told
    )


# It says it in either language.


def catalogue() -> dict[str, str]:
    with files("kvarter.i18n").joinpath("catalogues", "da.po").open("rb") as file:
        return {str(each.id): str(each.string) for each in read_po(file, locale="da") if each.id}


def said_in_code(*rooms: str) -> tuple[set[str], set[str]]:
    """The messages of `_`, `phrase` and `Note`; and the source of those that are no constant."""
    messages, others = set[str](), set[str]()
    for path in sorted(
        path for room in rooms or [""] for path in (ROOT / "src/kvarter" / room).rglob("*.py")
    ):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            called = call.func.attr if isinstance(call.func, ast.Attribute) else None
            called = call.func.id if isinstance(call.func, ast.Name) else called
            if called not in {"_", "Note", "phrase"}:
                continue
            if isinstance(message := call.args[0], ast.Constant):
                messages.add(message.value)
            else:
                others.add(ast.unparse(message))
    return messages, others


OF_DOCUMENTS, OF_THE_SITE = "documents/templates/*.jinja", "web/ui/jinja2/**/*.*"


def said_in_templates(*places: str) -> set[str]:
    """The messages of the templates in `places`; of all where none is given."""
    environment = Environment()
    found = set()
    rooms = ROOT / "src" / "kvarter"
    every = [path for place in places or (OF_DOCUMENTS, OF_THE_SITE) for path in rooms.glob(place)]
    for path in sorted(path for path in every if path.is_file()):
        tree = environment.parse(path.read_text(encoding="utf-8"))
        for _, _, message in extract_from_ast(tree, ["_"], babel_style=False):
            found.add(message[0] if isinstance(message, tuple) else message)
    return found


def encodings() -> set[str]:
    """The names that files/encoding.py gives to what it finds."""
    tree = ast.parse((ROOT / "src/kvarter/files/encoding.py").read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return {
        text
        for text in texts
        if isinstance(text, str) and re.search("UTF-|Windows-|CP8|Mac Roman|ISO", text)
    }


def test_every_message_has_a_danish_translation() -> None:
    messages, _ = said_in_code()
    assert len(messages) > 150
    assert said_in_templates()
    translated = {message for message, danish in catalogue().items() if danish}
    assert sorted((messages | said_in_templates()) - translated) == []
    assert sorted({*DELIMITERS.values(), *MEANING.values(), *SENTENCES.values()} - translated) == []


def test_messages_that_are_put_together_are_known() -> None:
    """Each of these is covered by another line of this file; a new one must be as well."""
    _, others = said_in_code()
    assert others == {
        *("written", "layout", "note.message", "MEANING[Reason(code)]"),
        *("self.message", "*each"),  # of notes that are written and read again
        "SENTENCES[observation.code]",
        "message",  # handed on by `_` and `phrase`, also of templates: constant where it is said
        "str(message)",  # of the notes that a register was written with, each said in the code
    }


def test_the_catalogue_holds_nothing_that_is_no_longer_said() -> None:
    said = said_in_code()[0] | said_in_templates() | set(DELIMITERS.values()) | encodings()
    said |= {*MEANING.values(), *SENTENCES.values()}
    assert sorted(set(catalogue()) - said) == []


def places(message: str) -> tuple[set[str], set[str]]:
    """The names a message fills in, and those that some of its words go with."""
    parsed = [(name, spec) for _, name, spec, _ in Formatter().parse(message) if name]
    filled_in = {name for name, spec in parsed if not spec}
    for _, spec in parsed:
        filled_in |= places(spec or "")[0]
    return filled_in, {name for name, spec in parsed if "|" in (spec or "")}


def test_a_translation_has_the_same_places_to_fill() -> None:
    for message, danish in catalogue().items():
        (in_english, _), (in_danish, with_words) = places(message), places(danish)
        assert in_english == in_danish, danish
        assert with_words <= in_english, danish


def test_no_number_is_typed_into_a_message() -> None:
    """Every number in a text is filled in from the results or the policy."""
    said = (
        said_in_code("documents", "comparison")[0]
        | said_in_templates(OF_DOCUMENTS)
        | {*SENTENCES.values()}
    )
    assert [each for each in sorted(said) if re.search(r"\d", re.sub(r"{\w+}", "", each))] == []


def test_the_catalogue_stands_in_order_with_each_message_once() -> None:
    """`make format` puts it in order."""
    path = ROOT / "src/kvarter/i18n/catalogues/da.po"
    assert path.read_bytes() == in_order(path)
    assert len(re.findall(r"\nmsgid ", path.read_text(encoding="utf-8"))) == len(catalogue()) + 1


def whole_sentences() -> list[tuple[str, str]]:
    """English and Danish of the messages without places to fill, where the two differ clearly."""
    return [
        (message, danish)
        for message, danish in catalogue().items()
        if "{" not in message and min(len(message), len(danish)) > 11 and message != danish
    ]


def test_each_language_is_spoken_alone(pages: dict[str, Element], status: InternalEdition) -> None:
    danish, english = words(pages["da"]), words(pages["en"])
    assert len(whole_sentences()) > 25
    assert [da for _, da in whole_sentences() if da in english] == []
    assert [en for en, _ in whole_sentences() if en in danish] == []
    assert sum(da in danish for _, da in whole_sentences()) > 15


def test_the_page_says_which_language_it_is_in(page: Element, locale: Locale) -> None:
    assert page.attrib["lang"] == locale.language


def test_headings_are_in_the_language_asked_for(pages: dict[str, Element]) -> None:
    headings = {name: [words(h) for h in each.iter("h2")] for name, each in pages.items()}
    assert headings["en"][0] == "In brief"
    assert headings["en"][-4:] == [
        "The areas",
        "What became of every row",
        "Notes on the data",
        "How to read the figures",
    ]
    assert len(headings["da"]) == len(headings["en"])
    assert not set(headings["da"]) & set(headings["en"])


def test_numbers_are_written_as_each_language_writes_them(pages: dict[str, Element]) -> None:
    assert "1,4 %" in words(pages["da"])
    assert "1.4%" in words(pages["en"])


# Texts of the policy.

ODD = "<b>fed</b> & \"citat\" 'x' </title></style> {{ 7 * 7 }} 🏠 \u05e9\u05dc\u05d5 \u202eomvendt"


def odd_everywhere(value: Any, parent: str = "") -> Any:
    """The hamlet's policy with an odd text in the place of every text that people read."""
    read_by_people = {"title", "text", "measured", "administration", "case_system"}
    if isinstance(value, dict):
        return {key: odd_everywhere(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [odd_everywhere(each, parent) for each in value]
    return ODD if parent in read_by_people else value


def test_texts_of_the_policy_are_shown_as_they_are(tmp_path: Path) -> None:
    changed = odd_everywhere(policy())
    changed["municipality"]["name"] = ODD
    changed["documents"] = {"<i>": "<u>"}
    changed["area_sets"][0]["areas"][0] = {"id": "vest", "name": ODD, "layer_name": "Vest"}
    changed["goals"][0] |= {"administration": ODD}
    changed[STATEMENT] = {"comments": {1: ODD}, "next_steps": [ODD], "signed_by": [ODD]}
    waiting = {"number": 9, "title": ODD, "no_data": ODD}
    intervention = {"title": ODD, "from": 2020, "text": ODD}
    changed["goals"][0]["interventions"] = [intervention]
    changed["goals"].append(waiting)
    text = report_of(build(tmp_path, changed=changed))
    page = read_page(text)
    assert not {"b", "i", "u"} & {element.tag for element in page.iter()}
    assert words(page).count(ODD) > 20
    assert "<b>" not in text


def test_a_policy_in_danish_only_has_an_english_report_all_the_same(tmp_path: Path) -> None:
    status = status_of(build(tmp_path))
    write_report(status, tmp_path / "en.html", "en")
    page = read_page((tmp_path / "en.html").read_text(encoding="utf-8"))
    assert "Goal 1: Færre varslinger" in words(page)


@pytest.mark.parametrize("edition", ["2017", "2024"])
@pytest.mark.parametrize("rows", [[], None])
def test_a_report_is_whole_for_any_edition_and_without_rows(
    tmp_path: Path, edition: str, rows: list[str] | None
) -> None:
    status = status_of(build(tmp_path, rows), edition)
    write_report(status, tmp_path / "report.html", "da")
    read_page((tmp_path / "report.html").read_text(encoding="utf-8"))


@pytest.mark.usefixtures("in_english")
def test_hidden_figures_stand_nowhere_in_the_report(tmp_path: Path) -> None:
    """With the threshold at 5 nothing of the hamlet but zeroes can be shown."""
    status = status_of(build(tmp_path / "h", changed={"disclosure": {"threshold": 5}}))
    bare = status_of(build(tmp_path / "bare"))
    write_report(status, tmp_path / "report.html", "en")
    page = read_page((tmp_path / "report.html").read_text(encoding="utf-8"))
    hidden = [cell for _, row, cell in figures(page, status, Locale("en")) if not row["shown"]]
    assert len(hidden) > 4
    assert {words(cell) for cell in hidden} <= {"not shown small numbers"}
    text = words(page)
    both = status.public.results.filter(~pl.col("shown")).join(
        bare.public.results, on=["indicator", "period", "group"], suffix="_bare"
    )
    for row in both.iter_rows(named=True):
        assert f"{row['numerator_bare']:.0f} of {row['denominator_bare']:.0f}" not in text
        assert not row["value_bare"] or f"{100 * row['value_bare']:.1f}%" not in text
