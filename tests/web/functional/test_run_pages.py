"""Uploading and running by the pages, as an analyst does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hamlet import HEADER, ROWS
from page import read_page
from web.functional.test_pages import words
from web.rules.test_rules_of_runs import workbook
from web.runs_site import QUICK, command, done_by, makes_runs, work_off

HEADERS = {"host": "localhost", "x-forwarded-proto": "https"}
EXTRACT = ("\n".join([HEADER, *ROWS]) + "\n").encode()


@pytest.fixture
def home(site: None, tmp_path: Path) -> Iterator[Path]:
    with makes_runs(tmp_path / "site") as policy:
        yield policy


@pytest.fixture
def anders(home: Path, make_user: Callable[..., Any], client: Any) -> Any:
    user = make_user("analyst")
    user.source = "claims"
    user.save()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return user


def said(response: Any) -> str:
    return words(read_page(response.content.decode()))


def upload(client: Any, content: bytes, name: str = "udtræk.csv", source: str = "notices") -> Any:
    file = SimpleUploadedFile(name, content, "text/csv")
    return client.post("/koersler/fil/", {"source": source, "file": file})


def test_an_analyst_uploads_runs_and_sees_how_it_goes(
    anders: Any, client: Any, home: Path, tmp_path: Path
) -> None:
    assert "notices (notices.csv)" in said(client.get("/koersler/"))
    assert upload(client, EXTRACT).status_code == 302
    assert "kontrolleres" in said(client.get("/koersler/"))
    site = tmp_path / "site"
    (sealed,) = (site / "uploads").iterdir()
    assert b"Strandvejen" not in sealed.read_bytes()
    assert (sealed.stat().st_mode & 0o077, (site / "uploads").stat().st_mode & 0o077) == (0, 0)
    with done_by(command(QUICK)):
        work_off()
    page = said(client.get("/koersler/"))
    assert "kan bruges" in page
    assert "Strandvejen" not in page, "nothing of what is in it"
    answer = client.post("/koersler/ny/", {"edition": "2024"})
    run = answer.headers["Location"]
    waiting = client.get(run)
    assert "venter" in said(waiting)
    assert "Refresh" not in waiting.headers
    assert client.get(f"{run}?foelg").headers["Refresh"] == "5"
    again = client.post("/koersler/ny/", {"edition": "2024"})
    assert again.status_code == 409
    assert "allerede i gang" in said(again)
    with done_by(command(QUICK)):
        work_off()
    done = client.get(f"{run}?foelg")
    assert "Refresh" not in done.headers
    assert "Skriver status: færdig" in said(done)
    assert str(home / "status" / "2024") in said(done)


def test_a_run_is_stopped_by_a_button(anders: Any, client: Any) -> None:
    run = client.post("/koersler/ny/", {"edition": "2024"}).headers["Location"]
    assert "Stop kørslen" in said(client.get(run))
    for _ in range(2):  # the second time it has ended
        assert client.post(f"{run}stop/").status_code == 302
    page = said(client.get(run))
    assert "stoppet" in page and "Stop kørslen" not in page


def test_an_upload_is_removed_by_a_button(anders: Any, client: Any, tmp_path: Path) -> None:
    from kvarter.web.runs.models import Upload

    upload(client, EXTRACT)
    with done_by(command(QUICK)):
        work_off()
    (kept,) = Upload.objects.all()
    run = client.post("/koersler/ny/", {"edition": "2024"}).headers["Location"]
    refused = client.post(f"/koersler/fil/{kept.pk}/fjern/")
    assert refused.status_code == 409
    client.post(f"{run}stop/")
    assert client.post(f"/koersler/fil/{kept.pk}/fjern/").status_code == 302
    assert list((tmp_path / "site" / "uploads").iterdir()) == []
    assert "udtræk.csv" not in said(client.get("/koersler/"))


def test_a_workbook_with_macros_is_refused_in_plain_words(anders: Any, client: Any) -> None:
    upload(client, workbook("xl/vbaProject.bin"), "udtræk.xlsx")
    with done_by(command(QUICK)):
        work_off()
    page = said(client.get("/koersler/"))
    assert "afvist" in page and "macros" in page


@pytest.mark.parametrize("length", ["true", "false"])
def test_a_file_that_is_too_large_is_refused_and_not_kept(
    anders: Any, client: Any, tmp_path: Path, length: str
) -> None:
    """Whatever length is told: what is over the limit is not read on."""
    from kvarter.web.runs.models import Upload

    content = b"x" * ((1 << 20) + (1 if length == "false" else 1 << 18))
    response = upload(client, content)
    assert response.status_code == 413
    assert "højst 1 MB" in said(response)
    assert not Upload.objects.exists()
    assert not list((tmp_path / "site").glob("uploads/*"))


def test_what_is_sent_wrongly_leaves_nothing(anders: Any, client: Any, tmp_path: Path) -> None:
    from django.test import Client

    from kvarter.web.runs.models import Upload

    assert upload(client, EXTRACT, source="nix").status_code == 404
    assert client.post("/koersler/fil/", {"source": "notices"}).status_code == 400
    two = {"source": "notices", "file": [SimpleUploadedFile(n, EXTRACT) for n in ("a", "b")]}
    client.post("/koersler/fil/", two)
    strict = Client(enforce_csrf_checks=True, headers=HEADERS, secure=True)
    strict.cookies = client.cookies
    assert upload(strict, EXTRACT).status_code == 403
    assert client.post("/koersler/ny/", {"edition": "1999"}).status_code == 404
    kept = {str(each.pk) for each in Upload.objects.all()}
    assert {path.name for path in (tmp_path / "site" / "uploads").iterdir()} == kept


def test_a_policy_that_cannot_be_read_is_told(anders: Any, client: Any, home: Path) -> None:
    (home / "policy.yaml").write_text("goals: [", encoding="utf-8")
    response = client.get("/koersler/")
    assert response.status_code == 200
    assert "Politikfilen kan ikke bruges" in said(response)
    for answer in (
        client.post("/koersler/ny/", {"edition": "2024"}),
        upload(client, EXTRACT),
        client.get("/koersler/adresser/2024/"),
    ):
        assert answer.status_code == 409
        assert "Politikfilen kan ikke bruges" in said(answer)


def test_a_site_without_a_policy_says_that_it_makes_no_runs(
    site: None, make_user: Callable[..., Any], client: Any
) -> None:
    user = make_user("analyst")
    user.source = "claims"
    user.save()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "laver ingen kørsler" in said(client.get("/koersler/"))
    assert upload(client, EXTRACT).status_code == 404
    assert client.post("/koersler/ny/", {"edition": "2024"}).status_code == 404


def test_the_pages_ask_as_often_however_much_there_is(anders: Any, client: Any, home: Path) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from kvarter.web.runs.models import Run, Upload
    from kvarter.web.status.shelf import look_again

    def queries() -> int:
        look_again()  # which is asked once a second, whatever the page
        with CaptureQueriesContext(connection) as found:
            client.get("/koersler/")
        return len(found)

    queries()
    before = queries()
    for number in range(30):
        Run.objects.create(edition=f"e{number}", asked_by="x", state="cancelled")
        Upload.objects.create(source="notices", name="x", bytes=1, sha256="x", uploaded_by="x")
    assert queries() == before
