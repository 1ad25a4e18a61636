"""Pages as people see them: a PDF as pictures and as text, by poppler's programs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from numpy.typing import NDArray

from conftest import IN_CI

DPI = 50
_MM = DPI / 25.4


def program(name: str, package: str) -> str:
    """Where a program lies; the test is skipped where it is absent, and fails in CI."""
    found = shutil.which(name)
    if found is None:
        absent(f"there is no {name}: apt-get install {package}")
    return found


def absent(what: str) -> NoReturn:
    """Skip the test, and say why; fail it in CI."""
    if IN_CI:
        pytest.fail(what)
    pytest.skip(what)


def pages(pdf: Path) -> list[NDArray[np.uint8]]:
    """Each page as grey dots, 0 black to 255 white, `DPI` to the inch."""
    command = [program("pdftoppm", "poppler-utils"), "-gray", "-r", str(DPI), str(pdf)]
    left = subprocess.run(command, check=True, capture_output=True).stdout
    found = []
    while left:
        kind, size, _, rest = left.split(b"\n", 3)
        assert kind == b"P5"
        width, height = map(int, size.split())
        dots = np.frombuffer(rest[: width * height], dtype=np.uint8)
        found.append(dots.reshape(height, width))
        left = rest[width * height :]
    return found


def page_texts(pdf: Path) -> list[str]:
    """The text of each page, in the order it was written."""
    command = [program("pdftotext", "poppler-utils"), "-raw", str(pdf), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return text.rstrip("\f").split("\f")


def assert_sound(pdf: Path, headings: set[str], margin_mm: float = 8) -> None:
    """No page is empty, has anything at its very edge, or ends in a heading."""
    edge = int(margin_mm * _MM)
    for number, (dots, text) in enumerate(zip(pages(pdf), page_texts(pdf), strict=True), 1):
        inside = np.full(dots.shape, fill_value=False)
        inside[edge:-edge, edge:-edge] = True
        assert (dots[~inside] > 250).all(), f"page {number} has something at its edge"
        body = dots[int(26 * _MM) : int(-24 * _MM)]
        assert (body < 200).any(), f"page {number} is empty"
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        assert lines[-2] not in headings, f"page {number} ends in a heading"  # then the footer
