"""Texts that mention an address but do not name the house: relations, change, alternatives, abroad.

Each template says what is right: `never` a certain answer, or `a` where the address may be
answered but need not. The controls look alike and do name the house. All are filled with real
streets and numbers of the register.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal

import polars as pl

from kept_aside.draft import Draft, decide
from kept_aside.known import Known, Unit, same
from kept_aside.names import DATA
from kept_aside.truth import TestText, Truth, never

Right = Literal["never", "a", "b", "numbers", "must"]


@dataclass(frozen=True)
class Template:
    """A wording with slots.

    `{a}` and `{b}` are two addresses as written, `{s}`, `{n}` and `{p}` the street, number and
    place of the first, `{n2}` and `{n3}` other numbers of its street, `{far}` a place that the
    register does not cover, `{abroad}` one in another country, `{x}` another street's name.
    """

    kind: str
    words: str
    right: Right = "never"


def _all(kind: str, right: Right, *words: str) -> list[Template]:
    return [Template(kind, w, right) for w in words]


TEMPLATES: list[Template] = [
    *_all(
        "relation",
        "never",
        "over for {a}",
        "overfor {a}",
        "Lige overfor {a}",
        "bag {a}",
        "Bagved {a}",
        "bag ved {a}",
        "ved siden af {a}",
        "Ved {a}",
        "Nabo til {a}",
        "naboen til {a}",
        "Naboejendommen til {a}",
        "genboen til {a}",
        "Genbo til {a}",
        "i nærheden af {a}",
        "tæt på {a}",
        "nær {a}",
        "foran {a}",
        "på gaden ved {a}",
        "På fortovet foran {a}",
        "Legepladsen bag {a}",
        "skuret bag {a}",
        "bænken ved {a}",
        "Parkeringspladsen overfor {a}",
        "huset skråt over for {a}",
        "skråt overfor {a}",
        "huset efter {a}",
        "to huse fra {a}",
        "opgangen ved siden af {a}",
        "50 m fra {a}",
        "ca. 100 meter nord for {a}",
        "vest for {a}",
        "rundt om hjørnet fra {a}",
        "et sted ved {a}",
        "under broen ved {a}",
        "i en bil ved {a}",
        "bil holder ud for {a}",
        "telt i parken bag {a}",
        "container ved {a}",
        "Kælderskakten ved {a}",
        "op ad {a}",
        "langs {s} fra {n} og nordpå",
        "gården bag {a}",
        "cyklen stod ved {a}",
        "fundet ved {a}",
        "anholdt på gaden ved {a}",
        "opholder sig ved {a}",
        "sover i opgangen ved {a}",
        "kiosken ved {a}",
    ),
    *_all(
        "relation, may name it",
        "a",
        "ud for {a}",
        "foran indgangen til {a}",
        "ved indgangen til {a}",
        "i gården til {a}",
    ),
    *_all(
        "between",
        "never",
        "mellem {s} {n} og {n2}, {p}",
        "Mellem {s} {n} og {s} {n2}",
        "imellem {a} og {b}",
        "arealet mellem {s} {n} og {n2}",
        "strækningen {s} {n} til {b}",
        "fra {a} til {b}",
        "på vej fra {a} mod {b}",
    ),
    *_all(
        "corner",
        "never",
        "hjørnet af {s} og {x}",
        "Hjørnet {s}/{x}",
        "krydset {s} og {x}, {p}",
        "på hjørnet af {s} og {x}",
        "hj. {s}/{x}",
        "{s} ved {x}",
        "{s} / {x}",
        "krydset ved {a}",
        "rundkørslen ved {a}",
    ),
    *_all(
        "negation",
        "never",
        "ikke {a}",
        "Ikke {a}!",
        "bor ikke på {a}",
        "Bor ikke længere på {a}",
        "er ikke tilmeldt {a}",
        "ingen kendskab til {a}",
        "aldrig boet på {a}",
        "{a} er ikke borgerens adresse",
        "{a} - forkert adresse",
        "{a} (forkert)",
        "{a}, findes ikke",
        "Ukendt på {a}",
        "ubekendt på {a}",
        "ej {a}",
        "{a} ER IKKE KORREKT",
        "slettet: {a}",
        "{a} (bruges ikke mere)",
    ),
    *_all(
        "change",
        "never",
        "fraflyttet {a}",
        "Fraflyttet: {a}. Ny adresse ukendt",
        "flyttet fra {a}",
        "er flyttet fra {a}",
        "udrejst, tidl. {a}",
        "tidl. {a}",
        "tidligere {a}",
        "Tidligere adresse: {a}",
        "boede før på {a}",
        "boede indtil 2019 på {a}",
        "sidst kendte adresse {a}, nu ukendt",
        "{a} (fraflyttet)",
        "{a} - fraflyttet 1.3.2021",
        "{a}, opsagt og fraflyttet",
        "skal flytte til {a}",
        "flytter 1. august til {a}",
        "kommende adresse {a}",
        "har søgt om {a}",
        "skrevet op til {a}",
        "venter på bolig i {a}",
        "tilbudt lejlighed {a}",
        "ex-adresse: {a}",
        "gammel adresse {a}",
        "forrige adresse: {a}",
        "opvokset på {a}",
    ),
    *_all(
        "change, may name it",
        "a",
        "Ny adresse pr. 1/12: {a}",
        "udsat af {a}",
        "sat ud fra {a}",
        "død, boede {a}",
        "postadresse {a}",
        "fakturaadresse: {a}",
    ),
    *_all(
        "change, from and to",
        "b",
        "ikke {a} men {b}",
        "flyttet fra {a} til {b}",
        "{b}, tidl. {a}",
        "{b} (før {a})",
        "ny adresse {b}, gammel adresse {a}",
        "{b}, ikke {a}",
        "fra {a} flyttet til {b}",
    ),
    *_all(
        "other people and doings",
        "never",
        "arbejder på {a}",
        "arbejdsplads: {a}",
        "går i skole på {a}",
        "mor bor {a}",
        "faderen bor på {a}",
        "kæresten bor {a}",
        "besøger ofte {a}",
        "ejer også {a}",
        "udlejer {a}",
        "kontaktperson: {a}",
        "pårørende: {a}",
        "værge bor {a}",
        "advokat med kontor på {a}",
        "post sendes til {a}",
        "barnet er hos far på {a}, mor bor {b}",
        "datter {a} / søn {b}",
        "Sommerhus: {a}",
        "kontor: {a}",
        "mødested: {a}",
        "møde på {a} kl. 10",
        "læge: {a}",
        "afhentes ved {a}",
        "sagen behandles på {a}",
    ),
    *_all(
        "alternatives",
        "never",
        "{a} eller {b}",
        "{s} {n} eller {n2}, {p}",
        "{s} {n} el. {n2}, {p}",
        "{a} og {b}",
        "{a} / {b}",
        "{a} samt {b}",
        "enten {a} eller {b}",
        "{a}; {b}",
        "{a} & {b}",
        "{a} + {b}",
        "{a} hhv. {b}",
        "{a} - eller er det {b}?",
        "{s} {n}? {n2}? {p}",
        "Hovedadresse: {b}. Postadresse: {a}",
        "{s} {n} eller {x} {n}, {p}",
        "skiftevis {a} og {b}",
        "{a} (evt. {b})",
    ),
    *_all(
        "several numbers",
        "numbers",
        "{s} {n} og {n2}, {p}",
        "{s} {n} + {n2}, {p}",
        "{s} {n}/{n2}, {p}",
        "{s} {n} & {n2}, {p}",
        "{s} {n}, {n2} og {n3}, {p}",
        "{s} {n} samt {n2}, {p}",
    ),
    *_all(
        "unsure",
        "a",
        "måske {a}",
        "muligvis {a}",
        "{a}?",
        "vist nok {a}",
        "{a} (usikker)",
        "formentlig {a}",
        "ca. {a}",
        "omkring {a}",
    ),
    *_all(
        "elsewhere in Denmark",
        "never",
        "{s} {n}, {far}",
        "{s} {n} i {fartown}",
        "{s} {n}, {fartown}",
        "{s} {n} - {far}",
        "{far}, {s} {n}",
        "{s} {n} {far}",
        "{s} {n}, 1. th, {far}",
        "{s} {n} ({fartown})",
    ),
    *_all(
        "abroad",
        "never",
        "{s} {n}, {abroad}",
        "{s} {n} {abroad}",
        "{s} {n}, 2. th, {abroad}",
        "{abroad}, {s} {n}",
        "{s} {n}\n{abroad}",
        "udrejst til {s} {n}, {abroad}",
        "{s} {n} ({abroad})",
    ),
    *_all(
        "firm",
        "never",
        "{s} {n} A/S, {x} 4, {far}",
        "Ejerforeningen {s} {n}, {x} 12, {far}",
        "A/B {s} {n} v/ adm., {x} 2, {far}",
        "{s} {n} ApS under konkurs, {far}",
        "K/S {s} {n}, {abroad}",
        "Grundejerforeningen {s}, {x} 7, {far}",
    ),
    *_all(
        "no home",
        "never",
        "hjemløs, {a}",
        "Uden fast bopæl, postadresse {a}",
        "UFB, {a}",
        "uden fast bopæl (post: {a})",
        "bor på gaden, har post på {a}",
        "hjemløs - opholder sig {a}",
        "sofasover, sidst {a}",
        "Ingen fast adresse, ses ved {a}",
    ),
    *_all(
        "no number",
        "never",
        "{s}",
        "{s}, {p}",
        "{s} xx, {p}",
        "{s} ?, {p}",
        "{s} 0, {p}",
        "{s} uden nr., {p}",
        "{s} 3. sal, {p}",
        "{s} st. tv, {p}",
        "et sted på {s}, {p}",
        "{s} (nummer ukendt), {p}",
        "{s} nr. ukendt",
        "hele {s}",
        "{s} lige numre",
        "Postboks {n}, {p}",
        "Boks {n}, {p}",
        "{s} for enden, {p}",
        "{s} {n}?? {p} - nr. passer ikke",
    ),
]

CONTROLS: list[Template] = _all(
    "control: looks alike",
    "must",
    "{a}, over for Netto",
    "{a}, ved siden af kirken",
    "Naboens Bar, {a}",
    "Café Hjørnet, {a}",
    "{a}, bag porten",
    "{a} - ny beboer",
    "Bor nu: {a}",
    "nuværende adresse: {a}",
    "flyttet ind på {a}",
    "indflyttet {a}",
    "Mor og søn, {a}",
    "{a}, hos mor og far",
    "{a}, ikke aflåst opgang",
    "Rest. Bag Muren, {a}",
    "{a}, tidligere købmand",
    "Berlin Bar, {a}",
    "Café Oslo, {a}",
    "{a}, bor alene",
    "Svensk Kirke, {a}",
    "{a} (over gården)",
    "Bopæl {a}",
    "{a}, mellemste klokke",
)

RELATIVES = (
    "ved ",
    "bag ",
    "over ",
    "under ",
    "på ",
    "mellem",
    "nabo",
    "hjørne",
    "overgaden",
    "ude",
    "langs",
)
COUNTRIES = (
    "norge",
    "sverige",
    "sverrig",
    "finland",
    "island",
    "tysk",
    "polen",
    "belgien",
    "portugal",
    "frankrig",
    "skotland",
    "england",
    "berlin",
    "oslo",
    "malmø",
    "italien",
    "spanien",
    "holland",
)

FOREIGN = (
    "10115 Berlin",
    "D-24937 Flensburg",
    "DE-20095 Hamburg",
    "Berlin",
    "211 36 Malmö",
    "SE-211 36 Malmö",
    "S-223 50 Lund",
    "Malmø, Sverige",
    "Sverige",
    "0150 Oslo",
    "N-0150 Oslo",
    "Oslo, Norge",
    "Norge",
    "FO-100 Tórshavn",
    "100 Tórshavn, Færøerne",
    "Tórshavn",
    "3900 Nuuk",
    "3900 Nuuk, Grønland",
    "101 Reykjavik",
    "00-001 Warszawa",
    "Polen",
    "London SE1 7PB",
    "UK",
    "75001 Paris",
    "Tyskland",
    "1012 AB Amsterdam",
    "Holland",
    "USA",
    "Chicago, IL 60601",
    "20 100 Lublin, Polen",
    "Landskrona",
    "252 25 Helsingborg",
)


@dataclass(frozen=True)
class Scene:
    """The slots of a template, with the drafts of its two addresses."""

    first: Draft
    second: Draft
    others: list[str]
    slots: dict[str, str]


def texts(register: pl.DataFrame, seed: int, n: int) -> Iterator[TestText]:
    """Give n misleading texts, the templates in turn, and a control for every eighth."""
    known, rng = Known(register), Random(seed)
    far = _far(known)
    controls = _alike(known)
    for i in range(n):
        yield _filled(TEMPLATES[i % len(TEMPLATES)], known, rng, far)
        if i % 8 == 0:
            yield _filled(CONTROLS[(i // 8) % len(CONTROLS)], known, rng, far)
            if controls:
                yield _plain(rng.choice(controls), known, rng)


def _far(known: Known) -> list[tuple[str, str]]:
    """Postcodes and districts that the register does not cover."""
    table = pl.read_csv(DATA / "dar/postnumre.csv", separator=";", infer_schema=False)
    return [
        (r["postnr"], r["navn"])
        for r in table.filter(pl.col("stormodtager") == "false").iter_rows(named=True)
        if r["postnr"] not in known.by_postcode
        and same(r["navn"]) not in known.towns
        and not any(
            same(r["navn"].split()[0]) == d or d.startswith(same(r["navn"].split()[0]))
            for d in known.districts
        )
    ]


def _filled(template: Template, known: Known, rng: Random, far: list[tuple[str, str]]) -> TestText:
    while True:
        scene = _scene(known, rng, far)
        text = template.words.format(**scene.slots)
        if not _names_a_street(text, scene, known):
            return TestText(template.kind, text, _right(template, scene, known), template.words)


def _scene(known: Known, rng: Random, far: list[tuple[str, str]]) -> Scene:
    while True:
        first, second = (_draft(known, rng) for _ in range(2))
        unit = first.unit
        others = [
            n
            for n in known.numbers(unit.street, unit.postcode)
            if n.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != unit.digits
        ]
        if len(others) > 1 and same(second.unit.street) != same(unit.street):
            break
    others.sort(key=lambda n: abs(int(n.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) - int(unit.digits)))
    postcode, town = rng.choice(far)
    beside = rng.choice(known.by_postcode[unit.postcode]).street
    slots = {
        "a": first.text(),
        "b": second.text(),
        "s": unit.street,
        "n": unit.number,
        "n2": others[0],
        "n3": others[1],
        "p": f"{unit.postcode} {unit.district}",
        "x": beside if same(beside) != same(unit.street) else second.unit.street,
        "far": f"{postcode} {town}",
        "fartown": town,
        "abroad": rng.choice(FOREIGN),
    }
    return Scene(first, second, others, slots)


def _draft(known: Known, rng: Random) -> Draft:
    unit = rng.choice(known.by_access[rng.choice(known.entrances)])
    while not unit.digits.isdigit():
        unit = rng.choice(known.by_access[rng.choice(known.entrances)])
    draft = Draft(unit, known, rng, street=unit.street, number=unit.number)
    chance = rng.random()
    if chance < 0.6:
        draft.postcode, draft.postcode_says = unit.postcode, "right"
    if chance < 0.75:
        draft.district, draft.district_says = unit.district, "right"
    if unit.floor and rng.random() < 0.15:
        draft.flat, draft.flat_says = _flat(unit), "unit"
    return draft


def _flat(unit: Unit) -> str:
    """Floor and door in a plain form."""
    return f"{unit.floor}. {unit.door}".strip()


def _names_a_street(text: str, scene: Scene, known: Known) -> bool:
    """Whether the word before and the street are together a street too (Ved Stranden)."""
    street = scene.first.unit.street
    before = text.split(street)[0].split()[-1:] if street in text else []
    joined = same("".join([*before, street]))
    return bool(before) and any(same(p.street) == joined for p in known.places)


def _right(template: Template, scene: Scene, known: Known) -> Truth:
    first, second = _truth(scene.first), _truth(scene.second)
    both = first.accesses | second.accesses
    if template.right == "must":
        return first
    if template.right == "a":
        return _may(first)
    if template.right == "b":
        return _may(second)
    unit = scene.first.unit
    numbers = [unit.number, scene.slots["n2"], scene.slots["n3"]]
    if template.right == "numbers":
        named = numbers if "{n3}" in template.words else numbers[:2]
        entrances = {a for n in named for a in known.accesses(unit.street, unit.postcode, n)}
        units = {u.unit_id for a in entrances for u in known.by_access[a] if not u.floor}
        return Truth("access", frozenset(units), frozenset(entrances), True, True)
    return never(both)


def _truth(draft: Draft) -> Truth:
    return decide(draft)[0]


def _may(truth: Truth) -> Truth:
    return Truth(truth.level, truth.units, truth.accesses, truth.answerable, True)


def _alike(known: Known) -> list[Unit]:
    """Units on streets that are called like a relation or a country."""
    sounds: list[Callable[[str], bool]] = [
        lambda s: s.lower().startswith(RELATIVES),
        lambda s: s.lower().startswith(COUNTRIES),
    ]
    return [u for u in known.units if any(f(u.street) for f in sounds)]


def _plain(unit: Unit, known: Known, rng: Random) -> TestText:
    draft = Draft(unit, known, rng, street=unit.street, number=unit.number)
    draft.postcode, draft.postcode_says = unit.postcode, "right"
    draft.district, draft.district_says = unit.district, "right"
    if unit.floor and rng.random() < 0.5:
        draft.flat, draft.flat_says = _flat(unit), "unit"
    if rng.random() < 0.2:
        draft.postcode, draft.postcode_says = "", "nothing"
    if rng.random() < 0.2:
        draft.street = draft.street.lower() if rng.random() < 0.5 else draft.street.upper()
    truth, why = decide(draft)
    return TestText("control: street of such a name", draft.text(), truth, why, draft.stated())
