"""Text -> dates and numbers, as Danish systems write them. Works on distinct values only."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TypeVar

import polars as pl

T = TypeVar("T")

_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[ T].*)?$")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?$")
_EXCEL_DAY = re.compile(r"[1-6]\d{4}(?:\.\d+)?$")
_EXCEL_EPOCH = dt.date(1899, 12, 30)


def by_distinct(values: pl.Series, parse: Callable[[str], T], dtype: pl.DataType) -> pl.Series:
    """`parse` of every value, called once per distinct value."""
    distinct = values.unique().drop_nulls()
    answers = pl.Series([parse(value) for value in distinct], dtype=dtype)
    return values.replace_strict(distinct, answers, default=None, return_dtype=dtype)


def read_date(text: str) -> dt.date | str:
    """The date in `text`, or the reason why there is none.

    Reads 31-12-2023, 31/12/23, 2023-12-31 (with a time after it) and Excel's day numbers.
    Reasons: date_missing, date_impossible (31-02-2023), date_unreadable.
    """
    text = text.strip()
    if not text:
        return "date_missing"
    if match := _DAY_FIRST.match(text):
        day, month, year = (int(part) for part in match.groups())
        year += 2000 if year < 100 else 0
    elif match := _YEAR_FIRST.match(text):
        year, month, day = (int(part) for part in match.groups())
    elif _EXCEL_DAY.match(text):
        return _EXCEL_EPOCH + dt.timedelta(days=int(float(text)))
    else:
        return "date_unreadable"
    try:
        return dt.date(year, month, day)
    except ValueError:
        return "date_impossible"


def read_numbers(values: pl.Series) -> pl.Series:
    """Numbers of a column, null where there is none; decimal comma and thousands points.

    Whether a point is a decimal or a thousands mark is settled for the column as a whole:
    `1.401` is 1401 unless another value, such as `20.6`, shows that the point is decimal.
    """
    texts = values.fill_null("").str.strip_chars().str.replace_all(r"[\s\u00a0]", "")
    has_comma = texts.str.contains(",", literal=True).any()
    grouped = texts.str.contains(r"^-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?$")
    point_is_decimal = not has_comma and (texts.str.contains(".", literal=True) & ~grouped).any()
    if not point_is_decimal:
        texts = texts.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    return texts.cast(pl.Float64, strict=False)
