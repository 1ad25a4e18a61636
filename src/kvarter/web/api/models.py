"""Keys, with which other systems write through the API."""

from __future__ import annotations

import datetime as dt

from django.db import models

from kvarter.web.accounts.limits import Limits
from kvarter.web.accounts.models import User


class ApiKey(models.Model):
    """A key. Its secret is nowhere: `digest` is a hash of it. A key is closed, and never removed.

    owner: in whose name it writes, and whose rights it has at most.
    minute, in_minute: how often it was used in the minute it was used last.
    """

    id = models.CharField(max_length=16, primary_key=True)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=100)
    scopes = models.JSONField()
    administration = models.CharField(max_length=64, blank=True)
    expires = models.DateField()
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=36)
    closed_at = models.DateTimeField(null=True)
    last_used = models.DateTimeField(null=True)
    minute = models.BigIntegerField(default=0)
    in_minute = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("name", "id")

    def limits(self) -> Limits:
        """How far it reaches."""
        return Limits(administration=self.administration)

    def is_open(self, today: dt.date) -> bool:
        """Whether it can be used: not closed, not expired, and its owner's account is open."""
        return self.closed_at is None and today <= self.expires and self.owner.is_active
