"""The file that was named is the file that is read: no letter of a path is a pattern."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

import hamlet
from kvarter.addresses import make_index, saved_index
from kvarter.cli import app
from kvarter.comparison.compare import compare
from kvarter.editions.trace import trace
from kvarter.engine import Engine
from kvarter.errors import InputError
from kvarter.files import parquet_at, read_parquet
from kvarter.files.inputs import missing_file
from kvarter.register import build_register, open_register

FOLDERS = {
    "by [1]": "by 1",
    "by*": "by 2",
    "by?": "by3",
    "{a,b}": "a",
    "50%20": "50 ",
    "a#b": "a",
    "~": "b",
    "it's": "its",
    "[!x]": "y",
    "**": "z",
    "aar=2023": "aar",
}
"""Names with letters that patterns are made of, and a folder that each would be taken for."""


def of_the_street(called: str) -> pl.DataFrame:
    """The register of the hamlet, one of whose streets has another name."""
    street = pl.col("street_name").replace("Strandvejen", called)
    return hamlet.register().with_columns(street_name=street, postal_street_name=street)


@pytest.mark.parametrize("name", FOLDERS)
def test_tables_are_read_from_the_folder_that_was_named(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, value in ((FOLDERS[name], "other"), (name, "right")):
        (tmp_path / folder).mkdir()
        frame = pl.DataFrame({"value": [value], "id": ["1"]})
        frame.write_parquet((tmp_path / folder / "t.parquet").open("wb"))
        (tmp_path / folder / "t.json").write_text(json.dumps({"value": value, "id": "1"}) + "\n")
    monkeypatch.chdir(tmp_path)
    engine = Engine()
    for base in (tmp_path, Path()):
        path = base / name / "t.parquet"
        right = {"value": ["right"], "id": ["1"]}
        assert parquet_at(path).to_dict(as_series=False) == right
        assert read_parquet(path, {})[0].to_dict(as_series=False) == right
        assert engine.fetch(engine.parquet(path)).to_dict(as_series=False) == right
        read = engine.json(path.with_suffix(".json"), ["value", "id"], lines=True)
        assert engine.fetch(read).to_dict(as_series=False) == right
    engine.close()


@pytest.mark.parametrize("name", ["by [1]", "{a,b}", "50%20", "**"])
def test_registers_and_texts_are_read_and_written_in_the_folder_that_was_named(
    name: str, tmp_path: Path
) -> None:
    street = {FOLDERS[name]: "Forkertvej", name: "Rigtigvej"}
    for folder, called in street.items():
        (tmp_path / folder).mkdir()
        addresses = of_the_street(called)
        addresses.write_csv(tmp_path / folder / "addresses.csv")
        addresses.write_parquet((tmp_path / folder / "addresses.parquet").open("wb"))
        texts = pl.DataFrame({"text": [f"{called} 2, st. tv, 2100 København Ø"]})
        texts.write_csv(tmp_path / folder / "texts.csv")
        texts.write_parquet((tmp_path / folder / "texts.parquet").open("wb"))
    here = tmp_path / name
    for file in ("addresses.csv", "addresses.parquet"):
        assert "Rigtigvej" in build_register(here / file).register["street_name"]
    made = CliRunner().invoke(
        app, ["register", "build", f"{here}/addresses.csv", "--out", f"{here}/register.parquet"]
    )
    assert made.exit_code == 0, made.output
    assert (here / "register.index").is_dir()
    engine = Engine()
    register = engine.fetch(open_register(engine, here / "register.parquet"))
    engine.close()
    assert "Rigtigvej" in register["street_name"]
    for suffix in ("csv", "parquet"):
        options = ["--register", f"{here}/register.parquet", "--out", f"{here}/out.{suffix}"]
        washed = CliRunner().invoke(app, ["match", f"{here}/texts.{suffix}", *options])
        assert washed.exit_code == 0, washed.output
    assert parquet_at(here / "out.parquet")["category"].to_list() == ["A"]
    assert not list((tmp_path / FOLDERS[name]).glob("out.*"))


def test_a_run_reads_what_its_folder_holds_and_compares_and_traces_it(tmp_path: Path) -> None:
    def made(folder: Path, dwellings: int) -> Path:
        policy = hamlet.build(folder, changed={"statistics": [
            {"id": "dwellings", "file": "dwellings.parquet", "year": "aar",
             "located_by": {"entrance": "adgang"}}]})  # fmt: skip
        table = pl.read_csv((folder / "dwellings.csv").read_bytes(), separator=";")
        table = table.with_columns(pl.col("boliger") * dwellings)
        table.write_parquet((folder / "dwellings.parquet").open("wb"))
        hamlet.run_in(policy)
        return folder / "out" / "2024"

    right, other = made(tmp_path / "by [1]", 1), made(tmp_path / "by 1", 100)
    city = pl.col("group") == "city"
    figures = {
        folder: parquet_at(folder / "data" / "results.parquet").filter(city)["denominator"].sum()
        for folder in (right, other)
    }
    assert figures[other] == 100 * figures[right] > 0
    compared = compare(right, other)
    assert {pair.difference for pair in compared.pairs} != {"same"}
    again = shutil.copytree(right, tmp_path / "by {1}")
    shutil.rmtree(other)
    assert {pair.difference for pair in compare(right, again).pairs} == {"same"}
    assert [step.stage for step in trace(right, "notices", 2)][:2] == ["read", "match"]


def test_a_folder_is_no_table_and_a_missing_file_names_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "t.parquet").mkdir()
    with pytest.raises(InputError, match="this is a folder"):
        read_parquet(tmp_path / "t.parquet", {})
    (tmp_path / "b.**").write_text("")
    assert "The folder holds: b.**" in missing_file(tmp_path / "a.**").remedy
    assert "holds" not in missing_file(tmp_path / "none" / "a.csv").remedy


def test_an_index_is_opened_in_the_folder_that_was_named(tmp_path: Path) -> None:
    for folder, called in (("[1]", "Rigtigvej"), ("1", "Forkertvej")):
        (tmp_path / folder).mkdir()
        addresses = of_the_street(called)
        addresses.write_parquet((tmp_path / folder / "r.parquet").open("wb"))
        make_index(tmp_path / folder / "r.parquet")
    index = saved_index(tmp_path / "[1]" / "r.parquet")
    assert index is not None
    assert "Rigtigvej" in index.names["street_name"]
