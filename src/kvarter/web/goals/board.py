"""Who is missing: every goal of the editions in the making, filtered by what the address says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils import timezone

from kvarter.web.goals.models import IN_THE_MAKING, GoalInEdition, StandIn
from kvarter.web.goals.rules.deadlines import days_left, today
from kvarter.web.goals.rules.states import TURN, GoalState, Turn

_SOON = 7


@dataclass(frozen=True)
class Filters:
    """What is looked for; an empty part fits all. `days`: `late`, or `soon` for a week."""

    edition: str = ""
    administration: str = ""
    state: str = ""
    turn: str = ""
    owner: str = ""
    days: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        """What an address asks for."""
        return cls(**{name: query.get(name, "").strip()[:64] for name in cls.__annotations__})

    def query(self) -> str:
        """As it stands in an address."""
        return urlencode({name: value for name, value in vars(self).items() if value})


@dataclass(frozen=True)
class Row:
    """A goal on the board: where it is, whose turn it is and by name, and the days left."""

    goal: GoalInEdition
    turn: Turn
    waits_for: str
    stand_in: str
    left: int | None

    @property
    def is_late(self) -> bool:
        return self.left is not None and self.left < 0


def board(filters: Filters) -> list[Row]:
    """The goals that fit, the nearest deadline first; three queries, whatever their number."""
    now = timezone.now()
    goals = (
        GoalInEdition.objects.filter(edition__state__in=[str(each) for each in IN_THE_MAKING])
        .select_related("edition", "owner")
        .order_by("deadline", "edition", "number")
    )
    if filters.edition:
        goals = goals.filter(edition__edition=filters.edition)
    if filters.administration:
        goals = goals.filter(administration=filters.administration)
    if filters.state:
        goals = goals.filter(state=filters.state)
    if filters.turn:
        goals = goals.filter(state__in=[s.value for s, t in TURN.items() if t == filters.turn])
    if filters.owner:
        goals = goals.filter(owner__email__iexact=filters.owner)
    standing = _stand_ins(now)
    rows = [_row(goal, standing, now) for goal in goals]
    if filters.days == "late":
        rows = [row for row in rows if row.is_late]
    if filters.days == "soon":
        rows = [row for row in rows if row.left is not None and 0 <= row.left <= _SOON]
    return rows


def _row(goal: GoalInEdition, standing: Mapping[object, str], now: dt.datetime) -> Row:
    turn = TURN[GoalState(goal.state)]
    waits = turn is not Turn.NOBODY
    owner = goal.owner.name if turn is Turn.OWNER and goal.owner else ""
    return Row(
        goal,
        turn,
        owner,
        standing.get(goal.owner_id, "") if owner else "",
        days_left(goal.deadline, now) if waits and goal.deadline else None,
    )


def _stand_ins(now: dt.datetime) -> dict[object, str]:
    """By who is absent today: the name of who stands in."""
    day = today(now)
    every = StandIn.objects.filter(first_day__lte=day, last_day__gte=day)
    return {each.absent_id: each.stand_in.name for each in every.select_related("stand_in")}
