"""Columns of dates: every form with one reading is read, and no order of day and month guessed.

Whether the day or the month stands first is settled by all values of a column: 31/12/2023 can only
have the day first, 12/31/2023 only the month. Where both kinds occur, a date such as 03/04/2023 is
set aside; where neither does, it is Danish.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import polars as pl

from kvarter.files import short_years
from kvarter.files.column import DANISH_TIME, FIRST_DAY, Column
from kvarter.files.short_years import Span
from kvarter.files.values import unwrapped
from kvarter.notes import Note

MISSING = "date_missing"
IMPOSSIBLE = "date_impossible"
UNREADABLE = "date_unreadable"
DAY_OR_MONTH = "date_day_or_month_first"
YEAR_OR_DAY = "date_year_or_day_first"

_DENMARK = ZoneInfo(DANISH_TIME)
_OLDEST = 1800
_PIVOT = 50
"""Two digits below it are a year of this century, where nothing else is known."""
_CLEAR = 100
"""So many times more dates of one kind than of the other: the others are slips."""

_FEW = 3
"""So many days up to 12 come by chance."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar january jan",
            "februar february feb febr",
            "marts march mar mrt",
            "april apr",
            "maj may",
            "juni june jun",
            "juli july jul",
            "august aug",
            "september sep sept",
            "oktober october okt oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
# Dashes of every kind, and what else stands between day, month and year.
_MARKS = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212_\\\u00b7", "-------/.", "'\u2019")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]$")
_WEEKDAY = re.compile(
    r"^(?:(?:man|tirs|ons|tors|fre|lør|søn)(?:dag)?(?:en)?|(?:ma|ti|on|to|fr|lø|sø)(?=[. ,])"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)(?=[. ,\d])[. ,]*"
)
_ARTICLE = re.compile(r"^(?:den|d\.?|the)\s*(?=\d)")
_BEHIND = r"(?!\d)(.*)$"
_NUMERIC = re.compile(
    rf"(\d{{1,2}}) ?([-/., ]) ?(\d{{1,2}}) ?([-/., ]) ?(\d{{4}}|\d{{2}}){_BEHIND}"
)
_YEAR_FIRST = re.compile(rf"(\d{{4}}) ?[-/. ] ?(\d{{1,2}}) ?[-/. ] ?(\d{{1,2}}){_BEHIND}")
_NAMED = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)?[-/. ]*([^\W\d_]+)[-/., ]*(\d{{4}}|\d{{2}}){_BEHIND}"
)
_NAME_FIRST = re.compile(
    rf"([^\W\d_]+)[-/. ]*(\d{{1,2}})(?:st|nd|rd|th|\.)?[-/, ]+(\d{{4}}){_BEHIND}"
)
_YEAR_NAMED = re.compile(rf"(\d{{4}})[-/. ]*([^\W\d_]+)[-/. ]*(\d{{1,2}}){_BEHIND}")
_EIGHT = re.compile(r"(\d{8})(?:(\d{6}))?(?!\d)(.*)$")
_SEVEN = re.compile(r"[1-9]\d{6}$")
_SIX = re.compile(r"\d{6}$")
_EXCEL_DAY = re.compile(r"(\d{5})(?:[.,]\d+)?$")
_TIME = re.compile(
    r"(?:[ ,;:t_-]*(?:kl(?:okken)?\.? ?)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,:]\d+)?)?"
    r"|t(\d{2})(\d{2})(?:(\d{2})(?:[.,]\d+)?)?)"
    r" ?(?P<half>[ap]\.?m\.?)? ?(?P<zone>z|cest|cet|(?:utc|gmt)?[+-]\d{2}:?(?:\d{2})?|utc|gmt)?"
    r" ?(?:\[.*\]|\(.*\))?[. ]*$"
)
_PLAIN_TIME = (
    r"^(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4})[ T](?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?$"
)
# Within the hour the day does not change, where a zone is ahead by whole hours.
_ZONED_TIME = r"^(\d{4}-\d\d-\d\d[ T]\d\d):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?(Z|[+-]\d\d:?00)$"
_LATE_TIME = r"[ T]2[23]:00(?::00(?:[.,]0+)?)?$"
_ZONE_ALONE = re.compile(r"[+-]\d\d:\d\d$")
_HOUR = re.compile(r"[ ,]*(?:kl(?:okken)?\.? ?(\d{1,2})|(\d{1,2}) ?(?P<half>[ap]\.?m\.?))[. ]*$")


