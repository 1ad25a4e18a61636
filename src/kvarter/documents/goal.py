"""A goal: how it is measured, its figures and verdicts, what people say of it, and its data."""

from __future__ import annotations

from kvarter.documents.comments import comment_blocks
from kvarter.documents.data_notes import data_notes
from kvarter.documents.document import Block, Cell, Section, Table
from kvarter.documents.indicator import area_blocks, figures_table, indicator_blocks
from kvarter.documents.interventions import intervention_blocks
from kvarter.documents.verdicts import target_section
from kvarter.editions import Edition
from kvarter.i18n.language import Tongue
from kvarter.policy.model import Goal


def goal_section(status: Edition, goal: Goal, tongue: Tongue) -> Section:
    """The annex of a goal that has indicators; in the whole report it stands among the others."""
    _ = tongue._
    blocks: list[Block] = [_facts(status, goal, tongue)]
    blocks += [figures_table(status, goal, each, tongue) for each in goal.indicators]
    blocks += [target_section(status, goal, target, tongue) for target in goal.targets]
    blocks += comment_blocks(status, goal, tongue)
    blocks += intervention_blocks(status, goal, tongue)
    for indicator in goal.indicators:
        if within := indicator_blocks(status, goal, indicator, tongue):
            blocks.append(Section(tongue.say(indicator.title), tuple(within)))
        blocks += area_blocks(status, indicator, tongue)
    blocks += data_notes(status, goal, tongue)
    return Section(goal_title(goal, tongue), tuple(blocks), id=f"goal-{goal.number}", kind="goal")


def goal_title(goal: Goal, tongue: Tongue) -> str:
    """`Goal 2: Fewer evictions`; the title alone where it is no more than the number."""
    title = tongue.say(goal.title)
    if title == tongue._("Goal {number}", number=goal.number):
        return title
    return tongue._("Goal {number}: {title}", number=goal.number, title=title)


def _facts(status: Edition, goal: Goal, tongue: Tongue) -> Table:
    """The fields that a council knows from its annexes."""
    _ = tongue._
    measured = [tongue.say(each.measured) for each in goal.indicators]
    elsewhere = [
        _("number {number} in {document}", number=number, document=document)
        for document, number in goal.numbered_elsewhere.items()
    ]
    lines = [
        (_("Goal"), tongue.say(goal.title), ()),
        (_("Number"), str(goal.number), tuple(elsewhere)),
        (_("Administration"), goal.administration or "", ()),
        (_("Status"), tongue.say(status.definition.title), (_data_of(status, tongue),)),
        (_("How it is measured"), measured[0], tuple(measured[1:])),
    ]
    return Table(
        _("The goal"),
        (Cell(_("Field")), Cell(_("Content"))),
        tuple((Cell(name), Cell(text, small)) for name, text, small in lines if text),
        widths=(1, 4),
    )


def _data_of(status: Edition, tongue: Tongue) -> str:
    return tongue._("data of {year}", year=status.definition.data_year)
