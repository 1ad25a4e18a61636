"""Where names stand beside points, so that they do not lie over each other.

Each name takes the first place that is free: on its point, or around it, nearest first; a name that
has moved away has a line to its point. Where none is free, the place is taken that covers least.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, top, right, bottom; in dots of the picture, with y downwards."""

_WIDE = 0.56
"""The mean width of a letter, to the size of the letters."""
_RINGS = (0.0, 13.0, 20.0, 30.0, 42.0, 56.0)
_WAYS = 12


@dataclass(frozen=True)
class Name:
    """A name and the point that it is of."""

    text: str
    x: float
    y: float
    size: float = 10.0


@dataclass(frozen=True)
class Placed:
    """A name with the middle of its place; `moved`: it stands away from its point."""

    name: Name
    x: float
    y: float
    moved: bool

    @property
    def box(self) -> Box:
        """What it covers."""
        half = _WIDE * self.name.size * len(self.name.text) / 2
        return (
            self.x - half,
            self.y - 0.6 * self.name.size,
            self.x + half,
            self.y + 0.6 * self.name.size,
        )


def placed(
    names: Sequence[Name], frame: Box, taken: Sequence[Box] = (), *, on_points: bool = True
) -> list[Placed]:
    """A place for each name within `frame`, clear of each other and of what is `taken`.

    `on_points`: a name may stand on its own point, as on a map; else only beside it.
    """
    boxes = list(taken)
    found = []
    for name in names:
        ways = list(_ways(name, frame, on_points=on_points))
        best = min(ways, key=lambda way: (_covered(way.box, boxes), ways.index(way)))
        boxes.append(best.box)
        found.append(best)
    return found


def free(names: Sequence[Name], frame: Box, taken: Sequence[Box]) -> list[Placed]:
    """The names that have room on their own points, clear of what is `taken` and of each other."""
    boxes, found = list(taken), []
    for name in names:
        here = Placed(name, name.x, name.y, moved=False)
        if _within(here.box, frame) and not _covered(here.box, boxes):
            boxes.append(here.box)
            found.append(here)
    return found


def _ways(name: Name, frame: Box, *, on_points: bool) -> Iterator[Placed]:
    half = _WIDE * name.size * len(name.text) / 2
    left, top, right, bottom = frame
    for ring in _RINGS if on_points else _RINGS[1:]:
        for way in range(_WAYS if ring else 1):
            angle = 2 * math.pi * way / _WAYS
            # Beside a point the name begins or ends there, and so its middle is further off.
            x = name.x + (ring + (half if ring else 0)) * math.cos(angle)
            y = name.y + (ring if ring else 0) * math.sin(angle)
            x = min(max(x, left + half), right - half)
            y = min(max(y, top + name.size), bottom - name.size)
            yield Placed(name, x, y, moved=ring > _RINGS[2])


def _within(box: Box, frame: Box) -> bool:
    return all((box[0] >= frame[0], box[1] >= frame[1], box[2] <= frame[2], box[3] <= frame[3]))


def _covered(box: Box, others: Sequence[Box]) -> float:
    """How much of the others a box lies over."""
    return sum(
        max(0.0, min(box[2], other[2]) - max(box[0], other[0]))
        * max(0.0, min(box[3], other[3]) - max(box[1], other[1]))
        for other in others
    )
