"""A value as it is written in a policy file -> number or day; else what to write instead.

The file's values are read as texts, so that `0101`, `2024` and `12:30` stay what they are. Numbers
and days are made of them here, and nothing is guessed: what has two readings is refused with both.
"""

from __future__ import annotations

import calendar
import datetime as dt
import math
import re
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

_WHOLE = re.compile(r"[-+]?\d+")
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?")
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:\.\d{3})+")
_ABOUT = re.compile(r"%|procentpoint|procent|percent|points?|pct\.?", re.IGNORECASE)
_LARGEST = 1e15


def _error(what: str, remedy: str) -> PydanticCustomError:
    return PydanticCustomError("written", "{what}", {"what": what, "remedy": remedy})


def whole(value: object) -> object:
    """A whole number, of digits only. Raises where it is written otherwise, with what to write."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if _WHOLE.fullmatch(text):
        return int(text)
    meant = _as_number(text)
    if re.fullmatch(r"[-+]?\d{1,3}(?:[., '_\u00a0]\d{3})+", text):
        remedy = f"Write {int(re.sub(r'[^-0-9]', '', text))}."
    elif meant is not None and meant.is_integer():
        remedy = f"Write {int(meant)}."
    elif year := re.match(r"(?:19|20)\d\d(?!\d)", text):
        remedy = f"Write digits only, such as {year[0]}."
    else:
        remedy = "Write digits only, such as 2024."
    raise _error(f"{value!r} is not a whole number", remedy)


def number(value: object) -> object:
    """A number with a point for its decimals. Raises where it is written otherwise, or endless."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        if not math.isfinite(value) or abs(value) > _LARGEST:
            raise _error(f"{value!r} is no number to reckon with", "Write the number itself.")
        return value
    if not isinstance(value, str):
        return value
    text = value.strip()
    if _THOUSANDS.fullmatch(text):
        as_thousands, as_decimals = text.replace(".", ""), f"{float(text)}0"
        raise _error(
            f"{value!r} can be read in two ways",
            f"Write {as_thousands}, or {as_decimals} where the point is of decimals.",
        )
    if _NUMBER.fullmatch(text):
        if abs(float(text)) > _LARGEST:
            raise _error(f"{value!r} is no number to reckon with", "Write the number itself.")
        return float(text)
    meant = _as_number(text)
    remedy = "Write a number, with a point for its decimals, such as -20.5."
    if meant is not None:
        remedy = f"Write {meant:.15g} with a point." if "," in text else f"Write {meant:.15g}."
    raise _error(f"{value!r} is not a number", remedy)


def _as_number(text: str) -> float | None:
    """The number meant by -20,5, 1.401,5, −20, minus 20 or 20 %; None where none can be told."""
    plain = _ABOUT.sub("", text).replace("\u2212", "-").replace("\u2013", "-").strip()
    plain = re.sub(r"^minus\s*", "-", plain, flags=re.IGNORECASE)
    plain = re.sub(r"(?<=\d)[\s\u00a0'_](?=\d{3})", "", plain)
    if re.fullmatch(r"[-+]?\d{1,3}(?:\.\d{3})*,\d+|[-+]?\d+,\d+", plain):
        plain = plain.replace(".", "").replace(",", ".")
    if not _NUMBER.fullmatch(plain) or abs(float(plain)) > _LARGEST:
        return None
    return float(plain)


def day(value: object) -> object:
    """A day written as 2023-12-31. Raises where it is written otherwise, with what to write."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            raise _error(f"there is no such day as {text}", _near(text)) from None
    meant = _as_day(text)
    remedy = f"Write it as {meant or '2023-12-31'}."
    raise _error(f"{value!r} is not a date", remedy)


def _near(text: str) -> str:
    """What to write for a day that is none: the 31st of a shorter month, day and month swapped."""
    year, month, day_of_month = map(int, text.split("-"))
    if 1 <= month <= 12 and year:
        last = calendar.monthrange(year, month)[1]
        return f"Write a day that is, such as {year:04d}-{month:02d}-{last:02d}."
    if 1 <= day_of_month <= 12 and 1 <= month <= 31 and year:
        last = min(month, calendar.monthrange(year, day_of_month)[1])
        return f"Write {year:04d}-{day_of_month:02d}-{last:02d} if the day stands in the middle."
    return "Write a day that is, such as 2023-12-31."


def _as_day(text: str) -> dt.date | None:
    """The day meant by 31-12-2023, 1.1.2023, 2023-1-1 or 20231231, and a time after it."""
    forms = [
        r"(?P<d>\d{1,2})[-/. ]+(?P<m>\d{1,2})[-/. ]+(?P<y>\d{4})",
        r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
    ]
    for form in forms:
        if match := re.fullmatch(form + r"(?:[T ].*)?", text):
            try:
                return dt.date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                return None
    return None


Whole = Annotated[int, BeforeValidator(whole)]
Number = Annotated[float, BeforeValidator(number)]
Day = Annotated[dt.date, BeforeValidator(day)]
