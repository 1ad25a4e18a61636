"""Those who attack the figures of indicators.

Built from what is published alone: the results as they are published, what the policy file has from
earlier publications, and every earlier release.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import polars as pl

from kvarter.areas.groups import WHOLE_CITY, Cell, Group
from kvarter.disclosure.attack import Attacker, Fact
from kvarter.disclosure.figures import (
    ByYear,
    by_year,
    groups_in,
    published_cells,
    released_groups,
    whole_of,
)
from kvarter.disclosure.partition import WHOLE, Partition
from kvarter.disclosure.primary import too_few
from kvarter.disclosure.protocol import Sensitive, Whom
from kvarter.disclosure.rounding import ROUNDED
from kvarter.indicators import Cube
from kvarter.judgement import Judgement
from kvarter.judgement.figures import Figure
from kvarter.policy.model import Disclosure, Indicator, Policy, StatisticSum

_SLACK = 1e-6


@dataclass(frozen=True)
class FigureAttackers:
    """One for each year and the indicators that count the same people, made when asked for.

    published, judgement: the results of `area_set` and what is judged of them, with hidden figures
        null.
    cube: only the ground is taken from it, and what rates are of (dwellings are no secret).
    released: as in `Protected`. Where a figure was corrected since, he guesses that all others are
        as they were.
    """

    published: pl.DataFrame
    judgement: Judgement
    policy: Policy
    cube: Cube
    released: pl.DataFrame
    area_set: str
    _made: dict[tuple[Whom, bool], Attacker] = field(default_factory=dict, init=False, repr=False)
    _rules: dict[tuple[str, ...], Disclosure] = field(default_factory=dict, init=False, repr=False)

    def of(self, cell: Sensitive) -> Attacker:
        """One who has read everything that was published of a cell's indicators and year.

        Where earlier figures contradict those of now all the same, he believes those of now.
        """
        key = cell.whom, cell.corrected
        if key not in self._made:
            made = self._make(cell.whom, apart=cell.corrected)
            if made.ask(cell.cell) is None:
                made = self._make(cell.whom, apart=True, now_alone=True)
            self._made[key] = made
        return self._made[key]

    def knowing(self, cells: Sequence[Sensitive]) -> Attacker:
        """One who knows besides which of the `cells`, of the same people and year, are small."""
        first = cells[0]
        rules = self._rules_of(first.whom.names)
        small = [
            Fact(cell.cell, 1, rules.threshold - 1, "small")
            for cell in cells
            if too_few(cell.count, rules)
        ]
        return self._make(first.whom, apart=False, besides=small)

    @cached_property
    def _indicators(self) -> dict[str, Indicator]:
        return {each.id: each for _, each in self.policy.indicators()}

    @cached_property
    def _published_by_year(self) -> ByYear:
        return by_year(self.published)

    @cached_property
    def _released_by_year(self) -> ByYear:
        return by_year(self.released)

    def _rules_of(self, names: tuple[str, ...]) -> Disclosure:
        """The rules of these indicators together, looked up once for all years."""
        if names not in self._rules:
            indicators = (self._indicators[name] for name in names)
            self._rules[names] = self.policy.disclosure_of(*indicators)
        return self._rules[names]

    def _published(
        self, names: Sequence[str], period: int | None, count: str, *, apart: bool, now_alone: bool
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """What is published of these indicators now, and what was before; see `_make`."""
        now = _rows_of(self._published_by_year, names, period, self.published)
        before = _rows_of(self._released_by_year, names, period, self.released)
        before = before.filter((pl.col("column") == count) & ~(pl.lit(apart) & pl.col("corrected")))
        return now, before.clear() if now_alone else before

    def _cells(self, names: Sequence[str], period: int | None, count: str) -> dict[Cell, float]:
        """The cells of the ground of these indicators, as anyone may know them: without counts."""
        return dict.fromkeys(self.cube.of_year(names[0], period, count), 0.0)

    def _make(
        self,
        whom: Whom,
        *,
        apart: bool,
        now_alone: bool = False,
        besides: Sequence[Fact] = (),
    ) -> Attacker:
        """`apart`: from corrected figures of before nothing is guessed; `now_alone`: nor others."""
        names, period, count, _ = whom
        indicators = [self._indicators[name] for name in names]
        rules = self._rules_of(names)
        now, before = self._published(names, period, count, apart=apart, now_alone=now_alone)
        is_of_cases = count == "numerator"
        cells = self._cells(names, period, count)
        if not cells or "published" in now["origin"].to_list():
            cells = dict.fromkeys(published_cells(self.area_set), 0.0)
        groups = {*groups_in(now, self.area_set), *released_groups(before)}
        facts = [
            *besides,
            *_shown(self._in_set(now), count, "results", rules),
            *_shown(before, count, "an earlier release", rules),
        ]
        if is_of_cases:
            facts += self._beside(names, period)
        for indicator in indicators:
            rows = now.filter(pl.col("indicator") == indicator.id)
            if indicator.kind == "share":
                facts += _whole(rows)
            if is_of_cases:
                facts += self._policy_figures(indicator, period, rows)
                facts += self._from_values(rows, indicator, period, groups)
        ground = Partition.of(cells, groups, self.area_set)
        around = whole_of(whom, self.policy, self._published_by_year)
        if around is not None:
            published = self._published(
                around.names, period, count, apart=apart, now_alone=now_alone
            )
            both = self._in_set(published[0]), published[1]
            for rows, where in zip(both, ("results", "an earlier release"), strict=True):
                of_whole = _shown(rows, count, where, rules)
                facts += [replace(fact, cell=(WHOLE, fact.cell)) for fact in of_whole]
                groups |= set(released_groups(rows))
            ground = Partition.of_part(
                cells, self._cells(around.names, period, count), groups, self.area_set
            )
        whole = rules.dominance is None and all(_whole_numbers(each) for each in indicators)
        return Attacker(ground.table, facts, whole=whole)

    def _in_set(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows of the results, with the area set they are of."""
        return rows.with_columns(area_set=pl.lit(self.area_set))

    def _from_values(
        self, rows: pl.DataFrame, indicator: Indicator, period: int | None, groups: set[Group]
    ) -> Iterator[Fact]:
        """A figure that is published, of a known number, gives the count."""
        below: dict[Hashable, float] = {}
        if indicator.kind == "rate":
            amounts = self.cube.of_year(indicator.id, period, "denominator")
            below = Partition.of(amounts, groups, self.area_set).counts
        elif whole := rows["denominator"].drop_nulls().to_list():
            below = dict.fromkeys(groups, whole[0])
        computed = rows.filter(pl.col("origin") == "computed").drop_nulls("value")
        for name, value in computed.select("group", "value").iter_rows():
            if (group := Group.of(self.area_set, name)) in below:
                published = value * below[group]
                yield Fact(group, published - _SLACK, published + _SLACK, "results")

    def _beside(self, names: tuple[str, ...], period: int | None) -> Iterator[Fact]:
        """Counts in the tables beside: next to independent totals, and of who is missing."""
        totals, missing = self.judgement.totals, self.judgement.missing
        if totals.is_empty() and missing.is_empty():
            return
        of_it = pl.col("indicator").is_in(names)
        counted = totals.filter(of_it & (pl.col("period") == period)).drop_nulls("counted")
        for group, count in counted.select("group", "counted").iter_rows():
            yield Fact(Group.of(self.area_set, group), count, count, "totals")
        located = missing.filter(
            of_it & (pl.col("factor") == "year") & (pl.col("level") == str(period))
        )["located"]
        for most in located.drop_nulls():  # those in other municipalities are among them
            yield Fact(WHOLE_CITY, 0, most, "missing")

    def _policy_figures(
        self, indicator: Indicator, period: int | None, rows: pl.DataFrame
    ) -> Iterator[Fact]:
        """Percentages of a known whole reveal the count as far as their rounding: 42 % of 26 is 11.

        `rows`: of the published results. What stands in for a computed figure, and is hidden there,
        is not taken as known: where else it may stand is not for this status to call back.
        """
        hidden = set(rows.filter((pl.col("origin") == "published") & ~pl.col("shown"))["group"])
        for figure in indicator.published:
            if figure.year != period or figure.group in hidden:
                continue
            group = Group.of(self.area_set, figure.group)
            if figure.numerator is not None:
                yield Fact(group, figure.numerator, figure.numerator, "published")
            elif figure.denominator:
                low, high = Figure(
                    figure.percent / 100, None, None, decimals=figure.decimals()
                ).rounded()
                total = figure.denominator
                yield Fact(group, float(low * total), float(high * total), "published")


