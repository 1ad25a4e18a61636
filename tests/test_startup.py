"""A command imports what it needs: which libraries each one loads, so that none creeps in."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.stats import gamma, norm, t

import hamlet
from kvarter.cases.deduplicate import components
from kvarter.files.once import once, reading_once
from kvarter.judgement.quantiles import gamma_quantile, quantile, reach, two_sided

_TELL = """
import atexit, json, sys
before = set(sys.modules)
atexit.register(lambda: print("\\n" + json.dumps(sorted(set(sys.modules) - before))))
"""
_COMMAND = _TELL + "from kvarter.cli import main\nmain()"

FOR_TABLES = {"duckdb", "ibis", "numpy", "pandas", "polars", "pyarrow", "pydantic", "shapely"}
FOR_FIGURES = {"scipy", "statsmodels"}
FOR_DOCUMENTS = {"altair", "docx", "jinja2", "PIL", "typst", "vl_convert", "xlsxwriter"}


def loaded(code: str, *arguments: str, folder: Path | None = None) -> list[str]:
    """The modules that `code` loads in a process of its own."""
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    modules: list[str] = json.loads(done.stdout.splitlines()[-1])
    return modules


def libraries(modules: list[str]) -> set[str]:
    """What is no part of Python, and not Kvarter itself."""
    return {name.partition(".")[0] for name in modules} - sys.stdlib_module_names - {"kvarter"}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    hamlet.build(folder)
    return folder


def test_the_package_itself_loads_no_library() -> None:
    modules = loaded(_TELL + "import kvarter")
    assert libraries(modules) == set()
    assert len(modules) < 20


def test_help_loads_what_draws_it_alone() -> None:
    modules = loaded(_COMMAND, "--help")
    assert not libraries(modules) & (FOR_TABLES | FOR_FIGURES | FOR_DOCUMENTS)
    assert len(modules) < 300


def test_a_match_loads_tables_and_no_engine(town: Path) -> None:
    text = "Strandvejen 4, 1. tv, 9990"
    modules = loaded(
        _COMMAND, "match", "--register", "register.parquet", "--explain", text, folder=town
    )
    unneeded = {"duckdb", "ibis", "pandas", "shapely", *FOR_FIGURES, *FOR_DOCUMENTS}
    assert libraries(modules) & unneeded <= {"xlsxwriter"}
    assert len(modules) < 750


def test_a_check_loads_nothing_that_judges_or_writes(town: Path) -> None:
    modules = loaded(_COMMAND, "check", "policy.yaml", folder=town)
    assert not libraries(modules) & (FOR_FIGURES | FOR_DOCUMENTS)
    assert len(modules) < 1600
    own = {name for name in modules if name.startswith(("kvarter.documents.", "kvarter.exports."))}
    assert not {name for name in own if name.endswith((".charts", ".pdf", ".docx", ".workbook"))}


def test_what_still_fits_loads_nothing_that_reads_counts_or_draws(town: Path) -> None:
    hamlet.run_in(town / "policy.yaml", town / "status")
    modules = loaded(_COMMAND, "run", "policy.yaml", "--key-file", "key", folder=town)
    unneeded = {"duckdb", "highspy", "ibis", "pandas", "pyproj", *FOR_FIGURES, *FOR_DOCUMENTS}
    assert not libraries(modules) & unneeded
    rooms = {name.split(".")[1] for name in modules if name.startswith("kvarter.")}
    assert not rooms & {"addresses", "disclosure", "exports"}
    assert len(modules) < 900


def test_one_form_of_the_documents_loads_nothing_of_the_others(town: Path) -> None:
    hamlet.run_in(town / "policy.yaml", town / "status")
    modules = loaded(_COMMAND, "write", "status/2024", "--only", "html", folder=town)
    assert not libraries(modules) & {"docx", "typst", "duckdb", "ibis", "pandas", "pyproj"}


def test_quantiles_and_tails_are_those_of_scipy_to_the_last_bit() -> None:
    random = np.random.default_rng(20)
    for chance, far, free in zip(
        random.random(500), 8 * random.normal(size=500), 10 ** (6 * random.random(500)), strict=True
    ):
        assert quantile(chance) == norm.ppf(chance)
        assert quantile(chance, free) == t.ppf(chance, free)
        assert reach(chance) == norm.ppf(1 - (1 - chance) / 2)
        assert two_sided(far) == 2 * norm.sf(abs(far))
        assert two_sided(far, free) == 2 * t.sf(abs(far), free)
        assert math.isclose(gamma_quantile(free, chance), gamma.ppf(chance, free), rel_tol=1e-12)


@pytest.mark.parametrize("seed", range(200))
def test_the_parts_of_a_graph_are_those_of_scipy(seed: int) -> None:
    random = np.random.default_rng(seed)
    size, edges = int(random.integers(1, 60)), int(random.integers(0, 80))
    one, other = random.integers(0, size, (2, edges))
    found = components(size, one, other)
    graph = coo_array((np.ones(edges), (one, other)), shape=(size, size))
    labels = connected_components(graph, directed=False)[1]
    first = np.array([np.flatnonzero(labels == label)[0] for label in labels])
    assert found.tolist() == first.tolist()


def test_a_long_chain_is_one_part() -> None:
    nodes = np.random.default_rng(7).permutation(5_000)
    assert not components(5_000, nodes[1:], nodes[:-1]).any()


def test_a_reader_is_asked_once_for_the_same_and_only_within() -> None:
    asked: list[tuple[str, int]] = []

    @once
    def read(file: str, *, column: int = 0) -> str:
        asked.append((file, column))
        return f"{file}:{column}"

    with reading_once():
        answers = [read("a"), read("b"), read("a"), read("a", column=1), read("a", column=1)]
    assert answers == ["a:0", "b:0", "a:0", "a:1", "a:1"]
    assert asked == [("a", 0), ("b", 0), ("a", 1)]
    read("a")
    with reading_once():
        read("a")
    assert len(asked) == 5
