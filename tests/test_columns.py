"""Columns of dates and numbers: what has one reading is read, and what has two is told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SHARED, needed, status_of
from hamlet import build, run_in
from kvarter.errors import InputError
from kvarter.files import Column, column_of_values, read_table
from kvarter.files.column import Places
from kvarter.files.dates import Dates, read_dates
from kvarter.files.numbers import Marks, read_numbers, read_years
from kvarter.register.rows import read_rows


def column(texts: list[str], **typed: Any) -> Column:
    rows = pl.Series(range(2, len(texts) + 2), dtype=pl.Int64)
    return Column("c", pl.Series("c", texts, dtype=pl.String), Places("f.csv", rows), **typed)


def days(texts: list[str], **given: Any) -> list[dt.date | str]:
    """The day of each text, or the reason why there is none."""
    read = read_dates(column(texts), **given)
    return [day or reason for day, reason in zip(read.days, read.reasons, strict=True)]


def said(read: Dates) -> str:
    return " ".join(map(str, read.notes))


LAST = dt.date(2023, 12, 31)


@pytest.mark.parametrize(
    "text",
    """31-12-2023|31/12/2023|31.12.2023|31 12 2023|31-12-23|31/12-2023|31/12 2023|31.12.2023.
    31. 12. 2023|2023-12-31|2023/12/31|2023.12.31|20231231|31122023|lørdag d. 31. december 2023
    31. dec. 2023|31-dec-23|31dec2023|31 December 2023|December 31, 2023|Dec 31 2023|31st Dec 2023
    søndag den 31. december 2023|Sunday, December 31, 2023|d. 31/12 2023|den 31.12.2023|2023-Dec-31
    '31-12-2023|31-12-2023'|"31-12-2023"|="31-12-2023"|\u200b31-12-2023\u200e|\u206831-12-2023\u2069
    31-12-2023\u00a0|\ufeff31-12-2023|３１-１２-２０２３|３１／１２／２０２３|31-12-2023 kl. 12.30
    31-12-2023 12:30|31-12-2023 12:30:00.000|31.12.2023 kl 12|2023-12-31T12:30:00|2023-12-31T12:30
    31/12/2023 12:30:00 PM|2023-12-31 12:30:00 +0100|2023-12-31T22:59:59Z|2023-12-31T12:30:00+01:00
    2023-12-30T23:30:00Z|2023-12-30T23:00:00.000+00:00|2023-12-31 00:30 CET|20231231T123000Z
    20231231123000|2023-12-31-12.30.15.000000|31DEC2023:12:30:00|31-12-2023 (foreløbig)|45291
    45291.5|45291,5|Sun Dec 31 2023 00:00:00 GMT+0100 (CET)|2023-12-30T23:00:00Z[UTC]
    2023-12-31T08:00:00-05:00|31.12.2023, 12:30|31. DECEMBER 2023|31/12/23 12:30
    31\u201312\u20132023|31_12_2023|31\\12\\2023|31,12,2023|31-12-'23|(31-12-2023)|2023-12-31+01:00""".replace(
        "\n    ", "|"
    ).split("|"),
)
def test_every_form_with_one_reading_is_read(text: str) -> None:
    assert days([text], earliest=dt.date(2023, 1, 1), latest=LAST) == [LAST]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31-02-2023", "date_impossible"),
        ("31-12-0023", "date_impossible"),
        ("2023", "date_unreadable"),
        ("i går", "date_unreadable"),
        ("2023-W52-7", "date_unreadable"),
        ("uge 52 2023", "date_unreadable"),
        ("1. kvartal 2023", "date_unreadable"),
        ("12-2023", "date_unreadable"),
        ("december 2023", "date_unreadable"),
        ("01-01-2023 til 31-12-2023", "date_unreadable"),
        ("31-12-2023 2024", "date_unreadable"),
        ("31-12-2023 24:00", "date_unreadable"),
        ("12345", "date_unreadable"),
        ("99999", "date_unreadable"),
        ("#REF!", "date_unreadable"),
        ("  ", "date_missing"),
        ("\u200b", "date_missing"),
    ],
)
def test_what_is_no_date_has_its_reason(text: str, reason: str) -> None:
    assert days([text], earliest=dt.date(2023, 1, 1), latest=LAST) == [reason]


