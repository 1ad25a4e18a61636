"""The page of method and data quality: who is missing, what became of the rows, how to read it."""

from __future__ import annotations

import polars as pl

from kvarter.documents.contents import quality, who_is_missing
from kvarter.documents.contents.cells import Row, rows_of
from kvarter.documents.contents.quality import how_to_read
from kvarter.documents.words import notes_by_place
from kvarter.editions import Edition
from kvarter.i18n import _, locale
from kvarter.policy.model import Indicator
from kvarter.web.status.prepare.content import (
    Block,
    Bullets,
    Cell,
    Page,
    Paragraph,
    Section,
    Table,
)
from kvarter.web.status.prepare.pieces import (
    given,
    header,
    headings,
    number,
    of_row,
    text,
)


def quality_page(edition: Edition) -> Page:
    """How the figures came about, and how far they can be trusted."""
    sections = [
        _what_to_know(edition),
        _method(edition),
        *(_missing(edition, indicator) for _goal, indicator in edition.policy.indicators()),
        _systems(edition),
        _rows(edition),
        _notes(edition),
    ]
    return Page(
        name="metode",
        title=_("Method and data quality"),
        lead=text(_("How the figures came about, and how far they can be trusted.")),
        sections=tuple(each for each in sections if each.blocks),
        about=_("Method and data quality"),
    )


def _what_to_know(edition: Edition) -> Section:
    """Cases without a place, changes of case system, and counts by others that say otherwise."""
    found = quality(edition)
    said = [
        *(each.said for each in found.without_place),
        *(each.said for each in found.system_changes),
        *(each.said for each in found.totals),
    ]
    items = tuple(text(each) for each in said if each)
    title = _("What must be known of the data")
    return Section(title, (Bullets(items),) if items else ())


def _method(edition: Edition) -> Section:
    said = tuple(map(given, how_to_read(edition)))
    return Section(_("How to read the figures"), (Bullets(said),))


def _missing(edition: Edition, indicator: Indicator) -> Section:
    """What share of the cases could be located, by year, source, sender and kind."""
    found = who_is_missing(edition, indicator)
    blocks: list[Block] = []
    for each in found.by:
        rows = tuple(
            (Cell(given(level.name)), number(level.located), number(level.unlocated))
            for level in each.levels
        )
        heads = headings(each.title, _("Located"), _("Cases not located"))
        blocks.append(Table(each.caption, heads, rows))
        if each.tested:
            blocks.append(Paragraph(of_row(each.tested, "missing", dict(each.row.values)), "note"))
    if found.withheld:
        blocks.append(Paragraph(text(found.withheld), "note"))
    title = _("Who is missing: {title}", title=locale.say(indicator.title))
    return Section(title, tuple(blocks))


def _count(row: Row, column: str) -> Cell:
    if row[column] is None:
        return Cell(text(_("not shown")), number=True)
    return number(row.number(column))


def _systems(edition: Edition) -> Section:
    """Which case system the cases of each year come from: where it changes is a break."""
    titles = {one.id: locale.say(one.title) for _goal, one in edition.policy.indicators()}
    rows = tuple(
        (
            header(titles.get(row["indicator"], row["indicator"])),
            number(row.year("period")),
            Cell(text(row["case_system"])),
        )
        for row in rows_of(edition, "case_systems")
    )
    heads = headings(_("What is measured"), _("Year"), _("Case system"))
    table = Table(_("The case systems that the cases come from"), heads, rows)
    note = _("Between two systems there is a break: no line is drawn across it.")
    return Section(_("Breaks"), (table, Paragraph(text(note), "note")) if rows else ())


def _rows(edition: Edition) -> Section:
    """What became of the rows of each source."""
    words = {
        "counted": _("counted"),
        "duplicate": _("repeats another"),
        "not_located": _("not located"),
        "outside_municipality": _("outside the municipality"),
        "outside_period": _("outside the period"),
        "invalid": _("invalid"),
    }
    told = edition.row_outcomes.filter(pl.col("rows").is_null() | (pl.col("rows") > 0))
    rows = tuple(
        (
            Cell(given(row["source"])),
            Cell(text(words.get(row["outcome"], row["outcome"].replace("_", " ")))),
            _count(Row("row_outcomes", row), "rows"),
        )
        for row in told.iter_rows(named=True)
    )
    title = _("What became of every row")
    table = Table(title, headings(_("Source"), _("What became of it"), _("Rows")), rows)
    return Section(title, (table,) if rows else ())


def _notes(edition: Edition) -> Section:
    """What must be known of the data, by source or file."""
    items = tuple(
        given(f"{place}: {said}" if place else said)
        for place, told in notes_by_place(edition).items()
        for said in told
    )
    return Section(_("Notes on the data"), (Bullets(items),) if items else ())
