"""The ambition: how far the areas have come, at what pace, and when it is reached at that pace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kvarter.documents.contents.cells import (
    NO_WORDS,
    Figure,
    Row,
    Words,
    of_policy,
    phrase,
    row_of,
    rows_of,
    worked_out,
)
from kvarter.documents.contents.sure import Reason, Verdict
from kvarter.documents.distance_table import amount, why_not
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.judgement import compare_choices
from kvarter.policy.designation import distance_year
from kvarter.policy.model import AREAS, Ambition, AmbitionReading, Criterion

_SAME = 0.02
"""Distances that differ by no more than this share of the ambition are shown as one."""


@dataclass(frozen=True)
class ReadingContents:
    """A way to read the ambition: its name, and how far the areas have come by it."""

    title: str
    decides: bool
    said: Words
    reached: bool | None


@dataclass(frozen=True)
class CriterionContents:
    """A designation criterion by the reading that decides; None where a figure is not known.

    then, now: the level of the areas; `reference_then`, `reference_now`: of what they are held to.
    lag_then, lag_now: how far the areas lie behind.
    closed: how much of the lag is closed, with its interval; `covered`: as part of the ambition.
    reached: whether the ambition is reached on it.
    why_not: why there is no distance; blank where there is one.
    """

    id: str
    title: str
    unit: str
    why_not: str
    years: tuple[Figure, Figure] | None = None
    then: Figure | None = None
    now: Figure | None = None
    reference_then: Figure | None = None
    reference_now: Figure | None = None
    lag_then: Figure | None = None
    lag_now: Figure | None = None
    closed: Figure | None = None
    closed_between: Words = NO_WORDS
    covered: Figure | None = None
    reached: bool | None = None


@dataclass(frozen=True)
class AmbitionContents:
    """The ambition by the reading that decides, with the other ways to read it beside.

    covered: the mean distance covered, with `between` for chance; `reached_criteria`: on how many
        criteria it is reached, of how many, and how many are needed.
    elapsed: how much of the time to the ambition's year has gone.
    pace, pace_needed: share of the lag that is closed a year, and that would have to be.
    reached_in: the year it is reached at that pace; None where it is `never` or not known.
    range: the lowest and the highest distance over all choices that the words leave open.
    """

    title: str
    year: Figure
    data_year: int
    reference: Literal["city", "rest"]
    verdict: Verdict
    covered: Figure | None
    between: Words
    elapsed: Figure | None
    pace: Figure | None
    pace_needed: Figure | None
    reached_in: Figure | None
    reached_between: Words
    never: bool
    said: Words
    pace_said: Words
    criteria_said: Words
    range_said: Words
    readings: tuple[ReadingContents, ...]
    criteria: tuple[CriterionContents, ...]


def ambition(edition: Edition) -> AmbitionContents | None:
    """The ambition of an edition's policy; None where it has none, or no figures of it."""
    asked = edition.policy.ambition
    if asked is None or edition.distance_overall.is_empty():
        return None
    year = distance_year(edition.policy, edition.definition)
    decides = asked.deciding()
    mean = _overall(edition, decides, "mean", year)
    counted = _overall(edition, decides, "criteria", year)
    deciding = mean if decides.overall == "mean" else counted
    criteria = tuple(_criteria(edition, decides))
    by_year = of_policy("ambition.year", str(asked.year), asked.year)
    shown = mean if mean is not None and mean["shown"] else None
    covered = None
    if shown is not None and shown["distance_covered"] is not None:
        covered = shown.percent("distance_covered")
    return AmbitionContents(
        title=locale.say(asked.title),
        year=by_year,
        data_year=year,
        reference=decides.reference,
        verdict=_verdict(edition, asked, deciding, year),
        covered=covered,
        between=_between(shown),
        elapsed=_elapsed(mean, by_year),
        pace=_pace(shown),
        pace_needed=_pace_needed(mean, by_year, asked),
        reached_in=shown.year("projected_year")
        if shown is not None and shown["projected_year"] is not None
        else None,
        reached_between=_years(shown),
        never=covered is not None
        and shown is not None
        and shown["pace"] is not None
        and shown["projected_year"] is None,
        said=_said(covered, mean),
        pace_said=_pace_said(covered, shown, mean, by_year, asked),
        criteria_said=_criteria_said(counted, edition),
        range_said=_range(edition, year),
        readings=tuple(_reading(edition, each, year) for each in asked.readings),
        criteria=criteria,
    )


def _overall(edition: Edition, reading: AmbitionReading, overall: str, year: int) -> Row | None:
    """The overall row of a reading; where the areas are the same as ever, those are taken."""
    key: dict[str, str | int] = {"group": AREAS, "reference": reading.reference}
    key |= {"overall": overall, "period": year}
    row = row_of(edition, "distance_overall", **key, areas=reading.areas)
    return row or row_of(edition, "distance_overall", **key, areas="fixed")


