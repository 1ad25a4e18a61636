"""Polygons of every sort become areas, and a point lies in all the areas that hold it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import mapping, shape

from conftest import status_of
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
    assert status_of(path).ground.outside_m2 == pytest.approx(90 * 100)
    assert status_of(build(tmp_path / "without")).ground.outside_m2 is None


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
            feature["geometry"]["coordinates"] = [[[*corner, 12.5] for corner in ring]]

    path = build(tmp_path)
    flat = status_of(path)
    changed_layer(tmp_path, raise_up)
    raised = status_of(path)
    assert raised.results.equals(flat.results)
    assert raised.ground.overlap_m2 == flat.ground.overlap_m2


def test_a_ring_that_crosses_itself_is_mended_and_counted(tmp_path: Path) -> None:
    bow = [[0, 0], [10, 10], [10, 0], [0, 10], [0, 0]]
    ring = [[700_000 + x, 6_170_000 + y] for x, y in bow]
    changed_layer(tmp_path, lambda f: f[0]["geometry"].update(coordinates=[ring]))
    outline = read_areas(area_set(), tmp_path).outlines["vest"]
    assert outline.repaired == 1
    assert outline.geometry.area == pytest.approx(50)


def test_a_table_with_well_known_text_is_the_same_layer(tmp_path: Path) -> None:
    lines = ["id;navn;wkb_geometry"]
    for number, feature in enumerate(areas()["features"]):
        lines.append(f"{number};{feature['properties']['navn']};{shape(feature['geometry']).wkt}")
    (tmp_path / "areas.csv").write_text("\n".join(lines), encoding="utf-8")
    write(tmp_path, areas())
    table = read_areas(area_set(file="areas.csv"), tmp_path).outlines
    for name, outline in read_areas(area_set(), tmp_path).outlines.items():
        assert table[name].geometry.equals(outline.geometry)


def test_text_that_is_not_well_known_is_told(tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_text("navn;wkb_geometry\nVest;POLYGON ((1 2\nMidt;x\n")
    with pytest.raises(InputError, match="the geometry of 'Vest' is not WKT"):
        read_areas(area_set(file="areas.csv"), tmp_path)


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
    groups = status.results.filter(pl.col("period") == 2022)
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
    assert status.results["numerator"].sum() == 0


@pytest.mark.parametrize(
    ("known", "could", "chance", "told"),
    [
        ({"level": "none"}, True, 3 / 6, "a 0.50"),
        ({"level": "postcode", "postcode": "1"}, True, 3 / 4, "a 0.75"),
        ({"level": "postcode", "postcode": "2"}, False, 0.0, ""),
        ({"level": "street", "street_name": "In", "postcode": "1"}, True, 1.0, "a 1.00"),
        ({"level": "street", "street_name": "Out", "postcode": "1"}, False, 0.0, ""),
        (
            {
                "level": "unit",
                "category": "C",
                "postcode": "1",
                "candidate_ids": "i o",
                "candidates_hold": 0.8,
            },
            True,
            0.8 * 1 / 2 + 0.2 * 3 / 4,
            "a 0.55",
        ),
    ],
)
def test_what_is_known_of_an_unlocated_case_tells_its_chance_of_lying_in_an_area(
    known: dict[str, str | float], could: bool, chance: float, told: str
) -> None:
    """Of the dwellings that the address can be: `In` has three in the area, `Out` one beside it."""
    entrances = pl.DataFrame(
        [("i", "In", "1", "0101", 3), ("o", "Out", "1", "0101", 1), ("n", "Next", "2", "0999", 2)],
        schema=["place", "street_name", "postcode", "municipality_code", "units"],
        orient="row",
    )
    membership = pl.DataFrame({"place": ["i", "n"], "area": ["a", "a"]})
    columns = ["source", "level", "category", "street_name", "postcode", "candidate_ids"]
    case = pl.DataFrame(
        [{"source": "s", "row": 1, **known}],
        schema=dict.fromkeys([*columns, "access_address_id"], pl.String)
        | {"row": pl.Int64, "candidates_hold": pl.Float64},
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
