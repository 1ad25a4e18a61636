"""Uploads and runs, for analysts. No page shows anything of what is in an extract."""

from __future__ import annotations

from contextlib import suppress
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from kvarter.errors import KvarterError, PolicyError
from kvarter.i18n.locale import Locale
from kvarter.pipeline.stages import STAGES
from kvarter.policy import Policy
from kvarter.web.accounts.guard import View, allowed, signed_in
from kvarter.web.accounts.permissions import check_start_run
from kvarter.web.runs.actions.runs import RunningAlreadyError, ask_for_run, ask_to_stop
from kvarter.web.runs.actions.uploads import in_use, remove, take_in
from kvarter.web.runs.models import Run, Upload
from kvarter.web.runs.receive import Quarantine
from kvarter.web.runs.settled import Places, places
from kvarter.web.runs.states import ACTIVE
from kvarter.web.ui.shown import language_of, show

_MEGABYTE = 1 << 20
_FORM = 1 << 16
"""Bytes that a form may have besides its file."""
_MOST_SHOWN = 50


@allowed(check_start_run)
@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """What was uploaded and run, and forms for more."""
    return _runs(request)


@csp_update({"script-src": [SELF], "connect-src": [SELF]})
@allowed(check_start_run)
@require_safe
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How far a run is. With `?foelg` the page asks again by itself while the run is under way."""
    found = get_object_or_404(Run, pk=run_id)
    active = found.state in ACTIVE
    stages = [stage.name for stage in STAGES]
    now = found.stage.partition(":")[0]
    words = {
        "run": found,
        "active": active,
        "follows": active and "foelg" in request.GET,
        "stages": stages,
        "at": stages.index(now) if now in stages else -1,
        "mark": _mark(found),
    }
    response = show(request, "runs/run.html", words)
    if words["follows"]:
        response.headers["Refresh"] = "5"
    return response


def with_policy(view: View) -> View:
    """Says on the page of runs what is wrong with the policy, where a view needs it and cannot."""

    @wraps(view)
    def answer(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        try:
            return view(request, *arguments, **named)
        except PolicyError:
            return _runs(request, status=409)

    return answer


@allowed(check_start_run)
@require_safe
def run_mark(request: HttpRequest, run_id: UUID) -> JsonResponse:
    """What changes whenever the page of a run says something else: asked for by a script."""
    return JsonResponse({"mark": _mark(get_object_or_404(Run, pk=run_id))})


def _mark(run: Run) -> str:
    return f"{run.state} {run.attempts} {run.stage}"


@allowed(check_start_run)
@require_POST
@with_policy
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a run of an edition."""
    policy = settled().load_policy()
    edition = request.POST.get("edition", "")
    if edition not in {each.id for each in policy.editions}:
        raise Http404
    try:
        return redirect("run", ask_for_run(signed_in(request), edition).pk)
    except RunningAlreadyError:
        _ = Locale(language_of(request))._
        return _runs(request, _("A run of this edition is under way already."), 409)


@allowed(check_start_run)
@require_POST
def stop(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Ask a run to stop; nothing is to be done with one that has ended."""
    found = get_object_or_404(Run, pk=run_id)
    if found.state in ACTIVE:
        with suppress(ValueError):  # it may end at this moment
            ask_to_stop(signed_in(request), found)
    return redirect("run", found.pk)


@csrf_exempt  # its token is checked below, once it is known where the file goes
@allowed(check_start_run)
@require_POST
@with_policy
def upload(request: HttpRequest) -> HttpResponseBase:
    """Take a file in. What is larger than allowed is refused before it is read."""
    where, most = settled(), settings.RUNS.largest_mb * _MEGABYTE
    try:
        told = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        told = 0
    if told > most + _FORM:
        return _too_large(request)
    where.make()
    upload_id = uuid4()
    file = Quarantine(request, upload_id, where, most)
    request.upload_handlers = [file]
    taken = False
    try:
        response: HttpResponseBase = _take(request, upload_id, file)
        taken = response.status_code == 302
    finally:
        if not taken:
            file.forget()
    return response


@csrf_protect
def _take(request: HttpRequest, upload_id: UUID, file: Quarantine) -> HttpResponse:
    source = request.POST.get("source", "")
    given = request.FILES.get("file")
    if given is None:
        _ = Locale(language_of(request))._
        if file.refused:
            return _too_large(request)
        return _runs(request, _("Choose a file first."), 400)
    if source not in {each.id for each in settled().load_policy().sources}:
        raise Http404
    told = (given.name or "", given.size or 0, file.digest)
    take_in(signed_in(request), upload_id, source, told)
    return redirect("runs")


@allowed(check_start_run)
@require_POST
def remove_upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Remove an upload."""
    found = get_object_or_404(Upload, pk=upload_id)
    try:
        remove(signed_in(request), found, settled())
    except ValueError:
        _ = Locale(language_of(request))._
        return _runs(request, _("A run reads this file: stop the run first."), 409)
    return redirect("runs")


def settled() -> Places:
    """Where runs read and write. Raises Http404 where the site makes no runs."""
    where = places()
    if where is None:
        raise Http404
    return where


def _too_large(request: HttpRequest) -> HttpResponse:
    locale = Locale(language_of(request))
    most = locale.number(settings.RUNS.largest_mb)
    message = locale._("The file is too large: at most {most} MB are taken.", most=most)
    return _runs(request, message, 413)


def _runs(request: HttpRequest, message: str = "", status: int = 200) -> HttpResponse:
    where, policy, problems = places(), None, []
    if where is not None:
        try:
            policy = where.load_policy()
        except KvarterError as error:
            problems = error.problems
    words: dict[str, Any] = {
        "settled": where is not None,
        "problems": problems,
        "message": message,
        "policy": policy,
        "most": settings.RUNS.largest_mb,
        "keeps": settings.RUNS.keep_uploads,
        "sources": _sources(policy) if policy else [],
        "runs": Run.objects.all()[:_MOST_SHOWN],
        "uploads": Upload.objects.exclude(state=Upload.State.REMOVED)[:_MOST_SHOWN],
        "in_use": in_use(),
    }
    return show(request, "runs/runs.html", words, status)


def _sources(policy: Policy) -> list[tuple[str, str]]:
    """Each source of the policy, and the file that it names."""
    return [(source.id, source.file) for source in policy.sources]
