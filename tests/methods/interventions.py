"""Whether an intervention moved anything."""

from __future__ import annotations

import numpy as np

from kvarter.judgement.interventions import Panel, by_lot, estimate
from methods.spec import Example, Method, Row


def _panel(rows: list[Row]) -> Panel:
    years = [name for name in rows[0] if name not in ("area", "with it", "dwellings")]
    return Panel(
        np.array([[float(row[year]) for year in years] for row in rows]),
        np.array([[float(row["dwellings"])] * len(years) for row in rows]),
        np.array([bool(row["with it"]) for row in rows]),
        np.array([year >= "2022" for year in years]),
    )


def _estimate(rows: list[Row]) -> dict[str, object]:
    effect, (low, high) = estimate(_panel(rows), 0.95)
    return {"effect in percent": effect, "low": low, "high": high}


_HALVED: list[Row] = [
    {"area": area, "with it": with_it, "dwellings": 1_000, **counts}
    for area, with_it, counts in [
        ("a", True, {"2020": 40, "2021": 40, "2022": 20, "2023": 20}),
        ("b", True, {"2020": 60, "2021": 60, "2022": 30, "2023": 30}),
        ("c", False, {"2020": 50, "2021": 50, "2022": 50, "2023": 50}),
        ("d", False, {"2020": 30, "2021": 30, "2022": 30, "2023": 30}),
        ("e", False, {"2020": 80, "2021": 80, "2022": 80, "2023": 80}),
    ]
]

METHODS = [
    Method(
        "The effect of an intervention",
        "Did the areas with it move further than the others, after it began?",
        "log rate = area + time + effect x (area with it, time with it), the years before taken "
        "together and those after: a Poisson regression with the denominators as offset; variance "
        "widened by Pearson's chi-square over its degrees of freedom where that is more than one; "
        "t-interval.",
        "McCullagh and Nelder (1989), *Generalized Linear Models*, ch. 6; Angrist and Pischke "
        "(2009), *Mostly Harmless Econometrics*, ch. 5, for the design; Bertrand, Duflo and "
        "Mullainathan (2004), *Quarterly Journal of Economics* 119:249, for taking years together.",
        "Without it, both groups of areas would have moved alike; nothing else began there at the "
        "same time; areas do not affect each other.",
        estimate,
        [
            Example(
                "Two areas go to half, three stay",
                _HALVED,
                _estimate,
                {"effect in percent": "-50.0", "low": "-68.6", "high": "-20.5"},
                "by hand: log 1/2 -+ 3.182 x sqrt(1/200 + 1/100 + 1/320 + 1/320)",
            ),
        ],
    ),
    Method(
        "The effect of an intervention, by lot",
        "How often would areas drawn by lot show as large a difference?",
        "The ratio of the two groups' changes, each taken together, for every choice of as many "
        "areas (or 2,000 of them, with a seed); the part whose logarithm is as far from zero.",
        "Fisher (1935), *The Design of Experiments*; Rosenbaum (2002), *Observational Studies*, "
        "ch. 2.",
        "The areas could as well have been any others.",
        by_lot,
        [
            Example(
                "Of the ten pairs of five areas, only the true one shows so much",
                _HALVED,
                lambda rows: {"p": by_lot(_panel(rows))},
                {"p": "0.1"},
                "by hand: 1/10",
            ),
        ],
    ),
]
