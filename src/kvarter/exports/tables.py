"""The tables of a status that may be published, each as CSV, Parquet and JSON with the same rows.

The same status gives the same bytes: rows are in a fixed order, and nothing tells the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from kvarter.tables import table

Tables = Mapping[str, pl.DataFrame]


def write_tables(tables: Tables, folder: Path) -> None:
    """Write each table as `NAME.csv`, `NAME.parquet` and `NAME.json`."""
    for name, frame in tables.items():
        table(name).write(frame, folder)
