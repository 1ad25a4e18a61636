"""The policy file: saved as versions, and never over what somebody else wrote."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kvarter.files.outputs import write_whole
from kvarter.web.accounts.models import User
from kvarter.web.accounts.permissions import check_start_run
from kvarter.web.audit.log import SYSTEM, record
from kvarter.web.runs.locks import alone
from kvarter.web.runs.models import PolicyVersion
from kvarter.web.runs.policy_text import digest, read, see_policy, tidied
from kvarter.web.runs.settled import Places


class ChangedMeanwhileError(Exception):
    """The file is another than the one that was edited; `text` is what it says now."""

    def __init__(self, text: str) -> None:
        super().__init__("the policy was changed meanwhile")
        self.text = text


def save_policy(by: User, text: str, seen: str, where: Places) -> PolicyVersion:
    """Let the policy file say `text`, as a new version.

    seen: the digest of the text that was edited. Raises NotAllowedError where `by` may not,
    PolicyError where the text is no policy, and ChangedMeanwhileError.
    """
    check_start_run(by)
    text, path = tidied(text), where.policy.resolve()
    see_policy(text, path)
    with alone(path.with_name(f".{path.name}.lock")), transaction.atomic():
        now = read(path)
        if digest(now) != seen:
            raise ChangedMeanwhileError(now)
        last = _note(now, "")
        if text == now:
            return last
        version = _note(text, str(by.id))
        record(str(by.id), "policy.saved", ("policy", str(version.number)), ("text",))
        mode = path.stat().st_mode & 0o777
        with write_whole(path) as unfinished:
            unfinished.write_text(text, encoding="utf-8")
            unfinished.chmod(mode)
    return version


def _note(text: str, by: str) -> PolicyVersion:
    """The last version, where it says the text, or a new one that does."""
    last = PolicyVersion.objects.first()
    if last is not None and last.sha256 == digest(text):
        return last
    number = last.number + 1 if last else 1
    return PolicyVersion.objects.create(number=number, text=text, sha256=digest(text), saved_by=by)


def note_check(version: PolicyVersion, found: list[dict[str, Any]]) -> None:
    """Keep what was found of a version."""
    with transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk).update(checked=found)
        record(SYSTEM, "policy.checked", ("policy", str(version.number)), ("checked",))
