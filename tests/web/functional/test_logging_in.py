"""Logging in: passwords, codes of an app, the municipality's provider; sessions and limits."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pytest

PASSWORD = "en lang sætning om øl og æbler"
Make = Callable[..., Any]


@pytest.fixture
def in_app(make_user: Make, site: None) -> Callable[..., Any]:
    """A function that makes a user whose app for codes is set up; its secret too."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    def make(*roles: str) -> tuple[Any, str]:
        user, secret = make_user(*roles, password=PASSWORD), generate_totp_secret()
        TOTP.activate(user, secret)
        RecoveryCodes.activate(user)
        return user, secret

    return make


def code_of(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import (
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def log_in(client: Any, user: Any, password: str = PASSWORD) -> Any:
    return client.post("/konto/log-ind/", {"login": user.email, "password": password})


def acts() -> list[str]:
    from kvarter.web.audit.models import AuditEvent

    return list(AuditEvent.objects.values_list("act", flat=True))


def test_password_and_code_log_in(in_app: Make, client: Any) -> None:
    user, secret = in_app("auditor")
    before = client.cookies.get("__Host-session")
    response = log_in(client, user)
    assert response.headers["Location"] == "/konto/faktor/kode/"
    assert client.get("/konto/").status_code == 302, "half a login is none"
    response = client.post("/konto/faktor/kode/", {"code": code_of(secret)})
    assert response.headers["Location"] == "/konto/"
    page = client.get("/konto/").content.decode()
    assert user.name in page and "Revisor" in page
    assert client.cookies["__Host-session"].value != (before.value if before else "")
    assert acts()[-1] == "session.begun"


def test_a_wrong_code_does_not_log_in_and_a_recovery_code_works_once(
    in_app: Make, client: Any
) -> None:
    from allauth.mfa.models import Authenticator

    user, _ = in_app()
    log_in(client, user)
    assert client.post("/konto/faktor/kode/", {"code": "000000"}).status_code == 200
    stored = Authenticator.objects.get(user=user, type="recovery_codes").wrap()
    recovery = stored.get_unused_codes()[0]
    assert client.post("/konto/faktor/kode/", {"code": recovery}).status_code == 302
    client.post("/konto/log-ud/")
    log_in(client, user)
    assert client.post("/konto/faktor/kode/", {"code": recovery}).status_code == 200


def test_the_secret_of_an_app_lies_encrypted(in_app: Make) -> None:
    from allauth.mfa.models import Authenticator

    user, secret = in_app()
    assert secret not in json.dumps(Authenticator.objects.get(user=user, type="totp").data)


def test_a_local_account_sets_up_a_second_factor_before_anything_else(
    make_user: Make, site: None, client: Any
) -> None:
    administrator = make_user("administrator", password=PASSWORD)
    log_in(client, administrator)
    for address in ("/konto/", "/konto/brugere/", "/konto/brugere/ny/"):
        assert client.get(address).headers["Location"] == "/konto/faktor/app/"
    again = client.get("/konto/faktor/app/").headers["Location"]
    assert again.startswith("/konto/bekraeft/"), (
        "how one logs in is changed by who has the password"
    )
    assert client.post(again, {"password": PASSWORD}).headers["Location"] == "/konto/faktor/app/"
    page = client.get("/konto/faktor/app/").content.decode()
    secret = re.search(r'class="kv-secret">([A-Z2-7]+)<', page)
    assert secret is not None
    assert "<svg" in page
    response = client.post("/konto/faktor/app/", {"code": code_of(secret[1])})
    assert response.headers["Location"] == "/konto/faktor/koder/"
    assert (
        len(re.findall(r"<li>\d{8}</li>", client.get("/konto/faktor/koder/").content.decode()))
        == 10
    )
    assert client.get("/konto/brugere/").status_code == 200


def test_who_has_an_account_is_not_told(in_app: Make, client: Any) -> None:
    """Logging in and asking for a new password answer the same, whoever asks."""
    from kvarter.web.outbox.models import Message

    user, _ = in_app()
    for address, form in (
        ("/konto/log-ind/", {"login": "{}", "password": "ikke denne her"}),
        ("/konto/glemt/", {"email": "{}"}),
    ):
        answers = []
        for email in (user.email, "nobody@example.org"):
            filled = {name: value.format(email) for name, value in form.items()}
            response = client.post(address, filled)
            text = response.content.decode().replace(email, "")
            answers.append((response.status_code, re.sub(r'value="[^"]*"', "", text)))
        assert answers[0] == answers[1]
    assert Message.objects.get().to == str(user.id), "only who has one gets mail"


def test_a_new_password_by_mail(in_app: Make, client: Any) -> None:
    from kvarter.web.outbox.models import Message

    user, _ = in_app()
    client.post("/konto/glemt/", {"email": user.email})
    link = Message.objects.get().words["url"].removeprefix("https://localhost")
    form = client.get(link).headers["Location"]
    new = "en helt anden sætning om øl"
    weak = client.post(form, {"password1": "12345678901234", "password2": "12345678901234"})
    assert weak.status_code == 200
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    assert "er brugt" in client.get(link).content.decode()
    assert log_in(client, user, new).headers["Location"] == "/konto/faktor/kode/"
    assert "account.changed" in acts()


def test_tries_are_limited_and_noted_without_the_address(in_app: Make, client: Any) -> None:
    from kvarter.web.audit.models import AuditEvent

    user, _ = in_app()
    for _ in range(5):
        log_in(client, user, "forkert adgangskode")
    refused = AuditEvent.objects.filter(act="session.refused")
    assert refused.count() == 5
    assert not [
        event for event in refused if user.email in json.dumps([event.target_id, event.fields])
    ]
    assert log_in(client, user).status_code == 200, "the right one is not taken either, for a while"
    assert "Location" not in log_in(client, user).headers


def test_a_session_ends_when_it_is_not_used_and_when_it_is_old(
    make_user: Make, site: None, client: Any
) -> None:
    user = make_user("reader")
    user.source = "claims"
    user.save()
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    start = time.time()

    def status_after(seconds: float) -> int:
        with mock.patch("time.time", lambda: start + seconds):
            return int(client.get("/konto/").status_code)

    client.force_login(user, backend=backend)
    assert [status_after(0), status_after(1800), status_after(3601)] == [200, 200, 302]
    client.force_login(user, backend=backend)
    used = [status_after(seconds) for seconds in range(0, 8 * 3600, 1500)]
    assert set(used) == {200}, "it is used all the time"
    assert status_after(8 * 3600 + 1) == 302


def test_a_login_leads_to_nowhere_else(in_app: Make, client: Any) -> None:
    user, secret = in_app()
    client.post(
        "/konto/log-ind/?next=https://evil.example/", {"login": user.email, "password": PASSWORD}
    )
    response = client.post("/konto/faktor/kode/", {"code": code_of(secret)})
    assert response.headers["Location"] == "/konto/"


# The municipality's own provider, over HTTP.


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A provider of logins that is started for these tests; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{address}/.well-known/openid-configuration", timeout=2)
            break
        except OSError:
            time.sleep(0.1)
    yield address
    running.kill()
    running.wait()


@pytest.fixture
def federated(provider: str, site: None) -> Iterator[str]:
    """The site with that provider, as `site.toml` names one."""
    from django.conf import settings
    from django.test import override_settings

    from kvarter.web.accounts.claims import ClaimRules, Grant
    from kvarter.web.accounts.limits import Limits

    app = {
        "provider_id": "kommune",
        "name": "Prøvekøbings login",
        "client_id": "kvarter",
        "secret": "hemmelig",
        "settings": {"server_url": provider, "oauth_pkce_enabled": True},
    }
    rules = ClaimRules(
        "roles", "privileges", {"SOF_EJER": Grant("goal_owner", Limits(administration="SOF"))}, {}
    )
    assert settings.SOCIALACCOUNT_PROVIDERS == {}
    with override_settings(
        SOCIALACCOUNT_PROVIDERS={"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}},
        CLAIM_RULES=rules,
    ):
        yield provider


def log_in_at(provider: str, client: Any, subject: str, claims: dict[str, Any]) -> Any:
    """Go to the provider, say who one is there, and come back; the answer here."""
    request = urllib.request.Request(
        f"{provider}/users/{subject}",
        json.dumps(claims).encode(),
        {"Content-Type": "application/json"},
        method="PUT",
    )
    urllib.request.urlopen(request, timeout=5)
    there = client.post("/konto/kommune/login/").headers["Location"]
    assert "code_challenge=" in there

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    opener = urllib.request.build_opener(Stay)
    data = f"sub={subject}".encode()
    with pytest.raises(urllib.error.HTTPError) as answered:
        opener.open(there, data, timeout=5)
    back = answered.value.headers["Location"]
    return client.get(back.partition("localhost")[2])


ELLEN = {"email": "ellen@example.org", "name": "Ellen Ejer", "roles": ["SOF_EJER", "andet"]}


def test_the_provider_logs_in_with_the_roles_of_its_claims(federated: str, client: Any) -> None:
    from kvarter.web.accounts.models import User

    response = log_in_at(federated, client, "ellen", ELLEN)
    assert response.headers["Location"] == "/konto/"
    user = User.objects.get()
    assert (user.email, user.name, user.source) == ("ellen@example.org", "Ellen Ejer", "claims")
    grant = user.grants.get()
    assert (grant.role, grant.administration, grant.source) == ("goal_owner", "SOF", "claims")
    assert "Målejer, SOF" in client.get("/konto/").content.decode()
    assert {"account.made", "role.granted_by_claim", "session.begun"} <= set(acts())


def test_roles_that_are_taken_away_at_the_provider_are_gone_here(
    federated: str, client: Any
) -> None:
    from kvarter.web.accounts.models import User

    log_in_at(federated, client, "ellen", ELLEN)
    client.post("/konto/log-ud/")
    response = log_in_at(federated, client, "ellen", {**ELLEN, "roles": []})
    assert response.status_code == 403
    assert "ingen rolle" in response.content.decode()
    assert client.get("/konto/").status_code == 302
    assert User.objects.count() == 1


def test_who_has_no_role_gets_no_account(federated: str, client: Any) -> None:
    from kvarter.web.accounts.models import User

    response = log_in_at(federated, client, "olga", {"email": "olga@example.org", "roles": ["x"]})
    assert response.status_code == 403
    assert not User.objects.exists()


def test_the_provider_cannot_take_over_a_local_account(
    federated: str, client: Any, make_user: Make
) -> None:
    """The same address at the provider is not the same person: nothing is linked by it."""
    local = make_user("administrator", password=PASSWORD)
    response = log_in_at(federated, client, "mallory", {**ELLEN, "email": local.email})
    assert response.status_code != 302 or response.headers["Location"] != "/konto/"
    assert client.get("/konto/").status_code == 302
    assert list(local.grants.values_list("role", flat=True)) == ["administrator"]


def test_an_answer_that_nobody_asked_for_is_refused(federated: str, client: Any) -> None:
    response = client.get("/konto/kommune/svar/?code=abc&state=xyz")
    assert response.status_code in (200, 401)
    assert client.get("/konto/").status_code == 302


# What administrators and auditors do.


@pytest.fixture
def as_role(make_user: Make, site: None, client: Any) -> Callable[..., Any]:
    def log_in_as(role: str) -> Any:
        user = make_user(role)
        user.source = "claims"
        user.save()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return user

    return log_in_as


def test_an_administrator_makes_an_account_and_gives_it_a_role(as_role: Make, client: Any) -> None:
    from kvarter.web.accounts.models import User
    from kvarter.web.audit.models import ReadingEvent

    as_role("administrator")
    new = {"name": "Nina Ny", "email": "nina@example.org"}
    response = client.post("/konto/brugere/ny/", new)
    nina = User.objects.get(email="nina@example.org")
    assert response.headers["Location"] == f"/konto/brugere/{nina.id}/"
    assert "findes allerede" in client.post("/konto/brugere/ny/", new).content.decode()
    given = {"role": "approver", "administration": "TMF"}
    client.post(f"/konto/brugere/{nina.id}/rolle/", given)
    client.post(f"/konto/brugere/{nina.id}/rolle/", given)
    assert nina.grants.count() == 1
    assert "Godkender, TMF" in re.sub(
        r"\s+", " ", client.get(f"/konto/brugere/{nina.id}/").content.decode()
    )
    client.post(f"/konto/brugere/{nina.id}/rolle/{nina.grants.get().pk}/fjern/")
    client.post(f"/konto/brugere/{nina.id}/luk/")
    nina.refresh_from_db()
    assert (nina.grants.count(), nina.is_active) == (0, False)
    assert ReadingEvent.objects.filter(subject=f"user:{nina.id}").exists()


def test_an_auditor_states_a_purpose_before_anything_is_shown(as_role: Make, client: Any) -> None:
    from django.db import transaction

    from kvarter.web.audit.log import record
    from kvarter.web.audit.models import ReadingEvent

    auditor = as_role("auditor")
    with transaction.atomic():
        record("system", "edition.published", ("edition", "2024/1"))
    assert "edition.published" not in client.get("/revision/").content.decode()
    assert client.get("/revision/revision.csv").status_code == 400
    assert not ReadingEvent.objects.exists()
    asked = {"purpose": "supervision", "act": "edition"}
    page = client.get("/revision/", asked).content.decode()
    assert "edition.published" in page and "session.begun" not in page
    assert "Kæden af hændelser er ubrudt" in page
    lines = b"".join(client.get("/revision/revision.jsonl", asked).streaming_content).splitlines()
    assert [json.loads(line)["act"] for line in lines] == ["edition.published"]
    table = b"".join(client.get("/revision/revision.csv", asked).streaming_content).decode(
        "utf-8-sig"
    )
    assert table.splitlines()[0].startswith("number,at,actor")
    read = list(ReadingEvent.objects.values_list("actor", "act", "purpose"))
    assert read == [(str(auditor.id), act, "supervision") for act in ("search", "export", "export")]


def test_a_broken_chain_is_told_to_the_auditor(as_role: Make, client: Any) -> None:
    from django.db import connection

    from kvarter.web.audit.models import AuditEvent

    as_role("auditor")
    with connection.cursor() as cursor:  # as somebody who owns the database could
        cursor.execute("DROP TRIGGER audit_no_update")
    AuditEvent.objects.filter(number=1).update(actor="x")
    page = client.get("/revision/", {"purpose": "supervision"}).content.decode()
    assert "Kæden er brudt" in page


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_of_accounts_asks_the_database_the_same_whatever_its_length(
    as_role: Make, client: Any, make_user: Make, number: int
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    as_role("administrator")
    for _ in range(number):
        make_user("reader", "approver")
    client.get("/konto/brugere/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/konto/brugere/")
    assert len([q for q in asked if q["sql"].startswith("SELECT")]) == 6
