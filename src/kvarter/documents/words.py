"""A verdict in words: the sentence, its seven checks, and notes."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from kvarter.documents.document import Mark
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.judgement.checks import CHECKS, HOLDS, TURNS
from kvarter.judgement.figures import required, wants_a_fall
from kvarter.notes import Note, filled
from kvarter.policy.model import AREAS, CITY, REST, Reading

_MOST_DECIMALS = 6
_MOST_OF_GAPS = 4


@dataclass(frozen=True)
class Check:
    """A check in words; `mark`: whether the verdict `holds`, `turns`, or the check is `na`."""

    code: str
    title: str
    mark: Mark
    text: str


def group_names() -> dict[str, str]:
    """What the three groups are called."""
    return {AREAS: _("The areas"), REST: _("Rest of the city"), CITY: _("Whole city")}


def verdict_word(verdict: str) -> str:
    """Met, not met, or cannot be told."""
    return {
        "met": _("The target is met"),
        "not_met": _("The target is not met"),
        "cannot_tell": _("Cannot be told"),
    }[verdict]


def change_in_words(row: dict[str, Any], reading: Reading) -> str:
    """What was found against what was asked, such as `-57,3 % (asked: -25 %)`."""
    if row["change"] is None:
        return _why_no_change(row, reading)
    return _(
        "{found} (asked: {asked})",
        found=amount(row["change"], reading, change_decimals(row["change"], row["required"])),
        asked=amount(row["required"], reading, decimals_of(row["required"])),
    )


def change_decimals(found: float, asked: float) -> int:
    """So many decimals that what was found does not look like what was asked where it is not."""
    decimals = max(1, decimals_of(asked))
    while decimals < _MOST_DECIMALS and _hides_the_difference(found, asked, decimals):
        decimals += 1
    return decimals


def _why_no_change(row: dict[str, Any], reading: Reading) -> str:
    if row["rows_lost"]:
        return _("too many rows of one of the years could not be read or located")
    if not row["relative_to_zero"]:
        return _("a figure is missing or hidden")
    if reading.kind == "relative_change":
        return _("the figure was zero at the baseline, and nothing can be told relative to it")
    if reading.kind == "gap_absolute":
        return _("the gap was zero at the baseline, and nothing can be told relative to it")
    return _("the gap at the baseline, or the level that it is relative to, was zero")


def no_change_sentence(row: dict[str, Any], reading: Reading) -> str:
    """The verdict where nothing can be judged; blank where it is for a missing or hidden figure."""
    if not (row["rows_lost"] or row["relative_to_zero"]):
        return ""
    word, why = verdict_word(row["verdict"]), _why_no_change(row, reading)
    return f"{word}: {why}."


def decimals_of(number: float) -> int:
    """Of a number as it is written."""
    return len(f"{number:.10f}".rstrip("0").partition(".")[2])


def decimals_apart(*numbers: float, none: float = 0.0) -> int:
    """So many decimals that no number looks like another one of them, or like `none`; at most 4."""
    apart = [*numbers, none]
    for decimals in range(1, _MOST_OF_GAPS):
        rounded = [round(number, decimals) for number in apart]
        if len(set(rounded)) == len({round(number, _MOST_OF_GAPS) for number in apart}):
            return decimals
    return _MOST_OF_GAPS


def _hides_the_difference(found: float, asked: float, decimals: int) -> bool:
    """Whether -24.98 would be written as -25.0, where -25 was asked."""
    return round(found, decimals) == round(asked, decimals) and not math.isclose(found, asked)


def amount(value: float, reading: Reading, decimals: int = 1) -> str:
    """A change (or level) of a reading in its unit, such as `-57,1 %` or `-14 procentpoint`."""
    signed = reading.kind != "level"
    if reading.kind == "point_change":
        return _("{number} points", number=locale.number(value, decimals, sign=signed))
    if reading.kind == "level" and reading.of == "numerator":
        return locale.number(value, 0 if value == round(value) else decimals)
    return locale.percent(value, decimals, sign=signed)


def asked_in_words(reading: Reading) -> str:
    """What a reading asks for: `the percentage in the areas is to fall by 25 % or more`."""
    groups = {AREAS: _("in the areas"), REST: _("in the rest of the city"), CITY: _("in the city")}
    what = _("the number {where}") if reading.of == "numerator" else _("the percentage {where}")
    if reading.kind in ("gap_absolute", "gap_relative"):
        what = (
            _("the gap in points {where} to the {versus}")
            if reading.kind == "gap_absolute"
            else _("the relative gap {where} to the {versus}")
        )
    asked = float(required(reading))
    if reading.kind == "level":
        way = (
            _("is to be {amount} or less")
            if wants_a_fall(reading)
            else _("is to be {amount} or more")
        )
    else:
        way = (
            _("is to fall by {amount} or more")
            if wants_a_fall(reading)
            else _("is to rise by {amount} or more")
        )
    size = amount(abs(asked), reading, decimals_of(asked)).lstrip("+")
    versus = _("rest of the city") if reading.versus == REST else _("city")
    return f"{what} {way}".format(where=groups[reading.group], versus=versus, amount=size)


def sentence(word: str, row: dict[str, Any], reading: Reading, checks: list[Check]) -> str:
    """The verdict, whose `word` says how sure it is, as one reads it aloud."""
    said = [f"{word}: {change_in_words(row, reading)}."]
    against = {check.code: check for check in checks}
    things = {
        "rounding": _("rounding"),
        "chance": _("chance"),
        "unlocated": _("where the unlocated cases belong"),
        "case_system": _("the change of case system"),
        "other_reading": _("how the words are read"),
        "other_comparison": _("whom the areas are compared with"),
    }
    firm, loose = (
        [words for code, words in things.items() if against[code].mark == mark]
        for mark in (HOLDS, TURNS)
    )
    if against["case_system"].mark == HOLDS:
        firm.remove(things["case_system"])
    if firm:
        said.append(_("The answer does not depend on {things}.", things=locale.listed(firm, "or")))
    if loose:
        said.append(_("It may depend on {things}.", things=locale.listed(loose)))
    if row["together"] == HOLDS and row["unlocated_cases"] != 0:
        said.append(
            _(
                "Under the worst placing of the unlocated cases and chance at once, the answer is "
                "the same."
            )
        )
    elif row["together"] == TURNS and {row["chance"], row["unlocated"]} == {HOLDS}:
        said.append(
            _(
                "Each alone leaves the answer as it is, but the worst placing of the unlocated "
                "cases and chance at once can turn it."
            )
        )
    if against["beyond_city"].mark == HOLDS:
        said.append(_("The areas moved further than the city."))
    elif against["beyond_city"].mark == TURNS:
        said.append(not_beyond_city(row))
    if row["reconciled"] is False:
        said.append(_("It needs an explanation: an independent count says otherwise."))
    return " ".join(said)


def not_beyond_city(row: dict[str, Any]) -> str:
    """Why it is not said that the areas moved further: chance, rounding, or they did not."""
    if row["city_left_open"] == "chance":
        return _("Whether the areas moved further than the city is within chance.")
    if row["city_left_open"] == "rounding":
        return _("Rounding leaves open whether the areas moved further than the city.")
    if row["ratio"] is None:
        return _("The areas did not move further than the city.")
    return _("Relatively, in points or both, the areas did not move further than the city.")


def seven_checks(
    row: dict[str, Any], others: list[dict[str, Any]], reading: Reading
) -> list[Check]:
    """Every check of a verdict in words. `others`: the target's other readings."""
    titles = {
        "rounding": _("Rounding"),
        "chance": _("Chance"),
        "unlocated": _("Cases not located"),
        "case_system": _("Case system"),
        "other_reading": _("Other readings"),
        "other_comparison": _("Other comparison group"),
        "beyond_city": _("Beyond the city's own change"),
    }
    texts = {
        "rounding": _rounding(row, reading),
        "chance": _chance(row, others, reading),
        "unlocated": _unlocated(row),
        "case_system": _case_system(row),
        "other_reading": _other_readings(row, others),
        "other_comparison": _other_comparison(row),
        "beyond_city": _beyond_city(row),
    }
    return [Check(code, titles[code], row[code], texts[code]) for code in CHECKS]


