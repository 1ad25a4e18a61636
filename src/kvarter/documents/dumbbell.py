"""The areas beside the rest of the city, then and now: a dumbbell for each of the two."""

from __future__ import annotations

from typing import Any, Literal

import altair as alt

from kvarter.documents.charts import COLOURS, drawn, inline
from kvarter.documents.document import Picture
from kvarter.documents.figures import decimals_shown, figures_of
from kvarter.documents.letters import FONT
from kvarter.documents.words import group_names
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.policy.model import AREAS, REST, Indicator, data_year


def areas_against_rest(status: Edition, indicator: Indicator) -> Picture | None:
    """A line of the gap for the baseline and one for now; None where a figure is missing."""
    baseline = status.policy.baseline()
    if baseline is None or baseline.id == status.definition.id:
        return None
    figures, names = figures_of(status, indicator), group_names()
    rows = []
    for edition in (baseline, status.definition):
        year = data_year(indicator, edition)
        found = [figures.get((year, group)) for group in (AREAS, REST)]
        if any(row is None or row["value"] is None for row in found):
            return None
        areas, rest = (100 * row["value"] for row in found if row is not None)
        rows.append({"year": str(year), "areas": areas, "rest": rest})
    most = max(row[group] for row in rows for group in (AREAS, REST))
    points = [
        {
            "year": row["year"],
            "group": names[group],
            "value": row[group],
            "label": locale.percent(
                row[group], decimals_shown(figures[int(row["year"]), group], indicator)
            ),
            "side": side,
        }
        for row in rows
        for side, group in zip(
            ("left", "right"), sorted((AREAS, REST), key=lambda group: row[group]), strict=True
        )
    ]
    at = alt.Y("year:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False))
    x = alt.X(
        "value:Q",
        title=_("Percent"),
        scale=alt.Scale(domain=[0, 1.1 * most], nice=False),
        axis=alt.Axis(format="~r"),
    )
    colour = alt.Color(
        "group:N",
        scale=alt.Scale(domain=[names[AREAS], names[REST]], range=[COLOURS[AREAS], COLOURS[REST]]),
        legend=alt.Legend(title=None, orient="top", symbolSize=90, labelFontSize=12),
    )
    rule = alt.Chart(inline(rows)).mark_rule(strokeWidth=4, color="#C8CDD3")
    lines = rule.encode(y=at, x=alt.X("areas:Q", title=_("Percent")), x2="rest:Q")
    base = alt.Chart(inline(points)).encode(y=at, x=x)
    # Two shapes besides the two colours, for a print in black and white.
    shape = alt.Shape(
        "group:N",
        scale=alt.Scale(domain=[names[AREAS], names[REST]], range=["circle", "square"]),
        legend=alt.Legend(title=None, orient="top"),
    )
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(color=colour, shape=shape)
    layers: list[Any] = [lines, dots]
    # Each on the outer side of its own point, so that two that are close stand clear of each other.
    sides: list[tuple[str, Literal["left", "right"], int]]
    sides = [("left", "right", -2), ("right", "left", 2)]
    for side, align, dx in sides:
        text = alt.Chart(inline([point for point in points if point["side"] == side]))
        words = text.mark_text(align=align, dx=dx, dy=-15, font=FONT, fontSize=12, color="#333333")
        layers.append(words.encode(y=at, x=x, text="label:N"))
    chart = alt.layer(*layers).properties(width=480, height=46 * len(rows))
    description = "; ".join(
        f"{point['group']} {point['year']}: {point['label']}" for point in points
    )
    title = _("{title}: the areas and the rest of the city", title=locale.say(indicator.title))
    return drawn(chart, title, description)
