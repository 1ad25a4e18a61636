"""Polygons of every sort become areas, and a point lies in all the areas that hold it."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import mapping, shape

from conftest import SHARED, needed, status_of
from hamlet import areas, build, policy
from kvarter.areas import (
    AreaPolygons,
    Outline,
    place_cases,
    place_points,
    place_units,
    read_areas,
    read_layer,
)
from kvarter.areas.mended import mended
from kvarter.errors import InputError
from kvarter.policy.model import AreaSet, Layer


def area_set(**changed: Any) -> AreaSet:
    """The area set of the hamlet's policy, with some fields changed."""
    return AreaSet.model_validate({**policy()["area_sets"][0], **changed})


def write(folder: Path, layer: dict[str, Any]) -> Path:
    path = folder / "areas.geojson"
    path.write_text(json.dumps(layer), encoding="utf-8")
    return path


def changed_layer(folder: Path, change: Callable[[list[dict[str, Any]]], object]) -> Path:
    """The hamlet's layer, its features changed by `change`."""
    layer = areas()
    change(layer["features"])
    return write(folder, layer)


def moved(layer: dict[str, Any], crs: str) -> dict[str, Any]:
    """The layer in another coordinate system."""
    there = Transformer.from_crs("EPSG:25832", crs, always_xy=True)
    for feature in layer["features"]:
        geometry = shapely.transform(
            shape(feature["geometry"]), lambda x, y: there.transform(x, y), interleaved=False
        )
        feature["geometry"] = mapping(geometry)
    return layer


def square(west: float, south: float, size: float) -> shapely.Polygon:
    return shapely.box(west, south, west + size, south + size)


def polygons(**shapes: shapely.Geometry) -> AreaPolygons:
    return AreaPolygons({name: Outline(name, each) for name, each in shapes.items()})


def points(*places: tuple[str, float, float]) -> pl.DataFrame:
    return pl.DataFrame(places, schema=["place", "x", "y"], orient="row")


def test_the_areas_stand_in_the_order_of_the_policy_under_its_ids(tmp_path: Path) -> None:
    changed_layer(tmp_path, lambda features: features.reverse())
    outlines = read_areas(area_set(), tmp_path).outlines
    assert list(outlines) == ["vest", "midt", "oest"]
    assert [outline.name for outline in outlines.values()] == ["Vest", "Midt", "Øst"]
    assert outlines["vest"].geometry.bounds == (700_060, 6_169_950, 700_440, 6_170_050)


def test_an_overlap_is_counted_once_for_each_extra_area() -> None:
    thrice = polygons(a=square(0, 0, 10), b=square(0, 0, 10), c=square(5, 0, 10))
    assert thrice.overlap_m2 == pytest.approx(100 + 50)
    assert polygons(a=square(0, 0, 10), b=square(10, 0, 10)).overlap_m2 == 0


def test_ground_outside_the_city_is_counted_in_each_area_that_has_it() -> None:
    city = square(0, 0, 100)
    out = polygons(a=square(95, 0, 10), b=square(95, 0, 10), c=square(0, 0, 10))
    assert out.outside_m2(city) == pytest.approx(50 + 50)
    assert polygons(c=square(0, 0, 100)).outside_m2(city) == 0


def test_sticking_out_is_told_where_the_city_is_known(tmp_path: Path) -> None:
    """The city ends between Strandvejen 9 and 10, so the east of `oest` lies outside it."""
    layers = {"districts": {"file": "districts.geojson", "name_field": "n", "crs": "EPSG:25832"}}
    path = build(tmp_path, changed={"layers": layers})
    district = {"type": "Feature", "properties": {"n": "By"}}
    district["geometry"] = mapping(shapely.box(700_000, 6_169_000, 700_950, 6_172_000))
    text = json.dumps({"type": "FeatureCollection", "features": [district]})
    (tmp_path / "districts.geojson").write_text(text, encoding="utf-8")
    assert status_of(path).public.geography.outside_m2 == pytest.approx(90 * 100)
    assert status_of(build(tmp_path / "without")).public.geography.outside_m2 is None


