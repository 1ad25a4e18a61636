"""The API of the example city: cell for cell what pages and published tables have."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kvarter.documents.contents import CellRef, Figure
from kvarter.documents.contents.cells import _DERIVED
from kvarter.files.inert import as_it_was
from kvarter.tables import internal_tables, public_tables
from web.functional.test_pages import _Numbers, fits, pages_from

V1 = "/api/v1"


def get(client: Any, address: str, **headers: str) -> Any:
    response = client.get(f"{V1}{address}", headers=headers)
    assert response.status_code == 200, (address, response.content)
    return response.json()


class Cells:
    """Every cell that the API tells of, by its address as pages write it."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.known: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}

    def __call__(self, edition: str, ref: CellRef) -> Any:
        of = (edition, ref.table)
        if of not in self.known:
            told = get(self.client, f"/editions/{edition}/tables/{ref.table}")
            self.known[of] = {row["row"]: row for row in told["rows"]}
        row = str(CellRef(ref.table, ref.key, "x")).removesuffix(".x")
        return self.known[of][row][ref.column]


def test_every_figure_of_a_page_is_a_cell_of_the_api(demo: Path, client: Any) -> None:
    cells, traced, wrong = Cells(client), 0, []
    pages = dict(pages_from(client, "/")) | dict(pages_from(client, "/en/"))
    assert len(pages) > 150
    for address, text in pages.items():
        of = re.match(r"/(?:en/)?status/(\d+)/(?!v/\d+/dokument/)", address)  # those are the run's
        reader = _Numbers()
        reader.feed(text)
        for said, where, _ in reader.found if of else []:
            if "data-cell" not in where:
                continue
            refs = tuple(map(CellRef.parse, where["data-cell"].split(" | ")))
            if any(ref.table in ("policy", "statement") for ref in refs):
                continue  # words and numbers that were decided, and no cells of a table
            edition = where.get("data-edition", of[1])
            values = [cells(edition, ref) for ref in refs]
            value = _DERIVED[Figure(said, None, refs, where.get("data-by", "cell")).by](*values)
            language = "en" if address.startswith("/en/") else "da"
            traced += 1
            if not fits(said, value, float(where.get("data-times", 1)), language):
                wrong.append((address, said, where, value))
    assert wrong == []
    assert traced > 10_000


def test_every_cell_of_every_table_is_told_as_it_was_published(demo: Path, client: Any) -> None:
    """JSON against Parquet, and CSV against the published file to the byte."""
    compared = 0
    for edition in get(client, "/editions"):
        base = f"/editions/{edition['id']}"
        folder = next((demo / "published").glob(f"{edition['id']}-v{edition['version']}-*"))
        tables = get(client, base)["tables"]
        assert set(tables) <= set(public_tables())
        for name in tables:
            rows = get(client, f"{base}/tables/{name}")["rows"]
            frame = pl.read_parquet(folder / "files" / "data" / f"{name}.parquet")
            assert len({row["row"] for row in rows}) == len(rows) == frame.height, name
            for told, stands in zip(rows, frame.to_dicts(), strict=True):
                stands = json.loads(json.dumps(stands, default=str))
                assert {k: v for k, v in told.items() if k != "row"} == stands
                compared += len(stands)
            answer = client.get(f"{V1}{base}/tables/{name}.csv")
            assert answer.content == (folder / "files" / "data" / f"{name}.csv").read_bytes()
            assert f"{edition['id']}-v" in answer.headers["Content-Disposition"]
    assert compared > 10_000


def test_csv_of_the_figures_has_the_same_cells_as_json(demo: Path, client: Any) -> None:
    query = "?goal=2&group=city"
    told = get(client, f"/editions/2024/figures{query}")["figures"]
    text = client.get(f"{V1}/editions/2024/figures.csv{query}").content.decode()
    lines = list(csv.DictReader(io.StringIO(text)))
    assert len(told) == len(lines) > 3
    for one, other in zip(told, lines, strict=True):
        for column, value in other.items():
            known = as_it_was(pl.Series([value])).item()
            if isinstance(one[column], float):
                assert math.isclose(float(known), one[column])
            else:
                words = "" if one[column] is None else str(one[column])
                assert known == (words.lower() if isinstance(one[column], bool) else words)


def test_figures_can_be_asked_for_by_goal_year_and_group(demo: Path, client: Any) -> None:
    found = get(
        client,
        "/editions/2024/figures?indicator=eviction-notices-per-dwelling&period=2023&group=city",
    )
    (row,) = found["figures"]
    assert (row["numerator"], row["shown"]) == (658, True)
    assert row["row"] == ("results[indicator=eviction-notices-per-dwelling;period=2023;group=city]")
    assert get(client, "/editions/2024/figures?group=nowhere")["figures"] == []


