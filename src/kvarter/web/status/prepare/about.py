"""The page of an edition: what it is of, who signs it, what is to happen now."""

from __future__ import annotations

from kvarter.documents.contents import about
from kvarter.editions import Edition
from kvarter.i18n import _, locale
from kvarter.web.status.prepare.content import Block, Bullets, Cell, Links, Page, Section, Table
from kvarter.web.status.prepare.pieces import given, header, headings, text


def edition_page(edition: Edition) -> Page:
    """What is known of the edition as a whole; when it was published stands above it."""
    of = about(edition)
    lines = [
        (_("Policy"), given(of.policy)),
        (_("Data of"), text(of.data_year)),
        (_("Areas"), given(of.areas)),
        *((name, given(number)) for name, number in of.documents),
    ]
    if of.contact:
        lines.append((_("Contact"), given(of.contact)))
    if edition.statement.signed_by:
        lines.append((_("Signed by"), given(locale.listed(list(edition.statement.signed_by)))))
    rows = tuple((header(name), Cell(value)) for name, value in lines)
    facts = Table(_("The edition"), headings(_("What"), _("Value")), rows)
    steps = tuple(given(locale.say(step)) for step in edition.statement.next_steps)
    next_steps: tuple[Block, ...] = (Bullets(steps),) if steps else ()
    links = Links((("metode", _("Method and data quality")), ("hent", _("Documents and data"))))
    sections = (
        Section(_("Facts"), (facts,)),
        Section(_("What is to happen now"), next_steps),
        Section(_("More"), (links,)),
    )
    return Page(
        name="udgave",
        title=of.title,
        lead=text(of.data_period),
        sections=tuple(each for each in sections if each.blocks),
        about=of.title,
    )
