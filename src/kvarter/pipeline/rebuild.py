"""`kvarter rebuild`: an old edition made again from its record and inputs, as known then.

The record says what everything was: the policy (a copy lies with the status), each input (by its
hash), the language, and what had been released. Made of the same, the edition must come out the
same, byte for byte; where it does not, that is said file by file.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from kvarter import __version__
from kvarter.cases.key import find_key
from kvarter.editions.folder import DATA, POLICY_COPY, RECORD, REVIEWS, STATEMENT, read_record
from kvarter.editions.record import (
    Record,
    RunOptions,
    input_files,
    libraries,
    look_at,
    sha256,
)
from kvarter.editions.releases import read_releases
from kvarter.errors import InputError, Problem
from kvarter.files.outputs import outputs_of, refuse_to_replace
from kvarter.pipeline.run import choose_edition, make
from kvarter.pipeline.runner import take
from kvarter.pipeline.stages import WRITE, Extracts, Task
from kvarter.policy import Policy
from kvarter.policy.model import EditionDefinition
from kvarter.statement import Statement, load_statement
from kvarter.statement.lift import open_policy

Difference = Literal["same", "differs", "missing", "new"]
NOT_COMPARED = {RECORD}  # it tells the time


@dataclass(frozen=True)
class Rebuilt:
    """An edition made again.

    `files`: each file, and whether it came out as it was made then. `tampered`: files of the old
    edition that are no longer as they were made. `versions`: what is another version now, then
    and now.
    """

    folder: Path
    files: dict[str, Difference]
    tampered: list[str]
    versions: dict[str, tuple[str, str]]

    @property
    def same(self) -> bool:
        return set(self.files.values()) == {"same"}


def rebuild(
    status: Path,
    out: Path,
    inputs: list[Path] | None = None,
    key_file: Path | None = None,
    tell: Callable[[str], None] = lambda stage: None,
) -> Rebuilt:
    """Make the edition in the folder `status` again, in `out/EDITION`.

    `inputs`: where to look for the files it read, besides where they lay then. Raises InputError
    where the record or a file of that time cannot be found, and as `kvarter.pipeline.run.run` does.
    """
    then = _read_record(status)
    policy, edition, written = _policy_of(status, then)
    places = [status / then["policy"]["home"], *(inputs or [])]
    statement = _statement_of(status, then, places, written)
    pseudonyms = find_key(key_file) if policy.sources else None
    released = read_releases(status.parent, then["releases_sha256"])
    wanted = {
        name: one["sha256"]
        for name, one in zip(input_files(policy, edition), then["inputs"], strict=True)
    }
    folder = out / edition.id
    if folder.exists() and folder.samefile(status):
        raise InputError.of("this is the edition itself", "Give another folder with --out.", folder)
    refuse_to_replace(folder, RECORD, REVIEWS)
    with _inputs_of_then(wanted, places) as home:
        seen = look_at(status / POLICY_COPY, *(home / name for name in wanted))
        options = RunOptions(
            *(status / POLICY_COPY, home, seen, folder, then["language"], then["strict"]),
            releases=then["releases_sha256"],
            key=pseudonyms.fingerprint() if pseudonyms else "",
            statement=then.get("statement"),
        )
        record = Record(tell)
        extracts = Extracts(policy, home, pseudonyms, options.strict)
        known = make(extracts, Task(policy, home, edition, released, statement), record)
        take(WRITE, known.with_(options, record), record)
    now = outputs_of(folder)
    return Rebuilt(
        folder,
        files=_differences(_where_now(then["outputs"], now), now),
        tampered=[name for name, was in then["outputs"].items() if _hash(status / name) != was],
        versions=_other_versions(then),
    )


def _read_record(status: Path) -> dict[str, Any]:
    record = read_record(status)
    if not {"policy", "inputs", "outputs"} <= record.keys():
        raise InputError.of(
            f"Kvarter {record.get('kvarter', '')} did not yet note all that a rebuild needs",
            "Run the edition again with `kvarter run --edition`, and keep what it gives.",
            status / RECORD,
        )
    return record


def _policy_of(
    status: Path, then: dict[str, Any]
) -> tuple[Policy, EditionDefinition, Mapping[str, Any]]:
    """The policy as it was, as far as the edition could know it; and what was written in it."""
    copy = status / POLICY_COPY
    if _hash(copy) != then["policy"]["sha256"]:
        what = "is not as it was" if copy.exists() else "is not there"
        raise InputError.of(
            f"the copy of the policy {what}",
            f"Bring {then['policy']['file']} of {then['started'][:10]} back from a backup, and "
            f"put it here under this name (SHA-256 {then['policy']['sha256']}).",
            copy,
        )
    policy, written = open_policy(copy)
    edition = choose_edition(policy, then["edition"], copy)
    return policy.as_of(edition), edition, written.get(edition.id, {"edition": edition.id})


def _statement_of(
    status: Path, then: dict[str, Any], places: list[Path], written: Mapping[str, Any]
) -> Statement:
    """The statement as it was; `written`: what stood in the policy, before there were statements.

    Where the edition has lost it, it is taken from the file it was read from, if that is unchanged.
    """
    kept, noted = status / STATEMENT, then.get("statement")
    if STATEMENT not in then["outputs"]:
        return Statement.model_validate(written)
    if _hash(kept) == then["outputs"][STATEMENT]:
        return Statement.model_validate_json(kept.read_text(encoding="utf-8"))
    if noted is None:
        return Statement.empty(then["edition"])
    for place in places:
        if _hash(place / noted["file"]) == noted["sha256"]:
            return load_statement(place / noted["file"])
    raise InputError.of(
        "the statement of the edition is not as it was",
        f"Find {noted['file']} in a backup, put it in a folder under this name, and give the "
        f"folder with --inputs. Its SHA-256 is {noted['sha256']}.",
        kept,
    )


@contextmanager
def _inputs_of_then(wanted: dict[str, str], places: list[Path]) -> Iterator[Path]:
    """A folder where every input is as it was: one of `places`, or links to the right files."""
    found = {
        name: next((place for place in places if _hash(place / name) == was), None)
        for name, was in wanted.items()
    }
    problems = [
        Problem(
            "it is not as it was then" if (places[0] / name).exists() else "it is not there",
            "Find it in a backup, put it in a folder under this name, and give the folder with "
            f"--inputs. Its SHA-256 is {wanted[name]}.",
            str(places[0] / name),
        )
        for name, place in found.items()
        if place is None
    ]
    if problems:
        raise InputError(problems)
    used = {place for place in found.values() if place is not None} or {places[0]}
    if len(used) == 1:
        yield used.pop()
        return
    with tempfile.TemporaryDirectory() as gathered:
        for name, place in found.items():
            assert place is not None
            _link(place / name, Path(gathered) / name)
        yield Path(gathered)


def _link(file: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        to.symlink_to(file.resolve())
    except OSError:  # a system or a user that may make none
        shutil.copyfile(file, to)


def _hash(path: Path) -> str:
    """The SHA-256 of a file; nothing where there is none."""
    return sha256(path) if path.is_file() else ""


def _where_now(then: dict[str, str], now: dict[str, str]) -> dict[str, str]:
    """The files of then, by the names that they have now: tables lay beside the documents once."""
    return {
        name if name in now or f"{DATA}/{name}" not in now else f"{DATA}/{name}": was
        for name, was in then.items()
    }


def _differences(then: dict[str, str], now: dict[str, str]) -> dict[str, Difference]:
    found: dict[str, Difference] = {}
    for name in sorted({*then, *now} - NOT_COMPARED):
        if name not in now:
            found[name] = "missing"
        elif name not in then:
            found[name] = "new"
        else:
            found[name] = "same" if then[name] == now[name] else "differs"
    return found


def _other_versions(then: dict[str, Any]) -> dict[str, tuple[str, str]]:
    now = {"kvarter": __version__, **libraries()}
    was = {"kvarter": then["kvarter"], **then["libraries"]}
    return {
        name: (was.get(name, "–"), now.get(name, "–"))
        for name in sorted({*was, *now})
        if was.get(name) != now.get(name)
    }
