"""Locks of the operating system: a process that is killed holds none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: one worker is run there
    fcntl = None  # type: ignore[assignment]


@contextmanager
def held(path: Path) -> Iterator[int | None]:
    """The lock at `path`, to be handed on to a process; None where somebody else has it.

    It is held for as long as any process has it open, so by one that outlives its worker too.
    """
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield None
                return
        yield lock
    finally:
        os.close(lock)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """The lock at `path`, once nobody else has it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
