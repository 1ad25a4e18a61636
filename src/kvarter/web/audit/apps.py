"""The app's name to Django."""

from __future__ import annotations

from django.apps import AppConfig


class Audit(AppConfig):
    name = "kvarter.web.audit"
    label = "audit"
    verbose_name = "Audit"
