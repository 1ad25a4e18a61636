"""What stands after the house number -> floor, door, and what is neither."""

from __future__ import annotations

import re
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
    r"(?:\bc/o\b|\bco/|\batt[.:]|\bv/|\bhos\b|\bbor hos\b|\bopg(?:ang)?\b|\bbag(?:hus|bygning)\b"
    r"|\btlf\b)[^,;]*|\([^)]*\)|\[[^\]]*\]"
)
_TOKEN = re.compile(r"[a-z]+\d*|\d+[a-z](?![a-z])|\d+")
_GLUED_SHORT = re.compile(r"^(\d{1,2})([vhm])$")
_GLUED = {
    floor + door: (floor, door)
    for floor in ("st", "kl", "kld", "stuen")
    for door in ("tv", "th", "mf")
}
_DOTTED_DOOR = re.compile(r"[tm][vhf]")
_FLOOR_WORDS = {"sal", "sals", "etage", "etg"}
_FILLERS = _FLOOR_WORDS | {"et", "doer", "lejl", "lejlighed", "nr", "til", "bolig"}
_FLOORS = {
    "st": "st", "stuen": "st", "stue": "st", "parterre": "st",
    "kl": "kl", "kld": "kl", "kaelder": "kl", "kaelderen": "kl",
}  # fmt: skip
_DOORS = {
    "tv": "tv", "th": "th", "mf": "mf", "venstre": "tv", "hoejre": "th", "midtfor": "mf",
    "midt": "mf", "v": "tv", "h": "th", "m": "mf",
}  # fmt: skip
_NUMBERED_DOOR = re.compile(r"^(?:\d{1,4}[a-z]?|[a-z]\d{0,3})$")


@lru_cache(maxsize=100_000)
def read_unit(text: str) -> Unit:
    """Floor and door in a folded text; anything that is neither is in `rest` or is a note."""
    without = NOTE.sub("", text)
    note = without != text
    tokens = _TOKEN.findall(without)
    at, floor, door = _skip(tokens, 0), "", ""
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


def _skip(tokens: list[str], at: int) -> int:
    while at < len(tokens) and tokens[at] in _FILLERS:
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
        return token.lstrip("0") or ""
    return token if re.match(r"^k\d$", token) else ""


def _numbered(token: str) -> str:
    """A door that is a number, such as 3 or d4; words are no doors."""
    return (token.lstrip("0") or token) if _NUMBERED_DOOR.match(token) else ""
