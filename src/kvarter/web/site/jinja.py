"""The environment of all templates: a name that is not there is an error, and all is escaped."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context

from kvarter import __version__
from kvarter.i18n.locale import Locale
from kvarter.policy.model import Language
from kvarter.web.ui.shown import address_says_language, language_of, other_language


def environment(**options: Any) -> Environment:
    """Called by Django once."""
    options |= {
        "autoescape": _escapes,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    made = Environment(**options)
    made.globals |= {
        "static": static,
        "url": reverse,
        "look": settings.LOOK,
        "demo": settings.DEMO,
        "provider_title": settings.PROVIDER_TITLE,
        "version": __version__,
        "_": _words,
        "language_of": language_of,
        "address_says_language": address_says_language,
        "other_language": other_language,
        "locale_of": locale_of,
    }
    return made


def _escapes(template: str | None) -> bool:
    """Mail is plain text; everything else is escaped."""
    return template is None or not template.endswith(".txt")


def locale_of(language: Language) -> Locale:
    return Locale(language)


@pass_context
def _words(context: Context, message: str, **values: object) -> str:
    """A message in the language of the page; mail says its own."""
    request = context.get("request")
    language = context.get("language") or (language_of(request) if request else "da")
    return Locale(language)._(message, **values)
