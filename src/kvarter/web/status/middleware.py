"""The page cache: a rendered page is kept for as long as nothing is published.

Public pages know nothing of who reads them: no session, no cookie and no form token is in them.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase

from kvarter.web.status.shelf import shelf

_MOST_PAGES = 4000
_FRESH = "public, max-age=60"
"""A browser asks again after a minute, and is told that nothing has changed."""

PREPARED = "is_prepared"
"""The attribute of an answer that may be kept."""
POLICY = "_csp_update"
"""The attribute with what an answer needs besides of the policy of its content (django-csp)."""


@dataclass(frozen=True)
class _Kept:
    body: bytes
    squeezed: bytes
    etag: str
    content_type: str
    robots: str
    policy: dict[str, list[str]] | None


class _Pages:
    """Rendered pages by their address, of one state of what is published."""

    def __init__(self) -> None:
        self._state = ""
        self._pages: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, state: str, path: str) -> _Kept | None:
        return self._pages.get(path) if self._state == state else None

    def keep(self, state: str, path: str, page: _Kept) -> None:
        with self._lock:
            if self._state != state:
                self._pages, self._state = OrderedDict(), state
            self._pages[path] = page
            while len(self._pages) > _MOST_PAGES:
                self._pages.popitem(last=False)


def prepared_pages(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer from the cache what was rendered before."""
    pages = _Pages()

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or request.META.get("QUERY_STRING"):
            return get_response(request)
        state = shelf().state
        kept = pages.find(state, request.path)
        if kept is None:
            response = get_response(request)
            if not getattr(response, PREPARED, False) or not isinstance(response, HttpResponse):
                return response
            kept = _kept(response)
            pages.keep(state, request.path, kept)
        return _answer(request, kept)

    return answer


def _kept(response: HttpResponse) -> _Kept:
    body = response.content
    return _Kept(
        body=body,
        squeezed=gzip.compress(body, 9, mtime=0),
        etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        content_type=response.headers["Content-Type"],
        robots=response.headers.get("X-Robots-Tag", ""),
        policy=getattr(response, POLICY, None),
    )


def _answer(request: HttpRequest, kept: _Kept) -> HttpResponse:
    response: HttpResponse
    if request.headers.get("If-None-Match") == kept.etag:
        response = HttpResponseNotModified()
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(kept.squeezed, content_type=kept.content_type)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(kept.body, content_type=kept.content_type)
    response.headers["ETag"] = kept.etag
    response.headers["Cache-Control"] = _FRESH
    response.headers["Vary"] = "Accept-Encoding"
    if kept.policy:
        setattr(response, POLICY, kept.policy)
    if kept.robots:
        response.headers["X-Robots-Tag"] = kept.robots
    return response
