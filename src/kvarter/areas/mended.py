"""The ground of a polygon whose rings may cross themselves or go round twice.

Ground is what a ring goes round, however often and in whichever direction (the nonzero winding
rule); holes are taken out of it. Where a ring crosses itself, it goes round a part of its ground
the other way. Programs differ on whether that is ground, so `drawn` says how much is without it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Points = NDArray[np.float64]


class Mended(NamedTuple):
    """`geometry`: the ground. `drawn`: the area that its rings go round in one direction.

    That of most of it: what a ring goes round the other way is not in `drawn`, and what it goes
    round twice is in it once.
    """

    geometry: BaseGeometry
    drawn: float


def mended(polygon: shapely.Polygon) -> Mended:
    """The ground of one polygon, in the units of its coordinates."""
    if polygon.is_valid:
        return Mended(polygon, polygon.area)
    outer = _within(polygon.exterior)
    holes = [_within(ring) for ring in polygon.interiors]
    geometry = outer.geometry.difference(shapely.union_all([hole.geometry for hole in holes]))
    return Mended(geometry, max(0.0, outer.drawn - sum(hole.drawn for hole in holes)))


def _within(ring: shapely.LinearRing) -> Mended:
    """What a ring goes round."""
    corners = shapely.get_coordinates(ring)
    lines = shapely.union_all([shapely.LineString(corners)])
    faces = shapely.get_parts(shapely.polygonize([lines]))
    inside = shapely.get_coordinates(shapely.point_on_surface(faces))
    times = np.array([_winding(point, corners) for point in inside], dtype=np.int64)
    sizes = shapely.area(faces)
    drawn = max(float(sizes[times > 0].sum()), float(sizes[times < 0].sum()))
    return Mended(shapely.union_all(faces[times != 0]), drawn)


def _winding(point: Points, ring: Points) -> int:
    """How often `ring` goes round `point`, counted against the clock.

    Source: Sunday, D. (2001). Inclusion of a point in a polygon.
    """
    (x, y), (from_, to) = point, (ring[:-1], ring[1:])
    left = (to[:, 0] - from_[:, 0]) * (y - from_[:, 1]) - (x - from_[:, 0]) * (
        to[:, 1] - from_[:, 1]
    )
    up = (from_[:, 1] <= y) & (to[:, 1] > y) & (left > 0)
    down = (from_[:, 1] > y) & (to[:, 1] <= y) & (left < 0)
    return int(up.sum()) - int(down.sum())
