"""What a disagreement of a policy with itself is, and the commonest: a name that nothing has."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

Disagreement = tuple[tuple[str | int, ...], str, str]
"""Where it stands, what is wrong, and the remedy."""


def unknown(
    place: tuple[str | int, ...], kind: str, name: str, known: list[str]
) -> Iterator[Disagreement]:
    """A disagreement at `place` where nothing of the `kind` is called `name`; else none."""
    if name in known:
        return
    near = get_close_matches(name, known, n=1)
    among = f"Known: {', '.join(known)}." if known else f"The file declares no {kind} at all."
    yield (
        place,
        f"there is no {kind} called {name!r}",
        f"Did you mean {near[0]!r}? {among}" if near else among,
    )
