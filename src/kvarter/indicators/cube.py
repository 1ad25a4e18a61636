"""The cube: amounts by year and by the smallest pieces of ground that no border crosses.

Every group of every area set (single areas that may overlap, the areas together, the rest, areas
that are published together) is a sum of the same cells. So every figure is a sum over the cube, and
nothing after it grows with the number of rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from kvarter.areas.groups import Cell, Group, groups_of
from kvarter.engine import Engine

_DECIMAL = pl.Decimal(38, 6)
"""Sums are of decimals, so that the order of the rows cannot change their last digit."""

NUMERATOR, DENOMINATOR = "numerator", "denominator"

LIES_IN: dict[str, pl.DataType] = {
    "place": pl.String(),
    "area_set": pl.String(),
    "area": pl.String(),
}
"""Where places lie: a row for each place and area. A place in no area has none."""

_AMOUNTS: dict[str, pl.DataType] = {
    "name": pl.String(),
    "period": pl.Int64(),
    "cell": pl.Int64(),
    **dict.fromkeys([NUMERATOR, DENOMINATOR, "largest", "second"], pl.Float64()),
}


@dataclass(frozen=True)
class Amounts:
    """A quantity by year and place, not summed yet.

    rows: `year, place, amount`, of places in the municipality only.
    lies_in: columns `LIES_IN`, of all area sets whose borders count.
    """

    rows: pl.DataFrame
    lies_in: pl.DataFrame


@dataclass(frozen=True)
class Cube:
    """The amounts of several indicators or criteria.

    cells: the areas that each cell lies in, in any order.
    amounts: `name` (of the indicator or criterion), `period`, `cell` (place in `cells`),
        `numerator`, `denominator` (null where none is known of that year), and the `largest` and
        `second` amount of a single place in the numerator. Every cell of its ground stands in
        every year, also an empty one.
    """

    cells: tuple[Cell, ...]
    amounts: pl.DataFrame

    @classmethod
    def empty(cls) -> Cube:
        """Of nothing."""
        return cls((), pl.DataFrame(schema=_AMOUNTS))

    @classmethod
    def of(
        cls,
        engine: Engine,
        quantities: Mapping[str, tuple[Amounts, Amounts | None]],
        *,
        largest: bool = False,
    ) -> Cube:
        """The numerators and denominators of indicators or criteria, by name.

        In the years of each numerator. `largest`: also the two largest amounts of a place, which
        are null otherwise.
        """
        if not quantities:
            return cls.empty()
        every = {id(each): each for both in quantities.values() for each in both if each}
        which = {one: number for number, one in enumerate(every)}
        cells, sums = _sum_by_cell(engine, list(every.values()), largest=largest)
        of_quantity = sums.partition_by("which", as_dict=True)

        def summed(amounts: Amounts) -> pl.DataFrame:
            empty = sums.clear()
            return of_quantity.get((which[id(amounts)],), empty).drop("which")

        tables = [pl.DataFrame(schema=_AMOUNTS)]
        for name, (numerator, denominator) in quantities.items():
            found = summed(numerator).rename({"amount": NUMERATOR})
            if denominator is None:
                found = found.with_columns(pl.lit(None, dtype=pl.Float64).alias(DENOMINATOR))
            else:
                below = summed(denominator).select("period", "cell", pl.col("amount"))
                found = _over(found, below.rename({"amount": DENOMINATOR}))
            own = found.with_columns(name=pl.lit(name))
            tables.append(own.select(pl.col(n).cast(d) for n, d in _AMOUNTS.items()))
        return cls(cells, pl.concat(tables))

    def until(self, last: Mapping[str, int]) -> Cube:
        """The years of each indicator up to its `last`."""
        if self.amounts.is_empty():
            return self
        years = pl.col("name").replace_strict(last, return_dtype=pl.Int64)
        return Cube(self.cells, self.amounts.filter(pl.col("period") <= years))

    def of_year(self, name: str, period: int | None, column: str) -> dict[Cell, float]:
        """What `column` holds of an indicator or criterion in a year, by cell; {} if it has none.

        A denominator that is not known is 0.
        """
        own = self._by_year.get((name, period))
        if own is None:
            return {}
        return {
            self.cells[at]: amount or 0.0
            for at, amount in own.select("cell", column).sort("cell").iter_rows()
        }

    def sums(self, name: str, groups: Sequence[Group]) -> pl.DataFrame:
        """Every group of an indicator as the sum of its cells: a row for each year and group.

        `period, group` (its place in `groups`), `numerator, denominator, largest, second`. A group
        without a cell is 0; the denominator is null where it is not known.
        """
        own = self.amounts.filter(pl.col("name") == name)
        at = {group: place for place, group in enumerate(groups)}
        sets = {group.area_set for group in groups if group.area_set}
        within = [
            (cell, at[group])
            for cell, areas in enumerate(self.cells)
            for group in groups_of(areas, sets)
            if group in at
        ]
        members = pl.DataFrame(within, schema={"cell": pl.Int64, "group": pl.Int64}, orient="row")
        known = pl.col(DENOMINATOR).is_not_null().any()
        every = own.group_by("period").agg(known.alias("known"))
        grid = every.join(pl.DataFrame({"group": range(len(groups))}), how="cross")
        largest = pl.concat_list("largest", "second").explode().drop_nulls()
        found = (
            own.join(members, on="cell")
            .group_by("period", "group")
            .agg(
                pl.col(NUMERATOR, DENOMINATOR).cast(_DECIMAL).sum().cast(pl.Float64),
                largest=largest.top_k(1).first(),
                second=largest.top_k(2).slice(1).first(),
            )
        )
        return grid.join(found, on=["period", "group"], how="left").select(
            "period",
            "group",
            pl.col(NUMERATOR).fill_null(0.0),
            pl.when("known").then(pl.col(DENOMINATOR).fill_null(0.0)),
            pl.col("largest", "second").fill_null(0.0),
        )

    @cached_property
    def _by_year(self) -> Mapping[tuple[str, int | None], pl.DataFrame]:
        parts = self.amounts.partition_by("name", "period", as_dict=True)
        return {(str(name), int(str(period))): rows for (name, period), rows in parts.items()}


def _over(above: pl.DataFrame, below: pl.DataFrame) -> pl.DataFrame:
    """Both by year and cell, in the years of `above`; a year that `below` lacks is not known."""
    known = below["period"].unique().implode()
    return (
        above.join(below, on=["period", "cell"], how="full", coalesce=True)
        .filter(pl.col("period").is_in(above["period"].unique().implode()))
        .with_columns(
            pl.col(NUMERATOR).fill_null(0.0),
            pl.when(pl.col("period").is_in(known)).then(pl.col(DENOMINATOR).fill_null(0.0)),
        )
    )


def _sum_by_cell(
    engine: Engine, quantities: list[Amounts], *, largest: bool
) -> tuple[tuple[Cell, ...], pl.DataFrame]:
    """The relational sum, of all quantities at once: rows to places, places to cells.

    The cells; and `which` (place in `quantities`), `period, cell, amount, largest, second` of every
    cell and year of each.
    """
    import ibis  # loads slowly, and an edition that is opened counts nothing

    grounds = {id(each.lies_in): each.lies_in for each in quantities}
    cells, of_place = _cells_of(list(grounds.values()))
    ground_of = {one: number for number, one in enumerate(grounds)}
    rows = pl.concat(
        each.rows.select(
            pl.lit(number, pl.Int64).alias("which"),
            pl.lit(ground_of[id(each.lies_in)], pl.Int64).alias("ground"),
            *(pl.col("year").cast(pl.Int64), "place", pl.col("amount").cast(pl.Float64)),
        )
        for number, each in enumerate(quantities)
    )
    amounts, places = engine.table(rows), engine.table(of_place.rename({"place": "at"}))
    located = amounts.left_join(
        places, [amounts.ground == places.ground, amounts.place == places.at]
    )
    by = {"which": located.which, "period": located.year, "cell": located.cell.fill_null(0)}
    amount = located.amount.cast("decimal(38, 6)").sum()
    if largest:
        by_place = located.group_by(**by, place=located.place).aggregate(amount=amount)
        in_cell = ibis.window(
            group_by=[by_place[name] for name in by], order_by=ibis.desc(by_place.amount)
        )
        ranked = by_place.mutate(rank=ibis.row_number().over(in_cell))
        sums = ranked.group_by(list(by)).aggregate(
            amount=ranked.amount.sum().cast("float64"),
            largest=ranked.amount.max(where=ranked["rank"] == 0).cast("float64"),
            second=ranked.amount.max(where=ranked["rank"] == 1).cast("float64"),
        )
    else:
        nothing = ibis.null("float64")
        sums = located.group_by(**by).aggregate(amount=amount.cast("float64"))
        sums = sums.mutate(largest=nothing, second=nothing)
    on_ground = of_place.select("ground", "cell").unique()
    nowhere = pl.select(ground=pl.int_range(len(grounds)), cell=pl.lit(0, pl.Int64))
    grid = (
        rows.select("which", "ground", pl.col("year").alias("period"))
        .unique()
        .join(pl.concat([nowhere, on_ground]), on="ground")
        .drop("ground")
    )
    found = grid.join(engine.fetch(sums), on=["which", "period", "cell"], how="left")
    return cells, found.with_columns(pl.col("amount").fill_null(0.0))


def _cells_of(grounds: list[pl.DataFrame]) -> tuple[tuple[Cell, ...], pl.DataFrame]:
    """The cells that the borders of all sets part, the one in no area first.

    And `ground, place, cell` of every place of the `grounds` (columns `LIES_IN`) in an area.
    """
    areas = (
        pl.concat(grounds)
        .select("area_set", "area")
        .unique()
        .sort("area_set", "area")
        .with_row_index("code")
    )
    of_place = pl.concat(
        ground.join(areas, on=["area_set", "area"])
        .group_by("place")
        .agg(codes=pl.col("code").unique().sort())
        .with_columns(pl.lit(number, pl.Int64).alias("ground"))
        for number, ground in enumerate(grounds)
    )
    nowhere = pl.select(codes=pl.lit([], dtype=of_place.schema["codes"]))
    kinds = pl.concat([nowhere, of_place.select("codes").unique().sort("codes")])
    kinds = kinds.with_row_index("cell").with_columns(pl.col("cell").cast(pl.Int64))
    names = [Group(*area) for area in areas.select("area_set", "area").iter_rows()]
    cells = tuple(frozenset(names[code] for code in codes) for codes in kinds["codes"])
    return cells, of_place.join(kinds, on="codes").select("ground", "place", "cell")
