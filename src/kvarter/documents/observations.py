"""Observations as sentences, in Danish and English."""

from __future__ import annotations

from typing import Any

import polars as pl

from kvarter.documents.contents.quality import without_place
from kvarter.documents.figures import decimals_shown, figures_of, quantity, units
from kvarter.documents.words import amount, decimals_apart
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.judgement import Observation
from kvarter.policy.model import Policy, Target, data_year


def in_words(observation: Observation, status: Edition) -> str:
    """The sentence of an observation. Its code must be one of `judgement/observations.py`."""
    values = _written(observation, status)
    return _(SENTENCES[observation.code], **values)


def _written(observation: Observation, status: Edition) -> dict[str, str]:
    """The values of a sentence as they are read."""
    found, policy = observation.values, status.policy
    signed = ("areas", "city", "change", "decided", "other")
    written = {
        name: locale.percent(value, 0, sign=True)
        if name in signed and not isinstance(value, str)
        else str(value)
        for name, value in found.items()
    }
    for name in ("ratio", "gap"):
        if f"{name}_before" in found:
            ends = float(found[f"{name}_before"]), float(found[f"{name}_after"])
            decimals = decimals_apart(*ends, none=1.0 if name == "ratio" else 0.0)
            written |= {
                f"{name}_{when}": locale.number(end, decimals, sign=min(ends) < 0)
                for when, end in zip(("before", "after"), ends, strict=True)
            }
    if "relatively" in found:
        written |= _ways(observation)
    if observation.code in ("within_chance", "beyond_chance"):
        written |= _moved(observation, status)
    for name in ("denominator", "rounded"):
        if name in found:
            written[name] = locale.number(_three_figures(float(found[name])))
    if "denominator" in found:
        written["per"] = _per(observation, policy)
    if "times" in found:
        written |= {n: locale.number(float(found[n]), 2) for n in ("times", "low", "high")}
        written["before"] = (
            _("{first} to {last}", first=written["first"], last=written["last"])
            if found["first"] != found["last"]
            else written["first"]
        )
    if "years" in found:
        written["years"] = locale.listed(str(found["years"]).split())
    for name in ("declared", "tipping"):
        if name in found:
            written[name] = locale.number(float(found[name]))
    for name in ("counted", "total", "percent_of_total", "at_least", "at_most", "cases"):
        if name in found:
            written[name] = locale.number(float(found[name]))
    if "amount" in found:
        written["amount"] = locale.number(float(found["amount"]), 0)
    if "p" in found:
        written["p"] = locale.p_value(float(found["p"]))
    for name in ("counts", "total_counts"):
        if name in found:
            written[name] = units()[str(found[name])]
    if observation.code.endswith("_whatever"):
        things = _whatever(observation, status)
        met = observation.code == "met_whatever"
        written["things"] = locale.listed(things) if met else locale.listed(things, "or")
    if "title_da" in found:
        written["title"] = str(found[f"title_{locale.current().language}"])
    for name in ("decided_reading", "other_reading"):
        if name in found and not isinstance(found[name], int):
            written[name] = _reading(observation, str(found[name]), status)
    if "edition" in found:
        written["edition"] = locale.say(policy.edition(str(found["edition"])).title)
    return written


def _whatever(observation: Observation, status: Edition) -> list[str]:
    found = observation.values
    things = []
    if found["other_reading"]:
        things.append(_("reading of the words"))
    if found["rounding"]:
        things.append(_("rounding"))
    if found["unlocated"] and "missing" in found and found["missing"] != found["cases"]:
        said = _(
            "placement of the {missing} cases without a place in the municipality, of which "
            "{count} can lie in the areas",
            missing=locale.number(float(found["missing"])),
            count=locale.number(float(found["cases"])),
        )
        things.append(f"{said}{_parted(observation, status)}")
    elif found["unlocated"] and "cases" in found:
        cases = locale.number(float(found["cases"]))
        things.append(
            _("placement of the {count:one unlocated case|{count} unlocated cases}", count=cases)
        )
    elif found["unlocated"]:
        things.append(_("placement of the unlocated cases"))
    return things


def _parted(observation: Observation, status: Edition) -> str:
    """How the cases without a place are parted, in brackets; blank where it is not told."""
    target = _target(observation, status.policy)
    [indicator] = [each for _, each in status.policy.indicators() if each.id == target.indicator]
    parts = without_place(status, indicator)
    if parts is None or parts.no_place is None or parts.elsewhere is None:
        return ""
    words = _(
        "{total} = {no_place} without a place + {elsewhere} in other municipalities",
        total=parts.total,
        no_place=parts.no_place,
        elsewhere=parts.elsewhere,
    )
    return f" ({words})"


