"""What a stage is: a function from typed tables to a typed table, known by its name.

What a stage needs and what it gives are the types of its parameters and of what it returns. So a
way through stages is checked by types when it is put together, and not by the order of its lines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, get_type_hints


@dataclass(frozen=True)
class Stage:
    """A stage by its `name`; it `needs` values of these types, and `gives` one of another."""

    name: str
    function: Callable[..., Any]
    needs: tuple[type, ...]
    gives: type

    @classmethod
    def of(cls, function: Callable[..., Any]) -> Stage:
        """The stage that a function is, by its annotations."""
        hints = get_type_hints(function)
        gives = hints.pop("return")
        return cls(function.__name__, function, tuple(hints.values()), gives)


def way(given: Sequence[type], *functions: Callable[..., Any]) -> tuple[Stage, ...]:
    """The stages that the `functions` are, in this order, for a run that is `given` these types.

    Raises TypeError where a stage needs what none before it gives.
    """
    stages, known = tuple(map(Stage.of, functions)), set(given)
    for stage in stages:
        if lacking := [need.__name__ for need in stage.needs if need not in known]:
            raise TypeError(f"the stage {stage.name} needs {', '.join(lacking)}")
        known.add(stage.gives)
    return stages
