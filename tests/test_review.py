"""An analyst decides what the match is not sure of: once for each text, and it is seen who did."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest

from conftest import status_of
from hamlet import HEADER, ROWS, build, run_in
from hamlet import policy as hamlet_policy
from kvarter.cases import FINAL
from kvarter.cli.display import Display
from kvarter.editions import InternalEdition
from kvarter.editions.record import sha256
from kvarter.editions.trace import trace
from kvarter.errors import InputError
from kvarter.files import read_table
from kvarter.i18n import Locale, in_language
from kvarter.pipeline.check import check
from kvarter.policy import load_policy
from kvarter.review.uncertain import CANDIDATES, REVIEW, TO_FILL_IN

DOUBT = "Stramdvejen 3, 5. tv, 2100 København Ø"
NOWHERE = "Havnegade 7, 2100 København Ø"
FAR_OFF = "Storgatan 4, 211 42 Malmö"
NUMBERED = ["010190-1233", "020290-1233"]
ADDRESS = "Kirkevej 2, 2. tv, 2100 København Ø"
UNCERTAIN = [
    f"21;03-02-2023;;Al Berg;{DOUBT};Fogedretten",
    f"22;04-02-2023;;Bi Dahl;{NOWHERE};Fogedretten",
    f"23;05-02-2023;;Co Friis;{NOWHERE};Fogedretten",
    f"24;06-02-2023;;Di Juul;{FAR_OFF};Fogedretten",
    f"25;07-02-2023;;Em Lund;hos {NUMBERED[0]};Fogedretten",
    f"26;08-02-2023;;Fi Nord;hos {NUMBERED[1]};Fogedretten",
    "27;09-02-2023;;Gø Pihl;;Fogedretten",
]
Filled = dict[str, str]
"""Decisions by text."""


def make(folder: Path, rows: list[str] | None = None, **changed: Any) -> Path:
    return build(folder, [*ROWS, *UNCERTAIN] if rows is None else rows, changed)


@cache
def _first_run() -> TemporaryDirectory[str]:
    """Made once: nearly every test begins with the review that it writes."""
    folder = TemporaryDirectory()
    run_in(make(Path(folder.name)))
    return folder


def ran(folder: Path) -> Path:
    """The policy of a hamlet in `folder` that was run."""
    shutil.copytree(_first_run().name, folder, dirs_exist_ok=True)
    return folder / "policy.yaml"


def review_of(policy: Path, suffix: str = "csv", edition: str = "2024") -> pl.DataFrame:
    """The review that a run wrote, as it is read back."""
    path = policy.parent / "out" / edition / "internal" / f"review.{suffix}"
    table = read_table(path, {name: name for name in [*REVIEW, *TO_FILL_IN]})
    assert table.columns[-4:] == TO_FILL_IN
    return table.rows.drop("row")


def fill_in(review: pl.DataFrame, path: Path, decisions: Filled, **other: str) -> Path:
    """Write `review` to `path` with the decisions filled in."""
    default = {"decided_by": "MLI", "decided_on": "05-11-2024", "note": "set i BBR"} | other
    made = pl.col("text").is_in(list(decisions))
    filled = review.with_columns(
        pl.col("text").replace_strict(decisions, default="").alias("decision"),
        *(pl.when(made).then(pl.lit(v)).otherwise(pl.lit("")).alias(n) for n, v in default.items()),
    )
    if path.suffix == ".xlsx":
        filled.write_excel(path)
    else:
        filled.write_csv(path, separator=";", include_bom=True)
    return path


def decided(folder: Path, decisions: Filled, name: str = "decisions.csv", **other: str) -> Path:
    """The policy of a hamlet in `folder` that was run, reviewed, and names its decisions."""
    fill_in(review_of(ran(folder)), folder / name, decisions, **other)
    return make(folder, decisions={"file": name})


def rows_of(status: InternalEdition, text: str) -> list[dict[str, Any]]:
    return status.rows.filter(pl.col("address") == text).to_dicts()


def test_the_review_has_each_uncertain_text_once_with_most_rows_first(tmp_path: Path) -> None:
    policy = ran(tmp_path)
    review = review_of(policy)
    assert review["text"].to_list() == [
        *(NOWHERE, FAR_OFF, DOUBT, "hos [cpr]", "hos [cpr]", "uden fast bopæl")
    ]
    first, doubt = review.row(0, named=True), review.row(2, named=True)
    assert (first["rows"], first["sources"], first["first_row"]) == (
        "2",
        "notices: 2",
        "notices:14",
    )
    assert (first["level"], first["reasons"]) == ("postcode", "no_such_street")
    assert (
        first["reasons_in_words"]
        == "Registret har ingen vej dér, der passer til det skrevne vejnavn."
    )
    assert (doubt["category"], doubt["candidate_1"]) == ("C", "Strandvejen 3, 2100 København Ø")
    assert {doubt[name] for name in [*CANDIDATES[1:], *TO_FILL_IN]} == {""}
    assert review.equals(review_of(policy, "xlsx"))


def test_the_whole_round_trip(tmp_path: Path) -> None:
    policy = decided(tmp_path, {DOUBT: "1", NOWHERE: ADDRESS})
    before = status_of(make(tmp_path / "before"))
    status = run_in(policy)
    (row,) = rows_of(status, DOUBT)
    assert (row["category"], row["level"], row["access_address_id"]) == ("B", "unit", "S3")
    assert (row["reasons"], row["areas"]) == (["decided_by_hand"], ["vest"])
    assert row["outcome"] == "counted"
    counts = status.rows_by_outcome["notices"]
    assert counts["read"] == sum(counts[outcome] for outcome in FINAL)
    assert counts["unlocated"] == before.rows_by_outcome["notices"]["unlocated"] - 3

    steps = {step.stage: step for step in trace(tmp_path / "out" / "2024", "notices", row["row"])}
    assert (steps["match"].outcome, steps["match"].reason) == ("kept", "decided_by_hand")
    facts = steps["match"].facts
    assert (facts["decided_by"], facts["decided_on"]) == ("MLI", "2024-11-05")
    assert facts["decided_as"] == "Strandvejen 3, 2100 København Ø"
    assert facts["decision_note"] == "set i BBR"
    assert facts["matched_as"].startswith("C: street_spelling")

    made = json.loads((tmp_path / "out" / "2024" / "internal/run.json").read_text())
    assert made["decisions"] == {"given": 2, "used": 2, "rows": 3, "unused": 0}
    hashed = {"file": "decisions.csv", "sha256": sha256(tmp_path / "decisions.csv")}
    assert hashed in made["inputs"]
    assert not {DOUBT, NOWHERE} & set(review_of(policy)["text"])


@pytest.mark.parametrize(
    ("decision", "level", "unit", "entrance"),
    [
        pytest.param("1", "unit", "S3-", "S3", id="candidate"),
        pytest.param("1.0", "unit", "S3-", "S3", id="candidate as a number of Excel"),
        pytest.param(ADDRESS, "unit", "K2-2tv", "K2", id="designation"),
        pytest.param("Kirkevej 2, 2100 København Ø", "access", None, "K2", id="entrance in words"),
        pytest.param("K2-2tv", "unit", "K2-2tv", "K2", id="id of an address"),
        pytest.param("K2", "access", None, "K2", id="id of an entrance"),
    ],
)
def test_a_decision_can_be_a_candidate_an_address_or_an_id(
    tmp_path: Path, decision: str, level: str, unit: str | None, entrance: str
) -> None:
    status = status_of(decided(tmp_path, {DOUBT: decision}))
    (row,) = rows_of(status, DOUBT)
    assert (row["category"], row["level"]) == ("B", level)
    assert (row["address_id"], row["access_address_id"]) == (unit, entrance)
    assert row["candidates"] == [row["decided_as"]]
    assert row["decided_as"].endswith("2100 København Ø")


@pytest.mark.parametrize("word", ["ingen", "None", " INGEN "])
def test_a_place_that_does_not_exist_stays_unlocated(tmp_path: Path, word: str) -> None:
    status = status_of(decided(tmp_path, {NOWHERE: word, DOUBT: word}))
    for row in [*rows_of(status, NOWHERE), *rows_of(status, DOUBT)]:
        assert (row["outcome"], row["reason"]) == ("unlocated", "decided_by_hand")
        assert row["category"] is None
        assert row["could_lie_in_areas"]
    assert rows_of(status, NOWHERE)[0]["postcode"] == "2100"


@pytest.mark.parametrize("word", ["udenfor", "Outside", "uden for"])
def test_a_place_outside_the_municipality_is_outside(tmp_path: Path, word: str) -> None:
    status = status_of(decided(tmp_path, {FAR_OFF: word}))
    (row,) = rows_of(status, FAR_OFF)
    assert (row["outcome"], row["reason"]) == ("outside_municipality", "decided_by_hand")
    assert (row["in_municipality"], row["could_lie_in_areas"]) == (False, False)
    assert status.by_hand["rows"] == 1


def test_an_address_in_another_municipality_is_outside_too(tmp_path: Path) -> None:
    status = status_of(decided(tmp_path, {FAR_OFF: "Strandvejen 10, st. th, 9999 Naboby"}))
    (row,) = rows_of(status, FAR_OFF)
    assert (row["outcome"], row["access_address_id"]) == ("outside_municipality", "S10")


def test_what_is_not_decided_stays_as_it_is(tmp_path: Path) -> None:
    plain = status_of(make(tmp_path / "plain"))
    status = status_of(decided(tmp_path / "h", {}))
    assert status.rows.equals(plain.rows)
    assert status.by_hand == {"given": 0, "used": 0, "rows": 0, "unused": 0}


def test_a_text_in_two_sources_is_decided_once(tmp_path: Path) -> None:
    sources = hamlet_policy()["sources"]
    sources = [*sources, sources[0] | {"id": "more", "file": "more.csv"}]
    (tmp_path / "more.csv").write_text(
        f"{HEADER}\n1;03-05-2023;;Ho Skov;{DOUBT};x\n2;03-06-2023;;Ib Ulv;{DOUBT};x\n"
    )
    policy = make(tmp_path, sources=sources)
    run_in(policy)
    review = review_of(policy)
    (row,) = review.filter(pl.col("text") == DOUBT).to_dicts()
    assert (row["rows"], row["sources"], row["first_row"]) == ("3", "more: 2; notices: 1", "more:2")
    fill_in(review, tmp_path / "d.csv", {DOUBT: "1"})
    status = status_of(make(tmp_path, sources=sources, decisions={"file": "d.csv"}))
    assert {row["access_address_id"] for row in rows_of(status, DOUBT)} == {"S3"}
    assert status.by_hand["rows"] == 3


def test_decisions_come_from_excel_too_and_from_several_files(tmp_path: Path) -> None:
    policy = ran(tmp_path)
    review = review_of(policy, "xlsx")
    fill_in(review, tmp_path / "first.xlsx", {DOUBT: "1"})
    fill_in(review.filter(pl.col("text") == NOWHERE), tmp_path / "second.csv", {NOWHERE: "ingen"})
    files = {"file": ["first.xlsx", "second.csv"]}
    status = run_in(make(tmp_path, decisions=files))
    assert status.by_hand == {"given": 2, "used": 2, "rows": 3, "unused": 0}
    inputs = json.loads((tmp_path / "out" / "2024" / "internal/run.json").read_text())["inputs"]
    assert {"first.xlsx", "second.csv"} <= {each["file"] for each in inputs}


def test_decisions_survive_another_order_of_rows(tmp_path: Path) -> None:
    policy = decided(tmp_path, {DOUBT: "1", NOWHERE: "ingen", FAR_OFF: "udenfor"})
    usual = status_of(policy)
    path = tmp_path / "decisions.csv"
    turned = pl.read_csv(path, separator=";", infer_schema=False).reverse()
    turned.write_csv(path, separator=";")
    rows = [*ROWS, *UNCERTAIN]
    shuffled = status_of(make(tmp_path, rows[::-1], decisions={"file": path.name}))
    assert shuffled.public.results.equals(usual.public.results)
    assert shuffled.rows_by_outcome == usual.rows_by_outcome
    assert shuffled.by_hand == usual.by_hand


def test_a_decision_wins_over_a_match_that_is_sure(tmp_path: Path) -> None:
    (row,) = rows_of(status_of(ran(tmp_path)), "Strandvejen 3, 2100 København Ø")
    steps = trace(tmp_path / "out" / "2024", "notices", row["row"])
    (tmp_path / "d.csv").write_text(
        "text_id;decision;decided_by;decided_on\n"
        f"{steps[0].facts['text_id']};{ADDRESS};MLI;2024-11-05\n"
    )
    status = status_of(make(tmp_path, decisions={"file": "d.csv"}))
    (row,) = rows_of(status, "Strandvejen 3, 2100 København Ø")
    assert (row["access_address_id"], row["matched_as"]) == ("K2", "A: ")


def test_texts_that_differ_in_a_person_number_are_decided_one_by_one(tmp_path: Path) -> None:
    policy = ran(tmp_path)
    review = review_of(policy)
    alike = review.filter(pl.col("text") == "hos [cpr]")
    assert alike["text_id"].n_unique() == 2
    (one,) = alike.filter(pl.col("first_row").str.ends_with(":17")).rows(named=True)
    only = review.filter(pl.col("text_id") == one["text_id"])
    fill_in(only, tmp_path / "d.csv", {"hos [cpr]": "K2"})
    status = status_of(make(tmp_path, decisions={"file": "d.csv"}))
    rows = {row["row"]: row["access_address_id"] for row in rows_of(status, "hos [cpr]")}
    assert rows == {17: "K2", 18: None}


def test_another_key_loses_only_the_texts_with_a_person_number(tmp_path: Path) -> None:
    policy = decided(tmp_path, {DOUBT: "1", "hos [cpr]": "ingen"})
    (tmp_path / "key").write_text("another key, which is long enough for a key")
    status = run_in(policy)
    assert status.by_hand == {"given": 3, "used": 1, "rows": 1, "unused": 2}


def test_decisions_on_texts_that_no_longer_occur_are_counted_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decided(tmp_path, {DOUBT: "1", NOWHERE: "ingen"})
    status = run_in(make(tmp_path, ROWS, decisions={"file": "decisions.csv"}))
    assert status.by_hand == {"given": 2, "used": 0, "rows": 0, "unused": 2}
    with in_language(Locale("en")), Display(quiet=False) as display:
        display.summary(status, tmp_path / "out")
    told = capsys.readouterr().out
    assert "2 decisions are about texts that do not occur here" in told
    assert "review.xlsx" in told


def refused(policy: Path) -> list[Any]:
    """The problems of the policy's decisions, which a check and a run name alike."""
    with pytest.raises(InputError) as raised:
        status_of(policy)
    (checked,) = [each for each in check(load_policy(policy), policy.parent, "en") if each.problems]
    assert checked.name == "decisions"
    assert [str(each) for each in checked.problems] == [str(p) for p in raised.value.problems]
    for problem in raised.value.problems:
        assert problem.file.endswith(".csv")
        assert problem.remedy
    return raised.value.problems


