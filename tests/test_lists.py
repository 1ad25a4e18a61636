"""The yearly lists of the Act on social housing, as a policy file."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from conftest import ROOT
from kvarter.cli import app
from kvarter.errors import InputError, PolicyError
from kvarter.lists.lists import designate, read_key_figures
from kvarter.lists.rules import make_lists
from kvarter.policy.load import load_lists

EXAMPLE = ROOT / "examples" / "national-lists"


@pytest.fixture(scope="module")
def made() -> tuple[pl.DataFrame, pl.DataFrame]:
    policy = load_lists(EXAMPLE / "policy.yaml")
    return make_lists(read_key_figures(policy, EXAMPLE)[0], policy)


def on(lists: pl.DataFrame, place: str, name: str) -> list[int]:
    """The years in which a place is on a list."""
    found = lists.filter((pl.col("place") == place) & (pl.col("list") == name) & pl.col("on_list"))
    return found["year"].to_list()


def test_the_same_estates_under_four_regimes(made: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    lists, _ = made
    assert lists["regime"].unique().sort().to_list() == ["2010", "2014", "2018", "2021"]
    assert on(lists, "Solgården", "parallelsamfund") == list(range(2010, 2025))
    assert on(lists, "Solgården", "omdannelse") == list(range(2018, 2025))
    assert on(lists, "Havrevang", "udsat") == []
    assert on(lists, "Havrevang", "forebyggelse") == [2021, 2022, 2023, 2024]
    assert lists.filter((pl.col("place") == "Lindehegn") & pl.col("on_list")).is_empty()


def test_966_residents_are_not_1000(made: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    """As in 2023 in Copenhagen: all criteria are met, and the estate is on no list."""
    lists, criteria = made
    assert on(lists, "Mosevang", "omdannelse") == [2018, 2019, 2020, 2021, 2022]
    now = lists.filter((pl.col("place") == "Mosevang") & (pl.col("year") == 2023))
    assert not now["on_list"].any()
    assert now["reasons"].str.starts_with("no: residents 966 of 1000; yes: criteria 4 of 2").any()
    own = criteria.filter((pl.col("place") == "Mosevang") & (pl.col("year") == 2023))
    assert own["met"].all()


def test_each_threshold_is_as_strict_as_its_line(made: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    """Fyrbakken lies exactly on every threshold, and has exactly 1,000 residents."""
    lists, criteria = made
    own = criteria.filter((pl.col("place") == "Fyrbakken") & (pl.col("year") == 2023))
    met = dict(own.select("criterion", "met").iter_rows())
    assert met == {
        "no-work": False,  # more than 40
        "convicted": True,  # at least 3 times 0.8
        "school-only": False,  # more than 60
        "income": False,  # less than 55 percent of 310,000
        "non-western": False,  # more than 50
        "no-work-30": True,
        "convicted-2": True,
        "income-65": True,
        "non-western-30": True,
    }
    large = lists.filter((pl.col("place") == "Fyrbakken") & (pl.col("year") == 2023))
    assert large["reasons"].str.contains("yes: residents 1000 of 1000").all()


def small(**figures: dict[str, Any]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lists of one place in 2023, with its figures of both years and those it is compared with."""
    policy = load_lists(EXAMPLE / "policy.yaml")
    key = policy.key_figures.model_copy(update={"decimals": figures.pop("decimals", None)})
    base = {
        "beboere": 2_000,
        "uden_arbejde": 20,
        "ikke_vestlige": 20,
        "doemte": 1,
        "grundskole": 20,
        "indkomst": 300,
    }
    rows = []
    for year in (2022, 2023):
        rows.append({"place": "Danmark", "year": year, "region": None, **base})
        rows.append({"place": "H", "year": year, "region": "H", **base})
        rows.append(
            {"place": "x", "year": year, "region": "H", **base, **figures.get(f"y{year}", {})}
        )
    table = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        pl.col(list(base)).cast(pl.Float64)
    )
    return make_lists(table, policy.model_copy(update={"key_figures": key}))


