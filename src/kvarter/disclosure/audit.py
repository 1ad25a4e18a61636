"""The last look before anything is written: what could be worked out from all that is public?

Built from the published figures alone: the results as they are told, what the policy file has from
earlier publications, and every earlier release. A hidden count that could be told closer than the
rules allow stops the run.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

import polars as pl

from kvarter.disclosure.attack import Attacker, Bounds, Fact
from kvarter.disclosure.ground import Ground
from kvarter.disclosure.primary import protected_count
from kvarter.disclosure.protect import ROUNDED, Sensitive
from kvarter.errors import DisclosureError, Problem
from kvarter.judgement.figures import Figure
from kvarter.policy.model import CITY, Disclosure, Indicator, Policy

AUDIT = {
    "indicator": pl.String,
    "period": pl.Int64,
    "cell": pl.String,
    "asked_width": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}
"""How closely each sensitive count can be told; stays in the house."""


def audit(
    told: pl.DataFrame,
    sensitive: Sequence[Sensitive],
    policy: Policy,
    pieces: pl.DataFrame,
    released: pl.DataFrame,
) -> pl.DataFrame:
    """Attack every sensitive cell; the bounds found, in columns AUDIT.

    `told`: the results with hidden figures null; `pieces`: only the ground is taken from them, not
    the amounts; `released` as for `protect`, with `numerator, denominator`. Raises DisclosureError
    where a cell can be told closer than its width.
    """
    indicators = {indicator.id: indicator for _, indicator in policy.indicators()}
    attackers: dict[tuple[str, int], Attacker] = {}
    rows: list[tuple[object, ...]] = []
    problems = []
    for each in sensitive:
        key = each.indicator, each.period
        if key not in attackers:
            rules = policy.disclosure_of(indicators[key[0]])
            attackers[key] = attacker_of(indicators[key[0]], key[1], told, pieces, released, rules)
        found = attackers[key].ask(each.cell)
        if found is None:
            # Earlier figures contradict those of now, as after a correction: believe those of now.
            rules = policy.disclosure_of(indicators[key[0]])
            nothing = released.clear()
            attackers[key] = attacker_of(indicators[key[0]], key[1], told, pieces, nothing, rules)
            found = attackers[key].ask(each.cell)
        if found is None:
            problems.append(_contradiction(each))
            continue
        rows.append((*key, cell_name(each.cell), each.width, found.low, found.high))
        if found.width < each.width:
            problems.append(_problem(each, found))
    if problems:
        raise DisclosureError(problems)
    return pl.DataFrame(rows, schema=AUDIT, orient="row")


def attacker_of(
    indicator: Indicator,
    period: int,
    told: pl.DataFrame,
    pieces: pl.DataFrame,
    released: pl.DataFrame,
    rules: Disclosure,
) -> Attacker:
    """One who has read everything that was published of an indicator and year."""
    count = protected_count(indicator, rules)
    here = (pl.col("indicator") == indicator.id) & (pl.col("period") == period)
    now, before = told.filter(here), released.filter(here)
    own = pieces.filter(here).with_columns(pl.lit(0.0).alias(count))
    if own.is_empty() or "published" in now["origin"].to_list():
        areas: list[list[str]] = [["*"], []]
        own = pl.DataFrame(
            {"areas": areas, count: [0.0, 0.0]},
            schema={"areas": pl.List(pl.String), count: pl.Float64},
        )
    ground = Ground.of(own, {*now["group"], *before["group"]}, count)
    facts = [
        *_shown(now, count, "results", rules),
        *_shown(before, count, "an earlier release", rules),
        *(_whole(now) if indicator.kind == "share" else []),
        *(_policy_figures(indicator, period) if count == "numerator" else []),
    ]
    return Attacker(ground.table, facts, whole=rules.dominance is None)


def _shown(rows: pl.DataFrame, count: str, where: str, rules: Disclosure) -> Iterator[Fact]:
    """The counts as told; one that was rounded may be any that rounds to it."""
    for group, told, origin in rows.select("group", count, "origin").iter_rows():
        if told is None or (origin == ROUNDED and not rules.rounding):
            continue
        if origin == ROUNDED and rules.rounding:
            below = rules.rounding // 2
            yield Fact(group, told - below, told + rules.rounding - 1 - below, where)
        else:
            yield Fact(group, told, told, where)


def _whole(rows: pl.DataFrame) -> Iterator[Fact]:
    """Of a share, the denominator that stands beside it is the city's number."""
    for told in rows["denominator"].drop_nulls().unique():
        yield Fact(CITY, told, told, "the denominator of a share")


def _policy_figures(indicator: Indicator, period: int) -> Iterator[Fact]:
    """Percentages of a known whole tell the count as far as their rounding: 42 % of 26 is 11."""
    for figure in indicator.published:
        if figure.year != period:
            continue
        if figure.numerator is not None:
            yield Fact(figure.group, figure.numerator, figure.numerator, "published")
        elif figure.denominator:
            low, high = Figure(
                figure.percent / 100, None, None, decimals=indicator.decimals
            ).rounded()
            yield Fact(
                figure.group, low * figure.denominator, high * figure.denominator, "published"
            )


def cell_name(cell: Hashable) -> str:
    """A group by its id; a piece by the areas it lies in at once."""
    return "+".join(sorted(map(str, cell))) if isinstance(cell, frozenset) else str(cell)


def _contradiction(cell: Sensitive) -> Problem:
    return Problem(
        f"{cell.indicator}, {cell.period}: the figures contradict each other, so that it cannot be "
        "seen whether a hidden count can be worked out",
        "Check the counts under `published`; nothing was written.",
        field="disclosure",
    )


def _problem(cell: Sensitive, found: Bounds) -> Problem:
    return Problem(
        f"{cell.indicator}, {cell.period}: a hidden count in {cell_name(cell.cell)!r} can be "
        "worked out from what is published",
        "Raise `disclosure.threshold`, leave out `by_area`, or take the figure out of "
        "`published`; nothing was written.",
        field="disclosure",
    )
