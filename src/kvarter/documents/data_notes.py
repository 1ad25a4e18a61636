"""Notes on the data of a goal: where it comes from, and what happened to it on the way."""

from __future__ import annotations

from itertools import pairwise

from kvarter.documents.contents.quality import without_place
from kvarter.documents.document import Block, Bullets, Item, Section
from kvarter.documents.figures import editions
from kvarter.documents.observations import in_words
from kvarter.documents.rows import duplicates_in_words
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.policy.model import CaseCount, Goal, Indicator, Quantity, data_year


def data_notes(status: Edition, goal: Goal) -> list[Block]:
    """Source, duplicates, cases not located and a change of case system, for each indicator."""
    items: list[Item] = []
    for indicator in goal.indicators:
        lines = [
            Item(_sources(status, indicator), lead=_("Source") + ":"),
            Item(_duplicates(status, indicator)),
            Item(_missing(status, indicator)),
            *(Item(text) for text in _systems(status, indicator)),
            Item(_years(status, indicator)),
        ]
        items += [line for line in lines if line.text and line not in items]
    observations = [each for each in status.observations if each.goal == goal.number]
    items += [Item(in_words(each, status)) for each in observations if each.target is None]
    return [Section(_("Notes on the data"), (Bullets(tuple(items)),))] if items else []


def _sources(status: Edition, indicator: Indicator) -> str:
    """What the numerator and the denominator are counted from."""
    said = [_of(status, indicator.numerator)]
    if indicator.denominator is not None:
        whole = _of(status, indicator.denominator)
        if indicator.per:
            whole = f"{locale.say(indicator.per)} ({whole})"
        if whole not in said:
            said.append(_("in proportion to {statistic}", statistic=whole))
    return ", ".join(said) + "."


def _of(status: Edition, quantity: Quantity) -> str:
    if isinstance(quantity, CaseCount):
        kinds = {kind.id: kind for kind in status.policy.case_kinds}
        systems = list(
            dict.fromkeys(
                source.case_system
                for source in status.policy.sources
                if source.cases == quantity.cases and source.case_system
            )
        )
        title = locale.say(kinds[quantity.cases].title)
        if not systems:
            return title
        return _("{cases} from {systems}", cases=title, systems=locale.listed(systems))
    statistics = {statistic.id: statistic for statistic in status.policy.statistics}
    return _(
        "the column {column} of the file {file}",
        column=quantity.column,
        file=statistics[quantity.statistic].file,
    )


def _missing(status: Edition, indicator: Indicator) -> str:
    """How many cases of the year have no place, and how they are parted; blank where none."""
    found = without_place(status, indicator)
    return found.said if found else ""


def _duplicates(status: Edition, indicator: Indicator) -> str:
    if not isinstance(indicator.numerator, CaseCount):
        return ""
    return duplicates_in_words(status, indicator.numerator.cases)


def _systems(status: Edition, indicator: Indicator) -> list[str]:
    """Where the case system was changed between the editions that are compared."""
    years = sorted({data_year(indicator, edition) for edition in editions(status)})
    systems = status.case_systems
    used = [(y, systems[indicator.id, y]) for y in years if systems.get((indicator.id, y))]
    return [
        _(
            "The case system was changed between {before} ({old}) and {after} ({new}): part of a "
            "change may be a change of method.",
            before=before,
            old=locale.listed(sorted(old)),
            after=after,
            new=locale.listed(sorted(new)),
        )
        for (before, old), (after, new) in pairwise(used)
        if old != new
    ]


def _years(status: Edition, indicator: Indicator) -> str:
    """The editions that are called by another year than that of their data."""
    others = [
        _("{edition} rests on data of {year}", edition=locale.say(edition.title), year=year)
        for edition in editions(status)
        if edition.id != str(year := data_year(indicator, edition))
    ]
    return f"{locale.listed(others)}." if others else ""
