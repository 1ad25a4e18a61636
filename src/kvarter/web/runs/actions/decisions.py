"""Decisions on uncertain addresses: who made them and when stands with them, and in the log."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from kvarter.policy.model import Policy
from kvarter.review.kept import FILE, Decided, read_kept, write_kept
from kvarter.web.accounts.models import User
from kvarter.web.accounts.permissions import check_start_run
from kvarter.web.audit.log import record
from kvarter.web.runs.locks import alone
from kvarter.web.runs.settled import Places
from kvarter.web.runs.uncertain import check_chosen


class DecidedMeanwhileError(Exception):
    """Somebody else has decided on the text since it was shown."""

    def __init__(self, other: Decided | None) -> None:
        super().__init__("decided meanwhile")
        self.other = other


def decide_text(by: User, text_id: str, chosen: str, seen: str, where: Places) -> None:
    """Decide what a text means, or take the decision back where `chosen` is blank.

    seen: what was decided when it was shown. Raises NotAllowedError where `by` may not, InputError
    where the register has no such address, and DecidedMeanwhileError.
    """
    check_start_run(by)
    policy, path = where.load_policy(), decisions_file(where)
    if chosen:
        check_chosen(policy, where.policy.parent, chosen)
    with alone(path.with_name(f".{path.name}.lock")), transaction.atomic():
        decisions = read_kept(path)
        before = decisions.get(text_id)
        if (before.decision if before else "") != seen:
            raise DecidedMeanwhileError(before)
        act = "address.decided" if chosen else "address.reopened"
        record(str(by.id), act, ("text", text_id), ("decision",))
        if chosen:
            decisions[text_id] = Decided(text_id, chosen, by.name, timezone.localdate())
        else:
            decisions.pop(text_id, None)
        write_kept(path, decisions)


def decisions_file(where: Places) -> Path:
    """The file that decisions are kept in, beside the policy."""
    return where.policy.parent / FILE


def is_named(policy: Policy) -> bool:
    """Whether the policy names the file, without which a run does not read it."""
    return FILE in policy.decision_files()
