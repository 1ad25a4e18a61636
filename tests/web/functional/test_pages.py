"""The public pages of the example city: all lead on, and every number is a cell of the edition."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kvarter.documents.contents import CellRef, Figure, value_of
from kvarter.documents.contents.cells import value_at
from kvarter.editions import Edition, open_edition
from page import VOID, read_page

LINK = re.compile(r'(?:href|src)="([^"#]*)')
NUMBER = re.compile(r"[+\u2212-]?\d+(?:[.,]\d+)*")
# Names of things: what they are called has digits in it, and says nothing of the figures.
NAMES = re.compile(r"status 20\d\d|baseline 20\d\d|\bWCAG|goal \d+|mål \d+", re.I)


def pages_from(client: Any, start: str) -> Iterator[tuple[str, str]]:
    """Every page that links lead to from `start`, once; files and pictures are only opened."""
    waiting, known = [start], {start}
    while waiting:
        address = waiting.pop()
        response = client.get(address)
        while response.status_code in (301, 302):
            address = response.headers["Location"]
            response = client.get(address)
        if address.startswith("/konto/") or "/dokument/" in address:
            continue  # documents say of themselves what they are: tests/test_report.py
        assert response.status_code == 200, address
        if response.streaming or not response.headers["Content-Type"].startswith("text/html"):
            continue
        text = response.content.decode()
        yield address, text
        for link in LINK.findall(text):
            link = link.replace("&amp;", "&")
            if link.startswith("/") and link not in known and not link.startswith("/static/"):
                known.add(link)
                waiting.append(link)


@pytest.fixture(scope="module")
def everything(demo_site: Path) -> dict[str, str]:
    return {}


@pytest.fixture
def pages(demo: Path, client: Any, everything: dict[str, str]) -> dict[str, str]:
    """Every page that can be reached, by its address; gathered once."""
    if not everything:
        for start in ("/", "/en/", "/status/2021/v/1/", "/status/2017/"):
            everything |= dict(pages_from(client, start))
    return everything


@pytest.fixture(scope="module")
def editions(demo_site: Path) -> dict[str, Edition]:
    published = sorted((demo_site / "published").glob("20*"))
    return {path.name[:4]: open_edition(path / "files") for path in published}


def words(element: Any) -> str:
    """All the text in an element, as it is read."""
    return " ".join("".join(element.itertext()).split())


class _Numbers(HTMLParser):
    """Every text of the content of a page, with the cells it says it is from."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str]]] = []
        self.found: list[tuple[str, dict[str, str], list[str]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append((tag, {name: value or "" for name, value in attributes}))

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self.open]
        if "main" in tags and re.search(r"\d", data):
            said = next(
                (a for _, a in reversed(self.open) if "data-cell" in a or "data-row" in a), {}
            )
            self.found.append((data, said, tags))


def read(number: str, language: str) -> tuple[float, int]:
    """The value of a number as a page has it, and its decimals."""
    thousands, decimal = (".", ",") if language == "da" else (",", ".")
    plain = number.replace("\u2212", "-").replace(thousands, "").replace(decimal, ".")
    return float(plain), len(plain.partition(".")[2])


def fits(text: str, value: object, times: float, language: str) -> bool:
    """Whether a number in `text` is the value, to the decimals that it is written with."""
    if isinstance(value, str):
        return value in text or bool(NUMBER.search(text))
    for number in NUMBER.findall(text):
        told, decimals = read(number, language)
        for sign in (1, -1):
            if math.isclose(told, round(sign * times * float(str(value)), decimals), abs_tol=1e-9):
                return True
    return False


def test_every_page_can_be_read_strictly_and_leads_on(pages: dict[str, str]) -> None:
    assert len(pages) > 150
    for address, text in pages.items():
        root = read_page(text)
        assert root.tag == "html"
        assert root.attrib["lang"] == ("en" if address.startswith("/en/") else "da"), address
        assert len([1 for each in root.iter("h1")]) == 1, address
        levels = [int(each.tag[1]) for each in root.iter() if re.fullmatch("h[1-6]", each.tag)]
        assert all(b - a <= 1 for a, b in pairwise(levels)), address
        ids = [each.attrib["id"] for each in root.iter() if "id" in each.attrib]
        assert len(ids) == len(set(ids)), address
        assert all(each.attrib.get("alt") for each in root.iter("img")), address
        scripts = [each.attrib for each in root.iter("script")]
        assert all(each["type"] == "module" and each["src"] for each in scripts), address
        pointed = any("data-chart" in each.attrib for each in root.iter("figure"))
        assert len(scripts) == pointed, (address, "a script where there is something to point at")
        assert not [each for each in root.iter() if "style" in each.attrib], address


def test_every_number_is_a_cell_of_an_edition(
    pages: dict[str, str], editions: dict[str, Edition]
) -> None:
    """Traced one by one: what a page tells is what stands in the table that it names."""
    traced, worked_out = 0, dict[tuple[str, str, str], object]()
    wrong = []
    for address, text in pages.items():
        of = re.match(r"/(?:en/)?status/(\d+)/", address)
        if of is None:
            continue
        language = "en" if address.startswith("/en/") else "da"
        reader = _Numbers()
        reader.feed(text)
        for said, where, _ in reader.found:
            if "data-cell" not in where:
                continue
            edition, by = where.get("data-edition", of[1]), where.get("data-by", "cell")
            key = (edition, where["data-cell"], by)
            if key not in worked_out:
                cells = tuple(map(CellRef.parse, where["data-cell"].split(" | ")))
                figure = Figure(said, None, cells, by)  # type: ignore[arg-type]
                worked_out[key] = value_of(editions[edition], figure)
            times = float(where.get("data-times", 1))
            traced += 1
            if not fits(said, worked_out[key], times, language):
                wrong.append((address, said, where, worked_out[key]))
    assert wrong == []
    assert traced > 10_000


def test_every_number_in_a_sentence_is_in_the_row_that_it_names(
    pages: dict[str, str], editions: dict[str, Edition]
) -> None:
    rows: dict[tuple[str, str], list[float]] = {}
    wrong, traced = [], 0
    for address, text in pages.items():
        of = re.match(r"/(?:en/)?status/(\d+)/", address)
        reader = _Numbers()
        reader.feed(text)
        for said, where, _ in reader.found if of else []:
            row = where.get("data-row", "policy")
            if row == "policy":
                continue
            language = "en" if address.startswith("/en/") else "da"
            key = (of[1], row)
            if key not in rows:
                edition = editions[of[1]]
                columns = edition.tables[row.partition("[")[0]].columns
                found = [value_at(edition, CellRef.parse(f"{row}.{column}")) for column in columns]
                rows[key] = [float(each) for each in found if isinstance(each, int | float)]
            for number in NUMBER.findall(said):
                told, decimals = read(number, language)
                known = {round(sign * value, decimals) for value in rows[key] for sign in (1, -1)}
                counted = told in range(11)  # so many readings, so many times
                below = f"< {number}" in said and any(0 <= one < told for one in rows[key])
                traced += 1
                if (
                    not counted
                    and not below
                    and not any(math.isclose(told, one, abs_tol=1e-9) for one in known)
                ):
                    wrong.append((address, number, said[:80]))
    assert wrong == []
    assert traced > 100


def test_a_number_without_a_cell_is_a_year_or_a_name(pages: dict[str, str]) -> None:
    """What is left has its digits from the policy or the calendar, and tells no figure."""
    left = set()
    for address, text in pages.items():
        if "/status/" not in address:
            continue
        reader = _Numbers()
        reader.feed(text)
        for said, where, tags in reader.found:
            if where or "h1" in tags or "caption" in tags or "a" in tags or "h2" in tags:
                continue
            rest = NAMES.sub("", said)
            left |= {n for n in NUMBER.findall(rest) if not re.fullmatch(r"20[0-4]\d", n)}
    # The day and the version of a publication, which are of no table.
    assert {number for number in left if not (number.isdigit() and int(number) <= 31)} == set()


def test_a_page_says_the_same_in_both_languages(pages: dict[str, str]) -> None:
    def cells(text: str) -> list[str]:
        found = re.findall(r'data-cell="([^"]*)"', text)
        return [cell.removesuffix("title_da").removesuffix("title_en") for cell in found]

    for address, text in pages.items():
        if address.startswith("/status/"):
            assert cells(text) == cells(pages[f"/en{address}"]), address


def test_english_pages_speak_no_danish(pages: dict[str, str]) -> None:
    for address, text in pages.items():
        if address.startswith("/en/"):
            said = words(next(read_page(text).iter("main")))
            said = re.sub(r"\w+- og \w+forvaltningen", "", said)  # a name is not translated
            found = re.findall(r"\b(?:og|ikke|områderne|målet|udsættelser)\b", said.lower())
            assert found == [], (address, found)


def test_the_first_page_tells_what_it_must(pages: dict[str, str]) -> None:
    said = words(read_page(pages["/status/2024/"]))
    for each in (
        "Færre udsættelser",
        "1,4 %",
        "0,6 %",
        "57,1 %",
        "25 %",
        "28",
        "11",
        "33 %",
        "2038",
    ):
        assert each in said, each
    assert "16 mål har endnu ingen data: mål 1, 3, 4 og 6–18." in said
    assert pages["/status/2024/"].count("kv-verdict--met-open") == 2, "both can be turned"


def told_in(chart: Any) -> Iterator[str]:
    """What the rows of a chart say that they are."""
    if isinstance(chart, dict):
        yield from [chart["told"]] if "told" in chart else []
        for each in chart.values():
            yield from told_in(each)
    elif isinstance(chart, list):
        for each in chart:
            yield from told_in(each)


def test_what_one_points_at_is_what_the_tables_beside_say(
    pages: dict[str, str], demo: Path, client: Any
) -> None:
    pointed = 0
    for address, text in pages.items():
        for figure in read_page(text).iter("figure"):
            if "data-chart" not in figure.attrib:
                continue
            said = words(next(read_page(text).iter("main"))).replace("\u00a0", " ")
            answer = client.get(figure.attrib["data-chart"])
            assert answer.headers["Content-Type"] == "application/json"
            found = list(told_in(json.loads(b"".join(answer.streaming_content))))
            assert found, address
            for each in found:
                name, _, figures = each.replace("\u00a0", " ").partition(": ")
                pointed += 1
                assert re.sub(r" \d{4}$", "", name) in said, (address, each)
                assert figures.split(", ")[0] in said, (address, each)
    assert pointed > 500


def test_a_number_that_is_no_cell_would_be_found() -> None:
    assert fits("1,4 %", 0.01414, 100, "da")
    assert fits("\u22121,234", -1234.4, 1, "en")
    assert not fits("1,5 %", 0.01414, 100, "da")
    assert not fits("1.4 %", 0.01414, 100, "da"), "fourteen in Danish"


def test_cases_without_a_place_are_reconciled(pages: dict[str, str]) -> None:
    said = words(read_page(pages["/status/2024/metode/"]))
    assert re.search(r"110 .* 85 .* 25 ", said)


def test_who_is_missing_is_told_with_its_test_by_chance(pages: dict[str, str]) -> None:
    said = words(read_page(pages["/status/2024/metode/"]))
    assert re.search(r"Forskellene er (ikke )?større, end tilfældige udsving kan forklare", said)


def test_an_earlier_edition_has_a_banner_and_is_not_indexed(demo: Path, client: Any) -> None:
    response = client.get("/status/2021/maal/2/")
    said = words(read_page(response.content.decode()))
    assert "Dette er en tidligere udgave" in said
    assert response.headers["X-Robots-Tag"] == "noindex"
    newest = client.get("/status/2024/maal/2/")
    assert "tidligere udgave" not in newest.content.decode()
    assert "X-Robots-Tag" not in newest.headers


@pytest.mark.parametrize(
    ("address", "to"),
    [
        ("/", "/status/2024/"),
        ("/status/", "/status/2024/"),
        ("/en/", "/en/status/2024/"),
        ("/maal/2/", "/status/2024/maal/2/"),
        ("/omraade/laerkebo/", "/status/2024/omraade/laerkebo/"),
        ("/en/kriterie/low-income/", "/en/status/2024/kriterie/low-income/"),
    ],
)
def test_short_addresses_lead_to_the_newest_edition(
    demo: Path, client: Any, address: str, to: str
) -> None:
    response = client.get(address)
    assert (response.status_code, response.headers["Location"]) == (302, to)


@pytest.mark.parametrize(
    "address",
    [
        "/status/1999/",
        "/status/2024/maal/99/",
        "/status/2024/omraade/ukendt/",
        "/status/2024/v/9/",
        "/status/2024/v/1/fil/internal/run.json",
        "/status/2024/v/1/fil/../manifest.json",
        "/status/2024/v/1/fil/%2e%2e/manifest.json",
        "/status/2024/v/1/billede/..%2fmanifest.json",
        "/status/2024/index/",
        "/omraade/ukendt/",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(demo: Path, client: Any, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "Siden findes ikke" in response.content.decode()


def test_a_download_explains_itself(demo: Path, client: Any) -> None:
    response = client.get("/status/2024/v/1/fil/data/results.csv")
    name = "koebenhavn_politik-for-udsatte-byomraader-2017-2025_2024_data-results.csv"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "immutable" in response.headers["Cache-Control"]


def test_two_editions_stand_side_by_side(pages: dict[str, str]) -> None:
    said = words(read_page(pages["/status/2024/mod/2021/"]))
    assert "Status 2024 sammenlignet med Midtvejsstatus 2021" in said
    assert "Vurderinger" in said or "Vurdering" in said


def test_search_finds_areas_and_goals(demo: Path, client: Any) -> None:
    for query, address in (("lærkebo", "omraade/laerkebo"), ("udsættelser", "maal/2")):
        text = client.get("/soeg/", {"q": query}).content.decode()
        assert f'href="/status/2024/{address}/"' in text
    nothing = client.get("/soeg/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script" not in nothing


def test_a_page_is_rendered_once_and_known_again_by_its_etag(demo: Path, client: Any) -> None:
    first = client.get("/status/2024/maal/5/")
    again = client.get("/status/2024/maal/5/", headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    squeezed = client.get("/status/2024/maal/5/", headers={"accept-encoding": "gzip"})
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert len(squeezed.content) < len(first.content) / 3
    assert not first.cookies
    assert first.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "address", ["/status/2024/", "/status/2024/maal/2/", "/en/status/2021/omraade/", "/udgaver/"]
)
def test_a_page_asks_the_database_once_and_then_never(
    demo: Path, client: Any, address: str
) -> None:
    """The list of what is published, which is looked up once a second; nothing grows with data."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from kvarter.web.status.shelf import look_again

    look_again()
    with CaptureQueriesContext(
        connection,
    ) as first:
        client.get(address)
    with CaptureQueriesContext(connection) as again:
        client.get(address)
    assert (len(first), len(again)) == (1, 0)


def test_a_first_visit_is_small(demo: Path, site_folder: Path, client: Any) -> None:
    """The page, its style, fonts and pictures, as a browser gets them: less than 250 kB."""
    address = "/status/2024/maal/2/"
    sizes = {address: len(client.get(address, headers={"accept-encoding": "gzip"}).content)}
    text = client.get(address).content.decode()
    for link in re.findall(r'(?:href|src)="(/static/[^"]+|/status/[^"]+\.svg)"', text):
        if link.endswith(".svg") and link.startswith("/status/"):
            answer = client.get(link, headers={"accept-encoding": "gzip"})
            sizes[link] = len(b"".join(answer.streaming_content))
            continue
        path = site_folder / link.lstrip("/")
        squeezed = path.with_name(path.name + ".gz")
        sizes[link] = (squeezed if squeezed.exists() else path).stat().st_size
    for font in (site_folder / "static" / "dkfds").glob("*.????????????.woff2"):
        sizes[font.name] = font.stat().st_size
    assert len(sizes) > 6
    assert sum(sizes.values()) < 250_000, sizes
