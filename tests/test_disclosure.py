"""Small counts are hidden, and so is what would give them away."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import math
import re
import shutil
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import hamlet
from conftest import status_of
from ground import SET, cells, group, groups
from hamlet import build, run_in
from kvarter.cli import app
from kvarter.disclosure.alternatives import combined
from kvarter.disclosure.attack import Attacker, Fact
from kvarter.disclosure.levels import published_levels
from kvarter.disclosure.partition import Partition
from kvarter.disclosure.primary import all_or_none, dominated
from kvarter.disclosure.suppress import SuppressionProblem, suppress
from kvarter.disclosure.table import CellTable
from kvarter.editions.releases import LEDGER, ledger_hash, parted, read_releases, release
from kvarter.errors import DisclosureError, InputError, PolicyError
from kvarter.pipeline.run import run
from kvarter.policy.model import Disclosure
from kvarter.tables import table

THRESHOLD = 5.0
Counts = dict[Hashable, float]


def tables(rows: int = 4, columns: int = 4) -> st.SearchStrategy[tuple[CellTable, Counts]]:
    """Tables of two sides with all totals, and their counts."""

    def fill(shape: tuple[int, int]) -> st.SearchStrategy[tuple[CellTable, Counts]]:
        table = CellTable.crossed(range(shape[0]), range(shape[1]))
        inner = list(itertools.product(range(shape[0]), range(shape[1])))
        counts = st.lists(st.integers(0, 25), min_size=len(inner), max_size=len(inner))
        return counts.map(
            lambda n: (table, table.sums(dict(zip(inner, map(float, n), strict=True))))
        )

    return st.tuples(st.integers(2, rows), st.integers(2, columns)).flatmap(fill)


def small(counts: Counts) -> Counts:
    return {cell: THRESHOLD for cell, count in counts.items() if 0 < count < THRESHOLD}


def costs(counts: Counts) -> Counts:
    return {cell: 1.0 + count / 1_000 for cell, count in counts.items()}


def attacker(table: CellTable, counts: Counts, hidden: frozenset[Hashable]) -> Attacker:
    return Attacker(table, [Fact(c, counts[c], counts[c]) for c in table.names if c not in hidden])


@settings(max_examples=40, deadline=None)
@given(tables())
def test_no_hidden_count_of_a_table_can_be_worked_out(made: tuple[CellTable, Counts]) -> None:
    """The attacker, whole numbers and all, never comes closer than the width that is asked."""
    table, counts = made
    chosen = suppress(SuppressionProblem(table, counts, small(counts), costs(counts)))
    assert set(small(counts)) <= chosen.hidden
    assert not chosen.unprotected
    assert chosen.gap == pytest.approx(0, abs=1e-6)
    knows = attacker(table, counts, chosen.hidden)
    for cell in small(counts):
        found = knows.ask(cell)
        assert found is not None
        assert found.low <= counts[cell] <= found.high
        assert found.width >= THRESHOLD


def test_without_more_hidden_the_attacker_finds_the_lone_cell() -> None:
    """The control: 3 beside 10 and 7, with their totals, is 3 and nothing else."""
    table = CellTable.crossed("ab", "xy")
    counts = table.sums({("a", "x"): 3, ("a", "y"): 10, ("b", "x"): 7, ("b", "y"): 20})
    found = attacker(table, counts, frozenset({("a", "x")})).ask(("a", "x"))
    assert found is not None
    assert (found.low, found.high) == (3, 3)
    safe = suppress(SuppressionProblem(table, counts, small(counts), costs(counts))).hidden
    after = attacker(table, counts, safe).ask(("a", "x"))
    assert after is not None
    assert (after.low, after.high) == (0, 10)  # as by hand: the four cells move together


@settings(max_examples=10, deadline=None)
@given(tables(3, 3))
def test_the_choice_is_the_cheapest_there_is(made: tuple[CellTable, Counts]) -> None:
    """Against all choices of up to five more cells, each tried by an attacker without rounding."""
    table, counts = made
    primary, cost = small(counts), costs(counts)
    chosen = suppress(SuppressionProblem(table, counts, primary, cost))
    others = [cell for cell in table.names if cell not in primary]
    for size in range(min(5, len(others)) + 1):
        for more in itertools.combinations(others, size):
            hidden = frozenset({*primary, *more})
            price = sum(cost[cell] for cell in hidden)
            if price >= chosen.cost - 1e-9:
                continue
            facts = [Fact(c, counts[c], counts[c]) for c in table.names if c not in hidden]
            knows = Attacker(table, facts, whole=False)
            found = [knows.ask(cell) for cell in primary]
            assert any(each is not None and each.width < THRESHOLD for each in found), more


def test_rounded_shares_of_a_known_whole_tell_the_count() -> None:
    """42 % of 26 is 11, and nothing else rounds to it."""
    table = CellTable.crossed(["areas", "rest"])
    facts = [Fact((None,), 26, 26), Fact(("areas",), 0.415 * 26, 0.425 * 26)]
    found = Attacker(table, facts).ask(("areas",))
    assert found is not None
    assert (found.low, found.high) == (11, 11)


def test_a_few_in_two_areas_at_once_cannot_be_worked_out() -> None:
    """15 and 8, 22 together: the one in both is a difference, so one of the two must go."""
    own = cells((["vest"], 14), (["oest"], 7), (["oest", "vest"], 1), ([], 70))
    vest, oest, *wide = groups("vest", "oest", "areas", "rest", "city")
    ground = Partition.of(own, [vest, oest, *wide], SET)
    assert (ground.counts[vest], ground.counts[wide[0]]) == (15, 22)
    primary = small(ground.counts)
    assert all(isinstance(cell, frozenset) for cell in primary)
    cost = {c: 0.0 if isinstance(c, frozenset) else 1.0 for c in ground.counts}
    cost |= dict.fromkeys(wide, 100.0)
    hidden = suppress(SuppressionProblem(ground.table, ground.counts, primary, cost)).hidden
    assert hidden.intersection([vest, oest])
    assert not hidden.intersection(wide)


def test_an_older_area_set_gives_differences_away() -> None:
    """An area of the old set, published with 40, is the new one and a strip of 3 more."""
    own = cells((["new", "old/wide"], 37), (["old/wide"], 3), ([], 500))
    new, wide, *others = groups("new", "old/wide", "areas", "rest", "city")
    ground = Partition.of(own, [new, wide, *others], SET)
    assert small(ground.counts)  # the strip, which nobody publishes
    cost = {cell: 0.0 if isinstance(cell, frozenset) else 1.0 for cell in ground.counts}
    chosen = suppress(
        SuppressionProblem(
            ground.table, ground.counts, small(ground.counts), cost, frozenset({wide})
        )
    )
    assert new in chosen.hidden
    assert wide not in chosen.hidden


def test_none_or_all_of_a_small_group() -> None:
    rules = Disclosure.model_validate({"smallest_group": 20})
    assert all_or_none({"value": 0.0, "denominator": 12.0}, rules)
    assert all_or_none({"value": 1.0, "denominator": 12.0}, rules)
    assert not all_or_none({"value": 0.5, "denominator": 12.0}, rules)
    assert not all_or_none({"value": 0.0, "denominator": 20.0}, rules)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=8), st.floats(1, 50))
def test_a_dominated_amount_is_one_the_second_can_guess(
    amounts: list[float], percent: float
) -> None:
    largest, second = sorted([*amounts, 0.0], reverse=True)[:2]
    guess = math.fsum(amounts) - second
    close = guess - largest < percent / 100 * largest
    assert dominated(math.fsum(amounts), largest, second, percent) == pytest.approx(close)


# A whole run.


def hidden_hamlet(folder: Path, **changed: Any) -> Path:
    """The hamlet with a threshold of 5: one household in `vest`, three in the city."""
    return build(folder, changed={"disclosure": {"threshold": 5}, **changed})


def test_hidden_figures_are_in_no_file(tmp_path: Path) -> None:
    """One household in `vest`: with a threshold of 5 its figures stand nowhere."""
    folder = tmp_path / "h"
    status = run_in(hidden_hamlet(folder), tmp_path / "out", documents=["html"])
    hidden = status.public.results.filter(~pl.col("shown"))
    assert set(hidden["group"]) >= {"areas", "rest", "vest"}
    out = tmp_path / "out" / "2024"
    for frame in (
        pl.read_parquet(out / "data" / "results.parquet"),
        pl.read_csv(out / "data" / "results.csv"),
        pl.read_json(out / "data" / "results.json"),
    ):
        rows = frame.filter(~pl.col("shown"))
        assert rows.height == hidden.height
        for name in set(table("exact_results").figures) & set(frame.columns):
            assert rows[name].null_count() == rows.height
    verdicts = pl.read_parquet(out / "data" / "verdicts.parquet")
    assert verdicts["change"].null_count() == verdicts.height
    report = (out / "report.html").read_text(encoding="utf-8")
    assert "vises ikke" in report
    assert "3 af 30" not in report


PUBLIC = ["results", "verdicts", "gaps", "trends", "bridges", "totals", "missing", "sensitivity"]


def numbers_in(out: Path) -> dict[str, set[float]]:
    """Every number of every public file, by file; of the report, with its charts' words."""
    found: dict[str, set[float]] = {}
    skipped = {"period", "baseline_period", "goal", "first_period", "last_period", "periods"}
    skipped |= {"required", "at_least", "at_most", "total", "in_both", "only_from", "only_to"}
    for name in PUBLIC:
        table = pl.read_parquet(out / "data" / f"{name}.parquet")
        assert pl.read_csv(out / "data" / f"{name}.csv").height == table.height
        said = (out / "data" / f"{name}.json").read_text(encoding="utf-8")
        assert len(json.loads(said)) == table.height
        numeric = table.select(pl.selectors.numeric())
        found[name] = {
            float(value)
            for column in numeric.columns
            if column not in skipped
            for value in numeric[column].drop_nulls()
        }
    page = (out / "report.html").read_text(encoding="utf-8")
    page = re.sub(r"<style.*?</style>|<(path|g|svg|rect|line)\b[^>]*>", " ", page, flags=re.S)
    text = re.sub(r"<[^>]+>", " ", page)
    found["report"] = {
        float(number.replace(".", "").replace(",", "."))
        for number in re.findall(r"\d[\d.]*(?:,\d+)?", text)
    }
    return found


