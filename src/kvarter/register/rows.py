"""A file of rows -> text columns: CSV, Excel or Parquet; a whole country's CSV in seconds.

The reader of extracts sees to all that can be wrong with a file; it takes three times as long, and
eight times the file's size in memory. A CSV file in which there is nothing to see to is read by
Polars: the addresses of the whole country are three gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kvarter.files import converted, read_parquet, read_table
from kvarter.files.column import text_of_bytes
from kvarter.files.excel import EXCEL_SUFFIXES
from kvarter.files.inputs import see_readable
from kvarter.notes import Note

MOST_BYTES = 16 * 1024**3


@dataclass(frozen=True)
class Rows:
    """`frame`: the columns as text, null or "" where blank. `columns`: their names in the file.

    `not_rows`: `row, reason` of lines that are no rows of data. `notes`: on how it was read.
    """

    frame: pl.DataFrame
    columns: list[str]
    not_rows: pl.DataFrame
    notes: tuple[Note, ...] = ()


def read_rows(path: Path, wanted: Mapping[str, str]) -> Rows:
    """The rows of `path` as text.

    `wanted` maps what is sought to the column that should hold it, under whose name it comes.
    Raises InputError where the file or a column is missing.
    """
    see_readable(path, MOST_BYTES)
    nothing = pl.DataFrame(schema={"row": pl.Int64, "reason": pl.String})
    if path.suffix.lower() == ".parquet":
        frame, found = read_parquet(path, wanted)
        texts = pl.DataFrame(converted(frame, as_text, found.values(), path))
        return Rows(_under_wanted_names(texts, wanted, found), frame.columns, nothing)
    plain = _read_plain(path, list(wanted.values()))
    if plain is not None:
        frame, notes = plain
        return Rows(frame, frame.columns, nothing, notes)
    table = read_table(path, wanted)
    found = {use: table.column(name).name for use, name in wanted.items()}
    frame = _under_wanted_names(table.rows.drop("row"), wanted, found)
    return Rows(frame, table.columns, table.set_aside, table.notes)


def as_text(values: pl.Series) -> pl.Series:
    """A typed column as text, null where it is null.

    A whole number has no `.0`, a time is the day it is of in Denmark, and 16 bytes are a UUID.
    """
    kind = values.dtype
    if kind.is_float() or kind.is_decimal():
        return values.cast(pl.String).str.replace(r"\.0+$", "").replace("NaN", None)
    if isinstance(kind, pl.Datetime):
        there = values.dt.convert_time_zone("Europe/Copenhagen") if kind.time_zone else values
        return there.dt.strftime("%Y-%m-%d")
    if kind == pl.Binary:
        return text_of_bytes(values)
    if kind.is_nested():
        texts = [None if value is None else str(value) for value in values.to_list()]
        return pl.Series(values.name, texts, dtype=pl.String)
    return values.cast(pl.String)


def _under_wanted_names(
    frame: pl.DataFrame, wanted: Mapping[str, str], found: Mapping[str, str]
) -> pl.DataFrame:
    """`frame` with the columns that were found under the names they are wanted by."""
    names = {column: wanted[use] for use, column in found.items()}
    taken = [name for name in names.values() if name in frame.columns and name not in names]
    return frame.drop(taken).rename(names)


def header_of(path: Path) -> list[str]:
    """The names on the first line of a CSV file, or of a Parquet file; none for other files."""
    if not path.is_file() or path.suffix.lower() in EXCEL_SUFFIXES:
        return []
    if path.suffix.lower() == ".parquet":
        try:
            with path.open("rb") as file:
                return list(pl.read_parquet_schema(file))
        except (OSError, pl.exceptions.PolarsError):
            return []
    with path.open("rb") as file:
        first = file.readline(100_000)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            line = first.decode(encoding).rstrip("\r\n")
        except UnicodeDecodeError:
            continue
        return [name.strip().strip('"') for name in line.split(_delimiter(line))]
    return []


def _delimiter(line: str) -> str:
    return max(",;\t|", key=line.count)


def _read_plain(
    path: Path, wanted: Collection[str]
) -> tuple[pl.DataFrame, tuple[Note, ...]] | None:
    """A CSV file that needs no care, its header in the first line; None for any other."""
    header = header_of(path)
    sure = set(wanted) <= set(header) and "" not in header and len(set(header)) == len(header)
    if not sure or path.suffix.lower() in EXCEL_SUFFIXES:
        return None
    with path.open("rb") as file:
        line = file.readline(100_000)
    try:
        delimiter = _delimiter(line.decode("utf-8-sig"))
        lines, stray = _lines(path, header, delimiter)
        frame = pl.read_csv(
            path.absolute(),
            glob=False,
            separator=delimiter,
            infer_schema=False,
            quote_char=None if stray else '"',
        )
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        return None
    if frame.height != lines - 1 or not set(wanted) <= set(frame.columns):  # blanks around a name
        return None
    frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
    if not stray:
        return frame, ()
    note = Note(
        "{file}: {rows} {rows:row has|rows have} a quotation mark out of place, the first in "
        "line {line}; the mark alone is left out.",
        {"file": path.name, "rows": len(stray), "line": stray[0]},
    )
    return frame.with_columns(pl.all().str.replace_all('"', "", literal=True)), (note,)


_NEEDS_CARE = "|".join(
    [
        "[\r\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]",  # another end, or no text
        "\ufffd|Ã|â€",  # a letter that was lost, or encoded twice
        r"&(?:[A-Za-z]{2,8}|#\d+|#x[0-9A-Fa-f]+);",  # or written as on a web page
        r"""(?:^|[;,\t|])["' ]*[„“”«»'‘’‚]""",  # quotation marks of another kind
        r"""(?:^|[;,\t|])=\"""",  # or around a number, as Excel writes them
    ]
)
"""What the reader of extracts sees to in a line."""

