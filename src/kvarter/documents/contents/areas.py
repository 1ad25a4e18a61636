"""Area by area: each figure with its interval, marked where it differs from the average.

What lies beyond the limits of a funnel plot differs beyond chance (`judgement/funnel.py`); of many
areas one in twenty lies beyond the inner limits by chance alone, and is marked as a hint only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kvarter.documents.contents.cells import Figure, Row, Words, phrase, row_of, rows_of
from kvarter.documents.contents.goals import figure_of
from kvarter.documents.distance_table import amount, why_not
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.judgement.dispersion import dispersions
from kvarter.judgement.funnel import INNER, OUTER, Average, Place
from kvarter.judgement.intervals import wilson
from kvarter.policy.areas import Area
from kvarter.policy.designation import distance_year
from kvarter.policy.model import AREAS, CITY, CaseCount, Criterion, Goal, Indicator, data_year

MARKS: dict[Place, str] = {
    "within": "",
    "perhaps_above": "△",
    "perhaps_below": "▽",
    "above": "▲",
    "below": "▼",
}
"""The sign of each place: filled beyond chance, hollow for a hint, none within."""


@dataclass(frozen=True)
class AreaFigure:
    """A figure of one area; None where it is not shown or not known, and `word` says which.

    counts: what stands behind it; between: its interval in words, low and high as values.
    size: what the figure is a part of: dwellings or persons.
    place: beside the average of the areas; None where that cannot be told.
    """

    id: str
    name: str
    word: str
    figure: Figure | None
    counts: Words
    low: float | None
    high: float | None
    between: str
    size: float | None
    place: Place | None

    @property
    def mark(self) -> str:
        """The sign of its place; blank within the limits."""
        return MARKS[self.place] if self.place else ""


@dataclass(frozen=True)
class Funnel:
    """The limits of a funnel plot: for each size the inner low and high, then the outer ones."""

    average: float
    limits: tuple[tuple[float, float, float, float, float], ...]


@dataclass(frozen=True)
class ByArea:
    """An indicator or a criterion area by area, in one year.

    of: the id of the indicator or criterion; `goal` None for a criterion.
    average, city: of the areas together and of the whole; areas are marked against the first.
    before: the figure of each area at the baseline, by its id.
    times: what a value is multiplied by to be read in `unit`.
    per: what sizes count, such as dwellings.
    """

    of: str
    goal: int | None
    title: str
    year: Figure
    unit: str
    per: str
    average: Figure | None
    city: Figure | None
    areas: tuple[AreaFigure, ...]
    before: dict[str, AreaFigure] = field(default_factory=dict)
    before_year: Figure | None = None
    funnel: Funnel | None = None
    times: float = 100

    def beyond(self, *places: Place) -> list[AreaFigure]:
        """The areas that lie at one of the places, in the order of the policy."""
        return [area for area in self.areas if area.place in places]

    @property
    def best_known(self) -> bool:
        """Whether any area has a figure that is shown."""
        return any(area.figure for area in self.areas)


@dataclass(frozen=True)
class AreaCriterion:
    """How far one area has come on a criterion: what of its lag is closed, with the interval."""

    criterion: str
    title: str
    word: str
    covered: Figure | None
    between: Words
    level: AreaFigure


@dataclass(frozen=True)
class AreaContents:
    """One area: its figures of every indicator that is shown by area, and of every criterion."""

    id: str
    name: str
    indicators: tuple[tuple[ByArea, AreaFigure], ...]
    criteria: tuple[AreaCriterion, ...]


def by_area(edition: Edition) -> tuple[ByArea, ...]:
    """Every indicator that is shown area by area, then every criterion, at the edition's year."""
    found = [
        _indicator(edition, goal, indicator)
        for goal, indicator in edition.policy.indicators()
        if indicator.by_area
    ]
    found += [_criterion(edition, each) for each in edition.policy.criteria]
    return tuple(each for each in found if each is not None)


def area_contents(edition: Edition) -> tuple[AreaContents, ...]:
    """Every area of the edition, in the order of the policy."""
    return _contents_of(edition, edition.definition.area_set)


def fixed_areas(edition: Edition) -> tuple[AreaContents, ...]:
    """The same for the areas of the baseline, which the criteria are measured in."""
    baseline = edition.policy.baseline() or edition.definition
    return _contents_of(edition, baseline.area_set)


def _contents_of(edition: Edition, of_set: str) -> tuple[AreaContents, ...]:
    every = by_area(edition)
    area_set = edition.policy.area_set(of_set)
    return tuple(
        AreaContents(
            area.id,
            area.name,
            tuple(
                (each, own)
                for each in every
                if each.goal is not None
                for own in each.areas
                if own.id == area.id
            ),
            tuple(_area_criteria(edition, area.id, every)),
        )
        for area in area_set.areas
    )


