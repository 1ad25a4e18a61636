"""Where: area sets by edition, and layers of polygons."""

from __future__ import annotations

from pydantic import Field

from kvarter.policy.fields import Id, Model, Text
from kvarter.policy.written import Day


class Layer(Model):
    """A file of polygons: GeoJSON, or CSV with a column of WKT."""

    file: str
    name_field: str = Field(description="The property or column that names a polygon")
    crs: str = Field("EPSG:4326", pattern=r"^EPSG:\d+$")
    geometry_field: str = Field("wkb_geometry", description="CSV only: the column with the WKT")


class Area(Model):
    """An area with an id of our own; the layer's row numbers change from copy to copy."""

    id: Id
    name: str
    layer_name: str | None = Field(None, description="Its name in the layer, where it differs")


class AreaSet(Layer):
    """The areas as designated once; polygons that share a name are parts of one area."""

    id: Id
    title: Text
    decided: Day | None = None
    areas: list[Area] = Field(min_length=1)
