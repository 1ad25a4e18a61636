"""An address on its way to a text, and the truth of what the text then says.

A noise changes the parts of a draft and declares what they still say. `decide` asks the register
what such a text can mean, and marks it doubtful or not answerable where more than one place fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from kept_aside.known import (
    ENDINGS,
    Known,
    Place,
    Unit,
    clipped_fits,
    clipped_surely,
    edits,
    lost_fits,
    same,
)
from kept_aside.names import GIVEN_STEMS
from kept_aside.truth import Truth, never

Edit = Callable[[str], str]


@dataclass
class Draft:
    """The parts of a text, and what each of them says."""

    unit: Unit
    known: Known
    rng: Random
    lead: str = ""
    """What stands before the street without being part of it, with the sign between."""
    street: str = ""
    gap: str = " "
    """Between street and number."""
    number: str = ""
    flat: str = ""
    postcode: str = ""
    district: str = ""
    town: str = ""
    before: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    comma: str = ", "
    layout: Callable[[Draft], str] | None = None
    finish: list[Edit] = field(default_factory=list)

    street_as: Literal["written", "clipped", "slip", "lost"] = "written"
    flat_says: Literal["nothing", "unit", "floor", "unknown"] = "nothing"
    postcode_says: Literal["right", "nothing", "other"] = "nothing"
    district_says: Literal["right", "nothing", "other", "loose"] = "nothing"
    entrances: frozenset[str] | None = None
    """The entrances meant, where it is not the one with the number (ranges)."""
    doubt: str = ""
    """Why no answer is right too."""
    refusal: str = ""
    """Why no certain answer is right."""

    def text(self) -> str:
        """The text as it is written."""
        text = self.layout(self) if self.layout else self.usual()
        for edit in self.finish:
            text = edit(text)
        return text

    @property
    def line(self) -> str:
        """Street and number."""
        return f"{self.lead}{self.street}{self.gap}{self.number}".strip()

    @property
    def place(self) -> str:
        """Postcode and district."""
        return f"{self.postcode} {self.district}".strip()

    def usual(self) -> str:
        """Names, street and number, flat, notes, town, postcode and district, the rest."""
        parts = [
            *self.before,
            self.line,
            self.flat,
            *self.notes,
            self.town,
            self.place,
            *self.after,
        ]
        return self.comma.join(p for p in parts if p)

    def stated(self) -> frozenset[str]:
        """What the text says beside street and number."""
        parts = {
            "unit": self.flat_says,
            "postcode": self.postcode_says,
            "district": self.district_says,
        }
        return frozenset(k for k, v in parts.items() if v != "nothing")


def start(unit: Unit, known: Known, rng: Random) -> Draft:
    """A draft in one of the plain ways to write an address."""
    draft = Draft(unit, known, rng, street=unit.street, number=unit.number)
    if unit.floor and rng.random() < 0.7:
        draft.flat = plain_flat(unit, rng)
        draft.flat_says = "unit"
    if unit.supplementary_town and rng.random() < 0.6:
        draft.town = unit.supplementary_town
    chance = rng.random()
    if chance < 0.88:
        draft.postcode, draft.postcode_says = unit.postcode, "right"
    if chance < 0.80 or 0.88 <= chance < 0.96:
        draft.district, draft.district_says = unit.district, "right"
    if rng.random() < 0.12 and (not draft.flat or any(c.isalpha() for c in draft.flat)):
        draft.comma = " "
    return draft


def plain_flat(unit: Unit, rng: Random) -> str:
    """Floor and door as most write them."""
    floor, door = unit.floor, unit.door
    dot = "" if rng.random() < 0.3 and door else "."
    if not door:
        return f"{floor}{dot}"
    gap = "" if rng.random() < 0.2 and not door[0].isdigit() else " "
    return f"{floor}{dot or (' ' if not gap else '')}{gap}{door}"


def decide(draft: Draft) -> tuple[Truth, str]:
    """What is right for the text of a draft, and why if it is not simply its row."""
    own = frozenset(_own_entrances(draft)) if draft.entrances is None else draft.entrances
    if draft.refusal:
        return never(own), draft.refusal
    if len(own) > 1 and draft.entrances is None:
        return never(own), "several entrances have this street, number and postcode"
    verdict, others, why = _rivals(draft)
    if verdict == "other":
        return Truth("access", _units_of(draft.known, others), others, True, True), why
    if verdict == "never":
        return never(own | others), why
    truth = _level(draft, own)
    why = why or draft.doubt or _shorter_street(draft)
    if why:
        truth = Truth(truth.level, truth.units, truth.accesses, True, True)
    return truth, why


def _own_entrances(draft: Draft) -> set[str]:
    unit, known = draft.unit, draft.known
    found = known.accesses(unit.street, unit.postcode, unit.number)
    if len(found) > 1 and draft.town:
        found = {
            a for a in found if any(u.supplementary_town == draft.town for u in known.by_access[a])
        }
    return found


def _level(draft: Draft, own: frozenset[str]) -> Truth:
    """The level that floor and door reach, and the units that may be named."""
    units = [u for a in own for u in draft.known.by_access[a]]
    if draft.flat_says == "unit":
        floor, door = draft.unit.floor, draft.unit.door
        meant = [u for u in units if (u.floor, u.door) == (floor, door)]
        if len(meant) == 1:
            return Truth("unit", frozenset({meant[0].unit_id}), own)
        return Truth("access", frozenset(), own)
    if draft.flat_says == "floor":
        units = [u for u in units if u.floor == draft.unit.floor]
        return Truth("access", _only(units), own)
    if draft.flat_says == "unknown":
        return Truth("access", _only([u for u in units if not u.floor]), own)
    if len(units) == 1 and not units[0].floor and not units[0].door:
        return Truth("unit", frozenset({units[0].unit_id}), own)
    whole = [u for u in units if not u.floor and not u.door]
    return Truth("access", _only(whole) or _only(units), own)


def _only(units: list[Unit]) -> frozenset[str]:
    return frozenset(u.unit_id for u in units) if len(units) == 1 else frozenset()


def _units_of(known: Known, accesses: Iterable[str]) -> frozenset[str]:
    return frozenset(u.unit_id for a in accesses for u in known.by_access[a])


def _shorter_street(draft: Draft) -> str:
    """Whether the street's last word can be the house number of a shorter street (Vej 4 12)."""
    shorter, _, last = draft.unit.street.rpartition(" ")
    if not last.isdigit() or not shorter:
        return ""
    scope = draft.known.scope(_postcodes(draft))
    found = any(
        draft.known.accesses(p.street, p.postcode, last)
        for p in scope
        if same(p.street) == same(shorter)
    )
    return "a shorter street has the number that ends this one" if found else ""


