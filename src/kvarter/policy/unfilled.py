"""What is still to be filled in: marks that `kvarter init` leaves in a policy file."""

from __future__ import annotations

import re
from pathlib import Path

from kvarter.errors import PolicyError
from kvarter.files.inputs import read_bytes

MARKS = {"da": "UDFYLD", "en": "FILL IN"}
"""The word that a mark begins with, by language."""

_ASKED = re.compile(rf"#\s*(?:{'|'.join(MARKS.values())})\b\s*:?\s*(.*)")
_VALUE = re.compile(rf"\s*(?:{'|'.join(MARKS.values())})\b")


def unfilled(path: Path) -> list[tuple[int, str]]:
    """The line of each mark in the policy file at `path`, and what is asked for there."""
    text = read_bytes(path, error=PolicyError).decode("utf-8-sig", errors="replace")
    found = ((line, _ASKED.search(words)) for line, words in enumerate(text.splitlines(), start=1))
    return [(line, match[1].strip()) for line, match in found if match]


def is_unfilled(value: str) -> bool:
    """Whether a mark stands where the value should be."""
    return _VALUE.match(value) is not None
