"""What several tests share: the example city, made once a session, and its statuses."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable, Generator, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import pytest
from hypothesis import settings

from kvarter.editions import InternalEdition
from kvarter.editions.record import Record
from kvarter.editions.releases import Released, read_releases
from kvarter.i18n import Locale, in_language
from kvarter.pipeline import run as pipeline
from kvarter.pipeline.demo import demo
from kvarter.pipeline.run import choose_edition
from kvarter.pipeline.stages import Extracts, Task
from kvarter.policy import load_policy
from kvarter.statement import statement_of
from middle import WithMiddle, with_middle

ROOT = Path(__file__).parents[1]
# Beside the checkout, or further up where the checkout lies deeper.
SHARED = next(
    (data for up in ROOT.parents if (data := up / "shared" / "data").is_dir()),
    ROOT.parent / "shared" / "data",
)
IN_CI = bool(os.environ.get("CI"))
settings.register_profile("patient", deadline=None)  # no test depends on how fast a computer is
settings.load_profile("patient")
sys.path.insert(0, str(ROOT / "examples" / "copenhagen"))


def status_of(
    policy_file: Path,
    edition: str | None = None,
    *,
    strict: bool = False,
    released: Released | None = None,
) -> WithMiddle:
    """A status in memory, with the test key."""
    from hamlet import KEY
    from kvarter.cases import Pseudonyms

    policy = load_policy(policy_file)
    chosen = choose_edition(policy, edition, policy_file)
    policy, home = policy.as_of(chosen), policy_file.parent
    extracts = Extracts(policy, home, Pseudonyms(KEY), strict)
    statement = statement_of(home, chosen.id, policy)
    task = Task(policy, home, chosen, released or Released(), statement)
    # By its module, so that the middle of it can be watched.
    return with_middle(lambda: pipeline.make(extracts, task, Record()).of(InternalEdition))


@cache
def usual_status() -> WithMiddle:
    """The status of the hamlet as it is, in memory: made once, for it cannot be changed."""
    from hamlet import build

    with TemporaryDirectory() as folder:
        return status_of(build(Path(folder)))


def needed(path: Path) -> Path:
    """`path`, which a test cannot do without: skipped where it is absent, and failed in CI."""
    if not path.exists():
        absent = f"there is no {path}"
        pytest.fail(absent) if IN_CI else pytest.skip(absent)
    return path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of the example city first: one process makes it, and the other tests all else."""
    items.sort(key=lambda item: "city" not in getattr(item, "fixturenames", ()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skipped test is a failed one: nobody reads the list of what was not tried."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that is skipped."""
    report = yield
    if IN_CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(autouse=True, scope="session")
def no_wait_for_the_disk() -> Iterator[None]:
    """No test cuts the power: what is written need not be on the disk before the test goes on."""
    with mock.patch("os.fsync"):
        yield


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


@pytest.fixture(scope="session")
def city_status(city: Path) -> WithMiddle:
    """The city's last status, in memory."""
    return status_of(city / "policy.yaml", released=read_releases(city / "status"))


@pytest.fixture
def make_copy(city: Path, tmp_path: Path) -> Callable[[], Path]:
    """A function that copies the city (by links) with extracts of its own, to be changed."""

    def copy() -> Path:
        folder = tmp_path / "copy"
        (folder / "extracts").mkdir(parents=True)
        for path in city.iterdir():
            if path.name not in ("extracts", "status"):
                (folder / path.name).symlink_to(path)
        for path in (city / "extracts").iterdir():
            (folder / "extracts" / path.name).write_bytes(path.read_bytes())
        return folder

    return copy


@pytest.fixture
def in_danish() -> Iterator[None]:
    """What a test asks for is said in Danish."""
    with in_language(Locale("da")):
        yield


@pytest.fixture
def in_english() -> Iterator[None]:
    """What a test asks for is said in English."""
    with in_language(Locale("en")):
        yield
