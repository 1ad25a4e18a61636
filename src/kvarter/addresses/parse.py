"""One text -> its parts: street, house number, floor, door, postcode, district, and the rest.

The parser knows how Danes write addresses; of the register it knows only the post districts,
which tell where a street name ends in a text without commas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kvarter.addresses.fold import exact_key, fold, mend_mojibake
from kvarter.addresses.reasons import Reason


@dataclass
class Parsed:
    """The parts of an address text, folded. A part that is not there is an empty string."""

    street: str = ""
    house_number: str = ""
    floor: str = ""
    door: str = ""
    postcode: str = ""
    district: str = ""
    reasons: list[Reason] = field(default_factory=list)


_LONGEST = 200
"""Characters of a text that are read; no address is longer, and what follows is a note."""

_NOTE = re.compile(
    r"(?:\bc/o\b|\bco/|\batt[.:]|\bv/|\bhos\b|\bopg(?:ang)?\b|\bbag(?:hus|bygning)\b|\btlf\b)[^,]*"
)
_IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NO_ADDRESS = re.compile(
    r"uden fast|ingen fast|hjemloes|ukendt|uoplyst|ikke oplyst|hemmelig|beskyttet|herberg\b"
)
_PO_BOX = re.compile(r"\b(?:post)?boks\s*\d|\bpostbox")
_POSTCODE = re.compile(r"(?<![\d-])(?:dk ?-? ?)?(\d{4})(?![\d-])")
_DIGIT_LIKE = str.maketrans("lio", "110")
_UNIT = (
    r"(?P<floor>st(?:uen|ue)?|kld?|kaelder(?:en)?|k\d|\d{1,2})(?=[^a-z]|sal|t|m|$)"
    r"[ .,]*(?:sal\b)?[ .,-]*(?:doer\b)?[ .]*"
)
_DOOR = r"(?P<door>t ?\.? ?v|t ?\.? ?h|m ?\.? ?f|venstre|hoejre|midtfor|\d{1,4}|[a-z]\d{0,3})"
_UNIT_FIRST = re.compile(rf"^{_UNIT}(?P<door>t\.? ?v|t\.? ?h|m\.? ?f|\d{{1,4}})\.?,\s*(?=.*\d)")
_UNIT_ONLY = re.compile(rf"^{_UNIT}(?:{_DOOR}(?![a-z]))?\.?(?:lejl(?:ighed)?\b.*)?$")
_DOOR_ONLY = re.compile(r"^(?P<door>t ?\.? ?v|t ?\.? ?h|m ?\.? ?f|venstre|hoejre|midtfor)\.?$")
_FLOORS = {"stuen": "st", "stue": "st", "kld": "kl", "kaelder": "kl", "kaelderen": "kl"}
_DOORS = {"venstre": "tv", "hoejre": "th", "midtfor": "mf"}
_HOUSE = re.compile(
    r"^(?P<street>.*?[a-z].*?)"
    r"(?P<gap>[ ,.]+)(?:nr\.? ?)?(?P<number>\d[\dlio]{0,2}|[lio]\d[\dlio]?|[lio][lio]?\d)"
    r"(?: ?(?P<letter>[a-z])(?![a-z./]))?"
    r"(?P<range> ?- ?\d{1,3}(?: ?[a-z])?(?![a-z\d]))?"
    r"(?=$|[ ,.])(?P<rest>.*)$"
)


def parse(text: str, districts: frozenset[str]) -> Parsed:
    """The parts of `text`. `districts`: exact keys of the register's post districts."""
    parsed = Parsed()
    if len(text) > _LONGEST:
        text = text[:_LONGEST]
        parsed.reasons.append(Reason.NOTE_IGNORED)
    mended = mend_mojibake(text)
    if mended != text:
        parsed.reasons.append(Reason.MOJIBAKE_MENDED)
    rest = fold(mended.replace('"', " "))
    if not re.search(r"[a-z]", rest):
        parsed.reasons.append(Reason.NO_TEXT)
        return parsed
    if _NO_ADDRESS.search(rest):
        parsed.reasons.append(Reason.NO_FIXED_ADDRESS)
        return parsed
    if _PO_BOX.search(rest):
        parsed.reasons.append(Reason.PO_BOX)
        return parsed
    rest = _without_notes(rest, parsed)
    rest = _take_postcode(rest, districts, parsed)
    rest = _take_unit_first(rest, parsed)
    house = _HOUSE.match(rest)
    if house is None:
        parsed.street = rest.strip(" ,.-")
        parsed.reasons.append(Reason.NO_HOUSE_NUMBER)
        return parsed
    parsed.street = house["street"].strip(" ,.-") + house["gap"].strip(" ,")[:1]
    parsed.house_number = _house_number(house, parsed)
    _take_unit(_without_district(house["rest"], districts, parsed), parsed)
    return parsed


