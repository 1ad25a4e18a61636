"""Every number of every file that may be published, collected, and given to the attacker.

Data files must tell what the Parquet tables tell, to the number; documents no number that these
tables do not hold. What is left is read back from the files, and is what the attacker is given.
"""

from __future__ import annotations

import csv
import json
from dataclasses import fields, replace
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from hamlet import build, run_in
from kvarter.disclosure import audit, words_held_back
from kvarter.documents.assemble import documents
from kvarter.errors import DisclosureError
from kvarter.judgement import Judgement
from kvarter.notes import Note
from kvarter.tables import public_tables, table
from middle import WithMiddle
from test_numbers import added_and_lost, unknown
from test_published import Made, few_now, made, rules_for_few

__all__ = ["made"]  # the fixture

Told = dict[tuple[str, tuple[str, ...], str], float]
"""A number by its table, the key of its row, and its column."""
NO_FIGURES = {"datapackage.json", "policy.json", "statement.json"}
"""These describe files, and say what was decided; nothing in them was counted."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[WithMiddle, Path]:
    """The hamlet with few cases in the areas, run and written."""
    folder = tmp_path_factory.mktemp("published")
    status = run_in(build(folder, few_now(), rules_for_few()), documents=True)
    return status, folder / "out" / "2024"


def numbers_of(name: str, rows: list[dict[str, Any]]) -> Told:
    """The numbers of a table's rows that are not null; a text that reads as a number is one."""
    key = table(name).key
    return {
        (name, tuple(str(row[each]) for each in key), column): float(value)
        for row in rows
        for column, value in row.items()
        if column not in key and not isinstance(value, bool) and _is_number(value)
    }


def _said(value: Any) -> str:
    """A value of a key as each form has it: CSV has no null."""
    return "" if value is None else str(value)


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def of_parquet(out: Path) -> Told:
    found: Told = {}
    for path in sorted((out / "data").glob("*.parquet")):
        found |= numbers_of(path.stem, pl.read_parquet(path).to_dicts())
    return found


def of_csv(out: Path) -> Told:
    found: Told = {}
    for path in sorted((out / "data").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found |= numbers_of(path.stem, list(csv.DictReader(file)))
    return found


def of_json(out: Path) -> Told:
    found: Told = {}
    for path in sorted((out / "data").glob("*.json")):
        if path.name not in NO_FIGURES and ".jsonstat" not in path.name:
            found |= numbers_of(path.stem, json.loads(path.read_text(encoding="utf-8")))
    return found


def of_workbook(out: Path) -> Told:
    book, found = CalamineWorkbook.from_path(str(out / "data" / "tables.xlsx")), Told()
    for name in set(book.sheet_names) & set(public_tables()):
        head, *rows = book.get_sheet_by_name(name).to_python()
        read = [dict(zip(map(str, head), map(_whole, row), strict=True)) for row in rows]
        found |= numbers_of(name, read)
    return found


def _whole(value: Any) -> Any:
    """A whole number as one: Excel keeps all of them as fractions."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def of_cube(out: Path) -> Told:
    cube = json.loads((out / "data" / "results.jsonstat.json").read_text(encoding="utf-8"))
    categories = [cube["dimension"][each]["category"]["index"] for each in cube["id"]]
    return {
        ("results", keys, measure): float(value)
        for (*found, measure), value in zip(product(*categories), cube["value"], strict=True)
        if value is not None and (keys := tuple(found))
    }


@pytest.mark.parametrize("read", [of_csv, of_json, of_workbook, of_cube], ids=lambda f: f.__name__)
def test_no_data_file_tells_a_number_that_the_tables_do_not(
    published: tuple[WithMiddle, Path], read: Any
) -> None:
    told, tables = read(published[1]), of_parquet(published[1])
    assert len(told) > 20
    assert {at: value for at, value in told.items() if tables.get(at) != pytest.approx(value)} == {}


def test_a_number_that_one_file_tells_by_mistake_is_found(
    published: tuple[WithMiddle, Path], tmp_path: Path
) -> None:
    table = pl.read_csv(published[1] / "data" / "results.csv")
    secret = pl.when(~pl.col("shown")).then(pl.lit(3.0)).otherwise("numerator")
    (tmp_path / "data").mkdir()
    table.with_columns(secret.alias("numerator")).write_csv(tmp_path / "data" / "results.csv")
    assert set(of_csv(tmp_path)) - set(of_parquet(published[1]))


@pytest.mark.parametrize("form", ["html", "docx", "pdf"])
def test_no_document_tells_a_number_that_the_tables_do_not(
    published: tuple[WithMiddle, Path], form: str
) -> None:
    status, out = published
    for document in documents(status.public, "da"):
        assert unknown(status, document) == [], document.name
        path = (out / document.name).with_suffix(f".{form}")
        assert added_and_lost(form, path, document) == (set(), set()), document.name


def test_every_file_that_may_be_published_is_read_here(
    published: tuple[WithMiddle, Path],
) -> None:
    _, out = published
    files = {path.relative_to(out) for path in out.rglob("*") if path.is_file()}
    left = {path for path in files if path.parts[0] != "internal"}
    endings = {".csv", ".json", ".parquet", ".xlsx", ".html", ".docx", ".pdf"}
    shapes = {Path("data/areas.geojson")}  # `test_editions.py` reads them
    assert {path for path in left if path.suffix not in endings} == shapes
    assert {path for path in left if path.parent == Path() and path.suffix == ".json"} == {
        Path("edition.json")
    }


def test_what_says_which_edition_it_is_tells_no_number_that_the_documents_do_not(
    published: tuple[WithMiddle, Path],
) -> None:
    """Its remarks are those of the report, and its notes count nothing."""
    status, out = published
    content = json.loads((out / "edition.json").read_text(encoding="utf-8"))
    remarks = [
        [each.code, each.goal, each.target, dict(each.values)]
        for each in status.judgement.observations
    ]
    assert content.pop("observations") == json.loads(json.dumps(remarks))
    told = [note.without_counts() for note in status.notes]
    for message, values, wrong in content.pop("notes"):
        assert Note(message, values, wrong) in told
    few = status.by_hand["rows"]
    assert content.pop("rows_by_hand") == few == 0
    assert content.pop("borders") == status.public.geography.facts()
    assert {name for name, value in content.items() if _is_number(value)} == {
        *("form", "edition", "data_year")
    }


def read_back(judgement: Judgement, out: Path) -> Judgement:
    """A judgement with its tables as they stand in the files."""
    tables = {each.name: out / "data" / f"{each.name}.parquet" for each in fields(judgement)}
    return replace(
        judgement,
        **{name: pl.read_parquet(path) for name, path in tables.items() if path.exists()},
    )


def test_all_that_stands_in_the_files_leaves_the_few_open(
    made: Made, published: tuple[WithMiddle, Path]
) -> None:
    _, out = published
    told = pl.read_parquet(out / "data" / "results.parquet")
    judgement = read_back(made.status.judgement, out)
    attackers = replace(made.attackers, published=told, judgement=judgement)
    audit(made.sensitive, attackers)
    kept = words_held_back(made.measures, judgement, made.sensitive, attackers, made.judge)
    assert kept.verdicts.equals(judgement.verdicts)
    shown = told.with_columns(
        pl.when(~pl.col("shown")).then(3.0).otherwise("numerator").alias("numerator")
    )
    with pytest.raises(DisclosureError):
        audit(made.sensitive, replace(attackers, published=shown))