def how_marked() -> str:
    """What the marks mean, for below a table."""
    return _(
        "{above} above and {below} below the average of the areas by more than chance gives: "
        "beyond the limits within which {outer} of areas lie by chance (funnel plot, "
        "Spiegelhalter). {perhaps_above} and {perhaps_below}: beyond those of {inner}, which some "
        "areas are by chance alone.",
        above=MARKS["above"],
        below=MARKS["below"],
        outer=locale.percent(100 * OUTER, 1),
        perhaps_above=MARKS["perhaps_above"],
        perhaps_below=MARKS["perhaps_below"],
        inner=locale.percent(100 * INNER),
    )


def place_word(place: Place | None) -> str:
    """Where an area lies against the average, in a few words."""
    if place is None:
        return _("cannot be told")
    return {
        "within": _("no difference from the average can be told"),
        "perhaps_above": _("perhaps above the average"),
        "perhaps_below": _("perhaps below the average"),
        "above": _("above the average"),
        "below": _("below the average"),
    }[place]


def named_areas(edition: Edition, indicator: Indicator) -> dict[str, str]:
    """The areas as they are told, by id: each by itself, or together under one name."""
    coarser = edition.policy.disclosure_of(indicator).coarser
    area_set = edition.policy.area_set(edition.definition.area_set)
    alone = {area.id: area.name for area in area_set.areas}
    together = {area for within in coarser.values() for area in within}
    apart = {area: name for area, name in alone.items() if area not in together}
    return apart | {
        name: " + ".join(alone[area] for area in within if area in alone)
        for name, within in coarser.items()
    }


def _indicator(edition: Edition, goal: Goal, indicator: Indicator) -> ByArea | None:
    year = data_year(indicator, edition.definition)
    rows = {row["group"]: row for row in _results(edition, indicator, year)}
    together = rows.get(AREAS)
    if together is None:
        return None
    average = _average_of(edition, indicator, together)
    names = named_areas(edition, indicator)
    areas = tuple(
        _area_figure(area, name, rows.get(area), indicator, average) for area, name in names.items()
    )
    baseline = edition.policy.baseline()
    before: dict[str, AreaFigure] = {}
    before_year = None
    if baseline is not None and baseline.id != edition.definition.id:
        then = data_year(indicator, baseline)
        earlier = {row["group"]: row for row in _results(edition, indicator, then)}
        before = {
            area: _area_figure(area, name, earlier.get(area), indicator, None)
            for area, name in names.items()
        }
        before_year = next((row.year("period") for row in earlier.values()), None)
    return ByArea(
        of=indicator.id,
        goal=goal.number,
        title=locale.say(indicator.title),
        year=together.year("period"),
        unit="%",
        per=locale.say(indicator.per) or _("size of the area"),
        average=_shown(together, indicator),
        city=_shown(rows.get(CITY), indicator) if indicator.kind == "rate" else None,
        areas=areas,
        before=before,
        before_year=before_year,
        funnel=_funnel(average, areas),
    )


def _results(edition: Edition, indicator: Indicator, year: int) -> list[Row]:
    return rows_of(edition, "results", indicator=indicator.id, period=year)


def _shown(row: Row | None, indicator: Indicator) -> Figure | None:
    if row is None or not row["shown"] or row["value"] is None:
        return None
    return figure_of(row, "value", indicator)


def _average_of(edition: Edition, indicator: Indicator, row: Row) -> Average | None:
    """What single areas are held against; None where it is not shown, or no count of cases."""
    counted = isinstance(indicator.numerator, CaseCount)
    if not row["shown"] or row["value"] is None or not counted or indicator.kind != "rate":
        return None
    spread = dispersions(edition.results, edition.policy)
    return Average(row["value"], "rate", dispersion=spread[indicator.id])


def _area_figure(
    area: str, name: str, row: Row | None, indicator: Indicator, average: Average | None
) -> AreaFigure:
    if row is None or not row["shown"] or row["value"] is None:
        word = _("not shown") if row is not None and not row["shown"] else _("no data")
        return AreaFigure(area, name, word, None, Words(), None, None, "", None, None)
    figure = figure_of(row, "value", indicator)
    counts = Words()
    size, known = row["denominator"], row["origin"] == "computed"
    if row["numerator"] is not None and size is not None:
        part, whole = row.number("numerator"), row.number("denominator")
        counts = phrase("{part} of {whole}", part=part, whole=whole)
    low, high, between = row["low"], row["high"], ""
    if low is not None and row["value"] < 1:
        ends = [locale.number(100 * end, indicator.decimals + 1) for end in (low, high)]
        between = _("{low} to {high}", low=ends[0], high=ends[1])
    place = average.place(row["value"], size) if average and known and size else None
    return AreaFigure(area, name, figure.text, figure, counts, low, high, between, size, place)


