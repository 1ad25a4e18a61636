"""A status as data files: CSV, Parquet and JSON with the same rows; docs/formats.md explains them.

The same status gives the same bytes: rows are in a fixed order, and nothing tells the time.
"""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from kvarter.report.status import Status

RESULT = {
    "edition": pl.String,
    "goal": pl.Int64,
    "indicator": pl.String,
    "period": pl.Int64,
    "group": pl.String,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "bound_low": pl.Float64,
    "bound_high": pl.Float64,
    "origin": pl.String,
    "shown": pl.Boolean,
}
"""The columns of `results`; `value` and its intervals are fractions, not percentages."""


def write_tables(status: Status, folder: Path) -> None:
    """Write the results and what was judged as CSV, Parquet and JSON; the ledger as Parquet."""
    results = status.results.with_columns(pl.lit(status.edition.id).alias("edition"))
    tables = [
        ("results", results.select(pl.col(c).cast(dtype) for c, dtype in RESULT.items())),
        ("verdicts", status.verdicts),
        ("gaps", status.judgement.gaps),
        ("trends", status.judgement.trends),
        ("bridges", status.judgement.bridges),
        ("totals", status.judgement.totals),
        ("missing", status.judgement.missing),
        ("ladder", status.judgement.ladder),
        ("interventions", status.effects),
    ]
    if status.policy.ambition is not None:
        tables += [("distance", status.distance), ("distance_overall", status.distance_overall)]
    for name, table in tables:
        table.write_parquet(folder / f"{name}.parquet")
        table.write_csv(folder / f"{name}.csv")
        rows = json.dumps(table.to_dicts(), ensure_ascii=False, indent=1, default=str)
        (folder / f"{name}.json").write_text(rows + "\n", encoding="utf-8")
    status.ledger.write_parquet(folder / "ledger.parquet")
