"""Texts in an unusual order, or with more in them than one address."""

from __future__ import annotations

import polars as pl
import pytest

from kvarter.addresses import AddressIndex, match
from kvarter.engine import Engine
from kvarter.register import COLUMNS

UNITS = [
    *[
        ("H13", "Havnegade", "13", floor, door, "1058", "København K")
        for floor in ("kl", "st", "1", "2")
        for door in ("tv", "th")
    ],
    ("H15", "Havnegade", "15", "", "", "1058", "København K"),
    ("H12", "Havnegade", "12", "1", "th", "1058", "København K"),
    ("H12B", "Havnegade", "12B", "1", "th", "1058", "København K"),
    ("B2", "Bag Rådhuset", "2", "", "", "1550", "København V"),
    ("V4", "Vej 4", "12", "", "", "2770", "Kastrup"),
    ("J5", "5. Junivej", "4", "4", "tv", "2000", "Frederiksberg"),
    ("P3", "Plads 10. Maj", "3", "", "", "2770", "Kastrup"),
    ("C3", "Charlotte Ammundsens Plads", "3", "", "", "1359", "København K"),
    ("I9", "Istedgade", "9", "", "", "1650", "København V"),
    ("E9", "Egilsgade", "9", "", "", "2300", "København S"),
]


@pytest.fixture(scope="module")
def index() -> AddressIndex:
    rows = [
        dict.fromkeys(COLUMNS, "")
        | {"address_id": f"{entrance}-{floor}{door}", "access_address_id": entrance}
        | {"street_name": street, "postal_street_name": street[:20], "house_number": number}
        | {"floor": floor, "door": door, "postcode": postcode, "post_district": district}
        | {"municipality_code": "0101", "x": 1.0, "y": 2.0}
        for entrance, street, number, floor, door, postcode, district in UNITS
    ]
    engine = Engine()
    return AddressIndex(engine, engine.table(pl.DataFrame(rows, schema=dict(COLUMNS))))


def answer(index: AddressIndex, text: str) -> dict[str, str | None]:
    (row,) = match([text], index).to_dicts()
    return row


