"""The levels that the distance tables tell: what each row is made of, then and now."""

from __future__ import annotations

import polars as pl

from kvarter.disclosure.partition import WITHIN
from kvarter.policy.model import CITY
from kvarter.tables import table


def published_levels(distance: pl.DataFrame) -> pl.DataFrame:
    """Every level that can be read from `distance`, as told: table `levels`.

    A row tells its own level and its reference's, at the baseline and now. The baseline is always
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
    told = pl.concat(tables)
    known = pl.any_horizontal(
        pl.col(n).is_not_null() for n in ("numerator", "denominator", "value")
    )
    keys = ["area_set", "criterion", "period", "group"]
    return told.filter(known).unique(keys, keep="first").sort(keys)


def name_in_ground(area_set: str, group: str, fixed: str) -> str:
    """A group as it is written in a `Ground`: those of other sets as `SET/GROUP`."""
    return group if group == CITY or area_set == fixed else area_set + WITHIN + group


def name_as_level(cell: str, fixed: str) -> tuple[str, str]:
    """The area set and group of a cell of a `Ground`."""
    area_set, _, group = cell.rpartition(WITHIN)
    return area_set or fixed, group


def kept(one: str, other: str) -> str:
    """The name of the ground that two area sets share, as a set of its own."""
    return f"{one}&{other}"


def areas_of_cell(cell: frozenset[tuple[str, str]], fixed: str) -> list[str]:
    """The areas that a cell of the city lies in, as in a `Ground`, and those of shared ground."""
    found = {name_in_ground(area_set, area, fixed) for area_set, area in cell}
    inside = {area for area_set, area in cell if area_set == fixed}
    for other in {area_set for area_set, _ in cell} - {fixed}:
        if inside:
            both = kept(fixed, other) + WITHIN
            found.add(f"{both}*")  # in both, though it may be in areas of other names
            found |= {both + area for area_set, area in cell if area_set == other} & {
                both + area for area in inside
            }
    return sorted(found)
