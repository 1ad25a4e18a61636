"""The verdict of a target: by every reading, how sure it is, and what else must be said."""

from __future__ import annotations

from typing import Any

import polars as pl

from kvarter.documents.contents.cells import Row
from kvarter.documents.contents.sure import Verdict, verdict_of
from kvarter.documents.document import (
    Block,
    Bullets,
    Cell,
    Illustration,
    Item,
    Paragraph,
    Section,
    Table,
    plain,
)
from kvarter.documents.observations import in_words
from kvarter.documents.words import (
    Check,
    change_in_words,
    no_change_sentence,
    sentence,
    seven_checks,
)
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.policy.model import Goal, Reading, Target


def deciding_row(status: Edition, goal: Goal, target: Target) -> dict[str, Any] | None:
    """The verdict of a target by the reading that decides; None at the baseline."""
    return next((row for row in _rows(status, goal, target) if row["decides"]), None)


def _rows(status: Edition, goal: Goal, target: Target) -> list[dict[str, Any]]:
    return status.verdicts.filter(
        (pl.col("goal") == goal.number) & (pl.col("target") == target.id)
    ).to_dicts()


def row_verdict(status: Edition, row: dict[str, Any]) -> Verdict:
    """The verdict of a row and how sure it is; not shown where small numbers hide its figures."""
    [indicator] = [each for _, each in status.policy.indicators() if each.id == row["indicator"]]
    return verdict_of(status, Row("verdicts", row), indicator)


def row_word(status: Edition, row: dict[str, Any]) -> str:
    """The verdict of a row as it is read."""
    return row_verdict(status, row).word


def target_sentence(status: Edition, goal: Goal, target: Target) -> str:
    """The verdict of a target and how sure it is, as one sentence or two; blank for none."""
    row, checks = _checked(status, goal, target)
    if row is None:
        return ""
    if not checks:
        return no_change_sentence(row, _readings(target)[row["reading"]])
    word = row_word(status, row)
    return sentence(word, row, _readings(target)[row["reading"]], checks)


def _readings(target: Target) -> dict[str, Reading]:
    return {reading.id: reading for reading in target.readings}


def _checked(
    status: Edition, goal: Goal, target: Target
) -> tuple[dict[str, Any] | None, list[Check]]:
    rows = _rows(status, goal, target)
    row = next((row for row in rows if row["decides"]), None)
    if row is None or row["change"] is None:
        return row, []
    others = [other for other in rows if other is not row]
    return row, seven_checks(row, others, _readings(target)[row["reading"]])


def target_section(status: Edition, goal: Goal, target: Target) -> Section:
    """A target: its verdict by every reading, how sure that is, and what else must be said."""
    rows = _rows(status, goal, target)
    title = locale.say(target.text)
    if not rows:
        text = _("This edition is the baseline that later ones are judged against.")
        return Section(title, (Paragraph(text),), kind="verdict")
    row, checks = _checked(status, goal, target)
    blocks: list[Block] = []
    if row is not None:
        found = row_verdict(status, row)
        blocks.append(Paragraph(found.word, "verdict", found.look))
    if said := target_sentence(status, goal, target):
        blocks.append(Paragraph(said))
    blocks.append(_readings_table(status, rows, target))
    if checks:
        asked = Paragraph(_("Would the answer be the same if this were otherwise?"))
        blocks.append(Section(_("How sure is that?"), (asked, _checks_table(checks))))
    if row is not None:
        blocks += _sensitivity(status, target, row)
    said_besides = [
        Item(in_words(each, status))
        for each in status.observations
        if (each.goal, each.target) == (goal.number, target.id)
    ]
    if said_besides:
        title_besides = _("What else must be said")
        blocks.append(Section(title_besides, (Bullets(tuple(said_besides)),)))
    verdict = row_verdict(status, row).look if row else ""
    return Section(title, tuple(blocks), kind="verdict", verdict=verdict)


def _readings_table(status: Edition, rows: list[dict[str, Any]], target: Target) -> Table:
    readings = _readings(target)
    lines = []
    for row in rows:
        reading = readings[row["reading"]]
        decides = f"({_('decides')})" if reading.decides and len(rows) > 1 else ""
        found = change_in_words(row, reading)
        verdict = row_verdict(status, row)
        lines.append(
            (
                Cell(locale.say(reading.title), aside=decides),
                Cell(found),
                Cell(verdict.word, verdict=verdict.look),
            )
        )
    headings = plain([_("The words read as"), _("Found"), _("Verdict")])
    return Table(_("The verdict by each reading"), headings, tuple(lines), widths=(3, 3, 2))


def _checks_table(checks: list[Check]) -> Table:
    words = {"holds": _("holds"), "turns": _("can turn"), "na": _("not asked")}
    return Table(
        _("What could turn the verdict"),
        plain([_("What if it were otherwise"), _("The verdict"), _("Why")]),
        tuple(
            (
                Cell(check.title),
                Cell(words[check.mark], strong=check.mark != "na"),
                Cell(check.text),
            )
            for check in checks
        ),
        marks=tuple(check.mark for check in checks),
        widths=(3, 2, 6),
    )


def _sensitivity(status: Edition, target: Target, row: dict[str, Any]) -> list[Block]:
    """What would turn the verdict, and what it is by every assumption on the unlocated."""
    from kvarter.documents.missing import sensitivity_rows  # draws, and a word needs no drawing
    from kvarter.documents.tipping_point import tipping_figure

    reading = _readings(target)[row["reading"]]
    blocks: list[Block] = []
    indicator = {each.id: each for _goal, each in status.policy.indicators()}[target.indicator]
    if figure := tipping_figure(status, row, indicator, reading):
        blocks.append(figure)
    if steps := sensitivity_rows(status, target, reading):
        blocks += _steps(steps, reading, row["required"])
    title = _("If the cases that could not be located were placed")
    return [Section(title, tuple(blocks))] if blocks else []


def _steps(steps: list[dict[str, Any]], reading: Reading, asked: float) -> list[Block]:
    """The verdict by each assumption: in a sentence, as a picture, and its table."""
    from kvarter.documents.missing import sensitivity_figure, sensitivity_sentence

    words = {
        "met": _("The target is met"),
        "not_met": _("The target is not met"),
        "turns": _("can turn"),
    }
    table = Table(
        _("What the change would be, by assumption"),
        plain([_("Assumption"), _("The change"), _("The verdict")]),
        tuple(
            (Cell(step["title"]), Cell(step["span"]), Cell(words[step["verdict"]]))
            for step in steps
        ),
    )
    caption = _(
        "Step by step stronger assumptions: where the change can lie, and what is asked. With the "
        "odds it is what is to be expected on average, without chance; only the last step holds "
        "chance too. The figures are in the table."
    )
    picture = sensitivity_figure(steps, reading, asked)
    return [Paragraph(sensitivity_sentence(steps)), Illustration(picture, caption), table]
