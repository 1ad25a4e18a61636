"""The folder of a status is the old one or the new one, whole, whatever happens on the way."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import pickle
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import status_of
from hamlet import ROWS, build, register
from kvarter.addresses import make_index, saved_index
from kvarter.addresses.match_file import wash
from kvarter.editions import find_edition
from kvarter.editions.folder import RECORD, REVIEWS, internal_folder
from kvarter.engine import Engine
from kvarter.errors import InputError
from kvarter.files import outputs as store
from kvarter.files.outputs import note_outputs, write_aside, write_file
from kvarter.pipeline.register import make_register
from kvarter.pipeline.run import run
from kvarter.pipeline.runner import Known
from kvarter.register import Format


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def put(folder: Path, *names: str) -> None:
    """A status with a file of each name, and its record."""
    with write_aside(folder, RECORD, REVIEWS) as aside:
        for name in names:
            (aside / name).write_text(name, encoding="utf-8")
        internal_folder(aside)
        note_outputs(aside, RECORD)


def files(folder: Path) -> list[str]:
    """The files of a status but those of its internal folder."""
    return [name for name in content(folder) if not name.startswith("internal")]


@pytest.fixture(params=["swap", "no swap"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a status goes, on a system that can swap two folders at once and on one that cannot."""
    if request.param == "no swap":
        monkeypatch.setattr(store, "_swap", lambda one, other: False)
    return tmp_path / "out" / "2024"


def test_what_is_written_is_there_only_when_it_is_done(folder: Path) -> None:
    with write_aside(folder, RECORD, REVIEWS) as aside:
        (aside / "a").write_text("a", encoding="utf-8")
        assert not folder.exists()
    assert list(content(folder)) == ["a"]


