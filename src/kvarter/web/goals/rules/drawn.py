"""`docs/casework-states.md`: the diagrams and the matrix, drawn from the tables themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from kvarter.web.accounts.claims import Grant
from kvarter.web.accounts.limits import NONE, Limits
from kvarter.web.accounts.roles import ROLES
from kvarter.web.goals.rules.people import Person
from kvarter.web.goals.rules.policies import Given, Goal, can_act
from kvarter.web.goals.rules.states import (
    EDITION_TRANSITIONS,
    TRANSITIONS,
    TURN,
    Act,
    EditionState,
    EditionTransition,
    GoalState,
    Transition,
)

_HEAD = """\
# States and rights of the work on an edition

<!-- Written by docs/build.py from kvarter.web.goals.rules. Do not edit: run `make docs`. -->

What is drawn here is what the site does: pages, actions and this page are of the same tables.
How the work goes is told in [casework.md](casework.md).
"""
_MATRIX_HEAD = """\
In an open edition (to publish: one that is ready), with a reason given, of what stands as it was
approved. *Wrote it*: wrote any part of the goal for this edition, or it was written in their name.
A role with limits does this to the goals of its administration, and nothing to others.

"""
_EDITION_HEAD = """\
| act | from | to | must hold | event | mail to |
| --- | --- | --- | --- | --- | --- |
"""


def page() -> str:
    """The content of the page."""
    parts = [
        _HEAD,
        "\n## A goal\n\n",
        *_diagram(TRANSITIONS, GoalState.ASKED),
        "\n",
        *_transitions(TRANSITIONS),
        "\nWhose turn it is:\n\n| state | turn |\n| --- | --- |\n",
        *(f"| {_plain(state)} | {turn} |\n" for state, turn in TURN.items()),
        "\n## An edition\n\n",
        *_diagram(EDITION_TRANSITIONS, EditionState.PLANNED),
        "\n",
        *_edition_transitions(),
        "\n## Who may do what\n\n",
        _MATRIX_HEAD,
        *_matrix(),
    ]
    return "".join(parts)


def _diagram(every: Iterable[Transition | EditionTransition], first: str) -> Iterator[str]:
    yield f"```mermaid\nstateDiagram-v2\n  [*] --> {first}\n"
    for each in every:
        for before in each.before:
            yield f"  {before} --> {each.after}: {each.act}\n"
    yield "```\n"


def _transitions(every: Iterable[Transition]) -> Iterator[str]:
    yield "| act | from | to | while the edition is | permission | must hold | event | mail to |\n"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
    for one in every:
        cells = [_plain(one.act), _listed(one.before), _plain(one.after), _listed(one.during)]
        cells.append(f"`{one.permission}`")
        yield _row([*cells, _listed(one.guards), f"`{one.event}`", _listed(one.hears)])


def _edition_transitions() -> Iterator[str]:
    yield _EDITION_HEAD
    for one in EDITION_TRANSITIONS:
        cells = [_plain(one.act), _listed(one.before), _plain(one.after), _listed(one.guards)]
        yield _row([*cells, f"`{one.event}`", _listed(one.hears)])


def _matrix() -> Iterator[str]:
    yield f"| role | wrote it | {' | '.join(map(_plain, GoalState))} |\n"
    yield f"| --- | --- |{' --- |' * len(GoalState)}\n"
    for (role, wrote), row in matrix().items():
        yield _row([role, "yes" if wrote else "no", *(_listed(row[state]) for state in GoalState)])


def matrix() -> dict[tuple[str, bool], dict[GoalState, list[Act]]]:
    """By role and by whether they wrote any part: what they may do in each state."""
    return {
        (role, wrote): {state: _acts(role, wrote, state) for state in GoalState}
        for role, wrote in product(ROLES, (False, True))
    }


def _acts(role: str, wrote: bool, state: GoalState) -> list[Act]:
    person = Person("me", frozenset({Grant(role, NONE)}))
    goal = Goal(
        state,
        EditionState.READY if state == GoalState.IN_EDITION else EditionState.OPEN,
        Limits(administration="A"),
        authors=frozenset({"me"} if wrote else {"other"}),
        hash="x",
        approved_hash="x",
        says_something=True,
    )
    within = [goal, Goal(**{**vars(goal), "during": EditionState.OPEN})]
    given = Given("a reason", "x")
    return [act for act in Act if any(can_act(person, act, each, given) for each in within)]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _listed(every: Iterable[str]) -> str:
    return ", ".join(map(_plain, every)) or "–"


def _plain(name: str) -> str:
    return name.replace("_", " ")
