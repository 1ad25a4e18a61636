"""The record of a run: with what it was made, so that `kvarter rebuild` can make it again.

`internal/run.json` holds the hashes of everything that went in and came out, and
`internal/policy.yaml` is the policy as it was.
"""

from __future__ import annotations

import hashlib
import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import kvarter
from kvarter import __version__
from kvarter.editions.folder import POLICY_COPY, RECORD, read_record, save_record
from kvarter.editions.internal import InternalEdition
from kvarter.editions.releases import was_held_against_all
from kvarter.errors import InputError, Problem
from kvarter.files.outputs import outputs_of
from kvarter.judgement import SEEDS
from kvarter.policy.designation import sets_compared
from kvarter.policy.model import EditionDefinition, Language, Policy
from kvarter.privacy import without_person_numbers

_LIBRARIES = (
    "altair duckdb highspy ibis-framework jinja2 polars pyarrow rapidfuzz scipy shapely "
    "statsmodels typst vl-convert-python xlsxwriter"
).split()


@dataclass(frozen=True)
class Look:
    """A file as it was when it was looked at."""

    sha256: str
    written: int
    """When, in nanoseconds: a file that was changed and changed back was another in between."""


Looks = dict[Path, Look]


def look_at(*paths: Path) -> Looks:
    """Each of the files as it is now. One that is not there is left out: its reader says so."""
    return {path: Look(sha256(path), path.stat().st_mtime_ns) for path in paths if path.is_file()}


@dataclass(frozen=True)
class RunOptions:
    """What a run was asked to do. `home`: the folder that the policy's paths are relative to.

    `seen`: the policy file and every input, as they were before they were read. `place`: the
    folder of the status. `releases`: the hash of the release ledger as it was then. `key`: the
    fingerprint of the key for pseudonyms; blank without extracts. `statement`: the file with what
    people write of the edition, and its hash; None where there is none. `lies_in`: where the record
    says that the inputs lie, where `home` is a folder of links to them.
    """

    policy_file: Path
    home: Path
    seen: Looks
    place: Path
    language: Language
    strict: bool
    releases: str
    key: str = ""
    statement: dict[str, str] | None = None
    lies_in: Path | None = None

    def refuse_changed(self) -> None:
        """Raises InputError where a file is another now than when the run began to read.

        Nobody could say which of the two the figures are of.
        """
        changed = [path for path, was in self.seen.items() if look_at(path) != {path: was}]
        if changed:
            what = "this was changed while the run read it"
            remedy = "Run again when nobody is saving it."
            raise InputError([Problem(what, remedy, str(path)) for path in changed])


class Record:
    """Collects what a run used and how long each stage took, and tells of each as it begins."""

    def __init__(self, tell: Callable[[str], None] = lambda stage: None) -> None:
        self.started = datetime.now(UTC)
        self._seconds: dict[str, float] = {}
        self._running: tuple[str, float] | None = None
        self._tell = tell

    @contextmanager
    def stage(self, stage: str) -> Iterator[None]:
        """Tell that `stage` begins, and note the seconds that the block takes."""
        self._tell(stage)
        self._running = stage, time.perf_counter()
        try:
            yield
        finally:
            self._seconds, self._running = self.seconds(), None

    def seconds(self) -> dict[str, float]:
        """How long each stage took; of the one that goes on, until now."""
        if self._running is None:
            return self._seconds
        stage, begin = self._running
        return {**self._seconds, stage: round(time.perf_counter() - begin, 3)}

    def part(self, stage: str) -> Callable[[str], None]:
        """A function that tells of a part of `stage`, as `write: report`."""
        return lambda name: self._tell(f"{stage}: {name}")

    def write(self, folder: Path, options: RunOptions, made: InternalEdition) -> None:
        """Write the record into `folder`, where all else is written already.

        Raises InputError where a file was changed while the run read it.
        """
        policy, edition = made.policy, made.definition
        as_it_is = options.policy_file.read_bytes()
        options.refuse_changed()
        text = as_it_is.decode(errors="replace")
        if without_person_numbers(text) == text:  # else nothing may keep it
            (folder / POLICY_COPY).write_bytes(as_it_is)
        content = {
            "kvarter": __version__,
            "edition": edition.id,
            "data_year": edition.data_year,
            "area_set": edition.area_set,
            "started": self.started.isoformat(timespec="seconds"),
            "language": options.language,
            "strict": options.strict,
            "policy": {
                "file": without_person_numbers(options.policy_file.name),
                "sha256": options.seen[options.policy_file].sha256,
                "home": without_person_numbers(
                    _way(options.place, options.lies_in or options.home)
                ),
            },
            "inputs": [
                {
                    "file": without_person_numbers(name),
                    "sha256": options.seen[options.home / name].sha256,
                }
                for name in input_files(policy, edition)
            ],
            "statement": options.statement,
            "rows": made.rows_by_outcome,
            "decisions": made.by_hand,
            "releases_sha256": options.releases,
            "key": options.key,
            "code_sha256": code_hash(),
            "seconds": self.seconds(),
            "seeds": SEEDS,
            "python": platform.python_version(),
            "libraries": libraries(),
        }
        save_record(content, folder)