Verdict = Literal["own", "other", "never"]


def _rivals(draft: Draft) -> tuple[Verdict, frozenset[str], str]:
    """What else in the register the text can mean, and whether that takes away the answer."""
    known, unit = draft.known, draft.unit
    scope = known.scope(_postcodes(draft))
    written = same(draft.street)
    unchanged = written == same(unit.street)
    equal = [p for p in scope if same(p.street) == written and not _is_own(p, unit)]
    with_number = _entrances(draft, equal)
    if unchanged:
        return _same_name_elsewhere(draft, equal, with_number)
    if with_number:
        return "other", with_number, "the text is another street's name, which has this number"
    if equal:
        return "never", frozenset(), "the text is the name of another street, without this number"
    elsewhere = known.by_name.get(written, [])
    if elsewhere:
        return _name_out_of_reach(draft, elsewhere)
    if draft.street_as == "clipped":
        return _clipped(draft, scope)
    if draft.street_as == "lost":
        return _lost(draft, scope)
    return _slip(draft, scope)


def _is_own(place: Place, unit: Unit) -> bool:
    return same(place.street) == same(unit.street) and place.postcode == unit.postcode


def _entrances(draft: Draft, places: Iterable[Place]) -> frozenset[str]:
    number = draft.unit.number
    return frozenset(a for p in places for a in draft.known.accesses(p.street, p.postcode, number))


def _with_flat(draft: Draft, entrances: Iterable[str]) -> bool:
    """Whether one of the entrances has the flat that the text names, if it names one."""
    if draft.flat_says != "unit":
        return bool(set(entrances))
    flat = (draft.unit.floor, draft.unit.door)
    units = (u for a in entrances for u in draft.known.by_access[a])
    return any((u.floor, u.door) == flat for u in units)


def _postcodes(draft: Draft) -> set[str] | None:
    """The postcodes that the text allows; None is all."""
    known, own = draft.known, draft.unit
    district = known.districts.get(same(own.district), set())
    if draft.postcode_says == "right":
        if draft.district_says == "other":
            return {own.postcode} | known.districts.get(same(draft.district), set())
        return {own.postcode}
    if draft.postcode_says == "other":
        return {draft.postcode} | district if draft.district_says == "right" else None
    if draft.district_says == "right":
        return set(district)
    if draft.town and draft.town == own.supplementary_town:
        town = same(draft.town)
        return known.towns.get(town, set()) | known.districts.get(town, set())
    return None


