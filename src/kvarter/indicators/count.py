"""Stage count: amounts by year and place -> measures by year and group.

Every quantity of a policy, be it counted cases or a statistic, comes here in one form: an amount,
a year and a place. A place lies in no area, in one, or in several that overlap; it counts once in
`areas` all the same, and once in each area it lies in. `rest` is the city less the areas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from kvarter.engine import Engine
from kvarter.policy.model import AREAS, CITY, REST, Indicator

if TYPE_CHECKING:
    import ibis


@dataclass(frozen=True)
class Amounts:
    """A quantity, ready to be grouped.

    `rows`: `year, place, amount`, of the municipality's places only. `membership`: `place, area`.
    """

    rows: pl.DataFrame
    membership: pl.DataFrame


@dataclass(frozen=True)
class Unlocated:
    """Cases that could not be located: `year, in_city, in_areas`.

    How many could lie in the city at all, and how many of them in the areas.
    """

    by_year: pl.DataFrame


NO_UNLOCATED = Unlocated(
    pl.DataFrame(schema={"year": pl.Int64, "in_city": pl.Int64, "in_areas": pl.Int64})
)


PIECE: dict[str, pl.DataType | type[pl.DataType]] = {
    "period": pl.Int64,
    "areas": pl.List(pl.String),
    "numerator": pl.Float64,
    "denominator": pl.Float64,
}
"""The columns of `pieces`."""


def measure(
    engine: Engine,
    indicator: Indicator,
    numerator: Amounts,
    denominator: Amounts | None,
    unlocated: Unlocated,
    areas: list[str],
) -> pl.DataFrame:
    """The measures of an indicator: one row per year and group.

    Columns: `indicator, period` (year), `group` (areas, rest, city or an area's id), `numerator,
    denominator, value` (a fraction; null where the denominator is zero or unknown), and
    `unlocated`: cases not counted here that could lie in the group.
    """
    counted = _by_group(engine, numerator, areas, "numerator")
    if denominator is None:
        whole = counted.filter(pl.col("group") == CITY).select(
            "period", denominator=pl.col("numerator")
        )
        joined = counted.filter(pl.col("group").is_in([AREAS, REST, CITY])).join(
            whole, on="period", how="left"
        )
    else:
        below = _by_group(engine, denominator, areas, "denominator")
        joined = counted.join(below, on=["period", "group"], how="full", coalesce=True)
        joined = _fill_counted_years(joined, counted)
        if not indicator.by_area:
            joined = joined.filter(pl.col("group").is_in([AREAS, REST, CITY]))
    positive = pl.col("denominator") > 0
    return (
        joined.with_columns(
            pl.when(positive).then(pl.col("numerator") / pl.col("denominator")).alias("value"),
            _unlocated_in_group(unlocated, joined),
        )
        .select(
            pl.lit(indicator.id).alias("indicator"),
            *("period", "group", "numerator", "denominator", "value", "unlocated"),
        )
        .sort("period", _group_order(areas))
    )


def largest_two(amounts: Amounts, areas: list[str]) -> pl.DataFrame:
    """`period, group, largest, second`: the two largest amounts of a place in each group."""
    members = amounts.membership.select("place", "area").filter(pl.col("area").is_in(areas))
    inside = amounts.rows.join(members.select("place").unique(), on="place", how="semi")
    outside = amounts.rows.join(members.select("place").unique(), on="place", how="anti")
    parts = [
        amounts.rows.with_columns(group=pl.lit(CITY, dtype=pl.String)),
        inside.with_columns(group=pl.lit(AREAS, dtype=pl.String)),
        outside.with_columns(group=pl.lit(REST, dtype=pl.String)),
        amounts.rows.join(members, on="place").rename({"area": "group"}),
    ]
    columns = ["year", "place", "group", "amount"]
    by_place = (
        pl.concat([part.select(columns) for part in parts])
        .group_by("year", "group", "place")
        .agg(pl.col("amount").sum())
    )
    return by_place.group_by(pl.col("year").cast(pl.Int64).alias("period"), "group").agg(
        largest=pl.col("amount").top_k(1).first().fill_null(0.0),
        second=pl.col("amount").top_k(2).slice(1).first().fill_null(0.0),
    )


def pieces(numerator: Amounts, denominator: Amounts | None) -> pl.DataFrame:
    """The amounts of each piece of the ground that no border crosses: what all groups are sums of.

    `period, areas` (the ids of the areas a piece lies in, in order; none in the rest), `numerator`
    and `denominator` (null for a share). All pieces stand in every year, also empty ones.
    """
    found = _by_piece(numerator).rename({"amount": "numerator"})
    if denominator is None:
        return found.with_columns(denominator=pl.lit(None, dtype=pl.Float64))
    below = _by_piece(denominator).rename({"amount": "denominator"})
    return found.join(below, on=["period", "areas"], how="full", coalesce=True).with_columns(
        pl.col("numerator", "denominator").fill_null(0.0)
    )


def _by_piece(amounts: Amounts) -> pl.DataFrame:
    of_place = amounts.membership.group_by("place").agg(
        pl.col("area").unique().sort().alias("areas")
    )
    none = pl.lit([], dtype=pl.List(pl.String))
    placed = amounts.rows.join(of_place, on="place", how="left").with_columns(
        pl.col("areas").fill_null(none)
    )
    sums = placed.group_by(pl.col("year").cast(pl.Int64).alias("period"), "areas").agg(
        pl.col("amount").cast(pl.Decimal(38, 6)).sum().cast(pl.Float64)
    )
    every = pl.concat([of_place.select("areas"), pl.select(areas=none)]).unique()
    grid = sums.select(pl.col("period").unique()).join(every, how="cross")
    return grid.join(sums, on=["period", "areas"], how="left").with_columns(
        pl.col("amount").fill_null(0.0)
    )


def _by_group(engine: Engine, amounts: Amounts, areas: list[str], name: str) -> pl.DataFrame:
    """`period, group` and the sum of the amounts, under `name`; all groups of each year."""
    import ibis  # loads slowly, and an edition that is opened counts nothing

    rows = engine.table(amounts.rows)
    membership = engine.table(amounts.membership.select("place", "area"))
    members = membership.filter(membership.area.isin(areas))
    in_areas = rows.semi_join(members, "place")
    in_rest = rows.anti_join(members, "place")

    def summed(table: ibis.Table) -> ibis.Value:
        # As decimals, so that the order of the rows cannot change the last digit of the sum.
        return table.amount.cast("decimal(38, 6)").sum().cast("float64")

    def total(table: ibis.Table, group: str) -> ibis.Table:
        return table.group_by("year").aggregate(group=ibis.literal(group), amount=summed(table))

    inside = rows.join(members, "place")
    each = inside.group_by("year", group=inside.area).aggregate(amount=summed(inside))
    sums = ibis.union(
        total(rows, CITY),
        total(in_areas, AREAS),
        total(in_rest, REST),
        each.select("year", "group", "amount"),
    )
    grid = amounts.rows.select(pl.col("year").unique()).join(
        pl.DataFrame({"group": [AREAS, REST, CITY, *areas]}), how="cross"
    )
    found = grid.join(engine.fetch(sums), on=["year", "group"], how="left")
    return found.select(
        pl.col("year").cast(pl.Int64).alias("period"),
        "group",
        pl.col("amount").fill_null(0.0).alias(name),
    )


def _fill_counted_years(joined: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Keep the years that were counted; a denominator of another year says nothing yet."""
    return joined.filter(pl.col("period").is_in(counted["period"].unique().to_list()))


def _unlocated_in_group(unlocated: Unlocated, joined: pl.DataFrame) -> pl.Series:
    """How many unlocated cases could lie in each row's group; null for single areas."""
    lookup = {year: (city, areas) for year, city, areas in unlocated.by_year.iter_rows()}
    values = []
    for year, group in joined.select("period", "group").iter_rows():
        in_city, in_areas = lookup.get(year, (0, 0))
        values.append({AREAS: in_areas, REST: in_city, CITY: in_city}.get(group))
    return pl.Series("unlocated", values, dtype=pl.Int64)


def _group_order(areas: list[str]) -> pl.Expr:
    order = [AREAS, REST, CITY, *areas]
    return pl.col("group").replace_strict(order, range(len(order)), return_dtype=pl.Int64)
