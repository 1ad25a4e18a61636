"""The first version of the API. Its addresses and fields are added to, and never changed."""

from __future__ import annotations

from typing import Annotated, Any

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Path, Query
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from kvarter.i18n.locale import Locale
from kvarter.web.api import content, drafts
from kvarter.web.api.actions.keys import use_key
from kvarter.web.api.answers import csv_answer
from kvarter.web.api.models import ApiKey
from kvarter.web.api.problems import CONTENT_TYPE, ProblemError, problem
from kvarter.web.api.schemas import (
    AreaSummary,
    CriterionSummary,
    DocumentFile,
    EditionDetail,
    EditionSummary,
    EnteredFigures,
    Figures,
    FiguresGiven,
    GoalDetail,
    KeyDetail,
    Problem,
    Rows,
    TableSpecification,
)
from kvarter.web.status.shelf import Publication, shelf

_ = Locale("en")._
"""Marks what is said of an address; its page says it in Danish too."""


class Api(NinjaAPI):
    """Says of each answer that is a problem that it is problem JSON."""

    def get_openapi_schema(self, **options: Any) -> Any:
        schema = super().get_openapi_schema(**options)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400:
                        answer["content"] = {CONTENT_TYPE: answer["content"]["application/json"]}
        return schema


api = Api(
    title="Kvarter",
    version="1",
    description=_("What is published of the policy's status, as data."),
    docs_url=None,
    docs_decorator=require_safe,
    urls_namespace="api-1",
)

Edition = Annotated[
    str, Path(description=_("The edition's id, such as 2024"), pattern=r"^[A-Za-z0-9][\w-]*$")
]
Version = Annotated[
    int | None, Query(ge=1, le=9999, description=_("A version; the last one if left out"))
]
_REFUSED = {404: Problem, 422: Problem}
_CSV: dict[str, Any] = {
    "responses": {
        200: {"description": "OK", "content": {"text/csv": {"schema": {"type": "string"}}}}
    }
}


def _found(edition: str, version: int | None) -> Publication:
    publication = shelf().find(edition, version)
    if publication is None:
        raise ProblemError(404, _("No such edition is published; /api/v1/editions lists all."))
    return publication


def _among(publication: Publication, name: str) -> pl.DataFrame:
    edition = content.edition_of(publication)
    if name not in content.tables_of(edition):
        raise ProblemError(404, _("The edition has no such table; /tables below it lists all."))
    return edition.tables[name]


@api.get("/editions", response=list[EditionSummary], summary=_("The editions, oldest data first"))
def editions(request: HttpRequest) -> Any:
    """The last version of each."""
    return [content.summary(each) for each in shelf().latest()]


@api.get(
    "/editions/{edition}",
    response={200: EditionDetail, **_REFUSED},
    summary=_("An edition, and which versions and tables it has"),
)
def edition(request: HttpRequest, edition: Edition, version: Version = None) -> Any:
    """Its last version, or the one that is asked for."""
    found = _found(edition, version)
    versions = [each.version for each in shelf().publications if each.edition == edition]
    return content.detail(found, versions)


@api.get(
    "/editions/{edition}/goals",
    response={200: list[GoalDetail], **_REFUSED},
    summary=_("The goals with their targets and verdicts"),
)
def goals(request: HttpRequest, edition: Edition, version: Version = None) -> Any:
    """Every goal of the policy; one without figures says why."""
    return content.goals_of(_found(edition, version))


@api.get(
    "/editions/{edition}/goals/{number}",
    response={200: GoalDetail, **_REFUSED},
    summary=_("A goal"),
)
def goal(
    request: HttpRequest,
    edition: Edition,
    number: Annotated[int, Path(ge=1, le=9999, description=_("The goal's number"))],
    version: Version = None,
) -> Any:
    """One goal by its number."""
    for each in content.goals_of(_found(edition, version)):
        if each.number == number:
            return each
    raise ProblemError(404, _("The policy has no goal of this number."))


@api.get(
    "/editions/{edition}/areas",
    response={200: list[AreaSummary], **_REFUSED},
    summary=_("The areas"),
)
def areas(request: HttpRequest, edition: Edition, version: Version = None) -> Any:
    """The areas of the edition."""
    return content.areas_of(_found(edition, version))


@api.get(
    "/editions/{edition}/criteria",
    response={200: list[CriterionSummary], **_REFUSED},
    summary=_("The criteria that areas are designated by"),
)
def criteria(request: HttpRequest, edition: Edition, version: Version = None) -> Any:
    """The criteria of the policy; their figures are in the table `distance`."""
    return content.criteria_of(_found(edition, version))


@api.get(
    "/editions/{edition}/documents",
    response={200: list[DocumentFile], **_REFUSED},
    summary=_("The documents and files, and where each is fetched"),
)
def documents(request: HttpRequest, edition: Edition, version: Version = None) -> Any:
    """Every file that everybody may fetch."""
    return content.documents_of(_found(edition, version))


Goal = Annotated[int | None, Query(ge=1, le=9999, description=_("Of this goal alone"))]
Indicator = Annotated[str | None, Query(max_length=64, description=_("Of this indicator alone"))]
Period = Annotated[int | None, Query(ge=0, le=9999, description=_("Of this year alone"))]
Group = Annotated[
    str | None,
    Query(max_length=64, description=_("Of this group alone: areas, rest, city or an area's id")),
]


def _figures(publication: Publication, wanted: dict[str, str | int | None]) -> pl.DataFrame:
    """The rows of the results that have all the values that are wanted."""
    frame = _among(publication, "results")
    return frame.filter(
        *(pl.col(name) == value for name, value in wanted.items() if value is not None)
    )


