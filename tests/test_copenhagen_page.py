"""`docs/copenhagen-2008-2014.md`: its tables follow from the city's open data.

The lines of the tables are made here from the status of the policy in `examples/open-data`, and the
lags once more from the files themselves, with nothing of Kvarter's but the polygons.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import yaml

from conftest import ROOT, SHARED, needed, status_of
from kvarter.areas import read_areas, read_layer
from kvarter.editions import InternalEdition
from kvarter.policy import load_policy

PAGE = ROOT / "docs" / "copenhagen-2008-2014.md"
POLICY = ROOT / "examples" / "open-data" / "policy.yaml"
COLUMNS = {
    "outside-labour-market": ("pct_tilkn_arb_markedet", -1, 2009, 2014),
    "no-education": ("pct_ingen_udd", 1, 2008, 2014),
    "low-income": ("pct_lav_indkomst", 1, 2008, 2013),
    "non-western-origin": ("pct_ikke_vestlig", 1, 2008, 2014),
}
"""Criterion: its column, its sign, and the first and last year it can be compared."""

NAMES = {
    "outside-labour-market": "attached to the labour market",
    "no-education": "without education",
    "low-income": "low income",
    "non-western-origin": "non-western origin",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The policy, and links to the data it names."""
    folder = tmp_path_factory.mktemp("copenhagen")
    text = POLICY.read_text(encoding="utf-8")
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    policy = yaml.safe_load(text)
    parts = [*policy["area_sets"], *policy["layers"].values(), *policy["statistics"]]
    for name in {part["file"] for part in parts}:
        (folder / name).symlink_to(needed(SHARED / "copenhagen" / name))
    return folder


@pytest.fixture(scope="module")
def status(folder: Path) -> InternalEdition:
    return status_of(folder / "policy.yaml", "2014")


def number(value: float, decimals: int = 1) -> str:
    return f"{value:.{decimals}f}".replace("-", "\u2212")


