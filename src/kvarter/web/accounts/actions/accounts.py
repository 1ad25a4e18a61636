"""Accounts: made, closed and opened again."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db import transaction

from kvarter.web.accounts.limits import NONE, Limits
from kvarter.web.accounts.models import RoleGrant, User
from kvarter.web.accounts.permissions import NotAllowedError, check_change_users
from kvarter.web.accounts.roles import ROLES
from kvarter.web.audit.log import SYSTEM, record
from kvarter.web.outbox.write import write_message


def first_administrator(email: str, name: str, password: str) -> User:
    """The account that opens a new site. Raises ValidationError for a weak password.

    Raises NotAllowedError where the site has accounts already.
    """
    with transaction.atomic():
        if User.objects.exists():
            raise NotAllowedError("The site has its first administrator already.")
        user = User(email=email, name=name)
        validate_password(password, user)
        user.set_password(password)
        user.save()
        record(SYSTEM, "account.made", ("user", str(user.id)), ("email", "name"))
        _grant(SYSTEM, user, "administrator", NONE)
        return user


def make_account(by: User, email: str, name: str, language: str = "da") -> User:
    """A local account without a password; its owner is told by mail to choose one."""
    check_change_users(by)
    with transaction.atomic():
        user = User(email=email, name=name, language=language)
        user.set_unusable_password()
        user.full_clean(exclude=["password"])
        user.save()
        record(str(by.id), "account.made", ("user", str(user.id)), ("email", "name"))
        write_message(str(user.id), "invitation", language)
        return user


def set_active(by: User, user: User, active: bool) -> None:
    """Close an account, which ends its sessions, or open it again. Nobody closes their own."""
    check_change_users(by)
    if by.pk == user.pk:
        raise NotAllowedError("Nobody closes their own account.")
    with transaction.atomic():
        user.is_active = active
        user.save(update_fields=["is_active"])
        if not active:
            end_sessions(user)
        act = "account.opened" if active else "account.closed"
        record(str(by.id), act, ("user", str(user.id)), ("is_active",))


def grant_role(by: User, user: User, role: str, limits: Limits = NONE) -> RoleGrant:
    """Give a user a role. Nobody gives one to themselves."""
    check_change_users(by)
    if by.pk == user.pk:
        raise NotAllowedError("Nobody changes their own roles.")
    if role not in ROLES:
        raise ValueError(f"no role {role!r}")
    with transaction.atomic():
        return _grant(str(by.id), user, role, limits)


def take_role(by: User, grant: RoleGrant) -> None:
    """Take a role from a user, which ends the sessions it was used in. Nobody takes their own."""
    check_change_users(by)
    if by.pk == grant.user_id:
        raise NotAllowedError("Nobody changes their own roles.")
    with transaction.atomic():
        record(str(by.id), "role.taken", ("user", str(grant.user_id)), (grant.role,))
        end_sessions(grant.user)
        grant.delete()


def end_sessions(user: User) -> None:
    """End every session of a user."""
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def _grant(by: str, user: User, role: str, limits: Limits) -> RoleGrant:
    grant = RoleGrant.objects.create(
        user=user,
        role=role,
        administration=limits.administration,
        area=limits.area,
        organisation=limits.organisation,
        subject=limits.subject,
        source=User.Source.LOCAL,
    )
    record(by, "role.granted", ("user", str(user.id)), (role,))
    return grant
