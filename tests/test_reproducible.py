"""The same input gives the same bytes, whenever, wherever and in whatever order it is read."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import status_of, usual_status
from hamlet import HEADER, ROWS, build, run_in
from kvarter import __version__
from kvarter.editions.record import input_files
from kvarter.editions.releases import LEDGER
from kvarter.pipeline.stages import STAGES
from kvarter.policy import load_policy

TABLES = ["results", "verdicts", "gaps", "trends", "bridges", "totals", "missing", "sensitivity"]
TABLES += ["interventions", "row_outcomes", "not_placed", "case_systems", "sources"]
SAME = [
    *(f"data/{name}.{form}" for name in TABLES for form in ("csv", "json", "parquet")),
    *("data/results.jsonstat.json", "data/tables.xlsx", "data/datapackage.json"),
    *("edition.json", "data/policy.json", "data/statement.json", "data/areas.geojson"),
    *(
        "internal/ledger.parquet",
        "internal/rows.parquet",
        "internal/decisions.parquet",
        "internal/rows_told.json",
        "internal/notes.json",
        "internal/policy.yaml",
        "internal/claims.csv",
    ),
    *("internal/review.csv", "internal/review.xlsx"),
    *("internal/disclosure.csv", "internal/audit.csv", "internal/alternatives.csv"),
    *("internal/exact_results.csv", "internal/exact_verdicts.csv"),
]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


OF_THE_CITY = [
    f"data/{name}.{form}"
    for name in ("distance", "distance_overall")
    for form in ("csv", "json", "parquet")
] + ["data/distance.jsonstat.json", "data/dataset.jsonld"]


def documents(goals: list[int]) -> list[str]:
    """The files people read, for a policy with these goals."""
    names = ["report", "summary", "memo", *(f"annex/goal-{number:02}" for number in goals)]
    return [f"{name}.{form}" for name in names for form in ("html", "docx", "pdf")]


def digests(folder: Path, also: list[str] | None = None) -> dict[str, str]:
    """Every file that must be the same each time. `run.json` tells the time, and so cannot be."""
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    same = [*SAME, *(documents([1]) if also is None else also)]
    assert files == {*same, "internal/run.json", "internal/LÆS-MIG.txt"}
    return {name: digest(folder / name) for name in same}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hamlet and, in `status`, what a single run of it wrote: nobody may write in it."""
    folder = tmp_path_factory.mktemp("hamlet")
    run_in(build(folder), folder / "status", documents=True)
    return folder


def test_the_same_input_gives_the_same_bytes(alone: Path, tmp_path: Path) -> None:
    run_in(build(tmp_path), tmp_path / "other", documents=True)
    assert digests(alone / "status" / "2024") == digests(tmp_path / "other" / "2024")


def test_what_was_run_before_leaves_no_mark(alone: Path, tmp_path: Path) -> None:
    """An edition alone, and after another as the demo makes them."""
    path = build(tmp_path)
    for edition in ("2017", "2024"):
        run_in(path, tmp_path / "after", documents=True, edition=edition, language="en")
    run_in(path, tmp_path / "after", documents=True)
    assert digests(alone / "status" / "2024") == digests(tmp_path / "after" / "2024")


def run_alone(policy: Path, key: Path, out: Path, seed: int, threads: int) -> None:
    """A run in a process of its own, with its own order of sets and number of threads."""
    arguments = ["run", str(policy), "--out", str(out), "--key-file", str(key), "--quiet"]
    subprocess.run(
        [sys.executable, "-c", "from kvarter.cli import main; main()", *arguments],
        env={**os.environ, "PYTHONHASHSEED": str(seed), "POLARS_MAX_THREADS": str(threads)},
        check=True,
    )


@pytest.mark.slow
def test_two_processes_give_the_same_bytes(tmp_path: Path) -> None:
    path = build(tmp_path)
    for seed, threads in ((0, 1), (4711, 4)):
        run_alone(path, tmp_path / "key", tmp_path / str(seed), seed, threads)
    assert digests(tmp_path / "0" / "2024") == digests(tmp_path / "4711" / "2024")


@pytest.mark.slow
def test_the_city_made_again_in_another_process_is_the_same(city: Path, tmp_path: Path) -> None:
    shutil.copyfile(city / "status" / LEDGER, tmp_path / LEDGER)
    run_alone(city / "policy.yaml", city / "demo.key", tmp_path, seed=1, threads=1)
    policy = load_policy(city / "policy.yaml")
    numbers = [goal.number for goal in policy.goals if goal.indicators]
    made = (
        digests(at / "2024", OF_THE_CITY + documents(numbers)) for at in (tmp_path, city / "status")
    )
    assert next(made) == next(made)


