"""Search while typing: what is typed so far, and what is suggested, the likeliest first."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import FrozenInstanceError
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hamlet import register as hamlet_register
from kvarter.addresses import AddressIndex, Level, Suggestion
from kvarter.engine import Engine
from kvarter.register import COLUMNS

FLATS = [("st", "tv"), ("st", "th"), ("1", "tv"), ("1", "th"), ("2", "tv"), ("10", "tv")]
HOUSE = [("", "")]
NORTH, SOUTH, WEST = ("2400", "København NV"), ("2300", "København S"), ("1650", "København V")
FAR, VILLAGE = ("8000", "Aarhus C"), ("4180", "Sorø")
HOUSES = [
    *[("Istedgade", number, "", WEST, FLATS) for number in ("9", "10", "100", "101", "10A", "11")],
    ("Istedgade", "10", "", FAR, HOUSE),
    *[("Gammel Kongevej", number, "", WEST, HOUSE) for number in ("2", "12B", "120")],
    ("Nørre Søgade", "1", "", WEST, [("", "1"), ("", "2"), ("kl", "")]),
    ("Åboulevard", "5", "", SOUTH, HOUSE),
    *[("Vestergade", "3", town, VILLAGE, HOUSE) for town in ("Fjenneslev", "Lynge")],
    ("Vestergade", "3", "", NORTH, HOUSE),
    ("Vestergaden", "3", "", FAR, HOUSE),
    ("Vej 4", "12", "", NORTH, HOUSE),
    ("10. Februar Vej", "7", "", NORTH, HOUSE),
    ("Rosenvænget", "7", "", NORTH, [("1", "1"), ("1", "2"), ("1", "10"), ("2", "1")]),
]


def rows_of_register() -> pl.DataFrame:
    rows = []
    for street, number, town, (postcode, district), units in HOUSES:
        entrance = f"{street} {number} {town} {postcode}"
        for floor, door in units:
            rows.append(
                dict.fromkeys(COLUMNS, "")
                | {"address_id": f"{entrance}/{floor}/{door}", "access_address_id": entrance}
                | {"street_name": street, "postal_street_name": street, "house_number": number}
                | {"supplementary_town": town, "floor": floor, "door": door}
                | {"postcode": postcode, "post_district": district}
                | {"municipality_code": "0101", "x": 1.0, "y": 2.0}
            )
    old = rows[-1] | {
        "address_id": "OLD", "access_address_id": "OLD", "street_name": "Tornevej",
        "postal_street_name": "Tornevej", "replaced_by": rows[0]["address_id"],
        "valid_to": "2015-01-01",
    }  # fmt: skip
    return pl.DataFrame([*rows, old], schema=dict(COLUMNS))


def index_of(rows: pl.DataFrame) -> AddressIndex:
    engine = Engine()
    return AddressIndex(engine, engine.table(rows))


INDEX = index_of(rows_of_register())


def texts(typed: str, near: str | None = None, limit: int = 10) -> list[str]:
    return [found.text for found in INDEX.suggest(typed, near, limit)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("isted", ["Istedgade, 1650 København V", "Istedgade, 8000 Aarhus C"]),
        ("Istedgade", ["Istedgade, 1650 København V", "Istedgade, 8000 Aarhus C"]),
        (
            "istedg 10",
            [
                "Istedgade 10, 1650 København V",
                "Istedgade 10, 8000 Aarhus C",
                "Istedgade 10A, 1650 København V",
                "Istedgade 100, 1650 København V",
                "Istedgade 101, 1650 København V",
            ],
        ),
        ("istedgade 10a", ["Istedgade 10A, 1650 København V"]),
        ("istedgade 10 a", ["Istedgade 10A, 1650 København V"]),
        ("istedgade nr. 9", ["Istedgade 9, 1650 København V"]),
        ("istedgade 10, 8000", ["Istedgade 10, 8000 Aarhus C"]),
        ("8000 istedg", ["Istedgade, 8000 Aarhus C"]),
        ("8000 Aarhus C, istedgade 1", ["Istedgade 10, 8000 Aarhus C"]),
        ("istedgade 8000", ["Istedgade, 8000 Aarhus C"]),
        ("istedgade, 80", ["Istedgade, 8000 Aarhus C"]),
        ("istedgade aarh", ["Istedgade, 8000 Aarhus C"]),
        ("istedgade, kbh", ["Istedgade, 1650 København V"]),
        ("istedgade , 1650 København V", ["Istedgade, 1650 København V"]),
        ("istedgade 101, , 1650 København V", ["Istedgade 101, 1650 København V"]),
        ("gl. kong", ["Gammel Kongevej, 1650 København V"]),
        ("gl kongevej 12", ["Gammel Kongevej 12B, 1650 København V"]),
        ("kongevej 2", ["Gammel Kongevej 2, 1650 København V"]),
        ("nr. søg", ["Nørre Søgade, 1650 København V"]),
        ("aabou", ["Åboulevard, 2300 København S"]),
        ("norre sogade 1", ["Nørre Søgade 1, 1650 København V"]),
        ("itsedg", ["Istedgade, 1650 København V", "Istedgade, 8000 Aarhus C"]),
        ("istdgade 101", ["Istedgade 101, 1650 København V"]),
        ("gamel kongvej 120", ["Gammel Kongevej 120, 1650 København V"]),
        ("vestergade", ["Vestergade, 2400 København NV", "Vestergade, 4180 Sorø"]),
        ("vestergade 3, lyn", ["Vestergade 3, Lynge, 4180 Sorø"]),
        ("vej 4 1", ["Vej 4 12, 2400 København NV"]),
        ("10. februar", ["10. Februar Vej, 2400 København NV"]),
        ("10. februar vej 7", ["10. Februar Vej 7, 2400 København NV"]),
        ("tornevej 7", ["Istedgade 9, 1650 København V"]),
    ],
)
def test_what_is_suggested_first(typed: str, first: list[str]) -> None:
    found = texts(typed)
    assert found[: len(first)] == first
    assert first or not found


@pytest.mark.parametrize(
    ("typed", "units"),
    [
        ("istedgade 101,", ["st. tv", "st. th", "1. tv", "1. th", "2. tv", "10. tv"]),
        ("istedgade 101, 1", ["1. tv", "1. th", "10. tv"]),
        ("istedgade 101, 1 t", ["1. tv", "1. th"]),
        ("istedgade 101 1tv", ["1. tv"]),
        ("istedgade 101, 1. sal venstre", ["1. tv"]),
        ("istedgade 101, stuen", ["st. tv", "st. th"]),
        ("istedgade 101, s", ["st. tv", "st. th"]),
        ("istedgade 101, 2., 1650 København V", ["2. tv"]),
        ("rosenvænget 7, 1", ["1. 1", "1. 2", "1. 10"]),
        ("nørre søgade 1, kl", ["kl."]),
        ("nørre søgade 1,", ["kl.", "1", "2"]),
    ],
)
def test_units_from_below_and_in_order(typed: str, units: list[str]) -> None:
    found = [one for one in INDEX.suggest(typed) if one.level == Level.UNIT]
    assert [one.text.split(", ")[1] for one in found] == units


def test_a_unit_that_is_not_there_leads_to_its_entrance() -> None:
    assert texts("istedgade 101, 7. mf")[0] == "Istedgade 101, 1650 København V"


def test_a_number_that_is_not_there_leads_to_its_street() -> None:
    assert texts("vestergaden 99")[0] == "Vestergaden, 8000 Aarhus C"


@pytest.mark.parametrize("typed", ["istedg", "istedg 10", "itsedg"])
def test_the_postcode_that_is_near_comes_first(typed: str) -> None:
    assert "8000 Aarhus C" in texts(typed, near="8000")[0]
    assert "1650 København V" in texts(typed, near="1650")[0]
    assert sorted(texts(typed, near="8000")) == sorted(texts(typed, near="9990"))


def test_what_is_spelt_so_comes_before_what_is_near() -> None:
    assert texts("vestergade 3", near="8000")[-1] == "Vestergaden 3, 8000 Aarhus C"


@pytest.mark.parametrize("limit", [-1, 0, 1, 3, 1000])
def test_there_are_no_more_than_asked_for(limit: int) -> None:
    every = texts("i", limit=10_000)
    assert texts("i", limit=limit) == every[: max(0, limit)]


@pytest.mark.parametrize("typed", ["", " ", ",", "...", "\0", "😀", "qqqqqqqq 4", "2400", "א"])
def test_nothing_is_suggested_where_nothing_is_meant(typed: str) -> None:
    assert texts(typed) == []


def test_what_to_put_into_the_field_next() -> None:
    """The number goes behind the street, the unit behind the number, and the postcode stays."""
    street = INDEX.suggest("istedgade, 1650")[0]
    assert (street.level, street.next) == (Level.STREET, "Istedgade , 1650 København V")
    entrance = INDEX.suggest(street.next[: street.caret] + "101" + street.next[street.caret :])[0]
    assert (entrance.level, entrance.access_address_id) == (
        Level.ACCESS,
        "Istedgade 101  1650",
    )
    unit = INDEX.suggest(
        entrance.next[: entrance.caret] + "2. tv" + entrance.next[entrance.caret :]
    )[0]
    assert unit == Suggestion(
        text="Istedgade 101, 2. tv, 1650 København V",
        level=Level.UNIT,
        street_name="Istedgade",
        postcode="1650",
        access_address_id="Istedgade 101  1650",
        address_id="Istedgade 101  1650/2/tv",
        next="Istedgade 101, 2. tv, 1650 København V",
        caret=38,
    )
    with pytest.raises(FrozenInstanceError):
        unit.text = "another"  # type: ignore[misc]


def test_a_house_without_flats_is_a_unit() -> None:
    (house,) = INDEX.suggest("åboulevard 5")
    assert (house.level, house.address_id) == (Level.UNIT, "Åboulevard 5  2300//")


def designations(rows: pl.DataFrame) -> dict[str, str]:
    """The unit of each address of today, by how it is written officially."""
    unit = pl.concat_str("floor", "door", separator=". ").str.strip_chars(" .")
    town, line = (
        pl.col("supplementary_town"),
        pl.concat_str("street_name", "house_number", separator=" "),
    )
    post = pl.concat_str("postcode", "post_district", separator=" ")
    parts = [line, *(pl.when(part != "").then(part) for part in (unit, town)), post]
    today = rows.filter(pl.col("replaced_by") == "")
    text = pl.concat_str(parts, separator=", ", ignore_nulls=True)
    return dict(today.select(text, "address_id").iter_rows())


OFFICIAL = designations(rows_of_register())
HAMLET, HAMLET_OFFICIAL = index_of(hamlet_register()), designations(hamlet_register())


def finds_all_that_is_typed(index: AddressIndex, official: dict[str, str]) -> None:
    """By its designation, and by each beginning of it that no other has."""
    inorder = sorted(official)
    for text, unit in official.items():
        assert index.suggest(text)[0].address_id == unit
        for end in range(1, len(text)):
            start = text[:end]
            others = bisect_right(inorder, start + "\U0010ffff") - bisect_right(inorder, start)
            if others == 1:
                found = index.suggest(start)
                assert unit in [one.address_id for one in found], (start, text)


def test_every_address_is_found_by_what_only_it_begins_with() -> None:
    finds_all_that_is_typed(INDEX, OFFICIAL)
    finds_all_that_is_typed(HAMLET, HAMLET_OFFICIAL)


def test_what_is_saved_suggests_the_same(tmp_path: Path) -> None:
    INDEX.save(tmp_path)
    opened = AddressIndex.load(tmp_path)
    for typed in ("i", "istedg 10", "itsedg", "istedgade 101, 1 t", "vej 4 1"):
        assert opened.suggest(typed) == INDEX.suggest(typed)


WORDS = st.sampled_from(["Ny", "Gl.", "Vester", "Aa", "Søndre", "10.", "H.C.", "gade", "vej", "Ø"])
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join).filter(lambda name: name[-1] != ".")
NUMBERS = st.builds("{}{}".format, st.integers(1, 120), st.sampled_from(["", "", "A", "B"]))
PLACES = st.sampled_from([*FLATS, ("", ""), ("kl", ""), ("k2", "3"), ("", "4"), ("3", "12")])
ADDRESSES = st.lists(
    st.tuples(NAMES, NUMBERS, st.sampled_from([NORTH, FAR, VILLAGE]), PLACES),
    min_size=1, max_size=6, unique=True,
)  # fmt: skip


@given(ADDRESSES)
@example([("Ny vej", "1", NORTH, ("", "")), ("Nyvej", "1", NORTH, ("", ""))])
@example([("10. vej", "10", NORTH, ("10", "10")), ("vej", "10", NORTH, ("10", "10"))])
def test_any_register_is_found_by_what_is_typed(
    addresses: list[tuple[str, str, tuple[str, str], tuple[str, str]]],
) -> None:
    rows = [
        dict.fromkeys(COLUMNS, "")
        | {"address_id": str(at), "access_address_id": f"{street} {number} {postcode}"}
        | {"street_name": street, "postal_street_name": street, "house_number": number}
        | {"floor": floor, "door": door, "postcode": postcode, "post_district": district}
        | {"municipality_code": "0101", "x": 1.0, "y": 2.0}
        for at, (street, number, (postcode, district), (floor, door)) in enumerate(addresses)
    ]
    table = pl.DataFrame(rows, schema=dict(COLUMNS))
    index, official = index_of(table), designations(table)
    for text, unit in official.items():
        assert unit in [one.address_id for one in index.suggest(text)], text


@given(st.text(max_size=40) | st.lists(st.sampled_from([*OFFICIAL, "2", "tv", ","])).map(" ".join))
def test_whatever_is_typed_is_no_mistake(typed: str) -> None:
    found = INDEX.suggest(typed, near="2400", limit=5)
    assert len({one.text for one in found}) == len(found) <= 5
    known = set(OFFICIAL.values())
    assert all(one.address_id in known for one in found if one.level == Level.UNIT)


def test_an_index_that_is_open_goes_on_where_another_is_saved_in_its_place(tmp_path: Path) -> None:
    INDEX.save(tmp_path)
    opened = AddressIndex.load(tmp_path)
    HAMLET.save(tmp_path)
    for typed in ("i", "istedg 10", "istedgade 101, 1 t"):
        assert opened.suggest(typed) == INDEX.suggest(typed)
    assert AddressIndex.load(tmp_path).suggest("strandv") == HAMLET.suggest("strandv")
