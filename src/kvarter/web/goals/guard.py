"""What stands before every view of the work: a login, a part in it, a page for what is refused."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kvarter.errors import KvarterError
from kvarter.web.accounts.guard import View
from kvarter.web.goals.people import reader
from kvarter.web.goals.rules.said import NotYoursError, RefusedError
from kvarter.web.goals.shown import show_work


def working(view: View) -> View:
    """Lets in those who take part in the work, and says why something could not be done."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        try:
            reader(request.user)
            return view(request, *arguments, **named)
        except NotYoursError as error:
            raise PermissionDenied(str(error)) from error
        except RefusedError as error:
            return _refused(request, {"reason": error.reason})
        except KvarterError as error:
            return _refused(request, {"reason": None, "problem": str(error)})

    return guarded


def _refused(request: HttpRequest, words: dict[str, Any]) -> HttpResponseBase:
    """Why it could not be done, and that nothing was."""
    return show_work(request, "goals/refused.html", words, status=409)
