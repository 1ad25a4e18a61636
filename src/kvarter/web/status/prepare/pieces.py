"""Words and figures of `documents.contents` as the pieces of a prepared page."""

from __future__ import annotations

from typing import Any

from kvarter.documents.contents import CellRef, Figure, Words
from kvarter.documents.contents.sure import Verdict as Answered
from kvarter.tables import table
from kvarter.web.status.prepare.content import Cell, Piece, Text, Verdict


def text(said: str | Words | Figure | None) -> Text:
    """What is said, with each figure in a piece of its own; nothing for None."""
    if said is None or not str(said):
        return ()
    if isinstance(said, Figure):
        return (_piece(said.text, said),)
    if not isinstance(said, Words):
        return (Piece(said),)
    found, at = [], 0
    for start, end, figure in said.spans:
        if said[at:start]:
            found.append(Piece(str(said[at:start])))
        found.append(_piece(str(said[start:end]), figure))
        at = end
    if said[at:]:
        found.append(Piece(str(said[at:])))
    return tuple(found)


def _piece(words: str, figure: Figure) -> Piece:
    return Piece(words, tuple(map(str, figure.cells)), figure.by, figure.times)


def texts(*each: str | Words | Figure) -> Text:
    """Several, one after the other, with a blank between."""
    found: list[Piece] = []
    for one in each:
        pieces = text(one)
        if found and pieces:
            found.append(Piece(" "))
        found += pieces
    return tuple(found)


def of_row(said: str, name: str, row: dict[str, Any]) -> Text:
    """A sentence whose figures are all of one row of a table."""
    if not said:
        return ()
    key = tuple((column, row[column]) for column in table(name).key)
    address = str(CellRef(name, key, "*"))[: -len(".*")]
    return (Piece(said, row=address),)


def given(said: str) -> Text:
    """Words of the policy, the statement or the notes, whose numbers are theirs."""
    return (Piece(said, row="policy"),) if said else ()


def header(said: str, small: str = "", *, page: str = "") -> Cell:
    """The heading of a row."""
    return Cell(text(said), text(small), page)


def number(said: str | Words | Figure | None, small: Words | str = "") -> Cell:
    """A cell with a figure."""
    return Cell(text(said), text(small), number=True)


def headings(*each: str) -> tuple[Text, ...]:
    """The headings of a table."""
    return tuple(map(text, each))


def verdict(answered: Answered) -> Verdict:
    """An answer as it looks."""
    return Verdict(answered.word, answered.look, answered.sign, text(answered.how_sure))