def test_the_new_folder_takes_the_place_of_the_old_and_holds_none_of_it(folder: Path) -> None:
    put(folder, "old", "both")
    put(folder, "new", "both")
    assert files(folder) == ["both", "new"]
    assert [path.name for path in folder.parent.iterdir()] == ["2024"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_on_the_way_leaves_the_old_as_it_was(
    folder: Path, error: type[BaseException]
) -> None:
    put(folder, "old")
    with pytest.raises(error), write_aside(folder, RECORD, REVIEWS) as aside:
        (aside / "new").write_text("new", encoding="utf-8")
        raise error
    assert files(folder) == ["old"]
    assert [path.name for path in folder.parent.iterdir()] == ["2024"]


def test_leftovers_of_a_killed_run_are_cleared(folder: Path) -> None:
    put(folder, "old")
    private = folder.parent / ".2024.writing"
    for left_over in ("new", "previous"):
        (private / left_over / "internal").mkdir(parents=True)
        (private / left_over / "internal" / "rows.parquet").write_text("half")
    (private / "kvarter.lock").touch()
    put(folder, "new")
    assert files(folder) == ["new"]
    assert [path.name for path in folder.parent.iterdir()] == ["2024"]


def test_a_run_killed_between_two_renames_is_undone_by_the_next(folder: Path) -> None:
    put(folder, "old")
    private = folder.parent / ".2024.writing"
    private.mkdir()
    (private / "kvarter.lock").touch()
    folder.rename(private / "previous")
    with pytest.raises(ValueError), write_aside(folder, RECORD, REVIEWS):
        raise ValueError
    assert files(folder) == ["old"]


def test_this_system_can_swap_two_folders_at_once(tmp_path: Path) -> None:
    """Where it cannot, the fallback is used, and this test says so."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    assert store._swap(tmp_path / "one", tmp_path / "other") is (sys.platform == "linux")
    assert (tmp_path / "one" / "other").exists() is (sys.platform == "linux")
    assert store._swap(tmp_path / "one", tmp_path / "nowhere") is False


KILLED_AT_EVERY_LINE = """
import os, signal, sys
from pathlib import Path
from kvarter.editions.folder import RECORD, REVIEWS
from kvarter.files import outputs as store

folder, can_swap = Path(sys.argv[1]), sys.argv[2] == "swap"
if not can_swap:
    store._swap = lambda one, other: False
watched = (store.__file__, os.__file__.replace("os.py", "shutil.py"))

def put(*names):
    with store.write_aside(folder, RECORD, REVIEWS) as aside:
        for name in names:
            (aside / name).write_text(name)
        (aside / "internal").mkdir()
        store.note_outputs(aside, RECORD)

def die_at(last):
    lines = 0
    def trace(frame, event, argument):
        nonlocal lines
        if frame.f_code.co_filename not in watched:
            return None
        lines += event == "line"
        if lines == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace
    return trace

for line in range(1, 10_000):
    put("old", "old too")
    child = os.fork()
    if child == 0:
        sys.settrace(die_at(line))
        put("new", "new too")
        os._exit(0)
    _, ended = os.waitpid(child, 0)
    beside = folder.parent / ".2024.writing" / "previous"
    there = folder if can_swap or folder.exists() else beside
    found = sorted(path.name for path in there.iterdir() if path.name != "internal")
    assert found in (["new", "new too"], ["old", "old too"]), (line, found)
    if there is beside:  # the next run puts it back before anything else
        try:
            with store.write_aside(folder, RECORD, REVIEWS):
                raise ValueError
        except ValueError:
            assert set(found) < {path.name for path in folder.iterdir()}
    if ended == 0:
        print(line)
        break
"""


@pytest.mark.parametrize("system", ["swap", "no swap"])
def test_killed_at_any_line_the_folder_is_the_old_or_the_new(tmp_path: Path, system: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED_AT_EVERY_LINE, str(tmp_path / "2024"), system],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20  # lines it was killed at before it came through


WRITES_FOR_EVER = """
import itertools, pickle, sys
from pathlib import Path
from kvarter.pipeline import run
from kvarter.pipeline.runner import Known

policy, out, pickled = sys.argv[1:]
for status in itertools.cycle(pickle.loads(Path(pickled).read_bytes())):
    run.make = lambda *given: Known(status)
    run.run(policy, out=out, key_file=Path(policy).parent / "key", again=True)
    print("written", flush=True)
"""


@pytest.mark.slow
def test_killed_at_any_moment_a_status_can_be_read_and_is_whole(tmp_path: Path) -> None:
    policy = build(tmp_path / "hamlet")
    statuses = [status_of(policy), status_of(build(tmp_path / "hamlet", ROWS[:-3]))]
    (tmp_path / "statuses").write_bytes(pickle.dumps([each.given() for each in statuses]))
    out = tmp_path / "out"
    arguments = [str(policy), str(out), str(tmp_path / "statuses")]
    moments, versions = random.Random(17), []
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", WRITES_FOR_EVER, *arguments], stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None
            for _ in range(2):  # then each version was there once
                assert child.stdout.readline() == b"written\n"
            time.sleep(moments.uniform(0, 1))
            child.send_signal(signal.SIGKILL)
        found = find_edition(out)
        record = json.loads((found / "internal/run.json").read_text(encoding="utf-8"))
        rows = record["rows"]["notices"]["read"]
        versions.append((rows, hashes(found)))
    read = {status.rows_by_outcome["notices"]["read"]: status for status in statuses}
    for rows, found in versions:
        assert found == hashes(written(read[rows].given(), tmp_path / f"whole {rows}", policy))


def hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file but run.json, which tells the time."""
    files = content(folder)
    del files["internal/run.json"]
    return {name: hashlib.sha256(each).hexdigest() for name, each in files.items()}


def written(status: object, out: Path, policy: Path) -> Path:
    """The folder of `status`, written without being disturbed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kvarter.pipeline.run.make", lambda *given: Known(status))
        run(policy, out=out, key_file=policy.parent / "key", again=True)
    return find_edition(out)


def test_a_place_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    policy = build(tmp_path)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    places = [tmp_path / "file", tmp_path / "file" / "below"]
    if sys.platform == "linux":
        places.append(Path("/sys/kvarter"))  # where not even root may write
    for out in places:
        with pytest.raises(InputError) as told:
            run(policy, out=out, key_file=tmp_path / "key")
        (problem,) = told.value.problems
        assert problem.what.startswith("this cannot be written: ")
        assert problem.file == str(out / "2024")
        assert "--out" in problem.remedy


def test_a_file_in_the_place_of_the_status_is_told_and_left(tmp_path: Path) -> None:
    (tmp_path / "2024").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written: File exists"):
        put(tmp_path / "2024", "new")
    assert (tmp_path / "2024").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["2024"]


def test_a_full_disk_leaves_the_old_as_it_was(folder: Path) -> None:
    put(folder, "old")
    with (
        pytest.raises(InputError, match="No space left on device"),
        write_aside(folder, RECORD, REVIEWS) as aside,
    ):
        (aside / "new").write_text("new", encoding="utf-8")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert files(folder) == ["old"]


def test_the_internal_folder_is_for_its_owner_and_warns(tmp_path: Path) -> None:
    inside = internal_folder(tmp_path)
    assert inside.stat().st_mode & 0o077 == 0
    assert "personal data" in (inside / "LÆS-MIG.txt").read_text(encoding="utf-8")


def test_a_status_is_found_by_its_edition_or_as_the_last(tmp_path: Path) -> None:
    for edition in ("2021", "2024"):
        record = internal_folder(tmp_path / edition) / "run.json"
        said = {"edition": edition, "data_year": int(edition) - 1}
        record.write_text(json.dumps(said), encoding="utf-8")
    assert find_edition(tmp_path).name == "2024"
    assert find_edition(tmp_path, "2021").name == "2021"
    with pytest.raises(InputError, match=r"no status of edition '2017'\n.*There are: 2021, 2024"):
        find_edition(tmp_path, "2017")
    with pytest.raises(InputError, match="there is no status here"):
        find_edition(tmp_path / "empty")


def test_what_a_killed_run_left_is_no_status(tmp_path: Path) -> None:
    (internal_folder(tmp_path / ".2024.writing" / "new") / "run.json").touch()
    with pytest.raises(InputError, match="there is no status here"):
        find_edition(tmp_path)


def test_two_runs_at_once_do_not_mix(tmp_path: Path) -> None:
    with write_aside(tmp_path / "2024", RECORD, REVIEWS) as aside:
        (aside / "first").touch()
        with (
            pytest.raises(InputError, match="another run is writing"),
            write_aside(tmp_path / "2024", RECORD, REVIEWS),
        ):
            pass
    assert [path.name for path in tmp_path.iterdir()] == ["2024"]
    assert (tmp_path / "2024" / "first").exists()


def test_a_folder_that_kvarter_did_not_write_is_never_replaced(tmp_path: Path) -> None:
    """Extracts may lie in a folder called 2024, beside a policy that is run with `--out .`."""
    policy = build(tmp_path)
    mine = tmp_path / "2024" / "work" / "notes.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("a week's work", encoding="utf-8")
    with pytest.raises(InputError, match=r"something else than Kvarter wrote: work/notes\.txt"):
        run(policy, out=tmp_path, key_file=tmp_path / "key")
    with pytest.raises(InputError, match="something else than Kvarter wrote"):
        put(tmp_path / "2024", "new")
    assert content(tmp_path / "2024") == {"work/notes.txt": b"a week's work"}
    record = internal_folder(tmp_path / "2024") / "run.json"  # of another program
    record.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="something else than Kvarter wrote"):
        put(tmp_path / "2024", "new")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("notes.txt", lambda path: path.write_text("mine")),
        ("internal/notes.txt", lambda path: path.write_text("mine")),
        ("old", lambda path: path.write_text("corrected by hand")),
        ("link", lambda path: path.symlink_to(path.parent / "old")),
        ("pipe", os.mkfifo),
    ],
)
def test_what_somebody_put_into_a_status_or_changed_there_is_not_lost(
    folder: Path, name: str, change: Callable[[Path], object]
) -> None:
    put(folder, "old")
    change(folder / name)
    before = sorted(path.name for path in folder.rglob("*"))
    with pytest.raises(InputError, match=f"something else than Kvarter wrote: {name}"):
        put(folder, "new")
    assert sorted(path.name for path in folder.rglob("*")) == before
    assert [path.name for path in folder.parent.iterdir()] == ["2024"]
    (folder / name).unlink()
    put(folder, "new")


def test_what_programs_leave_in_a_folder_that_was_looked_at_blocks_nothing(folder: Path) -> None:
    put(folder, "old")
    for name in (".DS_Store", "Thumbs.db", "~$memo.docx", ".~lock.memo.docx#"):
        (folder / name).touch()
    (folder / "empty").mkdir()
    put(folder, "new")
    assert files(folder) == ["new"]


@pytest.mark.parametrize("name", [".2024.writing", "2024"])
def test_what_has_a_name_that_a_run_needs_is_left(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "mine").write_text("mine")
    with pytest.raises(InputError, match=r"\n  -> Move it elsewhere"):
        put(tmp_path / "2024", "new")
    assert content(tmp_path) == {f"{name}/mine": b"mine"}


def test_a_lock_follows_no_link_and_empties_no_file(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    private = tmp_path / ".2024.writing"
    private.mkdir()
    (private / "kvarter.lock").symlink_to(tmp_path / "thesis.txt")
    with pytest.raises(InputError):
        put(tmp_path / "2024", "new")
    (private / "kvarter.lock").unlink()
    private.rmdir()
    (tmp_path / ".2024.lock").symlink_to(tmp_path / "thesis.txt")  # an earlier Kvarter's lock
    private.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError):
        put(tmp_path / "2024", "new")
    private.unlink()
    put(tmp_path / "2024", "new")
    assert (tmp_path / "thesis.txt").read_text() == "mine"
    assert (tmp_path / ".2024.lock").is_symlink()


def test_a_status_that_is_a_link_to_another_disk_is_replaced_there(folder: Path) -> None:
    disk = folder.parents[1] / "disk"
    put(disk / "status-2024", "old")
    folder.parent.mkdir()
    folder.symlink_to(disk / "status-2024")
    put(folder, "new")
    assert folder.is_symlink()
    assert files(disk / "status-2024") == ["new"]
    assert [path.name for path in disk.iterdir()] == ["status-2024"]
    folder.unlink()
    folder.symlink_to(disk / "gone")
    with pytest.raises(InputError, match="a link to a folder that is not there"):
        put(folder, "new")


def test_a_status_that_may_only_be_read_stays_as_it_is(folder: Path) -> None:
    put(folder, "old")
    internal = folder / "internal"
    for closed in (folder, internal):
        closed.chmod(0o500)
        with pytest.raises(InputError, match=r"may only be read.*\n.*chmod"):
            put(folder, "new")
        closed.chmod(0o700)
        assert files(folder) == ["old"]
        assert [path.name for path in folder.parent.iterdir()] == ["2024"]
    put(folder, "new")


def test_a_run_writes_where_nobody_else_can_look(tmp_path: Path) -> None:
    with write_aside(tmp_path / "2024", RECORD, REVIEWS) as aside:
        assert aside.parent.parent == tmp_path
        assert aside.parent.stat().st_mode & 0o077 == 0
    with write_file(tmp_path / "washed.csv") as aside:
        assert aside.parents[1].stat().st_mode & 0o077 == 0
        aside.touch()
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(
        ["2024", "washed.csv", ".washed.csv.kvarter"]
    )


def write(path: Path, text: str, beside: str = "") -> None:
    with write_file(path) as aside:
        aside.write_text(text)
        if beside:
            (aside.parent / "more").mkdir()
            (aside.parent / "more" / beside).write_text(beside)


def test_a_file_gives_way_only_as_kvarter_wrote_it(tmp_path: Path) -> None:
    path = tmp_path / "washed.csv"
    write(path, "one", "a")
    write(path, "two", "b")
    assert path.read_text() == "two"
    assert [each.name for each in (tmp_path / "more").iterdir()] == ["b"]
    for name in ("washed.csv", "more/b"):
        as_written = (tmp_path / name).read_text()
        (tmp_path / name).write_text("corrected by hand")
        with pytest.raises(InputError, match="not as Kvarter wrote it"):
            write(path, "three", "b")
        assert (tmp_path / name).read_text() == "corrected by hand"
        (tmp_path / name).write_text(as_written)
    (tmp_path / "more" / "mine").write_text("mine")
    with pytest.raises(InputError, match="not as Kvarter wrote it"):
        write(path, "three", "mine")
    write(path, "three")
    assert [each.name for each in (tmp_path / "more").iterdir()] == ["mine"]


@pytest.mark.parametrize("kind", ["file", "folder", "link", "pipe", "device"])
def test_what_was_there_before_is_never_replaced(tmp_path: Path, kind: str) -> None:
    path, target = tmp_path / "register.parquet", tmp_path / "mine"
    target.write_text("mine")
    if kind == "device":
        path = Path(os.devnull)
    else:
        {
            "file": lambda: path.write_text("mine"),
            "folder": path.mkdir,
            "link": lambda: path.symlink_to(target),
            "pipe": lambda: os.mkfifo(path),
        }[kind]()
    mode = path.lstat().st_mode
    with pytest.raises(InputError, match="not as Kvarter wrote it"):
        write(path, "new")
    assert path.lstat().st_mode == mode
    assert target.read_text() == "mine"


def test_a_register_is_built_over_nothing_of_the_users(tmp_path: Path) -> None:
    addresses = tmp_path / "addresses.csv"
    register().drop("valid_from", "valid_to", "replaced_by").write_csv(addresses)
    out = tmp_path / "r.parquet"
    for name in ("r.set-aside.csv", "r.index/mine"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("mine")
    make_register(addresses, out, {}, Format.PLAIN, lambda stage: None)
    make_register(addresses, out, {}, Format.PLAIN, lambda stage: None)
    assert (tmp_path / "r.set-aside.csv").read_text() == "mine"
    assert (tmp_path / "r.index" / "mine").read_text() == "mine"
    assert saved_index(out) is not None
    with pytest.raises(InputError, match="holds something else"):
        (tmp_path / "s.index").mkdir()
        (tmp_path / "s.index" / "mine").touch()
        out.rename(tmp_path / "s.parquet")
        make_index(tmp_path / "s.parquet")


FULL = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, "tests")
from kvarter.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
main()
"""


@pytest.mark.parametrize("room", [6_000, 15_000])
def test_a_disk_without_room_is_told_in_words_and_leaves_the_old(tmp_path: Path, room: int) -> None:
    """A file may grow to `room` bytes: what is written at first fits, and what comes later not."""
    policy = build(tmp_path / "h")
    out = tmp_path / "out"
    put(out / "2024", "old")
    command = ["run", str(policy), "--key-file", str(tmp_path / "h" / "key"), "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(room), *command], capture_output=True, text=True
    )
    assert "this cannot be written: " in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert done.returncode == 4
    assert files(out / "2024") == ["old"]
    assert [path.name for path in out.iterdir()] == ["2024"]


def test_nothing_is_put_into_the_temporary_folder_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the rows of a killed run would stay: without such a folder all is written the same."""
    policy = build(tmp_path / "h")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    run(policy, out=tmp_path / "out", key_file=tmp_path / "h" / "key")
    (tmp_path / "texts.csv").write_text("text\nStrandvejen 3\n")
    wash(tmp_path / "texts.csv", tmp_path / "h" / "register.parquet", tmp_path / "washed.xlsx")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["2024"]
    engine = Engine()
    where = engine._backend.raw_sql("SELECT current_setting('temp_directory')").fetchone()
    assert where == ("",)
    engine.close()
