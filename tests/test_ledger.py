"""What must always hold of the ledger: nothing is lost, and the order of rows decides nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import status_of, usual_status
from hamlet import HEADER, ROWS, build
from kvarter.cases import FINAL, Ledger
from kvarter.editions.trace import trace
from kvarter.errors import InputError, LedgerError


def test_every_row_of_the_hamlet_has_its_outcome() -> None:
    status = usual_status()
    assert status.rows_by_outcome == {
        "notices": {
            "read": 11,
            "counted": 6,
            "duplicate": 1,
            "outside_period": 1,
            "outside_municipality": 1,
            "unlocated": 1,
            "invalid": 1,
        }
    }
    results = dict(
        status.public.results.filter(pl.col("period") == 2022)
        .select("group", "numerator")
        .iter_rows()
    )
    # Strandvejen 4 lies in vest and midt: it counts once in the areas, and once in each.
    assert results == {"areas": 3, "rest": 1, "city": 4, "vest": 3, "midt": 1, "oest": 0}


def test_each_stage_tells_of_every_row_that_reached_it() -> None:
    ledger = usual_status().ledger
    rows = dict(ledger.group_by("stage").len().iter_rows())
    assert rows == {"read": 11, "match": 9, "place": 9, "deduplicate": 9}
    assert ledger.filter(pl.col("outcome").is_in([o.value for o in FINAL])).height == 11


mangled_rows = st.lists(
    st.one_of(
        st.sampled_from(ROWS),
        st.sampled_from(ROWS).flatmap(
            lambda row: st.integers(0, len(row)).map(lambda at: row[:at] + "\ufffd;" + row[at:])
        ),
        st.text(st.characters(exclude_characters="\r\n\x00"), max_size=60),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(rows=mangled_rows)
def test_the_ledger_adds_up_for_any_mangled_input(rows: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            status = status_of(build(Path(folder), rows))
        except InputError as error:  # where every row has one mark too many
            assert error.problems[0].remedy
            return
    counts = status.rows_by_outcome["notices"]
    assert counts["read"] == sum(counts[outcome] for outcome in FINAL)
    assert counts["read"] == status.profiles["notices"].rows
    counted = status.public.results.filter(pl.col("group") == "city")["numerator"].sum()
    assert counted == counts["counted"]


@settings(max_examples=15, deadline=None)
@given(content=st.binary(min_size=1, max_size=300))
def test_any_bytes_after_the_header_are_read_or_refused_in_words(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        policy = build(Path(folder), content=HEADER.encode() + b"\n" + content)
        try:
            counts = status_of(policy).rows_by_outcome["notices"]
        except InputError as error:
            assert error.problems[0].remedy
        else:
            assert counts["read"] == sum(counts[outcome] for outcome in FINAL)


@settings(max_examples=15, deadline=None)
@given(rows=st.permutations(ROWS))
def test_the_order_of_rows_changes_no_result(rows: list[str]) -> None:
    usual = usual_status()
    with tempfile.TemporaryDirectory() as folder:
        shuffled = status_of(build(Path(folder), rows))
    assert usual.public.results.equals(shuffled.public.results)
    assert usual.public.verdicts.equals(shuffled.public.verdicts)
    assert usual.rows_by_outcome == shuffled.rows_by_outcome


def entries(*rows: tuple[int, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [("s", row, outcome) for row, outcome in rows],
        schema=["source", "row", "outcome"],
        orient="row",
    )


@pytest.mark.parametrize(
    "noted",
    [
        pytest.param(entries((1, "counted")), id="a row lost"),
        pytest.param(entries((1, "counted"), (1, "duplicate")), id="a row with two fates"),
        pytest.param(entries((1, "counted"), (2, "kept")), id="a row without an end"),
    ],
)
def test_a_ledger_that_does_not_add_up_stops_the_run(noted: pl.DataFrame) -> None:
    ledger = Ledger()
    ledger.opened("s", 2)
    ledger.note("deduplicate", noted)
    with pytest.raises(LedgerError, match="2 rows were read"):
        ledger.settle()


def test_trace_tells_one_rows_story(city: Path) -> None:
    folder = city / "status" / "2024"
    ledger = pl.read_parquet(folder / "internal/ledger.parquet")
    (row,) = (
        ledger.filter((pl.col("source") == "domus-2023") & (pl.col("reason") == "same_unit"))
        .sort("row")
        .head(1)["row"]
    )
    steps = trace(folder, "domus-2023", row)
    assert [step.stage for step in steps] == ["read", "match", "place", "deduplicate"]
    assert steps[0].facts["address"]
    assert steps[1].reason.startswith("located_")
    assert steps[3].outcome == "duplicate"
    assert steps[3].facts["case_id"].startswith("domus-2023:")


def test_trace_says_what_is_there_instead(city: Path) -> None:
    folder = city / "status" / "2024"
    with pytest.raises(InputError, match="no source called 'domus'"):
        trace(folder, "domus", 2)
    with pytest.raises(InputError, match="line 1 is no row"):
        trace(folder, "domus-2023", 1)


@pytest.mark.parametrize("outcome", ["invalid", "unlocated", "duplicate", "outside_period"])
@pytest.mark.parametrize("reason", ["", None])
def test_a_row_that_is_not_counted_has_a_reason(outcome: str, reason: str | None) -> None:
    ledger = Ledger()
    ledger.opened("s", 1)
    row = {"source": ["s"], "row": [7], "outcome": [outcome]}
    why = pl.Series([reason], dtype=pl.String)
    ledger.note("deduplicate", pl.DataFrame(row).with_columns(reason=why))
    with pytest.raises(LedgerError, match=f"s:7: a row is {outcome} without a reason"):
        ledger.settle()


@settings(max_examples=15)
@given(st.lists(st.text("0123456789 ,.-abkøSt&;æ", max_size=30), min_size=1, max_size=12))
def test_every_text_that_is_not_located_has_a_reason(texts: list[str]) -> None:
    from hamlet import _register_with_its_index
    from kvarter.addresses import AddressIndex, match

    index = AddressIndex.load(Path(_register_with_its_index().name) / "register.index")
    found = match(pl.Series(texts), index)
    nowhere = found.filter(pl.col("access_address_id").is_null())
    assert (nowhere["reasons"] != "").all()
