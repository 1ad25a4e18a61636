"""The life of a policy: three editions, each made, published and known to the next."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import hamlet
from hamlet import build, run_in
from kvarter.disclosure.rows import CASE_OUTCOMES
from kvarter.editions.releases import read_releases, release
from middle import WithMiddle

YEARS = (2016, 2020, 2023)
UNITS = [
    (street, number, floor, door)
    for street, numbers in (("Strandvejen", (2, 4, 6, 8)), ("Kirkevej", (2, 4)))
    for number, floor, door in itertools.product(numbers, ("st", "1", "2"), ("tv", "th"))
]


def small_town(folder: Path, seed: int) -> Path:
    """A hamlet of three years with a few cases of every fate, drawn with a seed."""
    draw = random.Random(seed)
    policy: dict[str, Any] = hamlet.policy()
    [source], [goal] = policy["sources"], policy["goals"]
    share = {"id": "share", "title": "Andel", "measured": "Andel.", "kind": "share"}
    goal["indicators"].append(share | {"numerator": {"cases": "notice"}})
    policy |= {
        "disclosure": {"threshold": 5},
        "largest_share_lost": 100,  # in some of the towns most cases have no place
        "editions": [
            {"id": edition, "title": edition, "data_year": year, "area_set": "a"}
            | ({"baseline": True} if year == YEARS[0] else {})
            for edition, year in zip(("2017", "2021", "2024"), YEARS, strict=True)
        ],
        "sources": [
            source
            | {"id": f"n{year}", "file": f"n{year}.csv"}
            | {"from": f"{year}-01-01", "to": f"{year}-12-31"}
            for year in YEARS
        ],
    }
    path = build(folder, [], policy)
    dwellings = ["aar;adgang;boliger"]
    for year in YEARS:
        dwellings += [
            f"{year};{entrance};{6 if number % 2 == 0 else 1}"
            for entrance, _, number, *_ in hamlet.entrances()
        ]
        places = [
            f"{street} {number}, {floor}. {door}, 2100 København Ø"
            for street, number, floor, door in UNITS
            if draw.random() < {2: 0.7, 4: 0.4, 6: 0.3, 8: 0.5}[number]
        ]
        places += ["uden fast bopæl"] * draw.choice([1, 3, 12, 25])
        places += ["Strandvejen 10, st. th, 9999 Naboby"] * draw.choice([0, 2, 12])
        names = [f"{chr(65 + at % 26)}{chr(97 + at // 26)} Berg" for at in range(len(places))]
        rows = [
            f"{at};0{draw.randint(1, 9)}-0{draw.randint(1, 9)}-{year};;{names[at]};{place};"
            f"{draw.choice(['Fogedretten'] * 4 + ['Boligorganisation', 'Privat'])}"
            for at, place in enumerate(places)
        ]
        (folder / f"n{year}.csv").write_text("\n".join([hamlet.HEADER, *rows]), encoding="utf-8")
    (folder / "dwellings.csv").write_text("\n".join(dwellings), encoding="utf-8")
    return path


def live(path: Path) -> list[WithMiddle]:
    """Each edition made and released, one after another."""
    made = []
    for edition in ("2017", "2021", "2024"):
        made.append(run_in(path, edition=edition))
        release(path.parent / "out" / edition, "A", "B", dt.date(2024, 11, 1))
    return made


@pytest.mark.parametrize("seed", [0, 2])
def test_three_editions_of_a_small_town_are_made_and_released(tmp_path: Path, seed: int) -> None:
    statuses = live(small_town(tmp_path / "town", seed))
    for status in statuses:
        audit = status.tables["audit"]
        assert (audit["high"] - audit["low"] >= audit["asked_width"]).all()
    assert statuses[-1].public.results.filter(~pl.col("shown")).height > 0
    # A level of who is missing is told for one year by the first, and for two by the others.
    told = {(*cell[:4],) for cell in told_levels(tmp_path / "town")}
    assert len(told) < len(told_levels(tmp_path / "town"))


def told_levels(folder: Path) -> set[tuple[str, ...]]:
    rows = read_releases(folder / "out").rows
    return {tuple(cell) for cell in rows["cell"] if cell[0] in CASE_OUTCOMES}


def test_three_editions_of_the_example_are_made_and_released(city: Path, tmp_path: Path) -> None:
    folder = tmp_path / "city"
    shutil.copytree(city, folder, ignore=shutil.ignore_patterns("status"))
    shutil.copy(folder / "demo.key", folder / "key")
    last = live(folder / "policy.yaml")[-1]
    hidden = last.public.results.filter(~pl.col("shown")).select("period", "group").rows()
    assert hidden == [(2018, "ved-fyrtaarnet")]
