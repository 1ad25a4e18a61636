"""What stands after the house number -> floor, door, and what is neither."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

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
_GLUED = re.compile(r"\b(st|kl|kld|stuen)(tv|th|mf)\b")
_DOTTED_DOOR = re.compile(r"\b([tm])[. ]{1,2}([vhf])\b")
_FILLERS = {"sal", "sals", "etage", "etg", "et", "doer", "lejl", "lejlighed", "nr", "til", "bolig"}
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
    joined = _GLUED.sub(r"\1 \2", _DOTTED_DOOR.sub(r"\1\2", without))
    tokens = _TOKEN.findall(joined)
    at, floor, door = _skip(tokens, 0), "", ""
    if at < len(tokens) and (short := _GLUED_SHORT.match(tokens[at])):
        tokens[at : at + 1] = short.groups()
    if at < len(tokens):
        floor = _floor(tokens[at])
        at += bool(floor)
    at = _skip(tokens, at)
    # A door without a floor stands alone: `tv`, `104`, `1b`.
    if at < len(tokens) and (floor or tokens[at] in _DOORS or tokens[at][0].isdigit()):
        door = _DOORS.get(tokens[at]) or _numbered(tokens[at])
        at += bool(door)
        if door == "mf" and tokens[at : at + 1] == ["for"]:
            at += 1
    rest = tokens[_skip(tokens, at) :]
    return Unit(floor, door, exact_key("".join(rest)), note)


def _skip(tokens: list[str], at: int) -> int:
    while at < len(tokens) and tokens[at] in _FILLERS:
        at += 1
    return at


def _floor(token: str) -> str:
    if token in _FLOORS:
        return _FLOORS[token]
    if token.isdigit() and len(token) <= 2:
        return token.lstrip("0") or ""
    return token if re.match(r"^k\d$", token) else ""


def _numbered(token: str) -> str:
    """A door that is a number, such as 3 or d4; words are no doors."""
    return (token.lstrip("0") or token) if _NUMBERED_DOOR.match(token) else ""