@api.get(
    "/editions/{edition}/figures",
    response={200: Figures, **_REFUSED},
    summary=_("Figures by indicator, year and group"),
)
def figures(
    request: HttpRequest,
    edition: Edition,
    version: Version = None,
    goal: Goal = None,
    indicator: Indicator = None,
    period: Period = None,
    group: Group = None,
) -> Any:
    """The table `results`, or the rows of it that are asked for."""
    found = _found(edition, version)
    wanted = {"goal": goal, "indicator": indicator, "period": period, "group": group}
    rows = list(content.rows_with_address("results", _figures(found, wanted)))
    return {"edition": found.edition, "version": found.version, "figures": rows}


@api.get(
    "/editions/{edition}/figures.csv",
    response=_REFUSED,
    openapi_extra=_CSV,
    summary=_("The same as CSV"),
)
def figures_csv(
    request: HttpRequest,
    edition: Edition,
    version: Version = None,
    goal: Goal = None,
    indicator: Indicator = None,
    period: Period = None,
    group: Group = None,
) -> HttpResponse:
    """The same rows as CSV."""
    found = _found(edition, version)
    wanted = {"goal": goal, "indicator": indicator, "period": period, "group": group}
    return csv_answer(
        content.as_csv(_figures(found, wanted)), f"{found.edition}-v{found.version}-figures"
    )


@api.get(
    "/editions/{edition}/tables",
    response={200: list[TableSpecification], **_REFUSED},
    summary=_("The tables, and what each column means"),
)
def tables(request: HttpRequest, edition: Edition, version: Version = None) -> Any:
    """Every table that the edition has."""
    found = content.edition_of(_found(edition, version))
    return [content.describe(name) for name in content.tables_of(found)]


Name = Annotated[str, Path(description=_("The table's name"), pattern=r"^[a-z_]+$")]


@api.get(
    "/editions/{edition}/tables/{name}.csv",
    response=_REFUSED,
    openapi_extra=_CSV,
    summary=_("A table as CSV"),
)
def table_csv(
    request: HttpRequest, edition: Edition, name: Name, version: Version = None
) -> HttpResponse:
    """The rows of a table, as the published file has them."""
    found = _found(edition, version)
    rows = content.as_csv(_among(found, name))
    return csv_answer(rows, f"{found.edition}-v{found.version}-{name}")


@api.get(
    "/editions/{edition}/tables/{name}",
    response={200: Rows, **_REFUSED},
    summary=_("A table"),
)
def table(request: HttpRequest, edition: Edition, name: Name, version: Version = None) -> Any:
    """The rows of a table."""
    found = _found(edition, version)
    rows = list(content.rows_with_address(name, _among(found, name)))
    return {"edition": found.edition, "version": found.version, "table": name, "rows": rows}


class Key(HttpBearer):
    """A key in the header `Authorization: Bearer ...`."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        return use_key(token)


@api.get(
    "/key",
    auth=Key(),
    response={200: KeyDetail, 401: Problem, 429: Problem},
    summary=_("What the key that the request brings may do"),
)
def key(request: HttpRequest) -> Any:
    """To try a key with; it can be used for nothing else by this."""
    mine: ApiKey = request.auth  # type: ignore[attr-defined]
    return KeyDetail(
        id=mine.id,
        name=mine.name,
        scopes=mine.scopes,
        administration=mine.administration,
        expires=mine.expires,
    )


_DRAFT = "/drafts/{edition}/goals/{number}/figures"
_BY_KEY = {401: Problem, 403: Problem, 404: Problem, 422: Problem, 429: Problem}
Number = Annotated[int, Path(ge=1, le=9999, description=_("The goal's number"))]


@api.get(
    _DRAFT,
    auth=Key(),
    response={200: EnteredFigures, **_BY_KEY},
    summary=_("What is entered by hand of a goal in an edition in the making"),
)
def entered_figures(request: HttpRequest, edition: Edition, number: Number) -> Any:
    """With the version that is to be sent back."""
    return drafts.entered(request.auth, edition, number)  # type: ignore[attr-defined]


@api.put(
    _DRAFT,
    auth=Key(),
    response={200: EnteredFigures, **_BY_KEY, 400: Problem, 409: Problem},
    summary=_("Enter figures of a goal in an edition in the making"),
)
def enter_figures(
    request: HttpRequest, edition: Edition, number: Number, given: FiguresGiven
) -> Any:
    """They take the place of those that are there, and are checked as on the page."""
    return drafts.enter(request.auth, edition, number, given)  # type: ignore[attr-defined]


@api.exception_handler(ProblemError)
def _refused(request: HttpRequest, error: ProblemError) -> HttpResponse:
    return problem(request, error)


@api.exception_handler(HttpError)
def _refused_by_ninja(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, ProblemError(error.status_code, _("The request cannot be read.")))


@api.exception_handler(AuthenticationError)
def _without_a_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    message = _("This address wants a key in the header Authorization.")
    return problem(request, ProblemError(401, message))


@api.exception_handler(Http404)
def _not_there(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(request, ProblemError(404, _("There is no such address in the API.")))


@api.exception_handler(ValidationError)
def _not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Names what cannot be used; the description of the API says what it may be."""
    names = [".".join(map(str, each["loc"][1:])) for each in error.errors]
    message = _("These cannot be used as they are given: {names}. See /api/ for what they may be.")
    return problem(request, ProblemError(422, message, names=", ".join(dict.fromkeys(names))))
