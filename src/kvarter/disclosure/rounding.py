"""Single areas rounded instead of hidden, where the rules of an indicator ask for it."""

from __future__ import annotations

import polars as pl

from kvarter.policy.model import AREAS, CITY, REST, Policy

ROUNDED = "rounded"
"""The origin of a figure that was rounded instead of hidden."""

Width = tuple[str, int, str, float, float]
"""Indicator, year, group, how far apart the least and the most it could be must stay, and it."""


def rounded(results: pl.DataFrame, policy: Policy) -> tuple[pl.DataFrame, list[Width]]:
    """`results` with the single areas of those indicators rounded, to the nearest multiple.

    All that rounds to a figure must stay possible, which the widths ask for.
    """
    widths: list[Width] = []
    for _, indicator in policy.indicators():
        base = policy.disclosure_of(indicator).rounding
        if base is None:
            continue
        single = (pl.col("indicator") == indicator.id) & ~pl.col("group").is_in([AREAS, REST, CITY])
        count = ((pl.col("numerator") + base // 2) / base).floor() * base
        published = results.filter(single).select("period", "group", "numerator", published=count)
        for period, group, exact, number in published.drop_nulls().iter_rows():
            below = base // 2 if number else 0  # a count is never negative
            width = float(base - 1 - base // 2 + below)
            widths.append((indicator.id, period, group, width, exact))
        blank = ("low", "high", "bound_low", "bound_high")
        results = results.with_columns(
            pl.when(single).then(count).otherwise("numerator").alias("numerator"),
            pl.when(single).then(pl.lit(ROUNDED)).otherwise("origin").alias("origin"),
            *(pl.when(~single).then(pl.col(name)).alias(name) for name in blank),
        ).with_columns(
            pl.when(single & (pl.col("denominator") > 0))
            .then(pl.col("numerator") / pl.col("denominator"))
            .otherwise("value")
            .alias("value")
        )
    return results, widths
