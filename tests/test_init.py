"""`kvarter init`: from files as they lie there to a first policy that `check` accepts."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from typer.testing import CliRunner

from conftest import SHARED, needed, status_of
from hamlet import KEY, ROWS, areas, build
from kvarter.cli import app
from kvarter.documents.words import note_in_words, published_notes
from kvarter.errors import InputError, PolicyError
from kvarter.pipeline.check import check, to_fill_in
from kvarter.policy import load_policy
from kvarter.policy.model import AtEntrance, Language
from kvarter.starting.init import Begun, init
from kvarter.statement import Statement, load_statement

CITY = SHARED.parent / "cases" / "own-city"


def files(folder: Path) -> Path:
    """The hamlet's files, without its policy and key."""
    build(folder)
    for name in ("policy.yaml", "key"):
        (folder / name).unlink()
    return folder


def problems(folder: Path) -> list[str]:
    path = folder / "policy.yaml"
    return [str(p) for each in check(load_policy(path), folder, "en") for p in each.problems]


def test_from_the_hamlets_files_to_the_same_figures(tmp_path: Path) -> None:
    begun = init(files(tmp_path))
    policy = load_policy(begun.policy)
    assert (policy.municipality.code, policy.municipality.name) == ("0101", "København")
    (area_set,) = policy.area_sets
    assert (area_set.crs, area_set.name_field) == ("EPSG:25832", "navn")
    assert [(area.id, area.name) for area in area_set.areas] == [
        *(("vest", "Vest"), ("midt", "Midt"), ("oest", "Øst"))
    ]
    (source,) = policy.sources
    assert source.columns.model_dump(exclude_none=True) == {
        "event_date": "Dato",
        "address": "Adresse",
        "person_number": "CPR",
        "name": "Navn",
        "sender": "Afsender",
    }
    assert (source.first_day.year, source.last_day.year) == (2021, 2023)
    (statistic,) = policy.statistics
    assert statistic.located_by == AtEntrance(entrance="adgang")
    (_, indicator) = policy.indicators()[0]
    assert indicator.data_years == {"2021": 2022}
    assert problems(tmp_path) == []
    status = status_of(begun.policy)
    assert status.rows_by_outcome["notices"]["counted"] == 7  # one of them in 2021


@pytest.mark.parametrize("language", ["da", "en"])
def test_each_edition_has_a_statement_with_lines_to_fill_in(
    tmp_path: Path, language: Language
) -> None:
    (tmp_path / "statements").mkdir()
    (tmp_path / "statements" / "2021.yaml").write_text("mit", encoding="utf-8")
    begun = init(files(tmp_path), language=language)
    policy = load_policy(begun.policy)
    (file,) = begun.statements
    assert file == tmp_path / "statements" / "2023.yaml"
    assert load_statement(file, policy) == Statement.empty("2023")
    assert (tmp_path / "statements" / "2021.yaml").read_text(encoding="utf-8") == "mit"
    lines = file.read_text(encoding="utf-8").splitlines()
    of_fields = [line for line in lines if re.match(r"# (  |\w+:)", line)]
    file.write_text("\n".join([lines[2], *(line[2:] for line in of_fields)]), encoding="utf-8")
    said = load_statement(file, policy)
    assert said.signed_by and said.next_steps and said.comment_on(1)


def test_each_guess_says_why_and_what_is_left_is_marked(tmp_path: Path) -> None:
    begun = init(files(tmp_path))
    lines = begun.policy.read_text(encoding="utf-8").splitlines()
    assert begun.asked
    for line, words in begun.asked:
        assert lines[line - 1].strip() == f"# UDFYLD: {words}"
    assert sum("UDFYLD:" in line for line in lines) == len(begun.asked)
    text = "\n".join(lines)
    assert "'Dato' har datoer, der kan læses, i 10 af 11 rækker" in text
    assert "100 % af værdierne i 'adgang' er adgangsadresser i registret" in text
    assert "koordinaterne er meter" in text


def test_what_is_left_to_fill_in_is_told_until_it_is_done(tmp_path: Path) -> None:
    begun = init(files(tmp_path))
    left = to_fill_in(begun.policy)
    assert [(each.name, each.found.split(": ", 1)[1]) for each in left] == [
        (f"linje {line}", words) for line, words in begun.asked
    ]
    assert all(each.remark for each in left)
    out = ["--out", f"{tmp_path}/status", "--key-file", f"{tmp_path}/key"]
    (tmp_path / "key").write_text(KEY)
    (tmp_path / "key").chmod(0o600)
    made = CliRunner().invoke(app, ["run", str(begun.policy), *out])
    told = f"{len(left)} linjer mangler stadig at blive udfyldt"
    assert told in " ".join(made.output.split())
    lines = begun.policy.read_text(encoding="utf-8").splitlines()
    done = "\n".join(line for line in lines if "# UDFYLD: " not in line)
    begun.policy.write_text(done + "\n", encoding="utf-8")
    assert to_fill_in(begun.policy) == []
    made = CliRunner().invoke(app, ["run", str(begun.policy), *out])
    assert "udfyldt" not in made.output


