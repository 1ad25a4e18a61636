"""The first page: the ambition, each goal with its verdict and how sure it is, what to know."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kvarter.documents.contents.about import About
from kvarter.documents.contents.ambition import AmbitionContents, ambition
from kvarter.documents.contents.cells import CellRef, Figure, Words, joined, listed, phrase
from kvarter.documents.contents.goals import (
    GoalContents,
    Measured,
    TargetContents,
    goals,
    without_data,
)
from kvarter.documents.contents.quality import quality
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
from kvarter.documents.small_pictures import trend_note, trend_picture, way_picture
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale

_Message = Callable[[Figure], Words]


def in_brief(status: Edition) -> Section:
    """The first page of the report, which answers in two minutes."""
    found = goals(status)
    blocks: list[Block] = []
    if (asked := ambition(status)) is not None:
        blocks.append(Section(_("The ambition"), tuple(ambition_blocks(asked))))
    blocks.append(Section(_("The goals at a glance"), tuple(goal_blocks(status, found))))
    if known := to_know(status):
        items = tuple(Item(text, mark="note") for text in known)
        blocks.append(Section(_("To know of the figures"), (Bullets(items),)))
    return Section(_("In brief"), tuple(blocks), id="overview")


def ambition_blocks(asked: AmbitionContents) -> list[Block]:
    """How far, at what pace, and reached when."""
    blocks: list[Block] = [
        Paragraph(joined([asked.title, "."], "")),
        Paragraph(asked.verdict.word, "verdict", asked.verdict.look),
    ]
    if asked.covered is None:
        return [*blocks, Paragraph(asked.said)]
    if picture := way_picture(asked):
        blocks.append(Illustration(picture, _way_caption(asked), part=0.66))
    blocks.append(Paragraph(joined([asked.said, asked.pace_said, pace_sentence(asked)])))
    return blocks


def _way_caption(asked: AmbitionContents) -> Words:
    what = Words(_("The way from the baseline to the ambition, by the mean of the criteria."))
    if not asked.between:
        return what
    chance = phrase("Chance alone could give {between}.", between=asked.between)
    return joined([what, chance])


def pace_sentence(asked: AmbitionContents) -> Words:
    """The pace so far and the pace that it takes; blank where either is not known."""
    if asked.pace is None or asked.pace_needed is None:
        return Words()
    return phrase(
        "On average {pace} of the lag has been closed a year; it takes {needed}.",
        pace=asked.pace,
        needed=asked.pace_needed,
    )


def goal_blocks(
    status: Edition, found: tuple[GoalContents, ...], *, links: bool = True
) -> list[Block]:
    """How many goals stand how, a table of those with data, and the others in one line."""
    blocks: list[Block] = [Paragraph(stand_in_words(status, found))]
    with_data = [goal for goal in found if goal.has_data]
    if with_data:
        blocks.append(goals_table(with_data, links=links))
        if has_trends(with_data):
            blocks.append(Paragraph(trend_note(), "note"))
    if waiting := without_data(status):
        blocks.append(Paragraph(waiting))
    return blocks


def has_trends(found: Iterable[GoalContents]) -> bool:
    """Whether any goal has years enough for a picture of its trend."""
    return any(len(target.series) > 1 for goal in found for target in goal.targets)


def goals_table(
    found: Iterable[GoalContents],
    *,
    links: bool = True,
    pictures: bool = True,
    close: bool = False,
) -> Table:
    """A row for each target: then and now, the change and what was asked, verdict and trend.

    `close`: in as few lines as it goes, without the words of the target and the counts.
    """
    rows = []
    for goal in found:
        for number, target in enumerate(goal.targets):
            title = Cell(
                f"{goal.number}.\u00a0{goal.title}" if number == 0 else "",
                small=() if close and number == 0 else (target.text or target.indicator,),
                strong=True,
                goes_to=f"goal-{goal.number}" if links else "",
            )
            row = [
                title,
                _measured(target.then, close=close),
                _measured(target.now, close=close),
                _change(target),
                Cell(
                    target.verdict.word,
                    small=tuple(filter(None, [target.verdict.briefly()])),
                    verdict=target.verdict.look,
                ),
            ]
            if pictures:
                row.append(Cell("", picture=trend_picture(target)))
            rows.append(tuple(row))
    headings = [_("Goal"), _("Baseline"), _("Now"), _("Change"), _("Verdict")]
    widths: tuple[float, ...] = (3.7, 2, 2, 1.8, 5)
    if pictures:
        headings.append(_("Trend"))
        widths = (*widths, 2.1)
    # At the baseline there is neither change nor trend.
    kept = [
        place
        for place in range(len(headings))
        if place == 0 or any(_says(row[place]) for row in rows)
    ]
    return Table(
        _("The goals and their status"),
        plain([headings[place] for place in kept]),
        tuple(tuple(row[place] for place in kept) for row in rows),
        widths=tuple(widths[place] for place in kept),
        cards=True,
    )


def _says(cell: Cell) -> bool:
    return bool(cell.text or cell.small or cell.picture)


def _measured(found: Measured | None, *, close: bool = False) -> Cell:
    if found is None:
        return Cell("")
    year: str | Figure = found.year if found.year.cells else found.year.text
    behind = (joined(["(", found.behind, ")"], ""),) if found.behind and not close else ()
    text = joined([found.figure]) if found.figure else found.word
    return Cell(text, (*behind, joined([year])), strong=True)


def _change(target: TargetContents) -> Cell:
    asked: tuple[str, ...] = ()
    if target.asked is not None:
        asked = (phrase("asked: {asked}", asked=target.asked),)
    if target.change is None:
        return Cell("–" if target.asked else "", asked)
    return Cell(joined([target.change]), asked, strong=True)


def stand_in_words(status: Edition, found: tuple[GoalContents, ...]) -> Words:
    """How many goals stand how: `Of 18 goals, 1 is met, ... and 16 have no data yet`."""
    cells = {goal.number: _cell_of(status, goal) for goal in found}
    looks: dict[str, list[CellRef]] = {}
    for goal in found:
        look = goal.verdict.look if goal.verdict else "no_data"
        looks.setdefault(_SAME.get(look, look), []).append(cells[goal.number])
    parts = []
    for look, message in _stands().items():
        if of_look := looks.get(look):
            count = Figure(locale.number(len(of_look)), len(of_look), tuple(of_look), "count")
            parts.append(message(count))
    every = tuple(cells.values())
    return phrase(
        "Of {count} {count:goal|goals}, {parts}.",
        count=Figure(locale.number(len(every)), len(every), every, "count"),
        parts=listed(parts),
    )


_SAME = {"met-untried": "met-open", "not_met-untried": "not_met-open"}


def _cell_of(status: Edition, goal: GoalContents) -> CellRef:
    """What says how a goal stands: its verdict, or that it is there at all."""
    if goal.verdict and goal.verdict.cells:
        return goal.verdict.cells[0]
    place = [each.number for each in status.policy.goals].index(goal.number)
    return CellRef("policy", (), f"goals.{place}.number")


def _stands() -> dict[str, _Message]:
    return {
        "met-firm": lambda count: phrase("{count} {count:is|are} met", count=count),
        "met-open": lambda count: phrase("{count} {count:seems|seem} to be met", count=count),
        "not_met-firm": lambda count: phrase("{count} {count:is|are} not met", count=count),
        "not_met-open": lambda count: phrase(
            "{count} {count:does|do} not seem to be met", count=count
        ),
        "cannot_tell": lambda count: phrase("{count} cannot be told", count=count),
        "hidden": lambda count: phrase(
            "{count} {count:is|are} not shown (small numbers)", count=count
        ),
        "baseline": lambda count: phrase("{count} {count:has|have} a baseline", count=count),
        "no_target": lambda count: phrase("{count} {count:has|have} no target", count=count),
        "no_data": lambda count: phrase("{count} {count:has|have} no data yet", count=count),
    }


def to_know(status: Edition) -> list[Words]:
    """What a reader must know of the data, each once."""
    found = quality(status)
    # What is not shown of a small number is no news on a first page.
    said = [
        joined([each.title, each.said], ": ")
        for each in found.without_place
        if each.total is not None
    ]
    said += [*(each.said for each in found.system_changes), *(each.said for each in found.totals)]
    return list(dict.fromkeys(said))


def facts_of(found: About) -> tuple[str, ...]:
    """The lines below a title: of which years, when published, and the numbers of documents."""
    facts: list[str] = [phrase("Figures of {year}", year=found.data_year)]
    if found.published:
        facts.append(_("Published {date}", date=locale.date(found.published)))
    return (*facts, *(f"{document} {number}" for document, number in found.documents))
