"""How people write addresses: a list of small ways to depart from the official form.

Each way takes what is written so far and returns it changed, or None where it does not apply or
would leave a careful reader in doubt about the unit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from numpy.random import Generator

from .names import fold
from .people import LAST_NAMES, pick
from .written import Context, Written

# The whole text


def lower_case(w: Written, c: Context) -> Written:
    return _everywhere(w, str.lower)


def upper_case(w: Written, c: Context) -> Written:
    return _everywhere(w, str.upper)


def two_letter_vowels(w: Written, c: Context) -> Written | None:
    def spell(text: str) -> str:
        for vowel, letters in (("å", "aa"), ("æ", "ae"), ("ø", "oe"), ("Å", "Aa"), ("Ø", "Oe")):
            text = text.replace(vowel, letters)
        return text

    return _changed(w, replace(w, street=spell(w.street), district=spell(w.district)))


def mojibake(w: Written, c: Context) -> Written | None:
    """UTF-8 read as Windows-1252 somewhere on the way: `KÃ¸benhavn`."""

    def garble(text: str) -> str:
        return text.encode().decode("cp1252")

    return _changed(w, replace(w, street=garble(w.street), district=garble(w.district)))


def _everywhere(w: Written, change: Callable[[str], str]) -> Written:
    return replace(
        w,
        street=change(w.street),
        number=change(w.number),
        unit=change(w.unit),
        district=change(w.district),
        before=change(w.before),
        after=change(w.after),
    )


def _changed(before: Written, after: Written) -> Written | None:
    return None if after == before else after


# The unit


def glued_unit(w: Written, c: Context) -> Written | None:
    """`2tv`, `st.mf`: not for numbered doors, where `2 3` glued would be floor 23."""
    if c.address.door not in ("tv", "mf", "th"):
        return None
    dot = "." if not c.address.floor.isdigit() else pick(c.rng, ["", "."])
    return replace(w, unit=f"{c.address.floor}{dot}{c.address.door}")


def spelt_out_unit(w: Written, c: Context) -> Written | None:
    """`2. sal t.v.`, `stuen th`."""
    floor = {"st": "stuen", "kl": "kælderen"}.get(c.address.floor, f"{c.address.floor}. sal")
    door = c.address.door
    if door in ("tv", "mf", "th"):
        door = pick(c.rng, [door, f"{door[0]}.{door[1]}.", f"{door}."])
    elif door:
        door = f"dør {door}"
    return replace(w, unit=f"{floor} {door}".strip()) if c.address.has_unit else None


def padded_unit(w: Written, c: Context) -> Written | None:
    """`02 TV`, as in forms with a fixed width."""
    if not c.address.floor.isdigit() or c.address.door.isdigit():
        return None
    return replace(w, unit=f"0{c.address.floor} {c.address.door.upper()}".strip())


def tight_unit(w: Written, c: Context) -> Written | None:
    return replace(w, unit=w.unit.replace(". ", ".")) if ". " in w.unit else None


def other_ground_floor(w: Written, c: Context) -> Written | None:
    short = {"st": ["st.", "stuen", "St"], "kl": ["kld", "kld.", "kælder"]}.get(c.address.floor)
    return replace(w, unit=f"{pick(c.rng, short)} {c.address.door}".strip()) if short else None


def no_commas(w: Written, c: Context) -> Written | None:
    """`Ravnevej 4 2. tv`; not where two bare numbers would meet."""
    return replace(w, comma=" ") if not w.unit[:1].isdigit() or "." in w.unit else None


# The street


def short_words(w: Written, c: Context) -> Written | None:
    street = w.street
    for long, short in (
        ("Gammel ", "Gl. "),
        ("Sønder ", "Sdr. "),
        ("Nørre ", "Nr. "),
        ("Sankt ", "Skt. "),
        ("allé", "alle"),
        ("Allé", "Alle"),
    ):
        street = street.replace(long, short)
    if street == w.street or (fold(street) != fold(w.street) and c.directory.is_name(street)):
        return None
    return replace(w, street=street)


def short_ending(w: Written, c: Context) -> Written | None:
    """`Ravnevj.`, `Ravnepl.`"""
    for long, short in (("vej", "vj."), ("Vej", "Vj."), ("plads", "pl."), ("Plads", "Pl.")):
        if w.street.endswith(long):
            return replace(w, street=w.street.removesuffix(long) + short)
    return None


def bare_letters(w: Written, c: Context) -> Written | None:
    """An English keyboard: `Mollegade`."""
    street = w.street.translate(str.maketrans("éåøÅØ", "eaoAO")).replace("æ", "ae")
    fits = c.directory.recognisable(street, w.street, w.postcode)
    return replace(w, street=street) if fits else None


def typo(w: Written, c: Context) -> Written | None:
    """One slip of the finger; now and then two, in a long name."""
    for _ in range(12):
        street = _slip(w.street, c.rng)
        if len(w.street) > 11 and c.rng.random() < 0.2:
            street = _slip(street, c.rng)
        if c.directory.recognisable(street, w.street, w.postcode):
            return replace(w, street=street)
    return None


def _slip(text: str, rng: Generator) -> str:
    at = int(rng.integers(1, len(text) - 1))
    kind = rng.integers(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    if kind == 2:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + pick(rng, "abdefghiklmnoprstuvyø") + text[at + 1 :]


def postal_name(w: Written, c: Context) -> Written | None:
    short = c.address.postal_street_name
    if short == w.street or not c.directory.one_postal(short):
        return None
    return replace(w, street=short)


# The house number


def letter_apart(w: Written, c: Context) -> Written | None:
    if w.number.isdigit():
        return None
    return replace(w, number=f"{w.number[:-1]} {pick(c.rng, [w.number[-1], w.number[-1].lower()])}")


def small_letter(w: Written, c: Context) -> Written | None:
    return _changed(w, replace(w, number=w.number.lower()))


def scanned_number(w: Written, c: Context) -> Written | None:
    """`l2` for 12, `2O` for 20, where leaving the letter out does not give another house."""
    number = w.number
    if number.isdigit() and len(number) == 2 and number[0] == "1":
        return replace(w, number=f"l{number[1]}")
    if number.isdigit() and number.endswith("0"):
        others = c.directory.numbers_on(c.address.street_name)
        return None if number[:-1] in others else replace(w, number=f"{number[:-1]}O")
    return None


# Postcode and district


def no_postcode(w: Written, c: Context) -> Written | None:
    if not c.directory.one_street(w.street):
        return None
    return replace(w, postcode="", district=pick(c.rng, ["", "", w.district, "København"]))


def no_district(w: Written, c: Context) -> Written:
    return replace(w, district="")


def short_city(w: Written, c: Context) -> Written | None:
    """`Kbh N`, `KBH.N`, `Kbh. N`."""
    short = pick(c.rng, ["Kbh ", "KBH.", "Kbh. ", "kbh "])
    return _changed(w, replace(w, district=w.district.replace("København ", short)))


def post_first(w: Written, c: Context) -> Written:
    return replace(w, post_first=True)


# Round it


def care_of(w: Written, c: Context) -> Written:
    return replace(w, before=f"c/o {pick(c.rng, LAST_NAMES)}, ")


def trailing_note(w: Written, c: Context) -> Written:
    notes = ["v/ mor", "hos Jensen", "(fremlejet)", "v/ Larsen", "- ring først", "(ny lejer)"]
    return replace(w, after=f" {pick(c.rng, notes)}")


def staircase(w: Written, c: Context) -> Written | None:
    """`opg. B`; only where no house number on the street has a letter it could be taken for."""
    if any(not number.isdigit() for number in c.directory.numbers_on(c.address.street_name)):
        return None
    return replace(w, after=f", opg. {pick(c.rng, 'BCD')}")
