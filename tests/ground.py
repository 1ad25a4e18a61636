"""Ground of a few cells, for tests that need no maps."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from kvarter.areas.groups import Cell, Group
from kvarter.indicators import Cube

SET = "a"


def group(name: str) -> Group:
    """A group of the area set `SET`; `old/wide` is of the set `old`."""
    area_set, _, own = name.rpartition("/")
    return Group.of(area_set or SET, own)


def groups(*names: str) -> list[Group]:
    return [group(name) for name in names]


def cell(*areas: str) -> Cell:
    """A piece of the ground that lies in these areas."""
    return frozenset(groups(*areas))


def cells(*own: tuple[list[str], float]) -> dict[Cell, float]:
    """The amount in each piece of the ground."""
    return {cell(*areas): float(amount) for areas, amount in own}


def cube(rows: Iterable[tuple[str, int, list[str], float, float | None]]) -> Cube:
    """From name, year, areas, numerator and denominator."""
    given = [(name, year, cell(*areas), *amounts) for name, year, areas, *amounts in rows]
    at = {each: number for number, each in enumerate(dict.fromkeys(row[2] for row in given))}
    schema = Cube.empty().amounts.schema
    amounts = [(name, year, at[own], *both, None, None) for name, year, own, *both in given]
    return Cube(tuple(at), pl.DataFrame(amounts, schema=schema, orient="row"))
