"""The app's name to Django."""

from __future__ import annotations

from django.apps import AppConfig


class Ui(AppConfig):
    name = "kvarter.web.ui"
    label = "ui"
    verbose_name = "Look"
