"""What stands before the house number: usually the street, at times more or in another order."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from kvarter.addresses.reasons import Reason, bits
from kvarter.addresses.units import NOTE, read_unit


class Head(NamedTuple):
    """A head in its parts, folded; what is not there is blank."""

    street: str
    postcode: str = ""
    district: str = ""
    floor: str = ""
    door: str = ""
    reasons: int = 0


_POSTCODE = re.compile(r"(?:^|[ ,.])(?:dk ?-? ?)?(\d{4})(?:[ ,.-]|$)")
_PARTED = re.compile(r"[\d,]")
_NUMBER_WORD = re.compile(r"[ ,.]+(?:nr|no|husnr|husnummer|hus|nummer)\.?$")
_LEAD_WORDS = re.compile(
    r"^(?:adr(?:esse)?|bopael|bor(?: paa)?|hr|fru|fr|frk|bolig|lejlighed|lejl|dk|danmark|denmark"
    r"|nuvaerende|folkeregisteradresse|c/o|att|v/|hos)(?:[.: ]+|$)"
)
_NAME_WORDS = """
    gammel gamle store lille noerre nordre soender soendre oester oestre vester vestre oevre nedre
    indre ydre sankt kong dronning prins prinsesse doktor professor
""".split()
_PART_OF_A_NAME = re.compile(r"gl|gml|nye?|st|ll|nr|ndr|sdr|skt|sct|grev|dr|prof|[a-z]|.*s")


def read_head(
    head: str, is_street: Callable[[str], bool], is_district: Callable[[str], bool]
) -> Head:
    """Find the street in a folded head. `is_street`, `is_district`: does the register have it?"""
    if is_street(head) or head.isalpha():
        return Head(head)
    shorter = _NUMBER_WORD.sub("", head)
    if _PARTED.search(shorter) is None:
        street, reasons = _without_lead(shorter, is_street)
        if street == head or not is_street(street):
            district, rest = _street_at_the_end(street, is_street)
            if district and is_district(district):
                return Head(rest, "", district, reasons=reasons | bits(Reason.REORDERED))
        return Head(street, reasons=reasons)
    postcode, district, floor, door, reasons = "", "", "", "", 0
    if (found := _POSTCODE.search(shorter)) is not None:
        postcode, reasons = found[1], bits(Reason.REORDERED)
        before, after = shorter[: found.start()].strip(" ,."), shorter[found.end() :].strip(" ,.")
        if before and not after:  # a text without a house number: the street stands first
            return Head(before, postcode)
        named, comma, rest = after.partition(",")
        if shorter[: found.end()].endswith(","):
            pass  # `2400, ravnevej 4`: no district
        elif comma:
            district, after = named, rest.strip()
        else:
            district, after = _split_district(after, is_street, is_district)
        shorter = ", ".join(part for part in (before, after) if part)
    *parts, street = [part.strip(" .") for part in shorter.split(",")]
    for part in parts:
        unit = read_unit(part)
        if unit.floor and not unit.rest:
            floor, door, reasons = unit.floor, unit.door, reasons | bits(Reason.REORDERED)
        elif not postcode and is_district(part):
            district, reasons = part, reasons | bits(Reason.REORDERED)
        elif part:
            reasons |= bits(Reason.NOTE_IGNORED)
    street, lead = _without_lead(_NUMBER_WORD.sub("", street), is_street)
    return Head(street, postcode, NOTE.sub("", district), floor, door, reasons | lead)


def _split_district(
    after: str, is_street: Callable[[str], bool], is_district: Callable[[str], bool]
) -> tuple[str, str]:
    """Cut `koebenhavn nv rentemestervej` where the street begins."""
    district, street = _street_at_the_end(after, is_street)
    if district:
        return district, street
    words = after.split()
    for count in range(min(3, len(words) - 1), 0, -1):
        if is_district(" ".join(words[:count])):
            return " ".join(words[:count]), " ".join(words[count:])
    return "", after


def _street_at_the_end(text: str, is_street: Callable[[str], bool]) -> tuple[str, str]:
    """The first words, and a street after them; two blanks where no street stands there."""
    words = text.split()
    for count in range(1, min(6, len(words))):
        street = " ".join(words[count:])
        if is_street(street):
            return " ".join(words[:count]), street
    return "", ""


def _without_lead(street: str, is_street: Callable[[str], bool]) -> tuple[str, int]:
    """Take words that are never part of a name from its beginning: `adresse: ravnevej`."""
    shorter = street
    while (
        (found := _LEAD_WORDS.match(shorter)) and shorter[found.end() :] and not is_street(shorter)
    ):
        shorter = shorter[found.end() :]
    return shorter, bits(Reason.NOTE_IGNORED) if shorter != street else 0


def without_unknown_lead(street: str, is_street: Callable[[str], bool]) -> str:
    """The street at the end of `c/o jensen ravnevej`; blank where there is none.

    A word that can be part of a name stays: where there is no `nordre ravnevej` it is not
    `ravnevej`.
    """
    words = street.split()
    for count in range(1, min(4, len(words))):
        if _can_be_part_of_a_name(words[count - 1].strip(".,:")):
            return ""
        rest = " ".join(words[count:])
        if len(rest) > 5 and is_street(rest):
            return rest
    return ""


@lru_cache(maxsize=100_000)
def _can_be_part_of_a_name(word: str) -> bool:
    return _PART_OF_A_NAME.fullmatch(word) is not None or any(
        OSA.distance(word, part) <= 1 + (len(part) > 5) for part in _NAME_WORDS
    )
