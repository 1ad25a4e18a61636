"""Extracts as they really come: each file below is read as the same two notices."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from hamlet import KEY
from kvarter.cases import Pseudonyms, read_source
from kvarter.errors import InputError
from kvarter.files import read_table
from kvarter.files.delimited import split_records
from kvarter.policy.model import AgeSpan, CaseKind, Source

HEADER = "Sagsnr;Varslingsdato;CPR-nr;Lejers navn;Adresse"
ROWS = [
    "1;03-01-2023;010190-1233;Åse Ørum;Ærøvej 1, 2100 København Ø",
    "2;04-02-2023;;Bo Dahl;Ærøvej 2, 2100 København Ø",
]
TEXT = "\r\n".join([HEADER, *ROWS]) + "\r\n"


def source(**changed: object) -> Source:
    fields = {
        "id": "s",
        "file": "f.csv",
        "cases": "notice",
        "case_system": "X",
        "from": "2023-01-01",
        "to": "2023-12-31",
        "columns": {
            "event_date": "Varslingsdato",
            "address": "Adresse",
            "person_number": "CPR-nr",
            "name": "Lejers navn",
        },
    }
    return Source.model_validate({**fields, **changed})


def kind(age: AgeSpan | None = None) -> CaseKind:
    return CaseKind(id="notice", title="n", unite_as="household", same_when=[["unit"]], age=age)


def read(folder: Path, content: bytes, name: str = "f.csv", **changed: object):
    (folder / name).write_bytes(content)
    return read_source(source(file=name, **changed), kind(), folder, Pseudonyms(KEY))


def with_commas(text: str) -> str:
    fields = [line.split(";") for line in text.split("\r\n")]
    return "\r\n".join(",".join(f'"{field}"' if field else "" for field in row) for row in fields)


@pytest.mark.parametrize(
    ("content", "encoding", "layout"),
    [
        pytest.param(TEXT.encode(), "UTF-8", "semicolon", id="utf-8"),
        pytest.param(TEXT.encode("utf-8-sig"), "UTF-8 with BOM", "semicolon", id="bom"),
        pytest.param(TEXT.encode("cp1252"), "Windows-1252", "semicolon", id="windows"),
        pytest.param(TEXT.encode("utf-16"), "UTF-16", "semicolon", id="utf-16"),
        pytest.param(TEXT.encode("utf-16-le"), "UTF-16 without BOM", "semicolon", id="utf-16 bare"),
        pytest.param(TEXT.encode("utf-32"), "UTF-32", "semicolon", id="utf-32"),
        pytest.param(
            TEXT.replace("Bo", "B\0o").replace("Ærøvej 1", "Ærøvej\0 1").encode(),
            *("UTF-8, without 2 zero bytes", "semicolon"),
            id="zero bytes",
        ),
        pytest.param(TEXT.replace(";", "\t").encode(), "UTF-8", "tab", id="tabs"),
        pytest.param(with_commas(TEXT).encode(), "UTF-8", "comma", id="quoted commas"),
        pytest.param(TEXT.replace("\r\n", ";;;\r\n").encode(), "UTF-8", "semicolon", id="blanks"),
        pytest.param(
            TEXT.replace(HEADER, HEADER.upper()).encode(), "UTF-8", "semicolon", id="case"
        ),
        pytest.param(
            ("Udtræk for 2023;;;;\n" + TEXT).encode(), "UTF-8", "semicolon", id="title above"
        ),
        pytest.param(
            TEXT.replace("Bo Dahl", 'Bo "Dahl').encode(), "UTF-8", "semicolon", id="stray quote"
        ),
        pytest.param(
            TEXT.replace("2;04", '2;"04', 1).encode(), "UTF-8", "semicolon", id="open quote"
        ),
        pytest.param((TEXT + "\r\n;;;;\r\n").encode(), "UTF-8", "semicolon", id="blank lines"),
        pytest.param(
            "\r\n".join([HEADER, ROWS[0]]).encode() + b"\r\n" + ROWS[1].encode("cp1252"),
            *("mixed UTF-8 and Windows-1252", "semicolon"),
            id="mixed",
        ),
    ],
)
def test_every_kind_of_file_gives_the_same_rows(
    tmp_path: Path, content: bytes, encoding: str, layout: str
) -> None:
    found = read(tmp_path, content)
    assert found.cases["address"].to_list() == [
        "Ærøvej 1, 2100 København Ø",
        "Ærøvej 2, 2100 København Ø",
    ]
    assert found.cases["event_date"].to_list() == [dt.date(2023, 1, 3), dt.date(2023, 2, 4)]
    assert found.cases["person"].null_count() == 1
    assert (found.profile.encoding, found.profile.layout) == (encoding, layout)


def test_a_quoted_field_is_read_whole() -> None:
    """With quotation marks, delimiters and line breaks in it, a blank or tab before it, or 1 MB."""
    note = "x" * 1_000_000
    text = f'id;note\n1;"say ""no""; then"\n2;\t"a"\n3;"one\ntwo"\n4;"{note}"\n5;\n'
    fields = [fields for _, fields in split_records(text, ";").frame.rows()]
    assert fields[1:4] == [["1", 'say "no"; then'], ["2", "a"], ["3", "one\ntwo"]]
    assert fields[4:] == [["4", note], ["5", ""]]


def test_blank_fields_beside_a_quoted_one_stay_between_tabs() -> None:
    text = 'a\tb\tc\td\n1\t\t"x"\ty\n2\t"x"\t\ty\n'
    fields = [fields for _, fields in split_records(text, "\t").frame.rows()]
    assert fields[1:] == [["1", "", "x", "y"], ["2", "x", "", "y"]]


def test_a_line_break_in_the_first_field_parts_no_record() -> None:
    text = 'text;id;kind\n"Ravnevej 4\n2400 NV";1;x\nRavnevej 5;2;y\n"a\nb;c;d";3;z\n'
    fields = [fields for _, fields in split_records(text, ";").frame.rows()]
    assert fields[1:] == [
        ["Ravnevej 4\n2400 NV", "1", "x"],
        ["Ravnevej 5", "2", "y"],
        ["a\nb;c;d", "3", "z"],
    ]


def test_a_merged_header_is_read_with_its_titles(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("Sag;;Borger;\nNr;Dato;CPR;Navn\n1;03-01-2023;x;Bo\n", encoding="utf-8")
    table = read_table(path, {"name": "Borger navn", "date": "Sag dato"})
    assert table.column("borger NAVN").to_list() == ["Bo"]
    assert table.profile.header_line == 2


def test_a_workbook_with_several_sheets(tmp_path: Path) -> None:
    """Dates as numbers, a person number that lost its zero, the sheet found by its header."""
    path = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Læs mig").write(0, 0, "Udtræk")
        sheet = book.add_worksheet("Data")
        sheet.write_row(2, 0, ["Nr", "Varslingsdato", "CPR-nr", "Lejers navn", "Adresse"])
        sheet.write_row(3, 0, [1, 44929, 101901233, "Åse", "Ærøvej 1, 2100 København Ø"])
        date = book.add_format({"num_format": "dd-mm-yyyy"})
        sheet.write_row(4, 0, [2, "", 1012901233, "Bo", "Ærøvej 2, 2100 København Ø"])
        sheet.write_datetime(4, 1, dt.datetime(2023, 2, 4), date)
    found = read_source(source(file="f.xlsx"), kind(), tmp_path, Pseudonyms(KEY))
    assert found.cases["event_date"].to_list() == [dt.date(2023, 1, 3), dt.date(2023, 2, 4)]
    assert found.cases["row"].to_list() == [4, 5]
    assert found.cases["person"].null_count() == 0
    assert found.profile.layout == "Data"


def test_the_lost_zero_is_the_same_person(tmp_path: Path) -> None:
    rows = [f"{n};03-01-2023;{cpr};x;y" for n, cpr in enumerate(["0101901233", "101901233"])]
    found = read(tmp_path, "\n".join([HEADER, *rows]).encode())
    assert found.cases["person"].n_unique() == 1


def test_bad_values_set_their_row_aside_and_nothing_else(tmp_path: Path) -> None:
    rows = [
        "1;31-02-2023;;Ib;y",
        "2;2023;;Ib;y",
        "3;;;Ib;y",
        "4;31-12-2022;;Ib;y",
        "5;01-01-2024;;Ib;y",
        "6;01-06-2023;not a number;Ib;y",
        "7;01-06-2023;;Ib;y;and;more",
        "I alt;;;1.401;",
    ]
    found = read(tmp_path, "\n".join([HEADER, *rows]).encode())
    fates = {
        row: (outcome, why)
        for row, outcome, why in found.entries.sort("row")
        .select("row", "outcome", "reason")
        .iter_rows()
    }
    assert fates == {
        2: ("invalid", "date_impossible"),
        3: ("invalid", "date_unreadable"),
        4: ("invalid", "date_missing"),
        5: ("outside_period", "before_the_period"),
        6: ("outside_period", "after_the_period"),
        7: ("kept", "person_number_unreadable"),
        8: ("invalid", "more_fields_than_columns"),
        9: ("invalid", "sum_row"),
    }


def test_age_at_the_event(tmp_path: Path) -> None:
    """Born 1 March 2006: seventeen until the last day of February 2024."""
    cases = [
        ("28-02-2021", "under_the_age"),
        ("01-03-2021", None),
        ("28-02-2024", None),
        ("01-03-2024", "over_the_age"),
    ]
    rows = [f"{n};{day};010306-5233;Ib;y" for n, (day, _) in enumerate(cases)]
    (tmp_path / "f.csv").write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    wide = source(**{"from": "2020-01-01", "to": "2025-01-01"})
    minors = kind(AgeSpan.model_validate({"from": 15, "to": 17}))
    found = read_source(wide, minors, tmp_path, Pseudonyms(KEY))
    assert found.entries.sort("row")["reason"].to_list() == [why for _, why in cases]


def test_a_missing_column_lists_those_found_and_the_likeliest(tmp_path: Path) -> None:
    text = TEXT.replace("Varslingsdato", "Varslingsdag")
    with pytest.raises(InputError) as raised:
        read(tmp_path, text.encode())
    message = str(raised.value)
    assert "there is no column called 'Varslingsdato'" in message
    assert "'Lejers navn'" in message
    assert "The likeliest match is 'Varslingsdag'" in message
    assert "sources[s].columns.event_date" in message


def test_the_wrong_delimiter_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="parted by semicolon"):
        read(tmp_path, TEXT.encode(), delimiter="|")


def test_columns_are_joined_to_one_address(tmp_path: Path) -> None:
    text = "Dato;Vej;By\n03-01-2023;Ærøvej 1;2100 København Ø\n04-01-2023;Ærøvej 2;\n"
    columns = {"event_date": "Dato", "address": ["Vej", "By"]}
    found = read(tmp_path, text.encode(), columns=columns)
    assert found.cases["address"].to_list() == ["Ærøvej 1, 2100 København Ø", "Ærøvej 2"]


def test_a_person_number_in_the_name_of_a_file_or_a_sheet_is_masked(tmp_path: Path) -> None:
    path = tmp_path / "010190-1233.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Sag 010190-1233").write_column(0, 0, ["Navn", "Bo"])
    profile = read_table(path, {"name": "Navn"}).profile
    assert (profile.file, profile.layout) == ("[cpr].xlsx", "Sag [cpr]")


@pytest.mark.parametrize("delimiter", [None, ",", ";"])
def test_data_in_place_of_a_header_is_not_quoted(tmp_path: Path, delimiter: str | None) -> None:
    content = "\n".join(ROWS).encode()
    with pytest.raises(InputError) as raised:
        read(tmp_path, content, delimiter=delimiter)
    said = str(raised.value)
    assert not [word for word in ("Åse", "Bo Dahl", "Ærøvej", "2100", "03-01") if word in said]
    assert ("looks parted by semicolon" if delimiter == "," else "looks like data") in said


def test_a_wrong_delimiter_is_named_with_the_one_that_fits(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"with comma as the policy says.*parted by semicolon"
    ) as raised:
        read(tmp_path, TEXT.encode(), delimiter=",")
    assert "Ærøvej" not in str(raised.value)


def test_a_real_header_is_listed(tmp_path: Path) -> None:
    content = TEXT.replace("Adresse", "Adr. 2023").encode()
    with pytest.raises(InputError, match=r"'CPR-nr', 'Lejers navn', 'Adr. 2023'"):
        read(tmp_path, content)


def test_a_line_with_nothing_but_a_date_is_no_case(tmp_path: Path) -> None:
    foot = ["Rapport kørt;31-12-2023;;;", ";30-06-2023 10:15;;;", ";01-01-2024;;;"]
    cases = ["3;05-03-2023;;;", ";06-04-2023;;Bo Dahl;", "4;07-05-2023;;;Ærøvej 3"]
    lines = [HEADER, *ROWS, *foot, *cases]
    found = read(tmp_path, "\r\n".join(lines).encode())
    aside = found.entries.filter(pl.col("reason") == "date_alone")
    assert aside["row"].to_list() == [4, 5, 6]
    assert aside["outcome"].unique().to_list() == ["invalid"]
    assert found.cases["row"].to_list() == [2, 3, 7, 8, 9]


def test_some_lost_letters_are_told_beside_others_that_are_there(tmp_path: Path) -> None:
    lines = [HEADER, *(row.replace("ø", "?").replace("Ø", "?") for row in ROWS)]
    told = " ".join(map(str, read(tmp_path, "\r\n".join(lines).encode("cp437")).notes))
    assert "2 lines hold a question mark within a word, and the file has no ø" in told
    question = [*lines[:1], *ROWS[:1], "3;03-01-2023;;Er det Bo?eller Ib;Æblevej 1"]
    told = " ".join(map(str, read(tmp_path, "\r\n".join(question).encode()).notes))
    assert "question mark" not in told
