"""Writing of a goal: each change is a revision, and nobody writes over what they have not seen."""

from __future__ import annotations

from dataclasses import fields, replace

from django.db import transaction

from kvarter.privacy import without_person_numbers
from kvarter.web.accounts.models import User
from kvarter.web.goals.actions.told import mail_of_goal, note_goal
from kvarter.web.goals.facts import goal_now
from kvarter.web.goals.models import GoalInEdition, Revision
from kvarter.web.goals.people import person_of
from kvarter.web.goals.rules.content import TEXTS, Content
from kvarter.web.goals.rules.policies import check_act
from kvarter.web.goals.rules.said import RefusedError, _
from kvarter.web.goals.rules.states import Act

LONGEST = 20_000
"""Letters of a text."""
MOST_FIGURES = 30


class ConflictError(Exception):
    """Somebody else wrote in between; `version` is what stands there now."""

    def __init__(self, version: int) -> None:
        super().__init__("somebody else wrote in between")
        self.version = version


def write(
    by: User, goal: int, content: Content, seen: int, kind: str = Revision.Kind.WRITTEN
) -> GoalInEdition:
    """Let `content` stand for a goal (its primary key), as a new revision.

    seen: the number of the revision that was changed. Nothing is written where nothing is new.
    Raises RefusedError where `by` may not, and ConflictError where somebody else wrote in between.
    """
    person = person_of(by)
    with transaction.atomic():
        row = held(goal)
        now = goal_now(row)
        answer = check_act(person, Act.WRITE, now.facts_to_write)
        if row.version != seen:
            raise ConflictError(row.version)
        _check(content)
        if content == now.content:
            return row
        row.version += 1
        row.state = answer.transition.after
        row.hash = replace(now, content=content).hash
        row.approved_hash = ""
        Revision.objects.create(
            goal=row,
            number=row.version,
            kind=kind,
            author=by,
            in_name_of_id=answer.in_name_of,
            content=content.as_data(),
            hash=row.hash,
        )
        row.save(update_fields=["version", "state", "hash", "approved_hash"])
        note_goal(by, answer.transition.event, row, _changed(now.content, content))
        mail_of_goal(by, answer.transition.hears, "goal_taken_back", row)
        return row


def accept_draft(by: User, goal: int, seen: int) -> GoalInEdition:
    """Take the sentences that the figures suggest as the comment, as they are now."""
    now = goal_now(GoalInEdition.objects.select_related("edition").get(pk=goal))
    code = now.draft.code(now.row.number) if now.draft else ""
    if now.draft is None or not code:
        raise RefusedError(_("The figures suggest nothing here."))
    taken = now.draft.suggested(now.row.number)
    content = replace(now.content, comment=taken, accepted=code, no_comment="")
    return write(by, goal, content, seen, Revision.Kind.ACCEPTED)


def restore(by: User, goal: int, number: int, seen: int) -> GoalInEdition:
    """Let a goal say again what it said in an earlier revision; as a new one."""
    earlier = Revision.objects.get(goal=goal, number=number)
    return write(by, goal, Content.of(earlier.content), seen, Revision.Kind.RESTORED)


def refuse_computed(by: User, goal: int, names: list[str]) -> None:
    """Note that somebody sent another value for a computed figure, and refuse it."""
    with transaction.atomic():
        row = GoalInEdition.objects.select_related("edition").get(pk=goal)
        note_goal(by, "goal.computed_figure_refused", row)
    raise RefusedError(
        _(
            "Computed figures are not changed by hand ({figures} {figures:figure|figures} sent).",
            figures=len(names),
        )
    )


def held(goal: int) -> GoalInEdition:
    """A goal that nobody else changes until the transaction ends."""
    return (
        GoalInEdition.objects.select_for_update(of=("self",))
        .select_related("edition", "owner")
        .get(pk=goal)
    )


def _check(content: Content) -> None:
    """Raises RefusedError for what is never kept."""
    said = [getattr(content, name) for name in (*TEXTS, "no_comment")]
    said += [text for each in content.figures for text in (each.title, each.source, each.period)]
    if any(without_person_numbers(text) != text for text in said):
        raise RefusedError(_("Here stands what looks like a person number: take it out."))
    if any(len(text) > LONGEST for text in said) or len(content.figures) > MOST_FIGURES:
        raise RefusedError(_("This is too long to be kept: shorten it."))


def _changed(then: Content, now: Content) -> tuple[str, ...]:
    names = [each.name for each in fields(Content)]
    return tuple(name for name in names if getattr(then, name) != getattr(now, name))
