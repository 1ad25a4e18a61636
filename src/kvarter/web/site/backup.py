"""A whole site in one file: its configuration, its secret, its database and what is published.

site/             every file of the folder, but for the database as it lies and gathered files
database.sqlite3  a copy of the database taken at one moment, or `database.dump` of PostgreSQL
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kvarter.errors import InputError, Problem
from kvarter.files.outputs import write_whole, writing
from kvarter.web.site.config import FILE
from kvarter.web.site.start import bring_up_to_date, check_site, set_up

_SITE, _SQLITE, _DUMP = "site", "database.sqlite3", "database.dump"
_LEFT_OUT = {"static", "site.sqlite3", "site.sqlite3-wal", "site.sqlite3-shm", "uploads", "work"}
"""What is made again, what is copied otherwise, and extracts, which lie in their own systems."""


def backup(folder: Path, archive: Path) -> None:
    """Write the site in `folder` to `archive`. Nobody has to stop using it.

    The database is copied first: a publication that comes in between is in the folder and not in
    the database, which is as if it had never come. Raises InputError where there is no site, where
    PostgreSQL cannot be dumped, or where the file cannot be written.
    """
    set_up(folder)
    with TemporaryDirectory() as temporary, write_whole(archive) as unfinished:
        database = _copy_database(Path(temporary))
        unfinished.touch(mode=0o600)
        with tarfile.open(unfinished, "w:gz", compresslevel=6) as tar:
            tar.add(database, database.name)
            for path in sorted(folder.iterdir()):
                if path.name not in _LEFT_OUT and path.exists():
                    # A folder on another disk is a link here, and comes back as a folder.
                    tar.add(path.resolve(), f"{_SITE}/{path.name}", filter=_without_unfinished)


def restore(archive: Path, folder: Path) -> None:
    """Make the site of `archive` again in `folder`, which must be new or empty, and check it.

    Raises InputError where the folder is in use, where the file is no backup, and where what was
    restored is not as it was published.
    """
    if folder.exists() and any(folder.iterdir()):
        what = "this folder is not empty"
        raise InputError(Problem(what, "Give a new folder: nothing is overwritten.", str(folder)))
    with TemporaryDirectory(dir=_parent(folder)) as temporary, writing(folder):
        inside = Path(temporary)
        _unpack(archive, inside)
        if not (inside / _SITE / FILE).is_file():
            remedy = "Give a file that `kvarter backup` wrote."
            raise InputError(Problem("this is no backup of a site", remedy, str(archive)))
        if folder.exists():
            folder.rmdir()
        (inside / _SITE).rename(folder)
        set_up(folder)
        _bring_back(inside, folder)
    bring_up_to_date()
    if wrong := [each for each in check_site() if "not as" in each]:
        remedy = "Take another backup: this one is damaged."
        raise InputError(*(Problem(each, remedy, str(archive)) for each in wrong))


def _parent(folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    return folder.parent


def _copy_database(into: Path) -> Path:
    from django.db import connection

    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        copy = into / _SQLITE
        with (
            closing(sqlite3.connect(settings["NAME"])) as one,
            closing(sqlite3.connect(copy)) as two,
        ):
            one.backup(two)
        return copy
    dump = into / _DUMP
    _run(["pg_dump", "--format=custom", "--no-owner", f"--file={dump}"], settings)
    return dump


def _bring_back(inside: Path, folder: Path) -> None:
    from django.db import connection

    if (inside / _SQLITE).is_file():
        if connection.vendor != "sqlite":
            remedy = "Leave `url` in site.toml empty, and restore again."
            what = "this backup is of SQLite, and the configuration names PostgreSQL"
            raise InputError(Problem(what, remedy, str(folder)))
        (inside / _SQLITE).rename(folder / "site.sqlite3")
        return
    command = ["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction"]
    name = connection.settings_dict["NAME"]
    _run([*command, f"--dbname={name}", str(inside / _DUMP)], connection.settings_dict)


def _run(command: list[str], settings: dict[str, Any]) -> None:
    """Run a program of PostgreSQL. Raises InputError with what it says where it fails."""
    given = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
    }
    environment = {**os.environ, **{name: value for name, value in given.items() if value}}
    try:
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        remedy = "Install PostgreSQL's client programs."
        raise InputError(Problem(f"there is no {command[0]}", remedy)) from error
    except subprocess.CalledProcessError as error:
        said = (error.stderr.strip().splitlines() or ["it failed"])[-1]
        raise InputError(Problem(said, "See to the database, and try again.")) from error


def _without_unfinished(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """What is being published at this moment is not published yet."""
    return None if "/.writing-" in member.name else member


def _unpack(archive: Path, into: Path) -> None:
    try:
        with tarfile.open(archive, "r:gz") as tar:
            tar.extractall(into, filter="data")
    except (OSError, tarfile.TarError) as error:
        remedy = "Give a file that `kvarter backup` wrote."
        raise InputError(Problem("this is no backup of a site", remedy, str(archive))) from error
