"""Read polygons from GeoJSON or CSV, and make areas of those that share a name.

All geometry within Kvarter is in EPSG:25832 (ETRS89 / UTM zone 32N), in metres.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from kvarter.areas.mended import mended
from kvarter.errors import InputError, Problem
from kvarter.files import read_table
from kvarter.files.inputs import read_bytes
from kvarter.files.names import clean_name, named_alike
from kvarter.files.once import once
from kvarter.notes import Note
from kvarter.policy.model import AreaSet, Layer

if TYPE_CHECKING:
    from pyproj import Transformer

HOUSE_CRS = "EPSG:25832"
_DENMARK = shapely.box(400_000, 6_000_000, 920_000, 6_450_000)
_DEGREES = 360
_SAME_SIZE = 0.001
"""Mending an outline may change its size by this share; more than that stops the run."""

_MOST_NAMED = 8
_LAST_SINGLE_TYPE = 3
"""Shapely's types up to this are single geometries; those above hold others."""

_MOST_BYTES = 1024**3
"""Of a GeoJSON file: the outlines of all municipalities are a few hundred megabytes."""

_LARGEST = 1e9
"""No coordinate in degrees or metres is as large."""

_CURVES = re.compile("CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON|MULTICURVE|MULTISURFACE", re.I)
_SURFACES = re.compile(r"\s*MULTISURFACE", re.I)
_CURVE_POLYGON = re.compile(r"^\s*CURVEPOLYGON", re.I)
_POLYGON_WITHIN = re.compile(r"([(,]\s*)(?:CURVE)?POLYGON[ ZM]*(?=\()", re.I)

_DEEPEST = 100
"""Brackets within brackets that the text of a geometry can have."""


@dataclass(frozen=True)
class Outline:
    """A polygon (or several) with a name, and how many pieces and repairs it took."""

    name: str
    geometry: BaseGeometry
    pieces: int = 1
    repaired: int = 0


class Outlines(dict[str, Outline]):
    """The outlines of a layer by name, in the order of the file.

    `notes`: what was mended, left out or counted once.
    """

    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class AreaPolygons:
    """The areas of an area set: `outlines` by area id, in the order of the policy.

    `notes`: what was mended, left out or counted once in their layer.
    """

    outlines: dict[str, Outline]
    notes: tuple[Note, ...] = ()

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


@once
def read_layer(layer: Layer, folder: Path) -> Outlines:
    """The polygons of `layer` by name; those that share a name are one outline.

    Polygons that lie over each other are ground once, and what a ring goes round is ground however
    often it does. Raises InputError where the file cannot be read, has no polygons or something
    else among them, lacks the name field, has coordinates that cannot be what `crs` says, or has a
    ring that crosses itself so that mending it changes the size of an outline.
    """
    path = folder / layer.file
    features = list(_features(path, layer))
    drawn = [(each.name, each.geometry) for each in features if each.geometry is not None]
    for name, geometry in drawn:
        if not _polygons(geometry):
            raise InputError(
                Problem(
                    f"{name!r} is no polygon: it has no ground ({geometry.geom_type})",
                    "Export the layer of polygons, or take it out of the layer.",
                    str(path),
                )
            )
    if not drawn:
        raise InputError(
            Problem("there are no polygons in it", "Export the layer again.", str(path))
        )
    crs = _crs(path, layer, features[0].crs)
    to_house = _to_house(path, crs)
    _check_crs(path, crs, to_house, [geometry for _, geometry in drawn])
    found: dict[str, list[BaseGeometry]] = {}
    for name, geometry in drawn:
        if crs != HOUSE_CRS:
            geometry = shapely.transform(geometry, partial(_moved, to_house))
        found.setdefault(name, []).append(geometry)
    whole = {name: _Whole.of(pieces) for name, pieces in found.items()}
    _refuse_changed(path, whole)
    _refuse_outside(path, crs, whole)
    outlines = Outlines(
        {name: Outline(name, w.ground, w.pieces, w.repaired) for name, w in whole.items()}
    )
    outlines.notes = tuple(_notes(path.name, features, whole))
    return outlines


