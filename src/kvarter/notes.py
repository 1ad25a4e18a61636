"""What a reader of the figures must know of the data behind them: a message and its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from kvarter.privacy import without_person_numbers


class _Filler(Formatter):
    def format_field(self, value: object, spec: str) -> str:
        one, parted, several = spec.partition("|")
        if not parted:
            return str(super().format_field(value, spec))
        return one if str(value) == "1" else several


def filled(message: str, values: Mapping[str, object]) -> str:
    """`message` with its names in braces filled in from `values`.

    Words in braces go with a count: the first where it is 1, else the second.

    >>> filled("{rows} {rows:row is|rows are} left out", {"rows": 1})
    '1 row is left out'
    >>> filled("{rows} {rows:row is|rows are} left out", {"rows": "fewer than 5"})
    'fewer than 5 rows are left out'
    """
    return _Filler().vformat(message, (), values)


_NO_COUNTS = {"count", "days", "inside", "kilometres", "metres", "size", "split"}
"""The numbers in notes that count nothing that stands in an extract or a statistic."""
_PLACES = {"cell", "line"}
"""The places of single rows; that of a cell is a text."""


@dataclass(frozen=True)
class Note:
    """Something that was seen in the data, was decided about it, and could have been otherwise.

    `message`: in English, for `filled`; the catalogue has its other languages. `check`
    prints it, a run prints it, and the report says it. A person number in its values is masked.
    `wrong`: no right figure can be made where this is so; `check` ends with an error. A value that
    is None is a number that is not published.

    >>> print(Note("{file}: dates are read with the day first.", {"file": "notices.csv"}))
    notices.csv: dates are read with the day first.
    """

    message: str
    values: Mapping[str, str | int | None]
    wrong: bool = False

    def __post_init__(self) -> None:
        masked = {
            name: without_person_numbers(value) if isinstance(value, str) else value
            for name, value in self.values.items()
        }
        object.__setattr__(self, "values", masked)

    def without_counts(self) -> Note:
        """The note as it may be published, without the numbers of rows, lines, cells and people.

        They are sums of the same rows as numbers that may be hidden, and nobody asks what they tell
        together.
        """
        values = {
            name: value
            if (isinstance(value, str) and name not in _PLACES) or name in _NO_COUNTS
            else None
            for name, value in self.values.items()
        }
        return Note(self.message, values, self.wrong)

    def __str__(self) -> str:
        return filled(self.message, self.values)
