"""The page of search: its address holds what was searched, and it works without a script."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kvarter.web.status.search import search
from kvarter.web.status.shelf import shelf
from kvarter.web.ui.shown import language_of, show

_LONGEST = 100


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """What fits in the newest edition first, then in the others."""
    words = request.GET.get("q", "")[:_LONGEST]
    language = language_of(request)
    pages = [
        (publication.edition, *entry)
        for publication in reversed(shelf().latest())
        for entry in publication.summary["search"][language]
    ]
    titles = {each.edition: each.title[language] for each in shelf().latest()}
    found = search(words, pages)
    return show(request, "status/search.html", {"q": words, "found": found, "titles": titles})