def met(criteria: pl.DataFrame, name: str) -> bool | None:
    [row] = criteria.filter((pl.col("criterion") == name) & (pl.col("year") == 2023)).to_dicts()
    return None if row["met"] is None else bool(row["met"])


def test_the_mean_of_two_years_counts() -> None:
    _, above = small(y2022={"uden_arbejde": 46}, y2023={"uden_arbejde": 35})
    _, below = small(y2022={"uden_arbejde": 35}, y2023={"uden_arbejde": 44})
    assert (met(above, "no-work"), met(below, "no-work")) == (True, False)


def test_a_missing_year_cannot_be_told() -> None:
    lists, criteria = small(y2022={"uden_arbejde": None}, y2023={"uden_arbejde": 90})
    assert met(criteria, "no-work") is None
    now = dict(lists.filter(pl.col("year") == 2023).select("list", "on_list").iter_rows())
    assert now["udsat"] is False  # one more could not make two


def test_where_rounding_decides_it_is_said() -> None:
    _, rounded = small(decimals=0, y2023={"grundskole": 60})
    _, exact = small(y2023={"grundskole": 60})
    assert met(rounded, "school-only") is None
    assert met(exact, "school-only") is False


@given(st.floats(0, 100), st.integers(0, 3_000))
def test_more_of_a_bad_thing_never_takes_a_place_off_a_list(share: float, residents: int) -> None:
    bad = {"ikke_vestlige": 60, "uden_arbejde": 60, "beboere": residents}
    lists, _ = small(y2022=bad, y2023={**bad, "grundskole": share})
    worse, _ = small(y2022=bad, y2023={**bad, "grundskole": 100})
    now, then = (
        set(each.filter((pl.col("year") == 2023) & pl.col("on_list"))["list"])
        for each in (worse, lists)
    )
    assert then <= now
    assert residents >= 1_000 or not now


def changed(folder: Path, change: Any) -> Path:
    policy = yaml.safe_load((EXAMPLE / "policy.yaml").read_text(encoding="utf-8"))
    change(policy)
    shutil.copy(EXAMPLE / "key_figures.csv", folder)
    path = folder / "policy.yaml"
    path.write_text(yaml.safe_dump(policy, allow_unicode=True), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: p["regimes"][3].update({"from": 2019}), "in force in the same year"),
        (lambda p: p["regimes"][0]["common"].append("x"), "there is no criterion called 'x'"),
        (lambda p: p["regimes"][0]["criteria"][0].pop("more_than"), "a criterion has one of"),
        (lambda p: p["regimes"][0]["lists"][0].update(at_least_criteria=9), "only 3 criteria"),
        (lambda p: p["regimes"][0]["lists"][0].update(on_list="udsat"), "no list called 'udsat'"),
    ],
)
def test_a_mistake_in_the_rules_is_told(tmp_path: Path, change: Any, said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        load_lists(changed(tmp_path, change))


def test_a_missing_column_is_told(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda p: p["regimes"][0]["criteria"][0].update(column="arbejdsloese"))
    with pytest.raises(InputError, match="arbejdsloese"):
        designate(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_prints_a_year_and_writes_all(tmp_path: Path) -> None:
    asked = ["lists", str(EXAMPLE / "policy.yaml"), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(app, [*asked, "--year", "2023"])
    assert done.exit_code == 0, done.output
    told = " ".join(done.output.split())
    assert "Mosevang ingen" in told
    # Whole words: a title was cut within, where it was wider than a column of the terminal.
    assert "Solgården Udsat boligområde, Parallelsamfund, Omdannelsesområde, Foreb" in told
    assert pl.read_parquet(tmp_path / "out" / "lists.parquet")["year"].n_unique() == 15
    assert CliRunner().invoke(app, [*asked, "--year", "1999"]).exit_code == 2


def test_a_folder_with_something_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(InputError, match="holds something else"):
        designate(EXAMPLE / "policy.yaml", tmp_path)
    assert (tmp_path / "letters.txt").exists()
