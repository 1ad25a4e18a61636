"""What Kvarter says when it cannot go on: where, what, and the remedy.

Every error carries one or more :class:`Problem`; the command line prints them all, so that an
analyst mends a file once and not once per mistake. The exit codes are in `docs/cli.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_PERSON_NUMBER = re.compile(r"(?<!\d)\d{5,6}[-\u2010-\u2015 ]?\d{4}(?!\d)")


def without_person_numbers(text: str) -> str:
    """`text` with everything shaped like a Danish person number (CPR) masked.

    Ten digits, or nine where a spreadsheet took the leading zero. Messages and free text quote
    what stands in a file; a person number must never be quoted with it.
    """
    return _PERSON_NUMBER.sub("[cpr]", text)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where it stands, what it is, and what to do about it."""

    what: str
    remedy: str
    file: str = ""
    line: int | None = None
    field: str = ""

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


class PolicyError(KvarterError):
    """The policy file cannot be read or does not agree with itself."""

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
