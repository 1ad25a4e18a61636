"""The small picture of a trend: the areas and the city by year, drawn without a library."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_WIDTH, _HEIGHT, _MARGIN = 200, 56, 7
Points = Sequence[tuple[int, float]]


def trend(areas: Points, city: Points, title: str) -> str:
    """An SVG of two lines by year, from zero up: the areas strong, the city thin."""
    every = [*areas, *city]
    years = sorted({year for year, _ in every})
    most = max((value for _, value in every), default=0) or 1

    def at(year: int, value: float) -> tuple[float, float]:
        span = max(1, years[-1] - years[0])
        x = _MARGIN + (year - years[0]) / span * (_WIDTH - 2 * _MARGIN)
        return round(x, 1), round(_HEIGHT - _MARGIN - value / most * (_HEIGHT - 2 * _MARGIN), 1)

    lines = "".join(
        _line([at(year, value) for year, value in points], colour, width)
        for points, colour, width in ((city, "#4d4d4d", 1.5), (areas, "#b04a00", 3))
        if points
    )
    ends = [at(*points[-1]) for points in (areas,) if points]
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="4" fill="#b04a00"/>' for x, y in ends)
    ground = f'<path d="M0 {_HEIGHT - _MARGIN}H{_WIDTH}" stroke="#8a8a8a" stroke-width="1"/>'
    box = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img">'
    return f"{head}<title>{escape(title)}</title>{ground}{lines}{dots}</svg>\n"


def _line(points: Sequence[tuple[float, float]], colour: str, width: float) -> str:
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