def test_the_month_is_first_where_no_value_can_have_the_day_first() -> None:
    read = read_dates(column(["12/05/2022 12:00:00 AM", "01/07/2023 1:00 PM", "12/31/2022 0:00"]))
    assert read.days.to_list() == [dt.date(2022, 12, 5), dt.date(2023, 1, 7), dt.date(2022, 12, 31)]
    assert "month first: 1 of them" in said(read)


@pytest.mark.parametrize(
    "texts",
    [
        ["31/12/2023", "12/31/2023", "03/04/2023"],
        ["12/31/2023", "03-04-2023"],
        ["03/04/2023 10:00 AM"],
        ["31-12-2023", "03/04/2023 10:00 AM"],
    ],
)
def test_a_date_with_two_readings_is_set_aside_and_both_are_named(texts: list[str]) -> None:
    read = read_dates(column(texts))
    assert read.reasons[-1] == "date_day_or_month_first"
    assert "3 April or 4 March" in said(read)
    assert read.days.null_count() == 1


def test_dates_are_danish_where_nothing_speaks_against_it() -> None:
    slashes = read_dates(column(["03/04/2023", "05/05/2023"]))
    assert slashes.days[0] == dt.date(2023, 4, 3)
    assert "with slashes" in said(slashes)
    assert read_dates(column(["03-04-2023", "05.05.2023", "13/05/2023", "05/06/2023"])).notes == ()


def test_one_slip_among_hundreds_does_not_set_the_others_aside() -> None:
    read = read_dates(column(["03-04-2023", *["31-12-2023"] * 200, "12-31-2023"]))
    assert read.days[0] == dt.date(2023, 4, 3)
    assert read.reasons[-1] == "date_impossible"
    assert "1 date can only have the month first" in said(read)


def test_times_in_another_zone_are_of_the_day_in_denmark_and_told() -> None:
    read = read_dates(column(["2022-12-31T23:00:00Z", "2023-06-30T21:59:00Z", "2023-06-30T22:00Z"]))
    assert read.days.to_list() == [dt.date(2023, 1, 1), dt.date(2023, 6, 30), dt.date(2023, 7, 1)]
    assert "2 times are written in UTC" in said(read)


def test_times_that_look_like_midnight_in_utc_are_told() -> None:
    read = read_dates(column(["2022-12-31 23:00:00", "2023-06-30T22:00:00.000"]))
    assert read.days.to_list() == [dt.date(2022, 12, 31), dt.date(2023, 6, 30)]
    assert "22:00 or 23:00" in said(read)
    assert read_dates(column(["2022-12-31 23:00:00", "2023-06-30 12:00:00"])).notes == ()


def test_nobody_is_born_after_the_event() -> None:
    events = pl.Series([dt.date(2023, 3, 4)] * 4)
    read = read_dates(column(["12-05-98", "03-03-04", "12-05-2001", "05-03-23"]), latest=events)
    assert [day.year for day in read.days] == [1998, 2004, 2001, 1923]
    assert "3 years have two digits" in said(read)


def test_the_days_of_an_extract_settle_the_century() -> None:
    period = {"earliest": dt.date(1998, 1, 1), "latest": dt.date(2001, 12, 31)}
    assert days(["31-12-98", "01-01-01"], **period) == [dt.date(1998, 12, 31), dt.date(2001, 1, 1)]
    assert days(["31-12-49", "31-12-50"]) == [dt.date(2049, 12, 31), dt.date(1950, 12, 31)]


def test_a_date_that_lost_its_leading_zero_is_read() -> None:
    assert days(["1022023", "31122023"]) == [dt.date(2023, 2, 1), dt.date(2023, 12, 31)]


def test_six_digits_are_read_where_only_one_order_fits_all() -> None:
    assert days(["311223", "010223"]) == ["date_year_or_day_first"] * 2
    assert days(["311245", "010223"])[1] == dt.date(2023, 2, 1)
    assert days(["981231", "230201"])[1] == dt.date(2023, 2, 1)


