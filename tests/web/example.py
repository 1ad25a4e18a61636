"""The example city's site, made once for all test processes, as `kvarter serve --demo` makes it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
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