def test_the_value_of_a_hidden_cell_stands_in_no_output(tmp_path: Path) -> None:
    """The same run with nothing hidden says what must not be found: rates and intervals."""
    open_folder, folder = tmp_path / "open", tmp_path / "hidden"
    shown = run_in(build(open_folder), tmp_path / "o").public.results
    run_in(hidden_hamlet(folder), tmp_path / "h", documents=["html"])
    told = pl.read_parquet(tmp_path / "h" / "2024" / "data" / "results.parquet")
    keys = ["indicator", "period", "group"]
    secret = shown.join(told.filter(~pl.col("shown")).select(keys), on=keys)
    values = {round(v, 9) for n in ("value", "low", "high") for v in secret[n].drop_nulls() if v}
    assert len(values) > 5
    for name, numbers in numbers_in(tmp_path / "h" / "2024").items():
        for scale in (1, 100):
            assert not values & {round(number / scale, 9) for number in numbers}, name


def test_every_number_of_the_example_leaves_its_hidden_cells_safe(city: Path) -> None:
    """One area of 2018 is hidden beside a few households in two areas at once."""
    status = status_of(city / "policy.yaml")
    assert status.public.results.filter(~pl.col("shown")).height > 0
    assert status.tables["audit"].height > 0
    audit = status.tables["audit"]
    assert (audit["high"] - audit["low"] >= audit["asked_width"]).all()
    assert (status.tables["disclosure"]["gap"] < 1e-6).all()


