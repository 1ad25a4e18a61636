"""Addresses of the API, each version below its own number."""

from __future__ import annotations

from django.urls import path

from kvarter.web.api.answers import answered
from kvarter.web.api.v1 import api
from kvarter.web.api.views.described import described
from kvarter.web.api.views.keys import close, keys

_patterns, _app, _namespace = api.urls
for _pattern in _patterns:
    assert _pattern.callback is not None  # none of them leads on to others
    _pattern.callback = answered(_pattern.callback)

urlpatterns = [
    path("", described, name="api"),
    path("v1/", (_patterns, _app, _namespace)),
]

key_pages = [
    path("", keys, name="keys"),
    path("<slug:key_id>/luk/", close, name="close_key"),
]