def test_polygons_that_share_a_name_are_one_area(tmp_path: Path) -> None:
    def split(features: list[dict[str, Any]]) -> None:
        features[2]["properties"]["navn"] = "Vest"

    changed_layer(tmp_path, split)
    two = [{"id": "vest", "name": "Vest"}, {"id": "midt", "name": "Midt"}]
    outlines = read_areas(area_set(areas=two), tmp_path).outlines
    assert outlines["vest"].pieces == 2
    assert outlines["vest"].geometry.area == pytest.approx(380 * 100 + 180 * 100)


def test_an_area_may_have_another_name_in_the_layer(tmp_path: Path) -> None:
    write(tmp_path, areas())
    named = [
        {"id": "vest", "name": "Det gamle Vest", "layer_name": "Vest"},
        {"id": "midt", "name": "Midt"},
        {"id": "oest", "name": "Øst"},
    ]
    assert read_areas(area_set(areas=named), tmp_path).outlines["vest"].name == "Det gamle Vest"


def test_areas_missing_on_either_side_are_all_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, areas())
    named = [{"id": "vest", "name": "Vest"}, {"id": "x", "name": "X"}, {"id": "y", "name": "Y"}]
    with pytest.raises(InputError) as told:
        read_areas(area_set(areas=named), tmp_path)
    problems = told.value.problems
    assert [problem.what for problem in problems] == [
        "the area 'X' is not in the layer",
        "the area 'Y' is not in the layer",
        "the layer has an area 'Midt' that the policy does not name",
        "the layer has an area 'Øst' that the policy does not name",
    ]
    assert "The layer has: Midt, Vest, Øst" in problems[0].remedy
    assert problems[0].field == "area_sets[a].areas[x]"


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:25833", "EPSG:3857"])
def test_a_layer_in_another_coordinate_system_is_the_same_ground(tmp_path: Path, crs: str) -> None:
    write(tmp_path, moved(areas(), crs))
    there = read_areas(area_set(crs=crs), tmp_path).outlines
    write(tmp_path, areas())
    here = read_areas(area_set(), tmp_path).outlines
    for name, outline in here.items():
        assert there[name].geometry.equals_exact(outline.geometry, tolerance=0.01)


@pytest.mark.parametrize(
    ("is_in", "said", "words"),
    [
        ("EPSG:4326", "EPSG:25832", "set `crs: EPSG:4326`"),
        ("EPSG:25832", "EPSG:4326", "set `crs: EPSG:25832`"),
        ("EPSG:25832", "EPSG:3857", "lie outside Denmark"),
        ("EPSG:25832", "EPSG:99999", "no coordinate system called 'EPSG:99999'"),
    ],
)
def test_a_wrong_coordinate_system_is_told(
    tmp_path: Path, is_in: str, said: str, words: str
) -> None:
    write(tmp_path, moved(areas(), is_in))
    with pytest.raises(InputError) as told:
        read_areas(area_set(crs=said), tmp_path)
    assert words in str(told.value)
    assert told.value.problems[0].field == "crs"


