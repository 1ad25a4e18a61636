"""Noise: what caseworkers, landlords, courts, citizens and old systems make of an address.

`texts` takes a register and gives texts of all kinds in turn, each with what is right for it.
The kinds are written from the world, not from the matcher. Every kind is a function that changes a
draft and says what the text still states; what is right is then decided from the register (see
`draft.decide`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from random import Random

import polars as pl

from kept_aside import forms, layouts, spelling
from kept_aside.draft import Draft, decide, start, stem
from kept_aside.known import Known, edits, same
from kept_aside.names import GIVEN
from kept_aside.truth import TestText

Noise = Callable[[Draft], bool]
"""Changes a draft; False if it does not apply to it."""

TRIES = 3000


def texts(
    register: pl.DataFrame, seed: int, n: int, world: Iterable[str] = ()
) -> Iterator[TestText]:
    """Give n texts, the kinds in turn; `world` are street names that exist elsewhere."""
    known, rng = Known(register, world), Random(seed)
    kinds = list(KINDS)
    for i in range(n):
        kind = kinds[i % len(kinds)]
        made = make(kind, known, rng)
        if made is not None:
            yield made


def make(kind: str, known: Known, rng: Random) -> TestText | None:
    """A text of a kind, of some address that the kind applies to."""
    for _ in range(TRIES):
        draft = start(rng.choice(known.by_access[rng.choice(known.entrances)]), known, rng)
        if KINDS[kind](draft):
            truth, why = decide(draft)
            return TestText(kind, draft.text(), truth, why, draft.stated())
    return None


# The street.


def respelt(how: spelling.Respell, as_: str) -> Noise:
    """A noise that writes the name of the street otherwise."""

    def noise(draft: Draft) -> bool:
        new = how(draft.street, draft.rng)
        if not new or new == draft.street:
            return False
        draft.street, draft.street_as = new, as_  # type: ignore[assignment]
        return True

    return noise


def unknown_street(draft: Draft) -> bool:
    """A street that the register lacks, near one that it has: another stem, or another ending.

    Never a certain answer: `Egonsgade` is not *Egilsgade*, `Egilsvej` is not either.
    """
    known, rng = draft.known, draft.rng
    meant = same(draft.street)
    body = stem(meant)
    if draft.postcode_says != "right" or len(body) < 3 or body == meant or " " in draft.street:
        return False
    tail = draft.street[-(len(meant) - len(body)) :]
    near = [
        n for n in GIVEN if _nearly(same(n), body.removesuffix("s")) and n[0] == draft.street[0]
    ]
    if near and rng.random() < 0.7:
        name = rng.choice(near)
        new = name + ("" if name[-1] == "s" else "s") + tail.removeprefix("s")
    else:
        endings = [
            e
            for e in ("gade", "vej", " Allé", "stræde", "vænget", " Plads", "parken")
            if not meant.endswith(same(e))
        ]
        head = draft.street[: len(draft.street) - len(tail)] + ("s" if tail.startswith("s") else "")
        new = head + rng.choice(endings)
    if any(same(p.street) == same(new) for p in known.places):
        return False
    draft.street, draft.refusal = new, "a street that the register lacks"
    return True


def _nearly(name: str, body: str) -> bool:
    return name != body and len(name) > 3 and 1 <= edits(name, body, 2) <= 2


def lost_letters(sign: str) -> Noise:
    """Letters outside ASCII are lost, and a sign stands for each."""

    def noise(draft: Draft) -> bool:
        if all(ord(c) < 128 for c in draft.street):
            return False

        def lose(text: str) -> str:
            return "".join(sign if ord(c) > 127 else c for c in text)

        draft.street, draft.street_as = lose(draft.street), "lost"
        draft.district, draft.town = lose(draft.district), lose(draft.town)
        return True

    return noise


def scanned_all(draft: Draft) -> bool:
    """A scan: letters of street and district read wrong, digits of the number as letters."""
    new = spelling.scanned(draft.street, draft.rng)
    if not new:
        return False
    draft.street, draft.street_as = new, "slip"
    if re.search(r"\d\b", new):
        draft.doubt = "a digit at the end of a word looks like the house number"
    if draft.rng.random() < 0.4:
        draft.district = draft.district.replace("ø", draft.rng.choice("oeg0@")).replace("å", "a")
    return True


# Number and letter.


def number_words(draft: Draft) -> bool:
    """Nr. 12, # 12, husnr. 12, and `12.`"""
    form = draft.rng.choice(forms.NUMBER_WORDS)
    if form == "{}." and draft.comma == " ":
        return False
    if form != "{}." and draft.rng.random() < 0.25:
        draft.gap = ", "
    draft.number = form.format(draft.number)
    return True


