"""Two editions compared: what changed, and why a figure of the same year is another one."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from first_form import as_first_form
from hamlet import ROWS, areas, build, policy, run_in
from kvarter.cli import main
from kvarter.comparison.compare import compare, write_comparison
from kvarter.comparison.compared import UNLIKE, Comparison, Pair
from kvarter.comparison.document import comparison_document
from kvarter.comparison.words import reason_in_words, years
from kvarter.documents.document import texts
from kvarter.editions.folder import RECORD, internal_folder, policy_in
from kvarter.editions.record import sha256
from kvarter.errors import InputError
from kvarter.i18n import Locale, in_language

Change = Callable[[dict[str, Any]], None]


def status(folder: Path, change: Change = lambda data: None, rows: list[str] = ROWS) -> Path:
    """The status of 2024 of a hamlet whose policy is changed."""
    changed = deepcopy(policy())
    change(changed)
    run_in(build(folder, rows, changed), folder / "status")
    return folder / "status" / "2024"


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The status the others are compared with; to be read only."""
    return status(tmp_path_factory.mktemp("old"))


@pytest.fixture
def copied(old: Path, tmp_path: Path) -> Path:
    """A copy of it to damage."""
    return Path(shutil.copytree(old, tmp_path / "copied"))


def unlike(compared: Comparison) -> list[Pair]:
    return [pair for pair in compared.pairs if pair.difference in UNLIKE]


def codes(pairs: list[Pair]) -> set[str]:
    return {reason.code for pair in pairs for reason in pair.reasons}


def said(compared: Comparison, language: Any = "en") -> str:
    return "\n".join(texts(comparison_document(compared, language)))


# The example.


def test_the_example_says_the_same_of_the_years_both_editions_know(city: Path) -> None:
    compared = compare(city / "status" / "2021", city / "status" / "2024")
    assert unlike(compared) == []
    differences = Counter(pair.difference for pair in compared.pairs if not pair.way)
    assert set(differences) <= {"same", "hidden", "only_now"}
    old_rows = pl.read_parquet(city / "status" / "2021" / "data" / "results.parquet")
    assert differences["same"] + differences["hidden"] == old_rows.height
    assert differences["hidden"] == old_rows.filter(~pl.col("shown")).height > 0
    later = {
        pair.period for pair in compared.pairs if pair.difference == "only_now" and not pair.way
    }
    assert later == {2021, 2022, 2023}
    assert compared.definitions == ()
    assert compared.areas is not None
    assert compared.areas.same
    assert {(each.id, each.differences) for each in compared.files} == {
        (f"{name}-{year}", ("new",)) for name in ("domus", "forhoer") for year in (2021, 2022, 2023)
    }
    assert "No figure that both editions show differs." in said(compared)
    assert "Intet tal, som begge udgaver viser, er forskelligt." in said(compared, "da")


def test_all_criteria_together_are_compared_too(city: Path, tmp_path: Path) -> None:
    then, now = (
        Path(shutil.copytree(city / "status" / "2024", tmp_path / name)) for name in ("then", "now")
    )
    overall = pl.read_parquet(now / "data" / "distance_overall.parquet")
    is_mean = (pl.col("overall") == "mean") & (pl.col("group") == "areas")
    covered = pl.col("distance_covered") + pl.when(is_mean & (pl.col("period") == 2023)).then(0.1)
    overall = overall.with_columns(covered.fill_null(pl.col("distance_covered")))
    overall.write_parquet(now / "data" / "distance_overall.parquet")
    record = json.loads((now / RECORD).read_text(encoding="utf-8"))
    of_then = json.loads(policy_in(now).read_text(encoding="utf-8"))
    [criterion] = [e for e in of_then["criteria"] if e["id"] == "outside-labour-market"]
    criterion["better"] = "more"
    policy_in(now).write_text(json.dumps(of_then), encoding="utf-8")
    for name in ("data/policy.json", "data/distance_overall.parquet"):
        record["outputs"][name] = sha256(now / name)
    (now / RECORD).write_text(json.dumps(record), encoding="utf-8")

    compared = compare(then, now)
    assert {(pair.part, pair.measure, pair.group, pair.period) for pair in unlike(compared)} == {
        ("overall", "mean", "areas", 2023)
    }
    assert {reason.name for pair in unlike(compared) for reason in pair.reasons} == {
        "criteria[outside-labour-market].better"
    }
    assert "Mean distance covered, 2023" in said(compared)
    assert "Tilbagelagt vej i gennemsnit, 2023" in said(compared, "da")
    assert not compared.notes


