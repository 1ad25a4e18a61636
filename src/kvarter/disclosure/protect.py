"""Stage protect: hide small counts, and the least beside them that keeps them from being told.

The primary rules say what may not be told for its own sake (`primary`). What else must be hidden
follows from how the cells hang together (`ground`): areas + rest = city, single areas and those in
two at once, areas of other editions; the cheapest choice is found by a solver (`suppress`), and an
attacker who knows all that is published tries it (`audit`).
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from kvarter.disclosure.partition import OTHERS, WHOLE, WITHIN, Partition
from kvarter.disclosure.primary import (
    all_or_none,
    counts_people,
    dominated,
    protected_count,
    too_few,
)
from kvarter.disclosure.rounding import ROUNDED, rounded
from kvarter.disclosure.suppress import Suppression, suppress_after, suppress_small
from kvarter.policy.model import (
    AREAS,
    CITY,
    REST,
    CaseCount,
    Disclosure,
    Indicator,
    Policy,
    Quantity,
)
from kvarter.tables import table

_SLACK = 1e-6
_TOTALS = (AREAS, REST, CITY)


@dataclass(frozen=True)
class Sensitive:
    """A cell that may be told no closer than `width` (the most less the least it could be).

    `indicators`: all that count the people in it, so that any of them could tell. `count`: how many
    there truly are. `corrected`: whether another number of them was published before. `column` of
    the results that counts them.
    """

    indicators: tuple[str, ...]
    period: int
    cell: Hashable
    width: float
    count: float
    corrected: bool = False
    column: str = "numerator"


@dataclass(frozen=True)
class Protected:
    """`results` with `shown`, whose hidden figures are null; what was chosen, and for what.

    `released`: as given, for each `column` that counts people; the counts of figures that were
    `corrected` since as they are now.
    """

    results: pl.DataFrame
    choices: pl.DataFrame
    sensitive: list[Sensitive]
    released: pl.DataFrame


def protect(
    results: pl.DataFrame,
    policy: Policy,
    pieces: pl.DataFrame,
    released: pl.DataFrame,
) -> Protected:
    """Choose what to hide, for each year and all indicators that count the same people.

    `results`: as table `exact_results`. Counted cases are judged by their number;
    percentages of residents and published figures by the number they are a percentage of.
    `pieces`: see `kvarter.indicators.count.pieces`; `released`: `indicator, period, group` of all
    that was published before, groups of another area set as `SET/GROUP`.
    """
    indicators = {indicator.id: indicator for _, indicator in policy.indicators()}
    hidden: dict[tuple[str, int], set[str]] = {}
    choices: list[tuple[object, ...]] = []
    sensitive: list[Sensitive] = []
    as_now = [released.clear().with_columns(corrected=pl.lit(False), column=pl.lit(""))]
    of_year, released_of = by_year(results), by_year(released)
    pieces_of = by_year(pieces)
    counted = counted_together(results, policy)
    told_of: dict[tuple[tuple[str, ...], int], set[str]] = {}
    rules_of = {
        names: policy.disclosure_of(*(indicators[name] for name in names))
        for names in {people.indicators for people in counted}
    }
    for people in counted:
        names, period, count = people
        of_all = pl.concat([of_year[name, period] for name in names])
        before = pl.concat([released_of.get((name, period), released.clear()) for name in names])
        rules, rows = rules_of[names], of_all
        if rules.rounding:  # single areas are rounded, so only their totals can be hidden
            rows = rows.filter(pl.col("group").is_in(_TOTALS))
        own_pieces = pieces_of.get((names[0], period), pieces.clear())
        is_share = any(indicators[name].kind == "share" for name in names)
        ground = _ground(rows, own_pieces, set(before["group"]), count, is_share=is_share)
        whole = whole_of(names, period, policy, of_year) if count == "numerator" else ()
        if whole:
            groups = {*rows["group"], *before["group"], *told_of[whole, period]}
            ground = Partition.of_part(own_pieces, pieces_of[whole[0], period], groups, count)
        of_name = {name: rows.filter(pl.col("indicator") == name) for name in names}
        primary: dict[Hashable, float] = {}
        for name in names:
            primary |= _primary(indicators[name], of_name[name], ground, rules, count)
        known = _known(before, ground, count)
        known |= {(WHOLE, group) for group in told_of.get((whole, period), ())}
        before = _as_now(before, ground, count)
        as_now.append(before.with_columns(column=pl.lit(count)))
        corrected = frozenset(before.filter("corrected")["group"]) - known
        # What is hidden for other people of the same figures is hidden already.
        gone = set.intersection(*(hidden.get((name, period), set()) for name in names))
        costs = costs_of(ground, rows["group"].unique(maintain_order=True).to_list(), gone)
        tables = ground.table, ground.counts
        if not primary:
            chosen = Suppression(frozenset(), 0.0, 0.0)
        elif rules.dominance is not None:
            chosen = suppress_after(corrected, *tables, primary, costs, known)
        else:
            # A total of which few are others is no less sensitive than a small one.
            totals = [each for each in _TOTALS if (OTHERS, each) not in primary]
            chosen = suppress_small(
                *(*tables, primary, costs, rules.threshold, known, corrected, totals)
            )
        lost = chosen.hidden
        if CITY in lost and is_share:
            lost = frozenset(rows["group"])  # the city is what the others are a share of
        if count == "numerator":
            told_of[names, period] = {*(set(rows["group"]) - lost), *before["group"]}
        for name in names:
            own = of_name[name]
            hidden.setdefault((name, period), set()).update(set(own["group"]) & lost)
            choices.append(_choice(name, period, own, ground, primary, chosen, known))
        sensitive += [
            Sensitive(
                *(names, period, cell, width, ground.counts[cell]),
                corrected=cell in corrected,
                column=count,
            )
            for cell, width in primary.items()
            if cell not in chosen.unprotected and cell not in known
        ]
    results, widths = rounded(results, policy)
    together = {
        (name, people.period): people.indicators
        for people in counted
        if people.column == "numerator"
        for name in people.indicators
    }
    sensitive += [
        Sensitive(together[name, period], period, group, width, count)
        for name, period, group, width, count in widths
    ]
    results = _without_telling_bounds(results, policy)
    keys = results.select("indicator", "period", "group").iter_rows()
    shown = pl.Series(
        "shown",
        [group not in hidden.get((name, period), ()) for name, period, group in keys],
        dtype=pl.Boolean,
    )
    told = results.with_columns(shown).with_columns(
        pl.when("shown").then(pl.col(each)).alias(each)
        for each in table("exact_results").figures
        if each in results.columns
    )
    return Protected(told, table("disclosure").frame(choices), sensitive, pl.concat(as_now))


class People(NamedTuple):
    """Whom figures of a year count: the `indicators` that do, and the `column` that tells."""

    indicators: tuple[str, ...]
    period: int
    column: str


def by_year(table: pl.DataFrame) -> dict[tuple[str, int], pl.DataFrame]:
    """The rows of each `indicator` and `period`."""
    parts = table.partition_by("indicator", "period", as_dict=True, maintain_order=True)
    return {(str(name), int(str(period))): rows for (name, period), rows in parts.items()}


def counted_together(results: pl.DataFrame, policy: Policy) -> list[People]:
    """The people that are counted in `results`, by year: of the same, all indicators together.

    They are the same where both name the same quantity and find as many in the city. A published
    figure has a count of its own. Percentages of residents count two: the residents, and those of
    them who are concerned.
    """
    indicators = {indicator.id: indicator for _, indicator in policy.indicators()}
    rules = {name: policy.disclosure_of(indicator) for name, indicator in indicators.items()}
    found: dict[tuple[Hashable, int, str], list[str]] = {}
    for (name, year), rows in results.group_by("indicator", "period", maintain_order=True):
        indicator, period = indicators[str(name)], int(str(year))
        city = rows.filter(pl.col("group") == CITY)
        computed = "published" not in rows["origin"].to_list()
        for column, quantity in _counts_of(indicator, rules[indicator.id]).items():
            whom: Hashable = indicator.id
            if computed:
                whom = quantity.model_dump_json(), *city[column]
            found.setdefault((whom, period, column), []).append(indicator.id)
    # Residents first: a figure that is hidden for them is hidden for those concerned. And a kind
    # of case before its parts.
    both = [People(tuple(names), period, column) for (_, period, column), names in found.items()]
    around = {name: len(_kinds_around(each, policy)) for name, each in indicators.items()}
    return sorted(both, key=lambda people: (people.column, around[people.indicators[0]]))


def whole_of(
    names: tuple[str, ...],
    period: int,
    policy: Policy,
    of_year: Mapping[tuple[str, int], pl.DataFrame],
) -> tuple[str, ...]:
    """The indicators that count the cases of which those of `names` are part; () if none does.

    `of_year`: the figures by indicator and year. Published ones are not looked at.
    """

    def is_computed(name: str) -> bool:
        rows = of_year.get((name, period))
        return rows is not None and "published" not in rows["origin"].to_list()

    indicators = {each.id: each for _, each in policy.indicators()}
    if not is_computed(names[0]):
        return ()
    for kind in _kinds_around(indicators[names[0]], policy):
        counts_it = CaseCount(cases=kind)
        found = [n for n, each in indicators.items() if each.numerator == counts_it]
        if whole := tuple(name for name in found if is_computed(name)):
            return whole
    return ()


def _kinds_around(indicator: Indicator, policy: Policy) -> list[str]:
    above = indicator.numerator
    return policy.kinds_around(above.cases) if isinstance(above, CaseCount) else []


def _counts_of(indicator: Indicator, rules: Disclosure) -> dict[str, Quantity]:
    """The columns that count people, and what each of them counts."""
    column = protected_count(indicator, rules)
    found = {column: indicator.of_people()}
    if column == "denominator":
        found["numerator"] = indicator.numerator
    return found


def _known(before: pl.DataFrame, ground: Partition, count: str) -> frozenset[Hashable]:
    """The cells of which exactly this count was published before: hiding them protects nothing."""
    exact = before.filter(pl.col("origin") != ROUNDED).select("group", count)
    return frozenset(group for group, told in exact.iter_rows() if ground.counts.get(group) == told)


def _as_now(before: pl.DataFrame, ground: Partition, count: str) -> pl.DataFrame:
    """`before` with `corrected`, and the count of now where another was published.

    One that was rounded stays as it was told, and so does one of ground that is gone.
    """
    if before.is_empty():
        return before.with_columns(corrected=pl.lit(False))
    counts = ground.counts
    now = [counts.get(group, told) for group, told in before.select("group", count).iter_rows()]
    return (
        before.with_columns(pl.Series("now", now, dtype=pl.Float64))
        .with_columns(
            corrected=((pl.col("now") - pl.col(count)).abs() > _SLACK).fill_null(False)
            & (pl.col("origin") != ROUNDED)
        )
        .with_columns(pl.when("corrected").then("now").otherwise(count).alias(count))
        .drop("now")
    )


def _ground(
    rows: pl.DataFrame, pieces: pl.DataFrame, others: set[str], count: str, *, is_share: bool
) -> Partition:
    """The cells of an indicator and year. Published figures have no pieces but areas and rest.

    Of these, one that was not published is what the city has besides; and of a group whose number
    is not known, nothing can be told. The whole that shares are of is the city's number.
    """
    if not pieces.is_empty() and "published" not in rows["origin"].to_list():
        return Partition.of(pieces, {*rows["group"], *others}, count)
    given = {group: n for group, n in rows.select("group", count).iter_rows() if n is not None}
    if is_share and CITY not in given and (wholes := rows["denominator"].drop_nulls().to_list()):
        given[CITY] = wholes[0]
    city = given.get(CITY, 0.0)
    amounts = [
        {"areas": areas, count: given.get(own, max(city - given.get(other, 0.0), 0.0))}
        for areas, own, other in ((["*"], AREAS, REST), ([], REST, AREAS))
    ]
    own_pieces = pl.DataFrame(amounts, schema={"areas": pl.List(pl.String), count: pl.Float64})
    return Partition.of(own_pieces, {*given, *others}, count)


def _primary(
    indicator: Indicator, rows: pl.DataFrame, ground: Partition, rules: Disclosure, count: str
) -> dict[Hashable, float]:
    """The sensitive cells, each with the width it must keep."""
    if rules.dominance is not None:
        return {
            row["group"]: max(rules.dominance / 100 * row["largest"], 1e-3)
            for row in rows.iter_rows(named=True)
            if row["largest"]
            and dominated(row["numerator"], row["largest"], row["second"], rules.dominance)
        }
    width = float(rules.threshold)
    found: dict[Hashable, float] = {
        cell: width
        for cell, number in ground.counts.items()
        if too_few(number, rules) and not _is_of_other_set(cell)
    }
    groups_of_people = counts_people(indicator)
    concerned = count != protected_count(indicator, rules)
    for row in rows.iter_rows(named=True):
        # A published figure is judged by its own counts, which need not add up.
        alike = groups_of_people and row["group"] != CITY and all_or_none(row, rules)
        if too_few(row[count], rules) or (alike and not concerned):
            found[row["group"]] = width
        elif alike:  # of those concerned only whether it is none or all must stay open
            found[row["group"]] = 1.0
    return found


def _is_of_other_set(cell: Hashable) -> bool:
    """Whether it is a group of another area set, which that set's edition protects."""
    group = cell[1] if isinstance(cell, tuple) else cell
    return isinstance(group, str) and WITHIN in group


