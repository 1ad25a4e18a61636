"""What Kvarter writes: aside in a private folder, then put in place; and found again later.

status/2024/             a folder that was written
status/.2024.writing/    while it is written; only its owner can open it

Nothing of the user's is deleted or overwritten: a folder or a file gives way only where a record
(`internal/run.json`, or `.NAME.kvarter` beside a file) says that Kvarter wrote it, and while it is
as it was written then.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import re
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import polars as pl

from kvarter import __version__
from kvarter.errors import InputError

try:
    import fcntl
except ImportError:  # Windows has none: two runs at once are not kept apart there
    fcntl = None  # type: ignore[assignment]

_MARK = "kvarter.lock"
"""In a private folder: that it is Kvarter's, and locked while a run writes there."""
_LEFT_BY_PROGRAMS = re.compile(r"\.DS_Store|Thumbs\.db|desktop\.ini|~\$.*|\.~lock\..*#", re.I)
"""What Finder, Explorer, Word and LibreOffice leave in a folder that somebody looks into."""

_OF_THE_DISK = re.compile(r"([^:]+) \(os error \d+\)|thrift: transport error")
"""In an error of Polars: what the system said, or that the end of a file found no room."""

IN_MEMORY = {"in_memory": True}
"""Options of a workbook: nothing of it lies in a temporary folder."""

Written = dict[str, list[str]]
"""A file by its path in the folder, and the SHA-256 of what was written there."""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Tell in words where `path` cannot be written: no right to, no room, a file in the way."""
    try:
        yield
    except OSError as error:
        raise _unwritten(path, error.strerror or str(error)) from error
    except pl.exceptions.PolarsError as error:
        if (found := _OF_THE_DISK.search(str(error))) is None:
            raise
        raise _unwritten(path, (found[1] or "No space left on device").strip()) from error


def _unwritten(path: Path, why: str) -> InputError:
    remedy = "Give another place with --out, or see to its rights and room."
    return InputError.of(f"this cannot be written: {why}", remedy, path)


@contextmanager
def write_aside(folder: Path, record: str, may_differ: Sequence[str] = ()) -> Iterator[Path]:
    """A new folder to write in, which becomes `folder` when the block ends without an error.

    `record`: the file in it that names what was written, by its SHA-256 (`outputs_of`);
    `may_differ`: files of it that people fill in. A link
    stays one, and the folder it leads to is replaced. Killed at any moment, the previous `folder`
    is whole: either in place or, where the system cannot swap two folders at once, in the private
    folder beside it until the next run. Raises InputError where it cannot be written, and where
    there is something in its place that Kvarter did not write (`refuse_to_replace`).
    """
    with writing(folder):
        place = refuse_to_replace(folder, record, may_differ)
        with _private(place) as private:
            new = private / "new"
            new.mkdir()
            yield new
            _sync(new)
            refuse_to_replace(folder, record, may_differ)
            if not place.exists():
                new.rename(place)
            elif not _swap(new, place):
                place.rename(private / "previous")
                new.rename(place)


@contextmanager
def write_file(path: Path) -> Iterator[Path]:
    """A new file to write, which becomes `path` when the block ends without an error.

    What is written beside it goes with it: it is put beside `path`, and what was written there
    before and is not any more is removed. Raises InputError as `write_aside` does.
    """
    with writing(path):
        was = _written_before(path)
        _refuse_others(path, was, [path.name, *was])
        with _private(path) as private:
            new = private / "new"
            new.mkdir()
            yield new / path.name
            _sync(new)
            _put_beside(path, new, was)


@contextmanager
def write_whole(path: Path) -> Iterator[Path]:
    """A new file to write, which becomes `path` when the block ends without an error.

    For a file that the caller knows to be Kvarter's own, and reads within the block. Raises
    InputError as `write_aside` does.
    """
    with writing(path), _private(path) as private:
        yield private / path.name
        _sync(private)
        (private / path.name).replace(path)


def refuse_to_replace(folder: Path, record: str, may_differ: Sequence[str] = ()) -> Path:
    """Where `folder` really lies, if a run may put another in its place.

    Raises InputError where there is something that is not as Kvarter wrote it, or that nobody may
    write to.
    """
    place = _real_place(folder)
    if not place.exists():
        return place
    if not place.is_dir():
        raise _unwritten(folder, os.strerror(errno.EEXIST))
    found = [path for path in _walk(place) if not _LEFT_BY_PROGRAMS.fullmatch(path.name)]
    if not found:
        return place
    as_they_are = [place / name for name in (record, *may_differ) if is_file(place / name)]
    if written := _read_record(place / record):
        written |= {path.relative_to(place).as_posix(): [_hash(path)] for path in as_they_are}
    if others := [path for path in found if not _is_as_written(path, place, written or {})]:
        what = "this folder holds something else than Kvarter wrote"
        raise _in_the_way(folder, what, others)
    folders = [place, *(path.parent for path in found)]
    if closed := [path for path in dict.fromkeys(folders) if not _may_be_written(path)]:
        raise InputError.of(
            "this folder may only be read, so that it is not replaced",
            "Make it writable (chmod -R u+w), or give another place with --out.",
            closed[0],
        )
    return place


def outputs_of(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file in `folder`, by its path there: what a record holds."""
    return {path.relative_to(folder).as_posix(): _hash(path) for path in _walk(folder)}