def test_a_feature_without_geometry_is_no_polygon(tmp_path: Path) -> None:
    """Mapping programs export rows without a shape; another of the name may have it."""
    path = changed_layer(
        tmp_path, lambda f: f.append({**f[0], "geometry": None, "properties": {"navn": "Vest"}})
    )
    assert read_areas(area_set(), tmp_path).outlines["vest"].pieces == 1
    changed_layer(tmp_path, lambda f: f[0].update(geometry=None))
    with pytest.raises(InputError, match="the area 'Vest' is not in the layer"):
        read_areas(area_set(), tmp_path)
    changed_layer(tmp_path, lambda f: [each.update(geometry=None) for each in f])
    with pytest.raises(InputError, match="no polygons in it") as told:
        read_areas(area_set(), tmp_path)
    assert told.value.problems[0].file == str(path)


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "LineString", "coordinates": [[700_060, 6_170_000], [700_440, 6_170_000]]},
        {"type": "Point", "coordinates": [700_060, 6_170_000]},
        {"type": "Polygon", "coordinates": []},
        {"type": "GeometryCollection", "geometries": []},
    ],
    ids=["line", "point", "empty polygon", "empty collection"],
)
def test_what_has_no_ground_cannot_be_an_area(tmp_path: Path, geometry: dict[str, Any]) -> None:
    changed_layer(tmp_path, lambda features: features[0].update(geometry=geometry))
    with pytest.raises(InputError, match="'Vest' is no polygon"):
        read_areas(area_set(), tmp_path)


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon"},
        {"type": "Circle", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]},
        {"type": "Polygon", "coordinates": "x"},
        ["Polygon"],
    ],
)
def test_a_geometry_that_is_none_is_told(tmp_path: Path, geometry: object) -> None:
    changed_layer(tmp_path, lambda features: features[1].update(geometry=geometry))
    with pytest.raises(InputError, match="the geometry of 'Midt' cannot be read"):
        read_areas(area_set(), tmp_path)


@pytest.mark.parametrize("content", ["[]", "{}", '{"features": 3}', '{"features": ["x"]}', "{"])
def test_what_is_no_feature_collection_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "areas.geojson").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="not a GeoJSON FeatureCollection"):
        read_areas(area_set(), tmp_path)


def test_heights_are_left_out(tmp_path: Path) -> None:
    def raise_up(features: list[dict[str, Any]]) -> None:
        for feature in features:
            (ring,) = feature["geometry"]["coordinates"]
            tall = [[*corner, 12.5, 7][: 2 + at % 3] for at, corner in enumerate(ring)]
            feature["geometry"]["coordinates"] = [tall]

    path = build(tmp_path)
    flat = status_of(path)
    changed_layer(tmp_path, raise_up)
    raised = status_of(path)
    assert raised.public.results.equals(flat.public.results)
    assert raised.public.geography.overlap_m2 == flat.public.geography.overlap_m2


Ring = list[tuple[float, float]]
BOX: Ring = [(0, 0), (100, 0), (100, 100), (0, 100)]
HOLE: Ring = [(10, 10), (20, 10), (20, 20), (10, 20)]


def vest(folder: Path, *polygons: list[Ring], backwards: bool = False) -> Outline:
    """The area `vest`, of polygons whose rings are written from a corner of their own."""
    coordinates = [
        [[[700_000 + x, 6_170_000 + y] for x, y in [*ring, ring[0]]] for ring in polygon]
        for polygon in polygons
    ]
    if backwards:
        coordinates = [[ring[::-1] for ring in polygon] for polygon in coordinates]
    geometry = {"type": "MultiPolygon", "coordinates": coordinates}
    changed_layer(folder, lambda features: features[0].update(geometry=geometry))
    return read_areas(area_set(), folder).outlines["vest"]


