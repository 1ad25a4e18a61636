"""What every action leaves behind: an event in the audit log, and mail to those it concerns."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from kvarter.web.accounts.models import User
from kvarter.web.accounts.roles import Permission
from kvarter.web.audit.log import record
from kvarter.web.goals.models import GoalInEdition, WorkingEdition
from kvarter.web.goals.people import who_may, with_stand_ins
from kvarter.web.goals.rules.states import Hears
from kvarter.web.outbox.write import write_message


def note_goal(by: User, act: str, goal: GoalInEdition, fields: tuple[str, ...] = ()) -> None:
    """Note what was done with a goal."""
    record(str(by.id), act, ("goal", f"{goal.edition.pk}/{goal.number}"), fields)


def note_edition(by: User, act: str, edition: WorkingEdition, fields: tuple[str, ...] = ()) -> None:
    """Note what was done with an edition."""
    record(str(by.id), act, ("working_edition", str(edition.pk)), fields)


def mail_of_goal(by: User, hears: Iterable[Hears], template: str, goal: GoalInEdition) -> None:
    """Write to those who hear of what was done with a goal, but for who did it."""
    words = {
        "edition": goal.edition.edition,
        "goal": str(goal.number),
        "path": reverse("goal", args=[goal.edition_id, goal.number]),
    }
    for each in hears:
        for user in with_stand_ins(_of_goal(each, goal)):
            if user.pk != by.pk:
                write_message(str(user.id), template, user.language, words)


def mail_of_edition(by: User, template: str, edition: WorkingEdition) -> None:
    """Write to the owners of all goals of an edition, but for who did it."""
    words = {
        "edition": edition.edition,
        "path": reverse("working_edition", args=[edition.pk]),
    }
    owners = User.objects.filter(is_active=True, pk__in=edition.goals.values("owner"))
    for user in with_stand_ins(owners):
        if user.pk != by.pk:
            write_message(str(user.id), template, user.language, words)


def _of_goal(hears: Hears, goal: GoalInEdition) -> list[User]:
    if hears is Hears.OWNER:
        return [goal.owner] if goal.owner is not None and goal.owner.is_active else []
    if hears is Hears.APPROVERS:
        thing = {"administration": goal.administration}
        return [
            user
            for user in who_may(Permission.APPROVE_GOAL).prefetch_related("grants")
            if any(
                grant.administration in ("", thing["administration"])
                for grant in user.grants.all()
                if grant.role == "approver"
            )
        ]
    return list(who_may(Permission.COORDINATE_EDITION))
