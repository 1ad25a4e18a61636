"""Notes on the data of a goal: where it comes from, and what happened to it on the way."""

from __future__ import annotations

from itertools import pairwise

from kvarter.documents.document import Block, Bullets, Item, Section
from kvarter.documents.figures import editions
from kvarter.documents.indicator import missing_in_words
from kvarter.documents.observations import in_words
from kvarter.documents.rows import duplicates_in_words
from kvarter.editions import Edition
from kvarter.i18n.language import Tongue
from kvarter.policy.model import CaseCount, Goal, Indicator, Quantity, data_year


def data_notes(status: Edition, goal: Goal, tongue: Tongue) -> list[Block]:
    """Source, duplicates, cases not located and a change of case system, for each indicator."""
    _ = tongue._
    items: list[Item] = []
    for indicator in goal.indicators:
        lines = [
            Item(_sources(status, indicator, tongue), lead=_("Source") + ":"),
            Item(_duplicates(status, indicator, tongue)),
            Item(missing_in_words(status, indicator, tongue)),
            *(Item(text) for text in _systems(status, indicator, tongue)),
            Item(_years(status, indicator, tongue)),
        ]
        items += [line for line in lines if line.text and line not in items]
    observations = [each for each in status.observations if each.goal == goal.number]
    items += [Item(in_words(each, status, tongue)) for each in observations if each.target is None]
    return [Section(_("Notes on the data"), (Bullets(tuple(items)),))] if items else []


def _sources(status: Edition, indicator: Indicator, tongue: Tongue) -> str:
    """What the numerator and the denominator are counted from."""
    _ = tongue._
    said = [_of(status, indicator.numerator, tongue)]
    if indicator.denominator is not None:
        whole = _of(status, indicator.denominator, tongue)
        if indicator.per:
            whole = f"{tongue.say(indicator.per)} ({whole})"
        if whole not in said:
            said.append(_("in proportion to {statistic}", statistic=whole))
    return ", ".join(said) + "."


def _of(status: Edition, quantity: Quantity, tongue: Tongue) -> str:
    if isinstance(quantity, CaseCount):
        kinds = {kind.id: kind for kind in status.policy.case_kinds}
        systems = list(
            dict.fromkeys(
                source.case_system
                for source in status.policy.sources
                if source.cases == quantity.cases and source.case_system
            )
        )
        title = tongue.say(kinds[quantity.cases].title)
        if not systems:
            return title
        return tongue._("{cases} from {systems}", cases=title, systems=tongue.listed(systems))
    statistics = {statistic.id: statistic for statistic in status.policy.statistics}
    return tongue._(
        "the column {column} of the file {file}",
        column=quantity.column,
        file=statistics[quantity.statistic].file,
    )


def _duplicates(status: Edition, indicator: Indicator, tongue: Tongue) -> str:
    if not isinstance(indicator.numerator, CaseCount):
        return ""
    return duplicates_in_words(status, indicator.numerator.cases, tongue)


def _systems(status: Edition, indicator: Indicator, tongue: Tongue) -> list[str]:
    """Where the case system was changed between the editions that are compared."""
    years = sorted({data_year(indicator, edition) for edition in editions(status)})
    systems = status.case_systems
    used = [(y, systems[indicator.id, y]) for y in years if systems.get((indicator.id, y))]
    return [
        tongue._(
            "The case system was changed between {before} ({old}) and {after} ({new}): part of a "
            "change may be a change of method.",
            before=before,
            old=tongue.listed(sorted(old)),
            after=after,
            new=tongue.listed(sorted(new)),
        )
        for (before, old), (after, new) in pairwise(used)
        if old != new
    ]


def _years(status: Edition, indicator: Indicator, tongue: Tongue) -> str:
    """The editions that are called by another year than that of their data."""
    others = [
        tongue._("{edition} rests on data of {year}", edition=tongue.say(edition.title), year=year)
        for edition in editions(status)
        if edition.id != str(year := data_year(indicator, edition))
    ]
    return f"{tongue.listed(others)}." if others else ""
