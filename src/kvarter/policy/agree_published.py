"""Do the published figures of a year agree with each other?

The areas and the rest are parts of the city. They need not be all of it: where a case has no place
it is in the city alone. But no part is more than the whole, and no two are together.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kvarter.policy.disagreement import Disagreement
from kvarter.policy.model import AREAS, CITY, REST, Indicator, Published

Place = tuple[str | int, ...]
Placed = dict[str, tuple[Place, Published]]
"""The figures of a year by group, with where they stand."""

_NAMES = {AREAS: "the areas", REST: "the rest", CITY: "the city"}


def published_add_up(here: Place, indicator: Indicator) -> Iterator[Disagreement]:
    """Every year of `published` that contradicts itself. `here`: where the indicator stands."""
    years: dict[int, Placed] = {}
    for index, figure in enumerate(indicator.published):
        place: Place = (*here, "published", index)
        year = years.setdefault(figure.year, {})
        if figure.group in year:
            yield (
                place,
                f"the figure of {figure.year} ({figure.group}) is there twice",
                "Leave one of the two.",
            )
        else:
            year[figure.group] = place, figure
    for year in years.values():
        found = [*_counts(year, "numerator"), *_counts(year, "denominator", indicator)]
        if indicator.kind == "share":
            found += _shares(year)
        elif not found:
            found += _levels(year)
        yield from found


def _counts(year: Placed, field: str, indicator: Indicator | None = None) -> Iterator[Disagreement]:
    """The parts of the city against it. Of a share, all are of the same whole, the city."""
    counts = {group: getattr(figure, field) for group, (_, figure) in year.items()}
    known = {group: count for group, count in counts.items() if count is not None}
    if indicator is not None and indicator.kind == "share":
        first = next(iter(known), "")
        for group in known:
            if known[group] != known[first]:
                yield (
                    (*year[group][0], field),
                    f"a share of {year[group][1].year} is of {known[first]} ({first}) and of "
                    f"{known[group]} ({group}), and both are all cases of the city",
                    f"Correct `{field}`: it is the same for all groups of a year.",
                )
        return
    if CITY not in known:
        return
    parts = [group for group in (AREAS, REST) if group in known]
    together = sum(known[group] for group in parts)
    if together > known[CITY]:
        words = " and ".join(_NAMES[group] for group in parts)
        numbers = " + ".join(str(known[group]) for group in parts)
        yield (
            (*year[CITY][0], field),
            f"the `{field}` of {words} in {year[CITY][1].year} is {numbers}, and that of the whole "
            f"city only {known[CITY]}",
            "Correct the counts: the areas and the rest are parts of the city.",
        )


def _shares(year: Placed) -> Iterator[Disagreement]:
    """The city is all of itself, and its parts together no more."""
    if CITY in year and _most(year[CITY][1]) < 100:
        place, figure = year[CITY]
        yield (
            (*place, "percent"),
            f"the city's share of itself in {figure.year} is {figure.percent:g} percent",
            "Write 100, or leave it out; a rate has `kind: rate`.",
        )
    if {AREAS, REST} <= set(year) and sum(_least(year[group][1]) for group in (AREAS, REST)) > 100:
        place, figure = year[REST]
        yield (
            (*place, "percent"),
            f"the shares of the areas and the rest in {figure.year} are together more than all",
            "Correct the percentages.",
        )


def _levels(year: Placed) -> Iterator[Disagreement]:
    """A city is no lower than both of its parts; of counts, their sums have been looked at."""
    figures = [figure for _, figure in year.values()]
    if set(year) != {AREAS, REST, CITY} or all(figure.has_counts() for figure in figures):
        return
    place, city = year[CITY]
    if _most(city) < min(_least(year[group][1]) for group in (AREAS, REST)):
        yield (
            (*place, "percent"),
            f"in {city.year} the whole city is at {city.percent:g} percent, lower than both the "
            "areas and the rest",
            "Correct the percentages: the city lies between its parts.",
        )


def _half(figure: Published) -> Fraction:
    return Fraction(1, 2 * 10 ** figure.decimals())


def _least(figure: Published) -> Fraction:
    """The least that rounds to the percentage."""
    return Fraction(str(figure.percent)) - _half(figure)


def _most(figure: Published) -> Fraction:
    """The most that rounds to the percentage."""
    return Fraction(str(figure.percent)) + _half(figure)
