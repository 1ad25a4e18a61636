"""`kvarter match`: wash one file of address texts against a register."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import polars as pl
from xlsxwriter import Workbook

from kvarter.addresses import AddressIndex, match_dated, saved_index
from kvarter.errors import InputError, Problem
from kvarter.files import Column, column_of_values, converted, read_parquet, read_table
from kvarter.files.dates import read_dates
from kvarter.files.inert import write_csv
from kvarter.files.outputs import write_file
from kvarter.files.values import joined
from kvarter.notes import Note

_MOST_ROWS, _MOST_CHARACTERS = 1_048_575, 32_767
"""Of an Excel sheet without its header, and of a cell."""
ADDED = ["category", "level", "address_id", "access_address_id", "reasons", "candidates"]


@dataclass(frozen=True)
class Washed:
    """What a wash came to: rows in all, and by category ("" for none).

    `not_rows`: lines that are no rows of data. `undated`: rows whose day cannot be read, where days
    were asked for; they were matched to the register of today. `notes`: on how the file was read,
    and on a register that no index was saved of.
    """

    rows: int
    by_category: dict[str, int]
    not_rows: list[int]
    undated: int
    notes: tuple[Note, ...] = ()


@contextmanager
def open_index(register: Path) -> Iterator[tuple[AddressIndex, tuple[Note, ...]]]:
    """The register at `register` ready for matching until the block ends, and notes on it."""
    if (saved := saved_index(register)) is not None:
        yield saved, ()
        return
    # Both load slowly, and are not needed beside a saved index.
    from kvarter.engine import Engine
    from kvarter.policy.model import Register
    from kvarter.register import read_register

    engine = Engine()
    try:
        read = read_register(engine, register.parent, Register(file=register.name))
        yield AddressIndex(engine, read.table), read.notes
    finally:
        engine.close()


def wash(
    source: Path,
    register: Path,
    out: Path,
    column: str | Sequence[str] = "text",
    date_column: str | None = None,
) -> Washed:
    """Match the texts in `column` of `source` and write all its columns and ADDED to `out`.

    Several columns are read as one text, joined, as `address: [..]` of a policy is.
    `date_column`: a column with the day of each row, which is then matched to the register as it
    was on that day. The suffixes say the formats: .csv, .xlsx or .parquet. Raises InputError where
    a file or a column is missing or has lists, where the input has a column called as one of
    ADDED, where a format is not known or cannot hold the columns, or where `out` is the source or
    the register, or cannot be written.
    """
    names = [column] if isinstance(column, str) else list(dict.fromkeys(column))
    columns = {
        f"--column[{at}]" if len(names) > 1 else "--column": name
        for at, name in enumerate(names, start=1)
    }
    columns |= {"--date-column": date_column} if date_column else {}
    for path, what in ((source, "the file to wash"), (register, "the register")):
        if out.exists() and path.exists() and out.samefile(path):
            raise InputError(Problem(f"this is {what}", "Give another name with --out.", str(out)))
    file = _read(source, columns)
    frame = file.rows
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
    if out.suffix.lower() != ".parquet":
        _refuse_lists(source, frame)
    if out.suffix.lower() == ".xlsx":
        _refuse_alike(source, [*frame.columns, *ADDED])
        _refuse_too_large(source, frame)
    asked = pl.DataFrame(
        {
            "text": file.texts,
            "date": pl.repeat("", frame.height, eager=True) if file.dates is None else file.dates,
        },
        schema={"text": pl.String, "date": pl.String},
    )
    with open_index(register) as (index, of_register):
        answers = asked.join(
            match_dated(asked, index), on=["text", "date"], how="left", maintain_order="left"
        )
    washed = pl.concat([frame, answers.select(ADDED)], how="horizontal")
    with write_file(out) as aside:
        _write(washed, aside)
    counts = washed["category"].fill_null("").value_counts()
    undated = asked.filter(pl.col("date") == "").height if date_column else 0
    return Washed(
        washed.height,
        dict(sorted(counts.iter_rows())),
        file.not_rows,
        undated,
        (*file.notes, *of_register),
    )


def _refuse_lists(source: Path, frame: pl.DataFrame) -> None:
    """A cell of a CSV file or a sheet has one value."""
    lists = [name for name, kind in frame.schema.items() if kind.is_nested() or kind == pl.Binary]
    if lists:
        raise InputError(
            Problem(
                f"the column(s) {', '.join(lists)} have lists, groups or bytes in them",
                "Write .parquet, or leave these columns out of the file.",
                str(source),
            )
        )


def _refuse_alike(source: Path, names: list[str]) -> None:
    """Excel takes two columns whose names differ in capitals for the same, and shows neither."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise InputError(
                Problem(
                    f"the columns {other} and {name} are one to Excel",
                    "Rename one of them, or write .csv.",
                    str(source),
                )
            )


