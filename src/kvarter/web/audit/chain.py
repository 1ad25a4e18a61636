"""The hash chain of the audit log: each event holds the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

FIRST = "0" * 64
"""What stands before the first event."""

_NAME = re.compile(r"[a-z][a-z0-9_.]{0,63}")
_ID = re.compile(r"[A-Za-z0-9_.:/@+-]{0,100}")


@dataclass(frozen=True)
class Event:
    """What an event tells: names and ids, and never what stands in a field.

    at: the time in UTC, as ISO 8601.
    actor: the id of a user, `system`, or `nobody` for who is not logged in.
    act: what was done, such as `edition.published`.
    target_type, target_id: to what.
    fields: the names of the fields that changed.
    """

    number: int
    at: str
    actor: str
    act: str
    target_type: str
    target_id: str
    fields: tuple[str, ...]


def check(event: Event) -> None:
    """Raises ValueError where a part is no name and no id, and so could tell what nobody may."""
    names = (event.act, event.target_type, *event.fields)
    wrong = [name for name in names if not _NAME.fullmatch(name)]
    wrong += [one for one in (event.actor, event.target_id) if not _ID.fullmatch(one)]
    if wrong:
        raise ValueError(f"neither a name nor an id: {wrong[0]!r}")


def chained(event: Event, before: str) -> str:
    """The SHA-256 of an event and of all before it."""
    told = [event.number, event.at, event.actor, event.act, event.target_type, event.target_id]
    text = json.dumps([before, *told, list(event.fields)], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken(events: Iterable[tuple[Event, str]]) -> int | None:
    """The number of the first event that is not as it was written; None where all are.

    `events`: each with its hash, from the first on. One that is missing breaks the next.
    """
    before, expected = FIRST, 1
    for event, found in events:
        before = chained(event, before)
        if event.number != expected or found != before:
            return event.number
        expected += 1
    return None
