"""The ledger's flow figure as SVG: rows read on the left, what became of them on the right."""

from __future__ import annotations

from html import escape

from kvarter.cases import Outcome
from kvarter.documents.document import Picture
from kvarter.documents.letters import FONT
from kvarter.i18n import _, locale

TOGETHER = "together"
"""Outcomes that are not shown one by one, because a small number could be read from them."""

_COLOURS = {
    Outcome.COUNTED: "#009E73",
    Outcome.DUPLICATE: "#56B4E9",
    Outcome.OUTSIDE_PERIOD: "#BBBBBB",
    Outcome.OUTSIDE_MUNICIPALITY: "#999999",
    Outcome.UNLOCATED: "#E69F00",
    Outcome.INVALID: "#CC79A7",
    TOGETHER: "#D9D9D9",
}
_WIDTH, _HEIGHT, _GAP, _BAR, _THINNEST = 640, 250, 16, 16, 1.5
_BIG = '<tspan font-size="16" font-weight="bold">'
_LEFT, _RIGHT = 120, 330


def outcome_names() -> dict[str, str]:
    """What the final outcomes are called."""
    return {
        Outcome.COUNTED: _("Counted"),
        Outcome.DUPLICATE: _("Duplicate of a counted one"),
        Outcome.OUTSIDE_PERIOD: _("Outside the period"),
        Outcome.OUTSIDE_MUNICIPALITY: _("Outside the municipality"),
        Outcome.UNLOCATED: _("Not located"),
        Outcome.INVALID: _("Invalid"),
    }


def flow_figure(outcomes: dict[str, int]) -> Picture | None:
    """The figure for rows by final outcome or TOGETHER; heights are in proportion to the rows."""
    read = sum(outcomes.values())
    if not read:
        return None
    names = outcome_names() | {TOGETHER: _("The others, with small numbers")}
    parts = [(name, rows) for name, rows in outcomes.items() if rows]
    scale = (_HEIGHT - _GAP * (len(parts) + 1)) / read
    title = _("{rows} rows read", rows=locale.number(read))
    text = "; ".join(f"{names[name]}: {locale.number(rows)}" for name, rows in parts)
    height = read * scale
    top = (_HEIGHT - height) / 2
    shapes = [
        f'<rect x="{_LEFT}" y="{top:.1f}" width="{_BAR}" height="{height:.1f}" fill="#4D4D4D"/>',
        f'<text x="{_LEFT - 10}" y="{_HEIGHT / 2:.1f}" text-anchor="end">'
        f"{_BIG}{locale.number(read)}</tspan>"
        f'<tspan x="{_LEFT - 10}" dy="18">{escape(_("rows read"))}</tspan></text>',
    ]
    start, end, label_free_from = top, float(_GAP) / 2, 0.0
    for name, rows in parts:
        thick = max(rows * scale, _THINNEST)
        middle, x0, x1 = (_LEFT + _RIGHT) / 2, _LEFT + _BAR, _RIGHT
        shapes.append(
            f'<path d="M{x0},{start:.1f} C{middle},{start:.1f} {middle},{end:.1f} {x1},{end:.1f} '
            f"V{end + thick:.1f} C{middle},{end + thick:.1f} {middle},{start + rows * scale:.1f} "
            f'{x0},{start + rows * scale:.1f} Z" fill="{_COLOURS[name]}" fill-opacity="0.45"/>'
            f'<rect x="{x1}" y="{end:.1f}" width="{_BAR}" height="{thick:.1f}" '
            f'fill="{_COLOURS[name]}"/>'
        )
        baseline = max(end + thick / 2 + 5, label_free_from + 16)
        label_free_from = baseline
        shapes.append(
            f'<text x="{x1 + _BAR + 10}" y="{baseline:.1f}">{_BIG}'
            f"{locale.number(rows)}</tspan> {escape(names[name])}</text>"
        )
        start += rows * scale
        end += thick + _GAP
    svg = (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT + 10}" width="{_WIDTH}" height="{_HEIGHT + 10}" '
        f'font-family="{FONT}" font-size="14" fill="#1f2328" '
        f'xmlns="http://www.w3.org/2000/svg"><rect width="100%" height="100%" fill="#fff"/>'
        f"{''.join(shapes)}</svg>"
    )
    return Picture(svg, title, text)
