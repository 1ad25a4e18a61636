"""The numbers that a report shows of rows, and the rows that each of them is the sum of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from kvarter.cases import FINAL, Outcome
from kvarter.cases.tally import LOCATED, LOST
from kvarter.judgement.missing import FACTORS
from kvarter.policy.model import EditionDefinition, Indicator, Policy, data_year

Cell = tuple[str, ...]
"""`ROWS, source, outcome`; `UNPLACED, year`; `LOCATED` or `LOST, indicator, factor, level, years`.

Not published here are `COUNTED, year` (the results may have it), `OUTCOME, outcome, year`, and
`AWAY, indicator, factor, level, years`, the cases located in another municipality; but they can be
differences. Several sources or years are joined by `+`.
"""

ROWS, UNPLACED, COUNTED = "rows", "unplaced", "counted"
OUTCOME, AWAY = "outcome", "away"
ALL, READ = "*", "read"
"""The line with the totals of the sources, and the column with those of the outcomes.

No source and no outcome can be called so.
"""

CASE_OUTCOMES = (LOCATED, LOST)
_NOT_PLACED = [Outcome.UNLOCATED.value, Outcome.OUTSIDE_MUNICIPALITY.value]


class Piece(NamedTuple):
    """Rows that no number distinguishes, and how many there are.

    `case_outcome`: LOCATED or LOST of the row that a case is counted by, else blank. Rows that
    were set aside before they were united have a source and an outcome only.
    """

    rows: int
    source: str
    outcome: str
    year: str = ""
    case_outcome: str = ""
    sender: str = ""
    kind: str = ""


def pieces_of(rows: pl.DataFrame, kind: str) -> list[Piece]:
    """The rows of a kind of case; `rows`: as in a `Tally`."""
    own = rows.filter(pl.col("cases") == kind).select(Piece._fields)
    return [Piece(*row) for row in own.iter_rows()]


def years_of(indicator: Indicator, policy: Policy, edition: EditionDefinition) -> str:
    """The years that the verdicts of an indicator compare."""
    compared = [each for each in (policy.baseline(), edition) if each]
    return "+".join(sorted({str(data_year(indicator, each)) for each in compared}))


def level_cell(what: str, indicator: str, factor: str, level: str, years: str) -> Cell:
    """The cell of a level of who is missing; by other factors than the year, over the `years`."""
    return what, indicator, factor, level, level if factor == "year" else years


def cells_of(
    pieces: list[Piece],
    sources: list[str],
    counting: list[Indicator],
    policy: Policy,
    edition: EditionDefinition,
) -> Iterator[Cell]:
    """Every number that a report shows of these rows, and those that can be differences of them."""
    for line in (*sources, ALL):
        yield from ((ROWS, line, column) for column in (*(one.value for one in FINAL), READ))
    for year in sorted({part.year for part in pieces} - {""}):
        yield COUNTED, year
        yield from ((OUTCOME, outcome, year) for outcome in _NOT_PLACED)
    for noted in sorted({data_year(indicator, edition) for indicator in counting}):
        yield UNPLACED, str(noted)
    for indicator in counting:
        years, last = years_of(indicator, policy, edition), data_year(indicator, edition)
        for factor in FACTORS:
            own = [part for part in pieces if part.case_outcome]
            if factor == "year":
                own = [part for part in own if int(part.year) <= last]
            else:
                own = [part for part in own if part.year in years.split("+")]
            for level in sorted({str(getattr(part, factor)) for part in own}):
                for what in (LOCATED, LOST, AWAY):
                    yield level_cell(what, indicator.id, factor, level, years)


def holds(cell: Cell, piece: Piece) -> bool:
    """Whether the rows of a piece are among those of a cell."""
    what, *which = cell
    if what == ROWS:
        sources, outcome = which
        return (sources == ALL or piece.source in sources.split("+")) and (
            outcome in (READ, piece.outcome)
        )
    if what == OUTCOME:
        return which == [piece.outcome, piece.year]
    if what == UNPLACED:
        return piece.outcome in _NOT_PLACED and which == [piece.year]
    if what == COUNTED:
        return piece.outcome == Outcome.COUNTED.value and which == [piece.year]
    _, factor, level, years = which
    away = piece.case_outcome == LOCATED and piece.outcome != Outcome.COUNTED.value
    return (
        (away if what == AWAY else piece.case_outcome == what)
        and getattr(piece, factor) == level
        and piece.year in years.split("+")
    )
