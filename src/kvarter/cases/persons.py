"""Person numbers (CPR) -> pseudonyms, at the moment they are read.

A pseudonym is a keyed hash (HMAC-SHA-256, RFC 2104): without the key nobody can go back by
hashing all possible numbers. The number itself leaves this module only as a birth date.
"""

from __future__ import annotations

import datetime as dt
import hmac
import re
import unicodedata
from dataclasses import dataclass, field

import polars as pl
import polars_hash as plh

from kvarter.cases.placeholders import (
    AS_WRITTEN_PATTERN,
    ERROR_PATTERN,
    IN_BRACKETS_PATTERN,
    NO_COURT_CASE_AS_WRITTEN,
    NO_COURT_CASE_PATTERN,
    NO_NAME_PATTERN,
    NO_PERSON_PATTERN,
    WORDS_PATTERN,
)
from kvarter.errors import KeyMissingError, Problem
from kvarter.files.values import by_distinct
from kvarter.privacy import SUSPECT, without_person_numbers

_SHORTEST_KEY = 32
_LENGTH_OF_ID, _LENGTH_OF_PSEUDONYM = 20, 24
UNREADABLE, NOBODYS = "unreadable", "placeholder"
"""Why a value that is there is no key."""


@dataclass(frozen=True)
class Pseudonyms:
    """Makes the same pseudonym of the same number or name, for as long as the key is the same."""

    key: str = field(repr=False)

    def __post_init__(self) -> None:
        length = len(self.key.encode())
        if length < _SHORTEST_KEY:
            raise KeyMissingError(
                Problem(
                    f"the key for pseudonyms has {length} characters, and needs at least "
                    f"{_SHORTEST_KEY}",
                    "Make one with: openssl rand -hex 32",
                )
            )

    def fingerprint(self) -> str:
        """Tells one key from another, and nothing of either."""
        return hmac.digest(self.key.encode(), b"fingerprint of this key", "sha256").hex()[:16]

    def of_numbers(self, digits: pl.Series) -> pl.Series:
        """The pseudonyms of person numbers of ten digits."""
        return self._hashed("number", digits)

    def of_names(self, names: pl.Series) -> pl.DataFrame:
        """`key`: the pseudonym of each name, the same for other case, accents, order and spacing.

        `lost`: NOBODYS where the name is a word for none.
        """
        words = words_of_names(names)
        in_brackets = names.str.contains(IN_BRACKETS_PATTERN) & words.str.contains(WORDS_PATTERN)
        as_written = names.str.contains(AS_WRITTEN_PATTERN)
        nobodys = words.str.contains(NO_NAME_PATTERN) | in_brackets | as_written
        return self._keys("name", words, nobodys, names != "")

    def of_court_cases(self, numbers: pl.Series) -> pl.DataFrame:
        """`key`: the pseudonym of each court case number; some offices write a person number there.

        `lost`: NOBODYS where there is no number of a case in it.
        """
        characters = numbers.str.to_uppercase().str.replace_all(r"[^\pL\pN]", "")
        nobodys = numbers.str.replace_all(r"[^0-9]+", " ").str.contains(NO_COURT_CASE_PATTERN)
        nobodys = nobodys | numbers.str.contains(NO_COURT_CASE_AS_WRITTEN)
        return self._keys("court case", characters, nobodys, numbers != "")

    def of_texts(self, texts: pl.Series, masked: pl.Series) -> pl.Series:
        """Ids for texts, by which they are found again without being shown in full.

        `masked` are the texts without person numbers. Where one is another, its id is keyed: two
        texts that differ in the number only look alike and keep ids of their own. Any other text
        has the same id under every key.
        """
        ids = texts.to_frame("text").select(plh.col("text").chash.sha2_256()).to_series()
        differs = texts != masked
        if differs.any():
            ids = ids.scatter(differs.arg_true(), self._hashed("text", texts.filter(differs)))
        return "t" + ids.str.head(_LENGTH_OF_ID)

    def _keys(
        self, kind: str, values: pl.Series, nobodys: pl.Series, given: pl.Series
    ) -> pl.DataFrame:
        lost = nobodys | (values == "")
        usable = pl.select(pl.when(~lost).then(values)).to_series()
        why = pl.select(pl.when(lost & given).then(pl.lit(NOBODYS))).to_series()
        return pl.DataFrame({"key": self._hashed(kind, usable), "lost": why})

    def _hashed(self, kind: str, values: pl.Series) -> pl.Series:
        """HMAC of `kind:value`, in hexadecimal digits; null where there is no value."""
        named = plh.concat_str(pl.lit(f"{kind}:"), pl.col("value"))
        hashes = named.chash.hmac_sha256(key=self.key).str.head(_LENGTH_OF_PSEUDONYM)
        return values.to_frame("value").select(hashes.alias("hash")).to_series()


