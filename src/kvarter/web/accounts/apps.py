"""The app's name to Django."""

from __future__ import annotations

from django.apps import AppConfig


class Accounts(AppConfig):
    name = "kvarter.web.accounts"
    label = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from kvarter.web.accounts import signals

        signals.connect()
