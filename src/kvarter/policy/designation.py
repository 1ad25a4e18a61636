"""Which area set was in force when, and which years the distance measure compares."""

from __future__ import annotations

import datetime as dt

from kvarter.policy.model import AreaSet, EditionDefinition, Policy


def distance_year(policy: Policy, edition: EditionDefinition) -> int:
    """The year of the criteria's figures in an edition."""
    years = policy.ambition.data_years if policy.ambition else {}
    return years.get(edition.id, edition.data_year)


def fixed_set(policy: Policy) -> AreaSet:
    """The area set of the baseline edition. The policy must have one."""
    baseline = policy.baseline()
    assert baseline is not None  # held by kvarter.policy.agree
    return policy.area_set(baseline.area_set)


def set_in_force(policy: Policy, year: int) -> AreaSet:
    """The last area set decided by the end of `year`; that of the baseline until a later one is."""
    fixed = fixed_set(policy)
    first = fixed.decided or dt.date.min
    later = [
        (each.decided, each)
        for each in policy.area_sets
        if each.decided is not None and each.decided > first and each.decided.year <= year
    ]
    return max(later, key=lambda pair: pair[0])[1] if later else fixed


def sets_compared(policy: Policy, edition: EditionDefinition) -> list[AreaSet]:
    """Every area set the distance measure of an edition needs, that of the baseline first."""
    baseline = policy.baseline()
    if policy.ambition is None or baseline is None:
        return []
    first, last = distance_year(policy, baseline), distance_year(policy, edition)
    in_force = [set_in_force(policy, year) for year in range(first, max(first, last) + 1)]
    return list({each.id: each for each in [fixed_set(policy), *in_force]}.values())
