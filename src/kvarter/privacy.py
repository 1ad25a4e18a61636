"""Person numbers (CPR) in free text, masked however they are written.

A text is first read as a person sees it: digits of any script, dashes and blanks of any kind, signs
that have no width, and what HTML or a web address writes in codes. In that the shapes of a person
number are looked for: six digits that begin with a possible day and month, and four more.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

MASK = "[cpr]"
"""Stands in a text where a person number stood."""

_ALIKE = "OoQIl"
"""Letters that are read or typed for 0 and 1."""
_MONTHS = "jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec"
_SET_APART = (
    "\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u249b\u24ea-\u24ff\u2776-\u2793"
)
"""Digits in circles, brackets, before points, above and below the line."""
SUSPECT = (
    r"\d(?:\D*\d){8}|\d[eE]"
    rf"|[\d{_ALIKE}]{{5}}[\d{_ALIKE}]?[\W_]{{0,6}}[\d{_ALIKE}]{{4}}"
    rf"|\d\W{{0,3}}(?i:{_MONTHS})\w*\W{{0,3}}\d"
    r"|\d[./-]\d{1,2}[./ -]{1,2}\d\d\D{1,20}\d{4}"
    rf"|[{_SET_APART}][\W_]{{0,3}}[\d{_SET_APART}]"
)
"""A pattern that no text lacks in which a number is masked; few others have it.

