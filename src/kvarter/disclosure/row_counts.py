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
from dataclasses import dataclass, field

import polars as pl

from kvarter.cases.tally import LOCATED, LOST
from kvarter.disclosure.attack import Attacker, Fact
from kvarter.disclosure.rows import (
    ALL,
    AWAY,
    CASE_OUTCOMES,
    COUNTED,
    OUTCOME,
    READ,
    ROWS,
    UNPLACED,
    Cell,
    Piece,
    cells_of,
    holds,
    level_cell,
    pieces_of,
    years_of,
)
from kvarter.disclosure.suppress import suppress_after
from kvarter.disclosure.table import CellTable
from kvarter.errors import DisclosureError, Problem
from kvarter.policy.model import CITY, EVERY_SOURCE, CaseCount, EditionDefinition, Indicator, Policy
from kvarter.tables import table

_UNTOLD = (OUTCOME, AWAY, COUNTED)
_COST = {ROWS: 1.0, LOCATED: 1.0, LOST: 1.0, UNPLACED: 30.0}
_COST_OF_A_TOTAL, _COST_OF_A_YEAR = 10.0, 3.0


@dataclass(frozen=True)
class RowCounts:
    """The `counts` of the rows and cases of one kind, and which of them are `hidden`.

    `own`: the cells that this report tells, where they are not hidden; `before`: those that were
    told in an earlier release, and `corrected` those told with another number than there is now.
    `sensitive`: small numbers that must stay open, each with the width it is to keep; `gap`: of the
    choice, as in `suppress`; `unprotected`: small ones that nothing can protect.
    """

    sources: list[str]
    table: CellTable
    counts: dict[Cell, int]
    own: list[Cell]
    hidden: frozenset[Cell]
    before: frozenset[Cell] = frozenset()
    corrected: frozenset[Cell] = frozenset()
    sensitive: dict[Cell, float] = field(default_factory=dict)
    gap: float = 0.0
    unprotected: int = 0

    def told(self, cell: Cell) -> int | None:
        """The number in `cell`; None where it is hidden. One without any row is 0."""
        return None if cell in self.hidden else self.counts.get(cell, 0)


def choose_row_counts(
    rows: pl.DataFrame,
    policy: Policy,
    edition: EditionDefinition,
    results: pl.DataFrame,
    released: pl.DataFrame,
) -> dict[str, RowCounts]:
    """What may be told of the rows of each kind of case that has sources.

    `rows`: as in a `Tally`; `results` as they are told;
    `released`: what was told before, as table `rows_told`.
    """
    found = {}
    for kind in policy.case_kinds:
        sources = [source.id for source in policy.sources if source.cases == kind.id]
        if not sources:
            continue
        counting = _counting(policy, kind.id)
        pieces = pieces_of(rows, kind.id)
        before = released.filter(pl.col("kind") == kind.id)
        told = {tuple(cell): n for cell, n in before.select("cell", "count").iter_rows()}
        cells = list(cells_of(pieces, sources, counting, policy, edition))
        members = {cell: [part for part in pieces if holds(cell, part)] for cell in (*cells, *told)}
        of_city = (pl.col("group") == CITY) & pl.col("indicator").is_in([i.id for i in counting])
        rules = policy.disclosure_of_quantity(CaseCount(cases=kind.id))
        city, threshold = results.filter(of_city), float(rules.threshold)
        own = [cell for cell in cells if cell[0] not in _UNTOLD]
        found[kind.id] = _choose(sources, own, members, told, city, threshold)
    return found


def _counting(policy: Policy, kind: str) -> list[Indicator]:
    """The indicators that count a kind of case."""
    return [
        indicator
        for _, indicator in policy.indicators()
        if isinstance(indicator.numerator, CaseCount) and indicator.numerator.cases == kind
    ]


