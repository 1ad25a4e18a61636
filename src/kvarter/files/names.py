"""Names of columns: found whatever their case, spacing, punctuation and Unicode form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from kvarter.errors import InputError, Problem
from kvarter.files.meanings import likeliest

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Soft hyphens, blanks without width, marks of direction and of byte order."""


def clean_name(name: str) -> str:
    """`name` as it is shown: in one Unicode form, without marks that nobody sees.

    >>> clean_name("  A\u030arsag\u200b af\u00a0sagen ")
    'Årsag af sagen'
    """
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", name)).split())


@lru_cache(maxsize=10_000)  # the same names are held against every row that may be a header
def fold_name(name: str) -> str:
    """What two names of the same column have in common.

    Letters and digits alone count, in one case and one Unicode form; of a name that has none, the
    marks do.

    >>> fold_name("Hændelses-dato") == fold_name("HÆNDELSESDATO ")
    True
    """
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", name)).casefold()
    plain = unicodedata.normalize("NFC", plain)
    return re.sub(r"[\W_]+", "", plain) or "".join(plain.split())


def numbered(name: str, column: int) -> str:
    """The name of a column (from 1) whose header is blank, or stands over several columns."""
    return f"{name} (column {column})".strip()


def named_alike(sought: str, names: Sequence[str]) -> list[str]:
    """The one of `names` that is written as `sought`, or else all that fold to the same."""
    exact = [name for name in names if clean_name(name) == clean_name(sought)]
    if len(exact) == 1:
        return exact
    headers = {name: re.sub(r" \(column \d+\)$", "", name) for name in names}
    return [name for name, header in headers.items() if fold_name(header) == fold_name(sought)]


def find_columns(
    wanted: Mapping[str, str], names: Sequence[str], path: str, remedy: str = "", layout: str = ""
) -> dict[str, str]:
    """Which of `names` each column in `wanted` (by what it is for) is.

    Raises InputError, with the columns found (as the file was taken to be in `layout`) and the
    likeliest match, or with `remedy` instead, where one is missing; and where one may be any of
    several, with all of them.
    """
    found: dict[str, str] = {}
    problems = []
    for use, sought in wanted.items():
        alike = named_alike(sought, names)
        if len(alike) == 1:
            found[use] = alike[0]
            continue
        if alike:
            what = f"there are {len(alike)} columns called {sought!r}"
            which = " or ".join(repr(name) for name in alike)
            problems.append(Problem(what, f"Name the one that is meant: {which}.", path, field=use))
            continue
        what = f"there is no column called {sought!r}"
        problems.append(
            Problem(what, remedy or _columns(use, sought, names, layout), path, field=use)
        )
    if problems:
        raise InputError(problems)
    return found


def _columns(use: str, sought: str, names: Sequence[str], layout: str) -> str:
    head = f"The columns found ({layout}) are" if layout else "The columns are"
    shown = ", ".join(repr(name[:60]) for name in names[:40])
    near = likeliest(sought, names, use)
    return f"{head}: {shown}." + (f" The likeliest match is {near!r}." if near else "")
