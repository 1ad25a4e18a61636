"""What else must be hidden, so that no hidden count can be worked out: the least that does it.

Complementary cell suppression with sliding protection, by cutting planes (Fischetti and
Salazar-Gonzalez 2001, Management Science 47:1008): a master program chooses the cheapest cells to
hide; two linear programs see how closely each primary cell can then be inferred; where that is too
close, their duals give an inequality that every safe choice satisfies, and the master chooses
again. The master is a relaxation, so its first safe choice is the best there is.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace

import highspy
import numpy as np

from kvarter.disclosure.attack import Attacker, Fact
from kvarter.disclosure.solver import program, solver
from kvarter.disclosure.table import CellTable

_SLACK = 1e-6
_MOST_ROUNDS = 400


@dataclass(frozen=True)
class Suppression:
    """The cells to hide (primary ones among them), what they cost, and how sure it is the least.

    `gap`: by how much of its cost, at most, a cheaper choice could be cheaper; 0 is proved optimal.
    `unprotected`: primary cells that no choice protects, since others are known for good.
    """

    hidden: frozenset[Hashable]
    cost: float
    gap: float
    unprotected: frozenset[Hashable] = frozenset()


@dataclass(frozen=True)
class SuppressionProblem:
    """What is to be protected.

    counts: of every cell of the `table`.
    primary: the cells to protect, each with its width (the most less the least it could be, as far
        as anyone can tell).
    costs: of hiding a cell.
    known: cells that were published before, and are never hidden again.
    corrected: cells of which another number was published before.
    """

    table: CellTable
    counts: Mapping[Hashable, float]
    primary: Mapping[Hashable, float]
    costs: Mapping[Hashable, float]
    known: frozenset[Hashable] = frozenset()
    corrected: frozenset[Hashable] = frozenset()


def suppress(problem: SuppressionProblem, *, gap: float = 0.0) -> Suppression:
    """The cheapest cells to hide so that none of `primary` can be inferred closer than its width.

    `gap`: how far from the best a choice may be, as a part of its cost.
    """
    table, counts, known = problem.table, problem.counts, problem.known
    names = table.names
    at = {name: row for row, name in enumerate(names)}
    primary = {cell: width for cell, width in problem.primary.items() if cell not in known}
    widest = max(primary.values(), default=0.0)
    exposed = _Exposed(table, np.array([counts[name] for name in names], float), widest)
    everything = np.array([name not in known for name in names], float)
    alone = np.array([name in primary for name in names], float)
    # Hiding more makes no range narrower: what the primary cells protect by themselves is safe.
    seen = {cell: exposed.width(at[cell], alone, width) for cell, width in primary.items() if width}
    open_ = {cell: primary[cell] for cell in seen if seen[cell][0] < primary[cell] - _SLACK}
    lost = {
        cell
        for cell, width in open_.items()
        if exposed.width(at[cell], everything, width)[0] < width - _SLACK
    }
    wanted = {at[cell]: width for cell, width in open_.items() if cell not in lost}
    master = _Master(
        np.array([problem.costs[name] for name in names], float),
        forced=[at[cell] for cell in primary],
        barred=[at[cell] for cell in known],
        gap=gap,
    )
    for cell in (each for each in open_ if each not in lost):
        master.add(*seen[cell][1])
    for _round in range(_MOST_ROUNDS):
        hidden = master.choose()
        cuts = [
            cut
            for row, width in wanted.items()
            for found, cut in [exposed.width(row, hidden, width)]
            if found < width - _SLACK
        ]
        if not cuts:
            break
        for coefficients, least in cuts:
            master.add(coefficients, least)
    else:
        hidden = everything  # no safe choice was proved in time: hide all that can be hidden
    chosen = [names[row] for row in np.flatnonzero(hidden > 0.5)]
    total = float(sum(problem.costs[name] for name in chosen))
    proved = master.bound / total if total else 1.0
    return Suppression(frozenset(chosen), total, round(max(0.0, 1 - proved), 9), frozenset(lost))


def suppress_after(problem: SuppressionProblem) -> Suppression:
    """As `suppress`, where the published figures of some cells were corrected since.

    Who lays the two publications side by side may guess that all else is as it was. So to the other
    cells the corrected ones are known, as they are now. They themselves must be safe from one who
    reads only what is published now.
    """
    corrected, primary = problem.corrected, problem.primary
    others = {cell: width for cell, width in primary.items() if cell not in corrected}
    known = problem.known | corrected
    first = suppress(replace(problem, primary=others, known=known))
    if others.keys() == primary.keys():
        return first
    # In the order of the table: of two choices that cost the same, the first found is taken.
    own = {cell: 0.0 for cell in problem.table.names if cell in first.hidden} | {
        cell: width for cell, width in primary.items() if cell in corrected
    }
    both = suppress(replace(problem, primary=own))
    lost = first.unprotected | both.unprotected
    return replace(both, gap=max(first.gap, both.gap), unprotected=lost)


def suppress_small(
    problem: SuppressionProblem, threshold: int, last: Iterable[Hashable] = ()
) -> Suppression:
    """As `suppress_after`, so that what is hidden reveals no more than which numbers are small.

    The program is open, so the choice may not rest on how small they are. It is first made with
    stand-ins for all parts, which are the same whatever these are: 1 for a small number, the
    threshold for any other. What protects the stand-ins protects the counts, which are no smaller.
    Where the shown sums still leave a small number less than 1 to threshold - 1, more is hidden.
    Only then, for what none of this protects without the cells of `last`, the counts themselves
    are asked: their sums are shown, or small numbers of their own.
    """
    table, counts, primary = problem.table, problem.counts, problem.primary
    known = problem.known
    barred = known | (frozenset(last) & frozenset(table.names)) - primary.keys()
    stood_in = replace(problem, counts=_stand_ins(table, counts, threshold))
    found = suppress_after(replace(stood_in, known=barred))
    small = [c for c in primary if 0 < counts[c] < threshold and c not in known]
    for not_to_hide in (barred, known):  # first without the totals
        narrow = _narrow(problem, stood_in.counts, found.hidden, small, threshold)
        if not narrow:
            break
        wider = {cell: 0.0 for cell in table.names if cell in found.hidden}
        wider |= {c: primary[c] for c in primary if c not in found.unprotected} | narrow
        more = suppress_after(replace(stood_in, primary=wider, known=not_to_hide))
        found = replace(more, unprotected=found.unprotected)
    if not found.unprotected:
        return found
    forced = {cell: 0.0 for cell in table.names if cell in found.hidden}
    forced |= {cell: primary[cell] for cell in table.names if cell in found.unprotected}
    return suppress_after(replace(problem, primary=forced))


def _stand_ins(
    table: CellTable, counts: Mapping[Hashable, float], threshold: int
) -> dict[Hashable, float]:
    """The cells, were every small part 1, and every other the threshold."""
    whole = np.zeros(table.parts.shape[1])
    for row, name in enumerate(table.names):
        own = table.parts.indices[table.parts.indptr[row] : table.parts.indptr[row + 1]]
        if own.size == 1:
            count = counts[name]
            whole[own[0]] = min(count, threshold if count >= threshold else 1)
    return dict(zip(table.names, (table.parts @ whole).tolist(), strict=True))


def _narrow(
    problem: SuppressionProblem,
    stand_ins: Mapping[Hashable, float],
    hidden: frozenset[Hashable],
    small: list[Hashable],
    threshold: int,
) -> dict[Hashable, float]:
    """The small cells that are not open from 1 to the threshold, to who knows which are small.

    With a width to ask for that more has to be hidden for. One beyond threshold - 1, so that among
    the towns in which more is hidden are those in which the number is threshold - 1.
    """
    table, counts = problem.table, problem.counts

    def published(values: Mapping[Hashable, float]) -> list[Fact]:
        return [Fact(c, values[c], values[c]) for c in table.names if c not in hidden]

    kinds: dict[Hashable, Fact] = {}
    for cell in hidden:
        low, high = 0.0, 0.0
        if counts[cell]:
            few = counts[cell] < threshold
            low, high = (1.0, threshold - 1.0) if few else (float(threshold), math.inf)
        kinds[cell] = Fact(cell, low, high)
    knows = Attacker(table, [*published(counts), *kinds.values()], whole=False)
    stood_in = None
    found = {}
    parts = {
        name: frozenset(table.parts.indices[table.parts.indptr[row] : table.parts.indptr[row + 1]])
        for row, name in enumerate(table.names)
        if name in kinds and 0 < counts[name] < threshold
    }
    for cell in small:
        # Of all that is small because of it, one more is thought possible.
        wide = [Fact(o, 1.0, threshold) for o, own in parts.items() if own >= parts[cell]]
        seen = knows.ask(cell, wide)
        if seen is not None and seen.low <= 1 and seen.high >= threshold:
            continue
        stood_in = stood_in or Attacker(table, published(stand_ins), whole=False)
        now = stood_in.ask(cell)
        if now is not None and math.isfinite(now.width):
            found[cell] = now.width + 1
    return found


Cut = tuple[np.ndarray, float]
"""Coefficients of the cells, and the least that their sum over the hidden ones must be."""


class _Exposed:
    """How far a cell can be published when some are hidden: the attacker's linear program.

    A hidden cell may be anything from zero to `most`, which leaves room for the `widest` range that
    is asked for; a shown one is its count.
    """

    def __init__(self, table: CellTable, counts: np.ndarray, widest: float) -> None:
        self._parts, self._counts = table.parts, counts
        rows, columns = table.parts.shape
        self._most = 2 * (float(counts.max(initial=0)) + widest)
        self._columns = np.arange(columns, dtype=np.int32)
        self._solver = program(table, counts, counts, whole=False)
        self._hidden = np.zeros(rows)

    def width(self, row: int, hidden: np.ndarray, asked: float) -> tuple[float, Cut]:
        """The most less the least that a cell can be, and the cut that says what widens it."""
        self._hide(hidden > 0.5)
        cost = np.zeros(self._columns.size)
        cost[self._parts.indices[self._parts.indptr[row] : self._parts.indptr[row + 1]]] = 1.0
        self._solver.changeColsCost(self._columns.size, self._columns, cost)
        ends, reach, constant = [], np.zeros(self._counts.size), 0.0
        for sense, sign in ((highspy.ObjSense.kMaximize, 1), (highspy.ObjSense.kMinimize, -1)):
            self._solver.changeObjectiveSense(sense)
            self._solver.run()
            ends.append(self._solver.getInfo().objective_function_value)
            if sign > 0 and ends[0] - self._counts[row] >= asked:  # it can be what it is
                return ends[0] - self._counts[row], (reach, 0.0)
            dual = sign * np.array(self._solver.getSolution().row_dual)
            # By duality the end is at most dual x (count, or how far a hidden cell can move).
            upward, downward = np.maximum(dual, 0), np.maximum(-dual, 0)
            reach += upward * (self._most - self._counts) + downward * self._counts
            constant += float(dual @ self._counts)
        least = asked - constant
        reach[reach < _SLACK] = 0.0
        return ends[0] - ends[1], (np.minimum(reach, max(least, 0.0)), least)

    def _hide(self, hidden: np.ndarray) -> None:
        for row in np.flatnonzero(hidden != (self._hidden > 0.5)):
            count = self._counts[row]
            low, high = (0.0, self._most) if hidden[row] else (count, count)
            self._solver.changeRowBounds(int(row), low, high)
        self._hidden = hidden.astype(float)


class _Master:
    """Chooses the cheapest cells to hide that satisfy all the cuts so far."""

    def __init__(self, cost: np.ndarray, forced: list[int], barred: list[int], gap: float) -> None:
        self._solver = made = solver()
        made.setOptionValue("mip_rel_gap", gap)
        lower, upper = np.zeros(cost.size), np.ones(cost.size)
        lower[forced], upper[barred] = 1.0, 0.0
        for low, high, each in zip(lower, upper, cost, strict=True):
            made.addCol(float(each), float(low), float(high), 0, [], [])
        for column in range(cost.size):
            made.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        self.bound = 0.0

    def add(self, coefficients: np.ndarray, least: float) -> None:
        """From now on the coefficients of the hidden cells sum to `least` or more."""
        columns = np.flatnonzero(coefficients).astype(np.int32)
        self._solver.addRow(least, highspy.kHighsInf, columns.size, columns, coefficients[columns])

    def choose(self) -> np.ndarray:
        """1 for each cell to hide, else 0; `bound` is what any choice costs at least."""
        self._solver.run()
        self.bound = float(self._solver.getInfo().mip_dual_bound)
        return np.round(np.array(self._solver.getSolution().col_value))
