"""States of an edition in the making and of its goals, and how one becomes another: as tables.

Each transition says who may, in which states, what must hold, what the audit log calls it, and
whom a mail tells of it. Pages, actions, the diagram and the matrix in `docs/casework.md` are all
made from these tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kvarter.web.accounts.roles import Permission


class GoalState(StrEnum):
    """Where a goal of an edition is."""

    ASKED = "asked"
    DRAFTING = "drafting"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    IN_EDITION = "in_edition"
    PUBLISHED = "published"
    WAIVED = "waived"


class EditionState(StrEnum):
    """Where an edition in the making is."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSING = "closing"
    READY = "ready"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class Turn(StrEnum):
    """Whom a goal waits for."""

    OWNER = "owner"
    APPROVER = "approver"
    COORDINATOR = "coordinator"
    NOBODY = "nobody"


class Act(StrEnum):
    """What is done with a goal."""

    WRITE = "write"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    INCLUDE = "include"
    TAKE_OUT = "take_out"
    WAIVE = "waive"
    ASK_AGAIN = "ask_again"
    PUBLISH = "publish"


class EditionAct(StrEnum):
    """What is done with a whole edition."""

    OPEN = "open"
    CLOSE = "close"
    REOPEN = "reopen"
    MAKE_READY = "make_ready"
    PUBLISH = "publish"
    REPLACE = "replace"
    WITHDRAW = "withdraw"


class Guard(StrEnum):
    """What must hold besides the state and the right."""

    SOMETHING_SAID = "something_said"
    NOT_AN_AUTHOR = "not_an_author"
    SEEN_AS_IT_IS = "seen_as_it_is"
    APPROVAL_HOLDS = "approval_holds"
    REASON_GIVEN = "reason_given"
    NO_ERRORS = "no_errors"
    ALL_ASSIGNED = "all_assigned"
    ALL_IN = "all_in"


class Hears(StrEnum):
    """Who gets a mail of it."""

    OWNER = "owner"
    APPROVERS = "approvers"
    COORDINATORS = "coordinators"
    OWNERS = "owners"


@dataclass(frozen=True)
class Transition:
    """How a goal gets from one of `before` to `after`, while its edition is in one of `during`."""

    act: Act
    before: tuple[GoalState, ...]
    after: GoalState
    during: tuple[EditionState, ...]
    permission: Permission
    guards: tuple[Guard, ...]
    event: str
    hears: tuple[Hears, ...] = ()


@dataclass(frozen=True)
class EditionTransition:
    """How an edition gets from one of `before` to `after`; always by a coordinator."""

    act: EditionAct
    before: tuple[EditionState, ...]
    after: EditionState
    guards: tuple[Guard, ...]
    event: str
    hears: tuple[Hears, ...] = ()


TURN = {
    GoalState.ASKED: Turn.OWNER,
    GoalState.DRAFTING: Turn.OWNER,
    GoalState.SUBMITTED: Turn.APPROVER,
    GoalState.RETURNED: Turn.OWNER,
    GoalState.APPROVED: Turn.COORDINATOR,
    GoalState.IN_EDITION: Turn.COORDINATOR,
    GoalState.PUBLISHED: Turn.NOBODY,
    GoalState.WAIVED: Turn.NOBODY,
}
"""Whose turn it is: one for each state."""

AUTHORING = frozenset({Act.WRITE, Act.SUBMIT})
"""What makes somebody an author of a goal: to write it, and to hand it in as their own."""

_G, _E, _P = GoalState, EditionState, Permission
_WORKED_ON = (_E.OPEN, _E.CLOSING)
_WITH_OWNER = (_G.ASKED, _G.DRAFTING, _G.RETURNED)