def _rows_of(
    parts: ByYear, names: Sequence[str], period: int | None, table: pl.DataFrame
) -> pl.DataFrame:
    """The rows of these indicators and this year among the `parts` of a `table`."""
    known = [part for name in names if (part := parts.get((name, period))) is not None]
    return pl.concat(known) if known else table.clear()


def _whole_numbers(indicator: Indicator) -> bool:
    """Whether those it counts are whole: a percentage of a number of residents need not be."""
    above = indicator.numerator
    return not (isinstance(above, StatisticSum) and above.percent_of)


def _shown(rows: pl.DataFrame, count: str, where: str, rules: Disclosure) -> Iterator[Fact]:
    """The counts as published; one that was rounded may be any that rounds to it."""
    both = zip(released_groups(rows), rows.select(count, "origin").iter_rows(), strict=True)
    for group, (published, origin) in both:
        if published is None or (origin == ROUNDED and not rules.rounding):
            continue
        if origin == ROUNDED and rules.rounding:
            below = rules.rounding // 2
            yield Fact(group, published - below, published + rules.rounding - 1 - below, where)
        else:
            yield Fact(group, published, published, where)


def _whole(rows: pl.DataFrame) -> Iterator[Fact]:
    """Of a share, the denominator that stands beside it is the city's number."""
    for published in rows["denominator"].drop_nulls().unique():
        yield Fact(WHOLE_CITY, published, published, "the denominator of a share")
