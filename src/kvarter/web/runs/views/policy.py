"""The policy in the browser: edited with help beside, saved as versions, and checked."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from kvarter.errors import PolicyError
from kvarter.web.accounts.guard import allowed, signed_in
from kvarter.web.accounts.models import User
from kvarter.web.accounts.permissions import check_start_run
from kvarter.web.runs.actions.policies import ChangedMeanwhileError, save_policy
from kvarter.web.runs.models import PolicyVersion
from kvarter.web.runs.policy_text import differences, digest, parts_of_policy, read, tidied
from kvarter.web.runs.settled import Places
from kvarter.web.runs.views.runs import settled
from kvarter.web.ui.shown import show

_MOST_SHOWN = 50


@allowed(check_start_run)
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest) -> HttpResponse:
    """The text of the policy file, to be edited; beside it what a check found, and the schema."""
    where = settled()
    if request.method != "POST":
        return _policy(request, where, {})
    text = request.POST.get("text", "")
    try:
        version = save_policy(signed_in(request), text, request.POST.get("seen", ""), where)
    except PolicyError as error:
        told = {"problems": error.problems, "text": text, "seen": request.POST.get("seen", "")}
        return _policy(request, where, told, 400)
    except ChangedMeanwhileError as error:
        lines = differences(error.text, tidied(text))
        return _policy(request, where, {"conflict": lines, "text": text}, 409)
    return redirect("policy_version", version.number)


def _policy(
    request: HttpRequest, where: Places, told: dict[str, Any], status: int = 200
) -> HttpResponse:
    text = read(where.policy)
    last = PolicyVersion.objects.first()
    words: dict[str, Any] = {
        "text": text,
        "seen": digest(text),
        "file": where.policy.name,
        "problems": [],
        "conflict": None,
        "last": last if last is not None and last.sha256 == digest(text) else None,
        "versions": PolicyVersion.objects.defer("text", "checked")[:_MOST_SHOWN],
        "names": _names(),
        "parts": parts_of_policy(),
        **told,
    }
    return show(request, "runs/policy.html", words, status)


@allowed(check_start_run)
@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """What is other in a version than in the one before it, and what a check found."""
    found = get_object_or_404(PolicyVersion, pk=number)
    before = PolicyVersion.objects.filter(number__lt=number).first()
    words = {
        "saved": found,
        "before": before,
        "lines": differences(before.text, found.text) if before else [],
        "names": _names(),
    }
    return show(request, "runs/policy_version.html", words)


def _names() -> dict[str, str]:
    """Who is called what, of those who saved a version."""
    ids = PolicyVersion.objects.exclude(saved_by="").values_list("saved_by", flat=True).distinct()
    users = User.objects.filter(pk__in=list(ids))
    return {str(user.pk): user.name for user in users}
