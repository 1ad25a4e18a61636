"""Runs and uploads on both engines: asked for, made, stopped, broken off, and never by two."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from hamlet import HEADER, ROWS
from kvarter.editions import open_edition
from kvarter.editions.folder import read_record
from web.runs_site import QUICK, SLOW, command, done_by, makes_runs, uploaded, work_off

Make = Callable[..., Any]
EXTRACT = ("\n".join([HEADER, *ROWS]) + "\n").encode()


@pytest.fixture
def home(either: str, tmp_path: Path) -> Iterator[Path]:
    with makes_runs(tmp_path / "site") as policy:
        yield policy


@pytest.fixture
def anders(home: Path, make_user: Make) -> Any:
    return make_user("analyst")


def ask(user: Any, edition: str = "2024") -> Any:
    from kvarter.web.runs.actions.runs import ask_for_run

    return ask_for_run(user, edition)


def acts() -> list[str]:
    from kvarter.web.audit.log import first_broken_event
    from kvarter.web.audit.models import AuditEvent

    assert first_broken_event() is None
    return list(AuditEvent.objects.order_by("number").values_list("act", flat=True))


def test_a_run_is_made_from_upload_to_edition(anders: Any, home: Path, tmp_path: Path) -> None:
    """The file in the policy's folder is not read, and nothing of the upload is left open."""
    from kvarter.web.outbox.models import Message

    upload = uploaded(anders, "notices", EXTRACT, "udtræk 010190-1233.csv")
    assert "1233" not in upload.name
    (home / "notices.csv").unlink()
    with done_by(command(QUICK)):
        assert work_off() == 1
        upload.refresh_from_db()
        assert (upload.state, upload.problems) == ("accepted", [])
        assert upload.rows == len(ROWS)
        run = ask(anders)
        assert run.uploads == {"notices": str(upload.pk)}
        work_off()
    run.refresh_from_db()
    assert (run.state, run.problems, run.attempts) == ("done", [], 1)
    assert open_edition(Path(run.result)).definition.id == "2024"
    assert Path(run.result).parent == home / "status"
    assert len(run.result_hash) == 64
    record = read_record(Path(run.result), "policy")
    assert (Path(run.result) / record["policy"]["home"]).resolve() == home.resolve()
    upload.refresh_from_db()
    assert upload.state == "removed"
    site = tmp_path / "site"
    assert list((site / "uploads").iterdir()) == []
    assert [each.name for each in (site / "work").iterdir()] == ["locks"]
    assert acts() == [
        *("upload.taken_in", "upload.accepted", "run.asked_for", "run.begun", "run.done"),
        "upload.removed",
    ]
    assert Message.objects.get().words == {"edition": "2024", "run": str(run.pk), "state": "done"}


def test_what_cannot_be_read_is_refused_with_the_reason(anders: Any, tmp_path: Path) -> None:
    upload = uploaded(anders, "notices", b"Noget;Andet\n1;2\n")
    picture = uploaded(anders, "notices", b"\x89PNG\r\n\x1a\n\0\0")
    with done_by(command(QUICK)):
        work_off()
    for each, says in ((upload, "column"), (picture, "neither CSV")):
        each.refresh_from_db()
        assert each.state == "refused"
        assert says in each.problems[0]["what"]
        assert each.problems[0]["where"].startswith("notices.csv"), "and not where it lay"
    assert list((tmp_path / "site" / "uploads").iterdir()) == []
    assert ask(anders).uploads == {}


def test_an_upload_waits_for_a_policy_that_can_be_read(anders: Any, home: Path) -> None:
    upload = uploaded(anders, "notices", EXTRACT)
    policy = (home / "policy.yaml").read_text(encoding="utf-8")
    (home / "policy.yaml").write_text("goals: [", encoding="utf-8")
    with done_by(command(QUICK)):
        assert work_off() == 0
        (home / "policy.yaml").write_text(policy, encoding="utf-8")
        assert work_off() == 1
    upload.refresh_from_db()
    assert upload.state == "accepted"


def test_a_worker_that_is_told_to_stop_leaves_an_upload_to_the_next(anders: Any) -> None:
    stop, upload = threading.Event(), uploaded(anders, "notices", EXTRACT)
    stop.set()
    with done_by(command("import time; print('{}', flush=True); time.sleep(60)")):
        work_off_once(stop)
    upload.refresh_from_db()
    assert upload.state == "quarantined"


