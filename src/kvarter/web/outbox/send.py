"""Sending: what is due, one at a time, so that two workers never send the same mail."""

from __future__ import annotations

import logging
import smtplib

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from kvarter.web.outbox.models import Message
from kvarter.web.outbox.retries import wait_after

_LOG = logging.getLogger(__name__)


def send_due(most: int = 100) -> int:
    """Send what is due; how many were sent. What cannot be sent is tried again later."""
    sent = 0
    for _ in range(most):
        with transaction.atomic():
            message = _next()
            if message is None:
                break
            sent += _try(message)
    return sent


def _next() -> Message | None:
    """The oldest that is due, held by this transaction alone."""
    due = Message.objects.filter(state=Message.State.WAITING, next_at__lte=timezone.now())
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    return due.order_by("id").first()


def _try(message: Message) -> bool:
    message.attempts += 1
    user = get_user_model().objects.filter(pk=message.to, is_active=True).first()
    if user is None:
        message.state = Message.State.GIVEN_UP
    else:
        try:
            _mail(message, user.email).send()
            message.state = Message.State.SENT
        except (OSError, smtplib.SMTPException) as error:
            _LOG.warning("mail %s could not be sent: %s", message.pk, type(error).__name__)
            wait = wait_after(message.attempts)
            if wait is None:
                message.state = Message.State.GIVEN_UP
            else:
                message.next_at = timezone.now() + wait
    if message.state != Message.State.WAITING:
        message.words = {}  # a link in it is a secret
    message.save()
    return message.state == Message.State.SENT


def _mail(message: Message, address: str) -> EmailMessage:
    """The first line of the template is the subject."""
    words = {
        **message.words,
        "language": message.language,
        "site": settings.LOOK.name,
        "address": settings.ADDRESS,
    }
    text = render_to_string(f"outbox/{message.template}.txt", words)
    subject, _, body = text.partition("\n")
    return EmailMessage(
        subject.strip(), body.strip() + "\n", settings.DEFAULT_FROM_EMAIL, [address]
    )
