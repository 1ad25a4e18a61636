"""The figures as JSON-stat 2.0 cubes, which the tools of statistics agencies open.

A cube has a category for each indicator, group, year and measure. A figure that is hidden has the
status `c` (confidential), as in SDMX's code list of confidentiality; one that nobody has is blank.

Source: Badosa, X. (2025), The JSON-stat Format, version 2.0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

import polars as pl

from kvarter.documents.words import group_names
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.tables import Table, table

HIDDEN = "c"
_ROLES = {"time": ["period"], "geo": ["group"], "metric": ["measure"]}
_UNITS = {"fraction": {"decimals": 4}, None: {"decimals": 0}}


def write_jsonstat(status: Edition, folder: Path) -> None:
    """Write each table that has measures as `NAME.jsonstat.json`."""
    for name, frame in status.tables.items():
        if table(name).measures:
            cube = cube_of(status, table(name), frame)
            text = json.dumps(cube, ensure_ascii=False, indent=1)
            (folder / f"{name}.jsonstat.json").write_text(text + "\n", encoding="utf-8")


def cube_of(status: Edition, about: Table, frame: pl.DataFrame) -> dict[str, Any]:
    """A table as a JSON-stat dataset: its key columns and `measure` are the dimensions."""
    measures = list(about.measures)
    categories = {key: frame[key].unique(maintain_order=True).to_list() for key in about.key}
    categories["period"].sort()
    size = [*(len(found) for found in categories.values()), len(measures)]
    values: list[float | None] = [None] * prod(size)
    hidden: dict[str, str] = {}
    for at, value, shown in _cells(frame, categories, measures):
        values[at] = value
        if not shown:
            hidden[str(at)] = HIDDEN
    dimensions = {
        key: _dimension(about.columns[key].text, found, _labels(status, key))
        for key, found in categories.items()
    }
    return {
        "version": "2.0",
        "class": "dataset",
        "label": f"{locale.say(about.title)}: {locale.say(status.policy.title)}",
        "source": f"{status.policy.municipality.name}, {locale.say(status.definition.title)}",
        "note": [
            locale.say(about.rows),
            _("Status c: hidden, because the numbers are small."),
        ],
        "id": [*categories, "measure"],
        "size": size,
        "role": _ROLES,
        "dimension": {**dimensions, "measure": _measures(about, measures)},
        "value": values,
        "status": hidden,
    }


def _cells(
    frame: pl.DataFrame, categories: dict[str, list[Any]], measures: list[str]
) -> Iterator[tuple[int, float | None, bool]]:
    """Each figure with its place in the cube (row-major order), and whether it is shown."""
    places = {keys: at for at, keys in enumerate(product(*categories.values()))}
    for row in frame.iter_rows(named=True):
        first = places[tuple(row[key] for key in categories)] * len(measures)
        for number, measure in enumerate(measures):
            yield first + number, row[measure], row["shown"]


def _dimension(meaning: Any, found: list[Any], labels: dict[str, str]) -> dict[str, Any]:
    ids = [str(each) for each in found]
    return {
        "label": locale.say(meaning),
        "category": {"index": ids, "label": {each: labels.get(each, each) for each in ids}},
    }


def _measures(about: Table, measures: list[str]) -> dict[str, Any]:
    columns = {name: about.columns[name] for name in measures}
    return {
        "label": _("What is measured"),
        "category": {
            "index": measures,
            "label": {name: locale.say(column.text) for name, column in columns.items()},
            "unit": {name: _UNITS.get(column.unit, {}) for name, column in columns.items()},
        },
    }


def _labels(status: Edition, key: str) -> dict[str, str]:
    """What people call the categories of a dimension; those of others are their own names."""
    policy = status.policy
    if key == "group":
        areas = {area.id: area.name for each in policy.area_sets for area in each.areas}
        return {**areas, **group_names()}
    if key == "indicator":
        return {indicator.id: locale.say(indicator.title) for _, indicator in policy.indicators()}
    if key == "criterion":
        return {criterion.id: locale.say(criterion.title) for criterion in policy.criteria}
    return {}
