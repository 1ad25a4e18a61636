"""Do the goals agree with the rest of the policy, and with themselves?"""

from __future__ import annotations

from collections.abc import Iterator

from kvarter.policy.agree_criteria import quantity_agrees
from kvarter.policy.agree_published import published_add_up
from kvarter.policy.disagreement import Disagreement, unknown
from kvarter.policy.model import AREAS, CITY, REST, CaseCount, Goal, Indicator, Policy, Reading


def goals_agree(policy: Policy) -> Iterator[Disagreement]:
    """Every disagreement of the goals, with their indicators, targets and interventions."""
    for number, goal in enumerate(policy.goals):
        here: tuple[str | int, ...] = ("goals", number)
        for index, indicator in enumerate(goal.indicators):
            yield from _indicator(policy, (*here, "indicators", index), indicator)
        yield from _targets(goal, here)
        areas = sorted({area.id for area_set in policy.area_sets for area in area_set.areas})
        for index, intervention in enumerate(goal.interventions):
            for position, area in enumerate(intervention.areas):
                place = (*here, "interventions", index, "areas", position)
                yield from unknown(place, "area", area, areas)
        if goal.indicators and goal.no_data:
            yield (
                (*here, "no_data"),
                "the goal says that it has no data, and has indicators",
                "Remove one of the two.",
            )


def _indicator(
    policy: Policy, here: tuple[str | int, ...], indicator: Indicator
) -> Iterator[Disagreement]:
    if indicator.kind == "rate" and indicator.denominator is None:
        yield here, "a rate needs a `denominator`", "Add it, or use `kind: share`."
    if indicator.kind == "share" and indicator.denominator is not None:
        yield (
            (*here, "denominator"),
            "a share is of the same cases in the whole city, and has no denominator of its own",
            "Remove the denominator, or use `kind: rate`.",
        )
    if indicator.kind == "share" and indicator.by_area:
        yield (
            (*here, "by_area"),
            "a share is of the areas together, and has no figures by area",
            "Remove `by_area`.",
        )
    asks_rounding = indicator.disclosure is not None and indicator.disclosure.rounding
    if asks_rounding and not isinstance(indicator.numerator, CaseCount):
        yield (
            (*here, "disclosure"),
            "only counts of cases are rounded, and this is a statistic",
            "Leave out `rounding` here, or set it for the indicators of cases alone.",
        )
    yield from _coarser(policy, here, indicator)
    if indicator.offences and indicator.by_area:
        yield (
            (*here, "by_area"),
            "figures on suspects are never shown by area: so few live in each",
            "Remove `by_area`.",
        )
    for name, quantity in (
        ("numerator", indicator.numerator),
        ("denominator", indicator.denominator),
    ):
        if quantity is not None:
            yield from quantity_agrees(policy, (*here, name), quantity)
    yield from _published(here, indicator)
    yield from published_add_up(here, indicator)
    yield from _published_unlocated(here, indicator)
    editions = [edition.id for edition in policy.editions]
    for name in indicator.data_years:
        yield from unknown((*here, "data_years", name), "edition", name, editions)


def _published(here: tuple[str | int, ...], indicator: Indicator) -> Iterator[Disagreement]:
    """A percentage is possible, and that of the counts beside it."""
    for index, figure in enumerate(indicator.published):
        place: tuple[str | int, ...] = (*here, "published", index)
        count, total = figure.numerator, figure.denominator
        if count is not None and total == 0:
            yield (
                place,
                f"{count} of 0 has no percentage",
                "Correct `denominator`, or leave it out.",
            )
        elif not figure.agrees_with_counts():
            found = f"{100 * (count or 0) / (total or 1):.{max(1, figure.decimals())}f}"
            yield (
                (*place, "percent"),
                f"{figure.percent:g} percent stands beside {count} of {total}, which is {found}",
                "Correct the percentage or the counts: the counts are what is judged.",
            )
        if figure.percent < 0:
            yield (
                (*place, "percent"),
                f"{figure.percent:g} percent is less than none",
                "Correct the percentage; a change stands under `readings`.",
            )
        if not indicator.is_part_of_whole():
            continue
        if count is not None and total is not None and count > total:
            yield (
                (*place, "numerator"),
                f"a share of {count} of {total} is more than all",
                "Correct `numerator` or `denominator`.",
            )
        elif figure.percent > 100:
            yield (
                (*place, "percent"),
                f"a share of {figure.percent:g} percent is more than all",
                "Correct the percentage.",
            )