def test_a_run_that_fails_says_why_and_writes_nothing(anders: Any, home: Path) -> None:
    (home / "dwellings.csv").unlink()
    run = ask(anders)
    with done_by(command(QUICK)):
        work_off()
    run.refresh_from_db()
    assert run.state == "failed"
    assert run.problems[0]["where"] == "dwellings.csv"
    assert not (home / "status" / "2024").exists()


def test_an_edition_has_one_run_at_a_time(anders: Any) -> None:
    from kvarter.web.runs.actions.runs import RunningAlreadyError, ask_to_stop

    run = ask(anders)
    with pytest.raises(RunningAlreadyError):
        ask(anders)
    assert ask_to_stop(anders, run).state == "cancelled"
    assert ask(anders).pk != run.pk
    with pytest.raises(ValueError, match="cannot become"):
        ask_to_stop(anders, run)


@pytest.mark.parametrize(
    "role", ["reader", "goal_owner", "approver", "coordinator", "auditor", "administrator", ""]
)
def test_only_an_analyst_uploads_runs_and_stops(
    site: None, make_user: Make, tmp_path: Path, role: str
) -> None:
    from kvarter.web.accounts.permissions import NotAllowedError
    from kvarter.web.runs.actions.runs import ask_to_stop
    from kvarter.web.runs.actions.uploads import remove
    from kvarter.web.runs.settled import places

    with makes_runs(tmp_path / "site"):
        anders, somebody = make_user("analyst"), make_user(*([role] if role else []))
        run, upload = ask(anders), uploaded(anders, "notices", EXTRACT)
        for refused in (
            lambda: ask(somebody),
            lambda: ask_to_stop(somebody, run),
            lambda: uploaded(somebody, "notices", EXTRACT),
            lambda: remove(somebody, upload, places()),
        ):
            with pytest.raises(NotAllowedError):
                refused()


def test_a_run_stops_before_its_next_stage(anders: Any, home: Path) -> None:
    from kvarter.web.runs.actions.runs import ask_to_stop
    from kvarter.web.runs.models import Run

    run = ask(anders)
    with done_by(command(SLOW, SECONDS=20)), mock.patch("kvarter.web.runs.worker.BEAT", 0.1):
        worker = in_thread(work_off)
        wait_for(lambda: Run.objects.get(pk=run.pk).stage == "read")
        assert ask_to_stop(anders, run).state == "cancelling"
        worker.join(15)
    run.refresh_from_db()
    assert (run.state, run.lease_until) == ("cancelled", None)
    assert not (home / "status").exists()
    assert acts()[-1] == "run.cancelled"


def test_a_run_whose_process_breaks_off_is_begun_three_times(anders: Any) -> None:
    run = ask(anders)
    with done_by(command("import os; os.kill(os.getpid(), 9)")):
        work_off()
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("failed", 3)
    assert "broke off" in run.problems[0]["what"]
    assert acts().count("run.begun") == 3


def test_a_worker_that_is_told_to_stop_gives_its_run_back(anders: Any, home: Path) -> None:
    from kvarter.web.runs.models import Run

    run, stop = ask(anders), threading.Event()
    with done_by(command(SLOW, SECONDS=20)):
        worker = in_thread(lambda: work_off_once(stop))
        wait_for(lambda: Run.objects.get(pk=run.pk).stage == "read")
        stop.set()
        worker.join(15)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("queued", 0)
    with done_by(command(SLOW, SECONDS=0)):
        work_off()
    run.refresh_from_db()
    assert run.state == "done"


def work_off_once(stop: threading.Event) -> None:
    from kvarter.web.runs.worker import go_round

    go_round(stop)


def test_no_run_is_made_by_two_workers(anders: Any, home: Path) -> None:
    """Four at a time over a dozen runs, and each is made once, by one of them."""
    from kvarter.web.runs.models import Run

    for number in range(12):
        Run.objects.create(edition=f"e{number}", asked_by=str(anders.pk))
    with done_by(command(SLOW, SECONDS=0.1)):
        workers = [in_thread(until_all_are_done) for _ in range(4)]
        for worker in workers:
            worker.join(120)
    assert set(Run.objects.values_list("state", "attempts")) == {("done", 1)}
    trail = [line.split() for line in (home / "trail").read_text().splitlines()]
    assert sorted(word for word, *_ in trail) == ["begun"] * 12 + ["ended"] * 12
    assert len({run for _, run, _ in trail}) == 12


