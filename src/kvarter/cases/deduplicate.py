"""Stage deduplicate: rows of the same household or the same person -> one case a year.

Two rows are the same case where they agree on every key of any one of the policy's lists, and
sameness carries on: if the first is the second and the second is the third, all three are one
(connected components, as in deterministic record linkage; Christen 2012, ch. 6).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from kvarter.cases.frequent import NOT_USED, Frequent, too_frequent
from kvarter.cases.ledger import Ledger, Outcome
from kvarter.notes import Note
from kvarter.policy.model import CaseKind, SameKey

_COLUMN = {
    "unit": "address_id",
    "entrance": "access_address_id",
    "person": "person",
    "name": "name",
    "court_case": "court_case",
}


def deduplicate(cases: pl.DataFrame, kind: CaseKind) -> pl.DataFrame:
    """`cases` of one kind with `case_id`, `outcome`, `reason` and `not_used` for every row.

    In: `source, row, year, event_date, address_id, access_address_id, text_id, person, name,
    court_case, in_municipality` (true, false, or null where unlocated) and `reasons` of the match.

    A case that has a located row in the municipality is counted once, by the earliest of those
    rows; its other rows are duplicates of it, also those that could not be located themselves.
    In a case without one, every row keeps its own outcome. `case_id` is the source and row of the
    row a case is known by. `not_used`: the keys of the row whose value is too frequent to be that
    of one household or person (see `too_frequent`), as in `person; entrance_and_name`.
    """
    return _unite(cases, kind)[0]


def _unite(cases: pl.DataFrame, kind: CaseKind) -> tuple[pl.DataFrame, list[Frequent]]:
    if cases.is_empty():
        return _without_rows(cases), []
    # In the order of content, so that the order of rows in a file decides nothing that counts.
    ordered = cases.sort(
        pl.col("in_municipality").fill_null(False).not_(),
        *("event_date", "access_address_id", "address_id", "person", "source", "row"),
        nulls_last=True,
    )
    ties, frequent = _ties(ordered, kind)
    leader = pl.Series(_leaders(ties))
    own = ordered.select(pl.col("source") + ":" + pl.col("row").cast(pl.String)).to_series()
    located = ordered["in_municipality"].fill_null(False)
    ordered = ordered.with_columns(
        own.gather(leader).alias("case_id"),
        located.gather(leader).alias("has_home"),
        (leader == pl.int_range(len(ordered), eager=True)).alias("is_first"),
        _shared(ties),
    )
    united = ordered.with_columns(
        pl.when("has_home", "is_first")
        .then(pl.lit(Outcome.COUNTED.value))
        .when("has_home")
        .then(pl.lit(Outcome.DUPLICATE.value))
        .when(pl.col("in_municipality").is_null())
        .then(pl.lit(Outcome.UNLOCATED.value))
        .otherwise(pl.lit(Outcome.OUTSIDE_MUNICIPALITY.value))
        .alias("outcome"),
        pl.when("has_home", "is_first")
        .then(pl.lit(None, dtype=pl.String))
        .when("has_home")
        .then(pl.concat_str(pl.lit("same_"), pl.col("shared").fill_null("as_another")))
        .when(pl.col("in_municipality").is_null())
        .then(pl.col("reasons").list.last())
        .when(pl.col("access_address_id").is_null())
        .then(pl.lit("decided_by_hand"))
        .otherwise(pl.lit("other_municipality"))
        .alias("reason"),
        _not_used(frequent, len(ordered)),
    ).drop("has_home", "is_first", "shared")
    return united, frequent


def _shared(ties: list[pl.Series]) -> pl.Series:
    """The first of the policy's lists on which a row agrees with another row of its case."""
    names = [tie.name.removeprefix(_TIE) for tie in ties]
    shared = pl.select(
        pl.coalesce(
            pl.when(tie.is_duplicated() & tie.is_not_null()).then(pl.lit(name))
            for tie, name in zip(ties, names, strict=True)
        ).alias("shared")
    )
    return shared.to_series()


def _not_used(frequent: list[Frequent], rows: int) -> pl.Series:
    """The keys of each row that unite it with none, joined; null where there are none."""
    if not frequent:
        return pl.Series("not_used", [None] * rows, dtype=pl.String)
    said = [
        pl.select(pl.when(each.rows).then(pl.lit(_name_of(each.keys)))).to_series().alias(str(at))
        for at, each in enumerate(frequent)
    ]
    joined = pl.concat_str(pl.all(), separator="; ", ignore_nulls=True)
    return pl.DataFrame(said).select(pl.when(joined != "").then(joined).alias("not_used"))[
        "not_used"
    ]


