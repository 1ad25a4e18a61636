"""Served by a process that has done other things before, as `kvarter serve --demo` has."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

from web.example import copy_of, served

QUERY = "import polars as pl; pl.LazyFrame({'a': range(9)}).group_by('a').len().collect()"


def test_pages_open_editions_where_the_process_before_them_made_some(
    demo_site: Path, tmp_path: Path
) -> None:
    with served(copy_of(demo_site, tmp_path / "site"), before=QUERY) as (address, _):
        figures = f"{address}/api/v1/editions/2024/figures"
        with urllib.request.urlopen(figures, timeout=120) as answer:
            assert json.load(answer)["figures"]
