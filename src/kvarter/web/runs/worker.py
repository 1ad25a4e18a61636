"""Takes uploads that wait to be looked over and runs that wait to be made, one at a time."""

from __future__ import annotations

import json
import logging
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from kvarter.errors import KvarterError
from kvarter.web.runs.actions.policies import note_check
from kvarter.web.runs.actions.runs import accepted_uploads, beat, begin, end, give_back
from kvarter.web.runs.actions.uploads import decide, remove_old, remove_used
from kvarter.web.runs.locks import held
from kvarter.web.runs.models import PolicyVersion, Run, Upload
from kvarter.web.runs.policy_text import digest, read
from kvarter.web.runs.settled import Places, places, upload_key
from kvarter.web.runs.states import ACTIVE, BEAT, State, may_be_tried

COMMAND = [sys.executable, "-m", "kvarter.web.runs.task"]
"""What does the work, in a process of its own."""
_EVERY = 2.0
_PATIENCE = 600.0
"""Seconds that a stage may take to its end after somebody asked to stop."""
_LONGEST_LOOK = 900.0
_LOG = logging.getLogger(__name__)


def work(stop: threading.Event) -> None:
    """Go round until `stop` is set."""
    parent = os.getppid()
    while not stop.is_set() and os.getppid() == parent:
        close_old_connections()
        try:
            busy = go_round(stop)
        except Exception:
            _LOG.exception("a round of runs failed; the next one tries again")
            busy = False
        if not busy:
            stop.wait(_EVERY)


def go_round(stop: threading.Event) -> bool:
    """Look over one upload, or make one run; whether there was one."""
    where = places()
    if where is None:
        return False
    where.make()
    remove_old(where)
    if not settings.RUNS.keep_uploads:
        remove_used(where)
    if _can_be_read(where):  # else the policy would be the reason to refuse an upload
        waiting = Upload.objects.filter(state=Upload.State.QUARANTINED)
        for upload in waiting.order_by("uploaded_at"):
            if _look(upload, where, stop):
                return True
    last = PolicyVersion.objects.first()
    if last is not None and last.checked is None and _check(last, where, stop):
        return True
    now = timezone.now()
    for run in Run.objects.filter(state__in=sorted(ACTIVE)).order_by("asked_at"):
        if may_be_tried(State(run.state), run.lease_until, now) and _make(run, where, stop):
            return True
    return False


def _can_be_read(where: Places) -> bool:
    try:
        where.load_policy()
    except KvarterError:
        return False
    return True


def _look(upload: Upload, where: Places, stop: threading.Event) -> bool:
    with held(where.locks / str(upload.pk)) as lock:
        if lock is None:
            return False
        upload.refresh_from_db()
        if upload.state != Upload.State.QUARANTINED:
            return False
        asked = _asked("look", upload.pk, where, {upload.source: str(upload.pk)})
        with _process(asked, lock) as process:
            told = _last_of(process, stop)
    if told is None:
        return False
    if not told:
        what = "the site could not read this file within its limits"
        told = {"problems": [{"what": what, "remedy": "Make it smaller.", "where": ""}]}
    decide(upload, told, where)
    return True


def _check(version: PolicyVersion, where: Places, stop: threading.Event) -> bool:
    name = f"policy-{version.number}"
    with held(where.locks / name) as lock:
        if lock is None or digest(read(where.policy)) != version.sha256:
            return False
        asked = _asked("check", name, where, accepted_uploads())
        with _process(asked, lock) as process:
            told = _last_of(process, stop)
    if told is None:
        return False
    problems = told.get("problems", [])
    whole = {"name": where.policy.name, "found": "", "remark": False, "problems": problems}
    note_check(version, told.get("checked", [whole]))
    return True


def _last_of(process: subprocess.Popen[str], stop: threading.Event) -> dict[str, Any] | None:
    """The last that a process told; nothing where it broke off or took too long.

    None where this worker is told to stop: the next one begins anew.
    """
    last, lines, begun = {}, _lines_of(process), time.monotonic()
    while (line := _next(lines)) != "":
        if stop.is_set():
            return None
        if line is not None:
            last = json.loads(line)
        if time.monotonic() - begun > _LONGEST_LOOK:
            return {}
    return last if process.wait() == 0 else {}


def _make(run: Run, where: Places, stop: threading.Event) -> bool:
    with held(where.locks / str(run.pk)) as lock:
        if lock is None:
            return False
        mine = begin(run)
        if mine is None:
            return True
        asked = _asked("run", run.pk, where, mine.uploads) | {
            "edition": mine.edition,
            "out": str(where.statuses),
            "key_file": str(where.key_file or ""),
        }
        with _process(asked, lock) as process:
            told = _follow(mine, process, Path(asked["stop"]), stop)
        if told is None:
            give_back(mine)
        else:
            end(mine, told)
    return True


def _follow(
    run: Run, process: subprocess.Popen[str], halt: Path, stop: threading.Event
) -> dict[str, Any] | None:
    """What a run told last. None where this worker is told to stop, or the run is another's.

    Meanwhile: each stage is noted, signs of life are given, and a wish to stop is passed on.
    """
    last: dict[str, Any] = {}
    asked_at: float | None = None
    lines, beaten = _lines_of(process), time.monotonic()
    while (line := _next(lines)) != "":
        if stop.is_set():
            return None
        if line is None and time.monotonic() - beaten < BEAT:
            continue
        if line is not None:
            last = json.loads(line)
        state, beaten = beat(run, last.get("stage") if line else None), time.monotonic()
        if state is None:
            return None
        if state == State.CANCELLING:
            halt.touch()
            asked_at = asked_at or time.monotonic()
            if time.monotonic() - asked_at > _PATIENCE:
                return {"cancelled": True}
    process.wait()
    return {} if "stage" in last else last


def _lines_of(process: subprocess.Popen[str]) -> queue.Queue[str]:
    """The lines that a process writes, as they come; an empty one at the end."""
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.put(line)
        lines.put("")

    threading.Thread(target=read, daemon=True).start()
    return lines


def _next(lines: queue.Queue[str]) -> str | None:
    """The next line; None where none comes within a second."""
    try:
        return lines.get(timeout=1.0)
    except queue.Empty:
        return None


def _asked(task: str, of: object, where: Places, uploads: dict[str, str]) -> dict[str, Any]:
    return {
        "task": task,
        "folder": str(where.work / str(of)),
        "stop": str(where.locks / f"{of}.stop"),
        "policy": str(where.policy),
        "uploads": {source: [str(where.sealed(each)), each] for source, each in uploads.items()},
        "key": upload_key().hex(),
    }


@contextmanager
def _process(asked: dict[str, Any], lock: int) -> Iterator[subprocess.Popen[str]]:
    """A process that does what is asked, and holds the lock too; killed when the block ends."""
    Path(asked["stop"]).unlink(missing_ok=True)
    process = subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        pass_fds=[lock],
    )
    try:
        assert process.stdin is not None
        with suppress(BrokenPipeError):  # it ended at once; what it said is read all the same
            process.stdin.write(json.dumps(asked) + "\n")
            process.stdin.flush()
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        Path(asked["stop"]).unlink(missing_ok=True)
