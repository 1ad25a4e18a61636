"""Intervals of the change between two figures, and tests that there was none."""

from __future__ import annotations

from kvarter.judgement.intervals import (
    difference,
    difference_of_shares,
    rates_differ,
    ratio_of_counts,
    ratio_of_shares,
    shares_differ,
)
from methods.spec import Example, Method, Origin, Row


def _difference(rows: list[Row]) -> dict[str, object]:
    now, base = ((row["count"], row["total"]) for row in rows)
    low, high = difference_of_shares(now, base, 0.95)
    return {"low": low, "high": high}


def _ratio(rows: list[Row]) -> dict[str, object]:
    now, base = rows
    confidence = now.get("confidence", 0.95)
    low, high = ratio_of_counts(now["count"], base["count"], now["of"], base["of"], confidence)
    return {"low": low, "high": high}


def _ratio_of_shares(rows: list[Row]) -> dict[str, object]:
    now, base = ((row["count"], row["total"]) for row in rows)
    low, high = ratio_of_shares(now, base, 0.95)
    return {"low": low, "high": high}


def _mover(rows: list[Row]) -> dict[str, object]:
    x, y = rows
    low, high = difference(x["value"], (x["low"], x["high"]), y["value"], (y["low"], y["high"]))
    return {"low": low, "high": high}


def _fisher(rows: list[Row]) -> dict[str, object]:
    now, base = ((row["count"], row["total"]) for row in rows)
    return {"p": shares_differ(now, base)}


def _conditional(rows: list[Row]) -> dict[str, object]:
    now, base = rows
    return {"p": rates_differ(now["count"], base["count"], now["of"], base["of"])}


