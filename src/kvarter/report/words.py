"""A verdict in words: the sentence, a line for each thing that could turn it, and notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from kvarter.indicators import Note
from kvarter.judgement.verdict import HOLDS, TURNS
from kvarter.policy.model import Indicator, Reading
from kvarter.report.language import Tongue

Mark = Literal["holds", "turns", "note"]


@dataclass(frozen=True)
class Line:
    """A check in words; `mark` says whether the verdict holds, turns, or is only commented on."""

    mark: Mark
    text: str


def verdict_word(verdict: str, tongue: Tongue) -> str:
    """Met, not met, or cannot be told."""
    _ = tongue._
    return {
        "met": _("The target is met"),
        "not_met": _("The target is not met"),
        "cannot_tell": _("Cannot be told"),
    }[verdict]


def change_in_words(row: dict[str, Any], reading: Reading, tongue: Tongue) -> str:
    """What was found against what was asked, such as `-57,3 % (asked: -25 %)`."""
    _ = tongue._
    if row["change"] is None:
        return _("a figure is missing or hidden")
    return _(
        "{found} (asked: {asked})",
        found=_amount(row["change"], reading, tongue),
        asked=_amount(row["required"], reading, tongue, decimals=0),
    )


def _amount(value: float, reading: Reading, tongue: Tongue, decimals: int = 1) -> str:
    signed = reading.kind != "level"
    if reading.kind == "point_change":
        return tongue._("{number} points", number=tongue.number(value, decimals, sign=signed))
    if reading.kind == "level" and reading.of == "numerator":
        return tongue.number(value)
    return tongue.percent(value, decimals, sign=signed)


def lines(
    row: dict[str, Any],
    others: list[dict[str, Any]],
    reading: Reading,
    indicator: Indicator,
    tongue: Tongue,
) -> list[Line]:
    """Every check of a verdict that applies, in words. `others`: the target's other readings."""
    if row["change"] is None:
        return []
    found = [
        _other_readings(row, others, tongue),
        _chance(row, reading, tongue),
        *[_share_is_chance(other, row, tongue) for other in others],
        _unlocated(row, tongue),
        _rounding(row, indicator, tongue),
        _case_system(row, tongue),
        _against_city(row, indicator, tongue),
    ]
    return [line for line in found if line is not None]


def _other_readings(
    row: dict[str, Any], others: list[dict[str, Any]], tongue: Tongue
) -> Line | None:
    if row["other_reading"] == HOLDS:
        text = tongue._("Both readings of the words agree.")
        if len(others) > 1:
            text = tongue._("All {count} readings of the words agree.", count=len(others) + 1)
        return Line("holds", text)
    if row["other_reading"] == TURNS:
        return Line("turns", tongue._("The readings of the words give different verdicts."))
    return None


def _chance(row: dict[str, Any], reading: Reading, tongue: Tongue) -> Line | None:
    _ = tongue._
    if row["change_low"] is None:
        return None
    low, high = (_amount(row[end], reading, tongue) for end in ("change_low", "change_high"))
    if row["chance"] == HOLDS:
        return Line(
            "holds", _("Chance: holds in the whole interval, {low} to {high}.", low=low, high=high)
        )
    return Line(
        "turns",
        _("Chance: the interval {low} to {high} holds both verdicts.", low=low, high=high),
    )


def _share_is_chance(other: dict[str, Any], row: dict[str, Any], tongue: Tongue) -> Line | None:
    """A decided count may be clear while the share beside it has not moved beyond chance."""
    if not other["change_is_chance"] or row["change_is_chance"] or other["kind"] == "point_change":
        return None
    return Line("note", tongue._("The change in the share is within what chance alone can give."))


def _unlocated(row: dict[str, Any], tongue: Tongue) -> Line | None:
    _ = tongue._
    if row["unlocated"] not in (HOLDS, TURNS):
        return None
    count, tipping = row["unlocated_cases"], row["tipping_point"]
    if row["unlocated"] == HOLDS and count is None:
        text = _("Not located: holds wherever the few cases that could lie in the areas belong.")
    elif row["unlocated"] == HOLDS:
        text = _(
            "Not located: holds wherever the {count} cases that could lie in the areas belong.",
            count=tongue.number(count),
        )
    elif count is None:
        text = _("Not located: the few cases that could lie in the areas could turn the verdict.")
    else:
        text = _(
            "Not located: {count} cases could lie in the areas, and could turn the verdict.",
            count=tongue.number(count),
        )
    if tipping is not None:
        text += " " + _(
            "It would take {tipping} more in the areas to turn it.", tipping=tongue.number(tipping)
        )
    return Line("holds" if row["unlocated"] == HOLDS else "turns", text)


def _rounding(row: dict[str, Any], indicator: Indicator, tongue: Tongue) -> Line | None:
    _ = tongue._
    if row["rounding"] == HOLDS:
        return Line("holds", _("Rounding: holds for every figure that rounds to those shown."))
    if row["rounding"] == TURNS:
        return Line("turns", _("Rounding: figures that round to those shown give both verdicts."))
    return None


def _case_system(row: dict[str, Any], tongue: Tongue) -> Line | None:
    if row["case_system"] != TURNS:
        return None
    return Line(
        "turns",
        tongue._(
            "Case system: it was changed between {before} and {after}, so part of the change may "
            "be a change of method.",
            before=row["baseline_period"],
            after=row["period"],
        ),
    )


def _against_city(row: dict[str, Any], indicator: Indicator, tongue: Tongue) -> Line | None:
    _ = tongue._
    if row["ratio"] is None:
        return None
    in_city = 1 + row["city_change"] / 100
    in_areas = in_city * row["ratio"] / row["ratio_baseline"] if row["ratio_baseline"] else None
    values = {
        "city": tongue.percent(row["city_change"], 0, sign=True),
        "areas": tongue.percent(100 * (in_areas or 0) - 100, 0, sign=True),
        "before": tongue.number(row["ratio_baseline"], 1),
        "after": tongue.number(row["ratio"], 1),
        "points_before": tongue.number(row["gap_baseline"], 1),
        "points_after": tongue.number(row["gap"], 1),
    }
    if row["city_change"] > 0 and row["fell_more_than_city"]:
        first = _("The whole city rose ({city}); the areas did not rise as much.", **values)
    elif row["city_change"] > 0:
        first = _("The whole city rose ({city}), and the areas at least as much.", **values)
    elif row["fell_more_than_city"]:
        first = _("The areas fell more than the whole city ({areas} against {city}).", **values)
    elif values["areas"] != values["city"] and in_areas is not None:
        first = _("The whole city fell more than the areas ({city} against {areas}).", **values)
    else:
        first = _("The whole city fell at least as much ({city}).", **values)
    second = _(
        "The areas' level went from {before} to {after} times the city's, and the gap from "
        "{points_before} to {points_after} points.",
        **values,
    )
    return Line("note", f"{first} {second}")


def note_in_words(note: Note, tongue: Tongue) -> str:
    """A note on the figures, for a reader."""
    values = {
        name: tongue.number(value) if isinstance(value, int) else value
        for name, value in note.values.items()
    }
    return tongue._(note.message, **values)
