"""What stands after the house number -> floor, door, and what is neither."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache
from typing import Any, NamedTuple

from rapidfuzz.distance import OSA

from kvarter.addresses.fold import exact_key


class Unit(NamedTuple):
    """Floor and door as the register writes them; `rest` is the key of what else stood there."""

    floor: str = ""
    door: str = ""
    rest: str = ""
    note: bool = False


NOTE = re.compile(
    r"\b(?:opg|opgang|indg|indgang|trappe|blok|bygn|bygning|port|hus)\b[.:]? ?(?:nr\.? ?)?"
    r"(?:[a-z]|[0-9]{1,2})(?:[ .,;]|$)"
    r"|(?:\bc/o\b|\bco/|\bco [a-z]|\bc\.o\b|\bp/a\b|\bpr\.? adr\b|\batt[.:]|\bv/|\bhos\b"
    r"|\bbor hos\b|\bopg(?:ang)?\b|\bindg(?:ang)?\b|\bbag(?:hus|bygning)\b|\btlf\b)[^,;]*"
    r"|\([^)]*\)|\[[^\]]*\]"
)
_TOKEN = re.compile(r"[a-z]+\d*|\d+[a-z](?![a-z])|\d+")
_GLUED_SHORT = re.compile(r"^(\d{1,2})([vhm])$")
_GLUED = {
    floor + door: (floor, door)
    for floor in ("st", "kl", "kld", "stuen")
    for door in ("tv", "th", "mf")
} | {
    floor + door[:letters]: (number, door)
    for floor, number in (("st", "st"), ("i", "1"), ("ii", "2"), ("iii", "3"), ("iv", "4"))
    for door in ("tv", "th", "mf")
    for letters in ((1, 2) if len(floor) > 1 else (2,))
}
_DOTTED_DOOR = re.compile(r"[tm][vhf]")
_FLOOR_WORDS = {
    *("sal", "sals", "salen", "sl", "etage", "etagen", "etages", "etag", "etg", "stok", "niveau"),
    *("floor", "fl", "flr", "level", "storey", "trappe", "trapper"),
}
_FILLERS = _FLOOR_WORDS | {
    *("et", "doer", "lejl", "lejlighed", "nr", "til", "bolig", "side", "paa", "i", "the"),
    *("doeren", "opgangen", "plan", "lejligheden", "apt", "apartment", "flat", "door", "on"),
    *("siden", "oppe", "nede", "lejlnr", "doernr", "vaerelse", "vaer", "nummer", "lej", "ljl"),
    *("hoejde", "den", "enhed", "bolignr", "lejemaal", "studio", "rum", "etagens", "lejlighedsnr"),
    *("ejerlejlighed", "ejerlejl", "ejl", "andelslejlighed", "lejlighedsnummer", "bolignummer"),
    *("boligen", "unit", "app", "lejligh", "lejlh", "ll", "lgh", "vaerelsesnummer", "doernummer"),
    *("vaerelset", "vaerelsesnr", "vaernr", "side", "vejs", "ad", "er", "op", "mod", "bor"),
}
_FLOORS = {
    **dict.fromkeys(("st", "stuen", "stue", "stueetage", "stueetagen", "stueplan"), "st"),
    **dict.fromkeys(("stuelejlighed", "stuelejligheden", "stuelejl", "parterre"), "st"),
    **dict.fromkeys(("ground", "grd", "stu", "stuel"), "st"),
    **dict.fromkeys(("kl", "kld", "kaelder", "kaelderen", "kaelderetage"), "kl"),
    **dict.fromkeys(("kaelderetagen", "kaelderlejlighed", "kaelderlejl", "basement"), "kl"),
    **dict.fromkeys(("kaelderlejligheden", "kaeldervaerelse", "kaeld", "kldr"), "kl"),
}
_DOORS = {
    **dict.fromkeys(("tv", "venstre", "v", "vens", "ven", "left", "vestre", "tilvenstre"), "tv"),
    **dict.fromkeys(("th", "hoejre", "h", "hoej", "hoe", "hoejr", "right", "hojre"), "th"),
    **dict.fromkeys(("tilhoejre", "tilhojre"), "th"),
    **dict.fromkeys(("mf", "midtfor", "midt", "m", "midten", "midterst", "midterste"), "mf"),
    **dict.fromkeys(("mdf", "midtf", "mellem", "mellemste"), "mf"),
    **dict.fromkeys(("midterlejlighed", "midterlejligheden", "middle"), "mf"),
}
_SIDES = {door for door in _DOORS if len(door) > 1}
_ORDINALS = {
    **dict(zip(("foerste", "anden", "tredje", "fjerde", "femte", "sjette"), "123456", strict=True)),
    **dict(zip(("first", "second", "third", "fourth", "fifth", "sixth"), "123456", strict=True)),
    **{
        "foerst": "1",
        "andet": "2",
        "tredie": "3",
        "syvende": "7",
        "ottende": "8",
        "niende": "9",
        "tiende": "10",
    },
    **{"ellevte": "11", "elvte": "11", "tolvte": "12"},
}
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7"}
_ROMAN_ALONE = ("i", "ii", "iii", "iv", "vi", "vii")
"""What is a floor also where nothing follows; `v` is a side."""
_WORDS = {"en": "1", "et": "1", "to": "2", "tre": "3", "fire": "4", "fem": "5", "seks": "6"}
_AS_FLOORS = _ROMAN | _WORDS
"""What is a floor where a side or a word for floors follows: `II tv`, `to tv`."""
_SHORTEST_MISSPELT = 4
_FIRST_FLOOR = re.compile(r"\W*i(?:[.,] ?(?!\d)|\W+(?!\d|foerste|anden|tredje|fjerde|femte|st|k))")
_GLUED_WORDS = re.compile(
    rf"\b({'|'.join(_ORDINALS)})(?=sal|etage\b)|\b(til)(?=venstre\b|hoejre\b)"
)
_FLOOR_IN_WORDS = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})(?= (?:sal|etage|floor)\b)")
_DOOR_IN_WORDS = re.compile(
    rf"\b((?:doer|lejl|lejlighed|nr|nummer)\.? (?:(?:nr|nummer)\.? )?)({'|'.join(_WORDS)})\b"
)
_DOOR_LETTER = re.compile(r"(\b\d{1,2}\.?(?: ?sal)?,?) ?\bd\. ?(?=\d{1,3}\b)")
"""`2. sal, d. 3`"""
_SIDE_IN_BRACKETS = re.compile(r"\((t\.? ?[vh]\.?|venstre|hoejre|m\.? ?f\.?|midt\w*)\)")
_ORDINAL = re.compile(
    r"\b(\d{1,2})\.? ?(?:ste|nd|rd|den|anden|tredje|die|dje|de|te|ende|(?:st|th)(?= fl))\b"
)
_STOREY = re.compile(r"(?<![a-z\d])(\d{1,2}) ?\.? ?(?:s|et|e)(?=\.| |$|,)\.?(?! ?\d{4})")
_DOTTED = re.compile(r"(?<![a-z])([tm])(?:\. ?|idt )([vhf])(?:or)?\b\.?")
_BELOW = re.compile(r"^[ ,.]*-1\b")
_DOOR_THEN_FLOOR = re.compile(
    r"\b(?:doer|lejl|lejlighed|bolig|vaerelse|vaer|lej|ljl|enhed|rum|apartment|apt|flat)\.? ?"
    r"(?:(?:nr|nummer)\.? ?)?"
    r"([a-z]?\d{1,4}|tv|th|mf)(?:(?:, ?|[ ,]+(?:paa|i) )"
    r"(\d{1,2}|st|stuen?|kl|kld|kaelder(?:en)?)\b(?!\. ?\d)"
    r"| (\d{1,2})(?=\.? ?(?:sal|etage|etg)\b))\.? ?(?:(?:sal|etage|etg)\b)?"
)
_NUMBERED_DOOR = re.compile(r"^(?:\d{1,4}[a-z]?|[a-z]\d{0,3})$")


@lru_cache(maxsize=100_000)
def read_unit(text: str) -> Unit:
    """Floor and door in a folded text; anything that is neither is in `rest` or is a note."""
    text = _SIDE_IN_BRACKETS.sub(r"\1", text)
    without = NOTE.sub("", text)
    note = without != text
    tokens = _tokens(without)
    at, floor, door = _skip(tokens, 0), "", ""
    # `th, 2. sal`: the side before the floor.
    behind = _skip(tokens, at + 1)
    if behind < len(tokens) and tokens[at] in _DOORS and _floor(tokens[behind]):
        says_floor = tokens[behind + 1 : behind + 2] == ["sal"]
        if says_floor or tokens[at] in _SIDES:
            tokens[at : behind + 1 + says_floor] = [tokens[behind], tokens[at]]
    if at < len(tokens):
        tokens[at : at + 1] = _unglued(tokens[at])
        floor = _floor(tokens[at])
        at += bool(floor)
    at = _skip(tokens, at)
    if _DOTTED_DOOR.fullmatch("".join(tokens[at : at + 2])):
        tokens[at : at + 2] = ["".join(tokens[at : at + 2])]
    # A door without a floor stands alone: `tv`, `104`, `1b`.
    if at < len(tokens) and (floor or tokens[at] in _DOORS or tokens[at][0].isdigit()):
        door = _DOORS.get(tokens[at]) or _numbered(tokens[at])
        if not door and at + 1 == len(tokens):  # `1., hoeje taastrup` goes on
            door = _shortened_side(tokens[at])
        at += bool(door)
        if door == "mf" and tokens[at : at + 1] == ["for"]:
            at += 1
        # `2.-3. sal` has two floors, and tells of no unit.
        if door.isdigit() and at < len(tokens) and tokens[at] in _FLOOR_WORDS:
            floor, door, note = "", "", True
    rest = tokens[_skip(tokens, at) :]
    return Unit(floor, door, exact_key("".join(rest)), note)


def _shortened_side(token: str) -> str:
    """The side that a word is short for, or nearly is: `vnstr`, `hj`, `vesntre`."""
    for side, word in (("tv", "venstre"), ("th", "hoejre")):
        letters = iter(word)
        is_short = len(token) > 1 and token[0] == word[0] and all(one in letters for one in token)
        if is_short or (len(token) > _SHORTEST_MISSPELT and OSA.distance(token, word) == 1):
            return side
    return ""


def _tokens(text: str) -> list[str]:
    """Words and numbers, with what is a floor in words as its number."""
    plain = _DOTTED.sub(r"\1\2 ", _BELOW.sub("kl ", text))
    plain = _FLOOR_IN_WORDS.sub(lambda found: _ORDINALS[found[0]], plain)
    plain = _DOOR_IN_WORDS.sub(lambda found: found[1] + _WORDS[found[2]], plain)
    plain = _DOOR_LETTER.sub(r"\1 ", plain)
    plain = _DOOR_THEN_FLOOR.sub(r"\2\3 sal \1", _ORDINAL.sub(r"\1 ", plain))
    plain = _GLUED_WORDS.sub(r"\1\2 ", _STOREY.sub(r"\1 ", plain))
    tokens = [_ORDINALS.get(token, token) for token in _TOKEN.findall(plain)]
    at = _skip(tokens, 0, but=_AS_FLOORS.keys())
    alone = tokens[at:] in ([floor] for floor in _ROMAN_ALONE)
    if tokens[at : at + 1] == ["i"] and not (alone or _FIRST_FLOOR.match(plain)):
        at = _skip(tokens, at + 1, but=_AS_FLOORS.keys())  # `i 2. sals hoejde`
    if tokens[at : at + 1] == ["et"] and tokens[at + 1 : at + 2] and tokens[at + 1].isdigit():
        at = _skip(tokens, at + 1, but=_AS_FLOORS.keys())  # `et. 4, th`
    if tokens[at : at + 1] and tokens[at] in _AS_FLOORS and (alone or _goes_on(tokens[at + 1 :])):
        tokens[at] = _AS_FLOORS[tokens[at]]
    return tokens


def _goes_on(after: list[str]) -> bool:
    """Whether what is behind a floor in letters shows that it is one."""
    behind = [token for token in after if token not in _FILLERS or token in _FLOOR_WORDS]
    return bool(behind) and (
        (behind[0] in _DOORS and (len(behind) == 1 or behind[0] in _SIDES))
        or behind[0] in _FLOOR_WORDS
        or behind[0].isdigit()
    )


def _skip(tokens: list[str], at: int, but: Container[str] = ()) -> int:
    while at < len(tokens) and tokens[at] in _FILLERS and tokens[at] not in but:
        at += 1
    return at


def _unglued(token: str) -> tuple[str | Any, ...]:
    """`2v`, `sttv`: a floor and a door that are written together."""
    short = _GLUED_SHORT.match(token)
    return short.groups() if short else _GLUED.get(token, (token,))


def _floor(token: str) -> str:
    if token in _FLOORS:
        return _FLOORS[token]
    if token.isdigit() and len(token) <= 2:
        return token.lstrip("0") or "st"
    return token if re.match(r"^k\d$", token) else ""


def _numbered(token: str) -> str:
    """A door that is a number, such as 3 or d4; words are no doors."""
    return (token.lstrip("0") or token) if _NUMBERED_DOOR.match(token) else ""
