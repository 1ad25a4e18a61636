"""A text with headings, lists and links, as people write it in plain letters.

`## Heading`, `- item` and `[words](https://...)`; an empty line begins a new paragraph. Everything
else is text: there is no HTML, and an address that does not lead to a page or to mail is no link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_HEADING = re.compile(r"#{1,6}\s+(.+?)\s*#*\s*")
_ITEM = re.compile(r"\s{0,3}[-*•]\s+(.+)")
_LINK = re.compile(r"\[([^\[\]]+)\]\(((?:https?://|mailto:)[^\s()<>\"']+)\)")


@dataclass(frozen=True)
class Span:
    """Part of a text; `link` is the address it leads to, empty where it leads nowhere."""

    text: str
    link: str = ""


@dataclass(frozen=True)
class Part:
    """A heading, a paragraph, or a list; of a list each line is an item."""

    kind: Literal["heading", "paragraph", "list"]
    lines: tuple[tuple[Span, ...], ...]

    def plain(self) -> list[str]:
        """Each line as plain text, with the address of a link in brackets behind its words."""
        return ["".join(_plainly(span) for span in line) for line in self.lines]


def parts_of(text: str) -> list[Part]:
    r"""The parts of a text, in order; none for a blank one.

    >>> [part.kind for part in parts_of("## Nu\n\nVi ser på det.\n- først\n- så")]
    ['heading', 'paragraph', 'list']
    """
    return list(_parts(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))


def _parts(lines: list[str]) -> Iterator[Part]:
    words: list[str] = []
    items: list[str] = []
    for line in [*lines, ""]:
        item, heading = _ITEM.fullmatch(line), _HEADING.fullmatch(line.strip())
        if items and (heading or not line.strip() or not (item or line.startswith("  "))):
            yield Part("list", tuple(map(spans_of, items)))
            items = []
        if words and (heading or item or not line.strip()):
            yield Part("paragraph", (spans_of(" ".join(words)),))
            words = []
        if heading:
            yield Part("heading", (spans_of(heading[1]),))
        elif item:
            items.append(item[1].strip())
        elif items and line.strip():
            items[-1] += f" {line.strip()}"
        elif line.strip():
            words.append(line.strip())


def spans_of(text: str) -> tuple[Span, ...]:
    """A line as words and links."""
    found, at = [], 0
    for link in _LINK.finditer(text):
        if text[at : link.start()]:
            found.append(Span(text[at : link.start()]))
        found.append(Span(link[1], link[2]))
        at = link.end()
    if text[at:]:
        found.append(Span(text[at:]))
    return tuple(found)


def _plainly(span: Span) -> str:
    address = span.link.removeprefix("mailto:")
    return span.text if not address or address == span.text else f"{span.text} ({address})"
