"""What people write, and what it is found to be: each line of a table specifies the matcher."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamlet import register as hamlet_register
from kvarter.addresses import ANSWER, AddressIndex, Reason, index_of, match, save_index
from kvarter.addresses.explain import explain
from kvarter.addresses.reasons import MEANING
from kvarter.engine import Engine
from kvarter.register import COLUMNS, open_register

UNITS = [
    *[
        ("R4", "Rentemestervej", "4", f, d, "2400", "København NV")
        for f in ("st", "1", "2")
        for d in ("tv", "th")
    ],
    ("G12", "Gammel Kongevej", "12B", "", "", "2200", "København N"),
    ("N7", "Rosenvænget", "7", "", "", "2200", "København N"),
    ("S7", "Rosenvænget", "7", "", "", "2300", "København S"),
    ("B3", "Blågårds Plads", "3", "1", "1", "2200", "København N"),
    ("B3", "Blågårds Plads", "3", "1", "2", "2200", "København N"),
    ("T5", "Thyra Holms Vej", "5", "", "", "2400", "København NV"),
    ("V1", "Vestergade", "10", "", "", "2400", "København NV"),
]


def register_rows() -> list[dict[str, object]]:
    rows = [
        dict.fromkeys(COLUMNS, "")
        | {"address_id": f"{entrance}{floor}{door}", "access_address_id": entrance}
        | {"street_name": street, "postal_street_name": street[:20], "house_number": number}
        | {"floor": floor, "door": door, "postcode": postcode, "post_district": district}
        | {"municipality_code": "0101", "x": 1.0, "y": 2.0}
        for entrance, street, number, floor, door, postcode, district in UNITS
    ]
    former = rows[-1] | {
        "address_id": "OLD",
        "access_address_id": "OLDa",
        "street_name": "Gamle Gade",
        "postal_street_name": "Gamle Gade",
        "replaced_by": "V1",
        "valid_to": "2015-01-01",
    }
    return [*rows, former]


@pytest.fixture(scope="module")
def index() -> AddressIndex:
    engine = Engine()
    rows = pl.DataFrame(register_rows(), schema=dict(COLUMNS))
    return AddressIndex(engine, engine.table(rows))


def answer(index: AddressIndex, text: str) -> dict[str, str | None]:
    (row,) = match([text], index).to_dicts()
    return row


@pytest.mark.parametrize(
    ("text", "category", "found", "reasons"),
    [
        ("Rentemestervej 4, 2. tv, 2400 København NV", "A", "R42tv", ""),
        ("rentemestervej 4 2.TV 2400 københavn nv", "A", "R42tv", ""),
        ("Rentemestervej 4, 2 tv, 2400", "A", "R42tv", ""),
        ("Rentemestervej 4, 02 TV, 2400 København NV", "A", "R42tv", ""),
        ("Rentemestervej 4, 2. sal t.v., 2400 København NV", "A", "R42tv", ""),
        ("Rentemestervej 4, st.th, 2400 København NV", "A", "R4stth", ""),
        ("Rentemestervej 4 stuen th 2400 København NV", "A", "R4stth", ""),
        ("Blaagaards Plads 3, 1. sal dør 2, 2200 København N", "A", "B312", ""),
        ("Rentemestervej 4, 2. tv, 2400 Kbh NV", "B", "R42tv", "district_spelling"),
        ("Rentemestervej 4, 2. tv, 2400 KBH.NV", "B", "R42tv", "district_spelling"),
        ("Rante Mester Vej 4, 2. tv, 2400 København NV", "B", "R42tv", "street_spelling"),
        ("Rentemestrvej 4, 2. tv, 2400 København NV", "B", "R42tv", "street_spelling"),
        ("Gl. Kongevej 12 B, 2200 København N", "B", "G12", "street_abbreviated"),
        ("Blågårds Pl. 3, 1. 2, 2200 København N", "B", "B312", "street_abbreviated"),
        ("Thyra Holms Vj. 5, 2400 København NV", "B", "T5", "street_abbreviated"),
        ("Gammel Kongevej 12B", "B", "G12", "postcode_missing"),
        ("Gammel Kongevej 12B, København N", "B", "G12", "postcode_missing"),
        ("Rosenvænget 7, København S", "B", "S7", "postcode_missing"),
        ("Gammel Kongevej 12B, 2020 København N", "B", "G12", "postcode_differs"),
        ("2400 København NV, Rentemestervej 4, st. th", "B", "R4stth", "reordered"),
        ("2400 , Rentemestervej 4, st. th", "B", "R4stth", "reordered"),
        ("2. tv, Rentemestervej 4, 2400 København NV", "B", "R42tv", "reordered"),
        ("c/o Jensen, Rentemestervej 4, 2. tv, 2400 København NV", "B", "R42tv", "note_ignored"),
        ("Rentemestervej 4, 2. tv, v/ mor, 2400 København NV", "B", "R42tv", "note_ignored"),
        ("Rentemestervej 4, 2. tv (opg. B), 2400 København NV", "B", "R42tv", "note_ignored"),
        ("Rosenvænget 7, 2300 KÃ¸benhavn S", "B", "S7", "mojibake_mended"),
        ("Rosenv&aelig;nget 7, 2300 K&#248;benhavn S", "B", "S7", "html_read"),
        ("Rosenv&amp;aelig;nget&nbsp;7, 2300 K&#xF8;benhavn S", "B", "S7", "html_read"),
        ("Vestergade l0, 2400 København NV", "B", "V1", "house_number_spelling"),
        ("Vestergade 1O, 2400 København NV", "B", "V1", "house_number_spelling"),
        ("B1ågårds Plads 3, 1. 2, 2200 København N", "B", "B312", "street_spelling"),
        ("1. sal 2, Blågårds Plads 3, 2200 København N", "B", "B312", "reordered"),
        ("Rosenvænget, 7, 2300 København S", "B", "S7", "reordered"),
        ("Rosenvænget 7, 2300 København S, siden 2019", "B", "S7", "note_ignored"),
        ("Rosenvænget 7, 2300 København S tlf. 3312 4567", "B", "S7", "note_ignored"),
        ("Rosenvænget 7 c/o Jensen, 2300 København S", "B", "S7", "note_ignored"),
        ("7 Rosenvænget, 2300 København S", "B", "S7", "reordered"),
        ("Gamle Gade 10, 2400 København NV", "B", "V1", "former_address"),
        ("Rentemestervej 4-6, 1. th, 2400 København NV", "B", "R41th", "house_number_range"),
    ],
)
def test_located_to_the_unit(
    index: AddressIndex, text: str, category: str, found: str, reasons: str
) -> None:
    got = answer(index, text)
    assert (got["category"], got["level"], got["address_id"]) == (category, "unit", found)
    assert got["reasons"] == reasons


@pytest.mark.parametrize(
    ("text", "category", "reasons"),
    [
        ("Rentemestervej 4, 2400 København NV", "A", "unit_missing"),
        ("Rentemestervej 4, 2. sal, 2400 København NV", "B", "door_missing"),
        ("Rentemestervej 4, 3. tv, 2400 København NV", "B", "unit_not_in_register"),
        ("Rentemestervej 4, 1.-2. sal, 2400 København NV", "B", "note_ignored; unit_missing"),
    ],
)
def test_located_to_the_entrance(
    index: AddressIndex, text: str, category: str, reasons: str
) -> None:
    got = answer(index, text)
    assert (got["category"], got["level"]) == (category, "access")
    assert (got["address_id"], got["access_address_id"]) == (None, "R4")
    assert got["reasons"] == reasons


@pytest.mark.parametrize(
    ("text", "level", "reason"),
    [
        ("", "none", "no_text"),
        ("12 34 56", "none", "no_text"),
        ("uden fast bopæl", "none", "no_fixed_address"),
        ("Postboks 234, 2400 København NV", "none", "po_box"),
        ("Rentemestervej, 2400 København NV", "street", "no_house_number"),
        ("Rentemestervej 4. sal, 2400 København NV", "street", "no_house_number"),
        ("Rentemestervej 4. sal tv, 2400 København NV", "street", "no_house_number"),
        ("Rentemestervej 99, 2400 København NV", "street", "no_such_house_number"),
        ("Xylofonstræde 4, 2400 København NV", "postcode", "no_such_street"),
        ("Vestergade 10, 4000 Roskilde", "none", "postcode_not_in_register"),
        ("Storgatan 4, 211 42 Malmö", "none", "no_such_street"),
        ("2400, København NV, Rentemestervej, 99, st, th", "street", "no_such_house_number"),
    ],
)
def test_not_located(index: AddressIndex, text: str, level: str, reason: str) -> None:
    got = answer(index, text)
    assert (got["category"], got["access_address_id"], got["level"]) == (None, None, level)
    assert (got["reasons"] or "").split("; ")[-1] == reason


@pytest.mark.parametrize(
    "number", ["[cpr]", "CPR-nr. [cpr]", "([cpr])", "010190-1233", "01 01 90 1233"]
)
@pytest.mark.parametrize(
    "text",
    [
        "c/o {} Rentemestervej 4, 2. tv, 2400 København NV",
        "c/o Bo Dahl {} Rentemestervej 4, 2. tv, 2400 København NV",
        "c/o {}, Rentemestervej 4, 2. tv, 2400 København NV",
        "{} Rentemestervej 4, 2. tv, 2400 København NV",
        "{}, Rentemestervej 4, 2. tv, 2400 København NV",
        "Rentemestervej 4, 2. tv, {}, 2400 København NV",
        "Rentemestervej 4, 2. tv {} 2400 København NV",
        "Rentemestervej 4, 2. tv, 2400 {} København NV",
        "Rentemestervej 4, 2. tv, 2400 København NV {}",
        "Rentemestervej 4, 2. tv, 2400 København NV, {}",
    ],
)
def test_a_person_number_does_not_hide_an_address(
    index: AddressIndex, text: str, number: str
) -> None:
    found = answer(index, text.format(number))
    assert (found["category"], found["address_id"]) == ("B", "R42tv")
    assert "note_ignored" in (found["reasons"] or "")


def test_doubt_is_a_guess_and_names_the_candidates(index: AddressIndex) -> None:
    got = answer(index, "Rosenvænget 7")
    assert (got["category"], got["access_address_id"]) == ("C", None)
    assert got["candidates"] == "Rosenvænget 7, 2200 København N | Rosenvænget 7, 2300 København S"


def test_a_street_found_in_two_ways_is_told_in_one(index: AddressIndex) -> None:
    """By its name, and as what stands after words that are none of a name."""
    got = answer(index, "-..; Vestergade 10, 2200 København N")
    assert (got["category"], got["reasons"]) == ("C", "other_postcode")


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(max_size=80), max_size=20))
def test_any_text_gets_an_answer(texts: list[str], index: AddressIndex) -> None:
    answers = match(texts, index)
    assert answers.columns == list(ANSWER)
    assert answers["text"].to_list() == sorted(set(texts))


@settings(max_examples=30, deadline=None)
@given(number=st.text(st.characters(categories=["Nd", "Nl", "No"]), min_size=1, max_size=3))
def test_numbers_in_any_script_get_an_answer(number: str, index: AddressIndex) -> None:
    assert match([f"Rentemestervej {number} - {number}, 2400"], index).height == 1


@settings(max_examples=30, deadline=None)
@given(
    order=st.permutations(["Rosenvænget 7", "Rentemestervej 4", "x", "Rante Mester Vej 4, 2400"])
)
def test_the_order_of_texts_changes_nothing(order: list[str], index: AddressIndex) -> None:
    assert match(order, index).equals(match(sorted(order), index))


def test_many_texts_are_answered_as_few_are(
    index: AddressIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cores share the texts: here three at a time."""
    texts = [f"{street} {n}" for street in ("Rentemestervej", "Rosenvej") for n in range(20)]
    few = match(texts, index)
    matching = import_module("kvarter.addresses.match")
    monkeypatch.setattr(matching, "_FEWEST", 3)
    monkeypatch.setattr(matching, "_MOST", 3)
    assert match(texts, index).equals(few)


