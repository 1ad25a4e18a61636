"""The letters of every document and picture: one family, so that they are the same everywhere."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

FONT = "Open Sans, Helvetica, Arial, sans-serif"


def _letters() -> Path:
    # Found and not imported: the package imports a whole library for pictures, which nobody needs.
    package = find_spec("ttf_opensans")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("No module named 'ttf_opensans'")
    return Path(package.origin).parent / "ttf"


FONTS = _letters()
"""Where the files of the letters lie, so that a picture is the same on every machine."""