def letter_apart(draft: Draft) -> bool:
    """The letter of the number apart from it: 12-B, 12, B, 12 litra B, opg. B."""
    if not draft.unit.letter:
        return False
    form = draft.rng.choice(forms.LETTER_FORMS)
    draft.number = form.format(
        n=draft.unit.digits, l=draft.unit.letter, s=draft.unit.letter.lower()
    )
    if draft.comma == " ":
        draft.comma = ", "
    return True


def letter_before_flat(draft: Draft) -> bool:
    """Number, letter and floor run together: 15B - 2. tv, 15b 2tv, 15 B,2. tv."""
    unit = draft.unit
    if not unit.letter or not unit.floor or draft.flat_says != "unit":
        return False
    form = draft.rng.choice(
        [
            "{n}{l} - {f}",
            "{n}{s} {f}",
            "{n} {l},{f}",
            "{n} {s} - {f}",
            "{n}{l}/{f}",
            "{n}{l}. {f}",
            "{n}, {l}, {f}",
        ]
    )
    draft.number = form.format(n=unit.digits, l=unit.letter, s=unit.letter.lower(), f=draft.flat)
    draft.flat = ""
    return True


def letter_in_a_column(draft: Draft) -> bool:
    """Columns with one of their own for the letter."""
    unit = draft.unit
    if not unit.letter or draft.postcode_says != "right":
        return False
    sign = draft.rng.choice([", ", ";", "; ", "|", ","])
    whole = draft.flat_says == "unit"
    cells = [
        draft.street,
        unit.digits,
        unit.letter,
        unit.floor * whole,
        unit.door * whole,
        draft.postcode,
        draft.district,
    ]
    draft.layout = lambda d: sign.join(c for c in cells if c)
    return True


def letter_unknown(draft: Draft) -> bool:
    """A letter that the register does not have at this number: another house, or none."""
    have = set(draft.known.numbers(draft.unit.street, draft.unit.postcode))
    free = [c for c in "BCDEFGH" if draft.unit.digits + c not in have]
    if not free or draft.postcode_says == "nothing":
        return False
    form = draft.rng.choice(["{n}{l}", "{n} {l}", "{n}{s}", "{n}-{l}", "{n}/{l}", "{n} litra {l}"])
    letter = draft.rng.choice(free)
    draft.number = form.format(n=draft.unit.digits, l=letter, s=letter.lower())
    draft.refusal = "the register has no such letter at this number"
    return True


def number_unknown(draft: Draft) -> bool:
    """A number that the street does not have."""
    have = {
        n.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        for n in draft.known.numbers(draft.unit.street, draft.unit.postcode)
    }
    high = max((int(n) for n in have if n.isdigit()), default=0)
    free = [str(n) for n in (*range(1, high), high + 30, high + 71, 998) if str(n) not in have]
    if not free or any(_elsewhere(draft, f) for f in free):
        return False
    draft.number = draft.rng.choice(free)
    draft.refusal = "the register has no such number on this street"
    draft.entrances = frozenset()
    return True


def _elsewhere(draft: Draft, number: str) -> bool:
    """Whether the street has a number in another postcode, which a text without one could mean."""
    return draft.postcode_says != "right" and any(
        draft.known.accesses(p.street, p.postcode, number)
        for p in draft.known.places
        if same(p.street) == same(draft.unit.street)
    )


def entrance_unknown(draft: Draft) -> bool:
    """`opgang B` at a number without letters: it is a part of this house."""
    unit = draft.unit
    have = draft.known.numbers(unit.street, unit.postcode)
    if unit.letter or any(
        n.startswith(unit.digits) and n[len(unit.digits) :].isalpha() for n in have
    ):
        return False
    draft.comma = ", "
    draft.notes.append(
        draft.rng.choice(["opgang B", "opg. 2", "opg. C", "indgang C", "Opgang 3", "indgang A"])
    )
    draft.flat, draft.flat_says = "", "nothing"
    return True