PERIOD = {"earliest": dt.date(2022, 1, 1), "latest": LAST}
EVERY_FIFTH = [dt.date(2022, 1, 1) + dt.timedelta(days=5 * at) for at in range(146)]


@pytest.mark.parametrize(
    "form", ["%y-%m-%d", "%d-%m-%y", "%y.%m.%d", "%d/%m/%y", "%y%m%d", "%d%m%y"]
)
def test_the_days_of_an_extract_tell_where_a_year_of_two_digits_stands(form: str) -> None:
    read = read_dates(column([day.strftime(form) for day in EVERY_FIFTH]), **PERIOD)
    assert read.days.to_list() == EVERY_FIFTH
    assert ("with the year first" in said(read)) == form.startswith("%y")


def test_an_extract_of_more_years_than_its_source_is_read_by_one_order() -> None:
    every = [dt.date(2015, 1, 1) + dt.timedelta(days=7 * at) for at in range(469)]
    for form in ("%d-%m-%y", "%y-%m-%d"):
        read = read_dates(column([day.strftime(form) for day in every]), **PERIOD)
        assert read.days.to_list() == every
        assert "would fit better with the year at the other end" in said(read)


def test_where_nothing_tells_the_year_both_readings_are_named_and_set_aside() -> None:
    read = read_dates(column(["22-05-23", "23-02-22", "22-03-22"]), **PERIOD)
    assert read.reasons.to_list() == ["date_year_or_day_first", "date_year_or_day_first", None]
    assert read.days[2] == dt.date(2022, 3, 22)
    assert "2 dates can be read in two ways, as 22-03-23 is 22 March 2023 or" in said(read)
    danish = read_dates(column(["05-03-23"]))
    assert danish.days[0] == dt.date(2023, 3, 5)
    assert "nothing in the column shows whether the year stands first" in said(danish)


def test_where_both_kinds_occur_only_what_fits_one_way_is_read() -> None:
    texts = ["31-12-22", "30-11-23", "22-10-31", "23-08-30", "23-04-22", "15-04-22"]
    assert days(texts, **PERIOD) == [
        *(dt.date(2022, 12, 31), dt.date(2023, 11, 30), dt.date(2022, 10, 31)),
        *(dt.date(2023, 8, 30), "date_year_or_day_first", dt.date(2022, 4, 15)),
    ]


def test_the_ages_of_people_tell_where_the_year_of_their_birth_stands() -> None:
    events = pl.Series([LAST] * 3)
    likely = dt.date(2005, 1, 1), dt.date(2008, 12, 31)
    year_first = read_dates(
        column(["06-06-15", "07-12-31", "07-01-30"]), latest=events, likely=likely
    )
    assert year_first.days[1] == dt.date(2007, 12, 31)
    year_last = read_dates(
        column(["15-06-06", "12-11-07", "01-10-08"]), latest=events, likely=likely
    )
    assert year_last.days[1] == dt.date(2007, 11, 12)


def with_cells(cells: list[dt.datetime | None], texts: list[str]) -> Column:
    return column(texts, time=pl.Series(cells, dtype=pl.Datetime("us")))


def test_cells_that_a_spreadsheet_may_have_swapped_are_told() -> None:
    cells = [dt.datetime(2022, 12, 5), dt.datetime(2022, 7, 1), dt.datetime(2023, 4, 3)]
    seen = [f"{cell:%Y-%m-%d}" for cell in cells]
    for texts in (["12/31/2022", "11/25/2022"], ["31-12-2022", "25-11-2022"]):
        read = read_dates(with_cells([*cells, None, None], [*seen, *texts]))
        assert "3 cells are dates, none with a day above 12" in said(read)
    for more, texts in (
        ([dt.datetime(2022, 5, 13)], ["2022-05-13", "12/31/2022"]),
        ([dt.datetime(2022, 5, 3)], ["2022-05-03", "02-03-2022"]),
        ([dt.datetime(2022, 5, 3)], ["2022-05-03", ""]),
    ):
        read = read_dates(with_cells([*cells, *more, None], [*seen, *texts]))
        assert "none with a day above 12" not in said(read)


