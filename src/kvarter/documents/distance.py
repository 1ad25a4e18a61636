"""The section on the ambition: how far the areas have come, by criterion and by choice."""

from __future__ import annotations

from typing import Any

import polars as pl

from kvarter.documents.contents.areas import (
    AreaCriterion,
    ByArea,
    by_area,
    fixed_areas,
    how_marked,
)
from kvarter.documents.distance_chart import distance_chart
from kvarter.documents.distance_table import amount, criteria_table
from kvarter.documents.distance_words import (
    areas_name,
    lines,
    overall_row,
    populations,
    reference_name,
)
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
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.policy.designation import distance_year
from kvarter.policy.model import AREAS, Ambition, AmbitionReading

Row = dict[str, Any]


def distance_section(status: Edition) -> Section | None:
    """How far the areas have come, or None for a policy without an ambition or its data."""
    ambition = status.policy.ambition
    if ambition is None or status.distance.is_empty():
        return None
    year = distance_year(status.policy, status.definition)
    decides = ambition.deciding()
    latest = _latest(status, decides)
    begun = any(row["period"] > row["baseline_period"] for row in latest.values())
    reference = reference_name(decides.reference)
    what = _(
        "The lag is how much worse the areas are than their reference; the distance covered is the "
        "share of the ambition that has been reached."
    )
    blocks: list[Block] = [Paragraph(f"{locale.say(ambition.title)}. {what}")]
    if begun:
        blocks.append(lines(status, ambition, year))
        if picture := distance_chart(status, latest, year):
            caption = _(
                "Reference: {reference}. The dot is the distance covered, the line its "
                "{confidence} interval for chance; a hollow dot is the same with the areas as "
                "designated at the time. The figures are in the table.",
                reference=reference,
                confidence=locale.percent(100 * status.policy.confidence),
            )
            blocks.append(Illustration(picture, caption))
    blocks.append(criteria_table(status, latest, reference))
    if begun:
        blocks += _choices(status, ambition, year)
    blocks += _boundaries(status, decides, year)
    if begun:
        blocks += _by_area(status, year)
    blocks.append(_notes(status, ambition))
    return Section(_("How far have the areas come?"), tuple(blocks), id="distance")


def _latest(status: Edition, reading: AmbitionReading) -> dict[str, Row]:
    """The last row of each criterion by a reading; of the areas fixed where there is one set."""
    rows = status.distance.filter(
        (pl.col("group") == AREAS) & (pl.col("reference") == reading.reference)
    )
    if reading.areas in rows["areas"]:
        rows = rows.filter(pl.col("areas") == reading.areas)
    return {row["criterion"]: row for row in rows.sort("period").iter_rows(named=True)}


def _choices(status: Edition, ambition: Ambition, year: int) -> list[Block]:
    """A line for each reference and choice of areas, with both overall figures."""
    names: dict[tuple[str, str, str], str] = {
        (each.areas, each.reference, each.overall): locale.say(each.title)
        for each in ambition.readings
    }
    found = []
    for areas in ("fixed", "designated"):
        for reference in ("city", "rest"):
            rows = {
                overall: overall_row(status, reference, areas, overall, year)
                for overall in ("criteria", "mean")
            }
            cells = [
                _overall(row, names.get((areas, reference, overall), ""), status)
                for overall, row in rows.items()
                if row is not None
            ]
            if len(cells) == len(rows):
                place = Cell(areas_name(areas))
                found.append((place, Cell(reference_name(reference)), *cells))
    if not found:
        return []
    headings = [
        _("Areas"),
        _("Reference"),
        _("Criteria that reach the ambition"),
        _("Mean distance covered"),
    ]
    table = Table(_("Every choice, side by side"), plain(headings), tuple(found))
    return [Section(_("What the words leave open"), (table,))]


def _overall(row: Row, name: str, status: Edition) -> Cell:
    if not row["shown"]:
        return Cell(_("not shown"))
    word = {
        "met": _("reached"),
        "not_met": _("not reached"),
        "cannot_tell": _("cannot be told"),
    }[row["verdict"]]
    if row["overall"] == "criteria":
        whole = len(status.policy.criteria)
        value = _("{part} of {whole}", part=row["criteria_reached"], whole=whole)
    elif row["distance_covered"] is None:
        value = _("no data")
    else:
        value = locale.percent(100 * row["distance_covered"])
    return Cell(value, (name,) if name else (), aside=word, strong=True)


