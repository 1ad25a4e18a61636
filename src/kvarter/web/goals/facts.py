"""What the rules ask of goals and editions, found in the database and in the computed figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Count, F, Q

from kvarter.editions.folder import read_record
from kvarter.editions.releases import was_held_against_all
from kvarter.errors import KvarterError
from kvarter.i18n.locale import Locale
from kvarter.web.accounts.limits import Limits
from kvarter.web.goals.drafts import Draft, open_draft, path_of
from kvarter.web.goals.models import (
    GoalInEdition,
    Revision,
    Step,
    WarningNote,
    WorkingEdition,
)
from kvarter.web.goals.rules import policies
from kvarter.web.goals.rules.checklist import (
    EditionFacts,
    GoalFacts,
    Line,
    blocking,
    of_edition,
    of_goal,
)
from kvarter.web.goals.rules.content import Content
from kvarter.web.goals.rules.states import Act, EditionState, GoalState

_DANISH = Locale("da")
"""Claims are keyed by what they say, so that a note on one holds in every language of the page."""


@dataclass(frozen=True)
class GoalNow:
    """A goal of an edition with all that is asked of it."""

    row: GoalInEdition
    content: Content
    authors: frozenset[str]
    last_author: str
    draft: Draft | None
    open_threads: int
    notes: dict[str, str]

    @cached_property
    def hash(self) -> str:
        """Of all that an approver sees now; empty where the figures cannot be opened."""
        return self.content.hash(self.draft.fingerprint(self.row.number)) if self.draft else ""

    @cached_property
    def lines(self) -> list[Line]:
        """The readiness list."""
        number = self.row.number
        draft = self.draft
        facts = GoalFacts(
            self.content,
            draft.claims(number, self.content, _DANISH) if draft else (),
            self.open_threads,
            draft.code(number) if draft else "",
        )
        return of_goal(facts, self.notes)

    @cached_property
    def facts(self) -> policies.Goal:
        """As the rules see it."""
        return replace(self.facts_to_write, errors=blocking(self.lines))

    @cached_property
    def facts_to_write(self) -> policies.Goal:
        """The same for an act that no error hinders: the list, which takes longest, is left out."""
        return policies.Goal(
            GoalState(self.row.state),
            EditionState(self.row.edition.state),
            Limits(administration=self.row.administration),
            self.authors,
            self.hash,
            self.row.approved_hash,
            self.content.says_something,
        )


@dataclass(frozen=True)
class EditionNow:
    """An edition in the making with its goals and all that is asked of it."""

    row: WorkingEdition
    goals: list[GoalNow]
    draft: Draft | None
    notes: dict[str, str]

    @cached_property
    def lines(self) -> list[Line]:
        """The readiness list of the edition itself."""
        row = self.row
        facts = EditionFacts(
            figures_there=self.draft is not None,
            attacked=self.draft is not None and _was_attacked(row.folder),
            next_date=bool(row.next_date.strip()),
            is_correction=row.version > 1,
            public_note=row.public_note,
        )
        return of_edition(facts, self.notes)

    @cached_property
    def facts(self) -> policies.Edition:
        """As the rules see it."""
        in_it = [goal for goal in self.goals if goal.row.state != GoalState.WAIVED]
        return policies.Edition(
            EditionState(self.row.state),
            tuple(GoalState(goal.row.state) for goal in self.goals),
            sum(not (goal.row.owner_id and goal.row.deadline) for goal in in_it),
            blocking(self.lines) + sum(goal.facts.errors for goal in in_it),
        )


def goal_now(row: GoalInEdition) -> GoalNow:
    """A goal as it is now; four queries, whatever was written."""
    (found,) = _goals([row], draft_of(row.edition))
    return found


def edition_now(row: WorkingEdition) -> EditionNow:
    """An edition and its goals as they are now; as many queries whatever the number of goals."""
    rows = list(row.goals.select_related("edition", "owner").order_by("number"))
    draft = draft_of(row)
    notes = {each.key: each.text for each in row.notes.filter(goal=None)}
    return EditionNow(row, _goals(rows, draft), draft, notes)


def draft_of(row: WorkingEdition) -> Draft | None:
    """The computed figures of an edition; None where they cannot be opened."""
    try:
        return open_draft(row.folder)
    except KvarterError:
        return None


def _was_attacked(folder: str) -> bool:
    """Whether the attacker has seen all that was released beside the status in a folder."""
    try:
        path = path_of(folder)
        return was_held_against_all(path, read_record(path).get("releases_sha256"))
    except KvarterError:
        return False


def _goals(rows: list[GoalInEdition], draft: Draft | None) -> list[GoalNow]:
    ids = [row.pk for row in rows]
    last = {
        each.goal_id: each
        for each in Revision.objects.filter(goal__in=ids, number=F("goal__version"))
    }
    authors, notes = _authors(ids), defaultdict[int, dict[str, str]](dict)
    for goal, key, text in _notes(ids):
        notes[goal][key] = text
    threads = {
        each.pk: each.threads
        for each in GoalInEdition.objects.filter(pk__in=ids).annotate(
            threads=Count("remarks", Q(remarks__answers=None, remarks__resolved_at=None))
        )
    }
    return [
        GoalNow(
            row,
            Content.of(last[row.pk].content) if row.pk in last else Content(),
            frozenset(authors[row.pk]),
            str(last[row.pk].author_id) if row.pk in last else "",
            draft,
            threads[row.pk],
            notes[row.pk],
        )
        for row in rows
    ]


def _authors(ids: list[int]) -> dict[int, set[str]]:
    """Everybody who wrote any part of a goal or handed it in, and in whose name."""
    found = defaultdict[int, set[str]](set)
    written = Revision.objects.filter(goal__in=ids).values_list("goal", "author", "in_name_of")
    handed = Step.objects.filter(goal__in=ids, act=Act.SUBMIT)
    for goal, one, other in [
        *written.order_by().distinct(),
        *handed.values_list("goal", "by", "in_name_of").order_by().distinct(),
    ]:
        found[goal] |= {str(one), str(other)}
    return found


def _notes(ids: list[int]) -> Iterable[tuple[int, str, str]]:
    return WarningNote.objects.filter(goal__in=ids).values_list("goal", "key", "text")
