"""Figures that people entered by hand: with their source, and always marked as entered."""

from __future__ import annotations

from kvarter.documents.document import Block, Cell, Paragraph, Section, Table
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.policy.model import Goal
from kvarter.statement import Entered


def entered_blocks(status: Edition, goal: Goal) -> list[Block]:
    """A table of the figures that were entered of a goal; nothing where none were."""
    entered = status.statement.entered.get(goal.number, [])
    if not entered:
        return []
    headings = (
        *(Cell(_("What it is")), Cell(_("Source")), Cell(_("Period"))),
        *(Cell(_("How many"), number=True), Cell(_("Percent"), number=True)),
    )
    rows = tuple(
        (
            Cell(locale.say(one.title)),
            Cell(locale.say(one.source)),
            Cell(one.period),
            Cell(number_of(one), number=True),
            Cell(percent_of(one), number=True),
        )
        for one in entered
    )
    table = Table(_("Entered by hand, not computed"), headings, rows, widths=(4, 3, 1, 2, 1))
    note = Paragraph(_("These figures come from elsewhere; no run has computed them."), "note")
    return [Section(_("Entered figures"), (table, note))]


def number_of(entered: Entered) -> str:
    """The count, and what it is a part of."""
    count = locale.number(entered.count)
    return (
        _("{part} of {whole}", part=count, whole=locale.number(entered.of))
        if (entered.of)
        else count
    )


def percent_of(entered: Entered) -> str:
    """The share in percent, as it was said; blank where none was."""
    share = entered.share
    if share is None:
        return ""
    decimals = len(str(share).partition(".")[2])
    return locale.percent(float(share), decimals)
