"""What a prepared page holds, free of how it looks. It lies on the disk as JSON.

A text is a row of pieces, and every figure is a piece of its own that says which cells of the
edition's tables it is: see `pieces.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Piece:
    """A part of a text.

    cells: of which the figure is, as `CellRef` writes them; none for words.
    by, times: how the figure is worked out from them, as `Figure` says.
    row: where all figures of a whole sentence are of one row.
    edition: of which edition the cells are; empty for that of the page.
    """

    text: str
    cells: tuple[str, ...] = ()
    by: str = "cell"
    times: float = 1
    row: str = ""
    edition: str = ""


Text = tuple[Piece, ...]


@dataclass(frozen=True)
class Verdict:
    """An answer as it looks: `look` and `sign` are those of `documents.contents.sure`."""

    word: str
    look: str
    sign: str
    sure: Text = ()


@dataclass(frozen=True)
class Cell:
    """A cell of a table: what it says, what is smaller below it, and where it leads to."""

    text: Text
    small: Text = ()
    page: str = ""
    verdict: Verdict | None = None
    number: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under headings; the first cell of a row is its heading. `goal`: what is aimed at."""

    caption: str
    headings: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]
    goal: tuple[Cell, ...] = ()
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Paragraph:
    """`tone`: plain, smaller, or what a reader must be warned of."""

    text: Text
    tone: Literal["plain", "note", "warning"] = "plain"
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Bullets:
    items: tuple[Text, ...]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True)
class Picture:
    """A drawing by the name of its file, and what it shows in words.

    chart: the file it can be drawn again from, so that one can point at its figures; `hint`: how.
    """

    file: str
    title: str
    description: str
    caption: str
    chart: str = ""
    hint: str = ""
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True)
class Judged:
    """A verdict, how sure it is, and what can turn it."""

    verdict: Verdict
    reasons: tuple[Text, ...] = ()
    kind: Literal["judged"] = "judged"


@dataclass(frozen=True)
class Links:
    """Ways to other pages of the edition: a page's name, and what it is called."""

    items: tuple[tuple[str, str], ...]
    kind: Literal["links"] = "links"


@dataclass(frozen=True)
class File:
    """A file to fetch: where it lies, what it is called when saved, what it is, and its bytes.

    read: what the way to it is called, where a browser can show it too.
    """

    path: str
    name: str
    title: str
    bytes: int
    read: str = ""


@dataclass(frozen=True)
class Files:
    items: tuple[File, ...]
    kind: Literal["files"] = "files"


Block = Table | Paragraph | Bullets | Picture | Judged | Links | Files


@dataclass(frozen=True)
class Section:
    title: str
    blocks: tuple[Block, ...]
    id: str = ""


@dataclass(frozen=True)
class Page:
    """A page. `name`: its address within the edition, such as `maal/2`; empty for the first.

    parent: the page that it is reached from; about: words that search looks in.
    """

    name: str
    title: str
    lead: Text
    sections: tuple[Section, ...]
    parent: str = ""
    about: str = ""


@dataclass(frozen=True)
class GlanceGoal:
    """A goal on the first page: then, now, the change, what is asked, and the verdict."""

    number: int
    title: str
    page: str
    measure: str
    figures: tuple[tuple[Text, Cell], ...]
    verdict: Verdict
    picture: Picture | None


@dataclass(frozen=True)
class Glance:
    """The policy at a glance: the ambition, each goal with figures, and those without."""

    title: str
    lead: Text
    ambition: tuple[Block, ...]
    goals: tuple[GlanceGoal, ...]
    without_data: Text
    waiting: tuple[tuple[int, str, str], ...]
    name: str = ""
