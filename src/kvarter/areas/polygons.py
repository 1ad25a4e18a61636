"""Read polygons from GeoJSON or CSV, and make areas of those that share a name.

All geometry within Kvarter is in EPSG:25832 (ETRS89 / UTM zone 32N), in metres.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from pyproj.exceptions import ProjError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from kvarter.errors import InputError, Problem
from kvarter.files import read_table
from kvarter.inputs import read_bytes
from kvarter.policy.model import AreaSet, Layer

HOUSE_CRS = "EPSG:25832"
_DENMARK = shapely.box(400_000, 6_000_000, 920_000, 6_450_000)
_DEGREES = 360


@dataclass(frozen=True)
class Outline:
    """A polygon (or several) with a name, and how many pieces and repairs it took."""

    name: str
    geometry: BaseGeometry
    pieces: int = 1
    repaired: int = 0


@dataclass(frozen=True)
class AreaPolygons:
    """The areas of an area set: `outlines` by area id, in the order of the policy."""

    outlines: dict[str, Outline]

    @property
    def union(self) -> BaseGeometry:
        return shapely.union_all([outline.geometry for outline in self.outlines.values()])

    @property
    def overlap_m2(self) -> float:
        """Ground that lies in more than one area, counted once per extra area."""
        total = sum(outline.geometry.area for outline in self.outlines.values())
        return float(total - self.union.area)

    def outside_m2(self, city: BaseGeometry) -> float:
        """Ground of the areas that lies outside `city`, counted in each area that has it."""
        return float(
            sum(outline.geometry.difference(city).area for outline in self.outlines.values())
        )


def read_layer(layer: Layer, folder: Path) -> dict[str, Outline]:
    """The polygons of `layer` by name; those that share a name are one outline.

    Raises InputError where the file cannot be read, has no polygons or something else among them,
    lacks the name field, or has coordinates that cannot be what `crs` says.
    """
    path = folder / layer.file
    found: dict[str, list[BaseGeometry]] = {}
    repaired: dict[str, int] = {}
    for name, geometry in _features(path, layer):
        if not geometry.is_valid:
            geometry = shapely.make_valid(geometry)
            repaired[name] = repaired.get(name, 0) + 1
        if not geometry.area:
            raise InputError(
                Problem(
                    f"{name!r} is no polygon: it has no ground ({geometry.geom_type})",
                    "Export the layer of polygons, or take it out of the layer.",
                    str(path),
                )
            )
        found.setdefault(name, []).append(geometry)
    if not found:
        raise InputError(
            Problem("there are no polygons in it", "Export the layer again.", str(path))
        )
    to_house = _to_house(path, layer)
    _check_crs(path, layer, to_house, [piece for pieces in found.values() for piece in pieces])
    outlines = {}
    for name, pieces in found.items():
        whole = shapely.union_all(pieces)
        if layer.crs != HOUSE_CRS:
            whole = shapely.transform(whole, partial(_moved, to_house))
        outlines[name] = Outline(name, whole, len(pieces), repaired.get(name, 0))
    outside = [
        name for name, outline in outlines.items() if not _DENMARK.intersects(outline.geometry)
    ]
    if outside:
        raise InputError(
            Problem(
                f"{len(outside)} polygon(s), such as {outside[0]!r}, lie outside Denmark",
                f"They were read as {layer.crs}. Are x and y swapped, or is `crs` another?",
                str(path),
                field="crs",
            )
        )
    return outlines


def _to_house(path: Path, layer: Layer) -> Transformer:
    try:
        return Transformer.from_crs(layer.crs, HOUSE_CRS, always_xy=True)
    except ProjError:
        raise InputError(
            Problem(
                f"there is no coordinate system called {layer.crs!r} for maps",
                f"Danish layers are in {HOUSE_CRS} or EPSG:4326.",
                str(path),
                field="crs",
            )
        ) from None


def _moved(transformer: Transformer, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points (one row each) in another coordinate system."""
    return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))


