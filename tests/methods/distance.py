"""How far the areas have come on the criteria they were designated by."""

from __future__ import annotations

from kvarter.indicators.distance import closed, lag, pace, projected_year
from kvarter.judgement.overall import MeasuredLag, overall
from kvarter.policy.model import Ambition, AmbitionReading
from methods.spec import Example, InStatus, Method, Origin, Row

AMBITION = Ambition(
    title="Half",
    closed=0.5,
    year=2025,
    readings=[AmbitionReading(title="so", reference="rest", overall="mean", areas="fixed")],
)


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
        MeasuredLag({"closed": r["closed"], "pace": r["closed"] / 7}, None)
        if r["closed"] is not None
        else MeasuredLag({"closed": None}, None)
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
                Origin.EXAMPLE,
            ),
            Example(
                "Copenhagen 2014, two criteria, by the roder that mostly lie in the areas",
                [
                    {
                        "criterion": "no education (%)",
                        "areas": 30.821,
                        "rest": 17.806,
                        "city": 20.701,
                        "better": "less",
                    },
                    {
                        "criterion": "attached to the labour market (%)",
                        "areas": 77.408,
                        "rest": 85.573,
                        "city": 83.757,
                        "better": "more",
                    },
                ],
                _lag,
                {
                    "no education (%), rest": "13.02",
                    "no education (%), city": "10.12",
                    "attached to the labour market (%), rest": "8.16",
                    "attached to the labour market (%), city": "6.35",
                },
                "w = 125,833/565,834 = 0.2224: 13.015 x 0.7776 = 10.12 and 8.165 x 0.7776 = 6.35; "
                "City of Copenhagen, open data, in [Copenhagen 2008-2014](copenhagen-2008-2014.md)",
                Origin.PUBLISHED,
            ),
        ],
        [
            InStatus(
                "Without education 2024, as fractions, against the rest of the city",
                "distance",
                {
                    "criterion": "no-education",
                    "areas": "fixed",
                    "reference": "rest",
                    "group": "areas",
                    "period": 2024,
                },
                {"level": "0.2388", "reference_level": "0.1400", "lag": "0.0988"},
                "by hand: 19,828/83,033 - 51,204/365,765",
            ),
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
                "by hand: 1 - 13.0152/13.633, and 0.5 at 0.00755 a year takes 66.2 years; City of "
                "Copenhagen, open data; ambition 0.5",
                Origin.PUBLISHED,
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
                "by hand: 0.835/5/0.5; *about a third of the way*, as published, which is all that "
                "is published of it",
                Origin.EXAMPLE,
            ),
            Example(
                "Copenhagen 2014 by four criteria: income has no figures for that year",
                [
                    {"criterion": "outside the labour market", "closed": -0.047},
                    {"criterion": "without education", "closed": 0.045},
                    {"criterion": "low income", "closed": None},
                    {"criterion": "non-western origin", "closed": -0.023},
                ],
                _overall,
                {
                    "reached": "0",
                    "needed": "2",
                    "by the number": "not_met",
                    "mean distance covered": "-0.017",
                    "by the mean": "not_met",
                },
                "by hand: -0.025/3/0.5, and one criterion more could not make it two; City of "
                "Copenhagen, open data, in [Copenhagen 2008-2014](copenhagen-2008-2014.md)",
                Origin.PUBLISHED,
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
        [
            InStatus(
                "The example's five criteria, from the residents by rode",
                "distance_overall",
                {
                    "areas": "fixed",
                    "reference": "rest",
                    "group": "areas",
                    "period": 2024,
                    "overall": "mean",
                },
                {"distance_covered": "0.3343", "projected_year": "2038", "verdict": "not_met"},
                "by hand: (0.49556 + 0.23982 + 0.02031 + 0.14004 - 0.06000)/5/0.5; 0.16715 in "
                "seven years, so 0.5 in 20.9",
            ),
        ],
    ),
]