def with_target(begun: Begun, **values: str) -> Path:
    """The policy with its proposed target, and `values` for what is to be filled in there."""
    text = begun.policy.read_text(encoding="utf-8")
    head, target = text.split("    # targets:")
    target = re.sub(r"^    # ", "    ", "    # targets:" + target, flags=re.M)
    for field, value in values.items():
        target = re.sub(rf"{field}: UDFYLD", f"{field}: {value}", target)
    begun.policy.write_text(head + target, encoding="utf-8")
    return begun.policy


def test_a_proposed_target_is_none_before_it_is_filled_in(tmp_path: Path) -> None:
    path = with_target(init(files(tmp_path)), text="Færre")
    assert not re.search(r"\d", path.read_text(encoding="utf-8").split("targets:")[1])
    with pytest.raises(PolicyError) as error:
        load_policy(path)
    assert [problem.field.rpartition(".")[2] for problem in error.value.problems] == [
        "title",
        "change",
    ]
    assert "this is still to be filled in" in str(error.value)


@pytest.mark.parametrize(("change", "asked"), [("-20", "falde"), ("20", "stige")])
def test_check_says_in_words_what_a_target_asks_for(
    change: str, asked: str, tmp_path: Path
) -> None:
    begun = init(files(tmp_path))
    path = with_target(begun, text="Færre", title="andelen falder", change=change)
    told = CliRunner().invoke(app, ["check", str(path)]).output
    assert f"procenten i områderne skal {asked} mindst 20 %" in " ".join(told.split()).replace(
        "\u00a0", " "
    )


@pytest.mark.parametrize("left", ["- id: maal", "text", "readings", "title", "change"])
def test_a_line_that_still_stands_behind_a_hash_is_found(left: str, tmp_path: Path) -> None:
    path = with_target(init(files(tmp_path)), text="Færre", title="falder", change="-20")
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next(at for at, line in enumerate(lines) if line.strip() == "targets:")
    at = next(n for n in range(start, len(lines)) if lines[n].strip().startswith(left))
    lines[at] = "    # " + lines[at][4:]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(PolicyError, match="behind a #"):
        load_policy(path)


@pytest.mark.usefixtures("in_danish")
def test_what_the_register_lacks_is_said_by_init_check_and_run(tmp_path: Path) -> None:
    register = pl.read_parquet(files(tmp_path) / "register.parquet")
    (tmp_path / "register.parquet").unlink()
    shutil.rmtree(tmp_path / "register.index")
    at = pl.int_range(pl.len()) % 4 == 0
    lacking = register.with_columns(
        municipality_code=pl.when(at).then(pl.lit("")).otherwise("municipality_code")
    )
    lacking.write_csv(tmp_path / "adresser.csv", separator=";")
    without = sum(number % 4 == 0 for number in range(register.height))
    told = (
        f"adresser.csv: {without} af {register.height} poster er ikke med i registret, for de kan "
        f"ikke bruges: no_municipality ({without}). De står i register.set-aside.csv."
    )
    said = CliRunner().invoke(app, ["init", str(tmp_path)]).output
    assert told in " ".join(said.split())
    assert pl.read_csv(tmp_path / "register.set-aside.csv").height == without
    path = tmp_path / "policy.yaml"
    found = check(load_policy(path), tmp_path)
    notes = [note_in_words(note) for each in found for note in each.notes]
    assert told in notes
    assert told in published_notes(status_of(path).public)


def test_addresses_that_no_register_is_made_of_are_told(tmp_path: Path) -> None:
    register = pl.read_parquet(files(tmp_path) / "register.parquet")
    register.write_csv(tmp_path / "nabo.csv")
    said = " ".join(CliRunner().invoke(app, ["init", str(tmp_path)]).output.split())
    assert "nabo.csv: adresserne er ikke brugt, for registret er lavet af register.parquet" in said
    for name in ("policy.yaml", "register.parquet"):
        (tmp_path / name).unlink()
    register.with_columns(municipality_code=pl.lit("")).write_csv(tmp_path / "nabo.csv")
    said = " ".join(CliRunner().invoke(app, ["init", str(tmp_path)]).output.split())
    assert "nabo.csv: der kunne ikke laves et register af den: no address in it" in said