@pytest.mark.parametrize(
    ("decision", "other", "field", "what", "remedy"),
    [
        ("1", {"decided_by": ""}, "decided_by", "who made it", "initials"),
        ("1", {"decided_on": ""}, "decided_on", "is missing", "2024-12-31"),
        ("1", {"decided_on": "i går"}, "decided_on", "i går is not a date", "2024-12-31"),
        ("4", {}, "decision", "no candidate 4", "number that stands in this row"),
        ("9", {}, "decision", "'9' is not how the register", "ingen"),
        ("Kirkevjj 2, 2. tv, 2100", {}, "decision", "not how the register", ADDRESS),
        ("Kirkevej 2, 9. tv, 2100 København Ø", {}, "decision", "not how", "Did you mean"),
        ("ved ikke", {}, "decision", "'ved ikke' is not how", "udenfor"),
    ],
)
def test_a_decision_that_cannot_be_used_is_refused_with_its_place(
    tmp_path: Path, decision: str, other: dict[str, str], field: str, what: str, remedy: str
) -> None:
    (problem,) = refused(decided(tmp_path, {DOUBT: decision}, **other))
    assert (problem.line, problem.field) == (4, field)
    assert what in problem.what
    assert remedy in problem.remedy


def test_every_problem_is_told_at_once_and_no_person_number_with_it(tmp_path: Path) -> None:
    number = NUMBERED[0]
    problems = refused(decided(tmp_path, {DOUBT: f"hos {number}", NOWHERE: "x", FAR_OFF: "y"}))
    assert [problem.line for problem in problems] == [2, 3, 4]
    assert number not in "".join(map(str, problems))


