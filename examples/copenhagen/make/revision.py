"""The later revision of the areas: one has grown, one is dropped, one is new."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from .geography import Geography

GROWN, DROPPED, NEW = "Hyldemarken", "Vinterhaven", "Ved Svanedammen"

Roder = NDArray[np.int64]
"""Positions in `Geography.roder`."""


def roder_in(geography: Geography, shape: BaseGeometry) -> Roder:
    """The roder that lie in `shape` by more than half."""
    inside = shapely.area(shapely.intersection(geography.roder, shape))
    members: Roder = np.flatnonzero(inside > 0.5 * shapely.area(geography.roder))
    return members


def revised(geography: Geography) -> list[tuple[str, BaseGeometry]]:
    """The areas of the revision: what is unchanged has exactly the shape it had."""
    shapes = dict(geography.areas)
    taken = roder_in(geography, shapely.union_all(list(shapes.values())))
    others = [shape for name, shape in shapes.items() if name != GROWN]
    around = _free(geography, taken, shapely.union_all(others))
    grown_by = _beside(geography, roder_in(geography, shapes[GROWN]), around)[:2]
    shapes[GROWN] = _with(geography, shapes[GROWN], grown_by)
    free = _free(geography, taken, shapely.union_all(list(shapes.values())))
    first = next(rode for rode in free if len(_beside(geography, np.array([rode]), free)) >= 2)
    new = np.array([first, *_beside(geography, np.array([first]), free)[:2]])
    del shapes[DROPPED]
    return [*shapes.items(), (NEW, shapely.union_all([geography.roder[i] for i in new]))]


def _free(geography: Geography, taken: Roder, ground: BaseGeometry) -> Roder:
    """The roder outside every area that do not touch `ground`."""
    clear = shapely.distance(geography.roder, ground) > 25
    free: Roder = np.setdiff1d(np.flatnonzero(clear), taken)
    return free


def _beside(geography: Geography, roder: Roder, among: Roder) -> Roder:
    """Those `among` others that share a border with any of `roder`."""
    ground = shapely.union_all([geography.roder[i] for i in roder])
    near = [i for i in among if i not in roder and geography.roder[i].distance(ground) < 1]
    return np.array(near, dtype=np.int64)


def _with(geography: Geography, shape: BaseGeometry, roder: Roder) -> BaseGeometry:
    grown = shapely.union_all([shape, *(geography.roder[i] for i in roder)])
    return grown.buffer(3).buffer(-3)
