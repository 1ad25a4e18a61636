"""What may be told of rows and of unlocated cases: four places of a report, and one sum of rows."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import hamlet
from conftest import status_of
from hamlet import build, run_in
from kvarter.cases.tally import tally
from kvarter.disclosure import RowAttackers, audit, sensitive_rows
from kvarter.disclosure.row_counts import (
    RowCounts,
    choose_row_counts,
    published_cells,
    published_missing,
)
from kvarter.disclosure.rows import (
    ALL,
    LOCATED,
    OUTCOME,
    READ,
    ROWS,
    UNPLACED,
    Cell,
)
from kvarter.errors import DisclosureError
from kvarter.judgement.missing import who_is_missing
from kvarter.policy.model import Policy
from kvarter.tables import table
from middle import WithMiddle

INDICATOR = "notices-per-dwelling"
YEARS, SOURCES = (2022, 2023), ("n22", "n23")
Counts = dict[tuple[str, int, str], int]
"""Rows by source, year and outcome."""
NEVER = table("rows_told").empty()
"""What was told before: nothing."""


def policy(threshold: int = 5) -> Policy:
    """The hamlet's, with two sources of notices."""
    data = hamlet.policy() | {"disclosure": {"threshold": threshold}}
    [source] = data["sources"]
    data["sources"] = [source | {"id": name, "file": f"{name}.csv"} for name in SOURCES]
    return Policy.model_validate(data)


def chosen(
    counts: Counts, *, bounds: bool, before: pl.DataFrame = NEVER
) -> tuple[dict[str, RowCounts], pl.DataFrame, pl.DataFrame]:
    """The outcomes of such rows, and who is missing and the results as they are told.

    `bounds`: whether the results tell how many cases could not be located.
    """
    rows = [
        {"source": source, "year": year, "outcome": outcome, "sender": "", "kind": ""}
        for (source, year, outcome), count in counts.items()
        for _ in range(count)
    ]
    schema = dict.fromkeys(("source", "outcome", "sender", "kind"), pl.String) | {"year": pl.Int64}
    cases = pl.DataFrame(rows, schema=schema).with_row_index("row")
    cases = cases.with_columns(
        case_id=pl.col("row").cast(pl.String),
        cases=pl.lit("notice"),
        bridging=pl.lit(False),
        case_system=pl.lit("DOMUS"),
        areas=pl.lit([], dtype=pl.List(pl.String)),
        could_lie_in_areas=pl.lit(True),
        chance_in_areas=pl.lit(0.5),
        chance_if_unknown=pl.lit(0.5),
    )
    settled = cases.group_by("source", "outcome").agg(rows=pl.len())
    results = pl.DataFrame(
        [_of_city(counts, year, bounds=bounds) for year in YEARS],
        schema_overrides={"numerator": pl.Float64, "unlocated": pl.Int64},
    )
    rules = policy()
    edition = rules.editions[-1]
    counted = tally(cases, settled, rules.case_kinds, rules.sources)
    row_counts = choose_row_counts(counted.rows, rules, edition, results, before)
    return (
        row_counts,
        published_missing(
            who_is_missing(counted.cases, rules, edition), row_counts, rules, edition
        ),
        results,
    )


def _of_city(counts: Counts, year: int, *, bounds: bool) -> dict[str, object]:
    counted, lost = (
        sum(n for (_, y, o), n in counts.items() if (y, o) == (year, one))
        for one in ("counted", "unlocated")
    )
    shown = not 0 < counted < 5
    return {
        "indicator": INDICATOR,
        "period": year,
        "group": "city",
        "origin": "computed",
        "shown": shown,
        "numerator": float(counted) if shown else None,
        "unlocated": lost if bounds and not 0 < lost < 5 else None,
    }


def attacked(
    row_counts: dict[str, RowCounts], missing: pl.DataFrame, results: pl.DataFrame
) -> pl.DataFrame:
    """What those who have read all of it find."""
    return audit(sensitive_rows(row_counts), RowAttackers(row_counts, missing, results))


