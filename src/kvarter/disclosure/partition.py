"""The ground of an indicator and year: which published groups are sums of which cells."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kvarter.areas.groups import WHOLE_CITY, Cell, Group, groups_of
from kvarter.disclosure.table import CellTable
from kvarter.policy.model import AREAS, REST

WHOLE, OTHERS = "whole", "others"
"""The first of a pair that names a cell: of the cases that others are part of, and of those of them
that are not of the part."""


@dataclass(frozen=True)
class Partition:
    """`table` of the cells, and the `counts` of each.

    Cells are the groups, and the pieces that a border cuts: these are never published, but can be
    differences (of two areas that overlap, of an area as it was and as it is, of all areas then and
    now).
    """

    table: CellTable
    counts: dict[Hashable, float]

    @classmethod
    def of(
        cls, amounts: Mapping[Cell, float], groups: Collection[Group], area_set: str
    ) -> Partition:
        """From the amount of every cell of the ground, for the `groups` that figures are given of.

        Cells that only borders part of which nothing is published are one. `area_set`: that of the
        edition; of others, those of which no cell lies in an area are of ground that is gone.
        """
        own = _parted_by(amounts, groups, area_set)
        members = _members(own, area_set)
        return cls(CellTable.of(members), _sums(members, own))

    @classmethod
    def of_part(
        cls,
        part: Mapping[Cell, float],
        whole: Mapping[Cell, float],
        groups: Collection[Group],
        area_set: str,
    ) -> Partition:
        """The ground of cases that are part of others, from the amounts of both.

        The cells of the part are named as in `of`. To each there is `(WHOLE, cell)`, the sum of it
        and of `(OTHERS, cell)`, which is never published.
        """
        own, every = (_parted_by(each, groups, area_set) for each in (part, whole))
        amounts: dict[Hashable, float] = {}
        for piece in every | own:
            amounts[piece] = own.get(piece, 0.0)
            amounts[OTHERS, piece] = every.get(piece, 0.0) - amounts[piece]
        members: dict[Hashable, list[Hashable]] = {}
        for cell, pieces in _members(every | own, area_set).items():
            others: list[Hashable] = [(OTHERS, piece) for piece in pieces]
            members |= {cell: pieces, (OTHERS, cell): others, (WHOLE, cell): [*pieces, *others]}
        return cls(CellTable.of(members), _sums(members, amounts))


def _parted_by(
    amounts: Mapping[Cell, float], groups: Collection[Group], area_set: str
) -> dict[Cell, float]:
    """The amounts of the pieces that the borders of `groups` part, by the groups of each."""
    wanted = frozenset(groups)
    sets = {area_set, *(area.area_set for cell in amounts for area in cell)}
    found: dict[Cell, float] = {}
    for cell, amount in amounts.items():
        piece = groups_of(cell, sets) & wanted
        found[piece] = found.get(piece, 0.0) + amount
    return found


def _members(pieces: Collection[Cell], area_set: str) -> dict[Hashable, list[Hashable]]:
    """The pieces of each cell: of the groups, and of those pieces that are cells themselves.

    A group without a piece is of a ground that is gone: nothing is known of it.
    """
    on_ground = {group for piece in pieces for group in piece}
    members: dict[Hashable, list[Hashable]] = {
        group: [] for group in sorted(on_ground, key=lambda group: (str(group.area_set), group.id))
    }
    for piece in pieces:
        for group in piece:
            members[group].append(piece)
    wide = {WHOLE_CITY, Group(area_set, AREAS), Group(area_set, REST)}
    return members | {piece: [piece] for piece in pieces if piece - wide}


def _sums(
    members: Mapping[Hashable, Iterable[Hashable]], amounts: Mapping[Any, float]
) -> dict[Hashable, float]:
    """The count of each cell."""
    return {cell: sum((amounts[each] for each in own), 0.0) for cell, own in members.items()}
