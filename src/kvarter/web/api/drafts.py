"""Figures entered by hand in an edition in the making, for the key of another system."""

from __future__ import annotations

from dataclasses import replace

from kvarter.i18n.locale import Locale
from kvarter.web.accounts.limits import Limits
from kvarter.web.api.actions.keys import check_scope
from kvarter.web.api.keys import Scope
from kvarter.web.api.models import ApiKey
from kvarter.web.api.problems import ProblemError
from kvarter.web.api.schemas import EnteredFigures, FigureEntered, FiguresGiven
from kvarter.web.goals.actions.writing import ConflictError, write
from kvarter.web.goals.facts import goal_now
from kvarter.web.goals.models import IN_THE_MAKING, GoalInEdition
from kvarter.web.goals.people import reader
from kvarter.web.goals.rules.content import Content
from kvarter.web.goals.rules.entered import EnteredFigure, mistake_in
from kvarter.web.goals.rules.said import RefusedError, Said

_ = Locale("en")._


def entered(key: ApiKey, edition: str, number: int) -> EnteredFigures:
    """What is entered of a goal by now. Raises ProblemError."""
    return _told(*_goal(key, edition, number))


def enter(key: ApiKey, edition: str, number: int, given: FiguresGiven) -> EnteredFigures:
    """Let the figures given be those that are entered, as one who may write has done it.

    Raises ProblemError where the key or its owner may not, where a figure does not agree with
    itself, and where somebody wrote since `given.seen`.
    """
    check_scope(key, Scope.WRITE_FIGURES)
    row, content = _goal(key, edition, number)
    figures = tuple(EnteredFigure(**figure.model_dump()) for figure in given.figures)
    for figure in figures:
        if mistake := mistake_in(figure):
            raise _refused(422, mistake)
    try:
        row = write(key.owner, row.pk, replace(content, figures=figures), given.seen)
    except ConflictError as error:
        message = _("Somebody wrote meanwhile: read version {version}, and send again.")
        raise ProblemError(409, message, version=error.version) from error
    except RefusedError as error:
        raise _refused(403, error.reason) from error
    return _told(row, replace(content, figures=figures))


def _goal(key: ApiKey, edition: str, number: int) -> tuple[GoalInEdition, Content]:
    """The goal of the edition in the making, which the key reaches and its owner may read."""
    check_scope(key, Scope.WRITE_FIGURES)
    try:
        reader(key.owner)
    except RefusedError as error:
        raise _refused(403, error.reason) from error
    row = (
        GoalInEdition.objects.select_related("edition", "owner")
        .filter(edition__edition=edition, edition__state__in=IN_THE_MAKING, number=number)
        .first()
    )
    if row is None:
        raise ProblemError(404, _("No such goal is in an edition in the making."))
    if not key.limits().reach(Limits(administration=row.administration)):
        raise ProblemError(403, _("This key is for another administration."))
    return row, goal_now(row).content


def _told(row: GoalInEdition, content: Content) -> EnteredFigures:
    figures = [FigureEntered(**vars(figure)) for figure in content.figures]
    return EnteredFigures(
        edition=row.edition.edition,
        goal=row.number,
        state=row.state,
        version=row.version,
        figures=figures,
    )


def _refused(status: int, said: Said) -> ProblemError:
    return ProblemError(status, said.message, **dict(said.values))
