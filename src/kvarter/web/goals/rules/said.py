"""A message that is put into the language of the page once it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from kvarter.i18n.locale import Locale


@dataclass(frozen=True)
class Said:
    """An English message, which the catalogue has in other languages, and what is filled in."""

    message: str
    values: tuple[tuple[str, object], ...] = ()

    def told(self, locale: Locale) -> str:
        """The message in a language."""
        return locale._(self.message, **dict(self.values))

    def __str__(self) -> str:
        return self.told(Locale("en"))


def _(message: str, **values: object) -> Said:
    """What is said, to be told later."""
    return Said(message, tuple(values.items()))


class RefusedError(Exception):
    """What cannot be done; a page shows `reason` beside the button that is not to be had."""

    def __init__(self, reason: Said) -> None:
        super().__init__(str(reason))
        self.reason = reason


class NotYoursError(RefusedError):
    """What none of somebody's roles allows, wherever the goal or the edition is."""
