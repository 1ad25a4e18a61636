"""`kvarter match`: wash one file of address texts against a register."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kvarter.addresses import AddressIndex, match
from kvarter.engine import Engine
from kvarter.errors import InputError, Problem
from kvarter.files import read_table
from kvarter.files.encoding import missing_file
from kvarter.files.excel import EXCEL_SUFFIXES
from kvarter.register import open_register
from kvarter.store import writing

ADDED = ["category", "level", "address_id", "access_address_id", "reasons", "candidates"]


@dataclass(frozen=True)
class Washed:
    """What a wash came to: rows in all, and by category ("" for none)."""

    rows: int
    by_category: dict[str, int]
    not_rows: list[int]


def wash(source: Path, register: Path, out: Path, column: str = "text") -> Washed:
    """Match the texts in `column` of `source` and write all its columns and ADDED to `out`.

    The suffixes say the formats: .csv, .xlsx or .parquet. Raises InputError where a file or the
    column is missing, where the input has a column called as one of ADDED, where a format is not
    known, or where `out` cannot be written.
    """
    frame, not_rows = _read(source, column)
    taken = [name for name in ADDED if name in frame.columns]
    if taken:
        raise InputError(
            Problem(
                f"the file already has the column(s) {', '.join(taken)}",
                "Rename or remove them; the answer is written under these names.",
                str(source),
            )
        )
    if out.suffix.lower() not in {".csv", ".xlsx", ".parquet"}:
        raise InputError(
            Problem("this is not a format Kvarter writes", "Use .csv, .xlsx or .parquet.", str(out))
        )
    engine = Engine()
    index = AddressIndex(engine, open_register(engine, register))
    texts = frame[column].cast(pl.String).fill_null("")
    answers = match(texts, index).select("text", *ADDED)
    found = texts.to_frame("text").join(answers, on="text", how="left", maintain_order="left")
    washed = frame.hstack(found.select(ADDED))
    engine.close()
    with writing(out):
        _write(washed, out)
    counts = washed["category"].fill_null("").value_counts()
    return Washed(washed.height, dict(sorted(counts.iter_rows())), not_rows)


def _read(path: Path, column: str) -> tuple[pl.DataFrame, list[int]]:
    """The file's columns, `column` under just that name, and the lines that are no rows."""
    if path.suffix.lower() != ".parquet":
        table = read_table(path, {"--column": column})
        found = table.column(column).name
        return table.rows.drop("row").rename({found: column}), table.set_aside["row"].to_list()
    if not path.exists():
        raise InputError(missing_file(path))
    try:
        frame = pl.read_parquet(path)
    except pl.exceptions.PolarsError:
        raise InputError(
            Problem("this is not a Parquet file", "Give CSV, Excel or Parquet.", str(path))
        ) from None
    if column not in frame.columns:
        raise InputError(
            Problem(
                f"there is no column called {column!r}",
                f"The columns are: {', '.join(frame.columns)}. Say which with --column.",
                str(path),
                field="--column",
            )
        )
    return frame, []


def _write(washed: pl.DataFrame, out: Path) -> None:
    """Write aside, then rename, so that a file is whole or not there."""
    aside = out.with_name(f".{out.name}.writing")
    out.parent.mkdir(parents=True, exist_ok=True)
    suffix = out.suffix.lower()
    if suffix == ".parquet":
        washed.write_parquet(aside)
    elif suffix == ".csv":
        # With a BOM and semicolons, so that a Danish Excel opens it as it is.
        washed.write_csv(aside, separator=";", include_bom=True)
    elif suffix in EXCEL_SUFFIXES:
        with aside.open("wb") as file:
            washed.write_excel(file, autofit=True)
    aside.replace(out)
