"""Many who write one edition at once, for real: nothing that was answered for is lost."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from conftest import ROOT
from web.example import served
from web.postgres import Cluster

sys.path.insert(0, str(ROOT / "benchmarks"))
from casework import crowd, make_people, people_of


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_no_save_is_lost_or_written_over(
    engine: str,
    town: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    """Twelve people, two to a goal, who wait for nobody."""
    folder = tmp_path / "site"
    if engine == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        cluster.sql("CREATE DATABASE many_who_write")
        monkeypatch.setenv("DATABASE_URL", cluster.url("many_who_write"))
    known = make_people(folder, town.parent, 12)
    with served(folder, workers=2) as (address, _):
        people = people_of(address, known)
        told = crowd(folder, address, people, saves=12, seconds=6)
    assert told.lost == []
    assert told.saves >= 60
    assert told.conflicts > 0, "else nobody met anybody"
