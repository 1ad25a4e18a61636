"""Text -> lines: find what ends a line in a file, and make it one line feed each."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from kvarter.notes import Note

_ENDS = {
    "\r": "CR",
    "\x85": "NEL (U+0085)",
    "\u2028": "LS (U+2028)",
    "\u2029": "PS (U+2029)",
    "\x1e": "RS (U+001E)",
    "\v": "VT (U+000B)",
    "\f": "FF (U+000C)",
}
"""What ends the lines of a file that has no line feed, the likelier first."""

_TOP = 100_000
"""Characters that are looked at before all are, since that copies them."""

_UNUSUAL = re.compile(f"[{''.join(_ENDS)}]")


_PIECE = 2**22
"""Characters that are split at once: memory is used again, and no text of a column reaches 4 GB."""


def lines_of(text: str) -> pl.Series:
    """The lines of `text`, whose lines end with line feeds, as a column.

    Polars takes them from the text as it stands, where Python makes an object of each.
    """
    pieces = [pl.Series([piece]).str.split("\n").explode() for piece in _pieces(text)]
    return pl.concat(pieces, rechunk=True)


def _pieces(text: str) -> Iterator[str]:
    """`text` in pieces of whole lines."""
    start = 0
    while (end := text.find("\n", start + _PIECE)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def first_lines(text: str, count: int) -> list[str]:
    """The first lines of `text`, without a copy of the rest."""
    end = -1
    for _ in range(count):
        end = text.find("\n", end + 1)
        if end < 0:
            return text.split("\n")
    return text[:end].split("\n")


def longest_line(text: str, limit: int) -> int:
    """The length of the longest line, where one is longer than `limit`; else 0."""
    step = limit // 2
    if all(text.find("\n", at, at + step) >= 0 for at in range(0, len(text) - step, step)):
        return 0
    longest = max(map(len, text.split("\n")))
    return longest if longest > limit else 0


def with_line_feeds(text: str, file: str) -> tuple[str, tuple[Note, ...]]:
    """`text` with a line feed after each line, and a note where its lines end otherwise.

    In a file whose lines end with line feeds (with or without carriage returns) or with carriage
    returns, every other mark is a character of the field it stands in.
    """
    while "\r" in text and "\r\n" in text:  # twice where a program wrote both ends
        text = text.replace("\r\n", "\n")
    if "\r" in text:
        only = "\n" not in text.strip()
        text = text.replace("\r", "\n")
        return text, (_note(file, "\r"),) if only else ()
    if any("\n" in part.strip() for part in (text[:_TOP], text)):
        return text, ()
    counts = {end: text.count(end) for end in _ENDS}
    end = max(counts, key=counts.__getitem__)
    if not counts[end]:
        return text, ()
    return text.replace(end, "\n"), (_note(file, end),)


def _note(file: str, end: str) -> Note:
    return Note("{file}: its lines end with the mark {mark}.", {"file": file, "mark": _ENDS[end]})


def part_at_unusual_ends(text: str, delimiter: str, usual: int) -> tuple[str, int]:
    """Lines that are several lines of `usual` delimiters, with another mark between them, parted.

    Files of other systems, pasted together, make them. How many lines were parted comes with it.
    """
    if not usual or not any(end in text for end in _ENDS):
        return text, 0
    lines, parted = text.split("\n"), 0
    for at, line in enumerate(lines):
        if line.count(delimiter) > usual and _UNUSUAL.search(line):
            parts = [part for part in _UNUSUAL.split(line) if part.strip()]
            if len(parts) > 1 and all(part.count(delimiter) == usual for part in parts):
                lines[at] = "\n".join(parts)
                parted += 1
    return ("\n".join(lines), parted) if parted else (text, 0)
