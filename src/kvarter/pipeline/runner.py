"""Takes a way through its stages: hands each what it needs, and can be stopped between two.

The stages know no clock and no user; the runner and the record do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from kvarter.editions.record import Record
from kvarter.errors import CancelledError
from kvarter.pipeline.stage import Stage

Asked = TypeVar("Asked")


class Known:
    """What is given to a run, and what its stages have given, each by its type."""

    def __init__(self, *given: object) -> None:
        self._values: dict[type, Any] = {type(each): each for each in given}

    def of(self, kind: type[Asked]) -> Asked:
        """The value of a type. Raises KeyError where nobody has given one."""
        value: Asked = self._values[kind]
        return value

    def with_(self, *given: object) -> Known:
        """The same, with these besides or in place of others of their type."""
        return Known(*{**self._values, **{type(each): each for each in given}}.values())


def take(
    stages: Sequence[Stage],
    known: Known,
    record: Record,
    cancelled: Callable[[], bool] = lambda: False,
) -> Known:
    """All that is known after the `stages`, each of which the record tells of and times.

    Raises CancelledError before the first stage that begins when `cancelled` says so.
    """
    for stage in stages:
        if cancelled():
            what = f"the run was cancelled before the stage {stage.name}"
            raise CancelledError.of(what, "Nothing was written. Run again when you like.")
        with record.stage(stage.name):
            known = known.with_(stage.function(*(known.of(need) for need in stage.needs)))
    return known
