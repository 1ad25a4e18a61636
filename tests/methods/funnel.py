"""Whether an area differs from the average of the areas: the limits of a funnel plot."""

from __future__ import annotations

from kvarter.judgement.funnel import INNER, OUTER, Average
from methods.spec import Example, Method, Origin, Row


def _limits(rows: list[Row]) -> dict[str, object]:
    """Counts at the limits, for an area that expects so many events."""
    [row] = rows
    found: dict[str, object] = {}
    for name, within in (("inner", INNER), ("outer", OUTER)):
        low, high = Average(row["expected"] / 1000, "rate").limits(1000, within)
        found |= {f"{name} low": 1000 * low, f"{name} high": 1000 * high}
    return found


def _place(rows: list[Row]) -> dict[str, object]:
    [row] = rows
    average = Average(row["cases in all"] / row["dwellings in all"], "rate")
    value = row["cases"] / row["dwellings"]
    low, high = average.limits(row["dwellings"], INNER)
    return {
        "percent": 100 * value,
        "inner low": 100 * low,
        "inner high": 100 * high,
        "place": average.place(value, row["dwellings"]),
    }


METHODS = [
    Method(
        "Limits of a funnel plot",
        "Between which figures does an area of this size lie by chance alone, were it no other "
        "than the average of the areas?",
        "Of a rate: the counts that a Poisson distribution with the expected count passes in fewer "
        "draws than are left out on that side; of a share those of the binomial distribution; of "
        "a mean the average -+ z x spread / sqrt(persons). 95 % of areas lie within the inner "
        "limits, 99.8 % within the outer ones.",
        "Spiegelhalter (2005), *Statistics in Medicine* 24:1185.",
        "Cases are independent; where they come in clusters, the limits are widened by the factor "
        "found between areas and years. Of many areas some lie beyond the inner limits by chance.",
        Average.limits,
        [
            Example(
                "An area that expects 10 events",
                [{"expected": 10}],
                _limits,
                {
                    "inner low": "3.8",
                    "inner high": "17.1",
                    "outer low": "1.4",
                    "outer high": "21.6",
                },
                "P(3 or fewer) = 0.010, P(4 or fewer) = 0.029, P(17 or more) = 0.027, P(18 or "
                "more) = 0.014, so a count of 3 or of 18 lies beyond the inner limits; P(1 or "
                "fewer) = 0.0005, P(2 or fewer) = 0.0028, P(21 or more) = 0.0016, P(22 or more) = "
                "0.0007",
            ),
            Example(
                "The highest of the areas, 2023",
                [
                    {
                        "cases": 29,
                        "dwellings": 3428,
                        "cases in all": 396,
                        "dwellings in all": 65972,
                    }
                ],
                _place,
                {"percent": "0.85", "inner low": "0.34", "inner high": "0.89", "place": "within"},
                "expected 20.6; P(29 or more) = 0.046, and 0.025 is left out on each side",
                Origin.EXAMPLE,
            ),
        ],
    ),
]
