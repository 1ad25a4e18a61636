"""Files that lie encrypted, in pieces that each fit their place in their own file. No Django.

AES-256-GCM by pieces of a mebibyte (the STREAM construction: Hoang, Reyhanitabar, Rogaway and
Vizár 2015). The nonce of a piece is a random prefix, its number, and whether it is the last, so
that none can be left out, put elsewhere or taken from another file without being found.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kvarter.errors import InputError

_MARK, _PREFIX, _PIECE, _TAG = b"KVS1", 7, 1 << 20, 16


def key_of(secret: str) -> bytes:
    """The key for uploads that is derived from the site's secret."""
    return hashlib.sha256(b"kvarter uploads\0" + secret.encode()).digest()


class Sealer:
    """Writes what it is given to `file`, encrypted; `name` is what the file belongs to."""

    def __init__(self, file: BinaryIO, key: bytes, name: str) -> None:
        self._file, self._cipher, self._name = file, AESGCM(key), name.encode()
        self._prefix, self._number, self._waiting = secrets.token_bytes(_PREFIX), 0, b""
        file.write(_MARK + self._prefix)

    def write(self, content: bytes) -> None:
        """Take more of the content."""
        self._waiting += content
        while len(self._waiting) > _PIECE:
            self._seal(self._waiting[:_PIECE], last=False)
            self._waiting = self._waiting[_PIECE:]

    def close(self) -> None:
        """Write the last piece: without it the file cannot be opened."""
        self._seal(self._waiting, last=True)

    def _seal(self, piece: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, last)
        self._file.write(self._cipher.encrypt(nonce, piece, self._name))
        self._number += 1


def unseal(path: Path, key: bytes, name: str) -> Iterator[bytes]:
    """The content of a sealed file, piece by piece.

    Raises InputError where it is missing, damaged, cut off, or another's.
    """
    cipher = AESGCM(key)
    try:
        with path.open("rb") as file:
            if file.read(len(_MARK)) != _MARK:
                raise _damaged(path)
            prefix, number = file.read(_PREFIX), 0
            piece = file.read(_PIECE + _TAG)
            while True:
                following = file.read(_PIECE + _TAG)
                nonce = _nonce(prefix, number, last=not following)
                yield cipher.decrypt(nonce, piece, name.encode())
                if not following:
                    return
                piece, number = following, number + 1
    except (OSError, InvalidTag, ValueError) as error:
        raise _damaged(path) from error


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


def _damaged(path: Path) -> InputError:
    what = "this upload is missing or damaged"
    return InputError.of(what, "Upload the file again.", path.name)