def test_figures_on_suspects_are_never_shown_by_area(tmp_path: Path) -> None:
    goals = hamlet.policy()["goals"]
    goals[0]["indicators"][0]["offences"] = True
    with pytest.raises(PolicyError, match="suspects are never shown by area"):
        status_of(build(tmp_path, changed={"goals": goals}))


def test_an_indicator_has_rules_of_its_own(tmp_path: Path) -> None:
    goals = hamlet.policy()["goals"]
    goals[0]["indicators"][0]["disclosure"] = {"threshold": 1}
    status = status_of(hidden_hamlet(tmp_path, goals=goals))
    assert status.public.results["shown"].all()


ROWS = [
    f"{n};0{1 + n % 9}-0{1 + n % 8}-{year};;{chr(65 + n % 26)}{chr(97 + n // 26)} Berg{n};"
    f"Strandvejen {house}, {floor}. {door}, 2100 København Ø;Fogedretten"
    for n, (year, house, floor, door) in enumerate(
        itertools.product((2022, 2023), (2, 4, 6, 8), ("1", "2"), ("tv", "th"))
    )
]


def test_areas_can_be_rounded_instead(tmp_path: Path) -> None:
    """Four households each in 2 and 4, so 8 in `vest` and 8 in `midt`: both are told as 10."""
    goals = hamlet.policy()["goals"]
    goals[0]["indicators"][0]["disclosure"] = {"rounding": 5}
    status = status_of(build(tmp_path, ROWS, {"disclosure": {"threshold": 3}, "goals": goals}))
    areas = status.public.results.filter(pl.col("group").is_in(["vest", "midt", "oest"]))
    assert areas["shown"].all()
    assert set(areas["origin"]) == {"rounded"}
    now = dict(areas.filter(pl.col("period") == 2023).select("group", "numerator").iter_rows())
    assert now == {"vest": 10.0, "midt": 10.0, "oest": 0.0}
    assert areas["low"].null_count() == areas.height


