"""How floor and door, house numbers, districts and all that stands beside are written.

From the world: letters of landlords and courts, case notes, exports of old systems, web forms.
"""

from __future__ import annotations

from random import Random

from kept_aside.known import Unit
from kept_aside.names import FAMILY, FIRMS, GIVEN

SIDES = {
    "tv": ("tv.", "t.v.", "til venstre", "venstre", "TV", "t. v.", "vens."),
    "th": ("th.", "t.h.", "til højre", "højre", "TH", "t. h.", "højre side"),
    "mf": ("mf.", "m.f.", "midtfor", "midt for", "midten", "MF", "midt"),
}
ORDINALS = {
    "1": ("første", "1ste", "1."),
    "2": ("anden", "2den", "2."),
    "3": ("tredje", "3die", "3."),
    "4": ("fjerde", "4de", "4."),
    "5": ("femte", "5te", "5."),
}
ENGLISH = {"st": "ground", "1": "1st", "2": "2nd", "3": "3rd", "4": "4th", "5": "5th"}
ENGLISH_SIDES = {"tv": "left", "th": "right", "mf": "middle"}
ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"}


def _door(unit: Unit, rng: Random) -> str:
    if unit.door in SIDES:
        return rng.choice(SIDES[unit.door])
    return f"{rng.choice(['dør ', 'dør nr. ', 'd. '])}{unit.door}" if unit.door else ""


def in_words(unit: Unit, rng: Random) -> str | None:
    """Stueetagen til venstre, første sal, 1ste sal t.h., kælderen."""
    if unit.floor == "st":
        floor = rng.choice(
            ["stuen", "stueetagen", "stueplan", "stue", "i stuen", "stue-etagen", "0."]
        )
    elif unit.floor == "kl":
        floor = rng.choice(["kælder", "kælderen", "kld.", "kælderlejlighed", "kælderetagen"])
    elif unit.floor in ORDINALS:
        floor = f"{rng.choice(ORDINALS[unit.floor])} sal"
    else:
        return None
    return f"{floor}{rng.choice([' ', ', ', ' '])}{_door(unit, rng)}".rstrip(" ,")


def in_english(unit: Unit, rng: Random) -> str | None:
    """1st floor left, ground floor."""
    if unit.floor not in ENGLISH or (unit.door and unit.door not in ENGLISH_SIDES):
        return None
    floor = f"{ENGLISH[unit.floor]} {rng.choice(['floor', 'floor', 'fl.', 'Floor'])}"
    side = ENGLISH_SIDES.get(unit.door, "")
    return f"{floor}{rng.choice([' ', ', ']) if side else ''}{side}"


def with_signs(unit: Unit, rng: Random) -> str | None:
    """Other signs between floor and door: 2/th, 2-th, 2;th, 2:th, 2.,th."""
    if unit.door not in SIDES or not unit.floor:
        return None
    sign = rng.choice(["/", "-", ";", ":", ".,", " - ", "./", ".-", "_", ". -"])
    return f"{unit.floor}{sign}{unit.door}"


def turned(unit: Unit, rng: Random) -> str | None:
    """The door before the floor: th. 2. sal, til venstre 1. sal."""
    if unit.door not in SIDES or not unit.floor.isdigit():
        return None
    return f"{rng.choice(SIDES[unit.door])} {unit.floor}. sal"


def roman(unit: Unit, rng: Random) -> str | None:
    """The floor in Roman numerals: II th."""
    if unit.floor not in ROMAN or unit.door not in SIDES:
        return None
    return f"{ROMAN[unit.floor]}{rng.choice([' ', '. '])}{unit.door}"


def glued(unit: Unit, rng: Random) -> str | None:
    """No gaps, or capitals: 2.th, 2TH, 2th, ST.TV."""
    if unit.door not in SIDES:
        return None
    text = f"{unit.floor}{rng.choice(['.', ''])}{unit.door}"
    return text.upper() if rng.random() < 0.4 else text


def storey(unit: Unit, rng: Random) -> str | None:
    """1. sal til højre; 3. sal dør 4; sal 2 tv; etage 1, side th."""
    if not unit.floor.isdigit():
        return None
    form = rng.choice(
        [
            "{}. sal {}",
            "{} sal {}",
            "{}.sal, {}",
            "sal {} {}",
            "{}. etage {}",
            "{} s. {}",
            "{}. s. {}",
            "på {}. sal {}",
        ]
    )
    return form.format(unit.floor, _door(unit, rng)).rstrip(" ,")


def in_columns(unit: Unit, rng: Random) -> str | None:
    """Labels of a form: etage 1, side th; Etage: 2 Dør: tv."""
    if not unit.floor or not unit.door:
        return None
    form = rng.choice(
        ["etage {} side {}", "Etage: {}, Dør: {}", "etage {}, dør {}", "et. {} dør {}"]
    )
    return form.format(unit.floor, unit.door)


