"""Any file in any place of a policy is used or told in words: no traceback, no waiting, no harm."""

from __future__ import annotations

import json
import math
import os
import signal
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import docx
import polars as pl
import pytest
import xlsxwriter
import yaml

from hamlet import areas, build, policy
from kvarter.cli import main
from kvarter.editions.folder import RECORD, REVIEWS, internal_folder
from kvarter.files.outputs import note_outputs, write_aside

SECONDS = 30
"""None takes one; a test machine may be busy."""


def write(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def packed(name: str, content: bytes) -> Callable[[Path], object]:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)

    return make


def far_cell(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["aar", "adgang", "boliger", "text_id", "Dato", "Adresse"])
        sheet.write(1_048_575, 16_383, "x")


def cut_off(path: Path) -> None:
    pl.DataFrame({"a": range(1000)}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:-30])


def false_footer(path: Path) -> None:
    path.write_bytes(b"PAR1" + bytes(100) + struct.pack("<I", 2**31) + b"PAR1")


BAD: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: None,
    "pipe": lambda path: os.mkfifo(path),
    "device": lambda path: path.symlink_to("/dev/zero"),
    "folder": lambda path: path.mkdir(),
    "loop": lambda path: path.symlink_to(path),
    "empty": write(b""),
    "zeros": write(bytes(100_000)),
    "noise": write(bytes((n * 7919 + n // 256) % 256 for n in range(5_000))),
    "nested": write(b"[" * 100_000),
    "nested mapping": write(b'{"features":' * 50_000),
    "one line": write(b"a;" * 2_000_000),
    "zip bomb": packed("xl/worksheets/sheet1.xml", bytes(60_000_000)),
    "zip of nothing": packed("x", b""),
    "far cell": far_cell,
    "cut off": cut_off,
    "false footer": false_footer,
    "entities": write(b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
}
PLACES = {
    "register.parquet": "register",
    "areas.geojson": "area set",
    "notices.csv": "extract",
    "notices.xlsx": "extract",
    "dwellings.csv": "statistic",
    "dwellings.parquet": "statistic",
    "dwellings.ods": "statistic",
    "decisions.csv": "decisions",
    "letter.docx": "template",
    "policy.yaml": "policy",
}


@contextmanager
def in_time() -> Iterator[None]:
    def late(*_: Any) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def told(arguments: list[object], capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code, and all that was said."""
    with pytest.MonkeyPatch.context() as patch, in_time():
        patch.setattr(
            "kvarter.pipeline.write.write_documents", lambda *given: None
        )  # takes most of the time
        patch.setattr("sys.argv", ["kvarter", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
    return code, "".join(capfd.readouterr())


def with_file(folder: Path, name: str) -> Path:
    """The hamlet whose policy names the file `name` in one of its places."""
    changed = policy()
    stem, suffix = name.rsplit(".", 1)
    if stem == "notices":
        changed["sources"][0]["file"] = name
    elif stem == "dwellings":
        changed["statistics"][0]["file"] = name
    elif stem == "decisions":
        changed["decisions"] = {"file": name}
    elif suffix == "docx":
        changed["word_template"] = name
        docx.Document().save(str(folder / name))
    path = build(folder, changed=changed)
    if (folder / name).exists():
        (folder / name).unlink()
    return path


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A status of before, which no run may touch that ends in an error."""
    with write_aside(tmp_path / "out" / "2024", RECORD, REVIEWS) as aside:
        (aside / "report.html").write_text("old", encoding="utf-8")
        internal_folder(aside)
        note_outputs(aside, RECORD)
    return tmp_path / "out"


def content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", PLACES)
def test_a_bad_file_is_told_in_words(
    tmp_path: Path, old: Path, capfd: pytest.CaptureFixture[str], name: str, bad: str
) -> None:
    folder, before = tmp_path / "h", content(old)
    folder.mkdir()
    path = with_file(folder, name)
    BAD[bad](folder / name)
    arguments = ["run", path, "--key-file", folder / "key", "--out", old, "--quiet"]
    code, said = told(arguments, capfd)
    assert "Traceback" not in said
    assert code == (3 if name == "policy.yaml" else 4), said
    assert name in said
    assert "\n  -> " in said
    assert len(said) < 3_000
    assert content(old) == before
    assert [each.name for each in old.iterdir()] == ["2024"]


@pytest.mark.parametrize("name", PLACES)
def test_check_says_so_too(tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str) -> None:
    path = with_file(tmp_path, name)
    BAD["pipe"](tmp_path / name)
    code, said = told(["check", path, "--lang", "en"], capfd)
    assert code == (3 if name == "policy.yaml" else 4), said
    assert "this is a pipe" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("place", ["register", "area_sets", "sources", "statistics", "decisions"])
def test_a_path_with_a_zero_byte_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], place: str
) -> None:
    changed = policy()
    changed["decisions"] = {"file": "d.csv"}
    part = changed[place]
    (part[0] if isinstance(part, list) else part)["file"] = "a\0b.csv"
    path = build(tmp_path / "h", changed=changed)
    code, said = told(["run", path, "--key-file", tmp_path / "h" / "key"], capfd)
    assert "Traceback" not in said
    assert code in (3, 4)
    assert "\n  -> " in said


@pytest.mark.parametrize("value", ["nan", "1e300", "9" * 400])
def test_a_figure_that_is_none_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], value: str
) -> None:
    path = build(tmp_path)
    lines = (tmp_path / "dwellings.csv").read_text().splitlines()
    lines[1] = lines[1].rsplit(";", 1)[0] + f";{value}"
    (tmp_path / "dwellings.csv").write_text("\n".join(lines))
    arguments = ["run", path, "--key-file", tmp_path / "key", "--out", tmp_path / "out", "--lang"]
    code, said = told([*arguments, "en"], capfd)
    assert "Traceback" not in said
    if code == 0:  # read as blank: then nothing of it stands in a figure, and it is said
        results = pl.read_parquet(tmp_path / "out" / "2024" / "data" / "results.parquet")
        assert all(math.isfinite(each) for each in results["denominator"].drop_nulls())
        assert results["denominator"].drop_nulls().max() < 1e6
        assert "dwellings" in said
    else:
        assert code == 4, said


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 1e300])
def test_a_target_or_a_coordinate_that_is_no_number_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], value: float
) -> None:
    changed = policy()
    changed["goals"][0]["targets"][0]["readings"][0]["change"] = value
    path = build(tmp_path / "a", changed=changed)
    code, said = told(["run", path, "--key-file", tmp_path / "a" / "key"], capfd)
    assert (code, "Traceback" in said) == (3, False), said
    layer = areas()
    layer["features"][0]["geometry"]["coordinates"][0][1][0] = value
    path = build(tmp_path / "b")
    (tmp_path / "b" / "areas.geojson").write_text(json.dumps(layer))
    code, said = told(["run", path, "--key-file", tmp_path / "b" / "key"], capfd)
    assert (code, "Traceback" in said) == (4, False), said


def test_a_policy_of_deep_or_endless_values_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "policy.yaml"
    bombs = ["a: &a [*a]", "x: " + "[" * 5_000, "a: " + "{a: " * 5_000]
    lol = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    for text in [*bombs, "\n".join(lol), "title: " + "x" * 2_000_000, yaml.dump({"a": 1}) * 3]:
        path.write_text(text)
        code, said = told(["check", path], capfd)
        assert (code, "Traceback" in said) == (3, False), said
        assert "\n  -> " in said
