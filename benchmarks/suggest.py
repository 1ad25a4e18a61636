"""How fast is one address at a time, side by side with a full-text index in the same run?

`.venv/bin/python benchmarks/suggest.py` makes a register of the size of the country, which takes
some minutes and 6 GiB; `--city` takes the example city instead. With `--register FILE` it takes
one that is there, with its saved index. Read docs/addresses.md for what is measured.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import polars as pl
from addresses.people_type import make_queries
from addresses.registers import city_register, country_register
from rich.console import Console
from rich.table import Table

from kvarter.addresses import make_index, match, saved_index

SEED = 4271
TEXTS, TYPED, SOME, LIMIT = 400, 2_000, 40, 10
"""Texts to match, what is typed, how many of either what is slow is measured by; answers."""
A_CITY = 1_000_000
console = Console(width=140)
T = TypeVar("T")
Search = Callable[[str], list[str]]


@dataclass(frozen=True)
class Times:
    """Milliseconds of each call, in order; and of the processor alone."""

    wall: list[float]
    processor: list[float]

    def at(self, share: float) -> str:
        return f"{self.wall[int(share * len(self.wall))]:.2f}"

    def at_processor(self, share: float) -> str:
        return f"{self.processor[int(share * len(self.processor))]:.2f}"


def timed(call: Callable[[str], T], texts: Iterable[str]) -> tuple[Times, list[T]]:
    """How long each call took, and what each said."""
    wall, processor, said = [], [], []
    for text in texts:
        start = time.perf_counter(), time.process_time()
        said.append(call(text))
        wall.append(1000 * (time.perf_counter() - start[0]))
        processor.append(1000 * (time.process_time() - start[1]))
    return Times(sorted(wall), sorted(processor)), said


def designations(rows: pl.DataFrame) -> pl.Series:
    """How each address of today is written officially."""
    unit = pl.concat_str("floor", "door", separator=". ").str.strip_chars(" .")
    line = pl.concat_str("street_name", "house_number", separator=" ")
    post = pl.concat_str("postcode", "post_district", separator=" ")
    parts = [
        line,
        *(pl.when(part != "").then(part) for part in (unit, pl.col("supplementary_town"))),
    ]
    text = pl.concat_str([*parts, post], separator=", ", ignore_nulls=True)
    return rows.filter(pl.col("replaced_by") == "").select(text).to_series()


def beginnings(official: pl.Series, chance: random.Random) -> tuple[list[tuple[str, str]], ...]:
    """What is typed of addresses, with what is meant: as it is, and with one slip in the street."""
    plain, slipped = [], []
    for text in official.sample(TYPED, seed=SEED).to_list():
        street = len(text.split(",")[0].rstrip("ABCDEFGH").rstrip("0123456789 "))
        plain.append((text[: chance.randint(2, len(text))].lower(), text))
        at, end = chance.randint(1, street - 2), chance.randint(min(6, street), len(text))
        wrong = text[:at] + chance.choice("aeionrst") + text[at + chance.randint(0, 1) :]
        slipped.append((wrong[: end + 1].lower(), text))
    return plain, slipped


def full_text(official: pl.Series, file: Path, tokens: str) -> Search:
    """SQLite's FTS5 over the same designations, the best ten by its own rank."""
    base = sqlite3.connect(file)
    base.execute(f"CREATE VIRTUAL TABLE a USING fts5(text, tokenize='{tokens}', prefix='2 3')")
    base.executemany("INSERT INTO a VALUES (?)", ((text,) for text in official))
    base.commit()
    by_rank = "ORDER BY rank" if "trigram" in tokens else ""

    def search(typed: str) -> list[str]:
        if "trigram" in tokens:
            grams = {typed[at : at + 3].replace('"', "") for at in range(len(typed) - 2)}
            asked = " OR ".join(f'"{gram}"' for gram in sorted(grams) if len(gram) == 3)
        else:
            asked = " ".join(f'"{word}"*' for word in re.findall(r"\w+", typed))
        if not asked:
            return []
        sought = f"SELECT text FROM a WHERE a MATCH ? {by_rank} LIMIT {LIMIT}"
        return [text for (text,) in base.execute(sought, (asked,))]

    return search