def test_areas_can_be_told_together_instead(tmp_path: Path) -> None:
    """`vest` and `midt` share number 4: its four households count once in the two together."""
    goals = hamlet.policy()["goals"]
    goals[0]["indicators"][0]["disclosure"] = {"coarser": {"strand": ["vest", "midt"]}}
    status = status_of(build(tmp_path, ROWS, {"goals": goals}))
    groups = set(status.public.results["group"])
    assert groups == {"areas", "rest", "city", "strand", "oest"}
    now = status.public.results.filter((pl.col("period") == 2023) & (pl.col("group") == "strand"))
    assert now["numerator"].to_list() == [12.0]


def test_areas_told_together_answer_to_what_was_told_of_each(tmp_path: Path) -> None:
    """The ground is still cut by the single areas, so that earlier figures of them are held."""
    folder, out = tmp_path / "h", tmp_path / "out"
    run_in(build(folder, ROWS), out)
    asked = ["release", str(out / "2024"), "--by", "A", "--where", "B"]
    assert CliRunner().invoke(app, asked).exit_code == 0
    goals = hamlet.policy()["goals"]
    goals[0]["indicators"][0]["disclosure"] = {"coarser": {"strand": ["vest", "midt"]}}
    again = run_in(build(folder, ROWS, {"goals": goals}), out)
    assert again.public.results["shown"].all()
    own = cells((["strand", "vest"], 8), (["midt", "strand"], 1), (["oest"], 30), ([], 50))
    told = groups("areas", "rest", "city", "strand", "oest", "vest")
    ground = Partition.of(own, told, SET)
    cost = {cell: 0.0 if isinstance(cell, frozenset) else 1.0 for cell in ground.counts}
    known = frozenset(groups("vest"))
    chosen = suppress(
        SuppressionProblem(ground.table, ground.counts, small(ground.counts), cost, known)
    )
    assert group("strand") in chosen.hidden


def test_what_each_way_loses_is_told_side_by_side(tmp_path: Path) -> None:
    status = status_of(build(tmp_path, ROWS, {"disclosure": {"threshold": 5}}))
    table = status.tables["alternatives"].filter(pl.col("period") == 2023)
    assert table["method"].to_list() == ["hide", "round to 3", "round to 5", "round to 10"]
    by_method = {row["method"]: row for row in table.iter_rows(named=True)}
    assert by_method["round to 3"]["mean_error"] == pytest.approx(2 / 3)  # 8, 8 and 0 to 9, 9, 0
    assert by_method["round to 10"]["largest_error"] == 2.0


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 20), min_size=1))
def test_areas_told_together_are_each_in_one_group_and_none_is_small(
    counts: dict[str, int],
) -> None:
    groups = combined({name: float(n) for name, n in counts.items()}, 5)
    assert sorted(itertools.chain(*groups)) == sorted(counts)
    sums = [sum(counts[name] for name in group) for group in groups]
    some = [n for n in sums if n]
    assert all(n >= 5 for n in some) or len(some) == 1
    assert sums.count(0) == list(counts.values()).count(0)  # none needs another
    if all(n == 0 or n >= 5 for n in counts.values()):
        assert len(groups) == len(counts)


