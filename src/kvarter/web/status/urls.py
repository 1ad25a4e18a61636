"""Lasting addresses of what is published. English is the same below `/en/`."""

from __future__ import annotations

from django.urls import path, re_path, register_converter

from kvarter.web.status.views import feeds, files, pages, search


class _Edition:
    """An edition's id, as a policy can have it."""

    regex = r"[A-Za-z0-9][A-Za-z0-9_-]*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(_Edition, "edition")
_NAMES = (
    r"(?P<name>(?:maal|omraade|kriterie|mod)/[A-Za-z0-9_-]+|omraade|kriterie|metode|udgave|hent)"
)
_EDITION = r"(?P<edition>[A-Za-z0-9][A-Za-z0-9_-]*)"

urlpatterns = [
    path("", pages.newest, name="newest"),
    path("status/", pages.newest),
    path("udgaver/", pages.editions, name="editions"),
    path("udgaver/feed.xml", feeds.feed, name="feed"),
    path("soeg/", search.search_page, name="search"),
    path("status/<edition:edition>/", pages.page, name="glance"),
    re_path(rf"^status/{_EDITION}/{_NAMES}/$", pages.page, name="page"),
    path("status/<edition:edition>/v/<int:version>/", pages.page, name="glance_of_version"),
    re_path(
        rf"^status/{_EDITION}/v/(?P<version>\d{{1,4}})/{_NAMES}/$",
        pages.page_of_version,
        name="page_of_version",
    ),
    path(
        "status/<edition:edition>/v/<int:version>/billede/<str:file>",
        files.picture,
        name="picture",
    ),
    path(
        "status/<edition:edition>/v/<int:version>/dokument/<path:path>",
        files.document,
        name="document",
    ),
    path(
        "status/<edition:edition>/v/<int:version>/fil/<path:path>",
        files.download,
        name="download",
    ),
    re_path(r"^(?P<name>(?:maal|omraade|kriterie)/[A-Za-z0-9_-]+)/$", pages.newest_page),
]