@pytest.mark.slow
def test_official_forms_of_the_whole_register_are_themselves(city: Path) -> None:
    """Every unit address of the example, written as the register writes it, is category A."""
    register = pl.read_parquet(city / "register.parquet").filter(pl.col("replaced_by") == "")
    engine = Engine()
    index = AddressIndex(engine, open_register(engine, city / "register.parquet"))
    floor = pl.when(pl.col("floor") == "").then(pl.lit("")).otherwise(pl.col("floor") + ". ")
    unit = pl.concat_str(floor, "door").str.strip_chars()
    sample = register.sort("address_id").with_columns(
        pl.concat_str(
            pl.concat_str("street_name", "house_number", separator=" "),
            pl.when(unit == "").then(None).otherwise(unit),
            pl.when(pl.col("supplementary_town") != "").then("supplementary_town"),
            pl.concat_str("postcode", "post_district", separator=" "),
            separator=", ",
            ignore_nulls=True,
        ).alias("official")
    )
    found = sample.join(match(sample["official"], index), left_on="official", right_on="text")
    several = sample.group_by("official").len().filter(pl.col("len") > 1)
    assert several.is_empty()
    wrong = found.filter(
        (pl.col("address_id") != pl.col("address_id_right")).fill_null(True)
        | (pl.col("category") != "A")
    )
    assert wrong.is_empty(), wrong.select("official", "candidates", "reasons").head()
    again = match(found["candidates"], index)
    assert set(again["address_id"]) == set(sample["address_id"])


