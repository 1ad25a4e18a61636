"""What a login through the municipality's own provider gives: the account and its roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction

from kvarter.web.accounts.claims import Grant, grants_in
from kvarter.web.accounts.models import RoleGrant, User
from kvarter.web.accounts.permissions import NotAllowedError
from kvarter.web.audit.log import record


def roles_by_claims(claims: Mapping[str, Any]) -> frozenset[Grant]:
    """The roles that the claims of a login give. Raises NotAllowedError where they give none."""
    try:
        grants = grants_in(claims, settings.CLAIM_RULES)
    except ValueError as error:
        raise NotAllowedError("What the login says of your roles cannot be read.") from error
    if not grants:
        raise NotAllowedError("Your login gives you no role here.")
    return grants


def follow_claims(user: User, grants: frozenset[Grant]) -> None:
    """Let the roles of `user` that came from claims be these, and no others."""
    with transaction.atomic():
        had = {
            Grant(grant.role, grant.limits()): grant
            for grant in RoleGrant.objects.select_for_update().filter(user=user)
        }
        for grant in sorted(grants - had.keys(), key=str):
            RoleGrant.objects.create(
                user=user,
                role=grant.role,
                administration=grant.limits.administration,
                area=grant.limits.area,
                organisation=grant.limits.organisation,
                subject=grant.limits.subject,
                source=User.Source.CLAIMS,
            )
            record(str(user.id), "role.granted_by_claim", ("user", str(user.id)), (grant.role,))
        for grant, row in had.items():
            if grant not in grants and row.source == User.Source.CLAIMS:
                row.delete()
                record(str(user.id), "role.taken_by_claim", ("user", str(user.id)), (grant.role,))
