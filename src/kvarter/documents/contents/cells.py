"""Figures that know where they come from, and words that have them inside.

A figure is text, the value behind it, and the cells of the edition's tables that the value is. So
every number that is shown can be traced: `value_of` works it out again from the edition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote, unquote

import polars as pl

from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.tables import table

Value = str | int | float | bool | None
By = Literal["cell", "less", "count", "per_year", "elapsed"]

_DERIVED: dict[By, Callable[..., Any]] = {
    "cell": lambda cell: cell,
    "less": lambda cell, other: cell - other,
    "count": lambda *cells: len(cells),
    "per_year": lambda part, last, first: part / (last - first),
    "elapsed": lambda now, last, first: (now - first) / (last - first),
}
"""How a value is worked out from its cells, in their order."""

_FIRST, _LAST, _BETWEEN, _ZERO = "\ufdd0", "\ufdd1", "\ufdd2", 0xFDD3
_MARKED = re.compile(f"{_FIRST}([\ufdd3-\ufddc]+){_BETWEEN}(.*?){_LAST}", re.S)
_MARKS = re.compile("[\ufdd0-\ufdef]")


@dataclass(frozen=True)
class CellRef:
    """One cell: the table, the row by its key, and the column.

    Of `policy` and `statement`, which are no tables, the key is empty and the column is the path of
    the field, such as `ambition.year`.

    >>> str(CellRef("not_placed", (("cases", "notice"), ("period", 2023)), "count"))
    'not_placed[cases=notice;period=2023].count'
    """

    table: str
    key: tuple[tuple[str, str | int], ...]
    column: str

    def __str__(self) -> str:
        parts = (f"{name}={quote(str(value), safe='')}" for name, value in self.key)
        row = f"[{';'.join(parts)}]" if self.key else ""
        return f"{self.table}{row}.{self.column}"

    @classmethod
    def parse(cls, text: str) -> CellRef:
        """The cell that a text names, as `str` writes it. Raises ValueError for any other text."""
        found = re.fullmatch(r"(\w+)(?:\[(.*)\])?\.([\w.-]+)", text, re.S)
        if found is None:
            raise ValueError(f"{text!r} names no cell")
        parts = [part.partition("=") for part in (found[2] or "").split(";") if part]
        if found[1] in ("policy", "statement"):
            return cls(found[1], (), found[3])
        types = table(found[1]).columns
        key = tuple(
            (name, int(value) if types[name].type == "whole" else unquote(value))
            for name, _, value in parts
        )
        return cls(found[1], key, found[3])


@dataclass(frozen=True)
class Figure:
    """A number or name as it is read, and what it is made of.

    value: what stands in the cell, or is worked out from `cells` as `by` says.
    times: what the value is multiplied by to be read: 100 for a fraction that is read in percent.
    """

    text: str
    value: Value
    cells: tuple[CellRef, ...]
    by: By = "cell"
    times: float = 1

    def __str__(self) -> str:
        return self.text


class Words(str):
    """A text that knows its figures: `spans` has the start and end of each, and the figure.

    It is read as any other text; what can show where a number comes from looks at the spans.
    """

    __slots__ = ("spans",)
    spans: tuple[tuple[int, int, Figure], ...]

    def __new__(cls, text: str = "", spans: tuple[tuple[int, int, Figure], ...] = ()) -> Words:
        made = super().__new__(cls, text)
        made.spans = spans
        return made

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures in the order they are read."""
        return tuple(figure for _, _, figure in self.spans)


NO_WORDS = Words()
"""Nothing to say."""


def value_at(edition: Edition, ref: CellRef) -> Value:
    """What stands in a cell of the edition. Raises LookupError where there is no such cell."""
    if ref.table in ("policy", "statement"):
        part: Any = edition.policy if ref.table == "policy" else edition.statement
        for name in ref.column.split("."):
            part = _within(part, name)
        found: Value = part
        return found
    frame = edition.tables[ref.table]
    rows = frame.filter(*(pl.col(name) == value for name, value in ref.key))
    if rows.height != 1:
        raise LookupError(f"{ref}: {rows.height} rows")
    cell: Value = rows[ref.column].item()
    return cell


def _within(part: Any, name: str) -> Any:
    if isinstance(part, list):
        return part[int(name)]
    if isinstance(part, Mapping):
        return next(value for key, value in part.items() if str(key) == name)
    return getattr(part, name)


def value_of(edition: Edition, figure: Figure) -> Value:
    """The value of a figure, worked out from the edition again. Raises as `value_at` does."""
    cells = [value_at(edition, cell) for cell in figure.cells]
    worked_out: Value = _DERIVED[figure.by](*cells)
    return worked_out


