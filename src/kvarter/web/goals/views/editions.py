"""An edition in the making: its goals, its readiness list, and what a coordinator does with it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kvarter.web.accounts.guard import signed_in
from kvarter.web.accounts.roles import Permission
from kvarter.web.goals.actions import editions, talk
from kvarter.web.goals.board import Filters, board
from kvarter.web.goals.drafts import found
from kvarter.web.goals.facts import edition_now
from kvarter.web.goals.forms import moment_of, needed_day_of, text_of
from kvarter.web.goals.guard import working
from kvarter.web.goals.models import IN_THE_MAKING, WorkingEdition
from kvarter.web.goals.people import person_of
from kvarter.web.goals.rules.people import Person
from kvarter.web.goals.rules.policies import (
    Edition,
    Given,
    check_edition_act,
    check_right,
)
from kvarter.web.goals.rules.said import NotYoursError, RefusedError, Said
from kvarter.web.goals.rules.states import EditionAct
from kvarter.web.goals.shown import show_work


@working
@require_http_methods(["GET", "HEAD", "POST"])
def new_edition(request: HttpRequest) -> HttpResponse:
    """A form for a new edition: of which status, and by when."""
    by = signed_in(request)
    check_right(person_of(by), Permission.COORDINATE_EDITION)
    if request.method == "POST":
        deadline = needed_day_of(request.POST, "deadline")
        made = editions.plan(by, request.POST.get("folder", ""), deadline)
        return redirect("working_edition", made.pk)
    there = found()
    options = [(folder, f"{edition} ({folder})") for folder, edition in there.items()]
    return show_work(request, "goals/new_edition.html", {"found": there, "options": options})


@working
@require_safe
def edition_page(request: HttpRequest, edition: int) -> HttpResponse:
    """Everything that is asked of an edition before it can be published."""
    row = edition_or_404(edition)
    now, person = edition_now(row), person_of(request.user)
    late = {each.goal.pk: each for each in board(Filters(edition=row.edition))}
    content: dict[str, Any] = {
        "edition": row,
        "goals": now.goals,
        "rows": late,
        "lines": now.lines,
        "errors": now.facts.errors,
        "buttons": _buttons(person, now.facts),
        "publication": _refusal(person, EditionAct.PUBLISH, now.facts),
        "coordinates": coordinates(person),
        "in_the_making": row.state in IN_THE_MAKING,
        "links": row.links.filter(closed_at=None, expires_at__gt=timezone.now()),
    }
    return show_work(request, "goals/edition.html", content)


@working
@require_POST
def act(request: HttpRequest, edition: int) -> HttpResponse:
    """Open, close, make ready, withdraw."""
    name = request.POST.get("act", "")
    if name not in set(editions.BY_HAND):
        check_right(person_of(request.user), Permission.COORDINATE_EDITION)
        raise Http404
    given = Given(reason=text_of(request.POST, "reason"))
    editions.do_edition(signed_in(request), edition_or_404(edition).pk, EditionAct(name), given)
    return redirect("working_edition", edition)


@working
@require_POST
def settled(request: HttpRequest, edition: int) -> HttpResponse:
    """When the next edition comes, and the public note of a correction."""
    pk, given = edition_or_404(edition).pk, request.POST
    next_date, note = text_of(given, "next_date")[:200], text_of(given, "public_note")[:1000]
    editions.settle(signed_in(request), pk, next_date, note)
    return redirect("working_edition", edition)


@working
@require_POST
def publication(request: HttpRequest, edition: int) -> HttpResponse:
    """Publish now, at a time that is set, or not after all."""
    by, pk, when = signed_in(request), edition_or_404(edition).pk, request.POST.get("when", "")
    check_right(person_of(by), Permission.PUBLISH_EDITION)
    if when == "now":
        at: dt.datetime | None = timezone.now()
    else:
        at = None if when == "never" else moment_of(request.POST)
    editions.set_publication(by, pk, at)
    return redirect("working_edition", edition)


@working
@require_POST
def note(request: HttpRequest, edition: int) -> HttpResponse:
    """Why a warning on the edition may stand."""
    pk, key = edition_or_404(edition).pk, request.POST.get("key", "")
    talk.note_edition_warning(signed_in(request), pk, key, text_of(request.POST, "text"))
    return redirect("working_edition", edition)


def edition_or_404(edition: int) -> WorkingEdition:
    """The edition of that number."""
    row = WorkingEdition.objects.filter(pk=edition).first()
    if row is None:
        raise Http404
    return row


def coordinates(person: Person) -> bool:
    """Whether somebody leads editions."""
    try:
        check_right(person, Permission.COORDINATE_EDITION)
    except NotYoursError:
        return False
    return True


def _buttons(person: Person, facts: Edition) -> list[tuple[EditionAct, Said | None]]:
    """What a coordinator can do, each with why it cannot be done now; None where it can.

    What does not belong to the state is left out.
    """
    if not coordinates(person):
        return []
    found = [(one, _refusal(person, one, facts)) for one in editions.BY_HAND]
    elsewhere = "The edition is not where this can be done."
    return [(one, said) for one, said in found if said is None or said.message != elsewhere]


def _refusal(person: Person, act: EditionAct, facts: Edition) -> Said | None:
    try:
        check_edition_act(person, act, facts, Given(reason="-"))
    except RefusedError as error:
        return error.reason
    return None
