"""How many pages a second the site answers, beside the same pages without what was prepared.

Three ways, in one process each, asked by `wrk` over the loopback for some seconds; with how long
requests take, the memory of the process, and how much of a core a request uses:

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
    *("/soeg/?q=l", "/status/2024/v/1/billede/da-omraader.svg", "/static/kvarter.css"),
]
SHARES = (50, 90, 95, 99)
"""Of all requests, in percent: how long they take at most."""
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
        print(
            f"{'way':<10}{'requests/s':>12}" + "".join(f"p{n} ms".rjust(10) for n in SHARES), end=""
        )
        print(f"{'memory MB':>12}{'CPU ms':>10}")
        for way, patch in WAYS.items():
            with _served(site, Path(folder), patch) as (address, process):
                before = _cpu(process)
                rate, times = _asked(address, script, 2 if way == "computed" else 8, seconds)
                used = (_cpu(process) - before) / (rate * seconds) * 1000
                told = [f"{way:<10}{rate:>12.1f}", *(f"{time:>10.1f}" for time in times)]
                print("".join(told) + f"{_memory(process):>12.0f}{used:>10.2f}", flush=True)


def _lua() -> str:
    paths = ", ".join(f'"{path}"' for path in PAGES)
    return (
        f"local paths = {{{paths}}}\nlocal n = 0\n"
        "request = function() n = n + 1\n"
        '  return wrk.format("GET", paths[n % #paths + 1], {["Accept-Encoding"] = "gzip"}) end\n'
        f"done = function(_, latency) for _, n in ipairs({{{', '.join(map(str, SHARES))}}}) do\n"
        '  print("share " .. n .. " " .. latency:percentile(n) / 1000) end end\n'
    )


@contextmanager
def _served(site: Path, folder: Path, patch: str) -> Iterator[tuple[str, int]]:
    """The address of a server, and the process that answers there."""
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
        children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text()
        yield address, int(children.split()[-1])
    finally:
        running.terminate()
        running.wait(20)


def _asked(address: str, script: Path, at_once: int, seconds: int) -> tuple[float, list[float]]:
    """Requests a second, and how long the shares of them took at most, in milliseconds."""
    command = ["wrk", "-t1", f"-c{at_once}", f"-d{seconds}s", "--timeout", "30s"]
    done = subprocess.run(
        [*command, "-s", str(script), address], check=True, capture_output=True, text=True
    )
    if "Non-2xx" in done.stdout:
        sys.exit(done.stdout)
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", done.stdout)[0])
    return rate, [float(time) for time in re.findall(r"share \d+ ([\d.]+)", done.stdout)]


def _cpu(process: int) -> float:
    """Seconds of a core that the process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(process: int) -> float:
    """What it holds in memory, in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
