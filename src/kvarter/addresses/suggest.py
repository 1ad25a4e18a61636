"""Search while typing: what is typed so far -> streets, then house numbers, then units.

What is typed is read in every way that it can go on: as the beginning of a street, and as a street
with the beginning of a house number and of what follows it. Better spelt streets come before worse
ones, those of the postcode that is near before others, the number itself before longer ones.
"""

from __future__ import annotations

import heapq
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from kvarter.addresses.districts import district_key
from kvarter.addresses.fold import exact_key, loose_key
from kvarter.addresses.keys import Ids, fold_one
from kvarter.addresses.read import LONGEST
from kvarter.addresses.reasons import Level
from kvarter.addresses.units import read_unit

if TYPE_CHECKING:
    from kvarter.addresses.index import AddressIndex


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A street, an entrance or a unit that can be meant.

    `text`: the official designation, to show. `level`: how far it reaches: `street`, `access` (an
    entrance) or `unit` (a flat, or a house without flats). `access_address_id` and `address_id`
    are None where it does not reach so far. `next` is what to put into the field when it is
    chosen, and `caret` where the next letter goes: the house number behind the street, the floor
    behind the number. At level `unit` nothing is left to type.
    """

    text: str
    level: Level
    street_name: str
    postcode: str
    access_address_id: str | None
    address_id: str | None
    next: str
    caret: int


class Typed(NamedTuple):
    """A way to read what is typed: folded, `number` as in the register; blank where not typed.

    `rest`: the words behind the number, or behind a street without one.
    """

    street: str
    number: str
    rest: tuple[str, ...]


Streets = Iterator[tuple[int, Ids]]
"""Streets by how well they are spelt: a lower rank is better."""

_WORD = re.compile(r"[a-z]+[0-9]*|[0-9]+[a-z]?(?![a-z])|[0-9]+")
_NUMBER = re.compile(r"(?<=[a-z ,.])0*([1-9][0-9]{0,2})( ?)([a-z]?)(?![0-9a-z])")
_POSTCODE_FIRST = re.compile(r"(?:dk ?-? ?)?([0-9]{4})(?:[ ,]+(?:[^0-9,]*, *)?)(?=[^a-z]*[a-z])")
_STREET_ENDS = re.compile(r",| (?=[0-9]{4}(?![0-9]))")
_POSTCODE = re.compile("[0-9]{4}")
_NUMBER_WORD = re.compile(r" (?:nr|no|nummer)$")
_LAST = 2**32 - 3
"""The last of all places and house numbers."""
_MOST_NUMBERS = 3
"""Numbers in a text, each of which can be that of the house."""
_MOST_STREETS = 200
"""Streets whose longer numbers are looked at, and of which rows are compared with the rest."""


class Suggester:
    """The streets, house numbers and places of an index, ready to be suggested."""

    def __init__(self, index: AddressIndex) -> None:
        """Takes a moment; the index has the rest."""
        self._index = index
        names = index.streets.names
        self._postcodes = np.array([name.postcode for name in names], "U4")
        self._numbers: list[str] = index.numbers["number"].to_list()
        order = sorted(range(len(self._numbers)), key=lambda at: _in_order(self._numbers[at]))
        self._order = np.argsort(np.array(order, np.int64))
        self._places: list[tuple[str, str]] = (
            index.places.sort("place").select("floor", "door").rows()
        )
        self._whole = self._places.index(("", "")) if ("", "") in self._places else _LAST
        self._official = lru_cache(maxsize=50_000)(self._post_of)

    def suggest(self, text: str, near: str | None, limit: int) -> list[Suggestion]:
        """As `AddressIndex.suggest`."""
        folded = fold_one(text[:LONGEST])
        readings = list(_readings(folded))
        if limit < 1 or not readings:
            return []
        numbered = [typed for typed in readings if typed.number] or readings
        without_rest = [typed._replace(rest=()) for typed in numbered]
        streets_alone = [typed._replace(number="", rest=()) for typed in numbered]
        ways: list[tuple[Iterable[Typed], Callable[[str], Streets]]] = [
            (readings, self._spelt),
            (_cut_short(folded), self._spelt),
            (numbered, self._misspelt),
            (without_rest, self._spelt),
            (streets_alone, self._spelt),
        ]
        for typed, streets in ways:
            if found := self._search(typed, streets, near, limit):
                return found
        return []

    def _search(
        self,
        readings: Iterable[Typed],
        streets: Callable[[str], Streets],
        near: str | None,
        limit: int,
    ) -> list[Suggestion]:
        """The first `limit` of what the readings can mean, each once."""
        ranked = (_with(typed, streets(typed.street)) for typed in readings)
        groups = heapq.merge(*ranked, key=itemgetter(0))
        found: dict[str, Suggestion] = {}
        best: list[Iterator[Suggestion]] = []
        for _, group in groupby(groups, key=itemgetter(0)):
            first = not found
            for suggestion, parts in self._of_group(group, near):
                if found.setdefault(suggestion.text, suggestion) is suggestion and first:
                    best.append(parts)
                if len(found) >= limit:
                    return list(found.values())
        # Where nothing else is spelt as well as one, there is room for what it consists of.
        for suggestion in best[0] if len(best) == 1 else ():
            found.setdefault(suggestion.text, suggestion)
            if len(found) >= limit:
                break
        return list(found.values())

    def _of_group(
        self, group: Iterable[tuple[int, Typed, Ids]], near: str | None
    ) -> Iterator[tuple[Suggestion, Iterator[Suggestion]]]:
        """What the readings mean on streets that are spelt equally well."""
        for _, typed, ids in group:
            for there in self._nearest_first(self._within(ids, typed.rest), near):
                yield from self._of_streets(typed, there)

    def _spelt(self, street: str) -> Streets:
        """Streets that are spelt or abbreviated so as far as it goes, the best first."""
        keys, exact, loose = self._index.street_keys, exact_key(street), loose_key(street)
        if exact:
            yield 0, keys.exact.equal(exact)
            yield 1, keys.exact.beginning(exact)
            yield 2, keys.loose.equal(loose)
            yield 3, keys.loose.beginning(loose)
            yield 4, keys.inside.beginning(exact)

    def _misspelt(self, street: str) -> Streets:
        yield from self._index.street_keys.misspelt.near(loose_key(street))

    def _within(self, streets: Ids, rest: tuple[str, ...]) -> Ids:
        """Those of the postcode that is typed, if one is."""
        for word in rest:
            if _POSTCODE.fullmatch(word):
                return np.asarray(streets[self._postcodes[streets] == word])
        return streets

    def _nearest_first(self, streets: Ids, near: str | None) -> list[Ids]:
        if not near:
            return [streets]
        here = self._postcodes[streets] == near
        return [streets[here], streets[~here]]

    def _of_streets(
        self, typed: Typed, streets: Ids
    ) -> Iterator[tuple[Suggestion, Iterator[Suggestion]]]:
        """What is typed, on any of the streets, each with what it consists of."""
        if typed.number:
            yield from self._with_number(typed, streets)
            return
        former = []
        for street in dict.fromkeys(streets[: _MOST_STREETS if typed.rest else None].tolist()):
            post = self._official(street)
            if post is None:
                former.append(street)
            elif _goes_on(typed.rest, _words(post)):
                yield self._street(street, post), self._parts_of_street(street)
        rows = self._rows(np.array(former, np.int64), "")
        yield from self._entrances(rows, typed)

    def _parts_of_street(self, street: int) -> Iterator[Suggestion]:
        rows = self._rows(np.array([street]), "")
        entrances = list(islice(self._entrances(rows, Typed("", "", ())), _MOST_STREETS))
        for suggestion, more in entrances:
            yield suggestion
            if len(entrances) == 1:
                yield from more

    def _with_number(
        self, typed: Typed, streets: Ids
    ) -> Iterator[tuple[Suggestion, Iterator[Suggestion]]]:
        """Entrances with the number that is typed, and then those whose number goes on so."""
        exact = self._rows(streets, typed.number, whole=True)
        yield from self._entrances(exact, typed)
        longer = self._rows(streets, typed.number)
        longer = longer[~np.isin(longer, exact)]
        yield from self._entrances(longer, typed._replace(number=""))

    def _rows(self, streets: Ids, number: str, whole: bool = False) -> Ids:
        """The rows of entrances on the streets whose number is so or begins so, in order."""
        start, end = _span(self._numbers, number, whole)
        if start == end:
            return np.zeros(0, np.int64)
        first, last = self._index.entrances.spans(streets, start, end - 1)
        there = np.flatnonzero(last > first)[: None if whole else _MOST_STREETS]
        first, count = first[there], (last - first)[there]
        nth = np.arange(count.sum()) - np.repeat(count.cumsum() - count, count)
        found = np.repeat(first, count) + nth
        order = self._order[self._index.entrances.second(found)]
        return np.asarray(found[np.argsort(order, kind="stable")])

    def _entrances(
        self, rows: Ids, typed: Typed
    ) -> Iterator[tuple[Suggestion, Iterator[Suggestion]]]:
        """The entrances at these rows, and their units, that what is typed behind can mean.

        Units only where the number is typed in full. Today's before former ones.
        """
        some = rows[: _MOST_STREETS if typed.rest else None].tolist()
        entrances = map(self._index.entrances.row, some)
        former: list[dict[str, Any]] = []
        for entrance in entrances:
            if entrance["former"]:
                former.append(entrance)
            else:
                yield from self._entrance(entrance, typed)
        for entrance in former:
            yield from self._entrance(entrance, typed)

    def _entrance(
        self, entrance: dict[str, Any], typed: Typed
    ) -> Iterator[tuple[Suggestion, Iterator[Suggestion]]]:
        post = _words(entrance["post"])
        here = _goes_on(typed.rest, post)
        if not typed.number:
            if here:
                yield self._access(entrance), self._units(entrance)
            return
        rows = self._doors(entrance) if typed.rest else []
        meant = [place for place in rows if _is_unit(typed.rest, *place[:2], post)]
        by_floor = [place for place in meant if "".join(place[:2]).startswith(typed.rest[0])]
        access = [(self._access(entrance), self._units(entrance))] if here else []
        units = ((self._unit(entrance, row), iter(())) for *_, row in by_floor or meant)
        yield from (*units, *access) if by_floor else (*access, *units)

    def _units(self, entrance: dict[str, Any]) -> Iterator[Suggestion]:
        return (self._unit(entrance, row) for *_, row in self._doors(entrance))

    def _doors(self, entrance: dict[str, Any]) -> list[tuple[str, str, int]]:
        """Floor, door and row of the units at an entrance, from below."""
        rows = self._index.units.rows(entrance["entrance"], 0, _LAST)
        places = self._index.units.second(np.arange(rows.start, rows.stop)).tolist()
        doors = [(*self._places[place], row) for place, row in zip(places, rows, strict=True)]
        return sorted(doors, key=lambda door: (_height(*door[:2]), door[2]))

    def _unit(self, entrance: dict[str, Any], row: int) -> Suggestion:
        unit = self._index.units.row(row)
        parts = (entrance["line"], unit["unit"], entrance["post"])
        text = ", ".join(part for part in parts if part)
        ids = entrance["access_address_id"], unit["address_id"]
        return Suggestion(text, Level.UNIT, *_named(entrance), *ids, text, len(text))

    def _access(self, entrance: dict[str, Any]) -> Suggestion:
        """An entrance; or the unit, where it is a house without flats."""
        whole = self._index.units.rows(entrance["entrance"], self._whole)
        if whole and not self._index.units.row(whole[0])["unit"]:
            return self._unit(entrance, whole[0])
        line, post, access = (entrance[name] for name in ("line", "post", "access_address_id"))
        text, onward, caret = f"{line}, {post}", f"{line}, , {post}", len(line) + 2
        return Suggestion(text, Level.ACCESS, *_named(entrance), access, None, onward, caret)

    def _street(self, street: int, post: str) -> Suggestion:
        name, postcode = self._index.streets.names[street]
        text, onward, caret = f"{name}, {post}", f"{name} , {post}", len(name) + 1
        return Suggestion(text, Level.STREET, name, postcode, None, None, onward, caret)

    def _post_of(self, street: int) -> str | None:
        """Postcode and district of a street; None where nothing is called so today."""
        postcode = self._index.streets.names[street].postcode
        for row in self._index.entrances.rows(street, 0, _LAST):
            entrance = self._index.entrances.row(row)
            post: str = entrance["post"].rpartition(", ")[2]
            if not entrance["former"] and post.startswith(postcode):
                return post
        return None


def _with(typed: Typed, streets: Streets) -> Iterator[tuple[int, Typed, Ids]]:
    return ((rank, typed, ids) for rank, ids in streets)


def _readings(folded: str) -> Iterator[Typed]:
    """The ways to read what is typed, of which each can be meant."""
    rest: tuple[str, ...] = ()
    if first := _POSTCODE_FIRST.match(folded):
        folded, rest = folded[first.end() :], (first[1],)
    for found in islice(_NUMBER.finditer(folded), _MOST_NUMBERS):
        street = _NUMBER_WORD.sub("", folded[: found.start()].strip(" ,."))
        after = (*_words_of(folded[found.end() :]), *rest)
        number, blank, letter = found.groups()
        if re.search("[a-z]", street):
            yield Typed(street, number + letter.upper(), after)
            if blank and letter:
                yield Typed(street, number, (letter, *after))
    street, *behind = _STREET_ENDS.split(folded, maxsplit=1)
    if re.search("[a-z0-9]", street):
        yield Typed(street.strip(), "", (*_words_of("".join(behind)), *rest))


def _cut_short(folded: str) -> Iterator[Typed]:
    """`istedgade koebenhavn`: a district that follows without a comma."""
    words = folded.replace(",", " ").split()
    for count in range(len(words) - 1, max(0, len(words) - 4), -1):
        yield Typed(" ".join(words[:count]), "", tuple(_words_of(" ".join(words[count:]))))


def _words_of(text: str) -> list[str]:
    return _WORD.findall(text)


@lru_cache(maxsize=50_000)
def _words(official: str) -> tuple[str, ...]:
    """The words of a part of an official designation."""
    return tuple(_words_of(fold_one(official)))


def _goes_on(typed: Iterable[str], official: Iterable[str]) -> bool:
    """Whether the words typed are official ones in this order, the last as far as it goes.

    Behind a postcode, and for the city, other ways to write the district count as well.
    """
    left, words = iter(official), list(typed)
    for place, word in enumerate(words):
        last = place == len(words) - 1
        full = district_key(word)
        if not any(
            one in (word, full) or (last and (one.startswith(word) or one.startswith(full)))
            for one in left
        ):
            return place > 0 and _POSTCODE.fullmatch(words[place - 1]) is not None
        if _POSTCODE.fullmatch(word) and last:
            return True
    return True


@lru_cache(maxsize=50_000)
def _is_unit(typed: tuple[str, ...], floor: str, door: str, post: tuple[str, ...]) -> bool:
    """Whether the words typed behind a house number can be this floor and door, and the post."""
    here = [word for word in (floor, door) if word]
    if _goes_on(typed, (*here, *post)):
        return True
    unit_words = [word for word in typed if not _POSTCODE.fullmatch(word)]
    cut = next((at for at, word in enumerate(typed) if _POSTCODE.fullmatch(word)), len(typed))
    read = read_unit(" ".join(unit_words[:cut]))
    if not read.floor and not read.door:
        return False
    said = [word for word in (read.floor, read.door, read.rest) if word]
    return _goes_on((*said, *typed[cut:]), (*here, *post))


def _span(numbers: list[str], number: str, whole: bool) -> tuple[int, int]:
    """Where the house numbers stand that are so, or begin so, in the order of text."""
    start = bisect_left(numbers, number)
    return start, bisect_right(numbers, number) if whole else bisect_left(numbers, number + "~")


def _in_order(number: str) -> tuple[int, str]:
    """9, 10, 10A, 10B, 11."""
    digits = re.match("[0-9]*", number)
    size = digits.end() if digits else 0
    return int(number[:size] or 0), number[size:]


_DOORS = {"tv": 0, "mf": 1, "th": 2}


def _height(floor: str, door: str) -> tuple[int, int, int, str]:
    """From the cellar up, and from left to right."""
    level = int(floor) if floor.isdigit() else 0 if floor in ("", "st") else -1
    return level, _DOORS.get(door, 3), *_in_order(door)


def _named(entrance: dict[str, Any]) -> tuple[str, str]:
    """The name of the street and the postcode, as they are officially."""
    line, post = entrance["line"], entrance["post"].rpartition(", ")[2]
    return line.rpartition(" ")[0], post.partition(" ")[0]
