"""The audit log: searched and exported, for a purpose that is stated and noted."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from kvarter.web.audit.export import csv_lines, found, json_lines
from kvarter.web.audit.log import first_broken_event
from kvarter.web.audit.reading import note_reading
from kvarter.web.auditing.forms import AuditSearch
from kvarter.web.ui.shown import show

_A_PAGE = 50
_FORMS = {"csv": (csv_lines, "text/csv"), "jsonl": (json_lines, "application/x-ndjson")}


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Nothing is shown before a purpose is stated; the address holds the search."""
    form = AuditSearch(request.GET or None)
    words: dict[str, Any] = {"form": form, "events": None, "broken": None, "query": ""}
    if form.is_valid():
        note_reading(str(request.user.pk), "search", "audit", form.stated_purpose())
        page = Paginator(found(form.search()), _A_PAGE).get_page(request.GET.get("side"))
        query = request.GET.copy()
        query.pop("side", None)
        words |= {"events": page, "broken": first_broken_event(), "query": query.urlencode()}
    return show(request, "audit/log.html", words)


@require_safe
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Everything that fits a search, as CSV or JSON lines."""
    asked = AuditSearch(request.GET)
    if not asked.is_valid():
        return show(request, "audit/log.html", {"form": asked, "events": None}, status=400)
    note_reading(str(request.user.pk), "export", "audit", asked.stated_purpose())
    lines, content_type = _FORMS[form]
    response = StreamingHttpResponse(lines(found(asked.search())), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="revision.{form}"'
    return response
