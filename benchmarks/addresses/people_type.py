"""What people really type: each kind of departure from the official form is one small function.

A function gets the places and an address drawn at random, and returns what is typed, or None
where it does not apply. `find` says what a careful reader can tell from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl

from .places import Address, Places, key
from .score import QUERY

Kind = Callable[[Places, Address], str | None]
KINDS: list[tuple[str, Kind, str]] = []
"""Name, function, and how far the text leads: unit, access or none."""


def leads_to(level: str) -> Callable[[Kind], Kind]:
    def add(kind: Kind) -> Kind:
        KINDS.append((kind.__name__, kind, level))
        return kind

    return add


def text(a: Address, comma: str = ", ") -> str:
    line = f"{a.street} {a.number}".strip()
    post = f"{a.postcode} {a.district}".strip()
    return comma.join(part for part in (line, a.unit, post) if part)


def changed(before: str, after: str) -> str | None:
    return None if before == after else after


# The official form, and the same with other case, punctuation and spacing


@leads_to("unit")
def official(p: Places, a: Address) -> str:
    return a.official


@leads_to("unit")
def case(p: Places, a: Address) -> str:
    return p.pick([str.lower, str.upper, str.title])(text(a))


@leads_to("unit")
def no_commas(p: Places, a: Address) -> str | None:
    if a.unit[:1].isdigit() and "." not in a.unit:
        return None
    return text(a, " ")


@leads_to("unit")
def spaces_and_dots(p: Places, a: Address) -> str:
    loose = text(a, p.pick([" , ", ",", ",  ", "; "]))
    return loose + p.pick(["", ".", " ", ","])


@leads_to("unit")
def glued_unit(p: Places, a: Address) -> str | None:
    if a.door not in ("tv", "th", "mf"):
        return None
    unit = f"{a.floor}{p.pick(['', '.', ' '])}{a.door}"
    return text(a).replace(f", {a.unit},", f", {unit},")


@leads_to("unit")
def spelt_out_unit(p: Places, a: Address) -> str | None:
    if not a.floor:
        return None
    floor = {"st": "stuen", "kl": "kælderen"}.get(a.floor, f"{a.floor}. sal")
    door = a.door
    if door in ("tv", "th", "mf"):
        full = {"tv": "til venstre", "th": "til højre", "mf": "midt for"}[door]
        door = p.pick([door, f"{door[0]}.{door[1]}.", f"{door[0]}.{door[1]}", full, door.upper()])
    elif door:
        door = p.pick([f"dør {door}", f"lejl. {door}", door])
    unit = f"{floor}{p.pick([' ', ', '])}{door}".strip(" ,")
    return text(a).replace(f", {a.unit},", f", {unit},")


@leads_to("unit")
def padded_unit(p: Places, a: Address) -> str | None:
    if not a.floor.isdigit() or a.door.isdigit():
        return None
    return text(a).replace(f", {a.unit},", f", 0{a.floor} {a.door.upper()},".replace(" ,", ","))


@leads_to("unit")
def ground_floor(p: Places, a: Address) -> str | None:
    forms = {"st": ["st", "St.", "stuen", "stue", "ST"], "kl": ["kld", "kld.", "kælder", "KL."]}
    if a.floor not in forms:
        return None
    return text(a).replace(
        f", {a.unit},", f", {p.pick(forms[a.floor])} {a.door},".replace(" ,", ",")
    )


@leads_to("unit")
def letter_apart(p: Places, a: Address) -> str | None:
    if a.number.isdigit():
        return None
    number = f"{a.number[:-1]} {p.pick([a.number[-1], a.number[-1].lower()])}"
    return text(replace(a, number=number))


@leads_to("unit")
def house_number_word(p: Places, a: Address) -> str:
    return text(replace(a, number=f"nr. {a.number}"))


# Spelling


@leads_to("unit")
def abbreviated(p: Places, a: Address) -> str | None:
    street = a.street
    for long, shorts in {
        "Gammel ": ["Gl. ", "Gl ", "Gml. "],
        "Gamle ": ["Gl. "],
        "Sønder ": ["Sdr. ", "Sdr "],
        "Nørre ": ["Nr. ", "Nr "],
        "Vester ": ["V. "],
        "Øster ": ["Ø. "],
        "Sankt ": ["Skt. ", "Sct. ", "Skt "],
        "Store ": ["St. "],
        "Lille ": ["Ll. "],
    }.items():
        if street.startswith(long):
            street = p.pick(shorts) + street.removeprefix(long)
            break
    else:
        for long, shorts in {
            "vej": ["v.", "vj.", "vj"],
            "gade": ["g.", "gd."],
            "plads": ["pl.", "pl"],
            "allé": ["alle", "al."],
            "Vej": ["V.", "Vj."],
            "Gade": ["G."],
            "Plads": ["Pl."],
            "Allé": ["Alle", "All."],
            "stræde": ["str."],
            "boulevard": ["blvd.", "boul."],
        }.items():
            if street.endswith(long):
                street = street.removesuffix(long) + p.pick(shorts)
                break
    return changed(text(a), text(replace(a, street=street)))


@leads_to("unit")
def short_city(p: Places, a: Address) -> str | None:
    if not a.district.startswith("København"):
        return None
    short = p.pick(["Kbh", "KBH", "Kbh.", "kbh", "Kbhvn", "KBH."])
    district = a.district.replace("København", short)
    return text(replace(a, district=p.pick([district, district.replace(". ", ".")])))


@leads_to("unit")
def two_letter_vowels(p: Places, a: Address) -> str | None:
    pairs = [("å", "aa"), ("æ", "ae"), ("ø", "oe"), ("Å", "Aa"), ("Æ", "Ae"), ("Ø", "Oe")]
    written = text(a)
    for letter, two in pairs:
        written = written.replace(letter, two)
    return changed(text(a), written)


@leads_to("unit")
def lost_accents(p: Places, a: Address) -> str | None:
    street = a.street.translate(str.maketrans("éåøÅØüö", "eaoAOuo")).replace("æ", "ae")
    return changed(text(a), text(replace(a, street=street)))


@leads_to("unit")
def mojibake(p: Places, a: Address) -> str | None:
    written = text(a)
    try:
        return changed(written, written.encode().decode("cp1252"))
    except UnicodeDecodeError:
        return None


@leads_to("unit")
def scanned_letter(p: Places, a: Address) -> str | None:
    swaps = [("g", "q"), ("l", "1"), ("ø", "o"), ("m", "rn"), ("e", "c"), ("i", "l"), ("h", "b")]
    fits = [(one, other) for one, other in swaps if one in a.street[1:]]
    if not fits:
        return None
    one, other = fits[int(p.rng.integers(len(fits)))]
    at = a.street.index(one, 1)
    return twin_free(p, a, a.street[:at] + other + a.street[at + 1 :])


@leads_to("unit")
def one_typo(p: Places, a: Address) -> str | None:
    return twin_free(p, a, slip(a.street, p.rng))


@leads_to("unit")
def two_typos(p: Places, a: Address) -> str | None:
    if len(a.street) < 9:
        return None
    return twin_free(p, a, slip(slip(a.street, p.rng), p.rng))


@leads_to("unit")
def district_typo(p: Places, a: Address) -> str | None:
    if len(a.district) < 5:
        return None
    return text(replace(a, district=slip(a.district, p.rng)))


@leads_to("unit")
def words_split(p: Places, a: Address) -> str | None:
    """`Rante Mester Vej`: a long name in pieces, or several words in one."""
    if " " in a.street:
        return twin_free(p, a, a.street.replace(" ", "", 1))
    for ending in ("vej", "gade", "plads", "stræde", "boulevard", "vænge", "allé"):
        if a.street.endswith(ending) and len(a.street) > len(ending) + 2:
            return text(replace(a, street=f"{a.street.removesuffix(ending)} {ending}"))
    return None


def slip(word: str, rng: np.random.Generator) -> str:
    """One slip of the finger after the first letter."""
    if len(word) < 3:
        return word
    at = int(rng.integers(1, len(word) - 1))
    kind = int(rng.integers(4))
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + "abdefghiklmnoprstuvyø"[int(rng.integers(21))] + word[at + 1 :]


def twin_free(p: Places, a: Address, street: str) -> str | None:
    """The text with `street`, unless that is another street's name."""
    if street == a.street or key(street) in p.postcodes_of:
        return None
    return text(replace(a, street=street))


