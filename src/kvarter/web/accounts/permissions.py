"""Who may do what: `check_` raises with the reason, `can_` says yes or no."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from kvarter.web.accounts.limits import NONE, Limits
from kvarter.web.accounts.models import User
from kvarter.web.accounts.roles import Permission, allows

Visitor = User | AnonymousUser


class NotAllowedError(Exception):
    """What somebody may not do; its text is the reason, in English, as messages of the site are."""


def check(user: Visitor, permission: Permission, thing: Limits = NONE) -> None:
    """Raises NotAllowedError unless a role of `user` has `permission` and reaches `thing`."""
    if not isinstance(user, User) or not user.is_active:
        raise NotAllowedError("Log in first.")
    grants = [grant for grant in user.grants.all() if allows(grant.role, permission)]
    if not grants:
        raise NotAllowedError("None of your roles allows this.")
    if not any(grant.limits().reach(thing) for grant in grants):
        raise NotAllowedError("Your role does not reach this.")


def can(user: Visitor, permission: Permission, thing: Limits = NONE) -> bool:
    """Whether a role of `user` has `permission` and reaches `thing`."""
    try:
        check(user, permission, thing)
    except NotAllowedError:
        return False
    return True


def check_read_audit(user: Visitor) -> None:
    check(user, Permission.READ_AUDIT)


def can_read_audit(user: Visitor) -> bool:
    return can(user, Permission.READ_AUDIT)


def check_read_users(user: Visitor) -> None:
    check(user, Permission.READ_USERS)


def can_read_users(user: Visitor) -> bool:
    return can(user, Permission.READ_USERS)


def check_change_users(user: Visitor) -> None:
    check(user, Permission.CHANGE_USERS)


def can_change_users(user: Visitor) -> bool:
    return can(user, Permission.CHANGE_USERS)


def check_publish_edition(user: Visitor) -> None:
    check(user, Permission.PUBLISH_EDITION)


def can_publish_edition(user: Visitor) -> bool:
    return can(user, Permission.PUBLISH_EDITION)


def check_change_keys(user: Visitor) -> None:
    check(user, Permission.CHANGE_KEYS)


def can_change_keys(user: Visitor) -> bool:
    return can(user, Permission.CHANGE_KEYS)


def check_start_run(user: Visitor) -> None:
    check(user, Permission.START_RUN)


def can_start_run(user: Visitor) -> bool:
    return can(user, Permission.START_RUN)