@dataclass(frozen=True)
class _Whole:
    """The `ground` of all `pieces` of a name, and what was seen on the way to it.

    `drawn` and `sizes`: the areas of its parts before and after they were mended (see `ground`), in
    square metres; they are more than the ground where parts lie over each other.
    """

    ground: BaseGeometry
    pieces: int
    repaired: int
    repeated: int
    drawn: float
    sizes: float

    @classmethod
    def of(cls, pieces: list[BaseGeometry]) -> _Whole:
        distinct = list({shapely.normalize(piece).wkb: piece for piece in pieces}.values())
        parts = [part for piece in distinct for part in _polygons(piece)]
        grounds = [mended(part) for part in parts]
        broken = [
            piece for piece in distinct if not all(part.is_valid for part in _polygons(piece))
        ]
        return cls(
            ground=shapely.union_all([ground.geometry for ground in grounds]),
            pieces=len(pieces),
            repaired=len(broken),
            repeated=len(pieces) - len(distinct),
            drawn=sum(ground.drawn for ground in grounds),
            sizes=sum(ground.geometry.area for ground in grounds),
        )


def _polygons(geometry: BaseGeometry) -> list[shapely.Polygon]:
    """The polygons in a geometry, whatever holds them; one without ground is none."""
    polygons = [part for part in _parts(geometry) if isinstance(part, shapely.Polygon)]
    return [each for each in polygons if not each.is_empty and mended(each).geometry.area]


def _parts(geometry: BaseGeometry) -> list[BaseGeometry]:
    """The single geometries in one; collections can hold collections."""
    flat, stack = [], [geometry]
    while stack:
        each = stack.pop()
        if shapely.get_type_id(each) > _LAST_SINGLE_TYPE:
            stack += reversed(shapely.get_parts(each))
        else:
            flat.append(each)
    return flat


def _refuse_changed(path: Path, whole: Mapping[str, _Whole]) -> None:
    problems = [
        Problem(
            f"the outline of {name!r} crosses itself, and mending it changes its size from "
            f"{each.drawn:,.0f} to {each.sizes:,.0f} m²",
            "Mend the outline in a mapping program (in QGIS: Fix geometries), look at it, and "
            "export it again.",
            str(path),
        )
        for name, each in whole.items()
        if abs(each.sizes - each.drawn) > _SAME_SIZE * max(each.sizes, each.drawn)
    ]
    if problems:
        raise InputError(problems)


def _refuse_outside(path: Path, crs: str, whole: Mapping[str, _Whole]) -> None:
    outside = [name for name, each in whole.items() if not _DENMARK.covers(each.ground)]
    if outside:
        raise InputError(
            Problem(
                f"{len(outside)} polygon(s), such as {outside[0]!r}, lie outside Denmark, or have "
                "a corner there",
                f"They were read as {crs}. Are x and y swapped, or is `crs` another?",
                str(path),
                field="crs",
            )
        )


def _notes(layer: str, features: list[_Feature], whole: Mapping[str, _Whole]) -> Iterator[Note]:
    """What was mended, left out or counted once."""

    def named(names: Iterable[str]) -> str:
        distinct = list(dict.fromkeys(names))
        more = ["..."] if len(distinct) > _MOST_NAMED else []
        return ", ".join(distinct[:_MOST_NAMED] + more)

    mended = [name for name, each in whole.items() if each.repaired]
    if mended:
        yield Note(
            "{layer}: outlines that cross or touch themselves were mended, which changes their "
            "size by less than a thousandth: {areas}.",
            {"layer": layer, "areas": named(mended)},
        )
    for name, each in whole.items():
        over = each.sizes - each.ground.area
        if over > _SAME_SIZE * each.ground.area:
            yield Note(
                "{layer}: parts of {area} lie over each other, on {size} square metres. That is "
                "ground and no hole, and counts once.",
                {"layer": layer, "area": name, "size": round(over)},
            )
    repeated = [name for name, each in whole.items() if each.repeated]
    if repeated:
        yield Note(
            "{layer}: polygons that are there more than once with the same name count once: "
            "{areas}.",
            {"layer": layer, "areas": named(repeated)},
        )
    without = [each.name for each in features if each.geometry is None]
    if without:
        yield Note(
            "{layer}: {rows} {rows:feature has|features have} no geometry, and {rows:is|are} "
            "left out: {areas}.",
            {"layer": layer, "rows": len(without), "areas": named(without)},
        )
    others = [
        each.name
        for each in features
        if each.geometry is not None and len(_polygons(each.geometry)) < len(_parts(each.geometry))
    ]
    if others:
        yield Note(
            "{layer}: points, lines and parts without ground among the polygons are left out: "
            "{areas}.",
            {"layer": layer, "areas": named(others)},
        )


