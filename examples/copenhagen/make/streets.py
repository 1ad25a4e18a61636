"""Streets as lines through the roder, and the entrances along them with their house numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from .figures import ENTRANCES, NEIGHBOUR_STREETS, STREETS_IN_A_RODE
from .geography import CENTRE, POSTCODES, Geography
from .names import street_names

CITY_CODE = "0101"
NEIGHBOURS = (
    ("0147", "2000", "Frederiksberg"),
    ("0167", "2650", "Hvidovre"),
    ("0159", "2860", "Søborg"),
    ("0185", "2770", "Kastrup"),
)
"""Municipality, postcode and post district, each a quarter of the ring round the city."""

HOUSE_FROM_STREET = 12.0
CLEAR_OF_BORDERS = 0.6
"""No entrance is nearer than this to the border of an area, so rounding never moves one in."""

DENSER_IN_AREAS = 1.13
"""With this the areas have a fifth of the city's dwellings on a seventh of its land."""

WALK_UP, VILLA = "walk-up", "villa"


@dataclass(frozen=True)
class Street:
    name: str
    code: str
    municipality: str
    line: LineString
    kind: str
    in_area: bool
    built: int
    """The year its houses were built; before 2016 it does not matter when."""


def make_streets(geography: Geography, rng: Generator) -> list[Street]:
    """The streets of the city and of its four neighbours, which share some names with it."""
    lines: list[tuple[LineString, bool]] = []
    for rode, shape in enumerate(geography.roder):
        in_area = bool(geography.rode_in_area[rode])
        lines += [(line, in_area) for line in _lines_through(shape, geography, rng)]
    names = street_names(rng, len(lines) + NEIGHBOUR_STREETS)
    streets = [
        Street(name, f"{code:04d}", CITY_CODE, line, _kind(line, in_area, rng), in_area, built)
        for code, (name, (line, in_area), built) in enumerate(
            zip(names, lines, _building_years(rng, len(lines)), strict=False), start=4
        )
    ]
    for i, line in enumerate(_lines_outside(geography, rng)):
        # Every other name is one that the city has too: the postcode must tell them apart.
        name = names[len(lines) + i] if i % 2 else names[i * 7]
        quarter = i * len(NEIGHBOURS) // NEIGHBOUR_STREETS
        code = f"{100 + i:04d}"
        streets.append(Street(name, code, NEIGHBOURS[quarter][0], line, WALK_UP, False, 0))
    return streets


def _building_years(rng: Generator, how_many: int) -> list[int]:
    """Some 9 % of the streets were built after 2016, evenly over the years."""
    new = rng.random(how_many) < 0.092
    years: list[int] = np.where(new, rng.integers(2017, 2024, how_many), 0).tolist()
    return years


def _kind(line: LineString, in_area: bool, rng: Generator) -> str:
    """Blocks of flats in the areas and towards the centre, houses towards the edge."""
    from_centre = float(np.hypot(line.centroid.x - CENTRE[0], line.centroid.y - CENTRE[1]))
    flats = 0.99 if in_area else min(0.95, max(0.12, 1.165 - from_centre / 5800))
    return WALK_UP if rng.random() < flats else VILLA


def _lines_through(shape: BaseGeometry, geography: Geography, rng: Generator) -> list[LineString]:
    """Four to six slightly bent streets in a rode, in two directions across one another."""
    how_many = int(rng.choice(STREETS_IN_A_RODE))
    along = int(np.ceil(how_many * 0.6))
    angle = rng.uniform(0, np.pi)
    lines = []
    for i in range(how_many):
        turn, rank, of = (0.0, i, along) if i < along else (np.pi / 2, i - along, how_many - along)
        direction = np.array([np.cos(angle + turn), np.sin(angle + turn)])
        normal = np.array([-direction[1], direction[0]])
        across = shapely.get_coordinates(shape) @ normal
        share = (rank + 0.5 + rng.uniform(-0.15, 0.15)) / of
        offset = across.min() + share * (across.max() - across.min())
        middle = normal * offset + direction * (np.array(shape.centroid.coords[0]) @ direction)
        # One in thirty goes on through the roder beside it, perhaps into another postcode.
        room = shape.buffer(650) if rng.random() < 0.033 else shape.buffer(-14)
        line = _bent_line(middle, direction, normal, rng)
        inside = _longest(line.intersection(room.intersection(geography.outline.buffer(-14))))
        if inside is not None:
            lines.append(inside)
    return lines


def _bent_line(
    middle: NDArray[np.float64],
    direction: NDArray[np.float64],
    normal: NDArray[np.float64],
    rng: Generator,
) -> LineString:
    steps = np.linspace(-1600, 1600, 41)[:, None]
    bend = rng.uniform(4, 22) * np.sin(steps / rng.uniform(120, 320) + rng.uniform(0, 6))
    return LineString(middle + steps * direction + bend * normal)


