"""The states of a run, and when a worker may take one. No Django.

A worker holds a run by a lock of the operating system, which ends with its process, and tells so
by a lease in the database. The lease says when it is worth while to try the lock; it is never
enough by itself, so that a clock that jumps gives no run to two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

LEASE = dt.timedelta(seconds=60)
BEAT = 5.0
"""Seconds between two signs of life of the worker that has a run."""
MOST_ATTEMPTS = 3
"""So often a run is begun that breaks off without a word: then it is the run's own fault."""


class State(StrEnum):
    """What becomes of a run."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    DONE = "done"
    FAILED = "failed"


NEXT: Mapping[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.RUNNING, State.CANCELLED}),
    State.RUNNING: frozenset({State.CANCELLING, State.DONE, State.FAILED, State.QUEUED}),
    # What was asked to stop may have come to its end already.
    State.CANCELLING: frozenset({State.CANCELLED, State.DONE, State.FAILED}),
    State.CANCELLED: frozenset(),
    State.DONE: frozenset(),
    State.FAILED: frozenset(),
}
"""What each state may become."""

ACTIVE = frozenset(state for state, others in NEXT.items() if others)


def check_change(state: State, other: State) -> None:
    """Raises ValueError where a run in `state` cannot become `other`."""
    if other not in NEXT[state]:
        raise ValueError(f"a run that is {state} cannot become {other}")


def may_be_tried(state: State, lease_until: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether a worker may try to take a run: one that waits, or whose holder gives no sign.

    A lease that reaches further than any is given was written by a clock that was wrong.
    """
    if state == State.QUEUED:
        return True
    holds = lease_until is not None and now <= lease_until <= now + LEASE
    return state in ACTIVE and not holds


def after_breaking_off(state: State, attempts: int) -> State:
    """What a run becomes whose worker is gone, or whose process ended without a word."""
    if state == State.CANCELLING:
        return State.CANCELLED
    return State.QUEUED if attempts < MOST_ATTEMPTS else State.FAILED


def after_asking_to_stop(state: State) -> State:
    """What a run becomes that somebody asks to stop. Raises ValueError where it has ended."""
    if state == State.CANCELLING:
        return state
    other = State.CANCELLED if state == State.QUEUED else State.CANCELLING
    check_change(state, other)
    return other
