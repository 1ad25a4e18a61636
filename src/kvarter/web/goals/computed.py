"""The computed figures of a goal as its page shows them: as the published page will, and locked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from kvarter.i18n import Locale, in_language
from kvarter.policy.model import Language
from kvarter.web.goals.drafts import Draft
from kvarter.web.status.prepare.content import Section
from kvarter.web.status.prepare.goal import target_section

_FIELD = "computed:"
"""What the name of a locked field begins with; behind it stands the cell it is of."""


def sections_of(draft: Draft | None, number: int, locale: Locale) -> list[Section]:
    """The targets of a goal with their figures and verdicts; none without computed figures."""
    return _sections(draft, number, locale.language) if draft else []


def locked_figures(draft: Draft | None, number: int) -> dict[str, str]:
    """Every computed figure of a goal as its page sends it back: by its cells, in Danish."""
    return _figures(draft, number) if draft else {}


@lru_cache(maxsize=256)
def _figures(draft: Draft, number: int) -> dict[str, str]:
    return {
        _FIELD + " | ".join(piece["cells"]): piece["text"]
        for section in _sections(draft, number, "da")
        for piece in _pieces(asdict(section))
        if piece["cells"]
    }


@lru_cache(maxsize=256)
def _sections(draft: Draft, number: int, language: Language) -> list[Section]:
    goal, said = draft.goal(number), draft.said(number, language)
    if goal is None or said is None:
        return []
    with in_language(Locale(language).of(draft.edition.policy)):
        return [target_section(draft.edition, goal, target) for target in said.targets]


def changed_figures(sent: Mapping[str, Any], figures: Mapping[str, str]) -> list[str]:
    """The locked fields that were sent with another value than they have."""
    return [
        name
        for name, value in sent.items()
        if name.startswith(_FIELD) and figures.get(name) != value
    ]


def _pieces(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict):
        if "cells" in content:
            yield content
        for each in content.values():
            yield from _pieces(each)
    elif isinstance(content, (list, tuple)):
        for each in content:
            yield from _pieces(each)
