"""Mail that is to be sent, or was."""

from __future__ import annotations

from django.db import models


class Message(models.Model):
    """One mail to one user.

    `to`: the id of a user; the address is looked up when it is sent. `words`: names of the template
    and its values, which are ids and addresses of pages and tell nothing of a person.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        GIVEN_UP = "given_up"

    to = models.CharField(max_length=36)
    template = models.CharField(max_length=64)
    language = models.CharField(max_length=2, default="da")
    words = models.JSONField()
    state = models.CharField(max_length=16, choices=State, default=State.WAITING, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