@pytest.mark.parametrize(
    ("text", "category", "candidates"),
    [
        # A stem and an ending that streets have: a street of its own, which the register lacks.
        ("Rosenvej 7, 2200 København N", None, ""),
        (
            "Blågårdsgade 3, 1. 1, 2200 København N",
            "C",
            "Blågårds Plads 3, 1. 1, 2200 København N",
        ),
        # Nearly so, but with a floor that the entrance does not have.
        ("Rentemestrvej 4, 7. tv, 2400 København NV", "C", "Rentemestervej 4, 2400 København NV"),
        # The street is in another postcode than the one given.
        ("Vestergade 10, 2300 København S", "C", "Vestergade 10, 2400 København NV"),
    ],
)
def test_what_may_be_another_street_is_not_located(
    index: AddressIndex, text: str, category: str | None, candidates: str
) -> None:
    got = answer(index, text)
    assert (got["category"], got["access_address_id"]) == (category, None)
    assert got["candidates"] == candidates


def test_an_unrelated_address_in_the_register_changes_no_answer(index: AddressIndex) -> None:
    texts = [
        line for line in (Path(__file__).read_text(encoding="utf-8")).split('"') if "0 K" in line
    ]
    engine = Engine()
    other = dict.fromkeys(COLUMNS, "") | {"address_id": "Z", "access_address_id": "Z"}
    other |= {"street_name": "Zeppelinhaven", "postal_street_name": "Zeppelinhaven"}
    other |= {"house_number": "1", "postcode": "2900", "post_district": "Hellerup"}
    other |= {"municipality_code": "0157", "x": 1.0, "y": 2.0}
    more = pl.DataFrame([*register_rows(), other], schema=dict(COLUMNS))
    larger = AddressIndex(engine, engine.table(more))
    assert len(texts) > 10
    assert match(texts, larger).equals(match(texts, index))


