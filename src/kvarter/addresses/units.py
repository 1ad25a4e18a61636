"""What stands after the house number -> floor, door, and what is neither."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache
from typing import Any, NamedTuple

from kvarter.addresses.fold import exact_key


class Unit(NamedTuple):
    """Floor and door as the register writes them; `rest` is the key of what else stood there."""

    floor: str = ""
    door: str = ""
    rest: str = ""
    note: bool = False


NOTE = re.compile(
    r"\b(?:opg|opgang|indg|indgang|trappe|blok|bygn|bygning|port)\b[.:]? ?(?:nr\.? ?)?"
    r"(?:[a-z]|[0-9]{1,2})(?:[ .,;]|$)"
    r"|(?:\bc/o\b|\bco/|\batt[.:]|\bv/|\bhos\b|\bbor hos\b|\bopg(?:ang)?\b|\bindg(?:ang)?\b"
    r"|\bbag(?:hus|bygning)\b|\btlf\b)[^,;]*|\([^)]*\)|\[[^\]]*\]"
)
_TOKEN = re.compile(r"[a-z]+\d*|\d+[a-z](?![a-z])|\d+")
_GLUED_SHORT = re.compile(r"^(\d{1,2})([vhm])$")
_GLUED = {
    floor + door: (floor, door)
    for floor in ("st", "kl", "kld", "stuen")
    for door in ("tv", "th", "mf")
}
_DOTTED_DOOR = re.compile(r"[tm][vhf]")
_FLOOR_WORDS = {"sal", "sals", "etage", "etg", "etagen", "floor", "fl", "flr"}
_FILLERS = _FLOOR_WORDS | {
    *("et", "doer", "lejl", "lejlighed", "nr", "til", "bolig", "side", "paa", "i", "the"),
    *("doeren", "opgangen", "plan", "lejligheden", "apt", "apartment", "flat", "door"),
}
_FLOORS = {
    **dict.fromkeys(("st", "stuen", "stue", "stueetage", "stueetagen", "stueplan"), "st"),
    **dict.fromkeys(("stuelejlighed", "stuelejl", "parterre", "ground", "grd"), "st"),
    **dict.fromkeys(("kl", "kld", "kaelder", "kaelderen", "kaelderetage"), "kl"),
    **dict.fromkeys(("kaelderetagen", "kaelderlejlighed", "kaelderlejl", "basement"), "kl"),
}
_DOORS = {
    **dict.fromkeys(("tv", "venstre", "v", "vens", "left"), "tv"),
    **dict.fromkeys(("th", "hoejre", "h", "hoej", "right"), "th"),
    **dict.fromkeys(("mf", "midtfor", "midt", "m", "midten", "midterst", "middle"), "mf"),
}
_SIDES = {door for door in _DOORS if len(door) > 1}
_ORDINALS = {
    **dict(zip(("foerste", "anden", "tredje", "fjerde", "femte", "sjette"), "123456", strict=True)),
    **dict(zip(("first", "second", "third", "fourth", "fifth", "sixth"), "123456", strict=True)),
    **{"andet": "2", "tredie": "3", "syvende": "7", "ottende": "8", "niende": "9", "tiende": "10"},
}
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7"}
_ORDINAL = re.compile(r"\b(\d{1,2})\.? ?(?:ste|nd|rd|den|anden|tredje|st(?= fl)|th(?= fl))\b")
_STOREY = re.compile(r"(?<![a-z\d])(\d{1,2}) ?\.? ?(?:s|et|e)(?=\.| |$|,)\.?(?! ?\d)")
_DOTTED = re.compile(r"\b([tm])(?:\. ?|idt )([vhf])(?:or)?\b\.?")
_BELOW = re.compile(r"^[ ,.]*-1\b")
_DOOR_THEN_FLOOR = re.compile(
    r"\b(?:doer|lejl|lejlighed)\.? ?([a-z]?\d{1,4}|tv|th|mf)[ ,.]+(?:paa )?"
    r"(\d{1,2})\b\.? ?(?:(?:sal|etage|etg)\b)?"
)
_NUMBERED_DOOR = re.compile(r"^(?:\d{1,4}[a-z]?|[a-z]\d{0,3})$")


@lru_cache(maxsize=100_000)
def read_unit(text: str) -> Unit:
    """Floor and door in a folded text; anything that is neither is in `rest` or is a note."""
    without = NOTE.sub("", text)
    note = without != text
    tokens = _tokens(without)
    at, floor, door = _skip(tokens, 0), "", ""
    # `th, 2. sal`: the side before the floor.
    behind = _skip(tokens, at + 1)
    if behind < len(tokens) and tokens[at] in _SIDES and _floor(tokens[behind]):
        further = behind + 1 + (tokens[behind + 1 : behind + 2] == ["sal"])
        tokens[at:further] = [tokens[behind], tokens[at]]
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
        at += bool(door)
        if door == "mf" and tokens[at : at + 1] == ["for"]:
            at += 1
        # `2.-3. sal` has two floors, and tells of no unit.
        if door.isdigit() and at < len(tokens) and tokens[at] in _FLOOR_WORDS:
            floor, door, note = "", "", True
    rest = tokens[_skip(tokens, at) :]
    return Unit(floor, door, exact_key("".join(rest)), note)


def _tokens(text: str) -> list[str]:
    """Words and numbers, with what is a floor in words as its number."""
    plain = _DOTTED.sub(r"\1\2 ", _BELOW.sub("kl ", text))
    plain = _DOOR_THEN_FLOOR.sub(r"\2 sal \1", _ORDINAL.sub(r"\1 ", plain))
    plain = _STOREY.sub(r"\1 ", plain)
    tokens = [_ORDINALS.get(token, token) for token in _TOKEN.findall(plain)]
    at = _skip(tokens, 0, but=_ROMAN.keys())
    if at < len(tokens) and tokens[at] in _ROMAN and _goes_on_as_a_floor(tokens[at + 1 : at + 2]):
        tokens[at] = _ROMAN[tokens[at]]
    return tokens


def _goes_on_as_a_floor(after: list[str]) -> bool:
    return bool(after) and (after[0] in _SIDES or after[0] in _FLOOR_WORDS or after[0].isdigit())


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
