"""A municipality's own Word template: its letterhead, its styles, and fields to be filled in.

A template is data and no program: `{{ title }}` and the other FIELDS are replaced, wherever they
stand (pages, tables, headers, footers, text boxes), and anything else in such braces is refused. So
is what would load or start something when the document is opened.

Every field may be left out. `{{ content }}` stands alone in a paragraph; without it the content
comes last. A style that a template lacks is made.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.oxml import parse_xml, serialize_part_xml
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from kvarter.documents.document import Document
from kvarter.documents.word_parts import visible
from kvarter.errors import InputError, Problem
from kvarter.files.inputs import read_bytes
from kvarter.files.zips import parts_of
from kvarter.i18n import Locale

FIELDS = ("publisher", "title", "subtitle", "facts", "date", "footer", "content")
"""What a template may have, as in `{{ title }}`."""
_MOST_BYTES, _MOST_UNPACKED, _MOST_XML = 50 * 1024**2, 200 * 1024**2, 20 * 1024**2
_CONTENT = "content"
_PLACE = "\u2063content\u2063"
_DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PARAGRAPHS = {qn("w:p"): qn("w:t"), f"{{{_DRAWN}}}p": f"{{{_DRAWN}}}t"}
"""A paragraph, on the page or in a drawing, and what its text stands in."""
_FIELD = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_BRACES = re.compile(r"\{\{.*|\{%.*|\{#.*|.*?(?:\}\}|%\}|#\})", re.S)
_MAIN, _PAGE = "word/document.xml", qn("w:body")
_PROGRAMS = re.compile(r"vbaProject|vbaData|activeX/|attachedToolbars", re.I)
_NEVER = {"vbaProject", "oleObject", "package", "control", "subDocument", "frame", "aFChunk"}
"""Kinds of relation that bring in a program, or a file that is not Word's."""
_LOADS = re.compile(
    r"^\s*\\?\s*(DDE(?:AUTO)?|INCLUDE(?:PICTURE|TEXT)?|LINK|IMPORT|DATABASE|MACROBUTTON|RD)\b", re.I
)
_CLICKED = re.compile(r"(?:https?|mailto|tel):|[^:/\\]+$|#", re.I)
_TEMPLATE_OF_WORD = "/attachedTemplate"
INK, SOFT = RGBColor(0x1F, 0x23, 0x28), RGBColor(0x5B, 0x64, 0x70)
_SIZES = {"Title": 22, "Subtitle": 12, "Caption": 8.5, "Table Text": 8.5, "Note": 8.5, "Facts": 8.5}
_SIZES |= {"Normal": 10, "List Bullet": 10, "Heading 1": 15, "Heading 2": 12, "Heading 3": 10.5}
_SIZES |= {f"Heading {level}": 10 for level in (4, 5, 6)}

Parts = dict[str, bytes]
"""The files in a Word file, by their names."""


def check_template(path: Path) -> None:
    """Raises InputError where the file at `path` is no Word document that can be filled in."""
    _open(path, dict.fromkeys(FIELDS, ""))


def open_template(path: Path, document: Document) -> tuple[WordDocument, CT_P | None]:
    """The template with its fields filled in, and the paragraph the content takes the place of.

    Raises InputError as `check_template` does.
    """
    values = {
        name: getattr(document, name) for name in ("publisher", "title", "subtitle", "footer")
    }
    values |= {
        "facts": " · ".join(document.facts),
        "date": Locale(document.language).date(document.date),
    }
    word = _open(path, values)
    place = next((each for each in word.paragraphs if each.text.strip() == _PLACE), None)
    with_styles(word)
    return word, None if place is None else place._p


def _open(path: Path, values: Mapping[str, str]) -> WordDocument:
    """The template with the `values` of its fields."""
    values = {**{name: visible(text) for name, text in values.items()}, _CONTENT: _PLACE}
    parts = _parts(path)
    filled = BytesIO()
    with zipfile.ZipFile(filled, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, _filled(path, name, content, values))
    try:
        return docx.Document(filled)
    except (KeyError, ValueError, AttributeError, SyntaxError) as error:
        raise _cannot(path, "it is not a Word document (.docx)") from error


def _parts(path: Path) -> Parts:
    """What is in the file. Raises InputError where it is no Word file, or holds a program."""
    content = read_bytes(path, _MOST_BYTES)
    if not zipfile.is_zipfile(BytesIO(content)):
        raise _cannot(path, "it is not a Word document (.docx)")
    pieces: dict[str, list[bytes]] = {}
    for name, piece in parts_of(BytesIO(content), path, _MOST_UNPACKED):
        pieces.setdefault(name, []).append(piece)
    parts = {name: b"".join(content) for name, content in pieces.items()}
    if _MAIN not in parts:
        raise _cannot(path, "it is not a Word document (.docx)")
    for name in parts:
        if _PROGRAMS.search(name):
            raise _cannot(path, f"there is a program or another file in it ({name})")
    return parts


