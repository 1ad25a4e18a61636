"""What two editions have in common and what not: everything `comparison.py` is written from.

Like a status it holds nothing that may not be shown: a hidden figure is null in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import polars as pl

from kvarter.policy.model import Area, AreaSet, EditionDefinition, Policy, Text

Difference = Literal[
    "same", "differs", "around", "hidden", "hidden_then", "hidden_now", "only_then", "only_now"
]
"""`around`: the figure is the same, and only its interval or what it is held against differs."""

UNLIKE: tuple[Difference, ...] = ("differs", "around", "hidden_then", "hidden_now")
"""In both editions, and not alike: these have reasons."""


@dataclass(frozen=True)
class FieldChange:
    """A field in the words of the policy file, then and now; None where it is not there."""

    place: str
    then: str | None
    now: str | None


@dataclass(frozen=True)
class Cause:
    """Why two figures may differ, or why they could not be compared; in words in `why.py`."""

    code: str
    name: str = ""
    then: str | None = None
    now: str | None = None


Part = Literal["figure", "distance", "overall"]
"""Of an indicator, of a criterion's distance, or of all criteria together."""

MAIN: dict[str, str] = {
    "figure": "value",
    "distance": "level",
    "mean": "distance_covered",
    "criteria": "criteria_reached",
}
"""The column that figures of a part are compared by; overall by how criteria are put together."""


@dataclass(frozen=True)
class Pair:
    """A figure of one year and group in both editions.

    `measure`: id of the indicator or criterion; overall `mean` or `criteria`. `way`: how areas are
    compared, as `fixed 2017 rest 2017`; blank for an indicator. `fields`: the columns that differ.
    `key`: what its rows are told apart by, which is no part of `then` and `now`.
    """

    part: Part
    measure: str
    period: int
    group: str
    way: str
    difference: Difference
    then: dict[str, Any] | None
    now: dict[str, Any] | None
    fields: tuple[str, ...] = ()
    reasons: tuple[Cause, ...] = ()
    key: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def main(self) -> str:
        """The column that it is told by."""
        return MAIN[self.measure if self.part == "overall" else self.part]


@dataclass(frozen=True)
class VerdictPair:
    """A reading of a target then and now: rows of `verdicts`, or None."""

    goal: int
    target: str
    reading: str
    then: dict[str, Any] | None
    now: dict[str, Any] | None

    @property
    def changed(self) -> bool:
        return (self.then or {}).get("verdict") != (self.now or {}).get("verdict")

    @property
    def decides(self) -> bool:
        return bool((self.now or self.then or {}).get("decides"))


@dataclass(frozen=True)
class FileChange:
    """An input file that is `new`, `gone`, or has other `content` or another `mapping`.

    `role`: `source`, `statistic`, `register`, `layer`, `decisions` or `file`; `changes`: what
    else the policy says of it.
    """

    role: str
    id: str
    file: str
    differences: tuple[Literal["new", "gone", "content", "mapping"], ...]
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class Areas:
    """How one area set differs from another; `file`: that of the outlines, if it has changed."""

    added: tuple[Area, ...]
    dropped: tuple[Area, ...]
    changes: tuple[FieldChange, ...]
    file: str

    @property
    def same(self) -> bool:
        return not (self.added or self.dropped or self.changes or self.file)


@dataclass(frozen=True)
class Side:
    """One of the two editions: its folder, tables and record; its policy where that is known."""

    folder: Path
    record: dict[str, Any]
    tables: Mapping[str, pl.DataFrame]
    policy: Policy | None

    @property
    def id(self) -> str:
        return str(self.record["edition"])

    @property
    def edition(self) -> EditionDefinition | None:
        return self.policy.edition(self.id) if self.policy else None

    @property
    def title(self) -> Text:
        return self.edition.title if self.edition else self.id

    @property
    def area_set(self) -> AreaSet | None:
        return self.policy.area_set(self.edition.area_set) if self.policy and self.edition else None


@dataclass(frozen=True)
class Comparison:
    """Two editions compared, the old one first.

    `definitions` and `areas` are None where a policy is not known; `made`: versions that differ;
    `notes`: what could not be compared.
    """

    then: Side
    now: Side
    pairs: tuple[Pair, ...]
    verdicts: tuple[VerdictPair, ...]
    definitions: tuple[FieldChange, ...] | None
    areas: Areas | None
    files: tuple[FileChange, ...]
    made: tuple[FieldChange, ...]
    notes: tuple[Cause, ...]

    def policies(self) -> list[Policy]:
        """Those that are known, the new one first."""
        return [side.policy for side in (self.now, self.then) if side.policy]
