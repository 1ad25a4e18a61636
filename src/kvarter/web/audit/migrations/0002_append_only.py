"""Let the database itself refuse to change what is in the logs."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from kvarter.web.audit.triggers import install


def _install(apps: Any, editor: Any) -> None:
    install(editor)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(_install, elidable=False)]