def _same_name_elsewhere(
    draft: Draft, equal: list[Place], with_number: frozenset[str]
) -> tuple[Verdict, frozenset[str], str]:
    if draft.postcode_says == "other":
        stated = [p for p in equal if p.postcode == draft.postcode]
        there = _entrances(draft, stated)
        if there and len(there) == len(with_number):
            return "other", there, "the street has this number in the postcode that is written"
    if _with_flat(draft, with_number):
        return "never", with_number, "the street has this number in more than one place"
    if with_number:
        return "own", frozenset(), "the street has this number elsewhere too, without this flat"
    if equal:
        return "own", frozenset(), "the street is in more than one place, the number in one"
    return "own", frozenset(), ""


def _name_out_of_reach(draft: Draft, places: list[Place]) -> tuple[Verdict, frozenset[str], str]:
    """The text is the name of a street whose postcode is not the one written."""
    beside = [p for p in places if p.district == draft.unit.district]
    rivals = _entrances(draft, beside)
    if rivals:
        return "never", rivals, "a street of the same district is called so and has the number"
    return "own", frozenset(), "a street in another postcode is called so"


def _clipped(draft: Draft, scope: list[Place]) -> tuple[Verdict, frozenset[str], str]:
    fits = [p for p in scope if clipped_fits(draft.street, p.street) and not _is_own(p, draft.unit)]
    usual = [p for p in fits if clipped_surely(draft.street, p.street)]
    verdict, others, why = _doubt_of(draft, usual, "more than one street can be clipped so")
    return verdict, others, why or ("the letters left are in another name too" if fits else "")


def _lost(draft: Draft, scope: list[Place]) -> tuple[Verdict, frozenset[str], str]:
    fits = [p for p in scope if lost_fits(draft.street, p.street) and not _is_own(p, draft.unit)]
    verdict, others, why = _doubt_of(draft, fits, "more than one street fits the letters left")
    lost = sum(draft.street.count(c) for c in "?\ufffd")
    if verdict == "own" and not why and (lost > 2 or draft.postcode_says != "right"):
        why = "many letters are lost, or there is no postcode beside"
    return verdict, others, why


def _doubt_of(draft: Draft, fits: list[Place], why: str) -> tuple[Verdict, frozenset[str], str]:
    with_number = _entrances(draft, fits)
    if _with_flat(draft, with_number):
        return "never", with_number, why
    return "own", frozenset(), f"{why}, one has the number" if fits else ""


def _slip(draft: Draft, scope: list[Place]) -> tuple[Verdict, frozenset[str], str]:
    """Look at all names in reach: one as near takes the answer away, one nearly so casts doubt."""
    meant = same(draft.unit.street)
    written = min(_spellings(draft.street), key=lambda s: edits(s, meant, 8))
    distance = edits(written, meant, 8)
    near = [
        (d, p)
        for d, p in draft.known.near(written, scope, distance + 1)
        if not _is_own(p, draft.unit)
    ]
    as_near = [p for d, p in near if d <= distance]
    rivals = _entrances(draft, as_near)
    if _with_flat(draft, rivals):
        return "never", rivals, "another street with this number is as near"
    if near:
        return "own", frozenset(), "another street is nearly as near"
    if written in draft.known.world:
        return "own", frozenset(), "such a street exists, but not in this register"
    if _is_name_of_another(written, meant):
        return "own", frozenset(), "the slip made another name, which a street can have"
    if distance > 3 or distance * 3 > len(meant) or len(meant) <= 4:
        return "own", frozenset(), "too far from the street for its length"
    return "own", frozenset(), ""


def _spellings(street: str) -> list[str]:
    """A name as written, and with oe and ae read as Danish letters."""
    written = same(street)
    return [written, written.replace("oe", "ø").replace("ae", "æ")]


def stem(folded: str) -> str:
    """A folded street name without its ending and its genitive s."""
    for ending in ENDINGS:
        if folded.endswith(ending) and len(folded) > len(ending) + 1:
            return folded[: -len(ending)].removesuffix("s")
    return folded


def _is_name_of_another(written: str, meant: str) -> bool:
    return stem(written) != stem(meant) and stem(written) in GIVEN_STEMS