def notes_on_areas(folder: Path) -> str:
    return "\n".join(map(str, read_areas(area_set(), folder).notes))


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(
    ("polygons", "size"),
    [
        ([[BOX], [HOLE]], 10_000),  # a part inside another part
        ([[HOLE], [BOX]], 10_000),
        ([[BOX], [HOLE[::-1]]], 10_000),
        ([[BOX], [[(x + 50, y) for x, y in BOX]]], 15_000),  # parts that overlap
        ([[BOX], [BOX]], 10_000),
        ([[BOX + BOX]], 10_000),  # a ring that goes round twice
        ([[[*BOX, BOX[0], *HOLE, HOLE[0]]]], 10_000),  # and once more round a part of it
        ([[BOX, HOLE]], 9_900),  # a hole is a hole, whichever way its ring goes
        ([[BOX, HOLE[::-1]]], 9_900),
        ([[BOX, HOLE + HOLE]], 9_900),
        ([[BOX, HOLE], [[(12, 12), (14, 12), (14, 14), (12, 14)]]], 9_904),  # an island in it
        ([[BOX, HOLE], [HOLE]], 10_000),
        ([[[*BOX, (0, 50), (30, 50), (30, 70), (60, 70), (60, 30), (30, 30), (30, 50), (0, 50)]]],
         8_800),  # a hole that hangs on the ring
        ([[[*BOX, (0, 0), (0, 150), (0, 0)]]], 10_000),  # a spike
        ([[BOX], [[(300, 0), (310, 0), (305, 0)]]], 10_000),  # a part without ground
    ],
)  # fmt: skip
def test_what_a_ring_goes_round_is_ground(
    polygons: list[list[Ring]], size: float, backwards: bool, tmp_path: Path
) -> None:
    outline = vest(tmp_path, *polygons, backwards=backwards)
    assert outline.geometry.area == pytest.approx(size)
    assert outline.geometry.is_valid


def test_parts_that_lie_over_each_other_are_told(tmp_path: Path) -> None:
    vest(tmp_path, [BOX], [HOLE])
    assert "parts of Vest lie over each other, on 100 square metres" in notes_on_areas(tmp_path)
    vest(tmp_path, [BOX, HOLE])
    assert notes_on_areas(tmp_path) == ""


@pytest.mark.parametrize(
    ("rings", "before", "after"),
    [
        ([[(0, 0), (100, 100), (100, 0), (0, 100)]], 2_500, 5_000),  # corners in another order
        ([[*BOX[:3], (60, 100), (40, 120), (60, 120), (40, 100), BOX[3]]], 10_100, 10_200),
        ([BOX, [(200, 0), (300, 0), (300, 50), (200, 50)]], 5_000, 10_000),  # a hole elsewhere
        ([BOX, HOLE, HOLE], 9_800, 9_900),
        ([HOLE, BOX], 0, 0),  # the hole is written first
    ],
)
def test_mending_that_changes_the_size_stops_with_both_sizes(
    rings: list[Ring], before: int, after: int, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as told:
        vest(tmp_path, rings)
    if not after:
        assert "'Vest' is no polygon: it has no ground" in str(told.value)
        return
    assert f"'Vest' crosses itself, and mending it changes its size from {before:,}" in str(
        told.value
    )
    assert f"to {after:,} m²" in str(told.value)


def test_a_ring_that_crosses_itself_by_a_little_is_mended_and_told(tmp_path: Path) -> None:
    ring = [*BOX[:3], (51, 100), (50, 101), (50.5, 99), (50.5, 100), BOX[3]]
    outline = vest(tmp_path, [ring])
    assert outline.repaired == 1
    assert outline.geometry.area == pytest.approx(10_000, abs=2)
    told = notes_on_areas(tmp_path)
    assert "outlines that cross or touch themselves were mended" in told
    assert told.endswith("Vest.")


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=4, max_size=9),
    st.tuples(st.floats(0.05, 5.95), st.floats(0.05, 5.95)),
)
def test_ground_is_where_the_ring_goes_round(
    corners: list[tuple[int, int]], place: tuple[float, float]
) -> None:
    """Each place, against the winding number worked out by angles."""
    ring = [*corners, corners[0]]
    ground = mended(shapely.Polygon(ring)).geometry
    point = shapely.Point(place)
    if shapely.LineString(ring).distance(point) < 0.01:
        return
    angles = [math.atan2(y - place[1], x - place[0]) for x, y in ring]
    turns = [(b - a + math.pi) % (2 * math.pi) - math.pi for a, b in pairwise(angles)]
    assert ground.contains(point) == (round(sum(turns) / (2 * math.pi)) != 0)


