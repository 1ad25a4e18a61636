"""What stands in a file that is read is never worked out by a spreadsheet."""

from __future__ import annotations

import csv
import warnings
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from conftest import SHARED, needed
from hamlet import build, register
from kvarter.addresses.match_file import wash
from kvarter.errors import InputError
from kvarter.files import read_table
from kvarter.files.inert import as_it_was, inert, write_csv
from kvarter.review.decisions import read_decisions

FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://x.dk/"&A1)',
    "+45 20 30 40 50",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "'=1",
    "''=1",
    "\uff1d1+1",
    "=cmd|' /C calc'!A0",
]
PLAIN = ["-5", "+4,5", "-1.234,5", "Strandvejen 3", "'t Hof 3", "", "a=b", "10-12"]


def test_what_a_spreadsheet_would_work_out_begins_with_an_apostrophe() -> None:
    table = pl.DataFrame({"=head": FORMULAS, "number": range(len(FORMULAS))})
    made = inert(table)
    assert made.columns == ["'=head", "number"]
    assert made["'=head"].to_list() == [f"'{text}" for text in FORMULAS]
    assert made["number"].equals(table["number"])
    assert inert(pl.DataFrame({"a": PLAIN}))["a"].to_list() == PLAIN


@given(st.lists(st.text("'=+-@\t\r\n5.a\uff1d", max_size=5) | st.none(), min_size=1, max_size=8))
def test_what_was_written_can_be_read_as_it_was(texts: list[str | None]) -> None:
    table = pl.DataFrame({"a": texts}, schema={"a": pl.String})
    assert as_it_was(inert(table)["a"]).to_list() == texts


def cells(path: Path) -> list[list[str]]:
    if path.suffix == ".xlsx":
        found = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        return [[str(cell) for cell in row] for row in found]
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def wash_these(folder: Path, texts: list[str], suffix: str) -> list[list[str]]:
    """The cells of a washed file, with `texts` in a column beside the addresses."""
    register().write_parquet(folder / "r.parquet")
    table = pl.DataFrame({"text": ["Strandvejen 3"] * len(texts), "=note": texts})
    table.write_csv(folder / "in.csv")
    wash(folder / "in.csv", folder / "r.parquet", folder / f"out{suffix}")
    return cells(folder / f"out{suffix}")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_washed_file_has_no_formulas(tmp_path: Path, suffix: str) -> None:
    texts = [text for text in FORMULAS if text.strip() == text]
    head, *rows = wash_these(tmp_path, texts, suffix)
    marked = "'" if suffix == ".csv" else ""
    assert head[1] == f"{marked}=note"
    assert [row[1] for row in rows] == [marked + text for text in texts]
    if suffix == ".xlsx":
        with zipfile.ZipFile(tmp_path / "out.xlsx") as book:
            assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


LINKS = [
    "mailto:anna@example.dk",
    "internal:Ark1!A1",
    "external:c:\\sager\\1.pdf",
    "https://a.dk/1",
]


def test_links_stay_the_texts_they_were_however_many(tmp_path: Path) -> None:
    texts = [f"https://sag.example.dk/{n}" for n in range(65_600)] + LINKS
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, *rows = wash_these(tmp_path, texts, ".xlsx")
    assert [row[1] for row in rows] == texts


def test_links_of_the_example_stay(tmp_path: Path) -> None:
    case = needed(SHARED.parent / "cases" / "wash-links")
    register().write_parquet(tmp_path / "r.parquet")
    wash(case / "texts.csv", tmp_path / "r.parquet", tmp_path / "o.xlsx")
    washed = read_table(tmp_path / "o.xlsx", {"": "link"}).column("link").to_list()
    assert washed == read_table(case / "texts.csv", {"": "link"}).column("link").to_list()


def test_what_excel_cannot_hold_is_told_and_not_cut(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a text of 40,000 characters"):
        wash_these(tmp_path, ["x" * 40_000], ".xlsx")
    assert not (tmp_path / "out.xlsx").exists()
    assert wash_these(tmp_path, ["x" * 40_000], ".csv")[1][1] == "x" * 40_000


def test_decisions_come_back_as_they_were(tmp_path: Path) -> None:
    build(tmp_path)
    row = {"text_id": "t1", "decision": "1", "candidate_1": "=Vej 3", "candidate_2": "-"}
    row |= {"decided_by": "@MLI", "decided_on": "2024-11-05", "note": "+ se sag"}
    write_csv(pl.DataFrame([row]), tmp_path / "d.csv", for_excel=True)
    assert "'@MLI" in (tmp_path / "d.csv").read_text(encoding="utf-8-sig")
    (decision,) = read_decisions([tmp_path / "d.csv"]).to_dicts()
    assert decision["chosen"] == "=Vej 3"
    assert (decision["decided_by"], decision["decision_note"]) == ("@MLI", "+ se sag")


def test_every_csv_is_written_by_the_one_that_makes_it_inert() -> None:
    source = Path(__file__).parents[1] / "src" / "kvarter"
    others = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if ".write_csv(" in path.read_text(encoding="utf-8")
    }
    assert others == {"files/inert.py"}
