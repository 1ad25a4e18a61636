"""Coordinates or units -> areas, by edition of the area set."""

from kvarter.areas.place import place_cases, place_points, place_units, split_units
from kvarter.areas.polygons import AreaPolygons, Outline, Outlines, read_areas, read_layer

__all__ = [
    "AreaPolygons",
    "Outline",
    "Outlines",
    "place_cases",
    "place_points",
    "place_units",
    "read_areas",
    "read_layer",
    "split_units",
]
