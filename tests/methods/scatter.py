"""Counts that scatter more than chance gives, and areas chosen because they were worst."""

from __future__ import annotations

import numpy as np

from kvarter.judgement.dispersion import Dispersion, of_table
from kvarter.judgement.intervals import Counted, no_change, ratio_between
from kvarter.judgement.regression import expected
from methods.spec import Example, Method, Origin, Row


def _factor(rows: list[Row]) -> dict[str, object]:
    """Of a table of areas by years, all with as many dwellings."""
    table = np.array([[row[year] for year in row if year != "area"] for row in rows], float)
    found = of_table(table, np.ones_like(table))
    return {"factor": found.factor, "degrees of freedom": found.free}


def _widened(rows: list[Row]) -> dict[str, object]:
    scattered = Dispersion(rows[0]["factor"], rows[0]["free"])
    now, base = (Counted(row["count"], row["of"], dispersion=scattered) for row in rows)
    low, high = ratio_between(now, base, 0.95)
    return {"low": low, "high": high, "p": no_change(now, base)}


def _falls_back(rows: list[Row]) -> dict[str, object]:
    [row] = rows
    return {"falls back": expected(row["within"], row["between"], row["chosen"])}


def _by_drawing(rows: list[Row]) -> dict[str, object]:
    """A hundred areas that never change; the worst are chosen by one year, and followed."""
    [row] = rows
    random = np.random.default_rng(2026)
    levels = random.gamma(
        row["mean"] ** 2 / row["between"] ** 2, row["between"] ** 2 / row["mean"], (400, 100)
    )
    then, now = random.poisson(levels), random.poisson(levels)
    worst = np.argsort(-then, axis=1)[:, : row["chosen"]]
    before, after = (np.take_along_axis(each, worst, axis=1).mean() for each in (then, now))
    return {"chosen by": before, "a year later": after, "change": 100 * (after / before - 1)}


_TABLE: list[Row] = [
    {"area": f"area {n}", "2021": a, "2022": b, "2023": c, "2024": d}
    for n, (a, b, c, d) in enumerate(
        [
            (20, 34, 18, 27),
            (31, 12, 29, 20),
            (14, 22, 33, 15),
            (25, 27, 11, 30),
            (30, 19, 24, 28),
            (17, 25, 26, 12),
        ],
        start=1,
    )
]

METHODS = [
    Method(
        "How much more than chance counts scatter (dispersion)",
        "Households of one estate or landlord come in clusters. How many times as much as chance "
        "gives do the counts of the areas scatter?",
        "The squares of what a level of each area and a change of each year leave, over what "
        "chance would leave: sum (y - m)^2 / sum m (1 - the area's part) (1 - the year's part), at "
        "least 1. It is found with 15 degrees of freedom or more, (areas - 1)(years - 1), from the "
        "figures that are shown. All intervals and tests are made of the counts over this factor, "
        "times (t/z)^2 with those degrees of freedom, fewer where large areas or small counts make "
        "it less sure.",
        "McCullagh and Nelder (1989), *Generalized Linear Models*, ch. 6; Korn and Graubard "
        "(1998), *Survey Methodology* 24:193 (effective counts).",
        "Areas scatter independently of each other, all by the same factor, and what all years "
        "share is a change and no scatter.",
        of_table,
        [
            Example(
                "Six areas, four years: three times as much as chance gives",
                _TABLE,
                _factor,
                {"factor": "3.02", "degrees of freedom": "14"},
                "Pearson's statistic of the two-way table over its degrees of freedom, by R's "
                "`chisq.test`, is about the same: the areas are alike",
            ),
            Example(
                "Notices of the areas, 2023 against 2016, were they to scatter four times as much",
                [
                    {"count": 396, "of": 65_972, "factor": 4.0, "free": 105},
                    {"count": 849, "of": 60_665, "factor": 4.0, "free": 105},
                ],
                _widened,
                {"low": "0.334", "high": "0.548", "p": "0.0000"},
                "about 0.4289 times and divided by exp(1.98 x 2 x sqrt(1/396 + 1/849))",
                Origin.EXAMPLE,
            ),
        ],
    ),
    Method(
        "Areas chosen because they were worst (regression to the mean)",
        "By how much do areas fall back by themselves that were chosen for a bad year?",
        "within^2 / sqrt(within^2 + between^2) x the mean of the highest part of a normal "
        "distribution, where `within` is how much an area's figure moves from year to year by "
        "chance, and `between` how much areas truly differ. Of a city's areas it is told by "
        "their own earlier years: the level beside the rest in the year they were chosen, over "
        "that of the years before.",
        "Galton (1886), *Journal of the Anthropological Institute* 15:246; Barnett, van der Pols "
        "and Dobson (2005), *International Journal of Epidemiology* 34:215; Morton and Torgerson "
        "(2003), *BMJ* 326:1083.",
        "Figures are about normal; nothing but chance changed.",
        expected,
        [
            Example(
                "The highest of 100 areas: 16 are chosen, whose counts move by 5 and differ by 10",
                [{"within": 5.0, "between": 10.0, "chosen": 0.16}],
                _falls_back,
                {"falls back": "3.4"},
                "by hand: 25/11.18 x 1.52",
            ),
            Example(
                "The same by drawing: a hundred areas that never change, 16 chosen by one year",
                [{"mean": 25.0, "between": 10.0, "chosen": 16}],
                _by_drawing,
                {"chosen by": "43.6", "a year later": "39.8", "change": "-9"},
                "drawn 400 times; levels from a gamma distribution, counts by chance (Poisson)",
            ),
            Example(
                "Sixteen areas of Copenhagen's size: notices move by 7 a year and differ by 10",
                [{"within": 7.3, "between": 10.0, "chosen": 0.16}],
                _falls_back,
                {"falls back": "6.5"},
                "by hand: 53.3/12.4 x 1.52; of about 53 notices an area, 12 %",
                Origin.EXAMPLE,
            ),
        ],
    ),
]