def test_a_candidate_that_the_register_lost_is_refused(tmp_path: Path) -> None:
    policy = decided(tmp_path, {DOUBT: "1"})
    register = pl.read_parquet(tmp_path / "register.parquet")
    register.filter(pl.col("access_address_id") != "S3").write_parquet(
        tmp_path / "register.parquet"
    )
    (problem,) = refused(policy)
    assert (problem.line, problem.field) == (4, "candidate_1")


def test_two_different_decisions_are_refused_with_both_places(tmp_path: Path) -> None:
    decided(tmp_path, {DOUBT: "1", NOWHERE: "ingen", FAR_OFF: "udenfor"}, "first.csv")
    review = review_of(tmp_path / "policy.yaml")
    # The same address in other words, and the same word in the other language, are no conflict.
    alike = {DOUBT: "S3-", NOWHERE: "none", FAR_OFF: "ingen"}
    fill_in(review, tmp_path / "second.csv", alike)
    (problem,) = refused(make(tmp_path, decisions={"file": ["first.csv", "second.csv"]}))
    assert (Path(problem.file).name, problem.line) == ("second.csv", 3)
    assert re.search(r"'none' here, and as 'outside' in .*first\.csv:3", problem.what)


def test_a_file_without_the_columns_or_with_broken_lines_is_refused(tmp_path: Path) -> None:
    policy = make(tmp_path, decisions={"file": "d.csv"})
    (problem,) = refused_file(policy, "text_id;decision;decided_by\nt1;1;MLI\n")
    assert "no column called 'decided_on'" in problem.what
    header = "text_id;decision;decided_by;decided_on\n"
    (problem,) = refused_file(policy, f"{header}t1;ingen;MLI;2024-11-05;x;y\n")
    assert (problem.line, "more_fields" in problem.what) == (2, True)
    (problem,) = refused_file(policy, f"{header};ingen;MLI;2024-11-05\n")
    assert (problem.line, problem.field) == (2, "text_id")


