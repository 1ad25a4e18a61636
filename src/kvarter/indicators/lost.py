"""Years of which too many rows were lost to judge by: that cannot be read, or have no place.

A count of the rows that are left is no count of the cases. What could not be located is asked about
by its own check; a row whose date cannot be read is in no figure at all.
"""

from __future__ import annotations

import polars as pl

from kvarter.cases import Outcome
from kvarter.notes import Note
from kvarter.policy.model import CaseCount, EditionDefinition, Policy, data_year

NO_ROWS_OF_CASES = ["sum_row", "date_alone", "under_the_age", "over_the_age"]
"""Reasons of invalid rows that are not about the cases that are counted: they are not lost."""

FEW = 5
"""Fewer rows than this are many only where they are more than half."""

_YEAR = {"cases": pl.String, "year": pl.Int64}

Lost = frozenset[tuple[str, int]]
"""Kinds of case and years."""


def lost_years(
    policy: Policy, cases: pl.DataFrame, ledger: pl.DataFrame, *, exactly: bool = False
) -> Lost:
    """The kinds of case and years of which more rows were lost than the policy allows.

    `cases`: united rows; `ledger`: its table. Lost are the unlocated rows of a year, and the
    invalid rows of its sources. An invalid row is taken to be of the year of the nearest row above
    it that has one (else below). A year with less than half as many rows as the source's years
    have on average may have lost all of the source's invalid rows.

    Whether rows are lost is published, so it must not rest on how large a small number is: of each
    source, year and outcome, one of 1 to threshold - 1 lost rows counts as the most of these, one
    of others as 1. `exactly`: as they are, for the analyst.
    """
    last = pl.col("stage") == "read"
    invalid = ledger.filter(
        last & (pl.col("outcome") == Outcome.INVALID) & ~pl.col("reason").is_in(NO_ROWS_OF_CASES)
    )
    of_source = [
        _of_source(
            cases.filter(pl.col("source") == source.id),
            invalid.filter(pl.col("source") == source.id),
            list(range(source.first_day.year, source.last_day.year + 1)),
            1 if exactly else _threshold_of(source.cases, policy),
        ).with_columns(cases=pl.lit(source.cases))
        for source in policy.sources
    ]
    if not of_source:
        return frozenset()
    limit = policy.largest_share_lost / 100
    by_year = (
        pl.concat(of_source)
        .group_by("cases", "year")
        .agg(pl.col("rows", "lost").sum())
        .filter(pl.col("lost") > limit * pl.col("rows"))
        .filter((pl.col("lost") >= FEW) | (2 * pl.col("lost") > pl.col("rows")))
    )
    return frozenset(by_year.select("cases", "year").iter_rows())


def _threshold_of(kind: str, policy: Policy) -> int:
    return policy.disclosure_of_quantity(CaseCount(cases=kind)).threshold


def _of_source(
    cases: pl.DataFrame, invalid: pl.DataFrame, years: list[int], threshold: int
) -> pl.DataFrame:
    """`year, rows, lost` of each of the years of a source; lost rows are among the rows."""
    dated = cases.select("row", "year").sort("row")
    nearest = (
        invalid.select("row")
        .sort("row")
        .join_asof(dated, on="row", strategy="backward")
        .with_columns(pl.coalesce("year", pl.lit(dated["year"].first(), dtype=pl.Int64)))
    )
    every = pl.DataFrame({"year": years}, schema={"year": pl.Int64})
    if dated.is_empty():  # nothing is known of any year
        all_lost = _most(pl.lit(invalid.height), threshold)
        return every.with_columns(rows=all_lost, lost=all_lost).cast(pl.Int64)
    unlocated, number = pl.col("outcome") == Outcome.UNLOCATED, pl.col("number")
    read = (
        cases.group_by("year", "outcome")
        .agg(pl.len().alias("number"), pl.col("bridging").sum())
        .group_by("year")
        .agg(
            _least(number, threshold).sum().alias("read"),
            _least(number, threshold).filter(~unlocated).sum().alias("placed"),
            _most(number, threshold).filter(unlocated).sum().alias("unlocated"),
            (2 * pl.col("bridging").sum() > number.sum()).alias("bridges"),
        )
    )
    taken = nearest.group_by("year").agg(_most(pl.len(), threshold).alias("invalid"))
    found = (
        every.join(read, on="year", how="left")
        .join(taken, on="year", how="left")
        .filter(~pl.col("bridges").fill_null(False))  # else another system counts that year
        .with_columns(pl.col("read", "placed", "unlocated", "invalid").fill_null(0).cast(pl.Int64))
    )
    every_invalid = _most(pl.lit(invalid.height), threshold)
    usual = (cases.height + every_invalid) / len(years)
    at_most = pl.when(2 * pl.col("read") < usual).then(every_invalid).otherwise("invalid")
    lost = pl.col("unlocated") + at_most
    return found.select("year", rows=pl.col("placed") + lost, lost=lost).cast(pl.Int64)


def _most(number: pl.Expr, threshold: int) -> pl.Expr:
    """The most that a small number can be; any other as it is."""
    return pl.when(number.is_between(1, threshold - 1)).then(threshold - 1).otherwise(number)


def _least(number: pl.Expr, threshold: int) -> pl.Expr:
    """The least that a small number can be; any other as it is."""
    return pl.when(number.is_between(1, threshold - 1)).then(1).otherwise(number)


def without_lost(measures: pl.DataFrame, policy: Policy, lost: Lost) -> pl.DataFrame:
    """`measures` without the years that an indicator lost too many rows of."""
    gone = [
        (pl.col("indicator") == indicator.id) & (pl.col("period") == year)
        for _, indicator in policy.indicators()
        if isinstance(indicator.numerator, CaseCount)
        for kind, year in sorted(lost)
        if kind == indicator.numerator.cases
    ]
    return measures.filter(~pl.any_horizontal(gone)) if gone else measures


def note_lost(policy: Policy, edition: EditionDefinition, lost: Lost) -> list[Note]:
    """What a reader must know: which years of which indicators give no verdict, and why."""
    baseline = policy.baseline()
    notes = []
    for _, indicator in policy.indicators():
        if not isinstance(indicator.numerator, CaseCount):
            continue
        compared = {data_year(indicator, each) for each in (baseline, edition) if each}
        few = policy.disclosure_of_quantity(indicator.numerator).threshold - 1
        values = {"indicator": indicator.id, "percent": f"{policy.largest_share_lost:g}"}
        notes += [
            Note(
                "{indicator}, {year}: more than {percent} % of the rows could not be read or "
                "located (a number from 1 to {few} counts as {few}), so nothing is judged by "
                "this year. Mend the extract, or see in the ledger why they were set aside "
                "(`largest_share_lost`).",
                values | {"year": str(year), "few": str(few)},
            )
            if few > 1
            else Note(
                "{indicator}, {year}: more than {percent} % of the rows could not be read or "
                "located, so nothing is judged by this year. Mend the extract, or see in the "
                "ledger why they were set aside (`largest_share_lost`).",
                values | {"year": str(year)},
            )
            for year in sorted(compared)
            if (indicator.numerator.cases, year) in lost
        ]
    return notes