def _longest(shape: BaseGeometry) -> LineString | None:
    """The longest piece of a cut line, if it is long enough for a street."""
    pieces = list(shape.geoms) if isinstance(shape, MultiLineString) else [shape]
    line = max(pieces, key=lambda piece: piece.length)
    return line if isinstance(line, LineString) and line.length > 70 else None


def _lines_outside(geography: Geography, rng: Generator) -> list[LineString]:
    """Streets that run outwards from the city border, all the way round it."""
    border = geography.outline.buffer(16).exterior
    lines = []
    for turn in (np.arange(NEIGHBOUR_STREETS) + rng.uniform(0, 1)) / NEIGHBOUR_STREETS:
        start = np.array(border.interpolate(turn, normalized=True).coords[0])
        outwards = (start - CENTRE) / np.linalg.norm(start - CENTRE)
        lines.append(LineString([start, start + outwards * rng.uniform(90, 260)]))
    return lines


def make_entrances(geography: Geography, streets: list[Street], rng: Generator) -> pl.DataFrame:
    """One row per entrance: `street` (its place in `streets`), house_number, x, y, postcode,
    post_district, in order of street and number.
    """
    city = [street.line.length for street in streets if street.municipality == CITY_CODE]
    spacing = 2 * sum(city) / ENTRANCES
    rows = pl.concat([_along(i, street, spacing, rng) for i, street in enumerate(streets)])
    lines = np.array([street.line for street in streets])[rows["street"].to_numpy()]
    at = rows["at"].to_numpy()
    side = np.where(rows["number"].to_numpy() % 2 == 1, 1.0, -1.0)
    before, after = (
        shapely.get_coordinates(shapely.line_interpolate_point(lines, place))
        for place in (at - 0.5, at + 0.5)
    )
    ahead = after - before
    ahead /= np.linalg.norm(ahead, axis=1)[:, None]
    left = np.column_stack([-ahead[:, 1], ahead[:, 0]])
    point = (before + after) / 2 + left * (side * HOUSE_FROM_STREET)[:, None]
    point = np.round(point, 2)
    rows = rows.with_columns(pl.Series("x", point[:, 0]), pl.Series("y", point[:, 1]))
    return _with_postcode(rows, streets, geography)


def _along(place: int, street: Street, spacing: float, rng: Generator) -> pl.DataFrame:
    """House numbers along a street, odd to the left; some left out, some split into A and B."""
    a_side = max(2, int(street.line.length / spacing * (DENSER_IN_AREAS if street.in_area else 1)))
    order = np.repeat(np.arange(a_side), 2)
    number = order * 2 + np.tile([1, 2], a_side)
    number = number + 2 * np.cumsum(rng.random(a_side) < 0.04).repeat(2)
    lettered = np.where(rng.random(len(order)) < 0.04, 2, 1)
    copy = np.concatenate([np.arange(copies) for copies in lettered])
    letter = np.where(lettered.repeat(lettered) == 1, "", np.array(["A", "B"])[copy])
    at = (order.repeat(lettered) + 0.5 + copy * 0.3) / a_side * street.line.length
    return pl.DataFrame(
        {
            "street": np.full(len(copy), place),
            "number": number.repeat(lettered),
            "letter": letter.astype(object),
            "at": at,
        },
        schema={"street": pl.Int64, "number": pl.Int64, "letter": pl.String, "at": pl.Float64},
    )


def _with_postcode(rows: pl.DataFrame, streets: list[Street], geography: Geography) -> pl.DataFrame:
    """Give each entrance the postcode of its rode, and drop those that stand in a wrong place."""
    points = shapely.points(rows["x"].to_numpy(), rows["y"].to_numpy())
    borders = shapely.union_all([shape.boundary for _, shape in geography.areas])
    clear = shapely.distance(points, borders) > CLEAR_OF_BORDERS
    inputs, roder = shapely.STRtree(geography.roder).query(points, predicate="within")
    rode = np.full(len(rows), -1)
    rode[inputs] = roder
    municipalities = [street.municipality for street in streets]
    neighbour = {code: (postcode, district) for code, postcode, district in NEIGHBOURS}
    postal = [
        POSTCODES[geography.rode_postcode[r]][:2] if home == CITY_CODE else neighbour[home]
        for r, home in zip(
            rode.tolist(), (municipalities[i] for i in rows["street"].to_list()), strict=True
        )
    ]
    at_home = [(code == CITY_CODE) for code in municipalities]
    in_city = np.array(at_home)[rows["street"].to_numpy()]
    return rows.with_columns(
        pl.Series("postcode", [postcode for postcode, _ in postal]),
        pl.Series("post_district", [district for _, district in postal]),
        house_number=pl.col("number").cast(pl.String) + pl.col("letter"),
    ).filter(pl.Series(clear & (in_city == (rode >= 0))))
