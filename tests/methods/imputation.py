"""Filling in many times what could not be located."""

from __future__ import annotations

from kvarter.judgement.figures import Figure
from kvarter.judgement.imputation import Moved, combine
from methods.copenhagen import READINGS
from methods.spec import Example, InStatus, Method, Origin, Row


def _rubin(rows: list[Row]) -> dict[str, object]:
    found = combine([Moved(row["estimate"], row["variance"], False) for row in rows], 0.95)
    return {"estimate": found[0], "low": found[1][0], "high": found[1][1]}


def _imputed(rows: list[Row]) -> dict[str, object]:
    """The change of the rate of notices, were so many of the unlocated in the areas."""
    moved = [
        Moved.of(
            READINGS["rate"],
            _placed(396, row["in areas 2023"], 65_972),
            _placed(849, row["in areas 2016"], 60_665),
            of_share=False,
        )
        for row in rows
    ]
    found, (low, high) = combine(moved, 0.95)
    return {"change": found, "low": low, "high": high}


def _placed(located: int, more: int, dwellings: int) -> Figure:
    return Figure((located + more) / dwellings, located + more, dwellings)


METHODS = [
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
            Example(
                "Notices per dwelling, 849 of 60,665 to 396 of 65,972, with three draws of where "
                "the 56 and 85 unlocated lie (200 are made; these are chosen for the sum)",
                [
                    {"in areas 2016": 16, "in areas 2023": 34},
                    {"in areas 2016": 21, "in areas 2023": 44},
                    {"in areas 2016": 26, "in areas 2023": 54},
                ],
                _imputed,
                {"change": "-53.50", "low": "-58.83", "high": "-47.48"},
                "by hand: logarithms -0.7828, -0.7656 and -0.7488; within 0.003423, between 4/3 x "
                "0.000288; -0.7657 -+ 1.972 x sqrt(0.003808)",
                Origin.EXAMPLE,
            ),
        ],
        [
            InStatus(
                "The 200 draws",
                "sensitivity",
                {"goal": 2, "reading": "rate", "step": "random"},
                {"change": "-53.5", "change_low": "-58.6", "change_high": "-47.8"},
                "4,000 other draws by a separate program give -53.6 and -58.7 to -47.8",
            ),
        ],
    ),
]
