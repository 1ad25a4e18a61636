"""Pages for what went wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kvarter.i18n.locale import Locale
from kvarter.web.api.problems import ProblemError, problem

_ = Locale("en")._
_API = "/api/"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is no such page."""
    if request.path.startswith(_API):
        return problem(request, ProblemError(404, _("There is no such address in the API.")))
    return render(request, "site/not_found.html", status=404)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Who is logged in may not see the page."""
    return render(request, "site/not_allowed.html", status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was sent from elsewhere, or after the session had ended."""
    return render(request, "site/form_expired.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent makes no sense."""
    if request.path.startswith(_API):
        return problem(request, ProblemError(400, _("The request cannot be read.")))
    return render(request, "site/not_found.html", status=400)


def fault(request: HttpRequest) -> HttpResponse:
    """Something in the site went wrong; without anything that could go wrong again."""
    if request.path.startswith(_API):
        return problem(request, ProblemError(500, _("Something went wrong. Try again in a while.")))
    text = "Der skete en fejl. Prøv igen om lidt. / Something went wrong. Try again in a while.\n"
    return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")
