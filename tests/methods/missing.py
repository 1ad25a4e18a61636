"""The cases that could not be located."""

from __future__ import annotations

import numpy as np

from kvarter.judgement.figures import Figure
from kvarter.judgement.imputation import Moved, Unlocated, chance_by_address, combine
from kvarter.judgement.ladder import Year
from kvarter.judgement.missing import same_share
from methods.spec import Example, Method, Row


def _same_share(rows: list[Row]) -> dict[str, object]:
    return {"p": same_share(np.array([[row["located"], row["unlocated"]] for row in rows]))}


def _year(row: Row) -> Year:
    ones = np.ones(row["unlocated"])
    lost = Unlocated(
        np.zeros(row["unlocated"], int),
        ones * row["located in areas"],
        ones * row["located in city"] - ones * row["located in areas"],
        ones * row["located"],
        ones * 0.2,
        ones * 0.2,
        np.arange(row["unlocated"]) < row["could lie there"],
    )
    count, of_share = row["located in areas"], "dwellings" not in row
    total = row["located in city"] if of_share else row["dwellings"]
    return Year(Figure(count / total, count, total), lost, of_share)


def _bounds(rows: list[Row]) -> dict[str, object]:
    year = _year(rows[0])
    found: dict[str, object] = {}
    for step in ("none", "known", "odds"):
        low, high = (year.with_located(each).value for each in year.fewest_and_most(step))
        found |= {f"{step} low": 100 * low, f"{step} high": 100 * high}
    return found


def _by_address(rows: list[Row]) -> dict[str, object]:
    [row] = rows
    values = (
        np.array([row[name]]) for name in ("share of located", "by address", "of all dwellings")
    )
    return {"chance": chance_by_address(*values)[0]}


def _rubin(rows: list[Row]) -> dict[str, object]:
    found = combine([Moved(row["estimate"], row["variance"], False) for row in rows], 0.95)
    return {"estimate": found[0], "low": found[1][0], "high": found[1][1]}


METHODS = [
    Method(
        "Who is missing",
        "Is the share of cases that could be located the same in all years, sources, senders and "
        "kinds of case?",
        "Pearson's chi-square over the table of located and unlocated cases; where a count below "
        "five is expected, its distribution over 9,999 random tables with the same margins.",
        "Pearson (1900), *Philosophical Magazine* 50:157; Patefield (1981), *Applied Statistics* "
        "30:91, for the tables.",
        "Cases are located independently of each other.",
        same_share,
        [
            Example(
                "20 of 100 against 40 of 100: chi-square 9.52 with one degree of freedom",
                [{"located": 80, "unlocated": 20}, {"located": 60, "unlocated": 40}],
                _same_share,
                {"p": "0.0020"},
                "by hand: 200 (80 x 40 - 20 x 60)^2 / (100 x 100 x 140 x 60)",
            ),
        ],
    ),
    Method(
        "Bounds: none, and what is known of the address",
        "How low and how high can the figure be, wherever the unlocated cases lie?",
        "None and all of them in the areas; then only those that can lie there by street, postcode "
        "or district; then with odds at most doubled or halved against located cases of the same "
        "source and year: p' = OR x p / (1 + (OR - 1) p). Of a share, the lowest has all others in "
        "the rest of the city, the highest in other municipalities.",
        "Manski (1989), *Journal of Human Resources* 24:343, for the bounds; Kenward, Goetghebeur "
        "and Molenberghs (2001), *Statistical Modelling* 1:31, for the bounded odds.",
        "Nothing, in the first step. Each further step what its name says.",
        Year.fewest_and_most,
        [
            Example(
                "60 in the areas of 100 located; of 20 unlocated 10 can lie there",
                [
                    {
                        "located in areas": 60,
                        "located in city": 100,
                        "located": 100,
                        "unlocated": 20,
                        "could lie there": 10,
                        "dwellings": 10_000,
                    }
                ],
                _bounds,
                {
                    "none low": "0.600",
                    "none high": "0.800",
                    "known low": "0.600",
                    "known high": "0.700",
                    "odds low": "0.643",
                    "odds high": "0.675",
                },
                "by hand: odds 60.5 to 40.5, halved and doubled, of ten cases",
            ),
            Example(
                "A share, 60 of 100: the others can lie in the rest of the city, or outside it",
                [
                    {
                        "located in areas": 60,
                        "located in city": 100,
                        "located": 150,
                        "unlocated": 20,
                        "could lie there": 10,
                    }
                ],
                _bounds,
                {
                    "none low": "50.0",
                    "none high": "66.7",
                    "known low": "50.0",
                    "known high": "63.6",
                    "odds low": "56.7",
                    "odds high": "58.6",
                },
                "by hand: 60/120 and 80/120; 60/120 and 70/110; of those not in the areas, 40.5 "
                "of 91 lie in the rest of the city",
            ),
        ],
    ),
    Method(
        "The chance that a case lies in the areas, by what is known of its address",
        "A case on a street that is partly in the areas: how likely does it lie there?",
        "Odds = odds among located cases x (odds among the dwellings the address can mean / odds "
        "among all dwellings).",
        "Bayes' rule.",
        "Cases are spread within areas and rest as dwellings are.",
        chance_by_address,
        [
            Example(
                "Half of the located cases lie in the areas, which have a fifth of the dwellings; "
                "of the street's dwellings half do",
                [{"share of located": 0.5, "by address": 0.5, "of all dwellings": 0.2}],
                _by_address,
                {"chance": "0.80"},
                "by hand: odds 1 x 1 / (1/4) = 4",
            ),
            Example(
                "Nothing is known: as the located",
                [{"share of located": 0.6, "by address": 0.2, "of all dwellings": 0.2}],
                _by_address,
                {"chance": "0.60"},
            ),
        ],
    ),
    Method(
        "Multiple imputation",
        "What is the change, and how sure, if cases are missing at random within source and year?",
        "Each of 200 times the areas' share of every source is drawn from Beta(inside + 1/2, "
        "outside + 1/2), and then each unlocated case. Variance = mean within + (1 + 1/m) between; "
        "t with (m - 1)(1 + within / ((1 + 1/m) between))^2 degrees of freedom.",
        "Rubin (1987), *Multiple Imputation for Nonresponse in Surveys*, ch. 3.",
        "Missing at random within source and year, given what is known of the address.",
        combine,
        [
            Example(
                "Three imputations: within 1, between 1, so 1 + 4/3; 2 (1 + 3/4)^2 = 6.125 degrees",
                [
                    {"estimate": 9, "variance": 1},
                    {"estimate": 10, "variance": 1},
                    {"estimate": 11, "variance": 1},
                ],
                _rubin,
                {"estimate": "10.00", "low": "6.28", "high": "13.72"},
                "by hand: 10 -+ 2.435 x 1.528",
            ),
        ],
    ),
]