def _refuse_too_large(source: Path, frame: pl.DataFrame) -> None:
    """Excel leaves out what is more than it can hold, without a word."""
    texts = frame.select(pl.selectors.string().str.len_chars().max())
    longest = max((length for length in texts.row(0) if length), default=0)
    too_long = f"a text of {longest:,} characters" if longest > _MOST_CHARACTERS else ""
    if too_long or frame.height > _MOST_ROWS:
        what = f"there is more in it than Excel can hold: {too_long or f'{frame.height:,} rows'}"
        raise InputError(Problem(what, "Write .csv or .parquet.", str(source)))


@dataclass(frozen=True)
class _File:
    """A file to wash: its rows, and the address text of each, of all columns with one.

    `dates`: the day of each row as 2023-05-17, blank where none can be read; null without a
    column of dates.
    """

    rows: pl.DataFrame
    texts: pl.Series
    not_rows: list[int]
    dates: pl.Series | None
    notes: tuple[Note, ...]


def _read(path: Path, columns: dict[str, str]) -> _File:
    """The file at `path`; `columns` are the names that the options give."""
    dated = "--date-column"
    stored: Column | None = None
    not_rows: list[int] = []
    notes: tuple[Note, ...] = ()
    if path.suffix.lower() == ".parquet":
        rows, called = read_parquet(path, columns)
        used = rows.select({*called.values()})
        read = converted(used, lambda values: column_of_values(values, path), used.columns, path)
        texts = {use: read[name].text for use, name in called.items()}
        stored = read[called[dated]] if dated in columns else None
    else:
        table = read_table(path, columns)
        rows, not_rows, notes = (
            table.rows.drop("row"),
            table.set_aside["row"].to_list(),
            table.notes,
        )
        texts = {use: table.column(name) for use, name in columns.items()}
        if dated in columns:
            stored = table.stored(columns[dated])
    text = joined([column for use, column in texts.items() if use != dated])
    if stored is None:
        return _File(rows, text, not_rows, None, notes)
    dates = read_dates(stored)
    return _File(
        rows, text, not_rows, dates.days.cast(pl.String).fill_null(""), (*notes, *dates.notes)
    )


def _write(washed: pl.DataFrame, out: Path) -> None:
    suffix = out.suffix.lower()
    if suffix == ".parquet":
        washed.write_parquet(out)
    elif suffix == ".csv":
        write_csv(washed, out, for_excel=True)
    else:
        _write_excel(washed, out)


def _write_excel(washed: pl.DataFrame, out: Path) -> None:
    """Write every text as that text, also what Excel would take for a link or a formula.

    In memory first: the library's own temporary files would hold the rows.
    """
    as_texts = {"strings_to_urls": False, "strings_to_formulas": False, "in_memory": True}
    content = BytesIO()
    with Workbook(content, as_texts) as book:
        washed.write_excel(book, autofit=True)
    out.write_bytes(content.getvalue())
