"""Every column has one home: what the specification says is what is made, written and read."""

from __future__ import annotations

import doctest
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvarter.editions import InternalEdition
from kvarter.errors import InputError
from kvarter.tables import internal_tables, other_tables, public_tables, specification, table

EVERY = {**public_tables(), **internal_tables(), **other_tables()}


@pytest.mark.parametrize("name", EVERY)
def test_a_table_and_each_column_say_what_they_mean(name: str) -> None:
    one = EVERY[name]
    said = [(one.title.da, one.title.en), (one.rows.da, one.rows.en)]
    said += [(column.da, column.en) for column in one.columns.values()]
    for da, en in said:
        assert da.strip() and en and en.strip() and da != en, (name, da)
    assert len(set(one.key)) == len(one.key) > 0


def test_no_name_stands_for_two_tables() -> None:
    assert len(EVERY) == len(public_tables()) + len(internal_tables()) + len(other_tables())


@pytest.mark.parametrize("name", public_tables())
def test_a_key_tells_of_no_count(name: str) -> None:
    one = table(name)
    assert not set(one.key) & {*one.figures, *one.words}


def test_every_table_of_a_status_is_as_specified(city_status: InternalEdition) -> None:
    tables = city_status.public.tables
    assert list(tables) == list(public_tables())
    for name, frame in tables.items():
        assert table(name).conform(frame) is frame


def test_every_internal_table_is_as_specified(city_status: InternalEdition) -> None:
    written = city_status.tables
    files = {name for name, one in internal_tables().items() if one.forms}
    assert {*written, "claims"} == files
    for name, frame in written.items():
        assert table(name).conform(frame) is frame


def test_what_is_hidden_of_results_is_of_the_exact_ones() -> None:
    exact = table("exact_results")
    assert set(table("results").figures) <= set(exact.figures)
    assert set(exact.columns) - set(exact.figures) <= {*table("results").columns}


def test_what_is_written_is_read_again(city_status: InternalEdition, tmp_path: Path) -> None:
    for name, frame in city_status.public.tables.items():
        table(name).write(frame, tmp_path)
        assert table(name).read(tmp_path / f"{name}.parquet").equals(frame)
        again = table(name).read(tmp_path / f"{name}.csv")
        assert again.schema == frame.schema
        assert again.equals(frame)


def test_a_column_too_many_or_too_few_or_of_another_type_is_named() -> None:
    gaps = table("gaps").empty()
    with pytest.raises(ValueError, match=r"gaps: no column gap; a column gab that is not"):
        table("gaps").conform(gaps.rename({"gap": "gab"}))
    with pytest.raises(ValueError, match="period is String and not Int64"):
        table("gaps").conform(gaps.with_columns(pl.col("period").cast(pl.String)))
    with pytest.raises(ValueError, match="another order"):
        table("gaps").conform(gaps.select(reversed(gaps.columns)))


def test_a_column_that_an_earlier_version_lacks_is_null(tmp_path: Path) -> None:
    one = table("missing")
    frame = one.frame([(2, "evictions", "year", "2023", 90, 10, 0.9, 0.5)])
    earlier = frame.drop("p_value").with_columns(gone=pl.lit("since"))
    earlier.write_parquet(tmp_path / "missing.parquet")
    read = one.read(tmp_path / "missing.parquet")
    assert read.equals(frame.with_columns(p_value=pl.lit(None, pl.Float64)))


def test_a_file_that_is_missing_or_no_table_is_told(tmp_path: Path) -> None:
    path = tmp_path / "gaps.parquet"
    with pytest.raises(InputError, match="this table is missing"):
        table("gaps").read(path)
    path.write_text("no table", encoding="utf-8")
    with pytest.raises(InputError, match="this table is damaged"):
        table("gaps").read(path)
    pl.DataFrame({"goal": [1]}).write_parquet(path)
    with pytest.raises(InputError, match="this table is damaged"):
        table("gaps").read(path)


@given(st.lists(st.sampled_from(["", "=1+1", "'x", "-5", "a\nb", "æ;,", '"']), min_size=1))
def test_texts_of_a_csv_file_come_back_as_they_were(texts: list[str]) -> None:
    one = table("bridges")
    rows = [
        (t, f"{n}", "b", None, None, "city", n, None, 1, 0.1, None, 1e-9)
        for n, t in enumerate(texts)
    ]
    frame = one.frame(rows)
    with TemporaryDirectory() as folder:
        one.write(frame, Path(folder))
        assert one.read(Path(folder) / f"{one.name}.csv").equals(frame)


def test_a_csv_file_that_is_cut_within_a_row_is_damaged(tmp_path: Path) -> None:
    one = table("bridges")
    texts = ["a", 'b\n"c', "=1", "", 'd,"\n', "æ"]
    frame = one.frame(
        (t, f"{n}", "b", None, None, "city", n, None, 1, 0.1, None, 1e-9)
        for n, t in enumerate(texts)
    )
    one.write(frame, tmp_path)
    path = tmp_path / f"{one.name}.csv"
    whole = path.read_bytes()
    read = 0
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        try:
            found = one.read(path)
        except InputError as error:
            assert "this table is damaged" in str(error)
        else:  # cut between two rows, which its hash alone can tell
            assert found.equals(frame.head(found.height))
            read += 1
    assert read == len(texts)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"type": "text", "da": "x", "en": "y"}, id="does_not_say_what_it_rests_on"),
        pytest.param(
            {"type": "text", "da": "x", "en": "y", "rests_on": "figures"}, id="no_such_count"
        ),
        pytest.param(
            {"type": "float", "da": "x", "en": "y", "rests_on": "figure"}, id="no_such_type"
        ),
    ],
)
def test_a_public_column_that_is_not_whole_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="column x"):
        list(specification._columns("x", given, is_key=False, public=True))


def test_the_examples_run() -> None:
    found = doctest.testmod(specification)
    assert found.attempted > 0
    assert found.failed == 0