For Polars too, which looks through a column in one go.
"""

_MARK = r"[\s\-.,/_xX()\[\]]"
_GAP = f"{_MARK}{{0,5}}"
# `, ` and `. ` part a house number, a floor, a door and a postcode: `Ravnevej 21, 11. 12, 2450`.
_TIGHT_GAP = rf"(?:(?![.,]\s){_MARK}){{0,5}}"
_WIDE_GAP = r"[\W_]{0,20}"
_YEAR = r"(?:18|19|20)\d\d"
_DAY_MONTH = r"(?P<day>\d{1,2})[-./](?P<month>\d{1,2})[-./ ]{1,2}"
_NAMED = rf"(?P<day>\d{{1,2}})\W{{0,3}}(?P<month>{_MONTHS})[a-zæøå]{{0,8}}\W{{0,3}}"
_LONG_AGO = r"(?:18\d\d|19\d\d|200[0-4])"
"""No case is of such a year: it is one of birth."""
_WORDS = (
    r"(?:(?:cpr\w*|p?nr|person\w*|l(?:ø|oe?)be\w*|k(?:on)?tr\w*|endelse\w*|slut\w*|sidste|fire|4|cifre)"
    r"\W{1,4}){1,3}"
)
_WORD = r"(?!(?:lejl|sag|hus|afd|dør|vej|tlf|post|matr|bbr|journ))[^\W\d_]{1,9}"
"""That can stand in a person number, and not before a number of another kind."""
_BORN = r"(?<!\w)(?:f|fd|f(?:ø|oe)dt|cpr\w*|p?nr|person\w*)\W{0,4}(?:(?:d|den|nr)\W{0,3})?"


_NO_DIGIT_BEFORE, _NO_DIGIT_AFTER = r"(?<!\d)", r"(?!\d)"
_NO_PLACE_AFTER = r"(?!\d)(?!\s+[^\W\d])"
"""Four digits and a word are a postcode and its district."""


@dataclass(frozen=True)
class _Shape:
    """What a person number can look like: the first group of `pattern` is the number.

    `dated`: it is one only where it begins with a possible day and month, or where they stand in
    groups of these names. `sure`: it is no date and postcode either, whatever it looks like.
    """

    pattern: re.Pattern[str]
    dated: bool
    sure: bool = False


def _shape(
    number: str,
    *,
    dated: bool = True,
    sure: bool = False,
    before: str = _NO_DIGIT_BEFORE,
    after: str = _NO_DIGIT_AFTER,
) -> _Shape:
    """`before`, `after`: what else has to stand there."""
    return _Shape(re.compile(f"{before}(?=({number}){after})", re.I), dated, sure)


_SHAPES = [
    _shape(r"\d{5,6}[- ]?\d{4}(?:\.0)?", dated=False),
    _shape(r"\d[.,]\d+e\+?0?[89]", dated=False),  # what a spreadsheet makes of it: 1.01857788E+08
    _shape(r"\d{5}[\W_]{0,5}\d{4}"),
    _shape(rf"\d{{6}}{_WIDE_GAP}\d{{4}}"),
    _shape(rf"\d{{6}}\W{{1,4}}{_WORDS}\d{{4}}"),
    _shape(rf"\d(?:{_TIGHT_GAP}\d){{9}}"),
    _shape(rf"0(?:{_GAP}\d){{9}}"),  # no house number begins with a zero
    _shape(rf"\d\d{_GAP}\d\d{_GAP}\d\d\s{{0,9}}[-:]\s{{0,9}}\d{{4}}"),
    _shape(rf"\d{_TIGHT_GAP}\d\d{_TIGHT_GAP}\d\d{_TIGHT_GAP}\d{{4}}"),
    _shape(rf"(?P<day>\d{{1,2}})[./-](?P<month>\d{{1,2}})[./ -](?:\d\d|{_YEAR}) ?[-:/] ?\d{{4}}"),
    _shape(rf"\d\d{_TIGHT_GAP}\d\d{_TIGHT_GAP}{_YEAR}{_GAP}\d{{4}}"),
    _shape(rf"\d\d{_TIGHT_GAP}\d\d{_TIGHT_GAP}{_YEAR}\s{{0,20}}[^\w\s;,]?\s{{0,20}}\d{{4}}"),
    _shape(rf"\d{{4}}{_YEAR}{_WIDE_GAP}\d{{4}}"),
    _shape(rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d){_WIDE_GAP}\d{{4}}"),
    _shape(rf"{_YEAR}[-./ ]?(?P<month>\d\d)[-./ ]?(?P<day>\d\d)[^\w;]{{0,9}}\d{{4}}"),
    _shape(rf"{_NAMED}'?(?:{_YEAR}|\d\d)[^\w;]{{0,9}}(?:{_WORDS})?\d{{4}}"),
    # A word between.
    _shape(rf"\d{{6}}\W{{0,4}}{_WORD}\W{{0,4}}\d{{4}}"),
    _shape(rf"\d{{4}}{_YEAR}{_WORD}\d{{4}}"),
    _shape(rf"{_DAY_MONTH}(?:{_YEAR}|\d\d)\W{{1,4}}{_WORDS}\d{{4}}"),
    # The same sign, whichever it is, between all.
    _shape(r"\d\d(?P<sep>[^\w\s])\d\d(?P=sep)\d\d(?:(?P=sep)|-)\d{4}"),
    _shape(rf"{_DAY_MONTH}\d\d[^\w,;]{{1,3}}\d{{4}}", after=_NO_PLACE_AFTER),
    _shape(
        r"(?P<day>\d{1,2})(?P<sep>[-/])(?P<month>\d{1,2})(?P=sep)\d\d[^\w,;]{1,3}\d{4}",
        after=r"(?!\d)(?!\s+(?-i:[A-ZÆØÅ]))",
    ),
    # A day of birth, by what stands before it or by its year.
    _shape(
        rf"{_DAY_MONTH}(?:{_YEAR}|\d\d)\W{{1,6}}(?:{_WORD}\W{{1,4}})?\d{{4}}",
        sure=True,
        before=_BORN,
    ),
    _shape(
        rf"{_DAY_MONTH}{_LONG_AGO}\W{{1,4}}(?:{_WORDS})?\d{{4}}", sure=True, after=_NO_PLACE_AFTER
    ),
    _shape(r"\d{6}[\W_]?\d{4}", before=r"(?:\+|(?<!\d)00)45\s?"),
    # Stuck to a house number or a postcode.
    _shape(r"\d{6}[-:]\d{4}", before=r"(?<=\d)"),
    _shape(r"\d{6}[-:]\d{4}", after=r"\d{1,8}(?!\d)"),
    _shape(r"\d{10}", after=r"[1-9]\d{3}(?!\d) ?[^\W\d_]"),
    _shape(r"\d{10}", before=r"(?<!\d)(?!19|20[1-9])(?<!\d)(?=[1-9]\d{13}(?!\d))\d{4}"),
    # Letters for digits.
    _shape(
        rf"(?P<alike>[\d{_ALIKE}]{{5}}(?:[\d{_ALIKE}][\W_]{{0,6}}|[\W_]{{1,6}})[\d{_ALIKE}]{{4}})",
        before=r"(?<![^\W_])",
        after=r"(?![^\W_])",
    ),
]
_FEWEST_DIGITS = 6
"""That are digits, of ten."""
_DATE = rf"(?:\d\d[-./]\d\d[-./]\d{{4}}|\d{{4}}-\d\d-\d\d|\d{{8}}|{_NAMED}\d{{4}})"
_OTHER_THAN_A_NUMBER = re.compile(
    rf"{_DATE}(?:[ T]\d\d[:.]\d\d(?!\d)"  # a date and a time
    r"|,\s+\d{4}(?!\d)|\s+\d{4}\s+(?-i:[A-ZÆØÅ])\D*$)"  # a date and a postcode
    r"|\d{6}\W+(?:til|fra|i|på|ved)\W+\d{4}\s+[^\W\d]",  # where somebody was from that day on
    re.I,
)
_DAY = r"(?:\d{1,2}[-./]\d{1,2}[-./]\d{4}|\d{4}-\d\d-\d\d)"
_ID = re.compile(
    rf"(?<!\d){_DAY}[^\w;]{{1,5}}{_DAY}(?!\d)|"  # from one day to another
    r"\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # UUID
    r"|(?=\d*[a-f])[0-9a-f]{32,64}"  # a hash
    r"|\d{8}(?=\w*_)\w{4}(?:\w{7})?)\b",  # KVH and KVHX, an address by its codes
    re.I,
)
_CODED = re.compile(
    r"&(?:#\d{1,6}|#x[0-9a-f]{1,6}|[a-z]{2,8});|%[0-9a-f]{2}|</?[a-z][^<>]{0,40}>"
    r"|=2D|\\u00[2-7][0-9a-f]",
    re.I,
)
_SUSPECT = re.compile(SUSPECT)


def without_person_numbers(text: str) -> str:
    """`text` with everything that looks like a Danish person number (CPR) masked.

    That is ten digits that begin with a possible day and month, or twelve where the year is in
    full (the day or the year first, the month also by its name), with a few blanks, dashes, points
    and the like between any of them; and nine or ten in a row, whatever they are, as a spreadsheet
    takes a leading zero. Messages and free text quote what stands in a file; a person number must
    never be quoted with it.
    """
    if _SUSPECT.search(text) is None:
        return text
    seen, places = _as_seen(text)
    masked, end = "", 0
    for first, last in _person_numbers(seen):
        start, stop = places[first][0], places[last - 1][1]
        # Two that share digits are masked as one: nobody can tell which of them is meant.
        if start >= end:
            masked += text[end:start] + MASK
        end = max(end, stop)
    return masked + text[end:]


def _as_seen(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text in plain signs, and from where to where each of them stands in `text`."""
    if text.isascii() and _CODED.search(text) is None:
        return text, [(at, at + 1) for at in range(len(text))]
    signs: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    while at < len(text):
        coded = _CODED.match(text, at) if text[at] in "&%<=\\" else None
        end = coded.end() if coded else at + 1
        for sign in _decoded(coded[0]) if coded else text[at]:
            for plain in _plain(sign):
                signs.append(plain)
                places.append((at, end))
        at = end
    return "".join(signs), places