def found(said: list[list[str]], typed: list[tuple[str, str]]) -> str:
    """The share of what is typed for which an answer is what was meant, or leads on to it."""
    hits = 0
    for texts, (_, meant) in zip(said, typed, strict=True):
        street, post = meant.split(",")[0], meant.rpartition(", ")[2]
        leads_on = {meant, f"{street}, {post}", f"{street.rpartition(' ')[0]}, {post}"}
        hits += not leads_on.isdisjoint(texts)
    return f"{100 * hits / len(typed):.0f}"


def memory() -> tuple[int, int]:
    """MiB of this process: what is its own, and what is there of files that it maps."""
    told = Path("/proc/self/status").read_text().splitlines()
    sizes = dict(line.split(":", 1) for line in told if line.startswith("Rss"))
    return tuple(int(sizes[name].split()[0]) // 1024 for name in ("RssAnon", "RssFile"))  # type: ignore[return-value]


def alone(register: Path) -> None:
    """What opening costs, in this process, which has done nothing else."""
    before, start = memory(), time.perf_counter()
    index = saved_index(register)
    assert index is not None
    opened, of_index = time.perf_counter() - start, memory()
    for typed in ("sve", "svalestrde 4", "svalestr 1", "2. tv, vestergade 4"):
        index.suggest(typed)
    ready, of_search = time.perf_counter() - start - opened, memory()
    rss = " and ".join(f"{after - now}" for now, after in zip(before, of_index, strict=True))
    more = " and ".join(f"{after - now}" for now, after in zip(of_index, of_search, strict=True))
    print(f"Opened in {opened:.2f} s with {rss} MiB (own and of files);", end=" ")
    print(f"ready to suggest after {ready:.2f} s more, with {more} MiB more.")


def measure(register: Path, rows: pl.DataFrame, folder: Path) -> None:
    subprocess.run([sys.executable, __file__, "--alone", "--register", str(register)], check=True)
    index = saved_index(register)
    assert index is not None
    texts = make_queries(rows, TEXTS, SEED)["text"].to_list()
    official = designations(rows)
    some = official.sample(TEXTS, seed=SEED).to_list()
    index.match_one(texts[0])
    index.suggest("svalestrde")
    one = Table("one text at once", "median ms", "p95 ms", "median ms, processor")
    for name, call, asked in (
        ("match_one, official designations", index.match_one, some),
        ("match_one, what people type", index.match_one, texts),
        (
            "a table of one text, what people type",
            lambda text: match([text], index),
            texts[:SOME],
        ),
    ):
        times, _ = timed(call, asked)
        one.add_row(name, times.at(0.5), times.at(0.95), times.at_processor(0.5))
    console.print(one)
    plain, slipped = beginnings(official, random.Random(SEED))
    searches: dict[str, Search] = {
        "Kvarter": lambda typed: [one.text for one in index.suggest(typed, limit=LIMIT)]
    }
    peers = {"prefix": "unicode61 remove_diacritics 0", "trigram": "trigram"}
    for name, tokens in peers.items():
        if name == "trigram" and rows.height > A_CITY:
            continue  # takes longer there than a person waits
        start = time.perf_counter()
        file = folder / f"{name}.db"
        searches[f"FTS5, {name}"] = full_text(official, file, tokens)
        size = file.stat().st_size // 2**20
        console.print(f"FTS5, {name}: built in {time.perf_counter() - start:.0f} s, {size:,} MiB")
    table = Table(
        "typed", "search", "median ms", "p95 ms", "p95, processor", "found %", "times slower"
    )
    for kind, typed in (("beginnings", plain), ("with a slip", slipped)):
        ours = None
        for name, search in searches.items():
            asked = typed if name == "Kvarter" else typed[:SOME]
            times, said = timed(search, [start for start, _ in asked])
            ours = ours or times
            slower = statistics.median(times.wall) / statistics.median(ours.wall)
            table.add_row(
                kind, name, times.at(0.5), times.at(0.95), times.at_processor(0.95),
                found(said, asked), f"{slower:.1f}",
            )  # fmt: skip
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--city", action="store_true", help="the example city, not a country")
    parser.add_argument("--register", type=Path, help="a register that is there, with its index")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        alone(options.register)
        return
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    console.print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {load}, "
        f"Python {platform.python_version()}"
    )
    with tempfile.TemporaryDirectory() as folder:
        register: Path = options.register or Path(folder) / "register.parquet"
        if not options.register:
            (city_register() if options.city else country_register()).write_parquet(register)
            make_index(register)
        rows = pl.read_parquet(register)
        console.rule(f"{rows.height:,} addresses")
        measure(register, rows, Path(folder))


if __name__ == "__main__":
    main()