def costs_of(
    ground: Partition, groups: Sequence[str], gone: Collection[Hashable] = ()
) -> dict[Hashable, float]:
    """What is lost by hiding a cell: most by a total, which are read most.

    Of single areas those go first that the policy has last: nothing may be read from the choice, so
    it rests on no count. `groups` in the order of the policy; `gone`: what is hidden anyhow.
    """
    weights: dict[Hashable, float] = {CITY: 400.0, AREAS: 100.0, REST: 100.0}
    before = {group: 1 - at / len(groups) for at, group in enumerate(groups)}
    return {
        cell: 0.0
        if not isinstance(cell, str) or cell in gone  # only groups are published
        else weights.get(cell, 1.0) + before.get(str(cell), 0.0)
        for cell in ground.counts
    }


def _choice(
    name: str,
    period: int,
    rows: pl.DataFrame,
    ground: Partition,
    primary: dict[Hashable, float],
    chosen: Suppression,
    known: frozenset[Hashable],
) -> tuple[object, ...]:
    groups = set(rows["group"])
    first = groups & set(primary) & chosen.hidden
    lost = groups & chosen.hidden
    return (
        *(name, period, len(groups), len(first), len(lost - first)),
        sum(ground.counts[group] for group in lost),
        chosen.gap,
        len(groups & set(primary) & known),
        len(chosen.unprotected),
    )


def _without_telling_bounds(results: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`results` without the bounds that a small number of unlocated people could be read from.

    Also where it is the difference between those that could lie in the city and in a part of it.
    """
    thresholds = {each.id: policy.disclosure_of(each).threshold for _, each in policy.indicators()}
    most = pl.col("indicator").replace_strict(thresholds, return_dtype=pl.Int64) - 1
    unlocated = pl.col("unlocated")
    in_city = unlocated.filter(pl.col("group") == CITY).max().over("indicator", "period")
    certain = pl.when(pl.col("group").is_in([AREAS, REST])).then(in_city - unlocated)
    few = [number.is_between(1, most).fill_null(False) for number in (unlocated, certain)]
    small = pl.any_horizontal(few).any().over("indicator", "period")
    names = ("bound_low", "bound_high", "unlocated")
    return results.with_columns(pl.when(~small).then(pl.col(name)).alias(name) for name in names)
