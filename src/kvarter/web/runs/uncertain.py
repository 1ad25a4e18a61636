"""Uncertain addresses as their pages need them: where candidates lie, and what can be chosen.

No Django.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from shapely import box
from shapely.geometry.base import BaseGeometry

from kvarter.addresses import AddressIndex
from kvarter.engine import Engine
from kvarter.errors import InputError
from kvarter.policy.model import Policy
from kvarter.register import read_register
from kvarter.review.decisions import WORDS, look_up
from kvarter.review.kept import as_read

if TYPE_CHECKING:
    import ibis

_SIDE, _MARGIN, _LEAST = 480, 0.25, 3000.0
"""Of the picture: pixels, the part of a side that stays free, metres that it shows at least."""
_SMALL = 'font-family="sans-serif" font-size="13" text-anchor="middle"'


@dataclass(frozen=True)
class Candidate:
    """What a text may mean. x, y: of its entrance in EPSG:25832; None where it is not known."""

    number: int
    official: str
    x: float | None = None
    y: float | None = None


def candidates_of(policy: Policy, home: Path, officials: tuple[str, ...]) -> list[Candidate]:
    """The candidates with the places of their entrances."""
    places = _places(policy, home, officials) if officials and policy.register_ else {}
    nowhere = (None, None)
    return [
        Candidate(number, name, *places.get(name, nowhere))
        for number, name in enumerate(officials, start=1)
    ]


def _places(
    policy: Policy, home: Path, officials: tuple[str, ...]
) -> dict[str, tuple[float | None, float | None]]:
    """Read from the register as it lies there: a run has seen that it is sound."""
    assert policy.register_ is not None
    path = home / policy.register_.file
    found = _index(path).match(officials).select("text", "access_address_id").drop_nulls()
    entrances = (
        pl.scan_parquet(path)
        .filter(pl.col("access_address_id").is_in(found["access_address_id"].to_list()))
        .select("access_address_id", "x", "y")
        .collect()
        .unique("access_address_id")
    )
    rows = found.join(entrances, on="access_address_id").select("text", "x", "y")
    return {text: (x, y) for text, x, y in rows.iter_rows()}


def check_chosen(policy: Policy, home: Path, chosen: str) -> None:
    """Raises InputError, with the address that may be meant, where a run could not use it."""
    if chosen.casefold() not in WORDS:
        with _register(policy, home) as (engine, register, index):
            look_up(as_read(chosen), index, engine, register)


@contextmanager
def _register(policy: Policy, home: Path) -> Iterator[tuple[Engine, ibis.Table, AddressIndex]]:
    """The register of the policy and its index, which is kept open."""
    if policy.register_ is None:
        what = "the policy has no register of addresses"
        raise InputError.of(what, "Choose one of the words.", field="register")
    engine, path = Engine(), home / policy.register_.file
    try:
        table = read_register(engine, home, policy.register_).table
        yield engine, table, _index(path)
    finally:
        engine.close()


def _index(register: Path) -> AddressIndex:
    return _opened(register, register.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _opened(register: Path, changed: int) -> AddressIndex:
    """`changed`: when the file was written last, so that another one is opened anew."""
    return AddressIndex.open(register)


def drawn(candidates: list[Candidate], areas: dict[str, BaseGeometry], title: str) -> str:
    """The candidates by their numbers among the outlines of the areas, north up, as SVG.

    Nothing where no candidate has a place.
    """
    points = [
        (each.number, each.x, each.y)
        for each in candidates
        if each.x is not None and each.y is not None
    ]
    if not points:
        return ""
    xs, ys = [x for _, x, _ in points], [y for _, _, y in points]
    side = max(max(xs) - min(xs), max(ys) - min(ys), _LEAST) * (1 + 2 * _MARGIN)
    left, top = (min(xs) + max(xs) - side) / 2, (min(ys) + max(ys) + side) / 2
    scale = _SIDE / side

    def at(x: float, y: float) -> str:
        return f"{(x - left) * scale:.1f} {(top - y) * scale:.1f}"

    parts = [f'<rect width="{_SIDE}" height="{_SIDE}" fill="#f5f5f5"/>']
    seen = box(left, top - side, left + side, top)
    for name, shape in areas.items():
        inside = shape.intersection(seen)
        for part in getattr(inside, "geoms", [inside]):
            if part.geom_type == "Polygon" and not part.is_empty:
                ring = "M" + "L".join(at(x, y) for x, y in part.exterior.coords) + "Z"
                named = f"<title>{escape(name)}</title>"
                parts.append(f'<path d="{ring}" fill="#dbe6f0" stroke="#1b4a7a">{named}</path>')
                middle = part.representative_point()
                tx, ty = at(middle.x, middle.y).split()
                parts.append(
                    f'<text x="{tx}" y="{ty}" {_SMALL} fill="#454545">{escape(name)}</text>'
                )
    for number, x, y in points:
        cx, cy = at(x, y).split()
        parts.append(f'<circle cx="{cx}" cy="{cy}" r="13" fill="#8b1a1a"/>')
        parts.append(
            f'<text x="{cx}" y="{float(cy) + 5:.1f}" fill="#fff" font-family="sans-serif" '
            f'font-size="15" font-weight="600" text-anchor="middle">{number}</text>'
        )
    metres = 10 ** (len(str(int(side / 4))) - 1)
    parts.append(
        f'<path d="M16 {_SIDE - 16}h{metres * scale:.1f}" stroke="#1a1a1a" stroke-width="3"/>'
    )
    parts.append(
        f'<text x="16" y="{_SIDE - 24}" font-family="sans-serif" font-size="14">{metres} m</text>'
    )
    size = f'viewBox="0 0 {_SIDE} {_SIDE}" width="{_SIDE}" height="{_SIDE}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    return f"{head}<title>{escape(title)}</title>{''.join(parts)}</svg>\n"
