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
_DIGIT = re.compile(r"\d")
_ANY_STREET = "_"
_NUMBER_WORDS = ("nr", "no", "husnr", "husnummer", "hus", "nummer")
_NUMBER_WORD = re.compile(rf"[ ,.]+(?:{'|'.join(_NUMBER_WORDS)})\.?$")
_LEAD_WORDS = re.compile(
    r"^(?:adr(?:esse)?|bopael|bor(?: paa)?|hr|fru|fr|frk|bolig|lejlighed|lejl|dk|danmark|denmark"
    r"|nuvaerende|folkeregisteradresse|c/o|att|v/|hos)(?:[.: ]+|$)"
)
_NAME_WORDS = """
    gammel gamle store lille noerre nordre soender soendre oester oestre vester vestre oevre nedre
    indre ydre sankt kong dronning prins prinsesse doktor professor
""".split()
_PART_OF_A_NAME = re.compile(r"gl|gml|nye?|st|ll|nr|ndr|sdr|skt|sct|grev|dr|prof|[a-z]|.*s")


class HeadReader:
    """Finds the street in folded heads. `is_street`, `is_district`: does the register have it?"""

    def __init__(
        self, is_street: Callable[[str], bool], is_district: Callable[[str], bool]
    ) -> None:
        self._is_street, self._is_district = is_street, is_district
        self._parted = lru_cache(maxsize=100_000)(self._read_parted)

    def read(self, head: str) -> Head:
        """The head in its parts."""
        if self._is_street(head) or head.isalpha():
            return Head(head)
        shorter = _without_number_word(head)
        if _PARTED.search(shorter) is None:
            return self._read_words(shorter, head)
        # The same stands before many streets, and is read once: `2. tv, _`.
        before, comma, street = shorter.rpartition(",")
        if not comma or _DIGIT.search(street):
            said = self._read_parted(shorter)
            street = said.street
        else:
            said = self._parted(f"{before}, {_ANY_STREET}")
        street, lead = self._without_lead(_without_number_word(street.strip(" .")))
        return Head(street, *said[1:5], said.reasons | lead)

    def _read_words(self, words: str, head: str) -> Head:
        """Nothing but words."""
        street, reasons = self._without_lead(words)
        if street == head or not self._is_street(street):
            district, rest = self._street_at_the_end(street)
            if district and self._is_district(district):
                return Head(rest, "", district, reasons=reasons | bits(Reason.REORDERED))
        return Head(street, reasons=reasons)

    def _read_parted(self, text: str) -> Head:
        """Units, districts and notes, with commas between, and the street as it stands there."""
        postcode, district, floor, door, reasons = "", "", "", "", 0
        if (found := _POSTCODE.search(text)) is not None:
            postcode, reasons = found[1], bits(Reason.REORDERED)
            before, after = text[: found.start()].strip(" ,."), text[found.end() :].strip(" ,.")
            if before and not after:  # a text without a house number: the street stands first
                return Head(before, postcode)
            named, comma, rest = after.partition(",")
            if text[found.end(1) :].lstrip().startswith(","):
                pass  # `2400, ravnevej 4`: no district
            elif comma:
                district, after = named, rest.strip()
            else:
                district, after = self._split_district(after)
            text = ", ".join(part for part in (before, after) if part)
        *parts, street = [part.strip(" .") for part in text.split(",")]
        for part in parts:
            unit = read_unit(part)
            if unit.floor and not unit.rest:
                floor, door, reasons = unit.floor, unit.door, reasons | bits(Reason.REORDERED)
            elif not postcode and self._is_district(part):
                district, reasons = part, reasons | bits(Reason.REORDERED)
            elif part:
                reasons |= bits(Reason.NOTE_IGNORED)
        return Head(street, postcode, NOTE.sub("", district), floor, door, reasons)

    def _split_district(self, after: str) -> tuple[str, str]:
        """Cut `koebenhavn nv rentemestervej` where the street begins."""
        district, street = self._street_at_the_end(after)
        if district:
            return district, street
        words = after.split()
        for count in range(min(3, len(words) - 1), 0, -1):
            if self._is_district(" ".join(words[:count])):
                return " ".join(words[:count]), " ".join(words[count:])
        return "", after

    def _street_at_the_end(self, text: str) -> tuple[str, str]:
        """The first words, and a street after them; two blanks where no street stands there."""
        words = text.split()
        for count in range(1, min(6, len(words))):
            street = " ".join(words[count:])
            if self._is_street(street):
                return " ".join(words[:count]), street
        return "", ""

    def _without_lead(self, street: str) -> tuple[str, int]:
        """Take words that are never part of a name from its beginning: `adresse: ravnevej`."""
        shorter = street
        while (
            (found := _LEAD_WORDS.match(shorter))
            and shorter[found.end() :]
            and not self._is_street(shorter)
        ):
            shorter = shorter[found.end() :]
        return shorter, bits(Reason.NOTE_IGNORED) if shorter != street else 0

    def after_unknown_words(self, street: str) -> str:
        """The street at the end of `c/o jensen ravnevej`; blank where there is none.

        A word that can be part of a name stays: where there is no `nordre ravnevej` it is not
        `ravnevej`.
        """
        words = street.split()
        for count in range(1, min(4, len(words))):
            if _can_be_part_of_a_name(words[count - 1].strip(".,:")):
                return ""
            rest = " ".join(words[count:])
            if len(rest) > 5 and self._is_street(rest):
                return rest
        return ""


def _without_number_word(text: str) -> str:
    """`ravnevej nr.` as `ravnevej`. Most texts end with other letters, and cost nothing."""
    return _NUMBER_WORD.sub("", text) if text.rstrip(".").endswith(_NUMBER_WORDS) else text


@lru_cache(maxsize=100_000)
def _can_be_part_of_a_name(word: str) -> bool:
    return _PART_OF_A_NAME.fullmatch(word) is not None or any(
        OSA.distance(word, part) <= 1 + (len(part) > 5) for part in _NAME_WORDS
    )
