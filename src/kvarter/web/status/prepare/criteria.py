"""The pages of the criteria: how far the areas have come on each, and each area on one."""

from __future__ import annotations

import polars as pl

from kvarter.documents.distance_table import amount, why_not
from kvarter.documents.distance_words import reference_name
from kvarter.editions import Edition
from kvarter.i18n.locale import Locale
from kvarter.policy.designation import distance_year
from kvarter.policy.model import AREAS, AmbitionReading, Criterion
from kvarter.web.status.prepare.cells import figure, parts
from kvarter.web.status.prepare.content import Cell, Page, Paragraph, Said, Section, Table
from kvarter.web.status.prepare.figures import Row, header


def criteria_pages(edition: Edition, locale: Locale) -> list[Page]:
    """A page of all criteria, and one of each; none for a policy without an ambition."""
    if edition.policy.ambition is None or edition.distance.is_empty():
        return []
    each = [_criterion(edition, criterion, locale) for criterion in edition.policy.criteria]
    return [_all(edition, locale), *each]


def _rows(edition: Edition, reading: AmbitionReading, period: int) -> pl.DataFrame:
    """The rows of a year by a reading; of the areas fixed where there is one set."""
    rows = edition.distance.filter(reference=reading.reference, period=period)
    areas = reading.areas if reading.areas in rows["areas"] else "fixed"
    return rows.filter(areas=areas)


def _all(edition: Edition, locale: Locale) -> Page:
    _ = locale._
    ambition = edition.policy.ambition
    assert ambition is not None
    decides, year = ambition.deciding(), distance_year(edition.policy, edition.definition)
    found = _rows(edition, decides, year).filter(group=AREAS).to_dicts()
    rows = {row["criterion"]: row for row in found}
    lines = tuple(
        (
            header(locale.say(each.title), _unit(each, locale), page=f"kriterie/{each.id}"),
            *_cells(rows.get(each.id), each, locale),
        )
        for each in edition.policy.criteria
    )
    what = _(
        "The lag is how much worse the areas are than their reference; the distance covered is the "
        "share of the ambition that has been reached."
    )
    table = Table(_caption(decides, year, locale), _headings(locale, _("Criterion")), lines)
    return Page(
        name="kriterie",
        title=_("How far have the areas come?"),
        lead=(Said(locale.say(ambition.title) + "."), Said(what)),
        sections=(Section(_("Criterion by criterion"), (table,)),),
    )


def _criterion(edition: Edition, criterion: Criterion, locale: Locale) -> Page:
    _ = locale._
    ambition = edition.policy.ambition
    assert ambition is not None
    decides, year = ambition.deciding(), distance_year(edition.policy, edition.definition)
    of_criterion = edition.distance.filter(criterion=criterion.id, reference=decides.reference)
    areas = decides.areas if decides.areas in of_criterion["areas"] else "fixed"
    of_criterion = of_criterion.filter(areas=areas).sort("period")
    by_year = [
        (header(str(row["period"])), *_cells(row, criterion, locale))
        for row in of_criterion.filter(group=AREAS).iter_rows(named=True)
    ]
    names = {area.id: area.name for each in edition.policy.area_sets for area in each.areas}
    now = of_criterion.filter(pl.col("group") != AREAS, period=year).sort("group")
    by_area = [
        (
            header(
                names.get(row["group"], row["group"]),
                page=f"omraade/{row['group']}" if row["group"] in edition.geography.areas else "",
            ),
            *_cells(row, criterion, locale),
        )
        for row in now.iter_rows(named=True)
    ]
    caption = _caption(decides, year, locale)
    sections = [
        Section(
            _("Year by year"),
            (Table(_("All areas, year by year"), _headings(locale, _("Year")), tuple(by_year)),),
        )
    ]
    if by_area:
        table = Table(caption, _headings(locale, _("Area")), tuple(by_area))
        sections.append(Section(_("Area by area"), (table,)))
    of = criterion.populations()
    whom = _("Of whom: {people}.", people=locale.say(of.numerator))
    sections.append(Section(_("How it is counted"), (Paragraph((Said(whom),)),)))
    return Page(
        name=f"kriterie/{criterion.id}",
        title=locale.say(criterion.title),
        lead=(Said(_unit(criterion, locale)),),
        sections=tuple(sections),
        parent="kriterie",
        about=locale.say(criterion.title),
    )


def _unit(criterion: Criterion, locale: Locale) -> str:
    return locale._("Percent") if criterion.unit == "percent" else locale.say(criterion.unit)


def _caption(reading: AmbitionReading, year: int, locale: Locale) -> str:
    reference = reference_name(reading.reference, locale)
    return locale._("{year}, measured against: {reference}", year=year, reference=reference)


def _headings(locale: Locale, first: str) -> tuple[Said, ...]:
    _ = locale._
    others = (_("The areas"), _("Reference"), _("Lag"), _("Lag closed"), _("Distance covered"))
    return tuple(map(Said, (first, *others)))


def _cells(row: Row | None, criterion: Criterion, locale: Locale) -> tuple[Cell, ...]:
    """Level, level of the reference, lag, and what of it is closed."""
    _ = locale._
    if row is None or not row["shown"]:
        word = _("no data") if row is None else _("not shown")
        return tuple(Cell(Said(word), number=True) for _column in range(5))
    cells = [
        Cell(figure(amount(row[column], criterion, locale), "distance", row, column), number=True)
        if row[column] is not None
        else Cell(Said(_("no data")), number=True)
        for column in ("level", "reference_level", "lag")
    ]
    if row["closed"] is None:
        why = Cell(Said(why_not(row["reason"], locale)), number=True)
        return (*cells, why, why)
    small: tuple[Said, ...] = ()
    if row["closed_low"] is not None:
        low, high = (
            figure(locale.number(100 * row[end], 1), "distance", row, end)
            for end in ("closed_low", "closed_high")
        )
        small = parts(_("interval {low} to {high}"), low=low, high=high)
    closed = figure(locale.percent(100 * row["closed"], 1), "distance", row, "closed")
    covered = locale.percent(100 * row["distance_covered"])
    return (
        *cells,
        Cell(closed, small, number=True),
        Cell(figure(covered, "distance", row, "distance_covered"), number=True),
    )