def _filled(path: Path, name: str, content: bytes, values: Mapping[str, str]) -> bytes:
    """One part with its fields filled in; as it is where it has none."""
    if not name.endswith((".xml", ".rels")):
        return content
    if len(content) > _MOST_XML:
        raise _cannot(path, f"{name} is longer than {_MOST_XML:,} bytes")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise _cannot(path, f"{name} declares a document type, which no Word document does")
    try:
        root = parse_xml(content)  # type: ignore[arg-type]
    except SyntaxError as error:
        raise _cannot(path, f"{name} is not XML that can be read") from error
    if name.endswith(".rels"):
        changed = _keep_inside(path, name, root)
    else:
        _refuse_loading(path, name, root)
        of_word = list(root.iter(qn("w:attachedTemplate")))
        for each in of_word:
            each.getparent().remove(each)
        changed = bool(of_word) | _fill(
            root, values, lambda text, what: _cannot(path, what, name, text)
        )
    return serialize_part_xml(root) if changed else content


def _keep_inside(path: Path, name: str, relations: Any) -> bool:
    """Refuse what Word would load from elsewhere, but for what a reader clicks on.

    Where the template of this template lies is left out: each document made of one has it.
    """
    of_word = [each for each in relations if each.get("Type", "").endswith(_TEMPLATE_OF_WORD)]
    for each in of_word:
        relations.remove(each)
    for each in relations:
        kind, target = each.get("Type", "").rsplit("/")[-1], each.get("Target", "")
        elsewhere = each.get("TargetMode") == "External"
        clicked = kind == "hyperlink" and _CLICKED.match(target)
        if kind in _NEVER or (elsewhere and not clicked):
            raise _cannot(path, f"{name} loads something else ({kind} {target[:80]})")
    return bool(of_word)


def _refuse_loading(path: Path, name: str, root: Any) -> None:
    """Fields of Word that read other files or start programs when the document is opened."""
    for paragraph in root.iter(qn("w:p")):
        said = "".join(each.text or "" for each in paragraph.iter(qn("w:instrText")))
        simple = [each.get(qn("w:instr"), "") for each in paragraph.iter(qn("w:fldSimple"))]
        for instruction in (said, *simple):
            if found := _LOADS.search(instruction):
                what = f"a field of Word in it loads or starts something ({found[1].upper()})"
                raise _cannot(path, what, name, instruction)


def _fill(root: Any, values: Mapping[str, str], wrong: Callable[[str, str], InputError]) -> bool:
    """Fill in the fields of a part; were there any? `wrong`: an error for a text and a fault."""
    changed = contents = 0
    for paragraph, texts in _written(root):
        text = "".join(each.text or "" for each in texts)
        if "{" not in text and "}" not in text:
            continue
        for name in _FIELD.findall(text):
            if name not in FIELDS:
                raise wrong(text, f"there is no field called {name!r}")
        if left := _BRACES.search(_FIELD.sub("", text)):
            raise wrong(text, f"a field in it is not written right: {left[0].strip()[:60]!r}")
        found = list(_FIELD.finditer(text))
        if any(each[1] == _CONTENT for each in found):
            contents += 1
            alone = _FIELD.fullmatch(text.strip()) and paragraph.getparent().tag == _PAGE
            if not alone or contents > 1:
                what = "{{ content }} must stand alone in a paragraph of the page, once"
                raise wrong(text, f"{what}: not in a table, a text box or a header")
        for each in reversed(found):
            _replace(texts, each.start(), each.end(), values[each[1]])
        changed += len(found)
    return changed > 0


def _written(root: Any) -> Iterator[tuple[Any, list[Any]]]:
    """Each paragraph with what its text stands in; a text box has paragraphs of its own."""
    for paragraph in root.iter(*_PARAGRAPHS):
        own = [
            text
            for text in paragraph.iter(_PARAGRAPHS[paragraph.tag])
            if next(text.iterancestors(*_PARAGRAPHS)) is paragraph
        ]
        if own:
            yield paragraph, own


def _replace(texts: list[Any], start: int, end: int, value: str) -> None:
    """Put `value` in place of what stands from `start` to `end` of several texts in a row."""
    at = 0
    for each in texts:
        text = each.text or ""
        first, last = max(start - at, 0), min(end - at, len(text))
        if first < last:
            each.text = text[:first] + value + text[last:]
            each.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            value = ""
        at += len(text)


def _cannot(path: Path, what: str, part: str = "", text: str = "") -> InputError:
    known = ", ".join(f"{{{{ {name} }}}}" for name in FIELDS)
    remedy = f"Give a Word document (.docx); it may have these fields: {known}."
    place = f"{part}, in the paragraph {text.strip()[:100]!r}" if part else ""
    return InputError(Problem(what, remedy, str(path), field=place))


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


def plain_look(word: WordDocument, *, dense: bool = False) -> None:
    """How a document looks that has no template: A4, one family of letters, quiet colours.

    `dense`: closer and with narrower margins, for what must go on few pages.
    """
    with_styles(word)
    for name, size in _SIZES.items():
        style = word.styles[name]
        assert isinstance(style, ParagraphStyle)
        _look(style, name, size)
        if dense:
            _set_close(style, name, size)
    for section in word.sections:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(18 if dense else 22)
        section.top_margin = Mm(15 if dense else 24)
        section.bottom_margin = Mm(16 if dense else 22)
        if dense:
            section.header_distance = section.footer_distance = Mm(9)


def _set_close(style: ParagraphStyle, name: str, size: float) -> None:
    style.font.size = Pt(min(0.92 * size, 17))
    space = style.paragraph_format
    space.space_before = Pt(0.4 * (space.space_before or Pt(0)).pt)
    space.space_after = Pt(1 if name in ("Table Text", "List Bullet", "Note") else 3)
    space.line_spacing = 1.0


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
