"""How good the data is: cases without a place, changes of case system, counts by others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kvarter.documents.contents.cells import (
    Figure,
    Row,
    Words,
    joined,
    phrase,
    row_of,
    rows_of,
    worked_out,
)
from kvarter.documents.figures import units
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.policy.model import CaseCount, Indicator, Policy, data_year


@dataclass(frozen=True)
class WithoutPlace:
    """The cases of a year that have no place in the municipality, and how they are parted.

    title: what kind of case they are.
    total: all of them; None where so few are not told.
    no_place: those whose address could not be located; elsewhere: those located in another
        municipality. The two add up to the total.
    could_lie: of the first, those that can lie in the areas by what their address says.
    said: the same as a sentence.
    """

    indicator: str
    title: str
    year: Figure
    total: Figure | None
    no_place: Figure | None
    elsewhere: Figure | None
    could_lie: Figure | None
    said: Words


@dataclass(frozen=True)
class SystemChange:
    """A change of case system between the years that a verdict compares."""

    indicator: str
    said: Words


@dataclass(frozen=True)
class Total:
    """A count by others beside the one made here; `within` where the two agree."""

    indicator: str
    within: bool | None
    said: Words


@dataclass(frozen=True)
class LocatedIn:
    """The share of a year's cases that was located."""

    year: int
    share: Figure
    unlocated: Figure


@dataclass(frozen=True)
class Located:
    """An indicator, and what share of its cases was located year by year."""

    indicator: str
    title: str
    years: tuple[LocatedIn, ...]


@dataclass(frozen=True)
class QualityContents:
    """What a reader must know of the data behind the figures."""

    without_place: tuple[WithoutPlace, ...]
    system_changes: tuple[SystemChange, ...]
    totals: tuple[Total, ...]
    located: tuple[Located, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.without_place or self.system_changes or self.totals)


def quality(edition: Edition) -> QualityContents:
    """What must be known of the data of an edition."""
    counting = [
        indicator
        for _, indicator in edition.policy.indicators()
        if isinstance(indicator.numerator, CaseCount)
    ]
    places = [without_place(edition, each) for each in counting]
    return QualityContents(
        tuple(each for each in places if each is not None),
        tuple(change for each in counting if (change := _system_change(edition, each))),
        tuple(_totals(edition)),
        tuple(each for each in (_located(edition, one) for one in counting) if each.years),
    )


def without_place(edition: Edition, indicator: Indicator) -> WithoutPlace | None:
    """The cases of the edition's year that have no place in the municipality.

    None where there is no such case, or nothing is known of the year.
    """
    counted = indicator.numerator
    if not isinstance(counted, CaseCount):
        return None
    year = data_year(indicator, edition.definition)
    row = row_of(edition, "not_placed", cases=counted.cases, period=year)
    if row is None or row["count"] == 0:
        return None
    kinds = {kind.id: kind for kind in edition.policy.case_kinds}
    title = locale.say(kinds[counted.cases].title)
    if row["count"] is None:
        said = phrase(
            "How many cases of {year} have no address that can be located, or lie outside the "
            "municipality, is not shown: a small number could be told from it.",
            year=row.year("period"),
        )
        return WithoutPlace(indicator.id, title, row.year("period"), None, None, None, None, said)
    total = row.number("count")
    no_place, elsewhere = _parts(edition, indicator, year, total)
    could_lie = _could_lie(edition, indicator)
    found = WithoutPlace(
        indicator.id, title, row.year("period"), total, no_place, elsewhere, could_lie, Words()
    )
    return replace(found, said=_reconciled(found))


def _parts(
    edition: Edition, indicator: Indicator, year: int, total: Figure
) -> tuple[Figure | None, Figure | None]:
    """Those that could not be located, and those located in another municipality."""
    row = row_of(edition, "missing", indicator=indicator.id, factor="year", level=str(year))
    if row is None or row["unlocated"] is None:
        return None, None
    no_place = row.number("unlocated")
    elsewhere = worked_out("less", locale.number, total, no_place)
    if not isinstance(elsewhere.value, int) or elsewhere.value < 0:
        return None, None
    return no_place, elsewhere


def _could_lie(edition: Edition, indicator: Indicator) -> Figure | None:
    rows = [
        row
        for row in rows_of(edition, "verdicts", indicator=indicator.id, decides=True)
        if row["unlocated_cases"] is not None and row["group"] == "areas"
    ]
    return rows[0].number("unlocated_cases") if rows else None


