"""How right are the answers? With controls: permuted answers score 0, the oracle's 100."""

from __future__ import annotations

import polars as pl

QUERY = {
    "text": pl.String,
    "kind": pl.String,
    "address_id": pl.String,
    "access_address_id": pl.String,
}
"""A query and its truth: ids are empty where the text has no such answer."""


def score(queries: pl.DataFrame, answers: pl.DataFrame) -> dict[str, float]:
    """Percentages over `queries`; `answers`: `text, category, address_id, access_address_id`.

    `right`: unit and entrance both right, or both rightly empty. `f1`: over units. `false`:
    answers to queries that have none. `precision`: of the units answered, those that are right.
    """
    both = _both(queries, answers)
    units = both["unit"] != ""
    true_units = both["address_id"] != ""
    hit = (units & (both["unit"] == both["address_id"])).sum()
    none = both.filter(pl.col("access_address_id") == "")
    precision = hit / max(1, units.sum())
    recall = hit / max(1, true_units.sum())
    return {
        "right": 100 * float(both["right"].mean() or 0),
        "f1": 200 * precision * recall / max(1e-9, precision + recall),
        "precision": 100 * precision,
        "false": 100 * float((none["entrance"] != "").mean() or 0),
    }


def by_kind(queries: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """Rows and the share fully right of each kind of query, the worst first."""
    both = _both(queries, answers)
    return (
        both.group_by("kind")
        .agg(pl.len().alias("queries"), (100 * pl.col("right").mean()).round(2).alias("right"))
        .sort("right", "kind")
    )


def by_category(queries: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """Of the answers in each category, the share whose entrance and unit are right."""
    both = _both(queries, answers)
    return (
        both.group_by("category")
        .agg(pl.len().alias("queries"), (100 * pl.col("right").mean()).round(2).alias("right"))
        .sort("category")
    )


def controls(queries: pl.DataFrame) -> dict[str, float]:
    """`right` of the oracle and of its answers permuted among queries that have different ones."""
    oracle = queries.select(
        "text", pl.lit("A").alias("category"), "address_id", "access_address_id"
    ).unique("text")
    answered = oracle.filter(pl.col("access_address_id") != "").sort("address_id", "text")
    shift = answered.height // 2
    permuted = answered.with_columns(
        pl.concat([answered[name][shift:], answered[name][:shift]]).alias(name)
        for name in ("address_id", "access_address_id")
    )
    return {
        "oracle": score(queries, oracle)["right"],
        "permuted": score(queries.join(answered.select("text"), on="text", how="semi"), permuted)[
            "right"
        ],
    }


def _both(queries: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """Truth and answer side by side; a query without an answer counts as answered by none."""
    given = answers.select(
        "text",
        pl.col("category").fill_null(""),
        pl.col("address_id").fill_null("").alias("unit"),
        pl.col("access_address_id").fill_null("").alias("entrance"),
    )
    return (
        queries.join(given, on="text", how="left")
        .with_columns(pl.col("category", "unit", "entrance").fill_null(""))
        .with_columns(
            (
                (pl.col("unit") == pl.col("address_id"))
                & (pl.col("entrance") == pl.col("access_address_id"))
            ).alias("right")
        )
    )
