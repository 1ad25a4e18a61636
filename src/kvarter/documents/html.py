"""A document as one HTML file that opens offline, with no script, font or picture from outside."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from kvarter.documents.document import (
    Bullets,
    Document,
    Illustration,
    Paragraph,
    Picture,
    Table,
    section_ids,
)
from kvarter.i18n.locale import Locale


def write_html(document: Document, path: Path) -> None:
    """Write `document` to `path`."""
    ids = section_ids(document)
    page = _template().render(document=document, ids=ids, _=Locale(document.language)._)
    path.write_text(page, encoding="utf-8")


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("kvarter.documents"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["drawing"] = _drawing
    kinds = {"paragraph": Paragraph, "bullets": Bullets, "table": Table, "figure": Illustration}
    for name, kind in kinds.items():
        environment.tests[name] = lambda block, kind=kind: isinstance(block, kind)
    return environment.get_template("document.html.jinja")


def _drawing(picture: Picture) -> Markup:
    """The drawing, with what it shows in words for those who cannot see it."""
    told = f"<title>{escape(picture.title)}</title><desc>{escape(picture.description)}</desc>"
    return Markup(picture.svg.replace(">", f' role="img">{told}', 1))