def test_areas_told_together_are_proposed_beside_hiding_and_rounding(tmp_path: Path) -> None:
    """Three in `midt`: with `vest` it is eleven, and both areas count as one."""
    rows = [row for row in ROWS if "Strandvejen 4" not in row]
    status = status_of(build(tmp_path, rows, {"disclosure": {"threshold": 5}}))
    table = status.tables["alternatives"].filter(pl.col("method").str.starts_with("together"))
    hidden = status.tables["alternatives"].filter(pl.col("method") == "hide")
    for row in table.iter_rows(named=True):
        [same] = hidden.filter(pl.col("period") == row["period"]).iter_rows(named=True)
        assert row["cases_told"] >= same["cases_told"]
        assert row["areas_told"] < row["areas"]
        assert row["mean_error"] == 0.0


# What was published before.


def test_a_release_is_on_record_and_chained(tmp_path: Path) -> None:
    folder = tmp_path / "h"
    run_in(build(folder), tmp_path / "out")
    asked = ["release", str(tmp_path / "out" / "2024"), "--by", "Anna Berg", "--on", "2024-11-01"]
    for where in ("kk.dk", "kk.dk", "a newspaper"):
        done = CliRunner().invoke(app, [*asked, "--where", where])
        assert done.exit_code == 0, done.output
        run_in(folder / "policy.yaml", tmp_path / "out")
    released = read_releases(tmp_path / "out").figures
    shown = pl.read_parquet(tmp_path / "out" / "2024" / "data" / "results.parquet").filter("shown")
    assert released.height == 2 * shown.height
    ledger = tmp_path / "out" / LEDGER
    text = ledger.read_text(encoding="utf-8")
    ledger.write_text(text.replace("Anna Berg", "Bo Dahl", 1), encoding="utf-8")
    with pytest.raises(InputError, match="the release ledger was changed here or before"):
        read_releases(tmp_path / "out")


@pytest.mark.parametrize("first", ["2017", "2024"])
def test_what_is_released_twice_is_held_against_what_came_between(
    tmp_path: Path, first: str
) -> None:
    """With other words it may be released again as it is: the runs between knew its figures."""
    path, out, day = build(tmp_path / "h"), tmp_path / "out", dt.date(2024, 11, 1)
    second = "2024" if first == "2017" else "2017"
    run_in(path, out, edition=first)
    release(out / first, "A", "B", day)
    run_in(path, out, edition=second)
    release(out / second, "A", "B", day)
    told: list[str] = []
    run(path, edition=first, out=out, key_file=path.parent / "key", tell=told.append)
    assert told == ["skip"], "it still fits"
    (out / first / "report.html").write_text("other words", encoding="utf-8")
    release(out / first, "A", "B", day)
    lines = (out / LEDGER).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["edition"] for line in lines] == [first, second, first]
    release(out / second, "A", "elsewhere", day)
    run(path, edition=second, out=out, key_file=path.parent / "key", tell=told.append)
    assert told[1:] == ["skip"], "other words of what it knew are nothing new"


def test_a_draft_of_before_is_not_released_in_place_of_what_was(tmp_path: Path) -> None:
    """Its figures are others than those that are on record of the edition."""
    folder, out, day = tmp_path / "h", tmp_path / "out", dt.date(2024, 11, 1)
    run_in(build(folder), out)
    shutil.copytree(out / "2024", tmp_path / "draft")
    run_in(build(folder, hamlet.ROWS[:-3]), out)
    release(out / "2024", "A", "B", day)
    shutil.rmtree(out / "2024")
    shutil.copytree(tmp_path / "draft", out / "2024")
    with pytest.raises(InputError, match="never held against each other"):
        release(out / "2024", "A", "B", day)


def test_a_draft_is_no_release(tmp_path: Path) -> None:
    folder = tmp_path / "h"
    run_in(build(folder), tmp_path / "out")
    assert read_releases(tmp_path / "out").figures.is_empty()