def _criterion(edition: Edition, criterion: Criterion) -> ByArea | None:
    """The level of a criterion area by area, in the areas of the baseline."""
    ambition = edition.policy.ambition
    baseline = edition.policy.baseline()
    if ambition is None or baseline is None or edition.distance.is_empty():
        return None
    year = distance_year(edition.policy, edition.definition)
    reference = ambition.deciding().reference
    rows = {
        row["group"]: row
        for row in rows_of(
            edition,
            "distance",
            criterion=criterion.id,
            areas="fixed",
            reference=reference,
            period=year,
        )
    }
    together = rows.get(AREAS)
    if together is None:
        return None
    average = _average_level(together, criterion)
    areas = tuple(
        _area_level(area, rows.get(area.id), criterion, average, edition.policy.confidence)
        for area in edition.policy.area_set(baseline.area_set).areas
    )
    times = 100.0 if criterion.unit == "percent" else 1.0
    city = None
    if reference == "city" and together["reference_level"] is not None and together["shown"]:
        text = amount(together["reference_level"], criterion)
        city = together.figure("reference_level", text, times)
    return ByArea(
        of=criterion.id,
        goal=None,
        title=locale.say(criterion.title),
        year=together.year("period"),
        unit="%" if criterion.unit == "percent" else locale.say(criterion.unit),
        per=_("residents"),
        average=_level(together, criterion),
        city=city,
        areas=areas,
        funnel=_funnel(average, areas),
        times=times,
    )


def _level(row: Row, criterion: Criterion) -> Figure | None:
    if not row["shown"] or row["level"] is None:
        return None
    times = 100 if criterion.unit == "percent" else 1
    return row.figure("level", amount(row["level"], criterion), times)


def _average_level(row: Row, criterion: Criterion) -> Average | None:
    if not row["shown"] or row["level"] is None:
        return None
    if criterion.unit == "percent":
        return Average(row["level"], "share") if 0 <= row["level"] <= 1 else None
    if criterion.spread is None:
        return None
    return Average(row["level"], "mean", criterion.spread)


def _area_level(
    area: Area,
    row: Row | None,
    criterion: Criterion,
    average: Average | None,
    confidence: float,
) -> AreaFigure:
    figure = _level(row, criterion) if row is not None else None
    if row is None or figure is None:
        word = _("not shown") if row is not None and not row["shown"] else _("no data")
        return AreaFigure(area.id, area.name, word, None, Words(), None, None, "", None, None)
    size, counts = row["denominator"], Words()
    low = high = None
    between = ""
    if criterion.unit == "percent" and row["numerator"] is not None and size:
        part, whole = row.number("numerator"), row.number("denominator")
        counts = phrase("{part} of {whole}", part=part, whole=whole)
        if 0 <= row["numerator"] <= size:
            low, high = wilson(row["numerator"], size, confidence)
    elif criterion.spread and size:
        low, high = Average(row["level"], "mean", criterion.spread).limits(size, confidence)
    if low is not None and high is not None:
        ends = [amount(end, criterion) for end in (low, high)]
        between = _("{low} to {high}", low=ends[0], high=ends[1])
    place = average.place(row["level"], size) if average and size else None
    return AreaFigure(
        area.id, area.name, figure.text, figure, counts, low, high, between, size, place
    )


def _funnel(average: Average | None, areas: tuple[AreaFigure, ...]) -> Funnel | None:
    """The limits over the sizes of the areas; None where fewer than three can be placed."""
    sizes = [area.size for area in areas if area.place is not None and area.size]
    if average is None or len(sizes) < 3:
        return None
    low, high = 0.8 * min(sizes), 1.08 * max(sizes)
    steps = 40
    found = []
    for step in range(steps + 1):
        size = low * (high / low) ** (step / steps)
        inner, outer = average.limits(size, INNER), average.limits(size, OUTER)
        found.append((size, *inner, *outer))
    return Funnel(average.value, tuple(found))


def _area_criteria(
    edition: Edition, area: str, every: tuple[ByArea, ...]
) -> Iterator[AreaCriterion]:
    ambition = edition.policy.ambition
    if ambition is None:
        return
    year = distance_year(edition.policy, edition.definition)
    for criterion in edition.policy.criteria:
        level = next(
            (
                own
                for each in every
                if each.of == criterion.id
                for own in each.areas
                if own.id == area
            ),
            None,
        )
        row = row_of(
            edition,
            "distance",
            criterion=criterion.id,
            areas="fixed",
            reference=ambition.deciding().reference,
            group=area,
            period=year,
        )
        if level is None or row is None:
            continue
        covered, between = None, Words()
        word = _("not shown")
        if row["shown"]:
            word = why_not(row["reason"])
        if row["shown"] and row["distance_covered"] is not None:
            covered = row.percent("distance_covered")
            word = covered.text
            if row["closed_low"] is not None:
                between = phrase(
                    "{low} to {high}",
                    low=row.figure(
                        "closed_low",
                        locale.number(100 * row["closed_low"] / ambition.closed),
                        100 / ambition.closed,
                    ),
                    high=row.figure(
                        "closed_high",
                        locale.percent(100 * row["closed_high"] / ambition.closed),
                        100 / ambition.closed,
                    ),
                )
        yield AreaCriterion(
            criterion.id, locale.say(criterion.title), word, covered, between, level
        )
