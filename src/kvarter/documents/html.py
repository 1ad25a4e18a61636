"""A document as one HTML file that opens offline, with no script, font or picture from outside."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from kvarter.documents.contents.cells import Words
from kvarter.documents.contents.sure import SIGNS
from kvarter.documents.document import (
    Bullets,
    Document,
    Illustration,
    Paragraph,
    Picture,
    Table,
    section_ids,
)
from kvarter.i18n import Locale


def write_html(document: Document, path: Path) -> None:
    """Write `document` to `path`."""
    path.write_text(page_of(document), encoding="utf-8")


def page_of(document: Document, sheet: str = "") -> str:
    """The document as a page: with its style within it, or linked at the address `sheet`.

    No element has a style of its own, so that a page whose sheet is linked keeps to a policy of
    `style-src 'self'`, and one with its sheet inside to one that names `style_hash()`.
    """
    ids = section_ids(document)
    words = Locale(document.language)._
    return _template().render(document=document, ids=ids, sheet=sheet, _=words, signs=SIGNS)


def style_sheet() -> str:
    """The style sheet of every document."""
    return _files().joinpath("report.css").read_text(encoding="utf-8")


def style_hash() -> str:
    """What a content security policy names the sheet within a page by, such as `sha256-...`."""
    digest = hashlib.sha256(style_sheet().encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _files() -> Traversable:
    return files("kvarter.documents") / "templates"


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
    environment.filters["traced"] = _traced
    environment.filters["column"] = _column
    environment.globals["style"] = Markup(style_sheet())
    kinds = {"paragraph": Paragraph, "bullets": Bullets, "table": Table, "figure": Illustration}
    for name, kind in kinds.items():
        environment.tests[name] = lambda block, kind=kind: isinstance(block, kind)
    return environment.get_template("document.html.jinja")


def _drawing(picture: Picture) -> Markup:
    """The drawing, with what it shows in words for those who cannot see it."""
    labels = f"<title>{escape(picture.title)}</title><desc>{escape(picture.description)}</desc>"
    return Markup(picture.svg.replace(">", f' role="img">{labels}', 1))


def _traced(text: str) -> Markup:
    """The text; each figure in it names the cells that it is, for whoever traces it."""
    if not isinstance(text, Words):
        return Markup(escape(text))
    pieces, at = [], 0
    for start, end, figure in text.spans:
        cells = " ".join(str(cell) for cell in figure.cells)
        pieces.append(escape(text[at:start]))
        worked_out = "" if figure.by == "cell" else f' data-by="{figure.by}"'
        pieces.append(
            f'<span data-cell="{escape(cells)}"{worked_out}>{escape(text[start:end])}</span>'
        )
        at = end
    return Markup("".join([*pieces, escape(text[at:])]))


def _column(width: float, widths: tuple[float, ...]) -> str:
    """The class of a column: its share of the table in steps of five percent."""
    return f"w{max(5, 5 * round(20 * width / sum(widths)))}"