def test_a_run_says_which_drafts_it_was_not_held_against(tmp_path: Path) -> None:
    path, out = build(tmp_path / "h"), tmp_path / "out"

    def drafts(edition: str) -> list[str]:
        notes = run_in(path, out, edition=edition).notes
        return [str(n.values["editions"]) for n in notes if "not held against" in n.message]

    assert drafts("2017") == []
    assert drafts("2024") == ["2017"]
    assert drafts("2017") == ["2024"]
    release(out / "2017", "A", "B", dt.date(2024, 11, 1))
    assert drafts("2024") == []


def test_what_was_published_is_not_hidden_again(tmp_path: Path) -> None:
    """Published with a threshold of 1, the figures are known: hiding them would protect nothing."""
    folder = tmp_path / "h"
    run_in(build(folder), tmp_path / "out")
    done = CliRunner().invoke(
        app, ["release", str(tmp_path / "out" / "2024"), "--by", "A", "--where", "B"]
    )
    assert done.exit_code == 0
    again = run_in(hidden_hamlet(folder), tmp_path / "out")
    assert again.public.results["shown"].all()
    assert again.tables["disclosure"]["published_before"].sum() > 0


def test_a_strip_between_two_area_sets_cannot_be_read_off(tmp_path: Path) -> None:
    """`vest` was published with its eight; a later, smaller one would tell those of number 4."""
    folder, out = tmp_path / "h", tmp_path / "out"
    rules = {"disclosure": {"threshold": 5}}
    run_in(build(folder, ROWS, rules), out)
    asked = ["release", str(out / "2024"), "--by", "A", "--where", "B"]
    assert CliRunner().invoke(app, asked).exit_code == 0
    smaller = hamlet.areas()
    [west] = [each for each in smaller["features"] if each["properties"]["navn"] == "Vest"]
    for corner in west["geometry"]["coordinates"][0]:
        corner[0] = min(corner[0], 700_340.0)  # number 4 is at 700,400
    policy = hamlet.policy()
    [old] = policy["area_sets"]
    new = old | {"id": "b", "file": "later.geojson", "decided": "2023-01-01"}
    editions = [policy["editions"][0], policy["editions"][1] | {"area_set": "b"}]
    build(folder, ROWS, rules | {"area_sets": [old, new], "editions": editions})
    (folder / "later.geojson").write_text(json.dumps(smaller), encoding="utf-8")
    again = run_in(folder / "policy.yaml", out)
    now = again.public.results.filter((pl.col("period") == 2023) & (pl.col("group") == "vest"))
    assert now["shown"].to_list() == [False]
    assert again.tables["audit"].height > 0


def test_a_draft_made_before_another_release_is_run_again_first(tmp_path: Path) -> None:
    folder, out = tmp_path / "h", tmp_path / "out"
    path = build(folder)
    for edition in ("2017", "2024"):
        run_in(path, out, edition=edition)
    first, second = (
        CliRunner().invoke(app, ["release", str(out / edition), "--by", "A", "--where", "B"])
        for edition in ("2017", "2024")
    )
    assert first.exit_code == 0
    assert isinstance(second.exception, InputError)


def test_a_published_percentage_that_gives_a_count_away_stops_the_run(tmp_path: Path) -> None:
    """The areas' number is hidden, but `published` has the city's and the rest's percentages."""
    goals = hamlet.policy()["goals"]
    [indicator] = goals[0]["indicators"]
    indicator["published"] = [
        {"year": 2022, "group": "areas", "percent": 10.7, "denominator": 28},
        {"year": 2022, "group": "city", "percent": 8.5, "denominator": 47},
    ]
    with pytest.raises(DisclosureError, match="can be worked out from what is published") as raised:
        status_of(hidden_hamlet(tmp_path, goals=goals))
    remedies = {problem.remedy.partition(". ")[0] for problem in raised.value.problems}
    assert "Give up the figure of one of these: 'city' (published)" in remedies


# Rows by source and outcome, and unlocated cases.


