"""What is done in a process of its own: a run, a look at an upload, a check. No Django.

It reads what to do as JSON from its input, and tells what it does as lines of JSON. So a run that
takes all memory takes no page of the site with it, and its memory is free afterwards.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kvarter.errors import CancelledError, KvarterError, Problem
from kvarter.privacy import without_person_numbers

_MOST_PROBLEMS = 20


def main() -> None:
    """Do what is asked for; everything that is known to go wrong is told."""
    asked = json.loads(sys.stdin.readline())
    os.nice(10)  # pages go first
    parent = os.getppid()

    def cancelled() -> bool:
        return Path(asked["stop"]).exists() or os.getppid() != parent

    try:
        _TASKS[asked["task"]](asked, cancelled)
    except CancelledError:
        tell(cancelled=True)
    except KvarterError as error:
        tell(problems=[_problem(each, asked) for each in error.problems[:_MOST_PROBLEMS]])


def tell(**what: object) -> None:
    """A line for the worker that waits for it."""
    print(json.dumps(what, ensure_ascii=False), flush=True)


def _problem(problem: Problem, asked: dict[str, Any]) -> dict[str, str]:
    """What is wrong, and where by a path within the policy's folder."""
    name = problem.file.removeprefix(f"{asked['folder']}/")
    place = name + (f":{problem.line}" if problem.line else "")
    where = without_person_numbers(", ".join(part for part in (place, problem.field) if part))
    return {"what": problem.what, "remedy": problem.remedy, "where": where}


def _run(asked: dict[str, Any], cancelled: Callable[[], bool]) -> None:
    from kvarter.pipeline.run import run
    from kvarter.web.runs.workspace import workspace

    uploads = {source: (Path(path), name) for source, (path, name) in asked["uploads"].items()}
    key = bytes.fromhex(asked["key"])
    out = Path(asked["out"])
    with workspace(Path(asked["folder"]), Path(asked["policy"]), uploads, key) as policy_file:
        run(
            policy_file,
            edition=asked["edition"],
            out=out,
            home=Path(asked["policy"]).parent,
            key_file=asked["key_file"] or None,
            tell=lambda stage: tell(stage=stage),
            cancelled=cancelled,
        )
    tell(result=str(out / asked["edition"]))


def _look(asked: dict[str, Any], cancelled: Callable[[], bool]) -> None:
    """Look an upload over, and read it as its source says."""
    from kvarter.cases import Pseudonyms, read_source
    from kvarter.policy import load_policy
    from kvarter.web.runs.looked_over import look_over
    from kvarter.web.runs.workspace import workspace

    (source_id,) = asked["uploads"]
    uploads = {source_id: (Path(asked["uploads"][source_id][0]), asked["uploads"][source_id][1])}
    key = bytes.fromhex(asked["key"])
    with workspace(Path(asked["folder"]), Path(asked["policy"]), uploads, key) as policy_file:
        policy = load_policy(policy_file)
        source = next(each for each in policy.sources if each.id == source_id)
        look_over(policy_file.parent / source.file)
        nobody = Pseudonyms("looking makes no pseudonyms that anyone keeps")
        read = read_source(source, policy.case_kind(source.cases), policy_file.parent, nobody)
        tell(rows=read.profile.rows, invalid=len(read.set_aside("")))


def _check(asked: dict[str, Any], cancelled: Callable[[], bool]) -> None:
    """What `kvarter check` finds of the policy, with the uploads in place of extracts."""
    from kvarter.pipeline.check import check, to_fill_in
    from kvarter.policy import load_policy
    from kvarter.web.runs.workspace import workspace

    uploads = {source: (Path(path), name) for source, (path, name) in asked["uploads"].items()}
    key = bytes.fromhex(asked["key"])
    with workspace(Path(asked["folder"]), Path(asked["policy"]), uploads, key) as policy_file:
        found = check(load_policy(policy_file), policy_file.parent) + to_fill_in(policy_file)
    tell(
        checked=[
            {
                "name": each.name,
                "found": without_person_numbers(each.found),
                "remark": each.remark,
                "problems": [_problem(one, asked) for one in each.problems[:_MOST_PROBLEMS]],
            }
            for each in found
        ]
    )


_TASKS: dict[str, Callable[[dict[str, Any], Callable[[], bool]], None]] = {
    "run": _run,
    "look": _look,
    "check": _check,
}

if __name__ == "__main__":
    main()
