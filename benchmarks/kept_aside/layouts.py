"""The order and the signs between the parts of an address, and damage done to whole texts."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from random import Random

from kept_aside.draft import Draft

Layout = Callable[[Draft], str]


def _joined(sign: str, *parts: str) -> str:
    return sign.join(p for p in parts if p)


def lines(draft: Draft) -> str:
    """On lines of their own, as on an envelope."""
    sign = draft.rng.choice(["\n", "\r\n", "\n ", " \n"])
    return _joined(
        sign,
        *draft.before,
        _joined(", ", draft.line, draft.flat),
        *draft.notes,
        draft.town,
        draft.place,
        *draft.after,
    )


def piped(draft: Draft) -> str:
    """Other signs than commas between the parts."""
    sign = draft.rng.choice(
        [
            "|",
            " | ",
            ";",
            "; ",
            "\t",
            " / ",
            " - ",
            " – ",
            " · ",
            "  ",
            " ,",
            ",",
            ", , ",
            "<br>",
            "\\n",
            " _x000D_ ",
        ]
    )
    flat = draft.flat
    if sign in (" - ", " – ") and flat and not any(c.isalpha() for c in flat):
        sign = " | "
    return _joined(
        sign, *draft.before, draft.line, flat, *draft.notes, draft.town, draft.place, *draft.after
    )


def columns(draft: Draft) -> str:
    """Columns of a table, joined as they stand, empty ones too."""
    unit, rng = draft.unit, draft.rng
    whole = draft.flat_says == "unit"
    floor, door = (unit.floor, unit.door) if whole else ("", "")
    sign = rng.choice([", ", "; ", ";", "|", " ", ","])
    if sign == " " and floor.isdigit() and not door.isalpha():
        sign = ", "
    parts = {
        "s": draft.street,
        "n": draft.number,
        "f": floor,
        "d": door,
        "p": draft.postcode,
        "c": draft.district,
        "t": draft.town,
    }
    order = rng.choice(["pcsnfd", "snfdpc", "cpsnfd", "snfdtpc", "pcsnfd", "psnfdc", "csnfdp"])
    cells = [parts[k] for k in order]
    if sign != " " and rng.random() < 0.3:
        return sign.join(cells)
    return _joined(sign, *cells)


def postcode_first(draft: Draft) -> str:
    """Postcode and district before the street."""
    sign = draft.rng.choice([", ", ": ", " - ", ", ", " "])
    return draft.place + sign + _joined(", ", draft.line, draft.flat, *draft.notes)


def district_first(draft: Draft) -> str:
    """The district first, the postcode last."""
    return _joined(", ", draft.district, draft.line, draft.flat, draft.postcode)


def number_first(draft: Draft) -> str:
    """House number before the street, as in English or in forms that ask for it first."""
    return _joined(", ", f"{draft.lead}{draft.number} {draft.street}", draft.flat, draft.place)


def flat_first(draft: Draft) -> str:
    """Floor and door before the street."""
    sign = draft.rng.choice([", ", " - ", ": "])
    return _joined(", ", f"{draft.flat}{sign}{draft.line}", draft.place)


def flat_last(draft: Draft) -> str:
    """Floor and door behind the district or the postcode."""
    return _joined(
        draft.rng.choice([", ", " - ", "  ", ", "]),
        _joined(", ", draft.line, draft.place),
        draft.flat,
    )


def labelled(draft: Draft) -> str:
    """Labels of a form or an export before each part."""
    unit = draft.unit
    whole = draft.flat_says == "unit"
    labels = draft.rng.choice(
        [
            ("Vej: {}", "Nr: {}", "Etage: {}", "Side: {}", "Postnr: {}", "By: {}"),
            (
                "Vejnavn: {}",
                "Husnr.: {}",
                "Etage: {}",
                "Dør: {}",
                "Postnr.: {}",
                "Postdistrikt: {}",
            ),
            ("vejnavn={}", "husnr={}", "etage={}", "doer={}", "postnr={}", "postnrnavn={}"),
            ("Gade {}", "nr. {}", "etage {}", "dør {}", "postnr. {}", "by {}"),
        ]
    )
    values = (
        draft.street,
        draft.number,
        unit.floor * whole,
        unit.door * whole,
        draft.postcode,
        draft.district,
    )
    cells = [label.format(v) for label, v in zip(labels, values, strict=True) if v]
    return draft.rng.choice([", ", "; ", " "]).join(cells)


def padded(draft: Draft) -> str:
    """An old system: capitals, fields of fixed width, leading zeros."""
    unit = draft.unit
    whole = draft.flat_says == "unit"
    floor = unit.floor.zfill(2) if unit.floor.isdigit() else unit.floor
    number = f"{unit.digits.zfill(draft.rng.choice([3, 3, 4]))}{unit.letter}"
    gap = draft.rng.choice([1, 2, 4])
    wide = draft.street.ljust(draft.rng.choice([0, 20, 24]))
    cells = (wide, number, floor * whole, unit.door * whole, draft.place)
    return (" " * gap).join(c for c in cells if c).upper()


# Damage to the whole text that takes away nothing.


def _read_as(code: str, data: bytes) -> str:
    """Bytes read in a code; those that it lacks stay as invisible signs, as browsers leave them."""
    return "".join(_letter(code, byte) for byte in data)


def _letter(code: str, byte: int) -> str:
    try:
        return bytes([byte]).decode(code)
    except UnicodeDecodeError:
        return chr(byte)


def _written_in(code: str, text: str) -> bytes:
    return text.replace("–", "-").encode(code, errors="replace")


def twice_encoded(text: str) -> str:
    """UTF-8 read as Windows-1252."""
    return _read_as("cp1252", text.encode("utf-8"))


def latin_encoded(text: str) -> str:
    """UTF-8 read as ISO 8859-1, with its invisible signs."""
    return text.encode("utf-8").decode("latin-1")


def thrice_encoded(text: str) -> str:
    """UTF-8 read as Windows-1252, twice."""
    return twice_encoded(twice_encoded(text))


def dos_as_windows(text: str) -> str:
    """Code page 850 read as Windows-1252: å is †, ø is ›."""
    return _read_as("cp1252", _written_in("cp850", text))


def windows_as_dos(text: str) -> str:
    """Windows-1252 read as code page 850: å is Õ, ø is °."""
    return _read_as("cp850", _written_in("cp1252", text))


def mac_as_windows(text: str) -> str:
    """Mac Roman read as Windows-1252."""
    return _read_as("cp1252", _written_in("mac_roman", text))


# Codes of HTML, of mail and of pages.


def named_entities(text: str) -> str:
    """Danish letters as entities of HTML with names."""
    return text.translate(
        {
            ord(c): f"&{n};"
            for c, n in {
                "æ": "aelig",
                "ø": "oslash",
                "å": "aring",
                "Æ": "AElig",
                "Ø": "Oslash",
                "Å": "Aring",
                "é": "eacute",
                "ü": "uuml",
            }.items()
        }
    )


def numbered_entities(text: str) -> str:
    """Danish letters as entities with numbers."""
    return "".join(f"&#{ord(c)};" if ord(c) > 127 else c for c in text)


def hex_entities(text: str) -> str:
    """Danish letters as hexadecimal entities."""
    return "".join(f"&#x{ord(c):X};" if ord(c) > 127 else c for c in text)


def escaped_entities(text: str) -> str:
    """Entities whose ampersand was written as an entity again."""
    return html.escape(named_entities(text), quote=False)


def hard_spaces(text: str) -> str:
    """Spaces that do not break, as in HTML."""
    return text.replace(" ", "&nbsp;")


def decomposed(text: str) -> str:
    """Letters and their marks as signs of their own (NFD)."""
    return unicodedata.normalize("NFD", text)


def invisible(text: str) -> str:
    """Spaces that do not break, and signs without width."""
    return text.replace(" ", "\u00a0").replace("\u00a0", "\u200b \u00a0", 1)


def percent(text: str) -> str:
    """As in the address of a page: %C3%B8."""
    return "".join("".join(f"%{b:02X}" for b in c.encode()) if ord(c) > 127 else c for c in text)


def quoted(text: str) -> str:
    """As in old mail: =F8."""
    return "".join(f"={ord(c):02X}" if 127 < ord(c) < 256 else c for c in text)


def capitals(text: str) -> str:
    """All in capitals."""
    return text.upper()


def small(text: str) -> str:
    """All in small letters."""
    return text.lower()


def in_quotes(text: str) -> str:
    """In quotation marks, as from a CSV file."""
    return f'"{text}"'


def no_commas(text: str) -> str:
    """Without commas."""
    return re.sub(r"\s+", " ", text.replace(",", " "))


def broken_anywhere(text: str, rng: Random) -> str:
    """A line break at a space, wherever the line was full."""
    spots = [m.start() for m in re.finditer(" ", text)]
    i = rng.choice(spots)
    return text[:i] + "\n" + text[i + 1 :]
