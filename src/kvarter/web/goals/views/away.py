"""Stand-ins for those who are absent, and links for readers outside."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kvarter.web.accounts.guard import signed_in
from kvarter.web.accounts.models import User
from kvarter.web.accounts.roles import Permission
from kvarter.web.audit.reading import Purpose, note_reading
from kvarter.web.goals.actions import away
from kvarter.web.goals.computed import sections_of
from kvarter.web.goals.facts import edition_now
from kvarter.web.goals.forms import needed_day_of, number_of, text_of
from kvarter.web.goals.guard import working
from kvarter.web.goals.models import StandIn
from kvarter.web.goals.people import person_of, who_may
from kvarter.web.goals.rules.deadlines import today
from kvarter.web.goals.rules.policies import check_right
from kvarter.web.goals.rules.said import RefusedError, _
from kvarter.web.goals.shown import show_work
from kvarter.web.goals.views.editions import coordinates, edition_or_404


@working
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: HttpRequest) -> HttpResponse:
    """Who stands in for whom from today on, and a form for another."""
    by = signed_in(request)
    if request.method == "POST":
        away.stand_in(
            by,
            _user(request.POST.get("absent", "")),
            _user(request.POST.get("stand_in", "")),
            needed_day_of(request.POST, "first_day"),
            needed_day_of(request.POST, "last_day"),
        )
        return redirect("absences")
    every = StandIn.objects.filter(last_day__gte=today(timezone.now()))
    content = {
        "absences": every.select_related("absent", "stand_in"),
        "people_options": [
            (one.email, one.name) for one in who_may(Permission.READ_DRAFTS).order_by("name")
        ],
        "coordinates": coordinates(person_of(by)),
    }
    return show_work(request, "goals/absences.html", content)


@working
@require_POST
def end(request: HttpRequest, absence: int) -> HttpResponse:
    """End a stand-in."""
    away.end_stand_in(signed_in(request), absence)
    return redirect("absences")


@working
@require_POST
def new_link(request: HttpRequest, edition: int) -> HttpResponse:
    """A link for somebody outside; its secret is shown this once."""
    by, row = signed_in(request), edition_or_404(edition)
    check_right(person_of(by), Permission.COORDINATE_EDITION)
    for_whom, days = text_of(request.POST, "for_whom"), number_of(request.POST, "days")
    link, secret = away.make_link(by, row.pk, for_whom, days)
    address = request.build_absolute_uri(f"/udkast/{secret}/")
    return show_work(request, "goals/link.html", {"link": link, "address": address, "edition": row})


@working
@require_POST
def close(request: HttpRequest, edition: int, link: int) -> HttpResponse:
    """Let a link lead nowhere."""
    away.close_link(signed_in(request), link)
    return redirect("working_edition", edition)


@require_safe
def preview(request: HttpRequest, secret: str) -> HttpResponse:
    """The draft of an edition for who has the link; each look is noted."""
    link = away.opened_by(secret)
    if link is None:
        raise Http404
    note_reading(f"link:{link.pk}", "view", f"working_edition:{link.edition_id}", Purpose.PREVIEW)
    now = edition_now(link.edition)
    content = {
        "edition": link.edition,
        "goals": now.goals,
        "link": link,
        "sections_of": sections_of,
    }
    response = show_work(request, "goals/preview.html", content)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _user(name: str) -> User:
    found = who_may(Permission.READ_DRAFTS).filter(email__iexact=name).first()
    if found is None:
        raise RefusedError(_("Nobody with this address takes part in the work."))
    return found
