"""A column as it is stored: what each cell shows and, where the file says so, what it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

DANISH_TIME = "Europe/Copenhagen"
FIRST_DAY = dt.date(1899, 12, 30)
"""Day 0 of Excel's calendar, seen from any day after February 1900."""


class Cell(str):
    """A cell of a workbook: the text it shows, and what the workbook says it is.

    `value`: a number or a time, None where the cell is text or blank. `percent`: the number is
    shown as a percentage, so that 0.11 shows 11 %.
    """

    __slots__ = ("percent", "value")

    def __new__(
        cls, shown: str, value: float | dt.datetime | None = None, percent: bool = False
    ) -> Cell:
        cell = super().__new__(cls, shown)
        cell.value = value
        cell.percent = percent
        return cell

    value: float | dt.datetime | None
    percent: bool


@dataclass(frozen=True)
class Places:
    """Where each row of a table stands: the `file`, the `rows`, and the `sheets` of a workbook.

    Rows of a second sheet count on from the last line of the first: `sheets` has the name of each
    sheet that was read, and the row after which its lines begin.
    """

    file: str
    rows: pl.Series
    sheets: tuple[tuple[str, int], ...] = ()

    def of(self, row: int) -> tuple[str, int]:
        """The file, with the sheet where several were read, and the line that `row` is there."""
        sheet, line = self.line_of(row)
        return (f"{self.file} [{sheet}]" if sheet else self.file), line

    def at(self, index: int) -> tuple[str, int]:
        """The same of the row at `index` in the table."""
        return self.of(self.rows[index])

    def line_of(self, row: int) -> tuple[str | None, int]:
        """The sheet of `row` (None unless several were read) and its line there."""
        if len(self.sheets) < 2:
            return None, row
        name, before = max((each for each in self.sheets if each[1] < row), key=lambda e: e[1])
        return name, row - before

    def sheet_and_row(self, row: str = "row") -> tuple[pl.Expr, pl.Expr]:
        """`sheet` and `sheet_row` of a column of rows: null unless several sheets were read."""
        name, before = pl.lit(None, dtype=pl.String), pl.lit(None, dtype=pl.Int64)
        if len(self.sheets) > 1:
            for sheet, after in self.sheets:
                later = pl.col(row) > after
                name = pl.when(later).then(pl.lit(sheet)).otherwise(name)
                before = pl.when(later).then(pl.lit(after)).otherwise(before)
        return name.alias("sheet"), (pl.col(row) - before).cast(pl.Int64).alias("sheet_row")


@dataclass(frozen=True)
class Column:
    """A column of a file, cell by cell.

    `text`: what the cell shows, "" where it is blank (String). Where the file itself says that a
    cell is a number or a time, `number` (Float64) or `time` (Datetime, by Danish clocks) has it,
    and is null elsewhere; both are None for a file that holds text only. `percent` (Boolean): the
    number is shown as a percentage. `first_day`: day 0 of the days that a workbook counts.
    `zone`: the time zone that times were converted from, and `moved` how many came to lie on
    another day by it.
    """

    name: str
    text: pl.Series
    places: Places
    number: pl.Series | None = None
    time: pl.Series | None = None
    percent: pl.Series | None = None
    first_day: dt.date = FIRST_DAY
    zone: str = ""
    moved: int = field(default=0)

    def __len__(self) -> int:
        return len(self.text)

    @property
    def is_blank(self) -> pl.Series:
        return self.text.str.strip_chars() == ""


def column_of_cells(name: str, cells: list[str], places: Places, first_day: dt.date) -> Column:
    """A column of the cells of a workbook, which counts its days from `first_day`."""
    shown = pl.Series(name, [str(cell).strip() for cell in cells], dtype=pl.String)
    values = [cell.value if isinstance(cell, Cell) else None for cell in cells]
    numbers = [None if isinstance(value, dt.datetime) else value for value in values]
    times = [value if isinstance(value, dt.datetime) else None for value in values]
    percent = [isinstance(cell, Cell) and cell.percent for cell in cells]
    return Column(
        name,
        shown,
        places,
        pl.Series(name, numbers, dtype=pl.Float64),
        pl.Series(name, times, dtype=pl.Datetime("us")),
        pl.Series(name, percent, dtype=pl.Boolean),
        first_day,
    )


def joined(columns: list[Column], places: Places) -> Column:
    """Columns of cells, from several sheets of a workbook, as one."""
    first = columns[0]
    parts = {
        kind: pl.concat([getattr(column, kind) for column in columns])
        for kind in ("text", "number", "time", "percent")
    }
    return replace(first, places=places, **parts)


def column_of_values(values: pl.Series, path: Path) -> Column:
    """A typed column of a Parquet file; NaN and null are blank, a Boolean is `ja` or `nej`.

    Times with a zone are taken to Danish clocks.
    """
    places = Places(str(path), pl.Series(range(1, len(values) + 1), dtype=pl.Int64))
    name, kind = values.name, values.dtype
    blank = Column(name, pl.Series(name, [""] * len(values), dtype=pl.String), places)
    if kind == pl.Boolean:
        words = values.replace_strict({True: "ja", False: "nej"}, return_dtype=pl.String)
        return replace(blank, text=words.fill_null(""))
    if kind.is_numeric():
        # A Float32 is the short decimal it is written as, not the Float64 nearest to it.
        texts = values.fill_nan(None) if kind.is_float() else values
        texts = texts.cast(pl.String)
        number = texts.cast(pl.Float64)
        plain = texts.fill_null("") if kind.is_integer() else _plain(texts)
        return replace(blank, text=plain, number=number)
    if kind in (pl.Date, pl.Datetime):
        return _times(values, blank)
    if kind == pl.Binary:
        return replace(blank, text=text_of_bytes(values).fill_null(""))
    if kind.is_nested():
        texts = pl.Series(name, [str(value) for value in values.to_list()], dtype=pl.String)
        return replace(blank, text=texts)
    return replace(blank, text=values.cast(pl.String).fill_null(""))


def text_of_bytes(values: pl.Series) -> pl.Series:
    """Bytes as the UTF-8 they are, or as the digits of a UUID, which has 16 of them.

    Raises PolarsError where they are neither.
    """
    is_uuid = values.bin.size().drop_nulls().eq(16).all()
    return values.bin.encode("hex") if is_uuid else values.cast(pl.String)


def _plain(texts: pl.Series) -> pl.Series:
    """Whole numbers without the `.0` of a float, or the `.00` of a decimal; blank where null."""
    return texts.fill_null("").str.replace(r"\.0+$", "")


def _times(values: pl.Series, blank: Column) -> Column:
    kind, moved, zone = values.dtype, 0, ""
    if isinstance(kind, pl.Datetime) and kind.time_zone:
        zone = kind.time_zone
        there = values.dt.replace_time_zone(None)
        values = values.dt.convert_time_zone(DANISH_TIME).dt.replace_time_zone(None)
        moved = int((there.dt.date() != values.dt.date()).sum())
    time = values.cast(pl.Datetime("us"))
    days = time.dt.strftime("%Y-%m-%d").fill_null("")
    return replace(blank, text=days, time=time, zone=zone, moved=moved)
