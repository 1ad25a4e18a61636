"""What Kvarter says when it cannot go on: where, what, and the remedy.

Every error carries one or more :class:`Problem`; the command line prints them all, so that an
analyst mends a file once and not once per mistake. The exit codes are in `docs/cli.md`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from kvarter.privacy import without_person_numbers


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where it stands, what it is, and what to do about it.

    What it quotes has no person number in it, wherever it is printed.
    """

    what: str
    remedy: str
    file: str = ""
    line: int | None = None
    field: str = ""

    def __post_init__(self) -> None:
        for name in ("what", "remedy", "field"):
            object.__setattr__(self, name, without_person_numbers(getattr(self, name)))

    def __str__(self) -> str:
        place = self.file + (f":{self.line}" if self.line else "")
        head = ": ".join(part for part in (place, self.field, self.what) if part)
        return without_person_numbers(f"{head}\n  -> {self.remedy}" if self.remedy else head)


class KvarterError(Exception):
    """The base of all errors a user can mend; `exit_code` is what the command line returns."""

    exit_code = 1

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def of(
        cls, what: str, remedy: str, file: str | Path = "", line: int | None = None, field: str = ""
    ) -> Self:
        """The error of a single problem, whose parts are given as to `Problem`."""
        return cls(Problem(what, remedy, str(file), line, field))


class PolicyError(KvarterError):
    """The policy file or a statement cannot be read, or does not agree with what it names."""

    exit_code = 3


class InputError(KvarterError):
    """A file the policy names is missing, cannot be read, or lacks what the policy says it has."""

    exit_code = 4


class SetAsideError(KvarterError):
    """A row had to be set aside while `--strict` was given."""

    exit_code = 5


class LedgerError(KvarterError):
    """The ledger does not add up to the row: a fault in Kvarter itself, so nothing is published."""

    exit_code = 6


class KeyMissingError(KvarterError):
    """There is no key to make pseudonyms of person numbers with."""

    exit_code = 7


class DisclosureError(KvarterError):
    """A hidden count could be worked out from what is published, so nothing is written."""

    exit_code = 8


class CancelledError(KvarterError):
    """Whoever started a run has cancelled it; nothing is written."""

    exit_code = 130


class NotTheSameError(KvarterError):
    """A rebuilt edition did not come out as it was made then; what came out is written."""

    exit_code = 9