def test_a_few_unlocated_people_cannot_be_read_from_the_bounds(city: Path) -> None:
    status = status_of(city / "policy.yaml")
    hearings = status.public.results.filter(pl.col("indicator") == "minors-in-hearings")
    assert hearings["shown"].all()
    assert hearings["bound_high"].null_count() == hearings.height
    assert set(status.public.verdicts.filter(pl.col("goal") == 5)["unlocated_cases"]) == {None}
    assert status.public.sensitivity.filter(pl.col("goal") == 5)["unlocated"].null_count() == 12
    many = status.public.results.filter(pl.col("indicator") == "eviction-notices-per-dwelling")
    assert many.filter(pl.col("group") == "areas")["bound_high"].null_count() == 0


def test_the_flow_figure_tells_no_more_than_the_table(city: Path) -> None:
    for edition in ("2017", "2021", "2024"):
        report = (city / "status" / edition / "report.html").read_text(encoding="utf-8")
        figures = re.findall(r"<desc>([^<]*(?:Talt med)[^<]*)</desc>", report)
        assert figures
        for told in figures:
            numbers = [int(n.replace(".", "")) for n in re.findall(r": ([\d.]+)", told)]
            assert all(n == 0 or n >= 5 for n in numbers), told
        for few in re.findall(r'<tspan class="big">([1-4])</tspan>', report):
            raise AssertionError(few)


def test_ground_that_only_untold_borders_part_is_one_piece() -> None:
    """Counted once: else the attacker would take a sum for a multiple of four."""
    own = cells((["a"], 3), (["b"], 4), (["c"], 5), (["a", "b"], 6), ([], 7))
    wide = groups("areas", "city", "rest")
    ground = Partition.of(own, wide, SET)
    assert set(ground.table.parts.data) == {1.0}
    assert ground.counts == dict(zip(wide, [18.0, 25.0, 7.0], strict=True))


