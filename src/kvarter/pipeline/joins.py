"""Do the files fit together, and to the policy: places, years, addresses?

Each file can be read, and the figures still be wrong: a statistic of another register, a year that
no extract covers, areas drawn elsewhere. A run and a check tell of it by the functions here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kvarter.areas import AreaPolygons, Outline
from kvarter.editions.geography import city_of
from kvarter.errors import InputError
from kvarter.indicators import Measured
from kvarter.notes import Note
from kvarter.policy.model import (
    AREAS,
    CaseCount,
    EditionDefinition,
    Indicator,
    Policy,
    Source,
    StatisticSum,
    data_year,
)

_MOST_NAMED = 5
_HALF = 0.5


def require_own_addresses(policy: Policy, entrances: pl.DataFrame, folder: Path) -> None:
    """Raise InputError where the register has no address with the code of the municipality."""
    own = policy.municipality.code
    if policy.register_ is None or own in entrances["municipality_code"]:
        return
    found = entrances["municipality_code"].value_counts(sort=True).head(_MOST_NAMED)
    codes = ", ".join(f"{count:,} of {code or 'none'}" for code, count in found.iter_rows())
    raise InputError.of(
        f"no address of the register has the municipality code {own}",
        f"Its entrances are: {codes}. Write the right `code` under `municipality`, or give the "
        f"register of {own}.",
        folder / policy.register_.file,
        field="municipality.code",
    )


def note_extracts(policy: Policy, cases: pl.DataFrame, ledger: pl.DataFrame) -> list[Note]:
    """Extracts that lie outside their days, or whose addresses mostly miss the register.

    `cases`: matched and decided; `ledger`: the entries of all stages so far. No counts are in them:
    the notes stand in the report, where counts of rows are hidden if they are small.
    """
    notes = []
    read = ledger.filter(pl.col("stage") == "read")
    for source in policy.sources:
        rows = read.filter(pl.col("source") == source.id)
        outside = rows.filter(pl.col("outcome") == "outside_period").height
        valid = rows.filter(pl.col("outcome") != "invalid").height
        days = {
            "source": source.id,
            "first": source.first_day.isoformat(),
            "last": source.last_day.isoformat(),
        }
        if valid and outside == valid:
            notes.append(
                Note(
                    "{source}: all rows are dated outside the days it was drawn for, {first} to "
                    "{last}. Is it the right file, and are `from` and `to` right?",
                    days,
                    wrong=True,
                )
            )
        elif outside > _HALF * valid:
            notes.append(
                Note(
                    "{source}: more than half of the rows are dated outside the days it was drawn "
                    "for, {first} to {last}. Is it the right file, and are `from` and `to` right?",
                    days,
                )
            )
        share = share_found(cases, source)
        if share is not None and share < _HALF:
            notes.append(
                Note(
                    "{source}: fewer than half of the rows have an address that is found in the "
                    "register. Are the address columns right, and does the register cover the "
                    "municipality?",
                    {"source": source.id},
                    wrong=True,
                )
            )
    return notes


def share_found(cases: pl.DataFrame, source: Source) -> float | None:
    """The share of a source's valid rows whose address is found, or decided by hand; None of none.

    `cases`: matched and decided.
    """
    own = cases.filter(pl.col("source") == source.id)
    if own.is_empty():
        return None
    found = pl.col("access_address_id").is_not_null() | pl.col("decided_as").is_not_null()
    return own.filter(found).height / own.height


def note_areas(
    policy: Policy,
    areas: AreaPolygons,
    in_areas: pl.DataFrame,
    own: pl.DataFrame,
    units_in_areas: dict[str, pl.DataFrame],
) -> list[Note]:
    """Areas without an address, or a unit of a layer, that could lie in them: they count nothing.

    `in_areas`: `place, area` of all entrances; `own`: the entrances of the municipality;
    `units_in_areas`: the same of the units, by layer.
    """
    notes = []
    if policy.register_ is not None:
        with_own = set(in_areas.join(own, on="place", how="semi")["area"])
        with_any = set(in_areas["area"])
        empty = [area for area in areas.outlines if area not in with_own]
        if elsewhere := [area for area in empty if area in with_any]:
            notes.append(
                Note(
                    "These areas hold addresses of other municipalities only: {areas}. They count "
                    "nothing. Check their outlines and the municipality's code.",
                    {"areas": _named(areas, elsewhere)},
                    wrong=True,
                )
            )
        if nowhere := [area for area in empty if area not in with_any]:
            notes.append(
                Note(
                    "These areas hold no address of the register: {areas}. They count nothing. "
                    "Check their outlines, `crs` and the register.",
                    {"areas": _named(areas, nowhere)},
                    wrong=True,
                )
            )
    for layer, placed in units_in_areas.items():
        if without := sorted(set(areas.outlines) - set(placed["area"])):
            notes.append(
                Note(
                    "{layer}: no unit lies with most of its ground in these areas: {areas}. The "
                    "statistics by that layer count nothing in them.",
                    {"layer": layer, "areas": _named(areas, without)},
                    wrong=True,
                )
            )
    return notes


def note_borders(areas: AreaPolygons, layers: dict[str, dict[str, Outline]]) -> list[Note]:
    """Areas that lie outside the city, where the policy has a layer of its districts."""
    city = city_of(layers.get("districts", {}))
    if city is None:
        return []
    outside = [
        name
        for name, outline in areas.outlines.items()
        if outline.geometry.difference(city).area > _HALF * outline.geometry.area
    ]
    if not outside:
        return []
    return [
        Note(
            "These areas lie with more than half of their ground outside the layer `districts`: "
            "{areas}. Is one of the two layers of another place?",
            {"areas": _named(areas, outside)},
        )
    ]


def _named(areas: AreaPolygons, ids: list[str]) -> str:
    return ", ".join(areas.outlines[area].name for area in ids)


@dataclass(frozen=True)
class Basis:
    """What an indicator's figure of an edition rests on.

    `sources` cover the year, all but `missing_days` of it; `statistics` have rows of it, those
    in `lacking` have not, with the years they have; `published`: an earlier figure stands in.
    """

    year: int
    sources: list[str]
    missing_days: int
    statistics: list[str]
    lacking: dict[str, list[int]]
    published: bool

    @property
    def covered(self) -> bool:
        """Whether sources cover the whole year; true where there are no cases to count."""
        return self.missing_days == 0


def basis_of(
    policy: Policy, indicator: Indicator, edition: EditionDefinition, measured: Measured
) -> Basis:
    """Which sources and statistics the figure of `indicator` in `edition` rests on."""
    year = data_year(indicator, edition)
    sources: list[str] = []
    missing, statistics, lacking = 0, [], {}
    for quantity in (indicator.numerator, indicator.denominator):
        if isinstance(quantity, CaseCount):
            spans = _days_counted(policy, quantity.cases, year)
            sources += [name for name, _, _ in spans if name not in sources]
            missing = max(missing, _days_missing(spans, year))
        elif isinstance(quantity, StatisticSum):
            table = measured.statistics[quantity.statistic]
            years = table.drop_nulls(["year", quantity.column])["year"].unique().sort().to_list()
            if year in years:
                statistics.append(quantity.statistic)
            else:
                lacking[quantity.statistic] = years
    published = measured.measures.filter(
        (pl.col("indicator") == indicator.id)
        & (pl.col("period") == year)
        & (pl.col("group") == AREAS)
        & (pl.col("origin") == "published")
    )
    return Basis(year, sources, missing, statistics, lacking, published.height > 0)


def note_years(policy: Policy, edition: EditionDefinition, measured: Measured) -> list[Note]:
    """Years of this edition and of the baseline that a source or a statistic does not cover."""
    notes = []
    baseline = policy.baseline()
    for goal, indicator in policy.indicators():
        asked = [edition]
        if baseline is not None and any(t.indicator == indicator.id for t in goal.targets):
            asked = [baseline] if baseline.id == edition.id else [baseline, edition]
        for each in asked:
            basis = basis_of(policy, indicator, each, measured)
            if basis.published:
                continue
            values: dict[str, str | int] = {
                "indicator": indicator.id,
                "edition": each.id,
                "year": str(basis.year),
            }
            notes += [
                note
                for kind in _kinds(indicator)
                for note in _note_sources(policy, kind, basis, values)
            ]
            for name, years in basis.lacking.items():
                notes.append(
                    Note(
                        "{indicator}: {statistic} has no row of {year}, the data year of the "
                        "edition {edition}, that can be used; it has {years}. So there is no "
                        "figure.",
                        values | {"statistic": name, "years": ", ".join(map(str, years)) or "–"},
                        wrong=True,
                    )
                )
    return notes


def _note_sources(
    policy: Policy, kind: str, basis: Basis, values: dict[str, str | int]
) -> list[Note]:
    """A note where the sources of a kind of case do not cover the year, or a part of it."""
    spans = [f"{each.id}: {_years(each)}" for each in policy.sources if each.cases == kind]
    values = values | {"cases": kind, "covered": "; ".join(spans)}
    if not spans:
        return [
            Note(
                "{indicator}: no source of {cases} begins by {year}, the data year of the edition "
                "{edition}. So there is no figure.",
                values,
                wrong=True,
            )
        ]
    if not basis.sources:
        return [
            Note(
                "{indicator}: no source of {cases} covers {year}, the data year of the edition "
                "{edition} ({covered}). So there is no figure.",
                values,
                wrong=True,
            )
        ]
    if basis.missing_days:
        return [
            Note(
                "{indicator}: the sources of {cases} do not cover {days} {days:day|days} of "
                "{year}, the data year of the edition {edition} ({covered}). So its figure is "
                "of a part of the year.",
                values | {"days": basis.missing_days},
                wrong=True,
            )
        ]
    return []


def _kinds(indicator: Indicator) -> list[str]:
    both = indicator.numerator, indicator.denominator
    return list(dict.fromkeys(q.cases for q in both if isinstance(q, CaseCount)))


def _years(source: Source) -> str:
    """The days a source was drawn for; whole years as years."""
    first, last = source.first_day, source.last_day
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    return f"{first} \u2013 {last}"


def _days_counted(policy: Policy, kind_id: str, year: int) -> list[tuple[str, dt.date, dt.date]]:
    """The sources whose rows count in a year, with the first and last day they count on."""
    kind, spans = policy.case_kind(kind_id), []
    for source in policy.sources:
        if source.cases != kind_id:
            continue
        first = max(source.first_day, dt.date(year, 1, 1))
        last = min(source.last_day, dt.date(year, 12, 31))
        for change in kind.system_changes:
            if change.before == source.case_system:
                last = min(last, change.on - dt.timedelta(days=1))
            if change.after == source.case_system:
                first = max(first, change.on)
        if first <= last:
            spans.append((source.id, first, last))
    return spans


def _days_missing(spans: list[tuple[str, dt.date, dt.date]], year: int) -> int:
    """How many days of the year no span covers."""
    next_day, missing = dt.date(year, 1, 1), 0
    for _, first, last in sorted(spans, key=lambda span: span[1:]):
        missing += max(0, (first - next_day).days)
        next_day = max(next_day, last + dt.timedelta(days=1))
    return missing + max(0, (dt.date(year + 1, 1, 1) - next_day).days)


def note_unused(policy: Policy, edition: EditionDefinition, measured: Measured) -> list[Note]:
    """Published figures and independent totals that nothing is compared with, or shown of."""
    notes = []
    for _, indicator in policy.indicators():
        own = measured.measures.filter(pl.col("indicator") == indicator.id)
        origin = {
            (year, group): by
            for year, group, by in own.select("period", "group", "origin").iter_rows()
        }
        latest = max(data_year(indicator, edition) for edition in policy.editions)
        for figure in indicator.published:
            values = {
                "indicator": indicator.id,
                "year": str(figure.year),
                "group": figure.group,
            }
            if figure.year > latest:
                notes.append(
                    Note(
                        "{indicator}: the published figure of {year} ({group}) is used by no "
                        "edition.",
                        values,
                    )
                )
            elif origin.get((figure.year, figure.group)) == "computed":
                notes.append(
                    Note(
                        "{indicator}: the published figure of {year} ({group}) is not used, for "
                        "one is computed.",
                        values,
                    )
                )
        for total in indicator.independent_totals:
            if total.year > latest or (
                total.year <= data_year(indicator, edition)
                and origin.get((total.year, total.group)) != "computed"
            ):
                notes.append(
                    Note(
                        "{indicator}: the independent total of {year} ({group}) is compared with "
                        "nothing, for no count of that year is computed.",
                        {
                            "indicator": indicator.id,
                            "year": str(total.year),
                            "group": total.group,
                        },
                    )
                )
    return notes