# Why a figure differs.


def test_a_changed_definition_is_the_reason(old: Path, tmp_path: Path) -> None:
    def one_notice_one_case(data: dict[str, Any]) -> None:
        data["case_kinds"][0]["same_when"] = [["court_case"]]

    compared = compare(old, status(tmp_path, one_notice_one_case))
    assert unlike(compared), "two notices of one household are no longer united"
    assert codes(unlike(compared)) == {"definition"}
    assert compared.definitions is not None
    assert [change.place for change in compared.definitions] == ["case_kinds[notice].same_when"]
    assert "case_kinds[notice].same_when was [[unit], [person]" in said(compared)
    assert {pair.period for pair in unlike(compared)} == {2023}


def test_another_denominator_is_told_field_by_field(old: Path, tmp_path: Path) -> None:
    def entrances_not_dwellings(data: dict[str, Any]) -> None:
        data["statistics"].append({**data["statistics"][0], "id": "homes"})
        data["goals"][0]["indicators"][0]["denominator"]["statistic"] = "homes"
        data["goals"][0]["title"] = "Another title"

    compared = compare(old, status(tmp_path, entrances_not_dwellings))
    assert unlike(compared) == [], "the same figures come of it"
    assert compared.definitions is not None
    assert {(each.place, each.then, each.now) for each in compared.definitions} == {
        ("goals[1].title", "Færre varslinger", "Another title"),
        (
            "goals[1].indicators[notices-per-dwelling].denominator.statistic",
            "dwellings",
            "homes",
        ),
    }
    assert [(each.role, each.id, each.differences) for each in compared.files] == [
        ("statistic", "homes", ("new",))
    ]


def test_a_changed_extract_is_the_reason(old: Path, tmp_path: Path) -> None:
    row = "12;01-12-2023;;Ny Nabo;Strandvejen 3, 2100 København Ø;Fogedretten"
    compared = compare(old, status(tmp_path, rows=[*ROWS, row]))
    (areas_2023,) = [
        pair for pair in unlike(compared) if (pair.group, pair.period) == ("areas", 2023)
    ]
    assert areas_2023.then is not None
    assert areas_2023.now is not None
    assert areas_2023.now["numerator"] == areas_2023.then["numerator"] + 1
    assert codes(unlike(compared)) == {"file"}
    assert {pair.period for pair in unlike(compared)} == {2023}
    assert "Source notices: other content." in said(compared)
    assert "Kilde notices: andet indhold." in said(compared, "da")


def test_a_changed_statistic_is_the_reason_of_what_is_divided_by_it(
    old: Path, tmp_path: Path
) -> None:
    path = build(tmp_path)
    file = tmp_path / "dwellings.csv"
    file.write_text(file.read_text("utf-8").replace("2023;S3;1", "2023;S3;9"), "utf-8")
    run_in(path, tmp_path / "status")
    compared = compare(old, tmp_path / "status" / "2024")
    assert {pair.period for pair in unlike(compared)} == {2023}
    assert [reason.name for pair in unlike(compared) for reason in pair.reasons] == [
        "dwellings"
    ] * len(unlike(compared))


