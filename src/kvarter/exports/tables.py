"""The tables of a status that may be published, each as CSV, Parquet and JSON with the same rows.

The same status gives the same bytes: rows are in a fixed order, and nothing tells the time.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from kvarter.editions.status import Status
from kvarter.tables import table

Tables = dict[str, pl.DataFrame]


def tables_of(status: Status) -> Tables:
    """Every table that may be published, by name."""
    results = status.results.with_columns(pl.lit(status.edition.id).alias("edition"))
    judgement = status.judgement
    tables = {
        "results": results.select(
            pl.col(c).cast(dtype) for c, dtype in table("results").schema.items()
        ),
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
    for name, frame in tables.items():
        table(name).write(frame, folder)