def test_the_steps_to_an_answer_can_be_told(index: AddressIndex) -> None:
    steps = {step.name: step.lines for step in explain("Rentemestrvej l4, 2400 Kbh NV", index)}
    assert "street       rentemestrvej" in steps["read"]
    assert "house number 14" in steps["read"]
    assert steps["street"][0].startswith("Rentemestervej, 2400: The street is spelt differently")
    assert steps["register"] == ["no entrance; led as far as Rentemestervej, 2400"]
    assert "The street has no such house number." in steps["answer"]
    steps = explain("1. sal 2, Blågårds Plads 3, 2200 København N", index)
    assert [step.name for step in steps] == ["read", "street", "register", "answer"]
    assert "Blågårds Plads, 2200: spelt so" in steps[1].lines
    steps = explain("7 Rosenvænget, 2300 København S", index)
    assert [step.name for step in steps[:4]] == ["read", "street", "again", "read"]
    assert steps[1].lines == ["no street of the register is spelt so, or nearly so"]
    assert "Rosenvænget, 2300: spelt so" in steps[4].lines
    for text in ("", "uden fast bopæl", "Rosenvænget 7", "st. 2, Blågårds Plads 3, 2200"):
        assert explain(text, index)[0].name == "read"


def test_each_reason_is_explained_in_words() -> None:
    assert set(MEANING) == set(Reason)


