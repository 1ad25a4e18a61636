"""What may be shown after figures that were published are corrected.

Who lays the two publications side by side may guess that all but the corrected cells are as they
were, and combine a total of the one with a part of the other.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

import hamlet
from hamlet import build, run_in
from kvarter.disclosure.attack import Attacker, Fact
from kvarter.disclosure.suppress import SuppressionProblem, suppress, suppress_after
from kvarter.disclosure.table import CellTable
from kvarter.editions.releases import release

THRESHOLD = 5.0
UNITS = [f"{floor}. {door}" for floor in ("st", "1", "2") for door in ("tv", "th")]
REST = [f"Kirkevej {number}, {unit}" for number in (2, 4) for unit in UNITS]
SIDES = st.integers(0, 15)


@settings(max_examples=60, deadline=None)
@given(
    was=st.lists(SIDES, min_size=6, max_size=6),
    moved=st.lists(st.integers(-6, 6), min_size=6, max_size=6),
)
def test_neither_publication_nor_both_together_tell_a_small_number(
    was: list[int], moved: list[int]
) -> None:
    table = CellTable.crossed("ab", "xyz")
    inner = [(one, other) for one in "ab" for other in "xyz"]
    then = table.sums({cell: float(n) for cell, n in zip(inner, was, strict=True)})
    now = table.sums(
        {cell: float(max(0, n + by)) for cell, n, by in zip(inner, was, moved, strict=True)}
    )
    cost = dict.fromkeys(table.names, 1.0)
    few_then, few = (
        {cell: THRESHOLD for cell, count in counts.items() if 0 < count < THRESHOLD}
        for counts in (then, now)
    )
    told = frozenset(table.names) - suppress(SuppressionProblem(table, then, few_then, cost)).hidden
    known = frozenset(cell for cell in told if then[cell] == now[cell])
    chosen = suppress_after(
        SuppressionProblem(table, now, few, cost, known, corrected=told - known)
    )
    assert {cell for cell in few if cell not in known} <= chosen.hidden
    shown = frozenset(table.names) - chosen.hidden
    both = Attacker(table, [Fact(cell, now[cell], now[cell]) for cell in told | shown])
    alone = Attacker(table, [Fact(cell, now[cell], now[cell]) for cell in known | shown])
    for cell in few.keys() - known - chosen.unprotected:
        found = (alone if cell in told else both).ask(cell)
        assert found is not None
        assert found.width >= THRESHOLD


def three_areas() -> dict[str, Any]:
    """The hamlet's areas without overlap: numbers 1-2, 3-4 and 5-6 of Strandvejen."""
    areas = hamlet.areas()
    for feature, first in zip(areas["features"], (1, 3, 5), strict=True):
        west, east = 700_000 + 100 * first - 40, 700_000 + 100 * (first + 1) + 40
        south, north = 6_169_950, 6_170_050
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        feature["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    return areas


def rows_of(year: int, vest: int, midt: int, oest: int, rest: int) -> list[str]:
    """So many households of each area, and of the rest."""
    places = [
        *[f"Strandvejen 2, {unit}" for unit in UNITS][:vest],
        *[f"Strandvejen 4, {unit}" for unit in [*UNITS[:5]]][: midt - 2],
        *["Strandvejen 3", f"Strandvejen 4, {UNITS[5]}"][:midt],
        *[f"Strandvejen 6, {unit}" for unit in UNITS][:oest],
        *REST[:rest],
    ]
    return [
        f"{year}-{n};03-01-{year};;Ib {chr(65 + n % 26)}q{n};{place}, 2100 København Ø;Fogedretten"
        for n, place in enumerate(places)
    ]


def test_a_part_cannot_be_told_from_a_total_of_before_the_correction(tmp_path: Path) -> None:
    """16 in the areas and 7 in Midt were told, of 3, 7 and 6; then three of Midt's were moved.

    Now 13 and Øst's 6 would give Vest: 16 - 7 - 6 = 3. So Øst stays hidden.
    """
    threshold = 4
    out, rules = tmp_path / "out", {"disclosure": {"threshold": threshold}}
    before = rows_of(2022, 6, 7, 6, 12)
    path = build(tmp_path, [*before, *rows_of(2023, 3, 7, 6, 12)], rules)
    (tmp_path / "areas.geojson").write_text(json.dumps(three_areas()), encoding="utf-8")
    assert shown(run_in(path, out).public.results) == {"areas", "rest", "city", "midt"}
    release(out / "2024", "Anna Berg", "kk.dk", dt.date(2024, 11, 1))
    build(tmp_path, [*before, *rows_of(2023, 3, 4, 6, 12)], rules)
    (tmp_path / "areas.geojson").write_text(json.dumps(three_areas()), encoding="utf-8")
    again = run_in(path, out)
    assert "oest" not in shown(again.public.results)
    told = again.tables["audit"].filter(pl.col("period") == 2023)
    bounds = {row["cell"]: (row["low"], row["high"]) for row in told.iter_rows(named=True)}
    assert bounds["vest"] == (0, 9)  # as who guesses that the other two are still 9


def shown(results: pl.DataFrame) -> set[str]:
    return set(results.filter("shown", pl.col("period") == 2023)["group"])
