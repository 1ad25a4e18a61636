"""Do the designation criteria and the ambition agree with the rest of the policy?"""

from __future__ import annotations

from collections.abc import Iterator

from kvarter.policy.disagreement import Disagreement, unknown
from kvarter.policy.model import Policy, Quantity, StatisticSum


def criteria_agree(policy: Policy) -> Iterator[Disagreement]:
    """Every disagreement of the criteria and the ambition."""
    for index, criterion in enumerate(policy.criteria):
        here: tuple[str | int, ...] = ("criteria", index)
        yield from quantity_agrees(policy, (*here, "numerator"), criterion.numerator)
        yield from quantity_agrees(policy, (*here, "denominator"), criterion.denominator)
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
        yield from unknown(("ambition", "data_years", name), "edition", name, editions)
    deciding = [reading for reading in ambition.readings if reading.decides]
    if len(ambition.readings) > 1 and len(deciding) != 1:
        yield (
            ("ambition", "readings"),
            "the ambition can be read in several ways, and none (or more than one) decides",
            "Write `decides: true` on the reading the published status uses.",
        )


def quantity_agrees(
    policy: Policy, here: tuple[str | int, ...], quantity: Quantity
) -> Iterator[Disagreement]:
    """A disagreement where the statistic or the case kind of a quantity is not there."""
    if isinstance(quantity, StatisticSum):
        known = [statistic.id for statistic in policy.statistics]
        yield from unknown((*here, "statistic"), "statistic", quantity.statistic, known)
    else:
        known = [kind.id for kind in policy.case_kinds]
        yield from unknown((*here, "cases"), "case kind", quantity.cases, known)