def itself(index: AddressIndex, units: pl.DataFrame) -> None:
    """Each official form is found as its own unit, category A; and so is what was found."""
    answers = match(units["official"], index)
    found = units.join(answers, left_on="official", right_on="text", suffix="_found")
    assert found.height == units.height
    wrong = found.filter(
        pl.col("address_id").ne_missing(pl.col("address_id_found"))
        | pl.col("category").ne_missing("A")
        | pl.col("level").ne_missing("unit")
    )
    assert wrong.is_empty(), wrong.select("official", "candidates", "reasons").head()
    some = units["official"].sample(min(2000, units.height), seed=1)
    assert match(some.reverse(), index).equals(answers.filter(pl.col("text").is_in(some.implode())))


def officials(units: pl.DataFrame) -> pl.DataFrame:
    """`address_id` and the official form of register rows, put together here from the columns."""
    within = pl.concat_str(pl.lit(", "), "floor", pl.lit(". "), "door").str.strip_chars_end()
    unit = pl.when(pl.col("floor") != "").then(within)
    place = pl.concat_str(pl.lit(", "), "postcode", pl.lit(" "), "post_district")
    head = pl.concat_str("street_name", pl.lit(" "), "house_number")
    return units.select("address_id", (head + unit.fill_null("") + place).alias("official"))


def test_official_forms_of_the_hamlet_are_themselves() -> None:
    engine = Engine()
    itself(AddressIndex(engine, engine.table(hamlet_register())), officials(hamlet_register()))


def test_a_saved_index_answers_as_the_register_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "register.parquet"
    hamlet_register().write_parquet(path)
    engine = Engine()
    texts = ["Ravnevej 4, 1. tv, 2400", "ravnvej 5", "Strandvej 1, 9000", "", "Ravnevej 4, st. th"]
    register = open_register(engine, path)
    built = AddressIndex(engine, register)
    save_index(built, path)
    with monkeypatch.context() as no_building:
        no_building.setattr(AddressIndex, "__init__", None)
        saved = index_of(engine, register, path)
    assert match(texts, saved).equals(match(texts, built))


def test_a_saved_index_is_opened_without_what_makes_one() -> None:
    """That takes longer to load than a hundred thousand texts to match."""
    loaded = "print(*{'ibis', 'duckdb', 'pydantic'} & set(sys.modules))"
    code = f"import sys, kvarter.addresses.match_file; {loaded}"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""


def test_a_saved_index_of_another_register_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "register.parquet"
    rows = hamlet_register()
    rows.write_parquet(path)
    engine = Engine()
    save_index(AddressIndex(engine, open_register(engine, path)), path)
    gone = rows["access_address_id"][0]
    text = officials(rows)["official"][0]
    rows.filter(pl.col("access_address_id") != gone).write_parquet(path)
    index = index_of(engine, open_register(engine, path), path)
    assert match([text], index)["access_address_id"].to_list() == [None]


def test_half_an_index_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "register.parquet"
    hamlet_register().write_parquet(path)
    engine = Engine()
    register = open_register(engine, path)
    saved = save_index(AddressIndex(engine, register), path)
    (saved / "names.parquet").unlink()
    assert index_of(engine, register, path).names.height
