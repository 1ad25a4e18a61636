"""The ledger: what became of every row, stage by stage, so that nothing is lost.

At the end of a run, per source and to the row: rows read = counted + duplicate + outside_period
+ outside_municipality + unlocated + invalid. A ledger that does not add up stops the run.
"""

from __future__ import annotations

from enum import StrEnum

import polars as pl

from kvarter.errors import LedgerError, Problem
from kvarter.tables import table


class Outcome(StrEnum):
    """`kept` goes on to the next stage; every other outcome is final."""

    KEPT = "kept"
    COUNTED = "counted"
    DUPLICATE = "duplicate"
    OUTSIDE_PERIOD = "outside_period"
    OUTSIDE_MUNICIPALITY = "outside_municipality"
    UNLOCATED = "unlocated"
    INVALID = "invalid"


FINAL = [outcome for outcome in Outcome if outcome is not Outcome.KEPT]
STAGES = ["read", "match", "place", "deduplicate"]


class Ledger:
    """Collects the entries of each stage and settles them at the end."""

    def __init__(self) -> None:
        self._entries: list[pl.DataFrame] = []
        self._read: dict[str, int] = {}

    def opened(self, source: str, rows: int) -> None:
        """Note that `rows` rows were read from `source`: what the entries must add up to."""
        self._read[source] = rows

    def of_sources(self, sources: list[str]) -> Ledger:
        """A ledger of its own with all that was noted so far of some of the sources."""
        part = Ledger()
        part._read = {name: rows for name, rows in self._read.items() if name in sources}
        part._entries = [each.filter(pl.col("source").is_in(sources)) for each in self._entries]
        return part

    def note(self, stage: str, entries: pl.DataFrame) -> None:
        """Add a stage's entries: `source, row, outcome` and, where known, all others."""
        schema = table("ledger").schema
        columns = {
            name: pl.col(name) if name in entries.columns else pl.lit(None, dtype=dtype)
            for name, dtype in schema.items()
        }
        columns["stage"] = pl.lit(stage)
        chosen = [column.cast(schema[name]).alias(name) for name, column in columns.items()]
        self._entries.append(entries.select(chosen))

    def note_match(self, cases: pl.DataFrame) -> None:
        """Note how each matched case was located: its category and level, or by hand."""
        how = pl.concat_str(pl.lit("located_"), "category", pl.lit("_"), "level")
        located = pl.col("access_address_id").is_not_null()
        reason = pl.when(located).then(how).otherwise(pl.lit("not_located"))
        by_hand = pl.when(pl.col("decided_as").is_not_null()).then(pl.lit("decided_by_hand"))
        self._note_kept("match", cases, by_hand.otherwise(reason))

    def note_place(self, cases: pl.DataFrame) -> None:
        """Note where each placed case lies. Areas are not named: the ledger shows no place."""
        where = (
            pl.when(pl.col("in_municipality").is_null())
            .then(pl.lit("not_located"))
            .when("in_municipality")
            .then(pl.lit("in_the_municipality"))
            .otherwise(pl.lit("other_municipality"))
        )
        self._note_kept("place", cases, where)

    def _note_kept(self, stage: str, cases: pl.DataFrame, reason: pl.Expr) -> None:
        kept = pl.lit(Outcome.KEPT.value).alias("outcome")
        self.note(stage, cases.select("source", "row", kept, reason.alias("reason")))

    def table(self) -> pl.DataFrame:
        """The entries of all stages, in the order of the rows.

        `source, row, stage, outcome, reason, case_id`; and of the stage read `sheet, sheet_row`,
        where the rows of several sheets of a workbook were read.
        """
        if not self._entries:
            return table("ledger").empty()
        order = pl.col("stage").replace_strict(STAGES, range(len(STAGES)), return_dtype=pl.Int8)
        final_last = pl.col("outcome") != Outcome.KEPT
        return pl.concat(self._entries).sort("source", "row", order, final_last)

    def settle(self) -> pl.DataFrame:
        """Rows per source and final outcome: `source, outcome, reason, rows`.

        Raises LedgerError where a row has no final outcome, has two, or was not read, and where
        one that is not counted has no reason.
        """
        final = self.table().filter(pl.col("outcome") != Outcome.KEPT)
        problems = []
        for source, read in sorted(self._read.items()):
            rows = final.filter(pl.col("source") == source)["row"]
            if len(rows) != read or rows.n_unique() != read:
                problems.append(
                    Problem(
                        f"{read} rows were read and {len(rows)} are accounted for "
                        f"({rows.n_unique()} of them different)",
                        "This is a fault in Kvarter. Nothing was published; please report it.",
                        source,
                    )
                )
        bare = final.filter(
            (pl.col("reason").fill_null("") == "") & (pl.col("outcome") != Outcome.COUNTED)
        )
        problems += [
            Problem(
                f"a row is {outcome} without a reason",
                "This is a fault in Kvarter. Nothing was published; please report it.",
                source,
                row,
            )
            for source, row, outcome in bare.select("source", "row", "outcome").iter_rows()
        ]
        if final.filter(~pl.col("source").is_in(list(self._read))).height:
            problems.append(Problem("rows of a source that was not read", "Please report it."))
        if problems:
            raise LedgerError(problems)
        return final.group_by("source", "outcome", "reason").len("rows").sort(pl.all())


def rows_by_outcome(settled: pl.DataFrame, sources: list[str]) -> dict[str, dict[str, int]]:
    """Rows of each source by final outcome, all outcomes named, and `read`, their sum.

    `settled`: `source, outcome, rows` of `Ledger.settle`.
    """
    counts: dict[str, dict[str, int]] = {}
    for source in sources:
        rows = settled.filter(pl.col("source") == source)
        found = dict(rows.group_by("outcome").agg(pl.col("rows").sum()).iter_rows())
        counts[source] = {"read": int(rows["rows"].sum())} | {
            outcome.value: found.get(outcome.value, 0) for outcome in FINAL
        }
    return counts
