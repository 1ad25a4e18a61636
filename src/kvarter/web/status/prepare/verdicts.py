"""A verdict with how sure it is: one that something could turn never looks like a firm one."""

from __future__ import annotations

from typing import Any

from kvarter.documents.verdicts import deciding_row, is_hidden, row_word, target_sentence
from kvarter.editions import Edition
from kvarter.i18n.locale import Locale
from kvarter.judgement.checks import TURNS
from kvarter.policy.model import Goal, Target
from kvarter.web.status.prepare.cells import row_address, sentence
from kvarter.web.status.prepare.content import Judged, Said, Verdict


def verdict_of(edition: Edition, goal: Goal, target: Target | None, locale: Locale) -> Verdict:
    """The verdict of a target by the reading that decides, and what could turn it."""
    _ = locale._
    if target is None:
        return Verdict("", _("No verdict: the goal has no target"), "none", "")
    row = deciding_row(edition, goal, target)
    if row is None:
        return Verdict("", _("No verdict: this is the baseline"), "none", "")
    return verdict_of_row(edition, row, locale)


def verdict_of_row(edition: Edition, row: dict[str, Any], locale: Locale) -> Verdict:
    """The verdict of a row of `verdicts`."""
    _ = locale._
    word, address = row_word(edition, row, locale), row_address("verdicts", row)
    if row["verdict"] == "cannot_tell" or is_hidden(edition, row):
        return Verdict("cannot_tell", word, "none", "", address)
    turning = [words for code, words in _things(locale).items() if row[code] == TURNS]
    if turning:
        said = _("Could be turned by {things}", things=locale.listed(turning, "or"))
        return Verdict(row["verdict"], word, "open", said, address)
    return Verdict(row["verdict"], word, "firm", _("Nothing that was tested turns it"), address)


def _things(locale: Locale) -> dict[str, str]:
    """What can turn a verdict, by the column that says so."""
    _ = locale._
    return {
        "rounding": _("rounding"),
        "chance": _("chance"),
        "unlocated": _("where the unlocated cases belong"),
        "case_system": _("the change of case system"),
        "other_reading": _("how the words are read"),
        "other_comparison": _("whom the areas are compared with"),
        "together": _("chance and the unlocated cases at once"),
    }


def judged(edition: Edition, goal: Goal, target: Target, locale: Locale) -> Judged:
    """The verdict of a target, with the sentence that explains it."""
    row = deciding_row(edition, goal, target)
    said = target_sentence(edition, goal, target, locale)
    told = sentence(said, "verdicts", row) if row and said else Said(said)
    return Judged(verdict_of(edition, goal, target, locale), told)
