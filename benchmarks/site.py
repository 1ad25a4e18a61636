"""How many pages a second the site answers, beside the same pages without what was prepared.

Three ways, in one process each, asked by `wrk` over the loopback for some seconds:

kept        as the site is: pages prepared at publication, and kept once they are rendered
rendered    prepared pages, rendered anew for each request
computed    everything computed from the edition for each request

Needs the example (`make demo`) and wrk. Run: python benchmarks/site.py [SECONDS]
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STATUS = Path("kvarter-demo/status")
PAGES = [
    *("/status/2024/", "/status/2024/maal/2/", "/status/2024/maal/5/", "/status/2024/omraade/"),
    *("/status/2024/omraade/laerkebo/", "/status/2024/kriterie/", "/status/2024/metode/"),
    *("/en/status/2024/", "/en/status/2024/maal/2/", "/status/2021/", "/udgaver/"),
]
WAYS = {
    "kept": "",
    "rendered": """
from kvarter.web.status import middleware
middleware._Pages.find = lambda self, state, path: None
""",
    "computed": """
from dataclasses import asdict
from pathlib import Path
import os
from kvarter.editions import open_edition
from kvarter.i18n import Locale, in_language
from kvarter.web.status import middleware, shelf
from kvarter.web.status.prepare import prepare
from kvarter.web.status.prepare.glance import glance
from kvarter.web.status.prepare.pictures import Pictures
middleware._Pages.find = lambda self, state, path: None
def page(self, language, name):
    edition = open_edition(self.folder / "files")
    pictures = Pictures()
    with in_language(Locale(language)):
        if not name:
            return asdict(glance(edition, pictures))
        for each in prepare._pages(edition, self.folder / "files", pictures):
            if each.name == name:
                return asdict(each)
shelf.Publication.page = page
""",
}
_SERVE = """
import sys
from pathlib import Path
from granian.constants import Interfaces
from granian.server import Server
Server("bench_way:application", address="127.0.0.1", port=int(sys.argv[1]),
       interface=Interfaces.WSGI, workers=1, blocking_threads=4, log_enabled=False).serve()
"""


def main(seconds: int) -> None:
    """Measure each way and print a table."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed")
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        make = "import sys; from pathlib import Path; from kvarter.web.site.demo import make_demo\n"
        make += "make_demo(Path(sys.argv[1]), Path(sys.argv[2]))"
        subprocess.run([sys.executable, "-c", make, str(site), str(STATUS)], check=True)
        script = Path(folder) / "pages.lua"
        script.write_text(_lua(), encoding="utf-8")
        print(f"{'way':<10}{'requests/s':>12}{'p50 ms':>10}{'p90 ms':>10}{'p99 ms':>10}")
        for way, patch in WAYS.items():
            with _served(site, Path(folder), patch) as address:
                told = _asked(address, script, 2 if way == "computed" else 8, seconds)
            print(f"{way:<10}{told[0]:>12.0f}{told[1]:>10.1f}{told[2]:>10.1f}{told[3]:>10.1f}")


def _lua() -> str:
    paths = ", ".join(f'"{path}"' for path in PAGES)
    return (
        f"local paths = {{{paths}}}\nlocal n = 0\n"
        "request = function() n = n + 1\n"
        '  return wrk.format("GET", paths[n % #paths + 1], {["Accept-Encoding"] = "gzip"}) end\n'
    )


@contextmanager
def _served(site: Path, folder: Path, patch: str) -> Iterator[str]:
    code = "from kvarter.web.site.wsgi import application\n" + patch
    (folder / "bench_way.py").write_text(code, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "KVARTER_SITE": str(site), "PYTHONPATH": str(folder)}
    running = subprocess.Popen([sys.executable, "-c", _SERVE, str(port)], env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            with suppress(OSError):
                urllib.request.urlopen(f"{address}/sundhed/", timeout=5)
                break
            time.sleep(0.1)
        for path in PAGES:
            urllib.request.urlopen(address + path, timeout=60).read()
        yield address
    finally:
        running.terminate()
        running.wait(20)


def _asked(address: str, script: Path, at_once: int, seconds: int) -> tuple[float, ...]:
    """Requests a second, and the times of the middle one, of nine in ten, of 99 in a hundred."""
    command = ["wrk", "-t1", f"-c{at_once}", f"-d{seconds}s", "--latency", "--timeout", "30s"]
    done = subprocess.run(
        [*command, "-s", str(script), address], check=True, capture_output=True, text=True
    )
    if "Non-2xx" in done.stdout:
        sys.exit(done.stdout)
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", done.stdout)[0])
    times = {
        percent: float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
        for percent, value, unit in re.findall(r"(50|90|99)%\s+([\d.]+)(us|ms|s)", done.stdout)
    }
    return rate, times["50"], times["90"], times["99"]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
