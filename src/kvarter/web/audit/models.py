"""The two logs. Triggers in the database refuse to change or remove a row (`triggers.py`)."""

from __future__ import annotations

from django.db import models


class AuditEvent(models.Model):
    """What was done. Without foreign keys: it outlives what it tells of."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.CharField(max_length=32)
    actor = models.CharField(max_length=100, db_index=True)
    act = models.CharField(max_length=64, db_index=True)
    target_type = models.CharField(max_length=64)
    target_id = models.CharField(max_length=100, db_index=True)
    fields = models.JSONField()
    chain_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("number",)


class ReadingEvent(models.Model):
    """Who read what is not public, and for what purpose. It is removed once it has expired."""

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=100, db_index=True)
    act = models.CharField(max_length=16)
    subject = models.CharField(max_length=100)
    purpose = models.CharField(max_length=32)
    expires = models.DateField(db_index=True)

    class Meta:
        ordering = ("id",)