def refused_file(policy: Path, content: str) -> list[Any]:
    (policy.parent / "d.csv").write_text(content)
    return refused(policy)


def test_a_missing_file_and_decisions_without_sources_are_told(tmp_path: Path) -> None:
    policy = make(tmp_path, decisions={"file": "nowhere.csv"})
    (problem,) = refused(policy)
    assert "not there" in problem.what
    with pytest.raises(Exception, match="no extracts with addresses"):
        load_policy(make(tmp_path, sources=[], decisions={"file": "nowhere.csv"}))


def test_a_check_counts_the_decisions(tmp_path: Path) -> None:
    policy = decided(tmp_path, {DOUBT: "1", NOWHERE: "ingen"})
    found = {each.name: each.found for each in check(load_policy(policy), tmp_path, "en")}
    assert found["decisions"] == "2 texts decided"


def test_no_person_number_stands_in_the_review_or_comes_back_from_it(tmp_path: Path) -> None:
    number = NUMBERED[0]
    policy = decided(tmp_path, {DOUBT: "1"}, note=f"er {number}", decided_by=f"ML {number}")
    for suffix in ("csv", "xlsx"):
        written = "".join(
            review_of(policy, suffix).to_series(at).str.join("")[0] for at in range(18)
        )
        assert "[cpr]" in written
        for each in NUMBERED:
            assert each not in written
            assert each.replace("-", "") not in written
    run_in(policy)
    steps = trace(tmp_path / "out" / "2024", "notices", 13)
    assert steps[1].facts["decided_by"] == "ML [cpr]"
    assert number not in str(steps)


