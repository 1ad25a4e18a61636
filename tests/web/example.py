"""The example city's site, made as `kvarter serve --demo` makes it, and served."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

_MAKE = """
import sys
from pathlib import Path
from kvarter.web.site.demo import make_demo
make_demo(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def make_demo_site(city: Path, folder: Path) -> None:
    """Make the demo's site of the city in a process of its own; nothing where it is there."""
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "made").exists():
            return
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("KVARTER", "DJANGO"))
        }
        command = [sys.executable, "-c", _MAKE, str(folder), str(city / "status")]
        subprocess.run(command, check=True, env=environment, timeout=300)
        (folder / "made").touch()


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def copy_of(site: Path, folder: Path) -> Path:
    """A site of its own with the editions of `site`, which stay where they are."""
    folder.mkdir()
    for name in ("site.toml", "secret.key", "logins.txt"):
        shutil.copy(site / name, folder / name)
    with (
        closing(sqlite3.connect(site / "site.sqlite3")) as one,
        closing(sqlite3.connect(folder / "site.sqlite3")) as two,
    ):
        one.backup(two)
    for name in ("published", "drafts"):
        (folder / name).symlink_to((site / name).resolve())
    return folder


@contextmanager
def served(
    folder: Path, workers: int = 1, before: str = ""
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The site in `folder`, served as `kvarter serve` does: its address, and the process.

    before: what the process does first.
    """
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KVARTER", "DJANGO"))}
    code = f"{before}\nfrom kvarter.cli import main; main()"
    command = [sys.executable, "-c", code, "serve", str(folder)]
    log = folder.with_name(f"{folder.name}-{port}.log")
    with log.open("wb") as out:
        running = subprocess.Popen(
            [*command, "--port", str(port), "--workers", str(workers)],
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            with suppress(OSError), urllib.request.urlopen(f"{address}/sundhed/", timeout=5):
                break
            assert running.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.1)
        yield address, running
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            running.wait(20)
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
