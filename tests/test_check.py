"""`kvarter check` tests the joins too, and tells what a run would tell, by the same notes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import SHARED, needed, status_of
from hamlet import ROWS, areas, build, entrances, policy
from kvarter.errors import InputError
from kvarter.pipeline.check import Checked, check
from kvarter.policy import load_policy

CASES = SHARED.parent / "cases"


def checked(path: Path) -> list[Checked]:
    return check(load_policy(path), path.parent, "en")


def problems(path: Path) -> list[str]:
    return [str(problem) for each in checked(path) for problem in each.problems]


def remarks(path: Path) -> list[str]:
    told = [each.found for each in checked(path) if each.remark]
    return told + [str(note) for each in checked(path) for note in each.notes]


def changed_editions(**years: int) -> dict[str, Any]:
    """The hamlet's editions with other data years, by id without its first letter."""
    editions = policy()["editions"]
    return {
        "editions": [e | {"data_year": years.get("e" + e["id"], e["data_year"])} for e in editions]
    }


def changed_indicator(**fields: Any) -> dict[str, Any]:
    goals = policy()["goals"]
    goals[0]["indicators"][0] |= fields
    return {"goals": goals}


def changed_source(**fields: Any) -> dict[str, Any]:
    return {"sources": [policy()["sources"][0] | fields]}


def dwellings(folder: Path, *lines: str) -> None:
    (folder / "dwellings.csv").write_text("\n".join(["aar;adgang;boliger", *lines]))


def all_dwellings(
    name: Callable[[str], str] = str, years: tuple[int, ...] = (2022, 2023)
) -> list[str]:
    return [f"{year};{name(entrance)};2" for year in years for entrance, *_ in entrances()]


def test_what_a_run_would_tell_a_check_tells(tmp_path: Path) -> None:
    path = build(tmp_path)
    dwellings(tmp_path, *all_dwellings(lambda e: "XX" if e == "S1" else e), "2022;S2;")
    run_tells = [str(note) for note in status_of(path).notes]
    assert len(run_tells) == 4
    check_tells = remarks(path)
    assert [each for each in run_tells if each not in check_tells] == []
    path = build(tmp_path, changed=changed_source(to="2023-06-30"))
    (problem,) = problems(path)
    assert problem in [str(note) for note in status_of(path).notes]


def test_places_that_are_not_known_are_counted_with_examples(tmp_path: Path) -> None:
    path = build(tmp_path)
    dwellings(
        tmp_path, *all_dwellings(lambda e: "0101901234" if e == "S1" else "X" + e if e < "L" else e)
    )
    assert (
        "dwellings: 12 of 30 rows are at places that `register` does not have, and are left out. "
        "Such places are: [cpr], XK1, XK2." in remarks(path)
    )
    dwellings(tmp_path, *all_dwellings(lambda e: "X" + e))
    assert any("30 of 30 rows are at places" in each for each in problems(path))


def test_units_that_a_layer_does_not_have(tmp_path: Path) -> None:
    by_unit = [policy()["statistics"][0] | {"located_by": {"unit": "adgang", "layer": "roder"}}]
    layer = {"file": "areas.geojson", "name_field": "navn", "crs": "EPSG:25832"}
    path = build(tmp_path, changed={"statistics": by_unit, "layers": {"roder": layer}})
    dwellings(
        tmp_path, *(f"{y};{u};9" for y in (2022, 2023) for u in ("Vest", "Midt", "Øst", "Syd"))
    )
    assert any(
        "2 of 8 rows are at places that `roder` does not have" in each for each in remarks(path)
    )
    elsewhere = areas()
    elsewhere["features"][0]["geometry"]["coordinates"] = [
        [[x, y + 5000] for x, y in elsewhere["features"][0]["geometry"]["coordinates"][0]]
    ]
    (tmp_path / "roder.geojson").write_text(json.dumps(elsewhere))
    layer["file"] = "roder.geojson"
    path = build(tmp_path, changed={"statistics": by_unit, "layers": {"roder": layer}})
    dwellings(tmp_path, *(f"{y};{u};9" for y in (2022, 2023) for u in ("Vest", "Midt", "Øst")))
    assert any(
        "roder: no unit lies with most of its ground in these areas: Vest" in e
        for e in problems(path)
    )


def test_the_municipality_must_be_in_the_register(tmp_path: Path) -> None:
    path = build(tmp_path, changed={"municipality": {"code": "0461", "name": "Odense"}})
    (problem,) = problems(path)
    assert "no address of the register has the municipality code 0461" in problem
    assert "14 of 0101, 1 of 0999" in problem
    with pytest.raises(InputError, match="municipality code 0461"):
        status_of(path)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            changed_editions(e2024=2021),
            "no source of notice begins by 2021, the data year of the edition 2024",
        ),
        (
            changed_editions(e2024=2024),
            "covers 2024, the data year of the edition 2024 (notices: 2022–2023)",
        ),
        (
            changed_editions(e2017=2020),
            "dwellings has no row of 2020, the data year of the edition 2017",
        ),
        (changed_source(to="2023-06-30"), "the sources of notice do not cover 184 days of 2023"),
        (
            changed_source(**{"from": "2022-03-01"}),
            "the sources of notice do not cover 59 days of 2022",
        ),
    ],
)
def test_a_year_that_nothing_covers(tmp_path: Path, changed: dict[str, Any], words: str) -> None:
    path = build(tmp_path, changed=changed)
    found = problems(path)
    assert any(words in each for each in found), found


