"""The app's name to Django."""

from __future__ import annotations

from django.apps import AppConfig


class Site(AppConfig):
    name = "kvarter.web.site"
    label = "site"
    verbose_name = "Site"
