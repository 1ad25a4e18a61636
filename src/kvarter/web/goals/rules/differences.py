"""What two texts say otherwise, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from kvarter.web.goals.rules.content import TEXTS, Content
from kvarter.web.goals.rules.entered import EnteredFigure

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Stretch:
    """Words that stand in both texts, or only in one of them."""

    kind: Literal["same", "taken_out", "put_in"]
    text: str


def difference(then: str, now: str) -> list[Stretch]:
    """The way from one text to the other; joined again it is both, to the letter.

    >>> [(each.kind, each.text) for each in difference("et mål", "et nået mål")]
    [('same', 'et '), ('put_in', 'nået '), ('same', 'mål')]
    """
    before, after = _WORDS.findall(then), _WORDS.findall(now)
    found = []
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Stretch("same", "".join(before[i:j])))
            continue
        if i < j:
            found.append(Stretch("taken_out", "".join(before[i:j])))
        if k < m:
            found.append(Stretch("put_in", "".join(after[k:m])))
    return found


def changed_parts(then: Content, now: Content) -> dict[str, list[Stretch]]:
    """By the name of each part that is other now: what was taken out of it and put in.

    Figures that were entered are lines of one part, `figures`.
    """
    names = (*TEXTS, "no_comment")
    texts = {name: (getattr(then, name), getattr(now, name)) for name in names}
    texts["figures"] = (_as_lines(then.figures), _as_lines(now.figures))
    return {name: difference(a, b) for name, (a, b) in texts.items() if a != b}


def _as_lines(figures: tuple[EnteredFigure, ...]) -> str:
    return "\n".join(
        f"{one.title} ({one.source}, {one.period}): {one.count}"
        + (f" / {one.of}" if one.of is not None else "")
        + (f" = {one.share} %" if one.share else "")
        for one in figures
    )
