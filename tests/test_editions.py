"""An edition that is opened is the one that was made, and the public one tells nothing more."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from pydantic import BaseModel
from shapely import get_coordinates
from shapely.geometry.base import BaseGeometry

from first_form import as_first_form
from hamlet import STATEMENT, build, run_in
from kvarter.cli import main
from kvarter.comparison.compare import compare
from kvarter.comparison.compared import UNLIKE
from kvarter.documents.write import Wanted, write_documents
from kvarter.editions import Edition, find_edition, open_edition, open_internal
from kvarter.editions import folder as folders
from kvarter.editions.folder import DATA, EDITION, INTERNAL, language_of
from kvarter.editions.releases import LEDGER, release
from kvarter.editions.trace import trace
from kvarter.errors import InputError
from kvarter.files import parquet_at
from kvarter.pipeline.rebuild import rebuild
from kvarter.tables import specification, table
from middle import WithMiddle
from test_published import few_now, rules_for_few

LOST = [
    "90;03-03-2023;010190-1233;Ada Bo;uden fast bopæl;Fogedretten",
    "91;04-03-2023;020290-1235;Bo Ry;Strandvejen 10, st. th, 9999 Naboby;Fogedretten",
    "92;05-03-2023;0303901237;Ib Ø;Kirkevej 4, 1. tv, 2100 København Ø;Fogedretten",
    "93;31-02-2023;111111-1111;Tom Ulv;Kirkevej 1, 2100 København Ø;Fogedretten",
]
"""Beside the few of `few_now`: without a place, in another town, with a number, without a day."""


SAID = {"signed_by": ["Kontor 7"], "comments": {1: "Som forventet."}}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[WithMiddle, Path]:
    """The hamlet with few cases in the areas: as its run gave it, and the folder it wrote."""
    home = tmp_path_factory.mktemp("editions")
    rules = rules_for_few() | {"largest_share_lost": 50, STATEMENT: SAID}
    policy = build(home, [*few_now(), *LOST], rules)
    return run_in(policy, home / "status", documents=True), home / "status" / "2024"


@pytest.fixture
def copied(made: tuple[WithMiddle, Path], tmp_path: Path) -> Path:
    """A copy of all that the hamlet is made of, to be changed: the folder of its edition."""
    home = made[1].parent.parent
    return Path(shutil.copytree(home, tmp_path / "copy")) / "status" / "2024"


def assert_same(one: Edition, other: Edition) -> None:
    """Both say the same, with the same words, numbers and shapes."""
    assert list(one.tables) == list(other.tables)
    for name, frame in one.tables.items():
        assert_frame_equal(frame, other.tables[name], check_exact=True)
    assert one.policy == other.policy
    assert one.definition == other.definition
    assert one.statement == other.statement
    assert one.observations == other.observations
    assert one.notes == other.notes
    assert one.geography == other.geography
    assert one.rows_by_hand == other.rows_by_hand
    assert one.case_systems == other.case_systems


# What is opened is what was made.


def test_the_hamlets_edition_is_opened_as_it_was_made(made: tuple[WithMiddle, Path]) -> None:
    status, folder = made
    assert len(status.public.observations) > 0 < len(status.public.notes)
    assert_same(status.public, open_edition(folder))


def test_the_citys_edition_is_opened_as_it_was_made(city: Path, city_status: WithMiddle) -> None:
    opened = open_edition(str(city / "status" / "2024"))
    assert {"distance", "distance_overall"} <= set(opened.tables)
    assert opened.geography.districts
    assert_same(city_status.public, opened)


def test_its_shapes_are_those_of_the_map_and_no_address(made: tuple[WithMiddle, Path]) -> None:
    """Ground around addresses is told in squares of 200 metres, and no point of one."""
    status, folder = made
    shapes = json.loads((folder / DATA / "areas.geojson").read_text(encoding="utf-8"))
    kinds = Counter(each["properties"]["kind"] for each in shapes["features"])
    assert kinds == {"area": 3, "built_up": 1}
    assert open_edition(folder).geography.areas == status.areas.outlines
    around = open_edition(folder).geography.built_up
    assert around is not None
    assert (get_coordinates(around) % 200 == 0).all()


@pytest.mark.parametrize("which", ["the hamlet", "the city"])
def test_documents_of_an_opened_edition_are_those_of_the_run(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if which == "the hamlet":
        folder: Path = request.getfixturevalue("made")[1]
    else:
        folder = request.getfixturevalue("city") / "status" / "2024"
    alone = tmp_path / "alone"
    shutil.copytree(folder, alone, ignore=shutil.ignore_patterns(INTERNAL))
    written = [
        path.relative_to(folder)
        for form in ("html", "docx", "pdf")
        for path in sorted(folder.rglob(f"*.{form}"))
    ]
    assert len(written) >= 9
    for name in written:
        (alone / name).unlink()
    write_documents(open_edition(alone), alone, Wanted(language_of(alone)))
    for name in written:
        assert (alone / name).read_bytes() == (folder / name).read_bytes(), name


def test_all_that_stays_in_the_house_is_opened_too(made: tuple[WithMiddle, Path]) -> None:
    status, folder = made
    opened = open_internal(folder)
    assert_same(status.public, opened.public)
    assert set(opened.tables) == set(status.tables)
    for name, frame in status.tables.items():
        found = opened.tables[name]
        if found.height:  # a file of CSV does not say of what kind nothing is
            found = found.cast(dict(frame.schema), strict=True)
        assert_frame_equal(frame, found, check_dtypes=bool(frame.height), check_exact=True)
    for name in ("ledger", "rows", "decisions", "rows_told"):
        assert opened.tables[name].schema == status.tables[name].schema
    assert opened.ledger.equals(status.ledger)
    assert opened.rows.equals(status.rows)
    assert opened.decisions.equals(status.decisions)
    few = opened.results.filter(group="areas", period=2023)
    assert few["numerator"].to_list() == [3]
    assert opened.verdicts["change"].to_list() == [pytest.approx(-75)]
    assert opened.rows_by_outcome == status.rows_by_outcome
    assert opened.by_hand == status.by_hand
    assert opened.notes == status.notes
    assert opened.record["edition"] == "2024"
    assert (opened.policy, opened.definition) == (status.policy, status.definition)


def test_an_edition_without_any_figure_is_opened_as_it_was_made(tmp_path: Path) -> None:
    goal = {"number": 1, "title": "Uden data", "no_data": "Kommer senere"}
    status = run_in(build(tmp_path, changed={"sources": [], "goals": [goal]}))
    opened = open_internal(tmp_path / "out" / "2024")
    assert_same(status.public, opened.public)
    for name, frame in status.tables.items():
        assert opened.tables[name].columns == frame.columns
        assert opened.tables[name].height == frame.height


# What is public tells nothing more.


def leaves(thing: object) -> Iterator[object]:
    """Every text, number and name that an object holds, however deep."""
    if isinstance(thing, str | bytes | int | float | dt.date | Path) or thing is None:
        yield thing
    elif isinstance(thing, pl.DataFrame):
        yield from thing.columns
        for row in thing.iter_rows():
            yield from leaves(row)
    elif isinstance(thing, BaseGeometry):
        yield from (float(each) for each in get_coordinates(thing).ravel())
    elif isinstance(thing, BaseModel):
        yield from leaves(dict(thing))
        yield from leaves(vars(thing))
    elif is_dataclass(thing):
        for each in fields(thing):
            yield each.name
            yield from leaves(getattr(thing, each.name))
    elif isinstance(thing, Mapping):
        for name, value in thing.items():
            yield from leaves(name)
            yield from leaves(value)
        if own := getattr(thing, "__dict__", None):  # what another kind of mapping holds besides
            yield from leaves(own)
    elif isinstance(thing, list | tuple | set | frozenset):
        for each in thing:
            yield from leaves(each)
    elif callable(thing):  # how a table is read
        return
    else:
        raise TypeError(f"nobody looked into {type(thing)}")


OF_ROWS = ["address", "text_id", "person", "name", "case_id", "address_id", "access_address_id"]
OF_ROWS += ["candidates", "candidate_ids", "street_name", "matched_as", "court_case"]
NUMBERED = re.compile(r"\d{6}-?\d{4}")


def secrets_of(rows: pl.DataFrame) -> set[str]:
    """All that names a row, a person or an address, as it stands in the rows."""
    texts = [
        rows[name].explode() if rows[name].dtype == pl.List else rows[name] for name in OF_ROWS
    ]
    found = {each for column in texts for each in column.drop_nulls() if each}
    return found | {each.split(", ")[0] for each in rows["address"].drop_nulls()}


def told(thing: object, secrets: set[str]) -> set[str]:
    """The secrets that an object tells, as words of any text in it."""
    text = "\n".join(str(each) for each in leaves(thing) if not isinstance(each, float))
    found = {each for each in secrets if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", text)}
    return found | set(NUMBERED.findall(text))


@pytest.mark.parametrize("opened", [False, True], ids=["in memory", "opened"])
def test_a_public_edition_names_no_row_person_or_address(
    made: tuple[WithMiddle, Path], opened: bool
) -> None:
    status, folder = made
    public = open_edition(folder) if opened else status.public
    secrets = secrets_of(status.rows)
    assert len(secrets) > 100
    assert told(public, secrets) == set()
    columns = {column for table in public.tables.values() for column in table.columns}
    assert columns & {"row", "line", "sheet_row", *OF_ROWS} == set()
    for note in public.notes:
        assert all(note.values[name] is None for name in ("row", "line") if name in note.values)


def test_the_citys_public_edition_names_no_row_person_or_address(
    city: Path, city_status: WithMiddle
) -> None:
    edition = open_edition(city / "status" / "2024")
    texts = {each for each in leaves(edition) if isinstance(each, str)}
    rows = city_status.rows
    assert rows.height > 1000
    secrets = {
        str(each)
        for name in ("address", "text_id", "person", "name", "case_id", "address_id")
        for each in rows[name].drop_nulls().unique()
        if str(each)
    }
    assert texts & secrets == set()
    within = [text for text in texts if re.search(r"\b[tc]?[0-9a-f]{16,}\b", text)]
    assert within == []


def test_a_walk_finds_what_is_told_by_mistake(made: tuple[WithMiddle, Path]) -> None:
    """The control: the internal edition holds all of it, and one in a note is found as well."""
    status, _ = made
    secrets = secrets_of(status.rows)
    assert len(told(status.given(), secrets)) > 100
    [*_, last] = status.public.notes
    assert told([last, {"at": ("x", "fra Strandvejen 2, st. tv")}], secrets) >= {"Strandvejen 2"}
    with pytest.raises(TypeError, match="nobody looked into"):
        list(leaves([object()]))


def test_no_public_table_tells_a_hidden_number(made: tuple[WithMiddle, Path]) -> None:
    """Against the exact results: each figure is the one that is shown, or null."""
    status, folder = made
    public = open_edition(folder)
    keys = ["indicator", "period", "group"]
    both = public.results.join(status.results, on=keys, how="left", suffix="_exactly")
    hidden = both.filter(~pl.col("shown"))
    assert hidden.height >= 3
    assert hidden["numerator_exactly"].null_count() == 0
    assert 3 in hidden["numerator_exactly"].to_list()
    for name in table("results").figures:
        assert hidden[name].null_count() == hidden.height, name
    shown = both.filter("shown")
    assert shown["numerator"].equals(shown["numerator_exactly"].rename("numerator"))

    few = {(row["indicator"], row["period"]) for row in hidden.iter_rows(named=True)}
    seen = 0
    for name in ("verdicts", "gaps", "trends", "totals"):
        for row in public.tables[name].iter_rows(named=True):
            rests_on = {row.get(each) for each in ("baseline_period", "period")}
            if "first_period" in row:
                rests_on |= set(range(row["first_period"], row["last_period"] + 1))
            of_areas = name != "trends" or row["group"] != "city"
            if of_areas and any((row["indicator"], year) in few for year in rests_on):
                if name == "totals" and row["group"] == "city":
                    continue
                seen += 1
                figures = {key: row[key] for key in table(name).figures}
                assert set(figures.values()) <= {None}, (name, figures)
    assert seen >= 5
    for name in ("sensitivity", "interventions"):
        numbers = public.tables[name].select(pl.selectors.float())
        assert numbers.null_count().sum_horizontal().sum() == numbers.height * numbers.width

    secret = {
        round(value, 9)
        for name in ("value", "low", "high")
        for value in hidden[f"{name}_exactly"].drop_nulls()
        if value
    }
    # None of one is the same wherever it is: the ends of its interval tell nothing.
    secret -= {round(v, 9) for name in ("low", "high") for v in shown[name].drop_nulls()}
    exact = status.verdicts.select("change", "change_low", "change_high", "gap")
    secret |= {round(value, 9) for column in exact for value in column.drop_nulls() if value}
    # Of another year, of as many dwellings and nobody: that is told.
    secret -= {round(v, 9) for name in ("low", "high") for v in shown[name].drop_nulls()}
    numbers = {each for each in leaves(public) if isinstance(each, float)}
    assert len(secret) > 5
    for scale in (1, 100):
        assert secret & {round(number / scale, 9) for number in numbers} == set()


def test_no_few_rows_are_told(made: tuple[WithMiddle, Path]) -> None:
    """One row each is lost in its own way: how many is nowhere, and the exact numbers inside."""
    status, folder = made
    exact = status.rows_by_outcome["notices"]
    assert [exact[name] for name in ("unlocated", "outside_municipality", "invalid")] == [1, 1, 1]
    rows = open_edition(folder).row_outcomes.filter(source="notices")
    for outcome, count in rows.select("outcome", "rows").iter_rows():
        true = exact[outcome or "read"]
        assert count in (true, None)
        assert count is None or not 0 < true < 5
    assert rows["rows"].null_count() >= 3
    assert open_edition(folder).not_placed["count"].to_list() == [None]
    for note in open_edition(folder).notes:
        assert not {"rows", "cases", "persons"} & {
            name for name, value in note.values.items() if isinstance(value, int)
        }


def test_few_rows_by_hand_are_not_told(tmp_path: Path) -> None:
    header = "text_id;decision;decided_by;decided_on\n"
    policy = build(tmp_path, few_now() + LOST, rules_for_few())
    [text_id] = set(run_in(policy).rows.filter(address="uden fast bopæl")["text_id"])
    (tmp_path / "d.csv").write_text(f"{header}{text_id};ingen;ML;2024-11-05\n", encoding="utf-8")
    rules = rules_for_few() | {"decisions": {"file": "d.csv"}}
    status = run_in(build(tmp_path, few_now() + LOST, rules))
    assert status.by_hand["rows"] == 1
    assert status.public.rows_by_hand is None
    assert open_edition(tmp_path / "out" / "2024").rows_by_hand is None
    assert open_internal(tmp_path / "out" / "2024").by_hand["rows"] == 1


# What is published, damaged, or of a later version.


def test_a_published_copy_is_opened_and_has_nothing_more(
    made: tuple[WithMiddle, Path], copied: Path
) -> None:
    shutil.rmtree(copied / INTERNAL)
    assert_same(made[0].public, open_edition(copied))
    with pytest.raises(InputError, match="this is a copy to publish") as raised:
        open_internal(copied)
    assert "Give the folder that the run wrote" in raised.value.problems[0].remedy
    with pytest.raises(InputError, match="this is a copy to publish"):
        trace(copied, "notices", 2)
    with pytest.raises(InputError, match="this is a copy to publish"):
        release(copied, "A", "B", dt.date(2024, 11, 1))


Read = Callable[[Path], object]
READS: dict[str, Read] = {
    f"{DATA}/results.parquet": lambda folder: open_edition(folder).results,
    f"{DATA}/gaps.parquet": lambda folder: open_edition(folder).tables["gaps"],
    f"{DATA}/case_systems.parquet": lambda folder: open_edition(folder).case_systems,
    f"{DATA}/policy.json": open_edition,
    f"{DATA}/statement.json": open_edition,
    f"{DATA}/areas.geojson": open_edition,
    EDITION: open_edition,
    f"{INTERNAL}/rows.parquet": lambda folder: open_internal(folder).rows,
    f"{INTERNAL}/ledger.parquet": lambda folder: trace(folder, "notices", 2),
    f"{INTERNAL}/exact_results.csv": lambda folder: open_internal(folder).results,
    f"{INTERNAL}/rows_told.json": lambda folder: release(folder, "A", "B", dt.date(2024, 11, 1)),
}


@pytest.mark.parametrize("name", READS)
def test_a_file_that_is_damaged_or_missing_is_told_with_its_remedy(copied: Path, name: str) -> None:
    path = copied / name
    whole = path.read_bytes()
    other = [whole[:-2], b'"'] if path.suffix == ".csv" else [whole[: len(whole) // 2], b"[[1]]"]
    for damage in [b"", *other]:
        path.write_bytes(damage)
        with pytest.raises(InputError, match=r"is damaged[\s\S]*kvarter rebuild") as raised:
            READS[name](copied)
        assert raised.value.problems[0].file == str(path)
    path.unlink()
    with pytest.raises(InputError, match=r"is missing[\s\S]*kvarter rebuild") as raised:
        READS[name](copied)
    assert raised.value.problems[0].file == str(path)
    path.write_bytes(whole)
    READS[name](copied)


@pytest.mark.parametrize("name", ["edition", "form", "tables", "borders", "observations", "notes"])
def test_an_edition_that_lost_what_it_says_of_itself_is_damaged(copied: Path, name: str) -> None:
    content = json.loads((copied / EDITION).read_text(encoding="utf-8"))
    del content[name]
    (copied / EDITION).write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError, match="is damaged"):
        open_edition(copied)


@pytest.mark.parametrize("opens", [open_edition, open_internal, language_of])
def test_an_edition_of_a_later_kvarter_says_so(copied: Path, opens: Read) -> None:
    content = json.loads((copied / EDITION).read_text(encoding="utf-8"))
    content |= {"form": 99, "kvarter": "9.1", "notes": {"of": "another shape"}}
    (copied / EDITION).write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError, match=r"by a later Kvarter \(9\.1\)\n.*Open it with that"):
        opens(copied)


def test_a_folder_without_an_edition_is_told(tmp_path: Path) -> None:
    for opens in (open_edition, open_internal):
        with pytest.raises(InputError, match=r"no record of a status[\s\S]*status/2021"):
            opens(tmp_path)
        with pytest.raises(InputError, match="no record of a status"):
            opens(tmp_path / "nowhere")


def test_what_is_opened_reads_no_table_before_it_is_asked_for(
    made: tuple[WithMiddle, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, folder = made
    read: list[str] = []

    def noted(path: Path) -> pl.DataFrame:
        read.append(path.name)
        return parquet_at(path)

    for module in (folders, specification):
        monkeypatch.setattr(module, "parquet_at", noted)
    monkeypatch.setattr(folders.pl, "read_csv", lambda *_, **__: pytest.fail("a table was read"))
    edition, internal = open_edition(folder), open_internal(folder)
    assert len(edition.tables) == len(list(edition.tables)) > 10
    assert "distance" not in edition.tables
    assert "results" in edition.tables and "rows" in internal.tables
    assert (edition.distance.is_empty(), repr(edition) != "") == (True, True)
    assert read == []
    assert edition.results is edition.results
    assert read == ["results.parquet"]
    assert internal.rows is internal.tables["rows"]
    assert read == ["results.parquet", "rows.parquet"]


# Editions of the first form.


@pytest.fixture
def old(copied: Path) -> Path:
    """The hamlet's edition in the first form."""
    as_first_form(copied)
    return copied


