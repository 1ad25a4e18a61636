"""Who is missing: the share of cases that could be located, by year, source, sender and kind.

Cases that could not be located are rarely a random sample. The test asks whether the share located
differs between the levels more than chance gives.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from kvarter.indicators import Lost
from kvarter.policy.model import CaseCount, EditionDefinition, Policy, data_year
from kvarter.tables import table

FACTORS = ["year", "source", "sender", "kind"]
_SMALL, _RESAMPLES = 5, 9_999
TABLE_SEED = 1


def who_is_missing(
    cases: pl.DataFrame, policy: Policy, edition: EditionDefinition, lost: Lost = frozenset()
) -> pl.DataFrame:
    """A row for each indicator of cases, factor and level, as table `missing`.

    `cases`: as in a `Tally`; of years that are `lost`, nothing is said. By year: all years up to
    that of the edition. By the other factors: the years that its verdicts compare. `p_value`: that
    all levels have the same share; None where there is one level, or nothing is missing.
    """
    baseline = policy.baseline()
    rows: list[tuple[object, ...]] = []
    for goal, indicator in policy.indicators():
        if not isinstance(indicator.numerator, CaseCount):
            continue
        last = data_year(indicator, edition)
        compared = {last} | ({data_year(indicator, baseline)} if baseline else set())
        of_kind = pl.col("cases") == indicator.numerator.cases
        own = cases.filter(of_kind & (pl.col("year") <= last))
        kind_lost = [year for kind, year in lost if kind == indicator.numerator.cases]
        own = own.filter(~pl.col("year").is_in(kind_lost))
        for factor in FACTORS if compared.isdisjoint(kind_lost) else ["year"]:
            within = own if factor == "year" else own.filter(pl.col("year").is_in(compared))
            for level, located, missing, p_value in _by_level(within, factor):
                share = located / (located + missing)
                rows.append(
                    (goal.number, indicator.id, factor, level, located, missing, share, p_value)
                )
    return table("missing").frame(rows)


def _by_level(cases: pl.DataFrame, factor: str) -> Iterator[tuple[str, int, int, float | None]]:
    """`level, located, unlocated` and the p-value of the whole factor."""
    counts = (
        cases.group_by(pl.col(factor).cast(pl.String).alias("level"))
        .agg(
            located=pl.col("count").filter("located").sum(),
            lost=pl.col("count").filter(~pl.col("located")).sum(),
        )
        .sort("level")
    )
    p_value = same_share(counts.select("located", "lost").to_numpy())
    for level, located, lost in counts.iter_rows():
        yield level, int(located), int(lost), p_value


def same_share(table: np.ndarray) -> float | None:
    """The p-value that the rows of a table `located, unlocated` have the same share.

    Pearson's chi-square test (1900); by 9,999 seeded random tables with the same margins where a
    count below five is expected. None with fewer than two rows, or where a column is empty.
    """
    if len(table) < 2 or not table.sum(axis=0).all():
        return None
    from scipy.stats import MonteCarloMethod, chi2_contingency

    found = chi2_contingency(table, correction=False)
    if found.expected_freq.min() >= _SMALL:
        return float(found.pvalue)
    method = MonteCarloMethod(n_resamples=_RESAMPLES, rng=np.random.default_rng(TABLE_SEED))
    return float(chi2_contingency(table, correction=False, method=method).pvalue)