# Parts that are missing, added, in another order or another name


@leads_to("unit")
def postcode_slip(p: Places, a: Address) -> str | None:
    at = int(p.rng.integers(1, 3))
    code = a.postcode
    code = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    if code == a.postcode or code in p.postcodes_of[key(a.street)]:
        return None
    return text(replace(a, postcode=code)) if p.only_here(a.street) else None


@leads_to("unit")
def no_postcode(p: Places, a: Address) -> str | None:
    return text(replace(a, postcode="")) if p.only_here(a.street) else None


@leads_to("unit")
def no_postcode_no_district(p: Places, a: Address) -> str | None:
    return text(replace(a, postcode="", district="")) if p.only_here(a.street) else None


@leads_to("unit")
def no_district(p: Places, a: Address) -> str:
    return text(replace(a, district=""))


@leads_to("access")
def no_unit(p: Places, a: Address) -> str | None:
    if len(p.units[a.access_address_id]) < 2:
        return None
    return text(replace(a, floor="", door=""))


@leads_to("access")
def no_door(p: Places, a: Address) -> str | None:
    if not a.door or p.on_floor[a.access_address_id, a.floor] < 2:
        return None
    return text(replace(a, door=""))


@leads_to("access")
def unit_not_in_register(p: Places, a: Address) -> str | None:
    if not a.floor:
        return None
    floor, door = str(int(p.rng.integers(7, 15))), p.pick(["tv", "th", "mf"])
    if (floor, door) in p.units[a.access_address_id]:
        return None
    return text(replace(a, floor=floor, door=door))


