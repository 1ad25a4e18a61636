"""The audit log, the log of reading and the outbox, on both engines for real."""

from __future__ import annotations

import datetime as dt
import json
import smtplib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest import mock

import pytest


def _event(number: int = 1) -> Any:
    from django.db import transaction

    from kvarter.web.audit.log import record

    with transaction.atomic():
        return record("system", "goal.changed", ("goal", str(number)), ("text",))


CHANGES = {
    "update": "UPDATE {table} SET actor = 'x'",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table}",
    "replace": "INSERT OR REPLACE INTO audit_auditevent "
    "SELECT number, at, 'x', act, target_type, target_id, fields, chain_hash FROM audit_auditevent",
}


@pytest.mark.parametrize("way", CHANGES)
def test_the_audit_log_cannot_be_changed(either: str, way: str) -> None:
    from django.db import DatabaseError, connection, transaction

    from kvarter.web.audit.models import AuditEvent

    only_there = {"truncate": "postgresql", "replace": "sqlite"}
    if only_there.get(way, either) != either:
        return  # the engine has no such statement
    _event()
    before = AuditEvent.objects.values().get()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(CHANGES[way].format(table="audit_auditevent"))
    assert AuditEvent.objects.values().get() == before


def test_the_log_of_reading_keeps_what_has_not_expired(either: str) -> None:
    from django.db import DatabaseError, connection, transaction
    from django.utils import timezone

    from kvarter.web.audit.models import ReadingEvent
    from kvarter.web.audit.reading import Purpose, note_reading, remove_expired

    note_reading("me", "view", "users", Purpose.SUPERVISION)
    for statement in ("DELETE FROM {}", "UPDATE {} SET actor = 'x'"):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement.format("audit_readingevent"))
    ReadingEvent.objects.create(
        at=timezone.now(),
        actor="me",
        act="view",
        subject="users",
        purpose="fault",
        expires=timezone.now().date() - dt.timedelta(days=2),
    )
    assert remove_expired() == 1
    assert ReadingEvent.objects.get().purpose == "supervision"


def test_an_event_is_there_if_what_it_tells_of_is(either: str) -> None:
    from django.db import transaction

    from kvarter.web.audit.log import record
    from kvarter.web.audit.models import AuditEvent

    with pytest.raises(RuntimeError, match="in the transaction"):
        record("system", "goal.changed", ("goal", "1"))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("system", "goal.changed", ("goal", "1"))
        raise ZeroDivisionError
    assert not AuditEvent.objects.exists()


def test_the_chain_is_whole_when_many_write_at_once(either: str) -> None:
    from django.db import connection

    from kvarter.web.audit.log import first_broken_event
    from kvarter.web.audit.models import AuditEvent

    def write(number: int) -> None:
        _event(number)
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    assert AuditEvent.objects.count() == 40
    assert first_broken_event() is None


def test_the_mirror_has_every_event_once_whatever_was_left_of_it(
    either: str, tmp_path: Path
) -> None:
    from kvarter.web.audit.mirror import mirror

    path = tmp_path / "log.jsonl"
    for number in range(3):
        _event(number)
    assert mirror(path) == 3
    assert mirror(path) == 0
    whole = path.read_bytes()
    _event(3)
    path.write_bytes(whole + b'{"number": 4, "at": "20')  # as a killed process leaves it
    assert mirror(path) == 1
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["number"] for line in lines] == [1, 2, 3, 4]
    assert lines[0]["fields"] == ["text"]


def test_a_commit_mirrors_what_it_noted(site: None) -> None:
    from django.conf import settings

    _event()
    assert len(Path(settings.AUDIT_MIRROR).read_text(encoding="utf-8").splitlines()) == 1


def _message(user: Any) -> Any:
    from django.db import transaction

    from kvarter.web.outbox.write import write_message

    with transaction.atomic():
        words = {"url": "https://localhost/konto/glemt/ny/abc/"}
        return write_message(str(user.id), "password_reset", "da", words)


def test_mail_is_sent_once_and_its_secret_forgotten(
    either: str, make_user: Callable[..., Any], published_root: Path
) -> None:
    from django.conf import settings

    from kvarter.web.outbox.send import send_due

    message = _message(make_user())
    assert send_due() == 1
    assert send_due() == 0
    message.refresh_from_db()
    assert (message.state, message.words) == ("sent", {})
    (mail,) = Path(settings.EMAIL_FILE_PATH).iterdir()
    assert "konto/glemt/ny/abc/" in mail.read_text(encoding="utf-8")


def test_mail_that_cannot_be_sent_waits_and_blocks_nothing(
    either: str, make_user: Callable[..., Any]
) -> None:
    from django.core.mail import EmailMessage
    from django.utils import timezone

    from kvarter.web.outbox.models import Message
    from kvarter.web.outbox.send import send_due

    first, second = _message(make_user()), _message(make_user())
    calls = []

    def send(mail: EmailMessage) -> None:
        calls.append(mail.to)
        if len(calls) == 1:
            raise smtplib.SMTPServerDisconnected

    with mock.patch.object(EmailMessage, "send", send):
        assert send_due() == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("waiting", "sent")
    assert first.next_at > timezone.now()
    assert first.words, "it is needed for the next try"
    Message.objects.filter(pk=first.pk).update(next_at=timezone.now())
    assert send_due() == 1


def test_mail_is_given_up_after_the_last_try_and_for_a_closed_account(
    either: str, make_user: Callable[..., Any]
) -> None:
    from django.core.mail import EmailMessage

    from kvarter.web.outbox.models import Message
    from kvarter.web.outbox.retries import MOST_ATTEMPTS
    from kvarter.web.outbox.send import send_due

    user = make_user()
    message, closed = _message(user), _message(make_user())
    Message.objects.filter(pk=message.pk).update(attempts=MOST_ATTEMPTS - 1)
    type(user).objects.exclude(pk=user.pk).update(is_active=False)
    with mock.patch.object(EmailMessage, "send", side_effect=OSError):
        assert send_due() == 0
    for each in (message, closed):
        each.refresh_from_db()
        assert (each.state, each.words) == ("given_up", {})


def test_two_workers_never_send_the_same_mail(either: str, make_user: Callable[..., Any]) -> None:
    from django.core.mail import EmailMessage
    from django.db import connection

    from kvarter.web.outbox.send import send_due

    for _ in range(12):
        _message(make_user())
    sent: list[str] = []

    def work(_: int) -> None:
        send_due()
        connection.close()

    with (
        mock.patch.object(EmailMessage, "send", lambda mail: sent.append(mail.to[0])),
        ThreadPoolExecutor(4) as pool,
    ):
        list(pool.map(work, range(4)))
    assert len(sent) == len(set(sent)) == 12


def test_no_mail_holds_more_than_names_of_things(site: None, make_user: Callable[..., Any]) -> None:
    """Every template, filled in: what is told is the site, the edition and an address of a page."""
    from django.template.loader import render_to_string

    for template in ("invitation", "password_reset", "published"):
        words = {
            "url": "https://x/",
            "edition": "2024",
            "version": "1",
            "site": "S & T",
            "language": "da",
        }
        text = render_to_string(f"outbox/{template}.txt", words)
        assert text.splitlines()[0].strip()
        assert "&amp;" not in text
        assert "@" not in text