def _boundaries(status: Edition, reading: AmbitionReading, year: int) -> list[Block]:
    """The change of each lag, parted; nothing where there is one area set only."""
    rows = status.distance.filter(
        (pl.col("areas") == "designated")
        & (pl.col("group") == AREAS)
        & (pl.col("reference") == reading.reference)
        & (pl.col("period") == year)
        & pl.col("change_boundaries").is_not_null()
    )
    if rows.is_empty():
        return []
    criteria = {criterion.id: criterion for criterion in status.policy.criteria}
    found = []
    for row in rows.iter_rows(named=True):
        criterion = criteria[row["criterion"]]
        whole = row["lag"] - row["lag_baseline"]
        parts = [whole, *(row[f"change_{name}"] for name in ("within", "dropped", "added"))]
        cells = (amount(part, criterion, sign=True) for part in parts)
        title = Cell(locale.say(criterion.title))
        found.append((title, *(Cell(each, number=True) for each in cells)))
    text = _(
        "The change of the lag from the areas of the baseline to those designated at the time, in "
        "parts that add up to it. Below zero is an improvement."
    )
    parted = [
        _("Whole change"),
        _("Within the areas of the baseline"),
        _("Ground that was dropped"),
        _("Ground that was added"),
    ]
    headings = (Cell(_("Criterion")), *(Cell(each, number=True) for each in parted))
    table = Table(_("The change of the lag, in parts"), headings, tuple(found))
    return [Section(_("Changed boundaries, and changed lives"), (Paragraph(text), table))]


def _by_area(status: Edition, year: int) -> list[Block]:
    """How far each area has come on each criterion, and its level, in the areas of the baseline."""
    levels = [each for each in by_area(status) if each.goal is None]
    if not levels:
        return []
    of_areas = {
        (area.id, each.criterion): each for area in fixed_areas(status) for each in area.criteria
    }
    names = {area.id: area.name for each in levels for area in each.areas}
    covered = tuple(
        (Cell(name), *(_covered(of_areas.get((area, each.of))) for each in levels))
        for area, name in names.items()
    )
    headings = plain([_("Area"), *(each.title for each in levels)])
    caption = _("Share of the ambition that each area has covered, by criterion")
    found: list[Block] = [Table(caption, headings, covered)]
    beside = tuple(
        (Cell(name), *(_level(each, area) for each in levels)) for area, name in names.items()
    )
    average = (
        Cell(_("The areas")),
        *(Cell(each.average.text if each.average else "", strong=True) for each in levels),
    )
    units = plain([_("Area"), *(f"{each.title}, {each.unit}" for each in levels)])
    caption = _("The level of each area on the criteria, {year}", year=year)
    found.append(Table(caption, units, (*beside, average)))
    found.append(Paragraph(how_marked(), "note"))
    title = _("The distance each area has covered, {year}", year=year)
    return [Section(title, tuple(found), kind="fold")]


def _covered(found: AreaCriterion | None) -> Cell:
    if found is None:
        return Cell(_("no data"))
    return Cell(found.word, (found.between,) if found.between else ())


def _level(levels: ByArea, area: str) -> Cell:
    """The level of an area, its mark, and its interval."""
    own = next(each for each in levels.areas if each.id == area)
    return Cell(f"{own.word} {own.mark}".strip(), (own.between,) if own.between else ())


def _notes(status: Edition, ambition: Ambition) -> Section:
    """What one must know to read the distance."""
    said = [
        _(
            "A lag at baseline that is below {least} of the reference, or that chance could make "
            "zero, is too small to measure progress by.",
            least=locale.percent(100 * ambition.least_lag),
        ),
        _(
            "Intervals tell what chance could do if each resident were drawn anew every year "
            "(parametric bootstrap); most residents stay from year to year, so they are rather too "
            "wide than too narrow."
        ),
        _(
            "The years ahead take the average pace since the baseline to go on. The years beside "
            "them are the {confidence} interval for chance; that the pace itself may change is not "
            "in it.",
            confidence=locale.percent(100 * status.policy.confidence),
        ),
    ]
    no_spread = [
        locale.say(each.title)
        for each in status.policy.criteria
        if each.unit != "percent" and each.spread is None
    ]
    if no_spread:
        said.append(
            _(
                "No interval, for want of a spread between residents: {criteria}.",
                criteria=locale.listed(no_spread),
            )
        )
    said += populations(status)
    items = tuple(Item(text) for text in said)
    return Section(_("How to read the distance"), (Bullets(items),))
