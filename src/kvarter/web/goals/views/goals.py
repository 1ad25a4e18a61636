"""A goal of an edition in the making: read, written, checked, handed in, approved."""

from __future__ import annotations

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kvarter.i18n.locale import Locale
from kvarter.web.accounts.guard import signed_in
from kvarter.web.accounts.models import User
from kvarter.web.accounts.roles import Permission
from kvarter.web.goals.actions import editions, steps, talk, writing
from kvarter.web.goals.computed import changed_figures, locked_figures, sections_of
from kvarter.web.goals.facts import GoalNow, draft_of, goal_now
from kvarter.web.goals.forms import BLANK_FIGURES, content_of, day_of, number_of, text_of
from kvarter.web.goals.guard import working
from kvarter.web.goals.models import IN_THE_MAKING, GoalInEdition, Remark, Revision
from kvarter.web.goals.people import person_of, who_may
from kvarter.web.goals.rules.content import Content
from kvarter.web.goals.rules.differences import changed_parts
from kvarter.web.goals.rules.people import Person
from kvarter.web.goals.rules.policies import Given, check_act
from kvarter.web.goals.rules.said import NotYoursError, RefusedError, Said
from kvarter.web.goals.rules.states import TURN, Act, EditionState, GoalState
from kvarter.web.goals.shown import show_work
from kvarter.web.goals.views.editions import coordinates
from kvarter.web.ui.shown import language_of


@csp_update({"script-src": [SELF], "connect-src": [SELF]})
@working
@require_http_methods(["GET", "HEAD", "POST"])
def goal_page(request: HttpRequest, edition: int, number: int) -> HttpResponse:
    """The whole of a goal; sent back, it is a new revision."""
    row = goal_or_404(edition, number)
    if request.method == "POST":
        return _save(request, row)
    return show_work(request, "goals/goal.html", _page(request, row))


@working
@require_POST
def act(request: HttpRequest, edition: int, number: int) -> HttpResponse:
    """Hand in, approve, return, and what else is done with a goal."""
    row, name = goal_or_404(edition, number), request.POST.get("act", "")
    given = Given(text_of(request.POST, "reason"), request.POST.get("seen", ""))
    if name not in set(steps.BY_HAND):
        raise Http404
    steps.do(signed_in(request), row.pk, Act(name), given)
    return redirect("goal", edition, number)


@working
@require_POST
def assigned(request: HttpRequest, edition: int, number: int) -> HttpResponse:
    """Whose the goal is, of which administration, and by when."""
    row, given = goal_or_404(edition, number), request.POST
    owner = User.objects.filter(email__iexact=given.get("owner", ""), is_active=True).first()
    assignment = editions.Assignment(
        owner,
        text_of(given, "administration")[:64],
        text_of(given, "title")[:200] or row.title,
        day_of(given, "deadline"),
    )
    editions.assign(signed_in(request), row.pk, assignment)
    return redirect("goal", edition, number)


@working
@require_POST
def accept(request: HttpRequest, edition: int, number: int) -> HttpResponse:
    """Take what the figures suggest as the comment."""
    row = goal_or_404(edition, number)
    try:
        writing.accept_draft(signed_in(request), row.pk, number_of(request.POST, "version"))
    except writing.ConflictError:
        return _moved(request, row)
    return redirect("goal", edition, number)


@working
@require_POST
def check(request: HttpRequest, edition: int, number: int) -> HttpResponse:
    """What the figures do not bear in a text that is not saved: as JSON for the page's script."""
    row = goal_or_404(edition, number)
    now = goal_now(row)
    locale = Locale(language_of(request))
    content = content_of(request.POST)
    found = now.draft.claims(number, content, locale) if now.draft else ()
    return JsonResponse({"claims": [{"words": said, "remark": remark} for said, remark in found]})


@working
@require_POST
def remarked(request: HttpRequest, edition: int, number: int) -> HttpResponse:
    """A remark, or an answer to one."""
    row = goal_or_404(edition, number)
    answers = number_of(request.POST, "answers") or None
    talk.remark(signed_in(request), row.pk, text_of(request.POST, "text"), answers)
    return redirect("goal", edition, number)


@working
@require_POST
def resolved(request: HttpRequest, edition: int, number: int, thread: int) -> HttpResponse:
    """End a thread of remarks."""
    talk.resolve(signed_in(request), goal_or_404(edition, number).pk, thread)
    return redirect("goal", edition, number)


@working
@require_POST
def note(request: HttpRequest, edition: int, number: int) -> HttpResponse:
    """Why a warning may stand."""
    row, text = goal_or_404(edition, number), text_of(request.POST, "text")
    talk.note_warning(signed_in(request), row.pk, request.POST.get("key", ""), text)
    return redirect("goal", edition, number)


@working
@require_safe
def history(request: HttpRequest, edition: int, number: int) -> HttpResponse:
    """Every revision with what it changed, and every step."""
    row = goal_or_404(edition, number)
    revisions = list(row.revisions.select_related("author", "in_name_of").order_by("number"))
    then, changes = Content(), []
    for each in revisions:
        content = Content.of(each.content)
        changes.append((each, changed_parts(then, content)))
        then = content
    page = {
        "goal": row,
        "changes": changes[::-1],
        "steps": row.steps.select_related("by", "in_name_of").order_by("-id"),
        "writes": _refusal(person_of(request.user), Act.WRITE, goal_now(row)) is None,
    }
    return show_work(request, "goals/history.html", page)


@working
@require_POST
def restored(request: HttpRequest, edition: int, number: int, revision: int) -> HttpResponse:
    """Let the goal say again what it said in an earlier revision."""
    row = goal_or_404(edition, number)
    if not row.revisions.filter(number=revision).exists():
        raise Http404
    try:
        writing.restore(signed_in(request), row.pk, revision, number_of(request.POST, "version"))
    except writing.ConflictError:
        return _moved(request, row)
    return redirect("goal", edition, number)