@leads_to("unit")
def care_of(p: Places, a: Address) -> str:
    who = p.pick(["c/o Jensen", "C/O Hansen", "att. Nielsen", "Att: Kaj Holm", "c/o A. Berg"])
    return f"{who}, {text(a)}"


@leads_to("unit")
def trailing_note(p: Places, a: Address) -> str:
    note = p.pick(
        ["v/ mor", "hos Jensen", "(fremlejet)", "v/Larsen", "bor hos søster", "(ny lejer)"]
    )
    return text(a).replace(f", {a.postcode}", f" {note}, {a.postcode}")


@leads_to("unit")
def note_at_the_end(p: Places, a: Address) -> str:
    return f"{text(a)} {p.pick(['v/ mor', '(fremlejet)', '- ring først', 'hos Jensen'])}"


@leads_to("unit")
def staircase(p: Places, a: Address) -> str | None:
    if any(not number.isdigit() for number in p.numbers[key(a.street), a.postcode]):
        return None
    return text(a).replace(f", {a.postcode}", f", opg. {p.pick(['A', 'B', 'C'])}, {a.postcode}")


@leads_to("unit")
def post_first(p: Places, a: Address) -> str:
    line = ", ".join(part for part in (f"{a.street} {a.number}", a.unit) if part)
    return f"{a.postcode} {a.district}, {line}"


@leads_to("unit")
def unit_first(p: Places, a: Address) -> str | None:
    if not a.floor or not a.door:
        return None
    return f"{a.unit}, {a.street} {a.number}, {a.postcode} {a.district}"


@leads_to("unit")
def postal_name(p: Places, a: Address) -> str | None:
    return changed(text(a), text(replace(a, street=a.postal_street)))


@leads_to("unit")
def town_for_district(p: Places, a: Address) -> str | None:
    return text(replace(a, district=a.town)) if a.town else None


@leads_to("unit")
def former_street(p: Places, a: Address) -> str | None:
    """Handled in `make_queries`: drawn among the former addresses."""
    return None


@leads_to("unit")
def number_range(p: Places, a: Address) -> str | None:
    if not a.number.isdigit():
        return None
    return text(replace(a, number=f"{a.number}{p.pick(['-', ' - ', '–'])}{int(a.number) + 2}"))


@leads_to("unit")
def several_at_once(p: Places, a: Address) -> str | None:
    """A typo, a short city, another way to write the unit, and no commas or another order."""
    typed = slip(a.street, p.rng)
    if key(typed) in p.postcodes_of:
        return None
    district = a.district.replace("København", p.pick(["Kbh", "Kbh.", "København"]))
    unit = (
        a.unit.replace(". ", p.pick([".", " sal ", ". sal "])) if a.door in ("tv", "th") else a.unit
    )
    comma = ", " if a.unit[:1].isdigit() and "." not in a.unit else p.pick([" ", ", "])
    parts = [f"{typed} {a.number}", unit, f"{a.postcode} {district}"]
    written = comma.join(part for part in parts if part)
    return p.pick([written, written.lower(), written.upper()])


# What must not be answered


