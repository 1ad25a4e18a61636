"""The review of uncertain addresses: one text at a time, by the keyboard; every look is noted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from kvarter.addresses.reasons import MEANING, Reason
from kvarter.editions import open_edition
from kvarter.editions.folder import INTERNAL
from kvarter.errors import InputError
from kvarter.i18n.locale import Locale
from kvarter.review.kept import Decided, Uncertain, read_kept, read_uncertain
from kvarter.web.accounts.guard import allowed, signed_in
from kvarter.web.accounts.permissions import check_start_run
from kvarter.web.audit.reading import Purpose, note_reading
from kvarter.web.runs.actions.decisions import (
    DecidedMeanwhileError,
    decide_text,
    decisions_file,
    is_named,
)
from kvarter.web.runs.settled import Places
from kvarter.web.runs.uncertain import candidates_of, drawn
from kvarter.web.runs.views.runs import settled, with_policy
from kvarter.web.ui.shown import language_of, show

_A_PAGE = 50
_LONGEST = 200


@allowed(check_start_run)
@require_safe
@with_policy
def uncertain(request: HttpRequest, edition: str) -> HttpResponse:
    """The texts that the last run of an edition was not sure of, most rows first."""
    where = settled()
    texts, decisions = _texts(where, edition), read_kept(decisions_file(where))
    if "alle" not in request.GET:
        texts = [each for each in texts if each.text_id not in decisions]
    note_reading(str(request.user.pk), "list", f"addresses:{edition}", Purpose.REVIEW)
    words = {
        "edition": edition,
        "page": Paginator(texts, _A_PAGE).get_page(request.GET.get("side")),
        "count": len(texts),
        "decisions": decisions,
        "all": "alle" in request.GET,
        "named": is_named(where.load_policy()),
        "file": decisions_file(where).name,
    }
    return show(request, "runs/uncertain.html", words)


@dataclass(frozen=True)
class _Looked:
    """A text of an edition that is looked at, among all of them."""

    where: Places
    edition: str
    texts: list[Uncertain]
    text: Uncertain

    def decisions(self) -> dict[str, Decided]:
        """What is decided by now."""
        return read_kept(decisions_file(self.where))

    def following(self) -> Uncertain | None:
        """The next text that nobody has decided on, from the top again at the end."""
        at, decisions = self.texts.index(self.text), self.decisions()
        others = [*self.texts[at + 1 :], *self.texts[:at]]
        return next((each for each in others if each.text_id not in decisions), None)


def _look(edition: str, text_id: str) -> _Looked:
    where = settled()
    texts = _texts(where, edition)
    for each in texts:
        if each.text_id == text_id:
            return _Looked(where, edition, texts, each)
    raise Http404


@csp_update({"script-src": [SELF]})
@allowed(check_start_run)
@require_http_methods(["GET", "HEAD", "POST"])
@with_policy
def text(request: HttpRequest, edition: str, text_id: str) -> HttpResponse:
    """One text: what it may mean, on a map, and what is decided of it."""
    looked = _look(edition, text_id)
    return _decide(request, looked) if request.method == "POST" else _text(request, looked, {})


def _decide(request: HttpRequest, looked: _Looked) -> HttpResponse:
    given = request.POST.get("choice", "")
    chosen = request.POST.get("other", "").strip()[:_LONGEST] if given == "other" else given
    if given != "open" and not chosen:
        _ = Locale(language_of(request))._
        return _text(request, looked, {"message": _("Choose what it means.")}, 400)
    chosen = "" if given == "open" else chosen
    seen, text_id = request.POST.get("seen", ""), looked.text.text_id
    try:
        decide_text(signed_in(request), text_id, chosen, seen, looked.where)
    except DecidedMeanwhileError as error:
        told = {"meanwhile": error.other, "chosen": chosen, "conflict": True}
        return _text(request, looked, told, 409)
    except InputError as error:
        told = {"message": " ".join(error.problems[0].remedy.split()), "chosen": chosen}
        return _text(request, looked, told, 400)
    following = looked.following()
    if following is None:
        return redirect("uncertain", looked.edition)
    return redirect("uncertain_text", looked.edition, following.text_id)


def _text(
    request: HttpRequest, looked: _Looked, told: dict[str, Any], status: int = 200
) -> HttpResponse:
    found, where = looked.text, looked.where
    note_reading(str(request.user.pk), "view", f"address:{found.text_id}", Purpose.REVIEW)
    locale = Locale(language_of(request))
    now = looked.decisions().get(found.text_id)
    words: dict[str, Any] = {
        "edition": looked.edition,
        "text": found,
        "reasons": [locale._(MEANING[Reason(code)]) for code in found.reasons],
        "candidates": candidates_of(where.load_policy(), where.policy.parent, found.candidates),
        "now": now,
        "next": looked.following(),
        "message": "",
        "chosen": now.decision if now else "",
        "conflict": False,
        "meanwhile": None,
        **told,
    }
    return show(request, "runs/text.html", words, status)


@allowed(check_start_run)
@require_safe
@with_policy
def map_of_candidates(request: HttpRequest, edition: str, text_id: str) -> HttpResponse:
    """The candidates on a map, as a picture."""
    looked = _look(edition, text_id)
    where = looked.where
    candidates = candidates_of(where.load_policy(), where.policy.parent, looked.text.candidates)
    geography = open_edition(where.statuses / edition).geography
    areas = {area.name: area.geometry for area in geography.areas.values()}
    _ = Locale(language_of(request))._
    svg = drawn(candidates, areas, _("The candidates on a map"))
    if not svg:
        raise Http404
    response = HttpResponse(svg, content_type="image/svg+xml")
    response.headers["Content-Disposition"] = 'inline; filename="map.svg"'
    return response


def _texts(where: Places, edition: str) -> list[Uncertain]:
    """Raises Http404 where the edition was not run, or was written by a run long ago."""
    known = {each.id for each in where.load_policy().editions}
    path = where.statuses / edition / INTERNAL / "review.csv"
    if edition not in known or not path.exists():
        raise Http404
    return read_uncertain(path)
