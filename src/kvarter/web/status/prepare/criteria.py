"""The pages of the criteria: how far the areas have come on each, and each area on one."""

from __future__ import annotations

from kvarter.documents.contents import AmbitionContents, ambition
from kvarter.documents.contents.ambition import CriterionContents
from kvarter.documents.contents.cells import Row, joined, rows_of
from kvarter.documents.distance_table import amount, why_not
from kvarter.documents.distance_words import reference_name
from kvarter.editions import Edition
from kvarter.i18n import _, locale
from kvarter.policy.model import AREAS, Criterion
from kvarter.web.status.prepare.areas import criterion_areas
from kvarter.web.status.prepare.content import (
    Bullets,
    Cell,
    Judged,
    Page,
    Paragraph,
    Section,
    Table,
    Text,
)
from kvarter.web.status.prepare.pictures import Pictures
from kvarter.web.status.prepare.pieces import given, header, headings, number, text, texts, verdict


def criteria_pages(edition: Edition, pictures: Pictures) -> list[Page]:
    """A page of all criteria, and one of each; none for a policy without an ambition."""
    found = ambition(edition)
    if found is None:
        return []
    each = [_criterion(edition, one, found, pictures) for one in edition.policy.criteria]
    return [_all(found), *each]


def _all(found: AmbitionContents) -> Page:
    reasons = tuple(text(reason.text) for reason in found.verdict.turned_by)
    said = [found.said, found.pace_said, found.criteria_said, found.range_said]
    readings = tuple(
        (
            *given(f"{one.title}{' (' + _('decides') + ')' if one.decides else ''}: "),
            *text(one.said),
        )
        for one in found.readings
    )
    return Page(
        name="kriterie",
        title=_("How far have the areas come?"),
        lead=given(f"{found.title}."),
        sections=(
            Section(
                "",
                (
                    Judged(verdict(found.verdict), reasons),
                    *(Paragraph(text(one)) for one in said if one),
                ),
            ),
            Section(_("The ways to read the ambition"), (Bullets(readings),)),
            Section(_("Criterion by criterion"), (_table(found), _what())),
        ),
        about=found.title,
    )


def _what() -> Paragraph:
    said = _(
        "The lag is how much worse the areas are than their reference; the distance covered is the "
        "share of the ambition that has been reached."
    )
    return Paragraph(text(said), "note")


def _table(found: AmbitionContents) -> Table:
    rows = tuple(_line(each) for each in found.criteria)
    reference = reference_name(found.reference)
    caption = _("Criterion by criterion, against: {reference}", reference=reference)
    heads = headings(
        *(_("Criterion"), _("The areas"), _("Reference"), _("Lag"), _("Lag closed")),
        _("Distance covered"),
    )
    return Table(caption, heads, rows)


def _line(each: CriterionContents) -> tuple[Cell, ...]:
    years = text(each.unit)
    if each.years is not None:
        years = texts(each.unit, joined(each.years, "\u2013"))
    head = Cell(text(each.title), years, page=f"kriterie/{each.id}")
    if each.why_not:
        return (head, *(Cell(text(each.why_not), number=True) for _column in range(5)))
    pairs = (
        (each.then, each.now),
        (each.reference_then, each.reference_now),
        (each.lag_then, each.lag_now),
    )
    spans = [Cell(_from_to(then, now), number=True) for then, now in pairs]
    return (head, *spans, number(each.closed, each.closed_between), number(each.covered))


def _from_to(then: object, now: object) -> Text:
    """A figure then and now, with an arrow between that is read as `to`."""
    return tuple(texts(*(each for each in (then, "→", now) if each is not None)))  # type: ignore[arg-type]


def _criterion(
    edition: Edition, criterion: Criterion, found: AmbitionContents, pictures: Pictures
) -> Page:
    rows = _by_year(edition, criterion, found.reference)
    reference = reference_name(found.reference)
    lines = tuple(_year(row, criterion) for row in rows)
    heads = headings(
        *(_("Year"), _("The areas"), _("Reference"), _("Lag"), _("Lag closed")),
        _("Distance covered"),
    )
    caption = _("All areas, year by year, against: {reference}", reference=reference)
    of = criterion.populations()
    whom = _("Of whom: {people}.", people=locale.say(of.numerator))
    by_area = tuple(criterion_areas(edition, criterion.id, pictures))
    sections = [
        Section(_("Year by year"), (Table(caption, heads, lines), _what())),
        Section(_("Area by area"), by_area),
        Section(_("How it is counted"), (Paragraph(given(whom)),)),
    ]
    title = locale.say(criterion.title)
    unit = _("Percent") if criterion.unit == "percent" else locale.say(criterion.unit)
    return Page(
        name=f"kriterie/{criterion.id}",
        title=title,
        lead=given(unit),
        sections=tuple(each for each in sections if each.blocks),
        parent="kriterie",
        about=title,
    )


def _by_year(edition: Edition, criterion: Criterion, reference: str) -> list[Row]:
    """The years of all areas by the reading that decides; of the areas fixed where that is all."""
    ambition_of = edition.policy.ambition
    rows = rows_of(edition, "distance", criterion=criterion.id, group=AREAS, reference=reference)
    areas = ambition_of.deciding().areas if ambition_of else "fixed"
    chosen = [row for row in rows if row["areas"] == areas] or rows
    return sorted(chosen, key=lambda row: int(row["period"]))


def _year(row: Row, criterion: Criterion) -> tuple[Cell, ...]:
    head = header(str(row["period"]))
    if not row["shown"]:
        return (head, *(Cell(text(_("not shown")), number=True) for _column in range(5)))
    times = 100 if criterion.unit == "percent" else 1
    levels = [
        number(row.figure(column, amount(row[column], criterion), times))
        if row[column] is not None
        else Cell(text(_("no data")), number=True)
        for column in ("level", "reference_level", "lag")
    ]
    if row["closed"] is None:
        why = Cell(text(why_not(row["reason"])), number=True)
        return (head, *levels, why, why)
    closed = row.percent("closed", 1)
    return (head, *levels, number(closed), number(row.percent("distance_covered")))
