"""The tipping point as a picture: how many further cases in the group would turn the answer."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import altair as alt

from kvarter.documents.charts import drawn, inline
from kvarter.documents.document import Cell, Illustration, Picture, Table
from kvarter.documents.letters import FONT
from kvarter.documents.missing import change_axis
from kvarter.documents.words import amount, verdict_word
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.judgement.figures import change, figures_of, is_met
from kvarter.policy.model import Indicator, Reading

_LINE, _ASKED, _BAND, _INK = "#0072B2", "#4D4D4D", "#BFD5E6", "#222222"
_STEPS = 24


def tipping_figure(
    status: Edition, row: dict[str, Any], indicator: Indicator, reading: Reading
) -> Illustration | None:
    """The change by further cases in the group, to past the point where the verdict turns.

    `row`: the verdict. None where no number of cases turns it, or a figure is hidden.
    """
    tipping, could = row["tipping_point"], row["unlocated_cases"]
    if tipping is None or row["change"] is None:
        return None
    base = figures_of(status.results, indicator, row["baseline_period"])
    now = figures_of(status.results, indicator, row["period"])
    own = now.get(reading.group)
    if own is None or not own.is_counted:
        return None

    def moved(more: int) -> Fraction:
        found = own.with_located(more, joins_total=indicator.kind == "share")
        value = change(reading, base, now | {reading.group: found})
        assert value is not None  # there is one without further cases
        return value

    points = [(_("As counted"), 0), (_("Enough to turn the answer"), tipping)]
    if could:
        points.insert(1, (_("All that could lie there"), could))
    marked = [
        {
            "more": more,
            "change": float(moved(more)),
            "title": title,
            "count": locale.number(more),
            "verdict": "met" if is_met(reading, moved(more)) else "not_met",
        }
        for title, more in points
    ]
    for point in marked:
        point["said"] = amount(point["change"], reading)
    most = max(int(1.45 * max(tipping, could or 0)), tipping + 1)
    ways = sorted({round(most * step / _STEPS) for step in range(_STEPS + 1)} | {tipping})
    line = [{"more": more, "change": float(moved(more))} for more in ways]
    picture = _drawn(line, marked, could, row["required"], reading)
    rows = tuple(
        (
            Cell(point["title"]),
            Cell(point["count"], number=True),
            Cell(point["said"], number=True),
            Cell(verdict_word(point["verdict"])),
        )
        for point in sorted(marked, key=lambda each: each["more"])
    )
    headings = (
        Cell(_("Cases")),
        Cell(_("More in the areas"), number=True),
        Cell(_("The change"), number=True),
        Cell(_("The verdict")),
    )
    table = Table(_("What would turn the answer"), headings, rows, widths=(3, 2, 2, 3))
    caption = _(
        "The change, if more cases lay in the areas than were located there; the baseline as it "
        "was located."
    )
    if could:
        shaded = _("Shaded: the cases not located that could lie there.")
        caption = f"{caption} {shaded}"
    return Illustration(picture, caption, table)


def _drawn(
    line: list[dict[str, Any]],
    marked: list[dict[str, Any]],
    could: int | None,
    asked: float,
    reading: Reading,
) -> Picture:
    x = alt.X(
        "more:Q",
        title=_("More cases in the areas"),
        scale=alt.Scale(domain=[0, line[-1]["more"]], nice=False),
        axis=alt.Axis(format=",d", grid=False, tickMinStep=1),
    )
    y = alt.Y("change:Q", title=change_axis(reading), scale=alt.Scale(zero=False, padding=24))
    layers: list[alt.Chart] = []
    if could:
        band = alt.Chart(inline([{"more": 0, "to": could}]))
        layers.append(band.mark_rect(color=_BAND, opacity=0.6).encode(x=x, x2="to:Q"))
    layers.append(alt.Chart(inline(line)).mark_line(color=_LINE, strokeWidth=2.5).encode(x=x, y=y))
    ruled = alt.Chart(inline([{"change": asked, "word": _("asked")}]))
    layers.append(ruled.mark_rule(strokeDash=[5, 4], color=_ASKED, strokeWidth=2).encode(y=y))
    above = ruled.mark_text(align="left", dx=6, dy=-8, color=_ASKED, font=FONT, fontSize=12)
    layers.append(above.encode(x=alt.value(0), y=y, text="word:N"))
    labelled = [{**each, "label": _label(each)} for each in marked]
    base = alt.Chart(inline(labelled)).encode(x=x, y=y)
    layers.append(base.mark_point(filled=True, size=80, opacity=1, color=_INK))
    # More cases never lower the line, so that below and to the right of it there is room.
    words = base.mark_text(align="left", dx=8, dy=14, font=FONT, fontSize=12, color=_INK)
    layers.append(words.encode(text="label:N"))
    description = "; ".join(f"{each['title']}: {each['count']}, {each['said']}" for each in marked)
    chart = alt.layer(*layers).properties(width=480, height=190)
    return drawn(chart, _("What would turn the answer"), description)


def _label(point: dict[str, Any]) -> str:
    return f"+{point['count']}: {point['said']}" if point["more"] else str(point["said"])