def test_features_that_are_there_twice_count_once(tmp_path: Path) -> None:
    changed_layer(tmp_path, lambda f: f.append(f[0]))
    assert read_areas(area_set(), tmp_path).outlines["vest"].geometry.area == 38_000
    assert "more than once with the same name count once: Vest" in notes_on_areas(tmp_path)


def test_features_without_geometry_are_told(tmp_path: Path) -> None:
    changed_layer(tmp_path, lambda f: f.append({**f[0], "geometry": None}))
    assert "1 feature has no geometry, and is left out: Vest" in notes_on_areas(tmp_path)


def test_polygons_in_a_collection_are_read_and_lines_beside_them_told(tmp_path: Path) -> None:
    def collected(features: list[dict[str, Any]]) -> None:
        box = features[0]["geometry"]
        line = {"type": "LineString", "coordinates": [[700_000, 6_170_000], [700_001, 6_170_000]]}
        inner = {"type": "GeometryCollection", "geometries": [box]}
        features[0]["geometry"] = {"type": "GeometryCollection", "geometries": [line, inner]}

    changed_layer(tmp_path, collected)
    assert read_areas(area_set(), tmp_path).outlines["vest"].geometry.area == 38_000
    assert "points, lines and parts without ground" in notes_on_areas(tmp_path)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1e300", "-1e12"])
def test_corners_that_are_no_numbers_are_told(number: str, tmp_path: Path) -> None:
    path = write(tmp_path, areas())
    path.write_text(path.read_text("utf-8").replace("700060", number, 1), "utf-8")
    with pytest.raises(
        InputError, match=r"'Vest' (has a coordinate that is no number|cannot be read)"
    ):
        read_areas(area_set(), tmp_path)


@pytest.mark.parametrize("opening", ['{"features": [', "[", '{"a": '])
def test_a_file_nested_without_end_is_no_layer(opening: str, tmp_path: Path) -> None:
    (tmp_path / "areas.geojson").write_text(opening * 100_000)
    with pytest.raises(InputError, match="not a GeoJSON FeatureCollection"):
        read_areas(area_set(), tmp_path)


def test_collections_nested_without_end_are_no_geometry(tmp_path: Path) -> None:
    deep = "GEOMETRYCOLLECTION(" * 50_000 + "POINT(0 0)" + ")" * 50_000
    (tmp_path / "areas.csv").write_text(f'navn;wkb_geometry\nVest;"{deep}"\n', "utf-8")
    with pytest.raises(InputError, match=r"the geometry of 'Vest' is not WKT|characters long"):
        read_areas(area_set(file="areas.csv"), tmp_path)
    nested: dict[str, Any] = {"type": "Point", "coordinates": [0, 0]}
    for _ in range(300):
        nested = {"type": "GeometryCollection", "geometries": [nested]}
    changed_layer(tmp_path, lambda features: features[0].update(geometry=nested))
    with pytest.raises(InputError, match="'Vest'"):
        read_areas(area_set(), tmp_path)


def test_a_corner_far_away_is_told(tmp_path: Path) -> None:
    far = [[700_060, 6_169_950], [700_440, 6_169_950], [0, 0], [700_060, 6_169_950]]
    changed_layer(tmp_path, lambda f: f[0]["geometry"].update(coordinates=[far]))
    with pytest.raises(InputError, match=r"such as 'Vest', lie outside Denmark, or have a corner"):
        read_areas(area_set(), tmp_path)


