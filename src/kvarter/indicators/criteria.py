"""The designation criteria -> numerator and denominator by year and cell of the city.

A cell is the ground that lies in the same areas of every area set: all that any group of any set
can be put together from. So the areas, the rest, each area, and the ground that two sets share are
sums over the same few cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kvarter.indicators.amounts import (
    Places,
    amounts_of,
    columns_wanted,
    known_in_both,
    of_the_city,
)
from kvarter.notes import Note
from kvarter.policy.model import Criterion, Policy, Quantity
from kvarter.register import read_statistic

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Cells:
    """A criterion's amounts; `numerator` and `denominator` are arrays of cells by periods.

    `cells`: for each cell, the areas it lies in, as (area set, area).
    """

    criterion: Criterion
    periods: list[int]
    cells: list[frozenset[tuple[str, str]]]
    numerator: Floats
    denominator: Floats

    def inside(self, area_set: str, area: str | None = None) -> Mask:
        """Marks the cells in an area of a set, or in any of its areas."""
        return np.array(
            [
                any(one == area_set and area in (None, other) for one, other in cell)
                for cell in self.cells
            ],
            dtype=bool,
        )

    def everywhere(self) -> Mask:
        """Marks every cell of the city."""
        return np.ones(len(self.cells), dtype=bool)


def read_criteria(
    policy: Policy, folder: Path, cases: pl.DataFrame, placed: dict[str, Places]
) -> tuple[list[Cells], list[Note]]:
    """The criteria of `policy` by year and cell, and notes on what could not be counted.

    `cases`: the united cases; `placed`: area set id -> where things lie in its areas. Rows with a
    blank in either quantity of the same statistic are left out of both, and a note says so.
    """
    notes: list[Note] = []
    anywhere = next(iter(placed.values()))

    @cache
    def statistic_of(name: str) -> pl.DataFrame:
        statistic = {each.id: each for each in policy.statistics}[name]
        read = read_statistic(statistic, columns_wanted(policy, name), folder)
        notes.extend(read.notes)
        return of_the_city(read.rows, statistic, anywhere, notes)

    found = []
    for criterion in policy.criteria:
        numerator, denominator = (
            amounts_of(quantity, policy, cases, anywhere, statistic_of)
            for quantity in (criterion.numerator, criterion.denominator)
        )
        numerator, denominator = known_in_both(criterion, numerator, denominator, notes)

        def membership(quantity: Quantity) -> pl.DataFrame:
            tables = [
                amounts_of(quantity, policy, cases, places, statistic_of).membership.select(
                    "place", pl.lit(name).alias("set"), "area"
                )
                for name, places in placed.items()
            ]
            return pl.concat(tables)

        above = _by_cell(numerator.rows, membership(criterion.numerator), "numerator")
        below = _by_cell(denominator.rows, membership(criterion.denominator), "denominator")
        found.append(_cells(criterion, above, below))
    return found, notes


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


def _by_cell(rows: pl.DataFrame, membership: pl.DataFrame, name: str) -> pl.DataFrame:
    """`period, cell` and the sum of the amounts, under `name`."""
    token = pl.concat_str("set", "area", separator="/")
    cells = membership.group_by("place").agg(token.sort().str.join(" ").alias("cell"))
    # As decimals, so that the order of the rows cannot change the last digit of the sum.
    amount = pl.col("amount").cast(pl.Decimal(38, 6)).sum().cast(pl.Float64)
    return (
        rows.drop_nulls("amount")
        .join(cells, on="place", how="left")
        .group_by(period="year", cell=pl.col("cell").fill_null(""))
        .agg(amount.alias(name))
    )


def _cells(criterion: Criterion, above: pl.DataFrame, below: pl.DataFrame) -> Cells:
    """Both quantities as arrays, of the years that both have."""
    both = above.join(below, on=["period", "cell"], how="full", coalesce=True)
    years = sorted(set(above["period"]) & set(below["period"]))
    if criterion.first_year is not None:
        years = [year for year in years if year >= criterion.first_year]
    names = sorted(set(both["cell"]))
    at = {
        (period, cell): (numerator or 0.0, denominator or 0.0)
        for period, cell, numerator, denominator in both.select(
            "period", "cell", "numerator", "denominator"
        ).iter_rows()
    }
    amounts = np.array(
        [[at.get((year, name), (0.0, 0.0)) for year in years] for name in names], dtype=float
    ).reshape(len(names), len(years), 2)
    cells = [
        frozenset((pair.partition("/")[0], pair.partition("/")[2]) for pair in name.split())
        for name in names
    ]
    return Cells(criterion, years, cells, amounts[..., 0], amounts[..., 1])