@dataclass(frozen=True)
class Dates:
    """`days`: Date, null where there is none, with the reason in `reasons` (String, else null).

    `notes`: what was decided for the column, and could have been otherwise.
    """

    days: pl.Series
    reasons: pl.Series
    notes: tuple[Note, ...] = ()


def read_dates(
    column: Column,
    *,
    earliest: dt.date | None = None,
    latest: dt.date | pl.Series | None = None,
    likely: Span | None = None,
    field: str = "",
) -> Dates:
    """The days of a column, by Danish clocks.

    `earliest`, `latest`: days that the dates are expected between; they settle the century of a
    year of two digits, and whether a number can be a day that Excel counts. `latest` as a series
    has a day for each row, such as that of an event: nobody is born after it. `likely`: days that
    most dates lie between, where these are others; they settle whether the year or the day stands
    first in 22-03-23. `field`: what of the policy names the column.

    Reasons: date_missing, date_impossible (31-02-2023), date_unreadable,
    date_day_or_month_first (03/04/2023 in a column that has both kinds), and
    date_year_or_day_first (22-03-23 where nothing tells).
    """
    if likely is None and earliest is not None and isinstance(latest, dt.date):
        likely = earliest, latest
    texts = column.text
    if column.time is not None:
        typed = column.time.is_not_null()
        texts = pl.select(pl.when(typed).then(pl.lit("")).otherwise(texts)).to_series()
    texts = _without_time(texts).alias("text")
    rows = texts.value_counts(name="rows")
    counted = dict(rows.iter_rows())
    written: _Texts = {text: _written(text) for text in counted}
    called, expected = field or column.name, _expected(earliest, latest)
    written, notes = _with_zeros(written, counted, expected, column.first_day, called)
    years, more = _year_places(written, counted, likely, called)
    orders, others = _orders(written, counted, years, called)
    notes += [*more, *others, *_swapped(column, written, counted, called)]
    convention = _Convention(orders, years, expected, likely, column.first_day)
    found = [(text, *_day(each, convention)) for text, each in written.items()]
    schema = {"text": pl.String, "day": pl.Date, "reason": pl.String, "seen": pl.String}
    answers = pl.DataFrame({"text": texts}).join(
        pl.DataFrame(found, schema=schema, orient="row"),
        on="text",
        how="left",
        maintain_order="left",
    )
    if column.time is not None:
        answers = answers.with_columns(
            day=pl.coalesce(column.time.dt.date(), "day"),
            reason=pl.when(column.time.is_null()).then("reason"),
        )
    two = answers["seen"] == _TWO_DIGITS
    days = _with_century(answers["day"], two, earliest, latest).alias(column.name)
    notes += _notes(column, answers, latest, called)
    return Dates(days, answers["reason"], tuple(notes))


def _without_time(texts: pl.Series) -> pl.Series:
    """The texts without the part of a time that changes no day, so that few are distinct.

    22:00 and 23:00 stay.
    """
    if not texts.str.contains(":", literal=True).any():
        return texts
    text = pl.col("text")
    plain = (
        pl.when(text.str.contains(_LATE_TIME))
        .then(text)
        .otherwise(text.str.replace(_PLAIN_TIME, "${1}").str.replace(_ZONED_TIME, "${1}:00${2}"))
    )
    return pl.DataFrame({"text": texts}).select(plain).to_series()


@dataclass(frozen=True)
class _Written:
    """A date as it is written: three numbers, in an order that may be open.

    `order`: "" where `first` is the day and `second` the month; else how it is written, for dates
    of one order are settled together. `clock`: hour and minute; `ahead`: by how many minutes its
    time zone is ahead of UTC.
    """

    first: int
    second: int
    year: int
    two_digits: bool = False
    order: str = ""
    clock: tuple[int, int] | None = None
    ahead: int | None = None

    @property
    def parts(self) -> short_years.Parts:
        return self.first, self.second, self.year


_TWO_DIGITS, _MOVED, _COUNTED, _LATE = "two digits", "moved", "counted", "late"
_SIX_DIGITS = "six digits"
_AMERICAN = " AM"