def test_a_number_beside_dates_of_six_digits_lost_its_zero() -> None:
    period = {"earliest": dt.date(2012, 1, 1), "latest": dt.date(2012, 12, 31)}
    read = read_dates(column(["311012", "41112", "251112"]), **period)
    assert read.days.to_list() == [
        dt.date(2012, 10, 31),
        dt.date(2012, 11, 4),
        dt.date(2012, 11, 25),
    ]
    assert "1 number of five digits is read" in said(read)
    both = read_dates(column(["311012", "41112", "43500"]), **period)
    assert both.reasons.to_list() == [None, "date_unreadable", None]
    assert "1 number of five digits may be" in said(both)
    assert days(["41112", "43500"], **period)[0] == dt.date(2012, 7, 22)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)))
def test_a_day_is_itself_in_each_form_that_names_it_whole(day: dt.date) -> None:
    forms = ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d%m%Y", "%d-%m-%Y", "%d. %B %Y", "%B %d, %Y"]
    assert days([day.strftime(form) for form in forms]) == [day] * len(forms)


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["1.401", "12,5"], [1401.0, 12.5]),
        (["12.345,50", "7,5"], [12345.5, 7.5]),
        (["20.6", "1.401"], [20.6, 1.401]),
        (["1,000", "12,5"], [1.0, 12.5]),
        (["1,000", "1,000,000"], [1000.0, 1000000.0]),
        (["1,000", "1,234.5"], [1000.0, 1234.5]),
        (["1.000", "1.000.000"], [1000.0, 1000000.0]),
        (["0,125", "1,401"], [0.125, 1.401]),
        (["12,5", "20.6"], [12.5, 20.6]),
        (["1 401", ""], [1401.0, None]),
        (["1\u00a0401", "1\u202f234,5"], [1401.0, 1234.5]),
        (["1'000", "'1000", "1000'"], [1000.0] * 3),
        (["-3", "x", "\u22123", "12 13"], [-3.0, None, -3.0, None]),
        (["11 %", "12,5%", "11 pct."], [11.0, 12.5, 11.0]),
        (["1000 kr.", "kr 1000", "1.000,00 kr", "1000.", "1.000,-"], [1000.0] * 5),
        (["１０００", "\u200b1000", '="1000"', "1000*", "1E3", "1,0E+03"], [1000.0] * 6),
        (["1000²", "1/2", "..", "-", "inf", "NaN", "1.2.3", "1.23.456"], [None] * 8),
    ],
)
def test_numbers(texts: list[str], numbers: list[float | None]) -> None:
    read = read_numbers(column(texts))
    assert read.values.to_list() == numbers
    blank = [not text for text in texts]
    assert read.unreadable.to_list() == [
        number is None and not none for number, none in zip(numbers, blank, strict=True)
    ]


@pytest.mark.parametrize(
    ("texts", "rows"),
    [
        (["11 %", "0,12", "13 %", "0,14"], 2),
        (["11 %", "0,5", "13"], 1),
        (["0,4 %", "0,5", "13", "11 pct."], 0),
        (["11 %", "12", "0", ""], 0),
        (["0,11", "0,12"], 0),
    ],
)
def test_shares_beside_percentages_are_told(texts: list[str], rows: int) -> None:
    told = " ".join(map(str, read_numbers(column(texts)).notes))
    one, several = "1 value up to 1 stands without", f"{rows} values up to 1 stand without"
    assert ((one if rows == 1 else several) in told) == bool(rows)


def test_cells_without_percent_format_beside_others_are_told() -> None:
    numbers = pl.Series([0.11, 0.12, 0.13])
    shown = pl.Series([True, True, False])
    cells = column(["11 %", "12 %", "0.13"], number=numbers, percent=shown)
    assert "1 value up to 1 stands without" in " ".join(map(str, read_numbers(cells).notes))


