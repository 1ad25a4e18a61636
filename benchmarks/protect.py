"""How long the protection of a whole status takes, and how that grows with areas and goals.

Run it with `python benchmarks/protect.py`. Counts are drawn with a seed: a mean of twelve by area
and year, most below, a threshold of five; each goal has an indicator by area and a target. Told for
each size: CPU seconds of choosing, attacking and trying the words, and the exponents of growth.
"""

from __future__ import annotations

import math
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from kvarter.cases.tally import Tally
from kvarter.disclosure import FigureAttackers, audit, protect, protect_judgement, words_held_back
from kvarter.editions.releases import Released, parted
from kvarter.indicators import Cube
from kvarter.judgement import Judge, judge_all, with_intervals
from kvarter.policy.model import Policy
from kvarter.tables import table

hamlet: Any = import_module("hamlet")
ground: Any = import_module("ground")
SIZES = [(16, 10, 10), (100, 10, 1), (40, 10, 10), (160, 10, 10), (16, 10, 100)]
"""Areas, years and goals."""
_OF_DWELLINGS, _REST = 1_000.0, 30_000.0


def drawn(areas: int, years: int, goals: int) -> tuple[Policy, pl.DataFrame, Cube]:
    """A policy, its measures with intervals, and the cube they are sums of."""
    random = np.random.default_rng(areas + goals)
    names = [f"a{n:03}" for n in range(areas)]
    periods = range(2025 - years, 2025)
    data: dict[str, Any] = hamlet.policy()
    [goal], [kind], [indicator] = data["goals"], data["case_kinds"], data["goals"][0]["indicators"]
    [target] = goal["targets"]
    data |= {
        "disclosure": {"threshold": 5},
        "period": {"from": periods[0], "to": periods[-1]},
        "sources": [],
        "case_kinds": [kind | {"id": f"k{n}"} for n in range(goals)],
        "goals": [
            goal
            | {
                "number": n + 1,
                "indicators": [indicator | {"id": f"i{n}", "numerator": {"cases": f"k{n}"}}],
                "targets": [target | {"indicator": f"i{n}"}],
            }
            for n in range(goals)
        ],
        "editions": [
            {"id": "first", "title": "first", "data_year": periods[0], "area_set": "a"}
            | {"baseline": True},
            {"id": "last", "title": "last", "data_year": periods[-1], "area_set": "a"},
        ],
    }
    data["area_sets"][0]["areas"] = [{"id": name, "name": name} for name in names]
    cells, measures = [], []
    for number in range(goals):
        for period in periods:
            counts = random.negative_binomial(1, 1 / 13, areas).astype(float)
            rest, head = float(random.integers(300, 900)), (f"i{number}", period)
            own = [
                ([name], count, _OF_DWELLINGS) for name, count in zip(names, counts, strict=True)
            ]
            cells += [(*head, *each) for each in [*own, ([], rest, _REST)]]
            inside = float(counts.sum()), _OF_DWELLINGS * areas
            groups = [("areas", *inside), ("rest", rest, _REST)]
            groups.append(("city", inside[0] + rest, inside[1] + _REST))
            groups += [(name, count, of) for [name], count, of in own]
            measures += [(*head, *group) for group in groups]
    keys: dict[str, Any] = {"indicator": pl.String, "period": pl.Int64}
    amounts: dict[str, Any] = {"numerator": pl.Float64, "denominator": pl.Float64}
    policy = Policy.model_validate(data)
    frame = pl.DataFrame(measures, schema=keys | {"group": pl.String} | amounts, orient="row")
    frame = frame.with_columns(
        value=pl.col("numerator") / pl.col("denominator"),
        unlocated=pl.lit(None, pl.Int64),
        origin=pl.lit("computed"),
        largest=pl.lit(None, pl.Float64),
        second=pl.lit(None, pl.Float64),
        goal=pl.col("indicator").str.slice(1).cast(pl.Int64) + 1,
    ).select(list(table("measures").columns))
    return policy, with_intervals(frame, policy), ground.cube(cells)


def seconds(areas: int, years: int, goals: int) -> tuple[float, int]:
    """CPU seconds of protecting a status of this size, and how many small numbers it has."""
    policy, measures, cube = drawn(areas, years, goals)
    edition = policy.editions[-1]
    judgement = judge_all(measures, policy, Tally.empty(), Judge(edition, {}))
    begin = time.process_time()
    made = protect(measures, policy, cube, parted(Released().figures)[0], edition.area_set)
    told = protect_judgement(judgement, made.results, policy, edition, {})
    attackers = FigureAttackers(made.results, told, policy, cube, made.released, edition.area_set)
    audit(made.sensitive, attackers)
    words_held_back(
        *(measures, told, made.sensitive, attackers),
        Judge(edition, told.systems, told.bridges),
    )
    return time.process_time() - begin, len(made.sensitive)


def main() -> None:
    """Print a line for each size, and the exponents in areas and in goals."""
    taken: dict[tuple[int, int, int], float] = {}
    print(f"{'areas':>6} {'years':>6} {'goals':>6} {'small':>7} {'s':>8}")
    for size in SIZES:
        taken[size], small = seconds(*size)
        print("{:>6} {:>6} {:>6} ".format(*size) + f"{small:>7} {taken[size]:>8.2f}", flush=True)
    areas = [(math.log(s[0]), math.log(t)) for s, t in taken.items() if s[1:] == (10, 10)]
    goals = [(math.log(s[2]), math.log(t)) for s, t in taken.items() if s[:2] == (16, 10)]
    for name, points in (("areas", areas), ("goals", goals)):
        sizes, times = np.array(points).T
        slope = float(np.polyfit(sizes, times, 1)[0])
        print(f"grows with the {name} to the power {slope:.2f}")


if __name__ == "__main__":
    main()
