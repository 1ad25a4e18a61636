"""A mistake in the policy file is told with file, line, field and remedy."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from hamlet import policy as hamlet_policy
from kvarter.cli import app
from kvarter.errors import PolicyError
from kvarter.policy import Policy, load_policy
from kvarter.policy.model import Reading

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
        ("case_system", "It is a field of: source. Move or remove it."),
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
    found = changed(tmp_path, "    cases: eviction-notice\n", "")
    assert any("sources[varsler-2016].cases: this field is missing" in e for e in found)
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
        ("", "the file is empty"),
        ("title: [", "not valid YAML"),
        ("title:\n\t- x", "Take out the tabs"),
        ("? [a]\n: x", "the name of a field is a list"),
        ("title: {{x}}", "the name of a field is a list"),
        ("title: !!int x", "not valid YAML"),
        ("title: !!timestamp 2021-02-30", "not valid YAML"),
        ("title: \x07", "not valid YAML"),
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
        ("# " + "x" * 1_000_001, "at most 1,000,000 are read"),
        ("title:\n", "there is nothing here"),
    ],
)
def test_what_is_no_policy(tmp_path: Path, text: str, words: str) -> None:
    assert any(words in error for error in errors(tmp_path, text))


def test_no_file_and_no_text(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="the file is not there"):
        load_policy(tmp_path / "nowhere.yaml")
    with pytest.raises(PolicyError, match="folder"):
        load_policy(tmp_path)
    os.mkfifo(tmp_path / "pipe.yaml")
    for device, kind in ((tmp_path / "pipe.yaml", "a pipe"), (Path("/dev/zero"), "a device")):
        with pytest.raises(PolicyError, match=kind):
            load_policy(device)
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


# What is written otherwise than a field wants it gets a remedy that works.

SMALL = """\
title: Politik
municipality: {code: "0101", name: By}
period: {from: 2016, to: 2025}
editions:
  - id: "2024"
    title: Status
    data_year: 2023
    area_set: a
    baseline: true
area_sets:
  - id: a
    title: A
    file: a.geojson
    name_field: navn
    areas: [{id: x, name: X}]
    decided: 2017-06-22
case_kinds:
  - {id: notice, title: V, unite_as: household, same_when: [[unit]]}
goals:
  - number: 1
    title: Mindre
    indicators:
      - id: i
        title: I
        measured: Antal
        kind: share
        numerator: {cases: notice}
        by_area: false
        published: [{year: 2023, group: areas, percent: 1.5, numerator: 900, denominator: 60000}]
    targets:
      - id: t
        text: T
        indicator: i
        readings: [{id: r, title: R, kind: relative_change, change: -20}]
