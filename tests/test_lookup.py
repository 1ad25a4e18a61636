"""A look-up finds what a join does."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from kvarter.addresses.lookup import Lookup

NUMBERS = st.integers(0, 3) | st.just(2**32 - 2)
KEYS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=12)
KEYS_OR_NONE = st.lists(st.tuples(NUMBERS, st.none() | NUMBERS), max_size=12)


def frame(rows: list[tuple[int, int | None]], column: str) -> pl.DataFrame:
    keys = pl.DataFrame(rows, schema={"a": pl.Int64, "b": pl.UInt32}, orient="row")
    return keys.with_row_index(column)


@given(KEYS, KEYS)
def test_every_row_with_a_key_is_found(
    rows: list[tuple[int, int]], asked: list[tuple[int, int]]
) -> None:
    table, sought = frame(sorted(rows), "row"), frame(asked, "asked")
    found = Lookup(table, "a", "b").all_of(sought, "a", "b")
    joined = sought.join(table, on=["a", "b"]).sort("asked", "row")
    assert found.select("asked", "row").equals(joined.select("asked", "row"))


@given(KEYS, KEYS_OR_NONE)
def test_one_row_with_each_key_is_found_and_none_for_no_key(
    rows: list[tuple[int, int]], asked: list[tuple[int, int | None]]
) -> None:
    table, sought = frame(sorted(set(rows)), "row"), frame(asked, "asked")
    found = Lookup(table, "a", "b").one_of(sought["a"], sought["b"])
    joined = sought.join(table, on=["a", "b"], how="left", maintain_order="left")
    assert found["row"].equals(joined["row"])
