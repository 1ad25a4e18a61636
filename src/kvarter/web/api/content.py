"""What the API has of a published version: its tables as they are, and lists of its policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from kvarter.documents.contents.cells import Row
from kvarter.editions import Edition, open_edition
from kvarter.files.inert import write_csv
from kvarter.policy.model import Goal, Target
from kvarter.tables import public_tables, table
from kvarter.web.api.schemas import (
    AreaSummary,
    ColumnSpecification,
    CriterionSummary,
    DocumentFile,
    EditionDetail,
    EditionSummary,
    GoalDetail,
    Named,
    TableSpecification,
    TargetDetail,
    Translated,
)
from kvarter.web.status.prepare.prepare import FILES, MANIFEST
from kvarter.web.status.shelf import Publication


def edition_of(publication: Publication) -> Edition:
    """The edition of a version; it is opened once, for a version never changes."""
    return _open(publication.folder / FILES, publication.hash)


@lru_cache(maxsize=16)
def _open(folder: Path, digest: str) -> Edition:
    return open_edition(folder)


def summary(publication: Publication) -> EditionSummary:
    """A version as it stands in a list."""
    return EditionSummary(**_summary_fields(publication))


def _summary_fields(publication: Publication) -> dict[str, Any]:
    return {
        "id": publication.edition,
        "version": publication.version,
        "title": Translated(**publication.title),
        "data_year": publication.data_year,
        "published_at": publication.published_at,
        "note": publication.note,
        "hash": publication.hash,
        "page": _page(publication, ""),
    }


def detail(publication: Publication, versions: list[int]) -> EditionDetail:
    """A version with what it has."""
    edition = edition_of(publication)
    return EditionDetail(
        **_summary_fields(publication),
        municipality=edition.policy.municipality.name,
        policy=Translated.of(edition.policy.title),
        areas=Translated.of(edition.policy.area_set(edition.definition.area_set).title),
        versions=versions,
        tables=tables_of(edition),
    )


def tables_of(edition: Edition) -> list[str]:
    """The names of the tables that an edition has, in the order of their specification."""
    return [name for name in public_tables() if name in edition.tables]


def goals_of(publication: Publication) -> list[GoalDetail]:
    """Every goal of the policy."""
    edition = edition_of(publication)
    return [
        GoalDetail(
            number=goal.number,
            title=Translated.of(goal.title),
            administration=goal.administration or "",
            no_data=Translated.of(goal.no_data),
            indicators=[
                Named(id=each.id, title=Translated.of(each.title)) for each in goal.indicators
            ],
            targets=[_target(edition, goal, target) for target in goal.targets],
            page=_page(publication, f"maal/{goal.number}/"),
        )
        for goal in edition.policy.goals
    ]


def _target(edition: Edition, goal: Goal, target: Target) -> TargetDetail:
    found = edition.verdicts.filter(goal=goal.number, target=target.id)
    return TargetDetail(
        id=target.id,
        text=Translated.of(target.text),
        indicator=target.indicator,
        verdicts=list(rows_with_address("verdicts", found)),
    )


def areas_of(publication: Publication) -> list[AreaSummary]:
    """Every area of the edition."""
    edition = edition_of(publication)
    return [
        AreaSummary(id=area.id, name=area.name, page=_page(publication, f"omraade/{area.id}/"))
        for area in edition.policy.area_set(edition.definition.area_set).areas
    ]


def criteria_of(publication: Publication) -> list[CriterionSummary]:
    """Every criterion of the policy."""
    return [
        CriterionSummary(
            id=each.id,
            title=Translated.of(each.title),
            unit=Translated.of(each.unit),
            better=each.better,
            page=_page(publication, f"kriterie/{each.id}/"),
        )
        for each in edition_of(publication).policy.criteria
    ]


def documents_of(publication: Publication) -> list[DocumentFile]:
    """Every file that can be fetched, as the page of downloads has them."""
    hashes = json.loads((publication.folder / MANIFEST).read_text(encoding="utf-8"))
    titles = {file["path"]: file["title"] for file in _files(publication, "en")}
    return [
        DocumentFile(
            path=file["path"],
            name=file["name"],
            title=Translated(da=file["title"], en=titles[file["path"]]),
            bytes=file["bytes"],
            sha256=hashes[f"{FILES}/{file['path']}"],
            href=f"/status/{publication.edition}/v/{publication.version}/fil/{file['path']}",
        )
        for file in _files(publication, "da")
    ]


def _files(publication: Publication, language: str) -> list[dict[str, Any]]:
    page = publication.page(language, "hent") or {"sections": []}
    return [
        file
        for section in page["sections"]
        for block in section["blocks"]
        for file in block["items"]
    ]


def describe(name: str) -> TableSpecification:
    """What a table is, and each of its columns."""
    about = table(name)
    return TableSpecification(
        name=name,
        title=Translated.of(about.title),
        rows=Translated.of(about.rows),
        columns=[
            ColumnSpecification(
                name=column.name,
                type=column.type,
                unit=column.unit,
                is_key=column.name in about.key,
                meaning=Translated.of(column.text),
            )
            for column in about.columns.values()
        ],
    )


def rows_with_address(name: str, frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows of a table, each with its address: `results[indicator=x;period=2023;group=city]`."""
    for values in frame.iter_rows(named=True):
        yield {"row": str(Row(name, values).ref("x")).removesuffix(".x"), **values}


def as_csv(frame: pl.DataFrame) -> bytes:
    """The rows as the published file has them."""
    content = BytesIO()
    write_csv(frame, content)
    return content.getvalue()


def _page(publication: Publication, name: str) -> str:
    return f"/status/{publication.edition}/v/{publication.version}/{name}"