def test_a_changed_area_set_is_the_reason_but_not_for_the_city(old: Path, tmp_path: Path) -> None:
    def without_the_east(data: dict[str, Any]) -> None:
        data["area_sets"][0]["areas"].pop()

    shape = areas()
    shape["features"].pop()
    changed = deepcopy(policy())
    without_the_east(changed)
    path = build(tmp_path, changed=changed)
    (tmp_path / "areas.geojson").write_text(json.dumps(shape), encoding="utf-8")
    run_in(path, tmp_path / "status")
    compared = compare(old, tmp_path / "status" / "2024")
    assert compared.areas is not None
    assert [area.id for area in compared.areas.dropped] == ["oest"]
    assert compared.areas.file == "areas.geojson"
    assert {pair.group for pair in unlike(compared)} == {"areas", "rest"}
    assert codes(unlike(compared)) == {"dropped", "outline"}
    gone = {pair.group for pair in compared.pairs if pair.difference == "only_then"}
    assert gone == {"oest"}
    assert "These areas are no longer in the area set: Øst." in said(compared)


def test_what_is_hidden_stays_hidden_and_the_rule_is_the_reason(old: Path, tmp_path: Path) -> None:
    def hide(data: dict[str, Any]) -> None:
        data["disclosure"] = {"threshold": 3}

    compared = compare(old, status(tmp_path, hide))
    hidden = [pair for pair in compared.pairs if pair.difference == "hidden_now"]
    assert hidden
    for pair in hidden:
        assert pair.now is not None
        assert {value for name, value in pair.now.items() if name != "shown"} == {None}
        (reason,) = pair.reasons
        assert (reason.name, reason.then, reason.now) == ("disclosure.threshold", "1", "3")
    assert "not shown" in said(compared)
    back = compare(tmp_path / "status" / "2024", old)
    assert {pair.difference for pair in unlike(back)} == {"hidden_then"}


def test_a_figure_in_a_hidden_row_is_never_read(copied: Path, old: Path) -> None:
    """Not even where someone has written one into the file."""
    table = pl.read_parquet(copied / "data" / "results.parquet")
    secret = table.with_columns(shown=pl.lit(False), value=pl.lit(0.123456))
    secret.write_parquet(copied / "data" / "results.parquet")
    compared = compare(old, copied)
    assert {pair.difference for pair in compared.pairs} == {"hidden_now"}
    assert all(pair.now is not None and pair.now["value"] is None for pair in compared.pairs)
    assert "12.3" not in said(compared)
    assert "results.parquet of 2024 is no longer as it was made." in said(compared)


def test_another_confidence_moves_intervals_only(old: Path, tmp_path: Path) -> None:
    compared = compare(old, status(tmp_path, lambda data: data.update(confidence=0.9)))
    assert {pair.difference for pair in unlike(compared)} == {"around"}
    assert codes(unlike(compared)) == {"confidence"}
    assert "Intervals were of 95%, and are of 90%." in said(compared)
    city = next(pair for pair in unlike(compared) if pair.group == "city")
    assert city.then is not None
    low, high = (f"{100 * city.then[end]:.2f}%" for end in ("low", "high"))
    assert f"interval: {low} to {high}" in said(compared)


def test_published_then_and_computed_now(old: Path, tmp_path: Path) -> None:
    def published(data: dict[str, Any]) -> None:
        figure = {"year": 2022, "group": "areas", "percent": 9.9}
        data["goals"][0]["indicators"][0]["published"] = [figure]
        data["sources"][0]["from"] = "2023-01-01"

    compared = compare(status(tmp_path, published), old)
    (areas_2022,) = [pair for pair in unlike(compared) if pair.difference == "differs"]
    assert (areas_2022.period, areas_2022.group) == (2022, "areas")
    assert "The figure was published then, and is computed now." in said(compared)


def test_a_figure_that_nothing_explains_is_said_to_be_so(copied: Path, old: Path) -> None:
    table = pl.read_parquet(copied / "data" / "results.parquet")
    table.with_columns(pl.col("numerator") + 1).write_parquet(copied / "data" / "results.parquet")
    compared = compare(old, copied)
    assert codes(unlike(compared)) == {"unexplained"}
    assert "No difference explains it" in said(compared)
    assert "Ingen forskel forklarer det" in said(compared, "da")


