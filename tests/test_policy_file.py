"""A mistake in the policy file is told with file, line, field and remedy."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from hamlet import policy as hamlet_policy
from kvarter.cli import app
from kvarter.errors import PolicyError
from kvarter.policy import load_policy

EXAMPLE = Path(__file__).parents[1] / "examples" / "copenhagen" / "policy.yaml"


def errors(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        load_policy(path)
    return [str(problem).removeprefix(f"{path}:") for problem in raised.value.problems]


def changed(tmp_path: Path, old: str, new: str) -> list[str]:
    """The errors of the example with `old` replaced by `new`, once."""
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    return errors(tmp_path, text.replace(old, new, 1))


def line_of(words: str) -> int:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if words in line)


def test_the_example_is_a_whole_policy() -> None:
    policy = load_policy(EXAMPLE)
    assert [goal.number for goal in policy.goals] == list(range(1, 19))
    assert [goal.number for goal in policy.goals if goal.indicators] == [2, 5]
    assert all(goal.no_data for goal in policy.goals if not goal.indicators)
    assert policy.municipality.code == "0101"  # not the octal number 65
    assert len(policy.area_set("2017").areas) == 16
    offences = {each.id: each.offences for _, each in policy.indicators()}
    assert offences == {"eviction-notices-per-dwelling": False, "minors-in-hearings": True}


def test_a_misspelt_field(tmp_path: Path) -> None:
    found = changed(tmp_path, "case_system: KSS", "case_sytem: KSS")
    assert (
        f"{line_of('case_system: KSS')}: sources[varsler-2016].case_sytem: "
        "there is no field called 'case_sytem'\n  -> Did you mean `case_system`?"
    ) in found


@pytest.mark.parametrize(
    ("field", "remedy"),
    [
        ("offences", "It is a field of: indicator. Move or remove it."),
        ("sheet", "It is a field of: source. Move or remove it."),
        ("title", "Remove it."),
    ],
)
def test_a_field_in_the_wrong_place_is_not_suggested_to_itself(
    tmp_path: Path, field: str, remedy: str
) -> None:
    found = changed(tmp_path, "municipality: {code", f"municipality: {{{field}: x, code")
    said = f"municipality.{field}: there is no field called '{field}' here\n  -> {remedy}"
    assert any(each.endswith(said) for each in found)


def test_a_missing_field_names_its_owner(tmp_path: Path) -> None:
    found = changed(tmp_path, "    case_system: KSS\n", "")
    assert any("sources[varsler-2016].case_system: this field is missing" in e for e in found)
    assert all(error.split(":")[0].isdigit() for error in found)


def test_a_value_that_is_none_of_those_allowed(tmp_path: Path) -> None:
    (error,) = changed(tmp_path, "kind: relative_change", "kind: relative")
    assert "readings[rate].kind: 'relative' is not one of the values it can have" in error
    assert "'relative_change'" in error


def test_a_date_that_is_none(tmp_path: Path) -> None:
    (error,) = changed(tmp_path, "from: 2016-01-01", "from: 1. januar")
    assert "sources[varsler-2016].from" in error
    assert "Write it as 2023-12-31" in error


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("cases: hearing\n", "cases: hearings\n", "no case kind called 'hearings'"),
        ("indicator: minors-in-hearings", "indicator: minors", "no indicator called 'minors'"),
        ("statistic: dwellings,", "statistic: dwelings,", "Did you mean 'dwellings'"),
        (
            'data_year: 2023\n    area_set: "2017"',
            'data_year: 2023\n    area_set: "2025"',
            "no area set",
        ),
        ("id: domus-2022", "id: domus-2021", "'domus-2021' is there twice"),
        ("{id: moellevangen,", "{id: city,", "what Kvarter calls a group of its own"),
        ("id: minors-in-hearings", "id: eviction-notices-per-dwelling", "is there twice"),
        ("to: 2016-12-31", "to: 2015-12-31", "ends (2015-12-31) before it begins"),
        (", baseline: true}", "}", "no edition is the baseline"),
        ("            decides: true\n", "", "none (or more than one) decides"),
        ("        kind: share\n", "        kind: rate\n", "a rate needs a `denominator`"),
        ("            change: -25\n", "", "needs `change`"),
        ("      name: Navn", "      name: Navn\n      address: Vej", "'address' is given twice"),
        ("register: {file: register.parquet}", "", "no address register to find them in"),
        ("      person_number: Cpr-nr\n", "", "no column here tells the age"),
        ('      "2024":', '      "2025":', "no edition called '2025'"),
    ],
)
def test_disagreements(tmp_path: Path, old: str, new: str, words: str) -> None:
    found = changed(tmp_path, old, new)
    assert any(words in error for error in found), found
    assert all("\n  -> " in error for error in found)
    assert all(error.split(":")[0].isdigit() for error in found)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    data = hamlet_policy()
    data["goals"][0]["targets"][0]["indicator"] = "x"
    data["sources"][0]["cases"] = "y"
    assert len(errors(tmp_path, yaml.safe_dump(data))) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the policy file is empty"),
        ("title: [", "not valid YAML"),
        ("title:\n\t- x", "not valid YAML"),
        ("- a\n- b\n", "no fields with values"),
        ("just words", "no fields with values"),
        ("x: &x [*x]", "values in values without end"),
        ("title: &t {da: *t}", "values in values without end"),
        ("x: " + "[" * 5000, "values in values without end"),
        (
            "a: &a [1,2,3,4,5,6,7,8,9]\n"
            + "".join(f"{n}: &{n} [{', '.join([f'*{m}'] * 9)}]\n" for m, n in pairwise("abcdefgh")),
            "values in values without end",
        ),
        ("# " + "x" * 1_000_001, "no policy file: it is 1,000,003 characters long"),
        ("title:\n", "there is nothing here"),
    ],
)
def test_what_is_no_policy(tmp_path: Path, text: str, words: str) -> None:
    assert any(words in error for error in errors(tmp_path, text))


def test_no_file_and_no_text(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="no such policy file"):
        load_policy(tmp_path / "nowhere.yaml")
    with pytest.raises(PolicyError, match="folder"):
        load_policy(tmp_path)
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe\x00\x01\x02")
    with pytest.raises(PolicyError):
        load_policy(tmp_path / "b.yaml")


def test_schema_is_printed_as_json() -> None:
    import json

    result = CliRunner().invoke(app, ["schema"])
    assert json.loads(result.stdout)["title"] == "Policy"


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("percent: 4.2, numerator: 11, denominator: 26", "4.2 percent stands beside 11 of 26"),
        ("percent: 0, numerator: 0, denominator: 0", "0 of 0 has no percentage"),
        ("percent: 150, numerator: 39, denominator: 26", "more than all"),
        ("percent: 42, numerator: -11, denominator: 26", "greater than or equal to 0"),
    ],
)
def test_a_published_percentage_is_that_of_its_counts(
    tmp_path: Path, figure: str, said: str
) -> None:
    """42 percent of 26 is 11; one that was mistyped is told before anything is judged by it."""
    rows = "        offences: true\n        published:\n          - {year: 2015, group: areas, "
    found = changed(tmp_path, "        offences: true\n", f"{rows}{figure}}}\n")
    assert any(said in problem for problem in found), found
    changed_text = EXAMPLE.read_text(encoding="utf-8").replace(
        "        offences: true\n",
        f"{rows}percent: 42, numerator: 11, denominator: 26}}\n",
        1,
    )
    (tmp_path / "right.yaml").write_text(changed_text, encoding="utf-8")
    assert load_policy(tmp_path / "right.yaml")