@pytest.mark.parametrize("texts", [["1,000", "2,000"], ["5", "1.401"], ["1.401", "12,5", "20.6"]])
def test_a_number_with_two_readings_is_refused_and_both_are_named(texts: list[str]) -> None:
    with pytest.raises(InputError, match=r"f\.csv:[23]: .*two ways: as .* decimal comma and as"):
        read_numbers(column(texts))


def test_the_policy_or_the_rest_of_the_file_settles_a_number() -> None:
    doubtful = column(["1,000", "2,500"])
    assert read_numbers(doubtful, Marks(decimal=".")).values.to_list() == [1000.0, 2500.0]
    assert read_numbers(doubtful, Marks(decimal=",")).values.to_list() == [1.0, 2.5]
    beside = read_numbers(doubtful, Marks(beside=[column(["12.5", "13"])]))
    assert beside.values.to_list() == [1000.0, 2500.0]
    assert "other columns of the file" in str(beside.notes[0])
    at_most_100 = Marks(possible=lambda numbers: numbers <= 100)
    shares = read_numbers(column(["11.125", "9.500"]), at_most_100)
    assert shares.values.to_list() == [11.125, 9.5]
    assert "are impossible otherwise" in str(shares.notes[0])


@pytest.mark.parametrize("text", ["1e300", "99999999999999999999"])
def test_a_number_of_nothing_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"f\.csv:3: c: 1 value\(s\) are no number of anything"):
        read_numbers(column(["1", text]))


def test_years_with_a_mark_are_read_and_told() -> None:
    marked = ["2023*", "2023 (foreløbig)", "2023 rev.", "2023¹", "2023 1)", "(2023)"]
    read = read_years(column([*marked, "2023,0", "2.023", "år 2023", "2023"]))
    assert read.values.to_list() == [2023] * 10
    assert "6 years carry a mark" in str(read.notes[0])


@pytest.mark.parametrize(
    "text", ["2023/24", "2022-2023", "2023K1", "2023 K", "2023 januar", "23", "20231", "12"]
)
def test_what_is_not_one_year_is_none(text: str) -> None:
    assert read_years(column([text])).unreadable.to_list() == [True]


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (pl.Series([11.125, None]), [11.125, None]),
        (pl.Series([11.1], dtype=pl.Float32), [11.1]),
        (pl.Series([1000, 2000]), [1000.0, 2000.0]),
        (pl.Series(["11.125"]).cast(pl.Decimal(10, 3)), [11.125]),
        (pl.Series([float("nan"), 1.0]), [None, 1.0]),
        (pl.Series(["11,125", "0,5"]), [11.125, 0.5]),
        (pl.Series(["12,5", "3"], dtype=pl.Categorical), [12.5, 3.0]),
        (pl.Series([None, None], dtype=pl.Null), [None, None]),
        (pl.Series([True, False]), [None, None]),
    ],
)
def test_a_number_of_a_parquet_file_is_that_number(
    values: pl.Series, numbers: list[float | None]
) -> None:
    assert read_numbers(column_of_values(values, Path("f.parquet"))).values.to_list() == numbers


def test_an_infinite_number_is_refused() -> None:
    with pytest.raises(InputError, match=r"f\.parquet:2: .*inf"):
        read_numbers(column_of_values(pl.Series([1.0, float("inf")]), Path("f.parquet")))


def test_a_time_of_a_parquet_file_is_of_its_day_in_denmark() -> None:
    naive = pl.Series([dt.datetime(2022, 12, 31, 23), dt.datetime(2023, 1, 1, 12), None])
    utc = column_of_values(naive.dt.replace_time_zone("UTC"), Path("f.parquet"))
    read = read_dates(utc)
    assert read.days.to_list() == [dt.date(2023, 1, 1), dt.date(2023, 1, 1), None]
    assert read.reasons.to_list() == [None, None, "date_missing"]
    assert "1 time is written in UTC" in said(read)
    assert read_dates(column_of_values(naive, Path("f.parquet"))).days[0] == dt.date(2022, 12, 31)
    assert read_dates(column_of_values(pl.Series([LAST]), Path("f"))).days[0] == LAST


