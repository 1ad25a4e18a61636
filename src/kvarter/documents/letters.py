"""The letters of every document and picture: one family, so that they are the same everywhere."""

from __future__ import annotations

from pathlib import Path

import ttf_opensans

FONT = "Open Sans, Helvetica, Arial, sans-serif"
FONTS = Path(ttf_opensans.__file__).parent / "ttf"
"""Where the files of the letters lie, so that a picture is the same on every machine."""
