"""A register with history: what was written on a day is found where it was on that day.

In 2019 the houses of Bakkevej were numbered anew: what was number 4 is number 6 today, and a new
house has number 4. Gamle Gade is called Nygade since 2015.
"""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from kvarter.addresses import AddressIndex, match, match_cases, match_dated
from kvarter.engine import Engine
from kvarter.register import COLUMNS

ROWS = [
    # id, entrance, street, number, from, to, replaced_by
    ("B6", "old house", "Bakkevej", "6", "2019-05-01", "", ""),
    ("B4-was", "old house", "Bakkevej", "4", "1950-01-01", "2019-05-01", "B6"),
    ("B4", "new house", "Bakkevej", "4", "2020-01-01", "", ""),
    ("N1", "corner", "Nygade", "1", "2015-01-01", "", ""),
    ("G1-was", "corner", "Gamle Gade", "1", "1900-01-01", "2015-01-01", "N1"),
    ("S8", "site", "Strandvej", "8", "2022-03-01", "", ""),
]


@pytest.fixture(scope="module")
def index() -> AddressIndex:
    rows = [
        dict.fromkeys(COLUMNS, "")
        | {"address_id": unit, "access_address_id": entrance, "street_name": street}
        | {"postal_street_name": street, "house_number": number, "postcode": "4000"}
        | {"post_district": "Roskilde", "municipality_code": "0265", "x": 1.0, "y": 2.0}
        | {"valid_from": since, "valid_to": until, "replaced_by": today}
        for unit, entrance, street, number, since, until, today in ROWS
    ]
    engine = Engine()
    return AddressIndex(engine, engine.table(pl.DataFrame(rows, schema=dict(COLUMNS))))


@pytest.mark.parametrize(
    ("text", "date", "found", "reasons"),
    [
        ("Bakkevej 4, 4000 Roskilde", "2016-03-01", "old house", "former_address"),
        ("Bakkevej 4, 4000 Roskilde", "2023-03-01", "new house", ""),
        ("Bakkevej 4, 4000 Roskilde", "", "new house", ""),
        ("Bakkevej 6, 4000 Roskilde", "2023-03-01", "old house", ""),
        ("Gamle Gade 1, 4000 Roskilde", "2012-03-01", "corner", "former_address"),
        ("Gamle Gade 1, 4000 Roskilde", "2023-03-01", "corner", "former_address"),
        ("Strandvej 8, 4000 Roskilde", "2016-03-01", "site", "not_valid_then"),
        ("Strandvej 8, 4000 Roskilde", "2022-03-01", "site", ""),
    ],
)
def test_a_text_is_matched_to_the_register_of_its_day(
    index: AddressIndex, text: str, date: str, found: str, reasons: str
) -> None:
    (answer,) = match_dated(pl.DataFrame({"text": [text], "date": [date]}), index).to_dicts()
    assert (answer["access_address_id"], answer["reasons"]) == (found, reasons)
    assert answer["category"] == ("B" if reasons else "A")


def test_the_answer_is_what_the_address_is_called_today(index: AddressIndex) -> None:
    (answer,) = match(["Gamle Gade 1, 4000 Roskilde"], index).to_dicts()
    assert (answer["address_id"], answer["candidates"]) == ("N1", "Nygade 1, 4000 Roskilde")


def test_the_same_text_on_two_days_can_be_two_houses(index: AddressIndex) -> None:
    days = [dt.date(2016, 1, 1), dt.date(2021, 1, 1), None]
    cases = pl.DataFrame({"address": ["Bakkevej 4, 4000"] * 3, "event_date": days})
    placed = match_cases(cases, index)["access_address_id"].to_list()
    assert placed == ["old house", "new house", "new house"]