def test_an_old_edition_is_opened_with_what_it_has(
    made: tuple[WithMiddle, Path], old: Path
) -> None:
    status, _ = made
    assert find_edition(old.parent) == old
    edition, internal = open_edition(old), open_internal(old)
    for name in (
        "results",
        "verdicts",
        "gaps",
        "trends",
        "missing",
        "sensitivity",
        "interventions",
    ):
        assert edition.tables[name].equals(status.public.tables[name]), name
    assert edition.policy == status.policy
    assert edition.definition == status.definition
    assert edition.distance.is_empty()
    assert internal.rows.equals(status.rows)
    assert internal.ledger.equals(status.ledger)
    assert internal.tables["rows_told"].equals(status.tables["rows_told"])
    assert internal.results["numerator"].equals(status.results["numerator"])
    assert internal.rows_by_outcome == status.rows_by_outcome
    assert dict(internal.tables).keys() == status.tables.keys() - {"decisions"}
    told(edition, set())  # all of it can be read


def test_an_old_edition_is_traced_and_compared(made: tuple[WithMiddle, Path], old: Path) -> None:
    _, new = made
    assert trace(old, "notices", 2) == trace(new, "notices", 2)
    compared = compare(old, new)
    assert [pair for pair in compared.pairs if pair.difference in UNLIKE] == []
    assert len(compared.pairs) > 10
    assert compared.definitions == ()
    assert compared.areas is not None
    assert compared.notes == ()


