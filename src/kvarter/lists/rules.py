"""Key figures -> yearly lists: which places are on which list under the rules in force, and why.

Every answer is yes, no or cannot be told: the last where a figure is missing, or where it is known
only as rounded and its rounding decides. Criteria are combined so that one that cannot be told
matters only if it decides (Kleene 1952).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from kvarter.judgement.figures import Span
from kvarter.policy.lists import ListCriterion, ListPolicy, ListRule, Regime
from kvarter.tables import table

Answer = bool | None
_DECIMALS = 9


@dataclass(frozen=True)
class _Place:
    """A place in a year, the region that it lies in, and how many live there."""

    name: str
    year: int
    region: str
    residents: float | None


@dataclass(frozen=True)
class Figures:
    """Key figures by place, year and column, to `decimals` of them; `nation` is one of the places.

    What rounds to a figure is all that it can be.
    """

    values: Mapping[tuple[str, int, str], float]
    decimals: int | None
    nation: str

    def span(self, place: str, year: int, column: str, years: int = 1) -> Span | None:
        """The mean of `years` years up to `year`, as far as it is known; None where one is not."""
        found = [
            self.values.get((place, each, column)) for each in range(year - years + 1, year + 1)
        ]
        if any(value is None for value in found):
            return None
        mean = sum(value for value in found if value is not None) / years
        half = 0.0 if self.decimals is None else 0.5 * 10**-self.decimals
        return mean - half, mean + half


def make_lists(figures: pl.DataFrame, policy: ListPolicy) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every list of every year that rules are in force for, as tables `lists` and `criteria`.

    `figures`: `place, year, region` and the columns that the criteria name, with rows also for the
    regions and the nation.
    """
    key = policy.key_figures
    columns = [name for name in figures.columns if name not in ("place", "year", "region")]
    known = Figures(
        {
            (row["place"], row["year"], name): row[name]
            for row in figures.iter_rows(named=True)
            for name in columns
            if row[name] is not None
        },
        key.decimals,
        key.nation,
    )
    region_of = {
        (row["place"], row["year"]): row["region"] for row in figures.iter_rows(named=True)
    }
    compared = {key.nation, *figures["region"].drop_nulls()}
    listed: dict[tuple[str, int, str], Answer] = {}
    lists: list[tuple[object, ...]] = []
    criteria: list[tuple[object, ...]] = []
    pairs = sorted(region_of, key=lambda pair: (pair[1], pair[0]))
    for name, year in pairs:
        regime = policy.regime(year)
        if regime is None or name in compared:
            continue
        residents = known.values.get((name, year, key.residents))
        place = _Place(name, year, region_of[name, year] or "", residents)
        answers: dict[str, Answer] = {}
        for each in regime.criteria:
            value, threshold = _value_and_threshold(each, known, place)
            answers[each.id] = met = _compared(each.threshold()[0], value, threshold)
            said = (_middle(value), each.threshold()[0], _middle(threshold))
            criteria.append((name, year, regime.id, each.id, *said, met))
        for rule in regime.lists:
            on, row = _listed(rule, regime, place, answers, listed)
            listed[name, year, rule.id] = on
            lists.append((name, year, regime.id, rule.id, residents, *row))
    return table("lists").frame(lists), table("criteria").frame(criteria)


def _value_and_threshold(
    criterion: ListCriterion, known: Figures, place: _Place
) -> tuple[Span | None, Span | None]:
    years = criterion.average_of_years
    value = known.span(place.name, place.year, criterion.column, years)
    asked = criterion.threshold()[1]
    if criterion.of == "itself":
        return value, (asked, asked)
    other = known.nation if criterion.of == "nation" else place.region
    reference = known.span(other, place.year, criterion.column, years)
    scale = asked if criterion.of == "nation" else asked / 100
    return value, reference and (scale * reference[0], scale * reference[1])


def _middle(span: Span | None) -> float | None:
    return None if span is None else (span[0] + span[1]) / 2


def _compared(comparison: str, value: Span | None, threshold: Span | None) -> Answer:
    """Whether every value in one span compares so with every one in the other, none, or some.

    To nine decimals: three times 0.8 is 2.4, also for a computer.
    """
    if value is None or threshold is None:
        return None
    value, threshold = (
        (round(span[0], _DECIMALS), round(span[1], _DECIMALS)) for span in (value, threshold)
    )
    answers = {
        {
            "more_than": one > other,
            "at_least": one >= other,
            "less_than": one < other,
            "at_most": one <= other,
        }[comparison]
        for one in value
        for other in threshold
    }
    return answers.pop() if len(answers) == 1 else None


def _listed(
    rule: ListRule,
    regime: Regime,
    place: _Place,
    answers: Mapping[str, Answer],
    listed: Mapping[tuple[str, int, str], Answer],
) -> tuple[Answer, tuple[object, ...]]:
    """Whether a place is on a list, and `criteria_met, criteria_asked, on_list, reasons`."""
    counted = [
        answers[name] for name in (regime.common if rule.criteria is None else rule.criteria)
    ]
    sure, possible = counted.count(True), counted.count(True) + counted.count(None)
    asked = rule.at_least_criteria
    large = None if place.residents is None else place.residents >= regime.residents_at_least
    parts: list[tuple[Answer, str]] = [
        (large, f"residents {_in_words(place.residents)} of {regime.residents_at_least}"),
        (
            True if sure >= asked else None if possible >= asked else False,
            f"criteria {sure} of {asked}",
        ),
    ]
    parts += [(answers[name], f"criterion {name}") for name in rule.also]
    if rule.on_list:
        parts.append((listed.get((place.name, place.year, rule.on_list)), f"list {rule.on_list}"))
    if rule.years_running:
        name, years = rule.years_running.listed_as, rule.years_running.years
        running = range(place.year - years + 1, place.year + 1)
        before = [listed.get((place.name, each, name)) for each in running]
        run = before[::-1].index(False) if False in before else years
        parts.append((_all(before), f"years on list {name}: {run} of {years}"))
    on = _all([answer for answer, _ in parts])
    words = [f"{_mark(answer)} {text}" for answer, text in parts]
    return on, (sure, asked, on, "; ".join(words))


def _all(answers: list[Answer]) -> Answer:
    """No if any is no; else cannot be told if any cannot; else yes."""
    return False if False in answers else None if None in answers else True


def _mark(answer: Answer) -> str:
    return {True: "yes:", False: "no:", None: "cannot tell:"}[answer]


def _in_words(number: float | None) -> str:
    return "unknown" if number is None else f"{number:.0f}"
