"""What every answer says to a browser, and what Django's own checks find."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

ADDRESSES = [
    *("/status/2024/", "/en/status/2024/maal/2/", "/konto/log-ind/", "/konto/glemt/", "/nix/"),
    *("/soeg/?q=x", "/tilgaengelighed/", "/static/kvarter.css", "/sundhed/", "/udgaver/"),
    *("/api/", "/api/v1/editions", "/api/v1/nix"),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_is_closed(demo: Path, client: Any, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    for each in (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ):
        assert each in policy, address
    assert "unsafe" not in policy
    assert "http" not in policy
    if address.endswith("/maal/2/"):  # its drawings can be pointed at
        for each in ("script-src 'self'", "connect-src 'self'"):
            assert each in policy.split("; ")
    else:
        assert "script-src" not in policy, "no script at all"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"].startswith("max-age=63072000; includeSubDomains")
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_page_of_a_login_is_kept_by_no_cache(demo: Path, client: Any) -> None:
    for address in ("/konto/log-ind/", "/konto/", "/konto/glemt/"):
        assert "no-store" in client.get(address).headers["Cache-Control"]


def test_a_document_that_is_opened_by_itself_runs_nothing(demo: Path, client: Any) -> None:
    for path in ("fil/report.html", "billede/da-omraader.svg"):
        response = client.get(f"/status/2024/v/1/{path}")
        assert response.headers["Content-Security-Policy"].endswith("sandbox")
        assert "script" not in response.headers["Content-Security-Policy"]


def test_a_document_is_read_under_the_policy_of_the_site_and_its_own_sheet(
    demo: Path, client: Any
) -> None:
    page = client.get("/status/2024/").headers["Content-Security-Policy"]
    read = client.get("/status/2024/v/1/dokument/report.html").headers["Content-Security-Policy"]
    assert re.sub(r" 'sha256-[\w+/=]{44}'", "", read, count=1) == page
    for path in ("dokument/data/results.csv", "dokument/../summary.json", "dokument/x.html"):
        assert client.get(f"/status/2024/v/1/{path}").status_code == 404


def test_http_leads_to_https(demo: Path, client: Any) -> None:
    response = client.get("/status/2024/", secure=False, headers={"x-forwarded-proto": "http"})
    assert response.status_code == 301
    assert response.headers["Location"].startswith("https://")


def test_another_host_is_refused(demo: Path, client: Any) -> None:
    assert client.get("/konto/log-ind/", headers={"host": "evil.example"}).status_code == 400


def test_cookies_are_of_this_host_and_closed_to_scripts(demo: Path, client: Any) -> None:
    cookie = client.get("/konto/log-ind/").cookies["__Host-csrf"]
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"


def test_djangos_own_checks_for_production_find_nothing(site: None) -> None:
    from django.core import checks

    assert checks.run_checks(include_deployment_checks=True) == []


def test_the_admin_is_not_installed(site: None) -> None:
    from django.apps import apps

    assert not apps.is_installed("django.contrib.admin")


def test_no_template_marks_as_safe_what_others_write() -> None:
    """`|safe` stands once: the picture of a second factor, which is drawn here."""
    import kvarter.web

    folder = Path(kvarter.web.__file__).parent
    found = [
        path.name
        for path in folder.rglob("jinja2/**/*.*")
        for _ in re.findall(r"\|\s*safe\b|autoescape false", path.read_text(encoding="utf-8"))
    ]
    assert found == ["activate_form.html"]


def test_what_the_municipality_writes_is_escaped(demo: Path, client: Any) -> None:
    text = client.get("/soeg/", {"q": '"><img src=x onerror=alert(1)>'}).content.decode()
    assert "<img src=x" not in text