def test_residents_of_a_strip_between_two_area_sets_cannot_be_read_off(tmp_path: Path) -> None:
    """Number 3, with its three residents, lies in the areas as they were and not as they are."""
    folder, out = tmp_path / "h", tmp_path / "out"
    written = hamlet.policy()
    [old] = written["area_sets"]
    new = old | {"id": "b", "file": "later.geojson", "decided": "2023-01-01"}
    editions = [written["editions"][0], written["editions"][1] | {"area_set": "b"}]
    unemployed = {
        "id": "unemployed",
        "title": "Ledige",
        "measured": "Ledige af beboere.",
        "kind": "rate",
        "numerator": {"statistic": "residents", "column": "ledige"},
        "denominator": {"statistic": "residents", "column": "beboere"},
    }
    changed: dict[str, Any] = {
        "disclosure": {"threshold": 5, "smallest_group": 1},
        "layers": {"roder": {"file": "roder.geojson", "name_field": "n", "crs": "EPSG:25832"}},
        "goals": [{"number": 1, "title": "Færre ledige", "indicators": [unemployed]}],
    }
    located = {"year": "aar", "located_by": {"unit": "rode", "layer": "roder"}}
    residents = {"id": "residents", "file": "residents.csv", **located}
    changed["statistics"] = [*written["statistics"], residents]
    build(folder, ROWS, changed)
    roder, lines = hamlet.areas(), ["aar;rode;beboere;ledige"]
    box = roder["features"][0]["geometry"]["coordinates"][0]
    west = min(x for x, _ in box) + 40  # of number 1
    roder["features"] = []
    for number in range(1, 10):
        x = west + 100 * (number - 1)
        ring = [
            [x + dx, 6_170_000 + dy] for dx, dy in ((-9, -9), (9, -9), (9, 9), (-9, 9), (-9, -9))
        ]
        shape = {"type": "Polygon", "coordinates": [ring]}
        feature = {"type": "Feature", "properties": {"n": f"r{number}"}, "geometry": shape}
        roder["features"].append(feature)
        for year in (2022, 2023):
            lines.append(f"{year};r{number};{3 if number == 3 else 100};{1 if number == 3 else 9}")
    (folder / "roder.geojson").write_text(json.dumps(roder), encoding="utf-8")
    (folder / "residents.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    run_in(folder / "policy.yaml", out)
    asked = ["release", str(out / "2024"), "--by", "A", "--where", "B"]
    assert CliRunner().invoke(app, asked).exit_code == 0
    smaller = hamlet.areas()
    [vest] = [each for each in smaller["features"] if each["properties"]["navn"] == "Vest"]
    for corner in vest["geometry"]["coordinates"][0]:
        corner[0] = min(corner[0], 700_250.0)
    (folder / "later.geojson").write_text(json.dumps(smaller), encoding="utf-8")
    later = changed | {"area_sets": [old, new], "editions": editions}
    path = folder / "policy.yaml"
    path.write_text(json.dumps({**written, **later}), encoding="utf-8")
    again = run_in(path, out)
    now = again.public.results.filter((pl.col("period") == 2023) & (pl.col("group") == "areas"))
    assert now["shown"].to_list() == [False]


def test_the_levels_of_the_distance_are_released_too(city: Path, tmp_path: Path) -> None:
    """And a ledger of before, in which there are none, is read as it was."""
    out = tmp_path / "status"
    shutil.copytree(city / "status" / "2024", out / "2024")
    record = out / "2024" / "internal/run.json"
    told = json.loads(record.read_text(encoding="utf-8")) | {"releases_sha256": ledger_hash(out)}
    record.write_text(json.dumps(told), encoding="utf-8")
    number = release(out / "2024", "A", "B", dt.date(2024, 11, 1))
    figures, levels = parted(read_releases(out).figures)
    assert figures.height + levels.height == number
    assert set(figures["origin"]) == {"computed"}
    assert levels.equals(
        published_levels(pl.read_parquet(out / "2024" / "data" / "distance.parquet"))
    )
    assert {"2017", "2021"} <= set(levels["area_set"])
    ledger = json.loads((out / LEDGER).read_text(encoding="utf-8"))
    ledger["figures"] = [line for line in ledger["figures"] if line[-1] == "computed"]
    (out / LEDGER).write_text(json.dumps(ledger) + "\n", encoding="utf-8")
    assert [each.height for each in parted(read_releases(out).figures)] == [figures.height, 0]


def convicted(concerned: dict[str, int]) -> dict[str, Any]:
    """An indicator and a criterion of the same residents: 30 in each house, few concerned."""
    above, below = ({"statistic": "dwellings", "column": c} for c in ("doemte", "voksne"))
    goals = hamlet.policy()["goals"]
    goals[0]["indicators"].append(
        {
            "id": "convicted",
            "title": "Dømte",
            "measured": "Dømte af de voksne.",
            "kind": "rate",
            "numerator": above,
            "denominator": below,
            "by_area": True,
        }
    )
    criterion = {"id": "crit", "title": "Dømte", "numerator": above, "denominator": below}
    reading = {"title": "x", "reference": "city", "overall": "criteria", "areas": "fixed"}
    return {
        "disclosure": {"threshold": 5},
        "goals": goals,
        "criteria": [criterion | {"population": "voksne"}],
        "ambition": {"title": "halvt", "closed": 0.5, "year": 2025, "readings": [reading]},
    }


def test_those_concerned_among_residents_are_protected_like_other_people(tmp_path: Path) -> None:
    """Two of 90 in `midt`: neither the results nor the distance tell them, and both hide alike."""
    concerned = {"S1": 9, "S2": 8, "S5": 2, "K1": 30, "K2": 20, "S9": 7}
    path = build(tmp_path, ROWS, convicted(concerned))
    lines = ["aar;adgang;boliger;voksne;doemte"]
    for year, (entrance, _, number, *_) in itertools.product((2022, 2023), hamlet.entrances()):
        dwellings = 6 if number % 2 == 0 else 1
        lines.append(f"{year};{entrance};{dwellings};30;{concerned.get(entrance, 0)}")
    (tmp_path / "dwellings.csv").write_text("\n".join(lines), encoding="utf-8")
    status = status_of(path)
    own = status.public.results.filter(indicator="convicted", period=2023)
    told = {row["group"]: row["numerator"] for row in own.iter_rows(named=True)}
    assert told["midt"] is None
    assert all(count is None or count == 0 or count >= 5 for count in told.values())
    assert "convicted" in status.tables["audit"]["indicator"].to_list()
    distance = status.public.distance.filter(period=2023)
    for row in distance.iter_rows(named=True):
        assert (row["numerator"] is None) == (told[row["group"]] is None), row["group"]
    audit = status.tables["audit"]
    assert (audit["high"] - audit["low"] >= audit["asked_width"]).all()
