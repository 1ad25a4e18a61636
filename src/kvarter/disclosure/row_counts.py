"""What is hidden of the numbers of rows and cases by what became of them.

Four places of a report show such numbers: the table of rows by source and outcome, the note on
notices of a year that could not be placed, the tables of who is missing, and the city's number of
cases. They are sums of the same rows, so a number that one of them hides could be the difference of
those that follow from others. What to hide is chosen over all of them at once (`suppress`), and an
attacker who has read all of them tries it.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import polars as pl

from kvarter.cases.tally import LOCATED, LOST
from kvarter.disclosure.protocol import Choice, Sensitive, Whom, choose
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
from kvarter.disclosure.suppress import SuppressionProblem
from kvarter.disclosure.table import CellTable
from kvarter.policy.model import CITY, EVERY_SOURCE, CaseCount, EditionDefinition, Indicator, Policy
from kvarter.tables import table

_UNTOLD = (OUTCOME, AWAY, COUNTED)
_COST = {ROWS: 1.0, LOCATED: 1.0, LOST: 1.0, UNPLACED: 30.0}
_COST_OF_A_TOTAL, _COST_OF_A_YEAR = 10.0, 3.0


@dataclass(frozen=True)
class RowCounts:
    """The numbers of rows and cases of one kind: the cells, and what is hidden of them.

    own: the cells that this report publishes, where they are not hidden. before: those that an
    earlier release published.
    """

    sources: list[str]
    own: list[Cell]
    choice: Choice
    before: frozenset[Hashable] = frozenset()

    def published(self, cell: Cell) -> int | None:
        """The number in `cell`; None where it is hidden. One without any row is 0."""
        if cell in self.choice.hidden:
            return None
        return int(self.choice.problem.counts.get(cell, 0))


def choose_row_counts(
    rows: pl.DataFrame,
    policy: Policy,
    edition: EditionDefinition,
    results: pl.DataFrame,
    released: pl.DataFrame,
) -> dict[str, RowCounts]:
    """What may be published of the rows of each kind of case that has sources.

    `rows`: as in a `Tally`; `results` as they are published;
    `released`: what was published before, as table `rows_told`.
    """
    found = {}
    for kind in policy.case_kinds:
        sources = [source.id for source in policy.sources if source.cases == kind.id]
        if not sources:
            continue
        counting = _counting(policy, kind.id)
        pieces = pieces_of(rows, kind.id)
        before = released.filter(pl.col("kind") == kind.id)
        published = {tuple(cell): n for cell, n in before.select("cell", "count").iter_rows()}
        cells = list(cells_of(pieces, sources, counting, policy, edition))
        members = {
            cell: [part for part in pieces if holds(cell, part)] for cell in (*cells, *published)
        }
        of_city = (pl.col("group") == CITY) & pl.col("indicator").is_in([i.id for i in counting])
        own = [cell for cell in cells if cell[0] not in _UNTOLD]
        chosen = _choose(kind.id, members, published, results.filter(of_city), policy)
        found[kind.id] = RowCounts(sources, own, chosen, frozenset(published))
    return found


def _counting(policy: Policy, kind: str) -> list[Indicator]:
    """The indicators that count a kind of case."""
    return [
        indicator
        for _, indicator in policy.indicators()
        if isinstance(indicator.numerator, CaseCount) and indicator.numerator.cases == kind
    ]


def published_cells(row_counts: dict[str, RowCounts]) -> pl.DataFrame:
    """All that is published, as table `rows_told`: what a release puts on record."""
    rows = []
    for kind, own in row_counts.items():
        for cell in own.own:
            if (count := own.published(cell)) is not None:
                named = list(cell)
                if named[:2] == [ROWS, ALL]:  # which sources there are can be others next time
                    named[1] = "+".join(own.sources)
                rows.append((kind, named, count))
    return table("rows_told").frame(rows)


def row_outcomes(row_counts: dict[str, RowCounts]) -> pl.DataFrame:
    """What became of the rows of each source, as table `row_outcomes`."""
    rows = [
        (kind, EVERY_SOURCE if line == ALL else line, column, own.published(cell))
        for kind, own in row_counts.items()
        for cell in own.own
        if cell[0] == ROWS
        for line, column in [cell[1:]]
    ]
    return table("row_outcomes").frame(rows)


def not_placed(row_counts: dict[str, RowCounts]) -> pl.DataFrame:
    """Cases without a place in the municipality, as table `not_placed`."""
    rows = [
        (kind, int(cell[1]), own.published(cell))
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
    and kinds the name goes too: that of one with few cases reveals whose they are.
    """
    counting = {i.id: kind for kind in row_counts for i in _counting(policy, kind)}
    years = {i.id: years_of(i, policy, edition) for _, i in policy.indicators()}
    shown = pl.Series(
        [
            None not in [row_counts[counting[name]].published(cell) for cell in cells]
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
    published = missing.with_columns(
        *(
            pl.when("kept").then(name).alias(name)
            for name in ("located", "unlocated", "share_located")
        ),
        pl.when(of_all).then("p_value").alias("p_value"),
    )
    return published.filter(pl.col("kept") | ~named).drop("kept")


def sensitive_rows(row_counts: dict[str, RowCounts]) -> list[Sensitive]:
    """What the attackers have to try."""
    return [cell for own in row_counts.values() for cell in own.choice.sensitive()]


def choices_of(row_counts: dict[str, RowCounts]) -> pl.DataFrame:
    """What was hidden of each kind's rows, as table `disclosure`."""
    return table("disclosure").frame(
        own.choice.row(kind, own.own) for kind, own in row_counts.items()
    )


def _choose(
    kind: str,
    members: dict[Cell, list[Piece]],
    released: dict[Cell, int],
    city: pl.DataFrame,
    policy: Policy,
) -> Choice:
    """`members` of every cell; `city`: the results of the whole city, as they are published."""
    counts: dict[Hashable, float] = {
        cell: sum(part.rows for part in parts) for cell, parts in members.items()
    }
    cells = CellTable.of(dict(members.items()))
    whom = Whom((kind,), None, "rows", "")
    if not city["shown"].all():  # it is among the rows
        return Choice(whom, SuppressionProblem(cells, counts, {}, {}), frozenset(counts))
    threshold = policy.disclosure_of_quantity(CaseCount(cases=kind)).threshold
    corrected = frozenset(cell for cell, count in released.items() if counts[cell] != count)
    city = city.filter(pl.col("origin") == "computed")
    known: set[Hashable] = {(COUNTED, str(year)) for year in city["period"]}
    bounded = city.filter(pl.col("unlocated") > 0).select("indicator", "period").iter_rows()
    known |= {level_cell(LOST, name, "year", str(year), "") for name, year in bounded}
    known = known & counts.keys() | released.keys() - corrected
    small = {cell: float(threshold) for cell, n in counts.items() if 0 < n < threshold}
    costs: dict[Hashable, float] = {cell: _cost(cell) for cell in members}
    return choose(
        whom, SuppressionProblem(cells, counts, small, costs, frozenset(known), corrected)
    )


def _cost(cell: Cell) -> float:
    """Totals and the note on a year go last; what is not published is free."""
    cost = _COST.get(cell[0], 0.0)
    if cell[0] == ROWS and (ALL in cell or READ in cell):
        cost = _COST_OF_A_TOTAL
    elif cost and "year" in cell:
        cost = _COST_OF_A_YEAR
    return cost