def words_of_names(names: pl.Series) -> pl.Series:
    """The words of each name in order of the alphabet, in small letters without accents."""
    small = names.str.to_lowercase().str.replace_many(_WITHOUT_ACCENT)
    words = small.str.replace_all(r"\PL+", " ").str.strip_chars(" ")
    in_order = _in_order(words)
    many = words.str.count_matches(" ", literal=True) >= _FEW_WORDS
    if many.any():
        each = [" ".join(sorted(text.split(" "))) for text in words.filter(many).to_list()]
        in_order = in_order.scatter(many.arg_true(), pl.Series(each))
    rare = ~names.str.contains(f"^[{_COMMON}]*$")
    if not rare.any():
        return in_order
    return in_order.scatter(
        rare.arg_true(), by_distinct(names.filter(rare), words_of_name, pl.String())
    )


_COMMON = r"\x00-\x7F\u00C0-\u00D6\u00D8-\u00DE\u00E0-\u00F6\u00F8-\u00FF"
"""Letters that Polars and Python write small in the same way, and that have no accent but those of
`_WITHOUT_ACCENT`."""

_WITHOUT_ACCENT = {
    letter: parts[0]
    for letter in map(chr, range(0xE0, 0x100))
    if len(parts := unicodedata.normalize("NFD", letter)) > 1
}

_FEW_WORDS = 4


def _in_order(texts: pl.Series) -> pl.Series:
    """The words of each text, of which there are few, in order of the alphabet.

    Neighbours change places as in a bubble sort, whole columns of words at a time: lists of words
    take Polars and Python several times as long.
    """
    split = pl.col("text").str.split_exact(" ", _FEW_WORDS - 1).struct.unnest()
    words = texts.to_frame("text").lazy().select(split)
    for end in range(_FEW_WORDS - 1, 0, -1):
        for at in range(end):
            one, other = f"field_{at}", f"field_{at + 1}"
            swapped = pl.col(one) > pl.col(other)
            first, second = pl.when(swapped).then(other), pl.when(swapped).then(one)
            words = words.with_columns(
                first.otherwise(one).alias(one), second.otherwise(other).alias(other)
            )
    joined = pl.concat_str(pl.all(), separator=" ", ignore_nulls=True)
    return words.select(joined).collect().to_series()


