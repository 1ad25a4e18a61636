"""What people write of an edition: read, saved, moved out of policies, and no part of a figure."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import string
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from conftest import ROOT
from first_form import as_before_statements, as_first_form, with_its_words
from hamlet import STATEMENT, build, policy, run_in
from kvarter.cli import app
from kvarter.comparison.compare import compare
from kvarter.documents.comments import draft_code
from kvarter.editions import open_edition
from kvarter.editions.folder import DATA, INTERNAL, POLICY_COPY, RECORD
from kvarter.editions.folder import STATEMENT as KEPT
from kvarter.editions.record import sha256
from kvarter.errors import InputError, PolicyError
from kvarter.pipeline.check import check
from kvarter.pipeline.rebuild import rebuild
from kvarter.pipeline.run import run
from kvarter.pipeline.write import write
from kvarter.policy import Policy, load_policy
from kvarter.policy.document import parse_document
from kvarter.policy.edit import cut
from kvarter.privacy import without_person_numbers
from kvarter.statement import (
    Accepted,
    Statement,
    load_statement,
    save_statement,
    statement_of,
)
from kvarter.statement.lift import lift, places_of
from kvarter.statement.migrate import migrate

EXAMPLE = ROOT / "examples" / "copenhagen"
SAID: dict[str, Any] = {
    "signed_by": ["Kontor 7"],
    "next_steps": [{"da": "Vi ser på det igen.", "en": "We look at it again."}],
    "comments": {1: "Som forventet."},
}

# Loading.


def errors(tmp_path: Path, text: str, of: Policy | None = None) -> list[str]:
    path = tmp_path / "2024.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        load_statement(path, of)
    return [str(problem).removeprefix(f"{path}:") for problem in raised.value.problems]


def test_the_examples_statement_is_loaded() -> None:
    statement = statement_of(EXAMPLE, "2024", load_policy(EXAMPLE / "policy.yaml"))
    assert statement.signed_by == ["Socialforvaltningen", "Økonomiforvaltningen"]
    assert len(statement.next_steps) == 2
    assert "DOMUS" in str(statement.comment_on(2))
    assert isinstance(statement.comment_on(5), Accepted)
    assert len(statement.memo.asks) == 2


def test_where_there_is_no_file_nothing_is_said() -> None:
    known = load_policy(EXAMPLE / "policy.yaml")
    assert statement_of(EXAMPLE, "2017", known) == Statement.empty("2017")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "signed_by: Anna",
            "2: signed_by: a list is asked for here\n  -> Write it in brackets: [A",
        ),
        (
            "signed: [Anna]",
            "2: signed: there is no field called 'signed'\n  -> Did you mean `signe",
        ),
        ("comments: {a: x}", "comments.a: 'a' is not a whole number"),
        ("comments: {02: x}", "comments.02: '02' is not how a goal is numbered\n  -> Write 2."),
        ("comments: {0: x}", "2: comments.0: 0 should be greater than or equal to 1\n  -> Write"),
        (
            "comments: {2: {accepted: ab}}",
            "2: comments.2.by: this field is missing\n  -> Add it; d",
        ),
        ("comments: {2: {accepted: a, by: b, on: 1/5-24}}", "comments.2.on: '1/5-24' is not a dat"),
        ("comments: {2: {dansk: x}}", "comments.2.da: this field is missing"),
        ("comments: {2: [x]}", "2: comments.2: these are no fields with values\n  -> Write th"),
        ("comments: {2: a, 2: b}", "2: '2' is given twice"),
        ("comments:", "2: comments: these are no fields"),
        ("signed_by: [010190-1233]", "2: signed_by.0: here stands what looks like a person number"),
        ("next_steps: [UDFYLD]", "2: next_steps.0: this is still to be filled in"),
        ("goals: []", "2: goals: there is no field called 'goals'"),
    ],
)
def test_every_mistake_is_told_with_its_line_and_remedy(
    tmp_path: Path, line: str, told: str
) -> None:
    found = errors(tmp_path, f'edition: "2024"\n{line}\n')
    assert any(told in error for error in found), found
    assert all(error.startswith("2: ") and "\n  -> " in error for error in found)
    assert not any("policy-file" in error for error in found)


def test_what_a_statement_names_must_be_in_the_policy(tmp_path: Path) -> None:
    known = Policy.model_validate(policy())
    assert errors(tmp_path, 'edition: "2024"\ncomments:\n  1: x\n  7: y\n', known) == [
        "4: comments.7: there is no goal called '7'\n  -> Known: 1."
    ]
    (told,) = errors(tmp_path, 'edition: "2017"\n', known)
    assert told.startswith("1: edition: the file is named after '2024', and its edition is '2017'")
    told = errors(tmp_path, 'edition: "2025"\n', known)[1]
    assert "there is no edition called '2025'" in told


def test_an_accepted_draft_has_a_day() -> None:
    statement = Statement.model_validate(
        {"edition": "2024", "comments": {"2": {"accepted": "ab", "by": "A", "on": "2024-05-02"}}}
    )
    assert statement.comment_on(2) == Accepted(accepted="ab", by="A", on=dt.date(2024, 5, 2))
    assert Statement.model_validate_json(statement.model_dump_json()) == statement


# Saving.

TEXT = """# Hvad vi siger. Spørg Anna.
edition: "2024"

