"""The cover memo: to whom, what is asked, how every goal stands, what is open, and who signs."""

from __future__ import annotations

from kvarter.documents.comments import is_draft
from kvarter.documents.contents.about import about
from kvarter.documents.contents.ambition import ambition as contents_of
from kvarter.documents.contents.goals import goals, without_data
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
from kvarter.documents.in_brief import goals_table, stand_in_words
from kvarter.documents.verdicts import deciding_row, target_sentence
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.policy.designation import distance_year


def memo_sections(status: Edition) -> list[Section]:
    """The memo from date and case numbers to signatures."""
    parts = [
        Section(_("The case"), (_sent(status),)),
        _asked(status),
        Section(_("Summary of all goals"), tuple(_summary(status))),
        _distance(status),
        _open(status),
        _next_steps(status),
        _signatures(status),
    ]
    return [part for part in parts if part is not None]


def _sent(status: Edition) -> Table:
    """Date, recipient, sender, case numbers and what it is about; a blank cell is for a hand."""
    memo, found = status.statement.memo, about(status)
    numbers = "; ".join(f"{system} {number}" for system, number in found.documents)
    blank = "\u00a0"
    rows: list[tuple[str, str]] = [
        (_("Date"), locale.date(memo.date) if memo.date else blank),
        (_("To"), locale.say(memo.recipient) or blank),
        (_("From"), locale.say(memo.sender) or found.municipality),
        (_("Case numbers"), numbers or blank),
        (_("About"), f"{found.title}. {found.policy}"),
        (_("The areas"), found.areas),
        (_("Figures"), found.data_period),
    ]
    if found.published:
        rows.append((_("To be published"), locale.date(found.published)))
    headings = plain([_("Field"), _("Content")])
    return Table(
        _("The status"), headings, tuple(plain(list(row)) for row in rows), widths=(1, 3.4)
    )


def _asked(status: Edition) -> Section:
    """What the recipient is asked to decide; a draft where nobody has written it."""
    asks = [locale.say(ask) for ask in status.statement.memo.asks]
    lead = Paragraph(_("It is recommended that"))
    if asks:
        items = tuple(Item(text if text.endswith(".") else f"{text}.") for text in asks)
        return Section(_("Recommendation"), (lead, Bullets(items)))
    draft = _("{edition} is noted.", edition=locale.say(status.definition.title))
    return Section(_("Recommendation"), (lead, Paragraph(draft, "draft")))


def _summary(status: Edition) -> list[Block]:
    """How many goals stand how, a line for each with data, and one for all others."""
    found = goals(status)
    blocks: list[Block] = [Paragraph(stand_in_words(status, found))]
    with_data = [goal for goal in found if goal.has_data]
    if with_data:
        blocks.append(goals_table(with_data, links=False, pictures=False))
    if waiting := without_data(status):
        blocks.append(Paragraph(waiting))
    return blocks


def _distance(status: Edition) -> Section | None:
    """How far the areas have come on the ambition as a whole."""
    ambition = status.policy.ambition
    if ambition is None or status.distance_overall.is_empty():
        return None
    if (asked := contents_of(status)) and asked.verdict.answer == "baseline":
        return None
    year = distance_year(status.policy, status.definition)
    said = lines(status, ambition, year)
    blocks = (Paragraph(locale.say(ambition.title) + "."), said)
    return Section(_("How far have the areas come?"), blocks)


def _open(status: Edition) -> Section | None:
    """What the reader must know before signing: verdicts that may turn, and drafts."""
    items = []
    for goal in status.policy.goals:
        lead = _("Goal {number}", number=goal.number) + ":"
        for target in goal.targets:
            row = deciding_row(status, goal, target)
            if row is not None and _in_doubt(row):
                said = target_sentence(status, goal, target)
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


def _next_steps(status: Edition) -> Section:
    steps = [Item(locale.say(text)) for text in status.statement.next_steps]
    if steps:
        return Section(_("Next steps"), (Bullets(tuple(steps)),))
    found = goals(status)
    missed = [goal for goal in found if goal.verdict and goal.verdict.answer == "not_met"]
    said = []
    if missed:
        numbers = locale.listed([str(goal.number) for goal in missed])
        said.append(
            _("Decide what to do about the goals that are not met: {goals}.", goals=numbers)
        )
    if waiting := [str(goal.number) for goal in found if not goal.has_data]:
        numbers = locale.listed(waiting)
        said.append(_("Find data for the goals that have none yet: {goals}.", goals=numbers))
    note = _("Proposed from the figures: nobody has written the next steps yet.")
    return Section(
        _("Next steps"), (Paragraph(note, "note"), *(Paragraph(text, "draft") for text in said))
    )


def _signatures(status: Edition) -> Section:
    sender = locale.say(status.statement.memo.sender) or status.policy.municipality.name
    names = status.statement.signed_by or [sender]
    # Two lines high, so that a hand has room to sign.
    rows = tuple((Cell(name, small=("\u00a0",)), Cell(""), Cell("")) for name in names)
    headings = plain([_("Name"), _("Date"), _("Signature")])
    table = Table(_("Signed by"), headings, rows, widths=(3, 2, 4))
    return Section(_("Signatures"), (table,))
