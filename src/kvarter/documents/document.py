"""A document free of how it looks: the blocks that HTML, Word and PDF are all written from.

The depth of a section makes the level of its heading, so that no level is ever skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kvarter.policy.model import Language

Mark = Literal["", "holds", "turns", "na", "note"]
"""Stands firm, is a warning, was not asked, or is only a remark."""


@dataclass(frozen=True)
class Picture:
    """A drawing (SVG text) with its title, and what it shows in words for who cannot see it.

    spec: what it was drawn from, as Vega-Lite; each row that can be pointed at says in `told` what
    it is.
    """

    svg: str
    title: str
    description: str
    spec: str = ""


@dataclass(frozen=True)
class Cell:
    """What stands in a table's cell: its text, and what is smaller below it.

    `verdict` makes a badge of the text, by its look (`contents.sure`); `goes_to` is the id of the
    section the text leads to; `picture` stands below it.
    """

    text: str
    small: tuple[str, ...] = ()
    aside: str = ""
    verdict: str = ""
    strong: bool = False
    number: bool = False
    goes_to: str = ""
    picture: Picture | None = None


@dataclass(frozen=True)
class Table:
    """Rows under headings; the first cell of a row is its heading.

    `marks`: one for each row, where rows stand firm or warn. `widths`: how wide the columns are,
    relative to each other. `cards`: on a narrow screen each row stands by itself, with the heading
    before each cell, so that nobody has to scroll sideways for what matters most.
    """

    caption: str
    headings: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    marks: tuple[Mark, ...] = ()
    widths: tuple[float, ...] = ()
    cards: bool = False

    def shares(self) -> tuple[float, ...]:
        """How wide each column is on paper: `widths`, else after the longest text in it.

        No column is narrower than its longest word, as far as there is room.
        """
        columns = list(zip(self.headings, *self.rows, strict=True))
        wished = self.widths or tuple(
            max([5.0, len(cells[0].text) / 2, *map(_width, cells[1:])]) for cells in columns
        )
        least = [
            max(_least(cell, bold=not row or not column) for row, cell in enumerate(cells))
            for column, cells in enumerate(columns)
        ]
        return _at_least(wished, least)


@dataclass(frozen=True)
class Paragraph:
    """`kind`: `plain`; `note`, smaller; `verdict`, a badge; `draft`, words nobody has accepted."""

    text: str
    kind: Literal["plain", "note", "verdict", "draft"] = "plain"
    verdict: str = ""


@dataclass(frozen=True)
class Item:
    """A line of a list; `lead` is stressed and stands before the text, `more` below it."""

    text: str
    lead: str = ""
    mark: Mark = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bullets:
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Illustration:
    """A picture with its caption, and its figures as a table where no other table has them.

    `part`: how much of the width of a page it takes.
    """

    picture: Picture
    caption: str
    data: Table | None = None
    part: float = 1.0


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it.

    `kind`: `goal` begins on a new page; `verdict` is framed by how it went; `fold` is closed on a
    screen until it is opened; `small` is set smaller.
    """

    title: str
    blocks: tuple[Block, ...]
    id: str = ""
    kind: Literal["plain", "goal", "verdict", "fold", "small"] = "plain"
    verdict: str = ""


Block = Paragraph | Bullets | Table | Illustration | Section


@dataclass(frozen=True)
class Document:
    """A whole document. `facts`: short lines below the title; `name`: its file, without ending.

    `date`: the day it is dated in what a file says of itself; not the day it happened to be
    written, so that the same status gives the same bytes.
    """

    name: str
    title: str
    subtitle: str
    publisher: str
    language: Language
    date: date
    facts: tuple[str, ...]
    sections: tuple[Section, ...]
    footer: str
    keywords: tuple[str, ...] = field(default=())
    dense: bool = False
    """Set close, for what must go on few pages."""


_LINE = 96.0
"""How many letters of a table go in a line of a page."""


def _least(cell: Cell, *, bold: bool) -> float:
    """In letters, the longest piece of a cell that may not be parted."""
    pieces = [cell.text] if cell.verdict else cell.text.split(" ")
    longest = (1.15 if bold else 1) * max(map(len, pieces)) + (4 if cell.verdict else 2.5)
    if cell.picture:
        return 14.0
    small = max(
        (0.86 * len(word) + 2 for line in cell.small for word in line.split(" ")), default=0
    )
    return max(min(longest, 29 if cell.verdict else 24), min(small, 20))


def _at_least(wished: tuple[float, ...], least: list[float]) -> tuple[float, ...]:
    """`wished`, to the width of a line, with what is too narrow taken from the other columns."""
    if sum(least) >= _LINE:
        return tuple(least)
    narrow: set[int] = set()
    while True:
        left = _LINE - sum(least[number] for number in narrow)
        scale = left / sum(wish for number, wish in enumerate(wished) if number not in narrow)
        found = [least[n] if n in narrow else scale * wish for n, wish in enumerate(wished)]
        more = {number for number, width in enumerate(found) if width < least[number]}
        if not more:
            return tuple(found)
        narrow |= more


def _width(cell: Cell) -> float:
    """In letters, as far as a text does not do as well on several lines."""
    small = max((len(line) for line in cell.small), default=0)
    return max(min(len(cell.text), 24), min(0.8 * small, 20))


def plain(cells: list[str]) -> tuple[Cell, ...]:
    """Cells of text alone."""
    return tuple(Cell(text) for text in cells)


def walk(block: Block) -> Iterator[Block]:
    """The block and all blocks within it, in the order they are read."""
    yield block
    if isinstance(block, Section):
        for within in block.blocks:
            yield from walk(within)
    elif isinstance(block, Illustration) and block.data:
        yield block.data


def pictures(document: Document) -> Iterator[Picture]:
    """Every picture of a document, also those in cells of tables, in the order they are read."""
    for section in document.sections:
        for block in walk(section):
            if isinstance(block, Illustration):
                yield block.picture
            elif isinstance(block, Table):
                for row in block.rows:
                    yield from (cell.picture for cell in row if cell.picture)


def section_ids(document: Document) -> set[str]:
    """What a link within the document can lead to."""
    within = (block for section in document.sections for block in walk(section))
    return {block.id for block in within if isinstance(block, Section) and block.id}


def texts(document: Document) -> Iterator[str]:
    """Every text of a document, in the order it is read; a picture by its description."""
    yield from (document.publisher, document.title, document.subtitle, *document.facts)
    for section in document.sections:
        for block in walk(section):
            yield from _texts(block)
    yield document.footer


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield block.text
        case Bullets():
            for item in block.items:
                yield from (item.lead, item.text, *item.more)
        case Table():
            yield block.caption
            for row in (block.headings, *block.rows):
                for cell in row:
                    yield from (cell.text, cell.aside, *cell.small)
                    if cell.picture:
                        yield from (cell.picture.title, cell.picture.description)
        case Illustration():
            yield from (block.picture.title, block.picture.description, block.caption)
        case Section():
            yield block.title