def note_statement(file: Path, seen: Looks) -> dict[str, str] | None:
    """What a record says of a statement: its file and its hash; None where there is none."""
    return (
        {"file": f"{file.parent.name}/{file.name}", "sha256": seen[file].sha256}
        if file in seen
        else None
    )


def still_fits(policy: Policy, edition: EditionDefinition, options: RunOptions) -> bool:
    """Whether the status in its folder is what a run would make: from the same, by the same.

    The policy, every input, the key, the program and its libraries, what was asked for, and every
    file of the status are as its record says, and it was held against every release. What people
    write of it is no part of this, for no figure rests on it (`says_the_same`).
    """
    try:
        record = read_record(options.place, "policy", "inputs", "outputs")
    except InputError:
        return False
    hashes = {path: look.sha256 for path, look in options.seen.items()}
    names = input_files(policy, edition)
    inputs = {without_person_numbers(name): hashes.get(options.home / name) for name in names}
    now = {
        "edition": edition.id,
        "language": options.language,
        "strict": options.strict,
        "key": options.key,
        "code_sha256": code_hash(),
        "python": platform.python_version(),
        "libraries": libraries(),
    }
    return (
        all(record.get(name) == value for name, value in now.items())
        and was_held_against_all(options.place, record.get("releases_sha256"))
        and record["policy"]["sha256"] == hashes[options.policy_file]
        and {each["file"]: each["sha256"] for each in record["inputs"]} == inputs
        and {**outputs_of(options.place), RECORD: ""} == {**record["outputs"], RECORD: ""}
    )


def says_the_same(record: Mapping[str, Any], options: RunOptions) -> bool:
    """Whether a status was written with the statement that there is now."""
    return bool(record.get("statement") == options.statement)


@cache
def code_hash() -> str:
    """The SHA-256 of the program itself, every file of it."""
    package, found = Path(kvarter.__file__).parent, hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            found.update(path.relative_to(package).as_posix().encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def libraries() -> dict[str, str]:
    """The version of every library that figures or documents depend on."""
    return {name: version(name) for name in _LIBRARIES}


def _way(folder: Path, home: Path) -> str:
    """From the folder of a status to where its inputs lie."""
    try:
        return Path(os.path.relpath(home.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive
        return home.resolve().as_posix()


def input_files(policy: Policy, edition: EditionDefinition) -> list[str]:
    """Every file the run of an edition reads, as the policy names it, once each."""
    names = [source.file for source in policy.sources] + policy.decision_files()
    names += [statistic.file for statistic in policy.statistics]
    names += [layer.file for layer in policy.layers.values()]
    names.append(policy.area_set(edition.area_set).file)
    names += [area_set.file for area_set in sets_compared(policy, edition)]
    names += [policy.register_.file] if policy.register_ else []
    names += [policy.word_template] if policy.word_template else []
    return sorted(set(names))


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
