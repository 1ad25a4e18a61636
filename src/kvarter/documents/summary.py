"""The public summary: two pages for politicians and press, in plain words.

Technical tests stand in its appendix alone. The more goals have data, the less is said of each, so
that it stays on two pages.
"""

from __future__ import annotations

from dataclasses import replace

from kvarter.documents.charts import area_map
from kvarter.documents.contents.about import about
from kvarter.documents.contents.ambition import AmbitionContents, ambition
from kvarter.documents.contents.areas import ByArea, by_area
from kvarter.documents.contents.cells import Figure, Row, Words, joined, listed, phrase, rows_of
from kvarter.documents.contents.goals import GoalContents, goals, without_data
from kvarter.documents.contents.sure import SIGNS
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
from kvarter.documents.in_brief import (
    ambition_blocks,
    goals_table,
    has_trends,
    stand_in_words,
    to_know,
)
from kvarter.documents.small_pictures import trend_note
from kvarter.documents.words import group_names
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.judgement.checks import CHECKS

_MANY = 6
"""Targets, above which only a line is said of each and the appendix is that of the report."""


def summary_sections(status: Edition) -> list[Section]:
    """The two pages, from what matters most to whom to ask."""
    found = goals(status)
    many = sum(len(goal.targets) for goal in found) > _MANY
    parts: list[Section] = []
    if (asked := ambition(status)) is not None:
        blocks = ambition_blocks(asked)
        if not many and asked.covered is not None:
            blocks.append(_criteria(asked))
        parts.append(Section(_("How far have the areas come?"), tuple(blocks), id="ambition"))
    parts.append(_goals(status, found, many=many))
    if (areas := _areas(status, many=many)) is not None:
        parts.append(areas)
    if known := to_know(status):
        items = tuple(Item(text) for text in (known[:_MANY] if many else known))
        parts.append(Section(_("To know of the figures"), (Bullets(items),)))
    if steps := status.statement.next_steps:
        items = tuple(Item(locale.say(step)) for step in steps)
        parts.append(Section(_("Next steps"), (Bullets(items),)))
    parts.append(_about(status))
    if not many and (tests := _tests(status, found)) is not None:
        parts.append(tests)
    return parts


def _criteria(asked: AmbitionContents) -> Table:
    """How far on each criterion, in one line each."""
    reference = group_names()[asked.reference]
    rows = []
    for each in asked.criteria:
        now = _with_unit(each.now, each.unit) or _("no data")
        then = _with_unit(each.then, each.unit)
        beside = _with_unit(each.reference_now, each.unit)
        covered = joined([each.covered]) if each.covered else each.why_not
        rows.append(
            (Cell(each.title), Cell(then), Cell(now), Cell(beside), Cell(covered, strong=True))
        )
    years = next((each.years for each in asked.criteria if each.years), None)
    first, last = (str(year) for year in years) if years else ("", "")
    headings = [
        _("Criterion"),
        _("The areas {year}", year=first).strip(),
        _("The areas {year}", year=last).strip(),
        f"{reference} {last}".strip(),
        _("Part of the way"),
    ]
    caption = phrase("What the areas were designated by. {said}", said=asked.criteria_said)
    return Table(caption, plain(headings), tuple(rows), widths=(4, 2, 2, 2.6, 2), cards=True)


def _with_unit(figure: Figure | None, unit: str) -> Words:
    """A figure with its unit, which is part of it; blank where there is none."""
    if figure is None:
        return Words()
    return joined([replace(figure, text=f"{figure.text}\u00a0{unit}")])


def _goals(status: Edition, found: tuple[GoalContents, ...], *, many: bool) -> Section:
    blocks: list[Block] = [Paragraph(stand_in_words(status, found))]
    with_data = [goal for goal in found if goal.has_data]
    if with_data:
        blocks.append(goals_table(with_data, links=False, pictures=not many, close=many))
        if not many:
            if has_trends(with_data):
                blocks.append(Paragraph(trend_note(), "note"))
            items = [
                Item(target.beside_city, lead=f"{goal.title}:")
                for goal in with_data
                for target in goal.targets
                if target.beside_city
            ]
            if items:
                blocks.append(Bullets(tuple(items)))
        if any(target.verdict.sure for goal in with_data for target in goal.targets):
            blocks.append(Paragraph(_how_to_read(), "note"))
    if waiting := without_data(status):
        blocks.append(Paragraph(waiting))
    return Section(_("Are the goals met?"), tuple(blocks), id="goals")


