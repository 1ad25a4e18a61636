"""How right are the answers? With controls: permuted answers score 0, the oracle's 100."""

from __future__ import annotations

import polars as pl

QUERY = {
    "text": pl.String,
    "kind": pl.String,
    "address_id": pl.String,
    "access_address_id": pl.String,
    "meant": pl.String,
}
"""A query and its truth: ids are empty where the text has no such answer.

`meant` is the entrance that was meant, also where the text does not tell which of several it is.
"""


def score(queries: pl.DataFrame, answers: pl.DataFrame) -> dict[str, float]:
    """Percentages over `queries`; `answers`: `text, category, address_id, access_address_id`.

    `right`: unit and entrance both right, or both rightly empty. `f1`: over units. `false`:
    answers to queries that have none. `precision`: of the units answered, those that are right.
    """
    both = _both(queries, answers)
    answered, true_unit = pl.col("unit") != "", pl.col("address_id") != ""
    counts = both.select(
        queries=pl.len(),
        right=pl.col("right").sum(),
        answered=answered.sum(),
        units=true_unit.sum(),
        hits=(answered & (pl.col("unit") == pl.col("address_id"))).sum(),
        none=(pl.col("access_address_id") == "").sum(),
        false=((pl.col("access_address_id") == "") & (pl.col("entrance") != "")).sum(),
    )
    n: dict[str, int] = counts.row(0, named=True)
    return {
        "right": 100 * n["right"] / max(1, n["queries"]),
        "f1": 200 * n["hits"] / max(1, n["answered"] + n["units"]),
        "precision": 100 * n["hits"] / max(1, n["answered"]),
        "false": 100 * n["false"] / max(1, n["none"]),
    }


def by_kind(queries: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """Rows and the share fully right of each kind of query, the worst first.

    A kind such as `case + letters` counts as each of its changes, and `taken out: case` as the
    first.
    """
    kinds = pl.col("kind").str.split(": ").list.first().str.split(" + ")
    both = _both(queries.with_columns(kinds).explode("kind"), answers)
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


def by_doubt(queries: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """For each `candidates_hold` of a guess, the share with what was meant among the candidates."""
    among = pl.col("candidate_ids").str.split(" ").list.contains(pl.col("meant"))
    return (
        queries.join(answers.drop("access_address_id", "address_id"), on="text")
        .filter(pl.col("category") == "C")
        .group_by("candidates_hold")
        .agg(pl.len().alias("queries"), (100 * among.mean()).round(1).alias("among"))
        .sort("candidates_hold")
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
