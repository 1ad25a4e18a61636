"""What is published, as the pages need it: looked up in the database once a second at most."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from kvarter.web.status.models import PublishedEdition
from kvarter.web.status.prepare.prepare import FIRST, PAGES, SUMMARY

_FRESH_FOR = 1.0
"""Seconds: so long after a publication a reader may still get the edition before it."""


@dataclass(frozen=True)
class Publication:
    """A version of an edition on the shelf; `summary`: which pages it has, and what is found."""

    edition: str
    version: int
    hash: str
    folder: Path
    title: dict[str, str]
    data_year: int
    published_at: dt.datetime
    note: str
    summary: dict[str, Any] = field(repr=False)

    def page(self, language: str, name: str) -> dict[str, Any] | None:
        """A prepared page; None where there is none of that name."""
        root = (self.folder / PAGES / language).resolve()
        path = root / f"{name or FIRST}.json"
        if name == FIRST or not path.is_file() or root not in path.resolve().parents:
            return None
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return content


@dataclass(frozen=True)
class Shelf:
    """All publications, and a hash that changes with any of them."""

    publications: tuple[Publication, ...]
    state: str

    def latest(self) -> tuple[Publication, ...]:
        """The last version of each edition, by the year of the data."""
        return tuple({each.edition: each for each in self.publications}.values())

    def newest(self) -> Publication | None:
        """The edition with the newest data; None before anything is published."""
        return self.latest()[-1] if self.publications else None

    def find(self, edition: str, version: int | None = None) -> Publication | None:
        """The version of an edition, or its last; None where it was never published."""
        found = [
            each
            for each in self.publications
            if each.edition == edition and version in (None, each.version)
        ]
        return found[-1] if found else None


_lock = threading.Lock()
_held: tuple[float, Shelf] | None = None


def shelf() -> Shelf:
    """What is published now."""
    global _held
    now = time.monotonic()
    if _held is None or now - _held[0] > _FRESH_FOR:
        with _lock:
            if _held is None or now - _held[0] > _FRESH_FOR:
                _held = (time.monotonic(), _read())
    return _held[1]


def look_again() -> None:
    """Look in the database at the next request: what this process published is seen at once."""
    global _held
    _held = None


def _read() -> Shelf:
    publications = tuple(
        Publication(
            edition=row.edition,
            version=row.version,
            hash=row.hash,
            folder=Path(settings.PUBLISHED) / row.folder,
            title={"da": row.title_da, "en": row.title_en},
            data_year=row.data_year,
            published_at=row.published_at,
            note=row.note,
            summary=_summary(Path(settings.PUBLISHED) / row.folder, row.hash),
        )
        for row in PublishedEdition.objects.order_by("data_year", "edition", "version")
    )
    told = [f"{each.edition} {each.version} {each.hash}" for each in publications]
    return Shelf(publications, hashlib.sha256("\n".join(told).encode()).hexdigest())


@lru_cache(maxsize=256)
def _summary(folder: Path, digest: str) -> dict[str, Any]:
    """`digest`: of all files in the folder, which so are read once."""
    summary: dict[str, Any] = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    return summary
