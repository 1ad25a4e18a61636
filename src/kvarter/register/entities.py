"""The entity files of the national data distributor -> where each entity's records stand.

Datafordeler's total downloads hold one entity a file, as NDJSON (a record a line) or as a JSON
array, each mostly in a zip of its own. The entity is told by the file's name, such as
`DAR_V1_Husnummer_TotalDownload_json_Bitemporal_300.zip` or `Husnummer.ndjson`: assumed, as the
names have changed with the versions of the service; what counts is that the entity's name stands
in it as a word. A file may also be gzipped.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from kvarter.errors import InputError

ENTITIES = (
    *("Adresse", "Husnummer", "NavngivenVej", "Adressepunkt", "Postnummer"),
    *("SupplerendeBynavn", "NavngivenVejKommunedel", "NavngivenVejPostnummerRelation"),
    "DARKommuneinddeling",
)
REQUIRED = ("Adresse", "Husnummer", "NavngivenVej", "Adressepunkt", "Postnummer")
_OTHER_NAMES = {
    "navngivenvejpostnummer": "NavngivenVejPostnummerRelation",
    "kommuneinddeling": "DARKommuneinddeling",
}
_BY_NAME = {name.casefold(): name for name in ENTITIES} | _OTHER_NAMES
_SUFFIXES = (".json", ".ndjson", ".jsonl", ".geojson")

Files = dict[str, list[Path]]


def find_entities(path: Path, unpacked: Path) -> Files:
    """The files of each entity in the folder or zip `path`; zips are unpacked into `unpacked`.

    Raises InputError where a zip cannot be read, or a required entity is missing.
    """
    files: Files = defaultdict(list)
    for name, file in _all_files(path, unpacked):
        entity = _entity_of(name)
        if entity:
            files[entity].append(file)
    missing = [name for name in REQUIRED if name not in files]
    if missing:
        raise InputError.of(
            f"there is no file of the entity {', '.join(missing)}",
            f"Found: {', '.join(sorted(files)) or 'none'}. Download the entities as JSON, and "
            f"put the files in one folder or zip: {', '.join(ENTITIES[:-1])}.",
            path,
        )
    return {name: sorted(found) for name, found in files.items()}


def _all_files(path: Path, unpacked: Path) -> Iterator[tuple[str, Path]]:
    """The name and place of each data file."""
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.suffix.lower() == ".zip":
            yield from _unpack(file, unpacked)
        elif file.is_file():
            yield file.name, file


def _unpack(archive: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """The entity files in a zip, each unpacked under a name of ours."""
    try:
        with zipfile.ZipFile(archive) as opened:
            for number, member in enumerate(opened.infolist()):
                name = Path(member.filename).name
                # In a zip of one entity the member's name may say less than the zip's.
                full = name if _entity_of(name) else f"{archive.stem} {name}"
                if member.is_dir() or not _entity_of(full):
                    continue
                place = folder / f"{archive.stem}-{number}{''.join(Path(name).suffixes[-2:])}"
                with opened.open(member) as source, place.open("wb") as target:
                    shutil.copyfileobj(source, target)
                yield full, place
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        raise InputError.of(
            f"the zip cannot be unpacked: {error}", "Download it again.", archive
        ) from None


def _entity_of(name: str) -> str | None:
    stem = name.casefold().removesuffix(".gz")
    if not stem.endswith(_SUFFIXES):
        return None
    words = re.split(r"[^a-zæøå]+", stem.rsplit(".", 1)[0])
    found = [_BY_NAME[word] for word in words if word in _BY_NAME]
    return found[0] if found else None
