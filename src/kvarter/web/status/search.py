"""Search in the titles of pages: a few hundred, so that no index is needed. Without Django."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kvarter.web.status.prepare.files import slug

_MOST = 50


@dataclass(frozen=True)
class Found:
    """A page that fits: of which edition, its name there, and its title."""

    edition: str
    name: str
    title: str


def search(words: str, pages: Iterable[tuple[str, str, str, str]]) -> list[Found]:
    """The pages that have all `words`, those with them in the title first.

    `pages`: edition, name, title, and other words. Letters are compared without case and accents;
    a word fits where one begins with it.
    """
    wanted = slug(words).split("-")
    if wanted == [""]:
        return []
    in_title, elsewhere = [], []
    for edition, name, title, about in pages:
        titled, told = slug(title).split("-"), slug(f"{title} {about}").split("-")
        if _has_all(wanted, titled):
            in_title.append(Found(edition, name, title))
        elif _has_all(wanted, told):
            elsewhere.append(Found(edition, name, title))
    return [*in_title, *elsewhere][:_MOST]


def _has_all(wanted: list[str], words: list[str]) -> bool:
    return all(any(word.startswith(one) for word in words) for one in wanted)
