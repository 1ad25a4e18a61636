"""The audit log searched, and written out for who asks for it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from kvarter.web.audit.mirror import as_line
from kvarter.web.audit.models import AuditEvent


@dataclass(frozen=True)
class Search:
    """What is looked for; an empty part fits all. `since`, `until`: days such as 2026-01-31."""

    actor: str = ""
    act: str = ""
    target: str = ""
    since: str = ""
    until: str = ""


def found(search: Search) -> QuerySet[AuditEvent]:
    """The events that fit, the newest first."""
    events = AuditEvent.objects.order_by("-number")
    if search.actor:
        events = events.filter(actor=search.actor)
    if search.act:
        events = events.filter(act__startswith=search.act)
    if search.target:
        events = events.filter(target_id=search.target)
    if search.since:
        events = events.filter(at__gte=search.since)
    if search.until:
        events = events.filter(at__lt=f"{search.until}T99")
    return events


def json_lines(events: QuerySet[AuditEvent]) -> Iterator[str]:
    """Each event as a line of JSON."""
    for event in events.iterator():
        yield json.dumps(as_line(event), ensure_ascii=False) + "\n"


class _Line:
    """What `csv` writes to: hands back each line."""

    def write(self, line: str) -> str:
        return line


def csv_lines(events: QuerySet[AuditEvent]) -> Iterator[str]:
    """Each event as a line of CSV, with a line of headings; names and ids hold no formula."""
    names = ("number", "at", "actor", "act", "target_type", "target_id", "fields", "chain_hash")
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(names)
    for event in events.iterator():
        line = as_line(event) | {"fields": " ".join(event.fields)}
        yield writer.writerow([line[name] for name in names])
