"""`kvarter serve`: one process for pages and one for what is done besides, until it is stopped."""

from __future__ import annotations

import logging
import multiprocessing
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kvarter.web.site.start import bring_up_to_date, set_up

_WORKER = [sys.executable, "-m", "kvarter.web.site.worker"]
_LOG = logging.getLogger(__name__)


def serve(folder: Path, host: str, port: int, workers: int) -> None:
    """Serve the site in `folder` at `host:port` until interrupted."""
    set_up(folder)
    bring_up_to_date()
    with _worker_beside():
        _pages(host, port, workers)


@contextmanager
def _worker_beside() -> Iterator[None]:
    """The worker, which is begun again whenever it ends by itself."""
    done = threading.Event()
    keeper = threading.Thread(target=_keep_working, args=(done,))
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def _keep_working(done: threading.Event) -> None:
    while not done.is_set():
        worker = subprocess.Popen(_WORKER)
        while worker.poll() is None and not done.wait(0.5):
            pass
        if done.is_set():
            worker.terminate()
            worker.wait(timeout=30)
        else:
            _LOG.warning("the worker ended with %s, and is begun again", worker.returncode)
            done.wait(1)


def _pages(host: str, port: int, workers: int) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    # A fork of a process that has used Polars, as one that made the example has, hangs in its own
    # first query: Polars' threads are not in it, and their locks are.
    multiprocessing.set_start_method("spawn", force=True)
    Server(
        "kvarter.web.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        respawn_failed_workers=True,
        log_access=False,
        websockets=False,
    ).serve()
