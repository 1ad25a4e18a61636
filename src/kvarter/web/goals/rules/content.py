"""What people write of a goal: texts, and figures entered by hand; and the hash of all of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from kvarter.web.goals.rules.entered import EnteredFigure

TEXTS = ("comment", "cases", "interventions", "next_steps")
"""The texts of a goal, in the order they are read in."""


@dataclass(frozen=True)
class Content:
    """All that is written of a goal in an edition.

    no_comment: why there is no comment, where there is none.
    accepted: the code of the computed draft that is taken as the comment; empty for own words.
    """

    comment: str = ""
    no_comment: str = ""
    cases: str = ""
    interventions: str = ""
    next_steps: str = ""
    accepted: str = ""
    figures: tuple[EnteredFigure, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether there is a comment, or a reason for none."""
        return bool(self.comment.strip() or self.no_comment.strip())

    def as_data(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self) | {"figures": [asdict(figure) for figure in self.figures]}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Content:
        """What was stored."""
        texts = {
            each.name: str(data.get(each.name, ""))
            for each in fields(cls)
            if each.name != "figures"
        }
        return cls(**texts, figures=tuple(EnteredFigure(**one) for one in data.get("figures", ())))

    def hash(self, computed: str) -> str:
        """The SHA-256 of all that an approver sees; `computed`: that of the computed figures."""
        text = json.dumps([self.as_data(), computed], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
