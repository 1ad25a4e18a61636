"""The ground of an indicator and year: which published groups are sums of which pieces."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from kvarter.disclosure.table import CellTable
from kvarter.policy.model import AREAS, CITY, REST

WITHIN = "/"
"""Between an area set and a group of it, where it is not the set of this edition."""

WHOLE, OTHERS = "whole", "others"
"""The first of a pair that names a cell: of the cases that others are part of, and of those of them
that are not of the part."""

_WIDE = (AREAS, REST, CITY)


@dataclass(frozen=True)
class Partition:
    """`table` of the cells, and the `counts` of each.

    Cells are the groups, and the pieces that a border cuts: these are never told, but can be
    differences (of two areas that overlap, of an area as it was and as it is, of all areas then and
    now).
    """

    table: CellTable
    counts: dict[Hashable, float]

    @classmethod
    def of(cls, pieces: pl.DataFrame, groups: Iterable[str], count: str) -> Partition:
        """From the `pieces` of an indicator and year, for the `groups` that figures are given of.

        `count`: the column to add up. Groups of other area sets are written `SET/GROUP`.
        """
        own = _amounts(pieces, set(groups), count)
        members = _members(own)
        return cls(CellTable.of(members), _sums(members, own))

    @classmethod
    def of_part(
        cls, part: pl.DataFrame, whole: pl.DataFrame, groups: Iterable[str], count: str
    ) -> Partition:
        """The ground of cases that are part of others, from the pieces of both.

        The cells of the part are named as in `of`. To each there is `(WHOLE, cell)`, the sum of it
        and of `(OTHERS, cell)`, which is never told.
        """
        wanted = set(groups)
        own, every = _amounts(part, wanted, count), _amounts(whole, wanted, count)
        amounts: dict[Hashable, float] = {}
        for piece in every | own:
            amounts[piece] = own.get(piece, 0.0)
            amounts[OTHERS, piece] = every.get(piece, 0.0) - amounts[piece]
        members: dict[Hashable, list[Hashable]] = {}
        for cell, pieces in _members(every | own).items():
            others: list[Hashable] = [(OTHERS, piece) for piece in pieces]
            members |= {cell: pieces, (OTHERS, cell): others, (WHOLE, cell): [*pieces, *others]}
        return cls(CellTable.of(members), _sums(members, amounts))


def _amounts(pieces: pl.DataFrame, wanted: set[str], count: str) -> dict[frozenset[str], float]:
    """What to add up in each piece; those that only borders nobody is told of part are one."""
    areas_of = pieces["areas"].to_list()
    sets = {area.partition(WITHIN)[0] for areas in areas_of for area in areas if WITHIN in area}
    found: dict[frozenset[str], float] = {}
    for areas, amount in zip(areas_of, pieces[count].to_list(), strict=True):
        piece = frozenset(_groups(areas, sets) & wanted)
        found[piece] = found.get(piece, 0.0) + (amount or 0.0)
    return found


def _members(pieces: Collection[frozenset[str]]) -> dict[Hashable, list[Hashable]]:
    """The pieces of each cell: of the groups, and of those pieces that are cells themselves.

    A group without a piece is of a ground that is gone: nothing is known of it.
    """
    on_ground = {group for piece in pieces for group in piece}
    members: dict[Hashable, list[Hashable]] = {group: [] for group in sorted(on_ground)}
    for piece in pieces:
        for group in piece:
            members[group].append(piece)
    return members | {piece: [piece] for piece in pieces if piece.difference(_WIDE)}


def _sums(
    members: Mapping[Hashable, Iterable[Hashable]], amounts: Mapping[Any, float]
) -> dict[Hashable, float]:
    """The count of each cell."""
    return {cell: sum((amounts[each] for each in own), 0.0) for cell, own in members.items()}


def _groups(areas: list[str], sets: set[str]) -> set[str]:
    """All the groups that a piece in `areas` belongs to, of this area set and of the `sets`."""
    own = {area for area in areas if WITHIN not in area}
    found = {CITY, *areas, AREAS if own else REST}
    inside = {area.partition(WITHIN)[0] for area in areas if area not in own}
    return found | {f"{each}{WITHIN}{AREAS if each in inside else REST}" for each in sets}