def test_goals_areas_criteria_and_documents_are_those_of_the_site(demo: Path, client: Any) -> None:
    goals = get(client, "/editions/2024/goals")
    assert [goal["number"] for goal in goals] == list(range(1, 19))
    (target,) = get(client, "/editions/2024/goals/2")["targets"]
    decides = next(row for row in target["verdicts"] if row["decides"])
    assert (decides["verdict"], round(decides["change"], 1)) == ("met", -57.1)
    assert goals[0]["no_data"]["da"]
    lists = [get(client, f"/editions/2024/{each}") for each in ("areas", "criteria")]
    for each in [*goals, *lists[0], *lists[1]]:
        assert client.get(each["page"]).status_code == 200, each["page"]
    for document in get(client, "/editions/2024/documents"):
        answer = client.get(document["href"])
        assert sum(map(len, answer.streaming_content)) == document["bytes"]
        assert document["name"] in answer.headers["Content-Disposition"]


def test_a_version_is_asked_for_by_its_number(demo: Path, client: Any) -> None:
    first = get(client, "/editions/2024?version=1")
    assert (first["version"], first["versions"]) == (1, [1])
    assert client.get(f"{V1}/editions/2024?version=2").status_code == 404


@pytest.mark.parametrize("address", ["/editions", "/editions/2024/figures?goal=2", "/openapi.json"])
def test_an_answer_is_known_again_and_may_be_used_by_any_page(
    demo: Path, client: Any, address: str
) -> None:
    first = client.get(V1 + address)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert not first.cookies
    etag = first.headers["ETag"]
    again = client.get(V1 + address, headers={"if-none-match": f'"x", {etag}'})
    assert (again.status_code, again.content) == (304, b"")
    squeezed = client.get(V1 + address, headers={"accept-encoding": "gzip"})
    if "Content-Encoding" in squeezed.headers:
        assert squeezed.headers["ETag"] == f"W/{etag}"
        assert client.get(V1 + address, headers={"if-none-match": f"W/{etag}"}).status_code == 304
    head = client.head(V1 + address)
    assert (head.status_code, head.headers["ETag"], head.content) == (200, etag, b"")
    other = client.get(V1 + "/editions/2021/figures")
    assert other.headers["ETag"] != etag


def test_an_answer_changes_with_what_is_published(demo: Path, client: Any) -> None:
    from kvarter.web.status.models import PublishedEdition
    from kvarter.web.status.shelf import look_again

    before = client.get(f"{V1}/editions")
    PublishedEdition.objects.filter(edition="2024").delete()
    look_again()
    after = client.get(f"{V1}/editions", headers={"if-none-match": before.headers["ETag"]})
    assert after.status_code == 200
    assert [each["id"] for each in after.json()] == ["2017", "2021"]


@pytest.mark.parametrize(
    ("method", "address", "status", "says"),
    [
        ("get", "/editions/1999", 404, "er ikke offentliggjort"),
        ("get", "/editions/2024/goals/99", 404, "intet mål med det nummer"),
        ("get", "/editions/2024/tables/nix", 404, "ikke den tabel"),
        ("get", "/editions/2024/figures?period=20x", 422, "period"),
        ("get", "/editions/2024?version=0", 422, "version"),
        ("get", "/editions/%00", 422, "edition"),
        ("get", "/nix", 404, "ingen sådan adresse"),
        ("get", "", 404, "ingen sådan adresse"),
        ("post", "/editions", 405, "bruges på den måde"),
        ("delete", "/openapi.json", 405, "bruges på den måde"),
    ],
)
def test_what_goes_wrong_is_told_in_plain_words(
    demo: Path, client: Any, method: str, address: str, status: int, says: str
) -> None:
    response = getattr(client, method)(f"{V1}{address}" if address else f"{V1}/")
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    told = response.json()
    assert told["status"] == status
    assert says in told["detail"]
    assert "ETag" not in response.headers
    english = getattr(client, method)(
        f"{V1}{address}" if address else f"{V1}/", headers={"accept-language": "fr, en-GB;q=0.8"}
    )
    assert english.json()["detail"] != told["detail"]
    assert english.headers["Content-Language"] == "en"


def test_a_fault_is_told_as_a_problem_and_tells_nothing_of_the_program(
    demo: Path, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kvarter.web.api import content

    def fail(*_: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(content, "goals_of", fail)
    client.raise_request_exception = False
    response = client.get(f"{V1}/editions/2024/goals")
    assert response.status_code == 500
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "secret" not in response.content.decode()


@pytest.mark.parametrize("name", sorted(internal_tables()))
def test_no_table_of_the_house_is_to_be_had(demo: Path, client: Any, name: str) -> None:
    for ending in ("", ".csv"):
        assert client.get(f"{V1}/editions/2024/tables/{name}{ending}").status_code in (404, 422)


@pytest.mark.parametrize(
    "address", ["/editions", "/editions/2024/figures", "/editions/2024/goals", "/openapi.json"]
)
def test_an_answer_asks_the_database_once(demo: Path, client: Any, address: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from kvarter.web.status.shelf import look_again

    look_again()
    with CaptureQueriesContext(connection) as first:
        client.get(V1 + address)
    assert len(first) == 1


def test_the_page_of_the_api_names_every_address_in_both_languages(demo: Path, client: Any) -> None:
    paths = get(client, "/openapi.json")["paths"]
    pages = [client.get(each).content.decode() for each in ("/api/", "/en/api/")]
    for path in paths:
        assert all(path in page for page in pages)
    assert "Målene med måltal og vurderinger" in pages[0]
    assert "The goals with their targets and verdicts" in pages[1]
