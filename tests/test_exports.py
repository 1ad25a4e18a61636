"""Data for others: every form holds the same figures, is described, and passes its validators."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import frictionless
import polars as pl
import pyshacl
import pytest
import rdflib
from pyjstat import pyjstat
from python_calamine import CalamineWorkbook

from conftest import status_of
from hamlet import build, policy
from kvarter.editions import Edition, InternalEdition, save_edition
from kvarter.editions.folder import DATA
from kvarter.exports import write_data
from kvarter.policy.model import Language
from kvarter.tables import table

# What DCAT-AP-DK 2.0.2 (Agency for Digital Government, 2021) asks of a dataset and of its
# distributions: what is mandatory, and of the recommended what Kvarter writes, each of its class.
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> . @prefix : <urn:shapes:> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:Dataset a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property
  [ sh:path dct:title ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:uniqueLang true ],
  [ sh:path dct:description ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:uniqueLang true ],
  [ sh:path dct:publisher ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Agent ],
  [ sh:path dct:identifier ; sh:minCount 1 ; sh:nodeKind sh:Literal ],
  [ sh:path dcat:contactPoint ; sh:minCount 1 ; sh:class vcard:Kind ],
  [ sh:path dcat:theme ; sh:minCount 1 ; sh:class skos:Concept ],
  [ sh:path dct:temporal ; sh:minCount 1 ; sh:class dct:PeriodOfTime ],
  [ sh:path dct:language ; sh:minCount 1 ; sh:class dct:LinguisticSystem ],
  [ sh:path dct:accessRights ; sh:maxCount 1 ; sh:class dct:RightsStatement ],
  [ sh:path dcat:landingPage ; sh:minCount 1 ; sh:class foaf:Document ],
  [ sh:path dcat:distribution ; sh:minCount 1 ; sh:class dcat:Distribution ] .
:Distribution a sh:NodeShape ; sh:targetClass dcat:Distribution ; sh:property
  [ sh:path dcat:accessURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ],
  [ sh:path dct:license ; sh:minCount 1 ; sh:maxCount 1 ; sh:class dct:LicenseDocument ],
  [ sh:path dct:format ; sh:minCount 1 ; sh:maxCount 1 ; sh:class dct:MediaTypeOrExtent ],
  [ sh:path dcat:mediaType ; sh:maxCount 1 ; sh:class dct:MediaType ],
  [ sh:path dcat:byteSize ; sh:maxCount 1 ; sh:datatype xsd:decimal ] .
:Period a sh:NodeShape ; sh:targetClass dct:PeriodOfTime ; sh:property
  [ sh:path dcat:startDate ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:date ],
  [ sh:path dcat:endDate ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:date ] .
:Agent a sh:NodeShape ; sh:targetClass foaf:Agent ; sh:property
  [ sh:path foaf:name ; sh:minCount 1 ; sh:nodeKind sh:Literal ] .
"""


