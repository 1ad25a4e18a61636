"""What stands in the place of an identity and is nobody's unites no rows, and is told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from conftest import ROOT, SHARED, needed
from hamlet import HEADER, KEY, build, policy, run_in
from kvarter.cases import Pseudonyms
from kvarter.cases.frequent import most_by_chance
from kvarter.cases.persons import NOBODYS, UNREADABLE, person_numbers
from kvarter.cases.placeholders import NO_NAME
from test_deduplicate import SCHEMA, kind, row

key = Pseudonyms(KEY)


def lost(found: pl.DataFrame) -> list[str | None]:
    return found["lost"].to_list()


@pytest.mark.parametrize(
    "number",
    [
        *("111111-1111", "1111111111", "0101010101", "010101-0101", "010170-0000", "1234567890"),
        *("000000-0000", "999999-9999", "010203-0405", "251248-9996", "01011970-0000"),
        *("ukendt", "Ikke oplyst", "N/A", "-", "?", "mangler", "ingen", "afventer", "se sag"),
    ],
)
def test_a_number_that_is_no_persons(number: str) -> None:
    found = person_numbers(pl.Series([number]))
    assert found["digits"].to_list() == [None]
    assert lost(found) == [NOBODYS]


def test_a_number_that_cannot_be_read_is_told_apart_from_none() -> None:
    texts = pl.Series(["", "310290-1233", "12345", "010190-1233"])
    assert lost(person_numbers(texts)) == [None, UNREADABLE, UNREADABLE, None]


@pytest.mark.parametrize(
    "name",
    [
        *("Ukendt", "UKENDT", "ukendt.", "(ukendt)", "Ukendt lejer", "lejer ukendt", "N.N.", "NN"),
        *("n. n.", "Lejer", "Beboer 2. th", "Dødsbo", "DOEDSBO", "Dodsbo", "Dødsboet efter"),
        *("Boet efter", "Fam.", "Familien", "test", "Test Testesen", "xxx", "XX", "Ikke-oplyst"),
        *("ikkeoplyst", "n/a", "Unknown", "NULL", "se sag", "afventer", "Hr.", "Hr. og Fru"),
        *(
            "Ej oplyst",
            "ej angivet",
            "#I/T",
            "#REFERENCE!",
            "#NAVN?",
            "#DIVISION/0!",
            "#N/A",
            "(tom)",
        ),
        *("(blank)", "[ny]", "Ubekendt", "Tomt lejemål", "Nuværende beboer", "Tidligere lejer"),
        *("Ny lejer", "Til beboeren", "Borger uden navn", "Oplysning mangler", "Sagsøgte", "do."),
        *("Rekvisitus", "Diverse", "DO.", "do", "samme", "Samme som ovenfor", "Unavngivet", "X"),
        *("å.", "Ledig", "Ingen data", "dto.", "Nye beboere", "Ditto", "Forrige lejer"),
        *("Nancy Ann Berggren", "Lejer 1", "Navne- og adressebeskyttelse", "Uoplyst"),
    ],
)
def test_a_name_that_is_none(name: str) -> None:
    found = key.of_names(pl.Series([name]))
    assert found.row(0) == (None, NOBODYS)


@pytest.mark.parametrize(
    "name",
    [
        *("Bo", "Tom", "Fam. Holm", "Boet efter Anna Holm", "Person A", "Nn Hansen", "J.H."),
        *("Do", "Per", "Bo Ny", "Ny", "Thi Do", "Tom Do", "Marie Uden", "(Anna Holm)", "Til Holm"),
        *("Åse Ørum", "Kunde Olsen", "N1", "Ellen Test Holm", "Dødsbo v/ Ib Juul"),
    ],
)
def test_a_name_that_is_one(name: str) -> None:
    found = key.of_names(pl.Series([name]))
    assert found["key"][0] is not None
    assert lost(found) == [None]


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        *((none, False) for none in ("Ikke oplyst", "n/a", "0", "000", "-", "afventer", "FS")),
        *((none, False) for none in ("ukendt", "se sag", "FS 0", "2023", "FS 2023", "9999")),
        *((none, False) for none in ("FS 0-0/2023", "111111-1111", "010170-0000", "??", "ingen")),
        *((one, True) for one in ("FS 18-1674/2023", "1", "123", "BS-1/2023", "010190-1233")),
        *((one, True) for one in ("20230001", "FS 2023/2023")),
        *((none, False) for none in ("31-12-2023", "31.12.23", "2023-12-31", "31/12-2023 10:15")),
        *((none, False) for none in ("Københavns Byret, 3. afdeling", "Retten i Glostrup, afd. 4")),
        *((none, False) for none in ("2100 København Ø", "DK-2100 København", "#I/T", "#DIV/0!")),
        *(
            (none, False)
            for none in ("2022/2023", "2022-2023", "2022/23", "Østre Landsret 12. afd.")
        ),
        *(
            (one, True)
            for one in ("Københavns Byret FS 3-1/2023", "12-3456/2023", "2100 FS", "2023/2022")
        ),
        *(
            (one, True)
            for one in ("32-12-2023", "FS 31-12-2023", "BS-2022/2023", "1999/23", "12 34")
        ),
    ],
)
def test_a_court_case(number: str, is_one: bool) -> None:
    found = key.of_court_cases(pl.Series([number]))
    assert lost(found) == [None if is_one else NOBODYS]
    assert (found["key"][0] is not None) == is_one


def test_blank_is_neither_a_key_nor_lost() -> None:
    blank = pl.Series([""])
    assert key.of_names(blank).row(0) == key.of_court_cases(blank).row(0) == (None, None)


def test_every_word_is_documented() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    for what, words in NO_NAME.items():
        assert f"| {what} | {', '.join(dict.fromkeys(words.split()))} |" in page


def policy_with_court_cases(**more: Any) -> dict[str, Any]:
    changed = policy()
    changed["case_kinds"][0] |= {
        "same_when": [["unit"], ["person"], ["court_case"], ["entrance", "name"]],
        **more,
    }
    changed["sources"][0]["columns"]["court_case"] = "Fogedsag"
    return {name: changed[name] for name in ("case_kinds", "sources")}


def counted(status: Any) -> int:
    return status.rows.filter(pl.col("outcome") == "counted").height


HOMES = [f"{street} {n}, {where}, 2100 København Ø" for street, numbers in
         (("Strandvejen", (2, 4, 6, 8)), ("Kirkevej", (2, 4))) for n in numbers
         for where in ("st. tv", "st. th", "1. tv", "1. th", "2. tv", "2. th")]  # fmt: skip


def notices(how_many: int, number: str = "", name: str = "N{}", case: str = "") -> bytes:
    """As many notices, each at a home of its own."""
    rows = [
        f"{at};{dt.date(2023, 1, 1 + at % 28):%d-%m-%Y};{number};{name.format('abcdefgh'[at % 8])}"
        f"{at};{HOMES[at]};F;{case}"
        for at in range(how_many)
    ]
    return "\n".join([HEADER + ";Fogedsag", *rows]).encode()


def test_placeholders_unite_nobody_and_are_told(tmp_path: Path) -> None:
    content = notices(6, "111111-1111", "Ukendt", "Ikke oplyst")
    status = run_in(build(tmp_path / "h", content=content, changed=policy_with_court_cases()))
    assert counted(status) == 6
    told = [note.values for note in status.notes if "source" in note.values]
    assert [(each["rows"], each["given"]) for each in told] == [(6, 6)] * 3
    read = status.ledger.filter(pl.col("stage") == "read")
    assert set(read["reason"]) == {
        "person_number_placeholder; name_placeholder; court_case_placeholder"
    }


@pytest.mark.parametrize(
    ("column", "content"),
    [
        ("person", notices(12, number="010190-1234")),
        ("court_case", notices(12, case="FS 1-1/2023")),
    ],
)
def test_a_value_that_is_too_frequent_waits_for_the_policy(
    tmp_path: Path, column: str, content: bytes
) -> None:
    status = run_in(build(tmp_path / "h", content=content, changed=policy_with_court_cases()))
    assert counted(status) == 12
    (note,) = [each for each in status.notes if "bound" in each.values]
    assert (note.values["keys"], note.values["most"]) == (f"`{column}`", 12)
    assert "010190" not in str(note)
    kept = status.ledger.filter(pl.col("reason") == f"too_frequent_{column}")
    assert kept.select("stage", "outcome").unique().row(0) == ("deduplicate", "kept")
    assert kept.height == 12
    trusting = policy_with_court_cases(trusted_keys=[column])
    trusted = run_in(build(tmp_path / "t", content=content, changed=trusting))
    assert counted(trusted) == 1
    assert not [each for each in trusted.notes if "bound" in each.values]


def united(rows: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """How many are counted, and the keys that were not used."""
    from kvarter.cases.deduplicate import deduplicate

    found = deduplicate(pl.DataFrame(rows, schema=SCHEMA), kind())
    return (found["outcome"] == "counted").sum(), sorted(found["not_used"].drop_nulls().unique())


def test_a_household_with_many_notices_is_one() -> None:
    assert united([row(n, person="P", address_id="U") for n in range(30)]) == (1, [])


def test_a_person_who_moves_often_is_one() -> None:
    moves = [row(n, person="P", address_id=f"U{n}") for n in range(4)]
    others = [row(10 + n, person=f"Q{n}", address_id=f"V{n}") for n in range(200)]
    assert united(moves + others) == (201, [])


def test_an_institution_at_one_address_is_many_households() -> None:
    home = {"address_id": "I", "access_address_id": "I"}
    people = [row(n, person=f"P{n}", name=f"N{n}", **home) for n in range(25)]
    again = [row(100 + n, person=f"P{n}", name=f"N{n}", **home) for n in range(5)]
    assert united(people + again) == (25, ["unit"])


def test_a_landing_with_common_names_is_not_too_frequent() -> None:
    rows = [row(n, access_address_id="E", address_id=f"U{n}", name="hansen") for n in range(2)]
    assert united(rows) == (1, [])


def test_a_word_that_is_in_no_table_is_found_by_its_frequency() -> None:
    """One name at one entrance, with eleven flats."""
    rows = [row(n, access_address_id="E", address_id=f"U{n}", name="vakant") for n in range(11)]
    assert united(rows) == (11, ["entrance_and_name"])


def test_a_year_is_asked_about_by_itself() -> None:
    rows = [
        row(10 * year + n, person="P", year=2000 + year, address_id=f"{year} {n}")
        for year in range(20)
        for n in range(2)
    ]
    assert united(rows) == (20, [])


def test_the_bound_grows_with_the_values_and_with_those_that_repeat() -> None:
    assert most_by_chance(1, 1) == 4
    assert most_by_chance(10, 1) == 5
    assert most_by_chance(100, 1) == 7
    assert most_by_chance(50_000, 5) == 10
    assert most_by_chance(1000, 400) == 16


def test_the_shared_example(tmp_path: Path) -> None:
    import shutil

    example = needed(SHARED.parent / "cases" / "placeholder-identities")
    folder = Path(shutil.copytree(example, tmp_path / "example"))
    folder.chmod(0o755)
    (folder / "key").chmod(0o600)
    status = run_in(folder / "policy.yaml", tmp_path / "out")
    of_2023 = status.public.results.filter(pl.col("period") == 2023)
    found = dict(of_2023.select("group", "numerator").iter_rows())
    assert (found["areas"], found["rest"], found["city"]) == (6, 3, 9)
