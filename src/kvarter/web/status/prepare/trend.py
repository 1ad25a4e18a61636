"""The small picture of a trend: the series by year and what is asked for, drawn by hand."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_WIDTH, _HEIGHT, _MARGIN = 200, 56, 7
_LINE, _ASKED, _GROUND = "#b04a00", "#1a1a1a", "#8a8a8a"
Points = Sequence[tuple[int, float]]


def trend(stretches: Sequence[Points], asked: float | None, title: str) -> str:
    """An SVG from zero up: a line for each stretch of years, and a dashed one for what is asked."""
    every = [point for stretch in stretches for point in stretch]
    most = max([*(value for _, value in every), asked or 0]) or 1
    first, last = min(year for year, _ in every), max(year for year, _ in every)

    def height(value: float) -> float:
        return round(_HEIGHT - _MARGIN - value / most * (_HEIGHT - 2 * _MARGIN), 1)

    def at(year: int, value: float) -> tuple[float, float]:
        x = _MARGIN + (year - first) / max(1, last - first) * (_WIDTH - 2 * _MARGIN)
        return round(x, 1), height(value)

    parts = [f'<path d="M0 {_HEIGHT - _MARGIN}H{_WIDTH}" stroke="{_GROUND}"/>']
    if asked is not None and asked >= 0:
        dashed = f'stroke="{_ASKED}" stroke-width="1.5" stroke-dasharray="4 3"'
        parts.append(f'<path d="M0 {height(asked)}H{_WIDTH}" {dashed}/>')
    for stretch in stretches:
        path = "M" + "L".join(f"{x} {y}" for x, y in (at(*point) for point in stretch))
        parts.append(f'<path d="{path}" fill="none" stroke="{_LINE}" stroke-width="3"/>')
    x, y = at(*stretches[-1][-1])
    parts.append(f'<circle cx="{x}" cy="{y}" r="4" fill="{_LINE}"/>')
    box = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img">'
    return f"{head}<title>{escape(title)}</title>{''.join(parts)}</svg>\n"