signed_by: [Kontor 7]  # Bo er ny
comments:
  # det gamle mål
  1: "Som   forventet."   # som sidst
  # det nye
  2:
    da: >-
      Over flere
      linjer.

# Slut.
"""


def saved(tmp_path: Path, change: dict[str, Any], text: str = TEXT) -> str:
    path = tmp_path / "2024.yaml"
    path.write_bytes(text.encode())
    statement = load_statement(path).model_copy(update=change)
    save_statement(statement, path)
    assert load_statement(path) == statement
    return path.read_bytes().decode()


def test_what_is_saved_unchanged_is_the_same_file(tmp_path: Path) -> None:
    assert saved(tmp_path, {}) == TEXT


def test_only_what_is_new_is_written(tmp_path: Path) -> None:
    now = saved(tmp_path, {"comments": {1: "Nyt.", 2: load(TEXT).comments[2], 3: "Mere."}})
    was = TEXT.splitlines()
    assert [line for line in now.splitlines() if line not in was] == ["  1: Nyt.", "  3: Mere."]
    assert [line for line in was if line not in now.splitlines()] == [was[6]]
    now = saved(tmp_path, {"signed_by": ["A", "B"], "next_steps": ["Et skridt."]})
    assert now.startswith('# Hvad vi siger. Spørg Anna.\nedition: "2024"\n')
    assert "signed_by:\n  - A\n  - B\nnext_steps:\n  - Et skridt.\ncomments:\n  # det" in now
    assert "# Slut.\n" in now


def test_what_is_gone_is_cut_out(tmp_path: Path) -> None:
    now = saved(tmp_path, {"comments": {2: load(TEXT).comments[2]}})
    assert now == TEXT.replace('  1: "Som   forventet."   # som sidst\n', "")
    now = saved(tmp_path, {"comments": {}})
    assert now == TEXT[: TEXT.index("comments:")] + "\n# Slut.\n"


def load(text: str) -> Statement:
    return Statement.model_validate(parse_document(text, "")[0])


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\r"), max_size=120
)
PLAIN = st.text(string.ascii_letters + " .,:#'\"-\n{}[]&*!|>%@`æøå?0123456789", max_size=150)


@settings(max_examples=300)
@given(before=st.dictionaries(st.integers(1, 5), WORDS | PLAIN), now=st.data())
def test_any_words_are_saved_and_loaded_as_they_are(
    tmp_path_factory: pytest.TempPathFactory, before: dict[int, str], now: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("any") / "2024.yaml"
    others = now.draw(st.dictionaries(st.integers(1, 5), WORDS | PLAIN))
    steps = now.draw(st.lists(WORDS | PLAIN, max_size=2))
    for comments, next_steps in ((before, []), (others, steps)):
        said = {each: words for each, words in comments.items() if words}
        statement = Statement(edition="2024", comments=said, next_steps=next_steps)
        texts = [*said.values(), *next_steps]
        try:
            save_statement(statement, path)
        except PolicyError as error:
            assert any(
                without_person_numbers(each) != each or "FILL IN" in each or "UDFYLD" in each
                for each in texts
            ), error
            return
        assert load_statement(path).comments == said
        assert load_statement(path).next_steps == next_steps


@pytest.mark.parametrize(
    "text", ["comments: {1: a}\nedition: 2024\n", "{edition: 2024, comments: {1: a}}"]
)
def test_a_file_that_is_written_otherwise_is_written_anew(tmp_path: Path, text: str) -> None:
    now = saved(tmp_path, {"comments": {1: "a", 2: "b"}}, f"# Anna\n{text}")
    assert now.endswith("comments:\n  1: a\n  2: b\n")


def test_a_person_number_is_never_saved(tmp_path: Path) -> None:
    path = tmp_path / "2024.yaml"
    with pytest.raises(PolicyError, match="person number"):
        save_statement(Statement(edition="2024", signed_by=["010190-1233"]), path)
    assert list(tmp_path.iterdir()) == []


# Policies of before: lifted and migrated.


def old_policy() -> dict[str, Any]:
    return with_its_words(policy(), SAID)


def test_what_people_wrote_is_lifted_and_all_else_stays() -> None:
    kept, found = lift(old_policy())
    assert kept == policy()
    assert Statement.model_validate(found["2024"]) == Statement(edition="2024", **SAID)
    assert lift(kept) == (kept, {})
    assert lift(old_policy())[0] == kept


@pytest.mark.parametrize("data", [None, "x", [], {}, {"goals": 1, "editions": [1, {"id": None}]}])
def test_what_is_no_policy_is_left_as_it_is(data: Any) -> None:
    assert lift(data) == (data, {})


def test_a_policy_of_before_says_how_it_is_migrated(tmp_path: Path) -> None:
    path = build(tmp_path, changed=old_policy())
    with pytest.raises(PolicyError) as raised:
        load_policy(path)
    fields = {problem.field for problem in raised.value.problems}
    assert fields == {
        "editions[2024].signed_by",
        "editions[2024].next_steps",
        "goals[1].commentary",
    }
    for problem in raised.value.problems:
        assert problem.remedy == f"Have it moved there: kvarter migrate {path}"
        assert problem.line


def test_migrated_a_policy_has_all_its_other_lines(tmp_path: Path) -> None:
    path = build(tmp_path, changed=old_policy())
    was = path.read_bytes()
    moved = migrate(path)
    assert {each.field for each in moved} == {
        "editions[2024].signed_by",
        "editions[2024].next_steps",
        "goals[1].commentary[2024]",
    }
    assert {each.file.as_posix() for each in moved} == {"statements/2024.yaml"}
    lines = was.decode().splitlines()
    for each in moved:
        name = each.field.removesuffix("[2024]").rpartition(".")[2]
        assert name in "\n".join(lines[each.line - 2 : each.line])
    known = load_policy(path)
    assert known == Policy.model_validate(policy())
    assert statement_of(tmp_path, "2024", known) == Statement(edition="2024", **SAID)
    assert (tmp_path / "policy.yaml.before-migration").read_bytes() == was
    left = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line in left] == left
    assert migrate(path) == []


BY_HAND = """\
# Politikken
title: Prøve  # titlen
editions:
  - {id: "2017", title: A, signed_by: [Bo, "Li, As"], data_year: 2022, area_set: a, baseline: true}
  - signed_by:  # hvem?
      - Anna  # ny
      # og
      - Bo
    # om udgaven
    id: "2024"
    title: B
    data_year: 2023
    area_set: a
    next_steps:
      - >-
        Et skridt,
        og et til.

    # efter skridtene
