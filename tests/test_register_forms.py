"""Registers as municipalities and their suppliers write them: read right, or told."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import hamlet
from conftest import SHARED, needed
from kvarter.addresses import AddressIndex, match, match_dated
from kvarter.cli import app
from kvarter.engine import Engine
from kvarter.errors import InputError
from kvarter.notes import Note
from kvarter.policy.model import Register
from kvarter.register import (
    BuiltRegister,
    build_register,
    entrances_of,
    open_register,
    read_register,
    write_register,
)
from kvarter.register.columns import notes_in
from kvarter.register.forms import codes, door_of, floor_of, house_number_of, ids, unit_of

PLAIN: dict[str, Any] = {
    **{"address_id": "a1", "access_address_id": "e1", "street_name": "Strandvejen"},
    **{"house_number": "1", "floor": "", "door": "", "supplementary_town": "", "postcode": "2100"},
    **{"post_district": "København Ø", "municipality_code": "0101", "street_code": "0123"},
    **{"x": "720010", "y": "6175000", "valid_from": "", "valid_to": "", "replaced_by": ""},
}


def table(*rows: dict[str, Any]) -> pl.DataFrame:
    """Addresses that differ from PLAIN, each with an id and an entrance of its own."""
    made = [
        PLAIN | {"address_id": f"a{at}", "access_address_id": f"e{at}"} | row
        for at, row in enumerate(rows, start=1)
    ]
    return pl.DataFrame(made, infer_schema_length=None)


def build(folder: Path, frame: pl.DataFrame | str, suffix: str = "csv") -> BuiltRegister:
    path = folder / f"addresses.{suffix}"
    if isinstance(frame, str):
        path.write_text(frame, encoding="utf-8")
    elif suffix == "csv":
        frame.write_csv(path, separator=";")
    elif suffix == "parquet":
        frame.write_parquet(path)
    else:
        frame.write_excel(path)
    return build_register(path)


def said(built: BuiltRegister) -> str:
    return "\n".join(str(note) for note in built.notes)


def reasons(built: BuiltRegister) -> dict[str, int]:
    return dict(sorted(built.set_aside["reason"].value_counts().iter_rows()))


def answers(register: pl.DataFrame, *texts: str) -> list[tuple[str | None, str | None]]:
    engine = Engine()
    index = AddressIndex(engine, engine.table(register))
    found = match(texts, index).select("text", "category", "address_id").rows()
    engine.close()
    by_text = {text: (category, address) for text, category, address in found}
    return [by_text[text] for text in texts]


# Floors and doors.


@pytest.mark.parametrize(
    ("floor", "texts"),
    [
        ("st", "0 00 000 st st. ST Stuen stue Stueetagen 0.0 +0 parterre"),
        ("kl", "kl kl. KLD kld. kælder Kælderen -1 k1 -1.0 Kæld."),
        ("k2", "k2 K2 -2 kl2 kld.2"),
        ("1", "1 01 1. 1.0 1,0 1.sal 1.etage +1 ١"),
        ("12", "12 12. 12.0 12.sal"),
        ("", "- . NULL null N/A nan"),
    ],
)
def test_floors_have_one_form(floor: str, texts: str) -> None:
    assert {text: floor_of(text) for text in texts.split()} == dict.fromkeys(texts.split(), floor)
    assert floor_of("  1. sal ") == floor_of("sal 1") == floor_of("1. etg.") == "1"


@pytest.mark.parametrize(
    ("door", "texts"),
    [
        ("tv", "tv TV t.v. T.V tv. t/v venstre Venstre. t.v"),
        ("th", "th t.h. Th højre HØJRE hoejre"),
        ("mf", "mf m.f. MF midtfor midt Midten"),
        ("1", "1 01 0001 1.0 dør1 lejl.1 nr.1"),
        ("12a", "12a 12A 012a"),
        ("a1", "a1 A1"),
        ("1-2", "1-2"),
        ("", "0 00 - NULL"),
    ],
)
def test_doors_have_one_form(door: str, texts: str) -> None:
    assert {text: door_of(text) for text in texts.split()} == dict.fromkeys(texts.split(), door)
    assert door_of("dør 12") == door_of("Lejlighed 12") == door_of("nr. 12") == "12"
    assert door_of("til højre") == door_of("højre side") == door_of("t. h.") == "th"


def test_what_is_no_floor_or_door_is_no_other() -> None:
    for text in ("loft", "2,5", "høj stue", "100", "1-2", "12 14"):
        assert floor_of(text) is None
    for text in ("mod gården", "sydvest", "1. th", "1 & 2"):
        assert door_of(text) is None


def test_a_floor_and_door_in_one_column_are_parted() -> None:
    for floor, door in [
        ("1. tv", ""),
        ("1 t.v.", ""),
        ("1", "1. tv"),
        ("", "1 tv"),
        ("1.,tv", "-"),
    ]:
        assert unit_of(floor, door) == ("1", "tv", True, True)
    assert unit_of("sttv", "") == unit_of("Stuen tv", "") == ("st", "tv", True, True)
    assert unit_of("1", "2. tv") == ("1", "2. tv", True, False)  # they contradict each other
    assert unit_of("Loft", "tv") == ("loft", "tv", False, True)


@given(st.text(max_size=12), st.text(max_size=12))
def test_units_have_one_form_however_often_they_are_read(floor: str, door: str) -> None:
    once = unit_of(floor, door)
    assert unit_of(*once[:2]) == once


def test_texts_are_found_at_floors_and_doors_of_any_form(tmp_path: Path) -> None:
    written = [("0", "tv"), ("Stuen", "T.H."), ("1. sal", "højre"), ("kld", ""), ("2.0", "0003")]
    flats = [{"access_address_id": "e", "floor": f, "door": d} for f, d in written]
    built = build(tmp_path, table(*flats))
    units = [("st", "tv"), ("st", "th"), ("1", "th"), ("kl", ""), ("2", "3")]
    assert built.register.select("floor", "door").rows() == units
    texts = [f"Strandvejen 1, {u}, 2100 København Ø" for u in
             ("st. tv", "st. th", "1. th", "kl.", "2. 3")]  # fmt: skip
    assert answers(built.register, *texts) == [("A", f"a{at}") for at in range(1, 6)]
    assert "the floor of 1 address is written 0" in said(built)


def test_floors_and_doors_in_no_known_form_are_counted_and_kept(tmp_path: Path) -> None:
    odd = [{"floor": "Loft"}, {"floor": "loft"}, {"floor": "1", "door": "Mod gården"}, {}]
    built = build(tmp_path, table(*odd))
    assert built.set_aside.height == 0
    assert built.register["floor"].to_list() == ["loft", "loft", "1", ""]
    assert "the floor of 2 addresses is in no known form" in said(built)
    assert "the door of 1 address is in no known form" in said(built)
    assert "'Mod gården'" in said(built)


def test_single_letters_are_sides_where_no_door_has_another(tmp_path: Path) -> None:
    sides = build(tmp_path, table(*({"floor": "1", "door": d} for d in ("V", "h", "m.", ""))))
    assert sides.register["door"].to_list() == ["tv", "th", "mf", ""]
    assert "the door of 3 addresses is a single v, h or m" in said(sides)
    letters = build(tmp_path, table(*({"floor": "1", "door": d} for d in ("v", "h", "a", "b"))))
    assert letters.register["door"].to_list() == ["v", "h", "a", "b"]


# House numbers, codes, ids.


def test_house_numbers_have_one_form(tmp_path: Path) -> None:
    same = ("12A", "012A", "12 a", "12a", "12.A", "nr. 12 A", "12 A.", "12-a")
    assert {house_number_of(text) for text in same} == {"12A"}
    assert [house_number_of(text) for text in ("7.0", "007", "0", "")] == ["7", "7", "", ""]
    several = ("12 A-C", "12-14", "12A-12C", "12 og 14", "12, 14", "12/14")
    rows = [{"house_number": n} for n in (*same, *several, "Kirken", "")]
    built = build(tmp_path, table(*rows))
    assert built.register["house_number"].to_list() == ["12A"] * len(same)
    assert reasons(built) == {
        "house_number_unreadable": 1,
        "no_house_number": 1,
        "several_house_numbers": len(several),
    }


def test_codes_get_their_zeros_back(tmp_path: Path) -> None:
    texts = ["461", "0461", "461.0", "461,0", "0461 Odense", "", "Odense", "46100"]
    read = pl.DataFrame({"code": texts}).select(codes(pl.col("code"))).to_series().to_list()
    assert read == ["0461"] * 5 + ["", "Odense", "46100"]
    rows = [
        {"postcode": "800", "post_district": "Høje Taastrup"},
        {"postcode": "2100.0", "street_code": "12.0"},
        {"postcode": "5000 Odense C", "post_district": "", "street_code": ""},
        {"postcode": "DK-5000", "street_code": "NULL"},
        {"municipality_code": "Odense"},
        {"postcode": "0"},
    ]
    built = build(tmp_path, table(*rows))
    assert built.register["postcode"].to_list() == ["0800", "2100", "5000", "5000"]
    assert built.register["post_district"][2] == "Odense C"
    assert built.register["street_code"].to_list() == ["0123", "0012", "", ""]
    assert reasons(built) == {"no_municipality": 1, "no_postcode": 1}


UUID = "0a3f507a-4bd5-32b8-e044-0003ba298018"


@pytest.mark.parametrize(
    "text",
    [UUID.upper(), f"{{{UUID}}}", f"{{{UUID.upper()}}}", UUID.replace("-", ""), f"urn:uuid:{UUID}"],
)
def test_uuids_have_one_form(text: str, tmp_path: Path) -> None:
    assert pl.DataFrame({"id": [text, "E1"]}).select(ids(pl.col("id")))["id"].to_list() == [
        UUID,
        "E1",
    ]
    other = UUID.replace("0a3f", "1b2c")
    rows = [
        {"address_id": text, "access_address_id": text},
        {"address_id": other, "replaced_by": UUID.upper(), "street_name": "Gammelvej"},
    ]
    built = build(tmp_path, table(*rows))
    assert built.set_aside.height == 0
    assert built.register["address_id"].to_list() == [UUID, other]
    assert built.register["replaced_by"].to_list() == ["", UUID]


def test_an_id_that_is_written_in_two_ways_is_one(tmp_path: Path) -> None:
    built = build(tmp_path, table({"address_id": UUID}, {"address_id": UUID.upper()}))
    assert reasons(built) == {"address_id_seen_before": 1}


# Days.


@pytest.mark.parametrize(
    "first",
    ["01-01-2010", "2010-01-01", "01.01.2010", "1/1/2010", "2010-01-01 00:00:00.000"],
)
def test_days_are_read_as_those_of_extracts(first: str, tmp_path: Path) -> None:
    former = {"street_name": "Gammelvej", "replaced_by": "a1", "valid_to": "31-12-2009"}
    built = build(tmp_path, table({"valid_from": first}, former))
    assert built.register["valid_from"].to_list() == ["2010-01-01", ""]
    assert built.register["valid_to"].to_list() == ["", "2009-12-31"]


@pytest.mark.parametrize(
    "last",
    ["99991231", "9999-12-31", "31-12-9999", "29991231", "99991231235959", "99999999", "00000000"],
)
@pytest.mark.parametrize("first", ["00010101", "0001-01-01T00:00:00", "1753-01-01", "0000-00-00"])
def test_days_that_stand_for_none_leave_an_address_open(
    first: str, last: str, tmp_path: Path
) -> None:
    built = build(tmp_path, table({"valid_from": first, "valid_to": last}))
    assert built.register["valid_from"].to_list() == [""]
    (end,) = built.register["valid_to"]
    assert end == "" or end > "2900"
    assert "have a last day" not in said(built)


def test_the_last_day_is_the_last_on_which_an_address_is_found(tmp_path: Path) -> None:
    rows = [
        {"valid_from": "2010-01-01", "house_number": "17"},
        {"house_number": "19"},
        {"house_number": "17", "access_address_id": "e2", "replaced_by": "a2",
         "valid_from": "01-01-2000", "valid_to": "31-12-2009"},
    ]  # fmt: skip
    register = build(tmp_path, table(*rows)).register
    engine = Engine()
    index = AddressIndex(engine, engine.table(register))
    days = ["1999-12-31", "2000-01-01", "2009-12-30", "2009-12-31", "2010-01-01"]
    asked = pl.DataFrame({"text": ["Strandvejen 17, 2100 København Ø"] * 5, "date": days})
    found = match_dated(asked, index).sort("date")["access_address_id"].to_list()
    engine.close()
    assert found == ["e1", "e2", "e2", "e2", "e1"]


def test_days_that_cannot_be_read_set_their_record_aside(tmp_path: Path) -> None:
    rows = [
        {"valid_from": "snart"},
        {"valid_to": "31-02-2010"},
        {"valid_from": "2010-01-02", "valid_to": "2010-01-01"},
        {"valid_from": "2010-01-02", "valid_to": "2010-01-02"},
        {"valid_to": "99991331"},
    ]
    built = build(tmp_path, table(*rows))
    assert built.register["address_id"].to_list() == ["a4"]
    assert reasons(built) == {
        "valid_from_unreadable": 1,
        "valid_to_before_valid_from": 1,
        "valid_to_impossible": 2,
    }


# Points.


def test_an_entrance_has_the_point_of_most_of_its_addresses(tmp_path: Path) -> None:
    points = [("720000", "6175000"), ("720000", "6175000"), ("720030", "6175040")]
    flats = [
        {"access_address_id": "e", "floor": str(at), "x": x, "y": y}
        for at, (x, y) in enumerate(points, start=1)
    ]
    built = build(tmp_path, table(*flats, {"house_number": "3"}))
    assert built.register["x"].to_list() == [720000.0] * 3 + [720010.0]
    assert "addresses of 1 entrance have several points" in said(built)
    assert "1 address had another, up to 50 metres away" in said(built)
    engine = Engine()
    entrances = entrances_of(engine, engine.table(built.register))
    engine.close()
    assert entrances.select("place", "x", "y", "units").row(0) == ("e", 720000.0, 6175000.0, 3)


def test_an_address_of_the_past_does_not_move_its_entrance(tmp_path: Path) -> None:
    past = {
        "access_address_id": "e1",
        "street_name": "Gammelvej",
        "replaced_by": "a1",
        "x": "720500",
    }
    built = build(tmp_path, table({}, past, past))
    assert built.register["x"].to_list() == [720010.0] * 3


def test_swapped_and_impossible_points_are_told(tmp_path: Path) -> None:
    rows = [
        {"x": "6175000", "y": "720010"},
        {"x": "55.7", "y": "12.5"},
        {"x": "0", "y": "0"},
        {"x": "nan", "y": "inf"},
        {"x": "12.5", "y": "55.7"},
        {},
    ]
    built = build(tmp_path, table(*rows))
    assert built.register["address_id"].to_list() == ["a5", "a6"]
    assert reasons(built) == {
        "no_point": 1,
        "point_outside_denmark_in_epsg_25832": 1,
        "x_and_y_are_swapped": 2,
    }
    far = build(tmp_path, table(*({"house_number": str(n)} for n in range(1, 10)), {"x": "520010"}))
    assert "the points of 1 address lie more than 60 kilometres" in said(far)


# Rows, columns and nulls.


def test_a_stray_quote_costs_no_line(tmp_path: Path) -> None:
    lines = [
        "a1;e1;Strandvejen;1;2100;0101;720010;6175000;",
        'a2;e2;Strandvejen;3;2100;0101;720020;6175000;"se sag 4',
        'a3;e3;Strandvejen;5;2100;0101;720030;6175000;"',
        'a4;e4;Strandvejen;7;2100;0101;720040;6175000;"',
        'a5;e5;"Strandvejen";9;2100;0101;720050;6175000;ok"',
        'a6;e6;Strand"vejen;11;2100;0101;720060;6175000;"ab"',
        'a7;e7;Strandvejen;13;2100;0101;720060;6175000;"et ""nyt"" hus"',
        "a8;e8;Strandvejen;15;2100;0101;720060;6175000;",
    ]
    header = (
        "address_id;access_address_id;street_name;house_number;postcode;municipality_code;x;y;note"
    )
    built = build(tmp_path, "\n".join([header, *lines]) + "\n")
    assert built.register["house_number"].to_list() == ["1", "3", "5", "7", "9", "11", "13", "15"]
    assert built.register["street_name"][4] == "Strandvejen"
    assert built.set_aside.height == 0


@pytest.mark.parametrize(
    ("change", "street", "told"),
    [
        (str, "Ærøvej", ""),
        (lambda text: text.encode().decode("cp1252"), "Ærøvej", "UTF-8 twice"),
        (lambda text: text.replace("Æ", "&AElig;"), "Ærøvej", "as on a web page"),
        (lambda text: text.replace("Æ", "\ufffd"), "\ufffdrøvej", "lost before the file came"),
        (lambda text: text.replace("Ærø", "?r?"), "?r?vej", "lost before the file came"),
        (lambda text: text.replace("2100", '="2100"'), "Ærøvej", ""),
        (lambda text: text.replace("Ærø", 'Æ"rø'), "Ærøvej", "out of place"),
        (lambda text: text.replace("Ærøvej", "»Ærøvej«"), "Ærøvej", "marks are left out"),
    ],
)
def test_a_csv_register_gets_the_care_of_extracts(
    change: Any, street: str, told: str, tmp_path: Path
) -> None:
    rows = table({}, {"street_name": "Ærøvej"}, {}, {}).with_columns(post_district=pl.lit("By"))
    built = build(tmp_path, change(rows.write_csv(separator=";")))
    assert (
        built.register.rows()
        == build(tmp_path, rows)
        .register.with_columns(
            street_name=pl.col("street_name").replace("Ærøvej", street),
            postal_street_name=pl.col("postal_street_name").replace("Ærøvej", street),
        )
        .rows()
    )
    assert told in said(built)
    assert built.set_aside.is_empty()


def test_another_header_in_a_csv_register_is_none_of_its_addresses(tmp_path: Path) -> None:
    rows = table({}, {})
    text = rows.head(1).write_csv(separator=";") + rows.tail(1)[rows.columns[::-1]].write_csv(
        separator=";"
    )
    built = build(tmp_path, text)
    assert built.register.rows() == build(tmp_path, rows).register.rows()
    assert reasons(built) == {"repeated_header": 1}
    assert "another header stands" in said(built)


@settings(max_examples=40)
@given(st.data())
def test_no_line_goes_missing_whatever_its_quotes(data: st.DataObject) -> None:
    marks = st.text(alphabet='"ab ', max_size=6)
    notes = data.draw(st.lists(marks, min_size=1, max_size=8))
    header = (
        "address_id,access_address_id,street_name,house_number,postcode,municipality_code,x,y,note"
    )
    lines = [
        f"a{at},e{at},Vej,{at},2100,0101,720010,6175000,{note}"
        for at, note in enumerate(notes, start=1)
    ]
    with TemporaryDirectory() as folder:
        built = build(Path(folder), "\n".join([header, *lines]) + "\n")
    assert built.register.height + built.set_aside.height == len(notes)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_registers_come_with_any_line_end_and_encoding(
    end: str, encoding: str, tmp_path: Path
) -> None:
    text = table({"street_name": "Ærøvej"}, {"house_number": "3"}).write_csv(separator=";")
    path = tmp_path / "r.csv"
    path.write_bytes(text.replace("\n", end).encode(encoding))
    assert build_register(path).register["street_name"].to_list() == ["Ærøvej", "Strandvejen"]


def test_typed_cells_keep_their_meaning(tmp_path: Path) -> None:
    rows = table(
        {"municipality_code": 461.0, "postcode": 800.0, "house_number": 12.0, "floor": 1.0,
         "door": 4.0, "x": 720010.125, "y": 6175000.5, "street_code": None,
         "valid_from": date(2010, 1, 1), "valid_to": None, "replaced_by": None}
    )  # fmt: skip
    typed = [rows, rows.with_columns(pl.lit(datetime(2010, 1, 1)).alias("valid_from"))]
    midnight = datetime(2010, 1, 1, tzinfo=ZoneInfo("Europe/Copenhagen"))
    utc = pl.Series("valid_from", [midnight]).dt.convert_time_zone("UTC")
    typed.append(rows.with_columns(utc))
    for frame in typed:
        row = build(tmp_path, frame, "parquet").register.row(0, named=True)
        assert (row["municipality_code"], row["postcode"], row["house_number"]) == (
            "0461",
            "0800",
            "12",
        )
        assert (row["floor"], row["door"], row["street_code"]) == ("1", "4", "")
        assert (row["x"], row["y"]) == (720010.125, 6175000.5)
        assert (row["valid_from"], row["valid_to"], row["replaced_by"]) == ("2010-01-01", "", "")
    row = build(tmp_path, rows, "xlsx").register.row(0, named=True)
    assert (row["municipality_code"], row["postcode"], row["floor"]) == ("0461", "0800", "1")
    assert (row["x"], row["valid_from"]) == (720010.125, "2010-01-01")


def test_columns_that_look_as_if_they_should_be_used_are_named(tmp_path: Path) -> None:
    frame = table({"floor": "1", "door": "tv"}, {"floor": "2", "door": "tv"}).rename(
        {"floor": "Etage", "door": "Dør", "post_district": "Postdistrikt"}
    )
    frame = frame.with_columns(access_address_id=pl.lit("e"), bbr=pl.lit("x"), Sal=pl.lit(""))
    built = build(tmp_path, frame)
    for column, meaning in [("Etage", "floor"), ("Dør", "door"), ("Postdistrikt", "post_district")]:
        assert f"{column!r} is not used, though it looks like `{meaning}`" in said(built)
    assert "'Sal'" not in said(built)  # it is blank throughout
    assert set(built.unused) == {"Etage", "Dør", "Postdistrikt", "bbr", "Sal"}
    assert "1 address is written as another one with another id" in said(built)
    assert "Strandvejen 1" in said(built)


@pytest.mark.parametrize("made_by_us", [True, False])
def test_a_blank_column_does_not_hide_the_one_that_is_filled(
    made_by_us: bool, tmp_path: Path
) -> None:
    frame = table({"floor": "", "door": ""}, {"floor": "", "door": ""})
    others = {"Etage": "2", "bbr": "x", "Side": " ", "postal_street_name": ""}
    frame = frame.with_columns(pl.lit(text).alias(name) for name, text in others.items())
    path = tmp_path / "addresses.parquet"
    if made_by_us:
        notes = build(tmp_path, frame, "parquet").notes
    else:
        frame.write_parquet(path)
        engine = Engine()
        notes = read_register(engine, tmp_path, Register(file=path.name)).notes
        engine.close()
    told = [str(note) for note in notes if "is not used" in str(note)]
    assert len(told) == 1
    assert "'Etage' is not used, though it looks like `floor`" in told[0]


def test_an_entrance_of_two_streets_is_told(tmp_path: Path) -> None:
    built = build(
        tmp_path, table({"access_address_id": "e"}, {"access_address_id": "e", "house_number": "3"})
    )
    assert "1 entrance has addresses of different streets" in said(built)


def test_null_in_words_is_null(tmp_path: Path) -> None:
    rows = [
        {"supplementary_town": "NULL", "replaced_by": "null", "valid_to": "(null)", "door": "\\N"}
    ]
    register = build(tmp_path, table(*rows)).register
    assert (
        register.select("supplementary_town", "replaced_by", "valid_to", "door").row(0) == ("",) * 4
    )


def test_what_a_spreadsheet_leaves_around_a_value_is_not_of_it(tmp_path: Path) -> None:
    rows = [
        {"postcode": "'2100", "municipality_code": '="0101"', "house_number": "12\u200b A"},
        {
            "floor": "\u200est",
            "door": "t\u00a0v",
            "address_id": "a2\ufeff",
            "street_name": "A\u030agade",
        },
    ]
    built = build(tmp_path, table(*rows), "parquet")
    first, second = built.register.rows(named=True)
    assert (first["postcode"], first["municipality_code"], first["house_number"]) == (
        *("2100", "0101"),
        "12A",
    )
    assert (second["floor"], second["door"], second["address_id"]) == ("st", "tv", "a2")
    assert second["street_name"] == "Ågade"


def test_a_key_that_lost_its_zero_is_read(tmp_path: Path) -> None:
    frame = table({"kvhx": "1010123012B_1___tv"}, {"kvhx": "01010123012B_1___tv"})
    frame.drop("floor", "door", "house_number", "municipality_code").write_csv(tmp_path / "k.csv")
    built = build_register(tmp_path / "k.csv", {"kvhx": "kvhx"})
    columns = ["municipality_code", "house_number", "floor", "door"]
    assert built.register.select(columns).rows() == [("0101", "12B", "1", "tv")] * 2


def test_an_address_that_ended_and_leads_nowhere_is_told(tmp_path: Path) -> None:
    built = build(tmp_path, table({"valid_to": "31-12-2009"}, {"valid_to": "31-12-9999"}, {}))
    assert "1 address has a last day and leads to no other" in said(built)


# A register that was made by others.


def test_a_register_with_nulls_and_other_forms_is_read_as_it_is_meant(tmp_path: Path) -> None:
    right = hamlet.register()
    blank = [
        pl.col(name).replace("", None) for name, kind in right.schema.items() if kind == pl.String
    ]
    odd = right.with_columns(*blank).with_columns(
        pl.lit(None, pl.String).alias("replaced_by"),
        pl.lit(None, pl.Date).alias("valid_to"),
        floor=pl.col("floor").replace("st", "Stuen"),
        door=pl.col("door").replace("tv", "T.V."),
        postcode=pl.col("postcode").cast(pl.Int64),
        municipality_code=pl.col("municipality_code").cast(pl.Float64),
    )
    odd.write_parquet(tmp_path / "odd.parquet")
    right.write_parquet(tmp_path / "right.parquet")
    engine = Engine()
    opened = [
        engine.fetch(open_register(engine, tmp_path / f"{name}.parquet")).sort("address_id")
        for name in ("odd", "right")
    ]
    assert opened[0].equals(opened[1])
    assert not any(opened[0].null_count().row(0))
    index = AddressIndex(engine, open_register(engine, tmp_path / "odd.parquet"))
    assert match(["Strandvejen 2, st. tv, 2100 København Ø"], index)["category"].to_list() == ["A"]
    engine.close()


def test_match_tells_what_is_odd_in_a_register_of_others(tmp_path: Path) -> None:
    frame = hamlet.register().with_columns(floor=pl.col("floor").replace("st", "0"))
    frame.write_parquet(tmp_path / "r.parquet")
    (tmp_path / "t.csv").write_text("text\nStrandvejen 2, st. tv, 2100 København Ø\n", "utf-8")
    files = ["--register", f"{tmp_path}/r.parquet", "--out", f"{tmp_path}/o.parquet"]
    told = CliRunner().invoke(app, ["match", f"{tmp_path}/t.csv", *files])
    assert "is written 0, and is read as the ground floor" in " ".join(told.output.split())
    assert pl.read_parquet(tmp_path / "o.parquet")["category"].to_list() == ["A"]


def test_a_register_of_others_can_have_any_types(tmp_path: Path) -> None:
    frame = hamlet.register().head(3)
    other = frame.with_columns(
        address_id=pl.Series([bytes([at]) * 16 for at in range(3)]),
        access_address_id=pl.col("access_address_id").cast(pl.Categorical),
        street_name=pl.col("street_name").cast(pl.Binary),
        supplementary_town=pl.lit(None),
        x=pl.col("x").cast(pl.Decimal(12, 2)),
        y=pl.col("y").cast(pl.Float32),
        bulk_district=pl.Series([[], [], []], dtype=pl.List(pl.String)),
        replaced_by=pl.lit(None, pl.Int32),
    )
    other.write_parquet(tmp_path / "r.parquet")
    engine = Engine()
    opened = engine.fetch(open_register(engine, tmp_path / "r.parquet"))
    engine.close()
    assert opened["street_name"].to_list() == frame["street_name"].to_list()
    assert opened["address_id"][1] == "01010101-0101-0101-0101-010101010101"
    assert opened["x"].to_list() == frame["x"].to_list()


def test_a_register_of_others_with_bad_records_is_refused_with_their_reasons(
    tmp_path: Path,
) -> None:
    hamlet.register().with_columns(x=pl.lit(None, pl.Float64)).write_parquet(tmp_path / "r.parquet")
    engine = Engine()
    with pytest.raises(InputError, match=r"records cannot be used: no_point .*\n.*register build"):
        open_register(engine, tmp_path / "r.parquet")
    engine.close()


def test_notes_stay_with_the_register_and_are_told_by_a_run(tmp_path: Path) -> None:
    policy = hamlet.build(tmp_path / "town")
    note = Note("{register}: the floor of {rows} {rows:address|addresses} is written 0, and is "
                "read as the ground floor (st).", {"register": "a.csv", "rows": 3})  # fmt: skip
    path = tmp_path / "town" / "register.parquet"
    write_register(build_register(path).register, [note], path)
    assert notes_in(path) == (note,)
    assert note in hamlet.run_in(policy).notes
    told = " ".join(CliRunner().invoke(app, ["check", str(policy)]).output.split())
    assert "Etagen for 3 adresser er skrevet 0" in told


def test_a_note_in_a_register_is_data(tmp_path: Path) -> None:
    frame = build(tmp_path, table({})).register
    for kept in (
        {"form": 1, "notes": [["{x.__class__}", {"x": "1"}]]},
        {"form": 1, "notes": [["{y}", {"x": "1"}]]},
        {"form": 1, "notes": [["{x:{x.__class__}|b}", {"x": "1"}]]},
        {"form": 1, "notes": [["{x:999999999}", {"x": "1"}]]},
        {"form": 1, "notes": "none"},
        {"form": 9, "notes": []},
        [],
    ):
        frame.write_parquet(tmp_path / "r.parquet", metadata={"kvarter_register": json.dumps(kept)})
        assert not notes_in(tmp_path / "r.parquet")


def test_a_policy_without_a_register_reads_an_empty_one(tmp_path: Path) -> None:
    engine = Engine()
    assert engine.fetch(read_register(engine, tmp_path, None).table).is_empty()
    hamlet.register().write_parquet(tmp_path / "r.parquet")
    read = read_register(engine, tmp_path, Register(file="r.parquet"))
    assert engine.fetch(read.table).height == hamlet.register().height
    engine.close()


# The examples that outsiders found.


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("register-danish-dates", [("B", "e2"), ("A", "e1")]),
        ("register-floor-zero", [("A", "a1"), ("A", "a3"), ("A", "a4"), ("A", "a5"), ("A", "a6")]),
        ("register-last-day", [("B", "e2"), ("B", "e2"), ("A", "e1")]),
        ("register-stray-quote", [("A", f"a{at}") for at in range(1, 7)]),
    ],
)
def test_the_examples_of_registers(name: str, right: list[tuple[str, str]], tmp_path: Path) -> None:
    case = needed(SHARED.parent / "cases" / name)
    made = ["register", "build", f"{case}/addresses.csv", "--out", f"{tmp_path}/r.parquet"]
    assert CliRunner().invoke(app, made).exit_code == 0
    dated = ["--date-column", "dato"] if "dato" in (case / "texts.csv").read_text("utf-8") else []
    wash = ["match", f"{case}/texts.csv", "--register", f"{tmp_path}/r.parquet", *dated]
    assert CliRunner().invoke(app, [*wash, "--out", f"{tmp_path}/o.parquet"]).exit_code == 0
    column = "access_address_id" if dated else "address_id"
    found = pl.read_parquet(tmp_path / "o.parquet").select("category", column)
    assert found.rows() == right
