"""What several tests share: the example city, made once a session, and its statuses."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kvarter.demo import demo
from kvarter.policy import load_policy
from kvarter.record import Record
from kvarter.report import Status
from kvarter.run import choose_edition, make_status

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("KVARTER_SHARED", ROOT.parent / "shared" / "data"))
sys.path.insert(0, str(ROOT / "examples" / "copenhagen"))


def status_of(policy_file: Path, edition: str | None = None, *, strict: bool = False) -> Status:
    """A status in memory, with the test key."""
    from hamlet import KEY
    from kvarter.cases import Pseudonyms

    policy = load_policy(policy_file)
    chosen = choose_edition(policy, edition, policy_file)
    pseudonyms = Pseudonyms(KEY.encode())
    return make_status(policy, policy_file.parent, chosen, pseudonyms, Record(), strict=strict)


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Path]:
    """The demo's folder, made once for all test processes: nobody may write in it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    folder = shared / "city"
    with (shared / "city.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "status" / "2024").exists():
            demo(folder, "da", lambda stage: None)
    yield folder


@pytest.fixture
def make_copy(city: Path, tmp_path: Path) -> Callable[[], Path]:
    """A function that copies the city (by links) with extracts of its own, to be changed."""

    def copy() -> Path:
        folder = tmp_path / "copy"
        (folder / "extracts").mkdir(parents=True)
        for path in city.iterdir():
            if path.is_file():
                (folder / path.name).symlink_to(path)
        for path in (city / "extracts").iterdir():
            (folder / "extracts" / path.name).write_bytes(path.read_bytes())
        return folder

    return copy
