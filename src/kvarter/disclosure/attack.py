"""The attacker: how closely can a hidden count be known from everything that is published?

He knows the ground (which cells are sums of which parts), that counts are whole and not negative,
and every published figure as far as its rounding goes. For each hidden cell two integer programs
find the least and the most it can be (the disclosure auditing problem; Fischetti and
Salazar-Gonzalez 2001, Management Science 47:1008, sect. 2). He is built from what is published
alone, and knows nothing of how it was chosen what to hide.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from kvarter.disclosure.solver import program
from kvarter.disclosure.table import CellTable

_SLACK = 1e-6


@dataclass(frozen=True)
class Fact:
    """What is published of a cell: its count lies from `low` to `high`. `where` it stands."""

    cell: Hashable
    low: float
    high: float
    where: str = ""


@dataclass(frozen=True)
class Bounds:
    """The least and the most that a hidden count can be; `high` may be infinite."""

    cell: Hashable
    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


class Attacker:
    """Knows a table and facts on its cells; `ask` him for any cell."""

    def __init__(self, table: CellTable, facts: Iterable[Fact], *, whole: bool = True) -> None:
        """`whole`: the parts are whole numbers; else any that are not negative."""
        self._rows = {name: row for row, name in enumerate(table.names)}
        self._parts = table.parts
        rows = len(table.names)
        self._solver = program(
            table, np.full(rows, -math.inf), np.full(rows, math.inf), whole=whole
        )
        self._facts = list(facts)
        span: dict[Hashable, tuple[float, float]] = {}
        for fact in self._facts:
            low, high = span.get(fact.cell, (0.0, math.inf))
            span[fact.cell] = max(low, fact.low), min(high, fact.high)
        self._bounds = [span.get(name, (-math.inf, math.inf)) for name in table.names]
        for row, (low, high) in enumerate(self._bounds):
            self._solver.changeRowBounds(row, low, high)
        self._agreed: bool | None = None

    def ask(self, cell: Hashable, instead: Sequence[Fact] = ()) -> Bounds | None:
        """What he can say of `cell`; None where the facts contradict each other.

        `instead`: facts to put in place of those on the same cells, for this question alone.
        """
        if not self._agree():
            return None
        for fact in instead:
            self._solver.changeRowBounds(self._rows[fact.cell], fact.low, fact.high)
        self._look_at(self._parts_of(cell))
        low = self._end(highspy.ObjSense.kMinimize)
        high = self._end(highspy.ObjSense.kMaximize)
        for fact in instead:
            row = self._rows[fact.cell]
            self._solver.changeRowBounds(row, *self._bounds[row])
        if low is None or high is None:
            return None
        return Bounds(cell, math.ceil(low - _SLACK), high if math.isinf(high) else round(high, 6))

    def found_by(self, cell: Hashable, width: float) -> list[Fact]:
        """What he could not do without: the facts on any one cell, left out, keep `cell` as wide.

        Empty where it takes more than one to be left out.
        """
        found: list[Fact] = []
        for name in dict.fromkeys(fact.cell for fact in self._facts if fact.cell in self._rows):
            bounds = self.ask(cell, [Fact(name, -math.inf, math.inf)])
            if bounds is not None and bounds.width >= width:
                found += [fact for fact in self._facts if fact.cell == name]
        return found

    def _agree(self) -> bool:
        """Whether there is any table that all facts hold of; looked for once."""
        if self._agreed is None:
            self._look_at([])
            self._agreed = self._end(highspy.ObjSense.kMinimize) is not None
        return self._agreed

    def _parts_of(self, cell: Hashable) -> np.ndarray:
        row = self._rows[cell]
        own: np.ndarray = self._parts.indices[self._parts.indptr[row] : self._parts.indptr[row + 1]]
        return own

    def _look_at(self, parts: Sequence[int] | np.ndarray) -> None:
        """From now on the sum of `parts` is what is made small or large."""
        columns = self._parts.shape[1]
        cost = np.zeros(columns)
        cost[np.asarray(parts, dtype=int)] = 1.0
        self._solver.changeColsCost(columns, np.arange(columns, dtype=np.int32), cost)

    def _end(self, sense: highspy.ObjSense) -> float | None:
        self._solver.changeObjectiveSense(sense)
        self._solver.run()
        status = self._solver.getModelStatus()
        kinds = highspy.HighsModelStatus
        if status in (kinds.kUnbounded, kinds.kUnboundedOrInfeasible):
            return math.inf
        if status != kinds.kOptimal:
            return None
        return float(self._solver.getInfo().objective_function_value)
