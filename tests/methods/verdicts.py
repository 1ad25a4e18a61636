"""What would turn a verdict, besides chance."""

from __future__ import annotations

import polars as pl

from kvarter.judgement.checks import Assessment, unlocated
from kvarter.judgement.comparisons import totals
from kvarter.judgement.figures import Figure, FiguresByGroup, change, change_span, is_met
from kvarter.policy.model import AREAS
from methods.copenhagen import INDICATORS, POLICY, READINGS
from methods.spec import Example, InStatus, Method, Origin, Row


def _rounded(rows: list[Row]) -> dict[str, object]:
    [row] = rows
    low, high = Figure(row["percent"] / 100, None, None, decimals=row["decimals"]).rounded()
    return {"low": 100 * low, "high": 100 * high}


def _areas(figure: Figure) -> FiguresByGroup:
    return {AREAS: figure}


def _change_of_rounded(rows: list[Row]) -> dict[str, object]:
    """The relative change of two percentages, and all that their rounding leaves of it."""
    then, now = (
        _areas(Figure(row["percent"] / 100, None, None, decimals=row["decimals"])) for row in rows
    )
    reading = READINGS["rate"]
    found = change_span(
        reading, then, now, {AREAS: then[AREAS].rounded()}, {AREAS: now[AREAS].rounded()}
    )
    assert found
    return {"change": change(reading, then, now), "low": found[0], "high": found[1]}


def _tipping_point(rows: list[Row]) -> dict[str, object]:
    """For each reading in `rows`: the number of further cases of now that turns it."""
    found = {}
    for row in rows:
        reading = READINGS[row["reading"]]
        then, now = (
            _areas(Figure(row[year] / row[f"of {year}"], row[year], row[f"of {year}"]))
            for year in ("2016", "2023")
        )
        moved = change(reading, then, now)
        assert moved is not None
        of = "eviction-notices-per-dwelling" if reading.id == "rate" else "minors-in-hearings"
        case = Assessment(reading, INDICATORS[of], then, now, is_met(reading, moved), 0.95)
        found[reading.id] = unlocated(case)["tipping_point"]
    return dict(found)


def _reconciled(rows: list[Row]) -> dict[str, object]:
    """Counts of notices in the city, against what the policy file declares of the same year."""
    counted = pl.DataFrame(
        [(row["year"], float(row["counted"])) for row in rows],
        schema=["period", "numerator"],
        orient="row",
    ).with_columns(
        indicator=pl.lit("eviction-notices-per-dwelling"),
        group=pl.lit("city"),
        value=pl.lit(0.002),
        denominator=pl.lit(320_000.0),
        unlocated=pl.lit(0),
    )
    found: dict[str, object] = {}
    for row in totals(counted, POLICY).iter_rows(named=True):
        found[f"percent {row['period']}"] = row["percent_of_total"]
        found[f"within {row['period']}"] = row["within"]
    return found