municipality: {code: "0101", name: Prøveby}
"""
AFTER = """\
# Politikken
title: Prøve  # titlen
editions:
  - {id: "2017", title: A, data_year: 2022, area_set: a, baseline: true}
    # om udgaven
  - id: "2024"
    title: B
    data_year: 2023
    area_set: a

    # efter skridtene
municipality: {code: "0101", name: Prøveby}
"""


def by_hand(text: str) -> str:
    """With all else that a policy has."""
    rest = {
        name: value
        for name, value in policy().items()
        if name not in ("title", "editions", "municipality")
    }
    return text + yaml.safe_dump(rest, allow_unicode=True, sort_keys=False)


@pytest.mark.parametrize("form", ["as it is", "of Windows", "with a mark before it", "no end"])
def test_a_policy_written_by_hand_is_migrated_byte_for_byte(tmp_path: Path, form: str) -> None:
    def as_bytes(text: str) -> bytes:
        if form == "of Windows":
            text = text.replace("\n", "\r\n")
        if form == "no end":
            text = text.removesuffix("\n")
        return text.encode("utf-8-sig" if form == "with a mark before it" else "utf-8")

    path = tmp_path / "policy.yaml"
    path.write_bytes(as_bytes(by_hand(BY_HAND)))
    migrate(path)
    assert path.read_bytes() == as_bytes(by_hand(AFTER))
    known = load_policy(path)
    assert statement_of(tmp_path, "2017", known).signed_by == ["Bo", "Li, As"]
    latest = statement_of(tmp_path, "2024", known)
    assert (latest.signed_by, latest.next_steps) == (["Anna", "Bo"], ["Et skridt, og et til."])
    text = (tmp_path / "statements" / "2024.yaml").read_text(encoding="utf-8")
    assert "# hvem?\n# ny\n# og\nsigned_by:\n" in text


@given(
    flow=st.sampled_from([True, False, None]),
    indent=st.integers(2, 8),
    width=st.integers(20, 200),
    ordered=st.booleans(),
)
def test_however_a_policy_is_broken_into_lines_its_fields_are_cut_out(
    flow: bool | None, indent: int, width: int, ordered: bool
) -> None:
    options: dict[str, Any] = {"default_flow_style": flow, "indent": indent, "width": width}
    text = yaml.safe_dump(old_policy(), sort_keys=ordered, allow_unicode=True, **options)
    data, _ = parse_document(text, "")
    for place in places_of(data):
        text = cut(text, place)
    assert parse_document(text, "")[0] == lift(data)[0]


@pytest.mark.parametrize("where", ["in the list", "elsewhere"])
def test_what_cannot_be_cut_out_is_left_whole(tmp_path: Path, where: str) -> None:
    """A name given within what is moved, and used where it stays."""
    use = "documents: {F2: *who}\n" if where == "elsewhere" else ""
    again = "" if use else ", documents: {F2: *who}"
    text = BY_HAND.replace("[Bo,", "[&who Bo,").replace("baseline: true", f"baseline: true{again}")
    path = tmp_path / "policy.yaml"
    path.write_text(by_hand(text + use), encoding="utf-8")
    was = path.read_bytes()
    with pytest.raises(PolicyError, match=r"cannot be cut out[\s\S]*by hand; docs/statement\.md"):
        migrate(path)
    assert path.read_bytes() == was
    assert [each.name for each in tmp_path.iterdir()] == ["policy.yaml"]


def test_a_name_used_within_what_is_moved_is_no_hindrance(tmp_path: Path) -> None:
    text = BY_HAND.replace("title: A", "title: &a A").replace("      - Bo\n", "      - *a\n")
    path = tmp_path / "policy.yaml"
    path.write_text(by_hand(text), encoding="utf-8")
    migrate(path)
    assert statement_of(tmp_path, "2024", load_policy(path)).signed_by == ["Anna", "A"]


@pytest.mark.parametrize("name", ["statements/2024.yaml", "policy.yaml.before-migration"])
def test_nothing_is_written_over(tmp_path: Path, name: str) -> None:
    path = build(tmp_path, changed=old_policy())
    (tmp_path / "statements").mkdir()
    (tmp_path / name).write_text("mit", encoding="utf-8")
    was = {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()}
    with pytest.raises(InputError, match=r"is there already[\s\S]*Nothing was moved"):
        migrate(path)
    assert {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()} == was


def test_what_is_said_of_no_edition_is_told_before_anything_moves(tmp_path: Path) -> None:
    changed = old_policy()
    changed["goals"][0]["commentary"] = {"2025": "x"}
    path = build(tmp_path, changed=changed)
    with pytest.raises(PolicyError, match="there is no edition called '2025'"):
        migrate(path)
    assert not (tmp_path / "statements").exists()
    changed["goals"][0]["commentary"] = {"../x": "x"}
    with pytest.raises(PolicyError, match="cannot be moved"):
        migrate(build(tmp_path, changed=changed))


def test_the_command_tells_what_it_moved(tmp_path: Path) -> None:
    path = build(tmp_path, changed=old_policy())
    told = CliRunner().invoke(app, ["migrate", str(path)])
    assert told.exit_code == 0, told.output
    assert "goals[1].commentary[2024] er flyttet til" in told.output
    assert "policy.yaml.before-migration er politikfilen, som den var" in told.output
    assert "der er intet at flytte" in CliRunner().invoke(app, ["migrate", str(path)]).output
    nothing = CliRunner().invoke(app, ["migrate", str(path), "--lang", "en"])
    assert "there is nothing to move" in nothing.output


# No figure depends on it.


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the hamlet and its status of 2024, to be copied."""
    home = tmp_path_factory.mktemp("made")
    run_in(build(home, changed={STATEMENT: SAID}), home / "status", documents=True)
    return home


