"""The rules of keys, with which other systems write here: what one is, and what it may. No Django.

    kvarter_01hx..._Zm9v...
            id      secret

The database holds the id and a hash of the secret. The secret is 256 random bits: nobody guesses
it, so that a fast hash is enough.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from enum import StrEnum

LONGEST = dt.timedelta(days=366)
MOST_A_MINUTE = 60
_TOKEN = re.compile(r"kvarter_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")


class Scope(StrEnum):
    """What a key can be allowed."""

    WRITE_FIGURES = "figures.write"


@dataclass(frozen=True)
class Token:
    """A key as its owner has it, once."""

    id: str
    secret: str

    def __str__(self) -> str:
        return f"kvarter_{self.id}_{self.secret}"

    def digest(self) -> str:
        """What the database keeps of the secret."""
        return hashlib.sha256(self.secret.encode()).hexdigest()


def new_token() -> Token:
    """A key that nobody else has."""
    return Token(secrets.token_hex(8), secrets.token_urlsafe(32))


def read_token(text: str) -> Token | None:
    """The key that a text is; None where it is none."""
    found = _TOKEN.fullmatch(text)
    return Token(*found.groups()) if found else None


def fits(token: Token, digest: str) -> bool:
    """Whether its secret is the one that was hashed; how long this takes tells nothing."""
    return hmac.compare_digest(token.digest(), digest)


def ends_rightly(expires: dt.date, today: dt.date) -> bool:
    """Whether a key that is made today may be good until then."""
    return today <= expires <= today + LONGEST
