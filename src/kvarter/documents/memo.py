"""The cover memo: what is sent, how every goal stands, what is open, and who signs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from kvarter.documents.comments import is_draft
from kvarter.documents.distance_words import lines
from kvarter.documents.document import (
    Block,
    Bullets,
    Cell,
    Item,
    Paragraph,
    Section,
    Table,
    plain,
)
from kvarter.documents.figures import cell, figures_of
from kvarter.documents.verdicts import deciding_row, goal_verdict, goal_word, target_sentence
from kvarter.editions.edition import Edition
from kvarter.i18n.locale import Locale
from kvarter.policy.designation import distance_year
from kvarter.policy.model import AREAS, Goal, data_year
from kvarter.statement import statement_file


def memo_sections(status: Edition, locale: Locale) -> list[Section]:
    """The memo from document numbers to signatures."""
    _ = locale._
    parts = [
        Section(_("What is sent"), (_sent(status, locale),)),
        Section(_("Summary of all goals"), tuple(_summary(status, locale))),
        _distance(status, locale),
        _open(status, locale),
        _next_steps(status, locale),
        _signatures(status, locale),
    ]
    return [part for part in parts if part is not None]


def _sent(status: Edition, locale: Locale) -> Table:
    _ = locale._
    policy, edition = status.policy, status.definition
    period = policy.period
    rows = [
        (_("Policy"), locale.say(policy.title)),
        (_("Period"), f"{period.first}\u2013{period.last}"),
        (_("Status"), locale.say(edition.title)),
        (_("Figures of"), str(edition.data_year)),
        (_("The areas"), locale.say(policy.area_set(edition.area_set).title)),
        *({**policy.documents, **edition.documents}).items(),
    ]
    headings = plain([_("Field"), _("Content")])
    return Table(_("The status"), headings, tuple(plain(list(r)) for r in rows), widths=(1, 3))


def _summary(status: Edition, locale: Locale) -> list[Block]:
    """How many goals stand how, and a line for each of them."""
    _ = locale._
    goals = status.policy.goals
    stand = Counter(_stand(status, goal) for goal in goals)
    said = [
        _(
            "Of {count} goals, {parts}.",
            count=len(goals),
            parts=locale.listed(_parts(stand, locale)),
        )
    ]
    rows = []
    for goal in goals:
        verdict = goal_verdict(status, goal)
        before, now = _figures(status, goal, locale)
        word = goal_word(status, goal, locale) or _words(locale)[_stand(status, goal)]
        number = Cell(str(goal.number))
        rows.append(
            (number, Cell(locale.say(goal.title)), before, now, Cell(word, verdict=verdict))
        )
    headings = plain([_("Goal"), _("Title"), _("Baseline"), _("Status"), _("Verdict")])
    table = Table(_("All goals"), headings, tuple(rows), widths=(1, 5, 2.4, 2.4, 3))
    return [*(Paragraph(text) for text in said), table]


def _stand(status: Edition, goal: Goal) -> str:
    if not goal.indicators:
        return "no_data"
    return goal_verdict(status, goal) or ("baseline" if goal.targets else "no_target")


def _words(locale: Locale) -> dict[str, str]:
    _ = locale._
    return {
        "baseline": _("Baseline"),
        "no_target": _("No target"),
        "no_data": _("No data yet"),
    }


def _parts(stand: Counter[str], locale: Locale) -> list[str]:
    _ = locale._
    messages = {
        "met": _("{count} met"),
        "not_met": _("{count} not met"),
        "cannot_tell": _("{count} that cannot be told"),
        "baseline": _("{count} with a baseline"),
        "no_target": _("{count} without a target"),
        "no_data": _("{count} without data yet"),
    }
    return [text.format(count=stand[code]) for code, text in messages.items() if stand[code]]


def _figures(status: Edition, goal: Goal, locale: Locale) -> tuple[Cell, Cell]:
    """The areas' figure at the baseline and now, of the indicator the first target is about."""
    baseline = status.policy.baseline()
    if not goal.indicators or baseline is None:
        return Cell(""), Cell("")
    wanted = goal.targets[0].indicator if goal.targets else goal.indicators[0].id
    [indicator] = [each for each in goal.indicators if each.id == wanted]
    figures = figures_of(status, indicator)
    cells = [
        cell(figures.get((year, AREAS)), indicator, locale, interval=False)
        for year in (data_year(indicator, baseline), data_year(indicator, status.definition))
    ]
    return cells[0], cells[1]


def _distance(status: Edition, locale: Locale) -> Section | None:
    """How far the areas have come on the ambition as a whole."""
    ambition = status.policy.ambition
    if ambition is None or status.distance_overall.is_empty():
        return None
    year = distance_year(status.policy, status.definition)
    said = lines(status, ambition, year, locale)
    blocks = (Paragraph(locale.say(ambition.title) + "."), said)
    return Section(locale._("How far have the areas come?"), blocks)


def _open(status: Edition, locale: Locale) -> Section | None:
    """What the reader must know before signing: verdicts that may turn, and drafts."""
    _ = locale._
    items = []
    for goal in status.policy.goals:
        lead = _("Goal {number}", number=goal.number) + ":"
        for target in goal.targets:
            row = deciding_row(status, goal, target)
            if row is not None and _in_doubt(row):
                said = target_sentence(status, goal, target, locale)
                items.append(Item(said or _("A figure is missing or hidden."), lead, "turns"))
        if is_draft(status, goal):
            items.append(Item(_("the comments are a draft nobody has accepted."), lead, "turns"))
    return Section(_("To know before signing"), (Bullets(tuple(items)),)) if items else None


def _in_doubt(row: dict[str, object]) -> bool:
    checks = ("rounding", "chance", "unlocated", "case_system", "other_reading", "other_comparison")
    return (
        row["verdict"] == "cannot_tell"
        or row["reconciled"] is False
        or any(row[check] == "turns" for check in checks)
    )


def _next_steps(status: Edition, locale: Locale) -> Section:
    _ = locale._
    steps = [Item(locale.say(text)) for text in status.statement.next_steps]
    if steps:
        return Section(_("Next steps"), (Bullets(tuple(steps)),))
    waiting = [goal.number for goal in status.policy.goals if not goal.indicators]
    missed = [
        goal.number for goal in status.policy.goals if goal_verdict(status, goal) == "not_met"
    ]
    said = []
    if missed:
        goals = locale.listed([str(number) for number in missed])
        said.append(_("Decide what to do about the goals that are not met: {goals}.", goals=goals))
    if waiting:
        goals = locale.listed([str(number) for number in waiting])
        said.append(_("Find data for the goals that have none yet: {goals}.", goals=goals))
    file = statement_file(Path(), status.definition.id).as_posix()
    note = _("Nobody has written the next steps (`next_steps` in {file}).", file=file)
    return Section(
        _("Next steps"), (Paragraph(note, "note"), *(Paragraph(text, "draft") for text in said))
    )


def _signatures(status: Edition, locale: Locale) -> Section:
    _ = locale._
    names = status.statement.signed_by or [status.policy.municipality.name]
    # Two lines high, so that a hand has room to sign.
    rows = tuple((Cell(name, small=("\u00a0",)), Cell(""), Cell("")) for name in names)
    headings = plain([_("Name"), _("Date"), _("Signature")])
    table = Table(_("Signed by"), headings, rows, widths=(3, 2, 4))
    return Section(_("Signatures"), (table,))
