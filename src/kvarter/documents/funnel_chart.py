"""The funnel plot: each area by its size and figure, within the limits of what chance gives."""

from __future__ import annotations

from typing import Any

import altair as alt

from kvarter.documents.charts import COLOURS, drawn, inline
from kvarter.documents.contents.areas import ByArea, place_word
from kvarter.documents.document import Picture
from kvarter.documents.letters import FONT
from kvarter.documents.map_names import Name, placed
from kvarter.i18n import _, locale
from kvarter.judgement.funnel import INNER, OUTER
from kvarter.policy.model import AREAS

_WIDTH, _HEIGHT = 560, 300
_LIMIT, _INK, _SOFT = "#7C8590", "#1f2328", "#8a929c"


def funnel_caption(found: ByArea) -> str:
    """What the lines of the plot are."""
    return _(
        "{title}, {year}, by {per}. The line across is the average of the areas; between the whole "
        "lines {outer} of areas lie by chance, between the dashed ones {inner}. An area beyond the "
        "whole lines differs from the average; the scale begins at zero.",
        title=found.title,
        year=found.year.text,
        per=found.per,
        outer=locale.percent(100 * OUTER, 1),
        inner=locale.percent(100 * INNER),
    )


def funnel_chart(found: ByArea) -> Picture | None:
    """The plot; None where fewer than three areas can be held against their average."""
    if found.funnel is None:
        return None
    limits = found.funnel.limits
    points = [
        (area, float(area.size or 0), found.times * float(area.figure.value))
        for area in found.areas
        if area.place is not None and area.figure and isinstance(area.figure.value, int | float)
    ]
    first, last = limits[0][0], limits[-1][0]
    most = 1.05 * max([found.times * limits[0][4], *(value for _, _, value in points)])
    x = alt.X(
        "size:Q",
        title=found.per[:1].upper() + found.per[1:],
        scale=alt.Scale(domain=[first, last], nice=False),
        axis=alt.Axis(format=",d", grid=False, tickCount=6),
    )
    y = alt.Y(
        "value:Q",
        title=_("Percent") if found.unit == "%" else found.unit,
        scale=alt.Scale(domain=[0, most], nice=False),
        axis=alt.Axis(format="~r"),
    )
    layers: list[Any] = []
    for place, dash in ((1, [5, 4]), (2, [5, 4]), (3, [1, 0]), (4, [1, 0])):
        rows = [{"size": each[0], "value": found.times * each[place]} for each in limits]
        line = alt.Chart(inline(rows)).mark_line(
            strokeWidth=1.5, color=_LIMIT, strokeDash=dash, clip=True
        )
        layers.append(line.encode(x=x, y=y))
    average = found.times * found.funnel.average
    ends = [{"size": first, "value": average}, {"size": last, "value": average}]
    layers.append(
        alt.Chart(inline(ends)).mark_line(color=COLOURS[AREAS], strokeWidth=2).encode(x=x, y=y)
    )
    marked = [
        {
            "size": size,
            "value": value,
            "beyond": "in" if area.place == "within" else "out",
            "told": f"{area.name}: {area.word}, {place_word(area.place)}",
        }
        for area, size, value in points
    ]
    shape = alt.Shape(
        "beyond:N", scale=alt.Scale(domain=["in", "out"], range=["circle", "diamond"]), legend=None
    )
    dots = alt.Chart(inline(marked)).mark_point(filled=True, size=60, opacity=1, color=_INK)
    layers.append(dots.encode(x=x, y=y, shape=shape))
    layers.append(_names(points, (first, last, most)))
    description = "; ".join(str(each["told"]) for each in marked)
    chart = alt.layer(*layers).properties(width=_WIDTH, height=_HEIGHT)
    title = _("{title}: the areas and what chance gives", title=found.title)
    return drawn(chart, title, description)


def _names(points: list[Any], scales: tuple[float, float, float]) -> Any:
    """The name of each area beside its point."""
    first, last, most = scales
    names = [
        Name(
            area.name,
            _WIDTH * (size - first) / (last - first),
            _HEIGHT * (1 - value / most),
            size=9.5,
        )
        for area, size, value in points
    ]
    dots = [(name.x - 4, name.y - 4, name.x + 4, name.y + 4) for name in names]
    frame = (0.0, 0.0, float(_WIDTH), float(_HEIGHT))
    rows = [
        {"x": each.x, "y": each.y, "name": each.name.text}
        for each in placed(names, frame, dots, on_points=False)
    ]
    base = alt.Chart(inline(rows)).encode(
        x=alt.X("x:Q", scale=None, axis=None),
        y=alt.Y("y:Q", scale=None, axis=None),
        text="name:N",
    )
    behind = base.mark_text(fontSize=9.5, font=FONT, stroke="white", strokeWidth=3)
    return behind + base.mark_text(fontSize=9.5, font=FONT, color=_INK)
