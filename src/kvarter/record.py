"""The record of a run, `run.json`: with what it was made, so that it can be made again."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kvarter import __version__
from kvarter.errors import without_person_numbers
from kvarter.judgement import SEEDS
from kvarter.policy.designation import sets_compared
from kvarter.policy.model import Edition, Policy

_LIBRARIES = ["duckdb", "ibis-framework", "polars", "pyarrow", "rapidfuzz", "scipy", "shapely"]


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

    def write(
        self,
        path: Path,
        policy_file: Path,
        policy: Policy,
        edition: Edition,
        counts: dict[str, Any],
        decisions: dict[str, int],
        releases: str,
    ) -> None:
        """Write the record to `path`.

        `counts`: rows by source and outcome; `decisions`: how many were made by hand, and used;
        `releases`: the hash of the release ledger that the run knew.
        """
        content = {
            "kvarter": __version__,
            "edition": edition.id,
            "data_year": edition.data_year,
            "area_set": edition.area_set,
            "started": self.started.isoformat(timespec="seconds"),
            "policy": {
                "file": without_person_numbers(policy_file.name),
                "sha256": sha256(policy_file),
            },
            "inputs": [
                {
                    "file": without_person_numbers(name),
                    "sha256": sha256(policy_file.parent / name),
                }
                for name in input_files(policy, edition)
            ],
            "rows": counts,
            "decisions": decisions,
            "releases_sha256": releases,
            "seconds": self.durations,
            "seeds": SEEDS,
            "python": platform.python_version(),
            "libraries": {name: version(name) for name in _LIBRARIES},
        }
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def input_files(policy: Policy, edition: Edition) -> list[str]:
    """Every file the run of an edition reads, as the policy names it, once each."""
    names = [source.file for source in policy.sources] + policy.decision_files()
    names += [statistic.file for statistic in policy.statistics]
    names += [layer.file for layer in policy.layers.values()]
    names.append(policy.area_set(edition.area_set).file)
    names += [area_set.file for area_set in sets_compared(policy, edition)]
    names += [policy.register_.file] if policy.register_ else []
    return sorted(set(names))


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
