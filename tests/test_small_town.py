"""A town of small figures: what is hidden is said to be so, and its analyst has all of it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from conftest import status_of, usual_status
from hamlet import ROWS, areas, build, policy, run_in
from kvarter.cli.display import Display
from kvarter.documents.assemble import documents
from kvarter.documents.charts import area_map
from kvarter.documents.document import Cell, Section, Table
from kvarter.documents.dumbbell import areas_against_rest
from kvarter.documents.words import note_in_words, published_note, published_notes
from kvarter.editions import InternalEdition
from kvarter.editions.geography import built_up
from kvarter.i18n import Locale, _, in_language, locale
from kvarter.notes import Note
from kvarter.policy.model import Language, Policy
from test_report import said_in_code


@pytest.fixture
def small(tmp_path: Path) -> InternalEdition:
    """The hamlet, with small numbers protected as a municipality would."""
    return run_in(build(tmp_path, changed={"disclosure": {"threshold": 5}}))


def cells(section: Section) -> list[Cell]:
    """Every cell of the tables of a section, also of those within."""
    found: list[Cell] = []
    for block in section.blocks:
        if isinstance(block, Section):
            found += cells(block)
        elif isinstance(block, Table):
            found += [cell for row in block.rows for cell in row]
    return found


def test_a_verdict_on_hidden_figures_is_not_shown_and_not_unknown(
    small: InternalEdition, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(small.public.verdicts["verdict"]) == {"cannot_tell"}
    report, memo, *_ = documents(small.public, "da")
    for document in (report, memo):
        said = [cell.text for section in document.sections for cell in cells(section)]
        assert "Vises ikke (små tal)" in said
        assert "Kan ikke afgøres" not in said
    with in_language(Locale("da")), Display(quiet=False) as display:
        display.summary(small, Path("out"))
    told = " ".join(capsys.readouterr().out.split())
    assert "Færre varslinger vises ikke Vises ikke (små tal)" in told
    assert "?" not in told


def test_a_verdict_without_figures_is_unknown(tmp_path: Path) -> None:
    changed = policy()
    changed["sources"][0] |= {"from": "2022-01-01", "to": "2022-12-31"}
    status = status_of(build(tmp_path, changed={"sources": changed["sources"]}))
    report, *_ = documents(status.public, "da")
    said = [cell.text for section in report.sections for cell in cells(section)]
    assert "Kan ikke afgøres" in said
    assert "Vises ikke (små tal)" not in said


def test_the_analyst_has_the_exact_figures_inside_the_house_only(
    small: InternalEdition, tmp_path: Path
) -> None:
    folder = tmp_path / "out" / "2024"
    exact = pl.read_csv(folder / "internal" / "exact_results.csv")
    in_areas = exact.filter(pl.col("group") == "areas").sort("period")
    assert in_areas["numerator"].to_list() == [3, 1]  # Strandvejen 2, 3 and 4; then 2
    shown = pl.read_csv(folder / "data" / "results.csv").filter(pl.col("group") == "areas")
    assert shown["numerator"].null_count() == 2
    verdicts = pl.read_csv(folder / "internal" / "exact_verdicts.csv")
    assert verdicts["verdict"].to_list() == ["met"]


@pytest.mark.usefixtures("in_danish")
def test_zero_is_the_palest_colour_of_the_map(tmp_path: Path) -> None:
    rows = ["1;03-01-2022;;Anna;Strandvejen 2, st. tv, 2100 København Ø;F"]
    rows.append("2;03-01-2023;;Bo;Strandvejen 9, 2100 København Ø;F")
    status = status_of(build(tmp_path, rows))
    [(_, indicator)] = status.policy.indicators()
    svg = area_map(status.public, indicator, 2023).svg
    # Two areas without a case, and one with some: the end of the scale and its beginning.
    assert svg.count('fill="rgb(254, 230, 206)"') + svg.count('fill="#FEE6CE"') >= 2
    quiet = status_of(build(tmp_path / "quiet", rows[:1]))
    svg = area_map(quiet.public, indicator, 2023).svg
    assert "linearGradient" not in svg  # a scale of nothing is no legend


def test_without_districts_the_map_shows_where_the_municipality_has_addresses() -> None:
    status = usual_status()
    assert status.public.geography.built_up is not None
    assert status.public.geography.built_up.area > 0
    report, *_ = documents(status.public, "da")
    figures = str(report)
    assert "Den grå flade er der, hvor kommunen har adresser" in figures
    assert "Områderne oven på byens bydele" not in figures


def test_the_ground_around_no_address_is_none() -> None:
    assert built_up(pl.DataFrame(schema={"x": pl.Float64, "y": pl.Float64})) is None


@pytest.mark.usefixtures("in_danish")
def test_labels_of_two_close_figures_stand_on_the_outer_sides() -> None:
    """3.0 % and 3.1 % were printed over each other."""
    close = [{"year": year, "group": group, "percent": value} for year, group, value in _CLOSE]
    changed = policy()
    changed["goals"][0]["indicators"][0] |= {"published": close, "decimals": 1}
    changed["sources"], changed["statistics"] = [], []
    changed["goals"][0]["indicators"][0]["numerator"] = {"cases": "notice"}
    model = Policy.model_validate(changed | {"disclosure": {"threshold": 5}})
    [(_, indicator)] = model.indicators()
    rows = pl.DataFrame(
        {
            "indicator": indicator.id,
            "period": [year for year, *_ in _CLOSE],
            "group": [group for _, group, _ in _CLOSE],
            "value": [value / 100 for *_, value in _CLOSE],
            "origin": "computed",
            "numerator": None,
        }
    )
    status = usual_status()
    picture = areas_against_rest(
        replace(status.public, tables={**status.public.tables, "results": rows}, policy=model),
        indicator,
    )
    assert picture is not None
    found = re.findall(
        r'text-anchor="(start|end)" transform="translate\(([\d.]+),([\d.]+)\)"[^>]*>(\d,\d)\u00a0%',
        picture.svg,
    )
    ends = {label: float(x) for side, x, _, label in found if side == "end"}
    starts = {label: float(x) for side, x, _, label in found if side == "start"}
    assert (set(ends), set(starts)) == ({"3,5", "3,0"}, {"5,2", "3,1"})
    assert ends["3,0"] < starts["3,1"]


_CLOSE = [(2022, "areas", 5.2), (2022, "rest", 3.5), (2023, "areas", 3.1), (2023, "rest", 3.0)]


@pytest.mark.usefixtures("in_danish")
def test_one_of_a_thing_is_not_told_as_several() -> None:
    row = "{count} {count:row|rows}"
    told = [_(row, count=locale.number(count)) for count in (0, 1, 1401)]
    assert told == ["0 rækker", "1 række", "1.401 rækker"]
    assert Locale("en")._(row, count="1") == "1 row"


@pytest.mark.usefixtures("in_danish")
@pytest.mark.parametrize(("rows", "told"), [(1, "1 række har"), (5, "5 rækker har")])
def test_one_row_is_not_noted_as_several(rows: int, told: str) -> None:
    message = (
        "{file}: {rows} {rows:row has|rows have} fewer fields than the header, the first in line "
        "{line}; what {rows:it lacks|they lack} is read as blank."
    )
    note = Note(message, {"file": "a.csv", "rows": rows, "line": 7})
    assert told in note_in_words(note)
    assert published_note(note.without_counts()) == (
        "a.csv: nogle rækker har færre felter end overskriften; det, der mangler, er læst som tomt."
    )


@pytest.mark.usefixtures("in_danish")
def test_the_map_is_as_high_as_the_ground_it_shows() -> None:
    """Areas in a row made a picture that was nearly all white."""
    status = usual_status()
    west = [each["geometry"]["coordinates"][0][0][0] for each in areas()["features"]]
    assert max(west) - min(west) > 500
    [height] = re.findall(r'<svg[^>]* height="(\d+)"', area_map(status.public, None, 0).svg)[:1]
    assert int(height) < 400


def test_an_area_without_dwellings_does_not_take_the_year_with_it(tmp_path: Path) -> None:
    path = build(tmp_path)
    dwellings = tmp_path / "dwellings.csv"
    lines = dwellings.read_text(encoding="utf-8").splitlines()
    empty = [line for line in lines if not line.startswith(("2023;S9;", "2023;S10;"))]
    dwellings.write_text("\n".join(empty), encoding="utf-8")
    told = [str(note) for note in status_of(path).notes]
    assert (
        "notices-per-dwelling: no denominator above zero in oest for 2023, so no figure there."
        in told
    )
    dwellings.write_text("\n".join(line for line in lines if "2023;" not in line), encoding="utf-8")
    told = [str(note) for note in status_of(path).notes]
    assert "notices-per-dwelling: no denominator above zero for 2023, so no figure." in told


def test_a_note_in_a_document_tells_no_number_of_rows_and_the_run_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [*ROWS, "20;03-03-2023;111111-1111;Ada Bo;Kirkevej 1, 2100 København Ø;Fogedretten"]
    status = status_of(build(tmp_path, rows, {"disclosure": {"threshold": 5}}))
    report, *_ = documents(status.public, "da")
    assert "nogle af de angivne personnumre tilhører ikke nogen" in str(report)
    with in_language(Locale("da")), Display(quiet=False) as display:
        display.summary(status, Path("out"))
    assert "1 af 1 personnummer tilhører ikke nogen" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("language", ["da", "en"])
def test_no_note_that_is_published_counts_rows_lines_or_people(language: Language) -> None:
    notes = [each for each in sorted(said_in_code()[0]) if re.match(r"{\w+}[,:]", each)]
    assert len(notes) > 50
    for message in notes:
        names = re.findall(r"{(\w+)}", message)
        values: dict[str, str | int] = dict.fromkeys(names, 4711)
        values |= {name: "R4711" for name in names if name in ("cell", "line")}
        note = Note(message, values)
        with in_language(Locale(language)):
            told = published_note(note.without_counts())
        counting = not {"count", "days", "size", "split", "inside", "metres", "kilometres"} & {
            *names
        }
        assert not (counting and "4711" in told), told
        kept = note.without_counts().values  # as others read it from `edition.json`
        assert not (counting and "4711" in str(kept)), kept


@pytest.mark.usefixtures("in_danish")
def test_two_towns_that_differ_in_a_hidden_number_publish_the_same_notes(tmp_path: Path) -> None:
    """Eight person numbers cannot be read, of 11 or 12: what differs are those without a place."""
    told = []
    for nowhere in (2, 3):
        rows = [
            *ROWS[:1],
            *(f"{n};03-03-2023;12345;;Kirkevej 1, 2100 København Ø;" for n in range(8)),
        ]
        rows += [f"9{n};03-03-2023;0{n}0190-1233;;uden fast bopæl;" for n in range(1, nowhere + 1)]
        place = tmp_path / str(nowhere)
        status = status_of(build(place, rows, {"disclosure": {"threshold": 5}}))
        told.append(published_notes(status.public))
    assert told[0] == told[1]
    assert any("nogle af de angivne personnumre kan ikke læses" in each for each in told[0])