def test_an_old_edition_is_released_as_a_new_one(old: Path, made: tuple[WithMiddle, Path]) -> None:
    home = old.parent.parent.parent / "new"
    new = Path(shutil.copytree(made[1], home / "2024"))
    for folder in (old, new):
        assert release(folder, "A", "B", dt.date(2024, 11, 1)) > 5
    was, now = (json.loads((each.parent / LEDGER).read_text("utf-8")) for each in (old, new))
    assert was["figures"] == now["figures"]
    assert was["rows"] == now["rows"] != []
    assert was["files"].keys() == {
        Path(name).relative_to(DATA).as_posix() if name.startswith(DATA) else name
        for name in now["files"]
        if not re.search(r"edition|policy|statement|areas\.|row_out|not_pl|case_sys|sources", name)
    }


def test_an_old_edition_without_its_rows_is_not_released(old: Path) -> None:
    (old / INTERNAL / "rows_told.json").unlink()
    with pytest.raises(InputError, match="is missing"):
        release(old, "A", "B", dt.date(2024, 11, 1))
    assert not (old.parent / LEDGER).exists()


def test_an_old_edition_is_rebuilt_and_its_files_are_found_where_they_lie_now(old: Path) -> None:
    made_again = rebuild(old, old.parent / "again", key_file=old.parent.parent / "key")
    assert made_again.tampered == []
    differences = made_again.files
    assert differences[f"{INTERNAL}/rows_told.json"] == "same"
    new = {name for name, difference in differences.items() if difference == "new"}
    assert {EDITION, f"{DATA}/policy.json", f"{INTERNAL}/decisions.parquet"} <= new
    assert set(differences.values()) == {"same", "new"}
    assert differences[f"{DATA}/results.parquet"] == differences["report.html"] == "same"
    assert open_edition(made_again.folder).results.equals(open_edition(old).results)


def test_a_run_replaces_an_old_edition(old: Path) -> None:
    home = old.parent.parent
    run_in(home / "policy.yaml", old.parent)
    assert (old / EDITION).exists()
    assert not (old / "results.parquet").exists()


def test_an_old_edition_that_lost_a_table_says_so(old: Path) -> None:
    (old / "results.parquet").unlink()
    with pytest.raises(InputError, match="this table of the status is missing"):
        _ = open_edition(old).results


def test_the_command_line_finds_a_row_of_an_old_edition(
    old: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["trace", "notices", "2", "--status", str(old.parent)]
    monkeypatch.setattr("sys.argv", ["kvarter", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    assert not stop.value.code
    assert "Strandvejen 2, st. tv" in capsys.readouterr().out
