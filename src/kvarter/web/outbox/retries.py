"""When mail that could not be sent is tried again."""

from __future__ import annotations

import datetime as dt

MOST_ATTEMPTS = 18
_FIRST = dt.timedelta(seconds=30)
_LONGEST = dt.timedelta(hours=6)


def wait_after(attempts: int) -> dt.timedelta | None:
    """How long to wait after so many attempts; None where there is no more.

    Twice as long each time, from half a minute to six hours: a mail server may be away two days.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    doubled: int = 2 ** (attempts - 1)
    return min(_FIRST * doubled, _LONGEST)