@pytest.mark.parametrize(
    "text",
    [
        "1058, København K, Havnegade, 13, 2, tv",
        "Havnegade, 13, 2, tv, 1058, København K",
        "Vej: Havnegade Nr: 13 Etage: 2 Dør: tv Postnr: 1058 By: København K",
        "Vejnavn=Havnegade; Husnr=13; Etage=2; Side=tv; Postnr=1058",
        "Havnegade_13_2_tv_1058_København_K",
        "2. tv, Havnegade 13, 1058 København K",
        "2. sal tv - Havnegade 13 - 1058 København K",
        "Havnegade 13, tv, 2. sal, 1058 København K",
        "Havnegade 13, 1058 København K, 2. tv",
        "Havnegade 13, 1058 København K (2. tv)",
        "Havnegade 13 1058 København K 2. tv",
        "Havnegade 13, 2. tv, København K 1058",
        "Havnegade # 13, 2. tv, 1058 København K",
        "c/o Hans Peter Jensen Nielsen Havnegade 13 2 tv 1058 København K",
        "Att. Bo Hansen - Havnegade 13, 2. tv, 1058 København K",
        "Egilsgade 9 ApS, Havnegade 13, 2. tv, 1058 København K",
        "City 2, Havnegade 13, 2. tv, 1058 København K",
        "Sagsnr. 2023-001234, Havnegade 13, 2. tv, 1058 København K",
        "12.05.2023 Havnegade 13, 2. tv, 1058 København K",
        "Havnegade 13, 2. tv, 1058 København K pr. 1. maj 2023",
        "Havnegade 13, portkode 1234, 2. tv, 1058 København K",
        "Havnegade 13, 2. tv, tlf. 33 12 34 56, 1058 København K",
        "Havnegade 13, 2. tv, 1058 København K (beskyttet adresse)",
        "Havnegade 13, 2. tv, 1058 København K (før: Egilsgade 9)",
        "Egilsgade 9 (tidl.), nu Havnegade 13, 2. tv, 1058 København K",
        "Havnegade 13, 2. tv, Indre By",
        "Havnegade 13, 2. tv, 1058 Indre By",
        'Havnegade 13, 2. tv - "LAVUK"',
        "Havnegade 13, 2. tv, nordvest for Vedbækgade",
        "Havnegade 1e, 2. tv, 1058 København K".replace("1e", "l3"),
        "Havnegade 13, anden sal tv, 1058 København K",
        "Havnegade 13, II tv, 1058 København K",
        "Havnegade 13, 2nd floor left, 1058 København K",
        "H%61vnegade 13, 2. tv, 1058 K%C3%B8benhavn K".replace("%61", "a"),
        "Havnegade 13, 2. tv, 1058 K=F8benhavn K",
        "Havnegade 11-13, 2. tv, 1058 København K",
        "Havnegaden 13, 2. tv, 1058 København K",
        "Havneg 13, 2. tv, 1058 København K",
        "H?vneg?de 13, 2. tv, 1058 K?benhavn K",
        "2. tv, Havngade 13, 1058 København K",
        "Havngade 13, 1058 København K, 2. tv",
        "Havngade;13;2;tv;1058;København K",
        "Vej: Havngade Nr: 13 Etage: 2 Dør: tv Postnr: 1058 By: København K",
        "Sag 23/12345, Havngade 13, 2. tv, 1058 København K",
        "Havngade hus nr. 13, 2. tv, 1058 København K",
        "Havnegade, 1058 København K, 13, 2. tv",
        "13; Havnegade; 2; tv; 1058; København K",
        "Havnegade 13 opgang 2 2. tv, 1058 København K",
        "Havnegade 13, indgang C, 2. tv, 1058 København K",
        "Havnegade 13, 2. tv, opg. C, København K",
        "Havnegade 13 opg. C, 2. tv, København",
        "Havnegade 13<br>2. tv<br>1058 København K",
        "[Havnegade 13] [2. tv] [1058 København K]",
        "|Havnegade 13|2. tv|1058|København K|",
        "Havnegade 13, andensal tv, 1058 København K",
        "Havnegade 13, 2. vnstr, 1058 København K",
        "Havnegade 13, 2. sal (venstre), 1058 København K",
        "Havnegade 13, to tv, 1058 København K",
        "Havnegade 13, København K 2. tv",
        "Havnegade 13, 1058 København K / 2. tv",
        "Havnegade 13-9, 2. tv, 1058 København K",
        "Havnegade 13-13A, 2. tv, 1058 København K",
        "Havnegade 13, t.v. 2. sal, 1058 K\u203abenhavn K",
        "Havnegade 13, 2. tv, 1058 K|benhavn K",
        "Havnegade 13, 2. tv, 1058 KÃƒÂ¸benhavn K",
        "Havnegade I3, 2. tv, 1058 København K",
        "Havnegade nr. tretten, 2. tv, 1058 København K",
        "nr. 13 Havnegade, 2. tv, 1058 København K",
        "Klientens adresse=13 Havngade, 2. tv, 1058 København K",
        "Sag 28896/758272 2. tv Havnegade 13, 1058 København K",
        "EMN-2012-303505: 2. tv Havnegade 13, 1058 København K",
        "Havnegade 11/13, 2. tv, 1058 København K",
        "Havnegade 9-11-13, 1058 København K, 2. tv",
        "Jens Hansen\nHavnegade 13\n2. tv\n1058 København K",
        "Havnegade 13..2. tv..1058",
        "Havnegade 13 + 2. + tv + 1058 København K",
        "[2. tv], Havnegade 13, 1058 København K",
        "Havnegade 13, lejl. tv, 2. sal, 1058 København K",
        "Havnegade 13, i 2. sals højde, venstre dør, 1058 København K",
        "Havnegade 13, II, venstre, 1058 København K",
        "Havnegade 13, 2. tv samme adresse, 1058 København K",
        "Havnegade 13, 2. tv dør ukendt, 1058 København K",
        "Indflyttet: Havnegade 13, 2. tv, 1058 København K",
        "Indflyttet Havnegade 13, 2. tv, 1058 København K",
        "Besøgsadr.: Havnegade 13, 2. tv, 1058 København K",
        "2. tv: Havngade 13, 1058 København K",
        "2tv Havngade 13, 1058 København K",
        "Havnegade 13, ejerlejlighed 2. tv, 1058 København K",
        "Havnegade 13, et. 2, tv, 1058 København K",
        "Vej=Havnegade; Nr=13; Etage=2; Dør=tv; Postnr=1058",
        "Adresse: Havngade | Nr.: 11/13 | Etg.: 2 | Dør: tv | Post nr.: 1058",
        "Havnegade 13, opgang 3, 2. tv, København K",
    ],
)
def test_one_unit_in_many_orders(index: AddressIndex, text: str) -> None:
    got = answer(index, text)
    assert (got["address_id"], got["category"] in ("A", "B")) == ("H13-2tv", True), got


