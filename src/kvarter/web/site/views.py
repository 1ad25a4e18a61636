"""Pages that are of the site itself."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kvarter.web.site.config import site_folder
from kvarter.web.status.views.pages import prepared
from kvarter.web.ui.shown import show

_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement that the law asks of every public site."""
    return prepared(show(request, "site/accessibility.html", {}))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: what is published, and nothing that asks for a login."""
    lines = ["User-agent: *", "Disallow: /konto/", "Disallow: /revision/", "Disallow: /soeg/"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For a reverse proxy: whether the site answers, and its database too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def colour(request: HttpRequest) -> HttpResponse:
    """The municipality's colour, as the style of every page uses it."""
    css = f":root{{--kvarter-colour:{settings.LOOK.colour}}}\n"
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@require_safe
def logo(request: HttpRequest) -> FileResponse:
    """The municipality's logo."""
    folder, name = site_folder(), settings.LOOK.logo
    path = folder / name if folder and name else None
    if path is None or not path.is_file() or path.suffix not in _TYPES:
        raise Http404
    response = FileResponse(path.open("rb"), content_type=_TYPES[path.suffix])
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
