"""What the administration says of a goal: its own words, or a draft computed from the figures.

A draft is marked as one until somebody accepts it by its code, and again as soon as it says
something else: nobody can have accepted figures that were not there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from kvarter.documents.document import Block, Bullets, Item, Paragraph, Section
from kvarter.documents.figures import cell, figures_of
from kvarter.documents.verdicts import target_sentence
from kvarter.editions.edition import Edition
from kvarter.i18n import Locale, _, in_language, locale
from kvarter.policy.model import AREAS, Goal, Indicator, Target, data_year
from kvarter.statement import Accepted, statement_file
from kvarter.statement.prose import parts_of


def comment_blocks(status: Edition, goal: Goal) -> list[Block]:
    """The comments on a goal in this edition; nothing where there is nothing to say."""
    written = status.statement.comment_on(goal.number)
    if written is not None and not isinstance(written, Accepted):
        return _section(prose(locale.say(written)))
    draft = draft_of(status, goal)
    if not draft:
        return []
    code = draft_code(status, goal)
    if written is not None and written.accepted == code:
        by = _(
            "Computed from the figures, and accepted by {name}, {date}.",
            name=written.by,
            date=locale.date(written.on),
        )
        return _section([Paragraph(draft), Paragraph(by, "note")])
    said = _("Draft, computed from the figures and accepted by nobody.")
    if written is not None:
        said = _(
            "Draft: what {name} accepted ({date}) said something else.",
            name=written.by,
            date=locale.date(written.on),
        )
    how = _(
        "Write your own words in {file}, or accept the draft there by its code, {code}.",
        file=statement_file(Path(), status.definition.id).as_posix(),
        code=code,
    )
    return _section([Paragraph(f"{said} {how}", "note"), Paragraph(draft, "draft")])


def prose(text: str) -> list[Block]:
    """What people wrote as blocks: what stands below a heading of theirs is a section."""
    before: list[Block] = []
    sections: list[tuple[str, list[Block]]] = []
    for part in parts_of(text):
        here = sections[-1][1] if sections else before
        if part.kind == "heading":
            sections.append((part.plain()[0], []))
        elif part.kind == "list":
            here.append(Bullets(tuple(map(Item, part.plain()))))
        else:
            here.append(Paragraph(part.plain()[0]))
    return [*before, *(Section(title, tuple(blocks)) for title, blocks in sections)]


def _section(blocks: Sequence[Block]) -> list[Block]:
    title = _("The administration's comments")
    return [Section(title, tuple(blocks))] if blocks else []


def is_draft(status: Edition, goal: Goal) -> bool:
    """Whether nobody has written a comment, or accepted the draft as it is now."""
    written = status.statement.comment_on(goal.number)
    if isinstance(written, Accepted):
        return written.accepted != draft_code(status, goal)
    return not written and bool(_compared_draft(status, goal))


def draft_code(status: Edition, goal: Goal) -> str:
    """Eight letters and digits that stand for what a draft says; the same in every language."""
    return hashlib.sha256(_compared_draft(status, goal).encode()).hexdigest()[:8]


def _compared_draft(status: Edition, goal: Goal) -> str:
    """The draft in the one language in which it is held against what was accepted."""
    with in_language(Locale("da")):
        return draft_of(status, goal)


def draft_of(status: Edition, goal: Goal) -> str:
    """A goal's figures and verdicts, as sentences; blank for the baseline, or without targets."""
    indicators = {indicator.id: indicator for indicator in goal.indicators}
    said = []
    for target in goal.targets:
        if sentence := target_sentence(status, goal, target):
            figures = _figures(status, indicators[target.indicator], target)
            said.append(f"{figures} {sentence}".strip())
    return " ".join(said)


def _figures(status: Edition, indicator: Indicator, target: Target) -> str:
    baseline = status.policy.baseline()
    if baseline is None:
        return ""
    figures = figures_of(status, indicator)
    years = [data_year(indicator, edition) for edition in (baseline, status.definition)]
    before, now = (cell(figures.get((year, AREAS)), indicator, interval=False) for year in years)
    return _(
        "{indicator}: {now} in {year}, against {before} in {baseline}.",
        indicator=locale.say(indicator.title),
        now=" ".join([now.text, *now.small]),
        year=years[1],
        before=" ".join([before.text, *before.small]),
        baseline=years[0],
    )