@pytest.mark.parametrize(
    ("text", "entrance"),
    [
        ("Vej 4 12, 2770 Kastrup", "V4"),
        ("Charlotte Ammundsens Pls. nr. tre, 1359 København K", "C3"),
        ("Ref. AB/1234 Charlotte Amundsens Plads 3, 1359 København K", "C3"),
        ("Egilsgad. nr.9, 2300 København S", "E9"),
        ("Havnegade 13-I5, 1058 København K", "H13"),
        ("Vej 4, nr. 12, 2770 Kastrup", "V4"),
        ("Plads 10. Maj 3, 2770 Kastrup", "P3"),
        ("5. Junivej, 4, 4, tv, 2000, Frederiksberg", "J5"),
        ("Bag Rådhuset 2, 1550 København V", "B2"),
        ("Charlotte Ammundsens 3, 1359 København K", "C3"),
        ("Charlotte Ammundsens 3, København K", "C3"),
        ("Charl. Amm. Pl. 3, 1359 København K", "C3"),
        ("C. Ammundsens Plads 3, 1359 København K", "C3"),
        ("Ammundsens Plads 3, 1359 København K", "C3"),
        ("Plds 10. Maj 3, 2770 Kastrup", "P3"),
        ("Charl.plads 3, 1359 København K", "C3"),
        ("Egi.gade 9, 2300 København S", "E9"),
        ("Hvngade 13, 1058 København K", "H13"),
        ("Charlotte Amundsens Plads 3, 1359 København K", "C3"),
        ("Havnegade 13, etage ukendt, 1058 København K", "H13"),
        ("Havnegade 13, 1058 København K, box 5", "H13"),
        ("Havnegade 13, overfor Netto, 1058 København K", "H13"),
        ("Havnegade 13, 0. th, 1058 København K", "H13"),
        ("Havnegade 13, tidligere bageri, 1058 København K", "H13"),
        ("Ikke ringe på, Havnegade 13, 1058 København K", "H13"),
        ("Havnegade 13, 1058 København K, bor her ikke alene", "H13"),
        ("Havnegade 13, 1058 København K, flyttet ind 1.5.2020", "H13"),
        ("Bor nu på Havnegade 13, 1058 København K", "H13"),
        ("Udsættelse på Havnegade 13, 1058 København K", "H13"),
        ("Lejligheden i Havnegade 13, 1058 København K", "H13"),
        ("Skolen i Havnegade, Havnegade 13, 1058 København K", "H13"),
        ("Havnegade 13, 1058 København ?", "H13"),
        ("Havnegade 13, 1058 København K, født i Polen", "H13"),
        ("Havnegade 13, 1058 København K, arbejder i Malmø", "H13"),
        ("Bor ikke alene på Havnegade 13, 1058 København K", "H13"),
        ("Bor hos mor på Havnegade 13, 1058 København K", "H13"),
        ("Far har nøgle, Havnegade 13, 1058 København K", "H13"),
        ("Beboeren på Havnegade 13, 1058 København K", "H13"),
        ("Skal udsættes fra Havnegade 13, 1058 København K", "H13"),
        ("Lejekontrakt for Havnegade 13, 1058 København K", "H13"),
        ("Havnegade 13, 1058 København K, ring hos naboen", "H13"),
        ("Bor Havnegade 13, 1058 København K indtil videre", "H13"),
        ("Havnegade 13, 1058 København K, tidligere hjemløs", "H13"),
    ],
)
def test_one_entrance(index: AddressIndex, text: str, entrance: str) -> None:
    got = answer(index, text)
    assert (got["access_address_id"], got["category"] in ("A", "B")) == (entrance, True), got


