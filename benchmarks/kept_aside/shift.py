"""A second distribution: small towns and the country, noise on noise, and streets taken out.

The register is another (see `registers.rural`), and a share of its streets is taken out: texts
that name one of those must not be answered with a neighbour. Kinds of its own are added: towns
without a post district, farms, streets that end in a number, blind changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import polars as pl

from kept_aside import registers
from kept_aside.draft import Draft, decide, start
from kept_aside.known import Known, Unit, same
from kept_aside.noise import KINDS, Noise
from kept_aside.truth import TestText

TAKEN_OUT = 0.06
DISTRICTS = registers.districts()


def texts(seed: int, n: int) -> tuple[pl.DataFrame, Iterator[TestText]]:
    """The register of the shift test, and n texts for it."""
    register, taken = registers.without_streets(registers.rural(seed), seed, TAKEN_OUT)
    return register, _texts(register, taken, seed, n)


def _texts(register: pl.DataFrame, taken: pl.DataFrame, seed: int, n: int) -> Iterator[TestText]:
    known, gone, rng = Known(register, registers.world()), Known(taken), Random(seed)
    odd = [u for u in known.units if _odd(u.street)]
    villages = [u for u in known.units if u.supplementary_town]
    for i in range(n):
        match i % 10:
            case 0 | 1:
                yield _one(rng.choice(list(OWN)), known, rng, villages)
            case 2:
                yield _numbered(known, rng, odd)
            case 3:
                yield _taken(gone, known, rng)
            case 4:
                yield _blind(known, rng)
            case _:
                yield _heavy(known, rng)


def _odd(street: str) -> bool:
    """Whether a street ends in a number or letter, or begins with a number."""
    last = street.split()[-1]
    return street[0].isdigit() or last.isdigit() or len(last) == 1


def _any(known: Known, rng: Random) -> Unit:
    return rng.choice(known.by_access[rng.choice(known.entrances)])


# Kinds of its own.


def town_alone(draft: Draft) -> bool:
    """The village instead of postcode and district."""
    draft.town = draft.unit.supplementary_town
    draft.postcode, draft.postcode_says = "", "nothing"
    draft.district, draft.district_says = "", "nothing"
    _doubt_of_city(draft, draft.town)
    return bool(draft.town)


def town_for_district(draft: Draft) -> bool:
    """The postcode with the village instead of the post district."""
    draft.postcode, draft.postcode_says = draft.unit.postcode, "right"
    draft.district, draft.district_says = draft.unit.supplementary_town, "loose"
    draft.town = ""
    _doubt_of_city(draft, draft.district)
    return bool(draft.district)


def _doubt_of_city(draft: Draft, town: str) -> None:
    """A village that is called like a post district elsewhere leaves the text in doubt."""
    if same(town) in DISTRICTS:
        draft.doubt = "the village is called like a post district elsewhere"


def town_near_district(draft: Draft) -> bool:
    """The old way: the village, `pr.` and the post district."""
    town = draft.unit.supplementary_town
    draft.postcode, draft.postcode_says = "", "nothing"
    draft.district, draft.district_says = draft.unit.district, "right"
    draft.town = ""
    near = draft.rng.choice(["pr.", "pr", "per", "v.", "ved"])
    draft.layout = lambda d: f"{d.line}, {town} {near} {d.district}"
    draft.flat, draft.flat_says = "", "nothing"
    return bool(town)


FARMS = (
    "Solbakken",
    "Fredenslund",
    "Strandlyst",
    "Højgård",
    "Nygård",
    "Lille Kærgård",
    "Østergård",
    "Pilegården",
    "Bakkely",
    "Elmely",
    "Sophienlyst",
    "Hvilan",
    "Rosenly",
    "Villa Ro",
    "Dalsgaard",
)


def farm_before(draft: Draft) -> bool:
    """The name of the farm or house before the street."""
    name = draft.rng.choice(FARMS)
    if any(same(p.street) == same(name) for p in draft.known.by_postcode[draft.unit.postcode]):
        return False
    form = draft.rng.choice(["{}, ", '"{}", ', "»{}«, ", "{} - ", "Gården {}, ", "{}\n"])
    draft.lead = form.format(name)
    return True


def part_of_the_country(draft: Draft) -> bool:
    """The island or the part of the country behind."""
    part = next(name for limit, name in PARTS if draft.unit.postcode < limit)
    draft.after.append(draft.rng.choice([part, part, "Danmark", "DK", "Denmark"]))
    draft.comma = ", "
    return bool(draft.postcode)


PARTS = (
    ("3700", "Sjælland"),
    ("3800", "Bornholm"),
    ("4800", "Sjælland"),
    ("5000", "Lolland-Falster"),
    ("6000", "Fyn"),
    ("9999", "Jylland"),
)


OWN: dict[str, Noise] = {
    "village alone": town_alone,
    "village for district": town_for_district,
    "village near district": town_near_district,
    "farm before": farm_before,
    "part of the country": part_of_the_country,
}


def _one(kind: str, known: Known, rng: Random, units: list[Unit]) -> TestText:
    while True:
        draft = start(rng.choice(units), known, rng)
        if OWN[kind](draft):
            return _text(kind, draft)


def _numbered(known: Known, rng: Random, odd: list[Unit]) -> TestText:
    """Streets that end in a number or begin with one: Vej 4 12, Vej 4 nr. 12, 5 Junivej 4."""
    draft = start(rng.choice(odd), known, rng)
    street = draft.street
    draft.comma = ", "
    if street[0].isdigit() and rng.random() < 0.5:
        draft.street = rng.choice(
            [street.replace(". ", "."), street.replace(". ", " "), street.replace(". ", " . ")]
        )
    elif not street[0].isdigit():
        draft.gap = rng.choice([" ", " ", ", ", " nr. ", ", nr. ", " nr ", ", hus nr. "])
    if rng.random() < 0.2:
        draft.finish.append(str.upper)
    return _text("street with a number", draft)


def _taken(gone: Known, known: Known, rng: Random) -> TestText:
    """A street that was taken out, with its postcode: no certain answer."""
    while True:
        draft = start(_any(gone, rng), gone, rng)
        unit = draft.unit
        draft.postcode, draft.postcode_says = unit.postcode, "right"
        draft.refusal = "the street was taken out of the register"
        if rng.random() < 0.4:
            kind = rng.choice(
                [
                    "hand: letter left out",
                    "ear: written as heard",
                    "short: ending",
                    "number: words",
                    "order: lines",
                    "letters: case",
                ]
            )
            if not KINDS[kind](draft):
                continue
        written = same(draft.street)
        if any(same(p.street) == written for p in known.by_postcode[unit.postcode]):
            continue
        truth, why = decide(draft)
        return TestText("street taken out", draft.text(), truth, why, draft.stated())


def _blind(known: Known, rng: Random) -> TestText:
    """Letters of street and district changed without thought, one to three of them."""
    while True:
        draft = start(_any(known, rng), known, rng)
        for _ in range(rng.choice([1, 1, 2, 3])):
            part = rng.choice(["street", "street", "district"])
            setattr(draft, part, _changed(getattr(draft, part), rng))
        draft.street_as = "slip"
        if draft.street != draft.unit.street or draft.district not in ("", draft.unit.district):
            return _text("blind", draft)


def _changed(text: str, rng: Random) -> str:
    spots = [i for i, c in enumerate(text) if c.isalpha() and i > 0]
    if not spots:
        return text
    i = rng.choice(spots)
    new = rng.choice("abdefghiklmnoprstuvyæøå")
    return rng.choice(
        [text[:i] + new + text[i + 1 :], text[:i] + text[i + 1 :], text[:i] + new + text[i:]]
    )


STREET = [
    k for k in KINDS if k.startswith(("hand", "ear", "split", "short", "no Danish", "scanned"))
]
NUMBER = [
    "number: words",
    "number: letter apart",
    "number: letters for digits",
    *(k for k in KINDS if k.startswith("flat")),
]
BESIDE = [
    k
    for k in KINDS
    if k.startswith(("beside", "place: postcode", "place: no postcode", "place: district"))
    and k != "beside: note, no postcode"
]
SHAPE = [
    k
    for k in KINDS
    if k.startswith(("order", "letters"))
    or k in ("code: UTF-8 as Windows", "code: entities", "code: DOS and Windows")
]


def _heavy(known: Known, rng: Random) -> TestText:
    """Two or three noises of different sorts on one text."""
    while True:
        sorts = rng.sample([STREET, NUMBER, BESIDE, SHAPE], rng.choice([2, 2, 3]))
        kinds = [rng.choice(s) for s in (STREET, NUMBER, BESIDE, SHAPE) if s in sorts]
        draft = start(_any(known, rng), known, rng)
        made = all(KINDS[k](draft) for k in kinds) and _shown(draft, kinds)
        if made and (not draft.flat or any(c.isalpha() for c in draft.flat)):
            return _text("heavy", draft, " + ".join(kinds))


def _shown(draft: Draft, kinds: list[str]) -> bool:
    """Whether the order shows all parts: columns and labels write floor and door their own way."""
    own = (
        "order: columns",
        "order: labels",
        "order: district first",
        "order: number first",
        "order: postcode first",
        "order: flat first",
        "order: flat last",
    )
    if not any(k in own for k in kinds):
        return True
    return not any(k.startswith(("flat", "beside", "place", "number: letter apart")) for k in kinds)


def _text(kind: str, draft: Draft, made_by: str = "") -> TestText:
    truth, why = decide(draft)
    return TestText(
        kind, draft.text(), truth, "; ".join(w for w in (made_by, why) if w), draft.stated()
    )
