"""What may be told of how many rows and cases had which fate.

Four places of a report tell such numbers: the table of rows by source and outcome, the note on
notices of a year that could not be placed, the tables of who is missing, and the city's number of
cases. They are sums of the same rows, so a number that one of them hides could be the difference of
those that others tell. What to hide is chosen over all of them at once (`suppress`), and an
attacker who has read all of them tries it.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import polars as pl

from kvarter.cases import FINAL, Outcome
from kvarter.disclosure.attack import Attacker, Fact
from kvarter.disclosure.audit import AUDIT
from kvarter.disclosure.protect import CHOICE
from kvarter.disclosure.suppress import suppress
from kvarter.disclosure.table import CellTable
from kvarter.errors import DisclosureError, Problem
from kvarter.judgement.missing import FACTORS
from kvarter.policy.model import CITY, CaseCount, Edition, Indicator, Policy, data_year

Cell = tuple[str, ...]
"""`ROWS, source, outcome`; `UNPLACED, year`; `LOCATED` or `LOST, indicator, factor, level`.

Not told here are `COUNTED, year`, which the results may tell, `OUTCOME, outcome, year`, and `AWAY,
indicator, factor, level`, the cases located in another municipality; but they can be differences.
"""

ROWS, UNPLACED, LOCATED, LOST, COUNTED = "rows", "unplaced", "located", "lost", "counted"
OUTCOME, AWAY = "outcome", "away"
ALL, READ = "all", "read"
"""The line with the totals of the sources, and the column with those of the outcomes."""

_UNTOLD = (OUTCOME, AWAY, COUNTED)
_NOT_PLACED = [Outcome.UNLOCATED.value, Outcome.OUTSIDE_MUNICIPALITY.value]
_KEPT = [Outcome.COUNTED.value, *_NOT_PLACED]
_COST = {ROWS: 1.0, LOCATED: 1.0, LOST: 1.0, UNPLACED: 30.0}
_COST_OF_A_TOTAL, _COST_OF_A_YEAR = 10.0, 3.0


@dataclass(frozen=True)
class Fates:
    """The `counts` of the rows and cases of one kind, and which of them are `hidden`.

    `sensitive`: small numbers that must stay open, each with the width it is to keep; `gap`: of
    the choice, as in `suppress`; `unprotected`: small ones that nothing can protect.
    """

    table: CellTable
    counts: dict[Cell, int]
    hidden: frozenset[Cell]
    sensitive: dict[Cell, float]
    gap: float = 0.0
    unprotected: int = 0

    def told(self, cell: Cell) -> int | None:
        """The number in `cell`; None where it is hidden. One without any row is 0."""
        return None if cell in self.hidden else self.counts.get(cell, 0)


def choose_fates(
    cases: pl.DataFrame,
    settled: pl.DataFrame,
    policy: Policy,
    edition: Edition,
    results: pl.DataFrame,
) -> dict[str, Fates]:
    """What may be told of the rows of each kind of case that has sources.

    `cases`: united rows; `settled`: `source, outcome, rows` of all; `results` as they are told.
    """
    kinds = {kind.id: kind for kind in policy.case_kinds}
    found = {}
    for kind in kinds:
        sources = [source.id for source in policy.sources if source.cases == kind]
        counting = [
            indicator
            for _, indicator in policy.indicators()
            if isinstance(indicator.numerator, CaseCount) and indicator.numerator.cases == kind
        ]
        if sources:
            rows = _with_fate(cases.filter(pl.col("cases") == kind))
            pieces = [
                *_of_cases(rows, counting, policy, edition),
                *_of_other_rows(rows, settled, sources),
            ]
            told = results.filter(
                (pl.col("group") == CITY) & pl.col("indicator").is_in([i.id for i in counting])
            )
            found[kind] = _choose(pieces, sources, told, float(policy.disclosure.threshold))
    return found


def told_missing(missing: pl.DataFrame, fates: dict[str, Fates], policy: Policy) -> pl.DataFrame:
    """`missing` without the figures of a level of which a number is hidden.

    And without the p-value of its factor, which the numbers of all its levels are in.
    """
    kind_of = {
        indicator.id: indicator.numerator.cases
        for _, indicator in policy.indicators()
        if isinstance(indicator.numerator, CaseCount)
    }
    shown = pl.Series(
        [
            None not in [fates[kind_of[level[0]]].told((what, *level)) for what in (LOCATED, LOST)]
            for level in missing.select("indicator", "factor", "level").iter_rows()
        ],
        dtype=pl.Boolean,
    )
    missing = missing.with_columns(shown.alias("kept"))
    of_all = pl.col("kept").all().over("indicator", "factor")
    return missing.with_columns(
        *(
            pl.when("kept").then(name).alias(name)
            for name in ("located", "unlocated", "share_located")
        ),
        pl.when(of_all).then("p_value").alias("p_value"),
    ).drop("kept")


def audit_fates(
    fates: dict[str, Fates], missing: pl.DataFrame, results: pl.DataFrame
) -> pl.DataFrame:
    """Attack every small number; the bounds found, in columns AUDIT.

    `missing` and `results` as they are told. Raises DisclosureError where a number can be told
    closer than its width.
    """
    rows: list[tuple[object, ...]] = []
    problems = []
    for kind, own in fates.items():
        attacker = Attacker(own.table, [*_told_rows(own), *_told_beside(own, missing, results)])
        for cell, width in own.sensitive.items():
            found = attacker.ask(cell)
            name = " ".join(cell)
            if found is not None:
                rows.append((kind, None, name, width, found.low, found.high))
            if found is None or found.width < width:
                problems.append(
                    Problem(
                        f"{kind}: the number of rows in {name!r} can be worked out from what is "
                        "published",
                        "Raise `disclosure.threshold`; nothing was written.",
                        field="disclosure",
                    )
                )
    if problems:
        raise DisclosureError(problems)
    return pl.DataFrame(rows, schema=AUDIT, orient="row")


def choices_of(fates: dict[str, Fates]) -> pl.DataFrame:
    """What was hidden of each kind's rows, in columns CHOICE."""
    rows = []
    for kind, own in fates.items():
        told = [cell for cell in own.counts if cell[0] not in _UNTOLD]
        hidden = [cell for cell in told if cell in own.hidden]
        first = [cell for cell in hidden if cell in own.sensitive]
        numbers = (len(told), len(first), len(hidden) - len(first))
        lost = float(sum(own.counts[cell] for cell in hidden))
        rows.append((kind, None, *numbers, lost, own.gap, 0, own.unprotected))
    return pl.DataFrame(rows, schema=CHOICE, orient="row")


