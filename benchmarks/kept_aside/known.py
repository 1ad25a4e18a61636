"""The register as the truth needs it: streets, numbers, entrances and units, and near names.

It has no notion of how a matcher works: names are compared letter by letter with all others, and
whatever is nearly as near as what was meant makes a text doubtful.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

ENDINGS = (
    "boulevard",
    "straede",
    "stræde",
    "parken",
    "vænget",
    "vangen",
    "haven",
    "vaenget",
    "gaarden",
    "torvet",
    "pladsen",
    "stien",
    "vænge",
    "plads",
    "vang",
    "park",
    "torv",
    "gade",
    "gaden",
    "vejen",
    "bakken",
    "marken",
    "toften",
    "lunden",
    "brygge",
    "alle",
    "vej",
    "sti",
)
"""Endings of street names, folded."""

COLUMNS = (
    "unit_id",
    "access_id",
    "street",
    "number",
    "floor",
    "door",
    "postcode",
    "district",
    "supplementary_town",
    "municipality_code",
)


@dataclass(frozen=True)
class Unit:
    """One row of the register. Missing parts are empty texts."""

    unit_id: str
    access_id: str
    street: str
    number: str
    floor: str
    door: str
    postcode: str
    district: str
    supplementary_town: str
    municipality_code: str

    @property
    def digits(self) -> str:
        """The house number without its letter."""
        return self.number.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ")

    @property
    def letter(self) -> str:
        """The letter of the house number, or nothing."""
        return self.number[len(self.digits) :]


@dataclass(frozen=True)
class Place:
    """A street in a postcode."""

    street: str
    postcode: str
    district: str


def same(text: str) -> str:
    """The letters and digits of a text: case, accents, punctuation and `aa` make no difference."""
    text = text.casefold().replace("å", "aa").replace("ä", "æ").replace("ö", "ø")
    kept = {"æ": "\x01", "ø": "\x02"}
    for letter, mark in kept.items():
        text = text.replace(letter, mark)
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    for letter, mark in kept.items():
        plain = plain.replace(mark, letter)
    return re.sub(r"[^a-z0-9æø]", "", plain)


def edits(one: str, two: str, most: int) -> int:
    """Letters changed, lost, added or swapped between two texts; `most + 1` if there are more."""
    if abs(len(one) - len(two)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        now = [i]
        for j, b in enumerate(two, 1):
            cost = min(row[j] + 1, now[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            now.append(cost)
        if min(now) > most:
            return most + 1
        before, row = row, now
    return min(row[-1], most + 1)


def clipped_fits(short: str, name: str) -> bool:
    """Whether a clipped writing can stand for a name: words with letters left out.

    `Vestre K. Al.` fits *Vestre Kirkegårds Allé*; `Rosenv.` fits *Rosenvej* and *Rosenvænget*.
    """
    a, b = _words(short), _words(name)
    if not a or not b:
        return False
    if len(a) > len(b):
        return (
            clipped_fits("".join(a), "".join(b)) if len(b) > 1 else _subsequence("".join(a), b[0])
        )
    if len(a) < len(b):  # words run together, or a middle name left out
        return _subsequence("".join(a), "".join(b))
    return all(_subsequence(x, y) for x, y in zip(a, b, strict=True))


def clipped_surely(short: str, name: str) -> bool:
    """Whether a clipped writing that fits a name is a usual way to clip it.

    Usual are: the name cut off, its ending clipped, a word cut short between whole words, a word
    cut in its middle (`Fred.sundsvej`). Else letters fit by accident (`Rosenv.` in Rosenborgvej).
    """
    written, full = same(short), same(name)
    if full.startswith(written):
        return True
    common = next(
        (i for i, (a, b) in enumerate(zip(written, full, strict=False)) if a != b), len(written)
    )
    if len(written) - common <= 3 and any(
        full.endswith(e) and len(full) - common <= len(e) for e in ENDINGS
    ):
        return True
    head, _, tail = short.partition(".")
    if tail and full.startswith(same(head)) and full.endswith(same(tail)):
        return True
    a, b = _words(short), _words(name)
    return len(a) == len(b) > 1 and a[-1] == b[-1]


def lost_fits(text: str, name: str) -> bool:
    """Whether a text with lost letters (`?`, `\N{REPLACEMENT CHARACTER}`) can be a name."""
    pattern = "".join(".{1,2}" if c in "?\ufffd" else re.escape(c) for c in text.casefold())
    return re.fullmatch(pattern, name.casefold()) is not None


def _words(text: str) -> list[str]:
    return [w for w in (same(p) for p in re.split(r"[\s.\-/]+", text)) if w]


def _subsequence(short: str, name: str) -> bool:
    if not name.startswith(short[:1]):
        return False
    rest = iter(name)
    return all(letter in rest for letter in short)


def _mask(name: str) -> int:
    mask = 0
    for letter in name:
        mask |= 1 << (ord(letter) % 61)
    return mask


class Known:
    """Lookups over a register."""

    def __init__(self, register: pl.DataFrame, world: Iterable[str] = ()) -> None:
        filled = register.select(pl.col(c).cast(pl.String).fill_null("") for c in COLUMNS)
        self.units = [Unit(*row) for row in filled.iter_rows()]
        self.world = frozenset(same(w) for w in world) - {same(u.street) for u in self.units}
        """Street names that exist, but not in this register."""
        self.by_access: dict[str, list[Unit]] = defaultdict(list)
        self._numbers: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(
            lambda: defaultdict(set)
        )
        for unit in self.units:
            self.by_access[unit.access_id].append(unit)
            self._numbers[same(unit.street), unit.postcode][unit.number].add(unit.access_id)

    @cached_property
    def places(self) -> list[Place]:
        """Every street in every postcode."""
        found = {
            (u.street, u.postcode): Place(u.street, u.postcode, u.district) for u in self.units
        }
        return list(found.values())

    @cached_property
    def entrances(self) -> list[str]:
        """Every entrance."""
        return list(self.by_access)

    @cached_property
    def by_postcode(self) -> dict[str, list[Place]]:
        """The streets of each postcode."""
        out: dict[str, list[Place]] = defaultdict(list)
        for place in self.places:
            out[place.postcode].append(place)
        return out

    @cached_property
    def by_name(self) -> dict[str, list[Place]]:
        """The places of each folded street name."""
        out: dict[str, list[Place]] = defaultdict(list)
        for place in self.places:
            out[same(place.street)].append(place)
        return out

    @cached_property
    def districts(self) -> dict[str, set[str]]:
        """The postcodes of each district name."""
        out: dict[str, set[str]] = defaultdict(set)
        for place in self.places:
            out[same(place.district)].add(place.postcode)
        return out

    @cached_property
    def towns(self) -> dict[str, set[str]]:
        """The postcodes of each supplementary town."""
        out: dict[str, set[str]] = defaultdict(set)
        for unit in self.units:
            if unit.supplementary_town:
                out[same(unit.supplementary_town)].add(unit.postcode)
        return out

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {p.street: same(p.street) for p in self.places}

    @cached_property
    def _masks(self) -> dict[str, int]:
        return {name: _mask(folded) for name, folded in self._folded.items()}

    def numbers(self, street: str, postcode: str) -> list[str]:
        """The house numbers of a street in a postcode."""
        return list(self._numbers.get((same(street), postcode), {}))

    def accesses(self, street: str, postcode: str, number: str) -> set[str]:
        """The entrances with that number."""
        return self._numbers.get((same(street), postcode), {}).get(number, set())

    def scope(self, postcodes: Iterable[str] | None) -> list[Place]:
        """The streets in these postcodes, or all."""
        if postcodes is None:
            return self.places
        return [p for code in sorted(set(postcodes)) for p in self.by_postcode.get(code, [])]

    def near(self, text: str, scope: Iterable[Place], most: int) -> list[tuple[int, Place]]:
        """The places whose name differs from a text in at most so many letters."""
        folded, mask = same(text), _mask(same(text))
        out = []
        for place in scope:
            other = self._masks[place.street]
            if max((mask & ~other).bit_count(), (other & ~mask).bit_count()) > most:
                continue
            distance = edits(folded, self._folded[place.street], most)
            if distance <= most:
                out.append((distance, place))
        return out
