"""Stage unite: notices of the same household, or hearings of the same person, -> one case a year.

Two rows are the same case where they agree on every key of any one of the policy's lists, and
sameness carries on: if the first is the second and the second is the third, all three are one
(connected components, as in deterministic record linkage; Christen 2012, ch. 6).
"""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from kvarter.cases.ledger import Ledger, Outcome
from kvarter.policy.model import CaseKind

_COLUMN = {
    "unit": "address_id",
    "entrance": "access_address_id",
    "person": "person",
    "name": "name",
    "court_case": "court_case",
}


def unite(cases: pl.DataFrame, kind: CaseKind) -> pl.DataFrame:
    """`cases` of one kind with `case_id`, `outcome` and `reason` for every row.

    In: `source, row, year, event_date, address_id, access_address_id, person, name, court_case,
    in_municipality` (true, false, or null where unlocated) and `reasons` of the match.

    A case that has a located row in the municipality is counted once, by the earliest of those
    rows; its other rows are duplicates of it, also those that could not be located themselves.
    In a case without one, every row keeps its own fate. `case_id` is the source and row of the
    row a case is known by.
    """
    if cases.is_empty():
        return _without_rows(cases)
    # In the order of content, so that the order of rows in a file decides nothing that counts.
    ordered = cases.sort(
        pl.col("in_municipality").fill_null(False).not_(),
        *("event_date", "access_address_id", "address_id", "person", "source", "row"),
        nulls_last=True,
    ).with_columns(pl.Series("group", np.zeros(len(cases), dtype=np.int64)))
    ordered = ordered.with_columns(pl.Series("group", _components(ordered, kind)))
    first = pl.first("source") + ":" + pl.first("row").cast(pl.String)
    located = pl.col("in_municipality").fill_null(False)
    ordered = ordered.with_columns(
        first.over("group").alias("case_id"),
        located.first().over("group").alias("has_home"),
        (pl.int_range(pl.len()).over("group") == 0).alias("is_first"),
        _shared_key(kind).alias("shared"),
    )
    return ordered.with_columns(
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
        .then(pl.col("reasons").str.split("; ").list.last())
        .when(pl.col("access_address_id").is_null())
        .then(pl.lit("decided_by_hand"))
        .otherwise(pl.lit("other_municipality"))
        .alias("reason"),
    ).drop("group", "has_home", "is_first", "shared")


def _without_rows(cases: pl.DataFrame) -> pl.DataFrame:
    names = ("case_id", "outcome", "reason")
    return cases.clear().with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in names)


def _components(cases: pl.DataFrame, kind: CaseKind) -> np.ndarray:
    """The number of the case each row belongs to: rows and key values as one graph."""
    edges_from, edges_to, nodes = [], [], len(cases)
    for keys in kind.same_when:
        columns = ["year", *(_COLUMN[key] for key in keys)]
        complete = cases.with_row_index("at").drop_nulls(columns)
        if complete.is_empty():
            continue
        value = complete.select(pl.struct(columns).rank("dense")).to_series().to_numpy() - 1
        edges_from.append(complete["at"].to_numpy())
        edges_to.append(nodes + value.astype(np.int64))
        nodes += int(value.max()) + 1
    if not edges_from:
        return np.arange(len(cases))
    rows, values = np.concatenate(edges_from), np.concatenate(edges_to)
    graph = coo_array((np.ones(len(rows), dtype=np.int8), (rows, values)), shape=(nodes, nodes))
    labels: np.ndarray = connected_components(graph, directed=False)[1][: len(cases)]
    return labels


def _shared_key(kind: CaseKind) -> pl.Expr:
    """The first of the policy's keys on which a row agrees with another row of its case."""
    shared = pl.lit(None, dtype=pl.String)
    for keys in reversed(kind.same_when):
        columns = [_COLUMN[key] for key in keys]
        complete = pl.all_horizontal(pl.col(column).is_not_null() for column in columns)
        others = pl.len().over("group", *columns) > 1
        shared = pl.when(complete & others).then(pl.lit("_and_".join(keys))).otherwise(shared)
    return shared


def unite_all(cases: pl.DataFrame, kinds: list[CaseKind], ledger: Ledger) -> pl.DataFrame:
    """`unite` for each kind of case; notes the final outcome of every row in `ledger`.

    Rows that only bridge two case systems are united with none, and counted nowhere.
    """
    counting, bridging = cases.filter(~pl.col("bridging")), cases.filter("bridging")
    by_kind = [unite(counting.filter(pl.col("cases") == kind.id), kind) for kind in kinds]
    own = pl.col("source") + ":" + pl.col("row").cast(pl.String)
    left_out = bridging.with_columns(
        own.alias("case_id"),
        pl.lit(Outcome.OUTSIDE_PERIOD.value).alias("outcome"),
        pl.lit("other_case_system").alias("reason"),
    )
    united = pl.concat([_without_rows(cases), *by_kind, left_out])
    ledger.note("unite", united)
    return united