@pytest.mark.skipif(os.name == "nt", reason="the commands are for a shell")
def test_the_commands_that_init_prints_can_be_pasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, folder = tmp_path / "home", tmp_path / "Udsatte byer 2024" / ("a long name " * 8).strip()
    home.mkdir()
    folder.mkdir(parents=True)
    files(folder)
    monkeypatch.setenv("HOME", str(home))
    lines = CliRunner().invoke(app, ["init", str(folder)]).output.splitlines()
    commands = [line for line in lines if re.match(r"  (?:kvarter|\()", line)]
    assert [line.split()[:2] for line in commands] == [
        ["kvarter", "check"],
        ["(umask", "077;"],
        ["kvarter", "run"],
    ]
    checked, made, ran = commands
    assert CliRunner().invoke(app, shlex.split(checked)[1:]).exit_code == 0
    for again in (False, True):  # a key that is there is not replaced
        assert (subprocess.run(made, shell=True, check=False).returncode != 0) == again
    key = home / "kvarter.key"
    assert len(key.read_text()) == 65
    assert key.stat().st_mode & 0o077 == 0
    assert CliRunner().invoke(app, shlex.split(ran)[1:]).exit_code == 0
    assert (folder / "status" / "2023" / "report.html").exists()


def test_files_that_are_no_data_are_told_as_what_they_are(tmp_path: Path) -> None:
    folder = files(tmp_path)
    (folder / "kvarter.key").write_text(KEY)
    (folder / "old.yaml").write_text("title: x")
    with (folder / "notices.csv").open("a", encoding="utf-8") as file:
        file.write("I alt;;;11;;\n")
    said = " ".join(CliRunner().invoke(app, ["init", str(folder)]).output.split())
    assert "kvarter.key: det ser ud til at være en nøgle" in said
    assert "old.yaml: en politikfil" in said
    assert "; 1 linje er ikke en datarække" in said
    assert "egenskaben 'navn' giver navn til alle 3 polygoner; der er ikke andre" in (
        folder / "policy.yaml"
    ).read_text(encoding="utf-8")


