"""What the claims of a login give: roles with limits, as Danish access management states them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree

from kvarter.web.accounts.limits import Limits

_MOST_BYTES = 100_000


@dataclass(frozen=True)
class Grant:
    """A role, and how far it reaches."""

    role: str
    limits: Limits


@dataclass(frozen=True)
class ClaimRules:
    """How claims are read. `roles`: what a name in a claim gives; `constraints`: which limit a
    constraint of a privilege list is.
    """

    claim: str
    privileges_claim: str
    roles: Mapping[str, Grant]
    constraints: Mapping[str, str]


def grants_in(claims: Mapping[str, Any], rules: ClaimRules) -> frozenset[Grant]:
    """The roles that the claims give. A name that is not in the rules gives nothing.

    Raises ValueError for a privilege list that cannot be read.
    """
    named = claims.get(rules.claim, [])
    names = named if isinstance(named, list) else [named]
    found = {rules.roles[name] for name in names if isinstance(name, str) and name in rules.roles}
    if isinstance(listed := claims.get(rules.privileges_claim), str) and listed:
        found |= set(_privileges(listed, rules))
    return frozenset(found)


def _privileges(encoded: str, rules: ClaimRules) -> Iterator[Grant]:
    """The grants of a privilege list. Source: OIO Basic Privilege Profile 1.2."""
    for group in _read_list(encoded).iter():
        if _name(group) != "PrivilegeGroup":
            continue
        limits = {
            rules.constraints[constraint.get("Name", "")]: (constraint.text or "").strip()
            for constraint in group
            if _name(constraint) == "Constraint" and constraint.get("Name") in rules.constraints
        }
        unknown = any(
            _name(each) == "Constraint" and each.get("Name") not in rules.constraints
            for each in group
        )
        if unknown:  # a limit that is not understood is no reason to give the role without it
            continue
        for privilege in group:
            grant = rules.roles.get(_last_part(privilege))
            if _name(privilege) == "Privilege" and grant is not None:
                yield replace(grant, limits=replace(grant.limits, **limits))


def _read_list(encoded: str) -> ElementTree.Element:
    if len(encoded) > _MOST_BYTES:
        raise ValueError("the privilege list is too long")
    try:
        text = base64.b64decode(encoded, validate=True)
        if b"<!" in text:  # no declarations: they could name entities
            raise ValueError("the privilege list holds a declaration")
        return ElementTree.fromstring(text)
    except (binascii.Error, ElementTree.ParseError) as error:
        raise ValueError("the privilege list cannot be read") from error


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _last_part(privilege: ElementTree.Element) -> str:
    """`goal_owner` of `http://kvarter.dk/roles/usersystemrole/goal_owner/1`."""
    parts = (privilege.text or "").strip().rstrip("/").split("/")
    while parts and parts[-1].isdigit():
        parts.pop()
    return parts[-1] if parts else ""
