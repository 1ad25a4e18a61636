"""Small pictures that stand beside figures: a trend of a goal, and the way to the ambition.

They are drawn by hand as SVG: a chart library needs more room for its axes than they have.
"""

from __future__ import annotations

from html import escape
from itertools import pairwise

from kvarter.documents.contents.ambition import AmbitionContents
from kvarter.documents.contents.goals import Point, TargetContents
from kvarter.documents.document import Picture
from kvarter.documents.letters import FONT
from kvarter.i18n import _

_INK, _SOFT, _ASKED, _WAY = "#1f2328", "#8a929c", "#a33b00", "#0072B2"
_WIDTH, _HEIGHT, _MARGIN = 132, 44, 5.0
_LONG, _LEFT, _RIGHT = 420, 3, 3

_Point = tuple[float, float]


def trend_picture(target: TargetContents) -> Picture | None:
    """The years of a goal as a line from zero, with what the target asks for as a dashed line.

    A break of the case system breaks the line. None where there are fewer than two years.
    """
    points = target.series
    if len(points) < 2:
        return None
    values = [_value(point) for point in points]
    most = max([*values, target.level_asked or 0.0]) or 1.0
    first, last = points[0].year, points[-1].year

    def x(year: float) -> float:
        return _MARGIN + (_WIDTH - 2 * _MARGIN) * (year - first) / (last - first)

    def y(value: float) -> float:
        return _HEIGHT - _MARGIN - (_HEIGHT - 2 * _MARGIN) * max(value, 0.0) / most

    shapes = [_line((x(first), y(0)), (x(last), y(0)), _SOFT, 1)]
    if target.level_asked is not None:
        level = y(target.level_asked)
        shapes.append(_line((x(first), level), (x(last), level), _ASKED, 1.5, dash="4 3"))
    for before, after in pairwise(points):
        if before.stretch == after.stretch:
            start, end = ((x(point.year), y(_value(point))) for point in (before, after))
            shapes.append(_line(start, end, _INK, 2))
        else:
            at = (x(before.year) + x(after.year)) / 2
            shapes.append(_line((at, _MARGIN), (at, y(0)), _SOFT, 1.2, dash="2 2"))
    shapes.append(_dot(x(first), y(values[0]), "#ffffff"))
    shapes.append(_dot(x(last), y(values[-1]), _INK))
    description = "; ".join(f"{point.year}: {point.figure.text}" for point in points)
    title = _("{title}, year by year", title=target.indicator)
    return Picture(_svg(_WIDTH, _HEIGHT, shapes), title, description)


def trend_note() -> str:
    """What the small pictures of a table show."""
    return _(
        "The small pictures: the areas year by year, on a scale from zero. The dashed line is what "
        "the target asks for; a dashed line downwards is a new case system."
    )


def _value(point: Point) -> float:
    value = point.figure.value
    assert isinstance(value, int | float)
    return float(value)


def way_picture(ambition: AmbitionContents) -> Picture | None:
    """The way from the baseline to the ambition, and how far along it the areas are.

    Marked on it: how far they would be, had the pace been even. None where nothing is measured.
    """
    covered = ambition.covered
    if covered is None or not isinstance(covered.value, int | float):
        return None
    at = float(covered.value)
    elapsed = ambition.elapsed.value if ambition.elapsed else None
    even = min(float(elapsed), 1.0) if isinstance(elapsed, int | float) else None
    least, most = min(0.0, at), max(1.0, at)

    def x(part: float) -> float:
        return _LEFT + (_LONG - _LEFT - _RIGHT) * (part - least) / (most - least)

    top, thick, low = 30.0, 20.0, 76
    shapes = [
        _bar(x(least), x(most), top, thick, "#eef0f3"),
        _bar(min(x(0), x(at)), max(x(0), x(at)), top, thick, _WAY),
        _line((x(0), top - 4), (x(0), top + thick + 4), _INK, 1.5),
        _line((x(1), top - 4), (x(1), top + thick + 4), _INK, 1.5),
        _text(x(0), top + thick + 20, _("baseline"), "start" if least == 0 else "middle"),
        _text(x(1), top + thick + 20, _("ambition"), "end" if most == 1 else "middle"),
        _text(x(at), top - 9, covered.text, _anchor(x(at)), bold=True),
    ]
    if even is not None and 0 < even < 1:
        shapes.append(
            _line((x(even), top - 4), (x(even), top + thick + 4), _ASKED, 1.5, dash="4 3")
        )
        if abs(x(even) - x(at)) > 110:
            shapes.append(_text(x(even), top - 9, _("even pace"), _anchor(x(even))))
    said = _("{covered} of the way", covered=covered.text)
    description = f"{said}; {_('even pace')}: {ambition.elapsed.text}" if ambition.elapsed else said
    return Picture(_svg(_LONG, low, shapes), ambition.title, description)


def _anchor(x: float) -> str:
    if x < _LEFT + 60:
        return "start"
    return "end" if x > _LONG - _RIGHT - 60 else "middle"


def _svg(width: int, height: int, shapes: list[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="{FONT}" font-size="13" fill="{_INK}" xmlns="http://www.w3.org/2000/svg">'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(shapes)}</svg>'
    )


def _line(start: _Point, end: _Point, colour: str, width: float, dash: str = "") -> str:
    (x1, y1), (x2, y2) = start, end
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{width}"{dashed}/>'
    )


def _dot(x: float, y: float, fill: str) -> str:
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{fill}" stroke="{_INK}" '
        'stroke-width="1.5"/>'
    )


def _bar(start: float, end: float, top: float, thick: float, fill: str) -> str:
    return (
        f'<rect x="{start:.1f}" y="{top:.1f}" width="{end - start:.1f}" height="{thick:.1f}" '
        f'fill="{fill}"/>'
    )


def _text(x: float, y: float, text: str, anchor: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{weight}>{escape(text)}</text>'
