"""What states, turns, acts and parts are called on the pages."""

from __future__ import annotations

from kvarter.web.goals.rules.said import Said, _
from kvarter.web.goals.rules.states import Act, EditionAct, EditionState, GoalState, Turn

STATES: dict[str, Said] = {
    GoalState.ASKED: _("asked for"),
    GoalState.DRAFTING: _("being written"),
    GoalState.SUBMITTED: _("to be approved"),
    GoalState.RETURNED: _("returned"),
    GoalState.APPROVED: _("approved"),
    GoalState.IN_EDITION: _("in the edition"),
    GoalState.PUBLISHED: _("published"),
    GoalState.WAIVED: _("waived"),
}
EDITION_STATES: dict[str, Said] = {
    EditionState.PLANNED: _("planned"),
    EditionState.OPEN: _("open"),
    EditionState.CLOSING: _("closing"),
    EditionState.READY: _("ready"),
    EditionState.PUBLISHED: _("published"),
    EditionState.CORRECTED: _("corrected"),
    EditionState.WITHDRAWN: _("withdrawn"),
}
TURNS: dict[str, Said] = {
    Turn.OWNER: _("the owner"),
    Turn.APPROVER: _("an approver"),
    Turn.COORDINATOR: _("the coordinator"),
    Turn.NOBODY: _("nobody"),
}
ACTS: dict[str, Said] = {
    Act.WRITE: _("Write"),
    Act.SUBMIT: _("Hand in"),
    Act.APPROVE: _("Approve"),
    Act.RETURN: _("Return"),
    Act.INCLUDE: _("Take into the edition"),
    Act.TAKE_OUT: _("Take out and return"),
    Act.WAIVE: _("Waive"),
    Act.ASK_AGAIN: _("Ask for it again"),
    Act.PUBLISH: _("Publish"),
}
EDITION_ACTS: dict[str, Said] = {
    EditionAct.OPEN: _("Open the edition and ask the owners"),
    EditionAct.CLOSE: _("Close for changes of what is handed in"),
    EditionAct.REOPEN: _("Open again"),
    EditionAct.MAKE_READY: _("Make the edition ready"),
    EditionAct.WITHDRAW: _("Withdraw the edition"),
}
PARTS: dict[str, Said] = {
    "comment": _("Comment"),
    "no_comment": _("Why there is no comment"),
    "cases": _("Cases"),
    "interventions": _("Interventions"),
    "next_steps": _("Next steps"),
    "figures": _("Entered figures"),
}
HINTS: dict[str, Said] = {
    "comment": _("What the figures mean, and what they do not say."),
    "cases": _("Examples without names, addresses or person numbers."),
    "interventions": _("What was done, where, and for whom."),
    "next_steps": _("What happens now, as a list."),
}
KINDS: dict[str, Said] = {
    "written": _("written"),
    "accepted": _("draft accepted"),
    "restored": _("restored"),
    "carried": _("carried over from the version before"),
}