def range_of_numbers(draft: Draft) -> bool:
    """4-8, 4 - 8, 4–8, 38-30, 24-20A: the first number of it that exists, or any end."""
    known, unit, rng = draft.known, draft.unit, draft.rng
    have = known.numbers(unit.street, unit.postcode)
    if not unit.digits.isdigit() or int(unit.digits) < 7 or draft.postcode_says != "right":
        return False
    step = rng.choice([2, 2, 2, 4, 6])
    other = int(unit.digits) + rng.choice([step, -step])
    if other < 7:
        return False
    end = str(other)
    letters = [n for n in have if n.rstrip("ABCDEFGH") == end and n != end]
    if letters and rng.random() < 0.4:
        end = rng.choice(letters)
    first, last = (unit.number, end) if rng.random() < 0.6 else (end, unit.number)
    draft.number = first + rng.choice(["-", "-", " - ", "–", "- "]) + last
    draft.flat, draft.flat_says = "", "nothing"
    ends = known.accesses(unit.street, unit.postcode, end)
    draft.entrances = frozenset(known.accesses(unit.street, unit.postcode, unit.number) | ends)
    if len(draft.entrances) > 2:
        return False
    between = range(min(int(unit.digits), other) + 2, max(int(unit.digits), other), 2)
    if step > 2 and (ends or any(str(n) in have for n in between)):
        draft.doubt = "a long range of numbers: several entrances"
        inside = {a for n in between for a in known.accesses(unit.street, unit.postcode, str(n))}
        draft.entrances |= inside
    return True


def range_of_letters(draft: Draft) -> bool:
    """29A-B, 29A-29C, 29 A-C: one house, several entrances."""
    known, unit = draft.known, draft.unit
    have = known.numbers(unit.street, unit.postcode)
    later = [
        n
        for n in have
        if n.startswith(unit.digits) and n[len(unit.digits) :].isalpha() and n > unit.number
    ]
    if not unit.letter or not later or draft.postcode_says != "right":
        return False
    end = draft.rng.choice(later)
    form = draft.rng.choice(["{n}{a}-{b}", "{n}{a}-{n}{b}", "{n} {a}-{b}", "{n}{a} - {b}"])
    draft.number = form.format(n=unit.digits, a=unit.letter, b=end[len(unit.digits) :])
    draft.flat, draft.flat_says = "", "nothing"
    draft.entrances = frozenset(
        a for n in (unit.number, end) for a in known.accesses(unit.street, unit.postcode, n)
    )
    draft.doubt = "several entrances"
    return True


def letters_for_digits(draft: Draft) -> bool:
    """l8 for 18, 2O for 20."""
    digits = draft.unit.digits
    spots = [i for i, c in enumerate(digits) if c in "10"]
    if not spots or len(digits) < 2:
        return False
    i = draft.rng.choice(spots)
    letter = draft.rng.choice("lI" if digits[i] == "1" else "Oo")
    draft.number = digits[:i] + letter + digits[i + 1 :] + draft.unit.letter
    return True


# Floor and door.


def flat_as(how: Callable[..., str | None], doubt: str = "") -> Noise:
    """A noise that writes floor and door otherwise."""

    def noise(draft: Draft) -> bool:
        new = how(draft.unit, draft.rng) if draft.unit.floor else None
        if not new:
            return False
        draft.flat, draft.flat_says = new, "unit"
        draft.doubt = doubt
        return True

    return noise


def flat_unknown(draft: Draft) -> bool:
    """A flat, room or shop by a number that the register does not have: the entrance is right."""
    draft.flat, draft.flat_says = forms.unknown_flat(draft.unit, draft.rng), "unknown"
    if draft.rng.random() < 0.4:
        draft.after.append(draft.flat)
        draft.flat = ""
    draft.comma = ", "
    return True


def floor_only(draft: Draft) -> bool:
    """The floor without the door."""
    unit, rng = draft.unit, draft.rng
    if not unit.floor.isdigit() or not unit.door:
        return False
    if any(u.floor == unit.floor and not u.door for u in draft.known.by_access[unit.access_id]):
        return False
    draft.flat = rng.choice(["{}. sal", "{}.", "{}.sal", "{} sal", "{}. etage"]).format(unit.floor)
    draft.flat_says = "floor"
    return True


def flat_not_there(draft: Draft) -> bool:
    """Floor and door of another house: the entrance is right, no flat."""
    have = {(u.floor, u.door) for u in draft.known.by_access[draft.unit.access_id]}
    free = [
        (f, d)
        for f in "12345678"
        for d in ("tv", "th", "mf")
        if (f, d) not in have and (f, "") not in have
    ]
    if not free or draft.comma == " ":
        return False
    floor, door = draft.rng.choice(free)
    draft.flat, draft.flat_says = f"{floor}. {door}", "unknown"
    return True