def _verdict(edition: Edition, asked: Ambition, row: Row | None, year: int) -> Verdict:
    if row is None or not row["shown"]:
        return Verdict("no_data", "", _("No data yet"))
    cells = (row.ref("verdict"),)
    if row["baseline_period"] == row["period"]:
        return Verdict("baseline", "", _("Baseline"), cells=cells)
    if row["verdict"] == "cannot_tell":
        return Verdict("cannot_tell", "", _("Cannot be told"), cells=cells)
    reasons = []
    choices = compare_choices(edition.distance_overall, year, AREAS)
    if not choices.same_verdict:
        reasons.append(Reason("other_reading", Words(_("how the words of the ambition are read"))))
    if row["chance_reached"] is not None and _turned_by_chance(row, edition.policy.confidence):
        reasons.append(Reason("chance", Words(_("chance"))))
    early = row["period"] < asked.year
    not_reached = (
        _("The ambition is not reached yet") if early else _("The ambition is not reached")
    )
    words = {
        ("met", True): _("The ambition is reached"),
        ("not_met", True): not_reached,
        ("met", False): _("The ambition seems to be reached"),
        ("not_met", False): _("The ambition does not seem to be reached"),
    }
    sure: Literal["firm", "open"] = "open" if reasons else "firm"
    word = words[row["verdict"], not reasons]
    return Verdict(row["verdict"], sure, word, tuple(reasons), cells)


def _turned_by_chance(row: Row, confidence: float) -> bool:
    """Whether more of the draws say otherwise than an interval leaves out on that side."""
    otherwise = row["chance_reached"] if row["verdict"] == "not_met" else 1 - row["chance_reached"]
    return float(otherwise) > (1 - confidence) / 2


def _between(row: Row | None) -> Words:
    if row is None or row["covered_low"] is None:
        return Words()
    return phrase(
        "{low} to {high}",
        low=row.figure("covered_low", locale.number(100 * row["covered_low"]), 100),
        high=row.percent("covered_high"),
    )


def _elapsed(row: Row | None, by_year: Figure) -> Figure | None:
    if row is None or by_year.value == row["baseline_period"]:
        return None
    now, first = row.year("period"), row.year("baseline_period")
    return worked_out(
        "elapsed", lambda part: locale.percent(100 * part), now, by_year, first, times=100
    )


def _pace(row: Row | None) -> Figure | None:
    if row is None or row["pace"] is None:
        return None
    return row.percent("pace", 1)


def _pace_needed(row: Row | None, by_year: Figure, asked: Ambition) -> Figure | None:
    if row is None or by_year.value == row["baseline_period"]:
        return None
    closed = of_policy("ambition.closed", locale.percent(100 * asked.closed), asked.closed)
    first = row.year("baseline_period")
    return worked_out(
        "per_year", lambda part: locale.percent(100 * part, 1), closed, by_year, first, times=100
    )


def _years(row: Row | None) -> Words:
    """The years chance leaves open for the projected one; blank where it leaves no other."""
    if row is None or row["projected_first"] is None:
        return Words()
    first = row.year("projected_first")
    if row["projected_last"] is not None:
        if row["projected_first"] == row["projected_last"]:
            return Words()
        return phrase("between {first} and {last}", first=first, last=row.year("projected_last"))
    if row["projected_year"] is None:
        return phrase("perhaps {first} or later", first=first)
    return phrase("{first} at the earliest, perhaps never", first=first)


def _said(covered: Figure | None, row: Row | None) -> Words:
    """How far the areas have come, as a sentence."""
    if row is not None and row["period"] == row["baseline_period"]:
        return phrase(
            "The areas of {year} are the baseline that the way is measured from.",
            year=row.year("period"),
        )
    if covered is None or row is None:
        return Words(_("How far the areas have come cannot be told."))
    years = {"year": row.year("period"), "before": row.year("baseline_period")}
    if float(str(row["distance_covered"])) < 0:
        return phrase(
            "The areas are further behind in {year} than in {before}: the distance covered is "
            "{covered} of the way.",
            covered=covered,
            **years,
        )
    return phrase(
        "From {before} to {year} the areas have covered {covered} of the way.",
        covered=covered,
        **years,
    )


