"""Editions in the making: their goals, all that was ever written of them, and who did what.

Revisions and steps are append-only; triggers in the database see to it (`triggers.py`), and to it
that nobody approves or returns what they wrote.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from kvarter.web.goals.rules.states import Act, EditionState, GoalState

_USER = settings.AUTH_USER_MODEL
IN_THE_MAKING = (
    EditionState.PLANNED,
    EditionState.OPEN,
    EditionState.CLOSING,
    EditionState.READY,
)
BY_OTHERS = (Act.APPROVE, Act.RETURN, Act.TAKE_OUT)
"""The acts of a second pair of eyes."""


class WorkingEdition(models.Model):
    """An edition in the making, or one that was published from here.

    edition, version: as it is published; a version above 1 is a correction.
    folder: of the status that its computed figures are from, within `settings.DRAFTS`.
    publish_at, publish_by: when the worker publishes it, and in whose name; None before it is set.
    next_date: when the next edition comes, as readers are told.
    fault: why it could not be published when it was due.
    """

    edition = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    folder = models.CharField(max_length=200)
    state = models.CharField(max_length=16, default=EditionState.PLANNED.value)
    deadline = models.DateField()
    publish_at = models.DateTimeField(null=True, blank=True)
    publish_by = models.ForeignKey(
        _USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    next_date = models.CharField(max_length=200, blank=True)
    public_note = models.CharField(max_length=1000, blank=True)
    fault = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("edition",),
                condition=Q(state__in=[state.value for state in IN_THE_MAKING]),
                name="an_edition_is_made_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in EditionState]),
                name="an_edition_is_in_a_state",
            ),
        )


class GoalInEdition(models.Model):
    """A goal of an edition in the making.

    version: the number of its last revision; 0 before anything is written.
    hash: of all that is written and computed of it; `approved_hash`: of what was approved.
    """

    edition = models.ForeignKey(WorkingEdition, on_delete=models.PROTECT, related_name="goals")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    administration = models.CharField(max_length=64, blank=True)
    owner = models.ForeignKey(
        _USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    deadline = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=16, default=GoalState.ASKED.value, db_index=True)
    version = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    approved_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("edition", "number")
        constraints = (
            models.UniqueConstraint(fields=("edition", "number"), name="a_goal_once_in_an_edition"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in GoalState]),
                name="a_goal_is_in_a_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[GoalState.IN_EDITION.value, GoalState.PUBLISHED.value])
                | (~Q(approved_hash="") & Q(approved_hash=F("hash"))),
                name="what_is_in_an_edition_is_approved_as_it_is",
            ),
        )


class Revision(models.Model):
    """What was written of a goal, as a whole; a new one for each change."""

    class Kind(models.TextChoices):
        WRITTEN = "written"
        ACCEPTED = "accepted"
        RESTORED = "restored"
        CARRIED = "carried"

    goal = models.ForeignKey(GoalInEdition, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.WRITTEN)
    author = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    in_name_of = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    content = models.JSONField()
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("goal", "number")
        constraints = (models.UniqueConstraint(fields=("goal", "number"), name="a_revision_once"),)


class Step(models.Model):
    """What was done with a goal besides writing, by whom, why, and to which content."""

    goal = models.ForeignKey(GoalInEdition, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=16)
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    in_name_of = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    last_author = models.ForeignKey(
        _USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=2000, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("goal", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(act__in=[act.value for act in BY_OTHERS])
                | Q(last_author__isnull=True)
                | (~Q(by=F("last_author")) & ~Q(in_name_of=F("last_author"))),
                name="nobody_approves_or_returns_what_they_wrote_last",
            ),
        )


class Remark(models.Model):
    """What a reviewer says of a goal; `answers` is the remark that began the thread."""

    goal = models.ForeignKey(GoalInEdition, on_delete=models.PROTECT, related_name="remarks")
    answers = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies"
    )
    author = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    text = models.CharField(max_length=2000)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        _USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("goal", "id")


class WarningNote(models.Model):
    """Why a warning of the readiness list may stand; the last one counts.

    goal: None for a warning on the edition itself.
    """

    edition = models.ForeignKey(WorkingEdition, on_delete=models.PROTECT, related_name="notes")
    goal = models.ForeignKey(
        GoalInEdition, on_delete=models.PROTECT, null=True, blank=True, related_name="notes"
    )
    key = models.CharField(max_length=64)
    text = models.CharField(max_length=500)
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)


class StandIn(models.Model):
    """Who acts for somebody who is absent, from the first day to the last."""

    absent = models.ForeignKey(_USER, on_delete=models.CASCADE, related_name="stand_ins")
    stand_in = models.ForeignKey(_USER, on_delete=models.CASCADE, related_name="stands_in")
    first_day = models.DateField()
    last_day = models.DateField()
    made_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("first_day", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(absent=F("stand_in")), name="nobody_stands_in_for_themselves"
            ),
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")), name="an_absence_begins_before_it_ends"
            ),
        )


class PreviewLink(models.Model):
    """A secret address at which somebody outside reads a draft; only its hash is kept."""

    edition = models.ForeignKey(WorkingEdition, on_delete=models.PROTECT, related_name="links")
    secret_hash = models.CharField(max_length=64, unique=True)
    for_whom = models.CharField(max_length=100)
    made_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)


class Reminder(models.Model):
    """That somebody was reminded of a goal on a day, so that it is done once."""

    goal = models.ForeignKey(GoalInEdition, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("goal", "day"), name="reminded_once_a_day"),)