"""


def load(tmp_path: Path, text: str) -> Policy:
    path = tmp_path / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    return load_policy(path)


@pytest.mark.parametrize(
    ("right", "written", "remedy"),
    [
        ('code: "0101"', "code: 461", 'code: "0461"'),
        ('code: "0101"', 'code: "461"', 'code: "0461"'),
        ('code: "0101"', "code: 101.0", 'code: "0101"'),
        ("change: -20", "change: -20,5", "change: -20.5"),
        ("change: -20", "change: '-20,5'", "change: -20.5"),
        ("change: -20", "change: −20,5 %", "change: -20.5"),
        ("change: -20", "change: -20,0", "change: -20"),
        ("change: -20", "change: -1,250", "change: -1250"),
        ("change: -20", "change: -20 %", "change: -20"),
        ("change: -20", "change: minus 20", "change: -20"),
        ("change: -20", "change: -1.250", "change: -1250"),
        ("percent: 1.5", "percent: 1,5", "percent: 1.5"),
        ("numerator: 900", "numerator: 900.0", "numerator: 900"),
        ("numerator: 900", "numerator: 900,0", "numerator: 900"),
        ("denominator: 60000", "denominator: 60.000", "denominator: 60000"),
        ("denominator: 60000", "denominator: 60,000", "denominator: 60000"),
        ("denominator: 60000", "denominator: 60 000", "denominator: 60000"),
        ("data_year: 2023", "data_year: 2023.0", "data_year: 2023"),
        ("data_year: 2023", "data_year: 2023-01-01", "data_year: 2023"),
        ("data_year: 2023", "data_year: 12:30", "data_year: 2024"),
        ("data_year: 2023", "data_year: 0x7e7", "data_year: 2024"),
        ("number: 1", "number: 1.", "number: 2024"),
        ("decided: 2017-06-22", "decided: 22-06-2017", "decided: 2017-06-22"),
        ("decided: 2017-06-22", "decided: 22.6.2017", "decided: 2017-06-22"),
        ("decided: 2017-06-22", "decided: 2017-6-22", "decided: 2017-06-22"),
        ("decided: 2017-06-22", "decided: 20170622", "decided: 2017-06-22"),
        ("decided: 2017-06-22", "decided: 2017-06-22T12:00:00Z", "decided: 2017-06-22"),
        ("decided: 2017-06-22", "decided: 2017-31-12", "decided: 2017-12-31"),
        ("decided: 2017-06-22", "decided: 2017-02-30", "decided: 2017-02-28"),
        ("by_area: false", "by_area: nej", "by_area: false"),
        ("baseline: true", "baseline: ja", "baseline: true"),
        ("title: Mindre", "title: Mål: mindre", 'title: "Mål: mindre"'),
        ("title: Mindre", "title: @mindre", 'title: "@mindre"'),
        ("title: Mindre", "title: *mindre", 'title: "*mindre"'),
        ("title: Mindre", "title: %mindre", 'title: "%mindre"'),
        ("title: Mindre", "title: !mindre x", 'title: "!mindre x"'),
        ("title: Mindre", "title:Mindre", "title: Mindre"),
        ("id: i", "id: Ældre", "id: aeldre"),
        ("same_when: [[unit]]", "same_when: [unit]", "same_when: [[unit]]"),
        ("from: 2016", "fra: 2016", "from: 2016"),
    ],
)
def test_who_follows_the_remedy_gets_past_the_error(
    tmp_path: Path, right: str, written: str, remedy: str
) -> None:
    with pytest.raises(PolicyError) as raised:
        load(tmp_path, SMALL.replace(right, written, 1))
    told = [problem for problem in raised.value.problems if problem.line]
    assert told == raised.value.problems
    field, _, value = remedy.partition(": ")
    assert any(value.strip("[]") in each.remedy or f"`{field}`" in each.remedy for each in told)
    follow = SMALL.replace(right, remedy, 1)
    follow = (
        follow.replace("indicator: i\n", "indicator: aeldre\n") if value == "aeldre" else follow
    )
    load(tmp_path, follow)


@pytest.mark.parametrize("value", [".inf", "-.inf", ".nan", "inf", "nan", "1e999", "1e300"])
def test_what_is_no_number_to_reckon_with_is_refused(tmp_path: Path, value: str) -> None:
    for field in ("change: -20", "percent: 1.5"):
        name = field.partition(":")[0]
        with pytest.raises(PolicyError, match="number"):
            load(tmp_path, SMALL.replace(field, f"{name}: {value}", 1))
    with pytest.raises(ValueError, match="number"):
        Reading(id="r", title="r", kind="relative_change", change=float("inf"))


@pytest.mark.parametrize(
    "text", ["no", "0101", "12:30", "1e3", "2024", "2021-12-31", "ja", "on", "0x1f", "1_000"]
)
def test_a_text_is_what_stands_there(tmp_path: Path, text: str) -> None:
    policy = load(tmp_path, SMALL.replace("title: Mindre", f"title: {text}", 1))
    assert policy.goals[0].title == text


@pytest.mark.parametrize("text", ["~", "null", ""])
def test_nothing_is_no_text(tmp_path: Path, text: str) -> None:
    with pytest.raises(PolicyError, match="there is nothing here"):
        load(tmp_path, SMALL.replace("title: Mindre", f"title: {text}", 1))


def test_what_a_hash_cuts_off_is_told(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="all from # on is a comment") as raised:
        load(tmp_path, SMALL.replace("title: Mindre", "title: Mål #2", 1))
    assert raised.value.problems[0].line == 21
    assert load(tmp_path, SMALL.replace("title: Mindre", 'title: "Mål #2"', 1)).goals[0].title == (
        "Mål #2"
    )
    load(tmp_path, SMALL.replace("title: Mindre", "title: Mål # det andet", 1))


@pytest.mark.parametrize("where", ["title: Mindre", "measured: Antal", "text: T", "title: Status"])
def test_a_person_number_is_refused_and_not_quoted(tmp_path: Path, where: str) -> None:
    number = "010190-1234"
    with pytest.raises(PolicyError, match="looks like a person number") as raised:
        load(tmp_path, SMALL.replace(where, f"{where} {number}", 1))
    assert number not in str(raised.value)
    assert raised.value.problems[0].line


@pytest.mark.parametrize(
    "text", ["01-01-2021 - 31-12-2023", "2021-01-01 – 2023-12-31", "F2 6655654, 2024-0353188"]
)
def test_days_and_numbers_of_documents_are_no_person_numbers(tmp_path: Path, text: str) -> None:
    assert (
        load(tmp_path, SMALL.replace("title: Mindre", f"title: {text}", 1)).goals[0].title == text
    )


def test_an_empty_list_of_keys_would_unite_all(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="there is nothing in it"):
        load(tmp_path, SMALL.replace("[[unit]]", "[[]]", 1))


def test_a_mistake_in_a_part_is_told_of_what_it_is_meant_to_be(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as raised:
        load(tmp_path, SMALL.replace("{cases: notice}", "{cases: notice, kolonne: x}", 1))
    assert len(raised.value.problems) == 1
    assert "kolonne" in raised.value.problems[0].what


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("[{year: 2014, count: 3}]", "no figure of 2014 stands under `published`"),
        ("[{year: 2015, count: 3}, {year: 2015, count: 4}]", "2015 is there twice"),
        ("[{year: 2015, count: -1}]", "count"),
    ],
)
def test_unlocated_cases_stand_beside_a_published_figure(
    tmp_path: Path, lines: str, said: str
) -> None:
    """A number of them is of a year whose figures were published; of extracts it is counted."""
    new = (
        "        offences: true\n        published:\n"
        "          - {year: 2015, group: areas, percent: 42}\n"
        f"        published_unlocated: {lines}\n"
    )
    found = changed(tmp_path, "        offences: true\n", new)
    assert any(said in problem for problem in found), found
