"""Read a statistic: counts by year and place, such as the dwelling stock."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kvarter.errors import InputError, Problem
from kvarter.files import read_parquet, read_table
from kvarter.files.values import read_numbers
from kvarter.notes import Note
from kvarter.policy.model import AtEntrance, Statistic


@dataclass(frozen=True)
class ReadStatistic:
    """`rows`: `place` (entrance or unit), `year`, and each column asked for (null where blank).

    `notes`: what a reader must know of how the file was read.
    """

    rows: pl.DataFrame
    notes: tuple[Note, ...] = ()


def read_statistic(statistic: Statistic, columns: list[str], folder: Path) -> ReadStatistic:
    """Read each of `columns` of a statistic as numbers, by place and year.

    Raises InputError where the file or a column is missing, where a count is negative, or where
    no count of a column can be read at all.
    """
    path = folder / statistic.file
    located = statistic.located_by
    place = located.entrance if isinstance(located, AtEntrance) else located.unit
    wanted = [place, statistic.year, *dict.fromkeys(columns)]
    frame, notes = _read(path, statistic, wanted)
    numbers = {name: read_numbers(frame[name]) for name in wanted[1:]}
    result = pl.DataFrame(
        {"place": frame[place], "year": numbers[statistic.year].cast(pl.Int64, strict=False)}
        | {name: numbers[name] for name in wanted[2:]}
    )
    _check(path, statistic, result, wanted[2:])
    return ReadStatistic(result, notes)


def _read(
    path: Path, statistic: Statistic, wanted: list[str]
) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    """The wanted columns as text, under the names the policy gives them; notes on the file."""
    uses = {f"statistics[{statistic.id}].{name}": name for name in wanted}
    if path.suffix.lower() == ".parquet":
        frame, found = read_parquet(path, uses)
        return frame.select(
            pl.col(found[use]).cast(pl.String).alias(name) for use, name in uses.items()
        ), ()
    table = read_table(path, uses, encoding=statistic.encoding, delimiter=statistic.delimiter)
    return pl.DataFrame({name: table.column(name) for name in wanted}), table.notes


def _check(path: Path, statistic: Statistic, frame: pl.DataFrame, columns: list[str]) -> None:
    for name in columns:
        field = f"statistics[{statistic.id}].{name}"
        if frame[name].is_null().all():
            raise InputError(
                Problem(
                    "no value in this column can be read as a number",
                    "Check that the policy names the right column, and the delimiter.",
                    str(path),
                    field=field,
                )
            )
        negative = frame.with_row_index("at").filter(pl.col(name) < 0)
        if negative.height:
            at, value = negative.select("at", name).row(0)
            raise InputError(
                Problem(
                    f"{negative.height} value(s) are negative; the first is {value:g}",
                    "A count cannot be negative: mend it at the source.",
                    str(path),
                    line=at + 2,
                    field=field,
                )
            )
