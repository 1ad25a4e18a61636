"""Who is missing: what share of the cases could be located, by what is known of them."""

from __future__ import annotations

from dataclasses import dataclass

from kvarter.documents.contents.cells import Figure, Row, rows_of
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.judgement.missing import FACTORS
from kvarter.policy.model import Indicator


@dataclass(frozen=True)
class Level:
    """The cases of one year, source, sender or kind: what share was located, how many were not."""

    name: str
    located: Figure
    unlocated: Figure


@dataclass(frozen=True)
class Located:
    """The same for every level of a factor.

    tested: whether the shares differ beyond chance, as a sentence; blank where it was not tested.
        Its figure is of `row`.
    """

    title: str
    levels: tuple[Level, ...]
    tested: str
    row: Row

    @property
    def caption(self) -> str:
        return _("Located, by {factor}", factor=self.title.lower())


@dataclass(frozen=True)
class WhoIsMissing:
    """Of an indicator. `withheld`: what is said where numbers are not shown; blank elsewhere."""

    by: tuple[Located, ...]
    withheld: str


def who_is_missing(edition: Edition, indicator: Indicator) -> WhoIsMissing:
    """The shares located by each factor that has two levels or more to show."""
    titles = {
        "year": _("Year"),
        "source": _("Source"),
        "sender": _("Sender"),
        "kind": _("Kind of case"),
    }
    every = rows_of(edition, "missing", indicator=indicator.id)
    shown = [row for row in every if row["share_located"] is not None]
    found = []
    for factor in FACTORS:
        rows = [row for row in shown if row["factor"] == factor]
        if len(rows) > 1:
            levels = tuple(map(_level, rows))
            found.append(Located(titles[factor], levels, _tested(rows[0]["p_value"]), rows[0]))
    return WhoIsMissing(tuple(found), _withheld(found) if len(shown) < len(every) else "")


def _level(row: Row) -> Level:
    name = row["level"] or _("not stated")
    return Level(name, row.percent("share_located", 1), row.number("unlocated"))


def _tested(p_value: float | None) -> str:
    if p_value is None:
        return ""
    p = locale.p_value(p_value)
    if p_value < 0.05:
        return _(
            "The shares differ more than chance gives (p {p}): who is missing is no sample.", p=p
        )
    return _("The shares do not differ more than chance gives (p {p}).", p=p)


def _withheld(found: list[Located]) -> str:
    if found:
        return _(
            "Rows that are missing here are not shown: their numbers are small, or would give "
            "small ones away."
        )
    return _("Not shown: the numbers are small, or would give small ones away.")