def _published_unlocated(
    here: tuple[str | int, ...], indicator: Indicator
) -> Iterator[Disagreement]:
    """A number of unlocated cases stands beside a published figure of cases, once a year."""
    years = [each.year for each in indicator.published_unlocated]
    published = {figure.year for figure in indicator.published}
    for index, year in enumerate(years):
        place: tuple[str | int, ...] = (*here, "published_unlocated", index)
        if not isinstance(indicator.numerator, CaseCount):
            yield place, "only cases can be without a place", "Remove `published_unlocated`."
        elif year not in published:
            yield (
                (*place, "year"),
                f"no figure of {year} stands under `published`; of extracts it is counted",
                "Correct the year, or remove the line.",
            )
        elif year in years[:index]:
            yield (*place, "year"), f"{year} is there twice", "Leave one of the two."


def _coarser(
    policy: Policy, here: tuple[str | int, ...], indicator: Indicator
) -> Iterator[Disagreement]:
    """Areas published together are areas of a set, each in one group, under names of their own."""
    known = sorted({area.id for area_set in policy.area_sets for area in area_set.areas})
    seen: set[str] = set()
    for name, areas in policy.disclosure_of(indicator).coarser.items():
        place = (*here, "disclosure", "coarser", name)
        if name in (*known, AREAS, REST, CITY):
            yield place, f"{name!r} is the id of a group already", "Give it another name."
        for area in areas:
            yield from unknown(place, "area", area, known)
            if area in seen:
                yield place, f"{area!r} is told together twice", "Leave it in one of the groups."
            seen.add(area)


def _targets(goal: Goal, here: tuple[str | int, ...]) -> Iterator[Disagreement]:
    known = [indicator.id for indicator in goal.indicators]
    for index, target in enumerate(goal.targets):
        place: tuple[str | int, ...] = (*here, "targets", index)
        yield from unknown((*place, "indicator"), "indicator", target.indicator, known)
        if target.id in [other.id for other in goal.targets[:index]]:
            yield (
                place,
                f"the target {target.id!r} is there twice",
                "Give each its own id.",
            )
        deciding = [reading for reading in target.readings if reading.decides]
        if len(target.readings) > 1 and len(deciding) != 1:
            yield (
                (*place, "readings"),
                "the target can be read in several ways, and none (or more than one) decides",
                "Write `decides: true` on the reading the published verdict uses.",
            )
        for position, reading in enumerate(target.readings):
            spot: tuple[str | int, ...] = (*place, "readings", position)
            if reading.id in [other.id for other in target.readings[:position]]:
                yield (
                    spot,
                    f"the reading {reading.id!r} is there twice",
                    "Give each its own id.",
                )
            yield from _reading(spot, reading)


def _reading(here: tuple[str | int, ...], reading: Reading) -> Iterator[Disagreement]:
    wanted, other = ("level", "change") if reading.kind == "level" else ("change", "level")
    if getattr(reading, wanted) is None:
        yield (
            here,
            f"a target of kind {reading.kind!r} needs `{wanted}`",
            f"Add `{wanted}`.",
        )
    if getattr(reading, other) is not None:
        yield (
            (*here, other),
            f"a target of kind {reading.kind!r} has no `{other}`",
            f"Write `{wanted}` instead.",
        )
    if reading.of == "numerator" and reading.kind in (
        "point_change",
        "gap_absolute",
        "gap_relative",
    ):
        yield (
            (*here, "of"),
            f"{reading.kind!r} is about percentages, not counts",
            "Leave out `of`, or use `relative_change` or `level`.",
        )
