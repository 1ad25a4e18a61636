"""Other readings of a text, for where it leads nowhere as it stands.

Each rests on a slip that people are known to make.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import polars as pl

from kvarter.addresses.fold import contain
from kvarter.addresses.reasons import Reason, bits
from kvarter.addresses.units import read_unit
from kvarter.privacy import without_person_numbers

_LETTERS_FOR_DIGITS = re.compile(
    r"(?<![a-z\d])(?:[liosz]\d{1,2}|\d{1,2}[liosz]|[liz]o|\d[lio]{2}|[li][lio\d][lio])(?![a-z\d])"
)
_AS_DIGITS = str.maketrans("liosz", "11052")
_AS_LETTERS = str.maketrans("10", "lo")
_DIGIT_IN_A_WORD = re.compile(
    r"(?<=[a-z]{2})[10](?= ?[a-z]{3})|(?<=[a-z])[10](?=[a-z]{2})|^1(?=[a-z]{3})"
    r"|^[a-z]0(?=[a-z]{3})|(?<=[a-z]{3})[10](?=[a-z10]?[a-z])|(?<=[a-z]{3}[10])[10](?=[a-z])"
)
_NUMBER_AFTER_COMMA = re.compile(
    r"^([a-z][^,\d]*), ?(\d{1,3} ?[a-z]?)(?=[, ]|$)(?! ?(?:m2|kvm|kr|aar|pers|dage|mdr|vaer))"
)
_NUMBER_AFTER_DISTRICT = re.compile(
    r"^(.*?(?<!\d)\d{4} [a-z][a-z .]*?)[ ,]+(?:[a-z.]+ )?\d{4}(?!\d)"
)
_A_FLOOR = r"(?:\d[^,]*[a-z]|(?:st|stuen?|kld?)\b(?:[^,]*[a-z])?)"
_RANGE = re.compile(
    r"(?<![\d-])\d{1,3} ?[a-z]? ?- ?(\d{1,3}[a-z]?)(?![a-z\d.-])"
    r"(?! ?(?:sal|etage|tv|th|mf|st|v|h)\b)"
)
_ROMAN_FLOOR = re.compile(
    r"(?<=\d) ?([iv])[ ,.-]+(?=(?:sal )?(?:t\.? ?[vh]|mf|til [vh]\w*|venstre|hoejre|midt\w*)\b)"
)
_NUMBER_FIRST = re.compile(r"^(\d{1,3}[a-z]?),? ([a-z][^,\d]*)")


def reparsed(texts: pl.DataFrame) -> pl.DataFrame:
    """`of, folded, slip`: other ways to read the `texts` (`of, folded`), the likeliest first.

    `slip` is the reason that a way rests on. Most texts have no other way.
    """
    folded, of = texts["folded"].to_list(), texts["of"].to_list()
    rows = [
        (of[at], other, bits(slip))
        for way, hint, slip in _WAYS
        for at in contain(texts["folded"], hint).arg_true()
        for other in way(folded[at])
    ]
    schema = {"of": pl.UInt32, "folded": pl.String, "slip": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _letters_for_digits(folded: str) -> Iterator[str]:
    """`vestergade l2`, `vestergade 2O`: letters that a scanner or a hand put for digits."""
    if (found := _LETTERS_FOR_DIGITS.search(folded)) and found.start():
        yield folded[: found.start()] + found[0].translate(_AS_DIGITS) + folded[found.end() :]


def _digits_for_letters(folded: str) -> Iterator[str]:
    """`kar1a holms vej`: the digits that a scanner puts for letters."""
    if _DIGIT_IN_A_WORD.search(folded):
        yield _DIGIT_IN_A_WORD.sub(lambda found: found[0].translate(_AS_LETTERS), folded)


def _unit_first(folded: str) -> Iterator[str]:
    """`st. 3, ravnevej 4`: a unit before the street, with a number that is no house."""
    first, comma, rest = folded.partition(",")
    if comma and "," in rest:
        unit = read_unit(first)
        if unit.floor and not unit.rest:
            line, _, post = rest.partition(",")
            yield f"{line.strip()}, {first}, {post.strip()}"


def _number_after_comma(folded: str) -> Iterator[str]:
    """`ravnevej, 4`"""
    if found := _NUMBER_AFTER_COMMA.match(folded):
        yield f"{found[1].strip()} {found[2]}{folded[found.end() :]}"


def _number_first(folded: str) -> Iterator[str]:
    """`4 ravnevej`, as in other countries."""
    if found := _NUMBER_FIRST.match(folded):
        yield f"{found[2].strip()} {found[1]}{folded[found.end() :]}"


def _other_end(folded: str) -> Iterator[str]:
    """`ravnevej 4-8` where only 8 exists."""
    if found := _RANGE.search(folded):
        yield folded[: found.start()] + found[1] + folded[found.end() :]


def _without_a_later_number(folded: str) -> Iterator[str]:
    """`ravnevej 4, 2400 koebenhavn nv, siden 2019`: a year or a telephone is no postcode."""
    if found := _NUMBER_AFTER_DISTRICT.match(folded):
        yield found[1]


def _without_a_person_number(folded: str) -> Iterator[str]:
    """`ravnevej 4, 2400 010190-1233`: the text was not masked when it was read."""
    masked = without_person_numbers(folded)
    if masked != folded:
        yield masked


def _roman_floor(folded: str) -> Iterator[str]:
    """`ravnevej 4 i, tv`: no house 4I, but the first floor."""
    if found := _ROMAN_FLOOR.search(folded):
        floor = "1" if found[1] == "i" else "5"
        yield f"{folded[: found.start(1)].rstrip()}, {floor}. {folded[found.end() :]}"


_WAYS: list[tuple[Callable[[str], Iterator[str]], str, Reason]] = [
    (_without_a_person_number, r"(?:\d[^a-wy-z]*){9}|\de\+?\d", Reason.NOTE_IGNORED),
    (_without_a_later_number, r"\d{4} [a-z].*\d{4}", Reason.NOTE_IGNORED),
    (_other_end, r"\d ?[a-z]? ?- ?\d", Reason.HOUSE_NUMBER_RANGE),
    (
        _letters_for_digits,
        r"\b[liosz][\dlio]{1,2}\b|\d[liosz]{1,2}\b",
        Reason.HOUSE_NUMBER_SPELLING,
    ),
    (_digits_for_letters, r"[a-z][10]{1,2} ?[a-z]|^1[a-z]{3}", Reason.STREET_SPELLING),
    (_unit_first, rf"^{_A_FLOOR}[ .']*\d[^,]*,.*,", Reason.REORDERED),
    (_roman_floor, r"\d ?[iv][ ,.-]+(?:sal )?[tmvh]", Reason.REORDERED),
    (_number_after_comma, r"^[a-z][^,\d]*, ?\d", Reason.REORDERED),
    (_number_first, r"^\d{1,3}[a-z]?,? [a-z]", Reason.REORDERED),
]
"""Ways to read again, with what a text must have for each to be tried."""

HINTS = [hint for _, hint, _ in _WAYS]
