"""Killed without warning (kill -9): nothing confirmed is lost, and nobody sees half an edition."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing, suppress
from http.client import HTTPException
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from kvarter.web.audit.chain import Event, first_broken
from kvarter.web.status.prepare.prepare import changed_files
from web.example import copy_of, served

STEPS = {
    # where the process is killed: and whether the edition is published then
    "prepare": False,
    "_with_comparisons": False,
    "_close": False,
    "release": False,
    "_make_known": False,
    "record": False,  # the row is written, and not committed
    "write_message": False,
    "look_again": True,  # after the commit
}
_DRIVE = """
import json, os, shutil, signal, sys
from pathlib import Path
from kvarter.web.site.start import set_up
folder, edition, drawn, steps = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4].split()
set_up(Path(folder))
from django.core.mail import EmailMessage
from django.db import connections
from kvarter.errors import InputError
from kvarter.web.accounts.models import RoleGrant, User
from kvarter.web.audit.log import first_broken_event
from kvarter.web.audit.models import AuditEvent
from kvarter.web.outbox.models import Message
from kvarter.web.site.worker import go_round
from kvarter.web.status.actions import publish as module
from kvarter.web.status.models import PublishedEdition
from kvarter.web.status.prepare.prepare import MANIFEST, Prepared, _sha256

def copy(source, into):
    shutil.copytree(drawn, into, dirs_exist_ok=True)
    return Prepared("2024", {"da": "2024", "en": "2024"}, 2023, _sha256(into / MANIFEST))

def killed(work):
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1]

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def publish(step=""):
    if step:
        setattr(module, step, die)
    return module.publish(User.objects.get(email="karen@example.org"), Path(edition))

def mail():
    EmailMessage.send = die
    go_round()

module.prepare = copy
for name in ("karen", "other"):
    user = User.objects.create(email=name + "@example.org", name=name)
    RoleGrant.objects.create(user=user, role="coordinator", source="local")
found = []
for step in steps:
    status = killed(lambda: publish(step))
    found.append({
        "step": step,
        "status": status,
        "published": list(PublishedEdition.objects.values_list("folder", flat=True)),
        "events": AuditEvent.objects.filter(act="edition.published").count(),
        "mail": Message.objects.count(),
        "broken": first_broken_event(),
    })
try:
    publish()
except InputError as error:
    again = str(error)
status = killed(mail)
waiting = Message.objects.filter(state="waiting").count()
go_round()
print(json.dumps({"steps": found, "again": again, "mail_killed": status, "waiting": waiting}))
"""


def program(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KVARTER", "DJANGO"))}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, capture_output=True, text=True
    )


@pytest.fixture
def own_site(site_folder: Path, tmp_path: Path) -> Path:
    """An empty site of its own."""
    folder = tmp_path / "own"
    (folder / "published").mkdir(parents=True)
    for name in ("site.toml", "secret.key"):
        shutil.copy(site_folder / name, folder / name)
    shutil.copyfile(site_folder / "template.sqlite3", folder / "site.sqlite3")
    return folder


def test_a_publication_that_is_killed_at_any_step_is_there_or_not(
    own_site: Path, town: Path, prepared_town: tuple[Path, Any]
) -> None:
    """Each step in turn, on one site: what one leaves is no hindrance to the next."""
    steps = " ".join(STEPS)
    done = program(_DRIVE, str(own_site), str(town), str(prepared_town[0]), steps)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    for found in told["steps"]:
        assert found["status"] == signal.SIGKILL, found
        there = int(STEPS[found["step"]])
        assert len(found["published"]) == found["events"] == found["mail"] == there, found
        assert found["broken"] is None
    (folder,) = told["steps"][-1]["published"]
    assert changed_files(own_site / "published" / folder) == []
    assert "published as it is" in told["again"]
    left = {path.name for path in (own_site / "published").iterdir() if path.is_dir()}
    assert folder in left
    assert len(left) <= 2, "what was being prepared last is removed by the next publication"

    # A worker that is killed leaves its mail and the mirror of the log to the next.
    assert told["mail_killed"] == signal.SIGKILL
    assert told["waiting"] == 1
    assert len(list((own_site / "mail").iterdir())) == 1
    lines = (own_site / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["act"] for line in lines] == ["edition.published"]


def _worker_of(server: int) -> int | None:
    """The process of the worker beside a server."""
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == server and b"kvarter.web.site.worker" in (path / "cmdline").read_bytes():
                return int(path.name)
    return None


def test_a_worker_that_is_killed_is_begun_again(demo_site: Path, tmp_path: Path) -> None:
    with served(copy_of(demo_site, tmp_path / "worker")) as (_, running):
        first = _worker_of(running.pid)
        assert first is not None
        os.kill(first, signal.SIGKILL)
        until = time.monotonic() + 20
        while _worker_of(running.pid) in (None, first) and time.monotonic() < until:
            time.sleep(0.1)
        assert _worker_of(running.pid) not in (None, first)
    assert _worker_of(running.pid) is None, "and ends with the server"


def test_a_server_that_is_killed_under_load_loses_nothing(demo_site: Path, tmp_path: Path) -> None:
    """Pages are the same afterwards, and every event that was answered for is in the log."""
    folder = copy_of(demo_site, tmp_path / "killed")
    answered: list[int] = []
    numbers = count(1)
    stop = threading.Event()

    def try_to_log_in(address: str) -> None:
        jar = urllib.request.HTTPCookieProcessor()
        browser = urllib.request.build_opener(jar)
        while not stop.is_set():
            try:
                page = browser.open(f"{address}/konto/log-ind/", timeout=10).read().decode()
                token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
                form = {
                    "login": f"x{next(numbers)}@example.org",
                    "password": "y",
                    "csrfmiddlewaretoken": token,
                }
                data = urllib.parse.urlencode(form).encode()
                answered.append(browser.open(f"{address}/konto/log-ind/", data, 10).status)
            except urllib.error.HTTPError as error:
                answered.append(error.code)
            except (OSError, HTTPException):
                return

    with served(folder) as (address, running):
        before = urllib.request.urlopen(f"{address}/status/2024/maal/2/", timeout=10).read()
        threads = [threading.Thread(target=try_to_log_in, args=(address,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        while len([code for code in answered if code == 200]) < 4 and any(
            thread.is_alive() for thread in threads
        ):
            stop.wait(0.05)
        os.killpg(running.pid, signal.SIGKILL)
        stop.set()
        for thread in threads:
            thread.join()
    refused = len([code for code in answered if code == 200])
    assert refused >= 4
    with served(folder) as (address, _):
        after = urllib.request.urlopen(f"{address}/status/2024/maal/2/", timeout=10).read()
    assert after == before
    with closing(sqlite3.connect(folder / "site.sqlite3")) as database:
        rows = database.execute(
            "SELECT number, at, actor, act, target_type, target_id, fields, chain_hash"
            " FROM audit_auditevent ORDER BY number"
        ).fetchall()
    events = [(Event(*row[:6], tuple(json.loads(row[6]))), row[7]) for row in rows]
    assert first_broken(events) is None
    assert len([event for event, _ in events if event.act == "session.refused"]) >= refused
