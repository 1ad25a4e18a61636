"""An indicator: its figures by edition, over the years, against the city, and area by area."""

from __future__ import annotations

from kvarter.documents.charts import area_map, over_time, values_by_area
from kvarter.documents.comparisons import gaps_table, trend_lines
from kvarter.documents.contents.areas import ByArea, by_area, how_marked, place_word
from kvarter.documents.document import (
    Block,
    Bullets,
    Cell,
    Illustration,
    Item,
    Paragraph,
    Section,
    Table,
)
from kvarter.documents.dumbbell import areas_against_rest
from kvarter.documents.figures import cell, confidence, editions, figures_of, groups_of
from kvarter.documents.funnel_chart import funnel_caption, funnel_chart
from kvarter.documents.missing import located_section
from kvarter.documents.words import group_names
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.policy.model import AREAS, CITY, Goal, Indicator, data_year


def _columns(status: Edition, indicator: Indicator) -> tuple[list[int], list[Cell]]:
    """The years of the editions, and a heading for each that says both."""
    shown = editions(status)
    years = [data_year(indicator, edition) for edition in shown]
    headings = [
        Cell(locale.say(edition.title), small=(_("data of {year}", year=year),))
        for edition, year in zip(shown, years, strict=True)
    ]
    return years, headings


def figures_table(status: Edition, goal: Goal, indicator: Indicator) -> Table:
    """Indicator, baseline and status, with the counts; what is aimed at stands in the last row."""
    years, headings = _columns(status, indicator)
    figures, names = figures_of(status, indicator), group_names()
    rows = [
        (Cell(names[group]), *(cell(figures.get((y, group)), indicator) for y in years))
        for group in groups_of(indicator)
    ]
    targets = [locale.say(t.text) for t in goal.targets if t.indicator == indicator.id]
    caption = locale.say(indicator.title)
    if targets:
        caption = _("{indicator}. Target: {target}", indicator=caption, target="; ".join(targets))
    return Table(caption, (Cell(_("Group")), *headings), tuple(rows))


def indicator_blocks(status: Edition, goal: Goal, indicator: Indicator) -> list[Block]:
    """Its pictures, the direction of the years, the gap to the city, and who is missing."""
    blocks: list[Block] = []
    if picture := over_time(status, goal, indicator):
        caption = _(
            "{title}, percent by year. The band is the {confidence} interval.",
            title=locale.say(indicator.title),
            confidence=confidence(status),
        )
        blocks.append(Illustration(picture, caption, _by_year(status, indicator)))
    if lines := trend_lines(status, indicator):
        items: list[Block] = [Bullets(tuple(Item(line) for line in lines))]
        if indicator.kind == "share":
            note = _(
                "The yearly change of the share is in odds: those in the areas for each outside."
            )
            items.append(Paragraph(note, "note"))
        blocks.append(Section(_("Direction in the areas"), tuple(items)))
    if gaps := gaps_table(status, indicator):
        note = _(
            "Difference in differences, both ways: a gap can halve in points while the areas "
            "move away from the city relatively. Below each figure its {confidence} interval.",
            confidence=confidence(status),
        )
        against: list[Block] = []
        if picture := areas_against_rest(status, indicator):
            caption = _("The areas and the rest of the city, at the baseline and now, in percent.")
            against.append(Illustration(picture, caption))
        title = _("The areas against the city")
        blocks.append(Section(title, (*against, gaps, Paragraph(note, "note"))))
    blocks += located_section(status, indicator)
    return blocks


def _by_year(status: Edition, indicator: Indicator) -> Table:
    """The figures of the picture over the years."""
    figures, names = figures_of(status, indicator), group_names()
    years = sorted({period for period, group in figures if group in names})
    groups = groups_of(indicator)
    rows = [
        (Cell(str(y)), *(cell(figures.get((y, group)), indicator) for group in groups))
        for y in years
    ]
    title = _("{title}, year by year", title=locale.say(indicator.title))
    return Table(title, (Cell(_("Year")), *(Cell(names[g]) for g in groups)), tuple(rows))


def area_blocks(status: Edition, indicator: Indicator) -> list[Block]:
    """The map, the funnel plot and the figures of each area; nothing where not counted by area."""
    found = next((each for each in by_area(status) if each.of == indicator.id), None)
    if found is None:
        return []
    year = data_year(indicator, status.definition)
    blocks: list[Block] = []
    shown = values_by_area(status, indicator, year).values()
    apart = not status.policy.disclosure_of(indicator).coarser
    if apart and any(value is not None for value in shown):
        caption = _(
            "{title} in percent, {year}. The scale begins at zero and goes to twice the average of "
            "the areas or more.",
            title=locale.say(indicator.title),
            year=year,
        )
        if _some_hidden(status, indicator, year):
            hidden = _("White areas with a dashed outline are not shown: small numbers.")
            caption = f"{caption} {hidden}"
        blocks.append(Illustration(area_map(status, indicator, year), caption))
    if picture := funnel_chart(found):
        blocks.append(Illustration(picture, funnel_caption(found)))
    blocks.append(_area_table(status, indicator, found))
    if any(area.place for area in found.areas):
        blocks.append(Paragraph(how_marked(), "note"))
    note = _(
        "Areas may overlap: a household counts once in the areas together and once in each area it "
        "lies in, so the rows need not add up."
    )
    blocks.append(Paragraph(note, "note"))
    return [Section(_("Area by area, {year}", year=year), tuple(blocks))]


def _area_table(status: Edition, indicator: Indicator, found: ByArea) -> Table:
    """Each area with its interval in every edition, and where it lies against the average now."""
    years, headings = _columns(status, indicator)
    figures, names = figures_of(status, indicator), group_names()
    marked = any(area.place for area in found.areas)
    rows = []
    for area in found.areas:
        cells = [cell(figures.get((y, area.id)), indicator) for y in years]
        if marked:
            cells.append(Cell(f"{area.mark} {place_word(area.place)}".strip()))
        rows.append((Cell(area.name), *cells))
    for group in (AREAS, CITY) if indicator.kind == "rate" else (AREAS,):
        cells = [cell(figures.get((y, group)), indicator) for y in years]
        rows.append((Cell(names[group]), *cells, *([Cell("")] if marked else [])))
    beside = [Cell(_("Beside the average of the areas"))] if marked else []
    caption = _("{title}, area by area", title=locale.say(indicator.title))
    return Table(caption, (Cell(_("Area")), *headings, *beside), tuple(rows))


def _some_hidden(status: Edition, indicator: Indicator, year: int) -> bool:
    figures = figures_of(status, indicator)
    areas = status.geography.areas
    return any(not figures[year, area]["shown"] for area in areas if (year, area) in figures)