@pytest.mark.parametrize(
    "written",
    [
        *["12, B", "12-B", "12/B", "12 (B)", "12 B", "12 litra B", "12, opgang B", "12 opg. B"],
        *["12, indgang B", "12 b."],
    ],
)
def test_a_letter_apart_is_of_the_house(index: AddressIndex, written: str) -> None:
    for place in ("1058 København K", "København K", "København"):
        got = answer(index, f"Havnegade {written}, 1. th, {place}")
        assert got["access_address_id"] == "H12B", (place, got)


@pytest.mark.parametrize(
    "unit", ["b. 1. th", "b.1.th", ", b 1. th", ", B-1. th", ", 1. th, opgang B"]
)
def test_a_letter_before_the_flat_is_of_the_house(index: AddressIndex, unit: str) -> None:
    got = answer(index, f"Havnegade 12 {unit}, 1058 København K")
    assert got["access_address_id"] == "H12B", got


def test_a_letter_before_a_flat_is_no_floor(index: AddressIndex) -> None:
    assert answer(index, "Havnegade 13, I, 2. tv, 1058 København K")["access_address_id"] is None


@pytest.mark.parametrize(
    ("text", "entrance"),
    [
        ("Charlotte Ammundsens Pladsen 3, 1359 København K", "C3"),
        ("Haavnegadde 13, 2. tv, 1058 København K", "H13"),
    ],
)
def test_a_name_further_away_counts_where_the_register_confirms_it(
    index: AddressIndex, text: str, entrance: str
) -> None:
    got = answer(index, text)
    assert (got["access_address_id"], got["category"]) == (entrance, "B"), got


@pytest.mark.parametrize("place", ["København S", "2300 København S"])
def test_a_name_further_away_is_a_guess_where_nothing_confirms_it(
    index: AddressIndex, place: str
) -> None:
    got = answer(index, f"Eggilssgadde 9, {place}")
    assert (got["category"], got["candidate_ids"]) == ("C", "E9"), got
    assert "street_in_doubt" in (got["reasons"] or "")


