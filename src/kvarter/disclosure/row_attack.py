"""Those who attack the numbers of rows and cases by what became of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from kvarter.cases.tally import LOCATED, LOST
from kvarter.disclosure.attack import Attacker, Fact
from kvarter.disclosure.protocol import Sensitive
from kvarter.disclosure.row_counts import RowCounts
from kvarter.disclosure.rows import CASE_OUTCOMES, COUNTED, ROWS, UNPLACED
from kvarter.policy.model import CITY


@dataclass(frozen=True)
class RowAttackers:
    """One for each kind of case; `missing` and `results` as they are published."""

    row_counts: dict[str, RowCounts]
    missing: pl.DataFrame
    results: pl.DataFrame

    def of(self, cell: Sensitive) -> Attacker:
        """One who has read everything that is published of the rows of a kind.

        He also guesses that all but the corrected cells are as an earlier release had them.
        """
        [kind] = cell.whom.names
        own = self.row_counts[kind]
        facts = [*_published_rows(own), *_published_elsewhere(own, self.missing, self.results)]
        problem = own.choice.problem
        if not cell.corrected:
            counts = {before: problem.counts[before] for before in own.before}
            facts += [Fact(before, count, count) for before, count in counts.items()]
        return Attacker(problem.table, facts)


def _published_rows(row_counts: RowCounts) -> Iterator[Fact]:
    """What the table of rows and the notes show."""
    for cell in row_counts.own:
        if cell[0] in (ROWS, UNPLACED) and (count := row_counts.published(cell)) is not None:
            yield Fact(cell, count, count, cell[0])


def _published_elsewhere(
    row_counts: RowCounts, missing: pl.DataFrame, results: pl.DataFrame
) -> Iterator[Fact]:
    """What stands in the tables of who is missing and in the results."""
    # Of this report alone: an earlier one published the same level over other years.
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
