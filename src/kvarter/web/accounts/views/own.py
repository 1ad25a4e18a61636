"""The own account: its roles, and the way to its password and second factor."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from kvarter.web.accounts.forms import role_title
from kvarter.web.accounts.guard import signed_in
from kvarter.web.accounts.permissions import (
    can_change_keys,
    can_read_audit,
    can_read_users,
    can_start_run,
)
from kvarter.web.accounts.roles import Permission, allows
from kvarter.web.ui.shown import show


@login_required
@require_safe
def own_account(request: HttpRequest) -> HttpResponse:
    """What the site knows of who is logged in."""
    words = {
        "grants": signed_in(request).grants.all(),
        "role_title": role_title,
        "reads_users": can_read_users(request.user),
        "reads_audit": can_read_audit(request.user),
        "starts_runs": can_start_run(request.user),
        "takes_part": any(
            allows(grant.role, Permission.READ_DRAFTS) for grant in signed_in(request).grants.all()
        ),
        "changes_keys": can_change_keys(request.user),
    }
    return show(request, "accounts/own.html", words)


@login_required
@require_safe
def without_password(request: HttpRequest) -> HttpResponse:
    """Where an account that logs in elsewhere is led that asks for a password here."""
    return redirect("own_account")