UNKNOWN_FLATS = (
    "lejl. {}",
    "lejlighed {}",
    "lejl.nr. {}",
    "værelse {}",
    "vær. {}",
    "bolig {}",
    "Lejemål {}",
    "lejemålsnr. {}",
    "rum {}",
    "butik {}",
    "box {}",
    "hus {}",
    "blok {}",
    "port {}",
    "bygn. {}",
    "bolignr. {}",
    "stand {}",
)


def unknown_flat(unit: Unit, rng: Random) -> str:
    """A flat by a number that the register does not have."""
    return rng.choice(UNKNOWN_FLATS).format(rng.randrange(101, 800))


NUMBER_WORDS = (
    "nr. {}",
    "nr {}",
    "Nr.{}",
    "No. {}",
    "no {}",
    "# {}",
    "#{}",
    "hus nr. {}",
    "husnr. {}",
    "nummer {}",
    "{}.",
    "nr: {}",
    "num. {}",
)

LETTER_FORMS = (
    "{n} {l}",
    "{n}{s}",
    "{n} {s}",
    "{n}-{l}",
    "{n}/{l}",
    "{n}, {l}",
    "{n} litra {l}",
    "{n}, litra {s}",
    "{n} opg. {l}",
    "{n}, opgang {l}",
    "{n} ({l})",
    "{n}.{l}",
    "{n}, opg {l}",
    "{n} bogstav {l}",
    "{n} - {l}",
    "{n} Litra {l}",
    "{n}, indgang {l}",
    '{n} "{l}"',
)

NOTES = (
    "baghuset",
    "bagh.",
    "forhuset",
    "sidehuset",
    "i gården",
    "2. gård",
    "mellembygningen",
    "kontoret",
    '- "LAVUK"',
    '"Solhjørnet"',
    "(hovedindgangen)",
    "kvisten",
    "loftet",
    "på hjørnet",
    "gavlen",
    "lige over for kirken",
    "overfor Netto",
    "ved siden af skolen",
    "bag stationen",
    "ved søen",
    "nordvest for pladsen",
    "hjørnebygningen",
    "nyt tag",
    "facade mod gården",
    "tidl. bageri",
    "rækkehuset",
    "kolonihaven",
    "erhverv",
    "lager",
    "cykelkælder",
    "(gul bygning)",
    "- vuggestuen",
    "Børnehaven Solsikken",
    "Café Viggo",
    "nedlagt butik",
    "institution",
    "indgang fra gården",
    "parkeringspladsen",
    "skur",
    "varmecentral",
    "legepladsen",
    "bag om huset",
    "ring på",
    "- ej post",
    "tilbygning",
    "ny facade",
    "v. porten",
    "vaskekælder",
    "mangler navn på døren",
)

LABELS = (
    "Adresse:",
    "Adr.:",
    "adr.",
    "Bopæl:",
    "Bor:",
    "Folkeregisteradresse:",
    "folkereg. adr.",
    "Bopælsadresse:",
    "ADRESSE",
    "Hjemadr.",
    "Privat:",
    "Nuværende adresse:",
    "Lejemålets beliggenhed:",
    "Lejemålet",
    "Ejendommen",
    "Beliggende",
    "boende",
    "bor på",
    "Borger bor",
    "bopæl",
    "p.t.",
    "pt.",
    "Jeg bor på",
    "Vi bor",
    "Leveres til",
    "Fogedsag:",
    "Sagsøgte,",
    "Lejer:",
    "Stedet:",
    "Indsatssted:",
    "Gerningssted:",
)
"""What stands before an address without a comma."""

PROTECTED = (
    "Beskyttet adresse:",
    "BESKYTTET",
    "Adressebeskyttet -",
    "NB beskyttet adr.",
    "OBS navne- og adressebeskyttelse:",
)
"""A protected address is still an address (item 4)."""

CASES = (
    "Lejemål {a}-{b}",
    "Sag {c}",
    "sagsnr. {c}",
    "BS-{c}-KBH",
    "FS {b}-{a}/2019",
    "J.nr. {c}",
    "Matr.nr. {b}a",
    "Afd. {b}",
    "afdeling {b}",
    "Selskab {b} afd. {b}",
    "KLE 27.36",
    "ID {c}",
    "lb.nr. {b}",
    "Rekv. {c}",
)

DISTRICTS = {
    "København": (
        "Kbh",
        "Kbh.",
        "KBH",
        "Kbhvn",
        "København",
        "Copenhagen",
        "Cph",
        "Koebenhavn",
        "Københavns",
        "Kbhn",
        "KØBENHAVN",
        "Kopenhagen",
        "Købehavn",
        "Københvn",
    ),
    "Frederiksberg": ("Frb", "Frb.", "Fr.berg", "Frederiksb.", "FRB", "Fredriksberg"),
    "Odense": ("Od.", "Odens", "ODENSE", "Odense"),
    "Aarhus": ("Århus", "Aarhus", "ÅRHUS"),
    "Viby Sjælland": ("Viby Sj.", "Viby Sj", "Viby S", "Viby"),
    "Dragør": ("Dragoer", "Dragör", "DRAGØR"),
    "Karlslunde": ("Karslunde", "KARLSLUNDE", "Karlsl."),
    "Munke Bjergby": ("Munke-Bjergby", "M. Bjergby", "Munkebjergby"),
    "Store Merløse": ("St. Merløse", "St Merløse", "Merløse"),
    "Høng": ("HØNG", "Hoeng"),
    "Slagelse": ("Slagelse", "Slaglse", "SLAGELSE"),
    "Vissenbjerg": ("Visenbjerg", "Vissenbj."),
    "Greve": ("Greve Strand", "GREVE"),
    "Aarup": ("Årup", "Aarup"),
    "Brønshøj": ("Brh.", "Brønshøj-Husum", "Broenshoej", "Husum"),
    "Valby": ("Valby", "Kbh. Valby", "VALBY", "København Valby"),
    "Vanløse": ("Vanl.", "Vanlöse", "VANLØSE"),
}

