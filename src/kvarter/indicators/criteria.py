"""The designation criteria -> the cube, and its cells as arrays for the distance measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kvarter.areas.groups import Cell, Group, groups_of
from kvarter.engine import Engine
from kvarter.indicators.amounts import Quantities
from kvarter.indicators.cube import DENOMINATOR, NUMERATOR, Amounts, Cube
from kvarter.notes import Note
from kvarter.policy.designation import sets_compared
from kvarter.policy.model import Criterion, EditionDefinition, Policy

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Cells:
    """A criterion's amounts; `numerator` and `denominator` are arrays of cells by periods.

    `cells`: the areas that each lies in.
    """

    criterion: Criterion
    periods: list[int]
    cells: list[Cell]
    numerator: Floats
    denominator: Floats

    @classmethod
    def of(cls, criterion: Criterion, cube: Cube, areas: Cell) -> Cells:
        """By the borders of `areas` alone, in the years in which both quantities are known."""
        own = cube.amounts.filter(pl.col("name") == criterion.id).drop_nulls(DENOMINATOR)
        known = own["period"].unique().sort().to_list()
        first = criterion.first_year
        years = [year for year in known if first is None or year >= first]
        lies_in = [cube.cells[at] for at in own["cell"].unique()]
        cells = sorted({cell & areas for cell in lies_in}, key=sorted)
        at = {cell: row for row, cell in enumerate(cells)}
        amounts = np.zeros((2, len(cells), len(years)))
        for which, column in enumerate((NUMERATOR, DENOMINATOR)):
            for when, year in enumerate(years):
                for cell, amount in cube.of_year(criterion.id, year, column).items():
                    amounts[which, at[cell & areas], when] += amount
        return cls(criterion, years, cells, *amounts.round(6))

    def inside(self, group: Group) -> Mask:
        """Marks the cells of a group: of one area, of all areas of a set, of the rest, or all."""
        sets = [group.area_set]
        return np.array([group in groups_of(cell, sets) for cell in self.cells], dtype=bool)


def read_criteria(
    engine: Engine, policy: Policy, edition: EditionDefinition, quantities: Quantities
) -> list[Cells]:
    """The criteria of `policy` by year and cell, of the area sets that the edition compares.

    None without an ambition. Rows with a blank in either quantity of the same statistic are left
    out of both, and a note says so.
    """
    sets = sets_compared(policy, edition)
    areas = {Group(each.id, area.id) for each in sets for area in each.areas}
    both: dict[str, tuple[Amounts, Amounts | None]] = {}
    for criterion in policy.criteria if sets else ():
        numerator, denominator = (
            Amounts(each.rows.drop_nulls("amount"), each.lies_in)
            for each in quantities.of(criterion)
            if each is not None
        )
        both[criterion.id] = numerator, denominator
    cube = Cube.of(engine, both)
    return [Cells.of(each, cube, frozenset(areas)) for each in policy.criteria if both]


def note_split(layer: str, split: pl.DataFrame) -> list[Note]:
    """A note on the units that borders split, if any; `split`: `place, area, share`."""
    if split.is_empty():
        return []
    inside = split.filter(pl.col("share") > 0.5).sort("share")
    names = [f"{place} ({100 * share:.0f} %)" for place, share in inside.drop("area").iter_rows()]
    values: dict[str, str | int] = {
        "layer": layer,
        "split": split["place"].n_unique(),
        "inside": inside["place"].n_unique(),
        "names": ", ".join(names) or "–",
    }
    return [
        Note(
            "{layer}: the areas' borders split {split} {split:unit by a tenth of its|units by a "
            "tenth of their} ground or more. Those that lie mostly inside are counted, with all "
            "of their residents: {inside} ({names}). The others are left out.",
            values,
        )
    ]