def _pace_said(
    covered: Figure | None, row: Row | None, mean: Row | None, by_year: Figure, asked: Ambition
) -> Words:
    """At what pace, and when the ambition is reached at it."""
    elapsed = _elapsed(mean, by_year)
    if covered is None or row is None or elapsed is None or row["pace"] is None:
        return Words()
    if row["verdict"] == "met":
        return Words(_("The ambition is reached by the mean of the criteria."))
    between = _years(row)
    if row["projected_year"] is None:
        return phrase(
            "{elapsed} of the time to {by} has gone, and at the pace so far the ambition is never "
            "reached.",
            elapsed=elapsed,
            by=by_year,
        )
    values = {
        "elapsed": elapsed,
        "by": by_year,
        "year": row.year("projected_year"),
        "between": between,
    }
    if between:
        return phrase(
            "{elapsed} of the time to {by} has gone; at the pace so far the ambition is reached in "
            "{year} ({between}).",
            **values,
        )
    return phrase(
        "{elapsed} of the time to {by} has gone; at the pace so far the ambition is reached in "
        "{year}.",
        **{name: value for name, value in values.items() if name != "between"},
    )


def _criteria_said(row: Row | None, edition: Edition) -> Words:
    """On how many criteria the ambition is reached, and how many are needed."""
    if row is None or not row["shown"] or row["criteria_reached"] is None:
        return Words()
    if row["baseline_period"] == row["period"]:
        return Words()
    every = tuple(
        of_policy(f"criteria.{n}.id", "").cells[0] for n in range(len(edition.policy.criteria))
    )
    count = Figure(locale.number(len(every)), len(every), every, "count")
    return phrase(
        "On {reached} of {count} criteria the ambition is reached; it takes {needed}.",
        reached=row.number("criteria_reached"),
        count=count,
        needed=row.number("criteria_needed"),
    )


def _range(edition: Edition, year: int) -> Words:
    """How far apart the choices lie that the words leave open; blank where they are one."""
    choices = compare_choices(edition.distance_overall, year, AREAS)
    if choices.least is None or choices.most is None or choices.apart < _SAME:
        return Words()
    least, most = (Row("distance_overall", row) for row in (choices.least, choices.most))
    return phrase(
        "How the words are read matters: the distance covered is between {least} and {most}.",
        least=least.percent("distance_covered"),
        most=most.percent("distance_covered"),
    )


def _reading(edition: Edition, reading: AmbitionReading, year: int) -> ReadingContents:
    row = _overall(edition, reading, reading.overall, year)
    title = locale.say(reading.title)
    if row is None or not row["shown"] or row["verdict"] in (None, "cannot_tell"):
        said, reached = Words(_("it cannot be told")), None
    elif reading.overall == "criteria":
        said = phrase(
            "{reached} of {needed} criteria that it takes",
            reached=row.number("criteria_reached"),
            needed=row.number("criteria_needed"),
        )
        reached = row["verdict"] == "met"
    else:
        said = phrase("{covered} of the way", covered=row.percent("distance_covered"))
        reached = row["verdict"] == "met"
    return ReadingContents(title, reading.decides, said, reached)


def _criteria(edition: Edition, reading: AmbitionReading) -> list[CriterionContents]:
    rows: dict[str, Row] = {}
    own = rows_of(edition, "distance", group=AREAS, reference=reading.reference)
    chosen = [row for row in own if row["areas"] == reading.areas] or own
    for row in sorted(chosen, key=lambda row: int(row["period"])):
        rows[row["criterion"]] = row
    return [_criterion(rows.get(each.id), each) for each in edition.policy.criteria]


def _criterion(row: Row | None, of: Criterion) -> CriterionContents:
    unit = "%" if of.unit == "percent" else locale.say(of.unit)
    title = locale.say(of.title)
    if row is None or not row["shown"]:
        why = _("no data") if row is None else _("not shown")
        return CriterionContents(of.id, title, unit, why)

    def level(column: str) -> Figure | None:
        if row is None or row[column] is None:
            return None
        times = 100 if of.unit == "percent" else 1
        return row.figure(column, amount(row[column], of), times)

    has = row["closed"] is not None
    between = Words()
    if row["closed_low"] is not None:
        between = phrase(
            "{low} to {high}",
            low=row.figure("closed_low", locale.number(100 * row["closed_low"]), 100),
            high=row.percent("closed_high"),
        )
    return CriterionContents(
        id=of.id,
        title=title,
        unit=unit,
        years=(row.year("baseline_period"), row.year("period")),
        then=level("level_baseline"),
        now=level("level"),
        reference_then=level("reference_level_baseline"),
        reference_now=level("reference_level"),
        lag_then=level("lag_baseline"),
        lag_now=level("lag"),
        closed=row.percent("closed") if has else None,
        closed_between=between,
        covered=row.percent("distance_covered") if has else None,
        reached=round(row["distance_covered"], 9) >= 1 if has else None,
        why_not="" if has else why_not(row["reason"]),
    )