def _target(observation: Observation, policy: Policy) -> Target:
    [goal] = [each for each in policy.goals if each.number == observation.goal]
    [target] = [each for each in goal.targets if each.id == observation.target]
    return target


def _reading(observation: Observation, reading: str, status: Edition) -> str:
    """A reading by its title, with the figures of the years that it was judged by."""
    target = _target(observation, status.policy)
    read = {each.id: each for each in target.readings}[reading]
    title = locale.say(read.title)
    [indicator] = [each for _, each in status.policy.indicators() if each.id == target.indicator]
    baseline = status.policy.baseline()
    if baseline is None or read.kind.startswith("gap"):
        return title
    row = {"indicator": indicator.id, "of": read.of, "group": read.group}
    years = data_year(indicator, baseline), int(observation.values["period"])
    moved = _from_to(row, years, status)
    return f"{title} ({moved})" if moved != quantity(read.of, indicator) else title


def _three_figures(number: float) -> float:
    """24,444 as 24,400: what is about so many."""
    return float(f"{number:.3g}")


def _per(observation: Observation, policy: Policy) -> str:
    [indicator] = [
        i for _, i in policy.indicators() if i.id == _target(observation, policy).indicator
    ]
    return locale.say(indicator.per) or _("of what the rate is per")


def _ways(observation: Observation) -> dict[str, str]:
    """Where the areas went from the city's level, in times of it and in points."""
    words = {
        "closer": _("the areas came closer"),
        "apart": _("the areas moved further away"),
        "passed": _("the areas passed the city"),
        "open": _("whether the areas came closer or passed the city cannot be told"),
        "same": _("no change"),
        "chance": _("within what chance alone can give"),
        "rounding": _("rounding leaves open which way"),
    }
    return {name: words[str(observation.values[name])] for name in ("relatively", "in_points")}


def _moved(observation: Observation, status: Edition) -> dict[str, str]:
    """`the number from 28 to 11`, the change and its interval; the name where one is not shown."""
    found, policy = observation.values, status.policy
    readings = {each.id: each for each in _target(observation, policy).readings}
    reading = readings[str(found["reading"])]
    written = {name: amount(float(found[name]), reading) for name in ("change", "low", "high")}
    row = status.verdicts.row(
        by_predicate=(pl.col("goal") == observation.goal)
        & (pl.col("target") == observation.target)
        & (pl.col("reading") == reading.id),
        named=True,
    )
    years = row["baseline_period"], row["period"]
    return written | {"what": _from_to(row, years, status)}


def _from_to(row: dict[str, Any], years: tuple[int, int], status: Edition) -> str:
    """A quantity with its figures of two years, as they are shown."""
    [indicator] = [each for _, each in status.policy.indicators() if each.id == row["indicator"]]
    what = quantity(row["of"], indicator)
    figures = figures_of(status, indicator)
    shown = [figures.get((year, row["group"]), {}) for year in years]
    as_read = [
        locale.number(figure["numerator"])
        if row["of"] == "numerator"
        else locale.percent(100 * figure["value"], decimals_shown(figure, indicator))
        for figure in shown
        if figure.get(row["of"]) is not None
    ]
    if len(as_read) < len(years):
        return what
    before, after = as_read
    return _("{what} from {before} to {after}", what=what, before=before, after=after)


