"""The section on the ambition: how far the areas have come, by criterion and by choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import polars as pl
from markupsafe import Markup

from kvarter.judgement import Choices, compare_choices
from kvarter.policy.designation import distance_year
from kvarter.policy.model import AREAS, Ambition, AmbitionReading, Criterion
from kvarter.report.charts import group_names
from kvarter.report.distance_chart import distance_chart
from kvarter.report.language import Tongue
from kvarter.report.status import Status

_TELLING = 0.05
"""Overall figures that are further apart than this share of the ambition are said to disagree."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A sentence; `mark`: whether it stands firm, is a warning, or only a remark."""

    mark: Literal["holds", "turns", "note"]
    text: str


def distance_section(status: Status, tongue: Tongue) -> Row | None:
    """What the section's template shows, or None for a policy without an ambition or its data."""
    ambition = status.policy.ambition
    if ambition is None or status.distance.is_empty():
        return None
    year = distance_year(status.policy, status.edition)
    decides = ambition.deciding()
    latest = _latest(status, decides)
    begun = any(row["period"] > row["baseline_period"] for row in latest.values())
    choices = compare_choices(status.distance_overall, year, AREAS)
    return {
        "title": tongue.say(ambition.title),
        "year": year,
        "lines": _lines(status, ambition, year, choices, tongue) if begun else [],
        "chart": Markup(distance_chart(status, latest, year, tongue)) if begun else "",
        "criteria": [_criterion(latest.get(c.id), c, tongue) for c in status.policy.criteria],
        "choices": _choices(status, ambition, year, tongue) if begun else [],
        "boundaries": _boundaries(status, decides, year, tongue),
        "by_area": _by_area(status, decides, year, tongue) if begun else [],
        "reference": _reference_name(decides.reference, tongue),
        "populations": _populations(status, tongue),
        "no_spread": [tongue.say(c.title) for c in status.policy.criteria if not _drawn(c)],
        "least": tongue.percent(100 * ambition.least_lag),
    }


def _drawn(criterion: Criterion) -> bool:
    return criterion.unit == "percent" or criterion.spread is not None


def _latest(status: Status, reading: AmbitionReading) -> dict[str, Row]:
    """The last row of each criterion by a reading; of the areas fixed where there is one set."""
    rows = status.distance.filter(
        (pl.col("group") == AREAS) & (pl.col("reference") == reading.reference)
    )
    if reading.areas in rows["areas"]:
        rows = rows.filter(pl.col("areas") == reading.areas)
    return {row["criterion"]: row for row in rows.sort("period").iter_rows(named=True)}


# In words.


