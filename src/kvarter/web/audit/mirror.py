"""The audit log as JSON lines, for the municipality's own log collection."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from kvarter.web.audit.models import AuditEvent

try:
    import fcntl
except ImportError:  # Windows: one process writes there
    fcntl = None  # type: ignore[assignment]

_LOG = logging.getLogger(__name__)
_TAIL = 4096


def mirror_later() -> None:
    """Write what is missing in the file. What cannot be written now, the next call writes."""
    try:
        mirror(Path(settings.AUDIT_MIRROR))
    except OSError:
        _LOG.exception("the audit log could not be mirrored to %s", settings.AUDIT_MIRROR)


def mirror(path: Path) -> int:
    """Append every event that `path` lacks, as a line each; how many there were.

    A half line that a killed process left is cut off and written again.
    """
    with path.open("a+b") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        last = _last_number(file)
        events = AuditEvent.objects.filter(number__gt=last).order_by("number")
        lines = [json.dumps(as_line(event), ensure_ascii=False) + "\n" for event in events]
        file.write("".join(lines).encode())
        file.flush()
        os.fsync(file.fileno())
    return len(lines)


def as_line(event: AuditEvent) -> dict[str, Any]:
    """An event as it stands in the file and in an export."""
    return {
        "number": event.number,
        "at": event.at,
        "actor": event.actor,
        "act": event.act,
        "target_type": event.target_type,
        "target_id": event.target_id,
        "fields": event.fields,
        "chain_hash": event.chain_hash,
    }


def _last_number(file: BinaryIO) -> int:
    """The number of the last whole line; what stands behind it is cut off."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    tail = file.read()
    whole = tail[: tail.rfind(b"\n") + 1]
    file.truncate(size - len(tail) + len(whole))
    file.seek(0, os.SEEK_END)
    lines = whole.splitlines()
    return int(json.loads(lines[-1])["number"]) if lines else 0