def _other_readings(row: dict[str, Any], others: list[dict[str, Any]]) -> str:
    not_judged = sum(other["verdict"] == "cannot_tell" for other in others)
    if row["other_reading"] == HOLDS:
        if not_judged:
            return _("The readings that can be judged agree; {count} cannot be.", count=not_judged)
        if len(others) > 1:
            return _("All {count} readings of the words agree.", count=len(others) + 1)
        return _("Both readings of the words agree.")
    if row["other_reading"] == TURNS:
        return _("The readings of the words give different verdicts.")
    if others:
        return _("The other readings cannot be judged: their figures are not known.")
    return _("The words are read in one way only.")


def _chance(row: dict[str, Any], others: list[dict[str, Any]], reading: Reading) -> str:
    if row["chance"] not in (HOLDS, TURNS):
        return _("The figures are no count of cases, or their counts are not known.")
    if row["change_low"] is None:
        return {
            HOLDS: _("Holds in the whole interval."),
            TURNS: _("The interval holds both verdicts."),
        }[row["chance"]]
    low, high = (amount(row[end], reading) for end in ("change_low", "change_high"))
    if row["chance"] == HOLDS:
        text = _("Holds in the whole interval, {low} to {high}.", low=low, high=high)
    else:
        text = _("The interval {low} to {high} holds both verdicts.", low=low, high=high)
    if row["change_is_chance"]:
        text += " " + _("Zero lies within it, so the change may be chance.")
    return f"{text} {_scatter(row)}".strip()


