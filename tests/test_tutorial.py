"""The tutorial is followed to the letter: every command is run, and says what the page says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.S | re.M)
_WRITES = re.compile(r"(?:Write|and)\s+`([^`]+\.(?:csv|yaml))`(?:, with[^`]*)?:$")
_SAYS_THE_SAME = (
    "kvarter run kvarter-demo/policy.yaml --key-file kvarter-demo/demo.key "
    "--out kvarter-demo/status"
)
"""For `make demo`, which the `city` fixture has done: it ends with what its last run says."""


def steps(page: str) -> list[tuple[str, str, str]]:
    """What the page has its reader do, in order: `do, what, content`; do is run, write or see."""
    found, end = [], 0
    for block in _BLOCK.finditer(page):
        language, content = block.groups()
        before = page[end : block.start()]
        end = block.end()
        if named := _WRITES.search(before.rstrip()):
            found.append(("write", named[1], content))
        elif content.startswith(("kvarter ", "sed ", "make ")):
            found.append(("run", content, ""))
        elif not language:
            found.append(("see", "", content))
    return found


@pytest.mark.slow
def test_the_tutorial_can_be_followed_to_the_letter(city: Path, tmp_path: Path) -> None:
    shutil.copytree(city, tmp_path / "kvarter-demo")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    said, done = "", {"run": 0, "write": 0, "see": 0}
    for do, what, content in steps((ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")):
        done[do] += 1
        if do == "write":
            (tmp_path / what).write_text(content, encoding="utf-8")
        elif do == "see":
            assert even(content) in even(said)
        else:
            ran = subprocess.run(
                ["bash", "-ec", _SAYS_THE_SAME if what.startswith("make demo") else what],
                cwd=tmp_path,
                env=os.environ | {"PATH": path},
                capture_output=True,
                text=True,
                check=False,
            )
            said = ran.stdout + ran.stderr
    assert done == {"run": 8, "write": 3, "see": 10}


def even(text: str) -> str:
    """`text` with its lines joined: they break where the terminal ends."""
    return " ".join(text.split())