def test_what_may_be_published_is_the_same_with_and_without_the_review(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran(tmp_path / "a")
    without = make(tmp_path / "b")
    monkeypatch.setattr("kvarter.pipeline.stages.write_review", lambda *_: None)
    run_in(without)
    one, other = tmp_path / "a" / "out" / "2024", tmp_path / "b" / "out" / "2024"
    published, again = (
        {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and path.parent.name != "internal"
        }
        for folder in (one, other)
    )
    assert published == again
    assert not list(one.glob("review*"))


def test_the_same_status_gives_the_same_bytes(tmp_path: Path) -> None:
    ran(tmp_path / "a")
    run_in(make(tmp_path / "b"))
    for suffix in ("csv", "xlsx"):
        one, other = (
            (tmp_path / name / "out" / "2024" / "internal" / f"review.{suffix}").read_bytes()
            for name in ("a", "b")
        )
        assert one == other


def test_the_words_are_in_the_language_of_the_report(tmp_path: Path) -> None:
    policy = make(tmp_path)
    for language, word in (("da", "Vejledning"), ("en", "Guide")):
        run_in(policy, language=language)
        path = tmp_path / "out" / "2024" / "internal" / "review.xlsx"
        guide = read_table(path, {}, sheet=word)
        assert guide.rows.height > 10
        steps = " ".join(guide.rows.to_series(1))
        assert ("personnummer" in steps) is (language == "da")
        assert "(none)" in steps or "(or: none)" in steps or "(eller: none)" in steps
    assert "There is no such street there." in review_of(policy)["reasons_in_words"].to_list()


@pytest.mark.parametrize(("threshold", "words"), [(1, "3 rækker"), (5, "færre end 5 rækker")])
def test_the_report_tells_how_many_were_decided(tmp_path: Path, threshold: int, words: str) -> None:
    decided(tmp_path, {DOUBT: "1", NOWHERE: "ingen"})
    changed = {"decisions": {"file": "decisions.csv"}, "disclosure": {"threshold": threshold}}
    run_in(make(tmp_path, **changed), documents=["html"])
    report = (tmp_path / "out" / "2024" / "report.html").read_text()
    assert f"med sikkerhed: {words}" in report
    assert "MLI" not in report


def test_a_report_without_decisions_says_nothing_of_them(tmp_path: Path) -> None:
    run_in(make(tmp_path), documents=["html"])
    assert "manuelt" not in (tmp_path / "out" / "2024" / "report.html").read_text()


def test_a_text_is_never_a_formula(tmp_path: Path) -> None:
    text = '=HYPERLINK("x","y") 4'
    policy = make(tmp_path, [f"1;03-02-2023;;Al;{text};F", "2;03-02-2023;;Al;-x;F"])
    run_in(policy)
    assert set(review_of(policy)["text"]) == {"'" + text.replace('"', '"'), "'-x"}
    assert set(review_of(policy, "xlsx")["text"]) == {text, "-x"}


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_run_does_not_replace_a_review_that_was_filled_in_where_it_lies(
    tmp_path: Path, suffix: str
) -> None:
    policy = ran(tmp_path)
    path = tmp_path / "out" / "2024" / "internal" / f"review.{suffix}"
    fill_in(review_of(policy, suffix), path, {DOUBT: "1"})
    before = path.read_bytes()
    with pytest.raises(InputError, match="would replace the file"):
        run_in(policy)
    assert path.read_bytes() == before
    with pytest.raises(InputError, match="lie in the folder that this run replaces"):
        run_in(make(tmp_path, decisions={"file": f"out/2024/internal/review.{suffix}"}))
    path.rename(tmp_path / path.name)
    status = run_in(make(tmp_path, decisions={"file": path.name}))
    assert status.by_hand["used"] == 1
    # Also where a copy was named, and the one in the folder has the same decisions.
    fill_in(review_of(policy, suffix), path, {DOUBT: "1"})
    run_in(make(tmp_path, decisions={"file": path.name}))


def test_a_review_that_cannot_be_read_is_not_replaced(tmp_path: Path) -> None:
    policy = ran(tmp_path)
    (tmp_path / "out" / "2024" / "internal" / "review.xlsx").write_bytes(b"half a workbook")
    with pytest.raises(InputError, match="its decisions cannot be read"):
        run_in(policy)


def test_a_policy_without_extracts_has_no_review(tmp_path: Path) -> None:
    goal = {"number": 1, "title": "Uden data", "no_data": "Kommer senere"}
    status = run_in(make(tmp_path, sources=[], goals=[goal]))
    assert status.by_hand["given"] == 0
    assert not list((tmp_path / "out").rglob("review*"))


def test_a_former_id_leads_to_the_address_of_today(tmp_path: Path) -> None:
    policy = decided(tmp_path, {DOUBT: "GAMMEL"})
    register = pl.read_parquet(tmp_path / "register.parquet")
    former = register.filter(pl.col("address_id") == "K2-2tv").with_columns(
        address_id=pl.lit("GAMMEL"),
        access_address_id=pl.lit("GAMMELa"),
        replaced_by=pl.lit("K2-2tv"),
    )
    pl.concat([register, former]).write_parquet(tmp_path / "register.parquet")
    (row,) = rows_of(status_of(policy), DOUBT)
    assert (row["address_id"], row["decided_as"], row["decided_on"]) == (
        "K2-2tv",
        ADDRESS,
        dt.date(2024, 11, 5),
    )


def test_an_edition_before_all_extracts_leaves_the_decisions_unused(tmp_path: Path) -> None:
    decided(tmp_path, {DOUBT: "1"})
    sources = [hamlet_policy()["sources"][0] | {"from": "2023-01-01"}]
    policy = make(tmp_path, sources=sources, decisions={"file": "decisions.csv"})
    status = run_in(policy, edition="2017")
    assert status.by_hand == {"given": 1, "used": 0, "rows": 0, "unused": 1}
    assert not list((tmp_path / "out" / "2017").rglob("review*"))


def test_many_texts_share_their_lists_of_choices(tmp_path: Path) -> None:
    rows = [f"{n};03-02-2023;;Al;Havnegade {n}, 2100 København Ø;F" for n in range(1, 650)]
    policy = make(tmp_path, rows)
    run_in(policy)
    with zipfile.ZipFile(tmp_path / "out" / "2024" / "internal" / "review.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet2.xml").decode()
    lists = re.findall(r'<dataValidation [^>]*sqref="([^"]*)"', sheet)
    assert [len(cells.split()) for cells in lists] == [500, 149]
    assert "ingen,udenfor" in sheet
