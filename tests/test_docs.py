"""The documentation keeps up with the code: what is there is explained, and every link leads on."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest
import yaml
from pydantic import TypeAdapter

from conftest import ROOT
from kvarter.addresses import Category, Level, Reason
from kvarter.addresses.match_file import ADDED
from kvarter.cases import STAGES, Outcome
from kvarter.judgement.sensitivity import STEPS
from kvarter.policy import Policy, load_policy
from kvarter.policy.document import _Loader
from kvarter.policy.model import IndependentTotal, Published, Target, Wording
from kvarter.register import COLUMNS
from kvarter.register.plain import REQUIRED
from kvarter.statement import Statement, load_statement


def _build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_build", ROOT / "docs" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BUILD = _build()
CHECKS = [
    *("rounding", "chance", "unlocated", "case_system", "other_reading", "other_comparison"),
    *("beyond_city", "change_is_chance", "unlocated_cases", "tipping_point"),
    *("rounded_low", "rounded_high"),
    *("bound_low", "bound_high", "met", "not_met", "cannot_tell", "holds", "turns", "na"),
]


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def in_code(name: str) -> set[str]:
    """Every word that stands as code on a page: in backticks or in a block."""
    text = page(name)
    blocks = re.findall(r"^```.*?^```", text, re.S | re.M)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M))
    return set(re.findall(r"[\w.-]+", " ".join(blocks + spans)))


def blocks_of(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page(name), re.S | re.M)


@pytest.mark.parametrize("command", [c for _, c in BUILD.commands()], ids=lambda c: str(c.name))
def test_every_command_and_option_has_help(command: Any) -> None:
    assert command.help
    assert [one.name for one in command.params if not one.help] == []


@pytest.mark.parametrize("path", BUILD.generated(), ids=lambda path: str(path.name))
def test_generated_pages_are_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == BUILD.generated()[path], "run `make docs`"


def test_every_command_and_option_stands_in_the_page() -> None:
    text = page("docs/cli.md")
    for name, command in BUILD.commands():
        section = text.split(f"\n## {name}\n")[1].split("\n## ")[0]
        for one in command.params:
            for option in one.opts if one.param_type_name == "option" else [one.metavar]:
                assert f"`{option}`" in section, f"{name} {option}"


def test_every_relative_link_leads_somewhere() -> None:
    assert BUILD.broken_links() == []


def test_a_broken_link_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text("# A b\n[x](#a-b) [y](b.md) [z](#c) [w](https://example.org)\n")
    monkeypatch.setattr(BUILD, "ROOT", tmp_path)
    assert BUILD.broken_links() == ["a.md: b.md", "a.md: #c"]


def test_every_field_of_the_policy_is_explained() -> None:
    schema = Policy.model_json_schema()
    models = {"Policy": schema, **schema["$defs"]}
    known = in_code("docs/policy-file.md")
    fields = {(m, f) for m, model in models.items() for f in model.get("properties", {})}
    values = {
        (f"{m}.{f}", value)
        for m, model in models.items()
        for f, field in model.get("properties", {}).items()
        for value in field.get("enum", [])
    }
    assert [each for each in sorted(fields | values) if each[1] not in known] == []


def test_every_field_of_the_statement_is_explained() -> None:
    schema = Statement.model_json_schema()
    models = [schema, *map(schema["$defs"].get, ("Accepted", "Memo", "Entered"))]
    fields = {field for model in models for field in model["properties"]}
    assert fields - in_code("docs/statement.md") == set()


def test_the_statement_on_its_page_goes_with_the_example(tmp_path: Path) -> None:
    (text,) = blocks_of("docs/statement.md", "yaml")
    (tmp_path / "2024.yaml").write_text(text, encoding="utf-8")
    policy = load_policy(ROOT / "examples" / "copenhagen" / "policy.yaml")
    assert load_statement(tmp_path / "2024.yaml", policy).comments.keys() == {2, 5}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("docs/addresses.md", [*Reason, *Level], id="reasons"),
        pytest.param("docs/tables.md", [*STEPS], id="sensitivity"),
        pytest.param("docs/formats.md", [*COLUMNS, *REQUIRED], id="register"),
        pytest.param("docs/formats.md", [*ADDED, *Category], id="washed"),
        pytest.param("docs/formats.md", [*Outcome, *STAGES], id="ledger"),
        pytest.param("docs/judgement.md", CHECKS, id="checks"),
    ],
)
def test_every_column_and_code_is_explained(name: str, words: list[str]) -> None:
    known = in_code(name)
    assert [str(word) for word in words if str(word) not in known] == []


def test_what_the_example_writes_is_explained(city: Path) -> None:
    """Columns of the ledger and the rows, and every reason that the example's rows have."""
    known = in_code("docs/formats.md") | in_code("docs/addresses.md") | in_code("docs/tables.md")
    ledger = pl.read_parquet(city / "status" / "2024" / "internal/ledger.parquet")
    rows = pl.read_parquet(city / "status" / "2024" / "internal" / "rows.parquet")
    reasons = [reason for reason in ledger["reason"].unique().drop_nulls() if "same_" not in reason]
    assert {*ledger.columns, *rows.columns, *reasons} - known == set()


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads(page("pyproject.toml"))
    in_groups = [one for group in project["dependency-groups"].values() for one in group]
    # A group that takes in another names it in a table.
    extras = project["project"]["optional-dependencies"].values()
    named = [*project["project"]["dependencies"], *(one for extra in extras for one in extra)]
    named += [one for one in in_groups if isinstance(one, str)]
    known = in_code("docs/dependencies.md")
    names = [re.split(r"[\[<>=]", one)[0] for one in named]
    assert [name for name in names if name not in known] == []


def test_the_readme_runs(
    make_copy: Callable[[], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_copy().rename(tmp_path / "kvarter-demo")
    monkeypatch.chdir(tmp_path)
    (example,) = blocks_of("README.md", "python")
    found: dict[str, Any] = {}
    exec(example, found)
    assert found["status"].verdicts["verdict"].to_list() == ["met"] * 5
    assert (tmp_path / "kvarter-demo" / "status" / "2024" / "report.html").exists()


def test_the_tutorials_own_policy_is_one(tmp_path: Path) -> None:
    (text,) = blocks_of("docs/tutorial.md", "yaml")
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    assert load_policy(tmp_path / "own.yaml").baseline() is not None


SETTING_ASIDE = ["cases/read", "files/dates", "files/header"]
SETTING_ASIDE += [f"register/{name}" for name in ("records", "states", "dar", "dawa", "extract")]


@pytest.mark.parametrize("module", SETTING_ASIDE)
def test_reasons_that_the_example_lacks_are_explained_too(module: str) -> None:
    source = re.sub(r"\.drop\(.*\)", "", page(f"src/kvarter/{module}.py"))
    code = r'"([a-z]+(?:_[a-z0-9]+)+)"'
    codes = re.findall(rf"(?:lit\(|return |, |= ){code}(?:\)|$)", source, re.MULTILINE)
    assert set(codes) - in_code("docs/formats.md") == set()
    assert codes


def test_every_snippet_of_a_policy_can_stand_in_one() -> None:
    models = {name: field.annotation for name, field in Policy.model_fields.items()}
    models |= {"published": list[Published], "targets": list[Target]}
    models |= {"independent_totals": list[IndependentTotal], "wording": Wording}
    for block in blocks_of("docs/policy-file.md", "yaml"):
        for name, content in (yaml.load(block, _Loader) or {}).items():
            TypeAdapter(models[name]).validate_python(content)
