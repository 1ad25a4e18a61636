"""A worker is killed (kill -9) in each stage of a run: another makes the run, and none is half."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from hamlet import build
from kvarter.editions import open_edition
from kvarter.pipeline.stages import STAGES
from web.faults.test_killed import own_site, program
from web.runs_site import QUICK

__all__ = ["own_site"]

_DRIVE = """
import datetime as dt, json, os, shutil, signal, sys, threading, time
from pathlib import Path
from kvarter.web.site.start import set_up
folder, stages, task = Path(sys.argv[1]), sys.argv[2].split(), sys.argv[3]
set_up(folder)
from django.db import connections
from django.utils import timezone
from kvarter.web.accounts.models import RoleGrant, User
from kvarter.web.audit.log import first_broken_event
from kvarter.web.runs import worker
from kvarter.web.runs.actions.runs import ask_for_run
from kvarter.web.runs.models import Run
from kvarter.web.runs.states import LEASE

worker.COMMAND = [sys.executable, "-c", task]
anders = User.objects.create(email="anders@example.org", name="Anders")
RoleGrant.objects.create(user=anders, role="analyst", source="local")
status = folder.parent / "policy" / "status"
real = worker.beat

def killed_at(stage):
    def beat(run, told=None):
        state = real(run, told)
        if told == stage:
            os.kill(os.getpid(), signal.SIGKILL)
        return state
    connections.close_all()
    child = os.fork()
    if not child:
        worker.beat = beat
        try:
            worker.go_round(threading.Event())
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1]

found = []
for stage in stages:
    shutil.rmtree(status, ignore_errors=True)
    run = ask_for_run(anders, "2024")
    died = killed_at(stage)
    run.refresh_from_db()
    held = run.state
    too_early = worker.go_round(threading.Event())
    whole_or_not = not (status / "2024").exists() or (status / "2024/internal/run.json").exists()
    after = lambda: dt.datetime.now(dt.UTC) + LEASE + dt.timedelta(seconds=1)
    worker.timezone = type("Later", (), {"now": staticmethod(after)})
    for _ in range(600):  # as long as what the killed worker had begun holds the lock
        if worker.go_round(threading.Event()):
            break
        time.sleep(0.1)
    worker.timezone = timezone
    run.refresh_from_db()
    found.append({"stage": stage, "died": died, "held": held, "too_early": too_early,
                  "whole_or_not": whole_or_not, "state": run.state, "attempts": run.attempts,
                  "problems": run.problems, "left": [p.name for p in (folder / "work").iterdir()]})
print(json.dumps({"found": found, "broken": first_broken_event()}))
"""


@pytest.mark.slow
def test_a_run_whose_worker_is_killed_in_any_stage_is_made_by_another(
    own_site: Path, tmp_path: Path
) -> None:
    build(tmp_path / "policy")
    runs = '[runs]\npolicy = "../policy/policy.yaml"\nkey_file = "../policy/key"\n'
    config = own_site / "site.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("[runs]\n", runs), "utf-8")
    stages = " ".join(stage.name for stage in STAGES)
    done = program(_DRIVE, str(own_site), stages, QUICK)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["broken"] is None
    assert [each["stage"] for each in told["found"]] == stages.split()
    for each in told["found"]:
        assert each["died"] == signal.SIGKILL, each
        assert each["held"] == "running", each
        assert each["too_early"] is False, each
        assert each["whole_or_not"], each
        assert (each["state"], each["attempts"], each["problems"]) == ("done", 2, []), each
        assert each["left"] == ["locks"], each
    made = tmp_path / "policy" / "status"
    assert [path.name for path in made.iterdir()] == ["2024"], "and nothing written aside"
    assert open_edition(made / "2024").definition.id == "2024"
