"""`kvarter register build`: a file or folder of addresses, in any known format -> a register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import polars as pl

from kvarter.errors import InputError, Problem
from kvarter.files.inputs import missing_file
from kvarter.notes import Note
from kvarter.register.dawa import is_dawa, read_dawa
from kvarter.register.extract import is_extract, read_extract
from kvarter.register.plain import read_plain
from kvarter.register.records import checked, normalise, settled
from kvarter.register.rows import header_of
from kvarter.register.states import records_of

Tell = Callable[[str], None]


class Format(StrEnum):
    """What a register can be made of; `auto` finds out which of the others it is."""

    AUTO = "auto"
    PLAIN = "plain"
    DAWA = "dawa"
    DAR = "dar"


@dataclass(frozen=True)
class BuiltRegister:
    """`register` in COLUMNS' form, sorted by id; `set_aside`: the bad records and `reason`.

    `left_out`: how many records are well and yet no part of a register, by reason: preliminary,
    closed, an entrance whose units are there, a former state that is written as another.
    `notes`: what was decided about the addresses, and could have been otherwise.
    `unused`: columns of a plain file that the register has no use for.
    """

    register: pl.DataFrame
    set_aside: pl.DataFrame
    left_out: Mapping[str, int]
    format: Format
    notes: tuple[Note, ...] = ()
    unused: tuple[str, ...] = ()


def build_register(
    path: Path,
    columns: Mapping[str, str] | None = None,
    *,
    format: Format = Format.AUTO,
    tell: Tell = lambda stage: None,
) -> BuiltRegister:
    """Read addresses from `path`: see `plain`, `dawa`, `extract` and `dar` for what they hold.

    `columns` maps a register column to its name in a plain file. Raises InputError where the file
    or a column is missing, or where nothing in it can be used. A bad record is set aside with its
    reason; `tell` is told of each stage as it begins.
    """
    if not path.exists():
        raise InputError(missing_file(path))
    header = header_of(path)
    if format is Format.AUTO:
        format = _detected(path, header, columns or {})
    tell(f"reading {path.name} ({format})")
    aside = pl.DataFrame(schema={"row": pl.Int64, "reason": pl.String})
    left_out: dict[str, int] = {}
    notes: list[Note] = []
    unused: list[str] = []
    if format is Format.PLAIN:
        plain = read_plain(path, columns or {})
        notes, unused = plain.notes, plain.unused
        records, of_forms = normalise(plain.records, path.name)
    elif format is Format.DAWA:
        found, left_out, notes = read_dawa(path)
        records, of_forms = normalise(found, path.name)
    else:
        if is_extract(header):
            states, aside, notes = read_extract(path)
        else:
            from kvarter.register.dar import read_dar  # with Ibis, which loads slowly

            states, left_out = read_dar(path, tell)
        tell("finding what each former address is today")
        states, of_forms = normalise(states, path.name)
        records, more = records_of(states)
        left_out = dict(sorted((Counter(left_out) + Counter(more)).items()))
    tell("checking the addresses")
    good, bad = checked(records)
    no_rows = aside.select(pl.format("line {}", "row").alias("address_id"), "reason")
    bad = pl.concat([bad, no_rows], how="diagonal")
    if good.is_empty():
        raise InputError(_nothing(path, format, bad))
    good, of_entrances = settled(good, path.name)
    notes += [*of_forms, *of_entrances]
    return BuiltRegister(good, bad, left_out, format, tuple(notes), tuple(unused))


def _detected(path: Path, header: list[str], columns: Mapping[str, str]) -> Format:
    if path.is_dir() or path.suffix.lower() == ".zip" or is_extract(header):
        return Format.DAR
    return Format.DAWA if is_dawa(header) and not columns else Format.PLAIN


def _nothing(path: Path, format: Format, bad: pl.DataFrame) -> Problem:
    counts = bad["reason"].value_counts(sort=True).head(3)
    why = ", ".join(f"{reason} ({number:,})" for reason, number in counts.iter_rows())
    return Problem(
        f"no address in it can be used: {why or 'there are no rows in it'}",
        f"It was read as {format}; say with --format what it is, or mend it at the source.",
        str(path),
    )
