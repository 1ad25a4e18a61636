"""Rows of a table found by two whole numbers, with a binary search.

A text asks for few rows of what may be a whole country: a join would go through them all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
_ALL_ROWS = 2**31 - 1
"""In one piece, so that a row is found without looking for its piece."""
_LAST = 2**32 - 2
_NO_KEY = 2**64 - 1


class Lookup:
    """A table in the order of its key: two columns of whole numbers, each below 2**32 - 1."""

    def __init__(self, table: pl.DataFrame, first: str, second: str) -> None:
        """`table`: sorted by `first` and `second`, the columns of its key."""
        self._found = table.drop(first, second).rechunk()
        self._keys = np.append(_keys(table[first], table[second]), np.uint64(_NO_KEY))

    def write(self, path: Path) -> None:
        """Write it as two files, for `open`: what is there is read from the disk when it is needed.

        Raises OSError where they cannot be written.
        """
        # Aside first: whoever has an older one open goes on with it.
        aside = path.with_name(f"{path.name}.new")
        self._found.write_ipc(aside, compression="uncompressed", record_batch_size=_ALL_ROWS)
        aside.replace(path.with_suffix(".arrow"))
        with aside.open("wb") as file:
            np.save(file, self._keys)
        aside.replace(path.with_suffix(".npy"))

    @classmethod
    def open(cls, path: Path) -> Lookup:
        """What was written to `path`. Raises OSError or ValueError where it is not there."""
        opened = cls.__new__(cls)
        # Polars would read all of it.
        with pa.memory_map(str(path.with_suffix(".arrow"))) as file:
            found = pl.from_arrow(pa.ipc.open_file(file).read_all(), rechunk=False)
        assert isinstance(found, pl.DataFrame)
        opened._found = found
        opened._keys = np.asarray(np.load(path.with_suffix(".npy"), mmap_mode="r"))
        return opened

    def one_of(self, first: pl.Series, second: pl.Series) -> pl.DataFrame:
        """The first row with each key, without the key; nulls where there is none."""
        keys = _keys(first, second)
        at = np.searchsorted(self._keys, keys)
        there = (self._keys[at] == keys) & (keys != _NO_KEY)
        found = pl.Series(at).set(pl.Series(~there), None)
        return self._found.select(pl.all().gather(found))

    def rows(self, first: int, second: int, last: int | None = None) -> range:
        """The places of the rows with this key, or with a `second` up to `last`, for `row`."""
        ends = np.array([second, (second if last is None else last) + 1], np.uint64)
        start, end = np.searchsorted(self._keys, ends + np.uint64(first << 32))
        return range(int(start), int(end))

    def spans(self, first: Numbers, second: int, last: int) -> tuple[Numbers, Numbers]:
        """Where the rows of each `first` start and end whose `second` is from this up to `last`."""
        keys = first.astype(np.uint64) << np.uint64(32)
        ends = [np.searchsorted(self._keys, keys + np.uint64(at)) for at in (second, last + 1)]
        return ends[0], ends[1]

    def count(self, first: Numbers) -> Numbers:
        """How many rows each `first` has."""
        start, end = self.spans(first, 0, _LAST)
        return end - start

    def second(self, rows: Numbers) -> Numbers:
        """The second number of the key of each row."""
        return (self._keys[rows] & np.uint64(2**32 - 1)).astype(np.int64)

    def row(self, place: int) -> dict[str, Any]:
        """One row, without the key."""
        return self._found.row(place, named=True)

    def first(self, first: int, second: int | None) -> dict[str, Any] | None:
        """The first row with this key, without the key; None where there is none."""
        places = self.rows(first, second) if second is not None else range(0)
        return self.row(places[0]) if places else None

    def all_of(self, asked: pl.DataFrame, first: str, second: str) -> pl.DataFrame:
        """`asked`, with its key in these columns, never null: a row for each row of the table."""
        keys = _keys(asked[first], asked[second])
        start = np.searchsorted(self._keys, keys)
        count = np.searchsorted(self._keys, keys, "right") - start
        row = np.repeat(np.arange(keys.size), count)
        nth = np.arange(row.size) - np.repeat(count.cumsum() - count, count)
        both: tuple[pl.DataFrame, ...] = asked[row], self._found[start[row] + nth]
        return pl.concat(both, how="horizontal")


def _keys(first: pl.Series, second: pl.Series) -> NDArray[np.uint64]:
    both = first.cast(pl.UInt64) * 2**32 + second.cast(pl.UInt64)
    return both.fill_null(_NO_KEY).to_numpy()
