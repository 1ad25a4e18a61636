"""The app's name to Django."""

from __future__ import annotations

from django.apps import AppConfig


class Outbox(AppConfig):
    name = "kvarter.web.outbox"
    label = "outbox"
    verbose_name = "Outbox"
