"""Writes an address down as someone in a hurry would, and says which ways of writing they used."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from numpy.random import Generator

from . import noise
from .directory import Address, Directory
from .written import Context, Way, Written, official

Ways = tuple[tuple[float, Way], ...]

KINDS: dict[str, Ways] = {
    "case": ((2, noise.lower_case), (2, noise.upper_case)),
    "street": (
        (7, noise.typo),
        (3, noise.short_words),
        (2, noise.short_ending),
        (2, noise.two_letter_vowels),
        (2, noise.bare_letters),
        (1, noise.postal_name),
        (1, noise.mojibake),
    ),
    "unit": (
        (3, noise.glued_unit),
        (3, noise.spelt_out_unit),
        (1, noise.padded_unit),
        (2, noise.tight_unit),
        (2, noise.other_ground_floor),
    ),
    "post": (
        (2, noise.no_postcode),
        (2, noise.no_district),
        (3, noise.short_city),
        (1.5, noise.post_first),
    ),
    "number": ((2, noise.letter_apart), (1, noise.small_letter), (1, noise.scanned_number)),
    "around": ((1, noise.care_of), (1, noise.trailing_note), (0.5, noise.staircase)),
    "commas": ((1, noise.no_commas),),
}
"""Ways of writing by what they touch, and how often each is used. No two touch the same thing.

They are applied in this order: letters garbled before their case is changed could not be read.
"""

ORDER = tuple(KINDS)
SHARE_OF_KINDS = (0.10, 0.27, 0.19, 0.20, 0.06, 0.09, 0.09)
PLAIN, ONE_WAY = 0.22, 0.45
STREET_WAYS = {"former_name", *(way.__name__ for _, way in KINDS["street"])}


def write(
    address: Address, directory: Directory, rng: Generator, day: dt.date, unit: bool = True
) -> tuple[Written, str]:
    """`address` as someone wrote it on `day`, and the names of the ways they used.

    `unit` False leaves floor and door out. The result always leads to one unit (or entrance).
    """
    context = Context(address, directory, rng)
    written = official(address) if unit else replace(official(address), unit="")
    used: list[str] = []
    kinds = [kind for kind in ORDER if unit or kind != "unit"]
    if not address.has_unit and "unit" in kinds:
        kinds.remove("unit")
    if address.old_street and (f"{day}" <= address.old_until or rng.random() < 0.6):
        written = replace(written, street=address.old_street)
        used.append("former_name")
        kinds.remove("street")
    draw = rng.random()
    how_many = 0 if draw < PLAIN else 1 if draw < PLAIN + ONE_WAY else 2
    for kind in _some_kinds(kinds, how_many, rng):
        way = _weighted(KINDS[kind], rng)
        # A reader without the postcode has the whole city's streets to choose from.
        if way is noise.no_postcode and STREET_WAYS & set(used):
            continue
        changed = way(written, context)
        if changed is not None:
            written = changed
            used.append(way.__name__)
    return written, " + ".join(used) or "official"


def _some_kinds(kinds: list[str], how_many: int, rng: Generator) -> list[str]:
    """`how_many` of `kinds`, in the order in which they are applied."""
    shares = [SHARE_OF_KINDS[ORDER.index(kind)] for kind in kinds]
    total = sum(shares)
    chosen = rng.choice(len(kinds), how_many, replace=False, p=[s / total for s in shares])
    return [kinds[i] for i in sorted(chosen.tolist())]


def _weighted(ways: Ways, rng: Generator) -> Way:
    total = sum(weight for weight, _ in ways)
    return ways[int(rng.choice(len(ways), p=[weight / total for weight, _ in ways]))][1]
