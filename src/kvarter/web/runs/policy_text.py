"""The policy as a text that is edited: its mistakes, its differences, and help. No Django."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

from kvarter.errors import PolicyError
from kvarter.policy import Policy
from kvarter.policy.document import parse_document
from kvarter.policy.load import policy_of

_AROUND = 2
"""Lines that are shown before and after what differs."""


def read(path: Path) -> str:
    """The text of the policy file."""
    return path.read_bytes().decode("utf-8")


def tidied(text: str) -> str:
    """A text as a browser sends it, with the ends of lines of a file."""
    return text.replace("\r\n", "\n").rstrip() + "\n"


def digest(text: str) -> str:
    """The SHA-256 by which a text is known again."""
    return hashlib.sha256(text.encode()).hexdigest()


def see_policy(text: str, path: Path) -> None:
    """Raises PolicyError, with every mistake, where the text is no policy."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PolicyError.of("this is not text", "Type it anew.", path.name) from None
    policy_of(*parse_document(text, path.name), path)


@dataclass(frozen=True)
class Line:
    """A line of a comparison: `kept`, `taken_out`, `put_in`, or `left_out` for many that are alike.

    number: of the line in the newer text, or in the older where it is taken out.
    """

    kind: str
    text: str = ""
    number: int = 0


def differences(then: str, now: str) -> list[Line]:
    """What is other in `now`, with a few lines around; nothing where both say the same."""
    old, new = then.splitlines(), now.splitlines()
    groups = SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_AROUND)
    found: list[Line] = []
    for group in groups:
        if found or group[0][3] > 0:
            found.append(Line("left_out"))
        for kind, a, b, c, d in group:
            if kind == "equal":
                found += [Line("kept", new[at], at + 1) for at in range(c, d)]
                continue
            found += [Line("taken_out", old[at], at + 1) for at in range(a, b)]
            found += [Line("put_in", new[at], at + 1) for at in range(c, d)]
    return found


@dataclass(frozen=True)
class Part:
    """A part of a policy file, and its fields: name, what it is, and whether it must be there."""

    name: str
    about: str
    fields: tuple[tuple[str, str, bool], ...]


@cache
def parts_of_policy() -> tuple[Part, ...]:
    """Every part that a policy file can have, as its schema describes them."""
    schema = Policy.model_json_schema(by_alias=True)
    top = Part("policy.yaml", schema.get("description", ""), tuple(_fields(schema)))
    others = [
        Part(name, about.get("description", ""), tuple(_fields(about)))
        for name, about in sorted(schema["$defs"].items())
        if about.get("properties")
    ]
    return (top, *others)


def _fields(schema: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    needed = set(schema.get("required", []))
    for name, about in schema["properties"].items():
        yield name, about.get("description", ""), name in needed