def hiding(own: RowCounts, hidden: frozenset[Hashable]) -> RowCounts:
    """The same, had these cells been chosen."""
    return replace(own, choice=replace(own.choice, hidden=hidden))


OUTCOMES = ["counted", "duplicate", "unlocated", "outside_municipality"]


@settings(max_examples=60)
@given(
    counts=st.dictionaries(
        st.tuples(st.sampled_from(SOURCES), st.sampled_from(YEARS), st.sampled_from(OUTCOMES)),
        st.integers(0, 30),
    ),
    bounds=st.booleans(),
)
def test_whatever_the_rows_are_no_small_number_can_be_worked_out(
    counts: Counts, bounds: bool
) -> None:
    assume(any(counts.values()))
    row_counts, missing, results = chosen(counts, bounds=bounds)
    [own] = row_counts.values()
    told = attacked(row_counts, missing, results)
    sensitive = {each.cell for each in own.choice.sensitive()}
    assert (told["high"] - told["low"]).min() in (None, *range(5, 10_000), float("inf"))
    for cell, count in own.choice.problem.counts.items():
        if 0 < count < 5 and cell in sensitive:
            assert own.published(cell) is None
    assert not own.choice.unprotected


# Two who are outside: 9 could not be placed, and 7 of them could not be located.
FEW_OUTSIDE = {
    ("n22", 2022, "counted"): 40,
    ("n22", 2022, "unlocated"): 8,
    ("n22", 2022, "outside_municipality"): 9,
    ("n23", 2023, "counted"): 30,
    ("n23", 2023, "unlocated"): 7,
    ("n23", 2023, "outside_municipality"): 2,
}
# Two who could not be located: 11 could not be placed, and 9 of them lie outside.
FEW_LOST = FEW_OUTSIDE | {
    ("n23", 2023, "unlocated"): 2,
    ("n23", 2023, "outside_municipality"): 9,
}


@pytest.mark.parametrize("counts", [FEW_OUTSIDE, FEW_LOST])
@pytest.mark.parametrize(
    "by_mistake",
    [(UNPLACED, "2023"), (ROWS, "n23", "outside_municipality"), (ROWS, "n23", "unlocated")],
)
def test_a_number_told_by_mistake_is_found_out(counts: Counts, by_mistake: Cell) -> None:
    """One is told that the choice would not tell: then the small one is a difference, or stands."""
    row_counts, missing, results = chosen(counts, bounds=True)
    own = row_counts["notice"]
    attacked(row_counts, missing, results)
    also = {
        by_mistake,
        (ROWS, "n23", "outside_municipality"),
        (ROWS, ALL, READ),
        (ROWS, "n23", READ),
    }
    careless = {"notice": hiding(own, own.choice.hidden - also)}
    with pytest.raises(DisclosureError, match="can be worked out from what is published"):
        attacked(careless, missing, results)


def test_the_level_with_a_small_number_goes_and_the_others_stay() -> None:
    """Who is missing: the two of 2023 go, and every test of a factor that they are in."""
    row_counts, missing, _ = chosen(FEW_LOST, bounds=False)
    told = {
        (row["factor"], row["level"]): (row["located"], row["unlocated"])
        for row in missing.iter_rows(named=True)
    }
    assert told["year", "2023"] == told["source", "n23"] == (None, None)
    assert row_counts["notice"].published((UNPLACED, "2023")) == 11
    assert missing["p_value"].null_count() == missing.height


def test_a_source_can_be_called_as_it_likes(tmp_path: Path) -> None:
    """The line with the totals is no source's, whatever its name."""
    [source] = hamlet.policy()["sources"]
    rules = {"sources": [source | {"id": "all"}, source | {"id": "read", "file": "none.csv"}]}
    path = build(tmp_path, changed=rules)
    (tmp_path / "none.csv").write_text(hamlet.HEADER + "\n", encoding="utf-8")
    own = status_of(path).row_counts["notice"]
    assert (
        own.published((ROWS, "all", READ)) == own.published((ROWS, ALL, READ)) == len(hamlet.ROWS)
    )
    assert own.published((ROWS, "read", READ)) == 0