def published_cells(row_counts: dict[str, RowCounts]) -> pl.DataFrame:
    """All that is told, as table `rows_told`: what a release puts on record."""
    rows = []
    for kind, own in row_counts.items():
        for cell in own.own:
            if cell not in own.hidden:
                named = list(cell)
                if named[:2] == [ROWS, ALL]:  # which sources there are can be others next time
                    named[1] = "+".join(own.sources)
                rows.append((kind, named, own.counts[cell]))
    return table("rows_told").frame(rows)


def row_outcomes(row_counts: dict[str, RowCounts]) -> pl.DataFrame:
    """What became of the rows of each source, as table `row_outcomes`."""
    rows = [
        (kind, EVERY_SOURCE if line == ALL else line, column, own.told(cell))
        for kind, own in row_counts.items()
        for cell in own.own
        if cell[0] == ROWS
        for line, column in [cell[1:]]
    ]
    return table("row_outcomes").frame(rows)


def not_placed(row_counts: dict[str, RowCounts]) -> pl.DataFrame:
    """Cases without a place in the municipality, as table `not_placed`."""
    rows = [
        (kind, int(cell[1]), own.told(cell))
        for kind, own in row_counts.items()
        for cell in own.own
        if cell[0] == UNPLACED
    ]
    return table("not_placed").frame(rows)


def published_missing(
    missing: pl.DataFrame,
    row_counts: dict[str, RowCounts],
    policy: Policy,
    edition: EditionDefinition,
) -> pl.DataFrame:
    """`missing` without the figures of a level of which a number is hidden.

    And without the p-value of its factor, which the numbers of all its levels are in. Of senders
    and kinds the name goes too: that of one with few cases tells of whom they are.
    """
    counting = {i.id: kind for kind in row_counts for i in _counting(policy, kind)}
    years = {i.id: years_of(i, policy, edition) for _, i in policy.indicators()}
    shown = pl.Series(
        [
            None not in [row_counts[counting[name]].told(cell) for cell in cells]
            for name, factor, level in missing.select("indicator", "factor", "level").iter_rows()
            for cells in [
                [level_cell(what, name, factor, level, years[name]) for what in CASE_OUTCOMES]
            ]
        ],
        dtype=pl.Boolean,
    )
    missing = missing.with_columns(shown.alias("kept"))
    of_all = pl.col("kept").all().over("indicator", "factor")
    named = pl.col("factor").is_in(["sender", "kind"])
    told = missing.with_columns(
        *(
            pl.when("kept").then(name).alias(name)
            for name in ("located", "unlocated", "share_located")
        ),
        pl.when(of_all).then("p_value").alias("p_value"),
    )
    return told.filter(pl.col("kept") | ~named).drop("kept")


def audit_row_counts(
    row_counts: dict[str, RowCounts], missing: pl.DataFrame, results: pl.DataFrame
) -> pl.DataFrame:
    """Attack every small number; the bounds found, as table `audit`.

    `missing` and `results` as they are told. Raises DisclosureError where a number can be told
    closer than its width.
    """
    rows: list[tuple[object, ...]] = []
    problems = []
    for kind, own in row_counts.items():
        facts = [*_told_rows(own), *_told_beside(own, missing, results)]
        # Who guesses that all but the corrected cells are as they were knows these as they are now.
        guesses = [*facts, *(Fact(cell, own.counts[cell], own.counts[cell]) for cell in own.before)]
        both, alone = Attacker(own.table, guesses), Attacker(own.table, facts)
        for cell, width in own.sensitive.items():
            found = (alone if cell in own.corrected else both).ask(cell)
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
    return table("audit").frame(rows)


def choices_of(row_counts: dict[str, RowCounts]) -> pl.DataFrame:
    """What was hidden of each kind's rows, as table `disclosure`."""
    rows = []
    for kind, own in row_counts.items():
        hidden = [cell for cell in own.own if cell in own.hidden]
        first = [cell for cell in hidden if cell in own.sensitive]
        numbers = (len(own.own), len(first), len(hidden) - len(first))
        lost = float(sum(own.counts[cell] for cell in hidden))
        rows.append((kind, None, *numbers, lost, own.gap, 0, own.unprotected))
    return table("disclosure").frame(rows)


