"""Uploaded extracts, and runs of them."""

from __future__ import annotations

import uuid

from django.db import models

from kvarter.web.runs.states import ACTIVE, State


class Upload(models.Model):
    """An extract that was uploaded for a source of the policy. It lies encrypted, by its id.

    name: what it was called; rows, invalid: as the site read it; problems: why it was refused.
    """

    class State(models.TextChoices):
        QUARANTINED = "quarantined"
        ACCEPTED = "accepted"
        REFUSED = "refused"
        REMOVED = "removed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State, default=State.QUARANTINED)
    rows = models.PositiveIntegerField(null=True)
    invalid = models.PositiveIntegerField(null=True)
    problems = models.JSONField(default=list)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.CharField(max_length=36)

    class Meta:
        ordering = ("-uploaded_at", "id")


class Run(models.Model):
    """A run of an edition.

    uploads: a source's id, and the id of the upload that is read for it. attempts: how often it was
    begun, which also tells one holder from the next. lease_until: see `states`. result: the folder
    of the edition, and result_hash the SHA-256 of its `edition.json`.
    """

    class States(models.TextChoices):
        QUEUED = State.QUEUED.value
        RUNNING = State.RUNNING.value
        CANCELLING = State.CANCELLING.value
        CANCELLED = State.CANCELLED.value
        DONE = State.DONE.value
        FAILED = State.FAILED.value

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=States, default=States.QUEUED, db_index=True)
    uploads = models.JSONField(default=dict)
    stage = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    problems = models.JSONField(default=list)
    result = models.CharField(max_length=1000, blank=True)
    result_hash = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.CharField(max_length=36)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-asked_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("edition",),
                condition=models.Q(state__in=[state.value for state in sorted(ACTIVE)]),
                name="one_run_of_an_edition_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="done") | ~models.Q(result=""),
                name="a_run_that_is_done_has_a_result",
            ),
        )


class PolicyVersion(models.Model):
    """What the policy file said at a time; a version is never changed. Runs read the file itself.

    saved_by: who saved it here; blank for what was changed outside the site. checked: what
    `kvarter check` found of it; None before it was looked at.
    """

    number = models.PositiveIntegerField(primary_key=True)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    saved_at = models.DateTimeField(auto_now_add=True)
    saved_by = models.CharField(max_length=36, blank=True)
    checked = models.JSONField(null=True)

    class Meta:
        ordering = ("-number",)