@pytest.fixture
def hamlet(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "hamlet"))


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in folder.rglob("*")
        if path.is_file()
    }


def stages(home: Path) -> list[str]:
    """The stages of a run, as they are told."""
    told: list[str] = []
    run(home / "policy.yaml", out=home / "status", key_file=home / "key", tell=told.append)
    return told


def accept(home: Path) -> None:
    """Accept the draft of goal 1."""
    edition = open_edition(home / "status" / "2024")
    code = draft_code(edition, edition.policy.goals[0])
    accepted = Accepted(accepted=code, by="Kontor 7", on=dt.date(2024, 5, 2))
    file = home / "statements" / "2024.yaml"
    save_statement(edition.statement.model_copy(update={"comments": {1: accepted}}), file)


def test_an_accepted_comment_costs_a_rendering_and_no_run(hamlet: Path) -> None:
    folder = hamlet / "status" / "2024"
    assert stages(hamlet) == ["skip"]
    was = hashes(folder)
    accept(hamlet)
    told = stages(hamlet)
    assert told[0] == "rewrite"
    assert all(each.startswith("rewrite: ") for each in told[1:])
    now = hashes(folder)
    other = {name for name in was if was[name] != now[name]}
    assert was.keys() == now.keys()
    assert {name for name in other if name.startswith(DATA)} == {KEPT}
    assert {name for name in other if name.startswith(INTERNAL)} == {RECORD}
    assert {"report.html", "report.docx", "annex/goal-01.pdf"} <= other
    assert "godkendt af Kontor 7" in (folder / "report.html").read_text(encoding="utf-8")
    assert stages(hamlet) == ["skip"]
    run_in(hamlet / "policy.yaml", hamlet / "status", documents=True)
    again = hashes(folder)
    assert {name for name in now if now[name] != again[name]} == {RECORD}