def _real_place(folder: Path) -> Path:
    """Where a link leads to, so that it can lie on another disk; else the folder itself."""
    if not folder.is_symlink():
        return folder
    place = Path(os.path.realpath(folder))
    if not place.is_dir():
        what = "this is a link to a folder that is not there"
        remedy = f"Make the folder {place}, or remove the link."
        raise InputError.of(what, remedy, folder)
    return place


def _walk(folder: Path) -> list[Path]:
    """Everything in a folder, at any depth, that is not itself a folder; links are not followed."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            found += _walk(path)
        else:
            found.append(path)
    return found


def _is_as_written(path: Path, folder: Path, written: Written) -> bool:
    hashes = written.get(path.relative_to(folder).as_posix(), [])
    return bool(hashes) and is_file(path) and _hash(path) in hashes


def is_file(path: Path) -> bool:
    """Is it a file, and no link to one, no device and no pipe?"""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return False


def _may_be_written(folder: Path) -> bool:
    """Also an administrator, who may write everywhere, is kept from what was closed on purpose."""
    return bool(folder.stat().st_mode & stat.S_IWUSR) and os.access(folder, os.W_OK)


def _read_record(path: Path) -> Written | None:
    """What a record says was written; None where there is none that Kvarter made."""
    try:
        record = json.loads(path.read_bytes()) if is_file(path) else {}
        version, outputs = record["kvarter"], record["outputs"]
        each = {name: [was] if isinstance(was, str) else list(was) for name, was in outputs.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    inside = all(Path(name).parts and ".." not in Path(name).parts for name in each)
    relative = not any(Path(name).is_absolute() for name in each)
    return each if isinstance(version, str) and inside and relative else None


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _in_the_way(path: Path, what: str, others: list[Path]) -> InputError:
    folder = path if path.is_dir() else path.parent
    names = [os.path.relpath(other, os.path.realpath(folder)) for other in others[:3]]
    named = f": {', '.join(names)}{', ...' if len(others) > 3 else ''}" if names else ""
    remedy = "Move it elsewhere, or give another place with --out. Nothing was changed."
    return InputError.of(f"{what}{named}", remedy, path)


@contextmanager
def _private(path: Path) -> Iterator[Path]:
    """A folder beside `path` that only its owner can open, of this run alone; gone afterwards.

    What a killed run left in it is cleared; a killed run locks nothing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    private = path.with_name(f".{path.name}.writing")
    lock = _take(private, path)
    try:
        _put_back(private / "previous", path)
        _clear(private)
        yield private
    finally:
        _put_back(private / "previous", path)
        _clear(private)
        with suppress(OSError):  # not all of it could be cleared: the next run tries again
            if not any(each.name != _MARK for each in private.iterdir()):
                (private / _MARK).unlink()
                private.rmdir()
        if lock is not None:
            os.close(lock)


