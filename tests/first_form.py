"""Editions as Kvarter wrote them before there was an `edition.json`."""

from __future__ import annotations

import json
from pathlib import Path

from kvarter.editions.folder import DATA, EDITION, INTERNAL, RECORD
from kvarter.editions.record import sha256


def as_first_form(folder: Path) -> None:
    """Make of an edition what Kvarter wrote before there was an `edition.json`."""
    record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    (folder / EDITION).unlink()
    for name in ("policy.json", "areas.geojson"):
        (folder / DATA / name).unlink()
    for name in ("row_outcomes", "not_placed", "case_systems", "sources"):
        for form in ("csv", "json", "parquet"):
            (folder / DATA / f"{name}.{form}").unlink()
    for path in (folder / DATA).iterdir():
        path.rename(folder / path.name)
    (folder / DATA).rmdir()
    for name in ("decisions.parquet", "notes.json"):
        (folder / INTERNAL / name).unlink()
    record["outputs"] = {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / RECORD
    }
    (folder / RECORD).write_text(json.dumps(record), encoding="utf-8")
