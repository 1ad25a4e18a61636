"""Names of columns are found as the docs promise, by every reader."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import polars as pl
import pytest

from kvarter.errors import InputError
from kvarter.files import read_parquet, read_table
from kvarter.files.names import find_columns, fold_name
from kvarter.register.rows import read_rows


@pytest.mark.parametrize(
    ("sought", "there"),
    [
        ("Hændelsesdato", "Hændelses-dato"),
        ("CPR-nr", "CPR NR."),
        ("Årsag", unicodedata.normalize("NFD", "Årsag")),
        (unicodedata.normalize("NFD", "Årsag"), "ÅRSAG"),
        ("Dato", "\ufeffDato"),
        ("Dato", "Da\u00adto\u200b"),
        ("Dato", "\u200eDato\u200f"),
        ("Sags nr", "Sags\u00a0nr"),
        ("Antal", "Ａｎｔａｌ"),
        ("Areal m2", "Areal_m²"),
        ("#", " # "),
        ("row", "row"),
    ],
)
def test_a_column_is_found_by_every_reader(tmp_path: Path, sought: str, there: str) -> None:
    frame = pl.DataFrame({there: ["x"], "Andet": ["y"]})
    frame.write_parquet(tmp_path / "f.parquet")
    (tmp_path / "f.csv").write_text(f"{there};Andet\nx;y\n", encoding="utf-8")
    parquet, found = read_parquet(tmp_path / "f.parquet", {"use": sought})
    table = read_table(tmp_path / "f.csv", {"use": sought})
    assert parquet[found["use"]].to_list() == table.column(sought).to_list() == ["x"]
    for suffix in (".csv", ".parquet"):
        rows = read_rows(tmp_path / f"f{suffix}", {"use": sought}).frame
        assert rows[sought].to_list() == ["x"]


def test_an_exact_name_wins_over_one_that_is_like_it() -> None:
    assert find_columns({"use": "Dato"}, ["dato", "Dato"], "f") == {"use": "Dato"}
    with pytest.raises(InputError, match=r"2 columns called 'DATO'\n.*'dato' or 'Dato'"):
        find_columns({"use": "DATO"}, ["dato", "Dato"], "f")


def test_a_name_that_stands_twice_is_refused_until_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("Dato;Navn;Dato\n1;x;2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"2 columns called 'Dato'"):
        read_table(path, {"a": "Dato", "b": "Navn"})
    with pytest.raises(InputError, match=r"'Dato \(column 1\)' or 'Dato \(column 3\)'"):
        read_rows(path, {"a": "Dato"})
    table = read_table(path, {"a": "Dato (column 3)", "b": "Navn"})
    assert table.column("Dato (column 3)").to_list() == ["2"]


def test_different_names_stay_different() -> None:
    names = ["Antal", "Antal 2", "Andel", "år", "ar", "%", "#", "ø", "o"]
    assert len({fold_name(name) for name in names}) == len(names)
