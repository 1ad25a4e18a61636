"""The cases that could not be located."""

from __future__ import annotations

import numpy as np

from kvarter.judgement.figures import Figure
from kvarter.judgement.imputation import Unlocated, chance_by_address
from kvarter.judgement.missing import same_share
from kvarter.judgement.sensitivity import Year
from methods.spec import Example, InStatus, Method, Origin, Row


def _same_share(rows: list[Row]) -> dict[str, object]:
    p_value = same_share(np.array([[row["located"], row["unlocated"]] for row in rows]))
    return {"p": f"{p_value:.1e}" if p_value and p_value < 1e-4 else p_value}


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
            Example(
                "Notices 2016 and 2023: 97 and 89 % could be located, which is no chance",
                [
                    {"year": 2016, "located": 1816, "unlocated": 56},
                    {"year": 2023, "located": 683, "unlocated": 85},
                ],
                _same_share,
                {"p": "5.2e-17"},
                "by hand: chi-square 2640 (1816 x 85 - 56 x 683)^2 / (1872 x 768 x 2499 x 141) = "
                "70.26",
                Origin.EXAMPLE,
            ),
            Example(
                "By who sent them: no more different than chance gives",
                [
                    {"sender": "BIF", "located": 228, "unlocated": 9},
                    {"sender": "Boligorganisation", "located": 850, "unlocated": 44},
                    {"sender": "Fogedretten", "located": 1116, "unlocated": 64},
                    {"sender": "Privat udlejer", "located": 305, "unlocated": 24},
                ],
                _same_share,
                {"p": "0.269"},
                "the eight parts (found - expected)^2/expected add up to 3.928, with three degrees",
                Origin.EXAMPLE,
            ),
        ],
        [
            InStatus(
                "By what they are about",
                "missing",
                {"goal": 2, "factor": "kind", "level": "Restance"},
                {"located": "2004", "unlocated": "106", "p_value": "0.148"},
                "by hand, against 495 and 35: 2640 (495 x 106 - 35 x 2004)^2 / (530 x 2110 x "
                "2499 x 141) = 2.092",
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
                "Notices 2023: of the 110 without a place in Copenhagen 25 lie outside it; of the "
                "other 85, 74 can lie in the areas (taken as if no more were known of these)",
                [
                    {
                        "located in areas": 396,
                        "located in city": 658,
                        "located": 683,
                        "unlocated": 85,
                        "could lie there": 74,
                        "dwellings": 65_972,
                    }
                ],
                _bounds,
                {
                    "none low": "0.600",
                    "none high": "0.729",
                    "known low": "0.600",
                    "known high": "0.712",
                    "odds low": "0.646",
                    "odds high": "0.683",
                },
                "by hand: 396, 481 and 470 of 65,972; odds 396.5 to 287.5, halved 0.408 and "
                "doubled 0.734, of 74 cases",
                Origin.EXAMPLE,
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
        [
            InStatus(
                "The change of notices per dwelling, assuming nothing: 25 % is met at both ends",
                "sensitivity",
                {"goal": 2, "reading": "rate", "step": "none"},
                {"change_low": "-59.8", "change_high": "-47.9", "verdict": "met"},
                "by hand: (396/65,972)/(905/60,665) and (481/65,972)/(849/60,665)",
            ),
            InStatus(
                "By what is known of the address: 43 and 74 can lie there, 2 and 5 must",
                "sensitivity",
                {"goal": 2, "reading": "rate", "step": "known"},
                {"change_low": "-58.7", "change_high": "-49.2", "verdict": "met"},
                "by hand: (401/65,972)/(892/60,665) and (470/65,972)/(851/60,665)",
            ),
            InStatus(
                "With odds at most doubled or halved",
                "sensitivity",
                {"goal": 2, "reading": "rate", "step": "odds"},
                {"change_low": "-55.10", "change": "-53.54", "change_high": "-52.08"},
                "by a separate program over the 56 and 85 cases: 21.05 and 43.55 lie in the "
                "areas on average",
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
            Example(
                "Forårsplads, 2720 Vanløse: a notice of 2023 without a house number: 35.5 % of "
                "the street's dwellings lie in the areas, and 19.7 % of all",
                [
                    {
                        "share of located": 0.57968,
                        "by address": 0.35516,
                        "of all dwellings": 0.19685,
                    }
                ],
                _by_address,
                {"chance": "0.756"},
                "by hand: 396.5 of 684 is 1.379 to 1; x 0.5508/0.2451 = 3.099 to 1",
                Origin.EXAMPLE,
            ),
            Example(
                "Riddergade, 2720 Vanløse: 8.5 % of its dwellings do",
                [
                    {
                        "share of located": 0.57968,
                        "by address": 0.08511,
                        "of all dwellings": 0.19685,
                    }
                ],
                _by_address,
                {"chance": "0.344"},
                "by hand: 1.379 x 0.0930/0.2451 = 0.523 to 1",
                Origin.EXAMPLE,
            ),
        ],
    ),
]
