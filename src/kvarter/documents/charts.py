"""Pictures as SVG text: development over time, and the map of the areas.

Static SVG needs no script and no network, prints sharply, and is the same bytes every time.
Colours are from Okabe and Ito's palette, which colour-blind readers can tell apart.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from itertools import pairwise
from typing import Any, Literal

import altair as alt
import polars as pl
import shapely
import vl_convert
from shapely.geometry.base import BaseGeometry

from kvarter.documents.document import Picture
from kvarter.documents.figures import decimals_shown
from kvarter.documents.letters import FONT, FONTS
from kvarter.documents.map_names import Name, Placed, free, placed
from kvarter.documents.words import group_names
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.judgement.breaks import segments
from kvarter.policy.model import AREAS, CITY, REST, Goal, Indicator

COLOURS = {AREAS: "#D55E00", REST: "#0072B2", CITY: "#4D4D4D"}
_SIMPLER_BY_METRES = 12
_HEIGHT = 260
_MAP_WIDTH = 560


def over_time(status: Edition, goal: Goal, indicator: Indicator) -> Picture | None:
    """The percentage of each group by year, with its interval; no line across a series break.

    Below it, on the same years, the interventions of the goal.
    """
    # The rest of a share mirrors it, and says nothing of its own.
    groups = [AREAS] if indicator.kind == "share" else [AREAS, REST, CITY]
    names = group_names()
    rows = status.results.filter(
        (pl.col("indicator") == indicator.id)
        & pl.col("group").is_in(groups)
        & pl.col("value").is_not_null()
    )
    years = sorted(set(rows["period"]))
    stretches = segments(status.case_systems, indicator, years)
    segment = {year: number for number, stretch in enumerate(stretches) for year in stretch}
    data = [
        {
            "year": row["period"],
            "group": names[row["group"]],
            "value": 100 * row["value"],
            "low": None if row["low"] is None else 100 * row["low"],
            "high": None if row["high"] is None else 100 * row["high"],
            "segment": segment[row["period"]],
            "told": _point_in_words(row, names, indicator),
        }
        for row in rows.iter_rows(named=True)
    ]
    if not data:
        return None
    colour = alt.Color(
        "group:N",
        scale=alt.Scale(
            domain=[names[group] for group in groups], range=[COLOURS[group] for group in groups]
        ),
        legend=None,
    )
    base = alt.Chart(inline(data)).encode(
        x=alt.X(
            "year:Q",
            title=None,
            axis=alt.Axis(values=years, format="d", grid=False),
            scale=alt.Scale(domain=[years[0], years[-1] + 0.4 * (len(years) > 1)], nice=False),
        ),
        detail="segment:N",
        color=colour,
    )
    band = base.mark_area(opacity=0.15).encode(
        y=alt.Y("low:Q", title=_("Percent"), axis=alt.Axis(format="~r")), y2="high:Q"
    )
    line = base.mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=45)).encode(y="value:Q")
    ends = sorted((row for row in data if row["year"] == years[-1]), key=lambda row: row["value"])
    least = 16 / _HEIGHT * max(row["high"] or row["value"] for row in data)
    heights = apart([row["value"] for row in ends], least)
    ends = [row | {"value": height} for row, height in zip(ends, heights, strict=True)]
    label = (
        alt.Chart(inline(ends))
        .mark_text(align="left", dx=9, fontSize=13, fontWeight="bold", font=FONT)
        .encode(x="year:Q", y="value:Q", text="group:N", color=colour)
    )
    layers = [band, line, label, *_breaks(stretches)]
    points = [row["told"] for row in data]
    chart = alt.layer(*layers).properties(width=560, height=_HEIGHT)
    strips = _interventions(goal, years)
    if strips is not None:
        chart = alt.vconcat(chart, strips, spacing=6).resolve_scale(color="independent")
    return drawn(chart, locale.say(indicator.title), "; ".join(points))


def _point_in_words(row: dict[str, Any], names: dict[str, str], indicator: Indicator) -> str:
    value = locale.percent(100 * row["value"], decimals_shown(row, indicator))
    return f"{names[row['group']]} {row['period']}: {value}"


def apart(values: list[float], least: float) -> list[float]:
    """Sorted values, each moved up as little as it takes to stand `least` above the one before."""
    moved: list[float] = []
    for value in values:
        moved.append(max(value, moved[-1] + least) if moved else value)
    return moved


def _interventions(goal: Goal, years: list[int]) -> Any:
    """A bar for each intervention, from its first year to its last, or to the end; or None."""
    shown = [
        each
        for each in goal.interventions
        if each.first_year <= years[-1] and (each.last_year or years[-1]) >= years[0]
    ]
    if not shown:
        return None
    rows = [
        {
            "title": locale.say(each.title),
            "from": max(each.first_year, years[0]),
            "to": min(each.last_year or years[-1], years[-1]) + 0.4,
        }
        for each in shown
    ]
    base = alt.Chart(inline(rows)).encode(
        x=alt.X(
            "from:Q",
            axis=None,
            scale=alt.Scale(domain=[years[0], years[-1] + 0.4 * (len(years) > 1)], nice=False),
        ),
        y=alt.Y("title:N", sort=None, axis=None),
    )
    bars = base.mark_bar(color="#BFD5E6", height=15).encode(x2="to:Q")
    middle = (years[0] + years[-1]) / 2
    inside = base.mark_text(align="left", dx=4, fontSize=11, font=FONT)
    before = base.mark_text(align="right", dx=-4, fontSize=11, font=FONT)  # the bar may be short
    words = [
        inside.encode(text="title:N").transform_filter(alt.datum["from"] <= middle),
        before.encode(text="title:N").transform_filter(alt.datum["from"] > middle),
    ]
    return alt.layer(bars, *words).properties(width=560, height=19 * len(rows))


def _breaks(stretches: list[list[int]]) -> list[alt.LayerChart]:
    at = [
        {"year": (before[-1] + after[0]) / 2, "label": _("new case system")}
        for before, after in pairwise(stretches)
    ]
    if not at:
        return []
    base = alt.Chart(inline(at)).encode(x="year:Q")
    rule = base.mark_rule(strokeDash=[4, 4], color="#777777")
    words = base.mark_text(align="left", dx=5, baseline="top", color="#555555", font=FONT).encode(
        y=alt.value(0), text="label:N"
    )
    return [rule + words]


def area_map(status: Edition, indicator: Indicator | None, year: int) -> Picture:
    """The areas by name on the districts; filled by `indicator` where it is counted by area."""
    ground = [outline.geometry for outline in status.geography.districts.values()]
    outlines = [outline.geometry for outline in status.geography.areas.values()]
    if not ground and status.geography.built_up is not None:
        ground = [_around(outlines, status.geography.built_up)]
    values = values_by_area(status, indicator, year) if indicator else {}
    features = [
        _feature(
            outline.geometry,
            {
                "name": outline.name,
                "value": values.get(area_id),
                "told": _area_in_words(outline.name, values.get(area_id), indicator),
            },
        )
        for area_id, outline in status.geography.areas.items()
    ]
    layers: list[Any] = []
    if ground:
        below = _shapes([_feature(geometry, {}) for geometry in ground])
        layers.append(below.mark_geoshape(fill="#F4F1EA", stroke="#8F887C", strokeWidth=1))
    if indicator is None:
        colour = COLOURS[AREAS]
        shown = _shapes(features).mark_geoshape(fill=colour, fillOpacity=0.55, stroke="#7A3300")
        layers.append(shown)
    else:
        layers += _filled(features, _average(status, indicator, year))
    bounds = shapely.total_bounds([*ground, *outlines])
    west, south, east, north = bounds
    height = min(430, max(160, round(_MAP_WIDTH * (north - south) / (east - west))))
    layers += _named(status, bounds, height)
    chart = alt.layer(*layers).project(type="identity", reflectY=True)
    title = f"{locale.say(indicator.title)}, {year}" if indicator else _("The areas")
    names = ", ".join(outline.name for outline in status.geography.areas.values())
    return drawn(chart.properties(width=_MAP_WIDTH, height=height), title, names)


def _area_in_words(name: str, value: float | None, indicator: Indicator | None) -> str:
    if indicator is None:
        return name
    figure = _("not shown") if value is None else locale.percent(value, indicator.decimals)
    return f"{name}: {figure}"


def _around(outlines: list[BaseGeometry], ground: BaseGeometry) -> BaseGeometry:
    """The part of `ground` that a map of the areas shows: half their extent on each side."""
    west, south, east, north = shapely.total_bounds(outlines)
    margin = max(east - west, north - south) / 2
    frame = shapely.box(west - margin, south - margin, east + margin, north + margin)
    shown: BaseGeometry = shapely.intersection(ground, frame)
    return shown


def _average(status: Edition, indicator: Indicator, year: int) -> float:
    """The percentage of the areas together; zero where it is not known."""
    own = status.results.filter(
        pl.col("indicator") == indicator.id, pl.col("period") == year, pl.col("group") == AREAS
    )["value"].drop_nulls()
    return 100 * float(own[0]) if own.len() else 0.0


def _filled(features: list[dict[str, Any]], average: float) -> list[alt.Chart]:
    """The areas by their value; those without one white and dashed, which no colour print loses.

    The scale goes from zero to twice the average at least, so that areas that differ little look
    alike, however close the largest of them is to the others.
    """
    known = [each for each in features if each["properties"]["value"] is not None]
    others = [each for each in features if each["properties"]["value"] is None]
    layers: list[alt.Chart] = []
    if known:
        most = max(2 * average, *(each["properties"]["value"] for each in known))
        legend = alt.Legend(title=_("Percent"), orient="bottom", format="~r")
        fill = alt.Color(
            "properties.value:Q",
            scale=alt.Scale(range=["#FEE6CE", "#C4520C"], domain=[0, most or 1]),
            legend=legend if most else None,
        )
        areas = _shapes(known).mark_geoshape(stroke="#7A3300", strokeWidth=0.8)
        layers.append(areas.encode(color=fill))
    if others:
        areas = _shapes(others).mark_geoshape(fill="white", stroke="#4D4D4D", strokeDash=[3, 2])
        layers.append(areas)
    return layers


def _named(status: Edition, bounds: Any, height: int) -> list[Any]:
    """The name of each area beside it, and of the districts where there is room."""
    west, south, east, north = (float(bound) for bound in bounds)
    scale = min(_MAP_WIDTH / (east - west), height / (north - south))
    left, top = (_MAP_WIDTH - scale * (east - west)) / 2, (height - scale * (north - south)) / 2

    def dots(x: float, y: float) -> tuple[float, float]:
        return left + scale * (x - west), top + scale * (north - y)

    names, shapes = [], []
    for area in status.geography.areas.values():
        parts = getattr(area.geometry, "geoms", [area.geometry])
        for part in parts:
            x1, y1, x2, y2 = part.bounds
            (first, above), (last, below) = dots(x1, y2), dots(x2, y1)
            inset = 0.2 * (last - first), 0.2 * (below - above)
            shapes.append((first + inset[0], above + inset[1], last - inset[0], below - inset[1]))
        at = max(parts, key=lambda part: part.area).representative_point()
        names.append(Name(area.name, *dots(at.x, at.y), size=10.5))
    frame = (0.0, 0.0, float(_MAP_WIDTH), float(height))
    areas = placed(names, frame, shapes, on_points=False)
    under = []
    for name, district in status.geography.districts.items():
        at = district.geometry.representative_point()
        under.append(Name(name, *dots(at.x, at.y), size=9))
    districts = free(under, frame, [*shapes, *(each.box for each in areas)])
    layers: list[Any] = []
    if districts:
        layers.append(_words(districts, "#6B665D", italic=True))
    lines = [
        {"x": each.x, "y": each.y, "to_x": each.name.x, "to_y": each.name.y}
        for each in areas
        if each.moved
    ]
    if lines:
        rule = alt.Chart(inline(lines)).mark_rule(color="#555555", strokeWidth=0.7)
        layers.append(
            rule.encode(
                x=alt.X("x:Q", scale=None, axis=None),
                y=alt.Y("y:Q", scale=None, axis=None),
                x2="to_x:Q",
                y2="to_y:Q",
            )
        )
    return [*layers, _words(areas, "#1f2328")]


def _words(names: list[Placed], colour: str, *, italic: bool = False) -> Any:
    """Names at their places, with white behind them so that no line strikes one out."""
    rows = [{"x": each.x, "y": each.y, "name": each.name.text} for each in names]
    base = alt.Chart(inline(rows)).encode(
        x=alt.X("x:Q", scale=None, axis=None),
        y=alt.Y("y:Q", scale=None, axis=None),
        text="name:N",
    )
    size = names[0].name.size if names else 10
    style = "italic" if italic else "normal"
    behind = base.mark_text(
        fontSize=size, font=FONT, fontStyle=style, stroke="white", strokeWidth=3, opacity=0.85
    )
    return behind + base.mark_text(fontSize=size, font=FONT, fontStyle=style, color=colour)


def values_by_area(status: Edition, indicator: Indicator, year: int) -> dict[str, float | None]:
    """The percentage of each area in a year; None where it is hidden or there is none."""
    rows = status.results.filter((pl.col("indicator") == indicator.id) & (pl.col("period") == year))
    return {
        group: None if value is None else 100 * value
        for group, value in rows.select("group", "value").iter_rows()
        if group in status.geography.areas
    }


def _feature(geometry: Any, properties: dict[str, Any]) -> dict[str, Any]:
    simple = shapely.simplify(geometry, _SIMPLER_BY_METRES)
    # Vega draws a ring that runs against the clock as everything outside it.
    wound = shapely.orient_polygons(simple, exterior_cw=True)
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": shapely.geometry.mapping(shapely.set_precision(wound, 1)),
    }


def _shapes(features: list[dict[str, Any]]) -> alt.Chart:
    collection = {"type": "FeatureCollection", "features": features}
    return alt.Chart(
        alt.InlineData(values=collection, format={"property": "features", "type": "json"})
    )


def inline(rows: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=rows)


def drawn(chart: Any, title: str, description: str) -> Picture:
    """The chart as a picture, with a title and a description for those who cannot see it."""
    styled = (
        chart.configure(font=FONT, aria=False)
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=12, titleFontSize=12, gridColor="#E5E5E5", domainColor="#888888"
        )
    )
    region: Literal["da-DK", "en-GB"] = "da-DK" if locale.current().language == "da" else "en-GB"
    spec = styled.to_json(validate=False)
    _use_own_letters()
    svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[], format_locale=region)
    mark = "c" + hashlib.sha256(spec.encode()).hexdigest()[:8]
    drawn = _ROLES_WITHIN.sub("", _with_own_ids(str(svg), mark))
    return Picture(drawn, title, description, spec)


@cache
def _use_own_letters() -> None:
    vl_convert.register_font_directory(str(FONTS))


_ROLES_WITHIN = re.compile(r' (?:role|aria-roledescription)="[^"]*"')
"""A drawing is one picture with a text of its own: its parts have none, and are not read out."""


def _with_own_ids(svg: str, mark: str) -> str:
    """`svg` with ids of `mark` and a number: Vega's count on from chart to chart and run to run."""
    ids = list(dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg)))
    for number, name in enumerate(ids):
        svg = svg.replace(f'id="{name}"', f'id="{mark}-{number}"')
        svg = svg.replace(f"url(#{name})", f"url(#{mark}-{number})")
    return svg
