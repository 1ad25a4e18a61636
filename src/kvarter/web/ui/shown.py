"""A page of the site as an answer: its template, in a language, with what every page has."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kvarter.i18n.locale import Locale
from kvarter.policy.model import Language

ENGLISH = "/en/"


def language_of(request: HttpRequest) -> Language:
    """English below `/en/`, Danish everywhere else."""
    return "en" if request.path.startswith(ENGLISH) else "da"


def other_language(path: str) -> str:
    """The same page in the other language."""
    return path[len(ENGLISH) - 1 :] if path.startswith(ENGLISH) else ENGLISH[:-1] + path


def show(
    request: HttpRequest, template: str, words: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The template, filled in with `words`."""
    locale = Locale(language_of(request))
    return render(request, template, {"locale": locale, **words}, status=status)