def test_versions_are_a_reason_only_where_nothing_else_is(copied: Path, old: Path) -> None:
    table = pl.read_parquet(copied / "data" / "results.parquet")
    table.with_columns(pl.col("numerator") + 1).write_parquet(copied / "data" / "results.parquet")
    record = json.loads((copied / RECORD).read_text("utf-8"))
    record["libraries"] |= {"scipy": "9.9", "typst": "9.9"}
    (copied / RECORD).write_text(json.dumps(record), "utf-8")
    compared = compare(old, copied)
    assert {reason.name for pair in unlike(compared) for reason in pair.reasons} == {"scipy"}
    assert [change.place for change in compared.made] == ["scipy", "typst"]


def test_a_change_in_the_last_digit_of_a_sum_is_none(copied: Path, old: Path) -> None:
    table = pl.read_parquet(copied / "data" / "results.parquet")
    table.with_columns(pl.col("value") * (1 + 1e-14)).write_parquet(
        copied / "data" / "results.parquet"
    )
    assert unlike(compare(old, copied)) == []


def test_columns_and_sources_are_compared_one_by_one(old: Path, tmp_path: Path) -> None:
    def without_names(data: dict[str, Any]) -> None:
        del data["sources"][0]["columns"]["name"]

    compared = compare(old, status(tmp_path, without_names))
    (source,) = compared.files
    assert (source.id, source.differences) == ("notices", ("mapping",))
    assert [(each.place, each.then, each.now) for each in source.changes] == [
        ("sources[notices].columns.name", "Navn", None)
    ]


# What cannot be compared.


