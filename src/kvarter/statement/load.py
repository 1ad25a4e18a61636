"""Read the statement of an edition, and say of every mistake in it: file, line, field, remedy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kvarter.policy.disagreement import Disagreement
from kvarter.policy.load import load_as
from kvarter.policy.model import Policy
from kvarter.statement.agree import disagreements
from kvarter.statement.model import Statement

FOLDER = "statements"
"""Beside the policy file; a file in it for each edition."""

PAGE = "docs/statement.md"


def statement_file(home: Path, edition: str) -> Path:
    """Where the statement of an edition lies, `home` being the folder of the policy file."""
    return home / FOLDER / f"{edition}.yaml"


def load_statement(path: Path, policy: Policy | None = None) -> Statement:
    """Read and check the statement at `path`; also against the policy, where that is given.

    Raises PolicyError, with every problem found, where it cannot be read, is no statement, or names
    a goal or an edition that the policy does not have.
    """

    def disagree(statement: Statement) -> Iterator[Disagreement]:
        if policy is None:
            return
        if statement.edition != path.stem:
            yield (
                ("edition",),
                f"the file is named after {path.stem!r}, and its edition is {statement.edition!r}",
                f'Write `edition: "{path.stem}"`, or give the file the name of its edition.',
            )
        yield from disagreements(statement, policy)

    return load_as(path, Statement, disagree, PAGE)


def statement_of(home: Path, edition: str, policy: Policy) -> Statement:
    """The statement of an edition; an empty one where nobody has written any.

    `home`: the folder of the policy file. Raises PolicyError as `load_statement` does.
    """
    path = statement_file(home, edition)
    return load_statement(path, policy) if path.exists() else Statement.empty(edition)
