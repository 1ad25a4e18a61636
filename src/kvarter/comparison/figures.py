"""A figure of one edition as it stands beside that of another."""

from __future__ import annotations

from typing import Any

from kvarter.comparison.compared import MAIN, Comparison, Pair
from kvarter.comparison.words import origin_words
from kvarter.documents.document import Cell
from kvarter.i18n import _, locale
from kvarter.policy.model import Criterion, Indicator

_SHOWN_ALREADY = {*MAIN.values(), "numerator", "denominator", "origin"}
_MOST_OTHERS = 4


def figure(pair: Pair, row: dict[str, Any] | None, comparison: Comparison) -> Cell:
    """The figure, the counts behind it, and of what else differs the columns by name.

    Where two figures would be written alike, they get as many decimals as tell them apart.
    """
    if row is None:
        return Cell(_("no data"))
    if not row["shown"]:
        return Cell(_("not shown"), small=(_("small numbers"),))
    main = pair.main
    if row[main] is None:
        return Cell(_("no data"))
    if main == "criteria_reached":
        return Cell(locale.number(row[main]), tuple(_others(pair, row)), strong=True)
    known = _known(pair, comparison)
    decimals = known.decimals if known else 1
    small = []
    if row.get("numerator") is not None and row.get("denominator") is not None:
        part, whole = locale.number(row["numerator"]), locale.number(row["denominator"])
        small.append(_("({part} of {whole})", part=part, whole=whole))
    if pair.way:
        small += _others(pair, row)
    else:
        small += _around(pair, row, decimals + 1)
    ends = [each[main] for each in (pair.then, pair.now) if each and each[main] is not None]
    said = [_written(end, known, decimals) for end in ends]
    while len(set(ends)) > len(set(said)) and decimals < 6:
        decimals += 1
        said = [_written(end, known, decimals) for end in ends]
    aside = "" if row.get("origin") in (None, "computed") else origin_words()[row["origin"]]
    return Cell(_written(row[main], known, decimals), tuple(small), aside, strong=True)


def _others(pair: Pair, row: dict[str, Any]) -> list[str]:
    """The other columns that differ, by name."""
    others = [name for name in pair.fields if name not in _SHOWN_ALREADY][:_MOST_OTHERS]
    return [f"{name}: {_plain(row[name])}" for name in others]


def _around(pair: Pair, row: dict[str, Any], decimals: int) -> list[str]:
    """The interval and the bounds of a figure, where they differ."""
    kinds = {
        "": _("interval: {low} to {high}"),
        "bound_": _("with those not located: {low} to {high}"),
    }
    said = []
    for kind, words in kinds.items():
        names = [f"{kind}low", f"{kind}high"]
        if set(names) & set(pair.fields) and None not in [row[name] for name in names]:
            low, high = (locale.percent(100 * row[name], decimals) for name in names)
            said.append(words.format(low=low, high=high))
    return said


def _known(pair: Pair, comparison: Comparison) -> Indicator | Criterion | None:
    if pair.part == "overall":
        return None
    for policy in comparison.policies():
        known = policy.criteria if pair.way else [each for _, each in policy.indicators()]
        for each in known:
            if each.id == pair.measure:
                return each
    return None


def _written(value: float, known: Indicator | Criterion | None, decimals: int) -> str:
    if isinstance(known, Criterion) and known.unit != "percent":
        return f"{locale.number(value, decimals)} {locale.say(known.unit)}"
    return locale.percent(100 * value, decimals)


def _plain(value: Any) -> str:
    return locale.number(value, 4) if isinstance(value, float) else str(value or "–")
