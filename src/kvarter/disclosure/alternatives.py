"""What each way of protecting single areas would lose, side by side, for the analyst to choose."""

from __future__ import annotations

import polars as pl

from kvarter.policy.model import AREAS, CITY, REST, CaseCount, Policy
from kvarter.tables import table

_BASES = (3, 5, 10)


def alternatives(measures: pl.DataFrame, results: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """What is published, and how far from the truth, as table `alternatives`.

    `measures` with all figures, `results` as they are published. `hide`: what was chosen (areas
    that the policy has published together count as one); `round to N`: every area rounded;
    `together a+b, c+d`: small areas published as one (`combined`), which count as one each.
    """
    rows: list[tuple[object, ...]] = []
    for _, indicator in policy.indicators():
        if not indicator.by_area or not isinstance(indicator.numerator, CaseCount):
            continue
        single = (pl.col("indicator") == indicator.id) & ~pl.col("group").is_in([AREAS, REST, CITY])
        truth = measures.filter(single & pl.col("numerator").is_not_null())
        shown = set(results.filter(single & pl.col("shown")).select("period", "group").iter_rows())
        for (period,), own in truth.group_by("period", maintain_order=True):
            counts = dict(own.select("group", "numerator").iter_rows())
            published = [n for group, n in counts.items() if (period, group) in shown]
            head, rules = (indicator.id, period), policy.disclosure_of(indicator)
            groups = combined(counts, rules.threshold)
            if len(groups) < len(counts):
                names = ", ".join("+".join(group) for group in groups if len(group) > 1)
                everything = len(counts), len(groups), sum(counts.values())
                rows.append((*head, f"together {names}", *everything, 0.0, 0.0))
            if rules.rounding is None:
                rows.append((*head, "hide", len(counts), len(published), sum(published), 0.0, 0.0))
            for base in _BASES:
                errors = [abs((n + base // 2) // base * base - n) for n in counts.values()]
                lost = sum(errors) / len(errors), max(errors)
                rows.append(
                    (
                        *head,
                        f"round to {base}",
                        len(counts),
                        len(counts),
                        sum(counts.values()),
                        *lost,
                    )
                )
    return table("alternatives").frame(rows)


def combined(counts: dict[str, float], threshold: int) -> list[list[str]]:
    """The areas in groups of which none has a small number: the smallest joins the next, and so on.

    Proposes areas to publish as one (`coarser` in the policy). An area without cases is no small
    one; one that is small alone stays so where there is no other.
    """
    groups = sorted(([name], count) for name, count in counts.items())
    while True:
        some = sorted((each for each in groups if each[1] > 0), key=lambda each: each[1])
        if len(some) < 2 or some[0][1] >= threshold:
            return sorted(sorted(names) for names, _ in groups)
        (first, few), (other, more) = some[:2]
        groups = [each for each in groups if each not in (some[0], some[1])]
        groups.append((first + other, few + more))
