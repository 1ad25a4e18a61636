"""Files that cannot be read are refused in words, and none is waited for without end."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kvarter.areas.polygons import read_layer
from kvarter.engine import Engine
from kvarter.errors import InputError, PolicyError
from kvarter.files import read_parquet, read_table
from kvarter.files.inputs import read_bytes, see_readable
from kvarter.policy.model import Layer
from kvarter.register.read import open_register
from kvarter.register.rows import read_rows

WANTED = {"name": "Navn"}


def a_fifo(path: Path) -> None:
    os.mkfifo(path)


def a_loop(path: Path) -> None:
    path.symlink_to(path)


READERS: dict[str, Callable[[Path], object]] = {
    ".csv": lambda path: read_table(path, WANTED),
    ".xlsx": lambda path: read_table(path, WANTED),
    ".parquet": lambda path: read_parquet(path, WANTED),
    ".rows.parquet": lambda path: read_rows(path, WANTED),
    ".rows.csv": lambda path: read_rows(path, WANTED),
    ".register.parquet": lambda path: open_register(Engine(), path),
    ".geojson": lambda path: read_layer(
        Layer.model_validate({"file": path.name, "name_field": "navn"}), path.parent
    ),
}


@pytest.mark.parametrize("suffix", READERS)
@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(Path.mkdir, "this is a folder", id="folder"),
        pytest.param(a_fifo, "this is a pipe", id="pipe"),
        pytest.param(lambda path: path.symlink_to("/dev/zero"), "this is a device", id="device"),
        pytest.param(lambda path: path.symlink_to("gone"), "not there", id="link to nothing"),
        pytest.param(a_loop, "cannot be read", id="loop"),
        pytest.param(lambda path: None, "not there", id="nothing"),
    ],
)
def test_what_is_no_file_is_refused(
    tmp_path: Path, suffix: str, make: Callable[[Path], object], words: str
) -> None:
    path = tmp_path / f"f{suffix}"
    make(path)
    with pytest.raises(InputError, match=words):
        READERS[suffix](path)


@pytest.mark.parametrize("suffix", READERS)
def test_a_path_that_cannot_be_is_refused(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(InputError, match="zero byte in the path"):
        READERS[suffix](tmp_path / f"a\0b{suffix}")
    with pytest.raises(InputError, match="cannot be read"):
        READERS[suffix](tmp_path / f"{'a' * 300}{suffix}")


def test_the_size_is_limited_and_the_kind_of_error_is_the_readers(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"12345")
    assert read_bytes(path, 5) == b"12345"
    with pytest.raises(PolicyError, match="holds 5 bytes, and at most 4 are read"):
        read_bytes(path, 4, PolicyError)
    with pytest.raises(InputError, match="holds 5 bytes"):
        see_readable(path, 4)


def test_a_missing_file_names_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "udtræk [2023].csv").touch()
    with pytest.raises(InputError, match=r"The folder holds: udtræk \[2023\]\.csv\."):
        read_bytes(tmp_path / "udtræk*.csv")