def words_of_name(name: str) -> str:
    """The same of one name, with all that Unicode has."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    words = re.findall(r"[^\W\d_]+", "".join(c for c in decomposed if not _is_accent(c)))
    return " ".join(sorted(words))


def _is_accent(character: str) -> bool:
    return unicodedata.combining(character) > 0


def person_numbers(texts: pl.Series) -> pl.DataFrame:
    """`digits` and `born` of each text that is a person's number, and `lost` of each other one.

    `lost`: why there is none (UNREADABLE or NOBODYS; null where nothing stands there).
    """
    plain = texts.str.strip_chars(" ").str.extract(r"^([0-9]{6}[- ]?[0-9]{4})$", 1)
    digits = (plain.str.head(6) + plain.str.tail(4)).alias("digits")
    odd = texts.filter(digits.is_null() & (texts != "")).unique()
    if not odd.is_empty():
        mended = pl.Series([_digits_of(text) for text in odd], dtype=pl.String)
        careful = texts.replace_strict(odd, mended, default=None, return_dtype=pl.String)
        digits = pl.select(pl.coalesce(digits, careful).alias("digits")).to_series()
    is_word = texts.is_in([text for text in odd if _says_nothing(text)])
    nobodys = digits.str.contains(NO_PERSON_PATTERN).fill_null(False) | is_word
    found = pl.DataFrame({"digits": digits, "nobodys": nobodys, "given": texts != ""})
    lost = (
        pl.when("nobodys")
        .then(pl.lit(NOBODYS))
        .when(pl.col("given") & pl.col("born").is_null())
        .then(pl.lit(UNREADABLE))
    )
    return (
        found.with_columns(_birth_dates(digits).alias("born"))
        .with_columns(lost.alias("lost"))
        .select(
            pl.when(pl.col("lost").is_null()).then("digits").alias("digits"),
            pl.when(pl.col("lost").is_null()).then("born").alias("born"),
            "lost",
        )
    )


def read_person_number(text: str) -> tuple[str, dt.date] | None:
    """The ten digits and the birth date of one person number, or None where it is no person's.

    A spreadsheet's traces are mended: a lost leading zero, `101901234,0`, `1.01901234E+08`,
    `="..."`, an apostrophe before it. Blanks, dashes, points, slashes and apostrophes between day,
    month, year and serial number are read past, and so are marks that are not seen. The year may
    be in full, first or last. The century follows the seventh digit (CPR-kontoret, "Personnummeret
    i CPR-systemet", 2008), and a year in full must agree with it. A replacement number (day + 60)
    gives the day it stands for. Modulus 11 is not asked for: it has not held since 2007.
    """
    digits, born, _lost = person_numbers(pl.Series([text])).row(0)
    return (digits, born) if digits is not None and born is not None else None


def _birth_dates(digits: pl.Series) -> pl.Series:
    """The birth date of each person number of ten digits; null where there is no such day."""
    number = digits.cast(pl.Int64)
    parts = {
        "day": number // 10**8,
        "month": number // 10**6 % 100,
        "year": number // 10**4 % 100,
        "seventh": number // 10**3 % 10,
    }
    day, month, year, seventh = map(pl.col, parts)
    century = (
        pl.when(seventh <= 3)
        .then(1900)
        .when(seventh.is_in([4, 9]))
        .then(pl.when(year <= 36).then(2000).otherwise(1900))
        .otherwise(pl.when(year <= 57).then(2000).otherwise(1800))
    )
    # `pl.date` raises at a day that is not: here a day too many is one of the next month.
    first = pl.date(century + year, pl.when(month.is_between(1, 12)).then(month), 1)
    after = pl.duration(days=pl.when(day > 60).then(day - 60).otherwise(day) - 1)
    found = pl.DataFrame(parts).select("month", born=first + after)
    return found.select(pl.when(pl.col("born").dt.month() == month).then("born")).to_series()


_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_GAP, _MARK = r" ?[-./:'_]? ?", r"(?: |[-./:'_])"
_LAST = r"(?: ?[-/:'_]? ?|\.)"
_SPELLINGS = [
    re.compile(rf"(?P<d>\d\d){_GAP}(?P<m>\d\d){_GAP}(?P<y>\d\d){_LAST}(?P<s>\d{{4}})"),
    re.compile(rf"(?P<d>\d\d?){_MARK}(?P<m>\d\d?){_MARK}(?P<y>\d\d){_LAST}(?P<s>\d{{4}})"),
    re.compile(rf"(?P<d>\d\d?){_MARK}(?P<m>\d\d?){_MARK}(?P<y>\d{{4}}){_LAST}(?P<s>\d{{4}})"),
    re.compile(rf"(?P<d>\d\d){_GAP}(?P<m>\d\d){_GAP}(?P<y>\d{{4}}){_GAP}(?P<s>\d{{4}})"),
    re.compile(rf"(?P<y>\d{{4}}){_GAP}(?P<m>\d\d){_GAP}(?P<d>\d\d){_GAP}(?P<s>\d{{4}})"),
]
_AROUND = " =\"'.,;()[]<>*#\u201c\u201d\u201e\u00ab\u00bb"
_MONTHS = "jan feb mar apr maj jun jul aug sep okt nov dec".split()
_NAMED_MONTH = re.compile(
    rf"^(\d\d?)[-. ]{{1,2}}({'|'.join(_MONTHS)})[a-z]*[-. ]{{1,2}}(?=\d)", re.I
)
_FLOAT = re.compile(r"(\d{9,10})[.,]0*")
_EXPONENT = re.compile(r"(\d)[.,]?(\d{7,9})[eE]\+?0?([89])")
_LOST_ZERO = re.compile(r"\d{5}[- ]?\d{4}")


def _digits_of(text: str) -> str | None:
    """The ten digits of a person number as it may be written, or None; `born` is not yet asked."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", re.sub(r"[\u2018\u2019\u00b4`]", "'", text))
    text = re.sub(r"\s+", " ", text).strip(_AROUND)
    text = re.sub(r"^cpr(?:[-. ]*n(?:umme)?r)?[.: ]*", "", text, flags=re.I)
    text = _NAMED_MONTH.sub(_month_as_number, text)
    if not text.isascii():
        return None
    if match := _FLOAT.fullmatch(text):
        return match[1].zfill(10)
    if match := _EXPONENT.fullmatch(text):
        # With fewer digits than these it may have been rounded.
        whole, places = match[1] + match[2], int(match[3])
        return whole.ljust(places + 1, "0").zfill(10) if len(whole) in (9, places + 1) else None
    if _LOST_ZERO.fullmatch(text):
        return re.sub(r"\D", "", text).zfill(10)
    bare = re.sub(r"[ -]", "", text)
    if len(bare) == 10 and bare.isdigit():
        return bare
    for spelling in _SPELLINGS:
        match = spelling.fullmatch(text)
        if match and (len(match["y"]) == 2 or _in_century(match["y"], match["s"])):
            return match["d"].zfill(2) + match["m"].zfill(2) + match["y"][-2:] + match["s"]
    return None


