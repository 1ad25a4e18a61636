"""The land: a wobbly outline, roder in it, districts and postcodes of roder, and the areas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from .people import words

CENTRE = (723_400.0, 6_173_000.0)
CITY_M2 = 92.4e6
RODER = 400

POSTCODES: tuple[tuple[str, str, float, float], ...] = (
    ("1300", "København K", 600, 300),
    ("1600", "København V", -700, -300),
    ("2100", "København Ø", 1600, 3600),
    ("2200", "København N", -900, 1800),
    ("2300", "København S", 2300, -2600),
    ("2400", "København NV", -1700, 3700),
    ("2450", "København SV", -900, -3200),
    ("2500", "Valby", -3000, -1800),
    ("2700", "Brønshøj", -4200, 2600),
    ("2720", "Vanløse", -3700, 300),
)
"""Postcode, district, and where it lies from the centre in metres east and north."""

DISTRICT_NAMES = words(
    """
    Voldkvarteret Nordhede Lærkeholm Vestervang Sydengen Strandlodden Højmarken Klosterskov
    Søndersø Kilderød
    """
)
AREA_NAMES = (
    "Møllevangen",
    "Ved Bøgeparken",
    "Lærkebo",
    "Teglgårdskvarteret",
    "Hyldemarken",
    "Stjernegården",
    "Nordre Kilde",
    "Ved Remisen",
    "Tjørnebakken",
    "Vinterhaven",
    "Sydhegnet",
    "Gåsetoften",
    "Ravnsbro",
    "Ellekrat",
    "Kobberholm",
    "Ved Fyrtårnet",
)
OVERLAPPING = (0, 1)
"""Two areas that grow side by side, so that they overlap."""

TWO_PARTS = 2
"""The area that lies in two polygons."""

ON_THE_BORDER = (3, 4, 5, 6, 7)
"""Areas that begin at the city border and stick out over it."""

REACH_OVER_BORDER = 30.0


@dataclass(frozen=True)
class Geography:
    """All shapes are in EPSG:25832."""

    outline: Polygon
    roder: list[BaseGeometry]
    rode_district: NDArray[np.int64]
    rode_postcode: NDArray[np.int64]
    rode_in_area: NDArray[np.bool_]
    areas: list[tuple[str, BaseGeometry]]

    @property
    def districts(self) -> list[tuple[str, BaseGeometry]]:
        inside = self.rode_district
        return [
            (name, shapely.union_all([self.roder[i] for i in np.flatnonzero(of == inside)]))
            for of, name in enumerate(DISTRICT_NAMES)
        ]


def make_geography(rng: Generator) -> Geography:
    """A city of 92 km2: 400 roder in 10 districts and 10 postcodes, and 16 areas."""
    outline = _outline(rng)
    roder = _relaxed_cells(outline, RODER, rng)
    middles = shapely.get_coordinates(shapely.centroid(roder))
    district_middles = shapely.get_coordinates(
        shapely.centroid(_relaxed_cells(outline, len(DISTRICT_NAMES), rng))
    )
    postcode_middles = np.array([place[2:] for place in POSTCODES]) + CENTRE
    members = _grow_areas(roder, middles, outline, rng)
    in_area = np.zeros(len(roder), dtype=bool)
    in_area[np.concatenate(members)] = True
    return Geography(
        outline,
        roder,
        _nearest(middles, district_middles),
        _nearest(middles, postcode_middles),
        in_area,
        [
            (name, _area_shape([roder[i] for i in of], outline, rng))
            for name, of in zip(AREA_NAMES, members, strict=True)
        ],
    )


def _outline(rng: Generator) -> Polygon:
    """A closed line round the centre whose distance from it is a sum of slow waves."""
    angle = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    radius = np.ones_like(angle)
    for waves in range(2, 9):
        radius += 0.17 / waves * np.cos(waves * angle + rng.uniform(0, 2 * np.pi))
    shape = Polygon(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]))
    metres = np.sqrt(CITY_M2 / shape.area)
    return Polygon(shapely.get_coordinates(shape)[:-1] * metres + CENTRE)


def _relaxed_cells(outline: Polygon, how_many: int, rng: Generator) -> list[BaseGeometry]:
    """Voronoi cells in the outline, evened out by moving each point to the middle of its cell."""
    low_x, low_y, high_x, high_y = outline.bounds
    points = rng.uniform((low_x, low_y), (high_x, high_y), (how_many * 4, 2))
    inside = shapely.contains_xy(outline, points[:, 0], points[:, 1])
    points = points[inside][:how_many]
    cells: list[BaseGeometry] = []
    for _ in range(12):
        diagram = shapely.voronoi_polygons(
            shapely.MultiPoint(points), extend_to=outline, ordered=True
        )
        cells = list(shapely.intersection(shapely.get_parts(diagram), outline))
        points = shapely.get_coordinates(shapely.centroid(cells))
    return cells


def _nearest(points: NDArray[np.float64], middles: NDArray[np.float64]) -> NDArray[np.int64]:
    distance = np.linalg.norm(points[:, None, :] - middles[None, :, :], axis=2)
    nearest: NDArray[np.int64] = distance.argmin(axis=1)
    return nearest


def _grow_areas(
    roder: list[BaseGeometry], middles: NDArray[np.float64], outline: Polygon, rng: Generator
) -> list[list[int]]:
    """The roder of each area: a first one, and those next to it until there are three or four."""
    pairs = shapely.STRtree(roder).query(roder, predicate="dwithin", distance=1.0)
    beside: list[list[int]] = [[] for _ in roder]
    for one, other in pairs.T.tolist():
        if one != other:
            beside[one].append(other)
    border = shapely.distance(roder, outline.exterior) < 1
    taken: set[int] = set()
    closed: set[int] = set()  # roder next to an area, kept free so that areas do not touch
    members: list[list[int]] = []

    def grow(first: int, size: int) -> list[int]:
        grown = [first]
        while len(grown) < size:
            around = {n for i in grown for n in beside[i]} - taken - closed - set(grown)
            if not around:
                break
            grown.append(min(sorted(around), key=lambda n: _gap(middles, n, first)))
        taken.update(grown)
        return grown

    def first_rode(at_border: bool) -> int:
        for i in rng.permutation(len(roder)).tolist():
            far = all(_gap(middles, i, of[0]) > 1500 for of in members)
            if far and bool(border[i]) == at_border and i not in taken | closed:
                return int(i)
        raise RuntimeError("no room for another area")

    for area in range(len(AREA_NAMES)):
        size = 3 + (area % 5 == 3)
        if area == OVERLAPPING[1]:
            beside_first = [n for i in members[0] for n in beside[i] if n not in taken]
            closed.difference_update(beside_first)
            grown = grow(beside_first[0], size)
        else:
            grown = grow(first_rode(area in ON_THE_BORDER), 2 if area == TWO_PARTS else size)
        if area == TWO_PARTS:
            closed.update(n for i in grown for n in beside[i])
            free = [i for i in range(len(roder)) if i not in taken | closed]
            grown += grow(min(free, key=lambda i: _gap(middles, i, grown[0])), 2)
        closed.update(n for i in grown for n in beside[i])
        members.append(grown)
    return members


def _gap(middles: NDArray[np.float64], one: int, other: int) -> float:
    return float(np.linalg.norm(middles[one] - middles[other]))


def _area_shape(roder: list[BaseGeometry], outline: Polygon, rng: Generator) -> BaseGeometry:
    """The roder as someone drew them by hand: a little too large, moved, and over the border."""
    union = shapely.union_all(roder)
    shape = union.buffer(16, join_style="mitre").simplify(8)
    outside = union.buffer(REACH_OVER_BORDER).difference(outline.buffer(1))
    shape = shape.union(outside.buffer(3)).buffer(-4).buffer(2).simplify(1.5)
    shape = translate(shape, *rng.uniform(-12, 12, 2))
    return shape if isinstance(shape, Polygon | MultiPolygon) else shape.convex_hull
