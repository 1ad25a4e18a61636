"""What the tests of the site share: a site for each process, and a fresh database for each test."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from filecmp import cmp
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from hamlet import build, run_in
from kvarter.editions.releases import LEDGER, release
from web.example import make_demo_site
from web.postgres import Cluster

_numbers = count(1)


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The site of this process, made as `kvarter site init` makes one."""
    for name in ("DATABASE_URL", "KVARTER_SITE", "DJANGO_SETTINGS_MODULE"):
        os.environ.pop(name, None)
    folder = tmp_path_factory.mktemp("site") / "site"
    from kvarter.web.site.start import make_site

    make_site(folder, "Prøvekøbing Kommune", ["localhost", "testserver"])
    from django.db import connections

    connections.close_all()  # so that all is in the file, and nothing beside it
    shutil.copyfile(folder / "site.sqlite3", folder / "template.sqlite3")
    yield folder
    os.environ.pop("KVARTER_SITE", None)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """PostgreSQL, with a database that is brought up to date and copied for each test."""
    made = Cluster(tmp_path_factory.mktemp("pg") / "cluster")
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def template(cluster: Cluster, site_folder: Path) -> str:
    """The name of that database."""
    from django.core.management import call_command

    cluster.sql("CREATE DATABASE template_of_site")
    with _using(_postgresql(cluster.url("template_of_site"))):
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
    return "template_of_site"


def _postgresql(url: str) -> dict[str, Any]:
    from kvarter.web.site.settings import _postgresql as settings

    return settings(url) | {"CONN_MAX_AGE": 0}


class _using:  # noqa: N801
    """Let Django use another database for a while."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings

    def __enter__(self) -> None:
        from django.db import connections

        connections["default"].close()
        self.before = connections.settings["default"]
        connections.settings["default"] = connections.configure_settings(
            {"default": self.settings}
        )["default"]
        del connections["default"]

    def __exit__(self, *_: object) -> None:
        from django.db import connections

        connections["default"].close()
        connections.settings["default"] = self.before
        del connections["default"]


@pytest.fixture
def published_root(site_folder: Path, tmp_path: Path) -> Iterator[Path]:
    """An empty shelf, with a log and a mail folder of its own."""
    from django.conf import settings

    from kvarter.web.status.shelf import look_again

    root = tmp_path / "published"
    root.mkdir()
    names = ("PUBLISHED", "AUDIT_MIRROR", "EMAIL_FILE_PATH")
    before = {name: getattr(settings, name) for name in names}
    settings.PUBLISHED = root
    settings.AUDIT_MIRROR = tmp_path / "audit.jsonl"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    look_again()
    yield root
    for name, value in before.items():
        setattr(settings, name, value)
    look_again()


@pytest.fixture
def drafts(site_folder: Path, town: Path, tmp_path: Path) -> Iterator[Path]:
    """Where editions in the making take their figures from: the town's status, as `town/2024`."""
    from django.conf import settings

    before, root = settings.DRAFTS, tmp_path / "drafts"
    shutil.copytree(town.parent, root / "town", ignore=shutil.ignore_patterns(LEDGER))
    settings.DRAFTS = root
    yield root
    settings.DRAFTS = before


@pytest.fixture
def site(site_folder: Path, published_root: Path, tmp_path: Path) -> Iterator[None]:
    """An empty site on SQLite."""
    from kvarter.web.site.settings import _sqlite

    path = tmp_path / "site.sqlite3"
    shutil.copyfile(site_folder / "template.sqlite3", path)
    with _using(_sqlite(str(path))):
        yield


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, published_root: Path) -> Iterator[str]:
    """An empty site on each engine in turn, for real."""
    if request.param == "sqlite":
        request.getfixturevalue("site")
        yield "sqlite"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    template = request.getfixturevalue("template")
    name = f"test_{next(_numbers)}"
    cluster.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    with _using(_postgresql(cluster.url(name))):
        yield "postgresql"
    cluster.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def make_user(site_folder: Path) -> Callable[..., Any]:
    """A function that makes a user with roles."""
    from kvarter.web.accounts.models import RoleGrant, User

    def make(*roles: str, password: str = "", **limits: str) -> User:
        number = next(_numbers)
        user = User(email=f"user{number}@example.org", name=f"Bruger {number}")
        user.set_password(password) if password else user.set_unusable_password()
        user.save()
        for role in roles:
            RoleGrant.objects.create(user=user, role=role, source="local", **limits)
        return user

    return make


@pytest.fixture(scope="session")
def prepared_town(
    site_folder: Path, town: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Any]:
    """What `prepare` makes of the town: the folder, and what it returns."""
    from kvarter.web.status.prepare.prepare import prepare

    folder = tmp_path_factory.mktemp("prepared")
    return folder, prepare(town, folder)


@pytest.fixture
def drawn_before(prepared_town: tuple[Path, Any], town: Path) -> Iterator[None]:
    """Prepare the town by copying what was prepared of it: to draw takes seconds."""
    from kvarter.web.status.actions import publish
    from kvarter.web.status.prepare.prepare import prepare

    folder, prepared = prepared_town
    words = Path("data", "statement.json")

    def copy(source: Path, into: Path) -> Any:
        if not (source / words).is_file() or not cmp(source / words, town / words, shallow=False):
            return prepare(source, into)
        shutil.copytree(folder, into, dirs_exist_ok=True)
        return prepared

    with mock.patch.object(publish, "prepare", copy):
        yield


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The hamlet's status of 2024, made once for all processes; nobody may write in it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    folder = shared / "web-town"
    with (shared / "web-town.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "status" / "2024" / "edition.json").exists():
            run_in(build(folder), folder / "status")
            # As it would be on record once the site has published it.
            where = "https://localhost/status/2024/"
            release(folder / "status" / "2024", "Karen", where, dt.date(2024, 11, 1))
    return folder / "status" / "2024"


@pytest.fixture(scope="session")
def demo_site(city: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of the example city's site, with three editions; nobody may write in it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "demo-site"
    make_demo_site(city, folder)
    return folder


@pytest.fixture
def demo(demo_site: Path, site_folder: Path, tmp_path: Path) -> Iterator[Path]:
    """The example city's site within this process, with a copy of its database."""
    from django.conf import settings

    from kvarter.web.site.settings import _sqlite
    from kvarter.web.status.shelf import look_again

    copy = tmp_path / "demo.sqlite3"
    with (
        closing(sqlite3.connect(demo_site / "site.sqlite3")) as one,
        closing(sqlite3.connect(copy)) as two,
    ):
        one.backup(two)
    before = settings.PUBLISHED, settings.AUDIT_MIRROR, settings.DRAFTS
    settings.PUBLISHED, settings.AUDIT_MIRROR = demo_site / "published", tmp_path / "audit.jsonl"
    settings.DRAFTS = demo_site / "drafts"
    look_again()
    with _using(_sqlite(str(copy))):
        yield demo_site
    settings.PUBLISHED, settings.AUDIT_MIRROR, settings.DRAFTS = before
    look_again()


@pytest.fixture
def client(site_folder: Path) -> Any:
    """Somebody's browser, without scripts and over HTTPS."""
    from django.test import Client

    return Client(headers={"host": "localhost", "x-forwarded-proto": "https"}, secure=True)
