"""What was written of all goals as the statement of the edition, which documents are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kvarter.statement import Accepted, Comment, Entered, Statement
from kvarter.web.goals.rules.content import Content
from kvarter.web.goals.rules.entered import EnteredFigure

_HEADINGS = {"cases": "Sager", "interventions": "Indsatser", "next_steps": "Næste skridt"}
"""Of the texts that stand below the comment. What people write is in Danish, and so are these."""


@dataclass(frozen=True)
class Said:
    """What an edition says of a goal.

    waived: why it has no part in the edition; empty where it has.
    approved_by, approved_on: by whom and on which day it was approved.
    """

    number: int
    content: Content
    waived: str = ""
    approved_by: str = ""
    approved_on: dt.date | None = None


def statement_of(before: Statement, goals: Iterable[Said], published: dt.date) -> Statement:
    """The statement of an edition: what was written of its goals, and all else as it was.

    `before`: the statement that its status has, with recipients, signatures and contact.
    """
    goals = list(goals)
    comments = {one.number: said for one in goals if (said := _comment(one))}
    entered = {
        one.number: [_entered(figure) for figure in one.content.figures]
        for one in goals
        if one.content.figures and not one.waived
    }
    changed = {"comments": comments, "entered": entered, "published": published}
    return before.model_copy(update=changed)


def _comment(one: Said) -> Comment | None:
    """A draft that stands alone is accepted by its code; all else is the administration's words."""
    content = one.content
    if one.waived:
        return one.waived
    below = [
        f"## {heading}\n\n{text}"
        for name, heading in _HEADINGS.items()
        if (text := getattr(content, name).strip())
    ]
    if content.accepted and not below and one.approved_on is not None:
        return Accepted(accepted=content.accepted, by=one.approved_by, on=one.approved_on)
    first = content.comment.strip() or content.no_comment.strip()
    return "\n\n".join([first, *below]) if first or below else None


def _entered(figure: EnteredFigure) -> Entered:
    share = figure.share.strip().replace(",", ".")
    return Entered(
        title=figure.title,
        source=figure.source,
        period=figure.period,
        count=figure.count,
        of=figure.of,
        share=Decimal(share) if share else None,
    )
