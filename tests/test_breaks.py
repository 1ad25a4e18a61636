"""A change of case system: who counts from which day, and the bridge where both were in use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hamlet
from conftest import status_of
from kvarter.editions import InternalEdition
from kvarter.errors import PolicyError
from kvarter.judgement.breaks import Overlap, segments
from kvarter.policy import load_policy
from kvarter.policy.model import Indicator
from page import read_page, words, write_report

NAMES = ["", "Anna Berg", "Bo Dahl", "Eva Friis", "Ib Juul", "Kai Lund", "Mia Nord"]
OLD = [
    f"{n};{n:02}-11-2022;;{NAMES[n]};Strandvejen {house}, {door}, 2100 København Ø;Fogedretten"
    for n, (house, door) in enumerate(
        [(2, "st. tv"), (2, "st. th"), (2, "1. tv"), (2, "1. th"), (4, "st. tv"), (8, "st. tv")], 1
    )
]
OTHERS = [*NAMES[:4], "Ole Pihl", "Rie Skov", "Tom Ulv"]
NEW = [
    f"{n};{n:02}-12-2022;;{OTHERS[n]};Strandvejen {house}, {door}, 2100 København Ø;Fogedretten"
    for n, (house, door) in enumerate(
        [(2, "st. tv"), (2, "st. th"), (2, "1. tv"), (2, "2. tv"), (4, "1. tv"), (6, "2. th")], 1
    )
] + ["7;05-01-2023;;Gro Holm;Strandvejen 2, st. tv, 2100 København Ø;Fogedretten"]


def two_systems(folder: Path, change: dict[str, Any] | None) -> Path:
    """The hamlet with an old system for all of 2022, and a new one from December 2022 on."""
    policy = hamlet.policy()
    [source], [kind] = policy["sources"], policy["case_kinds"]
    old = source | {"id": "old", "case_system": "KSS", "from": "2022-11-01", "to": "2022-12-31"}
    new = source | {"id": "new", "case_system": "DOMUS", "file": "new.csv", "from": "2022-11-01"}
    changes = {} if change is None else {"system_changes": [change]}
    changed = {"sources": [old, new], "case_kinds": [kind | changes]}
    path = hamlet.build(folder, OLD, changed)
    (folder / "new.csv").write_text("\n".join([hamlet.HEADER, *NEW]) + "\n", encoding="utf-8")
    return path


def test_a_system_that_nobody_told_is_in_no_finding(tmp_path: Path) -> None:
    (source,) = hamlet.policy()["sources"]
    del source["case_system"]
    status = status_of(hamlet.build(tmp_path, hamlet.ROWS, {"sources": [source]}))
    assert set(status.public.verdicts["case_system"]) == {"na"}
    assert status.public.trends["case_system"].null_count() > 0
    write_report(status, tmp_path / "report.html", "da")
    said = words(read_page((tmp_path / "report.html").read_text(encoding="utf-8")))
    assert "Det samme i begge år" not in said
    assert "politikken nævner det ikke for begge år" in said
    assert "offentliggjorte tal" not in said


def test_a_change_of_system_needs_the_system_of_every_extract(tmp_path: Path) -> None:
    policy = hamlet.policy()
    [source], [kind] = policy["sources"], policy["case_kinds"]
    untold = {name: value for name, value in source.items() if name != "case_system"}
    change = {"from": "X", "to": "X", "on": "2023-01-01"}
    changed = {
        "sources": [source, untold | {"id": "untold"}],
        "case_kinds": [kind | {"system_changes": [change]}],
    }
    with pytest.raises(PolicyError, match="the source does not say its"):
        load_policy(hamlet.build(tmp_path, hamlet.ROWS, changed))


@pytest.fixture(scope="module")
def status(tmp_path_factory: pytest.TempPathFactory) -> InternalEdition:
    folder = tmp_path_factory.mktemp("systems")
    return status_of(two_systems(folder, {"from": "KSS", "to": "DOMUS", "on": "2023-01-01"}))


def test_only_the_system_of_the_day_counts(status: InternalEdition) -> None:
    city = status.public.results.filter(pl.col("group") == "city")
    assert dict(city.select("period", "numerator").iter_rows()) == {2022: 6.0, 2023: 1.0}
    fates = status.rows_by_outcome
    assert (fates["old"]["counted"], fates["new"]["counted"]) == (6, 1)
    assert fates["new"]["outside_period"] == 6
    left_out = status.ledger.filter(pl.col("reason") == "other_case_system")
    assert left_out["source"].to_list() == ["new"] * 6


def test_the_bridge_is_counted_by_hand(status: InternalEdition) -> None:
    """Number 2 has three households in both, one in the old only and one in the new only."""
    bridges = {row["group"]: row for row in status.public.bridges.iter_rows(named=True)}
    counts = {
        g: tuple(row[n] for n in ("in_both", "only_from", "only_to")) for g, row in bridges.items()
    }
    assert counts == {"city": (3, 3, 3), "areas": (3, 2, 3), "rest": (0, 1, 0)}
    assert bridges["city"]["factor"] == 1.0
    assert bridges["areas"]["factor"] == pytest.approx(6 / 5)
    assert bridges["rest"]["factor"] is None


def test_the_bridge_changes_no_figure(status: InternalEdition) -> None:
    """It is offered: a fall from 5 to 1 is a fall from 6, had the new system counted both."""
    [row] = status.public.verdicts.to_dicts()
    assert row["case_system"] == "turns"
    assert row["bridged_change"] == pytest.approx(100 * (1 / 6 - 1))
    assert row["bridged_low"] < row["bridged_change"] < row["bridged_high"]
    assert row["change"] == pytest.approx(100 * (1 / 5 - 1))


def test_two_systems_on_one_day_need_to_be_told_apart(tmp_path: Path) -> None:
    path = two_systems(tmp_path, None)
    with pytest.raises(PolicyError, match=r"different case systems, and both hold 2022-11-01"):
        status_of(path)


def test_a_change_names_systems_that_are_there(tmp_path: Path) -> None:
    path = two_systems(tmp_path, {"from": "KSS", "to": "DOMUSS", "on": "2023-01-01"})
    with pytest.raises(PolicyError, match="Did you mean 'DOMUS'"):
        status_of(path)


@given(st.integers(0, 200), st.integers(0, 50), st.integers(0, 50))
def test_the_factor_lies_in_its_interval_and_turns_around(both: int, old: int, new: int) -> None:
    factor, other = (Overlap(both, a, b).factor(0.95) for a, b in ((old, new), (new, old)))
    if factor is None:
        assert not (both + old and both + new)
        return
    assert other is not None
    assert factor[1][0] <= factor[0] <= factor[1][1]
    assert factor[0] * other[0] == pytest.approx(1)
    assert factor[1][0] * other[1][1] == pytest.approx(1)


def test_years_are_split_where_the_system_changes() -> None:
    indicator = Indicator.model_validate(
        {"id": "i", "title": "t", "measured": "m", "kind": "share", "numerator": {"cases": "k"}}
    )
    systems = {("i", 2016): {"A"}, ("i", 2017): {"A", "B"}, ("i", 2019): {"B"}, ("i", 2020): {"B"}}
    frozen = {key: frozenset(value) for key, value in systems.items()}
    assert segments(frozen, indicator, [2020, 2016, 2017, 2018, 2019]) == [
        [2016],
        [2017, 2018],
        [2019, 2020],
    ]
    assert segments({}, indicator, [2016, 2017]) == [[2016, 2017]]


def test_the_day_of_a_change_is_called_on(tmp_path: Path) -> None:
    """As docs/policy-file.md has it, without quotes: YAML 1.1 would read `on` as true."""
    path = two_systems(tmp_path, {"from": "KSS", "to": "DOMUS", "on": "2023-01-01"})
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("'on':", "on:"), encoding="utf-8")
    assert "  on:" in path.read_text(encoding="utf-8")
    [change] = load_policy(path).case_kinds[0].system_changes
    assert str(change.on) == "2023-01-01"
