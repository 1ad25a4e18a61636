"""Hide cells in the same tables with Kvarter and with tau-Argus, and attack both.

Run it with `make bench`. Tables of areas by years with all totals, counts drawn with a seed, a
threshold of five. Told for each size: cells hidden beside the small ones, seconds, and what an
attacker gets of the small ones: how many exactly, and how many to less than five.

tau-Argus (`pytauargus`, from the requirements of the benchmarks) is asked for its optimal
suppression with a protection of 100 %, the nearest it has to Kvarter's width.
"""

from __future__ import annotations

import time
from collections.abc import Hashable
from contextlib import chdir
from tempfile import TemporaryDirectory

import numpy as np

from kvarter.disclosure.attack import Attacker, Fact
from kvarter.disclosure.suppress import SuppressionProblem, suppress
from kvarter.disclosure.table import CellTable

THRESHOLD = 5
SIZES = [(10, 4), (20, 8), (40, 8), (99, 8)]
_WITHHELD = ("U", "M")
Inner = dict[tuple[str, str], int]


def drawn(areas: int, years: int, seed: int) -> Inner:
    """Counts with many small ones, as of cases in areas: a mean of twelve, and most below."""
    random = np.random.default_rng(seed)
    names = [(f"a{area:02}", f"y{year}") for area in range(areas) for year in range(years)]
    return {name: int(random.negative_binomial(1, 1 / 13)) for name in names}


def ours(table: CellTable, counts: dict[Hashable, float]) -> set[Hashable]:
    """The cells Kvarter hides."""
    primary: dict[Hashable, float] = {c: THRESHOLD for c, n in counts.items() if 0 < n < THRESHOLD}
    cost: dict[Hashable, float] = {cell: 1 + count / 1e6 for cell, count in counts.items()}
    return set(suppress(SuppressionProblem(table, counts, primary, cost)).hidden)


def theirs(inner: Inner) -> set[Hashable]:
    """The cells tau-Argus hides."""
    import pytauargus

    cases = [
        {"area": area, "year": year, "n": 1}
        for (area, year), count in inner.items()
        for _ in range(count)
    ]
    with TemporaryDirectory() as folder, chdir(folder):  # it leaves its solver's files behind
        made = pytauargus.protect(
            cases, ["area", "year"], "n", safety_rules=f"FREQ({THRESHOLD},100)", suppress="OPT(1)"
        )
    names = {"": None, "Total": None}
    return {
        tuple(
            names.get(str(row[side]).strip(), str(row[side]).strip()) for side in ("area", "year")
        )
        for row in made.tables[0].rows
        if row["status"] in _WITHHELD
    }


def attacked(
    table: CellTable, counts: dict[Hashable, float], hidden: set[Hashable]
) -> tuple[int, int]:
    """How many small cells an attacker knows exactly, and to less than five."""
    facts = [Fact(c, counts[c], counts[c]) for c in table.names if c not in hidden]
    knows = Attacker(table, facts, whole=False)
    widths = [
        found.width
        for cell, count in counts.items()
        if 0 < count < THRESHOLD and (found := knows.ask(cell)) is not None
    ]
    return sum(width < 1 for width in widths), sum(width < THRESHOLD for width in widths)


def main() -> None:
    """Print a line for each size and method, and the ratios."""
    print(
        f"{'table':>8} {'method':>10} {'small':>6} {'more':>6} {'exact':>6} {'close':>6} {'s':>8}"
    )
    for areas, years in SIZES:
        inner = drawn(areas, years, seed=areas)
        # A case-based tool never sees a cell without cases; leave those out for both.
        table = CellTable.crossed(
            [f"a{n:02}" for n in range(areas)], [f"y{n}" for n in range(years)]
        )
        counts = table.sums(dict(inner.items()))
        small = {cell for cell, count in counts.items() if 0 < count < THRESHOLD}
        seconds: dict[str, float] = {}
        more: dict[str, int] = {}
        for method in ("Kvarter", "tau-Argus"):
            begin = time.perf_counter()
            try:
                hidden = ours(table, counts) if method == "Kvarter" else theirs(inner)
            except ImportError:
                print(f"{areas}x{years:<4} {method:>12} is not installed: run `make bench`")
                continue
            seconds[method] = time.perf_counter() - begin
            more[method] = len(hidden - small)
            exact, close = attacked(table, counts, hidden)
            print(
                f"{f'{areas}x{years}':>8} {method:>10} {len(small):>6} {more[method]:>6} "
                f"{exact:>6} {close:>6} {seconds[method]:>8.2f}"
            )
        if len(seconds) == 2:
            print(
                f"{'':>8} ratio of Kvarter to tau-Argus: cells {more['Kvarter']}/"
                f"{more['tau-Argus']}, time {seconds['Kvarter'] / seconds['tau-Argus']:.1f}"
            )


if __name__ == "__main__":
    main()
