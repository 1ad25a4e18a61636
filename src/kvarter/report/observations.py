"""Observations as sentences, in Danish and English."""

from __future__ import annotations

import polars as pl

from kvarter.judgement import Observation
from kvarter.policy.model import Policy
from kvarter.report.figures import figures_of, quantity
from kvarter.report.language import Tongue
from kvarter.report.status import Status


def in_words(observation: Observation, status: Status, tongue: Tongue) -> str:
    """The sentence of an observation. Its code must be one of `judgement/observations.py`."""
    values = _written(observation, status, tongue)
    return tongue._(SENTENCES[observation.code], **values)


def _written(observation: Observation, status: Status, tongue: Tongue) -> dict[str, str]:
    """The values of a sentence as they are read."""
    found, policy = observation.values, status.policy
    signed = ("areas", "city", "change", "decided", "other")
    written = {
        name: tongue.percent(value, 0, sign=True)
        if name in signed and not isinstance(value, str)
        else str(value)
        for name, value in found.items()
    }
    for name in ("ratio_before", "ratio_after", "gap_before", "gap_after"):
        if name in found:
            written[name] = tongue.number(float(found[name]), 1)
    for name in ("counted", "total", "percent_of_total", "at_least", "at_most", "cases"):
        if name in found:
            written[name] = tongue.number(float(found[name]))
    if "amount" in found:
        written["amount"] = tongue.number(float(found["amount"]), 0)
    if "p" in found:
        written["p"] = tongue.p_value(float(found["p"]))
    for name in ("counts", "total_counts"):
        if name in found:
            written[name] = _units(tongue)[str(found[name])]
    if observation.code.endswith("_whatever"):
        written["things"] = tongue.listed(_whatever(observation, tongue))
    if "title_da" in found:
        written["title"] = str(found[f"title_{tongue.language}"])
    for name in ("decided_reading", "other_reading"):
        if name in found and not isinstance(found[name], int):
            written[name] = _reading(observation, str(found[name]), policy, tongue)
            if observation.code == "other_within_chance":
                written[name] = _moved(observation, str(found[name]), status, tongue)
    if "edition" in found:
        written["edition"] = tongue.say(policy.edition(str(found["edition"])).title)
    return written


def _whatever(observation: Observation, tongue: Tongue) -> list[str]:
    _ = tongue._
    found = observation.values
    things = []
    if found["other_reading"]:
        things.append(_("reading of the words"))
    if found["rounding"]:
        things.append(_("rounding"))
    if found["unlocated"] and "missing" in found and found["missing"] != found["cases"]:
        things.append(
            _(
                "placement of the {missing} cases without a place in the municipality, of which "
                "{count} can lie in the areas",
                missing=tongue.number(float(found["missing"])),
                count=tongue.number(float(found["cases"])),
            )
        )
    elif found["unlocated"] and "cases" in found:
        cases = tongue.number(float(found["cases"]))
        things.append(_("placement of the {count} unlocated cases", count=cases))
    elif found["unlocated"]:
        things.append(_("placement of the unlocated cases"))
    return things


def _units(tongue: Tongue) -> dict[str, str]:
    _ = tongue._
    return {
        "household": _("households"),
        "person": _("persons"),
        "case": _("cases"),
        "": _("something else"),
    }


def _reading(observation: Observation, reading: str, policy: Policy, tongue: Tongue) -> str:
    [goal] = [each for each in policy.goals if each.number == observation.goal]
    [target] = [each for each in goal.targets if each.id == observation.target]
    return tongue.say({each.id: each for each in target.readings}[reading].title)


def _moved(observation: Observation, reading: str, status: Status, tongue: Tongue) -> str:
    """`the number from 28 to 11`; the name alone where a figure is not shown."""
    row = status.verdicts.row(
        by_predicate=(pl.col("goal") == observation.goal)
        & (pl.col("target") == observation.target)
        & (pl.col("reading") == reading),
        named=True,
    )
    [indicator] = [each for _, each in status.policy.indicators() if each.id == row["indicator"]]
    what = quantity(row["of"], indicator, tongue)
    figures, years = figures_of(status, indicator), (row["baseline_period"], row["period"])
    told = [figures.get((year, row["group"]), {}).get(row["of"]) for year in years]
    as_read = [
        tongue.number(value)
        if row["of"] == "numerator"
        else tongue.percent(100 * value, indicator.decimals)
        for value in told
        if value is not None
    ]
    if len(as_read) < len(years):
        return what
    before, after = as_read
    return tongue._("{what} from {before} to {after}", what=what, before=before, after=after)


SENTENCES = {
    "met_whatever": "The target is met under every {things}.",
    "not_met_whatever": "The target is not met under any {things}.",
    "other_within_chance": "What decides moved clearly ({decided_reading}); what stands beside it "
    "({other_reading}; {change}) moved within what chance alone can give (p {p}).",
    "percent_or_points": '"{amount} %" can be read as percent and as percentage points.',
    "readings_disagreed": "In {edition} (data of {period}) the readings gave opposite verdicts: "
    "{decided_reading} ({decided}), but {other_reading} ({other}).",
    "apart_but_closer": "The city moved more than the areas ({city} against {areas}): the "
    "areas went from {ratio_before} to {ratio_after} times the city's level, while the gap shrank "
    "from {gap_before} to {gap_after} points.",
    "closer_but_apart": "The areas came closer to the city relatively ({areas} against {city}; "
    "from {ratio_before} to {ratio_after} times its level), while the gap grew from {gap_before} "
    "to {gap_after} points.",
    "gaps_wider": "The areas fell behind the city ({areas} against {city}): from {ratio_before} to "
    "{ratio_after} times its level, and the gap grew from {gap_before} to {gap_after} points.",
    "gaps_narrower": "The areas came closer to the city ({areas} against {city}): from "
    "{ratio_before} to {ratio_after} times its level, and the gap shrank from {gap_before} to "
    "{gap_after} points.",
    "too_rounded_for_the_city": "Whether the areas or the city moved further cannot be told: the "
    "published figures are rounded too much.",
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
