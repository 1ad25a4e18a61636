"""The parts of a Word file that python-docx has no words for."""

from __future__ import annotations

import unicodedata
import zipfile
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import vl_convert
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from kvarter.documents.contents.sure import SIGNS
from kvarter.i18n.locale import reads_from_right

_GOOD, _BAD = "00694C", "A33B00"
_LOOKS = {
    "met-firm": (_GOOD, "FFFFFF", ""),
    "not_met-firm": (_BAD, "FFFFFF", ""),
    "met-open": ("", _GOOD, "dashed"),
    "met-untried": ("", _GOOD, "dashed"),
    "not_met-open": ("", _BAD, "dashed"),
    "not_met-untried": ("", _BAD, "dashed"),
    "cannot_tell": ("", "5B6470", "dotted"),
}
"""Of each look of a verdict: its ground, its letters and its frame; what is firm is filled."""
_UNSURE = ("EEF0F3", "5B6470", "")
MARKS = {"holds": ("✓ ", "00694C"), "turns": ("! ", "A33B00"), "note": ("→ ", "5B6470")}
_LINE = "D9DDE3"
DOTS = 300
"""Of a picture, to the inch."""
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def bookmark_name(section_id: str) -> str:
    """A name Word takes for a bookmark: letters, digits and _, 40 at most."""
    return ("k_" + "".join(each if each.isalnum() else "_" for each in section_id))[:40]


def visible(text: str) -> str:
    """`text` without the characters that XML cannot hold."""
    return "".join(
        each
        for each in text
        if each in "\n\t"
        or (unicodedata.category(each) not in ("Cc", "Cs") and each not in "\ufeff\ufffe\uffff")
    )


def add_text(paragraph: WordParagraph, text: str) -> Run:
    """The text as a run of the paragraph."""
    return paragraph.add_run(visible(text))


def turn(paragraph: WordParagraph, text: str) -> None:
    """Let what reads from the right begin there."""
    if reads_from_right(text):
        after = ("w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr")  # the order Word asks for
        paragraph._p.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), *after)


def add_badge(paragraph: WordParagraph, text: str, verdict: str) -> None:
    """A verdict by its look."""
    ground, ink, line = _LOOKS.get(verdict, _UNSURE)
    sign = f"{SIGNS[verdict]} " if verdict in SIGNS else ""
    run = add_text(paragraph, f"\u00a0{sign}{text}\u00a0")
    run.bold, run.font.color.rgb = True, RGBColor.from_string(ink)
    properties = run._r.get_or_add_rPr()
    if line:
        properties.append(_border("bdr", line, ink, 8))
    if ground:
        properties.append(_shade(ground))


def add_sign(paragraph: WordParagraph, mark: str) -> None:
    """What stands before a row or an item that is marked."""
    text, ink = MARKS[mark]
    run = add_text(paragraph, text)
    run.bold, run.font.color.rgb = True, RGBColor.from_string(ink)


def no_bullet(paragraph: WordParagraph) -> None:
    """Leave out the bullet of an item of a list: its sign stands there instead."""
    numbered = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    numbered.get_or_add_numId().val = 0
    paragraph.paragraph_format.left_indent = Mm(6)
    paragraph.paragraph_format.first_line_indent = Mm(-6)


def _shade(colour: str) -> Any:
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{key}"), value)
    return shade


def frame(paragraph: WordParagraph) -> None:
    """The frame of words that nobody has accepted yet."""
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(5)
    borders = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        borders.append(_border(side, "dashed", "A33B00", 6))
    after = ("w:shd", "w:bidi", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr")
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *after)


def _border(side: str, kind: str, colour: str, eighths: int) -> Any:
    line = OxmlElement(f"w:{side}")
    for key, value in (("val", kind), ("sz", str(eighths)), ("space", "4"), ("color", colour)):
        line.set(qn(f"w:{key}"), value)
    return line


def underline(cell: WordCell, *, heavy: bool) -> None:
    """The line below a cell."""
    borders = OxmlElement("w:tcBorders")
    borders.append(_border("bottom", "single", "1F2328" if heavy else _LINE, 8 if heavy else 4))
    cell._tc.get_or_add_tcPr().append(borders)


def describe(table: WordTable, caption: str) -> None:
    """What a reader that speaks says of the table before it reads it."""
    element = OxmlElement("w:tblCaption")
    element.set(qn("w:val"), visible(caption))
    table._tbl.tblPr.append(element)


def add_field(paragraph: WordParagraph, instruction: str, shown: str) -> None:
    """A field that Word works out again, such as the number of a table; `shown` until then."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = shown
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def add_link(paragraph: WordParagraph, text: str, bookmark: str) -> None:
    """A link to a bookmark of the document."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), bookmark)
    run = add_text(paragraph, text)
    run.font.color.rgb, run.font.underline = RGBColor(0x0A, 0x5C, 0x8F), True
    link.append(run._r)
    paragraph._p.append(link)


@lru_cache(maxsize=64)
def dots(svg: str) -> bytes:
    """A drawing as dots, 300 to the inch; the report and the annexes hold the same ones."""
    png: bytes = vl_convert.svg_to_png(svg, scale=DOTS / 96, ppi=72)
    return png


def save(word: WordDocument, path: Path) -> None:
    """Write the file with no time of its own, so that the same status gives the same bytes."""
    saved = BytesIO()
    word.save(saved)
    with (
        zipfile.ZipFile(saved) as made,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as to,
    ):
        for part in made.infolist():
            entry = zipfile.ZipInfo(part.filename, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            to.writestr(entry, made.read(part))