def _decoded(code: str) -> str:
    if code[0] == "&":
        return html.unescape(code)
    if code[0] == "\\":
        return chr(int(code[2:], 16))
    if code[0] == "=":
        return "-"
    if code[0] == "%":
        return chr(int(code[1:], 16)) if code[1] < "8" else "-"
    return " "


def _plain(sign: str) -> str:
    """A sign as it looks: nothing where it has no width."""
    if sign.isascii():
        return sign
    digit, kind = unicodedata.digit(sign, None), unicodedata.category(sign)
    if digit is not None:
        return str(digit)
    if kind in ("Cf", "Mn", "Me"):
        return ""
    if kind == "Pd" or sign == "\u2212":
        return "-"
    if kind.startswith("Z"):
        return " "
    alike = unicodedata.normalize("NFKC", sign)
    return alike if alike.isascii() else sign


def _person_numbers(text: str) -> list[tuple[int, int]]:
    """From where to where each of them stands, in order."""
    ids = [match.span() for match in _ID.finditer(text)]
    return sorted(
        match.span(1)
        for shape in _SHAPES
        for match in shape.pattern.finditer(text)
        if not any(first <= match.start(1) < last for first, last in ids)
        and (not shape.dated or _begins_with_a_day(text, match, sure=shape.sure))
    )


def _begins_with_a_day(text: str, number: re.Match[str], *, sure: bool) -> bool:
    """Day and month are possible; a replacement number has 60 added to its day."""
    if not sure and _OTHER_THAN_A_NUMBER.match(text, number.start(1)):
        return False
    groups = number.groupdict()
    if "day" in groups:
        month = groups["month"]
        return _is_day(groups["day"]) and (not month.isdigit() or _is_month(month))
    written = number[1]
    if "alike" in groups:
        if sum(each.isdigit() for each in written) < _FEWEST_DIGITS:
            return False
        written = re.sub("[Il]", "1", re.sub("[OoQ]", "0", written))
    digits = re.sub(r"\D", "", written).zfill(10)
    return _is_day(digits[:2]) and _is_month(digits[2:4])


def _is_day(day: str) -> bool:
    return 1 <= int(day) <= 31 or 61 <= int(day) <= 91


def _is_month(month: str) -> bool:
    return 1 <= int(month) <= 12
