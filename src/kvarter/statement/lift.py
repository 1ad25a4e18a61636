"""Policies of before there were statements: what people wrote is lifted out of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kvarter.policy.document import read_document
from kvarter.policy.load import policy_of
from kvarter.policy.model import Policy

OF_EDITIONS = ("signed_by", "next_steps")
COMMENTARY = "commentary"


def lift(data: Any) -> tuple[Any, dict[str, dict[str, Any]]]:
    """The data of a policy without what people wrote, and that by edition id, as statements.

    >>> lift({"editions": [{"id": "2024", "signed_by": ["Anna"]}]})
    ({'editions': [{'id': '2024'}]}, {'2024': {'edition': '2024', 'signed_by': ['Anna']}})
    """
    found: dict[str, dict[str, Any]] = {}
    places = list(places_of(data))
    for place in places:
        part, index, name = place
        value = data[part][index][name]
        if part == "editions":
            edition = str(data[part][index].get("id"))
            said = found.setdefault(edition, {"edition": edition})
            said |= {name: value} if value else {}
        else:
            number = str(data[part][index].get("number"))
            for edition, comment in value.items():
                said = found.setdefault(edition, {"edition": edition})
                said.setdefault("comments", {})[number] = comment
    return _without(data, places), found


def places_of(data: Any) -> Iterator[tuple[str, int, str]]:
    """Where the fields stand that are lifted."""
    for part, names in (("editions", OF_EDITIONS), ("goals", (COMMENTARY,))):
        members = data.get(part) if isinstance(data, dict) else None
        for index, member in enumerate(members if isinstance(members, list) else []):
            for name in names:
                if not isinstance(member, dict) or name not in member:
                    continue
                if name != COMMENTARY or isinstance(member[name], dict):
                    yield part, index, name


def _without(data: Any, places: list[tuple[str, int, str]]) -> Any:
    if not places:
        return data
    gone = set(places)
    return {
        part: [
            {name: value for name, value in member.items() if (part, index, name) not in gone}
            if isinstance(member, dict)
            else member
            for index, member in enumerate(members)
        ]
        if part in {place[0] for place in places}
        else members
        for part, members in data.items()
    }


def open_policy(path: Path) -> tuple[Policy, dict[str, dict[str, Any]]]:
    """A policy file of any age, and what was lifted out of it, by edition id.

    Raises PolicyError as `load_policy` does.
    """
    data, lines = read_document(path)
    kept, found = lift(data)
    return policy_of(kept, lines, path), found
