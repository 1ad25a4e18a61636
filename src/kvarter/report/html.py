"""The report: one HTML file that opens offline, with no script, font or picture from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kvarter import __version__
from kvarter.policy.model import (
    AREAS,
    CITY,
    REST,
    CaseCount,
    Edition,
    Goal,
    Indicator,
    Language,
    Reading,
    Target,
    data_year,
)
from kvarter.report.beside import gap_rows, trend_lines
from kvarter.report.charts import area_map, group_names, numbered_names, over_time
from kvarter.report.distance import distance_section
from kvarter.report.flow import outcome_names
from kvarter.report.interventions import intervention_rows
from kvarter.report.language import Tongue
from kvarter.report.missing import ladder_figure, ladder_rows, ladder_sentence, located_rows
from kvarter.report.observations import in_words
from kvarter.report.rows import flows, sources
from kvarter.report.status import Status
from kvarter.report.words import (
    change_in_words,
    note_in_words,
    sentence,
    seven_checks,
    verdict_word,
)


def write_report(status: Status, path: Path, language: Language) -> None:
    """Write the report of `status` to `path`, in Danish (`da`) or English (`en`)."""
    tongue = Tongue(language)
    environment = Environment(
        loader=PackageLoader("kvarter.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("report.html.jinja").render(
        _=tongue._, t=tongue, **_content(status, tongue)
    )
    path.write_text(page, encoding="utf-8")


def _content(status: Status, tongue: Tongue) -> dict[str, Any]:
    """Everything the template shows, in the order it shows it."""
    policy = status.policy
    return {
        "version": __version__,
        "policy": policy,
        "edition": status.edition,
        "documents": {**policy.documents, **status.edition.documents},
        "goals": [_goal(status, goal, tongue) for goal in policy.goals],
        "d": distance_section(status, tongue),
        "areas": list(numbered_names(status).values()),
        "area_set": policy.area_set(status.edition.area_set),
        "map": Markup(area_map(status, None, 0, tongue)),
        "ground": status.ground,
        "flows": flows(status, tongue),
        "sources": sources(status, tongue),
        "by_hand": _at_least(status.by_hand()["rows"], policy.disclosure.threshold, tongue),
        "outcomes": outcome_names(tongue),
        "threshold": policy.disclosure.threshold,
        "confidence": tongue.percent(100 * policy.confidence),
        "notes": [note_in_words(note, tongue) for note in status.notes],
    }


def _goal(status: Status, goal: Goal, tongue: Tongue) -> dict[str, Any]:
    targets = [_target(status, goal, target, tongue) for target in goal.targets]
    return {
        "goal": goal,
        "indicators": [_indicator(status, goal, i, tongue) for i in goal.indicators],
        "targets": targets,
        "verdict": targets[0]["verdict"] if targets and targets[0]["rows"] else None,
        "word": targets[0]["word"] if targets else "",
        "observations": [
            in_words(each, status.policy, tongue)
            for each in status.judgement.observations
            if (each.goal, each.target) == (goal.number, None)
        ],
        "interventions": intervention_rows(status, goal, tongue),
        "commentary": tongue.say(goal.commentary.get(status.edition.id)),
    }


def _editions(status: Status) -> list[Edition]:
    """The editions up to and with this one, in the order of the policy."""
    editions = status.policy.editions
    return editions[: 1 + [edition.id for edition in editions].index(status.edition.id)]


def _indicator(status: Status, goal: Goal, indicator: Indicator, tongue: Tongue) -> dict[str, Any]:
    year = data_year(indicator, status.edition)
    names = group_names(tongue)
    groups = [AREAS, CITY] if indicator.kind == "share" else [AREAS, REST, CITY]
    figures = {
        (row["period"], row["group"]): row
        for row in status.results.filter(pl.col("indicator") == indicator.id).iter_rows(named=True)
    }
    columns = [(edition, data_year(indicator, edition)) for edition in _editions(status)]
    areas = status.ground.areas.outlines
    return {
        "indicator": indicator,
        "columns": columns,
        "rows": [
            (names[group], [_cell(figures.get((y, group)), indicator, tongue) for _, y in columns])
            for group in groups
        ],
        "by_area": [
            (
                name,
                [_cell(figures.get((y, area)), indicator, tongue) for _, y in columns],
            )
            for area, name in _told_areas(status, indicator).items()
        ]
        if indicator.by_area
        else [],
        "located": located_rows(status, indicator, tongue),
        "trends": trend_lines(status, indicator, tongue),
        "gaps": gap_rows(status, indicator, tongue),
        "chart": Markup(over_time(status, goal, indicator, tongue)),
        "map": Markup(area_map(status, indicator, year, tongue))
        if indicator.by_area and not status.policy.disclosure_of(indicator).coarser
        else "",
        "year": year,
        "some_hidden": any(
            not figures[year, area]["shown"] for area in areas if (year, area) in figures
        ),
        "missing": _at_least(
            status.missing(indicator.numerator.cases, year),
            status.policy.disclosure.threshold,
            tongue,
        )
        if isinstance(indicator.numerator, CaseCount)
        else "",
    }


def _told_areas(status: Status, indicator: Indicator) -> dict[str, str]:
    """The areas as they are told, by id: numbered as on the map, or together under one name."""
    names = numbered_names(status)
    coarser = status.policy.disclosure_of(indicator).coarser
    plain = {area.id: area.name for area in status.policy.area_set(status.edition.area_set).areas}
    together = {area for within in coarser.values() for area in within}
    if not together:
        return names
    alone = {area: name for area, name in plain.items() if area not in together}
    return alone | {
        name: " + ".join(plain[area] for area in within if area in plain)
        for name, within in coarser.items()
    }


def _at_least(count: int, threshold: int, tongue: Tongue) -> str:
    """A number of notices in words; blank for none, and not told exactly where it is small."""
    if not count:
        return ""
    if count < threshold:
        return tongue._("fewer than {threshold}", threshold=threshold)
    return tongue.number(count)


def _cell(row: dict[str, Any] | None, indicator: Indicator, tongue: Tongue) -> dict[str, str]:
    """A figure as it is read: the percentage, the counts behind it, and its interval."""
    _ = tongue._
    if row is None or (row["shown"] and row["value"] is None):
        return {"value": _("no data"), "counts": "", "interval": "", "origin": ""}
    if not row["shown"]:
        return {"value": _("not shown"), "counts": _("small numbers"), "interval": "", "origin": ""}
    counts = ""
    if row["numerator"] is not None and row["denominator"] is not None:
        counts = _(
            "{part} of {whole}",
            part=tongue.number(row["numerator"]),
            whole=tongue.number(row["denominator"]),
        )
    interval = ""
    if row["low"] is not None and row["value"] < 1:
        # One decimal more than the figure: an interval that rounds to a point says nothing.
        ends = [tongue.number(100 * row[end], indicator.decimals + 1) for end in ("low", "high")]
        interval = "\u2013".join(ends)
    return {
        "value": tongue.percent(100 * row["value"], indicator.decimals),
        "counts": counts,
        "interval": interval,
        "origin": {"published": _("published"), "rounded": _("rounded")}.get(row["origin"], ""),
    }


def _target(status: Status, goal: Goal, target: Target, tongue: Tongue) -> dict[str, Any]:
    rows = status.verdicts.filter(
        (pl.col("goal") == goal.number) & (pl.col("target") == target.id)
    ).to_dicts()
    readings = {reading.id: reading for reading in target.readings}
    deciding = next((row for row in rows if row["decides"]), None)
    others = [row for row in rows if row is not deciding]
    checks = []
    if deciding and deciding["change"] is not None:
        checks = seven_checks(deciding, others, readings[deciding["reading"]], tongue)
    return {
        "target": target,
        "verdict": deciding["verdict"] if deciding else None,
        "word": verdict_word(deciding["verdict"], tongue) if deciding else "",
        "rows": [
            (
                readings[row["reading"]],
                verdict_word(row["verdict"], tongue),
                row["verdict"],
                change_in_words(row, readings[row["reading"]], tongue),
            )
            for row in rows
        ],
        "checks": checks,
        **_ladder(status, target, deciding, readings, tongue),
        "sentence": sentence(deciding, readings[deciding["reading"]], checks, tongue)
        if deciding and checks
        else "",
        "observations": [
            in_words(each, status.policy, tongue)
            for each in status.judgement.observations
            if (each.goal, each.target) == (goal.number, target.id)
        ],
    }


def _ladder(
    status: Status,
    target: Target,
    deciding: dict[str, Any] | None,
    readings: dict[str, Reading],
    tongue: Tongue,
) -> dict[str, Any]:
    if deciding is None:
        return {"ladder": []}
    reading = readings[deciding["reading"]]
    rows = ladder_rows(status, target, reading, tongue)
    return {
        "ladder": rows,
        "ladder_sentence": ladder_sentence(rows, tongue),
        "ladder_figure": Markup(ladder_figure(rows, reading, deciding["required"], tongue)),
    }
