"""Text -> the form in which two spellings of the same thing are equal."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "y", "ß": "ss", "ð": "d"}
)
_MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]")

_WORDS = {
    "gl": "gammel", "gml": "gammel", "gamle": "gammel",
    "sdr": "soender", "soendre": "soender",
    "nr": "noerre", "nrr": "noerre",
    "ndr": "nordre",
    "vestre": "vester", "oestre": "oester",
    "skt": "sankt", "sct": "sankt",
    "ll": "lille",
    "dr": "doktor",
    "pl": "plads",
    "al": "alle", "all": "alle",
    "blvd": "boulevard", "boul": "boulevard", "bvld": "boulevard", "bd": "boulevard",
    "str": "straede",
    "g": "gade", "v": "vej", "vj": "vej",
}  # fmt: skip
"""Words that are abbreviated, and how they are written in full."""

_DOTTED_ENDINGS = [
    (re.compile(rf"(?<=[a-z]{{2}}){short}\."), full)
    for short, full in (("vj?", "vej"), ("g", "gade"), ("pl", "plads"), ("str", "straede"))
]
_UNDOTTED_ENDING = re.compile(r"(?<=[a-z]{2})vj\b")


def mend_mojibake(text: str) -> str:
    """`text` with `KÃ¸benhavn` read as `København`: UTF-8 that was once read as Windows-1252."""

    def mended(match: re.Match[str]) -> str:
        for encoding in ("cp1252", "latin-1"):
            try:
                return match[0].encode(encoding).decode("utf-8")
            except UnicodeError:
                continue
        return match[0]

    return _MOJIBAKE.sub(mended, text)


def fold(text: str) -> str:
    """Small letters a-z with punctuation kept; `å` and `aa`, `é` and `e` are the same."""
    lowered = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    if not lowered.isascii():
        decomposed = unicodedata.normalize("NFKD", lowered)
        lowered = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(lowered.split())


def exact_key(folded: str) -> str:
    """Equal for names that differ in case, accents, punctuation and spacing only."""
    return re.sub(r"[^a-z0-9]", "", folded)


def loose_key(folded: str) -> str:
    """Equal also for names that differ in how words are abbreviated (Gl., Sdr., Vj., Pl.)."""
    for pattern, full in _DOTTED_ENDINGS:
        folded = pattern.sub(f"{full} ", folded)
    words = re.findall(r"[a-z0-9]+", _UNDOTTED_ENDING.sub("vej", folded))
    return "".join(_WORDS.get(word, word) for word in words)


def typing_key(loose: str) -> str:
    """A loose key in which `å`, `ø` and `æ` are one letter again: one slip of a finger each."""
    return loose.replace("aa", "å").replace("oe", "ø").replace("ae", "æ")
