"""The log of reading: who read what is not public, for a purpose that was stated."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from django.utils import timezone

from kvarter.web.audit.models import ReadingEvent

_KEPT = dt.timedelta(days=730)


class Purpose(StrEnum):
    """Why somebody reads what is not public."""

    SUPERVISION = "supervision"
    FAULT = "fault"
    ACCESS_REQUEST = "access_request"
    ADMINISTRATION = "administration"
    REVIEW = "review"
    PREVIEW = "preview"


def note_reading(actor: str, act: str, subject: str, purpose: Purpose) -> None:
    """Note that `actor` did `act` (`view`, `search`, `export`) to `subject`."""
    now = timezone.now()
    ReadingEvent.objects.create(
        at=now,
        actor=actor,
        act=act,
        subject=subject,
        purpose=purpose.value,
        expires=(now + _KEPT).date(),
    )


def remove_expired() -> int:
    """Remove the readings that have expired; how many there were."""
    return ReadingEvent.objects.filter(expires__lt=timezone.now().date()).delete()[0]
