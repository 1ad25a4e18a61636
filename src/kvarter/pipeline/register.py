"""`kvarter register build`: write a register, its index, and the records that were set aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from kvarter.addresses import make_index
from kvarter.files.inert import write_csv
from kvarter.files.outputs import write_file
from kvarter.notes import Note
from kvarter.register import Format, build_register, write_register
from kvarter.register.build import BuiltRegister


def make_register(
    file: Path,
    out: Path,
    columns: Mapping[str, str],
    format: Format,
    tell: Callable[[str], None],
) -> BuiltRegister:
    """Make a register of the addresses in `file` and write it to `out`, whole or not at all.

    Beside it are written its index and, where there are any, the records that were set aside
    (`set_aside_file`). Raises InputError as `build_register` does, and where `out` cannot be
    written.
    """
    built = build_register(file, columns, format=format, tell=tell)
    with write_file(out) as aside:
        write_register(built.register, (*built.notes, *note_set_aside(built, file, out)), aside)
        if built.set_aside.height:
            write_csv(built.set_aside, set_aside_file(aside))
        tell("making its index")
        make_index(aside)
    return built


def note_set_aside(built: BuiltRegister, file: Path, out: Path) -> list[Note]:
    """How many records the register lacks, for which reasons, and where they stand.

    It stays with the register, so that all that is made with it says so.
    """
    bad, records = built.set_aside, built.set_aside.height + built.register.height
    if bad.is_empty():
        return []
    reasons = bad["reason"].value_counts().sort("count", "reason", descending=[True, False])
    listed = ", ".join(f"{reason} ({count:,})" for reason, count in reasons.iter_rows())
    return [
        Note(
            "{file}: {count} of {size} records {count:is|are} not in the register, for "
            "{count:it|they} cannot be used: {reasons}. {count:It stands|They stand} in {aside}.",
            {
                "file": file.name,
                "count": bad.height,
                "size": records,
                "reasons": listed,
                "aside": set_aside_file(out).name,
            },
        )
    ]


def set_aside_file(register: Path) -> Path:
    """Where the records stand that a register was made without."""
    return register.with_name(f"{register.stem}.set-aside.csv")
