"""The one form that each part of an address has in a register, from the forms people write it in.

Each function reads one text and gives the register's form of it, "" for a blank, or None where it
is in no known form. Series of codes and ids are read as a whole. Source of the forms: the
executive order on road names and addresses (BEK 2430/2021, §§ 17-29): floors `st`, `kl`, `k2` to
`k9`, `1` to `99`; doors `tv`, `mf`, `th`, a number, or letters and digits; numbers `1` to `999`
with at most one letter.
"""

from __future__ import annotations

import re
import unicodedata

import polars as pl

FLOORS = {
    "st": "st", "stuen": "st", "stue": "st", "stueetage": "st", "stueetagen": "st",
    "stueplan": "st",
    "parterre": "st", "kl": "kl", "kld": "kl", "kael": "kl", "kaeld": "kl", "kaelder": "kl",
    "kaelderen": "kl", "kaelderetage": "kl", "kaelderetagen": "kl", "k1": "kl",
    "foerste": "1", "anden": "2", "tredje": "3", "fjerde": "4", "femte": "5",
}  # fmt: skip
"""Words for a floor, in small letters and æøå as ae, oe, aa."""

DOORS = {
    "tv": "tv", "th": "th", "mf": "mf", "venstre": "tv", "hoejre": "th", "midtfor": "mf",
    "midt": "mf", "midten": "mf",
}  # fmt: skip
"""Words for a door."""

SIDES = {"v": "tv", "h": "th", "m": "mf"}
"""Letters for a side; a door can also be called so, where doors are called by letters."""

_BLANK = re.compile(r"(?:null|\(null\)|<null>|\\n|nan|none|n/a|#n/a|#i/t|-+|\.+)", re.I)
_FLOOR_WORD = re.compile(r"\b(?:sals?|etage|etagen|etg)\b\.?")
_DOOR_WORD = re.compile(
    r"^(?:doer|doernr|lejl|lejlighed|lejlnr|lej|bolig|vaer|vaerelse|vrl|nr)(?![a-z])"
)
_SIDE_WORD = re.compile(r"\b(?:til|side|siden|i|paa|mod)\b")
_NAMED_DOOR = re.compile(r"(?:\d{1,4}[a-z]?|[a-z]\d{0,4}|[a-z]{1,2}|[a-z0-9]+(?:[-/][a-z0-9]+)+)")
_HOUSE = re.compile(r"(?:NR\.?)?0*(\d{1,4})[.,/-]?([A-ZÆØÅ]?)\.?")
_HOUSES = re.compile(r"\d+[A-ZÆØÅ]?(?:[-+&/,]|OG)(?:\d+[A-ZÆØÅ]?|[A-ZÆØÅ])")
_WHOLE = re.compile(r"([+-]?\d+)[.,]0+")

SEVERAL_HOUSES, NO_HOUSE = "several_house_numbers", "house_number_unreadable"
_UUID = (
    r"(?i)^(?:urn:uuid:)?\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?"
    r"([0-9a-f]{12})\}?$"
)


def is_blank(text: str) -> bool:
    """Whether `text` says that there is nothing: NULL, N/A, a dash."""
    return not text.strip() or _BLANK.fullmatch(text.strip()) is not None


def floor_of(text: str) -> str | None:
    """`st`, `kl`, `k2`, `1`: the floor in `0`, `Stuen`, `kld.`, `-1`, `1.0`, `1. sal`, `03`.

    >>> [floor_of(text) for text in ("00", "Kælder", "2. sal", "-2", "", "loft")]
    ['st', 'kl', '2', 'k2', '', None]
    """
    if is_blank(text):
        return ""
    plain = _FLOOR_WORD.sub(" ", _folded(text)).strip(" .,")
    plain = _WHOLE.sub(r"\1", plain)
    if re.fullmatch(r"-[1-9]", plain):
        return "kl" if plain == "-1" else f"k{plain[1:]}"
    if re.fullmatch(r"\+?\d+", plain):
        number = int(plain)
        return (str(number) if number else "st") if number < 100 else None
    if below := re.fullmatch(r"(?:k|kl|kld|kaelder)[ .]?0?([1-9])", plain):
        return "kl" if below[1] == "1" else f"k{below[1]}"
    return FLOORS.get(plain.replace(".", ""))


