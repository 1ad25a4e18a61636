"""All accounts: seen by auditors and administrators, changed by administrators."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kvarter.web.accounts.actions.accounts import grant_role, make_account, set_active, take_role
from kvarter.web.accounts.forms import NewAccount, NewRole, role_title
from kvarter.web.accounts.guard import allowed, signed_in
from kvarter.web.accounts.models import RoleGrant, User
from kvarter.web.accounts.permissions import (
    can_change_users,
    check_change_users,
    check_read_users,
)
from kvarter.web.audit.reading import Purpose, note_reading
from kvarter.web.ui.shown import show


@allowed(check_read_users)
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    """Every account with its roles."""
    note_reading(str(request.user.pk), "list", "users", Purpose.ADMINISTRATION)
    every = User.objects.prefetch_related("grants")
    changes = can_change_users(request.user)
    return show(
        request,
        "accounts/users.html",
        {"users": every, "role_title": role_title, "changes": changes},
    )


@allowed(check_change_users)
@require_http_methods(["GET", "HEAD", "POST"])
def new_user(request: HttpRequest) -> HttpResponse:
    """A form for a new account."""
    form = NewAccount(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = make_account(
                signed_in(request), form.cleaned_data["email"], form.cleaned_data["name"]
            )
            return redirect("user", user.id)
        except ValidationError as error:
            form.add_error(None, error)
    return show(request, "accounts/new_user.html", {"form": form})


@allowed(check_read_users)
@require_safe
def user(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """One account: its roles, and forms to change them."""
    shown = get_object_or_404(User, pk=user_id)
    note_reading(str(request.user.pk), "view", f"user:{shown.id}", Purpose.ADMINISTRATION)
    changes = can_change_users(request.user) and shown.pk != request.user.pk
    words = {"shown": shown, "grants": shown.grants.all(), "role_title": role_title}
    return show(request, "accounts/user.html", {**words, "form": NewRole(), "changes": changes})


@allowed(check_change_users)
@require_POST
def give(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Give an account a role."""
    shown = get_object_or_404(User, pk=user_id)
    form = NewRole(request.POST)
    if form.is_valid() and not _has(shown, form):
        grant_role(signed_in(request), shown, form.cleaned_data["role"], form.limits())
    return redirect("user", shown.id)


@allowed(check_change_users)
@require_POST
def take(request: HttpRequest, user_id: UUID, grant_id: int) -> HttpResponse:
    """Take a role from an account."""
    take_role(signed_in(request), get_object_or_404(RoleGrant, pk=grant_id, user_id=user_id))
    return redirect("user", user_id)


@allowed(check_change_users)
@require_POST
def close(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Close an account that is open, or open it again."""
    shown = get_object_or_404(User, pk=user_id)
    set_active(signed_in(request), shown, not shown.is_active)
    return redirect("user", shown.id)


def _has(shown: User, form: NewRole) -> bool:
    role, limits = form.cleaned_data["role"], form.limits()
    return any(grant.role == role and grant.limits() == limits for grant in shown.grants.all())
