"""What each document holds, from first to last: the report, an annex for each goal, the memo."""

from __future__ import annotations

from datetime import date

from kvarter import __version__
from kvarter.documents.areas import areas_section
from kvarter.documents.distance import distance_section
from kvarter.documents.document import (
    Block,
    Bullets,
    Cell,
    Document,
    Item,
    Section,
    Table,
    plain,
)
from kvarter.documents.goal import goal_section, goal_title
from kvarter.documents.memo import memo_sections
from kvarter.documents.rows import read_as, rows_section
from kvarter.documents.verdicts import goal_verdict, goal_word
from kvarter.documents.words import notes_by_place
from kvarter.editions.edition import Edition
from kvarter.i18n.locale import Locale
from kvarter.policy.model import Goal


def documents(status: Edition, locale: Locale) -> list[Document]:
    """The whole report, the cover memo, and an annex for each goal that has indicators."""
    goals = {goal.number: goal_section(status, goal, locale) for goal in _told(status)}
    found = [
        _document(status, "report", _report(status, goals, locale), locale),
        _document(status, "memo", memo_sections(status, locale), locale),
    ]
    for number, section in goals.items():
        found.append(_document(status, f"annex/goal-{number:02}", [section], locale))
    return found


def _told(status: Edition) -> list[Goal]:
    return [goal for goal in status.policy.goals if goal.indicators]


def _document(status: Edition, name: str, sections: list[Section], locale: Locale) -> Document:
    _ = locale._
    policy, edition = status.policy, status.definition
    titles = {"report": locale.say(edition.title), "memo": _("Cover memo")}
    numbers = {**policy.documents, **edition.documents}
    facts = [_("Figures of {year}", year=edition.data_year)]
    facts += [f"{document} {number}" for document, number in numbers.items()]
    kept = _("How this status was made is on record with the administration.")
    return Document(
        name=name,
        title=titles.get(name) or _("Annex: {edition}", edition=locale.say(edition.title)),
        subtitle=locale.say(policy.title)
        if name == "report"
        else f"{locale.say(edition.title)}. {locale.say(policy.title)}",
        publisher=policy.municipality.name,
        language=locale.language,
        date=date(edition.data_year, 12, 31),
        facts=tuple(facts),
        sections=tuple(sections),
        footer=f"Kvarter {__version__} · {kept}",
        keywords=(locale.say(policy.title), str(edition.data_year)),
    )


def _report(status: Edition, goals: dict[int, Section], locale: Locale) -> list[Section]:
    parts = [
        _overview(status, locale),
        distance_section(status, locale),
        *goals.values(),
        areas_section(status, locale),
        rows_section(status, locale),
        _notes(status, locale),
        _method(status, locale),
    ]
    return [part for part in parts if part is not None]


def _overview(status: Edition, locale: Locale) -> Section:
    """Every goal and how it stands, with the way to its annex."""
    _ = locale._
    lines = []
    for goal in _told(status):
        verdict = goal_verdict(status, goal)
        word = goal_word(status, goal, locale) or _no_verdict(status, goal, locale)
        title = Cell(locale.say(goal.title), goes_to=f"goal-{goal.number}")
        lines.append((Cell(str(goal.number)), title, Cell(word, verdict=verdict)))
    headings = plain([_("Goal"), _("Title"), _("Status")])
    blocks: list[Block] = []
    if lines:
        caption = _("The goals and their status")
        blocks.append(Table(caption, headings, tuple(lines), widths=(1, 8, 4)))
    waiting = [goal for goal in status.policy.goals if not goal.indicators]
    if waiting:
        items = tuple(
            Item(
                locale.say(goal.no_data),
                lead=f"{goal_title(goal, locale)}.",
            )
            for goal in waiting
        )
        title_waiting = _("{count} {count:goal has|goals have} no data yet", count=len(waiting))
        blocks.append(Section(title_waiting, (Bullets(items),), kind="fold"))
    return Section(_("The goals at a glance"), tuple(blocks), id="overview")


def _no_verdict(status: Edition, goal: Goal, locale: Locale) -> str:
    if not goal.targets:
        return locale._("No verdict: the goal has no target")
    return locale._("No verdict: this is the baseline")


def _notes(status: Edition, locale: Locale) -> Section | None:
    """How each extract was read, and what was seen in the data: a line for each source or file."""
    found = {
        source: [read_as(encoding, layout, header_line, locale)]
        for source, encoding, layout, header_line in status.sources.iter_rows()
    }
    for place, told in notes_by_place(status, locale).items():
        found.setdefault(place, []).extend(told)
    items = []
    for place, told in found.items():
        if not place:
            items += [Item(text) for text in told]
        elif len(told) == 1:
            items.append(Item(told[0], lead=f"{place}:"))
        else:
            items.append(Item("", lead=f"{place}:", more=tuple(told)))
    if not items:
        return None
    return Section(locale._("Notes on the data"), (Bullets(tuple(items)),), id="notes")


def _method(status: Edition, locale: Locale) -> Section:
    _ = locale._
    said = [
        _(
            "Intervals are {confidence}: Wilson's for shares, Byar's (exact below {few}) for "
            "rates.",
            confidence=locale.percent(100 * status.policy.confidence),
            few=10,
        ),
        _(
            "Counts of people from {least} to {most} are not shown, and neither is what would give "
            "them away.",
            least=1,
            most=status.policy.disclosure.threshold - 1,
        ),
        _("An edition has a name of its own; the year of its data stands beside every figure."),
    ]
    items = tuple(Item(text) for text in said)
    return Section(_("How to read the figures"), (Bullets(items),), id="method")