def goal_or_404(edition: int, number: int) -> GoalInEdition:
    """The goal of that number in that edition."""
    row = (
        GoalInEdition.objects.filter(edition=edition, number=number)
        .select_related("edition", "owner")
        .first()
    )
    if row is None:
        raise Http404
    return row


def _save(request: HttpRequest, row: GoalInEdition) -> HttpResponse:
    """Keep what was written. Where somebody else wrote in between, both texts are shown."""
    by, given = signed_in(request), request.POST
    figures = locked_figures(draft_of(row.edition), row.number)
    if changed := changed_figures(given, figures):
        writing.refuse_computed(by, row.pk, changed)
    content, seen = content_of(given), number_of(given, "version")
    try:
        saved = writing.write(by, row.pk, content, seen)
    except writing.ConflictError as conflict:
        if _is_autosave(request):
            return JsonResponse({"conflict": conflict.version}, status=409)
        theirs = row.revisions.select_related("author").get(number=conflict.version)
        page = _page(request, goal_or_404(row.edition_id, row.number))
        page |= {
            "mine": content,
            "theirs": theirs,
            "mine_blank": _blank(content),
            "differences": changed_parts(Content.of(theirs.content), content),
        }
        return show_work(request, "goals/conflict.html", page, status=409)
    if _is_autosave(request):
        return JsonResponse({"version": saved.version})
    return redirect("goal", row.edition_id, row.number)


def _moved(request: HttpRequest, row: GoalInEdition) -> HttpResponse:
    """The page as it stands now, where somebody else wrote in between."""
    page = _page(request, goal_or_404(row.edition_id, row.number)) | {"moved": True}
    return show_work(request, "goals/goal.html", page, status=409)


def _is_autosave(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "kvarter"


def _page(request: HttpRequest, row: GoalInEdition) -> dict[str, Any]:
    """What the page of a goal shows."""
    now, person = goal_now(row), person_of(request.user)
    language = language_of(request)
    locale = Locale(language)
    sections = sections_of(now.draft, row.number, locale)
    approved = _last_approved(row)
    last_edition, last = last_said(row)
    return {
        "goal": row,
        "edition": row.edition,
        "now": now,
        "content": now.content,
        "sections": sections,
        "figures": locked_figures(now.draft, row.number),
        "suggested": now.draft.suggested(row.number, language) if now.draft else "",
        "code": now.draft.code(row.number) if now.draft else "",
        "turn": TURN[GoalState(row.state)],
        "writes": _refusal(person, Act.WRITE, now) is None,
        "buttons": _buttons(person, now),
        "blank": _blank(now.content),
        "since_approved": changed_parts(approved, now.content) if approved else {},
        "since_last": changed_parts(last, now.content) if last else {},
        "last_edition": last_edition,
        "threads": _threads(row),
        "notes_written": _may_note(person, now),
        "in_the_making": row.edition.state in IN_THE_MAKING,
        "coordinates": coordinates(person) and row.edition.state in IN_THE_MAKING,
        "owner_options": [
            (one.email, one.name) for one in who_may(Permission.WRITE_GOAL).order_by("name")
        ],
        "moved": False,
    }


def _blank(content: Content) -> range:
    """The lines for figures to be entered below those that are there."""
    return range(len(content.figures), len(content.figures) + BLANK_FIGURES)


def last_said(row: GoalInEdition) -> tuple[str, Content | None]:
    """What was said of the same goal in the edition before: its name, and what."""
    before = (
        GoalInEdition.objects.filter(number=row.number, edition__state=EditionState.PUBLISHED)
        .exclude(edition__edition=row.edition.edition)
        .select_related("edition")
        .order_by("-edition__edition")
        .filter(edition__edition__lt=row.edition.edition)
        .first()
    )
    if before is None:
        return "", None
    found = before.revisions.order_by("-number").first()
    return before.edition.edition, Content.of(found.content) if found else None


def _threads(row: GoalInEdition) -> list[Remark]:
    replies = Prefetch("replies", Remark.objects.select_related("author").order_by("id"))
    first = row.remarks.filter(answers=None).select_related("author", "resolved_by")
    return list(first.prefetch_related(replies).order_by("id"))


def _last_approved(row: GoalInEdition) -> Content | None:
    """What was approved last; None before anything was."""
    step = row.steps.filter(act=Act.APPROVE).order_by("-id").first()
    if step is None:
        return None
    found: Revision | None = row.revisions.filter(hash=step.hash).order_by("-number").first()
    return Content.of(found.content) if found else None


def _may_note(person: Person, now: GoalNow) -> bool:
    rights = (Permission.WRITE_GOAL, Permission.COORDINATE_EDITION)
    return now.row.edition.state in IN_THE_MAKING and any(
        person.in_whose_name(right, now.facts.limits) for right in rights
    )


def _buttons(person: Person, now: GoalNow) -> list[tuple[Act, Said | None]]:
    """What somebody's roles let them do, each with why it cannot be done now; None where it can.

    What does not belong to the state is left out.
    """
    found: list[tuple[Act, Said | None]] = []
    elsewhere = "The goal is not where this can be done."
    for one in steps.BY_HAND:
        try:
            check_act(person, one, now.facts, Given("-", now.hash))
            found.append((one, None))
        except NotYoursError:
            continue
        except RefusedError as error:
            if error.reason.message != elsewhere:
                found.append((one, error.reason))
    return found


def _refusal(person: Person, act: Act, now: GoalNow) -> Said | None:
    try:
        check_act(person, act, now.facts, Given("-", now.hash))
    except RefusedError as error:
        return error.reason
    return None
