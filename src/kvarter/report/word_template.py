"""A municipality's own Word template: its letterhead, its styles, and fields to be filled in.

Every field may be left out. `{{ content }}` stands alone in a paragraph; without it the content
comes last. A style that a template lacks is made.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docxtpl import DocxTemplate
from jinja2 import TemplateError

from kvarter.errors import InputError, Problem
from kvarter.report.document import Document
from kvarter.report.language import Tongue

FIELDS = ("publisher", "title", "subtitle", "facts", "date", "footer", "content")
"""What a template may have, as in `{{ title }}`."""
_PLACE = "\u2063content\u2063"
INK, SOFT = RGBColor(0x1F, 0x23, 0x28), RGBColor(0x5B, 0x64, 0x70)
_SIZES = {"Title": 22, "Subtitle": 12, "Caption": 8.5, "Table Text": 8.5, "Note": 8.5, "Facts": 8.5}
_SIZES |= {"Normal": 10, "List Bullet": 10, "Heading 1": 15, "Heading 2": 12, "Heading 3": 10.5}
_SIZES |= {f"Heading {level}": 10 for level in (4, 5, 6)}


def check_template(path: Path) -> None:
    """Raises InputError where the file at `path` is no Word document, or has an unknown field."""
    try:
        fields = DocxTemplate(path).get_undeclared_template_variables()
    except TemplateError as error:
        raise _cannot(path, f"a field in it is not written right: {error}") from error
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        what = "there is no such file" if not path.exists() else "it is not a Word document (.docx)"
        raise _cannot(path, what) from error
    if unknown := sorted(fields - set(FIELDS)):
        raise _cannot(path, f"there is no field called {unknown[0]!r}")


def _cannot(path: Path, what: str) -> InputError:
    known = ", ".join(f"{{{{ {name} }}}}" for name in FIELDS)
    remedy = f"Give a Word document; it may have these fields: {known}."
    return InputError(Problem(what, remedy, str(path)))


def open_template(path: Path, document: Document) -> tuple[WordDocument, CT_P | None]:
    """The template with its fields filled in, and the paragraph the content takes the place of."""
    check_template(path)
    template = DocxTemplate(path)
    tongue = Tongue(document.language)
    facts = " · ".join(document.facts)
    values = {
        name: getattr(document, name) for name in ("publisher", "title", "subtitle", "footer")
    }
    values |= {"facts": facts, "date": tongue.date(document.date), "content": _PLACE}
    template.render(values, autoescape=True)
    filled = BytesIO()
    template.save(filled)
    word = docx.Document(filled)
    place = next((each for each in word.paragraphs if each.text.strip() == _PLACE), None)
    with_styles(word)
    return word, None if place is None else place._p


def with_styles(word: WordDocument) -> None:
    """Make the styles that are not there yet, as they are without a template."""
    there = {style.name for style in word.styles}
    for name, size in _SIZES.items():
        if name in there:
            continue
        builtin = name.startswith(("Heading", "List", "Title", "Subtitle", "Caption"))
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=builtin)
        assert isinstance(style, ParagraphStyle)
        _look(style, name, size)


def plain_look(word: WordDocument) -> None:
    """How a document looks that has no template: A4, one family of letters, quiet colours."""
    with_styles(word)
    for name, size in _SIZES.items():
        style = word.styles[name]
        assert isinstance(style, ParagraphStyle)
        _look(style, name, size)
    for section in word.sections:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(22)
        section.top_margin, section.bottom_margin = Mm(24), Mm(22)


def _look(style: ParagraphStyle, name: str, size: float) -> None:
    for line in style.element.iter(qn("w:pBdr")):
        line.getparent().remove(line)
        break
    style.font.name, style.font.size = "Arial", Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for which in list(fonts.attrib):
        if "heme" in which:  # a theme's letters would win
            del fonts.attrib[which]
    for which in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{which}"), "Arial")
    quiet = name in ("Note", "Facts", "Caption", "Subtitle")
    style.font.color.rgb = SOFT if quiet else INK
    style.font.italic = False
    style.font.bold = name.startswith(("Heading", "Title"))
    space = style.paragraph_format
    space.keep_with_next = name.startswith("Heading")
    before = {"Table Text": 2, "Heading 1": 22, "Heading 2": 16, "Heading 3": 12, "Caption": 8}
    space.space_before = Pt(before.get(name, 10 if name.startswith("Heading") else 0))
    space.space_after = Pt(2 if name in ("Table Text", "List Bullet") else 6)
    space.line_spacing = 1.1 if name in ("Table Text", "Note", "Caption") else 1.2
