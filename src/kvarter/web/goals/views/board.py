"""The board: who is missing, and whose turn it is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kvarter.web.goals import words
from kvarter.web.goals.board import Filters, board
from kvarter.web.goals.guard import working
from kvarter.web.goals.models import GoalInEdition, WorkingEdition
from kvarter.web.goals.people import person_of
from kvarter.web.goals.shown import options, show_work
from kvarter.web.goals.views.editions import coordinates


@working
@require_safe
def show_board(request: HttpRequest) -> HttpResponse:
    """Every goal that fits the filters, which stand in the address."""
    filters = Filters.of(request.GET)
    editions = list(WorkingEdition.objects.all()[:50])
    administrations = GoalInEdition.objects.exclude(administration="").values_list(
        "administration", flat=True
    )
    content = {
        "rows": board(filters),
        "filters": filters,
        "editions": editions,
        "administration_options": [(name, name) for name in sorted(set(administrations))],
        "state_options": options(words.STATES, request),
        "turn_options": options(words.TURNS, request),
        "coordinates": coordinates(person_of(request.user)),
    }
    return show_work(request, "goals/board.html", content)
