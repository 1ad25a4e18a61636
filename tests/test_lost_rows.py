"""A year of which too many rows cannot be read or located gives no verdict, and says why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hamlet import build, run_in
from test_placeholders import HOMES

LOST = "more than {percent} % of the rows"


def rows(year: int, good: int, undated: int = 0, nowhere: int = 0) -> list[str]:
    dated = [f"{n};03-01-{year};;;{HOMES[n]};F" for n in range(good)]
    bad = [f"{n};hen på foråret;;;{HOMES[n]};F" for n in range(undated)]
    return dated + bad + [f"{n};04-01-{year};;;uden fast bopæl;F" for n in range(nowhere)]


def judged(folder: Path, lines: list[str], **changed: Any) -> tuple[str, bool, set[str]]:
    """The verdict, whether rows were lost, and the years that are told."""
    status = run_in(build(folder, lines, changed=changed))
    (row,) = status.public.verdicts.to_dicts()
    told = {str(note.values["year"]) for note in status.notes if LOST in note.message}
    return row["verdict"], row["rows_lost"], told


@pytest.mark.parametrize(
    ("now", "verdict", "told"),
    [
        (rows(2023, 10), "met", set()),
        (rows(2023, 2, undated=18), "cannot_tell", {"2023"}),  # nine in ten
        (rows(2023, 20, undated=5), "not_met", set()),  # 20 %, and no more
        (rows(2023, 19, undated=5), "cannot_tell", {"2023"}),
        (rows(2023, 10, nowhere=5), "cannot_tell", {"2023"}),
        (rows(2023, 3, undated=3), "met", set()),  # few, and no more than half
        (rows(2023, 1, undated=3), "cannot_tell", {"2023"}),
    ],
)
def test_a_year_that_lost_its_rows_gives_no_verdict(
    tmp_path: Path, now: list[str], verdict: str, told: set[str]
) -> None:
    found = judged(tmp_path / "h", rows(2022, 30) + now)
    assert found == (verdict, bool(told), told)


def test_a_year_without_a_row_that_can_be_read_gives_no_verdict(tmp_path: Path) -> None:
    """No dated row is left of 2023, and the year before looks whole."""
    found = judged(tmp_path / "h", rows(2022, 30) + rows(2023, 0, undated=7))
    assert found == ("cannot_tell", True, {"2023"})


def test_the_policy_says_how_many_may_be_lost(tmp_path: Path) -> None:
    lines = rows(2022, 30) + rows(2023, 10, nowhere=5)
    assert judged(tmp_path / "h", lines, largest_share_lost=50)[0] == "met"


def test_the_report_says_why(tmp_path: Path) -> None:
    policy = build(tmp_path / "h", rows(2022, 30) + rows(2023, 2, undated=18))
    run_in(policy, tmp_path / "out", documents=["html"])
    report = (tmp_path / "out" / "2024" / "report.html").read_text(encoding="utf-8")
    assert "kunne ikke læses eller stedfæstes" in report
    assert "Målet er nået" not in report


def test_rows_outside_the_age_are_not_lost(tmp_path: Path) -> None:
    from hamlet import policy

    kinds = policy()["case_kinds"]
    kinds[0]["age"] = {"from": 18, "to": 99}
    young = [f"{n};03-01-2023;010115-5233;;{HOMES[n]};F" for n in range(20)]
    old = [f"{n};03-01-{y};010190-1{n}33;;{HOMES[n]};F" for y in (2022, 2023) for n in range(9)]
    status = run_in(build(tmp_path / "h", [*old, *young], changed={"case_kinds": kinds}))
    assert status.public.verdicts["rows_lost"].to_list() == [False]
    assert status.ledger.filter(pl.col("reason") == "under_the_age").height == 20


@pytest.mark.parametrize("undated", [1, 2, 3])
def test_that_rows_were_lost_tells_no_small_number_of_them(tmp_path: Path, undated: int) -> None:
    """7 of 37 are no more than 20 %, and 8 of 38 are: told is what 9 of 39 give."""
    lines = rows(2022, 30) + rows(2023, 30, undated=undated, nowhere=5)
    few = {"disclosure": {"threshold": 5}}
    assert judged(tmp_path / "few", lines, **few) == ("cannot_tell", True, {"2023"})
    exactly = ("cannot_tell", True, {"2023"}) if undated == 3 else ("not_met", False, set())
    assert judged(tmp_path / "all", lines)[1:] == exactly[1:]


def test_by_a_year_that_lost_its_rows_nothing_is_judged(tmp_path: Path) -> None:
    lost = rows(2022, 30) + rows(2023, 20, undated=18, nowhere=3)
    told = run_in(build(tmp_path / "h", lost)).judgement
    assert told.gaps.is_empty() and told.sensitivity.is_empty()
    assert set(told.missing["level"]) <= {"2021", "2022"}
    (row,) = told.verdicts.to_dicts()
    assert [row[name] for name in ("change", "change_low", "city_change", "gap")] == [None] * 4
    assert not [each for each in told.observations if each.values and each.target]
    policy = build(tmp_path / "h", lost)
    run_in(policy, tmp_path / "out", documents=["html"])
    report = (tmp_path / "out" / "2024" / "report.html").read_text(encoding="utf-8")
    assert "Kan ikke afgøres: for mange rækker i et af årene kunne ikke læses" in report
    assert "Tallene er ikke et antal sager, eller antallet kendes ikke" not in report
