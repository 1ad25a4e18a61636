"""The key that pseudonyms are made with: from the environment or a file, never from the policy."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from kvarter.cases import Pseudonyms
from kvarter.errors import KeyMissingError, Problem
from kvarter.files.inputs import read_bytes

KEY, KEY_FILE = "KVARTER_KEY", "KVARTER_KEY_FILE"
_MOST_BYTES = 10_000
_FEWEST_CHARACTERS = 8
"""Different ones: 32 random digits have as many, and no text repeated over and over."""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_MAKE_ONE = "Make one with: openssl rand -hex 32"

OWN_KEY, MAKE_KEY = "~/kvarter.key", ["(umask 077; set -C; openssl rand -hex 32 > ~/kvarter.key)"]
if os.name == "nt":
    OWN_KEY = r"$HOME\kvarter.key"
    MAKE_KEY = [
        'py -c "import secrets; print(secrets.token_hex(32))" | '
        r"Out-File -NoClobber -Encoding ascii $HOME\kvarter.key",
        r'icacls $HOME\kvarter.key /inheritance:r /grant:r "${env:USERNAME}:F"',
    ]
"""Where a key is kept, and the commands that make one that no other can read, and replace none."""


def find_key(key_file: Path | None = None) -> Pseudonyms:
    """Pseudonyms with the key in `key_file`, else in $KVARTER_KEY, else in $KVARTER_KEY_FILE.

    Raises KeyMissingError where there is none, where it is too short or too simple to protect
    anyone, and where others may read or change the file (not looked at on Windows).
    """
    if key_file is None and os.environ.get(KEY):
        return Pseudonyms(_not_simple(os.environ[KEY].strip(), f"${KEY}"))
    path = key_file or (Path(os.environ[KEY_FILE]) if os.environ.get(KEY_FILE) else None)
    if path is None:
        raise KeyMissingError(
            Problem(
                "there is no key to replace person numbers with pseudonyms",
                "Make one once, outside the folder of the data, and keep it: "
                f"{'; '.join(MAKE_KEY)}; then give --key-file {OWN_KEY} or set {KEY_FILE}.",
            )
        )
    return Pseudonyms(_read(path.expanduser()))


def _read(path: Path) -> str:
    content = read_bytes(path, _MOST_BYTES, KeyMissingError)
    if os.name == "posix" and path.stat().st_mode & _OTHERS:
        what = "others than you may read or change this key, so it protects nobody"
        raise KeyMissingError(Problem(what, f"Close it to them: chmod 600 {path}", str(path)))
    try:
        return _not_simple(content.decode("ascii").strip(), str(path))
    except UnicodeDecodeError:
        what = "the key is not text in plain letters and digits"
        raise KeyMissingError(Problem(what, _MAKE_ONE, str(path))) from None


def _not_simple(key: str, where: str) -> str:
    if len(key) >= _FEWEST_CHARACTERS > len(set(key)):
        what = f"the key has only {len(set(key))} different characters, so it can be guessed"
        raise KeyMissingError(Problem(what, _MAKE_ONE, where))
    return key