ENTERED = {
    "title": "Boliger med gæld", "source": "Regnskabet", "period": "2023",
    "count": 28, "of": 50, "share": 56.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("other", "remedy"),
    [
        ({"share": 57}, "28 of 50 is 56 %"),
        ({"count": 51}, "more than the 50"),
        ({"of": None}, "needs `of`"),
        ({"of": 0}, "greater than or equal to 1"),
    ],
)
def test_an_entered_figure_agrees_with_itself(other: dict[str, Any], remedy: str) -> None:
    with pytest.raises(ValueError, match=remedy):
        Statement.model_validate({"edition": "2024", "entered": {1: [ENTERED | other]}})


def test_entered_figures_are_saved_as_they_were_said(tmp_path: Path) -> None:
    said = {"edition": "2024", "entered": {1: [ENTERED | {"share": "56.0"}]}}
    statement = Statement.model_validate(said)
    save_statement(statement, tmp_path / "2024.yaml")
    assert load_statement(tmp_path / "2024.yaml") == statement
    assert Statement.model_validate_json(statement.model_dump_json()) == statement


def test_what_people_write_and_enter_stands_in_the_documents(hamlet: Path) -> None:
    statement = {
        "edition": "2024",
        "comments": {1: "Før.\n\n## Hvad nu\n\n- Vi ser på [planen](https://example.org/p)."},
        "entered": {1: [ENTERED]},
    }
    path = hamlet / "statements" / "2024.yaml"
    path.write_text(yaml.safe_dump(statement, allow_unicode=True), encoding="utf-8")
    write(hamlet / "status" / "2024", only=["html"])
    text = (hamlet / "status" / "2024" / "report.html").read_text(encoding="utf-8")
    for each in ("Hvad nu</h", "<li>Vi ser på planen (https://example.org/p).", "28 af 50"):
        assert each in text
    assert "Indtastet i hånden, ikke beregnet" in text


def test_a_statement_that_is_gone_leaves_drafts(hamlet: Path) -> None:
    (hamlet / "statements" / "2024.yaml").unlink()
    assert stages(hamlet)[0] == "rewrite"
    assert open_edition(hamlet / "status" / "2024").statement == Statement.empty("2024")
    record = json.loads((hamlet / "status" / "2024" / RECORD).read_text(encoding="utf-8"))
    assert record["statement"] is None


