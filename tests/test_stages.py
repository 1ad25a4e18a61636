"""The way of a case: its stages fit, can be cut, tell how long they took and can be stopped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamlet import KEY, ROWS, build, run_in
from kvarter.addresses import match_cases
from kvarter.cases import Pseudonyms
from kvarter.cases.deduplicate import deduplicate
from kvarter.cli.display import Display
from kvarter.editions.folder import RECORD
from kvarter.editions.record import Record
from kvarter.editions.releases import Released
from kvarter.engine import Engine
from kvarter.errors import CancelledError
from kvarter.pipeline.run import run
from kvarter.pipeline.runner import Known, take
from kvarter.pipeline.stage import way
from kvarter.pipeline.stages import (
    COUNT,
    LOCATE,
    STAGES,
    Deduplicated,
    Extracts,
    Located,
    Placed,
    Read,
    Task,
)
from kvarter.policy import load_policy
from kvarter.statement import Statement


def test_a_way_is_checked_by_types_when_it_is_put_together() -> None:
    def first(number: int) -> str:
        return str(number)

    def second(text: str) -> float:
        return float(text)

    assert [stage.gives for stage in way([int], first, second)] == [str, float]
    with pytest.raises(TypeError, match="the stage second needs str"):
        way([int], second, first)


@pytest.mark.usefixtures("in_english")
def test_every_stage_is_said_as_it_begins() -> None:
    assert {stage.name for stage in STAGES} <= set(Display(quiet=True)._stages())


def located(folder: Path, rows: list[str]) -> Known:
    """The hamlet to its households, by the stages themselves."""
    policy = load_policy(build(folder, rows))
    edition = policy.editions[-1]
    statement = Statement.empty(edition.id)
    task = Task(policy.as_of(edition), folder, edition, Released(), statement)
    extracts = Extracts(policy, folder, Pseudonyms(KEY))
    return take((*LOCATE, *COUNT), Known(extracts, task, Engine()), Record())


@settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_match_gives_the_same_on_any_cut_of_the_rows(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from hamlet import register
    from kvarter.addresses import AddressIndex

    engine = Engine()
    index = AddressIndex(engine, engine.table(register()))
    known = located(tmp_path_factory.mktemp("cut"), ROWS)
    cases = known.of(Read).cases
    cut = data.draw(st.lists(st.integers(0, 2), min_size=cases.height, max_size=cases.height))
    where = pl.Series(cut)
    parts = [cases.filter(where == each) for each in range(3)]
    apart = pl.concat([match_cases(part, index) for part in parts]).sort("source", "row")
    assert apart.equals(match_cases(cases, index).sort("source", "row"))


def test_deduplicate_works_by_kind_and_year_and_a_wrong_cut_fails(tmp_path: Path) -> None:
    """Two notices of one household in a year are one case only where both are in the cut."""
    known = located(tmp_path, ROWS)
    placed, policy = known.of(Placed).cases, known.of(Task).policy
    (kind,) = policy.case_kinds
    placed = placed.filter(~pl.col("bridging")) if "bridging" in placed.columns else placed

    def united(parts: list[pl.DataFrame]) -> pl.DataFrame:
        wanted = ["source", "row", "case_id", "outcome"]
        return pl.concat([deduplicate(part, kind).select(wanted) for part in parts]).sort(
            "source", "row"
        )

    whole = united([placed])
    assert united(placed.partition_by("year")).equals(whole)
    assert (whole["outcome"] == "duplicate").any()
    alone = [placed.filter(pl.col("row") == row) for row in placed["row"]]
    assert not united(alone).equals(whole)
    assert (
        known.of(Deduplicated).tally.cases["count"].sum()
        == known.of(Deduplicated)
        .cases.filter(pl.col("outcome") != "duplicate")["case_id"]
        .n_unique()
    )


def test_nothing_after_measure_grows_with_the_rows(tmp_path: Path) -> None:
    """The tally of a hundred times as many cases of the same is no longer."""
    many = [
        f"{100 + n};{1 + n % 28:02}-05-2023;;Ny{n} Navn;Strandvejen 2, st. tv, 2100 København Ø;F"
        for n in range(3)
    ]
    few = located(tmp_path / "few", many[:1]).of(Deduplicated).tally
    lots = located(tmp_path / "lots", many * 40).of(Deduplicated).tally
    assert (few.cases.height, few.rows.height) == (1, 1)
    assert lots.cases.height == few.cases.height
    assert lots.rows.height <= few.rows.height + 1


def test_a_run_can_be_cancelled_between_two_stages(tmp_path: Path) -> None:
    policy, seen = build(tmp_path), []

    def cancelled() -> bool:
        return len(seen) == 3

    with pytest.raises(CancelledError, match="before the stage deduplicate"):
        run(policy, key_file=tmp_path / "key", tell=seen.append, cancelled=cancelled)
    assert seen == ["read", "match", "place"]
    assert not (tmp_path / "status" / "2024").exists()


@pytest.fixture
def made(tmp_path: Path) -> Path:
    policy = build(tmp_path)
    run_in(policy, tmp_path / "status")
    return policy


def told(policy: Path, **more: Any) -> list[str]:
    """The stages that a run goes through."""
    seen: list[str] = []
    run(policy, key_file=policy.parent / "key", tell=seen.append, **more)
    return [each for each in seen if ": " not in each]


def test_what_still_fits_is_not_made_again(made: Path) -> None:
    folder = made.parent / "status" / "2024"
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    before = folder.stat().st_ino
    assert told(made) == ["skip"]
    assert folder.stat().st_ino == before
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == files
    assert told(made, again=True) == [stage.name for stage in STAGES]


@pytest.mark.parametrize(
    "change",
    ["extract", "policy", "key", "language", "table", "gone", "program", "releases", "strict"],
)
def test_what_fits_no_more_is_made_again(
    made: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, more = made.parent / "status" / "2024", {}
    if change == "extract":
        with (made.parent / "notices.csv").open("a", encoding="utf-8") as file:
            file.write("77;03-03-2023;;Ny Mand;Kirkevej 3, 2100 København Ø;Fogedretten\n")
    elif change == "policy":
        made.write_text(made.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    elif change == "key":
        (made.parent / "key").write_text(KEY[::-1], encoding="ascii")
    elif change == "language":
        more = {"language": "en"}
    elif change == "gone":
        (folder / "data" / "results.csv").unlink()
    elif change == "program":
        monkeypatch.setattr("kvarter.editions.record.code_hash", lambda: "another")
    elif change == "releases":
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        record["releases_sha256"] = "of another ledger"
        (folder / RECORD).write_text(json.dumps(record), encoding="utf-8")
    elif change == "strict":
        made = build(made.parent, [row for row in ROWS if not row.startswith("10;")])
        run_in(made, made.parent / "status")
        more = {"strict": True}
    if change == "table":
        (folder / "data" / "results.csv").write_text("changed", encoding="utf-8")
        with pytest.raises(Exception, match="holds something else than Kvarter wrote"):
            told(made)
        return
    assert told(made, **more) == [stage.name for stage in STAGES]


def test_the_time_of_every_stage_is_on_record_that_of_writing_too(made: Path) -> None:
    record = json.loads((made.parent / "status/2024" / RECORD).read_text(encoding="utf-8"))
    assert list(record["seconds"]) == [stage.name for stage in STAGES]
    assert record["seconds"]["write"] > 0


def test_what_a_stage_gives_is_known_by_its_type(tmp_path: Path) -> None:
    known = located(tmp_path, ROWS)
    assert known.of(Located).cases.height == known.of(Read).cases.height
    with pytest.raises(KeyError):
        known.of(dict)
