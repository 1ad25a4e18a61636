"""The levels that the distance tables show: what each row is made of, then and now."""

from __future__ import annotations

import polars as pl

from kvarter.areas.groups import Cell, Group, Shared
from kvarter.policy.model import AREAS
from kvarter.tables import table


def published_levels(distance: pl.DataFrame) -> pl.DataFrame:
    """Every level that can be read from `distance`, as published: table `levels`.

    A row shows its own level and its reference's, at the baseline and now. The baseline is always
    of the fixed areas.
    """
    sets = distance.filter(pl.col("areas") == "fixed")["area_set"].unique()
    fixed = pl.lit(sets[0] if len(sets) else "")
    tables = [table("levels").empty()]
    for end, area_set, period in (
        ("_baseline", fixed, "baseline_period"),
        ("", pl.col("area_set"), "period"),
    ):
        head = area_set.alias("area_set"), pl.col("criterion"), pl.col(period).alias("period")
        value, other = pl.col(f"level{end}"), pl.col(f"reference_level{end}")
        people = pl.col(f"reference_denominator{end}")
        tables.append(
            distance.select(
                *(*head, "group"),
                numerator=pl.col(f"numerator{end}"),
                denominator=pl.col(f"denominator{end}"),
                value=value,
            )
        )
        tables.append(
            distance.select(
                *(*head, pl.col("reference").alias("group")),
                numerator=other * people,
                denominator=people,
                value=other,
            )
        )
    published = pl.concat(tables)
    known = pl.any_horizontal(
        pl.col(n).is_not_null() for n in ("numerator", "denominator", "value")
    )
    keys = ["area_set", "criterion", "period", "group"]
    return published.filter(known).unique(keys, keep="first").sort(keys)


def with_shared(cell: Cell, fixed: str) -> Cell:
    """The areas that a cell lies in, and those of the ground that `fixed` shares with other sets.

    What lies in areas of both, though of other names, is among the areas that are shared.
    """
    inside = {area.id for area in cell if area.area_set == fixed}
    found = set(cell)
    for other in {str(area.area_set) for area in cell} - {fixed}:
        if inside:
            both = Shared(fixed, other)
            names = {area.id for area in cell if area.area_set == other} & inside
            found |= {Group(both, name) for name in (AREAS, *names)}
    return frozenset(found)