@settings(max_examples=8)
@given(order=st.permutations(ROWS))
def test_the_order_of_rows_changes_no_table(
    order: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    usual = usual_status()
    shuffled = status_of(build(tmp_path_factory.mktemp("shuffled"), order))
    assert shuffled.public.results.equals(usual.public.results)
    assert shuffled.public.verdicts.equals(usual.public.verdicts)
    same = pl.exclude("rows"), pl.col("rows")
    assert shuffled.settled.select(*same).equals(usual.settled.select(*same))


def test_the_order_of_columns_and_delimiters_changes_no_table(tmp_path: Path) -> None:
    usual = usual_status()
    turned = [list(reversed(line.split(";"))) for line in [HEADER, *ROWS]]
    content = "\r\n".join("|".join(line) for line in turned).encode("utf-16")
    other = status_of(build(tmp_path / "other", content=content))
    assert other.public.results.equals(usual.public.results)
    assert other.rows.select("row", "outcome", "case_id").equals(
        usual.rows.select("row", "outcome", "case_id")
    )


@pytest.fixture(scope="module")
def record(alone: Path) -> tuple[Path, dict[str, Any]]:
    """The hamlet's folder, and the record of a run of it."""
    text = (alone / "status" / "2024" / "internal/run.json").read_text(encoding="utf-8")
    return alone, json.loads(text)


def test_the_record_has_the_hash_of_everything_read(record: tuple[Path, dict[str, Any]]) -> None:
    folder, told = record
    assert told["policy"] == {
        "file": "policy.yaml",
        "sha256": digest(folder / "policy.yaml"),
        "home": "../..",
    }
    assert told["inputs"] == [
        {"file": name, "sha256": digest(folder / name)}
        for name in ("areas.geojson", "dwellings.csv", "notices.csv", "register.parquet")
    ]


def test_the_record_names_the_version_the_edition_and_the_libraries(
    record: tuple[Path, dict[str, Any]],
) -> None:
    _, told = record
    assert told["kvarter"] == __version__
    assert (told["edition"], told["data_year"]) == ("2024", 2023)
    assert set(told["seeds"]) == {"missing", "sensitivity", "interventions", "distance"}
    assert told["python"].startswith("3.")
    assert {"duckdb", "polars", "rapidfuzz"} <= set(told["libraries"])
    assert told["started"].endswith("+00:00")


def test_the_record_counts_rows_and_seconds(record: tuple[Path, dict[str, Any]]) -> None:
    _, told = record
    rows = told["rows"]["notices"]
    assert rows.pop("read") == sum(rows.values()) == len(ROWS)
    assert rows["counted"] == 6
    assert list(told["seconds"]) == [stage.name for stage in STAGES]
    assert all(seconds >= 0 for seconds in told["seconds"].values())


def test_the_record_holds_nothing_of_the_key_or_of_where_it_was_made(
    record: tuple[Path, dict[str, Any]],
) -> None:
    folder, told = record
    text = json.dumps(told)
    assert (folder / "key").read_text(encoding="ascii").strip() not in text
    assert str(folder) not in text


def test_every_file_the_policy_names_is_an_input(city: Path) -> None:
    policy = load_policy(city / "policy.yaml")
    written = yaml.safe_load((city / "policy.yaml").read_text(encoding="utf-8"))
    edition = policy.editions[-1]
    parts = [*written["sources"], *written["statistics"], *written["layers"].values()]
    parts += [written["register"]]
    sets = {each["id"]: each for each in written["area_sets"]}
    every = sorted({part["file"] for part in [*parts, *sets.values()]})
    assert input_files(policy, edition) == every  # the distance compares both area sets
    first = [part["file"] for part in [*parts, sets["2017"]]]
    assert input_files(policy, policy.editions[0]) == sorted(set(first))


def test_one_changed_byte_is_seen_in_the_record(
    record: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    _, told = record
    run_in(build(tmp_path, ROWS[::-1]), tmp_path / "status")
    text = (tmp_path / "status" / "2024" / "internal/run.json").read_text(encoding="utf-8")
    changed = [
        was["file"]
        for was, now in zip(told["inputs"], json.loads(text)["inputs"], strict=True)
        if was != now
    ]
    assert changed == ["notices.csv"]