QUARTERS = {
    "16": ("Vesterbro",),
    "17": ("Vesterbro",),
    "14": ("Christianshavn",),
    "21": ("Østerbro",),
    "22": ("Nørrebro",),
    "23": ("Amager",),
    "24": ("Nordvest", "NV-kvarteret", "Nordvestkvarteret"),
    "245": ("Sydhavnen",),
    "20": ("Frb.",),
}
"""City quarters by the first digits of the postcode; the longest that fits counts."""


def other_district(district: str, rng: Random) -> str | None:
    """The district abbreviated, misspelt, in English or in an older form."""
    for name, forms in DISTRICTS.items():
        if district == name or district.startswith(name + " "):
            rest = district[len(name) :].strip()
            new = rng.choice(forms)
            end = f" {rest}" if rest else ""
            if rest and rng.random() < 0.3:
                end = f"{rng.choice(['.', '-', ' '])}{rest}{rng.choice(['.', ''])}"
            return new + end if new + end != district else None
    if rng.random() < 0.3:
        return district.upper()
    i = rng.randrange(1, max(2, len(district) - 1))
    return district[:i] + district[i + 1 :] if len(district) > 5 else None


def quarter(postcode: str, rng: Random) -> str | None:
    """The quarter of the city that people say for a postcode."""
    for length in (3, 2):
        if postcode[:length] in QUARTERS:
            return rng.choice(QUARTERS[postcode[:length]])
    return None


def person(rng: Random) -> str:
    """A made-up person."""
    return f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}"


def care_of(rng: Random) -> str:
    """A name that the letter goes through, in many forms."""
    name = rng.choice([person(rng), rng.choice(FAMILY)])
    return rng.choice(
        [
            "c/o {}",
            "C/O {}",
            "co. {}",
            "c/o: {}",
            "v/ {}",
            "v/{}",
            "att. {}",
            "Att: {}",
            "hos {}",
            "ATT {}",
            "c.o. {}",
            "p/a {}",
        ]
    ).format(name)


def who(rng: Random) -> str:
    """Someone or something before an address."""
    chance = rng.random()
    if chance < 0.4:
        return person(rng)
    if chance < 0.7:
        return rng.choice(FIRMS)
    return rng.choice(["Familien {}", "fam. {}", "Hr. {}", "Boet efter {}"]).format(
        rng.choice(FAMILY)
    )


def phone(rng: Random) -> str:
    """A telephone number in one of the usual groupings."""
    a, b, c, d = (f"{rng.randrange(10, 99)}" for _ in range(4))
    form = rng.choice(
        [
            "tlf. {} {} {} {}",
            "Tlf.: {}{}{}{}",
            "tlf {}{} {}{}",
            "+45 {} {} {} {}",
            "mobil {}{}{}{}",
            "T: {} {} {} {}",
            "{} {} {} {}",
            "{}{}{}{}",
            "tel. {}{}{}{}",
        ]
    )
    return form.format(a, b, c, d)


def code(rng: Random) -> str:
    """A code of a door, no postcode."""
    return rng.choice(
        [
            "portkode {}",
            "kode {}",
            "dørkode: {}",
            "portkode: {}#",
            "kode til port {}",
            "nøgleboks {}",
            "(kode {})",
        ]
    ).format(rng.randrange(1000, 9999))


def when(rng: Random) -> str:
    """A day or a year that something began."""
    year, month, day = rng.randrange(2012, 2025), rng.randrange(1, 13), rng.randrange(1, 29)
    return rng.choice(
        [
            "fra {d}.{m}.{y}",
            "siden {y}",
            "pr. {d}/{m}-{y}",
            "indflyttet {d:02}-{m:02}-{y}",
            "({y})",
            "indfl. {d}.{m}.{y}",
            "i {y}",
            "opd. {y}-{m:02}-{d:02}",
        ]
    ).format(d=day, m=month, y=year)


def reference(rng: Random) -> str:
    """A number of a case or a tenancy."""
    return rng.choice(CASES).format(
        a=rng.randrange(1000, 9999),
        b=rng.randrange(2, 99),
        c=f"{rng.randrange(2014, 2025)}-{rng.randrange(10000, 99999)}",
    )