def worked_out(by: By, text: Callable[[Any], str], *figures: Figure, times: float = 1) -> Figure:
    """A figure worked out from others, each of one cell; `text` makes its words of the value."""
    value = _DERIVED[by](*(figure.value for figure in figures))
    return Figure(text(value), value, tuple(figure.cells[0] for figure in figures), by, times)


@dataclass(frozen=True)
class Row:
    """A row of a table, which makes figures of its cells."""

    table: str
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]

    def ref(self, column: str) -> CellRef:
        """The cell of a column."""
        key = tuple((name, self.values[name]) for name in table(self.table).key)
        return CellRef(self.table, key, column)

    def figure(self, column: str, text: str, times: float = 1) -> Figure:
        """The figure of a column, read as `text`."""
        return Figure(text, self.values[column], (self.ref(column),), times=times)

    def percent(self, column: str, decimals: int = 0) -> Figure:
        """A fraction, in percent."""
        return self.figure(column, locale.percent(100 * self[column], decimals), 100)

    def number(self, column: str, decimals: int = 0) -> Figure:
        """A number as the language writes it."""
        return self.figure(column, locale.number(self[column], decimals))

    def year(self, column: str) -> Figure:
        """A year."""
        return self.figure(column, str(self[column]))


def rows_of(edition: Edition, name: str, **key: str | int) -> list[Row]:
    """The rows of a table that have these values; none where the edition has no such table."""
    frame = edition.tables.get(name)
    if frame is None or frame.is_empty():
        return []
    found = frame.filter(*(pl.col(column) == value for column, value in key.items()))
    return [Row(name, values) for values in found.iter_rows(named=True)]


def row_of(edition: Edition, name: str, **key: str | int) -> Row | None:
    """The one row of a table that has these values; None where there is none."""
    return next(iter(rows_of(edition, name, **key)), None)


def of_policy(path: str, text: str, value: Value = None) -> Figure:
    """A text or number of the policy, by the path of its field."""
    return Figure(text, text if value is None else value, (CellRef("policy", (), path),))


def phrase(message: str, **values: object) -> Words:
    """`message` in the language, with `values` filled in; figures and words keep their spans."""
    marks: list[Figure] = []
    marked = {name: _Marked(value, marks) for name, value in values.items()}
    return _parsed(_(message, **marked), marks)


def listed(things: Iterable[str | Figure], word: Literal["and", "or"] = "and") -> Words:
    """`a, b and c`, with the spans of what is listed."""
    marks: list[Figure] = []
    each = [format(_Marked(thing, marks)) for thing in things]
    return _parsed(locale.listed(each, word) if each else "", marks)


def joined(parts: Iterable[str | Figure], between: str = " ") -> Words:
    """The parts one after the other, with their spans; blank parts are left out."""
    marks: list[Figure] = []
    texts = [format(_Marked(part, marks)) for part in parts if str(part)]
    return _parsed(between.join(texts), marks)


class _Marked:
    """A value that is filled into a message with signs around its figures."""

    def __init__(self, value: object, marks: list[Figure]) -> None:
        self.value, self.marks = value, marks

    def __str__(self) -> str:
        return str(self.value)

    def __format__(self, spec: str) -> str:
        if isinstance(self.value, Figure):
            return self._mark(self.value.text, self.value)
        text = str(self.value)
        if not isinstance(self.value, Words):
            return _MARKS.sub("", text)
        pieces, at = [], 0
        for start, end, figure in self.value.spans:
            pieces += [_MARKS.sub("", text[at:start]), self._mark(text[start:end], figure)]
            at = end
        return "".join([*pieces, _MARKS.sub("", text[at:])])

    def _mark(self, text: str, figure: Figure) -> str:
        number = "".join(chr(_ZERO + int(digit)) for digit in str(len(self.marks)))
        self.marks.append(figure)
        return f"{_FIRST}{number}{_BETWEEN}{_MARKS.sub('', text)}{_LAST}"


def _parsed(marked: str, marks: list[Figure]) -> Words:
    pieces, spans, at, length = [], [], 0, 0
    for found in _MARKED.finditer(marked):
        before = marked[at : found.start()]
        number = int("".join(str(ord(each) - _ZERO) for each in found[1]))
        start = length + len(before)
        length = start + len(found[2])
        pieces += [before, found[2]]
        spans.append((start, length, marks[number]))
        at = found.end()
    return Words("".join([*pieces, marked[at:]]), tuple(spans))
