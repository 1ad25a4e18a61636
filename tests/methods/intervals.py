"""Intervals of one figure."""

from __future__ import annotations

from scipy.stats import chi2

from kvarter.judgement.intervals import poisson_interval, wilson
from methods.spec import Example, InStatus, Method, Origin, Row


def _wilson(rows: list[Row]) -> dict[str, object]:
    [row] = rows
    low, high = wilson(row["count"], row["total"], 0.95)
    return {"low": low, "high": high}


def _poisson(rows: list[Row]) -> dict[str, object]:
    """The limits of the count, or of what it is of, times 100, where that is given."""
    [row] = rows
    scale = 100 / row["of"] if "of" in row else 1
    low, high = poisson_interval(row["count"], 0.95)
    return {"low": scale * low, "high": scale * high}


def _off_exact(rows: list[Row]) -> dict[str, object]:
    """How far a limit lies from the exact one at most, in percent of it."""
    [row] = rows
    off = 0.0
    for count in range(row["from"], row["to"] + 1):
        exact = chi2.ppf(0.025, 2 * count) / 2, chi2.ppf(0.975, 2 * count + 2) / 2
        found = poisson_interval(count, 0.95)
        off = max(off, *(100 * abs(f / e - 1) for f, e in zip(found, exact, strict=True)))
    return {"furthest off, percent": off}


METHODS = [
    Method(
        "Interval of a share (Wilson)",
        "Between which shares may the true one lie, when `count` of `total` were found?",
        "The shares p for which |count/total - p| <= z x sqrt(p (1 - p) / total).",
        "Wilson (1927), *Journal of the American Statistical Association* 22:209.",
        "Cases are independent, each with the same chance of lying in the group.",
        wilson,
        [
            Example(
                "A published worked figure",
                [{"count": 81, "total": 263}],
                _wilson,
                {"low": "0.2553", "high": "0.3662"},
                "Newcombe (1998), *Statistics in Medicine* 17:857, table I, method 3",
            ),
            Example(
                "Copenhagen, minors in preliminary hearings 2023",
                [{"count": 11, "total": 26}],
                _wilson,
                {"low": "0.26", "high": "0.61"},
                "by hand: (11 + 1.92)/29.84 -+ 1.96/29.84 x sqrt(11 x 15/26 + 0.96)",
                Origin.PUBLISHED,
            ),
        ],
    ),
    Method(
        "Interval of a count of events (exact, Byar)",
        "Between which expected counts may the true one lie, when `count` events were found?",
        "Below 10, the exact limits of the Poisson distribution. From 10, Byar's approximation: "
        "low = O (1 - 1/(9 O) - z/(3 sqrt O))^3 and high = (O + 1) (1 - 1/(9 (O + 1)) + "
        "z/(3 sqrt(O + 1)))^3.",
        "Garwood (1936), *Biometrika* 28:437; Breslow and Day (1987), *Statistical Methods in "
        "Cancer Research* II, p. 69.",
        "Events come independently and at an even rate; the dwellings they are compared with are "
        "known without error.",
        poisson_interval,
        [
            Example(
                "Exact limits for 9 events",
                [{"count": 9}],
                _poisson,
                {"low": "4.115", "high": "17.085"},
                "Garwood's table",
            ),
            Example("No event", [{"count": 0}], _poisson, {"low": "0.000", "high": "3.689"}),
            Example(
                "Byar's limits for 10 events (the exact ones are 4.795 and 18.390)",
                [{"count": 10}],
                _poisson,
                {"low": "4.79", "high": "18.39"},
            ),
            Example(
                "Byar's limits against the exact ones: published as within 0.2 % from 10 events",
                [{"from": 10, "to": 2_000}],
                _off_exact,
                {"furthest off, percent": "0.17"},
                "Public Health England (2018), *Technical Guide: Confidence Intervals*; the exact "
                "ones by quantiles of chi-square",
            ),
            Example(
                "A published worked figure: 100 deaths where 90 are expected, in percent of these",
                [{"count": 100, "of": 90}],
                _poisson,
                {"low": "90.4", "high": "135.1"},
                "the documentation of *byar*, a library for standardised mortality ratios",
            ),
            Example(
                "Minors of the areas in preliminary hearings 2016",
                [{"count": 28}],
                _poisson,
                {"low": "18.60", "high": "40.47"},
                "by hand: 28 (1 - 1/252 - 1.96/15.875)^3 and 29 (1 - 1/261 + 1.96/16.155)^3",
                Origin.PUBLISHED,
            ),
            Example(
                "The same in 2023: the two intervals only just overlap",
                [{"count": 11}],
                _poisson,
                {"low": "5.48", "high": "19.68"},
                "the exact limits, by quantiles of chi-square, are 5.49 and 19.68",
                Origin.PUBLISHED,
            ),
            Example(
                "Notices of the areas 2016, for each 100 dwellings: the published 1.4 %",
                [{"count": 849, "of": 60_665}],
                _poisson,
                {"low": "1.307", "high": "1.497"},
                "the exact limits, 792.85 and 908.08 notices, give the same",
                Origin.EXAMPLE,
            ),
        ],
        [
            InStatus(
                "Notices of the areas 2023, as a fraction",
                "results",
                {"goal": 2, "period": 2023, "group": "areas"},
                {"value": "0.00600", "low": "0.00543", "high": "0.00662"},
                "396 of 65,972; the exact limits, by quantiles of chi-square, give the same",
            ),
        ],
    ),
]