def test_any_other_change_is_a_run(hamlet: Path) -> None:
    accept(hamlet)
    with (hamlet / "notices.csv").open("a", encoding="utf-8") as file:
        file.write("12;13-03-2023;;Ny Mand;Strandvejen 3, 2100 København Ø;Fogedretten\n")
    assert "measure" in stages(hamlet)


def test_documents_are_written_with_the_statement_of_now(hamlet: Path) -> None:
    folder = hamlet / "status" / "2024"
    accept(hamlet)
    write(folder, only=["html"])
    assert "godkendt af Kontor 7" in (folder / "report.html").read_text(encoding="utf-8")
    told = stages(hamlet)
    assert told[0] == "rewrite", "the other forms are still of before"
    write(folder)
    assert stages(hamlet) == ["skip"]
    said = open_edition(folder).statement
    shutil.rmtree(hamlet / "statements")
    write(folder)
    assert open_edition(folder).statement == said


def test_a_statement_of_another_policy_stops_run_write_and_check(hamlet: Path) -> None:
    file = hamlet / "statements" / "2024.yaml"
    file.write_text('edition: "2024"\ncomments: {8: x}\n', encoding="utf-8")
    was = hashes(hamlet / "status")
    for does in (lambda: stages(hamlet), lambda: write(hamlet / "status" / "2024")):
        with pytest.raises(PolicyError, match="there is no goal called '8'"):
            does()
    assert hashes(hamlet / "status") == was
    (hamlet / "statements" / "2025.yaml").write_text('edition: "2025"\n', encoding="utf-8")
    found = check(load_policy(hamlet / "policy.yaml"), hamlet, "en")
    wrong = {each.name: [problem.what for problem in each.problems] for each in found}
    assert {name: told for name, told in wrong.items() if told} == {
        "statements/2024.yaml": ["there is no goal called '8'"]
    }
    remarks = [each.found for each in found if each.remark]
    assert "No edition of the policy is called 2025." in remarks, "it may be of another policy"


def test_check_says_what_is_written(hamlet: Path) -> None:
    found = check(load_policy(hamlet / "policy.yaml"), hamlet, "da")
    (said,) = [each.found for each in found if each.name == "statements/2024.yaml"]
    assert said == "1 kommentar, 1 næste skridt, 1 underskriver"


# As it was then.


def test_a_rebuilt_edition_says_what_it_said_then(hamlet: Path) -> None:
    (hamlet / "statements" / "2024.yaml").unlink()
    folder = hamlet / "status" / "2024"
    assert rebuild(folder, hamlet / "again", key_file=hamlet / "key").same


def test_a_lost_statement_is_taken_from_where_it_was_read(hamlet: Path) -> None:
    folder = hamlet / "status" / "2024"
    (folder / KEPT).unlink()
    rebuilt = rebuild(folder, hamlet / "again", key_file=hamlet / "key")
    assert rebuilt.same
    (hamlet / "statements" / "2024.yaml").write_text('edition: "2024"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"is not as it was[\s\S]*statements/2024\.yaml"):
        rebuild(folder, hamlet / "once more", key_file=hamlet / "key")


@pytest.mark.parametrize("form", [1, 2])
def test_an_edition_of_before_says_what_its_policy_said(hamlet: Path, form: int) -> None:
    new, folder = hamlet / "status" / "2024", hamlet / "old" / "2024"
    shutil.copytree(new, folder)
    (as_first_form if form == 1 else as_before_statements)(folder)
    old = open_edition(folder)
    assert old.statement == open_edition(new).statement == Statement(edition="2024", **SAID)
    assert old.policy == open_edition(new).policy
    assert list(places_of(yaml.safe_load((folder / POLICY_COPY).read_text("utf-8"))))
    compared = compare(folder, new)
    assert (compared.definitions, compared.notes) == ((), ())
    shutil.rmtree(hamlet / "statements")
    rebuilt = rebuild(folder, hamlet / "again", key_file=hamlet / "key")
    assert rebuilt.tampered == []
    assert rebuilt.files["report.html"] == rebuilt.files["memo.html"] == "same"
    assert rebuilt.files[f"{DATA}/results.parquet"] == "same"
    assert open_edition(rebuilt.folder).statement == old.statement
    if form == 2:
        before = (folder / "report.html").read_bytes()
        write(folder)
        assert (folder / "report.html").read_bytes() == before
        assert open_edition(folder).statement == old.statement