# Postcode and district.


def needs_place(draft: Draft) -> bool:
    """Give the draft its postcode and district."""
    draft.postcode, draft.postcode_says = draft.unit.postcode, "right"
    draft.district, draft.district_says = draft.unit.district, "right"
    return True


def postcode_written(draft: Draft) -> bool:
    """DK-1650, 16 50, (1650), `1650.` and the postcode twice."""
    needs_place(draft)
    code = draft.unit.postcode
    draft.postcode = draft.rng.choice(
        [
            f"DK-{code}",
            f"DK {code}",
            f"DK{code}",
            f"{code[:2]} {code[2:]}",
            f"({code})",
            f"{code}.",
            f"{code} - {code}",
            f"{code}, {code}",
            f"{code},",
            f"postnr. {code}",
            f"D.K. {code}",
        ]
    )
    return True


def district_written(draft: Draft) -> bool:
    """Kbh V, Copenhagen V, Viby Sj., misspelt, in capitals."""
    needs_place(draft)
    new = forms.other_district(draft.unit.district, draft.rng)
    if not new:
        return False
    draft.district = new
    if draft.rng.random() < 0.2:
        draft.postcode, draft.postcode_says = "", "nothing"
    return True


def country_after(draft: Draft) -> bool:
    """Danmark, Denmark, DK, the municipality or the region behind."""
    needs_place(draft)
    draft.after.append(
        draft.rng.choice(
            [
                "Danmark",
                "Denmark",
                "DK",
                "DANMARK",
                "Danmark.",
                "Region Hovedstaden" if draft.unit.municipality_code == "0101" else "Danmark",
            ]
        )
    )
    return True


def quarter_for_district(draft: Draft) -> bool:
    """The quarter of the city instead of the post district: 2200 Nørrebro, or Nørrebro alone."""
    needs_place(draft)
    new = forms.quarter(draft.unit.postcode, draft.rng)
    if not new or draft.unit.municipality_code != "0101":
        return False
    draft.district, draft.district_says = new, "loose"
    if draft.rng.random() < 0.4:
        draft.postcode, draft.postcode_says = "", "nothing"
    return True


def city_alone(draft: Draft) -> bool:
    """The name of the city without its letter, with or without a postcode."""
    needs_place(draft)
    city, _, letter = draft.unit.district.rpartition(" ")
    if not city or len(letter) > 2:
        return False
    draft.district, draft.district_says = city, "loose"
    if draft.rng.random() < 0.5:
        draft.postcode, draft.postcode_says = "", "nothing"
    return True


def no_postcode(draft: Draft) -> bool:
    """The district without the postcode."""
    needs_place(draft)
    draft.postcode, draft.postcode_says = "", "nothing"
    return True


def no_place(draft: Draft) -> bool:
    """Neither postcode nor district."""
    draft.postcode, draft.postcode_says = "", "nothing"
    draft.district, draft.district_says = "", "nothing"
    draft.town = ""
    return True


def neighbour_postcode(draft: Draft) -> bool:
    """The postcode beside, of the same district."""
    needs_place(draft)
    district = same(draft.unit.district)
    others = sorted(draft.known.districts[district] - {draft.unit.postcode})
    if not others:
        return False
    draft.postcode, draft.postcode_says = draft.rng.choice(others), "other"
    return True


def other_town(draft: Draft) -> bool:
    """A postcode and district where the street is not: never a certain answer."""
    needs_place(draft)
    own = same(draft.unit.district)
    other = draft.rng.choice(draft.known.places)
    if same(other.district) == own or draft.known.accesses(
        draft.unit.street, other.postcode, draft.unit.number
    ):
        return False
    draft.postcode, draft.postcode_says = other.postcode, "other"
    draft.district, draft.district_says = other.district, "other"
    draft.town = ""
    draft.refusal = "postcode and district are of a place where the register has no such address"
    return True


def wrong_district(draft: Draft) -> bool:
    """The right postcode with the district of another one."""
    needs_place(draft)
    other = draft.rng.choice(draft.known.places).district
    city = draft.unit.district.split()[0]
    if same(other) == same(draft.unit.district) or other.split()[0] != city:
        return False
    draft.district, draft.district_says = other, "other"
    return True


