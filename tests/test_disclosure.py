"""Small counts are hidden, and so is what would give them away."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from conftest import status_of
from hamlet import HEADER, build
from kvarter.disclosure.protect import FIGURES, _hidden_groups, hide_small
from kvarter.run import run

counts_of_areas = st.lists(st.integers(0, 30), min_size=2, max_size=8)


@given(each=counts_of_areas, rest=st.integers(0, 60), threshold=st.integers(2, 10))
def test_no_small_count_is_shown_or_can_be_subtracted(
    each: list[int], rest: int, threshold: int
) -> None:
    areas = sum(each)
    counts: dict[str, float | None] = {"areas": areas, "rest": rest, "city": areas + rest}
    counts |= {f"a{n}": count for n, count in enumerate(each)}
    hidden = _hidden_groups(counts, threshold)
    assert not [g for g, c in counts.items() if g not in hidden and c and 0 < c < threshold]
    assert ("areas" in hidden) == ("rest" in hidden)
    singles = [name for name in counts if name.startswith("a") and name != "areas"]
    lost = [name for name in singles if name in hidden]
    if lost and "areas" not in hidden:
        # The hidden ones have a known sum: one large neighbour among them leaves it open.
        assert len(lost) >= 2
        assert max(counts[name] or 0 for name in lost) >= threshold


def test_hidden_figures_are_in_no_file(tmp_path: Path) -> None:
    """One household in `vest`: with a threshold of 5 its figures stand nowhere."""
    folder = tmp_path / "h"
    policy = build(folder, changed={"disclosure": {"threshold": 5}})
    status = run(policy, out=tmp_path / "out", key_file=folder / "key")
    hidden = status.results.filter(~pl.col("shown"))
    assert set(hidden["group"]) >= {"areas", "rest", "vest", "midt"}
    out = tmp_path / "out" / "2024"
    for table in (
        pl.read_parquet(out / "results.parquet"),
        pl.read_csv(out / "results.csv"),
        pl.read_json(out / "results.json"),
    ):
        rows = table.filter(~pl.col("shown"))
        assert rows.height == hidden.height
        for name in set(FIGURES) & set(table.columns):
            assert rows[name].null_count() == rows.height
    verdicts = pl.read_parquet(out / "verdicts.parquet")
    assert verdicts["change"].null_count() == verdicts.height
    report = (out / "report.html").read_text(encoding="utf-8")
    assert "vises ikke" in report
    assert "3 af 30" not in report


def test_a_few_unlocated_people_cannot_be_read_from_the_bounds(city: Path) -> None:
    status = status_of(city / "policy.yaml")
    hearings = status.results.filter(pl.col("indicator") == "minors-in-hearings")
    assert hearings["shown"].all()
    assert hearings["bound_high"].null_count() == hearings.height
    assert set(status.verdicts.filter(pl.col("goal") == 5)["unlocated_cases"]) == {None}
    many = status.results.filter(pl.col("indicator") == "eviction-notices-per-dwelling")
    assert many.filter(pl.col("group") == "areas")["bound_high"].null_count() == 0


def test_header_only_is_a_year_without_cases(tmp_path: Path) -> None:
    status = status_of(build(tmp_path, content=HEADER.encode()))
    assert status.results.filter(pl.col("group") == "city")["numerator"].to_list() == [0, 0]
    assert status.verdicts["verdict"].to_list() == ["cannot_tell"]


@given(
    table=st.dictionaries(
        st.sampled_from("abcd"),
        st.fixed_dictionaries({name: st.integers(0, 30) for name in "xyz"}),
        min_size=1,
    )
)
def test_no_hidden_row_count_is_a_difference_of_shown_ones(
    table: dict[str, dict[str, int]],
) -> None:
    """Of a table whose totals are known: no line or column is short of just one number."""
    hidden = hide_small(table, 5)
    assert all((a, x) in hidden for a in table for x in "xyz" if 0 < table[a][x] < 5)
    lines = [[(a, x) for x in "xyz"] for a in table] + [[(a, x) for a in table] for x in "xyz"]
    for cells in lines:
        assert len(hidden.intersection(cells)) != 1 or len(cells) == 1
