"""Intervals of the change between two figures, and tests that there was none."""

from __future__ import annotations

from kvarter.judgement.intervals import (
    Counted,
    difference,
    difference_between,
    no_change,
    quotient,
    rates_differ,
    ratio_between,
    shares_differ,
)
from methods.spec import Example, Method, Origin, Row


def _years(rows: list[Row]) -> list[Counted]:
    """Shares where the rows have a `total`, else events of an exposure (`of`)."""
    return [
        Counted(row["count"], row["total"], is_share=True)
        if "total" in row
        else Counted(row["count"], row["of"])
        for row in rows
    ]


def _difference(rows: list[Row]) -> dict[str, object]:
    now, base = _years(rows)
    low, high = difference_between(now, base, 0.95)
    return {"low": low, "high": high}


def _ratio(rows: list[Row]) -> dict[str, object]:
    now, base = _years(rows)
    low, high = ratio_between(now, base, rows[0].get("confidence", 0.95))
    return {"low": low, "high": high}


def _parts(rows: list[Row]) -> dict[str, object]:
    """By the intervals alone, without the exact test."""
    now, base = _years(rows)
    low, high = quotient(now.value, now.span(0.95), base.value, base.span(0.95))
    return {"low": low, "high": high}


def _no_change(rows: list[Row]) -> dict[str, object]:
    now, base = _years(rows)
    return {"p": no_change(now, base)}


def _mover(rows: list[Row]) -> dict[str, object]:
    x, y = rows
    low, high = difference(x["value"], (x["low"], x["high"]), y["value"], (y["low"], y["high"]))
    return {"low": low, "high": high}


def _fisher(rows: list[Row]) -> dict[str, object]:
    now, base = _years(rows)
    return {"p": shares_differ(now, base)}


def _conditional(rows: list[Row]) -> dict[str, object]:
    now, base = _years(rows)
    return {"p": rates_differ(now, base)}


