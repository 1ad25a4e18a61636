"""The app's name to Django."""

from __future__ import annotations

from django.apps import AppConfig


class Status(AppConfig):
    name = "kvarter.web.status"
    label = "status"
    verbose_name = "Status"
