"""Made-up people: common names, and person numbers that nobody can ever have been given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from numpy.random import Generator

WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
FIRST_DAY_WITHOUT_CONTROL = dt.date(2007, 10, 1)
"""From here on numbers that fail the modulus-11 control are handed out too."""


def words(text: str) -> list[str]:
    """The words of a text: a list that is easy to read and to add to."""
    return text.split()


FIRST_NAMES = words(
    """
    Anne Mette Kirsten Hanne Anna Helle Susanne Lene Maria Marianne Lone Camilla Pia Louise
    Charlotte Bente Tina Gitte Inge Karen Emma Ida Freja Sofie Laura Mathilde Cecilie Julie Peter
    Michael Jens Lars Thomas Henrik Søren Christian Martin Jan Morten Anders Jesper Niels Mads
    Rasmus Per Hans Ole Kim Frederik Mikkel Emil Oliver Noah William Lucas Jørgen Åge Fatima Aisha
    Zainab Amina Hodan Sahra Maryam Layla Yasmin Nour Emine Zeynep Ayse Elif Mohammad Ali Ahmed
    Hassan Omar Ibrahim Yusuf Abdi Hussein Mustafa Mehmet Bilal Khalid Samir Tariq Imran Agnieszka
    Piotr Andrzej Olena Ioana René Renée
    """
)
LAST_NAMES = words(
    """
    Jensen Nielsen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen
    Petersen Madsen Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen
    Knudsen Jakobsen Mikkelsen Olesen Frederiksen Laursen Henriksen Lund Holm Schmidt Eriksen
    Kristiansen Simonsen Clausen Svendsen Andreasen Iversen Østergaard Jeppesen Vestergaard Nissen
    Lauridsen Kjær Jespersen Mogensen Nørgaard Jepsen Frandsen Søndergaard Ahmed Ali Hassan Khan
    Hussain Mohamed Yilmaz Kaya Demir Celik Abdi Warsame Farah Nguyen Osman Ibrahim Aslan Malik
    Rashid Kowalski Popescu Haddad Mansour Begum Chaudhry Bjørn Aagaard
    """
)

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    number: str
    """Ten digits, never issued."""
    born: dt.date


class People:
    """Draws people one at a time; no two ever share a number."""

    def __init__(self, rng: Generator) -> None:
        self._rng = rng
        self._taken: set[str] = set()

    def person(self, earliest: dt.date, latest: dt.date, last_name: str | None = None) -> Person:
        """Someone born from `earliest` to `latest`, in the family `last_name` where given.

        The days must be before October 2007, or there is no number that cannot be real.
        """
        while True:
            born = earliest + dt.timedelta(int(self._rng.integers((latest - earliest).days + 1)))
            number = f"{born:%d%m%y}{self._century_digit(born)}{self._rng.integers(1000):03d}"
            if never_issued(number) and number not in self._taken:
                self._taken.add(number)
                return Person(self._name(last_name), number, born)

    def adult(self, year: int) -> Person:
        """Someone aged 19 to 81 in `year`."""
        return self.person(dt.date(year - 81, 1, 2), dt.date(year - 19, 12, 31))

    def _name(self, last_name: str | None) -> str:
        middle = f" {pick(self._rng, LAST_NAMES)}" if self._rng.random() < 0.35 else ""
        return f"{pick(self._rng, FIRST_NAMES)}{middle} {last_name or pick(self._rng, LAST_NAMES)}"

    def _century_digit(self, born: dt.date) -> str:
        if born.year >= 2000:
            return pick(self._rng, "456789")
        return pick(self._rng, "0123" if born.year < 1937 else "012349")


def pick(rng: Generator, items: Sequence[Item]) -> Item:
    """One of `items`, each as likely."""
    return items[int(rng.integers(len(items)))]


def birth_date(number: str) -> dt.date | None:
    """The day of birth in a person number of ten digits; None where there is no such day."""
    day, month, short_year, digit = (
        int(number[:2]),
        int(number[2:4]),
        int(number[4:6]),
        int(number[6]),
    )
    if digit <= 3:
        century = 1900
    elif digit in (4, 9):
        century = 2000 if short_year <= 36 else 1900
    else:
        century = 2000 if short_year <= 57 else 1800
    try:
        return dt.date(century + short_year, month, day)
    except ValueError:
        return None


def never_issued(number: str) -> bool:
    """Whether `number` is ten digits that look like a person number but can belong to nobody.

    True for a real day of birth before October 2007 with a failing modulus-11 control. The first
    of January is left out: so many are registered on it that numbers ran out and the control was
    given up early.
    """
    if len(number) != 10 or not (number.isascii() and number.isdigit()):
        return False
    born = birth_date(number)
    if born is None or born >= FIRST_DAY_WITHOUT_CONTROL or (born.month, born.day) == (1, 1):
        return False
    control = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number, strict=True))
    return control % 11 != 0
