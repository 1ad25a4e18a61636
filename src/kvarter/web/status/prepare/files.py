"""The files of an edition that everybody may fetch, under names that say what they are."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from kvarter.editions import Edition
from kvarter.editions.folder import INTERNAL
from kvarter.i18n import _, locale
from kvarter.tables import public_tables
from kvarter.web.status.prepare.content import File, Files, Page, Section
from kvarter.web.status.prepare.pieces import text

_FORMS = {
    ".csv": "CSV",
    ".docx": "Word",
    ".geojson": "GeoJSON",
    ".html": "HTML",
    ".json": "JSON",
    ".jsonld": "JSON-LD",
    ".parquet": "Parquet",
    ".pdf": "PDF",
    ".xlsx": "Excel",
}


def public_files(folder: Path) -> list[Path]:
    """Every file of an edition's folder that may be published, by its path there."""
    return sorted(
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.is_file()
        and INTERNAL not in path.relative_to(folder).parts
        and not path.name.startswith(".")
    )


def downloads_page(edition: Edition, folder: Path) -> Page:
    """Documents first, then the tables and what describes them."""
    every = [_file(edition, folder, path) for path in public_files(folder)]
    documents = tuple(each for each in every if "/" not in each.path or "annex/" in each.path)
    documents = tuple(each for each in documents if not each.path.endswith(".json"))
    tables = tuple(each for each in every if each not in documents)
    note = _(
        "The name of each file says which municipality, policy, edition and table it is of, so "
        "that it explains itself wherever it is kept."
    )
    return Page(
        name="hent",
        title=_("Documents and data"),
        lead=text(note),
        sections=(
            Section(_("Documents"), (Files(documents),)),
            Section(_("Tables and descriptions"), (Files(tables),)),
        ),
        about=_("Documents and data"),
    )


def _file(edition: Edition, folder: Path, path: Path) -> File:
    name = "_".join(
        [
            slug(edition.policy.municipality.name),
            slug(locale.say(edition.policy.title)),
            edition.definition.id,
            slug("-".join(path.with_suffix("").parts)),
        ]
    )
    form = _FORMS.get(path.suffix, path.suffix.lstrip(".").upper())
    title = f"{_title(path)} ({form})"
    read = _("{title}: read it here", title=_title(path)) if path.suffix == ".html" else ""
    return File(path.as_posix(), name + path.suffix, title, (folder / path).stat().st_size, read)


def _title(path: Path) -> str:
    """What a file is, in words."""
    stem = path.name.split(".")[0]
    tables = {name: one.title for name, one in public_tables().items()}
    if path.parts[0] == "data" and stem in tables:
        return locale.say(tables[stem])
    if path.parts[0] == "annex":
        return _("Annex: {title}", title=_("Goal {number}", number=int(stem.split("-")[1])))
    words = {
        "report": _("Report"),
        "memo": _("Cover memo"),
        "summary": _("Summary"),
        "tables": _("All tables in one workbook"),
        "policy": _("The policy as it was"),
        "statement": _("What the administration says"),
        "areas": _("The areas on the map"),
        "datapackage": _("Description of the tables (Frictionless)"),
        "dataset": _("Description for data catalogues (DCAT)"),
        "edition": _("Which edition this is"),
    }
    return words.get(stem, stem.replace("_", " "))


def slug(text: str) -> str:
    """`text` for a name of a file or an address: small letters, digits and hyphens."""
    letters = text.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    plain = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
