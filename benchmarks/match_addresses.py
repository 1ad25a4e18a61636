"""How right and how fast is the address match, side by side with peers in the same run?

`make bench` does the city; `.venv/bin/python benchmarks/match_addresses.py --country` does a whole
country as well, with one peer, which takes some minutes and 6 GiB, most of them to make queries.
Read docs/addresses.md for what is measured.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from addresses.linkage import splink_on_fields
from addresses.matchers import Matcher, Run, kvarter, row_by_row, row_by_row_any_order, run_alone
from addresses.people_type import make_queries
from addresses.registers import city_register, country_register, real_names, renamed
from addresses.score import by_category, by_doubt, by_kind, controls, score
from addresses.shift import make_shifted, take_out
from rich.console import Console
from rich.table import Table

HELD_BACK = 4271
"""The seed of these figures. Others were used while the matcher was made."""
SAMPLE = 500
"""Queries for a matcher that goes row by row; its rate is said per query."""
TRIES = 2
"""Each matcher runs so often, and its fastest run counts: other work on the computer slows some."""
Peers = dict[str, tuple[Matcher, int | None]]
PEERS: Peers = {
    "Kvarter": (kvarter, None),
    "Splink, given the fields": (splink_on_fields, None),
    "rapidfuzz ratio, row by row": (row_by_row, SAMPLE),
    "rapidfuzz WRatio, row by row": (row_by_row_any_order, SAMPLE),
}
console = Console(width=140)


@dataclass(frozen=True)
class Task:
    """A register and queries for it."""

    name: str
    register: pl.DataFrame
    queries: pl.DataFrame


def tasks(how_many: int, shared: Path | None) -> Iterator[Task]:
    """Own noise; the shift test; and the shift test with real street names, where they are."""
    city = city_register()
    yield Task("own noise", city, make_queries(city, how_many, HELD_BACK))
    yield shifted("shift", city, how_many)
    if shared is None:
        console.print("The shift test with real street names is left out: no ../shared/data.")
    else:
        real = renamed(city, real_names(shared), HELD_BACK)
        yield shifted("shift, real street names", real, how_many)


def shifted(name: str, register: pl.DataFrame, how_many: int) -> Task:
    kept, taken = take_out(register, np.random.default_rng(HELD_BACK))
    return Task(name, kept, make_shifted(kept, taken, how_many, HELD_BACK))


def measure(task: Task, folder: Path, peers: Peers) -> None:
    """Print how the matchers did at `task`, and where Kvarter was wrong."""
    console.rule(
        f"{task.name}: {task.register.height:,} addresses, {task.queries.height:,} queries"
    )
    path = folder / "register.parquet"
    task.register.write_parquet(path)
    runs = {}
    for name, (matcher, sample) in peers.items():
        queries = task.queries.sample(sample, seed=1) if sample else task.queries
        with console.status(f"{name}: {queries.height:,} queries"):
            tries = [run_alone(matcher, path, queries["text"]) for _ in range(TRIES)]
        runs[name] = (queries, min(tries, key=lambda run: run.matching))
    console.print(side_by_side(runs))
    queries, ours = runs["Kvarter"]
    means = controls(queries)
    console.print(
        f"Controls: the oracle is {means['oracle']:.0f} % right, and with its answers permuted "
        f"{means['permuted']:.0f} %."
    )
    console.print(as_table("Kvarter by category", by_category(queries, ours.answers)))
    console.print(
        as_table("Guesses (C) by the chance they are given", by_doubt(queries, ours.answers))
    )
    kinds = by_kind(queries, ours.answers).filter(pl.col("queries") >= queries.height / 2000)
    console.print(as_table("Kvarter by kind of query, the 15 worst first", kinds.head(15)))


def side_by_side(runs: dict[str, tuple[pl.DataFrame, Run]]) -> Table:
    table = Table("matcher", title="Side by side")
    for heading in (
        "queries", "right %", "unit F1", "precision %", "false %", "build s", "queries/s",
        "and build", "GiB", "times slower",
    ):  # fmt: skip
        table.add_column(heading, justify="right")
    fastest = runs["Kvarter"][1].rate
    for name, (queries, run) in runs.items():
        at = score(queries, run.answers)
        table.add_row(
            name, f"{queries.height:,}", f"{at['right']:.2f}", f"{at['f1']:.2f}",
            f"{at['precision']:.2f}", f"{at['false']:.2f}", f"{run.building:.1f}",
            f"{run.rate:,.0f}", f"{run.rate_in_all:,.0f}", f"{run.peak:.1f}",
            f"{fastest / run.rate:,.0f}",
        )  # fmt: skip
    return table


def as_table(title: str, frame: pl.DataFrame) -> Table:
    table = Table(*frame.columns, title=title)
    for row in frame.iter_rows():
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=100_000, help="queries of each kind of test")
    parser.add_argument("--country", action="store_true", help="a whole country as well")
    options = parser.parse_args()
    shared = Path(__file__).parents[2] / "shared" / "data"
    console.print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for task in tasks(options.queries, shared if shared.exists() else None):
            measure(task, Path(folder), PEERS)
        if options.country:
            country = country_register()
            queries = make_queries(country, 10 * options.queries, HELD_BACK)
            # The others take longer for it than a person waits.
            peers = {name: PEERS[name] for name in ("Kvarter", "rapidfuzz ratio, row by row")}
            measure(Task("a whole country", country, queries), Path(folder), peers)


if __name__ == "__main__":
    main()
