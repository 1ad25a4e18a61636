"""Days as people count them here, whatever the clock does in spring and autumn."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Europe/Copenhagen")
REMINDERS = (14, 3, 0)
"""So many days before a deadline its owner is reminded; after it, once a week."""
_WEEK = 7


def today(now: dt.datetime) -> dt.date:
    """The day it is here. `now` has a time zone."""
    return now.astimezone(HERE).date()


def days_left(deadline: dt.date, now: dt.datetime) -> int:
    """Whole days until the deadline, which is all of its day; negative when it has passed."""
    return (deadline - today(now)).days


def is_reminded(left: int) -> bool:
    """Whether somebody is reminded on a day with so many days left."""
    return left in REMINDERS or (left < 0 and left % _WEEK == 0)


def moment(day: dt.date, clock: dt.time) -> dt.datetime:
    """A time of a day here, in UTC.

    Raises ValueError for one that the clocks leave out in spring; of one that they show twice in
    autumn it is the first.
    """
    here = dt.datetime.combine(day, clock, HERE)
    at = here.astimezone(dt.UTC)
    if at.astimezone(HERE).replace(tzinfo=None) != here.replace(tzinfo=None):
        raise ValueError("the clocks leave this time out")
    return at
