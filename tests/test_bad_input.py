"""Bad input is told in words: file, what is wrong, remedy; with its exit code, and no traceback."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from conftest import status_of
from hamlet import HEADER, ROWS, areas, build, policy, register
from kvarter.cli import app, main
from kvarter.errors import InputError


def told(arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Any) -> tuple[int, str]:
    """Exit code and what was said on stderr, through the real entry point."""
    monkeypatch.setattr("sys.argv", ["kvarter", *arguments])
    try:
        main()
    except SystemExit as stop:
        return int(stop.code or 0), " ".join(capsys.readouterr().err.split())
    return 0, " ".join(capsys.readouterr().err.split())


def zip_named_csv(folder: Path) -> None:
    with zipfile.ZipFile(folder / "notices.csv", "w") as archive:
        archive.writestr("x.txt", "x")


def write(name: str, content: str | bytes) -> Callable[[Path], None]:
    raw = content.encode() if isinstance(content, str) else content
    return lambda folder: (folder / name).write_bytes(raw) and None


def change_areas(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        layer = areas()
        change(layer)
        (folder / "areas.geojson").write_text(json.dumps(layer), encoding="utf-8")

    return apply


def in_degrees(layer: dict[str, Any]) -> None:
    layer["features"][0]["geometry"]["coordinates"] = [
        [[12.5, 55.6], [12.6, 55.6], [12.6, 55.7], [12.5, 55.6]]
    ]
    del layer["features"][1:]


def swapped(layer: dict[str, Any]) -> None:
    for feature in layer["features"]:
        (ring,) = feature["geometry"]["coordinates"]
        feature["geometry"]["coordinates"] = [[[y, x] for x, y in ring]]


def change_register(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Callable[[Path], None]:
    return lambda folder: change(register()).write_parquet(folder / "register.parquet")


def dwellings(*lines: str) -> Callable[[Path], None]:
    return write("dwellings.csv", "\n".join(["aar;adgang;boliger", *lines]))


@pytest.mark.parametrize(
    ("mangle", "words"),
    [
        pytest.param(write("notices.csv", ""), "notices.csv: the file is empty", id="empty"),
        pytest.param(write("notices.csv", " \n\n"), "the file is empty", id="blank"),
        pytest.param(
            write("notices.csv", "x" * 10_000_000), "10,000,000 characters long", id="10 MB"
        ),
        pytest.param(zip_named_csv, "zip archive or an Excel workbook", id="zip"),
        pytest.param(write("notices.csv", b"\x89PNG\0\0\1\0\0"), "not a text file", id="picture"),
        pytest.param(write("notices.csv", "a,b\n1,2\n"), "no column called 'Dato'", id="columns"),
        pytest.param(lambda f: (f / "notices.csv").unlink(), "The folder holds", id="no extract"),
        pytest.param(lambda f: (f / "register.parquet").unlink(), "not there", id="no register"),
        pytest.param(write("register.parquet", "x"), "not a Parquet file", id="no parquet"),
        pytest.param(
            change_register(lambda r: r.drop("x")), "lacks the column(s) x", id="register column"
        ),
        pytest.param(
            change_register(lambda r: pl.concat([r, r.head(2)])),
            *["2 address ids are there more than once"],
            id="duplicate ids",
        ),
        pytest.param(change_register(lambda r: r.clear()), "has no rows", id="empty register"),
        pytest.param(write("areas.geojson", "{}"), "not a GeoJSON", id="no geojson"),
        pytest.param(
            change_areas(lambda a: a["features"].clear()), "no polygons in it", id="no polygons"
        ),
        pytest.param(
            change_areas(in_degrees), "They look like EPSG:4326: set `crs: EPSG:4326`", id="degrees"
        ),
        pytest.param(change_areas(swapped), "Are x and y swapped", id="swapped"),
        pytest.param(
            change_areas(lambda a: a["features"].pop()), "the area 'Øst' is not in", id="area lost"
        ),
        pytest.param(
            change_areas(lambda a: a["features"][0]["properties"].update(navn="Ny")),
            *["has an area 'Ny' that the policy does not name"],
            id="area unknown",
        ),
        pytest.param(
            change_areas(lambda a: a["features"][0].update(properties={"x": 1})),
            *["feature 1 has no property 'navn'"],
            id="no name",
        ),
        pytest.param(dwellings("2022;S1;-3"), "the first is -3", id="negative"),
        pytest.param(dwellings("2022;S1;mange"), "can be read as a number", id="no number"),
    ],
)
def test_input_that_cannot_be_used(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    mangle: Callable[[Path], None],
    words: str,
) -> None:
    """`run` and `check` say the same and end with exit code 4; a previous status stays."""
    path = build(tmp_path / "h")
    out = tmp_path / "out"
    arguments = ["run", str(path), "--key-file", str(tmp_path / "h" / "key"), "--out", str(out)]
    assert told([*arguments, "--quiet"], monkeypatch, capsys) == (0, "")
    before = {p.name: p.read_bytes() for p in (out / "2024").iterdir() if p.is_file()}
    mangle(tmp_path / "h")
    for said in (
        told(arguments, monkeypatch, capsys),
        told(["check", str(path)], monkeypatch, capsys),
    ):
        assert said[0] == 4
        assert words in said[1]
        assert "->" in said[1]
        assert "Traceback" not in said[1]
    assert before == {p.name: p.read_bytes() for p in (out / "2024").iterdir() if p.is_file()}


def test_a_denominator_of_zero_is_no_figure_and_said(tmp_path: Path) -> None:
    from conftest import status_of

    path = build(tmp_path)
    dwellings("2022;S1;0", "2022;S2;0", "2023;S2;6")(tmp_path)
    status = status_of(path)
    values = status.public.results.filter(pl.col("period") == 2022)["value"]
    assert values.null_count() == len(values)
    assert [note.values["year"] for note in status.notes if "denominator" in note.message] == [
        "2022",
        "2023",
    ]
    assert status.public.verdicts["verdict"].to_list() == ["cannot_tell"]


def test_areas_that_overlap_and_stick_out_are_counted_and_said(tmp_path: Path) -> None:
    from conftest import status_of

    status = status_of(build(tmp_path))
    assert status.public.geography.overlap_m2 == pytest.approx(80 * 100)
    assert status.public.geography.entrances_in_several == 1
    assert status.public.geography.entrances_of_others == 1  # Strandvejen 10, over the border
    areas_2023 = status.public.results.filter(
        (pl.col("period") == 2023) & (pl.col("group") == "oest")
    )
    assert areas_2023["denominator"].to_list() == [1]


def test_mended_polygons_are_counted(tmp_path: Path) -> None:
    from conftest import status_of

    path = build(tmp_path)
    ring = [
        *([700060, 6169950], [700440, 6169950], [700440, 6170050]),
        *([700252, 6170050], [700250, 6170051], [700251, 6170049], [700251, 6170050]),
        *([700060, 6170050], [700060, 6169950]),
    ]
    change_areas(lambda a: a["features"][0]["geometry"].update(coordinates=[ring]))(tmp_path)
    assert status_of(path).public.geography.areas["vest"].repaired == 1


def test_strict_stops_at_a_bad_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = build(tmp_path / "h")
    arguments = ["run", str(path), "--key-file", str(tmp_path / "h" / "key"), "--strict"]
    code, said = told([*arguments, "--out", str(tmp_path / "out")], monkeypatch, capsys)
    assert code == 5
    assert "notices.csv:11: row set aside: date_impossible" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"goals": policy()["goals"] * 2}, "is there twice"),
        ({"register": {"file": "nowhere.parquet"}}, "the file is not there"),
    ],
)
def test_policies_that_cannot_be_run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    changed: dict[str, Any],
    words: str,
) -> None:
    path = build(tmp_path, changed=changed)
    code, said = told(["check", str(path)], monkeypatch, capsys)
    assert code in (3, 4)
    assert words in said


def test_odd_texts_are_located_or_not_and_never_stop_a_run(tmp_path: Path) -> None:
    from conftest import status_of

    odd = [
        "\u202eStrandvejen 2",
        "🏠 Strandvejen 2, st. tv, 2100 København Ø",
        "\x01\x02",
        "7" * 5000,
    ]
    rows = [f"{n};03-01-2023;;x;{text};F" for n, text in enumerate(odd)]
    counts = status_of(build(tmp_path, [*ROWS, *rows])).rows_by_outcome["notices"]
    assert counts["read"] == len(ROWS) + len(odd)


def test_an_address_of_a_megabyte(tmp_path: Path) -> None:
    from kvarter.addresses import AddressIndex, match
    from kvarter.engine import Engine

    engine = Engine()
    index = AddressIndex(engine, engine.table(register()))
    texts = ["x" * 1_000_000, "4 " * 500_000, ", " * 500_000, "Strandvejen 2 " * 70_000]
    assert match(texts, index).height == 4


def test_the_command_line_refuses_wrong_use() -> None:
    for arguments in (["run"], ["match", "x.csv"], ["trace", "x", "y"], ["no-such-command"]):
        assert CliRunner().invoke(app, arguments).exit_code == 2


def test_header_in_the_extract_is_found_below_titles(tmp_path: Path) -> None:
    from conftest import status_of

    text = "\n".join(["Udtræk fra KSS", "trukket 1. januar;;;;;", HEADER, *ROWS])
    status = status_of(build(tmp_path, content=text.encode("cp1252")))
    assert status.profiles["notices"].header_line == 3
    assert status.rows_by_outcome["notices"]["counted"] == 6


@pytest.mark.parametrize("content", [f"{HEADER}\n", f"{HEADER}\n1;03-02-2021;;A;Kirkevej 1;F\n"])
def test_an_extract_without_a_usable_row_is_no_evidence_of_zero(
    tmp_path: Path, content: str
) -> None:
    status = status_of(build(tmp_path, content=content.encode()))
    assert status.public.results["numerator"].to_list() == [None] * status.public.results.height
    assert status.public.verdicts["verdict"].to_list() == ["cannot_tell"]
    assert any("not one row of this extract" in note.message for note in status.notes)


def test_rows_of_a_statistic_that_are_odd_are_told(tmp_path: Path) -> None:
    policy = build(tmp_path)
    file = tmp_path / "dwellings.csv"
    odd = file.read_text().replace("2023;S1;1", "2023;S1;").replace("2023;S3;1", "2023;S3;abc")
    file.write_text(odd + "\n2023;S2;6\n2023;nowhere;6\n")
    status = status_of(policy)
    told = [str(note) for note in status.notes]
    assert "dwellings: 1 value of boliger is no number, and counts as blank." in told
    assert "dwellings: 2 of 32 rows lie in other municipalities, and are left out." in told
    assert any("1 of 32 rows is at places" in note and "nowhere" in note for note in told)
    assert any("1 row is of a place and year that an earlier row" in note for note in told)
    assert any("2 rows have no number that can be read" in note for note in told)


def test_areas_that_hold_no_address_are_an_error(tmp_path: Path) -> None:
    policy = build(tmp_path)
    far = (tmp_path / "areas.geojson").read_text().replace("616", "626").replace("617", "627")
    (tmp_path / "areas.geojson").write_text(far)
    with pytest.raises(InputError, match="no address of the municipality lies in any"):
        status_of(policy)