def _reconciled(found: WithoutPlace) -> Words:
    """`Of 2023, 110 cases have no place in the municipality: 85 ... and 25 ...`."""
    said = [
        phrase(
            "{total} {total:case|cases} of {year} {total:has|have} no place in the municipality.",
            total=found.total,
            year=found.year,
        )
    ]
    if found.no_place is not None and found.elsewhere is not None:
        said = [
            phrase(
                "{total} {total:case|cases} of {year} {total:has|have} no place in the "
                "municipality: {no_place} {no_place:has|have} no address that can be located, and "
                "{elsewhere} {elsewhere:lies|lie} in other municipalities.",
                total=found.total,
                year=found.year,
                no_place=found.no_place,
                elsewhere=found.elsewhere,
            )
        ]
        if found.could_lie is not None:
            said.append(
                phrase(
                    "Of the {no_place}, {count} can lie in the areas by what their address says.",
                    no_place=found.no_place,
                    count=found.could_lie,
                )
            )
    return joined(said)


def _system_change(edition: Edition, indicator: Indicator) -> SystemChange | None:
    """Between the years that the verdict compares."""
    row = next(
        (
            row
            for row in rows_of(edition, "verdicts", indicator=indicator.id, decides=True)
            if row["case_system"] == "turns"
        ),
        None,
    )
    if row is None:
        return None
    systems = edition.case_systems
    before, after = (
        systems.get((indicator.id, int(row[name])), frozenset())
        for name in ("baseline_period", "period")
    )
    said = phrase(
        "{title}: the case system was changed between {first} ({old}) and {last} ({new}), so part "
        "of the change may be a change of method.",
        title=locale.say(indicator.title),
        first=row.year("baseline_period"),
        old=locale.listed(sorted(before)),
        last=row.year("period"),
        new=locale.listed(sorted(after)),
    )
    return SystemChange(indicator.id, said)


def _totals(edition: Edition) -> list[Total]:
    """Each count by others that does not agree with the one made here."""
    found = []
    for row in rows_of(edition, "totals"):
        if row["within"] is not False or row["counted"] is None:
            continue
        name, named = f"title_{_language(row)}", units()
        said = phrase(
            "{title} has {total} {total_counts} in {year}; {counted} {counts} are counted here, "
            "{part} of it. That needs an explanation.",
            title=row.figure(name, row[name]),
            total=row.number("total"),
            total_counts=named[row["total_counts"]],
            year=row.year("period"),
            counted=row.number("counted"),
            counts=named[row["counts"]],
            part=row.figure("percent_of_total", locale.percent(row["percent_of_total"])),
        )
        found.append(Total(row["indicator"], row["within"], said))
    return found


def _language(row: Row) -> str:
    return "en" if locale.current().language == "en" and row["title_en"] else "da"


def _located(edition: Edition, indicator: Indicator) -> Located:
    rows = rows_of(edition, "missing", indicator=indicator.id, factor="year")
    years = tuple(
        LocatedIn(
            int(row["level"]),
            row.percent("share_located", 1),
            row.number("unlocated"),
        )
        for row in sorted(rows, key=lambda row: str(row["level"]))
        if row["share_located"] is not None
    )
    return Located(indicator.id, locale.say(indicator.title), years)


def how_to_read(edition: Edition) -> tuple[str, ...]:
    """What holds for all figures of an edition: intervals, what is not shown, and years."""
    return (
        _(
            "Intervals are {confidence}: Wilson's for shares, Byar's (exact below {few}) for "
            "rates.",
            confidence=locale.percent(100 * edition.policy.confidence),
            few=10,
        ),
        _(
            "Counts of people from {least} to {most} are not shown, and neither is what would give "
            "them away.",
            least=1,
            most=edition.policy.disclosure_of().threshold - 1,
        ),
        *_own_thresholds(edition.policy),
        _("An edition has a name of its own; the year of its data stands beside every figure."),
    )


def _own_thresholds(policy: Policy) -> Iterator[str]:
    """A sentence for each threshold above that of the policy, with the indicators it is of."""
    titles = defaultdict[int, list[str]](list)
    for _goal, indicator in policy.indicators():
        titles[policy.disclosure_of(indicator).threshold].append(locale.say(indicator.title))
    for threshold in sorted(titles):
        if threshold > policy.disclosure_of().threshold:
            yield _(
                "Of {titles}, no count from {least} to {most} is shown.",
                titles=locale.listed([f"“{title}”" for title in titles[threshold]]),
                least=1,
                most=threshold - 1,
            )