def test_nothing_is_hidden_without_a_small_number() -> None:
    counts = dict.fromkeys(FEW_LOST, 20)
    row_counts, missing, _ = chosen(counts, bounds=True)
    assert row_counts["notice"].choice.hidden == frozenset()
    assert missing["share_located"].null_count() == 0
    assert row_counts["notice"].published((UNPLACED, "2023")) == 40
    assert row_counts["notice"].published((ROWS, ALL, READ)) == 120


def test_what_an_earlier_report_told_of_all_rows_is_known() -> None:
    """18 outside of the first source were told with all others; 20 of both sources tell two."""
    first = {
        ("n22", 2022, "counted"): 40,
        ("n22", 2022, "unlocated"): 8,
        ("n22", 2022, "outside_municipality"): 18,
    }
    was, _, _ = chosen(first, bounds=False)
    before = published_cells(was)
    cell = [ROWS, "n22+n23", "outside_municipality"]
    assert cell in before["cell"].to_list()
    before = before.with_columns(  # as of the report of the first source alone
        pl.col("cell").list.eval(pl.element().str.replace("n22+n23", "n22", literal=True))
    )
    later = first | {("n23", 2023, "counted"): 30, ("n23", 2023, "outside_municipality"): 2}
    alone, _, _ = chosen(later, bounds=False)
    row_counts, missing, results = chosen(later, bounds=False, before=before)
    assert alone["notice"].published((ROWS, ALL, "outside_municipality")) == 20
    assert row_counts["notice"].published((ROWS, ALL, "outside_municipality")) is None
    attacked(row_counts, missing, results)
    careless = {"notice": hiding(row_counts["notice"], alone["notice"].choice.hidden)}
    with pytest.raises(DisclosureError):
        attacked(careless, missing, results)


def test_a_small_number_that_was_corrected_is_safe_from_who_reads_only_the_last() -> None:
    """Eight lay outside and were told so; now it is two, beside totals that stay."""
    counts = FEW_OUTSIDE | {("n23", 2023, "outside_municipality"): 8}
    was, _, _ = chosen(counts, bounds=True)
    cell = (ROWS, "n23", "outside_municipality")
    assert was["notice"].published(cell) == 8
    row_counts, missing, results = chosen(FEW_OUTSIDE, bounds=True, before=published_cells(was))
    own = row_counts["notice"]
    assert own.published(cell) is None
    assert cell in own.choice.problem.corrected
    attacked(row_counts, missing, results)
    careless = {"notice": hiding(own, own.choice.hidden - {(ROWS, "n23", READ), cell})}
    with pytest.raises(DisclosureError):
        attacked(careless, missing, results)


def rows_of(counts: dict[tuple[int, str], int]) -> list[str]:
    """Rows of the hamlet's extract, by year and address."""
    numbered = [key for key, count in counts.items() for _ in range(count)]
    return [
        f"{n};03-01-{year};;Navn {chr(65 + n % 26)}{chr(97 + n // 26)};{address};Fogedretten"
        for n, (year, address) in enumerate(numbered)
    ]


UNITS = [f"Strandvejen {n}, {f}. {d}, 2100 København Ø"
         for n in (2, 6) for f in ("st", "1", "2") for d in ("tv", "th")]  # fmt: skip
REST = [f"Kirkevej {n}, {f}. {d}, 2100 København Ø"
        for n in (2, 4) for f in ("st", "1", "2") for d in ("tv", "th")]  # fmt: skip


