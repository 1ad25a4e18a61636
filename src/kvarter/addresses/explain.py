"""`kvarter match --explain`: how one text was read, step by step, for a person to follow."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kvarter.addresses.fold import fold_all, mend_mojibake
from kvarter.addresses.index import AddressIndex
from kvarter.addresses.match import match_dated
from kvarter.addresses.read import read_texts
from kvarter.addresses.reasons import DOUBT, MEANING, Category, Reason, reasons_in
from kvarter.addresses.reparse import reparsed
from kvarter.addresses.streets import FUZZY

_CATEGORY = {
    Category.EXACT: "A, exact: the text is the official address but for case and punctuation.",
    Category.CERTAIN: "B, certain: the text differs, and can mean only this address.",
    Category.GUESS: "C, a guess: it is not counted as located, and a person should decide.",
    "": "No answer: no address of the register is meant, as far as the text tells.",
}
_MOST_STREETS = 5
_NO_STREET = "no street of the register is spelt so, or nearly so"


@dataclass(frozen=True)
class Step:
    """One step on the way: its name, and what was found, a line each."""

    name: str
    lines: list[str]


def explain(text: str, index: AddressIndex, date: str = "") -> list[Step]:
    """The steps that lead from `text` to its answer. `date` as in `match_dated`."""
    asked = pl.DataFrame({"text": [text], "date": [date]})
    answer = match_dated(asked, index).to_dicts()[0]
    steps = _read_and_find(text, index)
    located = answer["access_address_id"] is not None and steps[-1].lines == [_NO_STREET]
    folded = pl.DataFrame({"of": [0], "folded": fold_all(mend_mojibake(pl.Series([text])))})
    for again in reparsed(folded)["folded"]:
        tried = match_dated(pl.DataFrame({"text": [again], "date": [date]}), index)
        if located and tried["access_address_id"][0] == answer["access_address_id"]:
            steps = [*steps, Step("again", [f"read as `{again}`"]), *_read_and_find(again, index)]
            break
    steps.append(Step("register", _found(answer)))
    reasons = [MEANING[Reason(code)] for code in answer["reasons"].split("; ") if code]
    steps.append(Step("answer", [_CATEGORY[answer["category"] or ""], *reasons]))
    return steps


def _read_and_find(text: str, index: AddressIndex) -> list[Step]:
    parts = read_texts(pl.Series([text]), index.streets.known).head(1)
    read, candidates = index.streets.find(parts.select("head", "postcode", "district"))
    said, found = parts.to_dicts()[0], read.to_dicts()[0]
    pieces = {
        "street": found["street"],
        "house number": said["number"],
        "floor": said["floor"] or found["head_floor"],
        "door": said["door"] or found["head_door"],
        "postcode": found["street_postcode"],
        "district": found["street_district"],
        "also there": said["between"],
    }
    lines = [f"{name:<13}{piece}" for name, piece in pieces.items() if piece]
    return [Step("read", lines or ["nothing that can be an address"]), _streets(candidates, index)]


def _streets(candidates: pl.DataFrame, index: AddressIndex) -> Step:
    lines = []
    for row in candidates.sort("tier", "street_id").head(_MOST_STREETS).iter_rows(named=True):
        street = index.streets.names[row["street_id"]]
        near = row["why"] & DOUBT == 0
        how = "spelt so" if row["tier"] < FUZZY else "near"
        notes = [MEANING[reason].rstrip(".") for reason in reasons_in(row["why"])]
        mark = "" if near else " (in doubt)"
        lines.append(f"{street.name}, {street.postcode}: {'; '.join(notes) or how}{mark}")
    more = candidates.height - len(lines)
    if more > 0:
        lines.append(f"and {more} more")
    return Step("street", lines or [_NO_STREET])


def _found(answer: dict[str, str | None]) -> list[str]:
    candidates = (answer["candidates"] or "").split(" | ")
    if answer["access_address_id"] is not None:
        found = [
            candidates[0],
            f"{answer['level']} address {answer['address_id'] or answer['access_address_id']}",
        ]
        return found + [f"runner-up: {other}" for other in candidates[1:]]
    if answer["candidates"]:
        return [f"{place}. {name}" for place, name in enumerate(candidates, 1)]
    reached = ", ".join(part for part in (answer["street_name"], answer["postcode"]) if part)
    return [f"no entrance; led as far as {reached}" if reached else "no entrance"]
