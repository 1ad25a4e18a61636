"""An edition is planned, its goals assigned, opened, closed and made ready; and corrected."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from kvarter.i18n.locale import Locale
from kvarter.web.accounts.limits import Limits
from kvarter.web.accounts.models import User
from kvarter.web.accounts.roles import Permission
from kvarter.web.goals.actions.told import mail_of_edition, note_edition, note_goal
from kvarter.web.goals.actions.writing import held
from kvarter.web.goals.drafts import Draft, open_draft
from kvarter.web.goals.facts import edition_now
from kvarter.web.goals.models import (
    IN_THE_MAKING,
    GoalInEdition,
    Revision,
    WorkingEdition,
)
from kvarter.web.goals.people import person_of
from kvarter.web.goals.rules.content import Content
from kvarter.web.goals.rules.policies import NOTHING, Given, check_edition_act, check_right
from kvarter.web.goals.rules.said import RefusedError, _
from kvarter.web.goals.rules.states import Act, EditionAct, EditionState, GoalState
from kvarter.web.status.models import PublishedEdition

_DANISH = Locale("da")
BY_HAND = (
    *(EditionAct.OPEN, EditionAct.CLOSE, EditionAct.REOPEN),
    *(EditionAct.MAKE_READY, EditionAct.WITHDRAW),
)
"""What a coordinator does with an edition; to publish is the worker's, at the time that is set."""


@dataclass(frozen=True)
class Assignment:
    """Whose a goal is, of which administration, what it is called, and by when."""

    owner: User | None
    administration: str
    title: str
    deadline: dt.date | None


def plan(by: User, folder: str, deadline: dt.date) -> WorkingEdition:
    """Begin an edition whose figures are those of the status in `folder` of the drafts.

    One that was published already is corrected: all that was written of it is carried over, and
    goals whose figures are other now go back to their owners. Raises RefusedError where `by` may
    not or it is in the making already, and InputError where there is no status.
    """
    check_right(person_of(by), Permission.COORDINATE_EDITION)
    draft = open_draft(folder)
    definition = draft.edition.definition
    edition = definition.id
    with transaction.atomic():
        if WorkingEdition.objects.filter(edition=edition, state__in=IN_THE_MAKING).exists():
            raise RefusedError(_("This edition is in the making already."))
        published = PublishedEdition.objects.filter(edition=edition).order_by("-version").first()
        before = (
            WorkingEdition.objects.filter(edition=edition, state=EditionState.PUBLISHED)
            .order_by("-id")
            .first()
        )
        row = WorkingEdition.objects.create(
            edition=edition,
            version=published.version + 1 if published else 1,
            title=_DANISH.say(definition.title),
            folder=folder,
            deadline=deadline,
            next_date=before.next_date if before else "",
            made_by=by,
        )
        for goal in draft.edition.policy.goals:
            made = GoalInEdition.objects.create(
                edition=row,
                number=goal.number,
                title=_DANISH.say(goal.title)[:200],
                administration=(goal.administration or "")[:64],
                deadline=deadline,
            )
            if before is not None:
                _carry_over(before, made, draft)
        note_edition(by, "edition.planned", row, ("folder", "deadline"))
        return row


def assign(by: User, goal: int, given: Assignment) -> GoalInEdition:
    """Say whose a goal is. Raises RefusedError where `by` may not, or the owner could not write."""
    check_right(person_of(by), Permission.COORDINATE_EDITION)
    with transaction.atomic():
        row = held(goal)
        if row.edition.state not in IN_THE_MAKING:
            raise RefusedError(_("The edition is not where this can be done."))
        thing = Limits(administration=given.administration)
        if given.owner is not None and not person_of(given.owner).may(Permission.WRITE_GOAL, thing):
            raise RefusedError(_("This person has no role to write for this administration."))
        row.owner, row.administration = given.owner, given.administration
        row.title, row.deadline = given.title, given.deadline
        row.save(update_fields=["owner", "administration", "title", "deadline"])
        note_goal(by, "goal.assigned", row, ("owner", "administration", "title", "deadline"))
        return row


def settle(by: User, edition: int, next_date: str, public_note: str) -> WorkingEdition:
    """Say when the next edition comes; and of a correction what readers are told."""
    check_right(person_of(by), Permission.COORDINATE_EDITION)
    with transaction.atomic():
        row = held_edition(edition)
        if row.state not in IN_THE_MAKING:
            raise RefusedError(_("The edition is not where this can be done."))
        row.next_date, row.public_note = next_date.strip(), public_note.strip()
        row.save(update_fields=["next_date", "public_note"])
        note_edition(by, "edition.settled", row, ("next_date", "public_note"))
        return row


def do_edition(by: User, edition: int, act: EditionAct, given: Given = NOTHING) -> WorkingEdition:
    """Do `act` with an edition. Raises RefusedError where it cannot be done."""
    if act not in BY_HAND:
        raise RefusedError(_("The edition is not where this can be done."))
    person = person_of(by)
    with transaction.atomic():
        row = held_edition(edition)
        found = check_edition_act(person, act, edition_now(row).facts, given)
        row.state, row.publish_at, row.publish_by = found.after, None, None
        row.save(update_fields=["state", "publish_at", "publish_by"])
        note_edition(by, found.event, row)
        if found.hears:
            mail_of_edition(by, f"edition_{act}", row)
        return row


def set_publication(by: User, edition: int, at: dt.datetime | None) -> WorkingEdition:
    """Let the worker publish an edition that is ready at a time, or not; in the name of `by`.

    Raises RefusedError where it is not ready to be published.
    """
    person = person_of(by)
    with transaction.atomic():
        row = held_edition(edition)
        check_edition_act(person, EditionAct.PUBLISH, edition_now(row).facts)
        row.publish_at, row.publish_by, row.fault = at, by if at else None, ""
        row.save(update_fields=["publish_at", "publish_by", "fault"])
        note_edition(by, "edition.publication_set" if at else "edition.publication_unset", row)
        return row


def held_edition(edition: int) -> WorkingEdition:
    """An edition that nobody else changes until the transaction ends."""
    return WorkingEdition.objects.select_for_update(of=("self",)).get(pk=edition)


def _carry_over(before: WorkingEdition, made: GoalInEdition, draft: Draft) -> None:
    """All that was written of the same goal, by whom it was; approved as it was approved."""
    old = before.goals.filter(number=made.number).first()
    if old is None:
        return
    for each in old.revisions.all():
        made.version, content = each.number, Content.of(each.content)
        made.hash = content.hash(draft.fingerprint(made.number))
        Revision.objects.create(
            goal=made,
            number=each.number,
            kind=Revision.Kind.CARRIED,
            author=each.author,
            in_name_of=each.in_name_of,
            at=each.at,
            content=each.content,
            hash=made.hash,
        )
    for step in old.steps.filter(act__in=(Act.SUBMIT, Act.APPROVE)):
        step.pk, step.goal = None, made
        step.save(force_insert=True)
    made.title, made.administration, made.owner = old.title, old.administration, old.owner
    if old.state == GoalState.WAIVED:
        made.state = GoalState.WAIVED
    elif made.version and made.hash == old.approved_hash:
        made.state, made.approved_hash = GoalState.IN_EDITION, made.hash
    elif made.version:
        made.state = GoalState.RETURNED
    made.save()