@leads_to("none")
def no_such_number(p: Places, a: Address) -> str | None:
    number = str(int(p.rng.integers(1, 400)))
    if any(re.match(rf"{number}\D?$", n) for n in p.numbers[key(a.street), a.postcode]):
        return None
    return text(replace(a, number=number))


@leads_to("none")
def no_such_street(p: Places, a: Address) -> str | None:
    stems = ["Xylofon", "Zanzibar", "Okapi", "Wolfram", "Hieroglyf", "Bumerang", "Pyramidon"]
    street = p.pick(stems) + p.pick(["vej", "gade", "allé", "stræde", "kajen"])
    return text(replace(a, street=street)) if key(street) not in p.postcodes_of else None


@leads_to("none")
def near_twin(p: Places, a: Address) -> str | None:
    """The same stem with another ending: `Ravnegade` where there is only a `Ravnevej`."""
    endings = ["vej", "gade", "allé", "plads", "stræde", "vænge", "toften", "parken"]
    for ending in endings:
        if a.street.endswith(ending):
            stem = a.street.removesuffix(ending)
            street = stem + p.pick([other for other in endings if other != ending])
            if key(street) in p.postcodes_of:
                return None
            return text(replace(a, street=street))
    return None


@leads_to("none")
def other_town(p: Places, a: Address) -> str | None:
    towns = ["8000 Aarhus C", "5000 Odense C", "4000 Roskilde", "9000 Aalborg", "6700 Esbjerg"]
    towns += ["3700 Rønne", "7700 Thisted", "9990 Skagen", "6270 Tønder", "4780 Stege"]
    covered = " ".join(p.district_of.values())
    town = p.pick([town for town in towns if town.split()[1] not in covered] or [""])
    return f"{a.street} {a.number}, {a.unit}, {town}".replace(", ,", ",") if town else None


@leads_to("none")
def abroad(p: Places, a: Address) -> str:
    n = int(p.rng.integers(1, 80))
    return p.pick([f"Storgatan {n}, 211 42 Malmö", f"Karl-Marx-Straße {n}, 12043 Berlin"])


@leads_to("none")
def no_abode(p: Places, a: Address) -> str:
    said = ["uden fast bopæl", "UFB", "ingen fast adresse", "hjemløs", "u. fast bopæl"]
    return f"{p.pick(said)}{p.pick(['', ', København', f', {a.postcode} {a.district}'])}"


@leads_to("none")
def post_box(p: Places, a: Address) -> str:
    box = f"{p.pick(['Postboks', 'Box', 'postbox', 'Boks'])} {int(p.rng.integers(10, 999))}"
    return f"{box}, {a.postcode} {a.district}"


@leads_to("none")
def street_alone(p: Places, a: Address) -> str | None:
    many = len(p.numbers[key(a.street), a.postcode]) > 3
    return text(replace(a, number="", floor="", door="")) if many else None


@leads_to("none")
def noise(p: Places, a: Address) -> str:
    letters = list("abcdefghijklmnoprstuvyæøå    0123456789.,-")
    return "".join(p.rng.choice(letters, int(p.rng.integers(5, 40))))


@leads_to("none")
def in_several_postcodes(p: Places, a: Address) -> str | None:
    homes = p.postcodes_of[key(a.street)]
    if sum(a.number in p.numbers[key(a.street), code] for code in homes) < 2:
        return None
    return f"{a.street} {a.number}"


def make_queries(register: pl.DataFrame, how_many: int, seed: int) -> pl.DataFrame:
    """`how_many` queries in the columns of QUERY: 16 % with no answer, the rest of all kinds."""
    places = Places(register, np.random.default_rng(seed))
    groups = [[k for k in KINDS if (k[2] == "none") == none] for none in (False, True)]
    rows: dict[str, tuple[str, str, str, str, str]] = {}
    while len(rows) < how_many:
        group = groups[int(places.rng.random() < 0.16)]
        name, kind, level = group[int(places.rng.integers(len(group)))]
        if name == "former_street":
            if not places.former:
                continue
            old, address = places.former[int(places.rng.integers(len(places.former)))]
            typed: str | None = text(old)
        else:
            address = places.draw()
            typed = kind(places, address)
        if typed is None or typed in rows:
            continue
        entrance = address.access_address_id if level != "none" else ""
        meant = address.access_address_id if name == "in_several_postcodes" else entrance
        unit = address.address_id if level == "unit" else ""
        rows[typed] = (typed, name, unit, entrance, meant)
    return pl.DataFrame(list(rows.values()), schema=QUERY, orient="row")