def _written(text: str) -> _Written | float | str:
    """A date, a number that may be a day that Excel counts, or the reason why it is neither."""
    plain = " ".join(unwrapped(text).lower().translate(_MARKS).split())
    if not plain:
        return MISSING
    if bracketed := _BRACKETS.match(plain):
        plain = bracketed[1]
    plain = _ARTICLE.sub("", _WEEKDAY.sub("", plain))
    if found := _EXCEL_DAY.match(plain):
        return float(plain.replace(",", "."))
    if _SIX.match(plain):
        return _Written(int(plain[:2]), int(plain[2:4]), int(plain[4:]), True, _SIX_DIGITS)
    if _SEVEN.match(plain):  # a spreadsheet took the leading zero of 01122023
        plain = "0" + plain
    if found := _EIGHT.match(plain):
        return _of_eight(found[1], (f"t{found[2]}" if found[2] else "") + found[3])
    if found := _NUMERIC.match(plain):
        first, mark, second, other, year, behind = found.groups()
        # Two marks, as in 31/12-2023, are a Danish habit.
        order = mark if mark == other else ""
        return _with_time(
            _Written(int(first), int(second), int(year), len(year) == 2, order), behind
        )
    if found := _YEAR_FIRST.match(plain):
        year, month, day, behind = found.groups()
        return _with_time(_Written(int(day), int(month), int(year)), behind)
    for form, places in ((_NAMED, (1, 2, 3)), (_NAME_FIRST, (2, 1, 3)), (_YEAR_NAMED, (3, 2, 1))):
        if (found := form.match(plain)) and (named := _MONTHS.get(found[places[1]])):
            year = found[places[2]]
            return _with_time(
                _Written(int(found[places[0]]), named, int(year), len(year) == 2), found[4]
            )
    return UNREADABLE


def _of_eight(digits: str, behind: str) -> _Written | str:
    """20231231 or 31122023: a year of today is a possible month in neither."""
    if digits[:2] in ("18", "19", "20", "21") and 1 <= int(digits[4:6]) <= 12:
        return _with_time(_Written(int(digits[6:]), int(digits[4:6]), int(digits[:4])), behind)
    if behind:
        return UNREADABLE
    return _Written(int(digits[:2]), int(digits[2:4]), int(digits[4:]), order="eight digits")


def _with_time(date: _Written, behind: str) -> _Written | str:
    """The date with the time that stands behind it; a remark without digits is no part of it."""
    if not re.search(r"\d", behind) or _ZONE_ALONE.match(behind):
        return date
    found = _TIME.match(behind) or _HOUR.match(behind)
    if found is None:
        return UNREADABLE
    if found.re is _TIME:
        hour, minute = int(found[1] or found[4]), int(found[2] or found[5])
    else:
        hour, minute = int(found[1] or found[2]), 0
    half = (found["half"] or "").replace(".", "")
    if hour > 23 or minute > 59:
        return UNREADABLE
    if half:
        hour = hour % 12 + 12 * (half == "pm")
    zone = found["zone"] if found.re is _TIME else None
    return replace(
        date,
        order=date.order + _AMERICAN * bool(half and date.order),
        clock=(hour, minute),
        ahead=None if zone in (None, "cet", "cest") else _minutes_ahead(zone),
    )


def _minutes_ahead(zone: str) -> int:
    found = re.search(r"([+-])(\d{2}):?(\d{2})?", zone)
    if found is None:
        return 0
    return int(found[1] + "1") * (60 * int(found[2]) + int(found[3] or 0))


_Found = tuple[dt.date | None, str | None, str | None]


@dataclass(frozen=True)
class _Convention:
    """How the dates of a column are read.

    `orders`: whether the day or the month is first, by how a date is written; `years`: where a year
    of two digits stands. `expected`: the days that a number may stand for; `likely`: those that
    most dates lie between. `first_day`: day 0 of the days that a workbook counts.
    """

    orders: Mapping[str, str]
    years: Mapping[str, str]
    expected: Span
    likely: Span | None
    first_day: dt.date