def door_of(text: str) -> str | None:
    """`tv`, `th`, `mf`, a number or a name: the door in `T.V.`, `højre`, `dør 1`, `0001`, `3.0`.

    >>> [door_of(text) for text in ("t.h.", "Venstre side", "dør 4", "012", "0", "a-1", "??")]
    ['th', 'tv', '4', '12', '', 'a-1', None]
    """
    if is_blank(text):
        return ""
    plain = _WHOLE.sub(r"\1", _folded(text).strip(" .,"))
    plain = _DOOR_WORD.sub("", plain).strip(" .,:") or plain
    side = re.sub(r"[ ./]", "", _SIDE_WORD.sub(" ", plain))
    if side in DOORS:
        return DOORS[side]
    if re.fullmatch(r"0+", plain):
        return ""
    plain = plain.replace(" ", "").lstrip("0")
    return plain if _NAMED_DOOR.fullmatch(plain) else None


def unit_of(floor: str, door: str) -> tuple[str, str, bool, bool]:
    """Floor and door in the register's form, and whether each is in a known one.

    A floor and a door written in one column (`1. tv`, `st.th.`), and a door that repeats its floor,
    are parted. What is in no known form stays as it is, in small letters.
    """
    read_floor, read_door = floor_of(floor), door_of(door)
    if read_floor is None and not read_door and (both := _parted(floor)):
        return *both, True, True
    if read_door is None and (both := _parted(door)) and read_floor in ("", both[0]):
        return *both, True, True
    known_floor, known_door = read_floor is not None, read_door is not None
    return (
        read_floor if read_floor is not None else _as_it_is(floor),
        read_door if read_door is not None else _as_it_is(door),
        known_floor,
        known_door,
    )


def _parted(text: str) -> tuple[str, str] | None:
    """The floor and the side in a text that holds both."""
    for at in range(1, len(text)):
        floor, door = floor_of(text[:at]), door_of(text[at:].lstrip(" .,;/-"))
        if floor and door in ("tv", "th", "mf"):
            return floor, door
    return None


def house_number_of(text: str) -> str | None:
    """`12B`, from `012 b`, `12.B`, `nr. 12`, `12.0`; "" for a blank or a zero.

    >>> [house_number_of(text) for text in ("012A", "12 a", "7.0", "0", "12 A-C", "Kirken")]
    ['12A', '12A', '7', '', None, None]
    """
    if is_blank(text):
        return ""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    found = _HOUSE.fullmatch(_WHOLE.sub(r"\1", plain))
    if found is None:
        return None
    number = found[1].lstrip("0")
    return number + found[2] if number else ""


def house_number_fault(text: str) -> str | None:
    """Why a text is no house number: it names several houses, or it cannot be read."""
    if house_number_of(text) is not None:
        return None
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    return SEVERAL_HOUSES if _HOUSES.match(plain) else NO_HOUSE


def codes(texts: pl.Expr) -> pl.Expr:
    """Codes of four digits: `0461` from 461, `461.0` and `0461 Odense`; "" for a blank.

    What is no code stays as it is.
    """
    found = texts.str.extract(r"^(?:DK[- ])?0*(\d{1,4})(?:[.,]0+)?(?:[ ,]+\D.*)?$", 1)
    return pl.when(found.is_null()).then(texts).otherwise(found.str.zfill(4))


def ids(texts: pl.Expr) -> pl.Expr:
    """Ids in one form: a UUID in small letters with dashes and without braces, others as they are.

    Whoever compares ids puts both sides in this form.
    """
    plain = texts.str.replace(_UUID, "${1}-${2}-${3}-${4}-${5}").str.to_lowercase()
    return pl.when(texts.str.contains(_UUID)).then(plain).otherwise(texts)


def _folded(text: str) -> str:
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    for letter, letters in (("æ", "ae"), ("ø", "oe"), ("å", "aa")):
        plain = plain.replace(letter, letters)
    return plain


def _as_it_is(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).lower().split()).strip(" .")
