"""What forms of the work send, as typed values; RefusedError says what cannot be read."""

from __future__ import annotations

import datetime as dt
import re

from django.http import QueryDict

from kvarter.web.goals.rules.content import TEXTS, Content
from kvarter.web.goals.rules.deadlines import moment
from kvarter.web.goals.rules.entered import EnteredFigure
from kvarter.web.goals.rules.said import RefusedError, _

BLANK_FIGURES = 2
"""Empty lines for figures to be entered, below those that are there."""
_MOST_LINES = 40


def text_of(given: QueryDict, name: str) -> str:
    """A text, with the line ends that are kept."""
    return given.get(name, "").replace("\r\n", "\n").strip()


def number_of(given: QueryDict, name: str) -> int:
    """A whole number, 0 for none. Raises RefusedError for anything else."""
    said = given.get(name, "").strip() or "0"
    if not re.fullmatch(r"\d{1,9}", said):
        raise RefusedError(_("{said} is no whole number.", said=said[:20]))
    return int(said)


def day_of(given: QueryDict, name: str) -> dt.date | None:
    """A day such as 2026-12-24; None for none. Raises RefusedError for anything else."""
    said = given.get(name, "").strip()
    if not said:
        return None
    try:
        return dt.date.fromisoformat(said)
    except ValueError as error:
        raise RefusedError(_("{said} is no date such as 2026-12-24.", said=said[:20])) from error


def needed_day_of(given: QueryDict, name: str) -> dt.date:
    """A day that must be given."""
    day = day_of(given, name)
    if day is None:
        raise RefusedError(_("A day is missing."))
    return day


def moment_of(given: QueryDict) -> dt.datetime:
    """The day and time something is set to. Raises RefusedError where there is no such time."""
    day, clock = needed_day_of(given, "day"), given.get("clock", "").strip()
    try:
        return moment(day, dt.time.fromisoformat(clock))
    except ValueError as error:
        raise RefusedError(_("{said} is no time of that day.", said=clock[:20])) from error


def content_of(given: QueryDict) -> Content:
    """What was written of a goal. Lines of figures that are empty are left out.

    The code of an accepted draft is that of the form, as long as its words are as they were.
    """
    texts = {name: text_of(given, name) for name in (*TEXTS, "no_comment")}
    lines = min(number_of(given, "figures"), _MOST_LINES)
    figures = [_figure(given, at) for at in range(lines)]
    kept = text_of(given, "accepted")
    accepted = kept if kept and texts["comment"] == text_of(given, "accepted_text") else ""
    return Content(**texts, accepted=accepted, figures=tuple(f for f in figures if f))


def _figure(given: QueryDict, at: int) -> EnteredFigure | None:
    names = ("title", "source", "period", "count", "of", "share")
    said = {name: given.get(f"{name}-{at}", "").strip() for name in names}
    if not any(said.values()):
        return None
    return EnteredFigure(
        title=said["title"][:200],
        source=said["source"][:200],
        period=said["period"][:60],
        count=number_of(given, f"count-{at}"),
        of=number_of(given, f"of-{at}") if said["of"] else None,
        share=said["share"][:12],
    )
