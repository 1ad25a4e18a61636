"""The benchmark of the address match can be trusted, and what it says of accuracy holds."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from conftest import ROOT, SHARED, needed
from kvarter.addresses import AddressIndex, match
from kvarter.engine import Engine

sys.path.insert(0, str(ROOT / "benchmarks"))

import reading
from addresses.matchers import row_by_row
from addresses.people_type import KINDS, make_queries
from addresses.registers import city_register, real_names, renamed
from addresses.score import QUERY, by_category, by_doubt, by_kind, controls, score
from addresses.shift import make_shifted, take_out

QUERIES, SEED = 6_000, 90_210


@pytest.fixture(scope="module")
def city() -> pl.DataFrame:
    return city_register()


@pytest.fixture(scope="module")
def shift(city: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    return shifted(city)


def answers(register: pl.DataFrame, queries: pl.DataFrame) -> pl.DataFrame:
    engine = Engine()
    try:
        return match(queries["text"], AddressIndex(engine, engine.table(register)))
    finally:
        engine.close()


def shifted(register: pl.DataFrame, how_many: int = QUERIES) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The register that is left, and queries for it and for what was taken out."""
    kept, taken = take_out(register, np.random.default_rng(SEED))
    return kept, make_shifted(kept, taken, how_many, SEED)


@pytest.mark.slow
def test_what_people_type_is_found(city: pl.DataFrame) -> None:
    queries = make_queries(city, QUERIES, SEED)
    found = answers(city, queries)
    at = score(queries, found)
    assert at["right"] >= 99.5
    assert at["false"] <= 0.5
    assert set(by_kind(queries, found)["kind"]) == {name for name, _, _ in KINDS}
    sure = dict(by_category(queries, found).select("category", "right").iter_rows())
    assert sure["A"] >= 99.9
    assert sure["B"] >= 99.5
    chances = dict(by_doubt(queries, found).select("candidates_hold", "among").iter_rows())
    assert chances[0.99] >= 95


@pytest.mark.slow
def test_noise_and_holes_that_the_match_was_not_made_for(
    shift: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    kept, queries = shift
    assert_shift_holds(score(queries, answers(kept, queries)))


@pytest.mark.slow
def test_the_same_with_real_street_names(city: pl.DataFrame) -> None:
    names = real_names(needed(SHARED / "dar").parent)
    kept, queries = shifted(renamed(city, names, SEED))
    assert_shift_holds(score(queries, answers(kept, queries)))


def assert_shift_holds(at: dict[str, float]) -> None:
    assert at["right"] >= 98
    assert at["false"] <= 1.5
    assert at["precision"] >= 99.8


def test_the_scorer_tells_the_oracle_from_permuted_answers(city: pl.DataFrame) -> None:
    queries = make_queries(city, 500, SEED)
    assert controls(queries) == {"oracle": 100, "permuted": 0}
    silent = queries.select(
        "text",
        pl.lit(None, pl.String).alias("category"),
        address_id=pl.lit(""),
        access_address_id=pl.lit(""),
    )
    at = score(queries, silent)
    assert at["right"] == pytest.approx(100 * (queries["access_address_id"] == "").mean())
    assert (at["f1"], at["false"]) == (0, 0)


def test_a_seed_gives_the_same_queries(city: pl.DataFrame) -> None:
    part = city.filter(pl.col("postcode") == "2720")
    queries = make_queries(part, 300, SEED)
    assert queries.schema == pl.Schema(QUERY)
    assert queries.equals(make_queries(part, 300, SEED))
    assert not queries.equals(make_queries(part, 300, SEED + 1))
    assert shifted(part, 200)[1].equals(shifted(part, 200)[1])


def test_no_query_is_for_a_street_that_was_taken_out_and_has_an_answer(
    shift: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    kept, queries = shift
    gone = queries.filter(pl.col("kind").str.contains("taken out"))
    assert 0.1 < gone.height / queries.height < 0.25
    assert set(gone["access_address_id"]) == {""}
    answered = queries.filter(pl.col("access_address_id") != "")
    assert set(answered["access_address_id"]) <= set(kept["access_address_id"])


def test_the_peer_finds_official_forms(city: pl.DataFrame, tmp_path: Path) -> None:
    """A peer that is set up wrongly makes us look good."""
    city.write_parquet(tmp_path / "register.parquet")
    queries = make_queries(city, 2_000, SEED).filter(pl.col("kind") == "official")
    found, _, _ = row_by_row(tmp_path / "register.parquet", queries["text"])
    assert score(queries, found)["right"] >= 99


def test_the_benchmark_of_reading_draws_what_it_says(tmp_path: Path) -> None:
    """One row in five is a second notice, and the benchmark finds just the households it drew."""
    drawn = reading.extract(5_000)
    assert drawn.equals(reading.extract(5_000))
    assert drawn["home"].n_unique() == 4_000
    drawn.drop("home").write_csv(tmp_path / "extract.csv", separator=";")
    cases = reading.located(reading._read(tmp_path), drawn["home"])
    assert cases.height == 5_000
    cases.write_parquet(tmp_path / "located.parquet")
    united = reading._deduplicate(tmp_path)
    assert (united["outcome"] == "counted").sum() == pytest.approx(4_000, abs=5)
    assert reading._polars(tmp_path).height == reading._duckdb(tmp_path).height == 5_000
