"""Mail written within the transaction of what it tells of."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection
from django.utils import timezone

from kvarter.web.outbox.models import Message


def write_message(
    to: str, template: str, language: str, words: Mapping[str, str] | None = None
) -> Message:
    """Write mail to the user of the id `to`; it is sent once the transaction is committed.

    Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("mail is written in the transaction of what it tells of")
    return Message.objects.create(
        to=to, template=template, language=language, words=dict(words or {}), next_at=timezone.now()
    )
