"""The index of a register, saved beside it: made once, and opened in a moment after that.

register.parquet          the register
register.index/           its index; `made_of.json` says of which bytes
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from kvarter.addresses.index import AddressIndex
from kvarter.errors import InputError, Problem

if TYPE_CHECKING:
    import ibis

    from kvarter.engine import Engine

_FORM = 5
"""Of the saved files: one more whenever they change, so that older ones are not opened."""


def index_of(engine: Engine, register: ibis.Table, path: Path | None) -> AddressIndex:
    """The index of `register`, the file at `path`: the saved one if it is of those very bytes."""
    saved = saved_index(path) if path else None
    return saved or AddressIndex(engine, register)


def saved_index(path: Path) -> AddressIndex | None:
    """The index that was saved of the register at `path`, if it is of those very bytes."""
    saved = _folder(path)
    try:
        if json.loads((saved / "made_of.json").read_text()) == _made_of(path):
            return AddressIndex.load(saved)
    except (OSError, ValueError):
        pass  # none was saved, or not all of it
    return None


def make_index(path: Path) -> None:
    """Save the index of the register at `path` beside it, so that no run has to make it.

    Raises InputError where it is no register, and OSError where the index cannot be written.
    """
    # Both load slowly, and are not needed to open a saved index.
    from kvarter.engine import Engine
    from kvarter.register import open_register

    engine = Engine()
    save_index(AddressIndex(engine, open_register(engine, path)), path)
    engine.close()


def save_index(index: AddressIndex, path: Path) -> Path:
    """Save the index of the register at `path` beside it, and return where.

    Raises InputError where a folder of something else has its name, and OSError where it cannot
    be written; then an older one is no longer used.
    """
    saved = _folder(path)
    made_of = saved / "made_of.json"
    if saved.exists() and any(saved.iterdir()) and not made_of.exists():
        what = "the index is written to this folder, and it holds something else"
        raise InputError(Problem(what, "Move it elsewhere, or rename it.", str(saved)))
    made_of.unlink(missing_ok=True)
    index.save(saved)
    made_of.write_text(json.dumps(_made_of(path)))
    return saved


def _folder(path: Path) -> Path:
    return path.with_name(f"{path.stem}.index")


def _made_of(path: Path) -> dict[str, str | int]:
    with path.open("rb") as file:
        return {"form": _FORM, "register": hashlib.file_digest(file, "sha256").hexdigest()}
