"""What reading dates and numbers has in common: distinct values, and text without its wrapping."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import TypeVar

import polars as pl

S = TypeVar("S", str, bytes)
T = TypeVar("T")

_FORMULA = re.compile(r'="(.*)"')
_QUOTES = "'\"`\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u2032"


def joined(columns: Sequence[pl.Series]) -> pl.Series:
    """The texts of several columns as one, parted by `, `; what is blank is left out."""
    frame = pl.DataFrame([column.alias(str(at)) for at, column in enumerate(columns)])
    filled = [pl.when(pl.col(name).str.strip_chars() != "").then(name) for name in frame.columns]
    return frame.select(pl.concat_str(filled, separator=", ", ignore_nulls=True)).to_series()


def in_one_form(texts: pl.Series) -> pl.Series:
    """The texts in the Unicode form NFC, in which letters of Latin-1 stand already."""
    others = texts.str.contains(r"[^\x00-\xFF]").any()
    return texts.str.normalize("NFC") if others else texts


def by_distinct(values: pl.Series, parse: Callable[[S], T], dtype: pl.DataType) -> pl.Series:
    """`parse` of every value, called once per distinct value; null where there is no value.

    Where most values occur once, finding them again takes longer than parsing the others twice.
    """
    distinct = values.drop_nulls().unique()
    if 2 * len(distinct) > len(values):
        every = [None if value is None else parse(value) for value in values.to_list()]
        return pl.Series(values.name, every, dtype=dtype)
    answers = pl.Series([parse(value) for value in distinct.to_list()], dtype=dtype)
    return values.replace_strict(distinct, answers, default=None, return_dtype=dtype)


def unwrapped(text: str) -> str:
    """`text` without what does not belong to its value.

    That is quotation marks and apostrophes around it, Excel's `="..."`, and signs that have no
    width; digits of other scripts and unusual blanks become ordinary ones.
    """
    plain = text.strip()
    if not plain.isascii():
        plain = "".join(map(_ordinary, plain)).strip()
    if formula := _FORMULA.fullmatch(plain):
        plain = formula[1]
    return plain.strip(_QUOTES).strip()


def _ordinary(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in ("Cf", "Cc"):
        return ""
    if category == "Zs":
        return " "
    if category == "Nd":
        return str(unicodedata.decimal(sign))
    # Full-width forms; superscripts stay what they are, since a footnote is no digit.
    return chr(ord(sign) - 0xFEE0) if "\uff01" <= sign <= "\uff5e" else sign
