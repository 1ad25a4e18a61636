"""A PostgreSQL of the tests' own: made, started and stopped by them, reached by a socket alone."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import IN_CI

_PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def program(name: str) -> str:
    """A program of PostgreSQL: skipped where it is absent, and failed in CI."""
    found = next((str(bin / name) for bin in _PLACES if (bin / name).exists()), None)
    found = found or shutil.which(name)
    if found is None:
        absent = f"there is no {name} of PostgreSQL"
        pytest.fail(absent) if IN_CI else pytest.skip(absent)
    return found


class Cluster:
    """A server in a folder of its own; as root it is run by the user `postgres`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._as = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []

    def start(self) -> None:
        self.folder.mkdir()
        if self._as:
            shutil.chown(self.folder, "postgres")
            for above in self.folder.parents:  # to be entered by another user
                if above.stat().st_uid == os.getuid() and above != Path("/"):
                    above.chmod(above.stat().st_mode | 0o011)
        data = str(self.folder / "data")
        self._run(program("initdb"), "-D", data, "-U", "kvarter", "-A", "trust", "--no-sync")
        fast = f"-c fsync=off -c listen_addresses='' -c unix_socket_directories={self.folder}"
        log = str(self.folder / "log")
        # What the server inherits stays open as long as it runs: nobody may wait for its end.
        command = [program("pg_ctl"), "-D", data, "-o", fast, "-l", log, "-w", "start"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([*self._as, *command], cwd="/", check=True, **quiet)

    def stop(self) -> None:
        self._run(program("pg_ctl"), "-D", str(self.folder / "data"), "-m", "immediate", "stop")

    def url(self, name: str) -> str:
        """The address of a database of it, as `site.toml` has it."""
        host = str(self.folder).replace("/", "%2F")
        return f"postgresql://kvarter@{host}/{name}"

    def sql(self, statement: str) -> None:
        self.sql_in("postgres", statement)

    def sql_in(self, database: str, statement: str) -> str:
        """What a statement answers, without headings."""
        where = ["-h", str(self.folder), "-U", "kvarter", "-d", database]
        return self._run(program("psql"), *where, "-q", "-t", "-A", "-c", statement)

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            [*self._as, *command], cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
