"""Read a large extract and unite its rows, beside the CSV readers of Polars and DuckDB.

Run it with `make bench`, or `python benchmarks/reading.py [ROWS ...]`. An extract is drawn with a
seed: most persons, names and addresses occur once, one row in five is a second notice. Told for
each size: microseconds of CPU a row (all cores together) and the most memory, each stage in a
process of its own; then the ratio to each peer, and with which power of the rows time grows.

The peers only part the file into columns of text. Kvarter also finds out how it is written, reads
dates, and makes pseudonyms of person numbers and names (`read`), and unites what is one household
(`deduplicate`).
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import polars as pl

from kvarter.cases import Ledger, Pseudonyms, deduplicate_all, read_source
from kvarter.policy.model import CaseKind, Source

SIZES = (135_000, 1_350_000)
SEED = 18
_SECOND = 0.25
KIND = CaseKind.model_validate(
    {
        "id": "notice",
        "title": "Notice",
        "unite_as": "household",
        "same_when": [["unit"], ["person"], ["entrance", "name"]],
    }
)
SOURCE = Source.model_validate(
    {
        "id": "extract",
        "file": "extract.csv",
        "cases": "notice",
        "case_system": "X",
        "from": "2023-01-01",
        "to": "2023-12-31",
        "columns": {
            "event_date": "Dato",
            "address": ["Adresse", "Postnr. og by"],
            "person_number": "CPR",
            "name": "Navn",
            "sender": "Afsender",
        },
    }
)
_KEY = Pseudonyms("a key for the benchmark, and for nothing else")
_SYLLABLES = ["an", "ber", "dal", "el", "fri", "gre", "hol", "ib", "ka", "lun", "mo", "ør", "så"]


def extract(rows: int) -> pl.DataFrame:
    """The columns of an extract, and `home`, a number for each household."""
    random = np.random.default_rng(SEED)
    homes = int(rows / (1 + _SECOND))
    again = random.integers(0, homes, rows - homes)
    home = random.permutation(np.concatenate([np.arange(homes), again]))

    def of_home(low: int, high: int) -> pl.Series:
        """A number for each household, the same in all of its rows."""
        return pl.Series(random.integers(low, high, homes)[home])

    syllables = pl.Series(_SYLLABLES)
    words = [syllables.gather(of_home(0, len(syllables))) for _ in range(6)]
    first, last = words[0] + words[1], words[2] + words[3] + words[4] + words[5]
    street = syllables.gather(of_home(0, 13)) + syllables.gather(of_home(0, 13)) + "vej "
    digits = [of_home(1, 29), of_home(1, 13), of_home(40, 100), of_home(1, 4000)]
    day, month, year, serial = (pl.Series([f"{n:02}" for n in part]) for part in digits)
    number = day + month + year + "-" + serial.str.zfill(4)
    dated = pl.Series(random.integers(0, 365, rows)).cast(pl.Int32)
    dates = pl.select(pl.lit(pl.Series([19_358]).cast(pl.Int32)).first() + dated).to_series()
    return pl.DataFrame(
        {
            "Sagsnr": np.arange(rows),
            "Dato": dates.cast(pl.Date).dt.strftime("%d-%m-%Y"),
            "CPR": number,
            "Navn": first.str.to_titlecase() + " " + last.str.to_titlecase(),
            "Adresse": street.str.to_titlecase()
            + of_home(1, 300).cast(pl.String)
            + ", "
            + of_home(1, 6).cast(pl.String)
            + pl.Series([". tv", ". th"]).gather(of_home(0, 2)),
            "Postnr. og by": pl.Series(["2400 København NV", "2720 Vanløse"]).gather(of_home(0, 2)),
            "Afsender": pl.Series(["Fogedretten", "Boligorganisation"]).gather(of_home(0, 2)),
            "home": home,
        }
    )


def located(cases: pl.DataFrame, home: pl.Series) -> pl.DataFrame:
    """Cases as the match and the placing leave them: each home has a unit, four an entrance."""
    entrance = pl.format("0a3f50b4-0000-32b8-e044-{}", (home // 4).cast(pl.String).str.zfill(12))
    unit = pl.format("0a3f50b4-0001-32b8-e044-{}", home.cast(pl.String).str.zfill(12))
    return cases.with_columns(
        address_id=unit,
        access_address_id=entrance,
        in_municipality=pl.lit(True),
        reasons=pl.lit(["exact"]),
    )


def _read(folder: Path) -> pl.DataFrame:
    return read_source(SOURCE, KIND, folder, _KEY).cases


def _polars(folder: Path) -> pl.DataFrame:
    return pl.read_csv(folder / SOURCE.file, separator=";", infer_schema=False)


def _duckdb(folder: Path) -> pl.DataFrame:
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        file = str(folder / SOURCE.file)
        return connection.read_csv(file, sep=";", all_varchar=True, header=True).pl()


def _deduplicate(folder: Path) -> pl.DataFrame:
    ledger = Ledger()
    return deduplicate_all(pl.read_parquet(folder / "located.parquet"), [KIND], ledger).cases


def _only_load(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(folder / "located.parquet")


STAGES: dict[str, Callable[[Path], pl.DataFrame]] = {
    "read": _read,
    "polars.read_csv": _polars,
    "duckdb read_csv": _duckdb,
    "deduplicate": _deduplicate,
    "(load for deduplicate)": _only_load,
}


def measured(stage: str, folder: Path) -> tuple[float, float, int]:
    """CPU seconds, peak memory in MB, and rows of a stage; called in a process of its own."""
    begin = time.process_time()
    rows = STAGES[stage](folder).height
    seconds = time.process_time() - begin
    return seconds, _peak(), rows


def _peak() -> float:
    """The most memory this process had, in MB, as Linux tells it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main(sizes: tuple[int, ...]) -> None:
    """Print a line for each size and stage, then ratios and powers."""
    found: dict[tuple[str, int], tuple[float, float]] = {}
    print(f"{'rows':>10} {'stage':>18} {'us a row':>9} {'MB':>7}")
    for size in sizes:
        with TemporaryDirectory() as name:
            folder = Path(name)
            drawn = extract(size)
            drawn.drop("home").write_csv(folder / SOURCE.file, separator=";")
            located(_read(folder), drawn["home"]).write_parquet(folder / "located.parquet")
            for stage in STAGES:
                with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
                    seconds, memory, rows = alone.submit(measured, stage, folder).result()
                assert rows == size, (stage, rows)
                found[stage, size] = seconds / size * 1e6, memory
                print(f"{size:>10} {stage:>18} {seconds / size * 1e6:>9.2f} {memory:>7.0f}")
    for size in sizes:
        for peer in ("polars.read_csv", "duckdb read_csv"):
            ratio = found["read", size][0] / found[peer, size][0]
            print(f"{size:>10} read to {peer}: CPU {ratio:.1f}")
    if len(sizes) > 1:
        for stage in ("read", "deduplicate"):
            (small, less), (large, more) = (found[stage, sizes[at]] for at in (0, -1))
            growth = math.log(sizes[-1] / sizes[0])
            power = 1 + math.log(large / small) / growth
            print(f"{stage}: CPU grows with power {power:.2f} of the rows, from {less:.0f} to "
                  f"{more:.0f} MB")  # fmt: skip


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