SENTENCES = {
    "met_whatever": "The target is met under every {things}.",
    "not_met_whatever": "The target is not met under any {things}.",
    "within_chance": "Chance alone can give this change: {what}, {change} (interval {low} to "
    "{high}; p {p}).",
    "beyond_chance": "Chance alone seldom gives this change: {what}, {change} (interval {low} to "
    "{high}; p {p}).",
    "unlocated_unknown": "How many cases of {years} could not be located is not known: the figures "
    "are of those that were, and the others may lie in the areas.",
    "unlocated_declared": "{declared} {declared:case|cases} of {year} could not be located. No "
    "number of further cases in the areas turns the verdict.",
    "unlocated_turn_from": "{declared} {declared:case|cases} of {year} could not be located. "
    "The verdict turns if {tipping} or more of them lie in the areas.",
    "unlocated_turn_below": "{declared} {declared:case|cases} of {year} could not be located. "
    "Placed wholly in the areas they turn the verdict only if the areas "
    "hold under about {denominator} {per}; with the figures rounded the "
    "worst way, under about {rounded}.",
    "chosen_by_it": "The areas were chosen by this very figure. Areas that are chosen because a "
    "figure is bad improve by themselves afterwards (regression to the mean): part of a fall from "
    "{year} is to be expected without any effort. How large a part cannot be told without figures "
    "of the years before.",
    "chosen_above_before": "The areas were chosen by this very figure. Areas that are chosen "
    "because a figure is bad improve by themselves afterwards (regression to the mean): in {year} "
    "they stood {times} times as high beside the rest of the city as in {before} ({low} to "
    "{high}), and so much can be expected to fall back without any effort.",
    "chosen_as_before": "The areas were chosen by this very figure. Areas that are chosen because "
    "a figure is bad improve by themselves afterwards (regression to the mean). But in {year} "
    "they stood {times} times as high beside the rest of the city as in {before} ({low} to "
    "{high}), which is within chance: whether anything is to fall back by itself cannot be told.",
    "chosen_below_before": "The areas were chosen by this very figure. But in {year} they stood "
    "lower beside the rest of the city than in {before} ({times} times as high; {low} to {high}), "
    "so nothing can be expected to fall back by itself.",
    "against_city": "The areas changed by {areas} and the city by {city}. Relatively: from "
    "{ratio_before} to {ratio_after} times the city's level; {relatively}. In points: a gap from "
    "{gap_before} to {gap_after}; {in_points}.",
    "percent_or_points": '"{amount} %" can be read as percent and as percentage points.',
    "readings_disagreed": "In {edition} (data of {period}) the readings gave opposite verdicts: "
    "{decided_reading} ({decided}), but {other_reading} ({other}).",
    "apart_but_closer": "The city moved more than the areas ({city} against {areas}): the "
    "areas went from {ratio_before} to {ratio_after} times the city's level, while the gap shrank "
    "from {gap_before} to {gap_after} points.",
    "closer_but_apart": "The areas came closer to the city relatively ({areas} against {city}; "
    "from {ratio_before} to {ratio_after} times its level), while the gap grew from {gap_before} "
    "to {gap_after} points.",
    "gaps_wider": "The areas moved further from the city ({areas} against {city}): from "
    "{ratio_before} to {ratio_after} times its level, and the gap grew from {gap_before} to "
    "{gap_after} points.",
    "gaps_narrower": "The areas came closer to the city ({areas} against {city}): from "
    "{ratio_before} to {ratio_after} times its level, and the gap shrank from {gap_before} to "
    "{gap_after} points.",
    "says_number_judged_rate": "The target speaks of a number; the status is of a rate.",
    "says_number_judged_share": "The target speaks of a number; the status is of a share.",
    "says_rate_judged_number": "The target speaks of a rate; the status is of a number.",
    "says_rate_judged_share": "The target speaks of a rate; the status is of a share.",
    "says_share_judged_number": "The target speaks of a share; the status is of a number.",
    "says_share_judged_rate": "The target speaks of a share; the status is of a rate.",
    "judged_number_shown_rate": "The verdict is on the number; the figures shown are a rate.",
    "judged_number_shown_share": "The verdict is on the number; the figures shown are a share.",
    "says_percent_judged_points": "The target speaks of percent; the status is in points.",
    "says_points_judged_percent": "The target speaks of percentage points; the status is in "
    "percent.",
    "text_rest_table_city": "The text compares with the rest of the city, the table with the "
    "whole.",
    "text_city_table_rest": "The text compares with the whole city, the table with the rest of it.",
    "baseline_of_another_year": "The baseline is called {called}, and is of the year {year}.",
    "total_differs": "{title} says {total} {total_counts} in {period}; {counted} are counted here, "
    "{percent_of_total} % of it, where {at_least} to {at_most} % was to be expected. That needs an "
    "explanation before the change is taken for real.",
    "total_differs_in_unit": "{title} says {total} {total_counts} in {period}; {counted} {counts} "
    "are counted here, {percent_of_total} % of it, where {at_least} to {at_most} % was to be "
    "expected. Part of it may be that {total_counts} are not {counts}. The rest needs an "
    "explanation before the change is taken for real.",
    "numbered_elsewhere": "The goal has the number {number} in {document}.",
}
"""Code: the sentence in English, which is also the key of the Danish one."""
