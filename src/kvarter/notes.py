"""What a reader of the figures must know of the data behind them: a message and its values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """Something that was seen in the data, was decided about it, and could have been otherwise.

    `message`: in English, with names in braces; the catalogue has its other languages. `check`
    prints it, a run prints it, and the report says it.

    >>> print(Note("{file}: dates are read with the day first.", {"file": "notices.csv"}))
    notices.csv: dates are read with the day first.
    """

    message: str
    values: dict[str, str | int]

    def __str__(self) -> str:
        return self.message.format(**self.values)
