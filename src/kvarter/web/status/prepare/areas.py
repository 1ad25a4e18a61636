"""The pages of the areas: which they are, and the figures of each beside the average."""

from __future__ import annotations

from kvarter.documents.charts import area_map
from kvarter.documents.contents import AreaContents, ByArea, by_area
from kvarter.documents.contents.areas import AreaFigure, how_marked, place_word
from kvarter.editions import Edition
from kvarter.i18n import _, locale
from kvarter.web.status.prepare.content import (
    Block,
    Cell,
    Links,
    Page,
    Paragraph,
    Section,
    Table,
)
from kvarter.web.status.prepare.goal import area_cell, compared_areas
from kvarter.web.status.prepare.pictures import Pictures
from kvarter.web.status.prepare.pieces import given, header, headings, text, texts


def areas_page(edition: Edition, pictures: Pictures) -> Page:
    """All areas, on the map and as a list."""
    area_set = edition.policy.area_set(edition.definition.area_set)
    said = locale.say(area_set.title)
    if area_set.decided:
        said += ", " + _("decided {date}", date=locale.date(area_set.decided))
    blocks: list[Block] = []
    if edition.geography.areas:
        drawing = area_map(edition, None, 0)
        blocks.append(pictures.add("omraader", drawing, ""))
    blocks.append(Links(tuple((f"omraade/{area.id}", area.name) for area in area_set.areas)))
    notices = _notices(edition)
    return Page("omraade", _("The areas"), given(f"{said}."), (Section("", (*notices, *blocks)),))


def area_page(edition: Edition, area: AreaContents) -> Page:
    """One area: each figure now and at the baseline, beside the average of all areas."""
    area_set = edition.policy.area_set(edition.definition.area_set)
    lead = given(_("One of: {areas}", areas=locale.say(area_set.title)))
    sections = []
    if area.indicators:
        note = Paragraph(given(how_marked()), "note")
        sections.append(Section(_("Figures"), (_indicators(area), note)))
    if area.criteria:
        title = _("The criteria it was designated by")
        sections.append(Section(title, (_criteria(area),)))
    if not sections:
        none = Paragraph(text(_("No figure of this edition is told area by area.")))
        sections.append(Section(_("Figures"), (none,)))
    return Page(
        f"omraade/{area.id}", area.name, lead, tuple(sections), parent="omraade", about=area.name
    )


def _indicators(area: AreaContents) -> Table:
    rows = tuple(
        (
            header(each.title, page=f"maal/{each.goal}"),
            _with_year(each.before.get(area.id), each),
            Cell(area_cell(own).text, texts(own.counts, each.year), number=True),
            Cell(text(each.average), number=True),
            Cell(text(each.city), number=True),
            Cell(text(_mark(own))),
        )
        for each, own in area.indicators
    )
    heads = (_("What is measured"), _("Then"), _("Now"), _("The areas"), _("Whole city"))
    caption = _("{area} in figures", area=area.name)
    return Table(caption, headings(*heads, _("Beside the average")), rows)


def _with_year(before: AreaFigure | None, each: ByArea) -> Cell:
    if before is None or each.before_year is None:
        return Cell(text("–"))
    return Cell(area_cell(before).text, texts(before.counts, each.before_year), number=True)


def _mark(own: AreaFigure) -> str:
    return f"{own.mark} {place_word(own.place)}".strip()


def _criteria(area: AreaContents) -> Table:
    rows = tuple(
        (
            header(each.title, page=f"kriterie/{each.criterion}"),
            area_cell(each.level),
            Cell(text(each.covered or each.word), text(each.between), number=True),
            Cell(text(_mark(each.level))),
        )
        for each in area.criteria
    )
    heads = (_("Criterion"), _("Level"), _("Distance covered"), _("Beside the average"))
    return Table(_("{area} on the criteria", area=area.name), headings(*heads), rows)


def _notices(edition: Edition) -> list[Block]:
    """What other designations of the areas have that this one lacks, and the other way round."""
    area_set = edition.policy.area_set(edition.definition.area_set)
    found: list[Block] = []
    names = {area.id: area.name for each in edition.policy.area_sets for area in each.areas}
    mine = {area.id for area in area_set.areas}
    for other in edition.policy.area_sets:
        theirs = {area.id for area in other.areas}
        if mine == theirs:
            continue
        parts = [_("The areas are not those of: {other}.", other=locale.say(other.title))]
        if theirs - mine:
            only = locale.listed([names[area] for area in sorted(theirs - mine)])
            parts.append(_("Only there: {areas}.", areas=only))
        if mine - theirs:
            only = locale.listed([names[area] for area in sorted(mine - theirs)])
            parts.append(_("Only here: {areas}.", areas=only))
        found.append(Paragraph(given(" ".join(parts)), "warning"))
    return found


def criterion_areas(edition: Edition, criterion: str, pictures: Pictures) -> list[Block]:
    """A criterion area by area, marked as the figures of a goal are."""
    return [
        block
        for each in by_area(edition)
        if each.goal is None and each.of == criterion
        for block in compared_areas(edition, each, pictures)
    ]
