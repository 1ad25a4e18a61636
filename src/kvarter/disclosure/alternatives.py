"""What each way of protecting single areas would lose, side by side, for the analyst to choose."""

from __future__ import annotations

import polars as pl

from kvarter.policy.model import AREAS, CITY, REST, CaseCount, Policy

_BASES = (3, 5, 10)

ALTERNATIVE = {
    "indicator": pl.String,
    "period": pl.Int64,
    "method": pl.String,
    "areas": pl.Int64,
    "areas_told": pl.Int64,
    "cases_told": pl.Float64,
    "mean_error": pl.Float64,
    "largest_error": pl.Float64,
}
"""A row for each indicator by area, year and method; stays in the house."""


def alternatives(measures: pl.DataFrame, results: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """What is told, and how far from the truth, in columns ALTERNATIVE.

    `measures` with all figures, `results` as they are told. `hide`: what was chosen (areas told
    together, where the policy has them so, count as one); `round to N`: every area rounded.
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
            told = [n for group, n in counts.items() if (period, group) in shown]
            head = indicator.id, period
            if policy.disclosure_of(indicator).rounding is None:
                rows.append((*head, "hide", len(counts), len(told), sum(told), 0.0, 0.0))
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
    return pl.DataFrame(rows, schema=ALTERNATIVE, orient="row")
