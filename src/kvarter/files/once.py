"""What was read once need not be read again.

`check` reads every file by itself, to tell of each what is wrong with it, and then takes the way of
a run for every edition, which reads the same files for its figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_READ: ContextVar[list[tuple[object, ...]] | None] = ContextVar("read", default=None)
"""Within `reading_once`: each reader, what it was asked for, and what it answered."""


@contextmanager
def reading_once() -> Iterator[None]:
    """Within it, a reader marked with `once` gives the same answer to the same question."""
    before = _READ.set([])
    try:
        yield
    finally:
        _READ.reset(before)


def once(reader: Callable[P, R]) -> Callable[P, R]:
    """Mark a function that reads files, and answers with what nobody changes."""

    @wraps(reader)
    def read(*asked: P.args, **named: P.kwargs) -> R:
        known = _READ.get()
        if known is None:
            return reader(*asked, **named)
        question: tuple[Any, ...] = (reader, asked, named)
        for *earlier, answer in known:
            if tuple(earlier) == question:
                return answer  # type: ignore[return-value]
        found = reader(*asked, **named)
        known.append((*question, found))
        return found

    return read