def test_days_between_two_sources_and_systems(tmp_path: Path) -> None:
    first, second = policy()["sources"][0], policy()["sources"][0]
    first |= {"to": "2023-02-28"}
    second |= {"id": "later", "from": "2023-03-02", "case_system": "Y"}
    kind = policy()["case_kinds"][0]
    changed = {"sources": [first, second], "case_kinds": [kind]}
    path = build(tmp_path, changed=changed)
    assert any("do not cover 1 day of 2023" in each for each in problems(path))
    kind["system_changes"] = [{"from": "X", "to": "Y", "on": "2023-02-01"}]
    path = build(tmp_path, changed=changed)
    assert any("do not cover 29 days of 2023" in each for each in problems(path))
    second["from"], kind["system_changes"][0]["on"] = "2023-01-01", "2023-03-01"
    assert problems(build(tmp_path, changed=changed)) == []


def test_a_published_figure_needs_no_source(tmp_path: Path) -> None:
    published = [{"year": 2020, "group": "areas", "percent": 1.2}]
    changed = changed_editions(e2017=2020) | changed_indicator(published=published)
    path = build(tmp_path, changed=changed)
    assert problems(path) == []
    assert "notices-per-dwelling: 2020, as published" in [each.found for each in checked(path)]


def test_figures_that_nobody_uses(tmp_path: Path) -> None:
    published = [{"year": year, "group": "areas", "percent": 1.2} for year in (2019, 2023, 2031)]
    totals = [
        {"year": year, "title": "T", "count": 9, "counts": "household"} for year in (2023, 2019)
    ]
    changed = changed_indicator(published=published, independent_totals=totals)
    told = remarks(build(tmp_path, changed=changed))
    assert any(
        "published figure of 2023 (areas) is not used, for one is computed" in e for e in told
    )
    assert any("published figure of 2031 (areas) is used by no edition" in e for e in told)
    assert any("independent total of 2019 (city) is compared with nothing" in e for e in told)
    assert not any("figure of 2019" in each or "total of 2023" in each for each in told)


def test_areas_without_an_address(tmp_path: Path) -> None:
    layer = areas()
    ring = layer["features"][1]["geometry"]["coordinates"][0]
    layer["features"][1]["geometry"]["coordinates"] = [[[x, y + 500] for x, y in ring]]
    box = [[700_990, 6_169_950], [701_010, 6_169_950], [701_010, 6_170_050], [700_990, 6_169_950]]
    layer["features"][2]["geometry"]["coordinates"] = [box]
    path = build(tmp_path)
    (tmp_path / "areas.geojson").write_text(json.dumps(layer))
    assert any("hold no address of the register: Midt." in each for each in problems(path))
    assert any("hold addresses of other municipalities only: Øst." in e for e in problems(path))


def test_areas_outside_the_districts_of_the_city(tmp_path: Path) -> None:
    layer = areas()
    del layer["features"][2]
    districts = {"file": "d.geojson", "name_field": "navn", "crs": "EPSG:25832"}
    path = build(tmp_path, changed={"layers": {"districts": districts}})
    (tmp_path / "d.geojson").write_text(json.dumps(layer))
    assert any("outside the layer `districts`: Øst." in each for each in remarks(path))


def test_extracts_of_other_days_or_of_another_place(tmp_path: Path) -> None:
    path = build(tmp_path, changed=changed_source(**{"from": "2016-01-01", "to": "2020-12-31"}))
    assert any("notices: all rows are dated outside the days" in each for each in problems(path))
    path = build(tmp_path, changed=changed_source(**{"from": "2022-01-01", "to": "2022-12-31"}))
    assert any("notices: more than half of the rows are dated outside" in e for e in remarks(path))
    elsewhere = [
        row.replace("Strandvejen", "Havnegade").replace("Kirkevej", "Torvet") for row in ROWS
    ]
    path = build(tmp_path, elsewhere)
    assert any("notices: fewer than half of the rows have an address" in e for e in problems(path))


def test_sources_that_no_figure_is_made_of(tmp_path: Path) -> None:
    later = policy()["sources"][0] | {"id": "later", "from": "2024-01-01", "to": "2024-12-31"}
    other = policy()["sources"][0] | {"id": "other", "cases": "hearing"}
    kinds = [*policy()["case_kinds"], policy()["case_kinds"][0] | {"id": "hearing"}]
    changed = {"sources": [policy()["sources"][0], later, other], "case_kinds": kinds}
    told = remarks(build(tmp_path, changed=changed))
    assert "No edition reads it: it begins after the data years of all." in told
    assert "No indicator counts its cases." in told


def test_decisions_on_texts_that_do_not_occur_are_counted(tmp_path: Path) -> None:
    path = build(tmp_path, changed={"decisions": {"file": "d.csv"}})
    header = "text_id;decision;decided_by;decided_on"
    (tmp_path / "d.csv").write_text(f"{header}\nt0;ingen;ML;2024-11-05\n")
    assert "1 decision is about a text that does not occur here." in remarks(path)


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("own-city-03-check-silent-on-unknown-places", "204 of 1836 rows are at places"),
        ("own-city-06-year-without-data", "no source of udsaettelse covers 2023"),
    ],
)
def test_the_city_of_known_truth(case: str, words: str) -> None:
    path = needed(CASES / case / "policy.yaml")
    told = [note for each in check(load_policy(path), path.parent) for note in each.notes]
    said = problems(path) + [str(note) for note in told]
    assert any(words in each for each in said), said
