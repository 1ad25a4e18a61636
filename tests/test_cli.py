"""The command line, through its real entry point: what it says, what it writes, how it ends."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest
import typer
import xlsxwriter
import yaml
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from conftest import ROOT
from hamlet import KEY, build, policy, register
from kvarter import __version__
from kvarter.addresses.match_file import ADDED, wash
from kvarter.cli import app, main
from kvarter.errors import InputError, LedgerError, Problem


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


Kvarter = Callable[..., Said]


@pytest.fixture
def kvarter(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Kvarter:
    """A function that runs a command in an empty folder, with no key in the environment."""
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("KVARTER_KEY", "KVARTER_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    def call(*arguments: object) -> Said:
        monkeypatch.setattr("sys.argv", ["kvarter", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return call


@pytest.fixture
def hamlet(tmp_path: Path) -> list[object]:
    """The policy of the hamlet and its key, as a command wants them."""
    return [build(tmp_path / "hamlet"), "--key-file", tmp_path / "hamlet" / "key"]


# Help.


def commands() -> dict[str, Any]:
    """Every command by its words, and the program itself as nothing."""
    found: dict[str, Any] = {}

    def walk(words: str, command: Any) -> None:
        found[words] = command
        for name, inner in getattr(command, "commands", {}).items():
            walk(f"{words} {name}".strip(), inner)

    walk("", typer.main.get_command(app))
    return found


def test_these_are_the_commands() -> None:
    assert set(commands()) == {
        *("", "run", "init", "check", "demo", "match", "trace", "schema", "release", "lists"),
        *("register", "register build", "rebuild", "compare", "write", "migrate"),
        *("serve", "site", "site init", "site check", "site publish", "backup", "restore"),
    }


@pytest.mark.parametrize("words", commands())
def test_help_tells_of_every_option_and_gives_an_example(kvarter: Kvarter, words: str) -> None:
    said = kvarter(*words.split(), "--help")
    assert (said.code, said.err) == (0, "")
    command = commands()[words]
    assert command.help
    for parameter in command.params:
        assert parameter.help, parameter.name
        shown = parameter.metavar if parameter.param_type_name == "argument" else None
        assert (shown or max(parameter.opts, key=len)) in said.out
    if not getattr(command, "commands", None):
        assert f"kvarter {words}" in said.out, "an example"
    assert kvarter(*words.split(), "-h").out == said.out


def test_the_help_names_every_exit_code(kvarter: Kvarter) -> None:
    text = " ".join(kvarter("--help").out.replace("│", " ").split())
    for code in ("0 done", "1 unexpected", "2 wrong", "3 the policy", "4 an input", "5 a row"):
        assert code in text
    for code in ("6 the ledger", "7 no key", "130 interrupted"):
        assert code in text


def test_without_a_command_the_help_is_shown(kvarter: Kvarter) -> None:
    assert "register" in kvarter("register").out
    assert "check" in kvarter().out + kvarter().err


def test_the_version_is_told(kvarter: Kvarter) -> None:
    assert kvarter("--version") == Said(0, f"kvarter {__version__}\n", "")


# How it ends.


def test_0_a_status_is_made_where_it_was_asked_for(kvarter: Kvarter, hamlet: list[object]) -> None:
    said = kvarter("run", *hamlet)
    assert (said.code, said.err) == (0, "")
    beside = Path(str(hamlet[0])).parent / "status" / "2024"
    assert f"Status ligger i {beside}" in said.out
    assert "11 rækker læst: 6 talt med" in said.out
    assert (beside / "report.html").exists()
    assert not list(Path().iterdir())
    lost = kvarter("trace", "notices", 6)
    assert (lost.code, "`status` beside the policy file" in lost.err) == (4, True)
    assert kvarter("trace", "notices", 6, "--status", beside.parent).code == 0
    english = kvarter("run", *hamlet, "--out", "published", "--edition", "2017", "--lang", "en")
    assert "11 rows read: 6 counted" in english.out
    assert [path.name for path in Path("published").iterdir()] == ["2017"]
    assert 'lang="en"' in Path("published/2017/report.html").read_text(encoding="utf-8")


def test_2_wrong_use_of_a_command(kvarter: Kvarter, hamlet: list[object]) -> None:
    for wrong in (["run"], ["rum"], ["run", *hamlet, "--lang", "fr"], ["trace", "x", "y"]):
        assert kvarter(*wrong).code == 2


def test_3_a_mistake_in_the_policy(kvarter: Kvarter, tmp_path: Path, hamlet: list[object]) -> None:
    (tmp_path / "policy.yaml").write_text("titel: x\n", encoding="utf-8")
    for command in ("run", "check"):
        said = kvarter(command, tmp_path / "policy.yaml")
        assert said.code == 3
        assert "policy.yaml:1" in said.err
    said = kvarter("run", *hamlet, "--edition", "1999")
    assert said.code == 3
    assert "The policy has: 2017, 2024." in said.err


def test_4_an_input_file_that_is_not_there(
    kvarter: Kvarter, tmp_path: Path, hamlet: list[object]
) -> None:
    (tmp_path / "hamlet" / "dwellings.csv").unlink()
    for command in (["run", *hamlet], ["check", hamlet[0]]):
        said = kvarter(*command)
        assert said.code == 4
        assert "dwellings.csv: " in said.err


def test_4_a_place_that_cannot_be_written(
    kvarter: Kvarter, tmp_path: Path, hamlet: list[object]
) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "in.csv").write_text("text\nStrandvejen 3\n", encoding="utf-8")
    register_file = tmp_path / "hamlet" / "register.parquet"
    washing = ["match", tmp_path / "in.csv", "--register", register_file]
    for command in (
        ["run", *hamlet, "--out", tmp_path / "file"],
        ["demo", "--out", tmp_path / "file"],
        [*washing, "--out", tmp_path / "file" / "out.csv"],
        ["register", "build", register_file, "--out", tmp_path / "file" / "r.parquet"],
    ):
        said = kvarter(*command)
        assert said.code == 4
        assert "cannot be written" in said.err
        assert "Traceback" not in said.err
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_5_a_bad_row_where_none_may_be(kvarter: Kvarter, hamlet: list[object]) -> None:
    said = kvarter("run", *hamlet, "--strict")
    assert said.code == 5
    assert "notices.csv:11" in said.err
    assert not Path("status").exists()


def test_6_a_ledger_that_does_not_add_up(
    kvarter: Kvarter, hamlet: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def settle(ledger: object) -> None:
        raise LedgerError(Problem("11 rows were read and 10 are accounted for", "Report it."))

    monkeypatch.setattr("kvarter.pipeline.stages.Ledger.settle", settle)
    said = kvarter("run", *hamlet)
    assert said.code == 6
    assert "11 rows were read and 10" in said.err
    assert not Path("status").exists()


def test_7_no_key_and_where_to_put_one(
    kvarter: Kvarter, hamlet: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = kvarter("run", hamlet[0])
    assert said.code == 7
    assert "openssl rand -hex 32" in said.err
    assert kvarter("run", hamlet[0], "--key-file", "nowhere").code == 7
    monkeypatch.setenv("KVARTER_KEY", "short")
    assert kvarter("run", hamlet[0]).code == 7
    monkeypatch.setenv("KVARTER_KEY", KEY)
    assert kvarter("run", hamlet[0], "--quiet") == Said(0, "", "")


@pytest.mark.slow
def test_130_interrupted_at_the_keyboard(city: Path, tmp_path: Path) -> None:
    command = ["run", str(city / "policy.yaml"), "--key-file", str(city / "demo.key")]
    command += ["--out", "status"]
    with subprocess.Popen(
        [sys.executable, "-c", "from kvarter.cli import main; main()", *command],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "Læser udtrækkene\n"
        child.send_signal(signal.SIGINT)
        _, said = child.communicate()
    assert child.returncode == 130
    assert said == "Interrupted. Nothing was changed.\n"
    assert not (tmp_path / "status").exists()


def test_many_problems_are_told_and_the_rest_counted(kvarter: Kvarter, tmp_path: Path) -> None:
    changed = policy()
    changed["goals"] = [{"number": n, "title": "x", "typo": 1} for n in range(1, 30)]
    said = kvarter("check", build(tmp_path, changed=changed))
    assert said.code == 3
    assert "... and 9 more." in said.err


# Quiet, check, schema.


def test_quiet_prints_nothing_but_errors(
    kvarter: Kvarter, hamlet: list[object], tmp_path: Path
) -> None:
    (tmp_path / "in.csv").write_text("text\nStrandvejen 3, 2100\n", encoding="utf-8")
    register_file = tmp_path / "hamlet" / "register.parquet"
    for command in (
        ["run", *hamlet],
        ["check", hamlet[0]],
        ["match", tmp_path / "in.csv", "--register", register_file, "--out", "out.csv"],
        ["register", "build", register_file, "--out", "new.parquet"],
    ):
        assert kvarter(*command, "--quiet") == Said(0, "", "")
    said = kvarter("check", "nowhere.yaml", "-q")
    assert (said.code, said.out) == (3, "")
    assert said.err


def test_check_tells_what_it_found_in_every_file(kvarter: Kvarter, hamlet: list[object]) -> None:
    said = kvarter("check", hamlet[0], "--lang", "en")
    # In one line: where a line of the table ends is the terminal's to say.
    lines = [
        "✓ register 50 addresses",
        "✓ area set a 3 areas",
        "✓ statistic dwellings 30 rows of 2022, 2023",
        "✓ source notices 11 rows; UTF-8, semicolon, header in line 1;",
        "1 invalid: 1 no such day (line 11)",
        "✓ addresses of notices 88.9% of the rows have an address that is found (8 address texts)",
        "✓ edition 2017 3 areas, 8 entrances in them",
        "✓ edition 2017 notices-per-dwelling: 2022, from notices, dwellings",
        "✓ edition 2024 3 areas, 8 entrances in them",
        "✓ edition 2024 notices-per-dwelling: 2023, from notices, dwellings",
        "✓ goal 1 fewer, rate: the percentage in the areas is to fall by 25% or more",
        "! edition 2017 dwellings: 2 of 30 rows lie in other municipalities, and are left out.",
        "! indicator notices-per-dwelling by area: `offences` true or false?",
        "The policy and all its files can be used.",
    ]
    assert " ".join(said.out.split()) == " ".join(lines)
    assert "✓  udtræk notices" in kvarter("check", hamlet[0]).out
    assert not list(Path().iterdir())


@pytest.mark.parametrize("said_of", [{"offences": False}, {"by_area": False}])
def test_check_asks_of_offences_only_where_it_is_unsaid(
    kvarter: Kvarter, tmp_path: Path, said_of: dict[str, bool]
) -> None:
    goals = policy()["goals"]
    goals[0]["indicators"][0] |= said_of
    said = kvarter("check", build(tmp_path, changed={"goals": goals}))
    assert said.code == 0
    assert "offences" not in said.out


def test_check_tells_of_every_bad_file_at_once(kvarter: Kvarter, tmp_path: Path) -> None:
    path = build(tmp_path)
    for name in ("areas.geojson", "dwellings.csv", "notices.csv"):
        (tmp_path / name).write_text("", encoding="utf-8")
    said = kvarter("check", path)
    assert said.out.count("✗") == 3
    assert said.out.count("✓") == 2
    assert said.err.count("->") == 3


def test_the_schema_accepts_the_examples_and_refuses_a_typo(kvarter: Kvarter) -> None:
    schema = json.loads(kvarter("schema").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for name in ("copenhagen", "open-data"):
        text = (ROOT / "examples" / name / "policy.yaml").read_text(encoding="utf-8")
        # JSON has no dates: they are texts, as an editor sees them.
        example = json.loads(json.dumps(yaml.load(text, Loader=AsAnEditor), default=str))
        assert [error.message for error in validator.iter_errors(example)] == []
        assert list(validator.iter_errors({**example, "goal": []}))
        del example["municipality"]["code"]
        assert list(validator.iter_errors(example))


class AsAnEditor(yaml.SafeLoader):
    """Reads YAML 1.2, as editors do: there `0101` is no octal number."""


AsAnEditor.add_implicit_resolver("tag:yaml.org,2002:str", re.compile(r"0\d+$"), ["0"])
AsAnEditor.yaml_implicit_resolvers["0"].reverse()


# Match.

TEXTS = [
    ("7", "Strandvejen 2, st. tv, 2100 København Ø", "=1+1"),
    ("03", "nowhere at all", ""),
    ("5", "Kirkevej 1, 2100 København Ø", "https://example.org/a"),
    ("7", "Strandvejen 2, st. tv, 2100 København Ø", 'æøå; "x"'),
    ("", "", "last"),
]
FOUND = ["S2-sttv", None, "K1-", "S2-sttv", None]


def read_washed(path: Path) -> pl.DataFrame:
    """A washed file as texts, nulls for blanks."""
    if path.suffix == ".parquet":
        frame = pl.read_parquet(path)
    elif path.suffix == ".xlsx":
        header, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        frame = pl.DataFrame(rows, schema=header, orient="row", strict=False)
    else:
        frame = pl.read_csv(path, separator=";", infer_schema=False)
    texts = frame.with_columns(pl.all().cast(pl.String))
    return texts.with_columns(pl.when(pl.all() != "").then(pl.all()))


@pytest.mark.parametrize("into", [".csv", ".xlsx", ".parquet"])
@pytest.mark.parametrize("out_of", [".csv", ".xlsx", ".parquet"])
def test_match_keeps_every_column_and_the_order_of_rows(
    kvarter: Kvarter, tmp_path: Path, out_of: str, into: str
) -> None:
    frame = pl.DataFrame(TEXTS, schema=["nr", "Adresse", "note"], orient="row")
    source, out = tmp_path / f"in{out_of}", Path(f"out{into}")
    if out_of == ".csv":
        frame.write_csv(source, separator=";", quote_style="always")
    elif out_of == ".xlsx":
        with xlsxwriter.Workbook(source, {"strings_to_formulas": False}) as book:
            sheet = book.add_worksheet()
            for at, row in enumerate([frame.columns, *TEXTS]):
                for column, cell in enumerate(row):
                    sheet.write_string(at, column, cell)
    else:
        frame.write_parquet(source)
    register().write_parquet(tmp_path / "register.parquet")
    said = kvarter(
        *("match", source, "--register", tmp_path / "register.parquet", "--out", out),
        *("--column", "Adresse"),
    )
    assert (said.code, said.err) == (0, "")
    assert f"5 rows written to {out}" in said.out
    washed = read_washed(out)
    assert washed.columns == ["nr", "Adresse", "note", *ADDED]
    assert washed["address_id"].to_list() == FOUND
    assert washed["category"].to_list() == ["A", None, "A", "A", None]
    kept = [tuple(cell or "" for cell in row) for row in washed.select(frame.columns).rows()]
    # In CSV, what a spreadsheet would work out has an apostrophe before it.
    inert = {"=1+1": "'=1+1"} if into == ".csv" else {}
    assert kept == [tuple(inert.get(cell, cell) for cell in row) for row in TEXTS]


def test_match_keeps_the_order_of_many_rows(kvarter: Kvarter, tmp_path: Path) -> None:
    texts = [f"Strandvejen {n % 9 + 1}, 2100 København Ø" for n in range(20_000)]
    frame = pl.DataFrame({"nr": range(20_000), "text": texts, "text to match": texts[::-1]})
    frame.write_parquet(tmp_path / "in.parquet")
    register().write_parquet(tmp_path / "register.parquet")
    kvarter(
        *("match", tmp_path / "in.parquet", "--register", tmp_path / "register.parquet"),
        *("--out", tmp_path / "out.parquet"),
    )
    washed = pl.read_parquet(tmp_path / "out.parquet")
    assert washed.select(frame.columns).equals(frame)
    entrance = ("S" + (pl.col("nr") % 9 + 1).cast(pl.String)).alias("access_address_id")
    assert washed["access_address_id"].equals(washed.select(entrance).to_series())


def test_match_says_how_many_days_it_could_not_read(kvarter: Kvarter, tmp_path: Path) -> None:
    register().write_parquet(tmp_path / "r.parquet")
    (tmp_path / "in.csv").write_text(
        "ADRESSE;Dato\nRavnevej 4;01-02-2023\nRavnevej 4;31-02-2023\nRavnevej 4;2023\n"
    )
    said = kvarter(
        *("match", tmp_path / "in.csv", "--register", tmp_path / "r.parquet", "--out", "out.csv"),
        *("--column", "Adresse", "--date-column", "dato"),
    )
    assert "2 rows have no day that can be read: matched as of today." in said.out
    assert pl.read_csv("out.csv", separator=";").columns[:2] == ["ADRESSE", "Dato"]


def test_no_command_writes_over_what_it_reads(kvarter: Kvarter, tmp_path: Path) -> None:
    register().write_parquet(tmp_path / "r.parquet")
    (tmp_path / "in.csv").write_text("text\nRavnevej 4\n")
    file = tmp_path / "in.csv"
    said = kvarter("match", file, "--register", tmp_path / "r.parquet", "--out", file)
    assert (said.code, file.read_text()) == (4, "text\nRavnevej 4\n")
    assert "this is the file to wash" in said.err
    (tmp_path / "a.csv").write_text(addresses())
    said = kvarter("register", "build", tmp_path / "a.csv", "--out", tmp_path / "a.csv", *NAMES)
    assert (said.code, (tmp_path / "a.csv").read_text()) == (2, addresses())


@pytest.mark.parametrize(
    ("name", "content", "options", "words"),
    [
        ("in.csv", "adresse\nx\n", [], "there is no column called 'text'"),
        ("in.csv", "text,category\nx,y\n", [], "the file already has the column(s) category"),
        ("in.csv", "text\nx\n", ["--out", "out.txt"], "not a format Kvarter writes"),
        ("in.parquet", "text\nx\n", [], "not a Parquet file"),
        ("in.xlsx", "PK\x03\x04 xl/", [], "the workbook is damaged"),
    ],
)
def test_match_says_what_it_cannot_use(
    kvarter: Kvarter, tmp_path: Path, name: str, content: str, options: list[str], words: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    register().write_parquet(tmp_path / "register.parquet")
    said = kvarter(
        *("match", tmp_path / name, "--register", tmp_path / "register.parquet"),
        *("--out", "out.csv", *options),
    )
    assert said.code == 4
    assert words in said.err
    assert not list(Path().iterdir())


# Register.


def addresses(*changed: dict[str, str]) -> str:
    """A plain file with one good address, and others that differ from it."""
    good = {"id": "a1", "access_address_id": "e1", "vejnavn": "Strandvejen", "house_number": "3 b"}
    good |= {"postnr": "900", "municipality_code": "101", "x": "700.000,5", "y": "6170000"}
    good |= {"floor": "ST.", "door": "TV"}
    rows = [good, *({**good, "id": f"b{n}", **each} for n, each in enumerate(changed))]
    return "\n".join([";".join(good), *(";".join(row.values()) for row in rows)])


NAMES = [
    *("--column", "address_id=id", "--column", "street_name=vejnavn", "--column", "postcode=postnr")
]


def test_register_build_sets_bad_records_aside_and_counts_them(
    kvarter: Kvarter, tmp_path: Path
) -> None:
    bad = [
        *({"id": "a1"}, {"id": ""}, {"access_address_id": ""}, {"vejnavn": ""}),
        *({"house_number": ""}, {"postnr": ""}, {"x": "12,5"}, {"y": "x"}),
    ]
    (tmp_path / "in.csv").write_text(addresses(*bad), encoding="utf-8")
    said = kvarter("register", "build", tmp_path / "in.csv", *NAMES)
    assert said.code == 0
    assert said.out.splitlines()[3:] == [
        "1 addresses written to register.parquet, and their index beside it",
        "        1 set aside: address_id_seen_before",
        "        1 set aside: no_access_address_id",
        "        1 set aside: no_address_id",
        "        1 set aside: no_house_number",
        "        1 set aside: no_point",
        "        1 set aside: no_postcode",
        "        1 set aside: no_street_name",
        "        1 set aside: point_outside_denmark_in_epsg_25832",
        "The records set aside are in register.set-aside.csv",
    ]
    (made,) = pl.read_parquet("register.parquet").to_dicts()
    found = [made[name] for name in ("address_id", "house_number", "floor", "door", "postcode")]
    assert found == ["a1", "3B", "st", "tv", "0900"]
    assert (made["municipality_code"], made["postal_street_name"]) == ("0101", "Strandvejen")
    assert (made["x"], made["y"]) == (700_000.5, 6_170_000)
    assert pl.read_csv("register.set-aside.csv").height == len(bad)


def test_register_build_leaves_no_records_of_an_earlier_file(
    kvarter: Kvarter, tmp_path: Path
) -> None:
    for changed in ([{"postnr": ""}], []):
        (tmp_path / "in.csv").write_text(addresses(*changed), encoding="utf-8")
        kvarter("register", "build", tmp_path / "in.csv", *NAMES)
    made = {"register.parquet", "register.index", ".register.parquet.kvarter"}
    assert {path.name for path in Path().iterdir()} == made


def test_register_build_says_which_columns_it_wants(kvarter: Kvarter, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(addresses(), encoding="utf-8")
    said = kvarter("register", "build", tmp_path / "in.csv")
    assert said.code == 4
    assert "there is no column called 'street_name'" in said.err
    for wrong in ("vejnavn", "street=vejnavn"):
        said = kvarter("register", "build", tmp_path / "in.csv", "--column", wrong)
        assert said.code == 2
        assert "REGISTER_COLUMN=NAME_IN_FILE" in said.err


def test_a_built_register_can_be_built_again_and_run_on(
    kvarter: Kvarter, hamlet: list[object], tmp_path: Path
) -> None:
    made = tmp_path / "hamlet" / "register.parquet"
    assert kvarter("register", "build", made, "--out", "again.parquet").code == 0
    assert pl.read_parquet("again.parquet").equals(register().sort("address_id"))
    made.write_bytes(Path("again.parquet").read_bytes())
    assert kvarter("run", *hamlet).code == 0


# Trace.


@pytest.mark.parametrize(
    ("outcome", "stages", "words"),
    [
        ("counted", 4, "counted"),
        ("duplicate", 4, "duplicate (same_"),
        ("unlocated", 4, "unlocated ("),
        ("outside_municipality", 4, "outside_municipality (other_municipality)"),
        ("outside_period", 1, "outside_period"),
        ("invalid", 1, "invalid ("),
    ],
)
def test_trace_tells_the_story_of_any_row(
    kvarter: Kvarter, city: Path, outcome: str, stages: int, words: str
) -> None:
    status = city / "status"
    ledger = pl.read_parquet(status / "2024" / "internal/ledger.parquet")
    source, row = ledger.filter(pl.col("outcome") == outcome).row(0)[:2]
    said = kvarter("trace", source, row, "--status", status)
    assert (said.code, said.err) == (0, "")
    told = [line for line in said.out.splitlines() if not line.startswith(" ")]
    assert [line.split()[0] for line in told] == ["read", "match", "place", "deduplicate"][:stages]
    assert words in told[-1]
    assert ("address:" in said.out) == (stages > 1)
    assert kvarter("trace", source, row, "--status", status / "2024") == said


def test_trace_names_the_other_rows_of_a_case(kvarter: Kvarter, hamlet: list[object]) -> None:
    kvarter("run", *hamlet, "--out", "status")
    assert "other rows of the case: notices:7" in kvarter("trace", "notices", 6).out
    assert "other rows of the case: notices:6" in kvarter("trace", "notices", 7).out


def test_trace_looks_in_the_edition_asked_for(kvarter: Kvarter, hamlet: list[object]) -> None:
    kvarter("run", *hamlet, "--edition", "2017", "--out", "status")
    assert kvarter("trace", "notices", 2, "--edition", "2017").code == 0
    said = kvarter("trace", "notices", 2, "--edition", "2024")
    assert said.code == 4
    assert "no status of edition '2024'" in said.err


# As a library.


def test_five_lines_of_python_make_a_status(hamlet: list[object], tmp_path: Path) -> None:
    code = """
