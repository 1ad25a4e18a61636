"""Stage place: points, or units such as roder, -> the areas they lie in."""

from __future__ import annotations

import numpy as np
import polars as pl
import shapely

from kvarter.areas.polygons import AreaPolygons, Outline

_MOST_OF_A_UNIT = 0.5
_SPLIT = 0.1


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
    return _shares(units, areas).filter(pl.col("share") > _MOST_OF_A_UNIT)


def split_units(units: dict[str, Outline], areas: AreaPolygons) -> pl.DataFrame:
    """`place, area, share` for every unit that an area's border splits by a tenth or more."""
    return _shares(units, areas).filter(pl.col("share").is_between(_SPLIT, 1 - _SPLIT))


def _shares(units: dict[str, Outline], areas: AreaPolygons) -> pl.DataFrame:
    """How much of each unit's ground lies in each area, where any of it does."""
    names = list(units)
    ground = np.array([unit.geometry for unit in units.values()], dtype=object)
    rows = []
    for area_id, area in areas.outlines.items():
        near = shapely.STRtree(ground).query(area.geometry, predicate="intersects")
        inside = shapely.area(shapely.intersection(ground[near], area.geometry))
        for unit, share in zip(near, inside / shapely.area(ground[near]), strict=True):
            rows.append((names[unit], area_id, round(float(share), 6)))
    schema = {"place": pl.String, "area": pl.String, "share": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("place", "area")


def place_cases(
    cases: pl.DataFrame, entrances: pl.DataFrame, membership: pl.DataFrame, municipality: str
) -> pl.DataFrame:
    """Where each case lies, or can lie.

    `cases` with the answer of the match; `entrances`: `place, street_name, postcode,
    municipality_code, units`; `membership`: `place, area`. Adds `in_municipality` (null where
    unlocated), `areas` (a list of ids, empty in the rest of the city); and for unlocated
    cases `could_lie_in_areas`, `chance_in_areas`, `chance_if_unknown` and `area_chances` (see
    `chances`).
    """
    own = entrances.filter(pl.col("municipality_code") == municipality)
    inside = membership.join(own.select("place"), on="place", how="semi")
    in_areas = inside.group_by("place").agg(pl.col("area").sort().alias("areas"))
    known = entrances.select("place", "municipality_code").join(in_areas, on="place", how="left")
    placed = cases.join(
        known, left_on="access_address_id", right_on="place", how="left", maintain_order="left"
    )
    is_own = pl.col("municipality_code") == municipality
    placed = placed.with_columns(
        is_own.alias("in_municipality"),
        pl.when(is_own).then(pl.col("areas").fill_null([])).alias("areas"),
    ).drop("municipality_code")
    return placed.join(
        chances(placed, entrances, inside), on=["source", "row"], how="left", maintain_order="left"
    )


def chances(cases: pl.DataFrame, entrances: pl.DataFrame, inside: pl.DataFrame) -> pl.DataFrame:
    """The chance that each unlocated case lies in the areas, by what is known of its address.

    `cases`: `source, row` and the answer of the match; `entrances` as in `place_cases`, also of
    neighbours; `inside`: `place, area` of the entrances that count. Returns `source, row,
    could_lie_in_areas, chance_in_areas, chance_if_unknown` (were nothing known of the address) and
    `area_chances` (a list such as `vest 0.25`, `midt 0.10`).

    Any of the addresses that the text can mean is taken to be equally likely: those on the street,
    in the postcode or in the register, or at the entrances that a guess can be. A guess can be
    wrong altogether (`candidates_hold`), so it leaves a part of the chance to the postcode or the
    register. A case
    with a guess, or of which nothing is known, always *can* lie in the areas.
    """
    unlocated = cases.filter(pl.col("access_address_id").is_null()).select(
        "source",
        "row",
        "category",
        "level",
        "street_name",
        "postcode",
        "candidate_ids",
        "candidates_hold",
    )
    one = pl.lit(1).alias("one")
    levels: dict[str, list[pl.Expr]] = {
        "street": [pl.col("street_name"), pl.col("postcode")],
        "postcode": [pl.col("postcode")],
        "none": [one],
    }
    guess = pl.col("category").fill_null("") == "C"
    ground = (
        pl.when(pl.col("level").is_in(["street", "postcode", "none"]) & ~guess)
        .then("level")
        .when(pl.col("postcode").is_in(entrances["postcode"].unique().implode()))
        .then(pl.lit("postcode"))
        .otherwise(pl.lit("none"))
    )
    unlocated = unlocated.with_columns(one, guess.alias("guess"), ground.alias("ground"))
    within = inside.join(entrances, on="place").with_columns(one)
    parts = []
    for level, by in levels.items():
        names = [expression.meta.output_name() for expression in by]
        whole = entrances.with_columns(one).group_by(names).agg(pl.col("units").sum().alias("all"))
        shares = (
            within.group_by(*names, "area")
            .agg(pl.col("units").sum())
            .join(whole, on=names)
            .select(*names, "area", share=pl.col("units") / pl.col("all"))
        )
        any_area = (
            within.unique("place")
            .group_by(names)
            .agg(pl.col("units").sum())
            .join(whole, on=names)
            .select(*names, area=pl.lit(""), share=pl.col("units") / pl.col("all"))
        )
        weight = pl.when("guess").then(1 - pl.col("candidates_hold")).otherwise(1.0)
        both = pl.concat([shares, any_area])
        parts.append(
            unlocated.filter(pl.col("ground") == level)
            .join(both, on=names)
            .select("source", "row", "area", chance=pl.col("share") * weight)
        )
    candidates = (
        unlocated.filter("guess")
        .with_columns(place=pl.col("candidate_ids"))
        .with_columns(share=pl.col("candidates_hold") / pl.col("place").list.len())
        .explode("place")
    )
    with_any = pl.concat([inside, inside.unique("place").with_columns(area=pl.lit(""))])
    parts.append(
        candidates.join(with_any, on="place").select("source", "row", "area", chance="share")
    )
    summed = pl.concat(parts).group_by("source", "row", "area").agg(pl.col("chance").sum())
    named_chance = (
        pl.col("area") + " " + pl.col("chance").round(2).map_elements("{:.2f}".format, pl.String)
    )
    likeliest = (
        summed.filter((pl.col("area") != "") & (pl.col("chance") >= 0.005))
        .sort("chance", "area", descending=[True, False])
        .group_by("source", "row", maintain_order=True)
        .agg(named_chance.alias("area_chances"))
    )
    whole_set = summed.filter(pl.col("area") == "").drop("area")
    units_inside = inside.unique("place").join(entrances, on="place")["units"].sum()
    if_unknown = float(units_inside) / max(float(entrances["units"].sum()), 1.0)
    return (
        unlocated.join(whole_set, on=["source", "row"], how="left")
        .join(likeliest, on=["source", "row"], how="left")
        .select(
            "source",
            "row",
            could_lie_in_areas=(pl.col("chance").fill_null(0) > 0)
            | pl.col("guess")
            | (pl.col("level") == "none"),
            chance_in_areas=pl.col("chance").fill_null(0.0),
            chance_if_unknown=pl.lit(if_unknown),
            area_chances=pl.col("area_chances").fill_null([]),
        )
    )
