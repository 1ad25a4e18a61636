"""The statuses that editions in the making take their computed figures from.

They lie in `settings.DRAFTS`, as a run wrote them; one that was written again is opened again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl
from django.conf import settings

from kvarter.documents.claims import claims_in
from kvarter.documents.comments import draft_code, draft_of
from kvarter.documents.contents import GoalContents, goals
from kvarter.editions import Edition, open_edition
from kvarter.editions.folder import EDITION
from kvarter.errors import InputError
from kvarter.i18n import Locale, in_language
from kvarter.policy.model import Goal, Language
from kvarter.web.goals.rules.content import TEXTS, Content

_DEEP = ("*/edition.json", "*/*/edition.json", "*/*/*/edition.json")


@dataclass(frozen=True, eq=False)
class Draft:
    """A status that was opened: what it says of each goal, and the hash of its figures."""

    edition: Edition

    def goal(self, number: int) -> Goal | None:
        """The goal of the policy; None where it has none of that number."""
        return next((one for one in self.edition.policy.goals if one.number == number), None)

    def said(self, number: int, language: Language) -> GoalContents | None:
        """What is computed of a goal, as the published page says it."""
        every = _contents(self, language)
        return next((one for one in every if one.number == number), None)

    def suggested(self, number: int, language: Language = "da") -> str:
        """The sentences that the figures suggest; empty where there are none."""
        goal = self.goal(number)
        if goal is None:
            return ""
        with in_language(Locale(language).of(self.edition.policy)):
            return draft_of(self.edition, goal)

    def code(self, number: int) -> str:
        """The code of what is suggested; empty where nothing is."""
        goal = self.goal(number)
        return draft_code(self.edition, goal) if goal and self.suggested(number) else ""

    def fingerprint(self, number: int) -> str:
        """The hash of all computed figures of a goal, and of what the policy says of it."""
        return _fingerprint(self, number)

    def claims(self, number: int, content: Content, locale: Locale) -> tuple[tuple[str, str], ...]:
        """What the texts claim and the figures do not bear, and what they say instead.

        Figures entered by hand bear what is said of them.
        """
        goal = self.goal(number)
        if goal is None or content.accepted:
            return ()
        besides = [
            value
            for figure in content.figures
            for value in (figure.count, figure.of, figure.percent())
            if value is not None
        ]
        with in_language(locale):
            return tuple(
                (claim.words, claim.remark)
                for name in TEXTS
                for claim in claims_in(self.edition, goal, getattr(content, name), besides)
            )


def found() -> dict[str, str]:
    """Every status that lies there: the name of its folder, and which edition it is."""
    root = Path(settings.DRAFTS)
    paths = sorted(path for form in _DEEP for path in root.glob(form))
    return {
        path.parent.relative_to(root).as_posix(): str(_id_of(path))
        for path in paths
        if not any(part.startswith(".") for part in path.relative_to(root).parts)
    }


def path_of(folder: str) -> Path:
    """Where a status lies. Raises InputError for none, and for a place outside the drafts."""
    root = Path(settings.DRAFTS).resolve()
    parts = Path(folder).parts
    path = root.joinpath(*parts)
    outside = Path(folder).is_absolute() or any(part.startswith(".") for part in parts)
    if not parts or outside or not (path / EDITION).is_file():
        remedy = "Let the analyst run it again, or bring it back from a backup."
        raise InputError.of("this status is not there", remedy, folder)
    return path


def open_draft(folder: str) -> Draft:
    """The status in a folder. Raises InputError where it is not there, or is damaged."""
    path = path_of(folder)
    return _opened(path, (path / EDITION).stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _opened(path: Path, written: int) -> Draft:
    return Draft(open_edition(path))


@lru_cache(maxsize=16)
def _contents(draft: Draft, language: Language) -> tuple[GoalContents, ...]:
    with in_language(Locale(language).of(draft.edition.policy)):
        return goals(draft.edition)


@lru_cache(maxsize=512)
def _fingerprint(draft: Draft, number: int) -> str:
    goal = draft.goal(number)
    policy = goal.model_dump(mode="json") if goal else None
    rows = [
        sorted(
            json.dumps(row, sort_keys=True, default=str)
            for row in frame.filter(pl.col("goal") == number).to_dicts()
        )
        for frame in (draft.edition.results, draft.edition.verdicts)
    ]
    return hashlib.sha256(json.dumps([policy, rows], sort_keys=True).encode()).hexdigest()


def _id_of(path: Path) -> str:
    return str(json.loads(path.read_text(encoding="utf-8")).get("edition", ""))
