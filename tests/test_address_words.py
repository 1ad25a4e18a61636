"""Floors, doors and postcodes in unusual forms, what stands beside them, and slips in a street."""

from __future__ import annotations

import polars as pl
import pytest

from kvarter.addresses import AddressIndex, Category
from kvarter.addresses.slips import is_slip
from kvarter.engine import Engine
from kvarter.register import COLUMNS
from test_addresses import register_rows


@pytest.fixture(scope="module")
def index() -> AddressIndex:
    engine = Engine()
    rows = [
        *register_rows(),
        register_rows()[6] | {
            "address_id": "L3", "access_address_id": "L3", "street_name": "Banevej",
            "postal_street_name": "Banevej", "house_number": "3",
            "postcode": "6940", "post_district": "Lem St",
        },
    ]  # fmt: skip
    return AddressIndex(engine, engine.table(pl.DataFrame(rows, schema=dict(COLUMNS))))


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        # A door that is named before its floor is not the floor.
        ("Blågårds Plads 3, dør 2 på første sal, 2200 København N", "B312"),
        ("Blågårds Plads 3, 1. sal, dør to, 2200 København N", "B312"),
        ("Blågårds Plads 3, 1. sal, d. 2, 2200 København N", "B312"),
        ("Rentemestervej 4, en trappe op til højre, 2400 København NV", "R41th"),
        ("Rentemestervej 4, 2den sal til venstre, 2400 København NV", "R42tv"),
        ("Rentemestervej 4, II h, 2400 København NV", "R42th"),
        ("Rentemestervej 4 I, th, 2400 København NV", "R41th"),
        ("Rentemestervej 4, 2t.v., 2400 København NV", "R42tv"),
        ("Rentemestervej 4, (stuen til venstre), 2400 København NV", "R4sttv"),
        ("Rentemestervej 4, p? f?rste sal til h?jre, 2400 København NV", "R41th"),
        ("Rentemestervej 4, 2400 K?benhavn NV, 2. tv", "R42tv"),
        # Postcodes that are glued, split, written twice or filled up.
        ("Rentemestervej 4, 2. tv, 2400København NV", "R42tv"),
        ("Rosenvænget 7, 23 00 København S", "S7"),
        ("Rosenvænget 7, 2300 2300 København S", "S7"),
        ("Rosenvænget 7, 02300 København S", "S7"),
        ("Banevej 3, 6940 Lem St", "L3"),
        # What stands beside a house without flats is no flat of it.
        ("Rosenvænget 7, 2300 København S, 1/4", "S7"),
        ("Rosenvænget 7, 2300 København S, 75 m2", "S7"),
        ("Rosenvænget 7, 2300 København S opg. 3", "S7"),
        ("Rosenvænget 7, 2300 København S, d. 4/5 kl. 10", "S7"),
        ("Rosenvæget 7, 2300 København S (adressebeskyttet)", "S7"),
        ("p.t. Rosenvænget 7, 2300 København S", "S7"),
        ("Flyttet til Rosenvænget 7, 2300 København S", "S7"),
        ("Vej og nr.: Rosenvænget 7, 2300 København S", "S7"),
        ("Vej: Rentemestrvej, Nr.: 4, Etage: 2, Side: tv, Postnr: 2400", "R42tv"),
        ("Rosenvænge 7, 2300 København S", "S7"),
        ("Vestoxgudy 10, 2400 København NV", None),
    ],
)
def test_the_unit_that_is_meant(index: AddressIndex, text: str, unit: str | None) -> None:
    assert index.match_one(text)["address_id"] == unit


@pytest.mark.parametrize(
    "text",
    [
        "Rosenvænget 7, 2300 København S, hjemrejst til Polen",
        "Rosenvænget 7, 2300 København S, nu bosat i Spanien",
        "Rosenvænget 7, 2300 København S Sverige",
        "Rosenvænget 7, Malmö kommun",
        "Rosenvænget 7, CA 90001",
        "Fra Rosenvænget 7 til torvet, 2300 København S",
        "Rosenvænget 7, 2300 København S - mellem dette og nr. 9",
        "Tante, Rosenvænget 7, 2300 København S",
        "Møbler opmagasineret Rosenvænget 7, 2300 København S",
        "Rosenvænget 7, 2300 København S, beboer ukendt",
    ],
)
def test_another_place_or_person_is_a_guess(index: AddressIndex, text: str) -> None:
    assert index.match_one(text)["category"] == Category.GUESS


@pytest.mark.parametrize(
    ("written", "name", "slip"),
    [
        ("vestwrgade", "vestergade", True),  # e and w lie side by side
        ("vsetergade", "vestergade", True),
        ("vesstergade", "vestergade", True),
        ("vesteergadre", "vestergade", True),  # r is hit along with e
        ("bygaclen", "bygaden", True),  # as a scanner reads
        ("tøvkersvej", "tøvkærsvej", True),  # as it sounds
        ("egonsgade", "egilsgade", False),
        ("saxhøjvej", "valhøjvej", False),
        ("bakken", "bybakken", False),
    ],
)
def test_a_slip_is_told_from_another_name(written: str, name: str, slip: bool) -> None:
    assert is_slip(written, name) == slip
