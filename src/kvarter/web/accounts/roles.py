"""The roles, declared: what each may do. The database holds their ids, which never change."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What can be allowed."""

    READ_DRAFTS = "read_drafts"
    WRITE_GOAL = "write_goal"
    APPROVE_GOAL = "approve_goal"
    COORDINATE_EDITION = "coordinate_edition"
    PUBLISH_EDITION = "publish_edition"
    START_RUN = "start_run"
    READ_AUDIT = "read_audit"
    READ_USERS = "read_users"
    CHANGE_USERS = "change_users"
    CHANGE_KEYS = "change_keys"


@dataclass(frozen=True)
class Role:
    """`id` stands in the database and in claims."""

    id: str
    permissions: frozenset[Permission]


def _role(id_: str, *permissions: Permission) -> Role:
    return Role(id_, frozenset(permissions))


ROLES = {
    role.id: role
    for role in (
        _role("reader", Permission.READ_DRAFTS),
        _role("goal_owner", Permission.READ_DRAFTS, Permission.WRITE_GOAL),
        _role("approver", Permission.READ_DRAFTS, Permission.APPROVE_GOAL),
        _role(
            "coordinator",
            Permission.READ_DRAFTS,
            Permission.COORDINATE_EDITION,
            Permission.PUBLISH_EDITION,
        ),
        _role("analyst", Permission.READ_DRAFTS, Permission.START_RUN),
        _role("auditor", Permission.READ_AUDIT, Permission.READ_USERS),
        _role(
            "administrator",
            Permission.READ_USERS,
            Permission.CHANGE_USERS,
            Permission.CHANGE_KEYS,
        ),
    )
}
"""By id. An administrator sees to accounts and publishes nothing."""


def allows(role: str, permission: Permission) -> bool:
    """Whether a role has a permission; a role that is not declared any more has none."""
    return role in ROLES and permission in ROLES[role].permissions
