"""The whole way on real open data: Copenhagen's own areas, districts, roder and statistics.

The expected figures were counted from the files with other tools.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest
import yaml

from conftest import ROOT, SHARED, needed
from kvarter.pipeline.run import run
from middle import WithMiddle, with_middle

POLICY = ROOT / "examples" / "open-data" / "policy.yaml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[WithMiddle, Path]:
    """The status of 2014, and the folder it was written to."""
    folder = tmp_path_factory.mktemp("open-data")
    data = needed(SHARED / "copenhagen")
    text = POLICY.read_text(encoding="utf-8")
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    policy = yaml.safe_load(text)
    parts = [*policy["area_sets"], *policy["layers"].values(), *policy["statistics"]]
    for name in {part["file"] for part in parts}:
        (folder / name).symlink_to(needed(data / name))
    asked = {"edition": "2014", "out": folder / "status"}
    status = with_middle(lambda: run(folder / "policy.yaml", **asked))
    return status, folder / "status" / "2014"


@pytest.fixture(scope="module")
def status(made: tuple[WithMiddle, Path]) -> WithMiddle:
    return made[0]


def table(year: int) -> list[dict[str, str]]:
    """The rows of a year, as the file has them."""
    path = needed(SHARED / "copenhagen" / "rode_socioeconomic_2008-2014.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["aar"] == str(year)]


def test_the_areas_overlap_and_stick_out_as_measured(status: WithMiddle) -> None:
    assert len(status.public.geography.areas) == 15
    assert sum(outline.pieces for outline in status.public.geography.areas.values()) == 17
    assert status.public.geography.overlap_m2 == pytest.approx(44_580, abs=1)
    assert status.public.geography.outside_m2 == pytest.approx(237_080, abs=5)
    assert status.areas.union.area == pytest.approx(13_420_164, rel=1e-3)


def test_three_slightly_invalid_roder_are_mended(status: WithMiddle) -> None:
    roder = status.layers["roder"].values()
    assert len(roder) == 396
    assert [outline.repaired for outline in roder if outline.repaired] == [1, 1, 1]


@pytest.mark.parametrize(("year", "residents"), [(2008, 506_057), (2014, 565_834)])
def test_all_residents_are_counted(status: WithMiddle, year: int, residents: int) -> None:
    city = status.public.results.filter(
        (pl.col("indicator") == "attached-to-labour-market")
        & (pl.col("period") == year)
        & (pl.col("group") == "city")
    )
    assert city["denominator"].to_list() == [residents]
    groups = status.public.results.filter(
        (pl.col("indicator") == "no-education") & (pl.col("period") == year)
    )
    parts = dict(groups.select("group", "denominator").iter_rows())
    assert parts["areas"] + parts["rest"] == parts["city"] == residents
    assert 0.15 < parts["areas"] / parts["city"] < 0.3


def test_the_citys_percentage_is_that_of_the_file(status: WithMiddle) -> None:
    """Worked out here from the file's own rows."""
    rows = [row for row in table(2011) if row["pct_ikke_vestlig"] and row["antal_beboere"]]
    residents = sum(float(row["antal_beboere"]) for row in rows)
    of_them = sum(float(r["pct_ikke_vestlig"]) / 100 * float(r["antal_beboere"]) for r in rows)
    (found,) = status.public.results.filter(
        (pl.col("indicator") == "non-western-origin")
        & (pl.col("period") == 2011)
        & (pl.col("group") == "city")
    )["value"]
    assert found == pytest.approx(of_them / residents)


def test_a_year_without_the_figure_is_said_and_not_guessed(status: WithMiddle) -> None:
    """Income is missing for 2014: 396 roder and all its residents are left out, and it is told."""
    income = status.public.results.filter(pl.col("indicator") == "low-income")
    assert 2014 not in income.drop_nulls("value")["period"].to_list()
    notes = [n for n in status.notes if n.values.get("indicator") == "low-income"]
    (note,) = [n for n in notes if "amount" in n.values]
    assert any("no row of 2014" in str(n) for n in notes)
    assert (note.values["rows"], note.values["amount"]) == (396, 565_834)


def test_every_area_has_figures_that_set_it_apart_from_the_city(status: WithMiddle) -> None:
    rows = status.public.results.filter(
        (pl.col("indicator") == "non-western-origin") & (pl.col("period") == 2011)
    )
    values = dict(rows.select("group", "value").iter_rows())
    assert values["areas"] > values["city"] > values["rest"]
    assert set(status.public.geography.areas) <= set(values)


def test_a_report_and_a_record_are_written(made: tuple[WithMiddle, Path]) -> None:
    _, folder = made
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "44.580 m²" in page
    assert "237.082 m²" in page
    assert "Tingbjerg/Husum" in page
    record = json.loads((folder / "internal/run.json").read_text(encoding="utf-8"))
    assert [each["file"] for each in record["inputs"]] == [
        "bydel_2023-08.geojson",
        "rode.geojson",
        "rode_socioeconomic_2008-2014.csv",
        "udsatte_byomraader_2023-08.geojson",
    ]


def test_the_tables_copy_of_the_areas_is_the_same_ground(status: WithMiddle) -> None:
    """The copy of 2019 is a table with well-known text in metres; its shapes are those of 2023."""
    from kvarter.areas import read_layer
    from kvarter.policy.model import Layer

    name = "udsatte_byomraader_2019-04.csv"
    needed(SHARED / "copenhagen" / name)
    layer = Layer(file=name, name_field="delomraade", crs="EPSG:25832")
    older = read_layer(layer, SHARED / "copenhagen")
    newer = {outline.name: outline for outline in status.public.geography.areas.values()}
    assert set(older) == set(newer)
    for area, outline in older.items():
        apart = outline.geometry.symmetric_difference(newer[area].geometry).area
        assert apart < outline.geometry.area / 1000