def _day(written: _Written | float | str, by: _Convention) -> _Found:
    """The day, or the reason why there is none; and what was seen that is to be told."""
    if isinstance(written, str):
        return None, written, None
    if isinstance(written, float):
        day = by.first_day + dt.timedelta(days=int(written))
        return (day, None, _COUNTED) if _within(day, by.expected) else (None, UNREADABLE, None)
    first, second, year = written.parts
    order = by.orders.get(written.order, _DAY_FIRST)
    if written.two_digits:
        place = by.years.get(written.order, short_years.YEAR_LAST)
        if place == short_years.OPEN:
            place = short_years.settle_one(written.parts, by.likely)
        if place == short_years.OPEN:
            return None, YEAR_OR_DAY, None
        order = place if place == short_years.YEAR_FIRST else order
    if order == _OPEN:
        if first != second and first <= 12 and second <= 12:
            return None, DAY_OR_MONTH, None
        order = _MONTH_FIRST if second > 12 else _DAY_FIRST
    if order == _MONTH_FIRST:
        first, second = second, first
    elif order == short_years.YEAR_FIRST:
        first, year = year, first
    try:
        day = dt.date(year + 2000 * written.two_digits, second, first)
    except ValueError:
        return None, IMPOSSIBLE, None
    if day.year < _OLDEST:
        return None, IMPOSSIBLE, None
    if written.ahead is not None and written.clock is not None and day.year < 9999:
        then = dt.datetime.combine(day, dt.time(*written.clock))
        there = dt.timezone(dt.timedelta(minutes=written.ahead))
        local = then.replace(tzinfo=there).astimezone(_DENMARK).date()
        return local, None, _MOVED if local != day else None
    if written.two_digits:
        return day, None, _TWO_DIGITS
    late = written.clock in ((22, 0), (23, 0))
    return day, None, _LATE if late else None


def _within(day: dt.date, expected: Span) -> bool:
    return expected[0] <= day <= expected[1]


def _expected(earliest: dt.date | None, latest: dt.date | pl.Series | None) -> Span:
    """The days that a number may stand for: twenty years around those that are expected."""
    last = latest.max() if isinstance(latest, pl.Series) else latest
    if not isinstance(last, dt.date):
        return dt.date(1950, 1, 1), dt.date(2079, 12, 31)
    if earliest is None:
        return dt.date(1900, 1, 1), last
    return earliest - dt.timedelta(days=7305), last + dt.timedelta(days=7305)


_DAY_FIRST, _MONTH_FIRST, _OPEN = "day", "month", "open"


_Texts = Mapping[str, _Written | float | str]


def _with_zeros(
    written: _Texts, rows: Mapping[str, int], expected: Span, first_day: dt.date, field: str
) -> tuple[_Texts, list[Note]]:
    """Beside dates of six digits, numbers of five are such dates without their leading zero.

    Unless some can be no dates, but days that Excel counts: then what may be either is neither.
    """
    if not any(
        isinstance(each, _Written) and each.order == _SIX_DIGITS for each in written.values()
    ):
        return written, []
    counted = {text: f"0{each:.0f}" for text, each in written.items() if isinstance(each, float)}
    dates = {text: date for text, six in counted.items() if (date := _of_six(six)) is not None}
    if len(dates) == len(counted):
        zeros = sum(rows[text] for text in dates)
        note = Note(
            "{column}: {rows} {rows:number of five digits is read as a date of six digits that "
            "lost its|numbers of five digits are read as dates of six digits that lost their} "
            "leading zero, as the others of the column have six.",
            {"column": field, "rows": zeros},
        )
        return {**written, **dates}, [note] if zeros else []
    either = {
        text: UNREADABLE
        for text in dates
        if _within(first_day + dt.timedelta(days=int(counted[text])), expected)
    }
    if not either:
        return {**written, **dates}, []
    note = Note(
        "{column}: {rows} {rows:number of five digits may be a date of six digits that lost its "
        "leading zero, or a day that Excel counts; it is|numbers of five digits may be dates of "
        "six digits that lost their leading zero, or days that Excel counts; they are} set "
        "aside.",
        {"column": field, "rows": sum(rows[text] for text in either)},
    )
    return {**written, **dates, **either}, [note]


def _of_six(digits: str) -> _Written | None:
    """The date of six digits; None where they are none with the year at either end."""
    date = _Written(int(digits[:2]), int(digits[2:4]), int(digits[4:]), True, _SIX_DIGITS)
    ends = (short_years.YEAR_FIRST, short_years.YEAR_LAST)
    return date if any(short_years.fit(date.parts, end, None) for end in ends) else None


