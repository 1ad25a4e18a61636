"""What is right for a text, and how an answer is judged.

A truth names what the text itself allows, not the row that it was made from. Three sorts:

- *must*: the text names one place; an answer is expected.
- *may*: an answer is right if it is one of these, and no answer is right too (doubtful texts).
- *never*: no certain answer is right; the ids are what the text could mean, for guesses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["unit", "access", "none"]
Outcome = Literal["right", "entrance only", "missed", "false"]


@dataclass(frozen=True)
class Truth:
    """What a text allows as an answer."""

    level: Level
    units: frozenset[str] = frozenset()
    accesses: frozenset[str] = frozenset()
    answerable: bool = True
    silence_right: bool = False
    """No answer is right as well. Always so where the text is not answerable."""

    @property
    def ids(self) -> frozenset[str]:
        """The ids that are acceptable on the level of the truth."""
        return self.units if self.level == "unit" else self.accesses

    @property
    def sort(self) -> Literal["must", "may", "never"]:
        """Whether an answer is expected, allowed or wrong."""
        if not self.answerable:
            return "never"
        return "may" if self.silence_right else "must"


@dataclass(frozen=True)
class TestText:
    """A text with what is right for it."""

    __test__ = False  # pytest: this is no test class

    kind: str
    text: str
    truth: Truth
    why: str = ""
    """Why the truth is not simply the row that the text was made from."""
    stated: frozenset[str] = field(default_factory=frozenset)
    """What the text says of the place: `unit`, `postcode`, `district`, `town`."""


def never(accesses: Iterable[str] = (), units: Iterable[str] = (), level: Level = "none") -> Truth:
    """A text that allows no certain answer; the ids are what it could mean."""
    return Truth(level, frozenset(units), frozenset(accesses), False, True)


def judge(truth: Truth, certain: bool, access_id: str | None, unit_id: str | None) -> Outcome:
    """Judge an answer; one that is not certain (a guess, or nothing) counts as no answer.

    At level *access* a unit may be named only if it is among `units`: the only flat of the house,
    or of the floor. At level *unit* the entrance alone is `entrance only`, not false.
    """
    if not certain or access_id is None:
        return "right" if truth.silence_right else "missed"
    if not truth.answerable or access_id not in truth.accesses:
        return "false"
    if unit_id is None:
        return "right" if truth.level == "access" else "entrance only"
    return "right" if unit_id in truth.units else "false"
