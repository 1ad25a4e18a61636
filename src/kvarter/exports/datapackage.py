"""A description of the files that programs read: a Frictionless data package.

Source: Frictionless Data (2024), Data Package and Table Schema, version 1.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from kvarter.areas.polygons import HOUSE_CRS
from kvarter.editions.edition import Edition
from kvarter.editions.geography import AREAS
from kvarter.i18n import _, locale
from kvarter.policy.model import Policy
from kvarter.tables import Table, table

NAME = "datapackage.json"
_TYPES = {
    "text": "string",
    "whole": "integer",
    "number": "number",
    "yes_no": "boolean",
    "date": "date",
}


def write_datapackage(status: Edition, folder: Path) -> None:
    """Write `datapackage.json`: the CSV file of each table in `folder`, and that of the areas."""
    policy = status.policy
    package = {
        "profile": "data-package",
        "name": f"kvarter-{policy.municipality.code}-{status.definition.id}",
        "title": f"{locale.say(policy.title)}: {locale.say(status.definition.title)}",
        "contributors": [{"title": policy.municipality.name, "role": "publisher"}],
        **_licences(policy),
        "resources": [
            *(_table(table(name), folder) for name in status.tables),
            _areas(folder),
        ],
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


def _table(about: Table, folder: Path) -> dict[str, Any]:
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
        "title": locale.say(about.title),
        "description": locale.say(about.rows),
        "format": "csv",
        "mediatype": "text/csv",
        **_file(folder / f"{about.name}.csv"),
        "schema": {"fields": fields, "primaryKey": about.key, "missingValues": [""]},
    }


def _areas(folder: Path) -> dict[str, Any]:
    outlines = _("The outlines of the areas and districts, in {crs}.", crs=HOUSE_CRS)
    return {
        "profile": "data-resource",
        "name": "areas",
        "title": _("The areas on the map"),
        "description": outlines,
        "format": "geojson",
        "mediatype": "application/geo+json",
        **_file(folder / AREAS),
    }


def _file(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "path": path.name,
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
