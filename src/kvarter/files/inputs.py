"""Files that a user names, opened with care: regular files only, and none above a stated size.

The path is taken as it is written: no part of it is a pattern.
"""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from pathlib import Path

from kvarter.errors import InputError, KvarterError, Problem

MOST_BYTES = 4 * 1024**3
"""The size above which a file is not read, unless its reader says otherwise."""

_KINDS = [
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
]
_AS_IT_IS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NOT_THERE = {errno.ENOENT, errno.ENOTDIR}


def read_bytes(path: Path, most: int = MOST_BYTES, error: type[KvarterError] = InputError) -> bytes:
    """What stands in the file at `path`, which is never waited for.

    Raises `error` where there is no such file, where it is no regular file (a folder, a pipe, a
    device), where it may not be read, and where it holds more than `most` bytes.
    """
    handle = _opened(path, most, error)
    with os.fdopen(handle, "rb") as file:
        try:
            content = file.read()  # a limit here would be set aside as memory
        except OSError as problem:
            raise error(_unreadable(path, problem)) from None
    if len(content) > most:  # it grew since it was opened
        raise error(_too_large(path, len(content), most))
    return content


def see_readable(
    path: Path, most: int = MOST_BYTES, error: type[KvarterError] = InputError
) -> None:
    """Raise what `read_bytes` would, for a library that opens `path` itself."""
    os.close(_opened(path, most, error))


def _opened(path: Path, most: int, error: type[KvarterError]) -> int:
    try:
        # Without O_NONBLOCK a pipe that nobody writes to is waited for without end.
        handle = os.open(path, os.O_RDONLY | _AS_IT_IS)
    except ValueError:
        what = "there is a zero byte in the path"
        raise error(Problem(what, "Write the path again.", repr(str(path)))) from None
    except OSError as problem:
        raise error(
            missing_file(path) if problem.errno in _NOT_THERE else _unreadable(path, problem)
        ) from None
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        kind = next((kind for is_one, kind in _KINDS if is_one(found.st_mode)), "no regular file")
        raise error(Problem(f"this is {kind}, not a file", "Give the path of a file.", str(path)))
    if found.st_size > most:
        os.close(handle)
        raise error(_too_large(path, found.st_size, most))
    return handle


def _too_large(path: Path, size: int, most: int) -> Problem:
    return Problem(
        f"the file holds {size:,} bytes, and at most {most:,} are read",
        "Check that it is the right file; if it is, split it.",
        str(path),
    )


def _unreadable(path: Path, problem: OSError) -> Problem:
    what = f"the file cannot be read: {problem.strerror}"
    return Problem(what, "Check its path and your rights to it.", str(path))


def missing_file(path: Path) -> Problem:
    """What to say of a file that is not there: with the likeliest neighbours, if there are any."""
    try:
        near = sorted(
            other.name
            for other in path.parent.iterdir()
            if other.suffix.lower() == path.suffix.lower()
        )
    except (OSError, ValueError):
        near = []
    form = unicodedata.normalize("NFC", path.name)
    if any(unicodedata.normalize("NFC", name) == form for name in near):
        what = "the file is not there, but one whose name looks the same is"
        remedy = (
            "Its letters are in another Unicode form: rename it, or copy its name from the folder."
        )
        return Problem(what, remedy, str(path))
    hint = f" The folder holds: {', '.join(near[:8])}." if near else ""
    return Problem("the file is not there", f"Check its path.{hint}", str(path))
