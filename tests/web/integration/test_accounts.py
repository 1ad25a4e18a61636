"""Actions on accounts, on both engines: who may, what is noted, and what ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]


def _acts() -> list[str]:
    from kvarter.web.audit.models import AuditEvent

    return list(AuditEvent.objects.values_list("act", flat=True))


def test_the_first_administrator_opens_a_site_once(either: str) -> None:
    from django.core.exceptions import ValidationError

    from kvarter.web.accounts.actions.accounts import first_administrator
    from kvarter.web.accounts.permissions import NotAllowedError, can_change_users

    with pytest.raises(ValidationError):
        first_administrator("anna@example.org", "Anna Berg", "kort")
    anna = first_administrator("anna@example.org", "Anna Berg", "en lang sætning om øl")
    assert can_change_users(anna)
    assert _acts() == ["account.made", "role.granted"]
    with pytest.raises(NotAllowedError):
        first_administrator("bo@example.org", "Bo", "en anden lang sætning om øl")


def test_an_account_is_made_with_its_mail_or_not_at_all(either: str, make_user: Make) -> None:
    from django.core.exceptions import ValidationError

    from kvarter.web.accounts.actions.accounts import make_account
    from kvarter.web.accounts.models import User
    from kvarter.web.outbox.models import Message

    administrator = make_user("administrator")
    made = make_account(administrator, "carl@example.org", "Carl")
    assert not made.has_usable_password()
    assert Message.objects.get().to == str(made.id)
    with pytest.raises(ValidationError):
        make_account(administrator, "CARL@example.org", "Carl igen")
    assert User.objects.count() == 2
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "role", ["reader", "goal_owner", "approver", "coordinator", "analyst", "auditor", ""]
)
def test_others_change_no_accounts(site: None, make_user: Make, role: str) -> None:
    from kvarter.web.accounts.actions.accounts import grant_role, make_account, set_active
    from kvarter.web.accounts.permissions import NotAllowedError

    user, other = make_user(*([role] if role else [])), make_user()
    for attempt in (
        lambda: make_account(user, "x@example.org", "X"),
        lambda: set_active(user, other, False),
        lambda: grant_role(user, other, "coordinator"),
    ):
        with pytest.raises(NotAllowedError):
            attempt()
    assert _acts() == []


def test_nobody_changes_their_own_roles_or_closes_their_own_account(
    site: None, make_user: Make
) -> None:
    from kvarter.web.accounts.actions.accounts import grant_role, set_active, take_role
    from kvarter.web.accounts.permissions import NotAllowedError

    administrator = make_user("administrator")
    for attempt in (
        lambda: grant_role(administrator, administrator, "coordinator"),
        lambda: take_role(administrator, administrator.grants.get()),
        lambda: set_active(administrator, administrator, False),
    ):
        with pytest.raises(NotAllowedError, match="own"):
            attempt()


def test_a_closed_account_has_no_sessions_and_no_rights(either: str, make_user: Make) -> None:
    from importlib import import_module

    from django.conf import settings
    from django.contrib.sessions.models import Session

    from kvarter.web.accounts.actions.accounts import set_active
    from kvarter.web.accounts.permissions import can_publish_edition

    administrator, karen = make_user("administrator"), make_user("coordinator")
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for user in (karen, administrator):
        session = store()
        session["_auth_user_id"] = str(user.pk)
        session.save()
    assert can_publish_edition(karen)
    set_active(administrator, karen, False)
    karen.refresh_from_db()
    assert not can_publish_edition(karen)
    (left,) = Session.objects.all()
    assert left.get_decoded()["_auth_user_id"] == str(administrator.pk)
    set_active(administrator, karen, True)
    assert can_publish_edition(karen)


def test_a_role_with_a_limit_reaches_what_is_within_it(site: None, make_user: Make) -> None:
    from kvarter.web.accounts.limits import Limits
    from kvarter.web.accounts.permissions import can
    from kvarter.web.accounts.roles import Permission

    owner = make_user("goal_owner", administration="SOF")
    assert can(owner, Permission.WRITE_GOAL, Limits(administration="SOF"))
    assert not can(owner, Permission.WRITE_GOAL, Limits(administration="TMF"))
    assert not can(owner, Permission.APPROVE_GOAL, Limits(administration="SOF"))


def test_roles_follow_the_claims_and_leave_those_given_by_hand(
    either: str, make_user: Make
) -> None:
    from kvarter.web.accounts.actions.claims import follow_claims
    from kvarter.web.accounts.claims import Grant
    from kvarter.web.accounts.limits import NONE, Limits

    user = make_user("reader")
    sof = Grant("goal_owner", Limits(administration="SOF"))
    follow_claims(user, frozenset({sof, Grant("reader", NONE)}))
    assert sorted(user.grants.values_list("role", "source")) == [
        ("goal_owner", "claims"),
        ("reader", "local"),
    ]
    follow_claims(user, frozenset({sof}))
    assert user.grants.count() == 2
    follow_claims(user, frozenset())
    assert list(user.grants.values_list("role", flat=True)) == ["reader"]
    assert _acts() == ["role.granted_by_claim", "role.taken_by_claim"]


def test_migrations_are_those_of_the_models(site: None) -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
