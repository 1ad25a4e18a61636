"""The query engine behind Ibis: DuckDB, embedded.

Stages write their relational work as Ibis expressions and know no engine; only this room does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import ibis


class Engine:
    """One engine a run: turns frames and files into tables, and expressions into frames."""

    def __init__(self, room: Path | None = None) -> None:
        """`room`: a folder for what does not fit into memory; without one, nothing is on disk."""
        import ibis  # loads slowly, and not every command asks an engine

        self._backend = ibis.duckdb.connect(temp_directory="" if room is None else str(room))
        self._backend.raw_sql("SET enable_progress_bar = false")
        self._names = (f"kept_{number}" for number in count(1))

    def table(self, frame: pl.DataFrame) -> ibis.Table:
        """Hand `frame` to the engine as a table."""
        import ibis

        return ibis.memtable(frame.to_arrow())

    def parquet(self, path: Path) -> ibis.Table:
        """The Parquet file at `path`, read when it is needed."""
        return self._backend.read_parquet(_literal(path), hive_partitioning=False)

    def json(self, path: Path, columns: Sequence[str], *, lines: bool) -> ibis.Table:
        """These keys of the JSON records in `path`, as text: a record a line, or one array.

        A line that is no record becomes a row of nulls; an array must be right throughout.
        """
        return self._backend.read_json(
            _literal(path),
            columns=dict.fromkeys(columns, "VARCHAR"),
            format="newline_delimited" if lines else "array",
            ignore_errors=lines,
            hive_partitioning=False,
        )

    def keep(self, expression: ibis.Table) -> ibis.Table:
        """Work `expression` out once; later stages start from its result."""
        return self._backend.create_table(next(self._names), expression)

    def drop(self, kept: ibis.Table) -> None:
        """Forget what was kept."""
        self._backend.raw_sql(f"DROP TABLE {kept.get_name()}")

    def fetch(self, expression: ibis.Table) -> pl.DataFrame:
        """The result of `expression`. Rows have no order unless the expression gives them one."""
        return pl.DataFrame(self._backend.to_pyarrow(expression))

    def close(self) -> None:
        self._backend.disconnect()


def _literal(path: Path) -> str:
    """`path` as DuckDB takes it for that file alone: it takes `[`, `*`, `?`, `~` for patterns."""
    return re.sub(r"([\[*?])", r"[\1]", str(path.absolute()))