def read_areas(area_set: AreaSet, folder: Path) -> AreaPolygons:
    """The polygons of every area the policy names. Raises InputError for one that is not there."""
    layer = read_layer(area_set, folder)
    outlines = {}
    problems = []
    for area in area_set.areas:
        outline = layer.get(area.layer_name or area.name)
        if outline is None:
            problems.append(
                Problem(
                    f"the area {area.layer_name or area.name!r} is not in the layer",
                    f"The layer has: {', '.join(sorted(layer))}. Give `layer_name`.",
                    str(folder / area_set.file),
                    field=f"area_sets[{area_set.id}].areas[{area.id}]",
                )
            )
        else:
            outlines[area.id] = Outline(
                area.name, outline.geometry, outline.pieces, outline.repaired
            )
    named = {area.layer_name or area.name for area in area_set.areas}
    problems += [
        Problem(
            f"the layer has an area {name!r} that the policy does not name",
            "Add it under `areas`, or take it out of the layer.",
            str(folder / area_set.file),
            field=f"area_sets[{area_set.id}].areas",
        )
        for name in sorted(set(layer) - named)
    ]
    if problems:
        raise InputError(problems)
    return AreaPolygons(outlines)


def _features(path: Path, layer: Layer) -> Iterator[tuple[str, BaseGeometry]]:
    if path.suffix.lower() == ".csv":
        wanted = {"name_field": layer.name_field, "geometry_field": layer.geometry_field}
        table = read_table(path, wanted)
        pairs = zip(table.column(layer.name_field), table.column(layer.geometry_field), strict=True)
        for name, text in pairs:
            geometry = shapely.from_wkt(text, on_invalid="ignore")
            if geometry is None:
                raise InputError(
                    Problem(
                        f"the geometry of {name!r} is not WKT",
                        "Write it as POLYGON ((x y, x y, ...)).",
                        str(path),
                        field=layer.geometry_field,
                    )
                )
            yield name, geometry
        return
    for number, feature in enumerate(_geojson(path), start=1):
        properties = feature.get("properties") or {}
        if layer.name_field not in properties:
            raise InputError(
                Problem(
                    f"feature {number} has no property {layer.name_field!r}",
                    f"It has: {', '.join(properties) or 'none'}. Set `name_field`.",
                    str(path),
                    field="name_field",
                )
            )
        if feature.get("geometry"):
            name = str(properties[layer.name_field])
            try:
                geometry = shape(feature["geometry"])
            except Exception:  # Shapely has no common error class for what is no geometry
                raise InputError(
                    Problem(
                        f"the geometry of {name!r} cannot be read",
                        "Export the layer again.",
                        str(path),
                    )
                ) from None
            yield name, geometry


def _geojson(path: Path) -> list[dict[str, Any]]:
    try:
        features = json.loads(read_bytes(path))["features"]
        if not all(isinstance(feature, dict) for feature in features):
            raise TypeError
    except (ValueError, KeyError, TypeError):
        raise InputError(
            Problem("this is not a GeoJSON FeatureCollection", "Export it again.", str(path))
        ) from None
    return list(features)


def _check_crs(path: Path, layer: Layer, to_house: Transformer, pieces: list[BaseGeometry]) -> None:
    """Degrees and metres cannot be mistaken for each other; say so where the policy has."""
    west, south, east, north = shapely.total_bounds(pieces)
    in_degrees = max(abs(west), abs(south), abs(east), abs(north)) <= _DEGREES
    crs = to_house.source_crs
    if crs is not None and in_degrees != crs.is_geographic:
        likely = "EPSG:4326" if in_degrees else HOUSE_CRS
        raise InputError(
            Problem(
                f"the coordinates ({west:g} {south:g} to {east:g} {north:g}) cannot be {layer.crs}",
                f"They look like {likely}: set `crs: {likely}`.",
                str(path),
                field="crs",
            )
        )
