"""Many people who write one edition at once: how fast a save is answered, and whether any is lost.

Each person adds a line to the comment of a goal that two share, and reads and adds again where the
other was first. At the end every line that was answered for must stand in the last text of its
goal, and each revision be made on the one before it.

Needs the example (`make demo`) and PostgreSQL. Run:
python benchmarks/casework.py [SECONDS] [PEOPLE] [SAVES A SECOND]
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from html import unescape
from importlib import import_module
from pathlib import Path
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).parents[1]
STATUS = ROOT / "kvarter-demo" / "status"
MAKE = """
import sys
import datetime as dt
from pathlib import Path
from kvarter.web.site.start import make_site
folder, status, people = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
make_site(folder, "Eksempel Kommune", ["127.0.0.1"], demo=True)
(folder / "drafts").mkdir()
(folder / "drafts" / "status").symlink_to(status)
from django.contrib.sessions.backends.db import SessionStore
from kvarter.web.accounts.models import RoleGrant, User
from kvarter.web.goals.actions.editions import Assignment, assign, do_edition, plan
from kvarter.web.goals.models import GoalInEdition
from kvarter.web.goals.rules.states import EditionAct

def person(name, role):
    user = User.objects.create(email=name + "@example.org", name=name, source="claims")
    RoleGrant.objects.create(user=user, role=role, source="local")
    return user

karen = person("karen", "coordinator")
newest = max(path.parent.name for path in Path(status).glob("[!.]*/edition.json"))
edition = plan(karen, "status/" + newest, dt.date(2026, 12, 24))
owners = [person(f"p{number}", "goal_owner") for number in range(people)]
for number in range(len(edition.goals.all()), people // 2):
    GoalInEdition.objects.create(edition=edition, number=100 + number, title="x")
goals = list(edition.goals.order_by("number")[: people // 2])
for goal in edition.goals.all():
    assign(karen, goal.pk, Assignment(owners[0], "", goal.title, dt.date(2026, 12, 24)))
do_edition(karen, edition.pk, EditionAct.OPEN)
for number, user in enumerate(owners):
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()
    goal = goals[number % len(goals)]
    print(session.session_key, f"/arbejde/{edition.pk}/maal/{goal.number}/")
"""
LOOK = """
import sys
from pathlib import Path
from kvarter.web.site.start import set_up
set_up(Path(sys.argv[1]))
from kvarter.web.goals.models import GoalInEdition, Revision
for goal in GoalInEdition.objects.all():
    numbers = list(goal.revisions.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1)) and goal.version == len(numbers)
    then = ""
    for revision in goal.revisions.order_by("number"):
        text = revision.content["comment"]
        assert set(then.splitlines()) <= set(text.splitlines()), "somebody was written over"
        then = text
    for line in then.splitlines():
        print(line)
"""
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_TEXT = re.compile(r'<textarea [^>]*name="comment"[^>]*>([^<]*)</textarea>')


@dataclass
class Person:
    """Somebody with a browser: a session, a page, and what they know of it."""

    name: str
    host: str
    session: str
    page: str
    cookies: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    conflicts: int = 0

    def read(self) -> None:
        """Open the page: what stands there now, and its hidden fields."""
        status, text = self._ask("GET", None)
        assert status == 200, text[:500]
        editor = text.split('id="editor"')[1].split("</form>")[0]
        self.form = {unescape(name): unescape(value) for name, value in _FIELD.findall(editor)}
        token, said = _TOKEN.search(editor), _TEXT.search(editor)
        assert token is not None and said is not None
        self.form |= {"csrfmiddlewaretoken": token[1], "comment": unescape(said[1]).lstrip("\n")}

    def save(self) -> None:
        """Add a line; where somebody else was first, read it and add to that."""
        line = f"{self.name} {len(self.kept)}"
        while True:
            said = f"{self.form['comment']}\n{line}".strip()
            begun = time.perf_counter()
            status, text = self._ask("POST", {**self.form, "comment": said, "figures": "0"})
            self.took.append(time.perf_counter() - begun)
            if status == 200:
                found = re.search(r'"version": (\d+)', text)
                assert found is not None, text
                self.form |= {"version": found[1], "comment": said}
                self.kept.append(line)
                return
            assert status == 409, (status, text[:500])
            self.conflicts += 1
            self.read()

    def _ask(self, method: str, form: dict[str, str] | None) -> tuple[int, str]:
        where = http.client.HTTPConnection(self.host, timeout=60)
        cookies = {"session": self.session, **self.cookies}
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-Requested-With": "kvarter" if form else "",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        where.request(method, self.page, urlencode(form) if form else None, headers)
        answer = where.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("csrf="):
                self.cookies["csrf"] = value.split(";")[0].removeprefix("csrf=")
        text = answer.read().decode()
        where.close()
        return answer.status, text


@dataclass(frozen=True)
class Told:
    """How it went. `lost`: lines that were answered for and do not stand in the last text."""

    saves: int
    conflicts: int
    lost: list[str]
    half: float
    most: float
    seconds: float


def crowd(folder: Path, address: str, people: list[Person], saves: float, seconds: float) -> Told:
    """Let them all write at a rate, for a time; then look what stands there."""
    for person in people:
        person.read()
    begun = time.perf_counter()
    wait = len(people) / saves

    def write(person: Person, first: float) -> None:
        due = begun + first
        while due < begun + seconds:
            time.sleep(max(0.0, due - time.perf_counter()))
            person.save()
            due += wait

    threads = [
        threading.Thread(target=write, args=(person, wait * number / len(people)))
        for number, person in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = sorted(one for person in people for one in person.took)
    lines = set(_program(LOOK, str(folder)).splitlines())
    kept = [line for person in people for line in person.kept]
    return Told(
        len(kept),
        sum(person.conflicts for person in people),
        [line for line in kept if line not in lines],
        statistics.median(took),
        took[int(0.95 * len(took))],
        time.perf_counter() - begun,
    )


def make_people(folder: Path, status: Path, number: int) -> list[tuple[str, str]]:
    """A site with an edition that many write; the session and the page of each."""
    told = _program(MAKE, str(folder), str(status.resolve()), str(number))
    return [(line.split()[0], line.split()[1]) for line in told.splitlines()]


def people_of(address: str, known: list[tuple[str, str]]) -> list[Person]:
    host = urlsplit(address).netloc
    return [
        Person(f"p{number}", host, session, page) for number, (session, page) in enumerate(known)
    ]


def _program(code: str, *arguments: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KVARTER", "DJANGO"))}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def main(seconds: float = 60, people: float = 100, saves: float = 20) -> None:
    sys.path.insert(0, str(ROOT / "tests"))
    served = import_module("web.example").served
    cluster_in = import_module("web.postgres").Cluster
    if not STATUS.is_dir():
        sys.exit("Make the example first: make demo")
    base = Path(tempfile.mkdtemp())
    cluster = cluster_in(base / "cluster")
    cluster.start()
    try:
        cluster.sql("CREATE DATABASE casework")
        os.environ["DATABASE_URL"] = cluster.url("casework")
        folder = base / "site"
        known = make_people(folder, STATUS, int(people))
        with served(folder, workers=2) as (address, _):
            told = crowd(folder, address, people_of(address, known), saves, seconds)
    finally:
        cluster.stop()
        shutil.rmtree(base, ignore_errors=True)
    print(f"{told.saves} saves in {told.seconds:.0f} s, {told.conflicts} conflicts")
    print(f"half within {1000 * told.half:.0f} ms, 95 of 100 within {1000 * told.most:.0f} ms")
    print(f"{len(told.lost)} lost")


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
