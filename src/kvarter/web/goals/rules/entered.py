"""A figure entered by hand: with its source, its period and its counts, which must agree."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kvarter.i18n.locale import Locale
from kvarter.web.goals.rules.said import Said, _

_SHARE = re.compile(r"(\d+)(?:[.,](\d+))?")


@dataclass(frozen=True)
class EnteredFigure:
    """A figure that no run computed.

    count, of: such as 28 of 50; `of` is None where the count stands alone.
    share: the percent as it is said, such as `56` or `0,6`; empty where none is said.
    """

    title: str
    source: str
    period: str
    count: int
    of: int | None = None
    share: str = ""

    def percent(self) -> float | None:
        """The percent that the counts make."""
        return 100 * self.count / self.of if self.of else None


def mistake_in(figure: EnteredFigure) -> Said | None:
    """What does not agree in an entered figure; None where all does.

    A share is right that is the counts' percent rounded to as many decimals as it is said with.
    """
    if not (figure.title.strip() and figure.source.strip() and figure.period.strip()):
        return _("An entered figure needs what it is, its source and its period.")
    if figure.count < 0 or (figure.of is not None and figure.of <= 0):
        return _(
            "{title}: counts are not negative, and nothing is a part of none.", title=figure.title
        )
    if figure.of is not None and figure.count > figure.of:
        return _(
            "{title}: {count} is more than the {of} it is a part of.",
            title=figure.title,
            count=figure.count,
            of=figure.of,
        )
    return _wrong_share(figure) if figure.share.strip() else None


def _wrong_share(figure: EnteredFigure) -> Said | None:
    found, percent = _SHARE.fullmatch(figure.share.strip()), figure.percent()
    if found is None or percent is None:
        return _(
            "{title}: a percent is a number, and needs the count it is a part of.",
            title=figure.title,
        )
    decimals = len(found[2] or "")
    said = float(f"{found[1]}.{found[2] or 0}")
    if abs(said - percent) <= 0.5 * 10**-decimals + 1e-9:
        return None
    return _(
        "{title}: {count} of {of} is {right} %, not {share} %.",
        title=figure.title,
        count=figure.count,
        of=figure.of,
        right=Locale("da").number(percent, decimals),
        share=figure.share.strip(),
    )