def test_nothing_is_written_over(tmp_path: Path) -> None:
    init(files(tmp_path))
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    with pytest.raises(InputError, match="not written over"):
        init(tmp_path)
    assert before == {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    (tmp_path / "policy.yaml").unlink()
    (tmp_path / "policy.yaml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="not written over"):
        init(tmp_path)


def test_junk_is_told_and_left_alone(tmp_path: Path) -> None:
    junk = tmp_path / "junk"
    junk.mkdir()
    with pytest.raises(InputError, match="nothing here to begin from"):
        init(junk)
    (junk / "a.csv").write_text("")
    (junk / "b.xlsx").write_bytes(b"no workbook")
    (junk / "c.geojson").write_text("{")
    (junk / "d.parquet").write_bytes(b"PAR1")
    (junk / "e.geojson").write_text('{"features": [{"geometry": {"type": "Point"}}]}')
    (junk / "f.json").write_text("[" * 100_000)
    (junk / "g.csv").write_text("Farve;Form\nrød;rund\n")
    (junk / "h.pdf").write_bytes(b"%PDF")
    (junk / "i.shp").write_bytes(b"x")
    (junk / "k").symlink_to(junk)
    with pytest.raises(InputError, match="nothing here to begin from"):
        init(junk)
    assert not (junk / "policy.yaml").exists()
    shutil.copytree(junk, files(tmp_path / "h") / "junk", symlinks=True)
    begun = init(tmp_path / "h")
    told = {seen.file: seen.role for seen in begun.seen if seen.file.startswith("junk")}
    assert len(told) == 9
    assert set(told.values()) == {"other"}
    assert problems(tmp_path / "h") == []
    with pytest.raises(InputError, match="no such folder"):
        init(tmp_path / "nowhere")


def test_nothing_of_a_person_is_shown(tmp_path: Path) -> None:
    rows = [
        row.replace(";;", f";0{n % 9 + 1}0190-123{n % 10};") for n, row in enumerate(ROWS, start=1)
    ]
    build(tmp_path, rows)
    for name in ("policy.yaml", "key"):
        (tmp_path / name).unlink()
    without_header = "\n".join(rows)
    (tmp_path / "andre.csv").write_text(without_header, encoding="utf-8")
    (tmp_path / "udtræk 010190-1234.csv").write_text(without_header, encoding="utf-8")
    said = CliRunner().invoke(app, ["init", str(tmp_path)])
    assert said.exit_code == 0, said.output
    written = (tmp_path / "policy.yaml").read_text(encoding="utf-8")
    for text in (said.output, written):
        for row in rows:
            _, _, number, name, address, _ = row.split(";")
            assert number not in text
            assert name not in text
            assert address not in text
    assert "ingen linje med kolonnenavne" in " ".join(said.output.split())
    assert "person_number: CPR" in written


def test_sheets_that_are_a_year_each_and_addresses_in_parts(tmp_path: Path) -> None:
    folder = files(tmp_path)
    (folder / "notices.csv").unlink()
    with xlsxwriter.Workbook(folder / "Udsættelser: liste.xlsx".replace(":", "")) as book:
        book.add_worksheet("Forside").write_row(0, 0, ["Udtræk"])
        for year in ("2022", "2023"):
            sheet = book.add_worksheet(year)
            head = ["Dato", "Vej og nr.", "Postnr. og by", "Borgers CPR", "Navn: hele"]
            sheet.write_row(0, 0, head)
            for n in range(1, 6):
                row = [
                    f"0{n}-03-{year}",
                    f"Kirkevej {n}",
                    "2100 København Ø",
                    f"0{n}0190-1234",
                    "A",
                ]
                sheet.write_row(n, 0, row)
    begun = init(folder)
    policy = load_policy(begun.policy)
    (source,) = policy.sources  # sheets with the same columns are read together
    assert source.sheet is None
    assert (source.first_day.year, source.last_day.year) == (2022, 2023)
    columns = policy.sources[0].columns
    assert columns.address == ["Vej og nr.", "Postnr. og by"]
    assert (columns.person_number, columns.name) == ("Borgers CPR", "Navn: hele")
    assert [kind.id for kind in policy.case_kinds] == ["udsaettelser-liste"]
    assert problems(folder) == []


def test_odd_names_of_areas_are_read_back_as_they_are(tmp_path: Path) -> None:
    layer = areas()
    odd = ["null", "Mål: nr. #2", '"Øst" & \\ vest']
    for feature, name in zip(layer["features"], odd, strict=True):
        feature["properties"] = {"id": 7, "Område": name}
    folder = files(tmp_path)
    (folder / "areas.geojson").write_text(json.dumps(layer))
    policy = load_policy(init(folder).policy)
    assert [area.name for area in policy.area_sets[0].areas] == odd
    assert len({area.id for area in policy.area_sets[0].areas}) == 3
    assert problems(folder) == []


def test_what_is_not_there_is_asked_for(tmp_path: Path) -> None:
    folder = files(tmp_path)
    (folder / "areas.geojson").unlink()
    (folder / "register.parquet").unlink()
    begun = init(folder, language="en")
    asked = " ".join(words for _, words in begun.asked)
    assert "a file (GeoJSON) with the outlines of the areas" in asked
    assert "kvarter register build" in asked
    assert "four-digit code" in asked
    load_policy(begun.policy)


def test_own_files_of_a_city_lead_to_its_known_figures(tmp_path: Path) -> None:
    for name in ("adresser.csv", "boliger.xlsx", "omraader.geojson"):
        shutil.copyfile(needed(CITY / name), tmp_path / name)
    for name in ("udsaettelser_2021.xlsx", "udsaettelser_2024.csv"):
        shutil.copyfile(needed(CITY / name), tmp_path / name)
    begun = init(tmp_path)
    assert begun.register_made == 2804
    assert problems(tmp_path) == []
    truth = json.loads((CITY / "TRUTH.json").read_text())
    status = status_of(begun.policy)
    names = {area.id: area.name for area in status.policy.area_sets[0].areas}
    shown = status.public.results.filter(pl.col("group").is_in(list(names)))
    for year, group, numerator, denominator in shown.select(
        "period", "group", "numerator", "denominator"
    ).iter_rows():
        right = truth[str(year)]
        if str(year) in truth and numerator is not None:
            ambiguous = names[group] == "Bolbro"
            assert 0 <= numerator - right["households"][names[group]] <= ambiguous
            assert denominator == right["dwellings"][names[group]]
    assert shown["numerator"].drop_nulls().len() >= 4
    rows = status.rows_by_outcome.values()
    assert sum(each["duplicate"] for each in rows) == 60
    assert sum(each["unlocated"] for each in rows) == 24
    assert re.search("Odense", begun.policy.read_text(encoding="utf-8"))
