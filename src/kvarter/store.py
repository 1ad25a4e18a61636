"""The folder of a status: written aside, then put in place at once; and found again later.

status/2024/             made to be published: report, results, verdicts
status/2024/internal/    stays in the house: the ledger, the rows with addresses and pseudonyms,
                         how the status was made
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kvarter.errors import InputError, Problem

try:
    import fcntl
except ImportError:  # Windows has none: two runs at once are not kept apart there
    fcntl = None  # type: ignore[assignment]

INTERNAL = "internal"
LEDGER_FILE, RECORD = f"{INTERNAL}/ledger.parquet", f"{INTERNAL}/run.json"
_WARNING = """Denne mappe indeholder personhenførbare oplysninger (adresser og pseudonymer).
Den må ikke offentliggøres eller sendes videre.

This folder holds personal data (addresses and pseudonyms). Do not publish it or pass it on.
"""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Tell in words where `path` cannot be written: no right to, no room, a file in the way."""
    try:
        yield
    except OSError as error:
        raise InputError(
            Problem(
                f"this cannot be written: {error.strerror or error}",
                "Give another place with --out, or see to its rights and room.",
                str(path),
            )
        ) from error


@contextmanager
def write_aside(folder: Path) -> Iterator[Path]:
    """A new folder to write in, which becomes `folder` when the block ends without an error.

    Killed at any moment, the previous `folder` is whole: either still in place or, where the
    system cannot swap two folders at once, beside it as `.NAME.previous` until the next run.
    Raises InputError where it cannot be written.
    """
    with writing(folder), _alone(folder), _aside(folder) as aside:
        yield aside


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """See that no other run writes `folder` at the same time; a killed run locks nothing."""
    if fcntl is None or folder.is_file():
        yield
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = folder.parent / f".{folder.name}.lock"
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(
                Problem(
                    "another run is writing this status",
                    "Wait until it is done, or give another place with --out.",
                    str(folder),
                )
            ) from None
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    if folder.is_file():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = folder.parent / f".{folder.name}.writing"
    previous = folder.parent / f".{folder.name}.previous"
    if previous.exists() and not folder.exists():
        previous.rename(folder)
    for left_over in (aside, previous):
        shutil.rmtree(left_over, ignore_errors=True)
    aside.mkdir()
    try:
        yield aside
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    _sync(aside)
    if not folder.exists():
        aside.rename(folder)
    elif _swap(aside, folder):
        shutil.rmtree(aside)
    else:
        folder.rename(previous)
        aside.rename(folder)
        shutil.rmtree(previous)


def internal_folder(folder: Path) -> Path:
    """The folder within `folder` for what must stay in the house, with a warning in it."""
    inside = folder / INTERNAL
    inside.mkdir(mode=0o700, parents=True, exist_ok=True)
    (inside / "LÆS-MIG.txt").write_text(_WARNING, encoding="utf-8")
    return inside


def find_status(out: Path, edition: str | None = None) -> Path:
    """The folder of an edition under `out`, or of the one with the newest data.

    Raises InputError where there is none.
    """
    # Not those that begin with a dot: they are what a killed run has left.
    years = {
        path.parents[1]: json.loads(path.read_text(encoding="utf-8"))["data_year"]
        for path in sorted(out.glob(f"[!.]*/{RECORD}"))
    }
    if not years:
        raise InputError(
            Problem("there is no status here", "Run `kvarter run POLICY` first.", str(out))
        )
    if edition is None:
        return max(years, key=lambda folder: (years[folder], folder.name))
    if out / edition not in years:
        known = ", ".join(folder.name for folder in years)
        raise InputError(
            Problem(f"there is no status of edition {edition!r}", f"There are: {known}.", str(out))
        )
    return out / edition


def _sync(folder: Path) -> None:
    """See that what was written is on the disk before it takes the place of what was there."""
    for path in folder.rglob("*"):
        if path.is_file():
            handle = os.open(path, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)


def _swap(one: Path, other: Path) -> bool:
    """Swap two folders in one step (Linux: renameat2 with RENAME_EXCHANGE); False if it cannot."""
    at_working_folder, exchange = -100, 2
    try:
        swap = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    names = [os.fsencode(path.absolute()) for path in (one, other)]
    done: int = swap(at_working_folder, names[0], at_working_folder, names[1], exchange)
    return done == 0
