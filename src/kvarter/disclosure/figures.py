"""What is hidden of the figures of indicators.

The rules say what may not be published for its own sake (`primary`). What else must be hidden
follows from how the cells hang together (`partition`): areas + rest = city, single areas and those
in two at once, areas of other editions.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from kvarter.areas.groups import WHOLE_CITY, Cell, Group
from kvarter.disclosure.partition import OTHERS, WHOLE, Partition
from kvarter.disclosure.primary import (
    all_or_none,
    counts_people,
    dominated,
    protected_count,
    too_few,
)
from kvarter.disclosure.protocol import Sensitive, Whom, choose
from kvarter.disclosure.rounding import ROUNDED, rounded
from kvarter.disclosure.suppress import SuppressionProblem
from kvarter.indicators import Cube
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
    results: pl.DataFrame, policy: Policy, cube: Cube, released: pl.DataFrame, area_set: str
) -> Protected:
    """Choose what to hide, for each year and all indicators that count the same people.

    `results`: as table `exact_results`. Counted cases are judged by their number;
    percentages of residents and published figures by the number they are a percentage of.
    `cube`: what the results are sums of; `released`: what was published before, as table
    `released`; `area_set`: that of the results.
    """
    indicators = {indicator.id: indicator for _, indicator in policy.indicators()}
    hidden: dict[tuple[str, int | None], set[Hashable]] = {}
    choices: list[tuple[object, ...]] = []
    sensitive: list[Sensitive] = []
    as_now = [released.clear().with_columns(corrected=pl.lit(False), column=pl.lit(""))]
    of_year, released_of = by_year(results), by_year(released)
    counted = counted_together(results, policy, area_set)
    published_of: dict[Whom, set[Group]] = {}
    rules_of = {
        names: policy.disclosure_of(*(indicators[name] for name in names))
        for names in {whom.names for whom in counted}
    }
    for whom in counted:
        names, period, count, _ = whom
        rules, rows = rules_of[names], pl.concat([of_year[name, period] for name in names])
        before = pl.concat([released_of.get((name, period), released.clear()) for name in names])
        if rules.rounding:  # single areas are rounded, so only their totals can be hidden
            rows = rows.filter(pl.col("group").is_in(_TOTALS))
        own, others = groups_in(rows, area_set), released_groups(before)
        of_city = any(indicators[name].kind == "share" for name in names)
        whole = whole_of(whom, policy, of_year)
        around = None if whole is None else published_of[whole]
        if whole is not None:
            groups = {*own, *others, *published_of[whole]}
            part, every = (cube.of_year(each.names[0], period, count) for each in (whom, whole))
            ground = Partition.of_part(part, every, groups, area_set)
        else:
            ground = _ground(whom, cube, rows, others, of_city=of_city)
        of_name = {name: rows.filter(pl.col("indicator") == name) for name in names}
        primary: dict[Hashable, float] = {}
        for name in names:
            primary |= _primary(indicators[name], whom, of_name[name], ground, rules)
        known = _known(before, ground, count) | {(WHOLE, group) for group in around or ()}
        before = _as_now(before, ground, count)
        as_now.append(before.with_columns(column=pl.lit(count)))
        # What is hidden for other people of the same figures is hidden already.
        gone = set.intersection(*(hidden.get((name, period), set()) for name in names))
        problem = SuppressionProblem(
            ground.table,
            ground.counts,
            primary,
            costs_of(ground, own, gone),
            known,
            frozenset(released_groups(before.filter("corrected"))) - known,
        )
        # A total of which few are others is no less sensitive than a small one.
        totals = [each for each in own if not each.is_area and (OTHERS, each) not in primary]
        threshold = None if rules.dominance is not None else rules.threshold
        chosen = choose(whom, problem, threshold, totals)
        lost = chosen.hidden
        if WHOLE_CITY in lost and of_city:
            lost = frozenset(own)  # the city is what the others are a share of
        published_of[whom] = {*(set(own) - lost), *others}
        for name in names:
            of_indicator = groups_in(of_name[name], area_set)
            hidden.setdefault((name, period), set()).update(lost.intersection(of_indicator))
            choices.append(chosen.row(name, of_indicator))
        sensitive += chosen.sensitive()
    results, widths = rounded(results, policy)
    together = {
        (name, whom.period): whom
        for whom in counted
        if whom.column == "numerator"
        for name in whom.names
    }
    sensitive += [
        Sensitive(together[name, period], Group.of(area_set, group), width, count)
        for name, period, group, width, count in widths
    ]
    results = _without_telling_bounds(results, policy)
    keys = results.select("indicator", "period", "group").iter_rows()
    shown = pl.Series(
        "shown",
        [
            Group.of(area_set, group) not in hidden.get((name, period), ())
            for name, period, group in keys
        ],
        dtype=pl.Boolean,
    )
    published = results.with_columns(shown).with_columns(
        pl.when("shown").then(pl.col(each)).alias(each)
        for each in table("exact_results").figures
        if each in results.columns
    )
    return Protected(published, table("disclosure").frame(choices), sensitive, pl.concat(as_now))


ByYear = dict[tuple[str, int | None], pl.DataFrame]


def by_year(table: pl.DataFrame) -> ByYear:
    """The rows of each `indicator` and `period`."""
    parts = table.partition_by("indicator", "period", as_dict=True, maintain_order=True)
    return {(str(name), int(str(period))): rows for (name, period), rows in parts.items()}


def counted_together(results: pl.DataFrame, policy: Policy, area_set: str) -> list[Whom]:
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
            people: Hashable = indicator.id
            if computed:
                people = quantity.model_dump_json(), *city[column]
            found.setdefault((people, period, column), []).append(indicator.id)
    # Residents first: a figure that is hidden for them is hidden for those concerned. And a kind
    # of case before its parts.
    every = [
        Whom(tuple(names), year, column, area_set) for (_, year, column), names in found.items()
    ]
    around = {name: len(_kinds_around(each, policy)) for name, each in indicators.items()}
    return sorted(every, key=lambda whom: (whom.column, around[whom.names[0]]))


def whole_of(
    whom: Whom, policy: Policy, of_year: Mapping[tuple[str, int | None], pl.DataFrame]
) -> Whom | None:
    """The cases of which those of `whom` are part, as they are counted; None if nothing does.

    `of_year`: the figures by indicator and year. Published ones are not looked at.
    """

    def is_computed(name: str) -> bool:
        rows = of_year.get((name, whom.period))
        return rows is not None and "published" not in rows["origin"].to_list()

    if whom.column != "numerator" or not is_computed(whom.names[0]):
        return None
    for kind in _kinds_around(policy.indicator(whom.names[0]), policy):
        counts_it = CaseCount(cases=kind)
        found = [each.id for _, each in policy.indicators() if each.numerator == counts_it]
        if whole := tuple(name for name in found if is_computed(name)):
            return whom._replace(names=whole)
    return None


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


def groups_in(rows: pl.DataFrame, area_set: str) -> list[Group]:
    """The groups that `rows` of an area set are of, each once, in their order."""
    return [Group.of(area_set, group) for group in rows["group"].unique(maintain_order=True)]


def released_groups(before: pl.DataFrame) -> list[Group]:
    """The group of each row that was released before."""
    return [Group.of(*of) for of in before.select("area_set", "group").iter_rows()]


def _known(before: pl.DataFrame, ground: Partition, count: str) -> frozenset[Hashable]:
    """The cells of which exactly this count was published before: hiding them protects nothing."""
    exact = before.filter(pl.col("origin") != ROUNDED)
    published = zip(released_groups(exact), exact[count], strict=True)
    return frozenset(group for group, number in published if ground.counts.get(group) == number)


def _as_now(before: pl.DataFrame, ground: Partition, count: str) -> pl.DataFrame:
    """`before` with `corrected`, and the count of now where another was published.

    One that was rounded stays as it was published, and so does one of ground that is gone.
    """
    if before.is_empty():
        return before.with_columns(corrected=pl.lit(False))
    both = zip(released_groups(before), before[count], strict=True)
    now = [ground.counts.get(group, published) for group, published in both]
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
    whom: Whom, cube: Cube, rows: pl.DataFrame, others: Collection[Group], *, of_city: bool
) -> Partition:
    """The cells of indicators and a year: their groups, and those of `others`.

    Published figures have areas and rest alone. What was not published of one is what the city has
    besides the other; of a group whose number is not known, nothing can be said. `of_city`: the
    whole that shares are of is the city's number.
    """
    count, area_set = whom.column, whom.area_set
    cells = cube.of_year(whom.names[0], whom.period, count)
    if cells and "published" not in rows["origin"].to_list():
        return Partition.of(cells, {*groups_in(rows, area_set), *others}, area_set)
    given = {group: n for group, n in rows.select("group", count).iter_rows() if n is not None}
    if of_city and CITY not in given and (wholes := rows["denominator"].drop_nulls().to_list()):
        given[CITY] = wholes[0]
    city = given.get(CITY, 0.0)
    areas, rest = published_cells(area_set)
    amounts = {
        areas: given.get(AREAS, max(city - given.get(REST, 0.0), 0.0)),
        rest: given.get(REST, max(city - given.get(AREAS, 0.0), 0.0)),
    }
    named = {Group.of(area_set, group) for group in given}
    return Partition.of(amounts, {*named, *others}, area_set)


def published_cells(area_set: str) -> tuple[Cell, Cell]:
    """The cells that published figures tell apart: the areas, and the rest of the city."""
    return frozenset([Group(area_set, AREAS)]), frozenset()


def _primary(
    indicator: Indicator, whom: Whom, rows: pl.DataFrame, ground: Partition, rules: Disclosure
) -> dict[Hashable, float]:
    """The sensitive cells, each with the width it must keep."""
    count, area_set = whom.column, whom.area_set
    if rules.dominance is not None:
        return {
            Group.of(area_set, row["group"]): max(rules.dominance / 100 * row["largest"], 1e-3)
            for row in rows.iter_rows(named=True)
            if row["largest"]
            and dominated(row["numerator"], row["largest"], row["second"], rules.dominance)
        }
    width = float(rules.threshold)
    found: dict[Hashable, float] = {
        cell: width
        for cell, number in ground.counts.items()
        if too_few(number, rules) and not _is_of_other_set(cell, area_set)
    }
    groups_of_people = counts_people(indicator)
    concerned = count != protected_count(indicator, rules)
    for row in rows.iter_rows(named=True):
        # A published figure is judged by its own counts, which need not add up.
        alike = groups_of_people and row["group"] != CITY and all_or_none(row, rules)
        if too_few(row[count], rules) or (alike and not concerned):
            found[Group.of(area_set, row["group"])] = width
        elif alike:  # of those concerned only whether it is none or all must stay open
            found[Group.of(area_set, row["group"])] = 1.0
    return found


def _is_of_other_set(cell: Hashable, area_set: str) -> bool:
    """Whether it is a group of another area set, which that set's edition protects."""
    group = cell[1] if isinstance(cell, tuple) and not isinstance(cell, Group) else cell
    return isinstance(group, Group) and group.area_set not in ("", area_set)


def costs_of(
    ground: Partition, groups: Sequence[Group], gone: Collection[Hashable] = ()
) -> dict[Hashable, float]:
    """What is lost by hiding a cell: most by a total, which are read most.

    Of single areas those go first that the policy has last: nothing may be read from the choice, so
    it rests on no count. `groups` of the edition, in the order of the policy; `gone`: what is
    hidden anyhow.
    """
    weights: dict[str, float] = {CITY: 400.0, AREAS: 100.0, REST: 100.0}
    order = {group: 1 - at / len(groups) for at, group in enumerate(groups)}
    return {
        cell: 0.0
        if not isinstance(cell, Group) or cell in gone  # only groups are published
        else (weights.get(cell.id, 1.0) if cell in order else 1.0) + order.get(cell, 0.0)
        for cell in ground.counts
    }


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
