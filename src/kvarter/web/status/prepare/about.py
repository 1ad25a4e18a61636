"""The page of an edition: what it is of, who signs it, what is to happen now."""

from __future__ import annotations

from kvarter.editions import Edition
from kvarter.i18n.locale import Locale
from kvarter.web.status.prepare.content import (
    Block,
    Bullets,
    Cell,
    Links,
    Page,
    Said,
    Section,
    Table,
)
from kvarter.web.status.prepare.figures import header


def edition_page(edition: Edition, locale: Locale) -> Page:
    """What is known of the edition as a whole; when it was published stands above it."""
    _ = locale._
    policy, definition = edition.policy, edition.definition
    numbers = {**policy.documents, **definition.documents}
    area_set = policy.area_set(definition.area_set)
    lines = [
        (_("Policy"), locale.say(policy.title)),
        (_("Data of"), str(definition.data_year)),
        (_("Areas"), locale.say(area_set.title)),
        *((name, number) for name, number in numbers.items()),
    ]
    if edition.statement.signed_by:
        lines.append((_("Signed by"), locale.listed(list(edition.statement.signed_by))))
    rows = tuple((header(name), Cell(Said(value, row="policy"))) for name, value in lines)
    facts = Table(_("The edition"), (Said(_("What")), Said(_("Value"))), rows)
    steps = tuple(Said(locale.say(step)) for step in edition.statement.next_steps)
    next_steps: list[Block] = [Bullets(steps)] if steps else []
    links = Links(
        (
            ("metode", _("Method and data quality"), ""),
            ("hent", _("Documents and data"), ""),
        )
    )
    sections = (
        Section(_("Facts"), (facts,)),
        Section(_("What is to happen now"), tuple(next_steps)),
        Section(_("More"), (links,)),
    )
    return Page(
        name="udgave",
        title=locale.say(definition.title),
        lead=(Said(_("Figures of {year}", year=definition.data_year)),),
        sections=tuple(each for each in sections if each.blocks),
        about=locale.say(definition.title),
    )
