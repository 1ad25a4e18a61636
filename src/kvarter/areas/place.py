"""Stage place: points, or units such as roder, -> the areas they lie in."""

from __future__ import annotations

import numpy as np
import polars as pl
import shapely

from kvarter.areas.polygons import AreaPolygons, Outline

_MOST_OF_A_UNIT = 0.5


def place_points(points: pl.DataFrame, areas: AreaPolygons) -> pl.DataFrame:
    """`place, area` for every point inside an area; `points`: `place, x, y` in EPSG:25832.

    A point on a border lies in every area it touches. Areas may overlap, so a place can have
    several rows; one that lies in no area has none.
    """
    x, y = points["x"].to_numpy(), points["y"].to_numpy()
    found = []
    for area_id, outline in areas.outlines.items():
        west, south, east, north = outline.geometry.bounds
        near = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
        shapely.prepare(outline.geometry)
        inside = near[shapely.intersects_xy(outline.geometry, x[near], y[near])]
        found.append(
            pl.DataFrame(
                {"place": points["place"][inside], "area": [area_id] * len(inside)},
                schema={"place": pl.String, "area": pl.String},
            )
        )
    return pl.concat(found).sort("place", "area")


def place_units(units: dict[str, Outline], areas: AreaPolygons) -> pl.DataFrame:
    """`place, area, share` for every unit that lies in an area by more than half of its ground.

    Units that an area's border splits are counted where most of them lies; `share` says how much
    that is, so that a report can name the split ones.
    """
    rows = []
    for area_id, area in areas.outlines.items():
        for name, unit in units.items():
            share = unit.geometry.intersection(area.geometry).area / unit.geometry.area
            if share > _MOST_OF_A_UNIT:
                rows.append((name, area_id, round(share, 6)))
    schema = {"place": pl.String, "area": pl.String, "share": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("place", "area")


def place_cases(
    cases: pl.DataFrame, entrances: pl.DataFrame, membership: pl.DataFrame, municipality: str
) -> pl.DataFrame:
    """Where each case lies.

    `cases` with the answer of the match; `entrances`: `place, street_name, postcode,
    municipality_code`; `membership`: `place, area`. Adds `in_municipality` (null where unlocated),
    `areas` (ids joined by a blank, empty in the rest of the city) and `could_lie_in_areas`: for an
    unlocated case, whether what is known of it (street, postcode, or nothing) leaves that open.
    """
    in_areas = membership.group_by("place").agg(pl.col("area").sort().str.join(" ").alias("areas"))
    known = entrances.select("place", "municipality_code").join(in_areas, on="place", how="left")
    placed = cases.join(
        known, left_on="access_address_id", right_on="place", how="left", maintain_order="left"
    )
    own = pl.col("municipality_code") == municipality
    placed = placed.with_columns(
        own.alias("in_municipality"),
        pl.when(own).then(pl.col("areas").fill_null("")).alias("areas"),
    ).drop("municipality_code")
    return placed.with_columns(_could_lie_in_areas(placed, entrances, membership, municipality))


def _could_lie_in_areas(
    cases: pl.DataFrame, entrances: pl.DataFrame, membership: pl.DataFrame, municipality: str
) -> pl.Series:
    inside = entrances.filter(pl.col("municipality_code") == municipality).join(
        membership, on="place", how="semi"
    )
    streets = set(inside.select("street_name", "postcode").iter_rows())
    postcodes = set(inside["postcode"])
    answers = []
    for level, category, street, postcode in cases.select(
        "level", "category", "street_name", "postcode"
    ).iter_rows():
        if category == "C" or level == "none":
            answers.append(True)
        elif level == "postcode":
            answers.append(postcode in postcodes)
        else:
            answers.append((street, postcode) in streets)
    return pl.Series("could_lie_in_areas", answers, dtype=pl.Boolean)
