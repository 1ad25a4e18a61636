"""A page of the site as an answer: its template, in a language, with what every page has."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import is_valid_path

from kvarter.i18n.locale import Locale
from kvarter.policy.model import Language

ENGLISH = "/en/"


def address_says_language(path: str) -> bool:
    """Whether an address is of one language: public pages have one in each, those of staff share
    one between both.
    """
    return path.startswith(ENGLISH) or bool(is_valid_path(other_language(path)))


def language_of(request: HttpRequest) -> Language:
    """That of the address; where it says none, the one the reader chose last, else Danish."""
    if address_says_language(request.path):
        return "en" if request.path.startswith(ENGLISH) else "da"
    return "en" if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) == "en" else "da"


def other_language(path: str) -> str:
    """The address of the same page in the other language."""
    return path[len(ENGLISH) - 1 :] if path.startswith(ENGLISH) else ENGLISH[:-1] + path


def show(
    request: HttpRequest, template: str, words: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The template, filled in with `words`."""
    locale = Locale(language_of(request))
    return render(request, template, {"locale": locale, **words}, status=status)
