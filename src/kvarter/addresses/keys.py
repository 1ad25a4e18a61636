"""Streets by the keys that they are spelt with, found by a whole key or by how it begins."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import polars as pl

_AFTER_ALL = "\U0010ffff"


class Keys:
    """Keys in order, each with the number of a street: found without going through them all."""

    def __init__(self, keys: pl.Series, streets: pl.Series) -> None:
        """`streets`: the number that belongs to each of `keys`."""
        pairs = pl.DataFrame({"key": keys, "street": streets}).unique().sort("key", "street")
        self.keys: list[str] = pairs["key"].to_list()
        self.streets = pairs["street"].to_numpy()

    def equal(self, key: str) -> list[int]:
        """The streets with this key."""
        found: list[int] = self.streets[
            bisect_left(self.keys, key) : bisect_right(self.keys, key)
        ].tolist()
        return found

    def beginning(self, start: str) -> range:
        """The places of the keys that begin so."""
        return range(bisect_left(self.keys, start), bisect_left(self.keys, start + _AFTER_ALL))
