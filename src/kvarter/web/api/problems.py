"""What went wrong, as problem JSON (RFC 9457) in plain words: Danish, or English if asked for."""

from __future__ import annotations

import json
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from kvarter.i18n.locale import Locale
from kvarter.policy.model import Language

CONTENT_TYPE = "application/problem+json"


class ProblemError(Exception):
    """What the API refuses: an HTTP status, and a message of the catalogue with its values."""

    def __init__(self, status: int, message: str, **values: object) -> None:
        super().__init__(message)
        self.status, self.message, self.values = status, message, values


def problem(request: HttpRequest, error: ProblemError) -> HttpResponse:
    """The answer that tells of `error`."""
    language, message = _asked_for(request), error.message
    told = {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": Locale(language)._(message, **error.values),
    }
    text = json.dumps(told, ensure_ascii=False) + "\n"
    response = HttpResponse(text, status=error.status, content_type=CONTENT_TYPE)
    response.headers["Content-Language"] = language
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    response.headers["Vary"] = "Accept-Language"
    return response


def _asked_for(request: HttpRequest) -> Language:
    """The first language that the request names and that is spoken here."""
    for part in request.headers.get("Accept-Language", "").split(","):
        language = part.partition(";")[0].strip()[:2].lower()
        if language == "en":
            return "en"
        if language == "da":
            return "da"
    return "da"