def _choose(
    sources: list[str],
    own: list[Cell],
    members: dict[Cell, list[Piece]],
    released: dict[Cell, int],
    city: pl.DataFrame,
    threshold: float,
) -> RowCounts:
    """`members` of every cell; `city`: the results of the whole city, as they are told."""
    counts = {cell: sum(part.rows for part in parts) for cell, parts in members.items()}
    table = CellTable.of(dict(members.items()))
    if not city["shown"].all():  # it is among the rows
        return RowCounts(sources, table, counts, own, frozenset(counts))
    corrected = frozenset(cell for cell, count in released.items() if counts[cell] != count)
    city = city.filter(pl.col("origin") == "computed")
    known: set[Cell] = {(COUNTED, str(year)) for year in city["period"]}
    bounded = city.filter(pl.col("unlocated") > 0).select("indicator", "period").iter_rows()
    known |= {level_cell(LOST, name, "year", str(year), "") for name, year in bounded}
    known = known & counts.keys() | released.keys() - corrected
    small: dict[Hashable, float] = {
        cell: threshold for cell, count in counts.items() if 0 < count < threshold
    }
    costs: dict[Hashable, float] = {cell: _cost(cell) for cell in counts}
    given: dict[Hashable, float] = {cell: float(count) for cell, count in counts.items()}
    chosen = suppress_after(corrected, table, given, small, costs, frozenset(known))
    sensitive = {
        cell: small[cell]
        for cell in counts
        if cell in small and cell not in known and cell not in chosen.unprotected
    }
    hidden = frozenset(cell for cell in counts if cell in chosen.hidden)
    return RowCounts(
        *(sources, table, counts, own, hidden, frozenset(released), corrected, sensitive),
        gap=chosen.gap,
        unprotected=len(chosen.unprotected),
    )


def _cost(cell: Cell) -> float:
    """Totals and the note on a year go last; what is not told is free. It rests on no count."""
    cost = _COST.get(cell[0], 0.0)
    if cell[0] == ROWS and (ALL in cell or READ in cell):
        cost = _COST_OF_A_TOTAL
    elif cost and "year" in cell:
        cost = _COST_OF_A_YEAR
    return cost


def _told_rows(row_counts: RowCounts) -> Iterator[Fact]:
    """What the table of rows and the notes tell."""
    for cell in row_counts.own:
        if cell[0] in (ROWS, UNPLACED) and cell not in row_counts.hidden:
            yield Fact(cell, row_counts.counts[cell], row_counts.counts[cell], cell[0])


def _told_beside(
    row_counts: RowCounts, missing: pl.DataFrame, results: pl.DataFrame
) -> Iterator[Fact]:
    """What stands in the tables of who is missing and in the results."""
    # Of this report alone: an earlier one told the same level over other years.
    levels = {cell[:4]: cell for cell in row_counts.own if cell[0] in CASE_OUTCOMES}
    counted = missing.select("indicator", "factor", "level", "located", "unlocated").drop_nulls()
    for *level, located, lost in counted.iter_rows():
        for what, count in ((LOCATED, located), (LOST, lost)):
            if (cell := levels.get((what, *level))) is not None:
                yield Fact(cell, count, count, "missing")
    city = results.filter((pl.col("group") == CITY) & (pl.col("origin") == "computed"))
    for indicator, year, numerator, lost in city.select(
        "indicator", "period", "numerator", "unlocated"
    ).iter_rows():
        if (own := levels.get((LOST, indicator, "year", str(year)))) is None:
            continue
        if numerator is not None:
            yield Fact((COUNTED, str(year)), numerator, numerator, "results")
        if lost is not None:  # those that can lie in the city
            yield Fact(own, lost, math.inf, "results")