@pytest.mark.parametrize("written", ["12, C", "12-C", "12/C", "12 litra C", "12C - 1. th"])
def test_a_letter_is_not_dropped_to_answer_another_house(index: AddressIndex, written: str) -> None:
    assert answer(index, f"Havnegade {written}, 1058 København K")["access_address_id"] is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Over for Havnegade 13, 1058 København K", "beside_the_house"),
        ("Bag ved Havnegade 13", "beside_the_house"),
        ("Nabo til Havnegade 13, 1058 København K", "beside_the_house"),
        ("Mellem Havnegade 12 og 13, 1058 København K", "beside_the_house"),
        ("Kiosken på hjørnet af Havnegade 13, 1058 København K", "beside_the_house"),
        ("på gaden ved Havnegade 13", "beside_the_house"),
        ("Havnegade 13 (overfor), 1058 København K", "beside_the_house"),
        ("Ikke Havnegade 13, 1058 København K", "not_this_address"),
        ("Fraflyttet Havnegade 13, 1058 København K", "not_this_address"),
        ("Tidl. adresse: Havnegade 13, 1058 København K", "not_this_address"),
        ("Skal snart flytte til Havnegade 13", "not_this_address"),
        ("Arbejder på Havnegade 13, 1058 København K", "not_this_address"),
        ("Havnegade 13, bor der ikke længere", "not_this_address"),
        ("Mor: Havnegade 13, 1058 København K", "not_this_address"),
        ("Ny adresse pr. 1. maj, Havnegade 13", "not_this_address"),
        ("Barn hos far Havnegade 13, 1058 København K", "not_this_address"),
        ("Havnegade 13 (tidligere), 1058 København K", "not_this_address"),
        ("Udlejer: KAB, Havnegade 13, 1058 København K", "not_this_address"),
        ("Havnegade 13, 1058 København K (afmeldt)", "not_this_address"),
        ("Havnegade 13, 1058 København K - ukendt på adressen", "not_this_address"),
        ("fra Havnegade 13 til Egilsgade 9", "beside_the_house"),
        ("Havnegade 13 eller deromkring", "beside_the_house"),
        ("Ugyldig adresse: Havnegade 13, 1058 København K", "not_this_address"),
        ("Havnegade 13, 1058 København K er udgået", "not_this_address"),
        ("Havnegade 13, 1058 København K, passer ikke", "not_this_address"),
        ("Går i skole på Havnegade 13, 1058 København K", "not_this_address"),
        ("Har kiosk på Havnegade 13, 1058 København K", "not_this_address"),
        ("Måske Havnegade 13, 1058 København K", "not_this_address"),
        ("Hendes mor, Havnegade 13, 1058 København K", "not_this_address"),
        ("To huse fra Havnegade 13, 1058 København K", "not_this_address"),
        ("Til højre for Havnegade 13, 1058 København K", "beside_the_house"),
        ("Mellem Egilsgade og Havnegade 13", "beside_the_house"),
        ("Havnegade 13, 1058 København K (nabohuset)", "beside_the_house"),
        ("Havnegade 13 og opefter, 1058 København K", "beside_the_house"),
        ("Havnegade 13 til 15, 1058 København K", "several_addresses"),
        ("Sverige, Havnegade 13", "abroad"),
        ("I Sverige: Havnegade 13", "abroad"),
        ("Havnegade 13 (Odense)", "other_postcode"),
        ("Havnegade 13 eller 15, 1058 København K", "several_addresses"),
        ("Havnegade 13 og Egilsgade 9, København", "several_addresses"),
        ("Havnegade 13, 211 36 Malmö", "abroad"),
        ("Havnegade 13, 10115 Berlin", "abroad"),
        ("Havnegade 13, Mogadishu", "abroad"),
        ("Havnegade 13, 211 36", "abroad"),
        ("Havnegade 13, SE-211 36", "abroad"),
        ("Havnegade 13, DE", "abroad"),
        ("Havnegade 13, 1058 Antwerpen", "abroad"),
        ("Havnegade 13, 1058 København K, bor nu i Sverige", "abroad"),
        ("Forkert adresse: Havnegade 13, 1058 København K", "not_this_address"),
        ("Havnegade 13, 1058 København K - har ikke boet her", "not_this_address"),
        ("Havnegade 13, ej bopæl", "not_this_address"),
        ("Hverken Havnegade 13 eller Egilsgade 9", "not_this_address"),
        ("Havnegade 13, 1058 København K?", "not_this_address"),
        ("Havnegade 13, 2. tv? 1058 København K", "not_this_address"),
        ("Havnegade 13 (?)", "not_this_address"),
        ("Havnegade 13, midt imellem", "beside_the_house"),
        ("Havnegade 13, FO-100 Tórshavn", "abroad"),
        ("Havnegade 13, Odense", "other_postcode"),
        ("Egonsgade 9, 2300 København S", "street_in_doubt"),
        ("Ristedgade 9, 1650 København V", "street_in_doubt"),
    ],
)
def test_what_does_not_name_the_house_is_a_guess(
    index: AddressIndex, text: str, reason: str
) -> None:
    got = answer(index, text)
    assert (got["category"], got["access_address_id"]) == ("C", None), got
    assert reason in (got["reasons"] or "").split("; ")
    assert got["candidate_ids"]


@pytest.mark.parametrize(
    "text",
    [
        "Havnegade, 13 år, 1058 København K",
        "Havnegade 13 m2, 1058 København K",
        "Havnegade 13-årig dreng",
        "Havnegade kl. 13, 1058 København K",
        "Havnegade ca. 13, 1058 København K",
        "Havnegade tretten, 1058 København K",
        "Husvild - Havnegade 13, 1058 København K",
        "Uden bopæl, Havnegade 13, 1058 København K",
    ],
)
def test_what_names_no_house_has_no_answer(index: AddressIndex, text: str) -> None:
    assert answer(index, text)["access_address_id"] is None


def test_a_label_that_is_none_of_a_street_is_told(index: AddressIndex) -> None:
    got = answer(index, "Afdeling: Havnegade 13, 2. tv, 1058 København K")
    assert (got["address_id"], got["category"], got["reasons"]) == ("H13-2tv", "B", "note_ignored")


def test_a_number_in_a_note_is_no_unit(index: AddressIndex) -> None:
    text = "Havnegade 13, v/3J 4, 2. tv, 1058 København K"
    assert answer(index, text)["address_id"] == "H13-2tv"
