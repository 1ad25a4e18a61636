"""The app's name to Django."""

from __future__ import annotations

from django.apps import AppConfig


class Goals(AppConfig):
    name = "kvarter.web.goals"
    label = "goals"
    verbose_name = "Goals"
