"""How the name of a street is written otherwise: slips of hand and ear, abbreviations, endings.

Each function takes a name and a source of chance and returns another writing, or None where it
does not apply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from kept_aside.known import same
from kept_aside.names import GIVEN_STEMS

Respell = Callable[[str, Random], str | None]

KEYS = {
    "a": "sqz",
    "b": "vn",
    "c": "xv",
    "d": "sf",
    "e": "wr",
    "f": "dg",
    "g": "fh",
    "h": "gj",
    "i": "uo",
    "j": "hk",
    "k": "jl",
    "l": "kø",
    "m": "n",
    "n": "bm",
    "o": "ip",
    "p": "oå",
    "r": "et",
    "s": "ad",
    "t": "ry",
    "u": "yi",
    "v": "cb",
    "y": "tu",
    "æ": "lø",
    "ø": "æ",
    "å": "p",
}


def _inner(name: str, rng: Random, first: int = 1) -> int | None:
    """A place of a letter, not the first one and not beside a number or space."""
    spots = [i for i in range(first, len(name) - 1) if name[i].isalpha() and name[i + 1].isalpha()]
    return rng.choice(spots) if len(spots) > 2 else None


def swapped(name: str, rng: Random) -> str | None:
    """Two letters change places."""
    i = _inner(name, rng)
    if i is None or name[i] == name[i + 1]:
        return None
    return name[:i] + name[i + 1] + name[i] + name[i + 2 :]


def left_out(name: str, rng: Random) -> str | None:
    """A letter is left out."""
    i = _inner(name, rng)
    return None if i is None else name[:i] + name[i + 1 :]


def typed_twice(name: str, rng: Random) -> str | None:
    """A letter is typed twice."""
    i = _inner(name, rng)
    return None if i is None else name[:i] + name[i] + name[i:]


def wrong_key(name: str, rng: Random) -> str | None:
    """The key beside is hit."""
    i = _inner(name, rng)
    if i is None or name[i].lower() not in KEYS:
        return None
    return name[:i] + rng.choice(KEYS[name[i].lower()]) + name[i + 1 :]


def key_added(name: str, rng: Random) -> str | None:
    """The key beside is hit as well."""
    i = _inner(name, rng)
    if i is None or name[i].lower() not in KEYS:
        return None
    return name[: i + 1] + rng.choice(KEYS[name[i].lower()]) + name[i + 1 :]


def twice_wrong(name: str, rng: Random) -> str | None:
    """Two slips of the hand in a long name."""
    if len(name) < 11:
        return None
    once = rng.choice([swapped, left_out, wrong_key, typed_twice])(name, rng)
    return once and rng.choice([swapped, left_out, wrong_key, key_added])(once, rng)


SOUNDS: Sequence[tuple[str, str]] = (
    ("hv", "v"),
    ("hj", "j"),
    ("nd", "nn"),
    ("nd", "n"),
    ("ld", "ll"),
    ("ds", "s"),
    ("rd", "r"),
    ("æ", "e"),
    ("e(?=[rln])", "æ"),
    ("ø", "y"),
    ("ø", "ö"),
    ("y", "ø"),
    ("å", "o"),
    ("å", "aa"),
    ("aa", "å"),
    ("th", "t"),
    ("t(?=[aeio])", "th"),
    ("ph", "f"),
    ("f(?=[aeiou])", "ph"),
    ("ck", "k"),
    ("k(?=[aeo])", "ck"),
    ("w", "v"),
    ("v(?=[aei])", "w"),
    ("x", "ks"),
    ("ks", "x"),
    ("ch", "k"),
    ("c(?=[aou])", "k"),
    ("c(?=[eiyæ])", "s"),
    ("z", "s"),
    ("ei", "ej"),
    ("ej(?!$)", "ei"),
    ("eg(?=n)", "aj"),
    ("øj", "øg"),
    ("sen", "son"),
    ("oe", "ø"),
    ("ae", "æ"),
    ("tz", "ts"),
    ("(?<=[aeiouyæøå])b(?=[aeiouyæøå])", "p"),
    ("(?<=[aeiouyæøå])t(?=[aeiouyæøå])", "d"),
    ("(?<=[aeiouyæøå])g(?=[aeiouyæøå])", "k"),
    ("(?<=[aeiouyæøå])k(?=[aeiouyæøå])", "g"),
    ("([bdfgklmnprst])\\1", "\\1"),
    ("(?<=[aeiouyæøå])([lmnst])(?=[aeiouyæøå])", "\\1\\1"),
    ("gh", "g"),
    ("qu", "kv"),
    ("kv", "qu"),
    ("j(?=[aou])", "i"),
    ("(?<=[a-z])i(?=[aou])", "j"),
    ("er$", "ær"),
    ("lv", "ll"),
    ("ov", "au"),
    ("av", "au"),
    ("au", "av"),
    ("nk", "ngk"),
    ("ng", "nk"),
)


def heard(name: str, rng: Random) -> str | None:
    """Written as it is heard: æ/e, å/o, hv/v, nd/nn, d/t, doubled letters, th/t, w/v ..."""
    head, tail = _ending(name)
    changes = [(m, new) for old, new in SOUNDS for m in re.finditer(old, head) if m.start() > 0]
    if len(head) < 4 or not changes:
        return None
    match, new = rng.choice(changes)
    return head[: match.start()] + match.expand(new) + head[match.end() :] + tail


def _ending(name: str) -> tuple[str, str]:
    match = re.search(r"(?i)( ?(?:gade|vej|allé|alle|plads|stræde|boulevard|vænge|parken))$", name)
    return (name[: match.start()], match.group()) if match else (name, "")


TAILS = {
    "vejen": ("vej",),
    "vej": ("vejen", "vei", "veg", "wej"),
    "gaden": ("gade",),
    "gade": ("gaden", "gate", "gada", "gde"),
    "stræde": ("strede", "strædet", "straede", "stæde"),
    "allé": ("alé", "allee", "allè", "alleen"),
    "alle": ("alé", "allee"),
    "boulevard": ("bulevard", "boulevarden", "bolevard", "boulvard"),
    "plads": ("pladsen", "plass", "platz"),
    "torv": ("torvet",),
    "vænget": ("vænge", "venget"),
    "vænge": ("vænget", "venge"),
    "parken": ("park", "parkken"),
    "haven": ("have", "hawen"),
    "bakken": ("bakke",),
    "stien": ("sti",),
    "brygge": ("bryge", "bryggen"),
    "kaj": ("kai",),
}


def other_ending(name: str, rng: Random) -> str | None:
    """The ending in another form: -vejen for -vej, -gate for -gade, strædet."""
    for tail, others in TAILS.items():
        if name.lower().endswith(tail) and len(name) > len(tail) + 2:
            new = rng.choice(others)
            return name[: -len(tail)] + (new.title() if name[-len(tail)].isupper() else new)
    return None


def genitive(name: str, rng: Random) -> str | None:
    """An s too many or too few before the ending: Istedsgade, Absalongade."""
    match = re.search(r"(\w{3,})(s?)( ?)(?=(gade|vej|allé|alle|plads|stræde|vænge)$)", name, re.I)
    if not match:
        return None
    has = match.group(1)[-1] == "s" or match.group(2)
    end = match.end(2)
    space = match.group(3)
    if has:
        return name[: end - 1] + space + name[match.end() :]
    if name[end - 1] in "szx":
        return None
    return name[:end] + "s" + space + name[match.end() :]


def split(name: str, rng: Random) -> str | None:
    """A compound is split, or words are joined: Isted gade, Vestre Kirkegårdsalle, Isted-gade."""
    words = name.split()
    if len(words) > 1 and rng.random() < 0.6:
        i = rng.randrange(len(words) - 1)
        joined = words[i] + (words[i + 1].lower() if rng.random() < 0.7 else "-" + words[i + 1])
        return " ".join([*words[:i], joined, *words[i + 2 :]])
    match = re.search(
        r"(?<=\w\w)(gade|vej|vejen|vænget|parken|gårds|kirke|stræde|brygge|torv|plads|haven|bakken|"
        r"marken|strand|have|bro|borg|høj)",
        name,
    )
    if not match:
        return None
    gap = rng.choice([" ", " ", "-"])
    tail = name[match.start() :]
    return name[: match.start()] + gap + (tail.title() if rng.random() < 0.3 else tail)


TITLES = {
    "Sankt": ("Skt.", "Sct.", "Skt", "St."),
    "Gammel": ("Gl.", "Gl", "Gml.", "G."),
    "Gl.": ("Gammel", "Gl"),
    "Gl": ("Gammel", "Gl."),
    "Sønder": ("Sdr.", "Sdr", "S."),
    "Søndre": ("Sdr.", "Sdr"),
    "Ny": ("Ny.",),
    "Nørre": ("Nr.", "Nr", "Ndr.", "N."),
    "Nordre": ("Ndr.", "Nrd."),
    "Vester": ("V.", "Vestr.", "Vstr."),
    "Vestre": ("V.", "Vestr.", "Vstr."),
    "Øster": ("Ø.", "Østr.", "Østr"),
    "Østre": ("Ø.", "Østr."),
    "Store": ("St.", "Str.", "Sto."),
    "Lille": ("Ll.", "Ll", "L."),
    "Kongens": ("Kgs.", "Kgs", "Kong."),
    "Borgmester": ("Borgm.", "Bgm.", "Borgmstr."),
    "Dronning": ("Dr.", "Dronn."),
    "Prinsesse": ("Prins.", "Prss."),
    "Kirke": ("Kr.",),
    "Overgaden": ("Overg.",),
    "Frederik": ("Fr.", "Frd."),
    "Frederiks": ("Fr.", "Frds."),
    "Christian": ("Chr.",),
    "Christians": ("Chr.",),
    "Munke": ("Mk.",),
    "Haveforeningen": ("Hf.", "H/F"),
    "Hf.": ("Haveforeningen", "H/F", "HF"),
    "Ndr": ("Nordre", "Ndr."),
    "Professor": ("Prof.",),
    "Doktor": ("Dr.",),
    "Kaptajn": ("Kapt.",),
    "Peder": ("Pdr.", "P."),
    "Peter": ("Ptr.", "P."),
    "Thomas": ("Th.", "Thos."),
    "Carl": ("C.",),
    "Hans": ("H.",),
    "Niels": ("N.",),
    "Jens": ("J.",),
}


def title(name: str, rng: Random) -> str | None:
    """A first word in its usual short form: Skt., Gl., Kgs., Sdr., Borgm."""
    first, _, rest = name.partition(" ")
    if not rest or first not in TITLES:
        return None
    short = rng.choice(TITLES[first])
    return f"{short}{'' if short.endswith('.') and rng.random() < 0.25 else ' '}{rest}"


def initials(name: str, rng: Random) -> str | None:
    """A given name is written as its initial: P. Knudsens Gade, P Knudsens Gade."""
    words = name.split()
    if len(words) < 3 or not all(w.isalpha() and len(w) > 2 for w in words[:-1]):
        return None
    if words[0] != "Sankt" and same(words[0]).removesuffix("s") not in GIVEN_STEMS:
        return None
    dot = rng.choice([".", ". ", " "])
    return f"{words[0][0]}{dot}{' '.join(words[1:])}"


CLIPS = {
    "vejen": ("vj.", "v.", "vjn"),
    "vej": ("v.", "vj.", "vj", "v"),
    "gade": ("g.", "gd.", "g", "gd"),
    "gaden": ("gd.", "gdn."),
    "stræde": ("str.", "str", "strd."),
    "plads": ("pl.", "pl", "pds."),
    "allé": ("al.", "all.", "a.", "al"),
    "alle": ("al.", "all.", "al"),
    "boulevard": ("boul.", "blvd.", "bvd.", "bd."),
    "vænget": ("vgt.", "vgt", "vng", "vgt."),
    "vænge": ("vng.", "vg.", "vng"),
    "parken": ("prk.", "prk", "pk.", "pkn."),
    "park": ("prk.", "pk."),
    "haven": ("hvn.", "hv."),
    "bakken": ("bkn.", "bk."),
    "torv": ("tv.", "trv."),
    "torvet": ("tvt.", "trv."),
    "vangen": ("vgn.", "vang."),
    "marken": ("mrk.", "mk."),
    "stien": ("st.", "stn."),
    "brygge": ("br.", "bryg."),
    "toften": ("tft.", "tftn"),
    "lunden": ("ld.", "lnd"),
    "kanal": ("kan.",),
    "gyden": ("gyd.", "gd."),
    "strand": ("strd.", "str."),
}


def clipped_ending(name: str, rng: Random) -> str | None:
    """The ending is clipped: vng, vgt, prk, str, pl, gd, boul."""
    for tail, shorts in CLIPS.items():
        if name.lower().endswith(tail) and len(name) > len(tail) + 3:
            return name[: -len(tail)] + rng.choice(shorts)
    return None


def clipped_words(name: str, rng: Random) -> str | None:
    """Words of a long name are cut short: Fred.sundsvej, Oehl.gade, Chr. IX's G."""
    words = name.split()
    if len(words) > 2:
        i = rng.randrange(len(words) - 1)
        if len(words[i]) > 5 and words[i].isalpha():
            words[i] = words[i][: rng.choice([3, 4])] + "."
            return " ".join(words)
        return None
    head, tail = _ending(name)
    if len(head) < 9 or not tail or " " in name:
        return None
    return f"{head[: rng.choice([5, 6, 7])]}.{tail}"


