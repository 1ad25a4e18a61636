"""Text -> the form in which two spellings of the same thing are equal."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "y", "ß": "ss", "ð": "d"}
)
_MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]")

_WORDS = {
    "gammel": "gl", "gamle": "gl", "gml": "gl",
    "soender": "sdr", "soendre": "sdr",
    "noerre": "nr", "nrr": "nr",
    "nordre": "ndr",
    "vester": "vestre", "vestr": "vestre", "oester": "oestre", "oestr": "oestre",
    "sankt": "skt", "sct": "skt",
    "store": "st",
    "lille": "ll",
    "doktor": "dr",
    "pl": "plads",
    "al": "alle", "all": "alle",
    "blvd": "boulevard", "boul": "boulevard", "bvld": "boulevard", "bd": "boulevard",
    "str": "straede",
    "g": "gade", "v": "vej", "vj": "vej",
}  # fmt: skip
"""Words with one meaning and several spellings, and the one that stands in a loose key.

First words stand abbreviated (`St.` may be Store or Sankt), last words in full: were `vej` and
`gade` one letter each, Ravnevej and Ravnegade would be one typing error apart.
"""

_ENDINGS = [
    (re.compile(r"(?<=[a-z]{3})vj$"), "vej"),
    (re.compile(r"(?<=[a-z]{4})v$"), "vej"),
    (re.compile(r"(?<=[a-z]{3}[^n])g$"), "gade"),
    (re.compile(r"(?<=[a-z]{3})str$"), "straede"),
]


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
    words = [_WORDS.get(word, word) for word in re.findall(r"[a-z0-9]+", folded)]
    for pattern, full in _ENDINGS:
        words[-1:] = [pattern.sub(full, word) for word in words[-1:]]
    return "".join(words)
