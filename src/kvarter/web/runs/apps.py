"""The app's name to Django."""

from __future__ import annotations

from django.apps import AppConfig


class Runs(AppConfig):
    name = "kvarter.web.runs"
    label = "runs"
    verbose_name = "Runs"
