"""How long a session lasts, and that a local account has a second factor."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from kvarter.web.accounts.models import User

Answer = Callable[[HttpRequest], HttpResponseBase]

_BEGUN, _SEEN = "begun", "seen"
_NOTED_EVERY = 60
"""Seconds: a session is not written at each request."""
_WITHOUT_FACTOR = {
    "mfa_activate_totp",
    "account_logout",
    "account_reauthenticate",
    "account_change_password",
}


def sessions_expire(get_response: Answer) -> Answer:
    """End a session that is too old, or was not used for too long."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = int(time.time())
            begun = request.session.setdefault(_BEGUN, now)
            seen = request.session.get(_SEEN, now)
            if now - begun > settings.SESSION_LONGEST or now - seen > settings.SESSION_LONGEST_IDLE:
                logout(request)
            elif _SEEN not in request.session or now - seen >= _NOTED_EVERY:
                request.session[_SEEN] = now
        return get_response(request)

    return answer


class _SecondFactor:
    """Leads a local account without a second factor to where one is set up."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, arguments: object, named: object
    ) -> HttpResponseBase | None:
        """The page that sets one up, instead of any other that knows who is logged in."""
        match = request.resolver_match
        if not settings.SECOND_FACTOR or match is None or match.url_name in _WITHOUT_FACTOR:
            return None
        user = request.user
        if isinstance(user, User) and user.source == User.Source.LOCAL and not is_mfa_enabled(user):
            return redirect("mfa_activate_totp")
        return None


second_factor = _SecondFactor
