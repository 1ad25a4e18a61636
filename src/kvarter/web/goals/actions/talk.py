"""Remarks on a goal, and notes on warnings of the readiness list."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from kvarter.privacy import without_person_numbers
from kvarter.web.accounts.limits import Limits
from kvarter.web.accounts.models import User
from kvarter.web.accounts.roles import Permission
from kvarter.web.goals.actions.told import mail_of_goal, note_edition, note_goal
from kvarter.web.goals.facts import edition_now, goal_now
from kvarter.web.goals.models import (
    IN_THE_MAKING,
    GoalInEdition,
    Remark,
    WarningNote,
    WorkingEdition,
)
from kvarter.web.goals.people import person_of, reader
from kvarter.web.goals.rules.checklist import Line
from kvarter.web.goals.rules.policies import check_right
from kvarter.web.goals.rules.said import RefusedError, _
from kvarter.web.goals.rules.states import Hears


def remark(by: User, goal: int, text: str, answers: int | None = None) -> Remark:
    """Say something of a goal, or answer what was said. All who read drafts may."""
    reader(by)
    said = _said(text, 2000)
    with transaction.atomic():
        row = _in_the_making(goal)
        first = None
        if answers is not None:
            first = Remark.objects.filter(goal=row, pk=answers, answers=None).first()
            if first is None:
                raise RefusedError(_("The remark that is answered is not there."))
        made = Remark.objects.create(goal=row, answers=first, author=by, text=said)
        note_goal(by, "goal.remarked", row)
        mail_of_goal(by, (Hears.OWNER,), "goal_remark", row)
        return made


def resolve(by: User, goal: int, thread: int) -> Remark:
    """End a thread: who began it does, who may write the goal, or a coordinator."""
    person = reader(by)
    with transaction.atomic():
        row = _in_the_making(goal)
        found = (
            Remark.objects.select_for_update(of=("self",))
            .filter(goal=row, pk=thread, answers=None)
            .first()
        )
        if found is None:
            raise RefusedError(_("The remark that is answered is not there."))
        thing = Limits(administration=row.administration)
        rights = (Permission.WRITE_GOAL, Permission.APPROVE_GOAL, Permission.COORDINATE_EDITION)
        if found.author_id != by.pk:
            check_right(person, *rights, thing=thing)
        if found.resolved_at is None:
            found.resolved_at, found.resolved_by = timezone.now(), by
            found.save(update_fields=["resolved_at", "resolved_by"])
            note_goal(by, "goal.thread_resolved", row)
        return found


def note_warning(by: User, goal: int, key: str, text: str) -> WarningNote:
    """Note why a warning on a goal may stand: who may write it does, or a coordinator."""
    person = reader(by)
    with transaction.atomic():
        row = _in_the_making(goal)
        thing = Limits(administration=row.administration)
        rights = (Permission.WRITE_GOAL, Permission.COORDINATE_EDITION)
        check_right(person, *rights, thing=thing)
        _check_line(goal_now(row).lines, key)
        note_goal(by, "goal.warning_noted", row)
        said = _said(text, 500)
        return WarningNote.objects.create(edition=row.edition, goal=row, key=key, text=said, by=by)


def note_edition_warning(by: User, edition: int, key: str, text: str) -> WarningNote:
    """Note why a warning on the edition itself may stand: a coordinator does."""
    check_right(person_of(by), Permission.COORDINATE_EDITION)
    with transaction.atomic():
        row = WorkingEdition.objects.get(pk=edition)
        if row.state not in IN_THE_MAKING:
            raise RefusedError(_("The edition is not where this can be done."))
        _check_line(edition_now(row).lines, key)
        note_edition(by, "edition.warning_noted", row)
        return WarningNote.objects.create(edition=row, key=key, text=_said(text, 500), by=by)


def _check_line(lines: list[Line], key: str) -> None:
    """Raises RefusedError where no warning of the list has this key."""
    if not any(line.key == key and line.is_warning for line in lines):
        raise RefusedError(_("There is no such warning any more."))


def _in_the_making(goal: int) -> GoalInEdition:
    row = GoalInEdition.objects.select_related("edition", "owner").get(pk=goal)
    if row.edition.state not in IN_THE_MAKING:
        raise RefusedError(_("The edition is not where this can be done."))
    return row


def _said(text: str, longest: int) -> str:
    """A text that is kept. Raises RefusedError for none, and for one that is never kept."""
    said = text.strip()
    if not said:
        raise RefusedError(_("Write something first."))
    if without_person_numbers(said) != said:
        raise RefusedError(_("Here stands what looks like a person number: take it out."))
    if len(said) > longest:
        raise RefusedError(_("This is too long to be kept: shorten it."))
    return said
