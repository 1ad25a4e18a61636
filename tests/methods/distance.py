"""How far the areas have come on the criteria they were designated by."""

from __future__ import annotations

import numpy as np

from kvarter.indicators.criteria import Cells
from kvarter.indicators.distance import closed, lag, pace, projected_year, split
from kvarter.judgement.lags import Lags, interval
from kvarter.judgement.overall import Measured, overall
from kvarter.policy.model import Ambition, AmbitionReading, Criterion
from methods.spec import Example, Method, Row

AMBITION = Ambition(
    title="Half",
    closed=0.5,
    year=2025,
    readings=[AmbitionReading(title="so", reference="rest", overall="mean", areas="fixed")],
)


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
    inside = [frozenset({("2017", "a")}), frozenset[tuple[str, str]]()]
    return Cells(criterion(), years, inside, amounts[..., 0], amounts[..., 1])


def _lag(rows: list[Row]) -> dict[str, object]:
    found = {}
    for row in rows:
        for reference in ("rest", "city"):
            name = f"{row['criterion']}, {reference}"
            found[name] = lag(row["areas"], row[reference], row["better"])
    return dict(found)


def _closed(rows: list[Row]) -> dict[str, object]:
    before, now = (row["lag"] for row in rows)
    years = rows[1]["year"] - rows[0]["year"]
    share = closed(now, before)
    a_year = pace(share, years)
    year = projected_year(rows[0]["year"], AMBITION.closed, a_year)
    return {
        "closed": share,
        "distance covered": share / AMBITION.closed,
        "pace": a_year,
        "projected year": year,
    }


def _overall(rows: list[Row]) -> dict[str, object]:
    measured = [
        Measured({"closed": r["closed"], "pace": r["closed"] / 7}, None)
        if r["closed"] is not None
        else Measured({"closed": None}, None)
        for r in rows
    ]
    counted, mean = overall(measured, AMBITION, 2017, len(rows), 0.95)
    return {
        "reached": counted["criteria_reached"],
        "needed": counted["criteria_needed"],
        "by the number": counted["verdict"],
        "mean distance covered": mean["distance_covered"],
        "by the mean": mean["verdict"],
    }


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
    before, now = (("2017", "areas", year) for year in lags.cells.periods)
    start, end = lags.lag(before, "rest"), lags.lag(now, "rest")
    assert start is not None
    assert end is not None
    drawn = closed(lags.lags(now, "rest"), lags.lags(before, "rest"))
    low, high = interval(drawn, 0.95)
    return {"closed": closed(end, start), "low": low, "high": high}


METHODS = [
    Method(
        "Lag",
        "How much worse are the areas on a criterion than those they are compared with?",
        "lag = s x (areas - reference), with s = +1 where less is better and -1 where more is. The "
        "reference is the rest of the city, or the whole: with w the areas' share of the "
        "denominator, areas - city = (1 - w) (areas - rest).",
        "City of Copenhagen, *Politik for udsatte byområder 2017-2025* (lag on the general level "
        "of Copenhagen); the status of 2024 (lag on the rest of the city).",
        "Numerator, denominator and reference are of the same people.",
        lag,
        [
            Example(
                "A share, and dwelling area per resident",
                [
                    {
                        "criterion": "no education (%)",
                        "areas": 30.0,
                        "rest": 17.0,
                        "city": 19.21,
                        "better": "less",
                    },
                    {
                        "criterion": "dwelling area (m²)",
                        "areas": 33.0,
                        "rest": 41.5,
                        "city": 40.055,
                        "better": "more",
                    },
                ],
                _lag,
                {
                    "no education (%), rest": "13.0",
                    "no education (%), city": "10.79",
                    "dwelling area (m²), rest": "8.5",
                    "dwelling area (m²), city": "7.055",
                },
                "w = 0.17: 13.0 x 0.83 = 10.79 and 8.5 x 0.83 = 7.055",
            )
        ],
    ),
    Method(
        "Share closed, distance covered, pace and projection",
        "How much of the lag is closed, how far is that towards the ambition, and when is it met "
        "if it goes on so?",
        "closed = 1 - lag now / lag at baseline; distance covered = closed / ambition; pace = "
        "closed / years; projected year = baseline + ambition / pace, rounded up. No year where "
        "the lag does not shrink.",
        "City of Copenhagen, *Politik for udsatte byområder 2017-2025*: the lag is to be halved.",
        "The lag at baseline is well above zero. The pace is even; it is an average, no forecast.",
        closed,
        [
            Example(
                "Copenhagen 2008-2014, without education, against the rest of the city (points)",
                [{"year": 2008, "lag": 13.633}, {"year": 2014, "lag": 13.0152}],
                _closed,
                {
                    "closed": "0.045",
                    "distance covered": "0.09",
                    "pace": "0.0076",
                    "projected year": "2075",
                },
                "City of Copenhagen, open data; ambition 0.5",
            )
        ],
    ),
    Method(
        "All criteria together",
        "Is the ambition met, by the number of criteria and by the mean?",
        "Number: criteria with closed >= the ambition, of which at least half are needed. Mean: "
        "the mean of closed over the criteria measured, divided by the ambition.",
        "The number: City of Copenhagen 2017. The mean: by which the status of 2024 says *about a "
        "third of the way*.",
        "For the mean, that a criterion far ahead makes up for others, and that the criteria are "
        "the same from time to time.",
        overall,
        [
            Example(
                "The example's five criteria, 2017 to 2024, against the rest of the city",
                [
                    {"criterion": "outside the labour market", "closed": 0.495},
                    {"criterion": "without education", "closed": 0.24},
                    {"criterion": "low income", "closed": 0.02},
                    {"criterion": "non-western origin", "closed": 0.14},
                    {"criterion": "dwelling area", "closed": -0.06},
                ],
                _overall,
                {
                    "reached": "0",
                    "needed": "3",
                    "by the number": "not_met",
                    "mean distance covered": "0.334",
                    "by the mean": "not_met",
                },
            ),
            Example(
                "Two readings of the same figures that disagree; one criterion cannot be measured",
                [
                    {"criterion": "a", "closed": 0.9},
                    {"criterion": "b", "closed": 0.9},
                    {"criterion": "c", "closed": 0.1},
                    {"criterion": "d", "closed": 0.3},
                    {"criterion": "e", "closed": None},
                ],
                _overall,
                {
                    "reached": "2",
                    "needed": "3",
                    "by the number": "cannot_tell",
                    "mean distance covered": "1.10",
                    "by the mean": "met",
                },
            ),
        ],
    ),
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
            )
        ],
    ),
    Method(
        "Interval of the share closed (parametric bootstrap)",
        "What could chance have made of the share closed?",
        "In each cell and year the numerator is drawn anew 1,000 times: binomial with the "
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
                {"closed": "0.33", "low": "0.01", "high": "0.59"},
                "by the delta method, 0.06 to 0.61",
            )
        ],
    ),
]
