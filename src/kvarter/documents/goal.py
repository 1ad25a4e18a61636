"""A goal: how it is measured, its figures and verdicts, what people say of it, and its data."""

from __future__ import annotations

from kvarter.documents.comments import comment_blocks
from kvarter.documents.data_notes import data_notes
from kvarter.documents.document import Block, Cell, Paragraph, Section, Table
from kvarter.documents.entered import entered_blocks
from kvarter.documents.indicator import area_blocks, figures_table, indicator_blocks
from kvarter.documents.interventions import intervention_blocks
from kvarter.documents.verdicts import target_section
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.policy.model import Goal


def goal_section(status: Edition, goal: Goal) -> Section:
    """The annex of a goal; in the whole report it stands among the others.

    One without indicators has why there are none, and what people entered and wrote of it.
    """
    blocks: list[Block] = [_facts(status, goal)]
    if not goal.indicators and goal.no_data:
        blocks.append(Paragraph(locale.say(goal.no_data)))
    blocks += [figures_table(status, goal, each) for each in goal.indicators]
    blocks += [target_section(status, goal, target) for target in goal.targets]
    blocks += entered_blocks(status, goal)
    blocks += comment_blocks(status, goal)
    blocks += intervention_blocks(status, goal)
    for indicator in goal.indicators:
        if within := indicator_blocks(status, goal, indicator):
            blocks.append(Section(locale.say(indicator.title), tuple(within)))
        blocks += area_blocks(status, indicator)
    blocks += data_notes(status, goal)
    return Section(goal_title(goal), tuple(blocks), id=f"goal-{goal.number}", kind="goal")


def goal_title(goal: Goal) -> str:
    """`Goal 2: Fewer evictions`; the title alone where it is no more than the number."""
    title = locale.say(goal.title)
    if title == _("Goal {number}", number=goal.number):
        return title
    return _("Goal {number}: {title}", number=goal.number, title=title)


def _facts(status: Edition, goal: Goal) -> Table:
    """The fields that a council knows from its annexes."""
    measured = [locale.say(each.measured) for each in goal.indicators]
    elsewhere = [
        _("number {number} in {document}", number=number, document=document)
        for document, number in goal.numbered_elsewhere.items()
    ]
    lines = [
        (_("Goal"), locale.say(goal.title), ()),
        (_("Number"), str(goal.number), tuple(elsewhere)),
        (_("Administration"), goal.administration or "", ()),
        (_("Status"), locale.say(status.definition.title), (_data_of(status),)),
        (_("How it is measured"), "".join(measured[:1]), tuple(measured[1:])),
    ]
    return Table(
        _("The goal"),
        (Cell(_("Field")), Cell(_("Content"))),
        tuple((Cell(name), Cell(text, small)) for name, text, small in lines if text),
        widths=(1, 4),
    )


def _data_of(status: Edition) -> str:
    return _("data of {year}", year=status.definition.data_year)