def _year_places(
    written: _Texts, rows: Mapping[str, int], likely: Span | None, field: str
) -> tuple[dict[str, str], list[Note]]:
    """Where years of two digits stand in dates of each order, and notes on it."""
    short: dict[str, dict[short_years.Parts, int]] = {}
    in_full: Counter[str] = Counter()
    for text, each in written.items():
        if isinstance(each, _Written) and each.order and each.two_digits:
            of_order = short.setdefault(each.order, {})
            of_order[each.parts] = of_order.get(each.parts, 0) + rows[text]
        elif isinstance(each, _Written):
            in_full[each.order] += rows[text]
    places: dict[str, str] = {}
    notes: list[Note] = []
    for order, dates in sorted(short.items()):
        settled = short_years.settle(dates, in_full[order], likely, order != _SIX_DIGITS)
        places[order] = settled.order
        notes += settled.notes(field, likely is not None)
        if settled.order != short_years.OPEN:
            continue
        set_aside = sum(
            times
            for parts, times in dates.items()
            if short_years.settle_one(parts, likely) == short_years.OPEN
        )
        if set_aside:
            notes.append(
                Note(
                    "{column}: {rows} {rows:date|dates} can be read in two ways, as 22-03-23 is "
                    "22 March 2023 or 23 March 2022, and the column does not tell which; "
                    "{rows:it is|they are} set aside.",
                    {"column": field, "rows": set_aside},
                )
            )
    return places, notes


def _orders(
    written: _Texts, rows: Mapping[str, int], years: Mapping[str, str], field: str
) -> tuple[dict[str, str], list[Note]]:
    """How dates of each order are read, and notes where that could have been otherwise."""
    dates = [
        (each, rows[text])
        for text, each in written.items()
        if isinstance(each, _Written)
        and not (each.two_digits and years.get(each.order) not in (None, short_years.YEAR_LAST))
    ]
    day_first: Counter[str] = Counter()
    month_first: Counter[str] = Counter()
    doubtful: Counter[str] = Counter()
    for each, times in dates:
        if each.first > 12 >= each.second:
            day_first[each.order] += times
        elif each.second > 12 >= each.first:
            month_first[each.order] += times
        elif each.first != each.second:
            doubtful[each.order] += times
    del day_first[""], month_first[""], doubtful[""]
    orders: dict[str, str] = {}
    notes: list[Note] = []
    open_rows = 0
    for order in sorted({each.order for each, _ in dates} - {""}):
        days, months = day_first[order], month_first[order]
        others = day_first.total() > 0, month_first.total() > 0
        orders[order] = _order_of(days, months, *others, order.endswith(_AMERICAN))
        if orders[order] == _OPEN:
            open_rows += doubtful[order]
        elif orders[order] == _MONTH_FIRST:
            notes.append(
                Note(
                    "{column}: dates are read with the month first: {rows} of them cannot have the "
                    "day first.",
                    {"column": field, "rows": months or month_first.total()},
                )
            )
        elif months:
            notes.append(
                Note(
                    "{column}: {rows} {rows:date can only have the month first. It is|dates can "
                    "only have the month first. They are} set aside as impossible, since the "
                    "day stands first in nearly all others.",
                    {"column": field, "rows": months},
                )
            )
        elif order == "/" and not days and doubtful[order]:
            notes.append(
                Note(
                    "{column}: dates with slashes are read with the day first; nothing in the "
                    "column shows whether they are American, with the month first.",
                    {"column": field},
                )
            )
    if open_rows:
        notes.append(
            Note(
                "{column}: {rows} {rows:date|dates} can be read in two ways, as 03/04/2023 is 3 "
                "April or 4 March, and the column does not tell which; {rows:it is|they are} "
                "set aside.",
                {"column": field, "rows": open_rows},
            )
        )
    return orders, notes