# What stands beside.


def labelled_before(draft: Draft) -> bool:
    """Bopæl:, Lejemålet, Jeg bor på."""
    draft.lead = f"{draft.rng.choice(forms.LABELS)} "
    return True


def protected(draft: Draft) -> bool:
    """A protected address is an address."""
    draft.lead = f"{draft.rng.choice(forms.PROTECTED)} "
    return True


def before(how: Callable[[Random], str], *signs: str) -> Noise:
    """A noise that puts something before the street, with one of these signs between."""

    def noise(draft: Draft) -> bool:
        draft.lead = how(draft.rng) + draft.rng.choice(signs)
        return True

    return noise


def after(how: Callable[[Random], str]) -> Noise:
    """A noise that puts something behind the house number or at the end."""

    def noise(draft: Draft) -> bool:
        draft.comma = ", "
        (draft.notes if draft.rng.random() < 0.4 else draft.after).append(how(draft.rng))
        return True

    return noise


def firm_like_a_street(draft: Draft) -> bool:
    """A firm called by another address stands before: `Halmtorvet 29 A/S, Gothersgade 21`."""
    other = draft.rng.choice(draft.known.units)
    form = draft.rng.choice(
        ["{} {} A/S", "Ejerforeningen {} {}", "{} {} ApS", "A/B {} {}", "E/F {} {}"]
    )
    draft.before.append(form.format(other.street, other.digits))
    draft.comma = ", "
    draft.doubt = "the firm before is called by an address"
    return other.street != draft.unit.street


def note(draft: Draft) -> bool:
    """A note behind the number, which is no place."""
    draft.comma = ", "
    new = draft.rng.choice(forms.NOTES)
    if new.startswith("-") or new.startswith("("):
        draft.number += f" {new}"
    else:
        draft.notes.append(new)
    return True


def note_without_postcode(draft: Draft) -> bool:
    """A note behind the number, and no postcode."""
    no_place(draft)
    draft.flat, draft.flat_says = "", "nothing"
    return note(draft)


def laid_out(layout: layouts.Layout, *needs: str) -> Noise:
    """A noise of order and signs; it needs these parts (`flat`, `postcode`, `district`)."""

    def noise(draft: Draft) -> bool:
        if any(not getattr(draft, need) for need in needs):
            return False
        if "flat" in needs and not _has_letter(draft.flat):
            return False
        if layout is layouts.number_first and any(c.isdigit() for c in draft.street):
            return False
        draft.layout = layout
        return True

    return noise


def _has_letter(flat: str) -> bool:
    return any(c.isalpha() for c in flat)


def without_commas(draft: Draft) -> bool:
    """No comma anywhere; floor and door still to be told from the number."""
    draft.finish.append(layouts.no_commas)
    if any(c.isdigit() for c in draft.lead) or draft.before:
        draft.doubt = "numbers before the street, and no comma"
    return not draft.flat or _has_letter(draft.flat)


def damaged(*edits: Callable[[str], str], doubt: str = "") -> Noise:
    """Damage to the whole text, one of these, where it changes anything."""

    def noise(draft: Draft) -> bool:
        edit = draft.rng.choice(edits)
        if edit(draft.street) == draft.street and edit is not layouts.invisible:
            return False
        draft.finish.append(edit)
        draft.doubt = doubt
        return True

    return noise


def whole(*edits: Callable[[str], str]) -> Noise:
    """An edit of the whole text that takes nothing away."""

    def noise(draft: Draft) -> bool:
        draft.finish.append(draft.rng.choice(edits))
        return True

    return noise


def broken_line(draft: Draft) -> bool:
    """A line break at any space."""
    draft.finish.append(lambda text: layouts.broken_anywhere(text, draft.rng))
    return " " in draft.usual()


