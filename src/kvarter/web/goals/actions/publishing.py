"""Publishing an edition that is ready: documents, pages and states, all or nothing.

The worker does it, at the time that was set. Every step can be done again: one that was killed in
between is done from the beginning, and what it had done already is found to be done. The last step
is one transaction, which makes the pages known and moves the goals and the edition with them.
"""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kvarter.documents.write import Wanted
from kvarter.editions import open_edition
from kvarter.editions.folder import (
    DATA,
    EDITION,
    POLICY_COPY,
    RECORD,
    language_of,
    read_record,
)
from kvarter.errors import KvarterError
from kvarter.pipeline.write import rewrite
from kvarter.web.accounts.models import User
from kvarter.web.accounts.permissions import NotAllowedError
from kvarter.web.accounts.roles import Permission
from kvarter.web.goals.actions.editions import held_edition
from kvarter.web.goals.actions.told import mail_of_edition, note_edition, note_goal
from kvarter.web.goals.drafts import path_of
from kvarter.web.goals.facts import edition_now
from kvarter.web.goals.models import Step, WorkingEdition
from kvarter.web.goals.people import person_of, who_may
from kvarter.web.goals.rules.deadlines import HERE, today
from kvarter.web.goals.rules.policies import check_act, check_edition_act
from kvarter.web.goals.rules.said import RefusedError, _
from kvarter.web.goals.rules.statement import Said, statement_of
from kvarter.web.goals.rules.states import Act, EditionAct, EditionState, GoalState
from kvarter.web.outbox.write import write_message
from kvarter.web.status.actions.publish import alone, publish
from kvarter.web.status.models import PublishedEdition

_KEPT = ".kept"
_LOG = logging.getLogger(__name__)


def publish_due() -> int:
    """Publish the editions whose time has come; how many were published.

    One that cannot be published is not tried again until somebody sets a time for it anew.
    """
    due = WorkingEdition.objects.filter(
        state=EditionState.READY, publish_at__lte=timezone.now(), publish_by__isnull=False
    )
    published = 0
    for number in list(due.values_list("pk", flat=True)):
        with alone(Path(settings.DRAFTS)):
            published += _publish(number)
    return published


def _publish(number: int) -> bool:
    row = WorkingEdition.objects.select_related("publish_by").get(pk=number)
    if row.state != EditionState.READY or row.publish_by is None or row.publish_at is None:
        return False  # somebody else was first, or it was called off
    try:
        _check(row, row.publish_by)
        folder = path_of(row.folder)
        write_documents(row, folder)
        by = row.publish_by
        before = kept(row.edition, row.version - 1)
        keep(row, folder)
        also = partial(_make_public, row, by)
        publish(by, folder, row.public_note, also, before if before.is_dir() else None)
    except (KvarterError, RefusedError, NotAllowedError) as error:
        _LOG.warning("edition %s could not be published: %s", row.edition, error)
        _give_up(row, str(error))
        return False
    return True


def write_documents(row: WorkingEdition, folder: Path) -> None:
    """Write all documents of the status again, with what was approved of its goals."""
    edition = open_edition(folder)
    day = today(row.publish_at or timezone.now())
    statement = statement_of(edition.statement, _said(row), day)
    if statement != edition.statement:
        edition = replace(edition, statement=statement)
        record = read_record(folder, "policy", "outputs")
        rewrite(folder, edition, record, Wanted(language_of(folder)))


def kept(edition: str, version: int) -> Path:
    """Where the tables of a version are kept, to be compared with its correction."""
    return Path(settings.DRAFTS) / _KEPT / f"{edition}-v{version}"


def keep(row: WorkingEdition, folder: Path) -> None:
    """Keep what a correction is compared with: the next run may write over the folder."""
    place = kept(row.edition, row.version)
    aside = place.with_name(f".{place.name}")
    for left in (aside, place):  # by a publication that came to nothing
        shutil.rmtree(left, ignore_errors=True)
    shutil.copytree(folder / DATA, aside / DATA)
    for name in (EDITION, RECORD, POLICY_COPY):
        if (folder / name).is_file():
            (aside / name).parent.mkdir(mode=0o700, exist_ok=True)
            shutil.copyfile(folder / name, aside / name)
    aside.rename(place)


def _check(row: WorkingEdition, by: User) -> None:
    person, now = person_of(by), edition_now(row)
    check_edition_act(person, EditionAct.PUBLISH, now.facts)
    for goal in now.goals:
        if goal.row.state != GoalState.WAIVED:
            check_act(person, Act.PUBLISH, goal.facts)


def _said(row: WorkingEdition) -> list[Said]:
    """What was approved of each goal; of one that is waived, why."""
    approvals, waivers = _last_steps(row, Act.APPROVE), _last_steps(row, Act.WAIVE)
    found = []
    for goal in edition_now(row).goals:
        approved = approvals.get(goal.row.pk)
        waived = waivers.get(goal.row.pk) if goal.row.state == GoalState.WAIVED else None
        found.append(
            Said(
                goal.row.number,
                goal.content,
                waived=waived.reason if waived else "",
                approved_by=approved.by.name if approved else "",
                approved_on=approved.at.astimezone(HERE).date() if approved else None,
            )
        )
    return found


def _last_steps(row: WorkingEdition, act: Act) -> dict[int, Step]:
    steps = Step.objects.filter(goal__edition=row, act=act).select_related("by").order_by("id")
    return {step.goal_id: step for step in steps}


def _make_public(row: WorkingEdition, by: User, published: PublishedEdition) -> None:
    """Within the transaction that makes the pages known: the goals and the edition with them.

    Raises RefusedError where anything was changed since it was checked; then nothing is published.
    """
    held = held_edition(row.pk)
    if held.publish_by_id != by.pk or held.publish_at is None:
        raise RefusedError(_("The publication was called off."))
    _check(held, by)
    goals = held.goals.filter(state=GoalState.IN_EDITION).select_related("edition")
    for goal in goals.order_by("number"):
        goal.state = GoalState.PUBLISHED
        goal.save(update_fields=["state"])
        note_goal(by, "goal.published", goal)
    _replace_before(held, by)
    held.state, held.version, held.fault = EditionState.PUBLISHED, published.version, ""
    held.save(update_fields=["state", "version", "fault"])
    note_edition(by, "edition.made_public", held)
    mail_of_edition(by, "edition_publish", held)


def _replace_before(held: WorkingEdition, by: User) -> None:
    """The version that was published before is corrected by this one."""
    before = WorkingEdition.objects.filter(edition=held.edition, state=EditionState.PUBLISHED)
    for each in before.select_for_update(of=("self",)):
        each.state = EditionState.CORRECTED
        each.save(update_fields=["state"])
        note_edition(by, "edition.replaced", each)


def _give_up(row: WorkingEdition, why: str) -> None:
    """Say why on the page and to the coordinators, and wait for somebody to set a time again."""
    with transaction.atomic():
        held = held_edition(row.pk)
        by = held.publish_by
        held.publish_at, held.publish_by, held.fault = None, None, why[:500]
        held.save(update_fields=["publish_at", "publish_by", "fault"])
        if by is not None:
            note_edition(by, "edition.publication_failed", held)
        path = reverse("working_edition", args=[held.pk])
        for user in who_may(Permission.PUBLISH_EDITION):
            words = {"edition": held.edition, "path": path}
            write_message(str(user.id), "edition_fault", user.language, words)
