"""Where a figure on a page is from: the address of a cell in the edition's tables.

`results?indicator=hearings&period=2023&group=areas#value` is a cell, and without its column it is
a whole row, from which all figures of a sentence are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from kvarter.editions import Edition
from kvarter.tables import table
from kvarter.web.status.prepare.content import Said

Row = Mapping[str, Any]


def row_address(name: str, row: Row) -> str:
    """The address of a row by the key of its table."""
    return f"{name}?{urlencode([(column, row[column]) for column in table(name).key])}"


def cell_address(name: str, row: Row, column: str) -> str:
    """The address of a cell."""
    return f"{row_address(name, row)}#{column}"


def figure(text: str, name: str, row: Row, column: str) -> Said:
    """A figure, as `text`, of a cell."""
    return Said(text, cell=cell_address(name, row, column))


def sentence(text: str, name: str, row: Row) -> Said:
    """A sentence whose figures are all of one row."""
    return Said(text, row=row_address(name, row))


def parts(message: str, **figures: Said) -> tuple[Said, ...]:
    """A message with its figures in their places, such as `{covered} of the way`.

    The pieces are read with a blank between; a mark right after a figure goes with it.
    """
    found: list[Said] = []
    for piece in re.split(r"(\{\w+\})", message):
        if piece.startswith("{"):
            found.append(figures[piece[1:-1]])
            continue
        mark = re.match(r"[.,;:)]*", piece)
        if mark and mark[0] and found:
            found[-1] = replace(found[-1], text=found[-1].text + mark[0])
            piece = piece[mark.end() :]
        if piece.strip():
            found.append(Said(piece.strip()))
    return tuple(found)


def row_at(edition: Edition, address: str) -> dict[str, Any]:
    """The row that an address leads to. Raises KeyError where there is none, or several."""
    name, _, rest = address.partition("?")
    wanted = dict(parse_qsl(rest.partition("#")[0], keep_blank_values=True))
    found = [
        row
        for row in edition.tables[name].iter_rows(named=True)
        if all(str(row[column]) == value for column, value in wanted.items())
    ]
    if len(found) != 1:
        raise KeyError(f"{len(found)} rows at {address}")
    return found[0]


def value_at(edition: Edition, address: str) -> Any:
    """What stands in the cell that an address leads to. Raises KeyError where there is none."""
    return row_at(edition, address)[address.partition("#")[2]]
