"""Words that are said later than they are written: in the language of the request by then."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.functional import lazy

from kvarter.i18n.locale import Locale
from kvarter.web.ui.shown import language_of

Answer = Callable[[HttpRequest], HttpResponseBase]


def speak_its_language(get_response: Answer) -> Answer:
    """Let forms, those of Django and allauth too, speak the language of the request."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        with translation.override(language_of(request)):
            return get_response(request)

    return answer


def _say(message: str) -> str:
    return Locale("en" if translation.get_language() == "en" else "da")._(message)


later = lazy(_say, str)
"""A message of the catalogue, as the label of a form has it: forms are made before any request."""
