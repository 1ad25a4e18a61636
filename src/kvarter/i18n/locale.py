"""Danish and English: words from gettext catalogues, numbers as each language writes them.

A document, a page or an answer is in one language. It is set where that begins, and what says a
part of it asks for it here:

    with in_language(Locale("da").of(policy)):
        said = _("{count} {count:row|rows}", count=locale.number(1401))

To ask outside, or in another thread (Polars calls Python in threads of its own), is a mistake,
which is raised. A generator may ask, and is to be used up inside; it sets no language, for whoever
uses it would go on in that one.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from babel.dates import format_date
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from kvarter.notes import filled
from kvarter.policy.model import Language, Place, Policy, Text
from kvarter.policy.model import say as text_in

_MINUS, _NO_BREAK = "\u2212", "\u00a0"
_LEAST_P = 0.001


@cache
def _catalogue(language: Language) -> dict[str, str]:
    """English message -> `language`; a message without a translation stays English."""
    if language == "en":
        return {}
    with files("kvarter.i18n").joinpath("catalogues", f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {str(message.id): str(message.string) for message in catalogue if message.string}


_CITY = re.compile(r"\{\w+\}|\b(?:[Bb]yen(?:s)?|[Cc]it(?:y(?:'s)?|ies))\b")
"""The city in a message, and names in braces, which are left alone."""
_MUNICIPALITY = {
    "byen": "kommunen",
    "byens": "kommunens",
    "city": "municipality",
    "city's": "municipality's",
    "cities": "municipalities",
}


@cache
def _of_municipality(message: str) -> str:
    """A message of a municipality that is no city; both words have the same gender in Danish."""

    def other(found: re.Match[str]) -> str:
        word = found[0]
        named = _MUNICIPALITY.get(word.lower(), word)
        return named.capitalize() if word[0].isupper() else named

    return _CITY.sub(other, message)


@dataclass(frozen=True)
class Locale:
    """How one language is written.

    place: what the whole is called, by the policy: the city, or the municipality.
    """

    language: Language
    place: Place = "city"

    def of(self, policy: Policy) -> Locale:
        """The same for the texts of a policy, which says what the whole is called."""
        return Locale(self.language, policy.municipality.called)

    def _(self, message: str, **values: object) -> str:
        """`message` in this language, with `values` filled in (`kvarter.notes.filled`)."""
        words = _catalogue(self.language).get(message, message)
        if self.place == "municipality":
            words = _of_municipality(words)
        return filled(words, values) if values else words

    def say(self, text: Text | None) -> str:
        """A text of the policy in this language."""
        return text_in(text, self.language)

    def number(self, value: float, decimals: int = 0, *, sign: bool = False) -> str:
        """1.401 in Danish, 1,401 in English; `sign` also shows a plus."""
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        words = str(format_decimal(abs(round(value, decimals)), pattern, locale=self.language))
        if round(value, decimals) < 0:
            return _MINUS + words
        return ("+" if sign and value > 0 else "") + words

    def listed(self, things: list[str], word: Literal["and", "or"] = "and") -> str:
        """`a, b og c` in Danish, `a, b and c` in English; or with the word for "or"."""
        region = {"da": "da_DK", "en": "en_GB"}[self.language]
        return str(format_list(things, "or" if word == "or" else "standard", region))

    def date(self, day: dt.date) -> str:
        """22. juni 2017 in Danish, 22 June 2017 in English."""
        region = {"da": "da_DK", "en": "en_GB"}[self.language]
        return str(format_date(day, format="long", locale=region))

    def percent(self, value: float, decimals: int = 0, *, sign: bool = False) -> str:
        """`value` is in percent already."""
        gap = _NO_BREAK if self.language == "da" else ""
        return f"{self.number(value, decimals, sign=sign)}{gap}%"

    def p_value(self, value: float) -> str:
        """`= 0,012` in Danish; one too small to be told apart from none is told by its bound."""
        return (
            f"= {self.number(value, 3)}" if value >= _LEAST_P else f"< {self.number(_LEAST_P, 3)}"
        )


_CURRENT: ContextVar[Locale] = ContextVar("locale")


@contextmanager
def in_language(locale: Locale) -> Iterator[Locale]:
    """Everything that is said inside is said in this language."""
    before = _CURRENT.set(locale)
    try:
        yield locale
    finally:
        _CURRENT.reset(before)


def current() -> Locale:
    """The language that is written in. Raises RuntimeError where none is set."""
    try:
        return _CURRENT.get()
    except LookupError:
        raise RuntimeError("no language is set: say it inside `with in_language(...)`") from None


def _(message: str, **values: object) -> str:
    """As `Locale._`, in the current language."""
    return current()._(message, **values)


def say(text: Text | None) -> str:
    """As `Locale.say`, in the current language."""
    return current().say(text)


def number(value: float, decimals: int = 0, *, sign: bool = False) -> str:
    """As `Locale.number`, in the current language."""
    return current().number(value, decimals, sign=sign)


def listed(things: list[str], word: Literal["and", "or"] = "and") -> str:
    """As `Locale.listed`, in the current language."""
    return current().listed(things, word)


def date(day: dt.date) -> str:
    """As `Locale.date`, in the current language."""
    return current().date(day)


def percent(value: float, decimals: int = 0, *, sign: bool = False) -> str:
    """As `Locale.percent`, in the current language."""
    return current().percent(value, decimals, sign=sign)


def p_value(value: float) -> str:
    """As `Locale.p_value`, in the current language."""
    return current().p_value(value)


def reads_from_right(text: str) -> bool:
    """Whether the first letter that has a direction is read from right to left.

    Source: Unicode Standard Annex 9, rules P2 and P3.
    """
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False
