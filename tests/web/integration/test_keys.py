"""Keys of the API: kept as hashes, shown once, closed, expired, counted; on both engines."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from kvarter.web.api.keys import (
    LONGEST,
    MOST_A_MINUTE,
    Scope,
    Token,
    ends_rightly,
    fits,
    new_token,
    read_token,
)

Make = Callable[..., Any]
SOON = dt.date.today() + dt.timedelta(days=30)


def ask(client: Any, key: object) -> Any:
    return client.get("/api/v1/key", headers={"authorization": f"Bearer {key}"})


def made(by: Any, **options: Any) -> Token:
    from kvarter.web.api.actions.keys import NewKey, make_key

    owner = options.pop("owner", by)
    wanted = NewKey("Skolernes system", owner, (Scope.WRITE_FIGURES,), SOON, **options)
    return make_key(by, wanted)


def test_a_key_is_read_as_it_was_written_and_no_other_fits() -> None:
    token, other = new_token(), new_token()
    assert read_token(str(token)) == token
    assert fits(token, token.digest())
    assert not fits(other, token.digest())
    assert not fits(Token(token.id, other.secret), token.digest())
    for text in ("", "kvarter_", str(token)[:-1], f"{token}x", f" {token}", str(token).upper()):
        assert read_token(text) is None, text


def test_a_key_is_good_for_a_year_at_most() -> None:
    today = dt.date(2024, 2, 29)
    assert ends_rightly(today, today)
    assert ends_rightly(today + LONGEST, today)
    assert not ends_rightly(today + LONGEST + dt.timedelta(days=1), today)
    assert not ends_rightly(today - dt.timedelta(days=1), today)


def test_a_key_opens_what_it_was_made_for(either: str, make_user: Make, client: Any) -> None:
    from kvarter.web.audit.models import AuditEvent

    anna = make_user("administrator")
    token = made(anna, administration="SOF")
    answer = ask(client, token)
    assert answer.status_code == 200
    assert answer.json() == {
        "id": token.id,
        "name": "Skolernes system",
        "scopes": ["figures.write"],
        "administration": "SOF",
        "expires": SOON.isoformat(),
    }
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers
    event = AuditEvent.objects.get()
    assert (event.actor, event.act, event.target_id) == (str(anna.id), "key.made", token.id)


def test_the_secret_of_a_key_lies_nowhere(site: None, make_user: Make, tmp_path: Path) -> None:
    from django.db import connection

    token = made(make_user("administrator"))
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as database:
        written = "\n".join(database.iterdump())
    assert token.id in written
    assert token.secret not in written
    assert token.secret not in (tmp_path / "audit.jsonl").read_text(encoding="utf-8")


def test_a_key_that_is_closed_or_expired_opens_nothing(
    either: str, make_user: Make, client: Any
) -> None:
    from kvarter.web.api.actions.keys import close_key
    from kvarter.web.api.models import ApiKey
    from kvarter.web.audit.models import AuditEvent

    anna = make_user("administrator")
    token, other = made(anna), made(anna)
    close_key(anna, ApiKey.objects.get(pk=token.id))
    close_key(anna, ApiKey.objects.get(pk=token.id))
    assert AuditEvent.objects.filter(act="key.closed").count() == 1
    assert ask(client, token).status_code == 401
    assert ask(client, other).status_code == 200
    ApiKey.objects.update(expires=dt.date.today() - dt.timedelta(days=1))
    refused = ask(client, other)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "udløbet" in refused.json()["detail"]


def test_a_key_of_somebody_whose_account_is_closed_opens_nothing(
    either: str, make_user: Make, client: Any
) -> None:
    from kvarter.web.accounts.actions.accounts import set_active

    anna, mads = make_user("administrator"), make_user("goal_owner")
    token = made(anna, owner=mads)
    assert ask(client, token).status_code == 200
    set_active(anna, mads, False)
    assert ask(client, token).status_code == 401


@pytest.mark.parametrize("key", ["", "x", "kvarter_0123456789abcdef_" + "A" * 43])
def test_what_is_no_key_opens_nothing(site: None, client: Any, key: str) -> None:
    answer = ask(client, key)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert client.get("/api/v1/key").status_code == 401


def test_a_key_that_is_used_too_often_waits_for_the_next_minute(
    either: str, make_user: Make, client: Any
) -> None:
    from django.utils import timezone

    token = made(make_user("administrator"))
    now = timezone.now().replace(second=10)
    with mock.patch("django.utils.timezone.now", lambda: now):
        answers = [ask(client, token).status_code for _ in range(MOST_A_MINUTE + 2)]
    assert answers == [200] * MOST_A_MINUTE + [429] * 2
    with mock.patch("django.utils.timezone.now", lambda: now + dt.timedelta(minutes=1)):
        assert ask(client, token).status_code == 200


def test_a_scope_that_a_key_lacks_is_refused(site: None, make_user: Make) -> None:
    from kvarter.web.api.actions.keys import check_scope, use_key
    from kvarter.web.api.problems import ProblemError

    key = use_key(str(made(make_user("administrator"))))
    check_scope(key, Scope.WRITE_FIGURES)
    key.scopes = []
    with pytest.raises(ProblemError) as refused:
        check_scope(key, Scope.WRITE_FIGURES)
    assert refused.value.status == 403


@pytest.mark.parametrize(
    "role", ["reader", "goal_owner", "approver", "coordinator", "analyst", "auditor", ""]
)
def test_only_an_administrator_makes_and_closes_keys(
    site: None, make_user: Make, role: str
) -> None:
    from kvarter.web.accounts.permissions import NotAllowedError
    from kvarter.web.api.actions.keys import close_key
    from kvarter.web.api.models import ApiKey

    token = made(make_user("administrator"))
    somebody = make_user(*([role] if role else []))
    with pytest.raises(NotAllowedError):
        made(somebody)
    with pytest.raises(NotAllowedError):
        close_key(somebody, ApiKey.objects.get(pk=token.id))
    assert ApiKey.objects.get().closed_at is None


def test_the_page_shows_a_new_key_once(site: None, make_user: Make, client: Any) -> None:
    anna = make_user("administrator")
    anna.source = "claims"
    anna.save()
    client.force_login(anna, backend="allauth.account.auth_backends.AuthenticationBackend")
    form = {
        "name": "Et <b>system</b>",
        "owner": str(anna.pk),
        "scope": "figures.write",
        "expires": SOON.isoformat(),
    }
    answer = client.post("/konto/noegler/", form)
    assert "no-store" in answer.headers["Cache-Control"]
    page = answer.content.decode()
    text = page.split('class="kv-secret">')[1].split("<")[0]
    assert read_token(text) is not None
    assert ask(client, text).status_code == 200
    again = client.get("/konto/noegler/").content.decode()
    assert text not in again
    assert "Et &lt;b&gt;system" in again
    late = {**form, "expires": (SOON + LONGEST).isoformat()}
    assert "højst et år" in client.post("/konto/noegler/", late).content.decode()
    client.post(f"/konto/noegler/{read_token(text).id}/luk/")
    assert ask(client, text).status_code == 401
