"""The tables of a status, each as CSV, Parquet and JSON with the same rows.

The same status gives the same bytes: rows are in a fixed order, and nothing tells the time.
"""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from kvarter.editions.status import Status
from kvarter.files.inert import write_csv

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

Tables = dict[str, pl.DataFrame]


def tables_of(status: Status) -> Tables:
    """Every table that may be published, by name; `tables.yaml` says what each column means."""
    results = status.results.with_columns(pl.lit(status.edition.id).alias("edition"))
    judgement = status.judgement
    tables = {
        "results": results.select(pl.col(c).cast(dtype) for c, dtype in RESULT.items()),
        "verdicts": status.verdicts,
        "gaps": judgement.gaps,
        "trends": judgement.trends,
        "bridges": judgement.bridges,
        "totals": judgement.totals,
        "missing": judgement.missing,
        "ladder": judgement.ladder,
        "interventions": status.effects,
    }
    if status.policy.ambition is not None:
        tables |= {"distance": status.distance, "distance_overall": status.distance_overall}
    return tables


def write_tables(tables: Tables, folder: Path) -> None:
    """Write each table as `NAME.csv`, `NAME.parquet` and `NAME.json`."""
    for name, table in tables.items():
        table.write_parquet(folder / f"{name}.parquet")
        write_csv(table, folder / f"{name}.csv")
        rows = json.dumps(table.to_dicts(), ensure_ascii=False, indent=1, default=str)
        (folder / f"{name}.json").write_text(rows + "\n", encoding="utf-8")