def measures_of(name: str) -> dict[tuple[int, str], tuple[float, float]]:
    """Numerator and denominator by year and group of one of the cases of others."""
    status = status_of(needed(SHARED.parent / "cases" / name / "policy.yaml"))
    rows = status.public.results.select("period", "group", "numerator", "denominator")
    return {(year, group): (above, below) for year, group, above, below in rows.iter_rows()}


@pytest.mark.parametrize("name", ["typed-decimals-parquet", "typed-decimals-xlsx"])
def test_a_typed_cell_is_never_text(name: str) -> None:
    measured = measures_of(name)
    assert measured[2023, "areas"] == (pytest.approx(1008.75), 7000)
    assert measured[2023, "city"] == (pytest.approx(1361.25), 9000)


def test_a_year_with_a_mark_is_that_year() -> None:
    measured = measures_of("year-with-a-mark")
    assert (measured[2023, "areas"][1], measured[2023, "city"][1]) == (7000, 9000)


def test_english_thousands_alone_are_refused() -> None:
    with pytest.raises(InputError, match=r"rode\.csv:2: .*1,000 can be read in two ways"):
        measures_of("english-thousands")


def test_american_dates_are_read_with_the_month_first() -> None:
    measured = measures_of("us-dates")
    assert (measured[2022, "areas"][0], measured[2023, "areas"][0]) == (3, 2)


def test_midnight_in_utc_is_of_the_next_day() -> None:
    measured = measures_of("utc-midnight")
    assert (measured[2022, "areas"][0], measured[2023, "areas"][0]) == (1, 3)


def test_two_digits_of_a_birth_year_lie_before_the_event() -> None:
    assert measures_of("birth-two-digits")[2023, "areas"][0] == 5


ODD = {
    "duration": pl.Series([dt.timedelta(hours=1)] * 2),
    "bytes": pl.Series([b"\x01\xff", b"\x00"]),
    "durations": pl.Series([[dt.timedelta(hours=1)], None]),
}


def test_a_column_of_parquet_that_is_not_used_needs_no_text(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": ["x", "y"], **ODD, "id": [b"\xab" * 16, b"\xcd" * 16]})
    frame.write_parquet(tmp_path / "f.parquet")
    table = read_table(tmp_path / "f.parquet", {"a": "a", "id": "id"})
    assert table.column("a").to_list() == ["x", "y"]
    assert table.column("id").to_list() == ["ab" * 16, "cd" * 16]
    assert read_rows(tmp_path / "f.parquet", {"a": "a"}).frame["a"].to_list() == ["x", "y"]
    for name in ("duration", "bytes"):
        for read in (read_table, read_rows):
            with pytest.raises(InputError, match=f"the column '{name}' is of the type"):
                read(tmp_path / "f.parquet", {"use": name})


def test_an_extract_in_parquet_is_read_as_it_is_stored(tmp_path: Path) -> None:
    path = build(tmp_path)
    days = [dt.date(2022, 1, 3), dt.date(2023, 1, 7), None]
    frame = pl.DataFrame(
        {
            "row": [7, 8, 9],  # a column of its own, and no number of a line
            "Dato": days,
            "CPR": pl.Series([101901233, None, None], dtype=pl.Int64),
            "Navn": ["Anna Berg", "Bo Dahl", "Eva Friis"],
            "Adresse": [
                "Strandvejen 2, st. tv, 2100 København Ø",
                "Strandvejen 4, 1. th, 2100 København Ø",
                "Kirkevej 2, 2. tv, 2100 København Ø",
            ],
            "Afsender": ["Fogedretten", None, "Fogedretten"],
        }
    )
    frame.write_parquet(tmp_path / "notices.parquet")
    text = path.read_text(encoding="utf-8").replace("notices.csv", "notices.parquet")
    path.write_text(text, encoding="utf-8")
    status = run_in(path)
    read = status.rows.sort("row")
    assert read["row"].to_list() == [1, 2]
    assert read["event_date"].to_list() == days[:2]
    assert read["person"].is_not_null().to_list() == [True, False]
    assert status.settled.filter(pl.col("outcome") == "invalid")["reason"].to_list() == [
        "date_missing"
    ]
    assert status.profiles["notices"].encoding == "Parquet"