METHODS = [
    Method(
        "Difference of two shares (Newcombe)",
        "By how much may a share have changed, as a difference?",
        "With Wilson limits (l1, u1) and (l2, u2): p1 - p2 - sqrt((p1 - l1)^2 + (u2 - p2)^2) to "
        "p1 - p2 + sqrt((u1 - p1)^2 + (p2 - l2)^2).",
        "Newcombe (1998), *Statistics in Medicine* 17:873, method 10.",
        "The two years hold different persons, independently.",
        difference_of_shares,
        [
            Example(
                "A published worked figure",
                [{"count": 56, "total": 70}, {"count": 48, "total": 80}],
                _difference,
                {"low": "0.0524", "high": "0.3339"},
                "Newcombe (1998), *Statistics in Medicine* 17:873, table II",
            ),
            Example(
                "Copenhagen, minors 2023 against 2016: no change at all lies within chance",
                [{"count": 11, "total": 26}, {"count": 28, "total": 50}],
                _difference,
                {"low": "-0.35", "high": "0.10"},
                "by hand from Wilson's limits: 0.26 to 0.61 of 0.42, 0.42 to 0.69 of 0.56",
                Origin.PUBLISHED,
            ),
        ],
    ),
    Method(
        "Ratio of two rates or counts (log method)",
        "By which factor may a rate of events have changed?",
        "The ratio r, times and divided by exp(z x sqrt(1/now + 1/base)). A half is added to "
        "counts of zero.",
        "Rothman, Greenland and Lash (2008), *Modern Epidemiology*, ch. 14.",
        "Both counts are Poisson, and independent.",
        ratio_of_counts,
        [
            Example(
                "30 events against 15: 2 times or divided by exp(1.96 x sqrt(1/30 + 1/15))",
                [{"count": 30, "of": 1}, {"count": 15, "of": 1}],
                _ratio,
                {"low": "1.076", "high": "3.717"},
            ),
            Example(
                "A published worked figure, at 90 %: cancer in the blind and the nearly blind",
                [
                    {"count": 136, "of": 22_050, "confidence": 0.9},
                    {"count": 1709, "of": 127_650, "confidence": 0.9},
                ],
                _ratio,
                {"low": "0.40", "high": "0.53"},
                "Rothman (2012), *Epidemiology: An Introduction*, table 9-2",
            ),
            Example(
                "Copenhagen, minors 2023 against 2016, as counts: clearly fewer",
                [{"count": 11, "of": 1}, {"count": 28, "of": 1}],
                _ratio,
                {"low": "0.20", "high": "0.79"},
                "by hand: 11/28 times and divided by exp(1.96 x sqrt(1/11 + 1/28))",
                Origin.PUBLISHED,
            ),
            Example(
                "Notices of the areas, 2023 against 2016: a fall of 52 to 62 %",
                [{"count": 396, "of": 65_972}, {"count": 849, "of": 60_665}],
                _ratio,
                {"low": "0.381", "high": "0.483"},
                "by hand: 0.4289 times and divided by exp(1.96 x sqrt(1/396 + 1/849)) = 1.1267",
                Origin.EXAMPLE,
            ),
        ],
    ),
    Method(
        "Ratio of two shares (score method)",
        "By which factor may a share have changed?",
        "The ratios at which the score test of p1 = ratio x p2 is not rejected.",
        "Koopman (1984), *Biometrics* 40:513.",
        "The two years hold different persons, independently.",
        ratio_of_shares,
        [
            Example(
                "A published worked figure",
                [{"count": 36, "total": 40}, {"count": 16, "total": 80}],
                _ratio_of_shares,
                {"low": "2.94", "high": "7.15"},
                "Koopman (1984), *Biometrics* 40:513",
            ),
            Example(
                "Copenhagen, minors 2023 against 2016: a fall of 24 %, within chance",
                [{"count": 11, "total": 26}, {"count": 28, "total": 50}],
                _ratio_of_shares,
                {"low": "0.44", "high": "1.21"},
                "the ratios at which the score statistic is 3.84, by a separate root search: "
                "0.4354 and 1.2080",
                Origin.PUBLISHED,
            ),
        ],
    ),
    Method(
        "Difference by the intervals of its parts",
        "Between which differences may the true one lie, when each part has an interval?",
        "x - y - sqrt((x - l1)^2 + (u2 - y)^2) to x - y + sqrt((u1 - x)^2 + (y - l2)^2).",
        "Zou and Donner (2008), *Statistics in Medicine* 27:1693 (variance estimates recovery).",
        "The parts are independent, and each has an interval that holds at the same confidence.",
        difference,
        [
            Example(
                "With Wilson's limits it is Newcombe's method: 56 of 70 against 48 of 80",
                [
                    {"value": 0.8, "low": 0.69183, "high": 0.87695},
                    {"value": 0.6, "low": 0.49045, "high": 0.70038},
                ],
                _mover,
                {"low": "0.0524", "high": "0.3339"},
                "Newcombe (1998), *Statistics in Medicine* 17:873, table II",
            ),
            Example(
                "Notices for each 100 dwellings of the areas, 2023 less 2016, with Byar's limits",
                [
                    {"value": 0.60025, "low": 0.54258, "high": 0.66239},
                    {"value": 1.39949, "low": 1.30692, "high": 1.49688},
                ],
                _mover,
                {"low": "-0.912", "high": "-0.688"},
                "by hand: -0.799 - sqrt(0.0577^2 + 0.0974^2) and -0.799 + sqrt(0.0621^2 + "
                "0.0926^2)",
                Origin.EXAMPLE,
            ),
        ],
    ),
    Method(
        "Are two shares the same (Fisher's exact test)",
        "How often would chance alone give two shares that differ this much, or more?",
        "The sum of the chances of all 2 x 2 tables with the same margins that are no likelier.",
        "Fisher (1935), *The Design of Experiments*, ch. 2.",
        "Both margins are taken as given.",
        shares_differ,
        [
            Example(
                "The lady tasting tea: 3 of 4 cups right",
                [{"count": 3, "total": 4}, {"count": 1, "total": 4}],
                _fisher,
                {"p": "0.4857"},
                "Fisher (1935); two-sided: 34/70",
            ),
            Example(
                "Copenhagen, minors 2023 against 2016",
                [{"count": 11, "total": 26}, {"count": 28, "total": 50}],
                _fisher,
                {"p": "0.33"},
                "by hand: C(26, k) C(50, 39 - k)/C(76, 39), summed over all k no likelier than 11",
                Origin.PUBLISHED,
            ),
        ],
    ),
    Method(
        "Are two rates the same (exact conditional test)",
        "How often would chance alone give two counts that differ this much, or more?",
        "Given the sum of both, the one is binomial, with its part of the exposures as chance.",
        "Przyborowski and Wilenski (1940), *Biometrika* 31:313.",
        "Both counts are Poisson, and independent.",
        rates_differ,
        [
            Example(
                "9 events against 1, of the same exposure: 2 x 11/1024",
                [{"count": 9, "of": 1}, {"count": 1, "of": 1}],
                _conditional,
                {"p": "0.0215"},
                "the binomial distribution of 10 tosses",
            ),
            Example(
                "Lung cancer at 55 to 59 years, Fredericia against three other Danish cities",
                [{"count": 11, "of": 800}, {"count": 21, "of": 3_011}],
                _conditional,
                {"p": "0.07967"},
                "the example on the help page of R's `poisson.test`, after Andersen (1977)",
            ),
            Example(
                "Copenhagen, minors 2023 against 2016, as counts",
                [{"count": 11, "of": 1}, {"count": 28, "of": 1}],
                _conditional,
                {"p": "0.009"},
                "by hand: twice the chance of 11 heads or fewer in 39 tosses",
                Origin.PUBLISHED,
            ),
        ],
    ),
]
