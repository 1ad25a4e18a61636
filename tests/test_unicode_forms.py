"""A name is the same in any Unicode form, and an id in any case, wherever two are compared."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pytest

import hamlet
from conftest import status_of
from kvarter.files.excel import read_workbook
from kvarter.files.inputs import missing_file
from kvarter.policy.model import Statistic
from kvarter.register import read_statistic

Form = Literal["NFC", "NFD"]
UUID = "0a3f507a-4bd5-32b8-e044-0003ba298018"


def town(folder: Path, of_policy: Form, of_files: Form) -> Path:
    """The hamlet with Danish letters in every name: those of the policy and of its files."""

    def renamed(text: str) -> str:
        return text.replace("Vest", "Åvest").replace("Afsender", "Årsag").replace("aar;", "år;")

    policy = json.loads(renamed(json.dumps(hamlet.policy(), ensure_ascii=False)))
    policy["statistics"][0]["year"] = "År"
    path = hamlet.build(folder, [row + " på gården" for row in hamlet.ROWS], policy)
    for name in ("areas.geojson", "notices.csv", "dwellings.csv"):
        text = json.dumps(json.loads((folder / name).read_text()), ensure_ascii=False) if (
            name == "areas.geojson"
        ) else (folder / name).read_text("utf-8")  # fmt: skip
        (folder / name).write_text(unicodedata.normalize(of_files, renamed(text)), "utf-8")
    path.write_text(unicodedata.normalize(of_policy, path.read_text("utf-8")), "utf-8")
    return path


def test_a_town_in_either_form_has_the_same_figures(tmp_path: Path) -> None:
    forms: list[tuple[Form, Form]] = [("NFC", "NFC"), ("NFC", "NFD"), ("NFD", "NFC")]
    first, *others = [status_of(town(tmp_path / "".join(pair), *pair)) for pair in forms]
    for other in others:
        assert other.public.results.equals(first.public.results)
        assert other.rows["sender"].unique().sort().equals(first.rows["sender"].unique().sort())
    assert first.public.results.filter(pl.col("group") == "vest").height


def statistic(located_by: dict[str, Any]) -> Statistic:
    return Statistic.model_validate(
        {"id": "s", "file": "s.csv", "year": "aar", "located_by": located_by}
    )


def test_units_are_named_in_one_form(tmp_path: Path) -> None:
    text = unicodedata.normalize("NFD", "aar;rode;boliger\n2022;Ålegårds  Enge;3\n2022; Ågade ;4\n")
    (tmp_path / "s.csv").write_text(text, "utf-8")
    located = {"unit": "rode", "layer": "roder"}
    rows = read_statistic(statistic(located), {"boliger": False}, tmp_path).rows
    assert rows["place"].to_list() == ["Ålegårds Enge", "Ågade"]


@pytest.mark.parametrize("text", [UUID, UUID.upper(), f"{{{UUID.upper()}}}", UUID.replace("-", "")])
def test_entrances_are_the_same_in_any_case(text: str, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(f"aar;adgang;boliger\n2022;{text};3\n2022;e1;4\n", "utf-8")
    rows = read_statistic(statistic({"entrance": "adgang"}), {"boliger": False}, tmp_path).rows
    assert rows["place"].to_list() == [UUID, "e1"]


def test_a_sheet_is_found_in_any_form(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [1]})
    frame.write_excel(tmp_path / "b.xlsx", worksheet=unicodedata.normalize("NFD", "År 2023"))
    (sheet,) = read_workbook(tmp_path / "b.xlsx", ["År 2023"]).sheets
    assert sheet.records


def test_a_file_whose_name_looks_the_same_is_told(tmp_path: Path) -> None:
    (tmp_path / unicodedata.normalize("NFD", "områder.geojson")).write_text("{}")
    problem = missing_file(tmp_path / "områder.geojson")
    assert "one whose name looks the same is" in problem.what