def _scatter(row: dict[str, Any]) -> str:
    """How much more than chance the counts scatter, or what would turn the verdict if they did."""
    factor, turning = row["dispersion"], row["turning_dispersion"]
    if factor is not None and factor > 1:
        return _(
            "The counts of the areas scatter {factor} times as much as chance gives; the interval "
            "allows for it.",
            factor=locale.number(factor, 1),
        )
    if factor is not None:
        return _("The counts of the areas scatter no more than chance gives.")
    if turning is None:
        return ""
    return _(
        "How much more than chance the counts scatter cannot be found from the figures that are "
        "shown; {factor} times as much would turn it.",
        factor=locale.number(turning, 1),
    )


def _unlocated(row: dict[str, Any]) -> str:
    count, tipping = row["unlocated_cases"], row["tipping_point"]
    if row["unlocated"] not in (HOLDS, TURNS):
        return _unlocated_unknown(row)
    if row["unlocated"] == HOLDS and count is None:
        text = _("Holds wherever the few cases that could lie in the areas belong.")
    elif row["unlocated"] == HOLDS:
        text = _(
            "Holds wherever the {count:one case that could lie in the areas belongs|{count} "
            "cases that could lie in the areas belong}.",
            count=locale.number(count),
        )
    elif count is None:
        text = _("The few cases that could lie in the areas could turn the verdict.")
    else:
        text = _(
            "{count} {count:case|cases} could lie in the areas, and could turn the verdict.",
            count=locale.number(count),
        )
    if tipping is not None:
        text += " " + _(
            "It would take {tipping} more in the areas to turn it.", tipping=locale.number(tipping)
        )
    return text


def _unlocated_unknown(row: dict[str, Any]) -> str:
    if row["tipping_denominator"] is not None:
        return _(
            "The counts are not known. {count} {count:case|cases} could not be located: all in "
            "the areas, they turn the verdict if the areas are small enough (see below).",
            count=locale.number(row["unlocated_cases"]),
        )
    if row["tipping_point"] is None:
        return _("The figures are no count of cases, or their counts are not known.")
    return _(
        "How many could not be located is not known. It would take {tipping} more in the areas to "
        "turn it.",
        tipping=locale.number(row["tipping_point"]),
    )


def _rounding(row: dict[str, Any], reading: Reading) -> str:
    if row["rounding"] not in (HOLDS, TURNS):
        return _("A number is not rounded.")
    if row["rounding"] == HOLDS:
        text = _("Holds for every figure that rounds to those shown.")
    else:
        text = _("Figures that round to those shown give both verdicts.")
    if row["rounded_low"] is not None:
        low, high = (amount(row[end], reading) for end in ("rounded_low", "rounded_high"))
        text += " " + _("From them alone, the change is {low} to {high}.", low=low, high=high)
    return text


