"""The app's name to Django."""

from __future__ import annotations

from django.apps import AppConfig


class Api(AppConfig):
    name = "kvarter.web.api"
    label = "api"
    verbose_name = "API"
