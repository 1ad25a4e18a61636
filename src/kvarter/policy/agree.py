"""Does the policy agree with itself? Everything that depends on two places in the file."""

from __future__ import annotations

from collections.abc import Iterator

from kvarter.policy.agree_criteria import criteria_agree
from kvarter.policy.agree_goals import goals_agree
from kvarter.policy.disagreement import Disagreement, unknown
from kvarter.policy.model import AREAS, CITY, REST, InUnit, Policy


def disagreements(policy: Policy) -> Iterator[Disagreement]:
    """Every disagreement in `policy`; none means that a run can start reading files."""
    yield from _repeated_ids(policy)
    yield from _editions(policy)
    yield from _sources(policy)
    yield from _statistics(policy)
    yield from criteria_agree(policy)
    yield from goals_agree(policy)


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
        yield from unknown(("editions", index, "area_set"), "area set", edition.area_set, known)
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
    yield from _parts(policy)
    for index, source in enumerate(policy.sources):
        yield from unknown(("sources", index, "cases"), "case kind", source.cases, sorted(kinds))
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


def _parts(policy: Policy) -> Iterator[Disagreement]:
    kinds = {kind.id: kind for kind in policy.case_kinds}
    for at, kind in enumerate(policy.case_kinds):
        place = "case_kinds", at, "part_of"
        if kind.part_of is None:
            continue
        yield from unknown(place, "case kind", kind.part_of, sorted(kinds.keys() - {kind.id}))
        whole = kinds.get(kind.part_of)
        if whole and whole.unite_as != kind.unite_as:
            yield (
                place,
                f"{kind.id!r} counts {kind.unite_as}s and {whole.id!r} {whole.unite_as}s, so the "
                "one is no part of the other",
                "Unite both as the same, or remove `part_of`.",
            )
        if kind.id in policy.kinds_around(kind.part_of):
            yield (
                place,
                f"{kind.id!r} is part of itself",
                "Name under `part_of` only the kind that has more cases.",
            )


def _case_systems(policy: Policy) -> Iterator[Disagreement]:
    """Changes name systems that are there; two systems never count on the same day.

    Where there is a change, every extract says its system: else nobody knows whether it counts.
    """
    for at, kind in enumerate(policy.case_kinds):
        own = [(i, source) for i, source in enumerate(policy.sources) if source.cases == kind.id]
        known = sorted({source.case_system for _, source in own if source.case_system})
        for index, change in enumerate(kind.system_changes):
            for field, name in (("from", change.before), ("to", change.after)):
                place = ("case_kinds", at, "system_changes", index, field)
                yield from unknown(place, "case system", name, known)
        for index, source in own:
            if kind.system_changes and source.case_system is None:
                yield (
                    ("sources", index, "case_system"),
                    f"the case system was changed for {kind.id!r}, and the source does not say its",
                    f"Add `case_system`: {', '.join(known) or 'the one it was drawn from'}.",
                )
        described = {frozenset((change.before, change.after)) for change in kind.system_changes}
        for later, (index, source) in enumerate(own):
            for _, other in own[:later]:
                systems = frozenset((source.case_system, other.case_system))
                first = max(source.first_day, other.first_day)
                if (
                    len(systems) == 2
                    and None not in systems
                    and systems not in described
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
            yield from unknown(
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
