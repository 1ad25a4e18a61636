"""The cube: amounts by year and by the smallest pieces of ground that no border crosses.

Every group of every area set (single areas that may overlap, the areas together, the rest, areas
that are published together) is a sum of the same cells. So every figure is a sum over the cube, and
nothing after it grows with the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    def of(cls, engine: Engine, name: str, numerator: Amounts, denominator: Amounts | None) -> Cube:
        """The amounts of one indicator or criterion, in the years of its numerator."""
        both = [numerator] if denominator is None else [numerator, denominator]
        areas = (
            pl.concat([each.lies_in for each in both])
            .select("area_set", "area")
            .unique()
            .sort("area_set", "area")
            .with_row_index("code")
        )
        above = _by_codes(engine, numerator, areas)
        found = above.rename({"amount": NUMERATOR})
        if denominator is None:
            found = found.with_columns(pl.lit(None, dtype=pl.Float64).alias(DENOMINATOR))
        else:
            below = _by_codes(engine, denominator, areas).drop("largest", "second")
            known = below["period"].unique().implode()
            found = (
                found.join(
                    below.rename({"amount": DENOMINATOR}),
                    on=["period", "codes"],
                    how="full",
                    coalesce=True,
                )
                .filter(pl.col("period").is_in(above["period"].unique().implode()))
                .with_columns(
                    pl.col(NUMERATOR).fill_null(0.0),
                    pl.when(pl.col("period").is_in(known)).then(pl.col(DENOMINATOR).fill_null(0.0)),
                )
            )
        names = [Group(*area) for area in areas.select("area_set", "area").iter_rows()]
        kinds = found["codes"].unique().sort()
        cells = tuple(frozenset(names[code] for code in codes) for codes in kinds.to_list())
        at = pl.DataFrame({"codes": kinds}).with_row_index("cell")
        amounts = found.join(at, on="codes").with_columns(name=pl.lit(name))
        return cls(cells, amounts.select(pl.col(n).cast(d) for n, d in _AMOUNTS.items()))

    @classmethod
    def together(cls, cubes: Iterable[Cube]) -> Cube:
        """The cubes as one, whose cells are those of all."""
        at: dict[Cell, int] = {}
        tables = [pl.DataFrame(schema=_AMOUNTS)]
        for cube in cubes:
            number = [at.setdefault(cell, len(at)) for cell in cube.cells]
            own = pl.DataFrame({"cell": range(len(number)), "now": number}, schema_overrides=_INDEX)
            tables.append(cube.amounts.join(own, on="cell").with_columns(cell="now").drop("now"))
        return cls(tuple(at), pl.concat(tables))

    def until(self, year: int) -> Cube:
        """The years up to `year`."""
        return Cube(self.cells, self.amounts.filter(pl.col("period") <= year))

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


_INDEX = {"cell": pl.Int64, "now": pl.Int64}


def _by_codes(engine: Engine, amounts: Amounts, areas: pl.DataFrame) -> pl.DataFrame:
    """`period, codes, amount, largest, second` of every cell and year; `areas` with their `code`.

    The relational sum: rows to places, places to cells.
    """
    import ibis  # loads slowly, and an edition that is opened counts nothing

    of_place = (
        amounts.lies_in.join(areas, on=["area_set", "area"])
        .group_by("place")
        .agg(codes=pl.col("code").unique().sort())
    )
    nowhere = pl.select(codes=pl.lit([], dtype=of_place.schema["codes"]))
    kinds = pl.concat([nowhere, of_place.select("codes").unique().sort("codes")])
    kinds = kinds.with_row_index("cell").with_columns(pl.col("cell").cast(pl.Int64))
    rows = engine.table(amounts.rows)
    cells = engine.table(of_place.join(kinds, on="codes").select(at="place", cell="cell"))
    located = rows.left_join(cells, rows.place == cells.at)
    cell = located.cell.fill_null(0)
    by_place = located.group_by(located.year, located.place, cell=cell).aggregate(
        amount=located.amount.cast("decimal(38, 6)").sum()
    )
    in_cell = ibis.window(
        group_by=[by_place.year, by_place.cell], order_by=ibis.desc(by_place.amount)
    )
    ranked = by_place.mutate(rank=ibis.row_number().over(in_cell))
    sums = ranked.group_by("year", "cell").aggregate(
        amount=ranked.amount.sum().cast("float64"),
        largest=ranked.amount.max(where=ranked["rank"] == 0).cast("float64"),
        second=ranked.amount.max(where=ranked["rank"] == 1).cast("float64"),
    )
    grid = amounts.rows.select(pl.col("year").unique()).join(kinds, how="cross")
    return grid.join(engine.fetch(sums), on=["year", "cell"], how="left").select(
        pl.col("year").cast(pl.Int64).alias("period"),
        "codes",
        pl.col("amount").fill_null(0.0),
        "largest",
        "second",
    )