def _case_system(row: dict[str, Any]) -> str:
    if row["case_system"] == TURNS:
        text = _(
            "It was changed between {before} and {after}, so part of the change may be a change of "
            "method.",
            before=row["baseline_period"],
            after=row["period"],
        )
        return f"{text} {_bridged(row)}".strip()
    if row["case_system"] == HOLDS:
        return _("The same in both years.")
    return _("The figures come from no case system, or the policy does not name it for both years.")


def _bridged(row: dict[str, Any]) -> str:
    """The change by the factor between the two systems, as an offer."""
    if row["bridged_change"] is None:
        return ""
    ends = ("change", "low", "high")
    bounds = [row[f"bridged_{end}"] for end in ends]
    if None in bounds:
        return _(
            "By the while in which both were in use, it would have been {change}.",
            change=locale.percent(bounds[0], 1, sign=True),
        )
    values = [locale.percent(value, 1, sign=True) for value in bounds]
    return _(
        "By the while in which both were in use, it would have been {change} ({low} to {high}).",
        **dict(zip(ends, values, strict=True)),
    )


def _other_comparison(row: dict[str, Any]) -> str:
    if row["other_comparison"] == HOLDS:
        return _("The same against the whole city and against its rest.")
    if row["other_comparison"] == TURNS:
        return _("Another answer against the whole city than against its rest.")
    return _("The reading compares with nobody.")


def _beyond_city(row: dict[str, Any]) -> str:
    if row["beyond_city"] not in (HOLDS, TURNS):
        return _("The areas cannot be compared with the city.")
    open_by = " " + not_beyond_city(row) if row["city_left_open"] else ""
    if row["ratio"] is None:
        text = _("The number in the whole city changed by {city}.", city=_city(row))
        return text + open_by
    gaps, ratios = (
        decimals_apart(row[f"{name}_baseline"], row[name], none=none)
        for name, none in (("gap", 0.0), ("ratio", 1.0))
    )
    text = _(
        "The whole city changed by {city}. The areas' level went from {before} to {after} times "
        "the city's, and the gap from {points_before} to {points_after} points.",
        city=_city(row),
        before=locale.number(row["ratio_baseline"], ratios),
        after=locale.number(row["ratio"], ratios),
        points_before=locale.number(row["gap_baseline"], gaps),
        points_after=locale.number(row["gap"], gaps),
    )
    return text + open_by


def _city(row: dict[str, Any]) -> str:
    return locale.percent(row["city_change"], 0, sign=True)


_WHOLES = {"all", "given"}
"""The values of a note that other values are a part of."""
_DETAIL = re.compile(
    r" \([^()]*\{(?:amount|bound|most|rows)\}[^()]*\)|[,;] [^,;.()]*\{(?:cell|line)\}[^,;.()]*"
)
"""What a note says of numbers and lines alone."""
_PLACE = re.compile(r"\{(\w+)\}: ")
"""What a note begins with, where it is on one place."""


def note_in_words(note: Note) -> str:
    """A note on the figures, for those who may see the files behind them."""
    return _(note.message, **_note_values(note))


def published_note(note: Note) -> str:
    """A note of an edition, without what it says of numbers and lines alone."""
    return filled(_DETAIL.sub("", _(note.message)), _note_values(note))


def _note_values(note: Note) -> dict[str, str]:
    """The values in words; of a number that is not published, `some` or `the given`."""
    unknown = {True: _("the given"), False: _("some")}
    return {
        name: unknown[name in _WHOLES]
        if value is None
        else value
        if isinstance(value, str)
        else locale.number(value)
        for name, value in note.values.items()
    }


def notes_by_place(status: Edition) -> dict[str, list[str]]:
    """The same by the file, source or indicator they are on, without its name; blank for none."""
    found: dict[str, list[str]] = {}
    for note in status.notes:
        named = _PLACE.match(note.message)
        place = str(note.values[named[1]]) if named else ""
        text = published_note(note).removeprefix(f"{place}: ")
        if named and named[1] == "column":
            place, _, column = place.partition(".")
            text = f"{column}: {text}" if column else text
        if text not in (of_place := found.setdefault(place, [])):
            of_place.append(text)
    return found


def published_notes(status: Edition) -> list[str]:
    """The notes of a status as they may be published; those that are then alike once."""
    return list(dict.fromkeys(published_note(note) for note in status.notes))
