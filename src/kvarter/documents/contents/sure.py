"""A verdict together with how sure it is: nothing turns it, or this could.

A verdict that something can turn has another word, another sign and another form than one that
nothing turns, so that nobody takes the one for the other; also in grey and when it is read aloud.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kvarter.documents.contents.cells import (
    NO_WORDS,
    CellRef,
    Figure,
    Row,
    Words,
    joined,
    listed,
    phrase,
    rows_of,
)
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.judgement.checks import HOLDS, NOT_APPLICABLE, TURNS
from kvarter.policy.model import CaseCount, Indicator

Answer = Literal["met", "not_met", "cannot_tell", "hidden", "baseline", "no_target", "no_data"]
Sure = Literal["firm", "open", "untried", ""]

_TURNING = ("chance", "rounding", "unlocated", "case_system", "other_reading", "other_comparison")
"""The checks that can turn a verdict; whether the areas moved further than the city cannot."""


_CLUSTER = 4
"""Where it cannot be found how cases scatter, no verdict is firm that would depend on chance if
so many always came at once, as of one landlord or one night."""


@dataclass(frozen=True)
class Reason:
    """What could turn a verdict, or why there is none: its code, and words within a sentence.

    `short`: a word or two, for a table.
    """

    code: str
    text: Words
    short: str = ""


@dataclass(frozen=True)
class Verdict:
    """An answer and how sure it is.

    sure: `firm` where every check that was asked holds; `open` where something could turn it;
        `untried` where neither chance nor cases without a place could be tried, though cases are
        counted; blank where there is no answer.
    word: the answer as it is read, such as `The target is met` or `The target seems to be met`.
    turned_by: what could turn it; of one that cannot be told, why.
    cells: what it rests on.
    """

    answer: Answer
    sure: Sure
    word: str
    turned_by: tuple[Reason, ...] = ()
    cells: tuple[CellRef, ...] = ()
    how_sure: Words = NO_WORDS

    @property
    def look(self) -> str:
        """How it looks: the answer and how sure, such as `met-firm`; its sign is `SIGNS[look]`."""
        return f"{self.answer}-{self.sure}" if self.sure else self.answer

    def briefly(self) -> str:
        """How sure it is, in a few words for a table; blank where there is no answer."""
        if self.sure == "firm":
            return _("certain: holds in all that was tried")
        if self.sure == "untried":
            return _("not tried for chance and cases not located")
        if self.sure == "open":
            things = locale.listed([reason.short for reason in self.turned_by], "or")
            return _("uncertain: can be turned by {things}", things=things)
        return ""

    @property
    def sign(self) -> str:
        """The sign that stands before the word."""
        return SIGNS.get(self.look, "")


SIGNS = {
    "met-firm": "✓",
    "met-open": "✓?",
    "met-untried": "✓?",
    "not_met-firm": "✗",
    "not_met-open": "✗?",
    "not_met-untried": "✗?",
    "cannot_tell": "?",
}
"""The sign of each look; a question mark stands in all that is not firm."""


def answer_word(answer: str, sure: str) -> str:
    """An answer as it is read: what is not firm only seems to be so."""
    seems = sure in ("open", "untried")
    words = {
        "met": _("The target seems to be met") if seems else _("The target is met"),
        "not_met": _("The target does not seem to be met") if seems else _("The target is not met"),
        "cannot_tell": _("Cannot be told"),
        "hidden": _("Not shown (small numbers)"),
        "baseline": _("Baseline"),
        "no_target": _("No target"),
        "no_data": _("No data yet"),
    }
    return words[answer]


def is_hidden(edition: Edition, row: Row) -> bool:
    """Whether a verdict rests on a figure that is there and is not shown, as small numbers are.

    Unknown and hidden are two things: of the second, somebody in the house knows more.
    """
    years = [row[name] for name in ("baseline_period", "period") if row[name] is not None]
    if row["change"] is not None:
        return False
    own = {"indicator": row["indicator"], "group": row["group"]}
    results = (rows_of(edition, "results", **own, period=year) for year in years)
    return any(not each["shown"] for of_year in results for each in of_year)


def verdict_of(edition: Edition, row: Row, indicator: Indicator) -> Verdict:
    """The verdict of a row of `verdicts`, and how sure it is."""
    hidden = is_hidden(edition, row)
    cells = (row.ref("verdict"), *(row.ref(check) for check in _TURNING))
    if hidden or row["verdict"] == "cannot_tell":
        answer: Answer = "hidden" if hidden else "cannot_tell"
        why = () if hidden else (why_not_judged(row, indicator),)
        said = joined([_capital(why[0].text), "."], "") if why else NO_WORDS
        return Verdict(answer, "", answer_word(answer, ""), why, cells[:1], said)
    reasons = tuple(reasons_of(row))
    sure = _sure(row, reasons, indicator)
    word = answer_word(row["verdict"], sure)
    return Verdict(row["verdict"], sure, word, reasons, cells, _how_sure(sure, reasons, row))


def _sure(row: Row, reasons: tuple[Reason, ...], indicator: Indicator) -> Sure:
    if reasons:
        return "open"
    untried = [row[check] in (NOT_APPLICABLE, None) for check in ("chance", "unlocated")]
    if isinstance(indicator.numerator, CaseCount) and all(untried):
        return "untried"
    return "firm"


def reasons_of(row: Row) -> list[Reason]:
    """What could turn the verdict of a row, in words that stand within a sentence."""
    words: dict[str, Words] = {
        "chance": Words(_("chance")),
        "rounding": Words(_("rounding")),
        "unlocated": _unlocated(row),
        "case_system": phrase(
            "the change of case system between {before} and {after}",
            before=row.year("baseline_period"),
            after=row.year("period"),
        ),
        "other_reading": Words(_("how the words of the target are read")),
        "other_comparison": Words(_("whom the areas are compared with")),
    }
    short = short_words()
    found = [Reason(check, words[check], short[check]) for check in _TURNING if row[check] == TURNS]
    if row["together"] == TURNS and {row["chance"], row["unlocated"]} == {HOLDS}:
        both = Words(_("chance and where the unlocated cases belong, both at once"))
        found.append(Reason("together", both, short["together"]))
    if _depends_on_scatter(row):
        text = _("that several cases are of one event (how often, the figures cannot tell)")
        found.append(Reason("scatter", Words(text), short["scatter"]))
    if row["reconciled"] is False:
        other = Words(_("an independent count that says otherwise"))
        found.append(Reason("total", other, short["total"]))
    return found


def _depends_on_scatter(row: Row) -> bool:
    """Whether it holds against chance only where cases are taken to come one by one."""
    turning = row["turning_dispersion"]
    unknown = row["chance"] == HOLDS and row["dispersion"] is None
    return unknown and turning is not None and turning <= _CLUSTER


def short_words() -> dict[str, str]:
    """What could turn a verdict, in a word or two."""
    return {
        "chance": _("chance"),
        "rounding": _("rounding"),
        "unlocated": _("cases not located"),
        "case_system": _("another case system"),
        "other_reading": _("other reading"),
        "other_comparison": _("other comparison"),
        "together": _("chance and cases not located"),
        "scatter": _("several cases of one event"),
        "total": _("independent count"),
    }


def _unlocated(row: Row) -> Words:
    if row["unlocated_cases"] is None:
        return Words(_("where the unlocated cases belong"))
    return phrase(
        "where the {count:one unlocated case belongs|{count} unlocated cases belong} that can lie "
        "in the areas",
        count=row.number("unlocated_cases"),
    )


def why_not_judged(row: Row, indicator: Indicator) -> Reason:
    """Why a verdict cannot be told."""
    if row["rows_lost"]:
        text = _("too many rows of one of the years could not be read or located")
        return Reason("rows_lost", Words(text))
    if row["relative_to_zero"]:
        text = _("the figure was zero at the baseline, and nothing can be told relative to it")
        if row["kind"].startswith("gap"):
            text = _("the gap at the baseline, or the level that it is relative to, was zero")
        return Reason("relative_to_zero", Words(text))
    if row["change"] is not None:
        return Reason("rounding", Words(_("the figures are rounded, and the rounding decides")))
    return Reason("no_figure", Words(_("a figure is missing or hidden")))


def _how_sure(sure: Sure, reasons: tuple[Reason, ...], row: Row) -> Words:
    """How sure a verdict is, as a sentence."""
    if sure == "open":
        things = listed([reason.text for reason in reasons], "or")
        return phrase("Uncertain: {things} can turn the answer.", things=things)
    if sure == "untried":
        text = _(
            "Not tried: neither for chance nor for cases without a place, since the counts behind "
            "the figures are not known."
        )
        return Words(text)
    names = {
        "chance": _("chance"),
        "rounding": _("rounding"),
        "unlocated": _("where the unlocated cases belong"),
        "other_reading": _("how the words of the target are read"),
        "other_comparison": _("whom the areas are compared with"),
    }
    firm = [words for check, words in names.items() if row[check] == HOLDS]
    if not firm:
        return Words(_("Nothing that was tried can turn the answer."))
    things = listed(firm, "or")
    return phrase("Certain: the answer does not depend on {things}.", things=things)


def _capital(text: Words) -> Words:
    return Words(text[:1].upper() + text[1:], text.spans)


def count_of(verdicts: list[Verdict], answer: str) -> Figure:
    """How many verdicts give an answer, by the cells that say so."""
    cells = tuple(each.cells[0] for each in verdicts if each.answer == answer)
    return Figure(locale.number(len(cells)), len(cells), cells, "count")
