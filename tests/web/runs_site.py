"""A site that makes runs of the hamlet, and processes that stand in for the real one."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from hamlet import build

QUICK = """
import sys
from unittest import mock
with mock.patch("kvarter.pipeline.write.write_documents", lambda *_: None):
    from kvarter.web.runs.task import main
    main()
"""
"""The real thing, but for the documents, which take most of the time."""

SLOW = """
import json, os, sys, time
from pathlib import Path
asked = json.loads(sys.stdin.readline())
tell = lambda **what: print(json.dumps(what), flush=True)
trail = Path(asked["out"]).parent / "trail"
def mark(word):
    with trail.open("a") as file:
        file.write(f"{word} {asked['folder'].rsplit('/', 1)[-1]} {os.getpid()}\\n")
mark("begun")
tell(stage="read")
for _ in range(int(200 * SECONDS)):
    time.sleep(0.005)
    if Path(asked["stop"]).exists():
        mark("ended")
        tell(cancelled=True)
        sys.exit()
mark("ended")
folder = Path(asked["out"]) / asked["edition"]
folder.mkdir(parents=True, exist_ok=True)
(folder / "edition.json").write_text("{}")
tell(result=str(folder))
"""
"""Takes SECONDS, and leaves a trail of when it began and ended."""


def command(code: str, **values: object) -> list[str]:
    """A command that runs `code` with the values in it."""
    for name, value in values.items():
        code = code.replace(name, repr(value))
    return [sys.executable, "-c", code]


@contextmanager
def makes_runs(folder: Path, *, keep_uploads: bool = False) -> Iterator[Path]:
    """Let the site of this process make runs of a hamlet in `folder`; gives the policy's folder."""
    from django.test import override_settings

    from kvarter.web.site.config import Runs

    build(folder / "policy")
    runs = Runs(
        policy="policy/policy.yaml",
        key_file="policy/key",
        keep_uploads=keep_uploads,
        largest_mb=1,
    )
    with override_settings(FOLDER=folder, RUNS=runs):
        yield folder / "policy"


@contextmanager
def done_by(argv: list[str]) -> Iterator[None]:
    """Let workers of this process start another program."""
    with mock.patch("kvarter.web.runs.worker.COMMAND", argv):
        yield


def work_off(stop: threading.Event | None = None) -> int:
    """Go round until nothing is left to be done; how many rounds did something."""
    from kvarter.web.runs.worker import go_round

    rounds = 0
    while go_round(stop or threading.Event()):
        rounds += 1
        assert rounds < 50
    return rounds


def uploaded(user: Any, source: str, content: bytes, name: str = "udtræk.csv") -> Any:
    """An upload as the page takes it in."""
    import hashlib
    from uuid import uuid4

    from kvarter.web.runs.actions.uploads import take_in
    from kvarter.web.runs.sealed import Sealer
    from kvarter.web.runs.settled import places, upload_key

    upload_id, where = uuid4(), places()
    where.make()
    with where.sealed(upload_id).open("wb") as file:
        sealer = Sealer(file, upload_key(), str(upload_id))
        sealer.write(content)
        sealer.close()
    told = (name, len(content), hashlib.sha256(content).hexdigest())
    return take_in(user, upload_id, source, told)
