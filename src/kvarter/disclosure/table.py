"""Counts that hang together: cells, and the parts of the city each of them is the sum of.

Whatever is published of one indicator and year (single areas that may overlap, the areas together,
the rest, the city, an earlier area set) is a sum of the same parts: the smallest pieces that no
border crosses. So one table says every relation between the cells, and there is no list of
equations to forget one in.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class CellTable:
    """`names` of the cells, and for each of them which of the `parts` it is the sum of (0 or 1)."""

    names: tuple[Hashable, ...]
    parts: csr_array

    @classmethod
    def of(cls, members: Mapping[Hashable, Iterable[Hashable]]) -> CellTable:
        """A table from each cell's parts, by any names of these."""
        from scipy.sparse import csr_array  # not for a command that hides nothing

        known: dict[Hashable, int] = {}
        rows, columns = [], []
        for row, own in enumerate(members.values()):
            for part in own:
                rows.append(row)
                columns.append(known.setdefault(part, len(known)))
        shape = (len(members), max(len(known), 1))
        ones = np.ones(len(rows))
        return cls(tuple(members), csr_array((ones, (rows, columns)), shape=shape))

    @classmethod
    def crossed(cls, *sides: Sequence[Hashable]) -> CellTable:
        """A table of several sides with all its totals: cells are tuples, `None` is a total."""
        inner: list[tuple[Hashable, ...]] = [()]
        for side in sides:
            inner = [(*cell, name) for cell in inner for name in side]
        members: dict[Hashable, list[Hashable]] = {}
        for cell in inner:
            shown: list[tuple[Hashable, ...]] = [()]
            for name in cell:
                shown = [(*each, wide) for each in shown for wide in (name, None)]
            for each in shown:
                members.setdefault(each, []).append(cell)
        return cls.of(members)

    def sums(self, values: Mapping[Hashable, float]) -> dict[Hashable, float]:
        """Every cell, from the values of those that are a single part each."""
        single = {
            int(self.parts.indices[self.parts.indptr[row]]): values[name]
            for row, name in enumerate(self.names)
            if self.parts.indptr[row + 1] - self.parts.indptr[row] == 1 and name in values
        }
        vector = np.array([single[part] for part in range(self.parts.shape[1])])
        return dict(zip(self.names, (self.parts @ vector).tolist(), strict=True))
