"""Reminders of deadlines: once on a day for each goal, to its owner and who stands in."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kvarter.i18n.locale import Locale
from kvarter.web.goals.models import GoalInEdition, Reminder
from kvarter.web.goals.people import with_stand_ins
from kvarter.web.goals.rules.deadlines import days_left, is_reminded, today
from kvarter.web.goals.rules.states import TURN, EditionState, Turn
from kvarter.web.outbox.write import write_message


def remind() -> int:
    """Write the reminders of today that are not written yet; how many goals they are of.

    A day on which nothing ran is not made up for: the next reminder comes as the deadline nears.
    """
    now = timezone.now()
    waiting = GoalInEdition.objects.filter(
        state__in=[state.value for state, turn in TURN.items() if turn is Turn.OWNER],
        edition__state__in=[EditionState.OPEN, EditionState.CLOSING],
        owner__is_active=True,
        deadline__isnull=False,
    ).select_related("owner", "edition")
    reminded = 0
    for goal in waiting:
        if goal.deadline is not None and is_reminded(days_left(goal.deadline, now)):
            reminded += _remind(goal)
    return reminded


def _remind(goal: GoalInEdition) -> bool:
    with transaction.atomic():
        _, is_new = Reminder.objects.get_or_create(goal=goal, day=today(timezone.now()))
        if is_new and goal.owner is not None and goal.deadline is not None:
            for user in with_stand_ins([goal.owner]):
                words = {
                    "edition": goal.edition.edition,
                    "goal": str(goal.number),
                    "deadline": Locale("en" if user.language == "en" else "da").date(goal.deadline),
                    "path": reverse("goal", args=[goal.edition_id, goal.number]),
                }
                write_message(str(user.id), "goal_reminder", user.language, words)
    return is_new