def _take(private: Path, path: Path) -> int | None:
    """Make the private folder, or take over that of a killed run; the lock that is held on it."""
    while True:
        with suppress(FileExistsError):
            private.mkdir(mode=0o700)
        if private.is_symlink() or not private.is_dir() or not _is_ours(private):
            what = "Kvarter writes aside under this name, and something else has it"
            raise InputError.of(what, "Move it elsewhere, or rename it.", private)
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        try:
            lock = os.open(private / _MARK, flags, 0o600)
        except FileNotFoundError:  # another run has just removed it
            continue
        if fcntl is None:
            os.close(lock)
            return None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(lock).st_ino == (private / _MARK).stat().st_ino:
                return lock
        except FileNotFoundError:
            pass
        except BlockingIOError:
            os.close(lock)
            what, remedy = "another run is writing this", "Wait until it is done, or give another "
            raise InputError.of(what, remedy + "place with --out.", path) from None
        os.close(lock)


def _is_ours(private: Path) -> bool:
    """Is it empty, as just made, or marked?"""
    names = {each.name for each in private.iterdir()}
    mark = private / _MARK
    return not names or (_MARK in names and is_file(mark))


def _clear(private: Path) -> None:
    for each in private.iterdir():
        if each.name == _MARK:
            continue
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each, ignore_errors=True)
        else:
            each.unlink()


def _put_back(previous: Path, folder: Path) -> None:
    """Undo what a run did that was stopped between two renames."""
    if previous.exists() and not folder.exists():
        previous.rename(folder)


def _written_before(path: Path) -> Written:
    """What was written to `path`, and beside it, by its record; nothing where there is none."""
    return _read_record(_record_beside(path)) or {}


def _record_beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.kvarter")


def _refuse_others(path: Path, was: Written, names: list[str]) -> None:
    """Raises InputError where one of `names`, beside `path`, is not as Kvarter wrote it."""
    there = [path.parent / name for name in names if os.path.lexists(path.parent / name)]
    if others := [each for each in there if not _is_as_written(each, path.parent, was)]:
        raise _in_the_way(others[0], "this is there already, and not as Kvarter wrote it", [])


def _put_beside(path: Path, new: Path, was: Written) -> None:
    """Put all that is in `new` beside `path`, and note it; remove what was there before."""
    outputs = outputs_of(new)
    gone = [name for name in was if name not in outputs]
    _refuse_others(path, was, [*outputs, *gone])
    record = _record_beside(path)
    # Until all is in place, both are Kvarter's own.
    both = {name: [*was.get(name, []), *([outputs[name]] if name in outputs else [])]
            for name in {**was, **outputs}}  # fmt: skip
    _write_record(new, record, both)
    for name in outputs:
        to = path.parent / name
        to.parent.mkdir(parents=True, exist_ok=True)
        (new / name).replace(to)
    for old in (path.parent / name for name in gone):
        old.unlink(missing_ok=True)
        with suppress(OSError):  # a folder that holds something else
            if old.parent != path.parent:
                old.parent.rmdir()
    _write_record(new, record, {name: [made] for name, made in outputs.items()})


def _write_record(new: Path, record: Path, written: Written) -> None:
    if os.path.lexists(record) and _read_record(record) is None:
        raise _in_the_way(record, "Kvarter notes here what it wrote, and something else is", [])
    aside = new / record.name
    _note(aside, written)
    aside.replace(record)


def note_outputs(folder: Path, record: str) -> None:
    """Write in `folder` the file `record`, which names all that was written there before."""
    _note(folder / record, outputs_of(folder))


def _note(path: Path, written: Any) -> None:
    text = json.dumps({"kvarter": __version__, "outputs": written}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


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
