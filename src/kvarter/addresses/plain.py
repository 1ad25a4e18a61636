"""One text at once, where it is plainly an address: answered without making tables.

A table costs a text alone as much as it costs a thousand of them. What is answered here is no other
grammar but the part of it in which nothing is open: a street, a house number, a unit and a
postcode with its district, in this order and with nothing beside them, and one entrance of the
register that they name. Anything else has no answer here, and goes the way of tables.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from kvarter.addresses.clauses import CLAUSE_HINTS, arrange
from kvarter.addresses.fold import GARBLED, exact_key, loose_key
from kvarter.addresses.freely import IS_REGULAR
from kvarter.addresses.keys import fold_one
from kvarter.addresses.read import _UNUSUAL, BREAKS, LONGEST, abroad_at_an_end
from kvarter.addresses.reasons import DOUBT, Category, Level, Reason, bits, codes
from kvarter.addresses.units import NOTE, read_unit

if TYPE_CHECKING:
    from kvarter.addresses.index import AddressIndex

_LINE = re.compile(
    r"(?P<head>[a-z][a-z .'-]*[a-z]\.?) (?P<digits>[1-9][0-9]{0,2})(?: ?(?P<letter>[a-z]))?"
    r"(?P<tail>(?:(?:[,;]| (?=[0-9]|st|kl))[a-z0-9 .,;:()/]*)?)"
)
_POST = re.compile(
    r"(?P<unit>.*?)[ ,;] ?(?P<postcode>[0-9]{4})(?:,? (?P<district>[a-z][a-z .]*(?:\([^()]*\))?))?"
)
_DISTRICT = re.compile(r"(?P<unit>.*?), (?P<postcode>)(?P<district>[a-z][a-z ]*[a-z])")
_SAYS_A_NUMBER = re.compile(r"\b(?:nr|no|nummer|doer|lejl|lejlighed|bolig|til|kode)[ .,:;]*$")
_NUMBER_WORD = re.compile(r" nr\.?$")
_LOST_FLAT = bits(Reason.UNIT_NOT_IN_REGISTER, Reason.DOOR_MISSING, Reason.UNIT_MISSING)
_REGULAR = re.compile(IS_REGULAR)
_BROKEN = re.compile(BREAKS)
_FOUR_DIGITS = re.compile("[0-9]{4}")
_OTHERWISE = re.compile(_UNUSUAL)
_MAY_BE_ARRANGED = re.compile("|".join(CLAUSE_HINTS))


@cache
def _is_abroad() -> re.Pattern[str]:
    return re.compile(abroad_at_an_end())


class PlainTexts:
    """The streets, house numbers and places of an index, ready for one text at once."""

    def __init__(self, index: AddressIndex) -> None:
        """Takes a moment, and is worth it from the second text on."""
        self._index = index
        self._numbers = dict(index.numbers.select("number", "number_id").iter_rows())
        doors = index.places.select("floor", "door", "place", "door_alone").iter_rows()
        self._places = {(floor, door): places for floor, door, *places in doors}

    def answer(self, text: str, date: str) -> dict[str, Any] | None:
        """The answer to `text`, as `match_dated` has it; None where the text is not plain."""
        if len(text) > LONGEST or not GARBLED.isdisjoint(text) or _BROKEN.search(text):
            return None
        folded = fold_one(text)
        line = _LINE.fullmatch(folded)
        if not line or _OTHERWISE.search(folded) or self._is_arranged(folded):
            return None
        post = _POST.fullmatch(line["tail"]) or _DISTRICT.fullmatch(line["tail"])
        unit_text, postcode, district = post.groups("") if post else (line["tail"], "", "")
        unit, place = read_unit(unit_text), NOTE.sub("", district).strip(" .")
        noted = bool(unit.note or NOTE.search(district))
        if _FOUR_DIGITS.search(unit_text) or _SAYS_A_NUMBER.search(unit_text):
            return None
        if not postcode and (noted or unit.rest):
            return None
        found = self._street(line["head"], postcode, place)
        number = self._numbers.get(line["digits"] + (line["letter"] or "").upper())
        if found is None or number is None:
            return None
        street, spelling = found
        entrance = self._entrance(street, number, unit.rest)
        if entrance is None:
            return None
        address, missing = self._unit(entrance["entrance"], unit.floor, unit.door)
        if missing & _LOST_FLAT and not _REGULAR.match(folded):
            return None  # another reading may have it
        mask = (
            (bits(Reason.NOTE_IGNORED) if noted else 0)
            | spelling
            | missing
            | _history(entrance, date)
        )
        return self._in_words(street, entrance, address, mask)

    def _is_arranged(self, folded: str) -> bool:
        """Whether it is first read clause by clause."""
        known = self._index.streets.known
        may_be = _MAY_BE_ARRANGED.search(folded) or _is_abroad().search(folded)
        if not may_be and not any(map(folded.__contains__, known.numbered)):
            return False
        made = arrange(folded, known.is_street, known.is_district)
        return made is not None and made.first

    def _street(self, written: str, postcode: str, district: str) -> tuple[int, int] | None:
        """The one street that is spelt or abbreviated so, there or at all, and the reasons."""
        head = _NUMBER_WORD.sub("", written)
        names, districts = self._index.streets.names, self._index.streets.districts
        keys = self._index.street_keys
        exact = keys.exact.equal(exact_key(head)).tolist()
        loose = keys.loose.equal(loose_key(head)).tolist()
        found = {*exact, *loose}
        if postcode:
            found = {street for street in found if names[street].postcode == postcode}
            if head == written and not found.isdisjoint(exact):
                found &= set(exact)
        if len(found) != 1:
            return None
        (street,) = found
        fit = districts.fit(district, postcode) if postcode else self._without(district, street)
        if fit & (DOUBT | bits(Reason.DISTRICT_DIFFERS)):
            return None
        return street, fit | (0 if street in exact else bits(Reason.STREET_ABBREVIATED))

    def _without(self, district: str, street: int) -> int:
        """The reasons where there is no postcode, and the street is in this one only."""
        streets = self._index.streets
        if district and exact_key(district) not in streets.districts.postcodes:
            return DOUBT
        place = streets._other_place("", district, streets.names[street].postcode)
        return place[1] if place else DOUBT

    def _entrance(self, street: int, number: int, town: str) -> dict[str, Any] | None:
        """The only entrance with this number, if it is in the town that is named."""
        rows = self._index.entrances.rows(street, number)
        found = self._index.entrances.row(rows[0]) if len(rows) == 1 else None
        return found if found and town in ("", found["town"]) else None

    def _unit(self, entrance: int, floor: str, door: str) -> tuple[dict[str, Any] | None, int]:
        """The unit with this floor and door, or with one of them alone; and the reason if none."""
        place, alone = self._places.get((floor, door), (None, None))
        index = self._index
        unit = index.units.first(entrance, place)
        there = None if door else index.floors.first(entrance, place)
        if unit is None and there is None:
            unit = index.units.first(entrance, alone)
        if unit is None and there is not None and there["units"] == 1:
            unit = {"address_id": there["only"], "unit": there["only_unit"]}
        if unit is not None:
            return unit, 0
        if there is not None:
            return None, bits(Reason.DOOR_MISSING)
        says_unit = bool(floor or door)
        return None, bits(Reason.UNIT_NOT_IN_REGISTER if says_unit else Reason.UNIT_MISSING)

    def _in_words(
        self, street: int, found: dict[str, Any], address: dict[str, Any] | None, mask: int
    ) -> dict[str, Any]:
        exact = mask in (0, bits(Reason.UNIT_MISSING))
        unit = address["unit"] if address else ""
        named = self._index.streets.names[street]
        return {
            "category": (Category.EXACT if exact else Category.CERTAIN).value,
            "level": (Level.UNIT if address else Level.ACCESS).value,
            "address_id": address["address_id"] if address else None,
            "access_address_id": found["access_address_id"],
            "reasons": codes(mask),
            "candidates": ", ".join(part for part in (found["line"], unit, found["post"]) if part),
            "candidate_ids": found["access_address_id"],
            "candidates_hold": 1.0,
            "street_name": named.name,
            "postcode": named.postcode,
        }


def _history(entrance: dict[str, Any], date: str) -> int:
    """The reason where the entrance is called otherwise today, or was not called so on the day."""
    if entrance["former"]:
        return bits(Reason.FORMER_ADDRESS)
    start, end = entrance["valid_from"], entrance["valid_to"]
    valid = not date or (start <= date and (not end or date <= end))
    return 0 if valid else bits(Reason.NOT_VALID_THEN)