def _without_notes(rest: str, parsed: Parsed) -> str:
    shorter = _NOTE.sub("", _IN_BRACKETS.sub("", rest))
    if shorter != rest:
        parsed.reasons.append(Reason.NOTE_IGNORED)
    return re.sub(r"\s*,[\s,]*", ", ", shorter).strip(" ,")


def _take_postcode(rest: str, districts: frozenset[str], parsed: Parsed) -> str:
    """Cut postcode and district out of `rest`, wherever in the text they stand."""
    found = list(_POSTCODE.finditer(rest))
    if not found:
        return rest
    chosen = found[-1]
    parsed.postcode = chosen[1]
    before, after = rest[: chosen.start()].strip(" ,"), rest[chosen.end() :].strip(" ,.")
    if before and not re.search(r"\d", after):
        parsed.district = exact_key(after)
        return before
    # The postcode stands first: the district ends at a comma or where a known district does.
    parsed.reasons.append(Reason.REORDERED)
    head, comma, tail = after.partition(",")
    if comma and exact_key(head) in _spellings(districts):
        parsed.district, after = exact_key(head), tail
    else:
        words = after.split()
        for count in range(min(4, len(words)), 0, -1):
            if exact_key(" ".join(words[:count])) in _spellings(districts):
                parsed.district, after = exact_key(" ".join(words[:count])), " ".join(words[count:])
                break
    return f"{before}, {after}".strip(" ,")


def _spellings(districts: frozenset[str]) -> frozenset[str]:
    short = {d.replace("koebenhavn", form) for d in districts for form in _CITY_FORMS}
    return districts | short


_CITY_FORMS = ("kbh", "kbhvn", "kobenhavn", "koebenh", "kbn")


def district_key(district: str) -> str:
    """A district's exact key, with the city's name in full."""
    key = exact_key(fold(district))
    if key.startswith("koebenhavn"):
        return key
    for form in sorted(_CITY_FORMS, key=len, reverse=True):
        if key.startswith(form):
            return "koebenhavn" + key.removeprefix(form)
    return key


def _without_district(rest: str, districts: frozenset[str], parsed: Parsed) -> str:
    """Cut a district without a postcode from the end of `rest`."""
    if parsed.postcode:
        return rest
    words = rest.replace(",", " , ").split()
    known = _spellings(districts)
    for count in range(min(4, len(words)), 0, -1):
        key = exact_key(" ".join(words[-count:]))
        if key in known or key in {"koebenhavn", *_CITY_FORMS}:
            parsed.district = key
            return " ".join(words[:-count])
    return rest


def _take_unit_first(rest: str, parsed: Parsed) -> str:
    match = _UNIT_FIRST.match(rest)
    if match is None:
        return rest
    parsed.reasons.append(Reason.REORDERED)
    _set_unit(parsed, match["floor"], match["door"])
    return rest[match.end() :]


def _house_number(house: re.Match[str], parsed: Parsed) -> str:
    digits = house["number"]
    if not digits.isdigit():
        digits = digits.translate(_DIGIT_LIKE)
        parsed.reasons.append(Reason.HOUSE_NUMBER_SPELLING)
    if house["range"]:
        parsed.reasons.append(Reason.HOUSE_NUMBER_RANGE)
    return digits.lstrip("0") + (house["letter"] or "").upper()


def _take_unit(rest: str, parsed: Parsed) -> None:
    """Floor and door from what follows the house number; what is neither is a note.

    Parts are taken off the end, then words, until what is left is a unit.
    """
    rest = rest.strip(" ,.-")
    while rest:
        if match := _UNIT_ONLY.match(rest):
            _set_unit(parsed, match["floor"], match["door"] or "")
            return
        if match := _DOOR_ONLY.match(rest):
            _set_unit(parsed, "", match["door"])
            return
        if Reason.NOTE_IGNORED not in parsed.reasons:
            parsed.reasons.append(Reason.NOTE_IGNORED)
        head, comma, _ = rest.rpartition(",")
        rest = (head if comma else rest.rpartition(" ")[0]).strip(" ,.-")


def _set_unit(parsed: Parsed, floor: str, door: str) -> None:
    door = re.sub(r"[ .]", "", door)
    parsed.floor = _FLOORS.get(floor, floor.lstrip("0") or floor)
    parsed.door = _DOORS.get(door, door.lstrip("0") or door)
