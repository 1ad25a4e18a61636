"""A document as a Word file to edit: real headings, captions, table headers and alt texts."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Emu, Mm
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from kvarter.documents.document import (
    Block,
    Bullets,
    Cell,
    Document,
    Illustration,
    Item,
    Paragraph,
    Picture,
    Section,
    Table,
    section_ids,
)
from kvarter.documents.word_parts import (
    DOTS,
    MARKS,
    add_badge,
    add_field,
    add_link,
    add_sign,
    add_text,
    bookmark_name,
    describe,
    dots,
    frame,
    no_bullet,
    save,
    turn,
    underline,
    visible,
)
from kvarter.documents.word_template import SOFT, open_template, plain_look
from kvarter.i18n import Locale, _, in_language

_DEEPEST = 6
_LONGEST_ROW = 600


def write_docx(document: Document, path: Path, template: Path | None = None) -> None:
    """Write `document` to `path`; `template`: a Word file whose fields and styles are used.

    Raises InputError where the template is no Word document, or has a field that is not known.
    """
    if template is None:
        word, place = docx.Document(), None
        plain_look(word, dense=document.dense)
    else:
        word, place = open_template(template, document)
    with in_language(Locale(document.language)):
        _Writer(word, document).write(headed=template is None)
    if place is not None:
        _move_to(word, place)
    _set_properties(word, document)
    save(word, path)


class _Writer:
    """Writes the blocks of one document, one after the other, at the end of `word`."""

    def __init__(self, word: WordDocument, document: Document) -> None:
        self.word, self.document = word, document
        self.ids = section_ids(document)
        # python-docx looks for the default style, among all, each time it is given one.
        self.styles = {str(style.name): style.style_id for style in word.styles}
        self.numbers = count(1)
        self.sequence = {"table": count(1), "figure": count(1)}
        page = word.sections[-1]
        sides = (page.left_margin or 0) + (page.right_margin or 0)
        self.width = Emu((page.page_width or Mm(210)) - sides)

    def write(self, *, headed: bool) -> None:
        """The whole document; with its title and its footer where it is `headed`."""
        # What is written below begins here, whatever a template has before it.
        self._bookmark(self._paragraph("", "Normal") if not headed else self._head(), "content")
        for number, section in enumerate(self.document.sections):
            self._section(section, 1, new_page=section.kind == "goal" and number > 0)

    def _head(self) -> WordParagraph:
        document = self.document
        first = self._paragraph(document.publisher, "Facts")
        self._paragraph(document.title, "Title")
        self._paragraph(document.subtitle, "Subtitle")
        self._paragraph(" · ".join(document.facts), "Facts")
        footer = self.word.sections[0].footer.paragraphs[0]
        footer._p.style = self.styles["Note"]
        footer.add_run(visible(f"{document.footer} · "))
        add_field(footer, "PAGE", "1")
        return first

    def _section(self, section: Section, level: int, *, new_page: bool = False) -> None:
        title = visible(section.title).strip() or "–"
        heading = self._paragraph(title, f"Heading {min(level, _DEEPEST)}")
        heading.paragraph_format.page_break_before = new_page or None
        if section.id:
            self._bookmark(heading, section.id)
        for block in section.blocks:
            self._block(block, level + 1)

    def _block(self, block: Block, level: int) -> None:
        match block:
            case Paragraph():
                self._text(block)
            case Bullets():
                for item in block.items:
                    self._item(item)
            case Table():
                self._table(block)
            case Illustration():
                self._figure(block)
            case Section():
                self._section(block, level)

    def _text(self, block: Paragraph) -> None:
        if block.kind == "verdict":
            add_badge(self._paragraph("", "Normal"), block.text, block.verdict)
            return
        written = self._paragraph("", "Note" if block.kind == "note" else "Normal")
        if block.kind == "draft":
            frame(written)
            written.add_run(_("Draft") + " ").bold = True
        add_text(written, block.text)
        turn(written, block.text)

    def _item(self, item: Item) -> None:
        written = self._paragraph("", "List Bullet")
        if item.mark in MARKS:
            no_bullet(written)
            add_sign(written, item.mark)
            written.add_run().add_tab()
        if item.lead:
            add_text(written, item.lead + " ").bold = True
        add_text(written, item.text)
        turn(written, item.text)
        for more in item.more:
            below = self._paragraph(more, "Note")
            below.paragraph_format.left_indent = Mm(7)

    def _figure(self, figure: Illustration) -> None:
        written = self._paragraph("", "Normal")
        written.paragraph_format.keep_with_next = True
        written.paragraph_format.line_spacing = 1.0
        self._picture(written, figure.picture, Emu(int(self.width * figure.part)))
        self._caption(figure.caption, "figure", _("Figure"))
        if figure.data:
            self._table(figure.data)

    def _picture(self, written: WordParagraph, picture: Picture, most: Emu) -> None:
        """As large as it was drawn, so that its letters are as on paper; no wider than `most`."""
        drawn = written.add_run().add_picture(BytesIO(dots(picture.svg)))
        width = min(drawn.width * 72 // DOTS, most)
        drawn.width, drawn.height = Emu(width), Emu(drawn.height * width // drawn.width)
        for side in ("distT", "distB", "distL", "distR"):
            drawn._inline.set(side, "0")  # else some programs leave room, and cut it off
        properties = drawn._inline.docPr
        properties.set("title", visible(picture.title))
        properties.set("descr", visible(f"{picture.title}. {picture.description}"))
        properties.set("name", f"Picture {properties.get('id')}")

    def _caption(self, text: str, kind: str, word: str) -> None:
        written = self._paragraph(f"{word} ", "Caption")
        written.paragraph_format.keep_with_next = kind == "table"
        add_field(written, f"SEQ {word} \\* ARABIC", str(next(self.sequence[kind])))
        add_text(written, f". {text}")

    def _table(self, table: Table) -> None:
        self._caption(table.caption, "table", _("Table"))
        shares = table.shares()
        widths = [Emu(int(self.width * share / sum(shares))) for share in shares]
        made = self.word.add_table(rows=0, cols=len(table.headings))
        made.autofit = False
        describe(made, table.caption)
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
        self._row(made, table.headings, widths, heading=True)
        for number, cells in enumerate(table.rows):
            mark = table.marks[number] if table.marks else ""
            self._row(made, cells, widths, mark=mark)
        self._paragraph("", "Note")  # else two tables that meet become one

    def _row(
        self,
        made: WordTable,
        cells: tuple[Cell, ...],
        widths: list[Emu],
        *,
        heading: bool = False,
        mark: str = "",
    ) -> None:
        row = made.add_row()  # type: ignore[no-untyped-call]
        properties = row._tr.get_or_add_trPr()
        if heading:
            properties.append(OxmlElement("w:tblHeader"))
        if all(len(cell.text) < _LONGEST_ROW for cell in cells):
            properties.append(OxmlElement("w:cantSplit"))
        made_cells = row.cells
        for number, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            made_cell = made_cells[number]
            made_cell.width = width
            underline(made_cell, heavy=heading)
            written = made_cell.paragraphs[0]
            written._p.style = self.styles["Table Text"]
            if cell.number:
                written.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if number == 1 and mark in ("holds", "turns"):
                add_sign(written, mark)
            strong = heading or number == 0 or cell.strong
            self._cell(written, cell, strong=strong, soft=mark == "na")
            if cell.picture:
                if cell.text:
                    written.add_run().add_break(WD_BREAK.LINE)
                self._picture(written, cell.picture, Emu(width - Mm(5)))
            written.paragraph_format.keep_with_next = heading or None

    def _cell(self, written: WordParagraph, cell: Cell, *, strong: bool, soft: bool) -> None:
        if cell.verdict:
            add_badge(written, cell.text, cell.verdict)
        elif cell.goes_to in self.ids:
            add_link(written, cell.text, bookmark_name(cell.goes_to))
        else:
            run = add_text(written, cell.text)
            run.bold = strong or None
            if soft:
                run.font.color.rgb = SOFT
        if cell.aside:
            aside = add_text(written, f" {cell.aside}")
            aside.italic, aside.font.color.rgb = True, SOFT
        for line in cell.small:
            written.add_run().add_break(WD_BREAK.LINE)
            add_text(written, line).font.color.rgb = SOFT
        turn(written, cell.text)

    def _paragraph(self, text: str, style: str) -> WordParagraph:
        written = self.word.add_paragraph(visible(text))
        written._p.style = self.styles[style]
        return written

    def _bookmark(self, paragraph: WordParagraph, name: str) -> None:
        number = str(next(self.numbers))
        begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        begin.set(qn("w:id"), number)
        begin.set(qn("w:name"), bookmark_name(name))
        end.set(qn("w:id"), number)
        paragraph._p.append(begin)
        paragraph._p.append(end)


def _move_to(word: WordDocument, place: Any) -> None:
    """Move all that was written last to where the template has its content."""
    body = word.element.body
    blocks = list(body)
    begin = next(
        number
        for number, block in enumerate(blocks)
        if any(each.get(qn("w:name")) == bookmark_name("content") for each in block.iter())
    )
    for block in blocks[begin:]:
        if block.tag != qn("w:sectPr"):
            place.addprevious(block)
    place.getparent().remove(place)


def _set_properties(word: WordDocument, document: Document) -> None:
    about = word.core_properties
    about.title = visible(f"{document.title} – {document.subtitle}")[:255]
    about.author = about.last_modified_by = visible(document.publisher)[:255]
    about.keywords = visible(", ".join(document.keywords))[:255]
    about.language = {"da": "da-DK", "en": "en-GB"}[document.language]
    about.comments = ""
    day = dt.datetime.combine(document.date, dt.time())
    about.created = about.modified = day
    about.revision = 1
    normal = word.styles["Normal"].element.get_or_add_rPr()
    for tag in normal.findall(qn("w:lang")):
        normal.remove(tag)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), about.language)
    normal.append(language)
