"""An edition's folder to a folder that the site shows: its files, its pages, its pictures.

files/            what everybody may fetch, as the run wrote it
pages/da/         a JSON file for each page; `index.json` is the first
pictures/         drawings
summary.json      which goals, areas and criteria it has, and what search looks in
manifest.json     the SHA-256 of every other file
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kvarter.documents.contents import area_contents, goals
from kvarter.editions import Edition, open_edition
from kvarter.i18n import Locale, in_language
from kvarter.policy.model import Language
from kvarter.web.status.prepare.about import edition_page
from kvarter.web.status.prepare.areas import area_page, areas_page
from kvarter.web.status.prepare.content import Glance, Page
from kvarter.web.status.prepare.criteria import criteria_pages
from kvarter.web.status.prepare.files import downloads_page, public_files
from kvarter.web.status.prepare.glance import glance
from kvarter.web.status.prepare.goal import goal_page
from kvarter.web.status.prepare.pictures import Pictures
from kvarter.web.status.prepare.quality import quality_page

LANGUAGES: tuple[Language, ...] = ("da", "en")
FILES, PAGES, PICTURES = "files", "pages", "pictures"
SUMMARY, MANIFEST = "summary.json", "manifest.json"
FIRST = "index"
"""The name of the first page's file: within an edition it has the empty name."""


@dataclass(frozen=True)
class Prepared:
    """What was prepared. `hash`: of the manifest, and so of every file."""

    edition: str
    title: dict[str, str]
    data_year: int
    hash: str


def prepare(folder: Path, into: Path) -> Prepared:
    """Write what the site shows of the edition in `folder` into `into`, a new folder.

    Raises InputError where there is no edition, or a file of it is damaged.
    """
    edition = open_edition(folder)
    for path in public_files(folder):
        (into / FILES / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / path, into / FILES / path)
    found = {}
    for language in LANGUAGES:
        pictures = Pictures()
        with in_language(Locale(language).of(edition.policy)):
            first, pages = glance(edition, pictures), list(_pages(edition, folder, pictures))
        write_page(first, into, language, FIRST)
        for page in pages:
            write_page(page, into, language, page.name)
        for name, svg in pictures.files.items():
            (into / PICTURES).mkdir(exist_ok=True)
            (into / PICTURES / name).write_text(svg, encoding="utf-8")
        found[language] = _index(first, pages)
    title: dict[str, str] = {
        language: Locale(language).say(edition.definition.title) for language in LANGUAGES
    }
    _write_json({**_summary(edition), "search": found}, into / SUMMARY)
    return Prepared(edition.definition.id, title, edition.definition.data_year, seal(into))


def _pages(edition: Edition, folder: Path, pictures: Pictures) -> Iterator[Page]:
    """Every page of an edition but the first."""
    for goal, said in zip(edition.policy.goals, goals(edition), strict=True):
        yield goal_page(edition, goal, said, pictures)
    yield areas_page(edition, pictures)
    for area in area_contents(edition):
        yield area_page(edition, area)
    yield from criteria_pages(edition, pictures)
    yield quality_page(edition)
    yield edition_page(edition)
    yield downloads_page(edition, folder)


def write_page(page: Page | Glance, into: Path, language: Language, name: str) -> None:
    """Write a prepared page where the site looks for it."""
    path = into / PAGES / language / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_json(asdict(page), path)


def seal(folder: Path) -> str:
    """Write the manifest of `folder`, and return its SHA-256."""
    hashes = {
        path.relative_to(folder).as_posix(): _sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }
    _write_json(hashes, folder / MANIFEST)
    return _sha256(folder / MANIFEST)


def changed_files(folder: Path) -> list[str]:
    """The files of a published folder that are not as they were when it was sealed."""
    sealed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    found = [
        name
        for name, digest in sealed.items()
        if not (folder / name).is_file() or _sha256(folder / name) != digest
    ]
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    return sorted({*found, *(there - sealed.keys() - {MANIFEST})})


def _summary(edition: Edition) -> dict[str, Any]:
    area_set = edition.policy.area_set(edition.definition.area_set)
    return {
        "municipality": edition.policy.municipality.name,
        "goals": [goal.number for goal in edition.policy.goals],
        "areas": {area.id: area.name for area in area_set.areas},
        "criteria": [criterion.id for criterion in edition.policy.criteria],
    }


def _index(first: Glance, pages: list[Page]) -> list[list[str]]:
    """What search looks in: name, title, and words besides."""
    return [["", first.title, ""], *([page.name, page.title, page.about] for page in pages)]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_json(content: Any, path: Path) -> None:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=False)
    path.write_text(text + "\n", encoding="utf-8")
