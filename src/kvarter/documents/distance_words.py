"""The distance in words: how far by every reading, what the choices do, and at what pace."""

from __future__ import annotations

from typing import Any

import polars as pl

from kvarter.documents.document import Bullets, Item
from kvarter.documents.words import group_names
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.judgement import Choices, compare_choices
from kvarter.policy.model import AREAS, Ambition, AmbitionReading

_TELLING = 0.05
"""Overall figures that are further apart than this share of the ambition are said to disagree."""

Row = dict[str, Any]


def lines(status: Edition, ambition: Ambition, year: int) -> Bullets:
    """What is said of the distance: by every reading, how the choices differ, pace, boundaries."""
    choices = compare_choices(status.distance_overall, year, AREAS)
    found = [_read_so(status, reading, year) for reading in ambition.readings]
    found.append(_disagreement(choices))
    decides = ambition.deciding()
    row = overall_row(status, decides.reference, decides.areas, "mean", year)
    if row is not None and row["pace"] is not None:
        found.append(_projection(status, row, ambition, year))
    fixed, now = (
        overall_row(status, decides.reference, areas, "mean", year)
        for areas in ("fixed", "designated")
    )
    if fixed and now and None not in (fixed["distance_covered"], now["distance_covered"]):
        found.append(
            Item(
                mark="note",
                text=_(
                    "Boundaries: with the areas of the baseline it is {fixed} of the way, with the "
                    "areas as designated at the time {now}. The difference is the changed "
                    "boundaries, and no change for anyone who lives there.",
                    fixed=locale.percent(100 * fixed["distance_covered"]),
                    now=locale.percent(100 * now["distance_covered"]),
                ),
            )
        )
    if row is not None and row["shown"]:
        measured, count = row["criteria_measured"], len(status.policy.criteria)
        if measured < count:
            text = _(
                "Only {measured} of {count} criteria can be measured in {year}: an overall figure "
                "of other criteria than last time cannot be compared with it.",
                measured=measured,
                count=count,
                year=year,
            )
            found.append(Item(text, mark="turns"))
    return Bullets(tuple(found))


def overall_row(status: Edition, reference: str, areas: str, overall: str, year: int) -> Row | None:
    """The overall figure of the areas by one choice; None where it was not computed."""
    rows = status.distance_overall.filter(
        (pl.col("group") == AREAS)
        & (pl.col("reference") == reference)
        & (pl.col("areas") == areas)
        & (pl.col("overall") == overall)
        & (pl.col("period") == year)
    ).to_dicts()
    return rows[0] if rows else None


def _read_so(status: Edition, reading: AmbitionReading, year: int) -> Item:
    """How far it is by a named reading; where the areas are the same as ever, those are taken."""
    row = overall_row(status, reading.reference, reading.areas, reading.overall, year)
    row = row or overall_row(status, reading.reference, "fixed", reading.overall, year)
    title = locale.say(reading.title)
    if reading.decides:
        title += " (" + _("decides") + ")"
    if row is None or row["verdict"] is None or row["verdict"] == "cannot_tell":
        return Item(_("Read {title}: it cannot be told.", title=title), mark="note")
    if reading.overall == "criteria":
        text = _(
            "Read {title}: {reached} of {count} {count:criterion|criteria} {reached:has|have} "
            "reached the ambition; {needed} {needed:is|are} needed.",
            title=title,
            reached=row["criteria_reached"],
            count=len(status.policy.criteria),
            needed=row["criteria_needed"],
        )
    else:
        text = _(
            "Read {title}: the areas have covered {covered} of the way.",
            title=title,
            covered=locale.percent(100 * row["distance_covered"]),
        )
        if row["covered_low"] is not None:
            low = locale.number(100 * row["covered_low"])
            high = locale.percent(100 * row["covered_high"])
            text += " " + _("Chance alone could give from {low} to {high}.", low=low, high=high)
    return Item(text, mark="holds" if row["verdict"] == "met" else "note")


def _disagreement(choices: Choices) -> Item:
    """Whether the choices that the words leave open lead to the same."""
    if choices.least is None or choices.most is None or choices.reached is None:
        return Item(_("No choice of reading gives a figure."), mark="turns")
    values = {
        "least": locale.percent(100 * choices.least["distance_covered"]),
        "least_choice": _choice_in_words(choices.least),
        "most": locale.percent(100 * choices.most["distance_covered"]),
        "most_choice": _choice_in_words(choices.most),
        "few": choices.reached[0],
        "many": choices.reached[1],
    }
    if not choices.same_verdict:
        first = _(
            "The readings lead to different verdicts: by some of them the ambition is "
            "met, by others not."
        )
    elif choices.apart < _TELLING and choices.reached[0] == choices.reached[1]:
        return Item(_("Every choice that the words leave open gives about the same."), mark="holds")
    else:
        first = _(
            "All readings of the words lead to the same verdict, and disagree on how far "
            "the areas have come."
        )
    second = _(
        "The mean goes from {least} of the way ({least_choice}) to {most} ({most_choice}), the "
        "number of criteria that reach the ambition from {few} to {many}.",
        **values,
    )
    return Item(f"{first} {second}", mark="turns")


def _choice_in_words(row: Row) -> str:
    return f"{areas_name(row['areas'])}, {reference_name(row['reference'])}"


def reference_name(reference: str) -> str:
    """As it stands within a sentence."""
    return group_names()[reference].lower()


def areas_name(areas: str) -> str:
    return {
        "fixed": _("areas of the baseline"),
        "designated": _("areas as designated at the time"),
    }[areas]


def _projection(status: Edition, row: Row, ambition: Ambition, year: int) -> Item:
    elapsed = (year - row["baseline_period"]) / (ambition.year - row["baseline_period"])
    part = locale.percent(100 * elapsed)
    if row["verdict"] == "met":
        return Item(_("Pace: the mean has reached the ambition."), mark="holds")
    between = projected_range(row)
    between = f" ({between})" if between else ""
    if row["projected_year"] is None:
        text = _(
            "Pace: {part} of the time to {by} has passed, and at the average pace since the "
            "baseline the ambition is never met{between}.",
            part=part,
            by=ambition.year,
            between=between,
        )
        return Item(text, mark="turns")
    text = _(
        "Pace: {part} of the time to {by} has passed; at the average pace since the baseline the "
        "mean meets the ambition in {projected}{between}.",
        part=part,
        by=ambition.year,
        projected=row["projected_year"],
        between=between,
    )
    return Item(text, mark="holds" if row["projected_year"] <= ambition.year else "turns")


def projected_range(row: Row) -> str:
    """The years chance leaves open for the projected one; blank where it leaves no other."""
    first, last = row["projected_first"], row["projected_last"]
    if first is None or first == last:
        return ""
    if last is not None:
        return _("between {first} and {last}", first=first, last=last)
    if row["projected_year"] is None:
        return _("perhaps {first} or later", first=first)
    return _("{first} at the earliest, perhaps never", first=first)


def populations(status: Edition) -> list[str]:
    """A sentence for each criterion whose three parts are not of the same people."""
    found = []
    for criterion in status.policy.criteria:
        of = criterion.populations()
        parts = {
            "numerator": locale.say(of.numerator),
            "denominator": locale.say(of.denominator),
            "reference": locale.say(of.reference),
        }
        if len(set(parts.values())) > 1:
            found.append(
                _(
                    "{criterion}: not all parts are of the same people. The numerator is of "
                    "{numerator}, the denominator of {denominator}, the reference of {reference}.",
                    criterion=locale.say(criterion.title),
                    **parts,
                )
            )
    return found
