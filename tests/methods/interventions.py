"""Whether an intervention moved anything."""

from __future__ import annotations

import numpy as np

from kvarter.judgement.interventions import Panel, by_lot, estimate
from methods.spec import Example, InStatus, Method, Origin, Row


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


def _before_and_after(rows: list[Row]) -> Panel:
    """Areas with what came before and after taken together, as the estimate does."""
    return Panel(
        np.array([[float(row["before"]), float(row["after"])] for row in rows]),
        np.array([[float(row["dwellings before"]), float(row["dwellings after"])] for row in rows]),
        np.array([bool(row["with it"]) for row in rows]),
        np.array([False, True]),
    )


def _estimate_of_two(rows: list[Row]) -> dict[str, object]:
    effect, (low, high) = estimate(_before_and_after(rows), 0.95)
    return {"effect in percent": effect, "low": low, "high": high}


_DEBT_ADVICE: list[Row] = [
    {
        "area": area,
        "with it": with_it,
        "before": before,
        "dwellings before": dwellings_before,
        "after": after,
        "dwellings after": dwellings_after,
    }
    for area, with_it, before, dwellings_before, after, dwellings_after in [
        ("ellekrat", False, 193, 14_586, 193, 26_240),
        ("gaasetoften", False, 148, 10_893, 153, 19_545),
        ("hyldemarken", True, 148, 13_092, 190, 24_700),
        ("kobberholm", True, 136, 11_244, 135, 18_740),
        ("laerkebo", False, 141, 12_460, 156, 21_080),
        ("moellevangen", False, 148, 11_345, 141, 20_859),
        ("nordre-kilde", True, 134, 10_284, 139, 17_140),
        ("ravnsbro", True, 130, 10_663, 143, 18_275),
        ("stjernegaarden", False, 130, 9_345, 136, 15_675),
        ("sydhegnet", False, 122, 8_502, 110, 14_230),
        ("teglgaardskvarteret", False, 173, 14_571, 185, 24_285),
        ("tjoernebakken", True, 180, 14_566, 181, 25_822),
        ("ved-boegeparken", False, 141, 11_181, 150, 19_195),
        ("ved-remisen", False, 164, 12_879, 165, 22_791),
        ("vinterhaven", False, 123, 10_191, 154, 19_265),
    ]
]
"""Notices 2016-2018 and 2019-2023, and the dwellings of these years added up, by area."""

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
            Example(
                "Outreach debt advice from 2019 in five areas: notices 2016-2018 and 2019-2023, "
                "and the dwellings of these years added up; no effect",
                _DEBT_ADVICE,
                _estimate_of_two,
                {"effect in percent": "4.3", "low": "-9.0", "high": "19.5"},
                "given each area's notices, those after are binomial: its likelihood at the most, "
                "with the error 0.0630 and t = 2.160 at 13 degrees; all taken together, "
                "(788/104,677)/(728/59,849) over (1,543/203,165)/(1,483/115,953) is 1.042",
                Origin.EXAMPLE,
            ),
        ],
        [
            InStatus(
                "The same, from the rows of the extracts",
                "interventions",
                {"goal": 2, "intervention": 2},
                {
                    "areas": "5",
                    "other_areas": "10",
                    "effect": "4.3",
                    "effect_low": "-9.0",
                    "effect_high": "19.5",
                },
                "as above; a sixteenth area is left out, since its figure of 2018 is hidden",
            ),
        ],
    ),
    Method(
        "The effect of an intervention, by lot",
        "How often would areas drawn by lot show as large a difference?",
        "The ratio of the two groups' changes, each taken together, for every choice of as many "
        "areas (or 5,000 of them, with a seed); the part whose logarithm is as far from zero.",
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
            Example(
                "Outreach debt advice in five of fifteen areas, from 2019",
                _DEBT_ADVICE,
                lambda rows: {"p": by_lot(_before_and_after(rows))},
                {"p": "0.377"},
                "1,131 of all 3,003 choices are as far apart, counted by a separate program",
                Origin.EXAMPLE,
            ),
        ],
        [
            InStatus(
                "The same, from the rows of the extracts",
                "interventions",
                {"goal": 2, "intervention": 2},
                {"p_value": "0.377"},
                "as above",
            ),
        ],
    ),
]
