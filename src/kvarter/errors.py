"""What Kvarter says when it cannot go on: where, what, and the remedy.

Every error carries one or more :class:`Problem`; the command line prints them all, so that an
analyst mends a file once and not once per mistake. The exit codes are in `docs/cli.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

MASK = "[cpr]"
"""Stands in a text where a person number stood."""

_BLANKS = r"\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_DASHES = r"\-\u2010-\u2015\u2212\ufe63\uff0d"
_MARK = rf"[{_BLANKS}{_DASHES}.,/_xX()\[\]]"
_GAP = f"{_MARK}{{0,5}}"
# `, ` and `. ` part a house number, a floor, a door and a postcode: `Ravnevej 21, 11. 12, 2450`.
_TIGHT_GAP = f"(?:(?![.,][{_BLANKS}]){_MARK}){{0,5}}"


def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\d)(?={pattern}(?!\d))")


_SURE_SHAPES = [
    _shape(rf"(\d{{5,6}}[{_DASHES} ]?\d{{4}}(?:\.0)?)"),
    _shape(r"(\d[.,]\d+[eE]\+?0?[89])"),  # what a spreadsheet makes of it: 1.01857788E+08
]
_SHAPES_WITH_A_DATE = [
    _shape(rf"(\d{{5,6}}{_GAP}\d{{4}})"),
    _shape(rf"(\d(?:{_TIGHT_GAP}\d){{9}})"),
    _shape(rf"(0(?:{_GAP}\d){{9}})"),  # no house number begins with a zero
    _shape(rf"(\d\d{_GAP}\d\d{_GAP}\d\d ?[{_DASHES}] ?\d{{4}})"),
    _shape(rf"(\d{_TIGHT_GAP}\d\d{_TIGHT_GAP}\d\d{_TIGHT_GAP}\d{{4}})"),
    _shape(rf"(\d\d{_TIGHT_GAP}\d\d{_TIGHT_GAP}(?:1[89]|20)\d\d{_GAP}\d{{4}})"),
]
_MAY_HOLD_ONE = re.compile(rf"\d(?:{_GAP}\d){{8}}|\d[eE]\+?0?[89]")
_DATE = r"\d\d[-./]\d\d[-./]\d{4}"
_OTHER_THAN_A_NUMBER = re.compile(
    rf"(?:{_DATE}|\d{{4}}-\d\d-\d\d)[ T]\d\d[:.]\d\d(?!\d)"  # a date and a time
    rf"|{_DATE}(?:, +\d{{4}}(?!\d)| +\d{{4}} +[A-ZÆØÅ]\D*$)"  # a date and a postcode
)


def without_person_numbers(text: str) -> str:
    """`text` with everything that looks like a Danish person number (CPR) masked.

    That is ten digits that begin with a possible day and month, or twelve where the year is in
    full, with a few blanks, dashes, points and the like between any of them; and nine or ten in a
    row, whatever they are, as a spreadsheet takes a leading zero. Messages and free text quote
    what stands in a file; a person number must never be quoted with it.
    """
    if _MAY_HOLD_ONE.search(text) is None:
        return text
    masked, end = "", 0
    for first, last in _person_numbers(text):
        # Two that share digits are masked as one: nobody can tell which of them is meant.
        if first >= end:
            masked += text[end:first] + MASK
        end = max(end, last)
    return masked + text[end:]


def _person_numbers(text: str) -> list[tuple[int, int]]:
    """From where to where each of them stands, in order."""
    found = [match.span(1) for shape in _SURE_SHAPES for match in shape.finditer(text)]
    found += [
        match.span(1)
        for shape in _SHAPES_WITH_A_DATE
        for match in shape.finditer(text)
        if _begins_with_a_day(match[1]) and not _OTHER_THAN_A_NUMBER.match(text, match.start())
    ]
    return sorted(found)


def _begins_with_a_day(number: str) -> bool:
    """Day and month are possible; a replacement number has 60 added to its day."""
    digits = re.sub(r"\D", "", number).zfill(10)
    day, month = int(digits[:2]), int(digits[2:4])
    return (1 <= day <= 31 or 61 <= day <= 91) and 1 <= month <= 12


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


class DisclosureError(KvarterError):
    """A hidden count could be worked out from what is published, so nothing is written."""

    exit_code = 8


class NotTheSameError(KvarterError):
    """A rebuilt edition did not come out as it was made then; what came out is written."""

    exit_code = 9
