"""The areas of an edition on the map, and what must be known of their borders."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from kvarter.areas import AreaPolygons, Outline
from kvarter.areas.polygons import HOUSE_CRS

AREAS = "areas.geojson"
"""The file with the shapes, among the data of an edition."""

_SQUARE = 200.0
"""Metres: addresses in one square or in neighbouring ones are of the same ground on the map."""


@dataclass(frozen=True)
class Geography:
    """Shapes for the map, in EPSG:25832, and facts that the report must say.

    areas: the areas by id, in the order of the policy.
    districts: the districts of the municipality by name; none where the policy has no such layer.
    built_up: the ground around the municipality's addresses, where there are no districts.
    overlap_m2, outside_m2: ground in more than one area, and outside the districts.
    entrances_in_several, entrances_of_others: addresses in more than one area, and those within
        the areas that belong to another municipality.
    mended: polygons whose outline crossed itself, and was mended.
    """

    areas: Mapping[str, Outline] = field(default_factory=dict)
    districts: Mapping[str, Outline] = field(default_factory=dict)
    built_up: BaseGeometry | None = None
    overlap_m2: float = 0.0
    outside_m2: float | None = None
    entrances_in_several: int = 0
    entrances_of_others: int = 0
    mended: int = 0

    @classmethod
    def of(
        cls,
        areas: AreaPolygons,
        layers: Mapping[str, Mapping[str, Outline]],
        entrances: pl.DataFrame,
        in_areas: pl.DataFrame,
        municipality: str,
    ) -> Geography:
        """The facts of `areas`; `in_areas`: `place, area` of every entrance that lies in one."""
        own = entrances.filter(pl.col("municipality_code") == municipality)
        several = (
            in_areas.join(own, on="place", how="semi")
            .group_by("place")
            .len()
            .filter(pl.col("len") > 1)
        )
        districts = layers.get("districts", {})
        city = city_of(districts)
        drawn = [areas.outlines, *layers.values()]
        return cls(
            areas=areas.outlines,
            districts=districts,
            built_up=None if districts else built_up(own),
            overlap_m2=areas.overlap_m2,
            outside_m2=areas.outside_m2(city) if city is not None else None,
            entrances_in_several=several.height,
            entrances_of_others=in_areas.join(own, on="place", how="anti")["place"].n_unique(),
            mended=sum(outline.repaired for each in drawn for outline in each.values()),
        )

    def facts(self) -> dict[str, Any]:
        """What is said of the borders, without the shapes."""
        return {
            "overlap_m2": self.overlap_m2,
            "outside_m2": self.outside_m2,
            "entrances_in_several": self.entrances_in_several,
            "entrances_of_others": self.entrances_of_others,
            "mended": self.mended,
        }

    def write_shapes(self, path: Path) -> None:
        """Write the shapes as GeoJSON, with every coordinate as it is."""
        features = [*_features("area", self.areas), *_features("district", self.districts)]
        if self.built_up is not None:
            features.append(_feature("built_up", "", Outline("", self.built_up)))
        crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{HOUSE_CRS}"}}
        collection = {"type": "FeatureCollection", "crs": crs, "features": features}
        path.write_text(json.dumps(collection, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path, facts: Mapping[str, Any]) -> Geography:
        """What `write_shapes` wrote, with the `facts`."""
        by_kind: dict[str, dict[str, Outline]] = {"area": {}, "district": {}, "built_up": {}}
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            said = feature["properties"]
            outline = Outline(
                *(said["name"], shape(feature["geometry"]), said["pieces"], said["repaired"])
            )
            by_kind[said["kind"]][said["id"]] = outline
        around = by_kind["built_up"].get("")
        return cls(
            areas=by_kind["area"],
            districts=by_kind["district"],
            built_up=around.geometry if around else None,
            **facts,
        )


def _features(kind: str, outlines: Mapping[str, Outline]) -> Iterator[dict[str, Any]]:
    return (_feature(kind, name, outline) for name, outline in outlines.items())


def _feature(kind: str, name: str, outline: Outline) -> dict[str, Any]:
    said: dict[str, Any] = {"kind": kind, "id": name, "name": outline.name}
    said |= {"pieces": outline.pieces, "repaired": outline.repaired}
    return {"type": "Feature", "properties": said, "geometry": mapping(outline.geometry)}


def built_up(entrances: pl.DataFrame) -> BaseGeometry | None:
    """The ground around the points `x, y`, with gaps up to two squares closed; None for none."""
    squares = entrances.select(
        west=(pl.col("x") / _SQUARE).floor() * _SQUARE,
        south=(pl.col("y") / _SQUARE).floor() * _SQUARE,
    ).drop_nulls()
    squares = squares.unique().sort(pl.all())
    if squares.is_empty():
        return None
    west, south = squares["west"].to_numpy(), squares["south"].to_numpy()
    ground = shapely.union_all(shapely.box(west, south, west + _SQUARE, south + _SQUARE))
    return ground.buffer(_SQUARE, join_style="mitre").buffer(-_SQUARE, join_style="mitre")


def city_of(districts: Mapping[str, Outline]) -> BaseGeometry | None:
    """The whole city: its districts together; None where there are none."""
    if not districts:
        return None
    return shapely.union_all([outline.geometry for outline in districts.values()])