def twenty(name: str, rng: Random) -> str | None:
    """Cut at twenty letters, the width of the column in old systems."""
    return name[:20].rstrip() if len(name) > 20 else None


def no_danish_letters(name: str, rng: Random) -> str | None:
    """Danish letters without their marks, as on a foreign keyboard: Blagardsgade, Norrebrogade."""
    ways: list[dict[str, str | int | None]] = [
        {"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"},
        {"æ": "a", "ø": "o", "å": "a", "Æ": "A", "Ø": "O", "Å": "A"},
        {"æ": "e", "ø": "o", "å": "a", "Æ": "E", "Ø": "O", "Å": "A"},
        {"æ": "ä", "ø": "ö", "Æ": "Ä", "Ø": "Ö"},
    ]
    new = name.translate(str.maketrans(rng.choice(ways)))
    return new if new != name else None


SCANNED = (
    ("rn", "m"),
    ("m", "rn"),
    ("li", "h"),
    ("l", "1"),
    ("i", "l"),
    ("e", "c"),
    ("o", "0"),
    ("ø", "o"),
    ("ø", "e"),
    ("ø", "g"),
    ("ø", "@"),
    ("ø", "0"),
    ("å", "a"),
    ("å", "à"),
    ("æ", "ae"),
    ("æ", "a"),
    ("d", "cl"),
    ("S", "5"),
    ("B", "8"),
    ("g", "q"),
    ("t", "f"),
    ("h", "b"),
    ("u", "ii"),
    ("n", "ri"),
    ("v", "y"),
    ("ll", "11"),
    ("I", "l"),
    ("I", "1"),
    ("æ", "œ"),
)


def scanned(name: str, rng: Random) -> str | None:
    """A letter is read wrong by a scanner: rn/m, ø/o/e/g/@, l/1, e/c."""
    spots = [(m, new) for old, new in SCANNED for m in re.finditer(re.escape(old), name)]
    if len(name) < 7 or not spots:
        return None
    match, new = rng.choice(spots)
    return name[: match.start()] + new + name[match.end() :]
