"""The matchers side by side. Each runs in a process of its own, so that its peak memory is its own.

A matcher takes the path of a register and the texts, and returns an answer for each distinct text:
`text, category, address_id, access_address_id`; blank ids and category where there is none.
"""

from __future__ import annotations

import re
import resource
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import polars as pl
from rapidfuzz import fuzz, process

from kvarter.addresses import AddressIndex, match
from kvarter.engine import Engine
from kvarter.register import open_register

ANSWER = {
    "text": pl.String,
    "category": pl.String,
    "address_id": pl.String,
    "access_address_id": pl.String,
}
SURE = 80
"""The similarity (0-100) from which row-by-row rapidfuzz answers: the best one at own noise."""
POSTCODE, ANYWHERE = re.compile(r"\b[0-9]{4}\b"), ""


@dataclass(frozen=True)
class Run:
    """`building` and `matching` in seconds, `peak` memory of the whole process in GiB."""

    answers: pl.DataFrame
    building: float
    matching: float
    peak: float

    @property
    def rate(self) -> float:
        """Distinct texts a second, without building."""
        return self.answers.height / self.matching

    @property
    def rate_in_all(self) -> float:
        """The same with building."""
        return self.answers.height / (self.building + self.matching)


Matcher = Callable[[Path, pl.Series], tuple[pl.DataFrame, float, float]]


def run_alone(matcher: Matcher, register: Path, texts: pl.Series) -> Run:
    """`matcher` in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured, matcher, register, texts).result()


def _measured(matcher: Matcher, register: Path, texts: pl.Series) -> Run:
    answers, building, matching = matcher(register, texts)
    return Run(answers, building, matching, _peak())


def _peak() -> float:
    """The most memory this process has held. Linux's `ru_maxrss` starts at that of its parent."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def kvarter(register: Path, texts: pl.Series) -> tuple[pl.DataFrame, float, float]:
    engine = Engine()
    start = time.perf_counter()
    index = AddressIndex(engine, open_register(engine, register))
    built = time.perf_counter()
    answers = match(texts, index)
    done = time.perf_counter()
    return answers, built - start, done - built


def row_by_row(register: Path, texts: pl.Series) -> tuple[pl.DataFrame, float, float]:
    """What many write first: rapidfuzz over the addresses of the text's postcode, row by row.

    A text without a postcode of the register is compared with all addresses: that is slower, and
    more often right. Its `ratio` is the most right of its scorers here, and the fastest.
    """
    return _row_by_row(register, texts, fuzz.ratio)


def row_by_row_any_order(register: Path, texts: pl.Series) -> tuple[pl.DataFrame, float, float]:
    """The same with WRatio, which rapidfuzz takes where nothing is said, and any order of words."""
    return _row_by_row(register, texts, fuzz.WRatio)


def _row_by_row(
    register: Path, texts: pl.Series, scorer: Callable[..., float]
) -> tuple[pl.DataFrame, float, float]:
    start = time.perf_counter()
    rows = pl.read_parquet(register).filter(pl.col("replaced_by") == "")
    line = pl.col("street_name") + " " + pl.col("house_number")
    unit = pl.concat_str("floor", "door", separator=" ").str.strip_chars()
    post = pl.col("postcode") + " " + pl.col("post_district")
    rows = rows.with_columns(text=pl.concat_str(line, unit, post, separator=" ").str.to_lowercase())
    of_postcode: dict[str, tuple[list[str], list[tuple[str, str]]]] = defaultdict(lambda: ([], []))
    columns = ("text", "postcode", "address_id", "access_address_id")
    for text, postcode, unit_id, entrance_id in rows.select(columns).iter_rows():
        for there in (postcode, ANYWHERE):
            of_postcode[there][0].append(text)
            of_postcode[there][1].append((unit_id, entrance_id))
    built = time.perf_counter()
    answers = []
    for text in texts:
        typed = " ".join(re.sub(r"[^\wæøå]+", " ", text.lower()).split())
        there = next((code for code in POSTCODE.findall(typed) if code in of_postcode), ANYWHERE)
        known, ids = of_postcode[there]
        best = process.extractOne(typed, known, scorer=scorer, score_cutoff=SURE)
        answers.append((text, "A", *ids[best[2]]) if best else (text, "", "", ""))
    done = time.perf_counter()
    return pl.DataFrame(answers, schema=ANSWER, orient="row"), built - start, done - built
