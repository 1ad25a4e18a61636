"""Killed while it publishes what many wrote: there is all of it or nothing, and it can go on."""

from __future__ import annotations

import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from kvarter.editions.releases import LEDGER
from web.faults.test_killed import own_site, program

__all__ = ["own_site"]

STEPS = {
    # where the worker is killed: and whether the edition is published then
    "write_documents": False,
    "rewrite": False,
    "publish": False,
    "release": False,
    "_make_known": False,
    "_make_public": False,  # within the transaction that makes the pages known
    "_replace_before": False,
    "note_edition": False,  # all is written, and not committed
    "look_again": True,  # after the commit
}
_BEGIN = """
import datetime as dt, sys
from pathlib import Path
from kvarter.web.site.start import set_up
set_up(Path(sys.argv[1]))
from django.utils import timezone
from kvarter.web.accounts.models import RoleGrant, User
from kvarter.web.goals.actions.editions import (
    Assignment, assign, do_edition, plan, set_publication, settle)
from kvarter.web.goals.actions.steps import do
from kvarter.web.goals.actions.writing import write
from kvarter.web.goals.facts import goal_now
from kvarter.web.goals.models import GoalInEdition
from kvarter.web.goals.rules.content import Content
from kvarter.web.goals.rules.policies import Given
from kvarter.web.goals.rules.states import Act, EditionAct

karen, mads, gitte = [
    User.objects.create(email=name + "@example.org", name=name)
    for name in ("karen", "mads", "gitte")
]
for user, role in ((karen, "coordinator"), (mads, "goal_owner"), (gitte, "approver")):
    RoleGrant.objects.create(user=user, role=role, source="local")
day = dt.date(2026, 12, 24)
edition = plan(karen, "town/2024", day)
for goal in edition.goals.all():
    assign(karen, goal.pk, Assignment(mads, "", goal.title, day))
do_edition(karen, edition.pk, EditionAct.OPEN)
for goal in edition.goals.all():
    write(mads, goal.pk, Content(comment="Der er arbejdet."), 0)
    for by, act in ((mads, Act.SUBMIT), (gitte, Act.APPROVE), (karen, Act.INCLUDE)):
        now = goal_now(GoalInEdition.objects.get(pk=goal.pk))
        do(by, goal.pk, act, Given("", now.hash))
settle(karen, edition.pk, "2028", "")
do_edition(karen, edition.pk, EditionAct.MAKE_READY)
set_publication(karen, edition.pk, timezone.now())
"""
_WORK = """
import json, os, shutil, signal, sys
from pathlib import Path
from kvarter.web.site.start import set_up
folder, drawn, step = sys.argv[1:]
set_up(Path(folder))
from kvarter.web.goals.actions import publishing
from kvarter.web.status.actions import publish
from kvarter.web.status.prepare.prepare import MANIFEST, Prepared, _sha256

def copy(source, into):
    shutil.copytree(drawn, into, dirs_exist_ok=True)
    return Prepared("2024", {"da": "2024", "en": "2024"}, 2023, _sha256(into / MANIFEST))

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

publish.prepare = copy
if step:
    setattr(publishing if hasattr(publishing, step) else publish, step, die)
print(publishing.publish_due())
"""


def _look(folder: Path) -> dict[str, Any]:
    """What is published, and where the edition and its goals are."""
    with closing(sqlite3.connect(folder / "site.sqlite3")) as database:

        def column(query: str) -> list[Any]:
            return [row[0] for row in database.execute(query)]

        ledger = folder / "drafts" / "town" / LEDGER
        return {
            "published": column("SELECT count(*) FROM status_publishededition")[0],
            "events": column("SELECT count(*) FROM audit_auditevent WHERE act = 'goal.published'"),
            "states": {
                *column("SELECT state FROM goals_workingedition"),
                *column("SELECT state FROM goals_goalinedition"),
            },
            "releases": len(ledger.read_text("utf-8").splitlines()) if ledger.exists() else 0,
        }


def test_a_publication_that_is_killed_at_any_step_is_there_or_not(
    own_site: Path, town: Path, prepared_town: tuple[Path, Any]
) -> None:
    """Each step in turn, on one site; the next round of the worker goes on where it can."""
    drafts = own_site / "drafts" / "town"
    shutil.copytree(town.parent, drafts, ignore=shutil.ignore_patterns(LEDGER))
    begun = program(_BEGIN, str(own_site))
    assert begun.returncode == 0, begun.stderr
    for step, there in STEPS.items():
        done = program(_WORK, str(own_site), str(prepared_town[0]), step)
        assert done.returncode == -signal.SIGKILL, (step, done.stderr)
        found = _look(own_site)
        assert found["published"] == int(there), step
        assert found["states"] == ({"published"} if there else {"in_edition", "ready"}), step
        assert bool(found["events"][0]) == there, step
        assert found["releases"] <= 1, "a release is noted once, however often it is tried"
    assert found["releases"] == 1
    again = program(_WORK, str(own_site), str(prepared_town[0]), "")
    assert again.stdout.split() == ["0"], "what is published is not published again"
    assert _look(own_site) == found
