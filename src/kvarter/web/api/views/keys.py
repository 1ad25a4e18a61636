"""The keys, for administrators: a new one is shown once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from kvarter.web.accounts.guard import allowed, signed_in
from kvarter.web.accounts.permissions import check_change_keys
from kvarter.web.api.actions.keys import NewKey, close_key, make_key
from kvarter.web.api.forms import KeyForm, scope_title
from kvarter.web.api.keys import Scope
from kvarter.web.api.models import ApiKey
from kvarter.web.ui.shown import show


@allowed(check_change_keys)
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """Every key, and a form for a new one; that is shown on the answer and nowhere else."""
    form, token = KeyForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        wanted = NewKey(
            given["name"],
            given["owner"],
            (Scope(given["scope"]),),
            given["expires"],
            given["administration"],
        )
        form, token = KeyForm(), str(make_key(signed_in(request), wanted))
    words = {
        "form": form,
        "token": token,
        "keys": ApiKey.objects.select_related("owner"),
        "today": timezone.localdate(),
        "scope_title": scope_title,
    }
    return show(request, "api/keys.html", words)


@allowed(check_change_keys)
@require_POST
def close(request: HttpRequest, key_id: str) -> HttpResponse:
    """Close a key."""
    close_key(signed_in(request), get_object_or_404(ApiKey, pk=key_id))
    return redirect("keys")
