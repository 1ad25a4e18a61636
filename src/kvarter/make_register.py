"""`kvarter register build`: write a register, its index, and the records that were set aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from kvarter.addresses import make_index
from kvarter.register import Format, build_register
from kvarter.register.build import BuiltRegister
from kvarter.store import writing


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
    aside = set_aside_file(out)
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        unfinished = out.with_name(f".{out.name}.writing")
        built.register.write_parquet(unfinished)
        unfinished.replace(out)
        aside.unlink(missing_ok=True)  # of an earlier file
        if built.set_aside.height:
            built.set_aside.write_csv(aside)
        tell("making its index")
        make_index(out)
    return built


def set_aside_file(register: Path) -> Path:
    """Where the records stand that a register was made without."""
    return register.with_name(f"{register.stem}.set-aside.csv")