@pytest.fixture(scope="module")
def folder(city_status: InternalEdition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The city's data, in English."""
    return written(city_status.public, tmp_path_factory.mktemp("data"), "en")


def written(edition: Edition, folder: Path, language: Language) -> Path:
    """The folder in `folder` with the data of an edition in every form."""
    save_edition(edition, folder, language)
    write_data(edition, folder / DATA, language)
    return folder / DATA


def read_json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_every_column_of_every_table_says_what_it_means(city_status: InternalEdition) -> None:
    for name, frame in city_status.public.tables.items():
        for column in table(name).conform(frame).columns:
            means = table(name).columns[column]
            assert means.da.strip() and means.en.strip() and means.da != means.en, (name, column)


MAY_BE_NULL = {"row_outcomes": ("source", "outcome"), "case_systems": ("case_system",)}
"""Of a key: null says that a row is of all sources or outcomes, or that nobody told the system."""


def test_a_table_has_each_key_once(city_status: InternalEdition) -> None:
    for name, frame in city_status.public.tables.items():
        key = table(name).key
        assert frame.select(key).is_duplicated().sum() == 0, name
        whole = [column for column in key if column not in MAY_BE_NULL.get(name, ())]
        assert sum(frame[column].null_count() for column in whole) == 0, name


# JSON-stat


@pytest.mark.parametrize("name", ["results", "distance"])
def test_a_cube_read_by_another_program_has_the_figures_of_the_table(
    folder: Path, name: str
) -> None:
    cube = pyjstat.Dataset.read((folder / f"{name}.jsonstat.json").read_text(encoding="utf-8"))
    read = pl.from_pandas(cube.write("dataframe", naming="id"))
    key = table(name).key
    frame = pl.read_parquet(folder / f"{name}.parquet")
    measures = read_json(folder / f"{name}.jsonstat.json")["dimension"]["measure"]["category"]
    long = frame.unpivot(
        measures["index"], index=key, variable_name="measure", value_name="figure"
    ).drop_nulls("figure")
    got = read.with_columns(pl.col("period").cast(pl.Int64)).drop_nulls("value")
    both = long.join(got, on=[*key, "measure"])
    assert long.height == got.height == both.height > 300
    assert both.filter(pl.col("figure") != pl.col("value")).is_empty()


def test_a_cube_says_what_is_hidden_and_tells_nothing_of_it(folder: Path) -> None:
    cube = read_json(folder / "results.jsonstat.json")
    results = pl.read_parquet(folder / "results.parquet")
    measures = len(cube["dimension"]["measure"]["category"]["index"])
    assert len(cube["status"]) == results.filter(~pl.col("shown")).height * measures > 0
    assert {cube["value"][int(at)] for at in cube["status"]} == {None}


def test_a_cube_has_the_words_of_its_language(city_status: InternalEdition, tmp_path: Path) -> None:
    languages: tuple[Language, ...] = ("da", "en")
    for language, areas in zip(languages, ("Områderne", "The areas"), strict=True):
        (tmp_path / language).mkdir()
        data = written(city_status.public, tmp_path / language, language)
        cube = read_json(data / "results.jsonstat.json")
        assert cube["dimension"]["group"]["category"]["label"]["areas"] == areas


# The workbook


def test_the_workbook_has_a_sheet_for_each_table_with_its_figures(folder: Path) -> None:
    book = CalamineWorkbook.from_path(str(folder / "tables.xlsx"))
    names = [path.stem for path in folder.glob("*.csv")]
    assert set(book.sheet_names) == {"Contents", *names, "Columns"}
    for name in names:
        table = pl.read_parquet(folder / f"{name}.parquet")
        head, *rows = book.get_sheet_by_name(name).to_python()
        assert head == table.columns
        assert len(rows) == table.height
        for row, expected in zip(rows, table.iter_rows(), strict=True):
            assert [_as_in_excel(value) for value in expected] == [
                round(value, 9) if isinstance(value, float) else value for value in row
            ]


def _as_in_excel(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, (bool, str)):
        return value
    return round(float(value), 9) if isinstance(value, (int, float)) else str(value)


def test_the_workbook_says_what_each_column_means(
    folder: Path, city_status: InternalEdition
) -> None:
    book = CalamineWorkbook.from_path(str(folder / "tables.xlsx"))
    _, *rows = book.get_sheet_by_name("Columns").to_python()
    named = [(row[0], row[1]) for row in rows]
    assert named == [
        (n, c) for n, table in city_status.public.tables.items() for c in table.columns
    ]


# What describes the files


def test_the_data_package_is_valid_and_so_is_every_file_it_names(folder: Path) -> None:
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["title", "note"])
    package = read_json(folder / "datapackage.json")
    files = {*folder.glob("*.csv"), folder / "areas.geojson"}
    assert {each["path"] for each in package["resources"]} == {path.name for path in files}


@pytest.mark.parametrize("name", ["results.csv", "areas.geojson"])
def test_a_file_that_is_changed_is_no_longer_that_of_the_package(
    folder: Path, tmp_path: Path, name: str
) -> None:
    described = ("datapackage.json", "areas.geojson", *(p.name for p in folder.glob("*.csv")))
    for each in described:
        (tmp_path / each).write_bytes((folder / each).read_bytes())
    assert frictionless.validate(str(tmp_path / "datapackage.json")).valid
    with (tmp_path / name).open("a", encoding="utf-8") as file:
        file.write("2024,x,no-number\n")
    assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid


def shacl(description: str) -> tuple[bool, str]:
    data = rdflib.Graph().parse(data=description, format="json-ld")
    shapes = rdflib.Graph().parse(data=SHAPES, format="turtle")
    conforms, _, text = pyshacl.validate(data, shacl_graph=shapes)
    return bool(conforms), str(text)


def test_the_catalogue_gets_what_the_danish_profile_asks_for(folder: Path) -> None:
    text = (folder / "dataset.jsonld").read_text(encoding="utf-8")
    conforms, told = shacl(text)
    assert conforms, told
    dataset = json.loads(text)
    assert "F2 6655654" in dataset["dct:identifier"]
    assert dataset["dct:bibliographicCitation"].startswith("København (2023): Politik for udsatte")
    files = {each["dct:title"] for each in dataset["dcat:distribution"]}
    left_out = {"datapackage.json", "dataset.jsonld", "policy.json", "statement.json"}
    assert files == {path.name for path in folder.iterdir()} - left_out


@pytest.mark.parametrize("field", ["dct:title", "dct:publisher", "dct:temporal"])
def test_a_description_that_lacks_a_field_is_found_out(folder: Path, field: str) -> None:
    dataset = read_json(folder / "dataset.jsonld")
    del dataset[field]
    assert not shacl(json.dumps(dataset))[0]


def test_without_a_page_and_a_licence_there_is_no_description_for_a_catalogue(
    tmp_path: Path,
) -> None:
    status = status_of(build(tmp_path / "city", changed=policy()))
    save_edition(status.public, tmp_path, "da")
    write_data(status.public, tmp_path / DATA, "da")
    assert not (tmp_path / DATA / "dataset.jsonld").exists()
    assert "licenses" not in read_json(tmp_path / DATA / "datapackage.json")
