"""Whether somebody may do something with a goal or an edition, and if not, why not.

`check_` raises `RefusedError` with the reason; a page shows it beside the button that is not to be
had. What is asked is always the same: the right, then the state, then the guards of the transition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kvarter.web.accounts.limits import NONE, Limits
from kvarter.web.accounts.roles import Permission
from kvarter.web.goals.rules.people import Person
from kvarter.web.goals.rules.said import NotYoursError, RefusedError, _
from kvarter.web.goals.rules.states import (
    Act,
    EditionAct,
    EditionState,
    EditionTransition,
    GoalState,
    Guard,
    Transition,
    edition_transition,
    permission_of,
    transition,
)


@dataclass(frozen=True)
class Goal:
    """A goal of an edition, as the rules see it.

    authors: everybody who wrote any part of it for this edition, and in whose name.
    hash: of all that an approver sees now; `approved_hash`: of what was approved, empty for none.
    errors: how many errors its readiness list has.
    """

    state: GoalState
    during: EditionState
    limits: Limits
    authors: frozenset[str] = frozenset()
    hash: str = ""
    approved_hash: str = ""
    says_something: bool = False
    errors: int = 0


@dataclass(frozen=True)
class Edition:
    """An edition in the making, as the rules see it."""

    state: EditionState
    goals: tuple[GoalState, ...] = ()
    unassigned: int = 0
    errors: int = 0


@dataclass(frozen=True)
class Given:
    """What comes with what is asked: a reason in words, and the hash of what was seen."""

    reason: str = ""
    seen: str = ""


NOTHING = Given()


@dataclass(frozen=True)
class _Asked:
    person: Person
    goal: Goal
    given: Given
    name: str


@dataclass(frozen=True)
class Answer:
    """Yes: by which transition, and in whose name (the own, or that of who is absent)."""

    transition: Transition = field(repr=False)
    in_name_of: str


def check_act(person: Person, act: Act, goal: Goal, given: Given = NOTHING) -> Answer:
    """How `person` does `act`. Raises RefusedError where they may not, or it cannot be done."""
    name = person.in_whose_name(permission_of(act), goal.limits)
    if name is None:
        raise NotYoursError(_("None of your roles allows this here."))
    found = transition(act, goal.state)
    if found is None:
        raise RefusedError(_("The goal is not where this can be done."))
    if goal.during not in found.during:
        raise RefusedError(_("The edition is not where this can be done."))
    asked = _Asked(person, goal, given, name)
    for guard in found.guards:
        _GOAL_GUARDS[guard](asked)
    return Answer(found, name)


def can_act(person: Person, act: Act, goal: Goal, given: Given = NOTHING) -> bool:
    """Whether `check_act` has nothing against it."""
    try:
        check_act(person, act, goal, given)
    except RefusedError:
        return False
    return True


def check_edition_act(
    person: Person, act: EditionAct, edition: Edition, given: Given = NOTHING
) -> EditionTransition:
    """How `person` does `act`. Raises RefusedError where they may not, or it cannot be done."""
    if act is EditionAct.PUBLISH:
        check_right(person, Permission.PUBLISH_EDITION)
    else:
        check_right(person, Permission.COORDINATE_EDITION)
    found = edition_transition(act, edition.state)
    if found is None:
        raise RefusedError(_("The edition is not where this can be done."))
    for guard in found.guards:
        _EDITION_GUARDS[guard](edition, given)
    return found


def can_edition_act(
    person: Person, act: EditionAct, edition: Edition, given: Given = NOTHING
) -> bool:
    """Whether `check_edition_act` has nothing against it."""
    try:
        check_edition_act(person, act, edition, given)
    except RefusedError:
        return False
    return True


def check_read(person: Person) -> None:
    """Drafts are read, and remarked on, by all who have a role in the work."""
    if not person.reads_drafts():
        raise NotYoursError(_("None of your roles allows this here."))


def check_right(person: Person, *any_of: Permission, thing: Limits = NONE) -> None:
    """Raises NotYoursError where nobody's right that `person` uses reaches `thing`."""
    if not any(person.in_whose_name(right, thing) for right in any_of):
        raise NotYoursError(_("None of your roles allows this here."))


def _something_said(asked: _Asked) -> None:
    if not asked.goal.says_something:
        raise RefusedError(_("Write a comment first, or why there is none."))


def _not_an_author(asked: _Asked) -> None:
    """Neither who acts nor whose right they use has written any part."""
    if {asked.person.id, asked.name} & asked.goal.authors:
        raise RefusedError(
            _("You wrote part of this, or act for who did: somebody else approves or returns it.")
        )


def _seen_as_it_is(asked: _Asked) -> None:
    if asked.given.seen != asked.goal.hash:
        raise RefusedError(_("It was changed since you saw it. Read it again before you approve."))


def _approval_holds(asked: _Asked) -> None:
    if not asked.goal.approved_hash or asked.goal.approved_hash != asked.goal.hash:
        raise RefusedError(_("What was approved is not what stands here now."))


def _reason_given(asked: _Asked) -> None:
    _has_reason(asked.given)


def _has_reason(given: Given) -> None:
    if not given.reason.strip():
        raise RefusedError(_("Say why."))


def _no_errors(asked: _Asked) -> None:
    _count_errors(asked.goal.errors)


def _count_errors(errors: int) -> None:
    if errors:
        raise RefusedError(
            _("{errors} {errors:line|lines} of the readiness list must be seen to.", errors=errors)
        )


_GOAL_GUARDS: dict[Guard, Callable[[_Asked], None]] = {
    Guard.SOMETHING_SAID: _something_said,
    Guard.NOT_AN_AUTHOR: _not_an_author,
    Guard.SEEN_AS_IT_IS: _seen_as_it_is,
    Guard.APPROVAL_HOLDS: _approval_holds,
    Guard.REASON_GIVEN: _reason_given,
    Guard.NO_ERRORS: _no_errors,
}


def _all_assigned(edition: Edition, given: Given) -> None:
    if edition.unassigned or not edition.goals:
        raise RefusedError(
            _(
                "{goals} {goals:goal has|goals have} no owner or no deadline yet.",
                goals=edition.unassigned,
            )
        )


def _all_in(edition: Edition, given: Given) -> None:
    done = (GoalState.IN_EDITION, GoalState.WAIVED)
    if missing := sum(state not in done for state in edition.goals):
        raise RefusedError(
            _("{goals} {goals:goal is|goals are} not in the edition yet.", goals=missing)
        )


_EDITION_GUARDS: dict[Guard, Callable[[Edition, Given], None]] = {
    Guard.ALL_ASSIGNED: _all_assigned,
    Guard.ALL_IN: _all_in,
    Guard.NO_ERRORS: lambda edition, given: _count_errors(edition.errors),
    Guard.REASON_GIVEN: lambda edition, given: _has_reason(given),
}
