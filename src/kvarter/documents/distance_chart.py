"""The picture of the distance: for each criterion, how far from the baseline to the ambition."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from kvarter.documents.charts import drawn, inline
from kvarter.documents.document import Picture
from kvarter.documents.letters import FONT
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.policy.model import AREAS

_FORWARD, _BACK, _INK = "#0072B2", "#D55E00", "#333333"
_ROW = 44


def distance_chart(status: Edition, latest: dict[str, dict[str, Any]], year: int) -> Picture | None:
    """A bar for each criterion from the baseline (0) to where it is; 100 is the ambition.

    `latest`: the last row of each criterion by the reading that decides. A hollow dot is where it
    is with the areas as designated at the time; None without a single figure.
    """
    ambition = status.policy.ambition
    assert ambition is not None
    rows = [
        {
            "criterion": locale.say(criterion.title),
            "covered": 100 * row["distance_covered"],
            "low": _share(row["closed_low"], ambition.closed),
            "high": _share(row["closed_high"], ambition.closed),
            "designated": _designated(status, row),
            "label": locale.percent(100 * row["distance_covered"]),
            "way": "forward" if row["distance_covered"] >= 0 else "back",
        }
        for criterion in status.policy.criteria
        if (row := latest.get(criterion.id)) and row["distance_covered"] is not None
    ]
    if not rows:
        return None
    ends = [v for row in rows for v in (row["low"], row["high"], row["covered"], row["designated"])]
    known = [value for value in ends if value is not None]
    least, most = min([-10.0, *known]), max([108.0, *known])
    axis_x = alt.X(
        "covered:Q",
        title=_("Percent of the way from the baseline to the ambition"),
        scale=alt.Scale(domain=[least - 4, most + 14], nice=False),
        axis=alt.Axis(tickCount=8, format="~r"),
    )
    axis_y = alt.Y(
        "criterion:N",
        title=None,
        sort=[row["criterion"] for row in rows],
        axis=alt.Axis(labelFontSize=13, labelLimit=400, ticks=False, domain=False),
    )
    base = alt.Chart(inline(rows)).encode(y=axis_y)
    colour = alt.Color(
        "way:N", scale=alt.Scale(domain=["forward", "back"], range=[_FORWARD, _BACK]), legend=None
    )
    bar = base.mark_bar(height=14, opacity=0.75).encode(x=axis_x, x2=alt.datum(0), color=colour)
    whisker = base.mark_rule(strokeWidth=2, color=_INK).encode(x="low:Q", x2="high:Q")
    dot = base.mark_point(filled=True, size=70, color=_INK, opacity=1).encode(x="covered:Q")
    hollow = base.mark_point(size=80, color=_INK, fill="white", opacity=1).encode(x="designated:Q")
    label = base.mark_text(dy=-15, fontSize=13, fontWeight="bold", font=FONT, color=_INK)
    words = label.encode(x="covered:Q", text="label:N")
    # White behind, so that a line does not strike a number out.
    behind = base.mark_text(
        dy=-15, fontSize=13, fontWeight="bold", font=FONT, stroke="white", strokeWidth=5
    ).encode(x="covered:Q", text="label:N")
    start = min(row["baseline_period"] for row in latest.values())
    time = 100 * (year - start) / (ambition.year - start) if ambition.year > start else 100.0
    marks = [
        {"at": 0.0, "word": _("baseline"), "dash": "whole", "align": "center"},
        {"at": 100.0, "word": _("ambition"), "dash": "whole", "align": "left"},
        {"at": min(time, 100.0), "word": _("even pace"), "dash": "dashed", "align": "right"},
    ]
    lines = alt.Chart(inline(marks)).encode(x="at:Q")
    dash = alt.StrokeDash(
        "dash:N",
        scale=alt.Scale(domain=["whole", "dashed"], range=[[1, 0], [4, 4]]),
        legend=None,
    )
    rules = lines.mark_rule(color="#666666").encode(strokeDash=dash)
    names = [_word(mark) for mark in marks]
    chart = alt.layer(rules, bar, whisker, hollow, dot, behind, words, *names)
    description = "; ".join(f"{row['criterion']}: {row['label']}" for row in rows)
    return drawn(
        chart.properties(width=470, height=_ROW * len(rows)),
        locale.say(ambition.title),
        description,
    )


def _word(mark: dict[str, Any]) -> alt.Chart:
    """The name of a line, above it; aligned so that those of two near lines do not meet."""
    text = alt.Chart(inline([mark])).mark_text(
        baseline="bottom", dy=-4, color="#444444", font=FONT, align=mark["align"]
    )
    named: alt.Chart = text.encode(x="at:Q", y=alt.value(0), text="word:N")
    return named


def _share(closed: float | None, ambition: float) -> float | None:
    return None if closed is None else 100 * closed / ambition


def _designated(status: Edition, row: dict[str, Any]) -> float | None:
    """The same distance with the areas as designated at the time, where those are others."""
    same = status.distance.filter(
        (pl.col("areas") == "designated")
        & (pl.col("group") == AREAS)
        & (pl.col("criterion") == row["criterion"])
        & (pl.col("reference") == row["reference"])
        & (pl.col("period") == row["period"])
    )["distance_covered"].drop_nulls()
    return None if same.is_empty() or row["areas"] == "designated" else 100 * float(same[0])
