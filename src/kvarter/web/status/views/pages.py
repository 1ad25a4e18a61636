"""The pages of an edition, each from what was prepared of it."""

from __future__ import annotations

from typing import Any

from csp.constants import SELF
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from kvarter.web.status.middleware import POLICY, PREPARED
from kvarter.web.status.shelf import Publication, Shelf, shelf
from kvarter.web.ui.shown import ENGLISH, language_of, show


@require_safe
def newest(request: HttpRequest) -> HttpResponse:
    """The first page of the site is that of the newest edition."""
    publication = shelf().newest()
    if publication is None:
        return show(request, "status/empty.html", {})
    return redirect(base_of(request, publication.edition))


@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """All editions, and every version of each."""
    newest_first = tuple(reversed(shelf().publications))
    return prepared(show(request, "status/editions.html", {"publications": newest_first}))


@require_safe
def page(
    request: HttpRequest, edition: str, name: str = "", version: int | None = None
) -> HttpResponse:
    """A page of an edition: of its last version, or of the one that is asked for."""
    found = publication_or_404(edition, version)
    content = found.page(language_of(request), name)
    if content is None:
        raise Http404
    return shown(request, found, content, version)


@require_safe
def page_of_version(request: HttpRequest, edition: str, version: str, name: str) -> HttpResponse:
    """The same of a version, whose number is text in this address."""
    return page(request, edition, name, int(version))


@require_safe
def newest_page(request: HttpRequest, name: str) -> HttpResponse:
    """The same page in the newest edition that has it: an address for those who link."""
    for publication in reversed(shelf().latest()):
        if publication.page("da", name) is not None:
            return redirect(base_of(request, publication.edition) + name + "/")
    raise Http404


def publication_or_404(edition: str, version: int | None) -> Publication:
    """The version of an edition, or its last. Raises Http404 where there is none."""
    found = shelf().find(edition, version)
    if found is None:
        raise Http404
    return found


def base_of(request: HttpRequest, edition: str, version: int | None = None) -> str:
    """Where the pages of an edition begin, in the language of the request."""
    start = ENGLISH if language_of(request) == "en" else "/"
    return f"{start}status/{edition}/" + (f"v/{version}/" if version else "")


def shown(
    request: HttpRequest, found: Publication, content: dict[str, Any], version: int | None
) -> HttpResponse:
    """A prepared page, with what must be known of the edition it is of."""
    every = shelf()
    last = every.find(found.edition)
    template = "status/glance.html" if "goals" in content else "status/page.html"
    words = {
        "page": content,
        "edition": found,
        "last": last,
        "newest": every.newest(),
        "base": base_of(request, found.edition, version),
        "notices": _notices(content, found, every),
        "others": [each for each in every.latest() if each.edition != found.edition],
        "compared": _compared(found, language_of(request)),
    }
    response = show(request, template, {**words, "points": _has_charts(content)})
    if _has_charts(content):
        setattr(response, POLICY, {"script-src": [SELF], "connect-src": [SELF]})
    if last is not found or found is not every.newest():
        response.headers["X-Robots-Tag"] = "noindex"
    return prepared(response)


def _has_charts(content: dict[str, Any]) -> bool:
    """Whether one can point at the figures of a drawing on the page, which takes a script."""
    sections = content.get("sections", ())
    return any(block.get("chart") for each in sections for block in each["blocks"])


def _compared(found: Publication, language: str) -> list[str]:
    """The editions that this one can be seen beside."""
    folder = found.folder / "pages" / language / "mod"
    return sorted(path.stem for path in folder.glob("*.json"))


def _notices(content: dict[str, Any], found: Publication, every: Shelf) -> list[dict[str, str]]:
    """Where an area of the page is new, or is not in a later edition any more."""
    start, _, area = content["name"].partition("/")
    if start != "omraade" or not area:
        return []
    notices = []
    for other in every.latest():
        if area not in other.summary["areas"]:
            later = other.data_year > found.data_year
            kind = "not_any_more" if later else "not_yet"
            notices.append({"kind": kind, "edition": other.edition})
    return notices


def prepared(response: HttpResponse) -> HttpResponse:
    """Mark an answer that may be kept until the next publication."""
    setattr(response, PREPARED, True)
    return response