def _with_fate(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with `fate`, LOCATED or LOST, for the row that a case is told of by; else null."""
    kept = rows.filter(pl.col("outcome").is_in(_KEPT)).sort("source", "row")
    located = (pl.col("outcome") != Outcome.UNLOCATED.value).any()
    cases = kept.group_by("case_id", maintain_order=True).agg(
        pl.first("source", "row"),
        fate=pl.when(located).then(pl.lit(LOCATED)).otherwise(pl.lit(LOST)),
    )
    return rows.join(cases.drop("case_id"), on=["source", "row"], how="left")


Piece = tuple[frozenset[Cell], int]
"""Rows that are in the same cells, and how many there are."""


def _of_cases(
    rows: pl.DataFrame, counting: list[Indicator], policy: Policy, edition: Edition
) -> Iterator[Piece]:
    """The rows that came as far as to be united."""
    baseline = policy.baseline()
    noted = {data_year(indicator, edition) for indicator in counting}
    compared = {
        indicator.id: [data_year(indicator, each) for each in (edition, baseline) if each]
        for indicator in counting
    }
    by = ["source", "year", "outcome", "fate", "sender", "kind"]
    alike = rows.with_columns(pl.col("sender", "kind").fill_null("")).group_by(by).len().sort(by)
    for row in alike.iter_rows(named=True):
        source, year, outcome, fate = row["source"], row["year"], row["outcome"], row["fate"]
        cells = _of_table(source, outcome)
        if outcome == Outcome.COUNTED:
            cells.add((COUNTED, str(year)))
        elif outcome in _NOT_PLACED:
            cells.add((OUTCOME, outcome, str(year)))
            if year in noted:
                cells.add((UNPLACED, str(year)))
        for name, years in compared.items():
            if fate is None or year > years[0]:
                continue
            for factor in FACTORS:
                if factor == "year" or year in years:
                    level = name, factor, str(row[factor])
                    cells.add((fate, *level))
                    if fate == LOCATED and outcome != Outcome.COUNTED:
                        cells.add((AWAY, *level))
        yield frozenset(cells), row["len"]


def _of_other_rows(
    rows: pl.DataFrame, settled: pl.DataFrame, sources: list[str]
) -> Iterator[Piece]:
    """The rows that were set aside before that: no more is told of them than the table."""
    by = ["source", "outcome"]
    totals = settled.filter(pl.col("source").is_in(sources)).group_by(by).agg(pl.sum("rows"))
    totals = totals.join(rows.group_by(by).len(), on=by, how="left").sort(by)
    for source, outcome, count, united in totals.iter_rows():
        yield frozenset(_of_table(source, outcome)), count - (united or 0)


def _of_table(source: str, outcome: str) -> set[Cell]:
    return {(ROWS, line, column) for line in (source, ALL) for column in (outcome, READ)}


def _choose(pieces: list[Piece], sources: list[str], city: pl.DataFrame, threshold: float) -> Fates:
    """`city`: the results of the whole city, as they are told."""
    together: dict[frozenset[Cell], int] = {}
    for cells, count in pieces:
        together[cells] = together.get(cells, 0) + count
    empty = {(ROWS, line, one) for line in (*sources, ALL) for one in (*FINAL, READ)}
    members: dict[Cell, list[frozenset[Cell]]] = {
        cell: [] for cell in sorted(empty.union(*together))
    }
    for cells in together:
        for cell in cells:
            members[cell].append(cells)
    counts = {cell: sum(together[part] for part in parts) for cell, parts in members.items()}
    table = CellTable.of(members)  # type: ignore[arg-type]
    if not city["shown"].all():  # it is among the rows
        return Fates(table, counts, frozenset(counts), {})
    city = city.filter(pl.col("origin") == "computed")
    known: set[Cell] = {(COUNTED, str(year)) for year in city["period"]}
    bounded = city.filter(pl.col("unlocated") > 0).select("indicator", "period").iter_rows()
    known |= {(LOST, name, "year", str(year)) for name, year in bounded}
    small: dict[Hashable, float] = {
        cell: threshold for cell, count in counts.items() if 0 < count < threshold
    }
    most = max(1, *counts.values())
    costs: dict[Hashable, float] = {cell: _cost(cell, n / most) for cell, n in counts.items()}
    given: dict[Hashable, float] = {cell: float(count) for cell, count in counts.items()}
    chosen = suppress(table, given, small, costs, frozenset(known & counts.keys()))
    hidden = frozenset(cell for cell in counts if cell in chosen.hidden)
    sensitive = {
        cell: small[cell]
        for cell in counts
        if cell in small and cell not in known and cell not in chosen.unprotected
    }
    return Fates(table, counts, hidden, sensitive, chosen.gap, len(chosen.unprotected))


def _cost(cell: Cell, size: float) -> float:
    """Small numbers go first, and totals and the note on a year last; what is not told is free."""
    cost = _COST.get(cell[0], 0.0)
    if cell[0] == ROWS and (ALL in cell or READ in cell):
        cost = _COST_OF_A_TOTAL
    elif cost and "year" in cell:
        cost = _COST_OF_A_YEAR
    return cost * (1 + math.sqrt(size))


def _told_rows(fates: Fates) -> Iterator[Fact]:
    """What the table of rows and the notes tell."""
    for cell, count in fates.counts.items():
        if cell[0] in (ROWS, UNPLACED) and fates.told(cell) is not None:
            yield Fact(cell, count, count, cell[0])


def _told_beside(fates: Fates, missing: pl.DataFrame, results: pl.DataFrame) -> Iterator[Fact]:
    """What stands in the tables of who is missing and in the results."""
    for *level, located, lost in (
        missing.select("indicator", "factor", "level", "located", "unlocated")
        .drop_nulls()
        .iter_rows()
    ):
        yield from (
            Fact(cell, count, count, "missing")
            for cell, count in (((LOCATED, *level), located), ((LOST, *level), lost))
            if cell in fates.counts
        )
    city = results.filter((pl.col("group") == CITY) & (pl.col("origin") == "computed"))
    for indicator, year, counted, lost in city.select(
        "indicator", "period", "numerator", "unlocated"
    ).iter_rows():
        own = (LOST, indicator, "year", str(year))
        if own in fates.counts or (LOCATED, *own[1:]) in fates.counts:
            if counted is not None and (COUNTED, str(year)) in fates.counts:
                yield Fact((COUNTED, str(year)), counted, counted, "results")
            if lost is not None and own in fates.counts:  # those that can lie in the city
                yield Fact(own, lost, math.inf, "results")
