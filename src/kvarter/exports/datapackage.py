"""A description of the CSV files that programs read: a Frictionless data package.

Source: Frictionless Data (2024), Data Package and Table Schema, version 1.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from kvarter.editions.edition import Edition
from kvarter.i18n.locale import Locale
from kvarter.policy.model import Language, Policy
from kvarter.tables import Table, table

NAME = "datapackage.json"
_TYPES = {
    "text": "string",
    "whole": "integer",
    "number": "number",
    "yes_no": "boolean",
    "date": "date",
}


def write_datapackage(status: Edition, folder: Path, language: Language) -> None:
    """Write `datapackage.json`, which describes the CSV file of each table in `folder`."""
    locale, policy = Locale(language), status.policy
    package = {
        "profile": "tabular-data-package",
        "name": f"kvarter-{policy.municipality.code}-{status.definition.id}",
        "title": f"{locale.say(policy.title)}: {locale.say(status.definition.title)}",
        "contributors": [{"title": policy.municipality.name, "role": "publisher"}],
        **_licences(policy),
        "resources": [_resource(table(name), folder, locale) for name in status.tables],
    }
    text = json.dumps(package, ensure_ascii=False, indent=1)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def _licences(policy: Policy) -> dict[str, Any]:
    if policy.publication is None:
        return {}
    return {
        "homepage": policy.publication.page,
        "licenses": [{"path": policy.publication.licence}],
    }


def _resource(about: Table, folder: Path, locale: Locale) -> dict[str, Any]:
    file = folder / f"{about.name}.csv"
    content = file.read_bytes()
    fields = [
        {
            "name": column.name,
            "type": _TYPES[column.type],
            "description": locale.say(column.text).replace("`", ""),
        }
        for column in about.columns.values()
    ]
    return {
        "profile": "tabular-data-resource",
        "name": about.name.replace("_", "-"),
        "path": file.name,
        "title": locale.say(about.title),
        "description": locale.say(about.rows),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {"fields": fields, "primaryKey": about.key, "missingValues": [""]},
    }
