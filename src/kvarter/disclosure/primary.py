"""Which figures may not be published for their own sake: small counts, groups all alike."""

from __future__ import annotations

from collections.abc import Mapping

from kvarter.policy.model import CaseCount, Disclosure, Indicator, StatisticSum


def counts_people(indicator: Indicator) -> bool:
    """Whether the denominator counts people: of a share the cases, of a percentage residents."""
    above = indicator.numerator
    is_percentage = isinstance(above, StatisticSum) and above.percent_of is not None
    return indicator.kind == "share" or is_percentage


def protected_count(indicator: Indicator, rules: Disclosure) -> str:
    """The column that may not be published: cases or amounts, or the people a percentage is of."""
    if rules.dominance is not None:
        return "numerator"
    of_cases = indicator.kind == "share" or isinstance(indicator.numerator, CaseCount)
    return "numerator" if of_cases else "denominator"


def too_few(count: float | None, rules: Disclosure) -> bool:
    """The threshold rule: from 1 to threshold - 1 people (Hundepool et al. 2012, ch. 4)."""
    return count is not None and 0 < count < rules.threshold


def all_or_none(row: Mapping[str, float | None], rules: Disclosure) -> bool:
    """Group disclosure: what holds for none or for all of a small group is known of each of them.

    `row`: `value` (a fraction) and `denominator`, which counts people.
    """
    value, people = row["value"], row["denominator"]
    if value is None or not people:
        return False
    return value in (0.0, 1.0) and people < rules.smallest_group


def dominated(total: float, largest: float, second: float, percent: float) -> bool:
    """The p-percent rule: could the second largest estimate the largest to within `percent` of it?

    What is left of an amount without the two largest contributions is less than that part of the
    largest (Hundepool et al. 2012, ch. 4.2).
    """
    return total - largest - second < percent / 100 * largest
