"""`kvarter serve`: one process for pages and one for what is done besides, until it is stopped."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from pathlib import Path

from kvarter.web.site.start import bring_up_to_date, set_up


def serve(folder: Path, host: str, port: int, workers: int) -> None:
    """Serve the site in `folder` at `host:port` until interrupted."""
    set_up(folder)
    bring_up_to_date()
    worker = subprocess.Popen([sys.executable, "-m", "kvarter.web.site.worker"])
    try:
        _pages(host, port, workers)
    finally:
        worker.terminate()
        worker.wait(timeout=30)


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