CRS84 = "urn:ogc:def:crs:OGC:1.3:CRS84"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("urn:ogc:def:crs:EPSG::25832", "EPSG:25832"),
        ("EPSG:25832", "EPSG:25832"),
        ("urn:ogc:def:crs:EPSG:6.9:25833", "EPSG:25833"),
        (CRS84, "EPSG:4326"),
    ],
)
def test_the_file_says_what_its_coordinates_are(name: str, code: str, tmp_path: Path) -> None:
    layer = moved(areas(), code) | {"crs": {"type": "name", "properties": {"name": name}}}
    write(tmp_path, layer)
    unsaid = {key: value for key, value in policy()["area_sets"][0].items() if key != "crs"}
    found = read_areas(AreaSet.model_validate(unsaid), tmp_path).outlines["vest"]
    assert found.geometry.area == pytest.approx(38_000, abs=0.5)
    assert read_areas(area_set(crs=code), tmp_path).outlines["vest"].geometry.equals(found.geometry)
    with pytest.raises(InputError, match=f"the file says that its coordinates are {code}"):
        read_areas(area_set(crs="EPSG:3857"), tmp_path)


def test_a_coordinate_system_without_a_number_is_told(tmp_path: Path) -> None:
    write(tmp_path, areas() | {"crs": {"type": "name", "properties": {"name": "System 34"}}})
    with pytest.raises(
        InputError, match="names a coordinate system that is not known: 'System 34'"
    ):
        read_areas(area_set(), tmp_path)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_names_are_the_same_in_any_unicode_form(form: Any, tmp_path: Path) -> None:
    named = policy()["area_sets"][0]["areas"]
    named[2] = {"id": "oest", "name": "Ålegård  é"}
    changed_layer(
        tmp_path,
        lambda f: f[2]["properties"].update(navn=unicodedata.normalize(form, "Ålegård é")),
    )
    assert set(read_areas(area_set(areas=named), tmp_path).outlines) == {"vest", "midt", "oest"}
    field = unicodedata.normalize(form, "Områdenavn")
    changed_layer(
        tmp_path, lambda f: [e.update(properties={field: e["properties"]["navn"]}) for e in f]
    )
    assert read_areas(area_set(name_field="områdenavn"), tmp_path).outlines


@pytest.mark.parametrize("name", [None, "", True, {"da": "Midt"}, ["Midt"]])
def test_a_polygon_without_a_name_is_told(name: object, tmp_path: Path) -> None:
    changed_layer(tmp_path, lambda f: f[1]["properties"].update(navn=name))
    with pytest.raises(InputError, match="feature 2 has no property 'navn', or nothing in it"):
        read_areas(area_set(), tmp_path)


def test_the_examples_of_areas() -> None:
    case = needed(SHARED.parent / "cases" / "nested-polygon-parts")
    results = status_of(case / "policy.yaml").public.results
    rows = results.filter((pl.col("period") == 2022) & pl.col("group").is_in(["areas", "vest"]))
    found = {row["group"]: (row["numerator"], row["denominator"]) for row in rows.to_dicts()}
    assert found == {"areas": (3, 22), "vest": (3, 14)}
    assert status_of(needed(case.parent / "nfd-names") / "policy.yaml").public.results.height


def test_a_table_with_well_known_text_is_the_same_layer(tmp_path: Path) -> None:
    lines = ["id;navn;wkb_geometry"]
    for number, feature in enumerate(areas()["features"]):
        lines.append(f"{number};{feature['properties']['navn']};{shape(feature['geometry']).wkt}")
    (tmp_path / "areas.csv").write_text("\n".join(lines), encoding="utf-8")
    write(tmp_path, areas())
    table = read_areas(area_set(file="areas.csv"), tmp_path).outlines
    for name, outline in read_areas(area_set(), tmp_path).outlines.items():
        assert table[name].geometry.equals(outline.geometry)
    text = (tmp_path / "areas.csv").read_text(encoding="utf-8")
    text = re.sub("(POLYGON.*)", r'"SRID=25832;\1"', text)
    (tmp_path / "areas.csv").write_text(text, "utf-8")
    assert len(read_areas(area_set(file="areas.csv"), tmp_path).outlines) == 3
    with pytest.raises(InputError, match="the file says that its coordinates are EPSG:25832"):
        read_areas(area_set(file="areas.csv", crs="EPSG:25833"), tmp_path)


