"""One protocol for all that is published: cells, rules, choice, attack, audit.

Figures of indicators (`figures`), levels of criteria (`distance`) and counts of rows (`row_counts`)
each say which cells are published of whom, and which of these the rules make sensitive. What is
hidden of each is chosen in one way (`choose`). Then attackers who have read all that is published
try every sensitive cell (`audit`): `figure_attack`, `level_attack`, `row_attack`.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

import polars as pl

from kvarter.areas.groups import Group
from kvarter.disclosure.attack import Attacker, Fact
from kvarter.disclosure.suppress import SuppressionProblem, suppress_after, suppress_small
from kvarter.errors import DisclosureError, Problem
from kvarter.tables import table


class Whom(NamedTuple):
    """Whom numbers are of.

    names: the indicators or criteria that count them, any of which could reveal them; or a kind of
        case.
    period: the year; None for rows, whose cells have years of their own.
    column: which column of the published table counts them.
    area_set: that of the edition, whose groups go by their id.
    """

    names: tuple[str, ...]
    period: int | None
    column: str
    area_set: str


@dataclass(frozen=True)
class Sensitive:
    """A cell that may be inferred no closer than `width`: the most less the least it could be.

    count: how many there truly are. corrected: whether another number was published before.
    """

    whom: Whom
    cell: Hashable
    width: float
    count: float
    corrected: bool = False

    @property
    def name(self) -> str:
        """The cell in words."""
        return _named(self.cell, self.whom.area_set)


def _named(cell: Hashable, area_set: str) -> str:
    """A group by its id, and by its set where that is another; a piece by its groups."""
    if isinstance(cell, Group):
        return cell.id if cell.area_set in ("", area_set) else f"{cell.area_set}/{cell.id}"
    if isinstance(cell, frozenset):
        return "+".join(sorted(_named(group, area_set) for group in cell))
    if isinstance(cell, tuple) and not all(isinstance(part, str) for part in cell):
        return f"{_named(cell[1], area_set)} ({cell[0]})"
    return " ".join(cell) if isinstance(cell, tuple) else str(cell)


@dataclass(frozen=True)
class Choice:
    """What is hidden of the cells of people or rows that are counted together.

    problem: the cells, what the rules make sensitive, and what was published before.
    hidden: the cells that are hidden. gap: by how much of its cost, at most, a cheaper choice could
        be cheaper. unprotected: sensitive cells that nothing can protect.
    """

    whom: Whom
    problem: SuppressionProblem
    hidden: frozenset[Hashable]
    gap: float = 0.0
    unprotected: frozenset[Hashable] = field(default_factory=frozenset)

    def sensitive(self) -> list[Sensitive]:
        """What the attackers have to try: all that is sensitive, not known, and protected."""
        of = self.problem
        return [
            Sensitive(self.whom, cell, width, of.counts[cell], cell in of.corrected)
            for cell, width in of.primary.items()
            if cell not in self.unprotected and cell not in of.known
        ]

    def row(self, name: str, published: Collection[Hashable]) -> tuple[object, ...]:
        """A row of table `disclosure`: what was hidden of the cells that are `published`."""
        of, own = self.problem, set(published)
        lost = own & self.hidden
        first = lost & set(of.primary)
        return (
            *(name, self.whom.period, self.whom.column),
            *(len(own), len(first), len(lost - first)),
            float(sum(of.counts[cell] for cell in lost)),
            self.gap,
            len(own & set(of.primary) & of.known),
            len(self.unprotected),
        )


def choose(
    whom: Whom,
    problem: SuppressionProblem,
    threshold: int | None = None,
    last: Iterable[Hashable] = (),
) -> Choice:
    """The cheapest cells to hide, so that every sensitive one keeps its width.

    `threshold`: of small numbers of which no more may be published than that they are small (see
    `suppress_small`); cells of `last` are hidden for that only where nothing else helps.
    """
    if not problem.primary:
        return Choice(whom, problem, frozenset())
    if threshold is None:
        found = suppress_after(problem)
    else:
        found = suppress_small(problem, threshold, last)
    return Choice(whom, problem, found.hidden, found.gap, found.unprotected)


class Attackers(Protocol):
    """Those who have read all that is published."""

    def of(self, cell: Sensitive) -> Attacker:
        """The one who tries a cell."""


def audit(sensitive: Iterable[Sensitive], attackers: Attackers) -> pl.DataFrame:
    """Attack every sensitive cell; the bounds found, as table `audit`.

    Raises DisclosureError where a cell can be inferred more closely than its width.
    """
    rows: list[tuple[object, ...]] = []
    problems = []
    for each in sensitive:
        attacker = attackers.of(each)
        found = attacker.ask(each.cell)
        if found is None:
            problems.append(_contradiction(each))
            continue
        head = "+".join(each.whom.names), each.whom.period, each.name
        rows.append((*head, each.width, found.low, found.high))
        if found.width < each.width:
            problems.append(given_away(each, attacker.found_by(each.cell, each.width)))
    if problems:
        raise DisclosureError(problems)
    return table("audit").frame(rows)


def given_away(cell: Sensitive, found_by: Sequence[Fact] = ()) -> Problem:
    """What to say where a cell can be inferred more closely than its width.

    `found_by`: facts of which any one would have to be given up; those already released cannot be.
    """
    remedy = "Raise `disclosure.threshold`"
    if cell.whom.period is not None:
        remedy += ", leave out `by_area`, or take the figure out of `published`"
    named = dict.fromkeys(f"{replace(cell, cell=f.cell).name!r} ({f.where})" for f in found_by)
    if named:
        remedy = f"Give up the figure of one of these: {', '.join(named)}. {remedy}"
    return Problem(
        f"{_of_whom(cell)}: a hidden count in {cell.name!r} can be worked out from what is "
        "published",
        f"{remedy}; nothing was written.",
        field="disclosure",
    )


def _contradiction(cell: Sensitive) -> Problem:
    return Problem(
        f"{_of_whom(cell)}: the figures contradict each other, so that it cannot be seen whether a "
        "hidden count can be worked out",
        "Check the counts under `published`; nothing was written.",
        field="disclosure",
    )


def _of_whom(cell: Sensitive) -> str:
    """The indicators or criteria, and the year."""
    period = [] if cell.whom.period is None else [str(cell.whom.period)]
    return ", ".join([*cell.whom.names, *period])
