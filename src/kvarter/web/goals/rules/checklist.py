"""The readiness list: errors block, warnings want a note of why they may stand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kvarter.web.goals.rules.content import Content
from kvarter.web.goals.rules.entered import mistake_in
from kvarter.web.goals.rules.said import Said, _


class Kind(StrEnum):
    """What a line of the list is of."""

    COMMENT_MISSING = "comment_missing"
    ENTERED_INCONSISTENT = "entered_inconsistent"
    FIGURES_MISSING = "figures_missing"
    NOT_ATTACKED = "not_attacked"
    CORRECTION_WITHOUT_NOTE = "correction_without_note"
    DRAFT_CHANGED = "draft_changed"
    CLAIM = "claim"
    OPEN_THREAD = "open_thread"
    NO_NEXT_DATE = "no_next_date"


WARNINGS = frozenset({Kind.CLAIM, Kind.OPEN_THREAD, Kind.NO_NEXT_DATE})
"""Those that may stand where somebody has noted why; all others are errors."""


@dataclass(frozen=True)
class Line:
    """A line of the list. `key`: of this line and what it says; `note`: why it may stand."""

    kind: Kind
    said: Said
    key: str
    note: str = ""

    @property
    def is_warning(self) -> bool:
        return self.kind in WARNINGS

    @property
    def blocks(self) -> bool:
        """Whether it keeps the goal, or the edition, from going on."""
        return not (self.is_warning and self.note.strip())


@dataclass(frozen=True)
class GoalFacts:
    """What is asked of a goal.

    claims: what the comments claim and the figures do not bear, each with the remark on it.
    draft: the code of the computed draft as it is now.
    """

    content: Content
    claims: tuple[tuple[str, str], ...] = ()
    open_threads: int = 0
    draft: str = ""


@dataclass(frozen=True)
class EditionFacts:
    """What is asked of the whole edition.

    figures_there: whether the edition that the figures are from can be opened.
    attacked: whether what was released since is known to the run that made them.
    next_date: whether it is said when the next edition comes.
    """

    figures_there: bool
    attacked: bool
    next_date: bool
    is_correction: bool = False
    public_note: str = ""


def of_goal(facts: GoalFacts, notes: Mapping[str, str]) -> list[Line]:
    """The lines of a goal; `notes`: why a warning may stand, by its key."""
    return [_line(kind, said, notes) for kind, said in _goal(facts)]


def of_edition(facts: EditionFacts, notes: Mapping[str, str]) -> list[Line]:
    """The lines of the edition itself, besides those of its goals."""
    return [_line(kind, said, notes) for kind, said in _edition(facts)]


def blocking(lines: list[Line]) -> int:
    """How many lines keep it from going on."""
    return sum(line.blocks for line in lines)


def _line(kind: Kind, said: Said, notes: Mapping[str, str]) -> Line:
    key = f"{kind}-{hashlib.sha256(str(said).encode()).hexdigest()[:12]}"
    return Line(kind, said, key, notes.get(key, ""))


def _goal(facts: GoalFacts) -> Iterator[tuple[Kind, Said]]:
    if not facts.content.says_something:
        yield Kind.COMMENT_MISSING, _("There is no comment, and no reason for none.")
    for figure in facts.content.figures:
        if said := mistake_in(figure):
            yield Kind.ENTERED_INCONSISTENT, said
    if facts.content.accepted and facts.content.accepted != facts.draft:
        yield (
            Kind.DRAFT_CHANGED,
            _("The figures were changed since the draft was accepted: accept it again."),
        )
    for words, remark in facts.claims:
        yield Kind.CLAIM, _("“{words}”: {remark}", words=words, remark=remark)
    if facts.open_threads:
        yield (
            Kind.OPEN_THREAD,
            _(
                "{threads} {threads:thread|threads} of remarks {threads:is|are} open.",
                threads=facts.open_threads,
            ),
        )


def _edition(facts: EditionFacts) -> Iterator[tuple[Kind, Said]]:
    if not facts.figures_there:
        yield Kind.FIGURES_MISSING, _("The edition that the figures are from cannot be opened.")
    elif not facts.attacked:
        yield (
            Kind.NOT_ATTACKED,
            _("Something was released since the figures were computed: run them again."),
        )
    if facts.is_correction and not facts.public_note.strip():
        yield Kind.CORRECTION_WITHOUT_NOTE, _("A correction needs a public note.")
    if not facts.next_date:
        yield Kind.NO_NEXT_DATE, _("It is not said when the next edition comes.")