def test_text_that_is_not_well_known_is_told(tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_text("navn;wkb_geometry\nVest;POLYGON ((1 2\nMidt;x\n")
    with pytest.raises(InputError, match="the geometry of 'Vest' is not WKT"):
        read_areas(area_set(file="areas.csv"), tmp_path)


SURFACE = "(((700060 6169950, 700440 6169950, 700440 6170050, 700060 6170050, 700060 6169950)))"


@pytest.mark.parametrize(
    "text",
    [
        f"MULTISURFACE {SURFACE}",
        f"multisurface(CURVEPOLYGON {SURFACE[1:]}",
        f"MultiSurface (POLYGON Z {SURFACE[1:]}",
        f"CurvePolygon {SURFACE[1:-1]}",
        f"SRID=25832;MULTISURFACE {SURFACE}",
    ],
)
def test_a_surface_of_straight_lines_is_a_polygon(text: str, tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_text(f'navn;wkb_geometry\nVest;"{text}"\n', "utf-8")
    layer = read_layer(area_set(file="areas.csv"), tmp_path)
    assert layer["Vest"].geometry.equals(shapely.box(700060, 6169950, 700440, 6170050))


@pytest.mark.parametrize(
    "text",
    [
        "CURVEPOLYGON (CIRCULARSTRING (0 0, 1 1, 2 0, 1 -1, 0 0))",
        "MULTISURFACE (CURVEPOLYGON (COMPOUNDCURVE (CIRCULARSTRING (0 0, 1 1, 2 0), (2 0, 0 0))))",
        "GEOMETRYCOLLECTION (MULTISURFACE (((0 0, 1 0, 1 1, 0 0))))",
    ],
)
def test_curves_are_refused_with_what_to_do(text: str, tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_text(f'navn;wkb_geometry\nVest;"{text}"\n', "utf-8")
    with pytest.raises(InputError, match=r"'Vest' has curves in it\n.*ST_CurveToLine"):
        read_layer(area_set(file="areas.csv"), tmp_path)
    curved = {"type": "MultiSurface", "coordinates": [[[[0, 0], [1, 0], [1, 1], [0, 0]]]]}
    layer = areas()
    layer["features"][0]["geometry"] = curved
    write(tmp_path, layer)
    with pytest.raises(InputError, match="'Vest' has curves in it"):
        read_layer(area_set(), tmp_path)


def test_a_point_in_several_areas_has_a_row_in_each() -> None:
    found = place_points(
        points(("both", 7, 5), ("one", 2, 5), ("none", 50, 5)),
        polygons(a=square(0, 0, 10), b=square(5, 0, 10)),
    )
    assert found.rows() == [("both", "a"), ("both", "b"), ("one", "a")]


def test_a_point_on_a_border_lies_in_every_area_it_touches() -> None:
    side_by_side = polygons(a=square(0, 0, 10), b=square(10, 0, 10))
    assert place_points(points(("edge", 10, 5)), side_by_side)["area"].to_list() == ["a", "b"]


@given(x=st.floats(-5, 25), y=st.floats(-5, 15))
def test_a_point_lies_where_its_coordinates_say(x: float, y: float) -> None:
    found = place_points(points(("p", x, y)), polygons(a=square(0, 0, 10), b=square(5, 0, 10)))
    inside = [n for n, west in (("a", 0), ("b", 5)) if west <= x <= west + 10 and 0 <= y <= 10]
    assert found["area"].to_list() == inside


def test_a_unit_counts_where_more_than_half_of_it_lies() -> None:
    units = {
        "most": Outline("most", square(-4, 0, 10)),
        "half": Outline("half", square(-5, 0, 10)),
        "all": Outline("all", square(1, 1, 2)),
    }
    found = place_units(units, polygons(a=square(0, 0, 10)))
    assert found.rows() == [("all", "a", 1.0), ("most", "a", 0.6)]


def test_a_place_in_two_areas_counts_once_in_the_set_and_once_in_each(tmp_path: Path) -> None:
    """Strandvejen 4 lies in `vest` and in `midt`, with its case and its six dwellings."""
    row = "1;03-01-2022;;Anna Berg;Strandvejen 4, st. tv, 2100 København Ø;Fogedretten"
    status = status_of(build(tmp_path, [row]))
    groups = status.public.results.filter(pl.col("period") == 2022)
    counted = dict(groups.select("group", "numerator").iter_rows())
    assert counted == {"areas": 1, "rest": 0, "city": 1, "vest": 1, "midt": 1, "oest": 0}
    dwellings = dict(groups.select("group", "denominator").iter_rows())
    assert dwellings["vest"] == 1 + 6 + 1 + 6
    assert dwellings["midt"] == 6 + 1 + 6
    assert dwellings["areas"] == 14 + 13 - 6 + 1  # and Strandvejen 9 in `oest`


def test_a_case_in_an_area_but_of_another_municipality_is_outside(tmp_path: Path) -> None:
    """Strandvejen 10 lies in `oest`, and in the neighbour municipality."""
    row = "1;03-01-2022;;Anna Berg;Strandvejen 10, st. tv, 9999 Naboby;Fogedretten"
    status = status_of(build(tmp_path, [row]))
    (case,) = status.rows.to_dicts()
    assert (case["outcome"], case["reason"]) == ("outside_municipality", "other_municipality")
    assert (case["in_municipality"], case["areas"]) == (False, None)
    assert status.public.results["numerator"].sum() == 0


@pytest.mark.parametrize(
    ("known", "could", "chance", "told"),
    [
        ({"level": "none"}, True, 3 / 6, ["a 0.50"]),
        ({"level": "postcode", "postcode": "1"}, True, 3 / 4, ["a 0.75"]),
        ({"level": "postcode", "postcode": "2"}, False, 0.0, []),
        ({"level": "street", "street_name": "In", "postcode": "1"}, True, 1.0, ["a 1.00"]),
        ({"level": "street", "street_name": "Out", "postcode": "1"}, False, 0.0, []),
        (
            {
                "level": "unit",
                "category": "C",
                "postcode": "1",
                "candidate_ids": ["i", "o"],
                "candidates_hold": 0.8,
            },
            True,
            0.8 * 1 / 2 + 0.2 * 3 / 4,
            ["a 0.55"],
        ),
    ],
)
def test_what_is_known_of_an_unlocated_case_tells_its_chance_of_lying_in_an_area(
    known: dict[str, Any], could: bool, chance: float, told: list[str]
) -> None:
    """Of the dwellings that the address can be: `In` has three in the area, `Out` one beside it."""
    entrances = pl.DataFrame(
        [("i", "In", "1", "0101", 3), ("o", "Out", "1", "0101", 1), ("n", "Next", "2", "0999", 2)],
        schema=["place", "street_name", "postcode", "municipality_code", "units"],
        orient="row",
    )
    membership = pl.DataFrame({"place": ["i", "n"], "area": ["a", "a"]})
    columns = ["source", "level", "category", "street_name", "postcode"]
    case = pl.DataFrame(
        [{"source": "s", "row": 1, **known}],
        schema=dict.fromkeys([*columns, "access_address_id"], pl.String)
        | {"row": pl.Int64, "candidates_hold": pl.Float64, "candidate_ids": pl.List(pl.String)},
    )
    placed = place_cases(case, entrances, membership, "0101")
    assert placed["could_lie_in_areas"].to_list() == [could]
    assert placed["chance_in_areas"].to_list() == [pytest.approx(chance)]
    assert placed["area_chances"].to_list() == [told]
    assert placed["in_municipality"].to_list() == [None]


def test_a_layer_that_is_not_there_is_told(tmp_path: Path) -> None:
    layer = Layer(file="roder.geojson", name_field="rode_nr")
    with pytest.raises(InputError, match=r"roder\.geojson"):
        read_layer(layer, tmp_path)
