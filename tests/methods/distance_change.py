"""What a change of distance comes from, and what chance could have made of it."""

from __future__ import annotations

import numpy as np

from kvarter.areas.groups import Group
from kvarter.indicators.criteria import Cells
from kvarter.indicators.distance import closed, split
from kvarter.judgement.lags import Lags, Spot, interval
from kvarter.policy.model import Criterion
from methods.spec import Example, InStatus, Method, Origin, Row


def criterion(unit: str = "percent", spread: float | None = None) -> Criterion:
    """A criterion with no more in it than a method asks for."""
    quantity = {"statistic": "residents", "column": "n"}
    return Criterion.model_validate(
        {
            "id": "one",
            "title": "One",
            "numerator": quantity,
            "denominator": quantity,
            "population": "residents",
            "unit": unit,
            "spread": spread,
        }
    )


def cells_of(rows: list[Row]) -> Cells:
    """Two cells, the areas and the rest, over the years in `rows`."""
    years = sorted({row["year"] for row in rows})
    found = [
        [
            next((r["count"], r["of"]) for r in rows if (r["where"], r["year"]) == (where, year))
            for year in years
        ]
        for where in ("areas", "rest")
    ]
    amounts = np.array(found, dtype=float)
    inside = [frozenset({Group("2017", "a")}), frozenset[Group]()]
    return Cells(criterion(), years, inside, amounts[..., 0], amounts[..., 1])


def _split(rows: list[Row]) -> dict[str, object]:
    [row] = rows
    parts = split(row["baseline"], row["fixed"], row["kept"], row["designated"])
    return {
        "within": parts.within,
        "dropped": parts.dropped,
        "added": parts.added,
        "whole": parts.within + parts.boundaries,
    }


def _chance(rows: list[Row]) -> dict[str, object]:
    lags = Lags(cells_of(rows))
    before, now = (Spot(Group("2017", "areas"), year) for year in lags.cells.periods)
    start, end = lags.lag(before, "rest"), lags.lag(now, "rest")
    assert start is not None
    assert end is not None
    drawn = closed(lags.lags(now, "rest"), lags.lags(before, "rest"))
    low, high = interval(drawn, 0.95)
    return {"closed": closed(end, start), "low": low, "high": high}


METHODS = [
    Method(
        "Changed boundaries, and change within",
        "How much of a change of the lag is due to other areas being called so?",
        "whole = (fixed - baseline) + (kept - fixed) + (designated - kept), with the lag at "
        "baseline, and the lags now of the baseline's areas, of the ground in both sets, and of "
        "the areas as designated now. The parts add up exactly.",
        "By steps, as Kitagawa (1955), *Journal of the American Statistical Association* 50:1168, "
        "and Oaxaca (1973), *International Economic Review* 14:693; the boundaries are weighed by "
        "today's figures.",
        "That boundaries are changed after what happened within them: the other order gives other "
        "parts.",
        split,
        [
            Example(
                "A lag in points that falls, and boundaries that take half of it back",
                [{"baseline": 13.0, "fixed": 10.0, "kept": 10.5, "designated": 11.5}],
                _split,
                {"within": "-3.0", "dropped": "0.5", "added": "1.0", "whole": "-1.5"},
            ),
            Example(
                "Without education 2017-2024, in points, with the areas as designated in 2017 and "
                "in 2021",
                [{"baseline": 12.998, "fixed": 9.881, "kept": 10.411, "designated": 10.838}],
                _split,
                {"within": "-3.117", "dropped": "0.530", "added": "0.427", "whole": "-2.160"},
                "the lags by a separate program from the residents of the 52 roder mostly in the "
                "areas of 2017, the 54 of 2021 and the 49 of both",
                Origin.EXAMPLE,
            ),
        ],
        [
            InStatus(
                "The same, as fractions, from the residents by rode",
                "distance",
                {
                    "criterion": "no-education",
                    "areas": "designated",
                    "reference": "rest",
                    "group": "areas",
                    "period": 2024,
                },
                {
                    "change_within": "-0.0312",
                    "change_dropped": "0.0053",
                    "change_added": "0.0043",
                    "closed": "0.166",
                },
                "by hand from the lags above: 1 - 10.838/12.998 = 0.166, where without new "
                "boundaries it is 1 - 9.881/12.998 = 0.240",
            ),
        ],
    ),
    Method(
        "Interval of the share closed (parametric bootstrap)",
        "What could chance have made of the share closed?",
        "For each group and year the numerator is drawn anew 1,000 times: binomial with the "
        "denominator as number of trials; an average, normal with the spread between residents "
        "over the root of their number. The interval is the middle 95 % of the draws; they are "
        "seeded.",
        "Efron and Tibshirani (1993), *An Introduction to the Bootstrap*, ch. 6 and 13.",
        "Residents are independent, and so are the years. Most residents are the same people from "
        "year to year, so the interval is rather too wide.",
        Lags,
        [
            Example(
                "An area of 1,000 residents tells little, though its lag falls by a third",
                [
                    {"where": "areas", "year": 2017, "count": 300, "of": 1000},
                    {"where": "areas", "year": 2024, "count": 260, "of": 1000},
                    {"where": "rest", "year": 2017, "count": 90_000, "of": 500_000},
                    {"where": "rest", "year": 2024, "count": 90_000, "of": 500_000},
                ],
                _chance,
                {"closed": "0.33", "low": "0.00", "high": "0.59"},
                "by the delta method, 0.06 to 0.61",
            ),
            Example(
                "Copenhagen 2008-2014, without education: little is closed, and more than none",
                [
                    {"where": "areas", "year": 2008, "count": 38_540, "of": 115_472},
                    {"where": "areas", "year": 2014, "count": 38_783, "of": 125_833},
                    {"where": "rest", "year": 2008, "count": 77_115, "of": 390_585},
                    {"where": "rest", "year": 2014, "count": 78_347, "of": 440_001},
                ],
                _chance,
                {"closed": "0.045", "low": "0.02", "high": "0.07"},
                "by the delta method, 0.016 to 0.075; City of Copenhagen, open data (percentages "
                "by rode times residents)",
                Origin.PUBLISHED,
            ),
        ],
        [
            InStatus(
                "Without education 2017-2024, drawn for the areas and the rest",
                "distance",
                {
                    "criterion": "no-education",
                    "areas": "fixed",
                    "reference": "rest",
                    "group": "areas",
                    "period": 2024,
                },
                {"closed": "0.24", "closed_low": "0.21", "closed_high": "0.27"},
                "by the delta method, 0.208 to 0.272, from 20,876 of 69,591 and 19,828 of 83,033 "
                "in the areas, 57,763 of 339,770 and 51,204 of 365,765 in the rest",
            ),
        ],
    ),
]