def _without_rows(cases: pl.DataFrame) -> pl.DataFrame:
    names = ("case_id", "outcome", "reason", "not_used")
    return cases.clear().with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in names)


_TIE = "tie by "


def _name_of(keys: list[SameKey]) -> str:
    return "_and_".join(keys)


def _ties(cases: pl.DataFrame, kind: CaseKind) -> tuple[list[pl.Series], list[Frequent]]:
    """For each list of keys the first row of the year that agrees with a row on all of them.

    Null where a row lacks one of the keys, or where its value is too frequent to be used.
    """
    ties, frequent = [], []
    cases = cases.with_row_index("at")
    for keys in kind.same_when:
        columns = [_COLUMN[key] for key in keys]
        complete = pl.all_horizontal(pl.col(column).is_not_null() for column in columns)
        first = pl.col("at").first().over("year", *columns).cast(pl.Int64)
        tie = cases.select(pl.when(complete).then(first).alias(_TIE + _name_of(keys))).to_series()
        if not set(keys) <= set(kind.trusted_keys):
            found = too_frequent(cases, keys, tie)
            frequent += found
            for each in found:
                tie = pl.select(pl.when(~each.rows).then(tie).alias(tie.name)).to_series()
        ties.append(tie)
    return ties, frequent


def _leaders(ties: list[pl.Series]) -> np.ndarray:
    """For each row the first row of its case: rows are tied to the first alike."""
    size = len(ties[0])
    rows, firsts = [], []
    for tie in ties:
        at = (tie != pl.int_range(size, eager=True)).fill_null(False).arg_true()
        rows.append(at.to_numpy())
        firsts.append(tie.gather(at).to_numpy())
    return components(size, np.concatenate(rows), np.concatenate(firsts))


def components(size: int, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The part of a graph that each of its nodes lies in, as the lowest node of that part.

    `one`, `other`: the ends of each edge. Every node points to a lower one of its part, or to
    itself; each round ties what both ends point to, and halves the way (Zhang, Azad and Hu 2020,
    FastSV, SIAM PP:46).
    """
    lowest = np.arange(size)
    while True:
        low = np.minimum(lowest[one], lowest[other])
        before = lowest.copy()
        for ends in (one, other):
            np.minimum.at(lowest, before[ends], low)
            np.minimum.at(lowest, ends, low)
        lowest = lowest[lowest]
        if np.array_equal(lowest, before):
            return lowest


@dataclass(frozen=True)
class United:
    """`cases` in the columns of `deduplicate`, and `notes` on keys that were not used."""

    cases: pl.DataFrame
    notes: tuple[Note, ...]


def deduplicate_all(cases: pl.DataFrame, kinds: list[CaseKind], ledger: Ledger) -> United:
    """`deduplicate` for each kind of case; notes the final outcome of every row in `ledger`.

    Rows that only bridge two case systems are united with none, and counted nowhere.
    """
    counting, bridging = cases.filter(~pl.col("bridging")), cases.filter("bridging")
    by_kind, notes = [], []
    for kind in kinds:
        of_kind, frequent = _unite(counting.filter(pl.col("cases") == kind.id), kind)
        by_kind.append(of_kind)
        notes += [each.note(kind) for each in frequent]
    own = pl.col("source") + ":" + pl.col("row").cast(pl.String)
    left_out = bridging.with_columns(
        own.alias("case_id"),
        pl.lit(Outcome.OUTSIDE_PERIOD.value).alias("outcome"),
        pl.lit("other_case_system").alias("reason"),
        pl.lit(None, dtype=pl.String).alias("not_used"),
    )
    united = pl.concat([_without_rows(cases), *by_kind, left_out])
    why = pl.col("not_used").str.replace_all(r"(\w+)", f"{NOT_USED}${{1}}")
    ledger.note(
        "deduplicate",
        united.filter(pl.col("not_used").is_not_null()).select(
            "source", "row", pl.lit(Outcome.KEPT.value).alias("outcome"), why.alias("reason")
        ),
    )
    ledger.note("deduplicate", united)
    return United(united.drop("not_used"), tuple(notes))