METHODS = [
    Method(
        "Rounding of published figures",
        "What can a figure be that is known only as published, and would the verdict still hold?",
        "All that rounds to it: percent -+ half of the last decimal, and never below zero. Of a "
        "change, every combination of both years: low = (now - half)/(then + half) - 1, high = "
        "(now + half)/(then - half) - 1.",
        "Moore (1966), *Interval Analysis*.",
        "The figure was rounded to the nearest, and with the decimals that are shown.",
        Figure.rounded,
        [
            Example(
                "1.4 % of the dwellings of the areas",
                [{"percent": 1.4, "decimals": 1}],
                _rounded,
                {"low": "1.35", "high": "1.45"},
                "by hand",
                Origin.PUBLISHED,
            ),
            Example(
                "42 % of the minors: fewer decimals leave more open",
                [{"percent": 42, "decimals": 0}],
                _rounded,
                {"low": "41.5", "high": "42.5"},
                "by hand",
                Origin.PUBLISHED,
            ),
            Example(
                "1.4 to 0.6 %: a fall of 25 % is met whatever was rounded",
                [{"percent": 1.4, "decimals": 1}, {"percent": 0.6, "decimals": 1}],
                _change_of_rounded,
                {"change": "-57.1", "low": "-62.1", "high": "-51.9"},
                "by hand: 0.55/1.45 and 0.65/1.35",
                Origin.PUBLISHED,
            ),
            Example(
                "The city's 0.6 to 0.2 %: it may have fallen less than the areas, or more",
                [{"percent": 0.6, "decimals": 1}, {"percent": 0.2, "decimals": 1}],
                _change_of_rounded,
                {"change": "-66.7", "low": "-76.9", "high": "-54.5"},
                "by hand: 0.15/0.65 and 0.25/0.55",
                Origin.PUBLISHED,
            ),
        ],
        [
            InStatus(
                "The share of the minors, 56 to 42 %",
                "verdicts",
                {"goal": 5, "reading": "share"},
                {"rounding": "holds", "rounded_low": "-26.5", "rounded_high": "-23.4"},
                "by hand: 41.5/56.5 and 42.5/55.5",
            ),
        ],
    ),
    Method(
        "Tipping point",
        "How many of the unlocated cases would have to lie in the areas for the verdict to turn?",
        "The smallest number of further cases of now in the group with which the reading has the "
        "other verdict, the baseline as it was located. In a share each joins the whole as well.",
        "Yan, Lee and Li (2009), *Journal of Biopharmaceutical Statistics* 19:1085 (tipping point "
        "analysis).",
        "No case of the baseline is moved; the steps of assumptions move both years.",
        unlocated,
        [
            Example(
                "Minors in preliminary hearings, down 6 % by three readings",
                [
                    {"reading": "number", "2016": 28, "of 2016": 50, "2023": 11, "of 2023": 26},
                    {"reading": "share", "2016": 28, "of 2016": 50, "2023": 11, "of 2023": 26},
                    {
                        "reading": "share-points",
                        "2016": 28,
                        "of 2016": 50,
                        "2023": 11,
                        "of 2023": 26,
                    },
                ],
                _tipping_point,
                {"number": "16", "share": "6", "share-points": "5"},
                "by hand: 27 are more than 0.94 x 28 = 26.3; 17/32 is more than 0.94 x 0.56 = "
                "0.526, and 16/31 more than 0.50, where 16/31 and 15/30 are not",
                Origin.PUBLISHED,
            ),
            Example(
                "Notices per dwelling, down 25 %: far more than all 110 without a place",
                [
                    {
                        "reading": "rate",
                        "2016": 849,
                        "of 2016": 60_665,
                        "2023": 396,
                        "of 2023": 65_972,
                    }
                ],
                _tipping_point,
                {"rate": "297"},
                "by hand: 0.75 x 849/60,665 x 65,972 = 692.5, and 396 + 297 = 693",
                Origin.EXAMPLE,
            ),
        ],
        [
            InStatus(
                "Beside the 74 that can lie in the areas",
                "verdicts",
                {"goal": 2, "reading": "rate"},
                {"unlocated": "holds", "unlocated_cases": "74", "tipping_point": "297"},
                "as above",
            ),
        ],
    ),
    Method(
        "An independent total",
        "Does a count agree with what someone else published of the same thing?",
        "counted / total x 100, which must lie between 86 and 114 unless the policy says "
        "otherwise.",
        "Gromis et al. (2022), *Proceedings of the National Academy of Sciences* 119(21), for "
        "holding counts of evictions against official ones; the bounds are those of Eviction Lab.",
        "Both count the same: households and not cases, notices and not evictions. Where they do "
        "not, the report says so.",
        totals,
        [
            Example(
                "Households counted in the example city, against the 1,109 households (2021) and "
                "1,401 cases (2022) that the Social Services Committee was told of",
                [
                    {"year": 2021, "counted": 868, "published": 1_109},
                    {"year": 2022, "counted": 780, "published": 1_401},
                ],
                _reconciled,
                {
                    "percent 2021": "78.3",
                    "within 2021": "False",
                    "percent 2022": "55.7",
                    "within 2022": "False",
                },
                "by hand: 868/1,109 and 780/1,401; minutes of 7 June 2023, item 7",
                Origin.PUBLISHED,
            ),
            Example(
                "The fewest that would agree are 86 %: 954 in 2021, so 953 do not, and 1,205 in "
                "2022",
                [{"year": 2021, "counted": 953}, {"year": 2022, "counted": 1_205}],
                _reconciled,
                {
                    "percent 2021": "85.9",
                    "within 2021": "False",
                    "percent 2022": "86.0",
                    "within 2022": "True",
                },
                "by hand: 0.86 x 1,109 = 953.7 and 0.86 x 1,401 = 1,204.9",
                Origin.PUBLISHED,
            ),
        ],
        [
            InStatus(
                "What the report of 2024 says",
                "totals",
                {"goal": 2, "period": 2021},
                {"total": "1109", "counted": "868", "percent_of_total": "78.3", "within": "False"},
                "as above",
            ),
        ],
    ),
]
