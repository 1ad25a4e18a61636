"""Stage deduplicate, at its end: cases and rows counted by all that is asked of them later.

From here on nothing grows with the number of rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kvarter.cases.ledger import Outcome
from kvarter.policy.model import CaseKind, Source

LOCATED, LOST = "located", "lost"
"""Whether a case has a row that was located, also in another municipality."""

_BY_CASE = ["cases", "source", "year", "sender", "kind", "located", "in_city", "in_areas"]
_BY_CASE += ["could", "chance", "chance_if_unknown"]
_BY_ROW = ["cases", "source", "outcome", "year", "case_outcome", "sender", "kind"]


@dataclass(frozen=True)
class Tally:
    """Counts of cases and of rows.

    cases: `count` of cases by kind (`cases`), `source, year, sender` and `kind` of their first
        row; by whether they are `located` (also in another municipality), `in_city`, `in_areas`;
        and of an unlocated case whether it `could` lie in the areas, the `chance` that it does by
        its address, and `chance_if_unknown`. An unlocated case is one of which no row was located.
    rows: `rows` by kind (`cases`), `source, outcome, year`, by `case_outcome` (LOCATED or LOST of
        the rows that a case is known by, else blank), `sender` and `kind`. Rows that were set
        aside before they were united have a source and an outcome only.
    systems: `cases, year, case_system` of all cases that count.
    """

    cases: pl.DataFrame
    rows: pl.DataFrame
    systems: pl.DataFrame

    @classmethod
    def empty(cls) -> Tally:
        """Of no rows."""
        known: dict[str, pl.DataType] = {name: pl.String() for name in _BY_CASE}
        known |= dict.fromkeys(["located", "in_city", "in_areas", "could"], pl.Boolean())
        known |= dict.fromkeys(["chance", "chance_if_unknown"], pl.Float64())
        known |= {"year": pl.Int64(), "count": pl.UInt32()}
        return cls(
            cases=pl.DataFrame(schema=known),
            rows=pl.DataFrame(schema={**dict.fromkeys(_BY_ROW, pl.String), "rows": pl.Int64}),
            systems=pl.DataFrame(
                schema={"cases": pl.String, "year": pl.Int64, "case_system": pl.String}
            ),
        )


def tally(
    cases: pl.DataFrame, settled: pl.DataFrame, kinds: list[CaseKind], sources: list[Source]
) -> Tally:
    """The tally of united rows (`cases`); `settled`: `source, outcome, rows` of all rows read."""
    nothing = cases.clear()
    by_case = pl.concat([nothing.pipe(_by_case), *(_of_kind(cases, kind.id) for kind in kinds)])
    rows = [
        _rows_of_kind(cases, kind.id, settled, [s.id for s in sources if s.cases == kind.id])
        for kind in kinds
    ]
    counting = cases.filter(~pl.col("bridging"))
    return Tally(
        cases=by_case.group_by(_BY_CASE).len("count").sort(_BY_CASE),
        rows=pl.concat([Tally.empty().rows, *rows]),
        systems=counting.select("cases", "year", "case_system").unique().sort(pl.all()),
    )


def _of_kind(cases: pl.DataFrame, kind: str) -> pl.DataFrame:
    """One row for each case of a kind."""
    own = cases.filter((pl.col("cases") == kind) & ~pl.col("bridging"))
    return _by_case(own)


def _by_case(rows: pl.DataFrame) -> pl.DataFrame:
    kept = rows.filter(pl.col("outcome").is_in(["counted", "unlocated", "outside_municipality"]))
    return (
        kept.sort("source", "row")
        .group_by("case_id", maintain_order=True)
        .agg(
            pl.first("cases", "source", "row", "year"),
            pl.first("sender", "kind").fill_null(""),
            located=(pl.col("outcome") != "unlocated").any(),
            in_city=(pl.col("outcome") == "counted").any(),
            in_areas=((pl.col("outcome") == "counted") & (pl.col("areas").list.len() > 0)).any(),
            could=pl.col("could_lie_in_areas").all(),
            chance=pl.col("chance_in_areas").mean(),
            chance_if_unknown=pl.col("chance_if_unknown").mean(),
        )
    )


def _rows_of_kind(
    cases: pl.DataFrame, kind: str, settled: pl.DataFrame, sources: list[str]
) -> pl.DataFrame:
    case_outcome = pl.when("located").then(pl.lit(LOCATED)).otherwise(pl.lit(LOST))
    outcomes = _of_kind(cases, kind).select("source", "row", case_outcome=case_outcome)
    by = _BY_ROW[1:]
    united = (
        cases.filter(pl.col("cases") == kind)
        .join(outcomes, on=["source", "row"], how="left")
        .select(pl.col(by).cast(pl.String).fill_null(""))
        .group_by(by)
        .len("rows")
    )
    set_aside = (
        settled.filter(pl.col("source").is_in(sources))
        .group_by("source", "outcome")
        .agg(pl.col("rows").sum().cast(pl.Int64))
        .join(
            united.group_by("source", "outcome").agg(united=pl.sum("rows")), on=by[:2], how="left"
        )
        .select("source", "outcome", rows=pl.col("rows") - pl.col("united").fill_null(0))
        .filter(pl.col("rows") > 0)
    )
    both = pl.concat([united.cast({"rows": pl.Int64}), set_aside], how="diagonal")
    both = both.with_columns(pl.col(by).fill_null("")).sort(by)
    return both.select(pl.lit(kind).alias("cases"), *by, "rows")


def without_place(rows: pl.DataFrame, kind: str, year: int) -> int:
    """Rows of a kind and year that could not be located, or lie outside the municipality."""
    not_placed = [Outcome.UNLOCATED.value, Outcome.OUTSIDE_MUNICIPALITY.value]
    own = rows.filter(
        (pl.col("cases") == kind)
        & (pl.col("year") == str(year))
        & pl.col("outcome").is_in(not_placed)
    )
    return int(own["rows"].sum())
