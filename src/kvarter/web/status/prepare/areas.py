"""The pages of the areas: which they are, and the figures of each beside the average."""

from __future__ import annotations

from collections.abc import Iterator

from kvarter.documents.charts import area_map, numbered_names
from kvarter.documents.figures import figures_of
from kvarter.editions import Edition
from kvarter.i18n.locale import Locale
from kvarter.policy.model import AREAS, CITY, Area, AreaSet, Indicator, data_year
from kvarter.web.status.prepare.content import (
    Block,
    Cell,
    Links,
    Page,
    Paragraph,
    Said,
    Section,
    Table,
)
from kvarter.web.status.prepare.figures import Row, header, result_cell
from kvarter.web.status.prepare.pictures import Pictures


def areas_page(edition: Edition, pictures: Pictures, locale: Locale) -> Page:
    """All areas, on the map and as a list."""
    _ = locale._
    area_set = edition.policy.area_set(edition.definition.area_set)
    said = locale.say(area_set.title)
    if area_set.decided:
        said += ", " + _("decided {date}", date=locale.date(area_set.decided))
    blocks: list[Block] = []
    if edition.geography.areas:
        drawing = area_map(edition, None, 0, locale)
        caption = _("The numbers are those of the list.")
        blocks.append(pictures.add("omraader", drawing, caption))
    names = numbered_names(edition)
    links = tuple(
        (f"omraade/{area.id}", names.get(area.id, area.name), "") for area in area_set.areas
    )
    blocks.append(Links(links))
    blocks += _notices(edition, area_set, locale)
    return Page("omraade", _("The areas"), (Said(f"{said}."),), (Section("", tuple(blocks)),))


def area_page(edition: Edition, area: Area, locale: Locale) -> Page:
    """One area: each figure now and at the baseline, beside all areas and the city."""
    sections = [_figures(edition, area, locale), *_criteria_links(edition, locale)]
    lead = locale._("One of: {areas}", areas=locale.say(_area_set(edition).title))
    return Page(
        name=f"omraade/{area.id}",
        title=area.name,
        lead=(Said(lead),),
        sections=tuple(each for each in sections if each.blocks),
        parent="omraade",
        about=area.name,
    )


def _area_set(edition: Edition) -> AreaSet:
    return edition.policy.area_set(edition.definition.area_set)


def _figures(edition: Edition, area: Area, locale: Locale) -> Section:
    _ = locale._
    rows = list(_lines(edition, area, locale))
    if not rows:
        text = _("No indicator of this edition is counted area by area.")
        return Section(_("Figures"), (Paragraph((Said(text),)),))
    headings = [
        *(_("Figure"), _("Year"), area.name),
        *(_("The areas"), _("Whole city"), _("Against all areas")),
    ]
    table = Table(_("{area} in figures", area=area.name), tuple(map(Said, headings)), tuple(rows))
    note = _(
        "An area differs beyond chance where the average of all areas lies outside its interval."
    )
    return Section(_("Figures"), (table, Paragraph((Said(note),), "note")))


def _lines(edition: Edition, area: Area, locale: Locale) -> Iterator[tuple[Cell, ...]]:
    for goal, indicator in edition.policy.indicators():
        if not indicator.by_area:
            continue
        figures = figures_of(edition, indicator)
        for year in _years(edition, indicator):
            own = figures.get((year, area.id))
            yield (
                header(locale.say(indicator.title), page=f"maal/{goal.number}"),
                Cell(Said(str(year))),
                *(
                    result_cell(figures.get((year, group)), indicator, locale)
                    for group in (area.id, AREAS, CITY)
                ),
                Cell(Said(_against(own, figures.get((year, AREAS)), locale))),
            )


def _years(edition: Edition, indicator: Indicator) -> list[int]:
    baseline, year = edition.policy.baseline(), data_year(indicator, edition.definition)
    return sorted({year, data_year(indicator, baseline) if baseline else year})


def _against(own: Row | None, average: Row | None, locale: Locale) -> str:
    """Whether an area differs from the average of all areas beyond chance."""
    _ = locale._
    if own is None or average is None or None in (own["low"], own["high"], average["value"]):
        return _("cannot be told")
    if own["low"] > average["value"]:
        return _("above, beyond chance")
    if own["high"] < average["value"]:
        return _("below, beyond chance")
    return _("within chance")


def _criteria_links(edition: Edition, locale: Locale) -> list[Section]:
    if edition.distance.is_empty():
        return []
    links = tuple(
        (f"kriterie/{criterion.id}", locale.say(criterion.title), "")
        for criterion in edition.policy.criteria
    )
    return [Section(locale._("The criteria it was designated by"), (Links(links),))]


def _notices(edition: Edition, area_set: AreaSet, locale: Locale) -> list[Block]:
    """What other designations of the areas have that this one lacks, and the other way round."""
    _ = locale._
    found: list[Block] = []
    names = {area.id: area.name for each in edition.policy.area_sets for area in each.areas}
    mine = {area.id for area in area_set.areas}
    for other in edition.policy.area_sets:
        theirs = {area.id for area in other.areas}
        if other.id == area_set.id or mine == theirs:
            continue
        title = locale.say(other.title)
        parts = [_("The areas are not those of: {other}.", other=title)]
        if theirs - mine:
            only = locale.listed([names[area] for area in sorted(theirs - mine)])
            parts.append(_("Only there: {areas}.", areas=only))
        if mine - theirs:
            only = locale.listed([names[area] for area in sorted(mine - theirs)])
            parts.append(_("Only here: {areas}.", areas=only))
        found.append(Paragraph((Said(" ".join(parts)),), "warning"))
    return found
