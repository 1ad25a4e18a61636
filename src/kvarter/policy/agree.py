"""Does the policy agree with itself? Everything that depends on two places in the file."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from kvarter.policy.model import (
    AREAS,
    CITY,
    REST,
    CaseCount,
    Goal,
    Indicator,
    InUnit,
    Policy,
    Quantity,
    Reading,
    StatisticSum,
)

Disagreement = tuple[tuple[str | int, ...], str, str]
"""Where it stands, what is wrong, and the remedy."""


def disagreements(policy: Policy) -> Iterator[Disagreement]:
    """Every disagreement in `policy`; none means that a run can start reading files."""
    yield from _repeated_ids(policy)
    yield from _editions(policy)
    yield from _sources(policy)
    yield from _statistics(policy)
    yield from _criteria(policy)
    yield from _goals(policy)


def _unknown(
    place: tuple[str | int, ...], kind: str, name: str, known: list[str]
) -> Iterator[Disagreement]:
    if name in known:
        return
    near = get_close_matches(name, known, n=1)
    among = f"Known: {', '.join(known)}." if known else f"The file declares no {kind} at all."
    yield (
        place,
        f"there is no {kind} called {name!r}",
        f"Did you mean {near[0]!r}? {among}" if near else among,
    )


def _repeated_ids(policy: Policy) -> Iterator[Disagreement]:
    lists: list[tuple[tuple[str | int, ...], list[str]]] = [
        (("editions",), [edition.id for edition in policy.editions]),
        (("area_sets",), [area_set.id for area_set in policy.area_sets]),
        (("case_kinds",), [kind.id for kind in policy.case_kinds]),
        (("sources",), [source.id for source in policy.sources]),
        (("statistics",), [statistic.id for statistic in policy.statistics]),
        (("criteria",), [criterion.id for criterion in policy.criteria]),
        (("goals",), [str(goal.number) for goal in policy.goals]),
    ]
    lists += [
        (("area_sets", index, "areas"), [area.id for area in area_set.areas])
        for index, area_set in enumerate(policy.area_sets)
    ]
    for place, ids in lists:
        for index, name in enumerate(ids):
            if name in ids[:index]:
                yield (*place, index), f"{name!r} is there twice", "Give each its own."
    for at, area_set in enumerate(policy.area_sets):
        for index, area in enumerate(area_set.areas):
            if area.id in (AREAS, REST, CITY):
                yield (
                    ("area_sets", at, "areas", index, "id"),
                    f"{area.id!r} is what Kvarter calls a group of its own",
                    f"Give the area another id, such as {area.id}-1.",
                )
    seen: set[str] = set()
    for number, goal in enumerate(policy.goals):
        for index, indicator in enumerate(goal.indicators):
            if indicator.id in seen:
                yield (
                    ("goals", number, "indicators", index),
                    f"the indicator {indicator.id!r} is there twice",
                    "Give each indicator an id of its own, or remove one of them.",
                )
            seen.add(indicator.id)


def _editions(policy: Policy) -> Iterator[Disagreement]:
    known = [area_set.id for area_set in policy.area_sets]
    for index, edition in enumerate(policy.editions):
        yield from _unknown(("editions", index, "area_set"), "area set", edition.area_set, known)
    baselines = [index for index, edition in enumerate(policy.editions) if edition.baseline]
    if len(baselines) > 1:
        yield (
            ("editions", baselines[1], "baseline"),
            "two editions are called the baseline",
            "Keep `baseline: true` on one of them.",
        )
    has_targets = any(goal.targets for goal in policy.goals)
    if not baselines and has_targets:
        yield (
            ("editions",),
            "no edition is the baseline, and the targets are changes from it",
            "Add `baseline: true` to the first edition.",
        )


def _sources(policy: Policy) -> Iterator[Disagreement]:
    kinds = {kind.id: kind for kind in policy.case_kinds}
    for index, source in enumerate(policy.sources):
        yield from _unknown(("sources", index, "cases"), "case kind", source.cases, sorted(kinds))
        if source.first_day > source.last_day:
            yield (
                ("sources", index, "to"),
                f"the source ends ({source.last_day}) before it begins ({source.first_day})",
                "Swap the two days.",
            )
        kind = kinds.get(source.cases)
        columns = source.columns
        if kind and kind.age and not (columns.person_number or columns.birth_date):
            yield (
                ("sources", index, "columns"),
                f"{source.cases!r} has an age limit, and no column here tells the age",
                "Name the column with the `person_number` or the `birth_date`.",
            )
    yield from _case_systems(policy)
    if policy.sources and policy.register_ is None:
        yield (
            ("sources",),
            "there are extracts with addresses, and no address register to find them in",
            "Add `register: {file: ...}`; `kvarter register build` makes the file.",
        )
    if policy.decisions and not policy.sources:
        yield (
            ("decisions",),
            "there are decisions about addresses, and no extracts with addresses",
            "Add the `sources`, or remove `decisions`.",
        )


def _case_systems(policy: Policy) -> Iterator[Disagreement]:
    """Changes name systems that are there; two systems never count on the same day."""
    for at, kind in enumerate(policy.case_kinds):
        own = [(i, source) for i, source in enumerate(policy.sources) if source.cases == kind.id]
        known = sorted({source.case_system for _, source in own})
        for index, change in enumerate(kind.system_changes):
            for field, name in (("from", change.before), ("to", change.after)):
                place = ("case_kinds", at, "system_changes", index, field)
                yield from _unknown(place, "case system", name, known)
        told = {frozenset((change.before, change.after)) for change in kind.system_changes}
        for later, (index, source) in enumerate(own):
            for _, other in own[:later]:
                systems = frozenset((source.case_system, other.case_system))
                first = max(source.first_day, other.first_day)
                if (
                    len(systems) == 2
                    and systems not in told
                    and first <= min(source.last_day, other.last_day)
                ):
                    yield (
                        ("sources", index, "from"),
                        f"{source.id!r} and {other.id!r} are of different case systems, and both "
                        f"hold {first}",
                        "Say in `system_changes` of the case kind from which day the new system "
                        "counts.",
                    )


def _statistics(policy: Policy) -> Iterator[Disagreement]:
    for index, statistic in enumerate(policy.statistics):
        if isinstance(statistic.located_by, InUnit):
            yield from _unknown(
                ("statistics", index, "located_by", "layer"),
                "layer",
                statistic.located_by.layer,
                sorted(policy.layers),
            )
        elif policy.register_ is None:
            yield (
                ("statistics", index, "located_by"),
                "the statistic is located by entrances, and there is no address register",
                "Add `register: {file: ...}`.",
            )


def _criteria(policy: Policy) -> Iterator[Disagreement]:
    for index, criterion in enumerate(policy.criteria):
        here: tuple[str | int, ...] = ("criteria", index)
        yield from _quantity(policy, (*here, "numerator"), criterion.numerator)
        yield from _quantity(policy, (*here, "denominator"), criterion.denominator)
        if criterion.spread is not None and criterion.unit == "percent":
            yield (
                (*here, "spread"),
                "a percentage has no `spread` of its own: it follows from the percentage",
                "Leave it out, or give the `unit` of the average.",
            )
    ambition = policy.ambition
    if ambition is None:
        return
    if not policy.criteria:
        yield (
            ("ambition",),
            "there is an ambition, and no criteria to measure it on",
            "Add the `criteria`, or remove `ambition`.",
        )
    if policy.baseline() is None:
        yield (
            ("ambition",),
            "no edition is the baseline, and the ambition is a change from it",
            "Add `baseline: true` to the first edition.",
        )
    editions = [edition.id for edition in policy.editions]
    for name in ambition.data_years:
        yield from _unknown(("ambition", "data_years", name), "edition", name, editions)
    deciding = [reading for reading in ambition.readings if reading.decides]
    if len(ambition.readings) > 1 and len(deciding) != 1:
        yield (
            ("ambition", "readings"),
            "the ambition can be read in several ways, and none (or more than one) decides",
            "Write `decides: true` on the reading the published status uses.",
        )


def _goals(policy: Policy) -> Iterator[Disagreement]:
    for number, goal in enumerate(policy.goals):
        here: tuple[str | int, ...] = ("goals", number)
        for index, indicator in enumerate(goal.indicators):
            yield from _indicator(policy, (*here, "indicators", index), indicator)
        yield from _targets(goal, here)
        editions = [edition.id for edition in policy.editions]
        for name in goal.commentary:
            yield from _unknown((*here, "commentary", name), "edition", name, editions)
        areas = sorted({area.id for area_set in policy.area_sets for area in area_set.areas})
        for index, intervention in enumerate(goal.interventions):
            for position, area in enumerate(intervention.areas):
                place = (*here, "interventions", index, "areas", position)
                yield from _unknown(place, "area", area, areas)
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
            yield from _quantity(policy, (*here, name), quantity)
    editions = [edition.id for edition in policy.editions]
    for name in indicator.data_years:
        yield from _unknown((*here, "data_years", name), "edition", name, editions)


def _coarser(
    policy: Policy, here: tuple[str | int, ...], indicator: Indicator
) -> Iterator[Disagreement]:
    """Areas told together are areas of a set, each in one group, under names of their own."""
    known = sorted({area.id for area_set in policy.area_sets for area in area_set.areas})
    seen: set[str] = set()
    for name, areas in policy.disclosure_of(indicator).coarser.items():
        place = (*here, "disclosure", "coarser", name)
        if name in (*known, AREAS, REST, CITY):
            yield place, f"{name!r} is the id of a group already", "Give it another name."
        for area in areas:
            yield from _unknown(place, "area", area, known)
            if area in seen:
                yield place, f"{area!r} is told together twice", "Leave it in one of the groups."
            seen.add(area)


def _quantity(
    policy: Policy, here: tuple[str | int, ...], quantity: Quantity
) -> Iterator[Disagreement]:
    if isinstance(quantity, StatisticSum):
        known = [statistic.id for statistic in policy.statistics]
        yield from _unknown((*here, "statistic"), "statistic", quantity.statistic, known)
    else:
        known = [kind.id for kind in policy.case_kinds]
        yield from _unknown((*here, "cases"), "case kind", quantity.cases, known)


def _targets(goal: Goal, here: tuple[str | int, ...]) -> Iterator[Disagreement]:
    known = [indicator.id for indicator in goal.indicators]
    for index, target in enumerate(goal.targets):
        place: tuple[str | int, ...] = (*here, "targets", index)
        yield from _unknown((*place, "indicator"), "indicator", target.indicator, known)
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