@pytest.fixture(scope="module")
def few_outside(tmp_path_factory: pytest.TempPathFactory) -> tuple[WithMiddle, Path]:
    """A run of the hamlet in which two of 2023 lie outside, and seven are not located."""
    folder = tmp_path_factory.mktemp("few")
    counts = {(year, one): 1 for year in YEARS for one in (*UNITS, *REST)}
    counts |= {(2022, "uden fast bopæl"): 8, (2023, "uden fast bopæl"): 7}
    for year, units in ((2022, UNITS[:6]), (2023, UNITS[:2])):
        away = (one.replace("Strandvejen 2", "Strandvejen 10") for one in units)
        counts |= {(year, one.replace("2100 København Ø", "9999 Naboby")): 1 for one in away}
    rules = {"disclosure": {"threshold": 5}, "largest_share_lost": 50}
    path = build(folder, rows_of(counts), rules)
    return run_in(path, documents=True), folder / "out" / "2024"


def test_a_report_does_not_tell_two_by_a_difference(
    few_outside: tuple[WithMiddle, Path],
) -> None:
    """9 without a place, of whom 7 are not located: one of the two numbers is not told."""
    status, out = few_outside
    own = status.row_counts["notice"]
    assert own.choice.problem.counts[OUTCOME, "outside_municipality", "2023"] == 2
    assert own.choice.problem.counts[UNPLACED, "2023"] == 9
    report = re.sub(r"<[^>]*>", "", (out / "report.html").read_text(encoding="utf-8"))
    missing = pl.read_csv(out / "data" / "missing.csv").filter(pl.col("level") == "2023")
    assert missing["located"].to_list() == [None]
    city = status.as_told.filter((pl.col("group") == "city") & (pl.col("period") == 2023))
    assert city["unlocated"].to_list() == [7]
    assert "9 sager fra 2023" not in report
    assert "Hvor mange sager fra 2023" in report
    kept = pl.read_csv(out / "internal" / "audit.csv").filter(pl.col("indicator") == "notice")
    assert kept.height
    assert (kept["high"] - kept["low"] >= 5).all()


def test_the_choice_of_rows_is_on_record(few_outside: tuple[WithMiddle, Path]) -> None:
    status, _ = few_outside
    of_rows = status.tables["disclosure"].filter(pl.col("indicator") == "notice").row(0, named=True)
    assert of_rows["cells"] > 20
    assert of_rows["secondary"] > 0
    assert (of_rows["gap"], of_rows["unprotected"]) == (pytest.approx(0, abs=1e-9), 0)


def test_the_name_of_a_sender_with_few_cases_is_not_told(tmp_path: Path) -> None:
    """Eleven of the court are told, and one of a landlord by name is in no table."""
    counts: dict[Any, int] = {(year, one): 1 for year in YEARS for one in (*UNITS, *REST)}
    rows = rows_of(counts)
    rows[3] = rows[3].replace("Fogedretten", "Udlejer Ib Sand")
    status = run_in(build(tmp_path, rows, {"disclosure": {"threshold": 5}}))
    assert "Udlejer Ib Sand" in status.rows["sender"].to_list()
    missing = status.public.missing
    assert "year" in missing["factor"].to_list()
    assert "Udlejer Ib Sand" not in missing["level"].to_list()
    public = [
        path
        for path in (tmp_path / "out" / "2024").rglob("*")
        if path.suffix in (".csv", ".json") and path.parent.name != "internal"
    ]
    assert len(public) > 20
    assert not [p.name for p in public if "Ib Sand" in p.read_text(encoding="utf-8")]


def test_where_the_city_is_hidden_no_row_is_told(tmp_path: Path) -> None:
    """Its cases are among the rows."""
    counts: dict[Any, int] = {(year, one): 1 for year in YEARS for one in UNITS}
    counts |= {(2023, one): 0 for one in UNITS[2:]}
    rules = {"disclosure": {"threshold": 5}}
    own = status_of(build(tmp_path, rows_of(counts), rules)).row_counts["notice"]
    assert own.choice.hidden == frozenset(own.choice.problem.counts)
    assert own.published((ROWS, "notices", "counted")) is None
    assert (LOCATED, INDICATOR, "year", "2023", "2023") in own.choice.hidden
