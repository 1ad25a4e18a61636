"""What a prepared page holds, free of how it looks. It lies on the disk as JSON.

Every figure says which cell of the edition's tables it is from: see `cells.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Mark = Literal["", "firm", "open", "none"]
"""Of a verdict: nothing turns it, something could, or there is none."""


@dataclass(frozen=True)
class Said:
    """A text. `cell`: where its figure is from; `row`: where all figures of a sentence are from."""

    text: str
    cell: str = ""
    row: str = ""


@dataclass(frozen=True)
class Verdict:
    """A verdict: its word, whether something could turn it, and what, in words."""

    code: Literal["met", "not_met", "cannot_tell", ""]
    word: str
    mark: Mark
    how_sure: str
    row: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a table: what it says, what is smaller below it, and where it leads to."""

    said: Said
    small: tuple[Said, ...] = ()
    page: str = ""
    verdict: Verdict | None = None
    number: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under headings; the first cell of a row is its heading. `goal`: what is aimed at."""

    caption: str
    headings: tuple[Said, ...]
    rows: tuple[tuple[Cell, ...], ...]
    goal: tuple[Cell, ...] = ()
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Paragraph:
    """`tone`: plain, smaller, or what a reader must be warned of."""

    said: tuple[Said, ...]
    tone: Literal["plain", "note", "warning"] = "plain"
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Bullets:
    items: tuple[Said, ...]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True)
class Picture:
    """A drawing by the name of its file, and what it shows in words."""

    file: str
    title: str
    description: Said
    caption: str
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True)
class Judged:
    """A verdict with the sentence that explains it."""

    verdict: Verdict
    sentence: Said
    kind: Literal["judged"] = "judged"


@dataclass(frozen=True)
class Links:
    """Ways to other pages: a page's name, what it is called, what is said of it."""

    items: tuple[tuple[str, str, str], ...]
    kind: Literal["links"] = "links"


@dataclass(frozen=True)
class File:
    """A file to fetch: where it lies, what it is called when saved, what it is, and its bytes."""

    path: str
    name: str
    title: str
    bytes: int


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
    """A page. `name`: its address within the edition, such as `maal/2`; empty for the first."""

    name: str
    title: str
    lead: tuple[Said, ...]
    sections: tuple[Section, ...]
    parent: str = ""
    about: str = field(default="")


@dataclass(frozen=True)
class GlanceGoal:
    """A goal on the first page: then, now, the change, what is aimed at, and the verdict."""

    number: int
    title: str
    page: str
    measure: str
    then: Cell | None
    now: Cell | None
    change: Said | None
    target: Said | None
    verdict: Verdict
    picture: Picture | None


@dataclass(frozen=True)
class Glance:
    """The policy at a glance: the ambition, each goal with figures, and those without."""

    title: str
    lead: tuple[Said, ...]
    ambition: tuple[Block, ...]
    goals: tuple[GlanceGoal, ...]
    without_data: tuple[tuple[int, str, str], ...]
