"""Person numbers are replaced as they are read, and stand nowhere in what Kvarter writes."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamlet import HEADER, build
from kvarter.cases import Pseudonyms
from kvarter.cases.persons import age_on, read_person_number
from kvarter.errors import KeyMissingError, Problem, without_person_numbers
from kvarter.files import read_table
from kvarter.key import find_key
from kvarter.run import run
from make.people import never_issued

KEY = "k" * 40


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("010190-1233", dt.date(1990, 1, 1)),
        ("0101901233", dt.date(1990, 1, 1)),
        ("010190 1233", dt.date(1990, 1, 1)),
        ("101901233", dt.date(1990, 1, 1)),
        ("101901233.0", dt.date(1990, 1, 1)),
        ("010306-5233", dt.date(2006, 3, 1)),
        ("010336-4233", dt.date(2036, 3, 1)),
        ("010337-4233", dt.date(1937, 3, 1)),
        ("610190-1233", dt.date(1990, 1, 1)),
    ],
)
def test_a_number_gives_its_birth_date(text: str, born: dt.date) -> None:
    found = read_person_number(text)
    assert found is not None
    assert found[1] == born


@pytest.mark.parametrize("text", ["", "x", "310290-1233", "12345", "010190-12345", "٠١٠١٩٠١٢٣٣"])
def test_what_is_no_number(text: str) -> None:
    assert read_person_number(text) is None


def test_pseudonyms_depend_on_the_key_and_not_on_the_spelling() -> None:
    one, other = Pseudonyms(b"a" * 32), Pseudonyms(b"b" * 32)
    assert one.of_number("0101901233") != other.of_number("0101901233")
    assert one.of_name("Åse  ØRUM") == one.of_name("ørum, åse") != one.of_name("Åse Ørom")
    assert one.of_name(" - ") is None
    assert "a" * 32 not in repr(one)


def test_the_id_of_a_text_shows_no_number_and_needs_the_key_only_for_one() -> None:
    one, other = Pseudonyms(b"a" * 32), Pseudonyms(b"b" * 32)
    plain, numbered = "Strandvejen 3", "hos 010190-1233"
    assert one.of_text(plain, plain) == other.of_text(plain, plain)
    masked = without_person_numbers(numbered)
    assert one.of_text(numbered, masked) != other.of_text(numbered, masked)
    assert one.of_text(numbered, masked) != one.of_text(masked, masked)


def test_age_is_in_whole_years() -> None:
    assert age_on(dt.date(2024, 2, 28), dt.date(2008, 2, 29)) == 15
    assert age_on(dt.date(2024, 2, 29), dt.date(2008, 2, 29)) == 16


@given(st.integers(0, 999999), st.integers(0, 9999), st.sampled_from(["", "-", " ", "\u2011"]))
def test_no_problem_quotes_a_number(first: int, second: int, between: str) -> None:
    number = f"{first:06}{between}{second:04}"
    assert number not in str(Problem(f"the value {number} is odd", f"Mend {number}.", number))
    assert number not in without_person_numbers(f"bor ({number}) her")


def test_a_run_needs_a_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KVARTER_KEY", "KVARTER_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(KeyMissingError, match="openssl rand"):
        run(build(tmp_path / "h"), out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    (tmp_path / "short").write_text("abc")
    with pytest.raises(KeyMissingError, match="3 characters"):
        find_key(tmp_path / "short")
    monkeypatch.setenv("KVARTER_KEY", KEY)
    assert find_key() == Pseudonyms(KEY.encode())


def test_every_synthetic_number_could_never_be_issued(city: Path) -> None:
    numbers = numbers_in(city)
    assert len(numbers) > 5000
    assert all(never_issued(number) for number in numbers)


def numbers_in(city: Path) -> set[str]:
    """Every person number of the example's extracts, as ten digits."""
    numbers = set()
    for path in sorted((city / "extracts").iterdir()):
        sheets = [str(y) for y in range(2016, 2024)] if path.suffix == ".xlsx" else [None]
        for sheet in sheets:
            name = "Cpr-nr" if sheet else "Borger CPR" if "domus" in path.name else "CPR-NR"
            for text in read_table(path, {"": name}, sheet=sheet).column(name):
                if found := read_person_number(text):
                    numbers.add(found[0])
    return numbers


def test_no_person_number_stands_in_any_output(city: Path) -> None:
    numbers = numbers_in(city)
    spellings = {s for n in numbers for s in (n, f"{n[:6]}-{n[6:]}", n.lstrip("0"))}
    digits = re.compile(rb"(?<!\d)\d{5,6}-?\d{4}(?!\d)")
    files = [path for path in (city / "status").rglob("*") if path.is_file()]
    assert len(files) > 20
    for path in files:
        content = path.read_bytes()
        if path.suffix == ".parquet":
            import polars as pl

            content = pl.read_parquet(path).write_csv().encode()
        found = {match.decode() for match in digits.findall(content)} & spellings
        assert not found, path


def test_numbers_in_free_text_are_masked_and_errors_quote_none(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    number = "010190-1233"
    rows = [
        f"1;03-01-2023;{number};{number};{number} Strandvejen 2, st. tv, 2100;{number}",
        f"2;{number};;x;Strandvejen 3;x;{number}",
    ]
    policy = build(tmp_path / "h", rows)
    run(policy, out=tmp_path / "out", key_file=tmp_path / "h" / "key")
    for path in (tmp_path / "out").rglob("*"):
        if path.is_file():
            assert number.encode() not in path.read_bytes(), path
            assert number.replace("-", "").encode() not in path.read_bytes(), path
    headed = build(
        tmp_path / "g",
        content=f"{number};{number}\n".encode() + HEADER.replace("Dato", "Dag").encode(),
    )
    with pytest.raises(Exception) as raised:
        run(headed, out=tmp_path / "out", key_file=tmp_path / "h" / "key")
    assert number not in str(raised.value)
    assert number not in "".join(capfd.readouterr())