def _how_to_read() -> str:
    """How a sure verdict and an unsure one differ."""
    return _(
        "Filled and with {firm}: nothing that was tried can turn the answer. Dashed and with "
        "{open}: the answer can be another than it seems, for the reason below it.",
        firm=SIGNS["met-firm"],
        open="?",
    )


def _areas(status: Edition, *, many: bool) -> Section | None:
    """The areas on a map, and where one differs from their average beyond chance."""
    if not status.geography.areas:
        return None
    shown = [each for each in by_area(status) if each.best_known and each.goal is not None]
    if many:
        shown = [each for each in shown if each.beyond("above", "below")][:_MANY]
    items = tuple(Item(_differs(each), lead=f"{each.title}:") for each in shown)
    blocks: list[Block] = []
    if not many:
        caption = (
            _("The areas on the city's districts.")
            if status.geography.districts
            else _("The areas.")
        )
        blocks.append(Illustration(area_map(status, None, 0), caption, part=0.75))
    if items:
        lead = _("Which areas differ from the average of the areas by more than chance gives:")
        blocks += [Paragraph(lead), Bullets(items)]
    return Section(_("The areas"), tuple(blocks), id="areas") if blocks else None


def _differs(each: ByArea) -> Words:
    above = [area.name for area in each.beyond("above")]
    below = [area.name for area in each.beyond("below")]
    average = joined([each.average]) if each.average else Words()
    if not above and not below:
        if not any(area.place for area in each.areas):
            return Words(_("it cannot be told."))
        return phrase("none (average {average}).", average=average)
    said = []
    if above:
        said.append(phrase("above {areas}", areas=listed(above)))
    if below:
        said.append(phrase("below {areas}", areas=listed(below)))
    return phrase("{said} (average {average}).", said=joined(said, "; "), average=average)


def _about(status: Edition) -> Section:
    """Of which years the figures are, when it is published, whom to ask, where more stands."""
    found = about(status)
    items = [Item(found.data_period, lead=_("Figures") + ":")]
    if found.published:
        items.append(Item(locale.date(found.published) + ".", lead=_("Published") + ":"))
    if found.contact:
        items.append(Item(found.contact, lead=_("Contact") + ":"))
    page = status.policy.publication.page if status.policy.publication else ""
    more = _("The report and its annexes have every figure, its uncertainty and its method.")
    items.append(Item(f"{more} {page}".strip(), lead=_("More") + ":"))
    return Section(_("About this status"), (Bullets(tuple(items)),), id="about")


def _tests(status: Edition, found: tuple[GoalContents, ...]) -> Section | None:
    """The appendix: what each verdict was tried for."""
    words = {"holds": "✓", "turns": "!", "na": "–"}
    rows = []
    numbers = {goal.number for goal in found if goal.has_data}
    for row in rows_of(status, "verdicts", decides=True):
        if row["goal"] not in numbers or row["verdict"] == "cannot_tell":
            continue
        cells = (Cell(words[row[check] or "na"]) for check in CHECKS)
        rows.append((Cell(_title(found, row)), *cells))
    if not rows:
        return None
    headings = [
        _("Goal"),
        _("Rounding"),
        _("Chance"),
        _("Cases not located"),
        _("Case system"),
        _("Other readings"),
        _("Other comparison group"),
        _("Further than the city"),
    ]
    caption = _(
        "{holds} the answer holds; {turns} it can turn, or the areas did not move further; {na} "
        "not asked. Intervals are {confidence}.",
        holds=words["holds"],
        turns=words["turns"],
        na=words["na"],
        confidence=locale.percent(100 * status.policy.confidence),
    )
    table = Table(
        caption, plain(headings), tuple(rows), widths=(4.4, 1.7, 1.8, 2, 1.9, 1.9, 2.4, 2)
    )
    return Section(_("Appendix: what each verdict was tried for"), (table,), kind="small")


def _title(found: tuple[GoalContents, ...], row: Row) -> str:
    goal = next(each for each in found if each.number == row["goal"])
    return f"{goal.number}.\u00a0{goal.title}"
