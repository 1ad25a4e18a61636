"""The ground of an indicator and year: which published groups are sums of which pieces."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import polars as pl

from kvarter.disclosure.table import CellTable
from kvarter.policy.model import AREAS, CITY, REST

WITHIN = "/"
"""Between an area set and a group of it, where it is not the set of this edition."""

_WIDE = (AREAS, REST, CITY)


@dataclass(frozen=True)
class Ground:
    """`table` of the cells, and the `counts` of each.

    Cells are the groups, and the pieces that a border cuts: these are never told, but can be
    differences (of two areas that overlap, of an area as it was and as it is, of all areas then and
    now).
    """

    table: CellTable
    counts: dict[Hashable, float]

    @classmethod
    def of(cls, pieces: pl.DataFrame, groups: Iterable[str], count: str) -> Ground:
        """From the `pieces` of an indicator and year, for the `groups` that figures are given of.

        `count`: the column to add up. Groups of other area sets are written `SET/GROUP`.
        """
        wanted, areas_of = set(groups), pieces["areas"].to_list()
        sets = {area.partition(WITHIN)[0] for areas in areas_of for area in areas if WITHIN in area}
        # Pieces that only borders nobody is told of keep apart are one.
        own: dict[frozenset[str], float] = {}
        for areas, amount in zip(areas_of, pieces[count].to_list(), strict=True):
            piece = frozenset(_groups(areas, sets) & wanted)
            own[piece] = own.get(piece, 0.0) + (amount or 0.0)
        # A group without a piece is of a ground that is gone: nothing is known of it.
        on_ground = {group for piece in own for group in piece}
        members: dict[Hashable, list[Hashable]] = {group: [] for group in sorted(on_ground)}
        narrow: dict[Hashable, list[Hashable]] = {}
        for piece in own:
            for group in piece:
                members[group].append(piece)
            if piece.difference(_WIDE):
                narrow[piece] = [piece]
        members |= narrow
        counts: dict[Hashable, float] = {piece: own[piece] for piece in own if piece in narrow}
        counts = {group: 0.0 for group in members if group not in narrow} | counts
        for piece, amount in own.items():
            for group in piece:
                counts[group] += amount
        return cls(CellTable.of(members), counts)


def _groups(areas: list[str], sets: set[str]) -> set[str]:
    """All the groups that a piece in `areas` belongs to, of this area set and of the `sets`."""
    own = {area for area in areas if WITHIN not in area}
    found = {CITY, *areas, AREAS if own else REST}
    inside = {area.partition(WITHIN)[0] for area in areas if area not in own}
    return found | {f"{each}{WITHIN}{AREAS if each in inside else REST}" for each in sets}
