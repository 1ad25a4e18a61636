"""Read a statistic: counts by year and place, such as the dwelling stock."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kvarter.errors import InputError
from kvarter.files import Column, read_table
from kvarter.files.names import clean_name
from kvarter.files.numbers import Marks, Numbers, read_numbers, read_years
from kvarter.files.once import once
from kvarter.files.values import by_distinct
from kvarter.notes import Note
from kvarter.policy.model import AtEntrance, InUnit, Statistic
from kvarter.register.forms import ids


@dataclass(frozen=True)
class ReadStatistic:
    """`rows`: `place` (entrance or unit), `year`, and each column asked for (null where blank).
    A row without a year is none.

    `notes`: what a reader must know of how the file was read.
    """

    rows: pl.DataFrame
    notes: tuple[Note, ...] = ()


@once
def read_statistic(
    statistic: Statistic, columns: Mapping[str, bool], folder: Path
) -> ReadStatistic:
    """Read each of `columns` of a statistic as numbers, by place and year.

    `columns`: their names, and whether each is a percentage of another. Raises InputError where
    the file or a column is missing, where numbers can be read in two ways, where a number is
    negative or impossible, or where none of a column can be read at all.
    """
    path = folder / statistic.file
    located = statistic.located_by
    place = located.entrance if isinstance(located, AtEntrance) else located.unit
    stored, notes = _read(path, statistic, [place, statistic.year, *columns])
    years = read_years(stored[statistic.year], f"{statistic.id}.{statistic.year}")
    numbers = {
        name: read_numbers(
            stored[name],
            Marks(
                decimal=statistic.decimal,
                beside=[stored[other] for other in columns if other != name],
                possible=_at_most_100 if is_percentage else None,
            ),
            field=f"statistics[{statistic.id}].{name}",
            label=f"{statistic.id}.{name}",
        )
        for name, is_percentage in columns.items()
    }
    for name, is_percentage in columns.items():
        _check(f"statistics[{statistic.id}].{name}", stored[name], numbers[name], is_percentage)
    rows = pl.DataFrame(
        {"place": _in_one_form(stored[place].text, located), "year": years.values}
        | {name: read.values for name, read in numbers.items()}
    )
    notes = (*notes, *years.notes, *_notes(statistic, stored, years, numbers, columns))
    return ReadStatistic(rows.drop_nulls("year"), notes)


def _in_one_form(places: pl.Series, located: AtEntrance | InUnit) -> pl.Series:
    """Ids of entrances as in the register, and names of units as in their layer."""
    if isinstance(located, InUnit):
        return by_distinct(places, clean_name, pl.String())
    plain = pl.col("place").str.normalize("NFC").str.strip_chars()
    frame = places.alias("place").to_frame()
    distinct = frame.unique()
    if 2 * distinct.height > frame.height:
        return frame.select(ids(plain)).to_series()
    known = distinct.select("place", plain=ids(plain))
    return frame.join(known, on="place", how="left", maintain_order="left")["plain"]


def _at_most_100(numbers: pl.Series) -> pl.Series:
    return numbers <= 100


def _read(
    path: Path, statistic: Statistic, wanted: list[str]
) -> tuple[dict[str, Column], tuple[Note, ...]]:
    """The wanted columns, by the names the policy gives them; notes on the file."""
    uses = {f"statistics[{statistic.id}].{name}": name for name in wanted}
    table = read_table(
        path,
        uses,
        encoding=statistic.encoding,
        delimiter=statistic.delimiter,
        sheet=statistic.sheet,
    )
    notes = table.notes
    if table.set_aside.height:
        notes += (
            Note(
                "{statistic}: {rows} {rows:line is no row|lines are no rows} of data, such as "
                "sums, and {rows:is|are} left out.",
                {"statistic": statistic.id, "rows": table.set_aside.height},
            ),
        )
    return {name: table.stored(name) for name in wanted}, notes


def _notes(
    statistic: Statistic,
    stored: Mapping[str, Column],
    years: Numbers,
    numbers: Mapping[str, Numbers],
    columns: Mapping[str, bool],
) -> Iterator[Note]:
    undated = int(years.values.null_count())
    if undated:
        yield Note(
            "{statistic}: {rows} {rows:row has|rows have} no year that can be read, and "
            "{rows:is|are} left out.",
            {"statistic": statistic.id, "rows": undated},
        )
    for name, read in numbers.items():
        yield from read.notes
        unreadable = int(read.unreadable.sum())
        if unreadable:
            yield Note(
                "{statistic}: {rows} {rows:value of {column} is no number, and counts|values of "
                "{column} are no numbers, and count} as blank.",
                {"statistic": statistic.id, "rows": unreadable, "column": name},
            )
        percent, largest = stored[name].percent, read.values.max()
        shown = percent is not None and percent.any()
        if columns[name] and not shown and isinstance(largest, float) and 0 < largest <= 1:
            yield Note(
                "{statistic}: no value of {column} is above 1, though it is read as "
                "percentages. Are they shares, so that 0.11 means 11 %?",
                {"statistic": statistic.id, "column": name},
            )


def _check(field: str, column: Column, read: Numbers, percentage: bool) -> None:
    """Refuse a column without numbers, negative numbers, and percentages above 100."""
    if read.values.is_null().all():
        raise InputError.of(
            "no value in this column can be read as a number",
            "Check that the policy names the right column, and the delimiter.",
            column.places.file,
            field=field,
        )
    for wrong, what, remedy in (
        (read.values < 0, "negative", "A count cannot be negative: mend it at the source."),
        (
            read.values > (100 if percentage else math.inf),
            "above 100 %",
            "The policy reads the column as percentages: mend it at the source, or say how its "
            "numbers are written with `decimal`.",
        ),
    ):
        found = wrong.fill_null(False).arg_true()
        if len(found):
            file, line = column.places.at(int(found[0]))
            value = read.values[int(found[0])]
            raise InputError.of(
                f"{len(found)} value(s) are {what}; the first is {value:g}",
                remedy,
                file,
                line=line,
                field=field,
            )
