"""Text -> the form in which two spellings of the same thing are equal."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import lru_cache

import polars as pl

_LETTERS = {
    "æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "y", "ß": "ss", "ð": "d",
    "é": "e", "’": "'", "´": "'", "`": "'", "–": "-", "—": "-", "‐": "-", "\u00a0": " ", '"': " ",
    "\ufffd": "?",
}  # fmt: skip
_COMMON = {letter: _LETTERS[letter.lower()] for letter in "æøåéÆØÅÉ"}
_RARE = r"[^ !#-~]|  "
"""What takes more than the common letters and small ones to fold."""

_WORDS = {
    "gl": "gammel", "gml": "gammel", "gamle": "gammel",
    "sdr": "soender", "soendre": "soender", "soend": "soender",
    "nr": "noerre", "nrr": "noerre", "nrd": "nordre",
    "ndr": "nordre", "vestre": "vester", "vest": "vester", "oestre": "oester", "oest": "oester",
    "skt": "sankt", "sct": "sankt", "ll": "lille", "str": "store",
    "dr": "doktor", "prof": "professor", "chr": "christian", "kgs": "kongens", "pr": "prins",
}  # fmt: skip
"""Words that are abbreviated anywhere in a name, and how they are written in full."""

_FIRST_WORDS = {"v": "vester", "oe": "oester", "n": "noerre", "s": "soender", "st": "store"}
_LAST_WORDS = {
    "g": "gade", "gd": "gade", "v": "vej", "vj": "vej", "pl": "plads", "al": "alle", "all": "alle",
    "blvd": "boulevard", "boul": "boulevard", "bvld": "boulevard", "bd": "boulevard",
    "str": "straede", "vgt": "vaenget", "vng": "vaenget", "prk": "parken", "pk": "parken",
    "bkn": "bakken", "bk": "bakken", "mrk": "marken", "trv": "torvet", "tvt": "torvet",
    "vjn": "vejen", "gde": "gade", "hvn": "haven", "tft": "toften",
    "bvd": "boulevard", "bld": "boulevard", "blv": "boulevard",
}  # fmt: skip
_SHORT = frozenset((*_WORDS, *_FIRST_WORDS, *_LAST_WORDS))
_DOTTED = "vj?|gd?|pl|str|all?|blvd?|boul|bv?d|vgt|vng|prk|pk|tft|bkn?|mrk|trv|tvt|vjn|gde|hvn"
_UNDOTTED = "vj|pl|blvd|vgt|vng|prk|gd|vjn|bkn"
_DOTTED_ENDING = re.compile(rf"(?<=[a-z]{{2}})({_DOTTED})\.")
_UNDOTTED_ENDING = re.compile(rf"(?<=[a-z]{{2}})({_UNDOTTED})\b")
_SHORT_ENDINGS = tuple(_UNDOTTED.split("|"))
_ANY_SHORT = (
    rf"(?:^|[^a-z0-9])(?:{'|'.join(sorted(_SHORT))})(?:[^a-z0-9]|$)"
    rf"|[a-z]{{2}}(?:(?:{_DOTTED})\.|(?:{_UNDOTTED})(?:[^a-z0-9]|$))"
)
"""What a name has where its loose key is not its exact one."""
_FEW = 64
"""Texts that are looked at one by one."""
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]")
_WORD = re.compile(r"[a-z0-9]+")


def mend_mojibake(texts: pl.Series) -> pl.Series:
    """`KÃ¸benhavn` as `København`: texts in UTF-8 that were once read as Windows-1252."""
    return texts.str.replace_many(list(_MENDED), list(_MENDED.values()))


CODED = (
    r"&(?:#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});"
    r"|[%=][89A-Fa-f][0-9A-Fa-f]|%2[0C]|\\u00[0-9a-fA-F]{2}"
)
_BYTES = re.compile(r"(?:[%=][0-9A-Fa-f]{2})+")
_ESCAPE = re.compile(r"\\u(00[0-9a-fA-F]{2})")


_MEANT_BY_CODES = frozenset("æøåÆØÅéÉäöüÄÖÜß ,")


def read_codes(texts: pl.Series) -> pl.Series:
    r"""Letters that stand as codes, as letters.

    Those of HTML (`K&oslash;benhavn`, also coded twice), of the web (`K%C3%B8benhavn`), of mail
    (`K=F8benhavn`) and of programs (`K\u00f8benhavn`).
    """
    return pl.Series([_read_codes(text) for text in texts.to_list()], dtype=pl.String)


def _read_codes(text: str) -> str:
    plain = html.unescape(html.unescape(text))
    plain = _ESCAPE.sub(lambda code: chr(int(code[1], 16)), plain)
    return _BYTES.sub(lambda coded: _read_bytes(coded[0]), plain)


def _read_bytes(coded: str) -> str:
    raw = bytes.fromhex(coded.replace("%", "").replace("=", ""))
    for encoding in ("utf-8", "cp1252"):
        try:
            letters = raw.decode(encoding)
        except UnicodeError:
            continue
        # `vej=bevtoftgade` has no code in it.
        return letters if set(letters) <= _MEANT_BY_CODES else coded
    return coded


_IN_OTHER_CODES = {
    **{"\u2018": "æ", "\u203a": "ø", "\u2020": "å", "\u00b5": "æ", "\u00b0": "ø", "\u00d5": "å"},
    **{
        "\u201a": "é",
        "\u253c": "Å",
        "\u256a": "Ø",
        "\u03c3": "å",
        "\u00be": "æ",
        "\u00bf": "ø",
        "\u0152": "å",
    },
    **{"{": "æ", "|": "ø", "}": "å", "[": "Æ", "\\": "Ø", "]": "Å", "\u00a2": "ø", "\u00a5": "Ø"},
}
"""Danish letters of DOS, of a Mac and of seven bits, as another code shows them; none is Danish."""
_SIGNS = "".join(f"\\{sign}" if sign in "{}|[]\\" else sign for sign in _IN_OTHER_CODES)
GARBLED = frozenset((*_IN_OTHER_CODES, *"ÃÂ&%="))
"""What a text has where letters may stand in codes, or in those of another system."""
_LATIN = "[A-Za-z\u00c0-\u024f]"
IN_OTHER_CODE = (
    rf"{_LATIN}[{_SIGNS}]{_LATIN}|^[{_SIGNS}]{_LATIN}|{_LATIN}\u201a |(?:^|[ ,(])[pP][{_SIGNS}] "
)
"""A sign beside letters: it stands for one."""
_BETWEEN = re.compile(
    rf"(?<=[^\W\d_])[{_SIGNS}](?=[^\W\d_])|^[{_SIGNS}](?=[^\W\d_])|(?<=[^\W\d_])\u201a(?= )"
    rf"|(?<=\b[pP])[{_SIGNS}](?= )"
)

_BETWEEN_PARTS = re.compile(
    r"[0-9][A-Za-z]?[][{|}\\]|(?:^|\s)[][{|}\\](?=\s)|(?:^|[\s,;])\[[^][]*\](?=$|[\s,;:.])"
)
"""A sign behind a number, or alone, stands between the parts of an address."""


_LOST = {
    word.replace("ae", "?").replace("oe", "?").replace("aa", "?"): word
    for word in """
    paa doer doeren hoejre hoej hoe foerste kaelder kaelderen vaer vaerelse vaerelset bopael oest
    udsaettelse bopaelsadresse bagvaerelse foer soester koebenhavn noerre soender straede alle
    """.split()
}
_LOST_WORD = re.compile(rf"(?<![a-z?])(?:{'|'.join(map(re.escape, _LOST))})(?![a-z?])")


def mend_lost_words(folded: pl.Series) -> pl.Series:
    """`p? f?rste sal til h?jre` in full: in such words it is known which letter was lost."""
    mended = [
        _LOST_WORD.sub(lambda found: _LOST[found[0]], text.replace("??", "?"))
        for text in folded.to_list()
    ]
    return pl.Series(mended, dtype=pl.String)


def mend_other_code(texts: pl.Series) -> pl.Series:
    """`Bl†g†rdsgade` and `Bl}g}rdsgade` as `Blågårdsgade`."""
    mended = []
    for text in texts.to_list():
        before = text if _BETWEEN_PARTS.search(text) else ""
        while before != text:  # one letter may stand beside another that is mended
            before = text
            text = _BETWEEN.sub(lambda sign: _IN_OTHER_CODES[sign[0]], text)
        mended.append(text)
    return pl.Series(mended, dtype=pl.String)


def _read_as_utf8(two: str) -> str:
    for encoding in ("cp1252", "latin-1"):
        try:
            return two.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return two


_MENDED = {
    two: _read_as_utf8(two)
    for first in "ÃÂ"
    for code in (*range(0x80, 0xC0), *range(0x152, 0x2DD), *range(0x2013, 0x2123))
    if (two := first + chr(code)) != _read_as_utf8(two)
}


def fold_all(texts: pl.Series) -> pl.Series:
    """Small letters a-z with punctuation kept; `å` and `aa`, `é` and `e` are the same."""
    text, common = pl.col("text"), pl.col("common")
    frame = texts.alias("text").to_frame()
    frame = frame.with_columns(common=text.str.replace_many(list(_COMMON), list(_COMMON.values())))
    frame = frame.with_columns(
        folded=common.str.to_lowercase().str.strip_chars(),
        rare=common.str.contains(_RARE).fill_null(False),
    )
    if not frame["rare"].any():
        return frame["folded"]
    rare = frame.filter("rare").select(_fold_rare(text))
    return frame["folded"].scatter(frame["rare"].arg_true(), rare["text"])


def _fold_rare(text: pl.Expr) -> pl.Expr:
    plain = text.str.normalize("NFC").str.to_lowercase()
    plain = plain.str.replace_many(list(_LETTERS), list(_LETTERS.values()))
    bare = plain.str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    return bare.str.replace_all(r"[\s\p{C}]+", " ").str.strip_chars()


def contain(texts: pl.Series, pattern: str) -> pl.Series:
    """Whether each of `texts` has `pattern` in it; where there is no text it has not.

    Few texts are looked at one by one: a table makes its pattern ready anew each time, which takes
    as long as searching a thousand.
    """
    if len(texts) > _FEW:
        return texts.str.contains(pattern).fill_null(False)
    search = _ready(pattern).search
    found = [text is not None and search(text) is not None for text in texts.to_list()]
    return pl.Series(found, dtype=pl.Boolean)


_ready = lru_cache(maxsize=None)(re.compile)


def change_where(
    texts: pl.Series, pattern: str, change: Callable[[pl.Series], pl.Series]
) -> pl.Series:
    """`texts` with those that match `pattern` changed: the others, most of them, cost nothing."""
    found = contain(texts, pattern)
    if not found.any():
        return texts
    return texts.clone().scatter(found.arg_true(), change(texts.filter(found)))


def fold(text: str) -> str:
    """`fold_all` of one text."""
    return str(fold_all(pl.Series([text], dtype=pl.String))[0])


def exact_key(folded: str) -> str:
    """Equal for names that differ in case, accents, punctuation and spacing only."""
    joined = folded.replace(" ", "")
    # Most names are plain letters, and there are very many of them.
    return joined if joined.isascii() and joined.isalpha() else _NOT_IN_A_KEY.sub("", folded)


def exact_keys(folded: pl.Series) -> pl.Series:
    """`exact_key` of each."""
    return change_where(folded, "[^a-z0-9]", lambda some: some.str.replace_all("[^a-z0-9]", ""))


def loose_keys(folded: pl.Series) -> pl.Series:
    """`loose_key` of each. Names without an abbreviation, most of them, cost nothing."""
    keys = exact_keys(folded)
    short = contain(folded, _ANY_SHORT).arg_true()
    if short.is_empty():
        return keys
    return keys.clone().scatter(short, [loose_key(one) for one in folded.gather(short)])


@lru_cache(maxsize=200_000)
def loose_key(folded: str) -> str:
    """Equal also for names that differ in how words are abbreviated (Gl., Sdr., Vj., Pl.)."""
    if folded.isascii() and folded.isalpha() and not folded.endswith(_SHORT_ENDINGS):
        return _WORDS.get(folded, folded)
    if "." in folded:
        folded = _DOTTED_ENDING.sub(lambda ending: f"{_LAST_WORDS[ending[1]]} ", folded)
    if any(map(folded.__contains__, _SHORT_ENDINGS)):
        folded = _UNDOTTED_ENDING.sub(lambda ending: _LAST_WORDS[ending[1]], folded)
    words = _WORD.findall(folded)
    if _SHORT.isdisjoint(words):
        return "".join(words)
    if len(words) > 1:
        words[0] = _FIRST_WORDS.get(words[0], words[0])
        words[-1] = _LAST_WORDS.get(words[-1], words[-1])
    return "".join([_WORDS.get(word, word) for word in words])


def typing_keys(loose: pl.Series) -> pl.Series:
    """Loose keys in which `å`, `ø` and `æ` are one letter again: one slip of a finger each."""
    return loose.str.replace_many(["aa", "oe", "ae"], ["å", "ø", "æ"])
