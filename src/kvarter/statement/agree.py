"""Does a statement agree with the policy? What it names must be there."""

from __future__ import annotations

from collections.abc import Iterator

from kvarter.policy.disagreement import Disagreement, unknown
from kvarter.policy.model import Policy
from kvarter.statement.model import Statement


def disagreements(statement: Statement, policy: Policy) -> Iterator[Disagreement]:
    """Every edition and goal that the statement names and the policy does not have."""
    editions = [edition.id for edition in policy.editions]
    yield from unknown(("edition",), "edition", statement.edition, editions)
    goals = [str(goal.number) for goal in policy.goals]
    for field, named in (("comments", statement.comments), ("entered", statement.entered)):
        for number in map(str, named):
            yield from unknown((field, number), "goal", number, goals)
