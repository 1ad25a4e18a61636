"""Editions as Kvarter wrote them before: without an `edition.json`, or without a statement."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from kvarter.editions.folder import DATA, EDITION, INTERNAL, POLICY_COPY, RECORD, STATEMENT
from kvarter.editions.record import sha256


def as_first_form(folder: Path) -> None:
    """Make of an edition what Kvarter wrote before there was an `edition.json`."""
    as_before_statements(folder)
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
    _note(folder, record)


def with_its_words(policy: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """A policy of before there were statements, with what is said of its last edition in it."""
    edition = policy["editions"][-1]
    edition |= {name: said[name] for name in ("signed_by", "next_steps") if name in said}
    comments = {str(goal): comment for goal, comment in said.get("comments", {}).items()}
    for goal in policy["goals"]:
        if comment := comments.get(str(goal["number"])):
            goal["commentary"] = {edition["id"]: comment}
    return policy


def as_before_statements(folder: Path) -> None:
    """Make of an edition what Kvarter wrote when what people write was part of the policy."""
    record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    said = json.loads((folder / STATEMENT).read_text(encoding="utf-8"))
    (folder / STATEMENT).unlink()
    content = json.loads((folder / EDITION).read_text(encoding="utf-8"))
    del content["statement"], record["statement"]
    (folder / EDITION).write_text(json.dumps(content), encoding="utf-8")
    if said.keys() != {"edition"}:
        file, copy = folder / DATA / "policy.json", folder / POLICY_COPY
        policy = with_its_words(json.loads(file.read_text(encoding="utf-8")), said)
        file.write_text(json.dumps(policy), encoding="utf-8")
        policy = with_its_words(yaml.safe_load(copy.read_text(encoding="utf-8")), said)
        copy.write_text(yaml.safe_dump(policy, allow_unicode=True), encoding="utf-8")
        record["policy"]["sha256"] = sha256(copy)
    _note(folder, record)


def _note(folder: Path, record: dict[str, Any]) -> None:
    """Write the record, with the files as they are now."""
    record["outputs"] = {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / RECORD
    }
    (folder / RECORD).write_text(json.dumps(record), encoding="utf-8")