METHODS = [
    Method(
        "By how much a share or a rate changed (difference)",
        "By how much may a share or a rate have changed, as a difference?",
        "With the interval of each part (l1, u1) and (l2, u2): p1 - p2 - sqrt((p1 - l1)^2 + "
        "(u2 - p2)^2) to p1 - p2 + sqrt((u1 - p1)^2 + (p2 - l2)^2). Of a share the parts are "
        "Wilson's, of a rate those of a count of events. Where the exact test allows that nothing "
        "changed, the interval reaches to zero.",
        "Newcombe (1998), *Statistics in Medicine* 17:873, method 10; Zou and Donner (2008), "
        "*Statistics in Medicine* 27:1693.",
        "The two years hold different persons, independently.",
        difference_between,
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
                {"low": "-0.348", "high": "0.095"},
                "by hand from Wilson's limits: 0.26 to 0.61 of 0.42, 0.42 to 0.69 of 0.56",
                Origin.PUBLISHED,
            ),
        ],
    ),
    Method(
        "By which factor a share or a rate changed (ratio)",
        "By which factor may a share or a rate have changed?",
        "The ratios r at which the interval of p1 - r p2, from those of its parts, holds zero: "
        "[p1 p2 -+ sqrt((p1 p2)^2 - e1 (2 p1 - e1) e2 (2 p2 - e2))] / [e2 (2 p2 - e2)], with "
        "e1 = l1, e2 = u2 for the lower end and e1 = u1, e2 = l2 for the upper. It holds none and "
        "all: of none now it is 0 to a number above it. It is one exactly where the difference is "
        "zero; where the exact test allows that nothing changed, the interval reaches to one.",
        "Donner and Zou (2012), *Statistical Methods in Medical Research* 21:347; Newcombe (2016), "
        "*Statistical Methods in Medical Research* 25:1774.",
        "The two years hold different persons, independently.",
        ratio_between,
        [
            Example(
                "A published worked figure (Perondi et al. 2004), before the exact test",
                [{"count": 7, "total": 34}, {"count": 1, "total": 34}],
                _parts,
                {"low": "1.1537", "high": "41.9763"},
                "MOVER-R with Wilson's limits in Fagerland, Lydersen and Laake (2017), "
                "*Statistical Analysis of Contingency Tables*, ch. 4, and their R package",
            ),
            Example(
                "The same: Fisher's test (p = 0.054) allows that nothing changed",
                [{"count": 7, "total": 34}, {"count": 1, "total": 34}],
                _ratio,
                {"low": "1.0000", "high": "41.9763"},
                "as above",
            ),
            Example(
                "A published worked figure, at 90 %: cancer in the blind and the nearly blind",
                [
                    {"count": 136, "of": 22_050, "confidence": 0.9},
                    {"count": 1709, "of": 127_650, "confidence": 0.9},
                ],
                _ratio,
                {"low": "0.40", "high": "0.53"},
                "Rothman (2012), *Epidemiology: An Introduction*, table 9-2, by the log method",
            ),
            Example(
                "All now and nearly all then: 22 of 22 after 24 of 25",
                [{"count": 22, "total": 22}, {"count": 24, "total": 25}],
                _ratio,
                {"low": "0.88", "high": "1.24"},
                "the score interval of Koopman (1984), *Biometrics* 40:513, is 0.88 to 1.24 too",
            ),
            Example(
                "None now: 0 of 20 after 5 of 20 is a fall of 100 %, and of 23 % at the least",
                [{"count": 0, "total": 20}, {"count": 5, "total": 20}],
                _ratio,
                {"low": "0.00", "high": "0.77"},
                "by hand: 0.1611/sqrt(0.1119 x (0.5 - 0.1119)), with Wilson's upper limit of none",
            ),
            Example(
                "Copenhagen, minors 2023 against 2016: a fall of 24 % of the share, within chance",
                [{"count": 11, "total": 26}, {"count": 28, "total": 50}],
                _ratio,
                {"low": "0.44", "high": "1.20"},
                "by hand; by the score test, in a separate root search, 0.4354 to 1.2080",
                Origin.PUBLISHED,
            ),
            Example(
                "Copenhagen, minors 2023 against 2016, as counts: clearly fewer",
                [{"count": 11, "of": 1}, {"count": 28, "of": 1}],
                _ratio,
                {"low": "0.18", "high": "0.80"},
                "by hand from Byar's limits; by the log method 0.20 to 0.79",
                Origin.PUBLISHED,
            ),
            Example(
                "Notices of the areas, 2023 against 2016: a fall of 52 to 62 %",
                [{"count": 396, "of": 65_972}, {"count": 849, "of": 60_665}],
                _ratio,
                {"low": "0.380", "high": "0.484"},
                "by the log method, 0.4289 times and divided by exp(1.96 x sqrt(1/396 + 1/849)): "
                "0.381 to 0.483",
                Origin.EXAMPLE,
            ),
        ],
    ),
    Method(
        "Whether anything changed (the larger of two p-values)",
        "How often would chance alone give a change as large, or larger?",
        "The larger of two: the share of chance at which the interval of the difference comes to "
        "end at zero, and that of the exact test below. So an interval holds no change if, and "
        "only if, the p-value is above 5 %; and never more than 5 in 100 changes that are chance "
        "are taken for more.",
        "Fay (2010), *The R Journal* 2(1):53 (tests and the intervals that match them).",
        "As the interval and the test.",
        no_change,
        [
            Example(
                "Copenhagen, minors 2023 against 2016: of the share, Fisher's is the larger",
                [{"count": 11, "total": 26}, {"count": 28, "total": 50}],
                _no_change,
                {"p": "0.33"},
                "0.26 by the interval",
                Origin.PUBLISHED,
            ),
            Example(
                "Of their number, the exact conditional test",
                [{"count": 11, "of": 1}, {"count": 28, "of": 1}],
                _no_change,
                {"p": "0.0095"},
                "0.0086 by the interval",
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