def _month_as_number(match: re.Match[str]) -> str:
    return f"{match[1].zfill(2)}-{_MONTHS.index(match[2].lower()) + 1:02}-"


def _in_century(year: str, serial: str) -> bool:
    """Whether a year in full is the one that the seventh digit gives."""
    seventh, short = int(serial[0]), int(year[-2:])
    if seventh <= 3:
        return year[:2] == "19"
    if seventh in (4, 9):
        return year[:2] == ("20" if short <= 36 else "19")
    return year[:2] == ("20" if short <= 57 else "18")


def _says_nothing(text: str) -> bool:
    """Whether a text in the place of a person number only says that there is none."""
    if re.match(ERROR_PATTERN, text):
        return True
    if re.search(r"\d", text):
        return False
    return not re.search(r"\w", text) or re.match(NO_NAME_PATTERN, words_of_name(text)) is not None


def masked(texts: pl.Series) -> pl.Series:
    """`without_person_numbers` of each text; few look at all like one."""
    suspect = texts.str.contains(SUSPECT)
    if not suspect.any():
        return texts
    found = by_distinct(texts.filter(suspect), without_person_numbers, pl.String())
    # `scatter` writes into the series it is called on, and the texts are the caller's.
    return texts.clone().scatter(suspect.arg_true(), found)


def age_on(day: pl.Expr, born: pl.Expr) -> pl.Expr:
    """The whole years from `born` to `day`."""
    month, born_month = day.dt.month(), born.dt.month()
    earlier_in_month = (month == born_month) & (day.dt.day() < born.dt.day())
    before = (month < born_month) | earlier_in_month
    return day.dt.year().cast(pl.Int64) - born.dt.year() - before.cast(pl.Int64)
