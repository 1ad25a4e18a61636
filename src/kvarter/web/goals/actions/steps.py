"""What is done with a goal besides writing: handed in, approved, returned, included."""

from __future__ import annotations

from django.db import transaction

from kvarter.web.accounts.models import User
from kvarter.web.goals.actions.told import mail_of_goal, note_goal
from kvarter.web.goals.actions.writing import held
from kvarter.web.goals.facts import GoalNow, goal_now
from kvarter.web.goals.models import GoalInEdition, Step
from kvarter.web.goals.people import person_of
from kvarter.web.goals.rules.policies import NOTHING, Given, check_act
from kvarter.web.goals.rules.said import RefusedError, _
from kvarter.web.goals.rules.states import Act

BY_HAND = (
    *(Act.SUBMIT, Act.APPROVE, Act.RETURN, Act.INCLUDE, Act.TAKE_OUT, Act.WAIVE, Act.ASK_AGAIN),
)
"""What people do with a goal; the rest follows from writing, or from the edition."""


def do(by: User, goal: int, act: Act, given: Given = NOTHING) -> GoalInEdition:
    """Do `act` with a goal (its primary key). Raises RefusedError where it cannot be done."""
    if act not in BY_HAND:
        raise RefusedError(_("The goal is not where this can be done."))
    person = person_of(by)
    with transaction.atomic():
        row = held(goal)
        now = goal_now(row)
        answer = check_act(person, act, now.facts, given)
        row.state = answer.transition.after
        row.hash = now.hash
        row.approved_hash = _approved(act, now)
        row.save(update_fields=["state", "hash", "approved_hash"])
        Step.objects.create(
            goal=row,
            act=act,
            by=by,
            in_name_of_id=answer.in_name_of,
            last_author_id=now.last_author or None,
            reason=given.reason.strip()[:2000],
            hash=now.hash,
        )
        note_goal(by, answer.transition.event, row)
        mail_of_goal(by, answer.transition.hears, f"goal_{act}", row)
        return row


def _approved(act: Act, now: GoalNow) -> str:
    """The hash of what is approved after `act`."""
    if act is Act.APPROVE:
        return now.hash
    return now.row.approved_hash if act is Act.INCLUDE else ""
