"""The key that pseudonyms are made with: from the environment or a file, never from the policy."""

from __future__ import annotations

import os
from pathlib import Path

from kvarter.cases import Pseudonyms
from kvarter.errors import KeyMissingError, Problem

KEY, KEY_FILE = "KVARTER_KEY", "KVARTER_KEY_FILE"


def find_key(key_file: Path | None = None) -> Pseudonyms:
    """Pseudonyms with the key in `key_file`, else in $KVARTER_KEY, else in $KVARTER_KEY_FILE.

    Raises KeyMissingError where there is none, or where it is too short to protect anyone.
    """
    if key_file is None and os.environ.get(KEY):
        return Pseudonyms(os.environ[KEY].strip().encode())
    path = key_file or (Path(os.environ[KEY_FILE]) if os.environ.get(KEY_FILE) else None)
    if path is None:
        raise KeyMissingError(
            Problem(
                "there is no key to replace person numbers with pseudonyms",
                "Make one once, outside the repository, and keep it: openssl rand -hex 32 > "
                f"~/kvarter.key; then give --key-file ~/kvarter.key or set {KEY_FILE}.",
            )
        )
    try:
        return Pseudonyms(path.expanduser().read_text(encoding="ascii").strip().encode())
    except (OSError, UnicodeDecodeError):
        raise KeyMissingError(
            Problem("the key file cannot be read", "Check its path and rights.", str(path))
        ) from None
