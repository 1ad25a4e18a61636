"""A feed of what is published, for readers who want to be told: an entry for each version."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kvarter.i18n.locale import Locale
from kvarter.web.status.shelf import Publication, shelf
from kvarter.web.status.views.pages import base_of, prepared
from kvarter.web.ui.shown import language_of

_ATOM = "http://www.w3.org/2005/Atom"
CONTENT_TYPE = "application/atom+xml"


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Every version of every edition, the newest first. Source: RFC 4287."""
    locale = Locale(language_of(request))
    found = sorted(shelf().publications, key=lambda each: each.published_at, reverse=True)
    root = Element("feed", {"xmlns": _ATOM, "xml:lang": locale.language})
    here = settings.ADDRESS + request.path
    _say(root, "title", f"{settings.LOOK.name}: {locale._('Editions')}")
    _say(root, "id", here)
    SubElement(root, "link", {"rel": "self", "href": here})
    _say(root, "updated", found[0].published_at.isoformat() if found else "1970-01-01T00:00:00Z")
    _say(SubElement(root, "author"), "name", settings.LOOK.name)
    for publication in found:
        _entry(root, publication, settings.ADDRESS + _page(request, publication), locale)
    text = tostring(root, encoding="utf-8", xml_declaration=True)
    return prepared(HttpResponse(text, content_type=f"{CONTENT_TYPE}; charset=utf-8"))


def _page(request: HttpRequest, publication: Publication) -> str:
    return base_of(request, publication.edition, publication.version)


def _entry(root: Element, publication: Publication, page: str, locale: Locale) -> None:
    """A version: of a correction, what readers are told of it."""
    entry = SubElement(root, "entry")
    title = publication.title[locale.language]
    if publication.version > 1:
        version = locale._("version {version}", version=publication.version)
        title = f"{title}, {version}"
    _say(entry, "title", title)
    _say(entry, "id", page)
    _say(entry, "updated", publication.published_at.isoformat())
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": page})
    if publication.note:
        _say(entry, "summary", publication.note)


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
