"""Person numbers (CPR) -> pseudonyms, at the moment they are read.

A pseudonym is a keyed hash (HMAC-SHA-256, RFC 2104): without the key nobody can go back by
hashing all possible numbers. The number itself leaves this module only as a birth date.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass, field

from kvarter.errors import KeyMissingError, Problem

_SHORTEST_KEY = 32
_LENGTH_OF_ID = 20


@dataclass(frozen=True)
class Pseudonyms:
    """Makes the same pseudonym of the same number or name, for as long as the key is the same."""

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) < _SHORTEST_KEY:
            raise KeyMissingError(
                Problem(
                    f"the key for pseudonyms has {len(self.key)} characters, and needs at least "
                    f"{_SHORTEST_KEY}",
                    "Make one with: openssl rand -hex 32",
                )
            )

    def of_number(self, digits: str) -> str:
        return self._hash("number", digits)

    def of_name(self, name: str) -> str | None:
        """The pseudonym of a name, the same for other case, accents, order and spacing."""
        decomposed = unicodedata.normalize("NFKD", name.casefold())
        words = re.findall(r"[^\W\d_]+", "".join(c for c in decomposed if not _is_accent(c)))
        return self._hash("name", " ".join(sorted(words))) if words else None

    def of_court_case(self, number: str) -> str | None:
        """The pseudonym of a court case number; some offices write the person number there."""
        characters = "".join(c for c in number.upper() if c.isalnum())
        return self._hash("court case", characters) if characters else None

    def of_text(self, text: str, masked: str) -> str:
        """An id for a text, by which it is found again without being shown in full.

        `masked` is the text without person numbers. Where it is another, the id is keyed: two
        texts that differ in the number only look alike and keep ids of their own. Any other text
        has the same id under every key.
        """
        if masked != text:
            return "t" + self._hash("text", text)[:_LENGTH_OF_ID]
        return "t" + hashlib.sha256(text.encode()).hexdigest()[:_LENGTH_OF_ID]

    def _hash(self, kind: str, value: str) -> str:
        return hmac.new(self.key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()[:24]


def _is_accent(character: str) -> bool:
    return unicodedata.combining(character) > 0


def read_person_number(text: str) -> tuple[str, dt.date] | None:
    """The ten digits and the birth date of a person number, or None where it is not one.

    Hyphen, spaces and a leading zero lost in a spreadsheet are mended. The century follows the
    seventh digit (CPR-kontoret, "Personnummeret i CPR-systemet", 2008). A replacement number
    (day + 60) gives the day it stands for. Modulus 11 is not asked for: it has not held since 2007.
    """
    digits = re.sub(r"[\s\u2010-\u2015-]", "", text.removesuffix(".0"))
    if len(digits) == 9:
        digits = "0" + digits
    if not (len(digits) == 10 and digits.isascii() and digits.isdigit()):
        return None
    day, month, year, seventh = int(digits[:2]), int(digits[2:4]), int(digits[4:6]), int(digits[6])
    day -= 60 if day > 60 else 0
    try:
        return digits, dt.date(_century(seventh, year) + year, month, day)
    except ValueError:
        return None


def _century(seventh: int, year: int) -> int:
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800


def age_on(day: dt.date, born: dt.date) -> int:
    """Return the whole years from `born` to `day`."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
