"""What is common to every answer of the API: for any program, known again by its ETag, squeezed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page

from kvarter import __version__
from kvarter.i18n.locale import Locale
from kvarter.web.api.problems import ProblemError, problem
from kvarter.web.status.shelf import shelf

_ = Locale("en")._
_FRESH = "public, max-age=60"
View = Callable[..., HttpResponseBase]


def answered(view: View) -> View:
    """A view of the API as it is asked from outside.

    HEAD is answered like GET. An answer depends on its address and on what is published alone, so
    its ETag is known before it is made. A request that carries a key is kept by no cache.
    """
    squeezed = gzip_page(view)

    @csrf_exempt  # it knows no cookies
    @wraps(view)
    def answer(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if request.headers.get("Authorization"):
            return _refused(request, view(request, *arguments, **named))
        etag, asked = _etag(request), request.method
        if asked in ("GET", "HEAD") and etag in _known_to(request):
            return _public(HttpResponseNotModified(), etag)
        request.method = "GET" if asked == "HEAD" else asked
        response = squeezed(request, *arguments, **named)
        request.method = asked  # by which the server leaves out the content
        response = _refused(request, response)
        return _public(response, etag) if response.status_code == 200 else response

    return answer


def _refused(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The same as a problem, where the method of the request is none of the address."""
    if response.status_code != 405:
        return response
    refused = problem(request, ProblemError(405, _("This address is not asked so.")))
    refused.headers["Allow"] = response.headers["Allow"]
    return refused


def _etag(request: HttpRequest) -> str:
    told = f"{shelf().state} {__version__} {request.get_full_path()}"
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def _known_to(request: HttpRequest) -> set[str]:
    """The ETags that whoever asks has: a weak one is of the same answer, squeezed otherwise."""
    told = request.headers.get("If-None-Match", "").split(",")
    return {each.strip().removeprefix("W/") for each in told}


def _public(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    """Marked as one that any page and any cache may use."""
    response.headers["ETag"] = f"W/{etag}" if response.has_header("Content-Encoding") else etag
    response.headers["Cache-Control"] = _FRESH
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def csv_answer(content: bytes, name: str) -> HttpResponse:
    """A table as a file of its own."""
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