def line(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def row_of(
    status: InternalEdition, criterion: str, reference: str, group: str = "areas"
) -> dict[str, float]:
    """The row of a criterion's last year."""
    (row,) = status.public.distance.filter(
        (pl.col("criterion") == criterion)
        & (pl.col("reference") == reference)
        & (pl.col("group") == group)
        & (pl.col("period") == COLUMNS[criterion][3])
    ).to_dicts()
    return row


def criteria_lines(status: InternalEdition) -> Iterator[str]:
    for criterion, (_, _, first, last) in COLUMNS.items():
        for reference, word in (("rest", "rest of the city"), ("city", "whole city")):
            row = row_of(status, criterion, reference)
            low, high = (number(100 * row[end]) for end in ("closed_low", "closed_high"))
            yield line(
                NAMES[criterion],
                f"{first}\u2013{last}",
                word,
                *(number(100 * row[f"level{name}"]) for name in ("_baseline", "")),
                *(number(100 * row[f"reference_level{name}"]) for name in ("_baseline", "")),
                *(number(100 * row[f"lag{name}"]) for name in ("_baseline", "")),
                f"{number(100 * row['closed'])} % ({low} to {high})",
                f"{number(100 * row['pace'], 2)} %",
                str(row["projected_year"] or "never"),
            )


def area_lines(status: InternalEdition) -> Iterator[str]:
    for area, outline in status.public.geography.areas.items():
        cells = []
        for criterion in COLUMNS:
            row = row_of(status, criterion, "rest", area)
            lags = [number(100 * row[f"lag{name}"]) for name in ("_baseline", "")]
            cells.append(" → ".join(lags))
        yield line(outline.name, *cells)


def overall_lines(status: InternalEdition) -> Iterator[str]:
    for reference, word in (("rest", "rest of the city"), ("city", "whole city")):
        for year in (2013, 2014):
            mean, counted = (
                status.public.distance_overall.filter(
                    (pl.col("group") == "areas")
                    & (pl.col("reference") == reference)
                    & (pl.col("overall") == overall)
                    & (pl.col("period") == year)
                ).to_dicts()[0]
                for overall in ("mean", "criteria")
            )
            yield line(
                str(year),
                word,
                f"{mean['criteria_measured']} of 4",
                f"{counted['criteria_reached']} of {counted['criteria_needed']} needed",
                f"{number(100 * mean['distance_covered'])} %",
            )


def members(folder: Path, least: float) -> dict[str, float]:
    """The roder of which more than `least` lies in some area, and how much of each does."""
    policy = load_policy(folder / "policy.yaml")
    areas = read_areas(policy.area_set("2017"), folder).outlines.values()
    found = {}
    for name, rode in read_layer(policy.layers["roder"], folder).items():
        share = max(rode.geometry.intersection(a.geometry).area for a in areas) / rode.geometry.area
        if share > least:
            found[name] = share
    return found


def table() -> list[dict[str, str]]:
    path = needed(SHARED / "copenhagen" / "rode_socioeconomic_2008-2014.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def closed(rows: list[dict[str, str]], inside: dict[str, float], criterion: str) -> float:
    """From the file itself, against the rest of the city."""
    column, sign, first, last = COLUMNS[criterion]
    lags = []
    for year in (first, last):
        level = {}
        for within in (True, False):
            of = [
                (float(row[column]), int(row["antal_beboere"]))
                for row in rows
                if row["aar"] == str(year) and row[column] and (row["rode_nr"] in inside) == within
            ]
            level[within] = sum(p * n for p, n in of) / sum(n for _, n in of)
        lags.append(sign * (level[True] - level[False]))
    return 1 - lags[1] / lags[0]


def rule_lines(folder: Path) -> Iterator[str]:
    rows = table()
    for least in (0.5, 0.9, 0.25, 0.1):
        inside = members(folder, least)
        shares = (number(100 * closed(rows, inside, criterion)) + " %" for criterion in COLUMNS)
        yield line(f"more than {100 * least:.0f} %", str(len(inside)), *shares)


def paced_lines(status: InternalEdition) -> Iterator[str]:
    for year in range(2008, 2015):
        found = []
        for criterion in COLUMNS:
            rows = status.public.distance.filter(
                (pl.col("criterion") == criterion)
                & (pl.col("reference") == "rest")
                & (pl.col("group") == "areas")
                & (pl.col("period") == year)
            )["lag"]
            found.append("" if rows.is_empty() else number(100 * rows[0]))
        yield line(str(year), *found)


def test_every_line_of_the_tables_follows_from_the_data(
    status: InternalEdition, folder: Path
) -> None:
    made = [
        *criteria_lines(status),
        *paced_lines(status),
        *overall_lines(status),
        *area_lines(status),
        *rule_lines(folder),
    ]
    page = PAGE.read_text(encoding="utf-8")
    heads = ("| ---", "| criterion", "| year", "| area", "| a rode counts")
    told = [x for x in page.splitlines() if x.startswith("|") and not x.startswith(heads)]
    assert told == made


def test_the_measure_is_what_the_file_says(status: InternalEdition, folder: Path) -> None:
    inside, rows = members(folder, 0.5), table()
    for criterion in COLUMNS:
        found = row_of(status, criterion, "rest")["closed"]
        assert found == pytest.approx(closed(rows, inside, criterion), abs=1e-9), criterion


def test_the_facts_of_the_text_are_those_of_the_file(folder: Path) -> None:
    rows, page = table(), PAGE.read_text(encoding="utf-8")
    of = {year: {r["rode_nr"] for r in rows if r["aar"] == str(year)} for year in range(2008, 2015)}
    inside = members(folder, 0.5)
    assert of[2011] - of[2012] == {str(number) for number in range(1, 10)}
    assert not (of[2011] - of[2012]) & set(inside)
    blank = [r for r in rows if not r["pct_ikke_vestlig"]]
    assert {(r["aar"], r["antal_beboere"]) for r in blank} == {("2008", "0")}
    assert len(blank) == 7
    people = {}
    for year in ("2008", "2014"):
        of_year = {r["rode_nr"]: int(r["antal_beboere"]) for r in rows if r["aar"] == year}
        there = sum(count for rode, count in of_year.items() if rode in inside)
        people[year] = there, sum(of_year.values())
    for year, (there, everywhere) in people.items():
        assert f"{there:,} of {everywhere:,} ({100 * there / everywhere:.1f} %) in {year}" in page
    split = {name: f"{100 * share:.0f} %" for name, share in inside.items() if share < 0.9}
    assert split == {"99": "63 %", "267": "83 %"}
    assert all(f"{name} ({share})" in page for name, share in split.items())
    city = {
        year: sum(float(r["pct_tilkn_arb_markedet"]) * int(r["antal_beboere"]) for r in of_year)
        / sum(int(r["antal_beboere"]) for r in of_year)
        for year in ("2008", "2009")
        if (of_year := [r for r in rows if r["aar"] == year and r["pct_tilkn_arb_markedet"]])
    }
    assert f"from {city['2008']:.1f} to {city['2009']:.1f} %" in page


def test_what_the_text_says_of_the_areas_is_so(status: InternalEdition) -> None:
    def lags(criterion: str, area: str) -> tuple[float, float]:
        row = row_of(status, criterion, "rest", area)
        return row["lag_baseline"], row["lag"]

    areas = status.public.geography.areas
    # By a twentieth of a point and more: what the table shows with one decimal.
    grew = [a for a in areas if lags("low-income", a)[1] - lags("low-income", a)[0] > 0.0005]
    assert len(grew) == 13
    for area in ("ved-jagtvej", "ved-valby-langgade"):
        first, last = lags("non-western-origin", area)
        assert round(1 - last / first, 2) in (0.26, 0.27)
    first, last = lags("no-education", "tingbjerg-husum")
    assert 0.24 < last / first - 1 < 0.25
    unmeasured = {a for a in areas if row_of(status, "low-income", "rest", a)["reason"]}
    assert unmeasured == {"ryparken", "ved-valby-langgade", "ved-gyldenrisvej", "ved-folehaven"}
    for criterion in ("no-education", "non-western-origin"):
        for area in ("ydre-noerrebro", "indre-noerrebro", "ved-bispeengbuen", "ved-frankrigsgade"):
            assert lags(criterion, area)[1] < lags(criterion, area)[0]
    for area in ("tingbjerg-husum", "ved-folehaven", "ved-kulbanevej", "nordvest"):
        assert lags("non-western-origin", area)[1] > lags("non-western-origin", area)[0]
