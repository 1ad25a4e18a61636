"""The first page: the ambition, and each goal then and now with its verdict and how sure it is."""

from __future__ import annotations

from typing import Any

import polars as pl

from kvarter.documents.distance_words import overall_row, reference_name
from kvarter.documents.figures import figures_of
from kvarter.documents.verdicts import deciding_row
from kvarter.documents.words import amount, asked_in_words, decimals_of
from kvarter.editions import Edition
from kvarter.i18n.locale import Locale
from kvarter.policy.designation import distance_year
from kvarter.policy.model import AREAS, CITY, Goal, Indicator, Reading, Target, data_year
from kvarter.web.status.prepare.cells import figure, parts
from kvarter.web.status.prepare.content import (
    Block,
    Cell,
    Glance,
    GlanceGoal,
    Links,
    Paragraph,
    Picture,
    Said,
)
from kvarter.web.status.prepare.figures import result_cell
from kvarter.web.status.prepare.pictures import Pictures
from kvarter.web.status.prepare.trend import trend
from kvarter.web.status.prepare.verdicts import verdict_of


def glance(edition: Edition, pictures: Pictures, locale: Locale) -> Glance:
    """The policy at a glance."""
    goals = edition.policy.goals
    return Glance(
        title=locale.say(edition.policy.title),
        lead=(
            Said(locale.say(edition.definition.title)),
            Said(locale._("Figures of {year}", year=edition.definition.data_year)),
        ),
        ambition=tuple(_ambition(edition, locale)),
        goals=tuple(_goal(edition, goal, pictures, locale) for goal in goals if goal.indicators),
        without_data=tuple(
            (goal.number, locale.say(goal.title), locale.say(goal.no_data))
            for goal in goals
            if not goal.indicators
        ),
    )


def _ambition(edition: Edition, locale: Locale) -> list[Block]:
    """How far the areas have come, at what pace, and when they are there."""
    _ = locale._
    ambition = edition.policy.ambition
    if ambition is None:
        return []
    decides = ambition.deciding()
    year = distance_year(edition.policy, edition.definition)
    row = overall_row(edition, decides.reference, decides.areas, "mean", year)
    row = row or overall_row(edition, decides.reference, "fixed", "mean", year)
    said = [Said(locale.say(ambition.title) + ".")]
    if row is None or row["distance_covered"] is None or year <= row["baseline_period"]:
        said.append(Said(_("How far they have come cannot be told in this edition.")))
        return [Paragraph(tuple(said))]
    said += _covered(row, locale)
    reference = reference_name(decides.reference, locale)
    note = _("Measured against: {reference}.", reference=reference)
    links = Links((("kriterie", _("Criterion by criterion"), ""),))
    return [Paragraph(tuple(said)), Paragraph((Said(note),), "note"), links]


def _covered(row: dict[str, Any], locale: Locale) -> list[Said]:
    _ = locale._

    def at(text: str, column: str) -> Said:
        return figure(text, "distance_overall", row, column)

    covered = at(locale.percent(100 * row["distance_covered"]), "distance_covered")
    said = [*parts(_("The areas have come {covered} of the way."), covered=covered)]
    if row["pace"] is not None:
        pace = at(locale.percent(100 * row["pace"], 1), "pace")
        said += parts(_("The gap closes by {pace} a year."), pace=pace)
    if row["projected_year"] is not None and row["projected_year"] > row["period"]:
        reached = at(str(row["projected_year"]), "projected_year")
        said += parts(_("At that pace the ambition is reached in {year}."), year=reached)
        if None not in (row["projected_first"], row["projected_last"]):
            first = at(str(row["projected_first"]), "projected_first")
            last = at(str(row["projected_last"]), "projected_last")
            said += parts(_("Chance leaves open {first} to {last}."), first=first, last=last)
    return said


def _goal(edition: Edition, goal: Goal, pictures: Pictures, locale: Locale) -> GlanceGoal:
    target = goal.targets[0] if goal.targets else None
    by_id = {indicator.id: indicator for indicator in goal.indicators}
    indicator = by_id[target.indicator] if target else goal.indicators[0]
    then, now = _ends(edition, indicator)
    row = deciding_row(edition, goal, target) if target else None
    reading = _reading(target, row["reading"]) if target and row else None
    counts = reading is not None and reading.of == "numerator"
    change = None
    if row and reading and row["change"] is not None:
        change = figure(amount(row["change"], reading, locale), "verdicts", row, "change")
    return GlanceGoal(
        number=goal.number,
        title=locale.say(goal.title),
        page=f"maal/{goal.number}",
        measure=locale.say(indicator.title),
        then=_year_cell(then, indicator, locale, counts=counts),
        now=_year_cell(now, indicator, locale, counts=counts),
        change=change,
        target=_asked(row, reading, locale) if row and reading else None,
        verdict=verdict_of(edition, goal, target, locale),
        picture=_trend(edition, goal, indicator, pictures, locale),
    )


def _ends(
    edition: Edition, indicator: Indicator
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The rows of the areas at the baseline and now."""
    figures = figures_of(edition, indicator)
    baseline, year = edition.policy.baseline(), data_year(indicator, edition.definition)
    first = data_year(indicator, baseline) if baseline else year
    then = figures.get((first, AREAS)) if first != year else None
    return then, figures.get((year, AREAS))


def _year_cell(
    row: dict[str, Any] | None, indicator: Indicator, locale: Locale, *, counts: bool
) -> Cell | None:
    """A figure with its year: the number where the verdict is of it, else the percentage."""
    if row is None:
        return None
    year = Said(str(row["period"]))
    said = result_cell(row, indicator, locale).said
    if counts and row["shown"] and row["numerator"] is not None:
        number = figure(locale.number(row["numerator"]), "results", row, "numerator")
        return Cell(number, (year, said), number=True)
    return Cell(said, (year,), number=True)


def _reading(target: Target, reading: str) -> Reading:
    return {each.id: each for each in target.readings}[reading]


def _asked(row: dict[str, Any], reading: Reading, locale: Locale) -> Said:
    """What is aimed at, in the unit of the reading."""
    asked = amount(row["required"], reading, locale, decimals_of(row["required"]))
    return figure(asked, "verdicts", row, "required")


def _trend(
    edition: Edition, goal: Goal, indicator: Indicator, pictures: Pictures, locale: Locale
) -> Picture | None:
    rows = edition.results.filter(
        pl.col("indicator") == indicator.id, pl.col("value").is_not_null()
    ).sort("period")
    points = {
        group: [
            (year, value)
            for year, value, of in rows.select("period", "value", "group").iter_rows()
            if of == group
        ]
        for group in (AREAS, CITY)
    }
    if len(points[AREAS]) < 2:
        return None
    title = locale._("{title}, year by year", title=locale.say(indicator.title))
    city = [] if indicator.kind == "share" else points[CITY]
    svg = trend(points[AREAS], city, title)
    return pictures.add_svg(f"maal-{goal.number}-lille", svg, title, "")


def target_in_words(reading: Reading, locale: Locale) -> str:
    """What a reading asks for, as a sentence."""
    words = asked_in_words(reading, locale)
    return words[:1].upper() + words[1:] + "."
