"""What stands before a view that is not for everybody."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kvarter.web.accounts.models import User
from kvarter.web.accounts.permissions import NotAllowedError, Visitor

View = Callable[..., HttpResponseBase]


def signed_in(request: HttpRequest) -> User:
    """Who is logged in. Raises PermissionDenied where nobody is: a guard stands before."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def allowed(check: Callable[[Visitor], None]) -> Callable[[View], View]:
    """Leads who is not logged in to where that is done, and refuses whom `check` refuses."""

    def around(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            try:
                check(request.user)
                return view(request, *arguments, **named)
            except NotAllowedError as error:
                raise PermissionDenied(str(error)) from error

        guarded.checks = check  # type: ignore[attr-defined]
        return guarded

    return around
