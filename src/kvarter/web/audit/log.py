"""Writing to the log, within the transaction of what it tells of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import connection, transaction

from kvarter.web.audit.chain import FIRST, Event, chained, check, first_broken
from kvarter.web.audit.mirror import mirror_later
from kvarter.web.audit.models import AuditEvent

_LOCK = 7_305_011
"""The advisory lock that lets one transaction at a time write to the log on PostgreSQL."""

SYSTEM, NOBODY = "system", "nobody"


def record(
    actor: str, act: str, target: tuple[str, str], fields: tuple[str, ...] = ()
) -> AuditEvent:
    """Note that `actor` did `act` to `target`, a type and an id; `fields`: names of what changed.

    Raises ValueError where something is given that is no name and no id, and RuntimeError outside
    a transaction: an event is there if what it tells of is there.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an event is recorded in the transaction of what it tells of")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = AuditEvent.objects.order_by("-number").values_list("number", "chain_hash").first()
    number, before = last or (0, FIRST)
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    event = Event(number + 1, now, actor, act, *target, fields)
    check(event)
    row = AuditEvent.objects.create(
        number=event.number,
        at=event.at,
        actor=event.actor,
        act=event.act,
        target_type=event.target_type,
        target_id=event.target_id,
        fields=list(event.fields),
        chain_hash=chained(event, before),
    )
    transaction.on_commit(mirror_later)
    return row


def first_broken_event() -> int | None:
    """The number of the first event that is not as it was written; None where all are."""
    return first_broken(_events())


def _events() -> Iterator[tuple[Event, str]]:
    for row in AuditEvent.objects.order_by("number").iterator():
        told = (row.number, row.at, row.actor, row.act, row.target_type, row.target_id)
        yield Event(*told, tuple(row.fields)), row.chain_hash