TRANSITIONS = (
    Transition(
        act=Act.WRITE,
        before=_WITH_OWNER,
        after=_G.DRAFTING,
        during=_WORKED_ON,
        permission=_P.WRITE_GOAL,
        guards=(),
        event="goal.written",
    ),
    Transition(  # an edit takes back what was handed in, and voids an approval
        act=Act.WRITE,
        before=(_G.SUBMITTED, _G.APPROVED),
        after=_G.DRAFTING,
        during=(_E.OPEN,),
        permission=_P.WRITE_GOAL,
        guards=(),
        event="goal.taken_back",
        hears=(Hears.APPROVERS,),
    ),
    Transition(
        act=Act.SUBMIT,
        before=_WITH_OWNER,
        after=_G.SUBMITTED,
        during=_WORKED_ON,
        permission=_P.WRITE_GOAL,
        guards=(Guard.SOMETHING_SAID, Guard.NO_ERRORS),
        event="goal.submitted",
        hears=(Hears.APPROVERS,),
    ),
    Transition(
        act=Act.APPROVE,
        before=(_G.SUBMITTED,),
        after=_G.APPROVED,
        during=_WORKED_ON,
        permission=_P.APPROVE_GOAL,
        guards=(Guard.NOT_AN_AUTHOR, Guard.SEEN_AS_IT_IS, Guard.NO_ERRORS),
        event="goal.approved",
        hears=(Hears.COORDINATORS,),
    ),
    Transition(
        act=Act.RETURN,
        before=(_G.SUBMITTED, _G.APPROVED),
        after=_G.RETURNED,
        during=_WORKED_ON,
        permission=_P.APPROVE_GOAL,
        guards=(Guard.NOT_AN_AUTHOR, Guard.REASON_GIVEN),
        event="goal.returned",
        hears=(Hears.OWNER,),
    ),
    Transition(
        act=Act.INCLUDE,
        before=(_G.APPROVED,),
        after=_G.IN_EDITION,
        during=_WORKED_ON,
        permission=_P.COORDINATE_EDITION,
        guards=(Guard.APPROVAL_HOLDS,),
        event="goal.included",
    ),
    Transition(
        act=Act.TAKE_OUT,
        before=(_G.IN_EDITION,),
        after=_G.RETURNED,
        during=_WORKED_ON,
        permission=_P.COORDINATE_EDITION,
        guards=(Guard.NOT_AN_AUTHOR, Guard.REASON_GIVEN),
        event="goal.taken_out",
        hears=(Hears.OWNER,),
    ),
    Transition(
        act=Act.WAIVE,
        before=(*_WITH_OWNER, _G.SUBMITTED),
        after=_G.WAIVED,
        during=(_E.PLANNED, *_WORKED_ON),
        permission=_P.COORDINATE_EDITION,
        guards=(Guard.REASON_GIVEN,),
        event="goal.waived",
        hears=(Hears.OWNER,),
    ),
    Transition(
        act=Act.ASK_AGAIN,
        before=(_G.WAIVED,),
        after=_G.ASKED,
        during=(_E.PLANNED, *_WORKED_ON),
        permission=_P.COORDINATE_EDITION,
        guards=(),
        event="goal.asked_again",
        hears=(Hears.OWNER,),
    ),
    Transition(  # with the edition, in one transaction
        act=Act.PUBLISH,
        before=(_G.IN_EDITION,),
        after=_G.PUBLISHED,
        during=(_E.READY,),
        permission=_P.PUBLISH_EDITION,
        guards=(Guard.APPROVAL_HOLDS,),
        event="goal.published",
    ),
)

EDITION_TRANSITIONS = (
    EditionTransition(
        act=EditionAct.OPEN,
        before=(_E.PLANNED,),
        after=_E.OPEN,
        guards=(Guard.ALL_ASSIGNED,),
        event="edition.opened",
        hears=(Hears.OWNERS,),
    ),
    EditionTransition(
        act=EditionAct.CLOSE,
        before=(_E.OPEN,),
        after=_E.CLOSING,
        guards=(),
        event="edition.closing",
        hears=(Hears.OWNERS,),
    ),
    EditionTransition(
        act=EditionAct.REOPEN,
        before=(_E.CLOSING, _E.READY),
        after=_E.OPEN,
        guards=(),
        event="edition.reopened",
    ),
    EditionTransition(
        act=EditionAct.MAKE_READY,
        before=(_E.OPEN, _E.CLOSING),
        after=_E.READY,
        guards=(Guard.ALL_IN, Guard.NO_ERRORS),
        event="edition.ready",
    ),
    EditionTransition(
        act=EditionAct.PUBLISH,
        before=(_E.READY,),
        after=_E.PUBLISHED,
        guards=(Guard.ALL_IN, Guard.NO_ERRORS),
        event="edition.made_public",
        hears=(Hears.OWNERS,),
    ),
    EditionTransition(  # by the publication of its correction
        act=EditionAct.REPLACE,
        before=(_E.PUBLISHED,),
        after=_E.CORRECTED,
        guards=(),
        event="edition.replaced",
    ),
    EditionTransition(
        act=EditionAct.WITHDRAW,
        before=(_E.PLANNED, _E.OPEN, _E.CLOSING, _E.READY),
        after=_E.WITHDRAWN,
        guards=(Guard.REASON_GIVEN,),
        event="edition.withdrawn",
        hears=(Hears.OWNERS,),
    ),
)


def transition(act: Act, state: GoalState) -> Transition | None:
    """What `act` does to a goal in `state`; None where it does nothing."""
    return next((each for each in TRANSITIONS if each.act == act and state in each.before), None)


def permission_of(act: Act) -> Permission:
    """What `act` needs, in whichever state."""
    return next(each.permission for each in TRANSITIONS if each.act == act)


def edition_transition(act: EditionAct, state: EditionState) -> EditionTransition | None:
    """What `act` does to an edition in `state`; None where it does nothing."""
    every = (one for one in EDITION_TRANSITIONS if one.act == act and state in one.before)
    return next(every, None)
