"""What each document holds, from first to last: report, public summary, cover memo, annexes."""

from __future__ import annotations

from datetime import date

from kvarter import __version__
from kvarter.documents.areas import areas_section
from kvarter.documents.contents.about import about
from kvarter.documents.contents.quality import how_to_read
from kvarter.documents.distance import distance_section
from kvarter.documents.document import Bullets, Document, Item, Section
from kvarter.documents.goal import goal_section
from kvarter.documents.in_brief import facts_of, in_brief
from kvarter.documents.memo import memo_sections
from kvarter.documents.rows import read_as, rows_section
from kvarter.documents.summary import summary_sections
from kvarter.documents.words import notes_by_place
from kvarter.editions.edition import Edition
from kvarter.i18n import Locale, _, in_language, locale
from kvarter.policy.model import Goal, Language


def documents(status: Edition, language: Language) -> list[Document]:
    """The report, the public summary, the cover memo, and an annex for each goal with contents."""
    with in_language(Locale(language).of(status.policy)):
        return _documents(status)


def _documents(status: Edition) -> list[Document]:
    goals = {goal.number: goal_section(status, goal) for goal in _with_content(status)}
    found = [
        _document(status, "report", _report(status, goals)),
        _document(status, "summary", summary_sections(status)),
        _document(status, "memo", memo_sections(status)),
    ]
    for number, section in goals.items():
        found.append(_document(status, f"annex/goal-{number:02}", [section]))
    return found


def _with_content(status: Edition) -> list[Goal]:
    """The goals with data, and those that people wrote of or entered figures of."""
    written = {*status.statement.comments, *status.statement.entered}
    return [goal for goal in status.policy.goals if goal.indicators or goal.number in written]


def _document(status: Edition, name: str, sections: list[Section]) -> Document:
    policy, edition = status.policy, status.definition
    own = locale.say(edition.title)
    titles = {
        "report": own,
        "summary": _("{edition}: summary", edition=own),
        "memo": _("Cover memo"),
    }
    kept = _("How this status was made is on record with the administration.")
    whole = name in ("report", "summary")
    written = status.statement.memo.date if name == "memo" else status.statement.published
    return Document(
        name=name,
        title=titles.get(name) or _("Annex: {edition}", edition=own),
        subtitle=locale.say(policy.title) if whole else f"{own}. {locale.say(policy.title)}",
        publisher=policy.municipality.name,
        language=locale.current().language,
        date=written or date(edition.data_year, 12, 31),
        facts=facts_of(about(status)),
        sections=tuple(sections),
        footer=f"Kvarter {__version__} · {kept}",
        keywords=(locale.say(policy.title), str(edition.data_year)),
        dense=name == "summary",
    )


def _report(status: Edition, goals: dict[int, Section]) -> list[Section]:
    parts = [
        in_brief(status),
        distance_section(status),
        *goals.values(),
        areas_section(status),
        rows_section(status),
        _notes(status),
        _method(status),
    ]
    return [part for part in parts if part is not None]


def _notes(status: Edition) -> Section | None:
    """How each extract was read, and what was seen in the data: a line for each source or file."""
    found = {
        source: [read_as(encoding, layout, header_line)]
        for source, encoding, layout, header_line in status.sources.iter_rows()
    }
    for place, texts in notes_by_place(status).items():
        found.setdefault(place, []).extend(texts)
    items = []
    for place, texts in found.items():
        if not place:
            items += [Item(text) for text in texts]
        elif len(texts) == 1:
            items.append(Item(texts[0], lead=f"{place}:"))
        else:
            items.append(Item("", lead=f"{place}:", more=tuple(texts)))
    if not items:
        return None
    return Section(_("Notes on the data"), (Bullets(tuple(items)),), id="notes")


def _method(status: Edition) -> Section:
    items = tuple(Item(text) for text in how_to_read(status))
    return Section(_("How to read the figures"), (Bullets(items),), id="method")