_QUESTIONED, _DANISH = r"\w\?\w|(?:^|\W)\?[a-z]{2}", "[æøåÆØÅ]"
"""Letters that were made question marks leave no Danish ones in the file."""


def _lines(path: Path, header: Collection[str], delimiter: str) -> tuple[int, list[int]]:
    """How many lines the file has, each a row as long as the header; 0 where one needs care.

    And in which lines quotation marks are out of order. Where there are any, each line has to be a
    row without regard to marks: a pair of them in two lines would be read as one field.
    """
    mark, line = re.escape(delimiter), pl.col("line")
    field = rf'(?:"(?:[^"]|"")*"|[^"{mark}]*)'
    rows = pl.scan_lines(path.absolute(), glob=False).with_row_index("row", offset=1)
    ordered = line.str.contains(f"^(?:{field}{mark}){{{len(header) - 1}}}{field}$")
    parted = line.str.count_matches(delimiter, literal=True) == len(header) - 1
    counted = rows.select(
        lines=pl.len(),
        care=line.str.contains(_NEEDS_CARE).any()
        | (line.str.contains(_QUESTIONED).any() & ~line.str.contains(_DANISH).any()),
        headers=line.str.contains(_of_header(header, mark)).sum(),
        stray=pl.col("row").filter(~ordered).implode(),
        parted=parted.all(),
    ).collect(engine="streaming")
    lines, care, headers, stray, parted_all = counted.row(0)
    whole = parted_all or not stray
    return (0 if care or headers > 1 or not whole else int(lines)), stray


def _of_header(header: Collection[str], mark: str) -> str:
    """What two names of the header look like in a line, however they are spelled."""
    words = (r"[\W_]*".join(map(re.escape, re.findall(r"[^\W_]+", name))) for name in header)
    name = f"(?:{'|'.join(filter(None, words))})"
    return rf"(?i)(?:^|{mark})\W*{name}\W*{mark}(?:.*{mark})?\W*{name}\W*(?:{mark}|$)"
