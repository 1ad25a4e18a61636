"""An old edition made again: from the policy, the files and the releases of its time."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from hamlet import ROWS, build, run_in
from kvarter.cli import main
from kvarter.editions.folder import POLICY_COPY
from kvarter.editions.record import sha256
from kvarter.editions.releases import release
from kvarter.errors import InputError
from kvarter.pipeline.rebuild import Rebuilt, rebuild
from kvarter.pipeline.write import write

OTHER_KEY = "fedcba9876543210" * 4


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the hamlet and its status of 2024, to be copied."""
    folder = tmp_path_factory.mktemp("made")
    run_in(build(folder), folder / "status", documents=True, language="en")
    return folder


@pytest.fixture
def hamlet(made: Path, tmp_path: Path) -> Path:
    """A folder with the hamlet and its status of 2024, to be changed."""
    return shutil.copytree(made, tmp_path / "hamlet")


def again(folder: Path, inputs: list[Path] | None = None, key: str = "key") -> Rebuilt:
    return rebuild(folder / "status" / "2024", folder / "rebuilt", inputs, folder / key)


def test_it_comes_out_the_same_byte_for_byte(hamlet: Path) -> None:
    rebuilt = again(hamlet)
    assert rebuilt.same
    assert rebuilt.tampered == []
    assert rebuilt.versions == {}
    was, now = (hamlet / name / "2024" for name in ("status", "rebuilt"))
    names = {path.relative_to(was) for path in was.rglob("*") if path.is_file()}
    assert {str(name) for name in names} == {*rebuilt.files, "internal/run.json"}
    for name in names - {Path("internal/run.json")}:
        assert (was / name).read_bytes() == (now / name).read_bytes()


def test_the_policy_of_then_is_used_whatever_it_says_now(hamlet: Path) -> None:
    (hamlet / "policy.yaml").write_text("title: another", encoding="utf-8")
    assert again(hamlet).same


def test_it_can_be_made_again_from_a_rebuilt_one(hamlet: Path) -> None:
    again(hamlet)
    assert rebuild(hamlet / "rebuilt" / "2024", hamlet / "twice", key_file=hamlet / "key").same


def test_a_file_that_changed_since_is_named_with_its_hash(hamlet: Path) -> None:
    record = json.loads(
        (hamlet / "status" / "2024" / "internal/run.json").read_text(encoding="utf-8")
    )
    build(hamlet, ROWS[1:])
    with pytest.raises(InputError) as raised:
        again(hamlet)
    (problem,) = raised.value.problems
    assert "is not as it was then" in problem.what
    was = next(one["sha256"] for one in record["inputs"] if problem.file.endswith(one["file"]))
    assert was in problem.remedy
    assert "--inputs" in problem.remedy
    assert not (hamlet / "rebuilt").exists()


def test_a_file_that_changed_since_is_taken_from_where_it_is_kept(hamlet: Path) -> None:
    kept = hamlet / "kept"
    build(kept)
    build(hamlet, ROWS[1:])
    for path in kept.rglob("*"):  # of all else only the one in place is left
        if path.is_file() and sha256(path) == sha256(hamlet / path.relative_to(kept)):
            path.unlink()
    assert again(hamlet, [kept]).same


def test_a_file_that_is_gone_is_said_to_be(hamlet: Path) -> None:
    (hamlet / "areas.geojson").unlink()
    with pytest.raises(InputError, match="it is not there"):
        again(hamlet)


def test_what_was_released_later_is_not_known(hamlet: Path) -> None:
    on = dt.date(2025, 5, 1)
    release(hamlet / "status" / "2024", "Anna Berg", "kk.dk", on)
    run_in(hamlet / "policy.yaml", hamlet / "status", documents=True, language="en")
    known = sha256(hamlet / "status" / "releases.jsonl")
    release(hamlet / "status" / "2024", "Anna Berg", "kk.dk", on)
    assert again(hamlet).same
    record = json.loads(
        (hamlet / "rebuilt" / "2024" / "internal/run.json").read_text(encoding="utf-8")
    )
    assert record["releases_sha256"] == known


