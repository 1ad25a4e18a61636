"""Why an answer is what it is: the codes, and whether an answer that has one can still be sure.

Each code is explained in docs/addresses.md. On their way through the match they are bits of a
number, so that a million answers carry their reasons in a column.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache

import polars as pl


class Reason(StrEnum):
    """A difference between the text and the official address, or what stands in the way."""

    # Differences that leave the answer certain (category B).
    STREET_ABBREVIATED = "street_abbreviated"
    STREET_SPELLING = "street_spelling"
    POSTCODE_MISSING = "postcode_missing"
    POSTCODE_DIFFERS = "postcode_differs"
    DISTRICT_SPELLING = "district_spelling"
    DISTRICT_DIFFERS = "district_differs"
    HOUSE_NUMBER_SPELLING = "house_number_spelling"
    HOUSE_NUMBER_RANGE = "house_number_range"
    NOTE_IGNORED = "note_ignored"
    REORDERED = "reordered"
    MOJIBAKE_MENDED = "mojibake_mended"
    HTML_READ = "html_read"
    FORMER_ADDRESS = "former_address"
    NOT_VALID_THEN = "not_valid_then"
    UNIT_MISSING = "unit_missing"
    UNIT_NOT_IN_REGISTER = "unit_not_in_register"
    DOOR_MISSING = "door_missing"
    DECIDED_BY_HAND = "decided_by_hand"

    # Doubt (category C): a best guess is given, and is not counted as located.
    SEVERAL_PLACES = "several_places"
    SEVERAL_STREETS = "several_streets"
    OTHER_POSTCODE = "other_postcode"
    STREET_IN_DOUBT = "street_in_doubt"
    BESIDE_THE_HOUSE = "beside_the_house"
    NOT_THIS_ADDRESS = "not_this_address"
    SEVERAL_ADDRESSES = "several_addresses"
    ABROAD = "abroad"

    # No answer.
    NO_TEXT = "no_text"
    NO_FIXED_ADDRESS = "no_fixed_address"
    PO_BOX = "po_box"
    NO_HOUSE_NUMBER = "no_house_number"
    NO_SUCH_HOUSE_NUMBER = "no_such_house_number"
    NO_SUCH_STREET = "no_such_street"
    POSTCODE_NOT_IN_REGISTER = "postcode_not_in_register"
    NOTHING_RECOGNISED = "nothing_recognised"


class Category(StrEnum):
    """How sure an answer is: A exact, B certain with differences, C best guess."""

    EXACT = "A"
    CERTAIN = "B"
    GUESS = "C"


class Level(StrEnum):
    """The level of the register an answer reaches."""

    UNIT = "unit"
    ACCESS = "access"
    STREET = "street"
    POSTCODE = "postcode"
    NONE = "none"


BIT = {reason: 1 << place for place, reason in enumerate(Reason)}


@cache
def bits(*reasons: Reason) -> int:
    """The reasons as one number."""
    return sum(BIT[reason] for reason in set(reasons))


def flag(where: pl.Expr | str, reason: Reason) -> pl.Expr:
    """The bit of `reason` in rows where `where` is true, and 0 in others."""
    return pl.when(where).then(pl.lit(bits(reason), pl.Int64)).otherwise(0)


def reasons_in(mask: int) -> list[Reason]:
    """The reasons whose bits are set in `mask`."""
    return [reason for reason, bit in BIT.items() if mask & bit]


def codes(mask: int) -> str:
    """The codes of the reasons in `mask`, joined by `; `."""
    return "; ".join(reasons_in(mask))


DOUBT = bits(
    *(Reason.SEVERAL_PLACES, Reason.SEVERAL_STREETS, Reason.OTHER_POSTCODE),
    *(Reason.STREET_IN_DOUBT, Reason.BESIDE_THE_HOUSE, Reason.NOT_THIS_ADDRESS),
    *(Reason.SEVERAL_ADDRESSES, Reason.ABROAD),
)
"""An answer with any of these is a guess."""

NO_ANSWER = bits(
    *(Reason.NO_TEXT, Reason.NO_FIXED_ADDRESS, Reason.PO_BOX, Reason.NO_HOUSE_NUMBER),
    *(Reason.NO_SUCH_HOUSE_NUMBER, Reason.NO_SUCH_STREET, Reason.POSTCODE_NOT_IN_REGISTER),
)
"""What can stand in the way of an answer, where more than nothing is recognised."""


MEANING = {
    Reason.STREET_ABBREVIATED: "The street is abbreviated.",
    Reason.STREET_SPELLING: "The street is spelt differently.",
    Reason.POSTCODE_MISSING: "There is no postcode.",
    Reason.POSTCODE_DIFFERS: "The postcode is another; the district or the street tells which.",
    Reason.DISTRICT_SPELLING: "The post district is written differently.",
    Reason.DISTRICT_DIFFERS: "The post district is not that of the postcode.",
    Reason.HOUSE_NUMBER_SPELLING: "The house number has a letter where a digit is meant.",
    Reason.HOUSE_NUMBER_RANGE: "Several house numbers are given; the first is taken.",
    Reason.NOTE_IGNORED: "Words that are no part of the address are left out.",
    Reason.REORDERED: "The parts stand in another order.",
    Reason.MOJIBAKE_MENDED: "Letters garbled by a wrong encoding are mended.",
    Reason.HTML_READ: "Letters written in codes of HTML are read as letters.",
    Reason.FORMER_ADDRESS: "This is what the address was called before.",
    Reason.NOT_VALID_THEN: "The address did not exist on the day, by the register.",
    Reason.UNIT_MISSING: "No floor or door is given.",
    Reason.UNIT_NOT_IN_REGISTER: "The entrance has no such floor and door.",
    Reason.DOOR_MISSING: "No door is given.",
    Reason.DECIDED_BY_HAND: "An analyst has decided it by hand.",
    Reason.SEVERAL_PLACES: "The same street and number are in several places.",
    Reason.SEVERAL_STREETS: "Several streets are spelt nearly so.",
    Reason.OTHER_POSTCODE: "The street is in another postcode than the one given.",
    Reason.STREET_IN_DOUBT: "What is written can be another street, which the register lacks.",
    Reason.BESIDE_THE_HOUSE: "The text names a place beside the house, not the house itself.",
    Reason.NOT_THIS_ADDRESS: "The text says that this is another address than the one meant.",
    Reason.SEVERAL_ADDRESSES: "The text names several addresses.",
    Reason.ABROAD: "The text names a place in another country.",
    Reason.NO_TEXT: "There is no text.",
    Reason.NO_FIXED_ADDRESS: "The text says that there is no address to give.",
    Reason.PO_BOX: "A post box is no address.",
    Reason.NO_HOUSE_NUMBER: "There is no house number.",
    Reason.NO_SUCH_HOUSE_NUMBER: "The street has no such house number.",
    Reason.NO_SUCH_STREET: "There is no such street there.",
    Reason.POSTCODE_NOT_IN_REGISTER: "The register does not cover the postcode.",
    Reason.NOTHING_RECOGNISED: "Nothing in the text is recognised as a street and house number.",
}
"""What each reason means, in a sentence."""