def test_a_folder_that_is_no_status_is_told(old: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no record of a status in this folder"):
        compare(old, tmp_path)
    (internal_folder(tmp_path) / "run.json").write_text("[]", "utf-8")
    with pytest.raises(InputError, match="no record of a status in this folder"):
        compare(tmp_path, old)


def test_the_same_folder_twice_is_told(old: Path) -> None:
    with pytest.raises(InputError, match="the same folder twice"):
        compare(old, old.parent / "." / old.name)


def test_another_municipality_is_told(old: Path, tmp_path: Path) -> None:
    other = status(tmp_path / "other")
    copy = policy_in(other)
    copy.write_text(copy.read_text("utf-8").replace('"0101"', '"0461"'), "utf-8")
    record = json.loads((other / RECORD).read_text("utf-8"))
    record["outputs"]["data/policy.json"] = sha256(copy)
    (other / RECORD).write_text(json.dumps(record), "utf-8")
    with pytest.raises(InputError, match=r"of Prøveby \(0461\), the other of Prøveby \(0101\)"):
        compare(old, other)


@pytest.mark.parametrize("name", ["data/results.parquet", "data/verdicts.parquet"])
def test_a_damaged_table_is_told_with_its_remedy(copied: Path, old: Path, name: str) -> None:
    whole = (copied / name).read_bytes()
    (copied / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"this table is damaged[\s\S]*kvarter rebuild"):
        compare(old, copied)
    (copied / name).unlink()
    with pytest.raises(InputError, match="this table of the status is missing"):
        compare(copied, old)


def test_without_a_policy_what_can_be_is_compared(copied: Path, old: Path, tmp_path: Path) -> None:
    policy_in(copied).unlink()
    row = "12;01-12-2023;;Ny Nabo;Strandvejen 3, 2100 København Ø;Fogedretten"
    compared = compare(copied, status(tmp_path / "new", rows=[*ROWS, row]))
    assert compared.definitions is None
    assert compared.areas is None
    assert codes(unlike(compared)) == {"unknown", "file"}
    assert "The copy of the policy of 2024 is not there" in said(compared)
    assert {each.file for each in compared.files} == {"notices.csv"}


def test_a_policy_that_was_changed_since_is_not_taken_for_that_of_then(
    copied: Path, old: Path
) -> None:
    copy = policy_in(copied)
    copy.write_text(copy.read_text("utf-8") + "\n", "utf-8")
    compared = compare(copied, old)
    assert compared.definitions is None
    assert "is not as it was then" in said(compared)


def test_an_older_record_that_notes_little_is_no_obstacle(copied: Path, old: Path) -> None:
    as_first_form(copied)
    record = json.loads((copied / RECORD).read_text("utf-8"))
    for name in ("inputs", "outputs", "libraries", "releases_sha256", "python"):
        record.pop(name)
    (copied / RECORD).write_text(json.dumps(record), "utf-8")
    compared = compare(copied, old)
    assert unlike(compared) == []
    assert compared.files == ()


# How it is told.


@pytest.mark.parametrize("language", ["da", "en"])
def test_it_is_written_in_every_form(old: Path, tmp_path: Path, language: Any) -> None:
    row = "12;01-12-2023;;Ny Nabo;Strandvejen 3, 2100 København Ø;Fogedretten"
    compared = compare(old, status(tmp_path / "new", rows=[*ROWS, row]))
    begins = {".html": b"<!doctype html>", ".docx": b"PK", ".pdf": b"%PDF"}
    for form, first in begins.items():
        path = tmp_path / "deep" / f"comparison{form}"
        write_comparison(compared, path, language)
        assert path.read_bytes().lstrip().startswith(first)
    left = {each.name for each in (tmp_path / "deep").iterdir()}
    names = {f"comparison{form}" for form in begins}
    assert left == names | {f".{name}.kvarter" for name in names}, "nothing half written is left"
    page = (tmp_path / "deep" / "comparison.html").read_text("utf-8")
    assert f'<html lang="{language}">' in page
    why = unlike(compared)[0].reasons[0]
    with in_language(Locale(language)):
        assert reason_in_words(why) in page


def test_the_rows_hold_every_figure_and_verdict(old: Path, tmp_path: Path) -> None:
    compared = compare(old, status(tmp_path / "new", rows=ROWS[1:]))
    write_comparison(compared, tmp_path / "rows.csv", "en")
    with (tmp_path / "rows.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    parts = Counter(row["part"] for row in rows)
    assert parts["figure"] == len(compared.pairs)
    assert parts["verdict"] == len(compared.verdicts)
    assert parts["source"] == 1
    differing = [row for row in rows if row["part"] == "figure" and row["change"] == "differs"]
    assert differing
    assert {row["reasons"] for row in differing} == {"Source notices: other content."}
    assert all(row["then"] != row["now"] for row in differing)


def call(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr("sys.argv", ["kvarter", "compare", *map(str, arguments)])
    monkeypatch.setenv("COLUMNS", "160")
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_the_command_prints_a_summary_in_danish_or_english(
    old: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    new = status(tmp_path / "new", rows=ROWS[1:])
    assert call(monkeypatch, old, new) == 0
    danish = capsys.readouterr().out
    assert "sammenlignet" in danish
    assert "Kilde notices: andet indhold." in danish
    out = tmp_path / "comparison.html"
    assert call(monkeypatch, old, new, "--out", out, "--lang", "en") == 0
    english = capsys.readouterr().out
    assert "Figures that differ, and why" in english
    assert "2022" in english
    assert out.exists()
    assert call(monkeypatch, old, new, "--quiet") == 0
    assert capsys.readouterr().out == ""


def test_the_command_says_what_is_wrong(
    old: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert call(monkeypatch, old, tmp_path / "nowhere") == 4
    assert "Give the folder of an edition" in capsys.readouterr().err
    assert call(monkeypatch, old, old, "--out", tmp_path / "comparison.txt") == 4
    assert ".html, .docx, .pdf, .csv" in capsys.readouterr().err


def test_years_are_told_in_spans() -> None:
    assert years([2020, 2016, 2018, 2017, 2017]) == "2016–2018, 2020"