def test_a_ledger_that_lost_a_release_is_no_ledger_of_then(hamlet: Path) -> None:
    release(hamlet / "status" / "2024", "Anna Berg", "kk.dk", dt.date(2025, 5, 1))
    run_in(hamlet / "policy.yaml", hamlet / "status", documents=True, language="en")
    (hamlet / "status" / "releases.jsonl").unlink()
    with pytest.raises(InputError, match="never was as the run of that time knew it"):
        again(hamlet)


def test_what_was_changed_by_hand_since_is_told(hamlet: Path) -> None:
    report = hamlet / "status" / "2024" / "report.html"
    report.write_text(report.read_text(encoding="utf-8") + "<!-- by hand -->", encoding="utf-8")
    (hamlet / "status" / "2024" / "data" / "results.csv").unlink()
    rebuilt = again(hamlet)
    assert rebuilt.same
    assert rebuilt.tampered == ["data/results.csv", "report.html"]


def test_with_another_key_only_the_pseudonyms_differ(
    hamlet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (hamlet / "other").touch(mode=0o600)
    (hamlet / "other").write_text(OTHER_KEY, encoding="ascii")
    arguments = ["rebuild", hamlet / "status/2024", "--out", hamlet / "rebuilt"]
    arguments += ["--key-file", hamlet / "other", "--lang", "en"]
    monkeypatch.setattr("sys.argv", ["kvarter", *map(str, arguments)])
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 9
    said = capsys.readouterr()
    assert "came out otherwise: internal/rows.parquet" in said.out
    assert said.out.count("came out otherwise:") == 1
    assert "With another key" in said.out
    assert "kvarter compare" in said.err


def test_a_changed_copy_of_the_policy_is_not_used(hamlet: Path) -> None:
    copy = hamlet / "status" / "2024" / POLICY_COPY
    copy.write_text(copy.read_text(encoding="utf-8") + "\n# changed", encoding="utf-8")
    with pytest.raises(InputError, match="the copy of the policy is not as it was"):
        again(hamlet)


def test_a_folder_that_is_no_status_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no record of a status"):
        rebuild(tmp_path, tmp_path / "rebuilt")


def test_an_edition_is_not_rebuilt_over_itself(hamlet: Path) -> None:
    with pytest.raises(InputError, match="this is the edition itself"):
        rebuild(hamlet / "status" / "2024", hamlet / "status", key_file=hamlet / "key")
    assert (hamlet / "status" / "2024" / "report.html").exists()


@pytest.mark.parametrize("part", ["policy", "inputs", "outputs"])
def test_a_record_that_notes_too_little_is_told(hamlet: Path, part: str) -> None:
    path = hamlet / "status" / "2024" / "internal/run.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    del record[part]
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(InputError, match="did not yet note all"):
        again(hamlet)
    if part != "inputs":
        with pytest.raises(InputError, match=f"the record of this status lacks {part}"):
            write(path.parents[1])
    if part != "outputs":  # else nobody can say whether the folder may be replaced
        run_in(hamlet / "policy.yaml", hamlet / "status", again=False)
        assert json.loads(path.read_text(encoding="utf-8")).keys() == {*record, part}


def test_a_whole_folder_that_was_moved_is_rebuilt_where_it_lies(hamlet: Path) -> None:
    moved = hamlet.parent / f"{hamlet.name}-moved"
    shutil.move(hamlet, moved)
    assert again(moved).same


@pytest.mark.parametrize("name", ["notices.csv", "policy.yaml", "register.parquet"])
def test_a_file_that_is_saved_while_a_run_reads_stops_it(tmp_path: Path, name: str) -> None:
    """The record would fit neither the file that was read nor the one that lies there."""
    policy_file = build(tmp_path)
    before = (tmp_path / name).read_bytes()

    def a_colleague_saves(stage: str) -> None:
        if stage == "judge":
            (tmp_path / name).write_bytes(before + b" ")

    with pytest.raises(InputError, match=f"{name}: this was changed while the run read it"):
        run_in(policy_file, tell=a_colleague_saves)
    assert not (tmp_path / "out" / "2024").exists()

    def changed_and_changed_back(stage: str) -> None:
        (tmp_path / name).write_bytes(before)

    with pytest.raises(InputError, match="changed while the run read it"):
        run_in(policy_file, tell=changed_and_changed_back)
    (tmp_path / name).write_bytes(before)
    run_in(policy_file)