from kvarter.pipeline.run import run
status = run("policy.yaml", edition="2024", out="status", language="en", key_file="key")
city = status.public.results.filter(group="city", period=2022)
print(city["numerator"].item(), "of", city["denominator"].item())
""".strip()
    assert len(code.splitlines()) < 5
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path / "hamlet",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "4.0 of 44.0\n", "")


def test_a_washed_file_takes_the_place_of_no_other_and_is_none_that_excel_shows_blank(
    tmp_path: Path,
) -> None:
    known, source = tmp_path / "register.parquet", tmp_path / "cases.csv"
    register().write_parquet(known)
    before = known.read_bytes()
    source.write_text("text;Note;note\nStrandvejen 1, 2100;x;y\n", encoding="utf-8")
    with pytest.raises(InputError, match="this is the register"):
        wash(source, known, known)
    with pytest.raises(InputError, match="the columns Note and note are one to Excel"):
        wash(source, known, tmp_path / "washed.xlsx")
    assert known.read_bytes() == before
    assert not (tmp_path / "washed.xlsx").exists()
    assert wash(source, known, tmp_path / "washed.csv").rows == 1


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
def test_several_columns_are_washed_as_one_text(suffix: str, tmp_path: Path) -> None:
    known, source = tmp_path / "register.parquet", tmp_path / f"cases.{suffix}"
    register().write_parquet(known)
    frame = pl.DataFrame(
        {
            "Adresse": ["Strandvejen 2, st. tv", "Strandvejen 2 st tv", None],
            "Post nr.": [2100.0, None, 2100.0],
            "By": ["København Ø", "2100 Kbh Ø", ""],
        }
    )
    if suffix == "csv":
        frame = frame.with_columns(pl.col("Post nr.").cast(pl.Int64))
        frame.write_csv(source, separator=";")
    elif suffix == "xlsx":
        frame.write_excel(source)
    else:
        frame.write_parquet(source)
    columns = [part for name in ("Adresse", "post nr", "By") for part in ("--column", name)]
    files = ["match", str(source), "--register", str(known), "--out", str(tmp_path / "o.parquet")]
    done = CliRunner().invoke(app, [*files, *columns])
    assert done.exit_code == 0, done.output
    washed = pl.read_parquet(tmp_path / "o.parquet")
    assert washed["category"].to_list() == ["A", "B", None]
    assert washed["level"].to_list() == ["unit", "unit", "none"]
    assert washed.columns[:3] == frame.columns
    missing = CliRunner().invoke(app, [*files, "--column", "Adresse", "--column", "Postnummer"])
    assert isinstance(missing.exception, InputError)
    assert "The likeliest match is 'Post nr.'" in str(missing.exception)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (["rows"], "the column rows has lists or groups of values"),
        (["text", "parts"], "the column parts has lists or groups of values"),
        (["text", "--date-column", "parts"], "the column parts has lists or groups of values"),
        (["text"], "the column(s) rows, parts, raw have lists, groups or bytes"),
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_lists_in_a_file_to_wash_are_no_texts(
    columns: list[str], words: str, suffix: str, tmp_path: Path
) -> None:
    known, source, out = (tmp_path / name for name in ("r.parquet", "c.parquet", f"o.{suffix}"))
    register().write_parquet(known)
    text = "Strandvejen 2, st. tv, 2100 København Ø"
    pl.DataFrame(
        {"text": [text], "rows": [[text]], "parts": [{"street": text}], "raw": [b"\xff"]}
    ).write_parquet(source)
    options = ["--column", columns[0], *columns[1:]]
    if columns[1:] == ["parts"]:
        options = ["--column", columns[0], "--column", columns[1]]
    files = ["match", str(source), "--register", str(known)]
    refused = CliRunner().invoke(app, [*files, "--out", str(out), *options])
    assert isinstance(refused.exception, InputError)
    assert words in str(refused.exception)
    assert not out.exists()
    kept = CliRunner().invoke(app, [*files, "--out", str(tmp_path / "o.parquet")])
    assert kept.exit_code == 0, kept.output
    assert pl.read_parquet(tmp_path / "o.parquet")["rows"].to_list() == [[text]]


def test_a_text_is_explained_as_of_a_day(tmp_path: Path) -> None:
    known = tmp_path / "register.parquet"
    since = pl.lit("2015-03-01").alias("valid_from")
    register().with_columns(since).write_parquet(known)
    said = {}
    for day in ("2012-05-17", "2020-05-17"):
        text = ["--explain", "Strandvejen 2, st. tv, 2100 København Ø", "--date", day]
        done = CliRunner().invoke(app, ["match", "--register", str(known), *text])
        assert done.exit_code == 0, done.output
        said[day] = "did not exist on the day" in " ".join(done.output.split())
    assert said == {"2012-05-17": True, "2020-05-17": False}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--explain", "Strandvejen 2", "--date", "17.5.2020"], "no day"),
        (["--date", "2020-05-17", "in.csv", "--out", "o.csv"], "a file has"),
    ],
)
def test_a_day_is_one_of_an_explained_text(options: list[str], words: str, tmp_path: Path) -> None:
    known = tmp_path / "register.parquet"
    register().write_parquet(known)
    done = CliRunner().invoke(app, ["match", "--register", str(known), *options])
    assert done.exit_code == 2
    assert words in " ".join(done.output.split())