def _lines(
    status: Status, ambition: Ambition, year: int, choices: Choices, tongue: Tongue
) -> list[Line]:
    _ = tongue._
    found = [_read_so(status, reading, year, tongue) for reading in ambition.readings]
    found.append(_disagreement(choices, tongue))
    decides = ambition.deciding()
    row = _overall(status, decides.reference, decides.areas, "mean", year)
    if row is not None and row["pace"] is not None:
        found.append(_projection(status, row, ambition, year, tongue))
    fixed, now = (
        _overall(status, decides.reference, areas, "mean", year)
        for areas in ("fixed", "designated")
    )
    if fixed and now and None not in (fixed["distance_covered"], now["distance_covered"]):
        found.append(
            Line(
                "note",
                _(
                    "Boundaries: with the areas of the baseline it is {fixed} of the way, with the "
                    "areas as designated at the time {now}. The difference is the changed "
                    "boundaries, and no change for anyone who lives there.",
                    fixed=tongue.percent(100 * fixed["distance_covered"]),
                    now=tongue.percent(100 * now["distance_covered"]),
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
            found.append(Line("turns", text))
    return found


def _overall(status: Status, reference: str, areas: str, overall: str, year: int) -> Row | None:
    rows = status.distance_overall.filter(
        (pl.col("group") == AREAS)
        & (pl.col("reference") == reference)
        & (pl.col("areas") == areas)
        & (pl.col("overall") == overall)
        & (pl.col("period") == year)
    ).to_dicts()
    return rows[0] if rows else None


def _read_so(status: Status, reading: AmbitionReading, year: int, tongue: Tongue) -> Line:
    """How far it is by a named reading; where the areas are the same as ever, those are taken."""
    _ = tongue._
    row = _overall(status, reading.reference, reading.areas, reading.overall, year)
    row = row or _overall(status, reading.reference, "fixed", reading.overall, year)
    title = tongue.say(reading.title)
    if reading.decides:
        title += " (" + _("decides") + ")"
    if row is None or row["verdict"] is None or row["verdict"] == "cannot_tell":
        return Line("note", _("Read {title}: it cannot be told.", title=title))
    if reading.overall == "criteria":
        text = _(
            "Read {title}: {reached} of {count} criteria have reached the ambition; {needed} are "
            "needed.",
            title=title,
            reached=row["criteria_reached"],
            count=len(status.policy.criteria),
            needed=row["criteria_needed"],
        )
    else:
        text = _(
            "Read {title}: the areas have covered {covered} of the way.",
            title=title,
            covered=tongue.percent(100 * row["distance_covered"]),
        )
        if row["covered_low"] is not None:
            low, high = (tongue.number(100 * row[f"covered_{end}"]) for end in ("low", "high"))
            text += " " + _("Chance alone could give from {low} to {high}.", low=low, high=high)
    return Line("holds" if row["verdict"] == "met" else "note", text)


def _disagreement(choices: Choices, tongue: Tongue) -> Line:
    """Whether the choices that the words leave open lead to the same."""
    _ = tongue._
    if choices.least is None or choices.most is None or choices.reached is None:
        return Line("turns", _("No choice of reading gives a figure."))
    values = {
        "least": tongue.percent(100 * choices.least["distance_covered"]),
        "least_choice": _choice_in_words(choices.least, tongue),
        "most": tongue.percent(100 * choices.most["distance_covered"]),
        "most_choice": _choice_in_words(choices.most, tongue),
        "few": choices.reached[0],
        "many": choices.reached[1],
    }
    if not choices.same_verdict:
        first = _("The choices disagree: by some of them the ambition is met, by others not.")
    elif choices.apart < _TELLING and choices.reached[0] == choices.reached[1]:
        return Line("holds", _("Every choice that the words leave open gives about the same."))
    else:
        first = _("The choices agree on the verdict, and disagree on how far the areas have come.")
    second = _(
        "The mean goes from {least} of the way ({least_choice}) to {most} ({most_choice}), the "
        "number of criteria that reach the ambition from {few} to {many}.",
        **values,
    )
    return Line("turns", f"{first} {second}")


def _choice_in_words(row: Row, tongue: Tongue) -> str:
    return f"{_areas_name(row['areas'], tongue)}, {_reference_name(row['reference'], tongue)}"


def _reference_name(reference: str, tongue: Tongue) -> str:
    """As it stands within a sentence."""
    return group_names(tongue)[reference].lower()


def _areas_name(areas: str, tongue: Tongue) -> str:
    _ = tongue._
    return {
        "fixed": _("areas of the baseline"),
        "designated": _("areas as designated at the time"),
    }[areas]


def _projection(status: Status, row: Row, ambition: Ambition, year: int, tongue: Tongue) -> Line:
    _ = tongue._
    elapsed = (year - row["baseline_period"]) / (ambition.year - row["baseline_period"])
    part = tongue.percent(100 * elapsed)
    if row["verdict"] == "met":
        return Line("holds", _("Pace: the mean has reached the ambition."))
    if row["projected_year"] is None:
        return Line(
            "turns",
            _(
                "Pace: {part} of the time to {by} has passed, and at the average pace since the "
                "baseline the ambition is never met.",
                part=part,
                by=ambition.year,
            ),
        )
    text = _(
        "Pace: {part} of the time to {by} has passed; at the average pace since the baseline the "
        "mean meets the ambition in {projected}.",
        part=part,
        by=ambition.year,
        projected=row["projected_year"],
    )
    return Line("holds" if row["projected_year"] <= ambition.year else "turns", text)


def _populations(status: Status, tongue: Tongue) -> list[str]:
    """A sentence for each criterion whose three parts are not of the same people."""
    found = []
    for criterion in status.policy.criteria:
        of = criterion.populations()
        parts = {
            "numerator": tongue.say(of.numerator),
            "denominator": tongue.say(of.denominator),
            "reference": tongue.say(of.reference),
        }
        if len(set(parts.values())) > 1:
            found.append(
                tongue._(
                    "{criterion}: not all parts are of the same people. The numerator is of "
                    "{numerator}, the denominator of {denominator}, the reference of {reference}.",
                    criterion=tongue.say(criterion.title),
                    **parts,
                )
            )
    return found


# In tables.


def _criterion(row: Row | None, criterion: Criterion, tongue: Tongue) -> Row:
    """A line of the table of criteria."""
    _ = tongue._
    names = ("level", "reference", "lag", "closed", "interval", "covered", "pace", "year")
    line = dict.fromkeys(names, "")
    line["title"] = tongue.say(criterion.title)
    if row is None:
        return line | {"closed": _("no data")}
    unit = "%" if criterion.unit == "percent" else tongue.say(criterion.unit)
    line["title"] += f" ({unit}, {row['baseline_period']}–{row['period']})"
    if not row["shown"]:
        return line | {"closed": _("not shown")}
    for name, column in (("level", "level"), ("reference", "reference_level"), ("lag", "lag")):
        line[name] = _from_to(row[f"{column}_baseline"], row[column], criterion, tongue)
    if row["closed"] is None:
        return line | {"closed": _why_not(row["reason"], tongue)}
    line["closed"] = tongue.percent(100 * row["closed"], 1)
    if row["closed_low"] is not None:
        ends = [tongue.number(100 * row[end], 1) for end in ("closed_low", "closed_high")]
        line["interval"] = _("{low} to {high}", low=ends[0], high=ends[1])
    line["covered"] = tongue.percent(100 * row["distance_covered"])
    if row["pace"] is not None:
        line["pace"] = tongue.percent(100 * row["pace"], 1)
        line["year"] = str(row["projected_year"] or _("never"))
    return line


def _from_to(before: float | None, after: float | None, of: Criterion, tongue: Tongue) -> str:
    return " → ".join(_amount(value, of, tongue) for value in (before, after))


def _amount(value: float | None, of: Criterion, tongue: Tongue, *, sign: bool = False) -> str:
    if value is None:
        return "–"
    times = 100 if of.unit == "percent" else 1
    return tongue.number(times * value, of.decimals, sign=sign)


def _why_not(reason: str, tongue: Tongue) -> str:
    _ = tongue._
    return {
        "": _("baseline"),
        "no_data": _("no data"),
        "small_lag": _("cannot be measured"),
        "new_area": _("new area"),
        "dropped_area": _("dropped area"),
    }[reason]


def _choices(status: Status, ambition: Ambition, year: int, tongue: Tongue) -> list[Row]:
    """A line for each reference and choice of areas, with both overall figures."""
    names = {}
    for reading in ambition.readings:
        key = (reading.areas, reading.reference, reading.overall)
        names[key] = tongue.say(reading.title)
    found = []
    for areas in ("fixed", "designated"):
        for reference in ("city", "rest"):
            line: Row = {
                "areas": _areas_name(areas, tongue),
                "reference": _reference_name(reference, tongue),
            }
            for overall in ("criteria", "mean"):
                row = _overall(status, reference, areas, overall, year)
                if row is None:
                    break
                line[overall] = _overall_cell(row, len(status.policy.criteria), tongue)
                line[overall]["name"] = names.get((areas, reference, overall), "")
            else:
                found.append(line)
    return found


def _overall_cell(row: Row, count: int, tongue: Tongue) -> Row:
    _ = tongue._
    if not row["shown"]:
        return {"value": _("not shown"), "verdict": "", "word": ""}
    word = {
        "met": _("reached"),
        "not_met": _("not reached"),
        "cannot_tell": _("cannot be told"),
    }[row["verdict"]]
    if row["overall"] == "criteria":
        value = _("{part} of {whole}", part=row["criteria_reached"], whole=count)
    elif row["distance_covered"] is None:
        value = _("no data")
    else:
        value = tongue.percent(100 * row["distance_covered"])
    return {"value": value, "verdict": row["verdict"], "word": word}


def _boundaries(
    status: Status, reading: AmbitionReading, year: int, tongue: Tongue
) -> list[tuple[str, list[str]]]:
    """The change of each lag, parted; empty where there is one area set only."""
    rows = status.distance.filter(
        (pl.col("areas") == "designated")
        & (pl.col("group") == AREAS)
        & (pl.col("reference") == reading.reference)
        & (pl.col("period") == year)
        & pl.col("change_boundaries").is_not_null()
    )
    criteria = {criterion.id: criterion for criterion in status.policy.criteria}
    found = []
    for row in rows.iter_rows(named=True):
        criterion = criteria[row["criterion"]]
        whole = row["lag"] - row["lag_baseline"]
        parts = [row[f"change_{name}"] for name in ("within", "dropped", "added")]
        cells = [_amount(part, criterion, tongue, sign=True) for part in [whole, *parts]]
        found.append((tongue.say(criterion.title), cells))
    return found


def _by_area(
    status: Status, reading: AmbitionReading, year: int, tongue: Tongue
) -> list[tuple[str, list[str]]]:
    """The distance each area has covered on each criterion, in the areas of the baseline."""
    rows = status.distance.filter(
        (pl.col("areas") == "fixed")
        & (pl.col("group") != AREAS)
        & (pl.col("reference") == reading.reference)
        & (pl.col("period") == year)
    )
    figures = {(row["group"], row["criterion"]): row for row in rows.iter_rows(named=True)}
    baseline = status.policy.baseline()
    areas = status.policy.area_set(baseline.area_set).areas if baseline else []
    return [
        (
            area.name,
            [_area_cell(figures.get((area.id, c.id)), tongue) for c in status.policy.criteria],
        )
        for area in areas
    ]


def _area_cell(row: Row | None, tongue: Tongue) -> str:
    if row is None:
        return tongue._("no data")
    if not row["shown"]:
        return tongue._("not shown")
    if row["distance_covered"] is None:
        return _why_not(row["reason"], tongue)
    return tongue.percent(100 * row["distance_covered"])
