"""The cases that could not be located: who is missing, and how far they can move a verdict."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from kvarter.documents.charts import drawn, inline
from kvarter.documents.contents import who_is_missing
from kvarter.documents.document import Block, Cell, Paragraph, Picture, Section, Table
from kvarter.documents.letters import FONT
from kvarter.documents.words import amount
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.policy.model import Indicator, Reading, Target

_FIRM, _LOOSE, _ASKED = "#0072B2", "#D55E00", "#4D4D4D"


def located_section(status: Edition, indicator: Indicator) -> list[Section]:
    """A table for each factor: what share could be located, and whether it differs by chance.

    Where small numbers are withheld, that is said.
    """
    found = who_is_missing(status, indicator)
    blocks: list[Block] = []
    for each in found.by:
        lines = tuple(
            (
                Cell(level.name),
                Cell(level.located.text, number=True),
                Cell(level.unlocated.text, number=True),
            )
            for level in each.levels
        )
        headings = (
            Cell(each.title),
            Cell(_("Located"), number=True),
            Cell(_("Cases not located"), number=True),
        )
        blocks.append(Table(each.caption, headings, lines, widths=(3, 1, 1)))
        if each.tested:
            blocks.append(Paragraph(each.tested, "note"))
    if found.withheld:
        blocks.append(Paragraph(found.withheld, "note"))
    if not blocks:
        return []
    title = _("Who is missing: the share of cases that could be located")
    return [Section(title, tuple(blocks), kind="fold")]


def sensitivity_rows(status: Edition, target: Target, reading: Reading) -> list[dict[str, Any]]:
    """Each assumption with its interval; none where it is hidden."""
    rows = status.sensitivity.filter(
        (pl.col("target") == target.id)
        & (pl.col("reading") == reading.id)
        & pl.col("change_low").is_not_null()
    )
    names = _names()
    return [
        {
            **row,
            "title": names[row["step"]],
            "span": _(
                "{low} to {high}",
                low=amount(row["change_low"], reading),
                high=amount(row["change_high"], reading),
            ),
        }
        for row in rows.iter_rows(named=True)
    ]


def _names() -> dict[str, str]:
    return {
        "none": _("Anywhere"),
        "known": _("Where the address allows"),
        "odds": _("On average, odds at most doubled or halved"),
        "random": _("As the located, with chance"),
    }


def sensitivity_sentence(rows: list[dict[str, Any]]) -> str:
    """What the assumptions say of the verdict, in a sentence."""
    if not rows:
        return ""
    verdicts = [row["verdict"] for row in rows]
    values = {
        "now": locale.number(rows[0]["unlocated"]),
        "before": locale.number(rows[0]["unlocated_baseline"]),
    }
    if set(verdicts) in ({"met"}, {"not_met"}):
        return _(
            "Wherever the unlocated cases ({now}, and {before} in the baseline) lie, on every "
            "step of assumptions the answer is the same.",
            **values,
        )
    firm = next((row["title"] for row in rows if row["verdict"] != "turns"), None)
    if firm is None:
        return _(
            "The unlocated cases ({now}, and {before} in the baseline) leave the answer open on "
            "every step of assumptions.",
            **values,
        )
    return _(
        "The unlocated cases ({now}, and {before} in the baseline) can turn the answer; it is "
        'settled by the assumption "{step}".',
        step=firm,
        **values,
    )


def sensitivity_figure(rows: list[dict[str, Any]], reading: Reading, asked: float) -> Picture:
    """The assumptions as a picture: a bar for each, and a line for what is asked."""
    data = [
        {
            "step": row["title"],
            "low": row["change_low"],
            "high": row["change_high"],
            "middle": row["change"],
            "colour": _LOOSE if row["verdict"] == "turns" else _FIRM,
        }
        for row in rows
    ]
    step = alt.Y(
        "step:N", sort=None, title=None, axis=alt.Axis(labelLimit=400, labelPadding=8, ticks=False)
    )
    base = alt.Chart(inline(data)).encode(y=step, color=alt.Color("colour:N", scale=None))
    bars = base.mark_rule(strokeWidth=7, strokeCap="round").encode(
        x=alt.X("low:Q", title=change_axis(reading), scale=alt.Scale(zero=False, padding=18)),
        x2="high:Q",
    )
    dots = (
        alt.Chart(inline([row for row in data if row["middle"] is not None]))
        .mark_point(filled=True, fill="white", stroke="#333333", size=45, opacity=1)
        .encode(y=step, x="middle:Q")
    )
    line = alt.Chart(inline([{"asked": asked, "label": _("asked")}]))
    rule = line.mark_rule(strokeDash=[5, 4], color=_ASKED, strokeWidth=2).encode(x="asked:Q")
    word = line.mark_text(dy=-8, baseline="bottom", color=_ASKED, font=FONT).encode(
        x="asked:Q", y=alt.value(0), text="label:N"
    )
    description = "; ".join(f"{row['title']}: {row['span']}" for row in rows)
    chart = alt.layer(bars, dots, rule, word).properties(width=360, height=34 * len(rows))
    return drawn(chart, _("Unlocated cases and the verdict"), description)


def change_axis(reading: Reading) -> str:
    """What an axis of changes by a reading is called."""
    if reading.kind == "point_change":
        return _("Change, percentage points")
    return _("Level") if reading.kind == "level" else _("Change, percent")
