"""Logins, failed logins and changes of a password or second factor, noted in the audit log."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.db import transaction

from kvarter.web.accounts.models import User
from kvarter.web.audit.log import NOBODY, record


def connect() -> None:
    """Begin to listen."""
    auth.user_logged_in.connect(_logged_in)
    auth.user_logged_out.connect(_logged_out)
    auth.user_login_failed.connect(_login_failed)
    account.password_changed.connect(_password_changed)
    account.password_set.connect(_password_changed)
    account.password_reset.connect(_password_changed)
    mfa.authenticator_added.connect(_factor_added)
    mfa.authenticator_removed.connect(_factor_removed)


def _note(user: User, act: str, *fields: str) -> None:
    with transaction.atomic():
        record(str(user.pk), act, ("user", str(user.pk)), fields)


def _logged_in(sender: Any, user: User, **_: Any) -> None:
    _note(user, "session.begun")


def _logged_out(sender: Any, user: User | None, **_: Any) -> None:
    if user is not None:
        _note(user, "session.ended")


def _login_failed(sender: Any, **_: Any) -> None:
    """Without the address that was tried: it may be anybody's, and be no address at all."""
    with transaction.atomic():
        record(NOBODY, "session.refused", ("session", ""))


def _password_changed(sender: Any, user: User, **_: Any) -> None:
    _note(user, "account.changed", "password")


def _factor_added(sender: Any, user: User, **_: Any) -> None:
    _note(user, "account.changed", "second_factor")


def _factor_removed(sender: Any, user: User, **_: Any) -> None:
    _note(user, "account.changed", "second_factor")
