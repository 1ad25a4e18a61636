"""What people wrote, held against the figures: a claim that the results do not bear out is told.

Nothing is changed and nothing is stopped: the words are people's own, and a number may come from
elsewhere. What is remarked has its place in the statement, so that whoever signs can look at it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path

import polars as pl

from kvarter.editions.edition import Edition
from kvarter.files.inert import write_csv
from kvarter.i18n import Locale, _, in_language, locale
from kvarter.policy.model import Goal, Language, Text, data_year
from kvarter.statement import Accepted
from kvarter.tables import table

_NUMBER = {
    "da": r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?",
    "en": r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?",
}
_PERCENT = r"\s?(?:%|pct\b|procent|percent|per cent)"
_OF = r"(?:af|ud af|of|out of)"
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\W*[A-ZÆØÅ])|\n+")
_A_COUNT = re.compile(r"\b(?:antal\w*|number|count)\b", re.IGNORECASE)
_BASELINE = re.compile(r"baseline|udgangspunkt|starting point", re.IGNORECASE)
_GOAL = re.compile(
    r"\b(?:mål|goal)\s+(?:nr\.?\s*|nummer\s+|number\s+|no\.?\s*)?(\d+)", re.IGNORECASE
)
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d%]|[.,]\d|\s?(?:%|pct))")
_MONTHS = "jan|feb|mar|maj|may|apr|jun|jul|aug|sep|okt|oct|nov|dec"
_DATE = re.compile(rf"\b\d{{1,2}}\.? (?={_MONTHS})", re.IGNORECASE)


@dataclass(frozen=True)
class Claim:
    """Words in a comment that the results do not bear out.

    `place`: where they stand in the statement; `kind`: `number`, `percent`, `baseline_year`,
    `goal_number` or `rate_as_count`; `remark`: what the figures say.
    """

    place: str
    kind: str
    words: str
    remark: str


@dataclass(frozen=True)
class _Known:
    """What may be said of a goal: percentages, other numbers, and changes of counts alone."""

    percentages: list[float]
    numbers: list[float]
    changes_of_counts: list[float]
    changes_of_rates: list[float]


def claims(status: Edition) -> list[Claim]:
    """Every claim in the comments on this edition that the results do not bear out."""
    return [
        claim
        for goal in status.policy.goals
        if (written := status.statement.comment_on(goal.number)) is not None
        and not isinstance(written, Accepted)
        for claim in claims_in(status, goal, written, _entered(status, goal))
    ]


def claims_in(
    status: Edition, goal: Goal, written: Text, besides: Sequence[float] = ()
) -> list[Claim]:
    """Every claim in a text on a goal that its figures do not bear out, in a language.

    besides: other figures that may be said of the goal, such as those entered by hand.
    """
    known = _known(status, goal)
    known = replace(
        known,
        percentages=[*known.percentages, *besides],
        numbers=[*known.numbers, *besides],
    )
    return [
        claim
        for place, text, language in _by_language(goal, written)
        for claim in _of_text(_Written(status, goal, place, language), known, text)
    ]


def _entered(status: Edition, goal: Goal) -> list[float]:
    """The figures that were entered of a goal."""
    return [
        float(value)
        for one in status.statement.entered.get(goal.number, [])
        for value in (one.count, one.of, one.share)
        if value is not None
    ]


def write_claims(status: Edition, path: Path, language: Language) -> None:
    """Write one row for each claim to a CSV file, as table `claims`."""
    with in_language(Locale(language).of(status.policy)):
        rows = [astuple(claim) for claim in claims(status)]
    write_csv(table("claims").frame(rows), path)


@dataclass(frozen=True)
class _Written:
    """Of what a text is, where it stands in the statement, and its language."""

    status: Edition
    goal: Goal
    place: str
    language: Language


def _by_language(goal: Goal, written: Text) -> Iterator[tuple[str, str, Language]]:
    place = f"comments[{goal.number}]"
    if isinstance(written, str):
        yield place, written, "da"
        return
    languages: tuple[Language, ...] = ("da", "en")
    for language in languages:
        if text := getattr(written, language):
            yield f"{place}.{language}", text, language


def _of_text(about: _Written, known: _Known, text: str) -> Iterator[Claim]:
    status, goal, language = about.status, about.goal, about.language
    for sentence in filter(None, map(str.strip, _SENTENCE.split(text))):
        said = sentence if len(sentence) <= 120 else f"{sentence[:119]}…"
        for kind, remark in (
            *_goal_numbers(status, goal, sentence),
            *_baseline_years(status, goal, sentence),
            *_shares(sentence, language),
            *_numbers(known, sentence, language),
        ):
            yield Claim(about.place, kind, said, remark)


def _goal_numbers(status: Edition, goal: Goal, sentence: str) -> Iterator[tuple[str, str]]:
    numbers = {each.number for each in status.policy.goals}
    elsewhere = {number: name for name, number in goal.numbered_elsewhere.items()}
    for found in _GOAL.finditer(sentence):
        number = int(found[1])
        if number == goal.number or (number in numbers and number not in elsewhere):
            continue
        remark = _("The goal has the number {number} here.", number=goal.number)
        if number in elsewhere:
            document = elsewhere[number]
            more = _("It is {number} in {document}.", number=number, document=document)
            remark = f"{remark} {more}"
        yield "goal_number", remark


def _baseline_years(status: Edition, goal: Goal, sentence: str) -> Iterator[tuple[str, str]]:
    baseline = status.policy.baseline()
    years = {int(found[0]) for found in _YEAR.finditer(sentence)}
    if baseline is None or not years or not _BASELINE.search(sentence):
        return
    of_data = {data_year(indicator, baseline) for indicator in goal.indicators}
    if of_data and not years & of_data:
        listed = locale.listed([str(year) for year in sorted(of_data)])
        yield "baseline_year", _("The data of the baseline are of {years}.", years=listed)


def _shares(sentence: str, language: Language) -> Iterator[tuple[str, str]]:
    number = _NUMBER[language]
    beside = rf"({number}){_PERCENT}\s*\(({number}) {_OF} ({number})\)"
    for found in re.finditer(beside, sentence):
        (share, decimals), (part, __), (whole, __) = (
            _read(each, language) for each in found.groups()
        )
        if whole and not _same(share, decimals, 100 * part / whole):
            right = locale.percent(100 * part / whole, decimals)
            counts = found[0].split("(")[1].removesuffix(")")
            remark = _("{counts} is {percent}.", counts=counts, percent=right)
            yield "percent", remark


def _numbers(known: _Known, sentence: str, language: Language) -> Iterator[tuple[str, str]]:
    plain = _DATE.sub(" ", _GOAL.sub(" ", _YEAR.sub(" ", sentence)))
    written = re.compile(rf"(?<![\w.,-])({_NUMBER[language]})({_PERCENT})?(?![\w])")
    parts = re.split(r"[,;](?!\d)", plain)
    for found, part in ((found, each) for each in parts for found in written.finditer(each)):
        value, decimals = _read(found[1], language)
        allowed = known.percentages if found[2] or decimals else known.numbers
        if not any(_same(value, decimals, each) for each in allowed):
            said = found[0].strip()
            yield "number", _("{said} is not among the figures of the goal.", said=said)
        elif found[2] and _A_COUNT.search(part):
            of_count = any(_same(value, decimals, each) for each in known.changes_of_counts)
            of_rate = any(_same(value, decimals, each) for each in known.changes_of_rates)
            if of_rate and not of_count:
                said = found[0].strip()
                remark = _("{said} is the change of the rate, not of the count.", said=said)
                yield "rate_as_count", remark


def _read(text: str, language: Language) -> tuple[float, int]:
    """A number as it is written in a language, and how many decimals it has."""
    point, thousands = (",", ".") if language == "da" else (".", ",")
    plain = text.replace(thousands, "").replace(point, ".")
    return float(plain), len(plain.partition(".")[2])


def _same(said: float, decimals: int, figure: float) -> bool:
    """Whether a figure, rounded to as many decimals, is what was said; the sign is in the words."""
    return abs(abs(figure) - said) <= float(0.5 * 10**-decimals) + 1e-9


def _known(status: Edition, goal: Goal) -> _Known:
    results = status.results.filter(pl.col("goal") == goal.number)
    verdicts = status.verdicts.filter(pl.col("goal") == goal.number)
    shares = _values(results, "value", "low", "high", "bound_low", "bound_high")
    counts = _values(results, "numerator", "denominator")
    changes = _values(verdicts, "change", "change_low", "change_high", "city_change", "required")
    tipping = _values(verdicts, "tipping_point", "unlocated_cases", "ratio", "ratio_baseline")
    gaps = [100 * gap for gap in _values(verdicts, "gap", "gap_baseline")]
    changes_of_counts = _changes_of_counts(status, goal)
    of_counts, differences = (_values(changes_of_counts, name) for name in ("percent", "number"))
    judged = verdicts.select("indicator", "group", "baseline_period", "period").unique()
    of_rates = _values(verdicts.filter(pl.col("of") != "numerator"), "change")
    return _Known(
        [*(100 * share for share in shares), *changes, *gaps, *of_counts, *_in_policy(goal)],
        [*counts, *differences, *tipping, *_in_policy(goal), *_of_areas(status)],
        _values(changes_of_counts.join(judged, on=list(judged.columns)), "percent"),
        of_rates,
    )


def _values(frame: pl.DataFrame, *names: str) -> list[float]:
    return [float(value) for name in names for value in frame[name].drop_nulls()]


def _changes_of_counts(status: Edition, goal: Goal) -> pl.DataFrame:
    """By how much each count changed, for each group, from any year to a later one.

    Columns `indicator`, `group`, `baseline_period`, `period`, `percent`, `number`.
    """
    rows = status.results.filter(
        (pl.col("goal") == goal.number) & (pl.col("numerator") > 0), pl.col("shown")
    ).select("indicator", "group", "period", "numerator")
    pairs = rows.join(rows, on=["indicator", "group"], suffix="_now")
    later = pairs.filter(pl.col("period_now") > pl.col("period"))
    then, now = pl.col("numerator"), pl.col("numerator_now")
    return later.select(
        *("indicator", "group"),
        baseline_period="period",
        period="period_now",
        percent=100 * (now / then - 1),
        number=now - then,
    )


def _in_policy(goal: Goal) -> list[float]:
    """The numbers in what the policy itself says of the goal."""
    said = json.dumps(goal.model_dump(mode="json"), ensure_ascii=False)
    return [float(found) for found in re.findall(r"\d+(?:\.\d+)?", said)]


def _of_areas(status: Edition) -> list[float]:
    return [float(len(status.geography.areas))]
