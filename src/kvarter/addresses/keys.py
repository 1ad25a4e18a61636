"""Streets by the keys that they are spelt with: whole, by how they begin, or misspelt."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cache, cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from kvarter.addresses.fold import exact_keys, fold, fold_all, loose_keys, typing_keys
from kvarter.addresses.streets import numbered

Ids = NDArray[np.int64]

_LETTERS = 'æøåéäöü"'
_AFTER_ALL = "\U0010ffff"
_ONE_MORE_ABOVE = (4, 8)
"""What is typed of a name can have one more typing error where it is longer than one of these."""
_LONGEST = 31
_BITS = np.zeros(0x100, np.uint32)
for _place, _letter in enumerate("abcdefghijklmnopqrstuvwxyzæøå0123456789".encode("latin-1")):
    _BITS[_letter] = 1 << _place % 32


def fold_one(text: str) -> str:
    """`fold`, without a table where the letters are usual ones."""
    folded = " ".join(text.lower().translate(_folded_letters()).split())
    return folded if folded.isascii() and folded.isprintable() else fold(text)


@cache
def _folded_letters() -> dict[int, str]:
    letters = [f"-{letter}-" for letter in _LETTERS]
    folded = [letter.strip("-") for letter in fold_all(pl.Series(letters))]
    return str.maketrans(dict(zip(_LETTERS, folded, strict=True)))


class Keys:
    """Keys in order, each with the number of a street: found without going through them all."""

    def __init__(self, keys: pl.Series, streets: pl.Series) -> None:
        """`streets`: the number that belongs to each of `keys`."""
        pairs = pl.DataFrame({"key": keys, "street": streets.cast(pl.Int64)})
        pairs = pairs.filter(pl.col("key") != "").unique().sort("key", "street")
        self._keys: list[str] = pairs["key"].to_list()
        self._streets = pairs["street"].to_numpy()

    def equal(self, key: str) -> Ids:
        """The streets with this key."""
        return self._streets[bisect_left(self._keys, key) : bisect_right(self._keys, key)]

    def beginning(self, start: str) -> Ids:
        """The streets whose key begins so, in the order of their keys."""
        end = bisect_left(self._keys, start + _AFTER_ALL)
        return self._streets[bisect_left(self._keys, start) : end]


class StreetKeys:
    """All names of the streets of an index, by their keys. `exact`, `loose`: see `fold`."""

    def __init__(self, names: pl.DataFrame) -> None:
        """`names`: those of the index."""
        streets = numbered(names)
        spelt = fold_all(
            pl.concat([streets["street_name"], streets["postal_street_name"].alias("")])
        )
        both = pl.DataFrame({"name": spelt, "street": pl.concat([streets["street_id"]] * 2)})
        self._spelt = both.filter(pl.col("name") != "").unique().sort("name", "street")
        self.exact = Keys(exact_keys(self._spelt["name"]), self._spelt["street"])
        self._loose_keys = loose_keys(self._spelt["name"])
        self.loose = Keys(self._loose_keys, self._spelt["street"])

    @cached_property
    def inside(self) -> Keys:
        """By the keys from a later word on: `kongevej` of `gammel kongevej`."""
        rest = self._spelt.select("street", words=pl.col("name").str.split(" "))
        parts = []
        while rest.height:
            rest = rest.with_columns(pl.col("words").list.slice(1))
            rest = rest.filter(pl.col("words").list.len() > 0)
            parts.append(rest.select("street", name=pl.col("words").list.join(" ")))
        later = pl.concat([self._spelt.select("street", "name").clear(), *parts])
        return Keys(exact_keys(later["name"]), later["street"])

    @cached_property
    def misspelt(self) -> Misspelt:
        """By keys that are typed with errors."""
        return Misspelt(self._loose_keys, self._spelt["street"])


class Misspelt:
    """Finds names that begin nearly as what is typed.

    A typing error takes one letter away at most, and brings one: a name that begins with other
    letters is ruled out by counting bits, and only the rest is compared.
    """

    def __init__(self, keys: pl.Series, streets: pl.Series) -> None:
        """`keys`: loose ones, with the street of each."""
        typed = typing_keys(keys)
        listed = typed.filter(typed != "").unique().sort()
        self._names: list[str] = listed.to_list()
        self._streets = Keys(typed, streets)
        self._lengths = listed.str.len_chars().to_numpy()
        table = np.array(
            [name[:_LONGEST].encode("latin-1", "replace") for name in self._names], "S"
        )
        letters = table.view(np.uint8).reshape(len(self._names), -1).T if self._names else table
        bits = np.zeros((_LONGEST + 1, len(self._names)), np.uint32)
        for place in range(_LONGEST):
            added = _BITS[letters[place]] if place < len(letters) and self._names else 0
            bits[place + 1] = bits[place] | added
        self._letters = bits

    def near(self, loose: str) -> list[tuple[int, Ids]]:
        """The streets whose names begin nearly as the loose key, the nearest first.

        Each with its errors, doubled, and one more where the name goes on.
        """
        typed = str(typing_keys(pl.Series([loose]))[0])
        most = sum(len(typed) > length for length in _ONE_MORE_ABOVE)
        if not most or len(typed) > _LONGEST - most:
            return []
        size = len(typed)
        own = np.bitwise_or.reduce(_BITS[list(typed.encode("latin-1", "replace"))])
        lacks = np.bitwise_count(own & ~self._letters[size + most])
        has_more = np.bitwise_count(self._letters[size - most] & ~own)
        fits = (lacks <= most) & (has_more <= most) & (self._lengths >= size - most)
        names = [self._names[at] for at in np.flatnonzero(fits)]
        errors = self._errors(typed, [name[:_LONGEST] for name in names], most)
        found = [
            (2 * int(error) + (abs(len(name) - size) > error), name)
            for name, error in zip(names, errors, strict=True)
            if error <= most
        ]
        return [(rank, self._streets.equal(name)) for rank, name in sorted(found)]

    @staticmethod
    def _errors(typed: str, names: list[str], most: int) -> NDArray[np.uint8]:
        """The fewest errors between what is typed and any beginning of each name."""
        lengths = range(len(typed) - most, len(typed) + most + 1)
        starts = [name[:length] for name in names for length in lengths]
        if not starts:
            return np.zeros(0, np.uint8)
        errors = process.cdist(
            [typed], starts, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8
        )
        fewest: NDArray[np.uint8] = errors.reshape(len(names), -1).min(axis=1)
        return fewest
