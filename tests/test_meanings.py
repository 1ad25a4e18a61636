"""What a column holds, told by its name and its values; and the likeliest one where none fits."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvarter.errors import InputError
from kvarter.files.meanings import WORDS, assigned, likeliest, meaning_of, ranked
from kvarter.register import COLUMNS, MAPPED, build_register

DANISH = (
    "Adresse-ID;Adgangsadresse-ID;Vejnavn;Husnr;Etage;Dør;Postnr;Postdistrikt;Kommunekode;X;Y"
).split(";")


def test_every_column_of_a_register_has_its_words() -> None:
    assert set(MAPPED) <= set(WORDS)


@pytest.mark.parametrize(
    ("column", "meaning"),
    [
        *(("Vejnavn", "street_name"), ("VEJ_NAVN", "street_name"), ("gadenavn", "street_name")),
        *(("adresseringsvejnavn", "postal_street_name"), ("Hus nr.", "house_number")),
        *(("husnummertekst", "house_number"), ("Etagebetegnelse", "floor"), ("Sal", "floor")),
        *(("dørbetegnelse", "door"), ("doerbetegnelse", "door"), ("Side/dør", "door")),
        *(("Post nr.", "postcode"), ("By", "post_district"), ("postnrnavn", "post_district")),
        *(("supplerende bynavn", "supplementary_town"), ("Kommunenr.", "municipality_code")),
        *(("adgangsadresse_id", "access_address_id"), ("husnummerId", "access_address_id")),
        *(("adressens UUID", "address_id"), ("X-koordinat", "x"), ("ETRS89koordinat_nord", "y")),
        *(("Længdegrad", "x"), ("ikrafttrædelsesdato", "valid_from"), ("Ophørt", "valid_to")),
        *(("Fødselsdato", "birth_date"), ("Dato for udsættelse", "event_date")),
        *(("Udsaettelsesdato", "event_date"), ("Borgers CPR-nr.", "person_number")),
        *(("Lejers navn", "name"), ("Fogedrettens sagsnr.", "court_case"), ("År", "year")),
        *(("Antal boliger", "dwellings"), ("Antal indbyggere", "residents"), ("xyz", None)),
    ],
)  # fmt: skip
def test_names_tell_what_a_column_holds(column: str, meaning: str | None) -> None:
    assert meaning_of(column) == meaning
    assert meaning_of(unicodedata.normalize("NFD", column)) == meaning


@given(st.sampled_from(sorted(WORDS)), st.data())
def test_a_column_called_by_a_word_of_a_meaning_may_hold_it(
    meaning: str, data: st.DataObject
) -> None:
    word = data.draw(st.sampled_from(WORDS[meaning].split(", ")))
    assert ranked(meaning, [word.upper()]) == [(word.upper(), 1.0)]


def test_each_meaning_gets_a_column_of_its_own() -> None:
    found = assigned(COLUMNS, DANISH)
    assert list(found.values()) == sorted(found.values(), key=list(found.values()).index)
    assert found == {
        **{"address_id": "Adresse-ID", "access_address_id": "Adgangsadresse-ID"},
        **{"street_name": "Vejnavn", "house_number": "Husnr", "floor": "Etage", "door": "Dør"},
        **{"postcode": "Postnr", "post_district": "Postdistrikt"},
        **{"municipality_code": "Kommunekode", "x": "X", "y": "Y"},
    }


def test_values_settle_what_names_leave_open() -> None:
    values = {
        "Dato": ["Vestergade 3, 1. tv", "Nygade 12"],  # the headers were shifted
        "Felt 1": ["03-04-2023", "17-12-2023", ""],
        "Felt 2": ["310190-1234", "010101-0001"],
        "By": ["Odense C", "Odense M"],
        "Tom": ["", ""],
    }
    assert ranked("event_date", list(values), values) == [("Felt 1", 0.5)]
    assert ranked("person_number", list(values), values) == [("Felt 2", 0.5)]
    assert [column for column, _ in ranked("address", list(values), values)] == []
    assert ranked("post_district", list(values), values) == [("By", 2.0)]


def test_the_likeliest_column_is_the_one_with_the_meaning_or_none() -> None:
    for sought in ("street_name", "postcode", "municipality_code", "access_address_id", "door"):
        found = likeliest(sought, DANISH, f"--column {sought}")
        assert found == assigned(COLUMNS, DANISH)[sought]
    assert likeliest("supplementary_town", DANISH, "--column supplementary_town") is None
    assert likeliest("Varslingsdag", ["Varslingsdato", "Vej"]) == "Varslingsdato"
    field = "sources[a].columns.event_date"
    assert likeliest("Dato", ["Udsættelsesdato", "Data"], field) == "Udsættelsesdato"
    assert likeliest("Afsennder", ["Afsender", "Årsag"], field) == "Afsender"
    assert likeliest("Kvm", ["Postnr", "Vejnavn"]) is None


def test_an_error_names_the_likeliest_column(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"{';'.join(DANISH)}\n{';'.join('1' * 11)}\n", "utf-8")
    pl.DataFrame({name: ["1"] for name in DANISH}).write_parquet(tmp_path / "a.parquet")
    for file in ("a.csv", "a.parquet"):
        with pytest.raises(InputError) as raised:
            build_register(tmp_path / file)
        told = {problem.field: problem.remedy for problem in raised.value.problems}
        assert "The likeliest match is 'Vejnavn'" in told["--column street_name"]
        assert "The likeliest match is 'Postnr'" in told["--column postcode"]
        assert "The likeliest match is 'Kommunekode'" in told["--column municipality_code"]