def until_all_are_done() -> None:
    from kvarter.web.runs.models import Run
    from kvarter.web.runs.worker import go_round

    while Run.objects.exclude(state="done").exists():
        if not go_round(threading.Event()):
            time.sleep(0.05)


@pytest.mark.parametrize("jump", [dt.timedelta(days=2), dt.timedelta(days=-2)])
def test_a_clock_that_jumps_gives_a_run_to_nobody_else(
    anders: Any, home: Path, jump: dt.timedelta
) -> None:
    """Another worker, whose clock says the lease is over, finds the lock held."""
    from django.utils import timezone

    from kvarter.web.runs.models import Run
    from kvarter.web.runs.states import State, may_be_tried
    from kvarter.web.runs.worker import go_round

    run = ask(anders)
    with done_by(command(SLOW, SECONDS=1.5)):
        worker = in_thread(work_off)
        wait_for(lambda: Run.objects.get(pk=run.pk).stage == "read")
        run.refresh_from_db()
        later = timezone.now() + jump
        assert may_be_tried(State(run.state), run.lease_until, later)
        with mock.patch("kvarter.web.runs.worker.timezone.now", lambda: later):
            assert go_round(threading.Event()) is False
        worker.join(30)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("done", 1)
    assert len((home / "trail").read_text().splitlines()) == 2


def test_a_run_of_a_worker_that_is_gone_is_taken_once_its_lease_is_over(
    anders: Any, home: Path
) -> None:
    from django.utils import timezone

    from kvarter.web.runs.models import Run
    from kvarter.web.runs.states import LEASE

    run = ask(anders)
    now = timezone.now()
    held = {"state": "running", "attempts": 1, "lease_until": now + LEASE}
    Run.objects.filter(pk=run.pk).update(**held)
    with done_by(command(SLOW, SECONDS=0)):
        assert work_off() == 0
        far = now + dt.timedelta(days=30)  # of a clock that was wrong then
        Run.objects.filter(pk=run.pk).update(lease_until=far)
        assert work_off() == 1
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("done", 2)


def test_a_worker_that_has_lost_its_run_writes_nothing_of_it(anders: Any) -> None:
    from kvarter.web.runs.actions.runs import beat, begin, end, give_back
    from kvarter.web.runs.models import Run

    run = begin(ask(anders))
    Run.objects.filter(pk=run.pk).update(attempts=2)  # another has begun it anew
    before = Run.objects.filter(pk=run.pk).values().get()
    assert beat(run, "judge") is None
    assert end(run, {"result": "/nowhere"}) is None
    give_back(run)
    assert Run.objects.filter(pk=run.pk).values().get() == before


def test_what_was_kept_for_too_long_is_removed(anders: Any, tmp_path: Path) -> None:
    from kvarter.web.runs.actions.uploads import KEPT
    from kvarter.web.runs.models import Upload

    old, new = (uploaded(anders, "notices", EXTRACT) for _ in range(2))
    with done_by(command(QUICK)):
        work_off()
        Upload.objects.filter(pk=old.pk).update(
            uploaded_at=old.uploaded_at - KEPT - dt.timedelta(hours=1)
        )
        work_off()
    states = dict(Upload.objects.values_list("pk", "state"))
    assert states == {old.pk: "removed", new.pk: "accepted"}
    assert [each.name for each in (tmp_path / "site" / "uploads").iterdir()] == [str(new.pk)]


def test_an_upload_stays_where_the_site_is_to_keep_it(
    either: str, make_user: Make, tmp_path: Path
) -> None:
    with makes_runs(tmp_path / "site", keep_uploads=True):
        anders = make_user("analyst")
        upload = uploaded(anders, "notices", EXTRACT)
        with done_by(command(QUICK)):
            work_off()
            ask(anders)
            work_off()
        upload.refresh_from_db()
        assert upload.state == "accepted"
        sealed = (tmp_path / "site" / "uploads" / str(upload.pk)).read_bytes()
        assert HEADER.encode() not in sealed


def in_thread(work: Callable[[], object]) -> threading.Thread:
    """A worker beside, with a connection of its own."""
    from django.db import connections

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def wait_for(what: Callable[[], bool]) -> None:
    for _ in range(600):
        if what():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to that")
