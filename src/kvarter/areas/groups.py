"""Groups: the ground that figures are told of.

A group is of an area set: one of its areas, all of them together, or the rest of the city. The
whole city is the same of every set.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kvarter.policy.model import AREAS, CITY, REST


class Shared(NamedTuple):
    """What lies in areas of two sets, as an area set of its own."""

    one: str
    other: str

    def __str__(self) -> str:
        return f"{self.one}&{self.other}"


class Group(NamedTuple):
    """A group of an area set: `AREAS`, `REST`, or the id of one area."""

    area_set: str | Shared
    id: str

    @classmethod
    def of(cls, area_set: str | Shared, group: str) -> Group:
        """The group of that id. `CITY` is `WHOLE_CITY`, whatever the set."""
        return WHOLE_CITY if group == CITY else cls(area_set, group)

    @property
    def is_area(self) -> bool:
        """Whether it is a single area."""
        return self.id not in (AREAS, REST, CITY)

    def __str__(self) -> str:
        return self.id


WHOLE_CITY = Group("", CITY)

Cell = frozenset[Group]
"""A piece of the ground that no border crosses, by the areas that it lies in."""


def groups_of(cell: Cell, area_sets: Iterable[str | Shared]) -> Cell:
    """Every group that a cell is part of: the city, its areas, and of each set areas or rest."""
    inside = {area.area_set for area in cell}
    wide = (Group(each, AREAS if each in inside else REST) for each in area_sets)
    return frozenset([WHOLE_CITY, *cell, *wide])


def shared(group: Group, other: Group) -> Group:
    """The ground that a group of two area sets has in both."""
    if group == other:
        return group
    return Group(Shared(str(group.area_set), str(other.area_set)), group.id)
