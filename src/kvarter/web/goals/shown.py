"""A page of the work: with the words, the parts of a goal and the clock that all of them use."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse

from kvarter.i18n.locale import Locale
from kvarter.statement.prose import parts_of
from kvarter.web.goals import words
from kvarter.web.goals.rules.content import TEXTS
from kvarter.web.goals.rules.deadlines import HERE
from kvarter.web.goals.rules.said import Said
from kvarter.web.ui.shown import language_of, show


def show_work(
    request: HttpRequest, template: str, content: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The template of a page of the work, filled in with `content`."""
    locale = Locale(language_of(request))

    def clock(at: dt.datetime) -> str:
        here = at.astimezone(HERE)
        return f"{locale.date(here.date())} {here:%H:%M}"

    common = {"called": words, "parts_of": parts_of, "part_names": TEXTS, "clock": clock}
    return show(request, template, common | content, status)


def options(said: dict[str, Said], request: HttpRequest) -> list[tuple[str, str]]:
    """What a field offers: each value, and what it is called."""
    locale = Locale(language_of(request))
    return [(value, each.told(locale)) for value, each in said.items()]
