"""Let the database itself hold to four eyes, and keep what was written."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from kvarter.web.goals.triggers import install


def _install(apps: Any, editor: Any) -> None:
    install(editor)


class Migration(migrations.Migration):
    dependencies = [("goals", "0001_initial")]
    operations = [migrations.RunPython(_install, elidable=False)]
