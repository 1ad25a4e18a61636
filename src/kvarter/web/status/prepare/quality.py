"""The page of method and data quality: who is missing, what became of the rows, how to read it."""

from __future__ import annotations

import polars as pl

from kvarter.documents.words import notes_by_place
from kvarter.editions import Edition
from kvarter.i18n.locale import Locale
from kvarter.judgement.missing import FACTORS
from kvarter.web.status.prepare.cells import figure
from kvarter.web.status.prepare.content import (
    Block,
    Bullets,
    Cell,
    Page,
    Paragraph,
    Said,
    Section,
    Table,
)
from kvarter.web.status.prepare.figures import Row, header


def quality_page(edition: Edition, locale: Locale) -> Page:
    """How the figures came about, and how far they can be trusted."""
    _ = locale._
    sections = [
        _method(edition, locale),
        _not_placed(edition, locale),
        *_missing(edition, locale),
        _systems(edition, locale),
        _rows(edition, locale),
        _notes(edition, locale),
    ]
    return Page(
        name="metode",
        title=_("Method and data quality"),
        lead=(Said(_("Figures of {year}", year=edition.definition.data_year)),),
        sections=tuple(each for each in sections if each.blocks),
        about=_("Method and data quality"),
    )


def _method(edition: Edition, locale: Locale) -> Section:
    _ = locale._
    confidence = locale.percent(100 * edition.policy.confidence)
    most = edition.policy.disclosure.threshold - 1
    said = (
        _(
            "Intervals are {confidence}: Wilson's for shares, Byar's (exact below {few}) for "
            "rates.",
            confidence=confidence,
            few=10,
        ),
        _(
            "Counts of people from {least} to {most} are not shown, and neither is what would give "
            "them away.",
            least=1,
            most=most,
        ),
        _("An edition has a name of its own; the year of its data stands beside every figure."),
    )
    items = tuple(Said(text, row="policy") for text in said)
    return Section(_("How to read the figures"), (Bullets(items),))


def _kinds(edition: Edition, locale: Locale) -> dict[str, str]:
    return {kind.id: locale.say(kind.title) for kind in edition.policy.case_kinds}


def _not_placed(edition: Edition, locale: Locale) -> Section:
    """Cases without a place in the municipality, by kind and year."""
    _ = locale._
    kinds = _kinds(edition, locale)
    rows = tuple(
        (
            header(kinds.get(row["cases"], row["cases"])),
            Cell(Said(str(row["period"]))),
            _count("not_placed", row, "count", locale),
        )
        for row in edition.not_placed.iter_rows(named=True)
    )
    headings = (Said(_("Cases")), Said(_("Year")), Said(_("Without a place in the municipality")))
    table = Table(_("Cases without a place in the municipality"), headings, rows)
    return Section(_("Cases without a place"), (table,) if rows else ())


def _count(name: str, row: Row, column: str, locale: Locale) -> Cell:
    if row[column] is None:
        return Cell(Said(_small(locale)), number=True)
    return Cell(figure(locale.number(row[column]), name, row, column), number=True)


def _small(locale: Locale) -> str:
    return locale._("not shown")


def _missing(edition: Edition, locale: Locale) -> list[Section]:
    """What share of the cases could be located, by year, source, sender and kind."""
    _ = locale._
    titles = {
        "year": _("Year"),
        "source": _("Source"),
        "sender": _("Sender"),
        "kind": _("Kind of case"),
    }
    sections = []
    for _goal, indicator in edition.policy.indicators():
        blocks: list[Block] = []
        for factor in FACTORS:
            levels = edition.missing.filter(
                pl.col("share_located").is_not_null(), indicator=indicator.id, factor=factor
            )
            if levels.height < 2:
                continue
            rows = tuple(
                (
                    header(row["level"] or _("not stated")),
                    Cell(_share(row, locale), number=True),
                    _count("missing", row, "unlocated", locale),
                )
                for row in levels.iter_rows(named=True)
            )
            headings = (Said(titles[factor]), Said(_("Located")), Said(_("Cases not located")))
            caption = _("Located, by {factor}", factor=titles[factor].lower())
            blocks.append(Table(caption, headings, rows))
        title = _("Who is missing: {title}", title=locale.say(indicator.title))
        sections.append(Section(title, tuple(blocks)))
    return sections


def _share(row: Row, locale: Locale) -> Said:
    text = locale.percent(100 * row["share_located"], 1)
    return figure(text, "missing", row, "share_located")


def _systems(edition: Edition, locale: Locale) -> Section:
    """Which case system the cases of each year come from: where it changes is a break."""
    _ = locale._
    titles = {one.id: locale.say(one.title) for _goal, one in edition.policy.indicators()}
    rows = tuple(
        (
            header(titles.get(row["indicator"], row["indicator"])),
            Cell(Said(str(row["period"]))),
            Cell(Said(row["case_system"])),
        )
        for row in edition.tables["case_systems"].iter_rows(named=True)
    )
    headings = (Said(_("Figure")), Said(_("Year")), Said(_("Case system")))
    table = Table(_("The case systems that the cases come from"), headings, rows)
    note = _("Between two systems there is a break: no line is drawn across it.")
    return Section(_("Breaks"), (table, Paragraph((Said(note),), "note")) if rows else ())


def _rows(edition: Edition, locale: Locale) -> Section:
    """What became of the rows of each source."""
    _ = locale._
    words = {
        "counted": _("counted"),
        "duplicate": _("repeats another"),
        "not_located": _("not located"),
        "outside_municipality": _("outside the municipality"),
        "outside_period": _("outside the period"),
        "invalid": _("invalid"),
    }
    rows = tuple(
        (
            header(row["source"]),
            Cell(Said(words.get(row["outcome"], row["outcome"].replace("_", " ")))),
            _count("row_outcomes", row, "rows", locale),
        )
        for row in edition.row_outcomes.iter_rows(named=True)
        if row["rows"] != 0
    )
    headings = (Said(_("Source")), Said(_("What became of it")), Said(_("Rows")))
    table = Table(_("What became of every row"), headings, rows)
    return Section(_("What became of every row"), (table,) if rows else ())


def _notes(edition: Edition, locale: Locale) -> Section:
    """What must be known of the data, by source or file."""
    items = tuple(
        Said(f"{place}: {text}" if place else text, row="notes")
        for place, told in notes_by_place(edition, locale).items()
        for text in told
    )
    return Section(locale._("Notes on the data"), (Bullets(items),) if items else ())
