"""Each goal: its figure then and now, the change, the target, the verdict and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from kvarter.documents.contents.cells import (
    NO_WORDS,
    Figure,
    Row,
    Words,
    joined,
    listed,
    of_policy,
    phrase,
    row_of,
    rows_of,
)
from kvarter.documents.contents.sure import Answer, Verdict, answer_word, verdict_of
from kvarter.documents.figures import decimals_shown, quantity
from kvarter.documents.words import amount, change_decimals, decimals_of, not_beyond_city
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.judgement.breaks import segments
from kvarter.judgement.checks import HOLDS, TURNS
from kvarter.judgement.figures import required
from kvarter.policy.model import (
    AREAS,
    CITY,
    EditionDefinition,
    Goal,
    Group,
    Indicator,
    Reading,
    Target,
    data_year,
)


@dataclass(frozen=True)
class Point:
    """A year of a series; `stretch` counts up where the case system changed before it."""

    year: int
    figure: Figure
    low: float | None
    high: float | None
    stretch: int


@dataclass(frozen=True)
class Measured:
    """A figure of a year: what the verdict is on, and in brackets what stands behind it."""

    year: Figure
    figure: Figure | None
    behind: Words
    word: str
    """Why there is no figure: `no data` or `not shown`; else the figure itself."""


@dataclass(frozen=True)
class TargetContents:
    """A target of a goal by the reading that decides; a goal without a target has one of these.

    then, now: of the areas; `city_then` and `city_now` of the whole, of a rate.
    change, asked: in the target's own unit; None where they cannot be told.
    asked_in_words: what is asked, such as `down 25 % or more`.
    beside_city: how the whole went, and whether the areas moved further.
    level_asked: the figure that the target asks for now, in the unit of the series.
    """

    text: str
    indicator: str
    indicator_id: str
    quantity: str
    then: Measured | None
    now: Measured | None
    city_then: Measured | None
    city_now: Measured | None
    change: Figure | None
    asked: Figure | None
    verdict: Verdict
    beside_city: Words
    series: tuple[Point, ...]
    level_asked: float | None


@dataclass(frozen=True)
class GoalContents:
    """A goal; `targets` is empty where it has no data, and `no_data` says why."""

    number: int
    title: str
    administration: str
    targets: tuple[TargetContents, ...]
    no_data: str

    @property
    def has_data(self) -> bool:
        """Whether anything is measured."""
        return bool(self.targets)

    @property
    def verdict(self) -> Verdict | None:
        """That of the target that stands worst; None where there is no data."""
        order = [*_WORST_FIRST, *{each.verdict.look for each in self.targets}]
        every = sorted(self.targets, key=lambda each: order.index(each.verdict.look))
        return every[0].verdict if every else None


_WORST_FIRST = (
    *("not_met-firm", "not_met-open", "not_met-untried", "cannot_tell", "hidden"),
    *("met-untried", "met-open", "met-firm", "baseline", "no_target"),
)


def goals(edition: Edition) -> tuple[GoalContents, ...]:
    """Every goal of the policy, in its order."""
    return tuple(
        GoalContents(
            goal.number,
            locale.say(goal.title),
            goal.administration or "",
            tuple(_targets(edition, goal)),
            locale.say(goal.no_data) if not goal.indicators else "",
        )
        for goal in edition.policy.goals
    )


def without_data(edition: Edition) -> Words:
    """The goals that have no data yet, in one line; blank where all have."""
    goals_of = edition.policy.goals
    waiting = [
        (of_policy(f"goals.{place}.number", str(goal.number), goal.number))
        for place, goal in enumerate(goals_of)
        if not goal.indicators
    ]
    if not waiting:
        return Words()
    every = tuple(cell for figure in waiting for cell in figure.cells)
    count = Figure(locale.number(len(every)), len(every), every, "count")
    return phrase(
        "{count} {count:goal has|goals have} no data yet: {goals}.",
        count=count,
        goals=spans(waiting),
    )


def spans(numbers: list[Figure]) -> Words:
    """Numbers in a row as `1, 3, 4 and 6–18`."""
    runs: list[list[Figure]] = []
    for each in numbers:
        last = runs[-1][-1].value if runs else None
        if isinstance(last, int) and each.value == last + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    said: list[str | Figure] = []
    for run in runs:
        if len(run) > 2:
            said.append(joined([run[0], run[-1]], "\u2013"))
        else:
            said += run
    return listed(said)


def _targets(edition: Edition, goal: Goal) -> list[TargetContents]:
    indicators = {indicator.id: indicator for indicator in goal.indicators}
    if goal.targets:
        return [
            _target(edition, goal, target, indicators[target.indicator]) for target in goal.targets
        ]
    return [_untargeted(edition, goal, each) for each in goal.indicators]


def _untargeted(edition: Edition, goal: Goal, indicator: Indicator) -> TargetContents:
    """The figures of an indicator that has no target."""
    answer: Answer = "baseline" if _is_baseline(edition) else "no_target"
    verdict = Verdict(answer, "", answer_word(answer, ""))
    return _contents(edition, indicator, None, verdict, "")


def _target(edition: Edition, goal: Goal, target: Target, indicator: Indicator) -> TargetContents:
    reading = _deciding(target)
    row = row_of(edition, "verdicts", goal=goal.number, target=target.id, reading=reading.id)
    if row is None:
        answer: Answer = "baseline" if _is_baseline(edition) else "cannot_tell"
        verdict = Verdict(answer, "", answer_word(answer, ""))
    else:
        verdict = verdict_of(edition, row, indicator)
    text = locale.say(target.text)
    return _contents(edition, indicator, (reading, row), verdict, text)


def _deciding(target: Target) -> Reading:
    return next((each for each in target.readings if each.decides), target.readings[0])


def _is_baseline(edition: Edition) -> bool:
    baseline = edition.policy.baseline()
    return baseline is not None and baseline.id == edition.definition.id


def _contents(
    edition: Edition,
    indicator: Indicator,
    judged: tuple[Reading, Row | None] | None,
    verdict: Verdict,
    text: str,
) -> TargetContents:
    reading, row = judged or (None, None)
    of = reading.of if reading else "value"
    group = reading.group if reading else AREAS
    baseline = edition.policy.baseline()
    now, then = edition.definition, None if _is_baseline(edition) else baseline
    change = asked = None
    if reading is not None:
        asked = _asked(row, reading)
        change = _change(row, reading) if row is not None else None
    whole = indicator.kind == "rate" and group != CITY

    def at(each: EditionDefinition | None, whose: Group, of_what: str) -> Measured | None:
        if each is None:
            return None
        return _measured(edition, indicator, (data_year(indicator, each), whose, of_what))

    return TargetContents(
        text=text,
        indicator=locale.say(indicator.title),
        indicator_id=indicator.id,
        quantity=quantity(of, indicator),
        then=at(then, group, of),
        now=at(now, group, of),
        city_then=at(then, CITY, "value") if whole else None,
        city_now=at(now, CITY, "value") if whole else None,
        change=change,
        asked=asked,
        verdict=verdict,
        beside_city=_beside_city(edition, indicator, row) if row is not None else NO_WORDS,
        series=_series(edition, indicator, group, of),
        level_asked=_level_asked(edition, indicator, reading, row),
    )


def _beside_city(edition: Edition, indicator: Indicator, row: Row) -> Words:
    """How the whole went, and whether the areas moved further; blank where it is not known."""
    if row["city_change"] is None or row["change"] is None:
        return NO_WORDS
    changed = row.figure("city_change", locale.percent(row["city_change"], 0, sign=True))
    went = phrase("The number in the whole city changed by {change}.", change=changed)
    if indicator.kind == "rate":
        then, now = (
            row_of(edition, "results", indicator=indicator.id, period=row[year], group=CITY)
            for year in ("baseline_period", "period")
        )
        if then is None or now is None or None in (then["value"], now["value"]):
            return NO_WORDS
        went = phrase(
            "The whole city went from {before} to {after} ({change}).",
            before=figure_of(then, "value", indicator),
            after=figure_of(now, "value", indicator),
            change=changed,
        )
    further = {
        HOLDS: _("The areas moved further than the city."),
        TURNS: not_beyond_city(dict(row.values)),
    }
    return joined([went, further.get(row["beyond_city"], "")])


def _change(row: Row, reading: Reading) -> Figure | None:
    if row["change"] is None:
        return None
    decimals = change_decimals(row["change"], row["required"])
    return row.figure("change", amount(row["change"], reading, decimals))


def _asked(row: Row | None, reading: Reading) -> Figure | None:
    asked = float(required(reading))
    text = amount(asked, reading, decimals_of(asked))
    if row is None:
        return None
    return row.figure("required", text)


def _measured(edition: Edition, indicator: Indicator, which: tuple[int, str, str]) -> Measured:
    year, group, of = which
    row = row_of(edition, "results", indicator=indicator.id, period=year, group=group)
    if row is None or (row["shown"] and row[of] is None):
        year_of = row.year("period") if row else Figure(str(year), year, ())
        return Measured(year_of, None, Words(), _("no data"))
    if not row["shown"]:
        return Measured(row.year("period"), None, Words(), _("not shown"))
    figure = figure_of(row, of, indicator)
    return Measured(row.year("period"), figure, _behind(row, of, indicator), figure.text)


def figure_of(row: Row, of: str, indicator: Indicator) -> Figure:
    """The value or the number of a row of `results`, as it is read."""
    if of == "numerator":
        return row.number("numerator")
    return row.percent("value", decimals_shown(dict(row.values), indicator))


def _behind(row: Row, of: str, indicator: Indicator) -> Words:
    """The counts behind a percentage; the percentage beside a count."""
    if row["numerator"] is None or row["denominator"] is None:
        return Words()
    whole = row.number("denominator")
    if of == "numerator":
        share = row.percent("value", decimals_shown(dict(row.values), indicator))
        return phrase("{share} of {whole}", share=share, whole=whole)
    part = row.number("numerator")
    return phrase("{part} of {whole}", part=part, whole=whole)


def _series(edition: Edition, indicator: Indicator, group: str, of: str) -> tuple[Point, ...]:
    rows = [
        row
        for row in rows_of(edition, "results", indicator=indicator.id, group=group)
        if row[of] is not None
    ]
    rows.sort(key=lambda row: int(row["period"]))
    stretches = segments(edition.case_systems, indicator, [row["period"] for row in rows])
    stretch = {year: number for number, years in enumerate(stretches) for year in years}
    return tuple(
        Point(
            row["period"],
            figure_of(row, of, indicator),
            row["low"] if of == "value" else None,
            row["high"] if of == "value" else None,
            stretch[row["period"]],
        )
        for row in rows
    )


def _level_asked(
    edition: Edition, indicator: Indicator, reading: Reading | None, row: Row | None
) -> float | None:
    """The level that the target asks for, in the unit of the series; None for a gap."""
    if reading is None or row is None or reading.kind.startswith("gap"):
        return None
    asked = float(row["required"])
    if reading.kind == "level":
        return asked if reading.of == "numerator" else asked / 100
    base = _base(edition, indicator, reading, int(row["baseline_period"]))
    if base is None:
        return None
    return base * (1 + asked / 100) if reading.kind == "relative_change" else base + asked / 100


def _base(edition: Edition, indicator: Indicator, reading: Reading, year: int) -> float | None:
    found: Any = (
        edition.results.filter(
            pl.col("indicator") == indicator.id,
            pl.col("period") == year,
            pl.col("group") == reading.group,
        )[reading.of]
        .drop_nulls()
        .to_list()
    )
    return float(found[0]) if found else None