KINDS: dict[str, Noise] = {
    "plain": lambda draft: True,
    "hand: letters swapped": respelt(spelling.swapped, "slip"),
    "hand: letter left out": respelt(spelling.left_out, "slip"),
    "hand: letter typed twice": respelt(spelling.typed_twice, "slip"),
    "hand: wrong key": respelt(spelling.wrong_key, "slip"),
    "hand: key added": respelt(spelling.key_added, "slip"),
    "hand: two slips": respelt(spelling.twice_wrong, "slip"),
    "ear: written as heard": respelt(spelling.heard, "slip"),
    "ear: ending": respelt(spelling.other_ending, "slip"),
    "ear: genitive s": respelt(spelling.genitive, "slip"),
    "split or joined": respelt(spelling.split, "slip"),
    "short: title": respelt(spelling.title, "clipped"),
    "short: initial": respelt(spelling.initials, "clipped"),
    "short: ending": respelt(spelling.clipped_ending, "clipped"),
    "short: words": respelt(spelling.clipped_words, "clipped"),
    "short: twenty letters": respelt(spelling.twenty, "clipped"),
    "no Danish letters": respelt(spelling.no_danish_letters, "slip"),
    "scanned": scanned_all,
    "street unknown": unknown_street,
    "number: words": number_words,
    "number: letter apart": letter_apart,
    "number: letter before flat": letter_before_flat,
    "number: letter in a column": letter_in_a_column,
    "number: letter unknown": letter_unknown,
    "number: entrance unknown": entrance_unknown,
    "number: unknown": number_unknown,
    "number: range": range_of_numbers,
    "number: range of letters": range_of_letters,
    "number: letters for digits": letters_for_digits,
    "flat: in words": flat_as(forms.in_words),
    "flat: in English": flat_as(forms.in_english),
    "flat: other signs": flat_as(forms.with_signs),
    "flat: door first": flat_as(forms.turned),
    "flat: Roman": flat_as(forms.roman),
    "flat: no gaps": flat_as(forms.glued),
    "flat: storey": flat_as(forms.storey),
    "flat: labels": flat_as(forms.in_columns),
    "flat: unknown": flat_unknown,
    "flat: floor only": floor_only,
    "flat: not there": flat_not_there,
    "place: postcode": postcode_written,
    "place: district": district_written,
    "place: country": country_after,
    "place: quarter": quarter_for_district,
    "place: city alone": city_alone,
    "place: no postcode": no_postcode,
    "place: nothing": no_place,
    "place: neighbour postcode": neighbour_postcode,
    "place: wrong district": wrong_district,
    "place: another town": other_town,
    "beside: label": labelled_before,
    "beside: protected": protected,
    "beside: person or firm": before(forms.who, ", ", ", ", " - ", ": ", "\n"),
    "beside: care of": before(forms.care_of, ", ", " ", " - ", "\n", ". "),
    "beside: care of, behind": after(forms.care_of),
    "beside: telephone": after(forms.phone),
    "beside: code": after(forms.code),
    "beside: date": after(forms.when),
    "beside: reference": before(forms.reference, ", ", ": ", " - ", " / "),
    "beside: firm like a street": firm_like_a_street,
    "beside: note": note,
    "beside: note, no postcode": note_without_postcode,
    "order: lines": laid_out(layouts.lines, "place"),
    "order: line break": broken_line,
    "order: signs": laid_out(layouts.piped),
    "order: columns": laid_out(layouts.columns, "postcode"),
    "order: postcode first": laid_out(layouts.postcode_first, "postcode"),
    "order: district first": laid_out(layouts.district_first, "district", "postcode"),
    "order: number first": laid_out(layouts.number_first),
    "order: flat first": laid_out(layouts.flat_first, "flat"),
    "order: flat last": laid_out(layouts.flat_last, "flat", "place"),
    "order: labels": laid_out(layouts.labelled, "postcode"),
    "old system": laid_out(layouts.padded, "postcode"),
    "letters: case": whole(layouts.capitals, layouts.small, layouts.in_quotes),
    "letters: no commas": without_commas,
    "letters: hidden signs": damaged(layouts.decomposed, layouts.invisible),
    "code: UTF-8 as Windows": damaged(
        layouts.twice_encoded, layouts.latin_encoded, layouts.thrice_encoded
    ),
    "code: DOS and Windows": damaged(layouts.dos_as_windows, layouts.windows_as_dos),
    "code: Mac": damaged(layouts.mac_as_windows, doubt="a rare wrong encoding"),
    "code: lost, ?": lost_letters("?"),
    "code: lost, replacement": lost_letters("\ufffd"),
    "code: entities": damaged(
        layouts.named_entities, layouts.numbered_entities, layouts.hex_entities
    ),
    "code: entities twice": damaged(layouts.escaped_entities),
    "code: hard spaces": whole(layouts.hard_spaces),
    "code: percent or mail": damaged(
        layouts.percent, layouts.quoted, doubt="a code of the web or of mail"
    ),
}
