"""`kvarter migrate`: what people wrote in a policy file is moved into statements beside it."""

from __future__ import annotations

import shutil
from codecs import BOM_UTF8
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from yaml import YAMLError

from kvarter.errors import InputError, PolicyError, Problem
from kvarter.files.outputs import write_whole, writing
from kvarter.policy.document import Place, parse_document, read_document
from kvarter.policy.edit import comments_in, cut
from kvarter.policy.load import policy_of
from kvarter.policy.model import Policy
from kvarter.statement.agree import disagreements
from kvarter.statement.lift import COMMENTARY, lift, places_of
from kvarter.statement.load import FOLDER, statement_file
from kvarter.statement.model import Statement
from kvarter.statement.save import as_yaml


@dataclass(frozen=True)
class Moved:
    """A field that was moved: the line and the place where it stood, and the file it went to."""

    line: int
    field: str
    file: Path


def migrate(path: Path) -> list[Moved]:
    """Move what people wrote in the policy at `path` into `statements/ID.yaml` beside it.

    All other lines of the policy stay byte for byte, and the file as it was is kept as
    `POLICY.before-migration`. Returns what was moved, in the order of the file; nothing is written
    where there is nothing to move. Raises PolicyError where the policy cannot be used, and
    InputError where a file is there already that would be written.
    """
    data, lines = read_document(path)
    kept, found = lift(data)
    places = list(places_of(data))
    if not places:
        return []
    policy = policy_of(kept, lines, path)
    statements = [_statement(said, policy, path) for said in found.values()]
    as_it_was = path.read_bytes()
    text, marked = as_it_was.decode("utf-8-sig"), as_it_was.startswith(BOM_UTF8)
    remarks = _remarks(text, data, places)
    written = {
        statement_file(path.parent, each.edition): as_yaml(each, remarks.get(each.edition))
        for each in statements
    }
    rest = _without(text, places, kept, path)
    before = before_migration(path)
    _refuse_to_replace([before, *written])
    with writing(path), write_whole(path.resolve()) as aside:
        aside.write_bytes(rest.encode("utf-8-sig" if marked else "utf-8"))
        shutil.copymode(path, aside)
        before.write_bytes(as_it_was)
        for file, content in written.items():
            file.parent.mkdir(exist_ok=True)
            file.write_text(content, encoding="utf-8", newline="\n")
    return sorted(_moved(data, lines, places), key=lambda each: (each.line, each.field))


def before_migration(path: Path) -> Path:
    """Where the policy file is kept as it was."""
    return path.with_name(f"{path.name}.before-migration")


def _statement(said: dict[str, Any], policy: Policy, path: Path) -> Statement:
    """The statement of what was lifted. Raises PolicyError where it cannot be one."""
    try:
        statement = Statement.model_validate(said)
    except ValidationError as error:
        field = ".".join(map(str, error.errors()[0]["loc"]))
        what = f"what is written of the edition {said['edition']!r} cannot be moved: {field}"
        raise PolicyError.of(what, "Correct it first.", path) from None
    if wrong := list(disagreements(statement, policy)):
        problems = [(what, f"Correct or remove it first. {remedy}") for _, what, remedy in wrong]
        raise PolicyError([Problem(*each, str(path)) for each in problems])
    return statement


def _remarks(text: str, data: Any, places: list[tuple[str, int, str]]) -> dict[str, Any]:
    """Comments (`#`) beside what is moved: by edition, and by the field that they go above."""
    found: dict[str, dict[str, list[str]]] = {}
    for part, index, name in places:
        parts: list[tuple[str, str, Place]] = [(str(data[part][index].get("id")), name, ())]
        if name == COMMENTARY:
            parts = [(each, "comments", (each,)) for each in data[part][index][name]]
        for edition, field, below in parts:
            said = comments_in(text, (part, index, name, *below))
            found.setdefault(edition, {}).setdefault(field, []).extend(said)
    return found


def _without(text: str, places: list[tuple[str, int, str]], kept: Any, path: Path) -> str:
    """The text of the policy without the fields at `places`. Raises PolicyError if it cannot be."""
    rest = text
    try:
        for place in places:
            rest = cut(rest, place)
        if parse_document(rest, str(path))[0] == kept:
            return rest
    except (PolicyError, YAMLError):  # a name (&) that stood there is used elsewhere
        pass
    what = "what people write cannot be cut out of this file by itself"
    remedy = f"Move it into {FOLDER}/ by hand; docs/statement.md shows how it looks."
    raise PolicyError.of(what, remedy, path)


def _refuse_to_replace(files: list[Path]) -> None:
    if there := [file for file in files if file.exists() or file.is_symlink()]:
        what = "this is there already, and it is not written over"
        remedy = (
            "Move it elsewhere, or put into it by hand what the policy says. Nothing was moved."
        )
        raise InputError([Problem(what, remedy, str(file)) for file in there])


def _moved(data: Any, lines: dict[Place, int], places: list[tuple[str, int, str]]) -> list[Moved]:
    """Every field that was moved, a comment each by itself."""
    moved = []
    for part, index, name in places:
        member = data[part][index]
        place: Place = (part, index, name)
        label = f"{part}[{member.get('id', member.get('number'))}].{name}"
        if name != COMMENTARY:
            moved.append(Moved(lines[place], label, _beside(member["id"])))
            continue
        for edition in member[name]:
            line = lines.get((*place, edition), lines[place])
            moved.append(Moved(line, f"{label}[{edition}]", _beside(edition)))
    return moved


def _beside(edition: str) -> Path:
    return statement_file(Path(), edition)
