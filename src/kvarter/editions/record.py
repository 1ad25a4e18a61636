"""The record of a run: with what it was made, so that `kvarter rebuild` can make it again.

`internal/run.json` holds the hashes of everything that went in and came out, and
`internal/policy.yaml` is the policy as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kvarter import __version__
from kvarter.errors import InputError, Problem
from kvarter.files.outputs import INTERNAL, RECORD, outputs_of
from kvarter.judgement import SEEDS
from kvarter.policy.designation import sets_compared
from kvarter.policy.model import Edition, Language, Policy
from kvarter.privacy import without_person_numbers

POLICY_COPY = f"{INTERNAL}/policy.yaml"
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
    """Each of the files as it is now. One that is not there is left out: its reader tells of it."""
    return {path: Look(sha256(path), path.stat().st_mtime_ns) for path in paths if path.is_file()}


@dataclass(frozen=True)
class Asked:
    """What a run was asked for. `home`: the folder that the paths in the policy are relative to.

    `seen`: the policy file and every input, as they were before they were read. `place`: the
    folder of the status. `releases`: the hash of the release ledger as it was then.
    """

    policy_file: Path
    home: Path
    seen: Looks
    place: Path
    language: Language
    strict: bool
    releases: str

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
        self.durations: dict[str, float] = {}
        self._tell = tell

    @contextmanager
    def stage(self, stage: str) -> Iterator[None]:
        """Tell that `stage` begins, and note the seconds that the block takes."""
        self._tell(stage)
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.durations[stage] = round(time.perf_counter() - begin, 3)

    def part(self, stage: str) -> Callable[[str], None]:
        """A function that tells of a part of `stage`, as `write: report`."""
        return lambda name: self._tell(f"{stage}: {name}")

    def write(
        self,
        folder: Path,
        asked: Asked,
        policy: Policy,
        edition: Edition,
        counts: dict[str, Any],
        decisions: dict[str, int],
    ) -> None:
        """Write the record into `folder`, where all else is written already.

        `counts`: rows by source and outcome; `decisions`: how many were made by hand, and used.
        Raises InputError where a file was changed while the run read it.
        """
        as_it_is = asked.policy_file.read_bytes()
        asked.refuse_changed()
        text = as_it_is.decode(errors="replace")
        if without_person_numbers(text) == text:  # else nothing may keep it
            (folder / POLICY_COPY).write_bytes(as_it_is)
        content = {
            "kvarter": __version__,
            "edition": edition.id,
            "data_year": edition.data_year,
            "area_set": edition.area_set,
            "started": self.started.isoformat(timespec="seconds"),
            "language": asked.language,
            "strict": asked.strict,
            "policy": {
                "file": without_person_numbers(asked.policy_file.name),
                "sha256": asked.seen[asked.policy_file].sha256,
                "home": without_person_numbers(_way(asked.place, asked.home)),
            },
            "inputs": [
                {
                    "file": without_person_numbers(name),
                    "sha256": asked.seen[asked.home / name].sha256,
                }
                for name in input_files(policy, edition)
            ],
            "rows": counts,
            "decisions": decisions,
            "releases_sha256": asked.releases,
            "seconds": self.durations,
            "seeds": SEEDS,
            "python": platform.python_version(),
            "libraries": libraries(),
            "outputs": outputs_of(folder),
        }
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        (folder / RECORD).write_text(text, encoding="utf-8")


def libraries() -> dict[str, str]:
    """The version of every library that figures or documents depend on."""
    return {name: version(name) for name in _LIBRARIES}


def _way(folder: Path, home: Path) -> str:
    """From the folder of a status to where its inputs lie."""
    try:
        return Path(os.path.relpath(home.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive
        return home.resolve().as_posix()


def input_files(policy: Policy, edition: Edition) -> list[str]:
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
