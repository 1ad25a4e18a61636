"""Runs: asked for and stopped by analysts, taken and ended by workers."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from kvarter.web.accounts.models import User
from kvarter.web.accounts.permissions import check_start_run
from kvarter.web.audit.log import SYSTEM, record
from kvarter.web.outbox.write import write_message
from kvarter.web.runs.models import Run, Upload
from kvarter.web.runs.states import (
    ACTIVE,
    LEASE,
    State,
    after_asking_to_stop,
    after_breaking_off,
    check_change,
)

_BROKE_OFF = {
    "what": "the run broke off without a word each time it was begun",
    "remedy": "See whether the machine has memory and room enough, and ask for the run again.",
    "where": "",
}


class RunningAlreadyError(Exception):
    """A run of the edition is under way."""


def accepted_uploads() -> dict[str, str]:
    """The last upload that can be used, for each source that has one."""
    accepted = Upload.objects.filter(state=Upload.State.ACCEPTED).order_by("uploaded_at")
    return {each.source: str(each.pk) for each in accepted}


def ask_for_run(by: User, edition: str) -> Run:
    """Ask for a run of an edition, with the last upload that was accepted for each source.

    Raises NotAllowedError where `by` may not, and RunningAlreadyError where one is under way.
    """
    check_start_run(by)
    uploads = accepted_uploads()
    try:
        with transaction.atomic():
            run = Run.objects.create(edition=edition, uploads=uploads, asked_by=str(by.id))
            record(str(by.id), "run.asked_for", ("run", str(run.pk)), ("edition",))
    except IntegrityError as error:
        raise RunningAlreadyError(edition) from error
    return run


def ask_to_stop(by: User, run: Run) -> Run:
    """Ask that a run stops before its next stage. Raises ValueError where it has ended."""
    check_start_run(by)
    with transaction.atomic():
        held = Run.objects.select_for_update().get(pk=run.pk)
        state = after_asking_to_stop(State(held.state))
        if state != held.state:
            held.state = state.value
            if state not in ACTIVE:
                held.ended_at = timezone.now()
            held.save(update_fields=["state", "ended_at"])
            record(str(by.id), "run.asked_to_stop", ("run", str(run.pk)), ("state",))
    return held


def begin(run: Run) -> Run | None:
    """Take a run whose lock this worker holds; None where it is not to be begun any more.

    One that was asked to stop, or broke off too often, is ended here.
    """
    with transaction.atomic():
        held = Run.objects.select_for_update().get(pk=run.pk)
        if State(held.state) not in ACTIVE:
            return None
        if held.state != State.QUEUED:  # its worker is gone
            after = after_breaking_off(State(held.state), held.attempts)
            if after != State.QUEUED:
                problems = [_BROKE_OFF] if after == State.FAILED else []
                _end(held, after, {"problems": problems})
                return None
        held.state, held.stage = State.RUNNING.value, ""
        held.attempts += 1
        held.lease_until = timezone.now() + LEASE
        held.begun_at = held.begun_at or timezone.now()
        held.save()
        record(SYSTEM, "run.begun", ("run", str(run.pk)), ("state",))
    return held


def beat(run: Run, stage: str | None = None) -> State | None:
    """Give a sign of life; the state of the run now, or None where it is another's."""
    mine = Run.objects.filter(pk=run.pk, attempts=run.attempts, state__in=sorted(ACTIVE))
    told: dict[str, dt.datetime | str] = {"lease_until": timezone.now() + LEASE}
    if stage is not None:
        told["stage"] = stage[:64]
    if not mine.update(**told):
        return None
    state = mine.values_list("state", flat=True).first()
    return State(state) if state else None


def give_back(run: Run) -> None:
    """Let another worker begin a run anew, for this one is told to stop."""
    with transaction.atomic():
        mine = Run.objects.select_for_update().filter(pk=run.pk, attempts=run.attempts).first()
        if mine is not None and mine.state == State.RUNNING:
            mine.state, mine.lease_until = State.QUEUED.value, None
            mine.attempts -= 1  # nothing broke off
            mine.save()
            record(SYSTEM, "run.given_back", ("run", str(run.pk)), ("state",))


def end(run: Run, told: Mapping[str, Any]) -> State | None:
    """End a run by the last that its process told; None where it is another's by now.

    told: a `result`, `problems`, or that it was `cancelled`; nothing where it broke off.
    """
    with transaction.atomic():
        mine = Run.objects.select_for_update().filter(pk=run.pk, attempts=run.attempts).first()
        if mine is None or State(mine.state) not in ACTIVE:
            return None
        if "result" in told:
            state = State.DONE
        elif "problems" in told:
            state = State.FAILED
        elif "cancelled" in told and mine.state == State.CANCELLING:
            state = State.CANCELLED
        else:
            state = after_breaking_off(State(mine.state), mine.attempts)
            told = {"problems": [_BROKE_OFF]} if state == State.FAILED else {}
        if state == State.QUEUED:
            mine.state, mine.lease_until = state.value, None
            mine.save()
            record(SYSTEM, "run.broke_off", ("run", str(run.pk)), ("state",))
        else:
            _end(mine, state, told)
    return state


def _end(run: Run, state: State, told: Mapping[str, Any]) -> None:
    check_change(State(run.state), state)
    run.state, run.lease_until, run.ended_at = state.value, None, timezone.now()
    run.problems = list(told.get("problems", []))
    if result := told.get("result"):
        run.result = str(result)
        content = (Path(run.result) / "edition.json").read_bytes()
        run.result_hash = hashlib.sha256(content).hexdigest()
    run.save()
    record(SYSTEM, f"run.{state.value}", ("run", str(run.pk)), ("state",))
    asker = User.objects.filter(pk=run.asked_by, is_active=True).first()
    if asker is not None and state != State.CANCELLED:
        words = {"edition": run.edition, "run": str(run.pk), "state": state.value}
        write_message(str(asker.id), "run_ended", asker.language, words)