def _crs(path: Path, layer: Layer, said: str | None) -> str:
    """The coordinate system that the policy names, or else the file itself; they must agree."""
    named = "crs" in layer.model_fields_set
    if said is None or (named and said == layer.crs):
        return layer.crs
    if named:
        raise InputError(
            Problem(
                f"the file says that its coordinates are {said}, and the policy says {layer.crs}",
                "Set `crs` to what is right, or take it out of the one that is wrong.",
                str(path),
                field="crs",
            )
        )
    return said


def _to_house(path: Path, crs: str) -> Transformer:
    from pyproj import Transformer  # an edition that is opened moves no point
    from pyproj.exceptions import ProjError

    try:
        return Transformer.from_crs(crs, HOUSE_CRS, always_xy=True)
    except ProjError:
        raise InputError(
            Problem(
                f"there is no coordinate system called {crs!r} for maps",
                f"Danish layers are in {HOUSE_CRS} or EPSG:4326.",
                str(path),
                field="crs",
            )
        ) from None


def _moved(transformer: Transformer, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points (one row each) in another coordinate system."""
    return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))


@once
def read_areas(area_set: AreaSet, folder: Path) -> AreaPolygons:
    """The polygons of every area the policy names. Raises InputError for one that is not there."""
    layer = read_layer(area_set, folder)
    outlines = {}
    problems = []
    for area in area_set.areas:
        outline = layer.get(clean_name(area.layer_name or area.name))
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
    named = {clean_name(area.layer_name or area.name) for area in area_set.areas}
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
    return AreaPolygons(outlines, layer.notes)


@dataclass(frozen=True)
class _Feature:
    """A named geometry as the file has it (None where it has none), and the file's own `crs`."""

    name: str
    geometry: BaseGeometry | None
    crs: str | None = None


def _features(path: Path, layer: Layer) -> Iterator[_Feature]:
    """The features of a layer, without heights. Raises InputError for one that cannot be read."""
    if path.suffix.lower() == ".csv":
        wanted = {"name_field": layer.name_field, "geometry_field": layer.geometry_field}
        table = read_table(path, wanted)
        pairs = zip(table.column(layer.name_field), table.column(layer.geometry_field), strict=True)
        for name, text in pairs:
            said = re.match(r"\s*SRID=(\d+);", text)
            geometry = _from_text(path, layer, name, text[said.end() if said else 0 :])
            yield _Feature(clean_name(name), geometry, f"EPSG:{said[1]}" if said else None)
        return
    whole = _geojson(path)
    crs = _crs_said(path, whole)
    for number, feature in enumerate(whole["features"], start=1):
        properties = feature.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        named = named_alike(layer.name_field, [*properties])
        value = properties[named[0]] if len(named) == 1 else None
        if value == "" or isinstance(value, bool) or not isinstance(value, str | int | float):
            raise InputError(
                Problem(
                    f"feature {number} has no property {layer.name_field!r}, or nothing in it",
                    f"It has: {', '.join(properties) or 'none'}. Set `name_field`, or name it.",
                    str(path),
                    field="name_field",
                )
            )
        whole_number = isinstance(value, float) and value.is_integer()
        name = clean_name(str(int(value) if whole_number else value))
        geometry = None
        if feature.get("geometry"):
            try:
                geometry = shape(_without_heights(feature["geometry"]))
            except Exception:  # Shapely has no common error class for what is no geometry
                if _is_curved(feature["geometry"]):
                    raise InputError(_curved(path, name)) from None
                raise InputError(
                    Problem(
                        f"the geometry of {name!r} cannot be read",
                        "Export the layer again.",
                        str(path),
                    )
                ) from None
            _see_finite(path, name, geometry)
        yield _Feature(name, geometry, crs)


def _without_heights(geometry: Any) -> Any:
    """A geometry of GeoJSON whose positions have two numbers, and no third or fourth."""

    def flat(part: Any) -> Any:
        if not isinstance(part, list) or not part:
            return part
        return part[:2] if isinstance(part[0], int | float) else [flat(each) for each in part]

    if "geometries" in geometry:
        return {**geometry, "geometries": [_without_heights(g) for g in geometry["geometries"]]}
    return {**geometry, "coordinates": flat(geometry["coordinates"])}


def _from_text(path: Path, layer: Layer, name: str, text: str) -> BaseGeometry | None:
    """The geometry in well-known text; None for a blank."""
    if not text.strip():
        return None
    # GEOS calls itself for each collection in a collection, until the program breaks.
    letters = np.frombuffer(text.encode(), dtype=np.uint8)
    depth = np.cumsum((letters == ord("(")).astype(int) - (letters == ord(")"))).max()
    text = _with_straight_names(text)
    if _CURVES.search(text):  # GEOS knows these types, and Shapely has none for them
        raise InputError(_curved(path, name))
    geometry = shapely.from_wkt(text, on_invalid="ignore") if depth < _DEEPEST else None
    if geometry is None:
        raise InputError(
            Problem(
                f"the geometry of {name!r} is not WKT",
                "Write it as POLYGON ((x y, x y, ...)).",
                str(path),
                field=layer.geometry_field,
            )
        )
    _see_finite(path, name, geometry)
    return shapely.force_2d(geometry)


def _with_straight_names(text: str) -> str:
    """Well-known text of a surface under the names that it has where all lines are straight."""
    if surfaces := _SURFACES.match(text):
        return "MULTIPOLYGON" + _POLYGON_WITHIN.sub(r"\1", text[surfaces.end() :])
    return _CURVE_POLYGON.sub("POLYGON", text)


def _is_curved(geometry: Any) -> bool:
    """Whether a geometry of GeoJSON is of a type of curves, which the format does not have."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    return isinstance(kind, str) and _CURVES.fullmatch(kind) is not None


def _curved(path: Path, name: str) -> Problem:
    return Problem(
        f"the outline of {name!r} has curves in it",
        "Export it with straight lines: with Segmentize in QGIS, ST_CurveToLine in PostGIS, or "
        "ogr2ogr -nlt CONVERT_TO_LINEAR.",
        str(path),
    )


def _see_finite(path: Path, name: str, geometry: BaseGeometry) -> None:
    numbers = np.abs(shapely.get_coordinates(geometry))
    if not (numbers < _LARGEST).all():
        raise InputError(
            Problem(
                f"a corner of {name!r} has a coordinate that is no number or too large",
                "Export the layer again.",
                str(path),
            )
        )


def _geojson(path: Path) -> dict[str, Any]:
    try:
        whole = json.loads(read_bytes(path, _MOST_BYTES))
        if not all(isinstance(feature, dict) for feature in whole["features"]):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError(
            Problem("this is not a GeoJSON FeatureCollection", "Export it again.", str(path))
        ) from None
    return dict(whole)


def _crs_said(path: Path, whole: Mapping[str, Any]) -> str | None:
    """The coordinate system that a GeoJSON file itself names, as EPSG:25832; None if it does not.

    The member `crs` is of the format's first version (2008); mapping programs still write it.
    """
    try:
        said = whole["crs"]
        name = said if isinstance(said, str) else str(said["properties"]["name"])
    except (KeyError, TypeError):
        return None
    if re.search(r"CRS:?84\b", name):
        return "EPSG:4326"
    found = re.search(r"EPSG:(?:[\d.]*:)?(\d+)$", name)
    if found is None:
        raise InputError(
            Problem(
                f"the file names a coordinate system that is not known: {name[:80]!r}",
                f"Export it in {HOUSE_CRS} or EPSG:4326.",
                str(path),
                field="crs",
            )
        )
    return f"EPSG:{found[1]}"


def _check_crs(path: Path, said: str, to_house: Transformer, pieces: list[BaseGeometry]) -> None:
    """Degrees and metres cannot be mistaken for each other; say so where the policy has."""
    west, south, east, north = shapely.total_bounds(pieces)
    in_degrees = max(abs(west), abs(south), abs(east), abs(north)) <= _DEGREES
    crs = to_house.source_crs
    if crs is not None and in_degrees != crs.is_geographic:
        likely = "EPSG:4326" if in_degrees else HOUSE_CRS
        raise InputError(
            Problem(
                f"the coordinates ({west:g} {south:g} to {east:g} {north:g}) cannot be {said}",
                f"They look like {likely}: set `crs: {likely}`.",
                str(path),
                field="crs",
            )
        )