def _order_of(days: int, months: int, any_days: bool, any_months: bool, american: bool) -> str:
    """The order that dates show by themselves, or else by the other dates of the column.

    `days`, `months`: how many can only have the day, or the month, first; `any_days`, `any_months`:
    whether some of the whole column can. `american`: they have AM or PM.
    """
    if days or months:
        if not months or days >= _CLEAR * months:
            return _DAY_FIRST
        return _MONTH_FIRST if not days or months >= _CLEAR * days else _OPEN
    if american:
        return _MONTH_FIRST if any_months and not any_days else _OPEN
    return _OPEN if any_months else _DAY_FIRST


def _swapped(column: Column, written: _Texts, rows: Mapping[str, int], field: str) -> list[Note]:
    """Whether a spreadsheet may have swapped day and month, in those dates where it could.

    It takes 05/12/2022 for a date of its own language and leaves 12/31/2022 a text.
    """
    cells = column.time.drop_nulls() if column.time is not None else pl.Series()
    texts = [each for each in written.values() if isinstance(each, _Written) and each.order]
    left = [each for each in texts if max(each.first, each.second) > 12]
    if not len(cells) or not left or len(left) < len(texts) or (cells.dt.day() > 12).any():
        return []
    american = all(each.second > 12 for each in left)
    if not american and len(cells) < _FEW:
        return []
    note = Note(
        "{column}: {rows} {rows:cell is a date|cells are dates}, none with a day above 12, and all "
        "dates beside them that stayed texts have one. A spreadsheet may have swapped day and "
        "month in the cells: import the file again with the column as text.",
        {"column": field, "rows": len(cells)},
    )
    return [note]


def _with_century(
    days: pl.Series,
    two_digits: pl.Series,
    earliest: dt.date | None,
    latest: dt.date | pl.Series | None,
) -> pl.Series:
    """The days, whose years of two digits are of this century, with the century they are of."""
    if not two_digits.fill_null(False).any():
        return days
    day, before = pl.col("day"), pl.col("day").dt.offset_by("-100y")
    frame = pl.DataFrame({"day": days, "two": two_digits}).with_columns(
        latest=latest if isinstance(latest, pl.Series) else pl.lit(latest, dtype=pl.Date)
    )
    by_pivot = day.dt.year() >= 2000 + _PIVOT
    if latest is None:
        older = by_pivot
    elif earliest is None:
        older = (day > pl.col("latest")).fill_null(by_pivot)
    else:
        fits = day.is_between(earliest, pl.col("latest"))
        older = ~fits & (by_pivot | before.is_between(earliest, pl.col("latest")))
    return frame.select(pl.when(pl.col("two") & older).then(before).otherwise(day)).to_series()


def _notes(
    column: Column, answers: pl.DataFrame, latest: dt.date | pl.Series | None, field: str
) -> list[Note]:
    """What else was seen in the dates, and could mean something else."""
    seen = Counter(answers["seen"].drop_nulls().to_list())
    moved = seen[_MOVED] + column.moved
    late, timed = seen[_LATE], answers["day"].drop_nulls().len()
    if column.time is not None and not column.zone:
        clock = column.time.dt.time()
        late += int(clock.is_in([dt.time(22), dt.time(23)]).sum())
    notes = []
    if moved:
        notes.append(
            Note(
                "{column}: {rows} {rows:time is written in UTC or another time zone and "
                "is|times are written in UTC or another time zone and are} of another day in "
                "Denmark, which is the one used.",
                {"column": field, "rows": moved},
            )
        )
    if late and late >= 0.9 * timed:
        notes.append(
            Note(
                "{column}: the times of {rows} {rows:date|dates} are 22:00 or 23:00. If that is "
                "midnight in Denmark written in UTC, each is of the day after the one used.",
                {"column": field, "rows": late},
            )
        )
    if seen[_COUNTED] and column.first_day != FIRST_DAY:
        notes.append(
            Note(
                "{column}: {rows} {rows:number is read as a day|numbers are read as days} "
                "counted from 1904, as the workbook says its days are.",
                {"column": field, "rows": seen[_COUNTED]},
            )
        )
    if seen[_TWO_DIGITS] and isinstance(latest, pl.Series):
        notes.append(
            Note(
                "{column}: {rows} {rows:year has two digits and is|years have two digits and "
                "are} read as the last such year before the event: in 2023, 98 is 1998 and 04 "
                "is 2004.",
                {"column": field, "rows": seen[_TWO_DIGITS]},
            )
        )
    return notes
